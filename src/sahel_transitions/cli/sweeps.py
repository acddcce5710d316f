"""The command that makes many runs of a notebook."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from sahel_transitions.errors import Refusal, SahelError


def sweep_command(
    matrix: Annotated[
        Path, typer.Argument(help="File (YAML) with `notebook`, `axes` and what else is asked")
    ],
    workers: Annotated[int, typer.Option(help="Processes on this machine", min=1)] = 2,
    scheduler: Annotated[
        str | None,
        typer.Option(help="Address of a dask scheduler whose workers do it: tcp://node1:8786"),
    ] = None,
    shared: Annotated[
        bool,
        typer.Option(
            "--shared", help="The workers see the folder `runs` and put there what they make"
        ),
    ] = False,
    plain_kernel: Annotated[
        bool, typer.Option("--plain-kernel", help="Execute each in a kernel of its own: slower")
    ] = False,
) -> None:
    """Run a notebook with every combination of parameters that a file names.

    What is there already is not run again; what fails stops no other; a second call goes on.
    """
    from sahel_transitions.reports import write_sweep_page
    from sahel_transitions.runs import causes, read_matrix, sweep, told

    asked = read_matrix(matrix)
    if shared and scheduler is None:
        raise Refusal("Refused: --shared says how workers of --scheduler hand back what they make.")
    with _executor(asked, workers, scheduler, shared, plain_kernel) as execute, _showing() as shown:
        made = sweep(asked, execute, started=shown.start, answered=shown.take)
    if made.failed:
        listed = "\n  ".join(told(causes(made.failed)))
        raise SahelError(
            f"{made.parts.count(None)} of {len(made.parts)} runs failed; the others are kept, and "
            f"the same command makes what is left:\n  {listed}"
        )
    page = write_sweep_page(made)
    executed = len(made.parts) - made.reused
    print(f"{len(made.parts)} runs, {executed} of them executed now, {made.reused} reused.",
          file=sys.stderr)  # fmt: skip
    print(f"Table: {made.folder / 'results.parquet'}")
    print(f"Page: {page}")


@contextmanager
def _executor(asked, workers: int, scheduler: str | None, shared: bool, plain_kernel: bool):
    """What executes jobs: this machine, or the workers of a scheduler."""
    if scheduler is None:
        from sahel_transitions.runs.engine import prepared

        with prepared(workers=workers, plain_kernel=plain_kernel) as execute:
            yield execute
        return
    try:
        from sahel_transitions.runs.cluster import Cluster
    except ModuleNotFoundError as error:
        raise Refusal(
            f"Refused: --scheduler needs the package `{error.name}`: install this one with its "
            "extra `cluster`."
        ) from None
    with Cluster(scheduler, asked.notebook, shared) as cluster:
        yield cluster.execute


class _Progress:
    """A bar of runs, with how many were reused and how many failed."""

    def __init__(self, bar, task):
        self._update = partial(bar.update, task)
        self._reused = self._failed = 0

    def start(self, total: int, open_: int) -> None:
        self._update(total=total)

    def take(self, answer) -> None:
        self._reused += answer.reused
        self._failed += bool(answer.faults)
        said = f"Runs: {self._reused} reused, {self._failed} failed"
        self._update(advance=1, description=said)


@contextmanager
def _showing() -> Iterator[_Progress]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
               TimeRemainingColumn())  # fmt: skip
    with Progress(*columns, console=Console(stderr=True)) as bar:
        yield _Progress(bar, bar.add_task("Runs", total=None))


def add_to(app: typer.Typer) -> None:
    """Make this a command of `sahel`."""
    app.command("sweep")(sweep_command)
