"""A run: all notebooks with one set of parameters, whole or not there at all."""

import json
import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sahel_transitions import __version__
from sahel_transitions.errors import Refusal, TableProblems
from sahel_transitions.indicators import deaths_table
from sahel_transitions.parameters import Parameters
from sahel_transitions.paths import RUNS
from sahel_transitions.runs.contract import ContractBroken, broken_promises
from sahel_transitions.runs.environment import environment
from sahel_transitions.runs.execution import Job, Outcome, execute
from sahel_transitions.runs.identity import (
    Inputs,
    changed_inputs,
    notebook_paths,
    read_inputs,
    sha256,
)
from sahel_transitions.runs.results import gather, gather_findings
from sahel_transitions.sources import named_files
from sahel_transitions.tables import Tables

MANIFEST = "manifest.json"
RESULTS = "results.json"


@dataclass(frozen=True)
class Run:
    """A complete run: its folder and manifest, and why it was made.

    `why` is *found* where it was not repeated; otherwise it is the *first* run of its folder, or
    its folder was *incomplete*, or some inputs *changed* against the nearest run that there is.
    """

    folder: Path
    manifest: dict
    why: Literal["found", "first", "incomplete", "changed"]
    changed: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return self.manifest["id"]

    def results(self) -> list[dict]:
        """The typed values, sorted by id."""
        return self._read("values")

    def findings(self) -> list[dict]:
        """What the notebooks state, sorted by id, free of language."""
        return self._read("findings")

    def _read(self, part: str) -> list[dict]:
        return json.loads((self.folder / RESULTS).read_text(encoding="utf-8"))[part]

    def records(self) -> list[dict]:
        """What each notebook recorded, in their order."""
        paths = sorted((self.folder / "records").glob("*.json"))
        return [json.loads(path.read_text(encoding="utf-8")) for path in paths]


def run(
    parameters: Parameters,
    *,
    runs: Path = RUNS,
    notebooks: list[Path] | None = None,
    workers: int = 2,
    started: Callable[[int], None] = lambda count: None,
    done: Callable[[Outcome], None] = lambda outcome: None,
) -> Run:
    """Find the run of these inputs, or make it: `run_each` for one study."""
    (made,) = run_each(
        [parameters], runs=runs, notebooks=notebooks, workers=workers, started=started, done=done
    )
    return made


