"""Making runs: all notebooks with one set of parameters, whole or not there at all."""

import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sahel_transitions.parameters import Parameters
from sahel_transitions.paths import RUNS
from sahel_transitions.runs.answering import Answer, Answering
from sahel_transitions.runs.asides import aside
from sahel_transitions.runs.assembling import complete
from sahel_transitions.runs.causes import ContractBroken, FailedRun
from sahel_transitions.runs.demands import demand_answerable
from sahel_transitions.runs.engine import Execute, Failure, Outcome, prepared
from sahel_transitions.runs.finding import found
from sahel_transitions.runs.folder import Run, Used, whole, why_made
from sahel_transitions.runs.identity import Inputs, Snapshot, notebook_paths, read_inputs
from sahel_transitions.runs.parts import Parts, Question, move_into_place


def run(
    parameters: Parameters,
    *,
    runs: Path = RUNS,
    notebooks: list[Path] | None = None,
    workers: int = 2,
    plain_kernel: bool = False,
    started: Callable[[int], None] = lambda count: None,
    done: Callable[[Outcome], None] = lambda outcome: None,
) -> Run:
    """Find the run of these inputs, or make it: `run_each` for one study."""
    (made,) = run_each(
        [parameters], runs=runs, notebooks=notebooks, workers=workers, plain_kernel=plain_kernel,
        started=started, done=done,
    )  # fmt: skip
    return made


def run_each(
    studies: Iterable[Parameters],
    *,
    runs: Path = RUNS,
    notebooks: list[Path] | None = None,
    workers: int = 2,
    plain_kernel: bool = False,
    started: Callable[[int], None] = lambda count: None,
    done: Callable[[Outcome], None] = lambda outcome: None,
) -> list[Run]:
    """Find the run of each study, or make it, executing only what no kept part answers.

    Everything is written aside, and what is complete is renamed: an interrupted or killed call
    leaves earlier runs whole, no half-written one, and what each notebook gave that was done; the
    next call makes the rest.

    Parameters
    ----------
    studies : iterable of Parameters
    runs : Path
        Where run folders lie.
    notebooks : list of Path, optional
        Absolute paths; all notebooks of a full run without it.
    plain_kernel : bool
        Execute in plain kernels, where forks from a warm process would do.
    started, done : callable
        Told of the number of notebooks once some must be executed, and of each outcome.

    Returns
    -------
    list of Run
        In the order of the studies; those with the same inputs are the same run.

    Raises
    ------
    TableProblems
        If a table of the project is broken, or was edited and not accepted.
    Refusal
        If the file of `deaths_source` has years alone, which the notebooks cannot do with.
    ContractBroken
        If a notebook failed or did not give what it promises, once all others are done; the folder
        `<id>.failed` keeps what there is.
    """
    notebooks, studies = notebook_paths() if notebooks is None else notebooks, list(studies)
    snapshot = Snapshot(notebooks)
    inputs = [read_inputs(parameters, notebooks, snapshot) for parameters in studies]
    made: dict[str, Run] = {}
    plans: dict[str, _Plan] = {}
    for parameters, each in zip(studies, inputs, strict=True):
        there = found(each, notebooks, runs)
        if there is None:
            plans[each.id] = _Plan(parameters, each, runs / each.id, *why_made(each, runs))
        else:
            made[each.id] = there
    if plans:
        with prepared(workers=workers, plain_kernel=plain_kernel) as execute:
            demand_answerable(plan.parameters for plan in plans.values())
            with aside(runs) as workshop:
                maker = _Maker(runs, notebooks, list(plans.values()), workshop)
                made |= maker.make(execute, started, done)
        if maker.faults:
            raise ContractBroken(maker.faults)
    return [made[each.id] for each in inputs]


@dataclass(frozen=True)
class _Plan:
    """A run that is to be made: its study and inputs, where it will lie, and why it is made."""

    parameters: Parameters
    inputs: Inputs
    folder: Path
    why: str
    changed: tuple[str, ...]


class _Maker:
    """Makes planned runs of the same notebooks: assembles each when all its parts are there."""

    def __init__(self, runs: Path, notebooks: list[Path], plans: list[_Plan], workshop: Path):
        self._notebooks, self._workshop = notebooks, workshop
        self._answering = Answering(Parts(runs), workshop, self._collect)
        self._answers: dict[str, dict[Path, Answer]] = {plan.inputs.id: {} for plan in plans}
        self._plans = {plan.inputs.id: plan for plan in plans}
        self._made: dict[str, Run] = {}
        self.faults: list[FailedRun] = []

    def make(
        self, execute: Execute,
        started: Callable[[int], None], done: Callable[[Outcome], None],
    ) -> dict[str, Run]:  # fmt: skip
        """The runs that became whole, by id; what failed is in `faults`."""

        def ended(outcome: Outcome) -> None:
            self._answering.take(outcome)
            done(outcome)

        jobs = self._answering.jobs(
            Question(path, plan.parameters, plan.inputs)
            for plan in self._plans.values()
            for path in self._notebooks
        )
        if jobs:
            started(len(jobs))
            execute(jobs, ended)
        return self._made

    def _collect(self, answer: Answer) -> None:
        plan = self._plans[answer.question.inputs.id]
        answers = self._answers[plan.inputs.id]
        answers[answer.question.notebook] = answer
        if len(answers) == len(self._notebooks):
            try:
                self._made[plan.inputs.id] = self._assemble(plan, answers)
            except ContractBroken as error:
                self.faults.extend(error.failed)

    def _assemble(self, plan: _Plan, answers: dict[Path, Answer]) -> Run:
        """Put a run together, and in its place."""
        made = self._workshop / plan.inputs.id
        faults = [(path.stem, fault) for path in self._notebooks for fault in answers[path].faults]
        try:
            made.mkdir()
            for answer in answers.values():
                _put_into(made, answer)
            if not faults:
                manifest = complete(made, plan.inputs)
                move_into_place(made, plan.folder, whole=lambda: whole(plan.folder) is not None)
        except ValueError as error:
            faults = [("the records", Failure(str(error), kind="unlike"))]
        except OSError as error:
            # A full disk has stopped the notebooks already, which is told.
            if not faults:
                faults.append(("the run", Failure.of_disk(error)))
        if faults:
            raise _given_up(plan, made, faults)
        used = tuple(
            Used(path.stem, answers[path].reused, answers[path].changed) for path in self._notebooks
        )
        return Run(plan.folder, manifest, plan.why, plan.changed, used)


def _put_into(made: Path, answer: Answer) -> None:
    """What a notebook gave, or what there is of it if it failed."""
    if answer.part:
        answer.part.put_into(made)
    else:
        # Moved, not copied: the disk may be full.
        for path in sorted(answer.folder.rglob("*")):
            if path.is_file():
                target = made / path.relative_to(answer.folder)
                target.parent.mkdir(parents=True, exist_ok=True)
                path.rename(target)


def _given_up(plan: _Plan, made: Path, faults: list[tuple[str, Failure]]) -> ContractBroken:
    """Keep what there is of a run under another name, and say what is wrong with it."""
    keep = plan.folder.with_name(f"{plan.inputs.id}.failed")
    shutil.rmtree(keep, ignore_errors=True)
    with suppress(OSError):
        made.rename(keep)
    plain = plan.parameters.plain()
    return ContractBroken(FailedRun(name, plain, fault, keep) for name, fault in faults)
