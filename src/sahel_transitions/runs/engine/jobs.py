"""A job: one notebook with its parameters, executed by papermill, and how it ended.

papermill reports success after `sys.exit(0)` in a cell and marks every cell completed after a
killed kernel, so what it says is not believed: a notebook is done only if every code cell has been
executed and the run contract holds.
"""

import json
import logging
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import nbformat
import papermill
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

from sahel_transitions.language import Language, words
from sahel_transitions.paths import RUN_FOLDER
from sahel_transitions.runs.engine.cells import Cell, cell_at
from sahel_transitions.runs.normal_form import normal_form

# A notebook draws into its own output, whatever backend the caller's session has. One thread for
# linear algebra: notebooks share the cores, results do not depend on their number, and a process
# that is to be forked has no other thread.
SETTING = {
    "MPLBACKEND": "agg",
    "PYTHONHASHSEED": "0",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}


@dataclass(frozen=True)
class Job:
    """One notebook to execute into `folder/notebooks`, with its parameters.

    `path` is absolute, since no process changes its directory; `folder` is also where the notebook
    puts what it records. `cell_seconds` bounds each cell. `inputs_id` names the inputs, for those
    who execute it elsewhere.
    """

    path: Path
    folder: Path
    parameters: dict
    cell_seconds: float = 900
    inputs_id: str | None = None

    @classmethod
    def from_line(cls, line: str) -> "Job":
        """What `as_line` wrote."""
        plain = json.loads(line)
        return cls(**{**plain, "path": Path(plain["path"]), "folder": Path(plain["folder"])})

    def as_line(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self), default=str)


@dataclass(frozen=True)
class Failure:
    """Why a notebook is not as it should be.

    Attributes
    ----------
    cause : str
        A sentence that is the same wherever the same went wrong.
    cell : Cell or None
        Where, if that is known.
    kind : str
        What sort of cause it is: the name of the exception or signal, or a word of ours.
    example : str
        What is so in this notebook alone.
    """

    cause: str
    cell: Cell | None = None
    kind: str = ""
    example: str = ""

    @classmethod
    def of_disk(cls, error: OSError) -> "Failure":
        """Of a file that could not be written: without its name, by which no cause is known again."""
        return cls(f"OSError: [Errno {error.errno}] {error.strerror}", kind="OSError")

    def __str__(self) -> str:
        said = f"{self.cause}: {self.example}" if self.example else self.cause
        return said if self.cell is None else f"{self.cell}: {said}"


@dataclass(frozen=True)
class Outcome:
    """How the execution of one notebook ended.

    Attributes
    ----------
    notebook : str
    folder : Path
    failure : Failure or None
    opened : tuple of str or None
        Files that were opened, where that was watched.
    peak_mb : float or None
        Largest resident memory of its process in MB, where it had one of its own.
    """

    notebook: str
    folder: Path
    failure: Failure | None = None
    opened: tuple[str, ...] | None = None
    peak_mb: float | None = None

    @classmethod
    def of(
        cls, job: Job, cause: str | None = None, cell: int | None = None, kind: str = ""
    ) -> "Outcome":
        """Of a job that ended, for a cause or well; `cell` as papermill counts them."""
        if cause is None:
            return cls(job.path.stem, job.folder)
        place = None if cell is None else cell_at(job.path, cell, given=bool(job.parameters))
        return cls(job.path.stem, job.folder, Failure(cause, place, kind))

    @classmethod
    def from_line(cls, line: str) -> "Outcome":
        """What `as_line` wrote."""
        plain = json.loads(line)
        failure = plain["failure"]
        if failure:
            cell = failure["cell"] and Cell(**failure["cell"])
            failure = Failure(**{**failure, "cell": cell})
        opened = None if plain["opened"] is None else tuple(plain["opened"])
        return cls(**{**plain, "folder": Path(plain["folder"]), "failure": failure,
                      "opened": opened})  # fmt: skip

    def as_line(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self), default=str)

    def with_peak(self, megabytes: float) -> "Outcome":
        """The same with the memory that its process took."""
        return replace(self, peak_mb=round(megabytes, 1))


def in_language(notebook: NotebookNode, name: str, language: Language) -> NotebookNode:
    """The notebook with its narrative in the language: `narrative.<notebook>.<cell id>`.

    A notebook of which the catalogue knows nothing keeps its words.
    """
    say = words(language)
    for cell in notebook.cells:
        key = f"narrative.{name}.{cell.id}"
        if cell.cell_type == "markdown" and key in say:
            cell.source = say(key)
    return notebook


def execute_with(job: Job, **options) -> Outcome:
    """Execute one notebook in this process's charge; `options` choose and set papermill's engine.

    The output notebook is written in its normal form, and only if every code cell was executed.
    """
    name = job.path.stem
    os.environ[RUN_FOLDER] = str(job.folder)
    logging.getLogger("papermill").setLevel(logging.CRITICAL)
    target = job.folder / "notebooks" / job.path.name
    target.parent.mkdir(parents=True, exist_ok=True)
    source = nbformat.read(job.path, as_version=4)
    source = in_language(source, name, job.parameters.get("language", "en"))
    try:
        notebook = papermill.execute_notebook(
            source, target, parameters=job.parameters, progress_bar=False, log_output=False,
            request_save_on_cell_execute=False, **options,
        )  # fmt: skip
    except PapermillExecutionError as error:
        notebook = nbformat.read(target, as_version=4)
        if _allowed(notebook):
            notebook.cells = [cell for cell in notebook.cells if not _is_marker(cell)]
        else:
            said = f"{error.ename}: {error.evalue}"
            return Outcome.of(job, said, error.cell_index, error.ename)
    except Exception as error:  # dead kernels, time-outs and full disks have no class in common
        kind = type(error).__name__
        return Outcome.of(job, f"{kind}: {error}", kind=kind)
    skipped = [
        number
        for number, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and cell.source.strip() and not cell.execution_count
    ]
    if skipped:
        return Outcome.of(
            job,
            "it was never executed: the kernel ended before it, by exit or a signal",
            skipped[0],
            "ended",
        )
    nbformat.write(normal_form(notebook), target)
    return Outcome.of(job)


def _allowed(notebook: NotebookNode) -> bool:
    """Whether every error is one that its cell may raise, which papermill does not ask."""
    raised = [
        cell
        for cell in notebook.cells
        if any(output.output_type == "error" for output in cell.get("outputs", []))
    ]
    return bool(raised) and all(
        "raises-exception" in cell.metadata.get("tags", []) for cell in raised
    )


def _is_marker(cell: NotebookNode) -> bool:
    """A cell that papermill put beside one that raised."""
    return "papermill-error-cell-tag" in cell.metadata.get("tags", [])