def run_each(
    studies: Iterable[Parameters],
    *,
    runs: Path = RUNS,
    notebooks: list[Path] | None = None,
    workers: int = 2,
    started: Callable[[int], None] = lambda count: None,
    done: Callable[[Outcome], None] = lambda outcome: None,
) -> list[Run]:
    """Find the run of each study, or make it.

    Everything is written aside, and a run is renamed when it is complete: an interrupted call
    leaves earlier runs and those that it finished whole, no half-written one, and the next call
    makes the rest.

    Parameters
    ----------
    studies : iterable of Parameters
    runs : Path
        Where run folders lie.
    notebooks : list of Path, optional
        Absolute paths; all notebooks of a full run without it.
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
    inputs = [read_inputs(parameters, notebooks) for parameters in studies]
    found: dict[str, Run] = {}
    open_: dict[Path, _Plan] = {}
    for parameters, each in zip(studies, inputs, strict=True):
        folder = runs / each.id
        manifest = _whole(folder)
        if manifest is not None:
            found[each.id] = Run(folder, manifest, "found")
            continue
        aside = runs / f".{each.id}.{os.getpid()}"
        open_[aside] = _Plan(parameters, each, folder, aside, *_why(each, runs))
    if open_:
        faults = _make(list(open_.values()), notebooks, found, workers, started, done)
        if faults:
            raise ContractBroken("\n".join(faults))
    return [found[each.id] for each in inputs]


@dataclass(frozen=True)
class _Plan:
    """A run that is to be made: its study and inputs, where it will lie, and why it is made."""

    parameters: Parameters
    inputs: Inputs
    folder: Path
    aside: Path
    why: str
    changed: tuple[str, ...]


def _make(
    plans: list[_Plan], notebooks: list[Path], found: dict[str, Run], workers: int,
    started: Callable[[int], None], done: Callable[[Outcome], None],
) -> list[str]:  # fmt: skip
    """Execute what is planned, put runs into `found` as they become whole, and say what failed."""
    tables = Tables()
    _demand_sealed(tables)
    for plan in plans:
        _demand_months(plan.parameters, tables)
    by_folder = {plan.aside: plan for plan in plans}
    outcomes: dict[Path, list[Outcome]] = {plan.aside: [] for plan in plans}
    failures: list[str] = []

    def ended(outcome: Outcome) -> None:
        outcomes[outcome.folder].append(outcome)
        done(outcome)
        if len(outcomes[outcome.folder]) < len(notebooks):
            return
        plan = by_folder[outcome.folder]
        try:
            found[plan.inputs.id] = _finish(plan, outcomes[outcome.folder], notebooks)
        except ContractBroken as error:
            failures.append(str(error))

    try:
        for aside in by_folder:
            shutil.rmtree(aside, ignore_errors=True)
        started(len(plans) * len(notebooks))
        jobs = [
            Job(path, plan.aside, _plain(plan.parameters)) for plan in plans for path in notebooks
        ]
        execute(jobs, workers=workers, done=ended)
    finally:
        for aside in by_folder:
            shutil.rmtree(aside, ignore_errors=True)
    return failures


def _finish(plan: _Plan, outcomes: list[Outcome], notebooks: list[Path]) -> Run:
    """Hold a run against its contract, and put it in its place."""
    _demand(plan, sorted(outcomes, key=lambda outcome: outcome.notebook), notebooks)
    results = {"values": gather(plan.aside), "findings": gather_findings(plan.aside)}
    _write_json(plan.aside / RESULTS, results)
    manifest = _manifest(plan.inputs, plan.aside)
    _write_json(plan.aside / MANIFEST, manifest)
    shutil.rmtree(plan.folder, ignore_errors=True)
    plan.aside.rename(plan.folder)
    return Run(plan.folder, manifest, plan.why, plan.changed)


def _plain(parameters: Parameters) -> dict:
    plain = parameters.plain()
    if parameters.deaths_source != "ucdp":
        files = named_files(parameters.deaths_source)
        plain["deaths_source"] = ",".join(str(file.resolve()) for file in files)
    return plain


def _demand(plan: _Plan, outcomes: list[Outcome], notebooks: list[Path]) -> None:
    faults = [f"{each.notebook}: {each.failure}" for each in outcomes if each.failure]
    failed = {each.notebook for each in outcomes if each.failure}
    for path in notebooks:
        if path.stem not in failed:
            faults += broken_promises(path, plan.aside, list(plan.parameters.countries))
    if faults:
        keep = plan.folder.with_name(f"{plan.inputs.id}.failed")
        shutil.rmtree(keep, ignore_errors=True)
        plan.aside.rename(keep)
        listed = "\n  ".join(faults)
        raise ContractBroken(f"The run failed; what there is lies in {keep}.\n  {listed}")


def _whole(folder: Path) -> dict | None:
    """The manifest of a run folder whose files are all there and unchanged."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        unchanged = all(
            sha256((folder / name).read_bytes()) == digest
            for name, digest in manifest["products"].items()
        )
    except (OSError, ValueError, KeyError):
        return None
    return manifest if unchanged else None


def _demand_sealed(tables: Tables) -> None:
    """Refuse to start on tables that are broken or were edited and not accepted."""
    problems = []
    for name in tables:
        try:
            tables[name]
        except TableProblems as error:
            problems += error.problems
    if problems:
        raise TableProblems(problems)


def _demand_months(parameters: Parameters, tables: Tables) -> None:
    """Refuse a file of yearly totals: the notebooks show months."""
    if "year" in deaths_table(parameters, tables).declaration.grain:
        raise Refusal(
            f"Refused: deaths_source: {parameters.deaths_source} holds whole years, and "
            "the notebooks show months. Choose a file of events or months, or ask for the years "
            "alone: `sahel indicator civilian-deaths` with the same parameters."
        )


def _why(inputs: Inputs, runs: Path) -> tuple[str, tuple[str, ...]]:
    """Why there is no such run yet, and what differs from the nearest one that there is."""
    nearest: list[str] | None = None
    for path in runs.glob(f"[0-9a-f]*/{MANIFEST}"):
        try:
            before = json.loads(path.read_text(encoding="utf-8"))["inputs"]
            changed = changed_inputs(inputs, before)
        except (ValueError, KeyError):
            continue
        if nearest is None or len(changed) < len(nearest):
            nearest = changed
    if nearest is None:
        return "first", ()
    return ("changed", tuple(nearest)) if nearest else ("incomplete", ())


def _manifest(inputs: Inputs, folder: Path) -> dict:
    products = {
        str(path.relative_to(folder)): sha256(path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    return {
        "format": 1,
        "id": inputs.id,
        "version": __version__,
        "inputs": inputs.as_dict(),
        "environment": environment(),
        "products": products,
    }


def _write_json(path: Path, content: dict) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")
