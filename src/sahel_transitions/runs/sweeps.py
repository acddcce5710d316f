"""Sweeps: many runs of one notebook, each kept as it ends, and one table of what they recorded."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from sahel_transitions.paths import RUNS
from sahel_transitions.runs.answering import Answer, Answering
from sahel_transitions.runs.asides import aside
from sahel_transitions.runs.causes import FailedRun
from sahel_transitions.runs.demands import demand_answerable
from sahel_transitions.runs.engine import Execute
from sahel_transitions.runs.folder import MANIFEST
from sahel_transitions.runs.identity import Snapshot, digest, read_inputs, sha256
from sahel_transitions.runs.matrix import Matrix
from sahel_transitions.runs.parts import Part, Parts, Question, move_into_place, write_json

FOLDER = "sweeps"
TABLE = "results.parquet"
_TYPES = {
    "id": "VARCHAR", "value": "DOUBLE", "text": "VARCHAR", "low": "DOUBLE", "high": "DOUBLE",
    "unit": "VARCHAR", "months": "INTEGER", "definition": "VARCHAR", "source": "VARCHAR",
    "vintage": "VARCHAR", "state": "VARCHAR",
}  # fmt: skip
_COLUMN_OF = {int: "BIGINT", bool: "BOOLEAN"}


@dataclass(frozen=True)
class Sweep:
    """What a sweep gave.

    Attributes
    ----------
    folder : Path
        With `results.parquet` and `manifest.json`, if no run failed; else it does not exist.
    matrix : Matrix
    parts : tuple of Part or None
        What each run gave, in the order of the matrix; None of one that failed.
    failed : tuple of FailedRun
        Every fault of those.
    reused : int
        How many runs were there already.
    """

    folder: Path
    matrix: Matrix
    parts: tuple[Part | None, ...]
    failed: tuple[FailedRun, ...]
    reused: int


def sweep(
    matrix: Matrix,
    execute: Execute,
    *,
    runs: Path = RUNS,
    started: Callable[[int, int], None] = lambda total, open_: None,
    answered: Callable[[Answer], None] = lambda answer: None,
) -> Sweep:
    """Make the runs of a matrix that are not there yet, and their table.

    Every run is kept when it ends: an interrupted sweep goes on where it stood, and one that fails
    stops no other.

    Parameters
    ----------
    execute : callable
        Executes jobs and tells of each outcome: of `engine.prepared`, or of a cluster.
    started : callable
        Told how many runs there are, and how many of them must be executed.
    answered : callable
        Told of each run.

    Raises
    ------
    TableProblems
        If a table of the project is broken, or was edited and not accepted.
    Refusal
        If a study asks what its table of deaths cannot answer.
    """
    demand_answerable(matrix.studies)
    snapshot = Snapshot([matrix.notebook])
    questions = [
        Question(matrix.notebook, study, read_inputs(study, [matrix.notebook], snapshot))
        for study in matrix.studies
    ]
    answers: dict[str, Answer] = {}

    def take(answer: Answer) -> None:
        answers[answer.question.inputs.id] = answer
        answered(answer)

    with aside(runs) as workshop:
        answering = Answering(Parts(runs), workshop, take, explain=False)
        jobs = answering.jobs(questions)
        started(len(questions), len(jobs))
        if jobs:
            execute(jobs, answering.take)
        ordered = [answers[question.inputs.id] for question in questions]
        made = Sweep(
            runs / FOLDER / digest([question.inputs.id for question in questions])[:12],
            matrix,
            tuple(answer.part for answer in ordered),
            tuple(failed for answer in ordered for failed in _failed(answer)),
            sum(answer.reused for answer in ordered),
        )
        if not made.failed:
            _write(made, workshop / "sweep")
    return made


def sweep_results(made: Sweep) -> pd.DataFrame:
    """What the runs of a sweep recorded.

    Returns
    -------
    DataFrame
        `run` (its number in the matrix, from 1), the parameters that vary, then `id`, `value` (a
        number; missing of text), `text` (missing of numbers), `low`, `high`, `unit`, `months`,
        `definition`, `source`, `vintage`, `state`; one row a run and value.
    """
    rows = []
    for number, part in enumerate(made.parts, 1):
        if part is None:
            continue
        given = {name: _cell(part.record["parameters"][name]) for name in made.matrix.varying}
        for value in part.values():
            shown = value["value"]
            number_like = isinstance(shown, (int, float)) and not isinstance(shown, bool)
            rows.append({
                "run": number, **given, **{name: value.get(name) for name in _TYPES},
                "value": shown if number_like else None,
                "text": None if number_like or shown is None else str(shown),
            })  # fmt: skip
    return pd.DataFrame(rows, columns=["run", *made.matrix.varying, *_TYPES])


def _failed(answer: Answer) -> Iterator[FailedRun]:
    question = answer.question
    for fault in answer.faults:
        yield FailedRun(question.notebook.stem, question.parameters.plain(), fault, answer.folder)


def _cell(value: Any) -> Any:
    return ",".join(map(str, value)) if isinstance(value, (list, tuple)) else value


def _write(made: Sweep, folder: Path) -> None:
    folder.mkdir()
    _write_parquet(sweep_results(made), made, folder / TABLE)
    products = {TABLE: sha256((folder / TABLE).read_bytes())}
    parts = [part.record["parameters"] for part in made.parts]
    write_json(folder / MANIFEST, {"format": 1, "runs": parts, "products": products})
    move_into_place(folder, made.folder, whole=lambda: False)


def _write_parquet(results: pd.DataFrame, made: Sweep, path: Path) -> None:
    first = made.parts[0].record["parameters"]
    types = {name: _COLUMN_OF.get(type(first[name]), "VARCHAR") for name in made.matrix.varying}
    types = {"run": "INTEGER", **types, **_TYPES}
    columns = ", ".join(f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind in types.items())
    with duckdb.connect(config={"threads": 1}) as database:
        database.register("results", results.astype("object"))
        # Paths cannot be parameters of COPY; a quote in one is doubled.
        target = str(path).replace("'", "''")
        database.execute(
            f"COPY (SELECT {columns} FROM results ORDER BY run, id) TO '{target}' (FORMAT parquet)"
        )
