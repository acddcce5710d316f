"""A cell where its reader finds it: in the source notebook, not in the one that was executed."""

from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from sahel_transitions.runs.normal_form import INJECTED

_LONGEST = 72


@dataclass(frozen=True)
class Cell:
    """A cell of a source notebook.

    Attributes
    ----------
    id : str
    number : int or None
        Its place among all cells, counted from 1; None for the cell with the parameters of the run,
        which is in no source.
    line : str
        Its first line that is not empty.
    """

    id: str
    number: int | None = None
    line: str = ""

    def __str__(self) -> str:
        return f"cell {self.id!r}"

    def in_full(self, notebook: str) -> str:
        """With all that finds it again."""
        if self.number is None:
            return f"the parameters that the run puts into {notebook}.ipynb"
        return f"{self} of {notebook}.ipynb, the {_ordinal(self.number)} from its top: {self.line}"


def cell_at(path: Path, number: int, *, given: bool) -> Cell:
    """The cell that papermill counts as `number`, from 0.

    Parameters
    ----------
    path : Path
        The source notebook.
    given : bool
        Whether papermill put a cell with parameters in: after the cell tagged so, or at the top.
    """
    cells = nbformat.read(path, as_version=4).cells
    executed = list(enumerate(cells, 1))
    if given and not any(INJECTED in _tags(cell) for cell in cells):
        after = next((place for place, cell in executed if "parameters" in _tags(cell)), 0)
        executed.insert(after, (None, NotebookNode(id=INJECTED, source="")))
    place, cell = executed[number]
    return _of(cell, place)


def cell_with_id(path: Path, id: str) -> Cell:
    """The cell of a source notebook that has an id; one that is not in it was put in by papermill."""
    for place, cell in enumerate(nbformat.read(path, as_version=4).cells, 1):
        if cell.get("id") == id:
            return _of(cell, place)
    return Cell(id)


def _of(cell: NotebookNode, place: int | None) -> Cell:
    lines = [line for line in cell.source.splitlines() if line.strip()]
    line = lines[0] if lines else ""
    cut = line if len(line) <= _LONGEST else line[:_LONGEST] + "…"
    # Notebooks of before format 4.5 have no ids.
    return Cell(cell.get("id", f"number {place}"), place, cut)


def _tags(cell: NotebookNode) -> list[str]:
    return cell.metadata.get("tags", []) if "metadata" in cell else []


def _ordinal(number: int) -> str:
    teen = number % 100 in (11, 12, 13)
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
