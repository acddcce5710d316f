"""In which order notebooks are executed, so that no worker is left with a long one at the end."""

from collections.abc import Iterable
from pathlib import Path

import nbformat

from sahel_transitions.runs.engine.jobs import Job


def longest_first(jobs: Iterable[Job]) -> list[Job]:
    """The jobs study by study as given, so that runs become whole in turn; the longest first in each.

    How long a notebook takes is not known before it has run. What it promises to draw and to list
    and its code cells are counted instead; of equals, the one that was given first is first.
    """
    jobs = list(jobs)
    sizes = {path: _size(path) for path in {job.path for job in jobs}}
    studies = list(dict.fromkeys(job.inputs_id for job in jobs))
    places = {study: place for place, study in enumerate(studies)}
    return sorted(jobs, key=lambda job: (places[job.inputs_id], -sizes[job.path]))


def _size(path: Path) -> int:
    try:
        notebook = nbformat.read(path, as_version=4)
    except (OSError, ValueError):
        # Its execution will say what is wrong with it.
        return 0
    contract = notebook.metadata.get("sahel", {})
    promised = sum(len(contract.get(kind, [])) for kind in ("figures", "tables"))
    return promised + sum(cell.cell_type == "code" for cell in notebook.cells)
