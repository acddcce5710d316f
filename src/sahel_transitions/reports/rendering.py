"""What pages are made with: templates that escape every value, markdown, and the one script."""

import base64
import hashlib
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markdown_it import MarkdownIt
from markupsafe import Markup

from sahel_transitions.language import Words


def template(name: str) -> Template:
    """A template by its file name."""
    return _environment().get_template(name)


def hashed_script() -> tuple[Markup, str]:
    """The script that searches tables, and its hash for the content security policy."""
    script = template("page.js").render()
    return Markup(script), base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def shown(value: Any) -> str:
    """A parameter as the command line takes it."""
    if isinstance(value, (list, tuple)):
        return ",".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def state_in_words(state: str, words: Words) -> str:
    """Why there is no value: one of the states of absence, or why nothing was computed."""
    keys = (f"state.{state}", f"why_not.{state}")
    return next((words(key) for key in keys if key in words), state)


def markdown_parser() -> MarkdownIt:
    """Markdown as the notebooks write it, with HTML switched off."""
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def markdown_html(text: str, prefix: str = "", lower: int = 1) -> Markup:
    """HTML of markdown: headings so many levels lower, with anchors that start with the prefix."""
    parser = markdown_parser()
    tokens = parser.parse(text)
    for position, token in enumerate(tokens):
        if token.type not in {"heading_open", "heading_close"}:
            continue
        if token.type == "heading_open" and prefix:
            token.attrSet("id", anchor(prefix, tokens[position + 1].content))
        token.tag = f"h{min(int(token.tag[1]) + lower, 6)}"
    return Markup(parser.renderer.render(tokens, parser.options, {}))


def inline_html(text: str) -> Markup:
    """HTML of one line of markdown, without a paragraph around it."""
    return Markup(markdown_parser().renderInline(text))


def headings(text: str, prefix: str) -> list[dict]:
    """The headings of a markdown text below its first level: `text`, and the `id` of its anchor."""
    tokens = markdown_parser().parse(text)
    return [
        {"text": tokens[position + 1].content, "id": anchor(prefix, tokens[position + 1].content)}
        for position, token in enumerate(tokens)
        if token.type == "heading_open" and token.tag != "h1"
    ]


def anchor(prefix: str, heading: str) -> str:
    """The id of a heading: letters, digits and hyphens."""
    name = f"{prefix}-{'-'.join(heading.lower().split())}"
    return "".join(sign for sign in name if sign.isalnum() or sign in "-_")


def data_uri(kind: str, content: bytes) -> Markup:
    """Content as an address that nothing is fetched for."""
    return Markup(f"data:{kind};base64,{base64.b64encode(content).decode()}")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("sahel_transitions.reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "markdown": markdown_html,
        "inline": inline_html,
        "data_uri": data_uri,
    }
    return environment
