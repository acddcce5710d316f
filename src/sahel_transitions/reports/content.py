"""What a report holds, whatever it is written as: chapters of text, findings, tables and figures.

Read from a run folder, so that the page, the PDF and the check of a report say the same.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import nbformat

from sahel_transitions.figures import ShownTable
from sahel_transitions.reports.notes import Notes
from sahel_transitions.runs.folder import Run

# Cells that serve the run: the report has its own list of parameters.
_UNSHOWN = {"parameters", "injected-parameters", "bookkeeping"}


@dataclass(frozen=True)
class Text:
    """Markdown of the narrative."""

    kind: ClassVar[str] = "text"
    markdown: str


@dataclass(frozen=True)
class Basis:
    """What a chapter rests on: markdown, and how many caveats it lists."""

    kind: ClassVar[str] = "basis"
    markdown: str
    caveats: int


@dataclass(frozen=True)
class Findings:
    """Sentences that state results, each with the number of its note, or None of a caveat."""

    kind: ClassVar[str] = "findings"
    sentences: tuple[tuple[str, int | None], ...]


@dataclass(frozen=True)
class Code:
    """The source of a cell, and its id in the notebook."""

    kind: ClassVar[str] = "code"
    cell: str
    source: str


@dataclass(frozen=True)
class Table:
    """A table as it is shown, and its tidy rows as CSV."""

    kind: ClassVar[str] = "table"
    id: str
    shown: ShownTable
    csv: bytes


@dataclass(frozen=True)
class Picture:
    """A figure: the drawing, its words, its data as shown and as CSV, and the number of its note.

    `rows` counts all rows of the data, of which `shown` may hold the first only.
    """

    kind: ClassVar[str] = "figure"
    id: str
    cell: str
    title: str
    note: str
    alt: str
    footnote: int | None
    svg: bytes
    shown: ShownTable
    rows: int
    csv: bytes


@dataclass(frozen=True)
class Plain:
    """Text that a cell wrote as it stands."""

    kind: ClassVar[str] = "plain"
    text: str


Part = Text | Basis | Findings | Code | Table | Picture | Plain


@dataclass(frozen=True)
class Chapter:
    """What one notebook shows: its title, parts, and notes in the order of their numbers."""

    id: str
    title: str
    parts: tuple[Part, ...]
    notes: tuple[str, ...]


def read_chapters(run: Run, notes_of) -> tuple[Chapter, ...]:
    """The chapters of a run, one a notebook, in their order.

    Parameters
    ----------
    run : Run
    notes_of : callable
        Gives the `Notes` of a record, which say what findings rest on.
    """
    return tuple(
        _chapter(run.folder, record["notebook"], notes_of(record)) for record in run.records()
    )


def title_of(markdown: str) -> str | None:
    """The heading of the first level that a text opens with."""
    first = markdown.split("\n", 1)[0]
    return first.removeprefix("# ").strip() if first.startswith("# ") else None


def _chapter(folder: Path, name: str, notes: Notes) -> Chapter:
    notebook = nbformat.read(folder / "notebooks" / f"{name}.ipynb", as_version=4)
    parts: list[Part] = []
    title = name
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            title = title_of(cell.source) or title
            parts.append(Text(cell.source))
        elif cell.cell_type == "code" and not _UNSHOWN & set(cell.metadata.get("tags", [])):
            parts.append(Code(cell.id, cell.source))
            parts += [_output(cell.id, output, folder, notes) for output in cell.outputs]
    return Chapter(name, title, tuple(parts), notes.numbered())


def _output(cell: str, output, folder: Path, notes: Notes) -> Part:
    means = output.get("metadata", {}).get("sahel", {})
    data = output.get("data", {})
    if "figure" in means:
        return _picture(cell, means["figure"], folder, notes)
    if "table" in means:
        base = folder / "tables" / means["table"]
        shown = ShownTable.read(_json(base.with_suffix(".json")))
        return Table(means["table"], shown, base.with_suffix(".csv").read_bytes())
    if "said" in means:
        return Findings(
            tuple((each["text"], notes.number(each["finding"])) for each in means["said"])
        )
    if "basis" in means:
        return Basis(data["text/markdown"], means["basis"])
    if "text/markdown" in data:
        return Text(data["text/markdown"])
    return Plain(output.text if output.output_type == "stream" else data.get("text/plain", ""))


def _picture(cell: str, name: str, folder: Path, notes: Notes) -> Picture:
    base = folder / "figures" / name
    kept = _json(base.with_suffix(".json"))
    return Picture(
        id=name,
        cell=cell,
        title=kept["title"],
        note=kept["note"],
        alt=kept["alt"],
        footnote=notes.number(kept["finding"]),
        svg=base.with_suffix(".svg").read_bytes(),
        shown=ShownTable.read(kept["shown"]),
        rows=kept["rows"],
        csv=base.with_suffix(".csv").read_bytes(),
    )


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
