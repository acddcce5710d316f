"""Declarations in YAML of what is asked of the tables, and the sentences on their faults."""

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

import yaml

from sahel_transitions.errors import Problem, nearest


class _Loader(yaml.CSafeLoader):
    """YAML in which `on` and `2022-03-27` are text."""

    yaml_implicit_resolvers: ClassVar[dict] = {
        letter: [
            (tag, form)
            for tag, form in resolvers
            if tag != "tag:yaml.org,2002:timestamp"
            and not (tag == "tag:yaml.org,2002:bool" and letter not in "tTfF")
        ]
        for letter, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }


def read_declared(path: Path) -> dict:
    """What a file declares, key by key; nothing where it is empty."""
    return yaml.load(path.read_text(encoding="utf-8"), _Loader) or {}


def fault_problem(name: str, key: str, fault, keys: Iterable[str]) -> Problem:
    """One fault that pydantic found, with the nearest of the `keys` that are known."""
    place = ".".join([key, *map(str, fault["loc"])])
    if fault["type"] == "extra_forbidden":
        hint = nearest(str(fault["loc"][-1]), keys)
        return Problem(name, None, place, "a known key", "an unknown one", f"Rename it: {hint}.")
    found = "nothing" if fault["type"] == "missing" else repr(fault["input"])
    return Problem(name, None, place, fault["msg"], found, "Correct the check.")
