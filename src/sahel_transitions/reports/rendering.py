"""The templates of pages, which escape every value, and the one script that they may run."""

import base64
import hashlib
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template


def template(name: str) -> Template:
    """A template by its file name."""
    return _environment().get_template(name)


def hashed_script() -> tuple[str, str]:
    """The script that searches tables, and its hash for the content security policy."""
    script = template("page.js").render()
    return script, base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def shown(value: Any) -> str:
    """A parameter as the command line takes it."""
    if isinstance(value, (list, tuple)):
        return ",".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("sahel_transitions.reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
