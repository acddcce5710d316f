"""Executing notebooks with papermill, each in a kernel of its own.

papermill reports success after `sys.exit(0)` in a cell and marks every cell completed after a
killed kernel, so what it says is not believed: a notebook is done only if every code cell has been
executed and the run contract holds.
"""

import logging
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import active_children, get_context
from pathlib import Path

import nbformat
import papermill
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

from sahel_transitions.language import Language, words
from sahel_transitions.notebook import RUN_FOLDER
from sahel_transitions.runs.normal_form import normal_form

_START_SECONDS = 120
_CELL_SECONDS = 900


@dataclass(frozen=True)
class Job:
    """One notebook to execute into `folder/notebooks`, with its parameters.

    `path` is absolute, since no process changes its directory; `folder` is also where the notebook
    puts what it records.
    """

    path: Path
    folder: Path
    parameters: dict


@dataclass(frozen=True)
class Outcome:
    """How the execution of one notebook ended; `failure` is None or a sentence."""

    notebook: str
    folder: Path
    failure: str | None = None


def execute(
    jobs: Iterable[Job],
    *,
    workers: int = 2,
    done: Callable[[Outcome], None] = lambda outcome: None,
) -> None:
    """Execute notebooks; one that fails never stops the others.

    Parameters
    ----------
    jobs : iterable of Job
    done : callable
        Told of each outcome as it comes.
    """
    # Spawned, not forked: kernels are started from here, and threads may be running.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        futures = {pool.submit(execute_one, job): job for job in jobs}
        try:
            for future in as_completed(futures):
                try:
                    outcome = future.result()
                except Exception as error:  # a worker that died takes its future with it
                    job = futures[future]
                    outcome = Outcome(job.path.stem, job.folder, f"the worker died: {error!r}")
                done(outcome)
        except BaseException:
            # An interrupted run does not wait for notebooks that nobody will see.
            pool.shutdown(wait=False, cancel_futures=True)
            for worker in active_children():
                worker.terminate()
            raise


def in_language(notebook: NotebookNode, name: str, language: Language) -> NotebookNode:
    """The notebook with its narrative in the language: `narrative.<notebook>.<cell id>`."""
    say = words(language)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = say(f"narrative.{name}.{cell.id}")
    return notebook


def execute_one(job: Job) -> Outcome:
    """Execute one notebook in this process's charge."""
    name, folder = job.path.stem, job.folder
    os.environ[RUN_FOLDER] = str(folder)
    # A notebook draws into its own output, whatever backend the caller's session has.
    os.environ["MPLBACKEND"] = "agg"
    os.environ["PYTHONHASHSEED"] = "0"
    logging.getLogger("papermill").setLevel(logging.CRITICAL)
    target = folder / "notebooks" / job.path.name
    target.parent.mkdir(parents=True, exist_ok=True)
    source = in_language(nbformat.read(job.path, as_version=4), name, job.parameters["language"])
    try:
        papermill.execute_notebook(
            source, target, parameters=job.parameters, progress_bar=False, log_output=False,
            start_timeout=_START_SECONDS, execution_timeout=_CELL_SECONDS,
            extra_arguments=["--log-level=CRITICAL"],
        )  # fmt: skip
    except PapermillExecutionError as error:
        return Outcome(name, folder, f"cell {error.cell_index}: {error.ename}: {error.evalue}")
    except Exception as error:  # dead kernels, time-outs and full disks have no class in common
        return Outcome(name, folder, f"{type(error).__name__}: {error}")
    notebook = nbformat.read(target, as_version=4)
    skipped = [
        number
        for number, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and cell.source.strip() and not cell.execution_count
    ]
    if skipped:
        return Outcome(
            name,
            folder,
            f"cell {skipped[0]} was never executed: the kernel ended before it, "
            "by sys.exit or a signal",
        )
    nbformat.write(normal_form(notebook), target)
    return Outcome(name, folder)
