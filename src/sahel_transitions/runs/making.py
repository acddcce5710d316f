"""A run: all notebooks with one set of parameters, whole or not there at all."""

import json
import os
import shutil
from collections.abc import Callable
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
from sahel_transitions.runs.execution import Outcome, execute
from sahel_transitions.runs.identity import (
    Inputs,
    changed_inputs,
    notebook_paths,
    read_inputs,
    sha256,
)
from sahel_transitions.runs.results import gather
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
        return json.loads((self.folder / RESULTS).read_text(encoding="utf-8"))["values"]

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
    """Find the run of these inputs, or make it.

    Everything is written aside and renamed when complete: an interrupted run leaves earlier ones
    whole and no half-written one.

    Parameters
    ----------
    runs : Path
        Where run folders lie.
    notebooks : list of Path, optional
        Absolute paths; all notebooks of the project without it.
    started, done : callable
        Told of the number of notebooks once some must be executed, and of each outcome.

    Raises
    ------
    TableProblems
        If a table of the project is broken, or was edited and not accepted.
    Refusal
        If the file of `deaths_source` has years alone, which the notebooks cannot do with.
    ContractBroken
        If a notebook failed or did not give what it promises; the folder `<id>.failed` keeps what
        there is.
    """
    notebooks = notebook_paths() if notebooks is None else notebooks
    inputs = read_inputs(parameters, notebooks)
    folder = runs / inputs.id
    found = _whole(folder)
    if found is not None:
        return Run(folder, found, "found")
    tables = Tables()
    _demand_sealed(tables)
    _demand_months(parameters, tables)
    why, changed = _why(inputs, runs)
    aside = runs / f".{inputs.id}.{os.getpid()}"
    shutil.rmtree(aside, ignore_errors=True)
    try:
        started(len(notebooks))
        outcomes = execute(notebooks, aside, _plain(parameters), workers=workers, done=done)
        _demand(outcomes, notebooks, aside, parameters, runs / f"{inputs.id}.failed")
        _write_json(aside / RESULTS, {"values": gather(aside)})
        manifest = _manifest(inputs, aside)
        _write_json(aside / MANIFEST, manifest)
        shutil.rmtree(folder, ignore_errors=True)
        aside.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return Run(folder, manifest, why, changed)


def _plain(parameters: Parameters) -> dict:
    plain = parameters.plain()
    if parameters.deaths_source != "ucdp":
        files = named_files(parameters.deaths_source)
        plain["deaths_source"] = ",".join(str(file.resolve()) for file in files)
    return plain


def _demand(
    outcomes: list[Outcome], notebooks: list[Path], aside: Path, parameters: Parameters, keep: Path
) -> None:
    faults = [f"{each.notebook}: {each.failure}" for each in outcomes if each.failure]
    failed = {each.notebook for each in outcomes if each.failure}
    for path in notebooks:
        if path.stem not in failed:
            faults += broken_promises(path, aside, list(parameters.countries))
    if faults:
        shutil.rmtree(keep, ignore_errors=True)
        aside.rename(keep)
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
