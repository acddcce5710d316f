"""Why runs failed: one cause said once, however many notebooks and studies it concerns."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sahel_transitions.errors import SahelError
from sahel_transitions.parameters import Parameters
from sahel_transitions.runs.engine import Failure


@dataclass(frozen=True)
class FailedRun:
    """One fault of one notebook in one study.

    `parameters` are all of the study, as plain values; `folder` holds what there is of the run.
    """

    notebook: str
    parameters: dict[str, Any]
    failure: Failure
    folder: Path


@dataclass(frozen=True)
class Cause:
    """One cause, and all that failed for it.

    Attributes
    ----------
    first : FailedRun
        The first that failed for it.
    notebooks : tuple of str
        All of them, in the order in which they failed.
    runs : int
        How many studies are concerned.
    given : dict
        The parameters of the first that differ from the defaults.
    shared : tuple of str
        Those of them that all these studies have alike.
    remedy : str
        What to try.
    """

    first: FailedRun
    notebooks: tuple[str, ...]
    runs: int
    given: dict[str, Any]
    shared: tuple[str, ...]
    remedy: str

    def __str__(self) -> str:
        failure, notebook = self.first.failure, self.first.notebook
        said = f"{failure.cause}: {failure.example}" if failure.example else failure.cause
        place = f"; first in {failure.cell.in_full(notebook)}" if failure.cell else ""
        return f"{', '.join(self.notebooks)}: {said}{place}"

    @property
    def studies(self) -> str:
        """How many studies are concerned, and by which parameters the first is had again."""
        if self.runs == 1:
            return f"with {_assigned(self.given)}"
        return f"in {self.runs:,} runs, with {_assigned(self.given, self.shared)}"


class ContractBroken(SahelError):
    """Runs that did not give what their notebooks promise: each cause once.

    `failed` holds every fault, so that errors of several runs can be told as one.
    """

    def __init__(self, failed: Iterable[FailedRun]):
        self.failed = tuple(failed)
        folders = list(dict.fromkeys(each.folder for each in self.failed))
        heading = f"The run failed; what there is lies in {folders[0]}."
        if len(folders) > 1:
            heading = (
                f"{len(folders):,} runs failed; what there is of the first lies in {folders[0]}, "
                "of the others beside it."
            )
        super().__init__("\n  ".join([heading, *told(causes(self.failed))]))


def causes(failed: Iterable[FailedRun]) -> list[Cause]:
    """What went wrong, each cause once; what concerns most runs comes first.

    Faults are of one cause if they are of one kind and their sentences differ in numbers alone.
    """
    groups: dict[tuple[str, str], list[FailedRun]] = {}
    for each in failed:
        failure = each.failure
        groups.setdefault((failure.kind, _NUMBER.sub("#", failure.cause)), []).append(each)
    found = [_cause(group) for group in groups.values()]
    return sorted(found, key=lambda cause: cause.runs, reverse=True)


def told(found: Iterable[Cause]) -> list[str]:
    """Lines about causes; what several have in common, studies and remedy, is said once for all."""
    groups: dict[tuple[str, str], list[Cause]] = {}
    for cause in found:
        groups.setdefault((cause.studies, cause.remedy), []).append(cause)
    return [
        line
        for (studies, remedy), group in groups.items()
        for line in (*map(str, group), f"  {studies}", f"  try: {remedy}")
    ]


_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def _cause(group: list[FailedRun]) -> Cause:
    studies = {json.dumps(each.parameters, sort_keys=True): each.parameters for each in group}
    given = _given(group[0].parameters)
    shared = tuple(
        name
        for name, value in given.items()
        if all(study.get(name) == value for study in studies.values())
    )
    notebooks = tuple(dict.fromkeys(each.notebook for each in group))
    kind = group[0].failure.kind
    return Cause(group[0], notebooks, len(studies), given, shared, _TRY.get(kind, _TRY["error"]))


def _given(parameters: dict[str, Any]) -> dict[str, Any]:
    defaults = Parameters().plain()
    return {name: value for name, value in parameters.items() if defaults.get(name) != value}


def _assigned(given: dict[str, Any], shared: tuple[str, ...] | None = None) -> str:
    """As the command line takes them; of several runs, first what they have in common."""
    if not given:
        return "the default parameters" + ("" if shared is None else " in the first of them")
    plain = {name: f"-p {name}={_written(value)}" for name, value in given.items()}
    if shared is None:
        return " ".join(plain.values())
    common = " ".join(plain[name] for name in shared)
    own = " ".join(text for name, text in plain.items() if name not in shared)
    parts = [f"{common} in all of them" if common else "", f"{own} in the first" if own else ""]
    return "; ".join(part for part in parts if part)


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(value) if isinstance(value, list) else str(value)


_SMALLER = "ask for less at a time: fewer countries, a shorter series (`start`, `end`)"
_SPACE = "free space on the disk that holds the runs, and run again: what was done is kept."
_MEMORY = f"free memory or run fewer notebooks at a time (one worker), or {_SMALLER}."
_TIME = f"run it again when the machine is less busy or with a longer limit a cell, or {_SMALLER}."
_BY_NAME = (
    "compare the name in the message with what there is; if a table or file is missing, restore it "
    "from the repository or the fetch that made it."
)
_ENDED = (
    "run it again alone: its process was ended from outside, or by a fault in compiled code or a "
    "lack of memory."
)
_REFUSED = "correct the parameter or file that the message names, and run again."
_TRY = {
    "error": "open the notebook in that folder, which ends with the traceback, and execute the cell "
    "with these parameters; if they are unusual, change one at a time.",
    "time": _TIME,
    "CellTimeoutError": _TIME,
    "KernelSilent": _TIME,
    "MemoryError": _MEMORY,
    "OSError": _SPACE,
    "killed": _MEMORY,
    "ended": "take out of the cell, or of the one before it, what ends the process: `exit`, "
    "`sys.exit` or a signal.",
    "signal": _ENDED,
    "DeadKernelError": _ENDED,
    "lost": "run it again with one worker: the process that executes notebooks was ended from "
    "outside, or memory is short.",
    "InputsTouched": "leave the files of the project alone while notebooks run, and run again.",
    "Refusal": _REFUSED,
    "TableProblems": _REFUSED,
    "KeyError": _BY_NAME,
    "LookupError": _BY_NAME,
    "FileNotFoundError": _BY_NAME,
    "missing": "see that the notebook shows, records and states what its contract promises, up to "
    "`study.close()`; the contract stands in its metadata under `sahel`.",
    "undeclared": "declare it in the contract of the notebook, in its metadata under `sahel`, or "
    "leave it out.",
    "unlike": "find the two notebooks that record it: they must take it from one function with the "
    "same arguments, or give it two ids.",
    "empty": "widen the study (an earlier `start`, a later `as_of` or `end`, other countries); if it "
    "is rightly empty there, name it under `may_be_empty` in the contract.",
    "bounds": "follow the value back to its table and unit; if it is right, correct the bounds in "
    "the contract.",
    "unmarked": "see in the figure's CSV what should be drawn and whether it lies within the axes; "
    "a panel that is rightly empty says so by `mark_uncovered`.",
    "warned": "mend what the warning names: a division by zero, an empty mean or a use that will "
    "end gives numbers that look sound.",
    "swallowed": "let the exception end the notebook: handle what is expected in the package, and "
    "give it a state.",
}
