"""The site of a report: an overview, a page a notebook, the annex on data and methods.

The same parts as on the one page, with drawings and rows as files beside it: for a web server, or
for reading one chapter on a telephone.
"""

from dataclasses import dataclass
from pathlib import Path

from sahel_transitions.reports.content import Picture, Table
from sahel_transitions.reports.document import Document, opening
from sahel_transitions.reports.page import LONG, MANY, chapter_headings
from sahel_transitions.reports.rendering import hashed_script, template

# Drawings lie beside the pages: on a server under the same host, else as files.
_IMAGES = "'self' file:"


@dataclass(frozen=True)
class Beside:
    """Where a page of the site has the drawings and rows of its parts."""

    long: int = LONG
    many: int = MANY
    # The title of a chapter is the title of its page.
    lower: int = 0

    def drawing(self, figure: Picture) -> str:
        return f"figures/{figure.id}.svg"

    def csv(self, folder: str, part: Table | Picture) -> str:
        return f"{folder}/{part.id}.csv"


def write_site(document: Document, documents: list[Document], folder: Path) -> None:
    """Write the pages of one language into its folder, each with a way to the other languages."""
    pages = _pages(document)
    for place, (name, title, kind, own) in enumerate(pages):
        text = _render(
            f"site_{kind}.html.j2", document,
            title=title, here=name, pages=[(each, text) for each, text, *_ in pages],
            before=pages[place - 1] if place else None,
            after=pages[place + 1] if place + 1 < len(pages) else None,
            others=[each for each in documents if each is not document], **own,
        )  # fmt: skip
        (folder / name).write_text(text, encoding="utf-8")


def front_page(documents: list[Document]) -> str:
    """The page that leads to every form and language of a report, in all of them."""
    return _render("front.html.j2", documents[0], title=documents[0].title, documents=documents)


def _pages(document: Document) -> list[tuple[str, str, str, dict]]:
    """File, title, template and own values of each page, in reading order."""
    say = document.words
    chapters = [
        (f"{chapter.id}.html", chapter.title, "chapter", {"chapter": chapter})
        for chapter in document.chapters
    ]
    return [
        ("index.html", document.title, "overview", {"opening": opening}),
        *chapters,
        ("data.html", say("report.annex"), "data", {}),
    ]


def _render(name: str, document: Document, **values) -> str:
    script, script_hash = hashed_script()
    return template(name).render(
        t=document.words, document=document, links=Beside(), images=_IMAGES,
        chapter_headings=chapter_headings, script=script, script_hash=script_hash, **values,
    )  # fmt: skip
