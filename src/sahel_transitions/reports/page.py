"""One self-contained HTML page of a document.

Everything a reader sees is in the file: pictures, data, styles. No address that a browser would
fetch, one script, which searches long tables, and a content security policy that allows nothing
else. Markdown is rendered with HTML switched off, and the template escapes every value. The
manifest of the run stands in the page as data, so that a stranger can check it.
"""

import json
from dataclasses import dataclass

from markupsafe import Markup

from sahel_transitions.reports.content import Chapter, Picture, Table, Text
from sahel_transitions.reports.document import Document
from sahel_transitions.reports.rendering import data_uri, hashed_script, headings, template

LONG = 60
"""A table of more rows can be searched."""
MANY = 12
"""With more caveats than this they are folded."""


@dataclass(frozen=True)
class Embedded:
    """Where a page that is one file has the drawings and rows of its parts: in itself."""

    long: int = LONG
    many: int = MANY
    # Headings of chapters stand one level below the title of the report.
    lower: int = 1

    def drawing(self, figure: Picture) -> Markup:
        return data_uri("image/svg+xml", figure.svg)

    def csv(self, folder: str, part: Table | Picture) -> Markup:
        return data_uri("text/csv", part.csv)


def render_page(document: Document) -> str:
    """The page as text; the same run gives the same."""
    script, script_hash = hashed_script()
    return template("page.html.j2").render(
        t=document.words,
        title=document.title,
        document=document,
        links=Embedded(),
        chapter_headings=chapter_headings,
        manifest=embedded_json(document.run.manifest),
        script=script,
        script_hash=script_hash,
    )


def chapter_headings(chapter: Chapter) -> list[dict]:
    """The headings within a chapter, with their anchors."""
    return [
        heading
        for part in chapter.parts
        if isinstance(part, Text)
        for heading in headings(part.markdown, chapter.id)
    ]


def embedded_json(content) -> Markup:
    """JSON within a page: no sign in it can end the element that holds it."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)
