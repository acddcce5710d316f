"""Runs: plan, execute, hold to the contract, keep."""

from sahel_transitions.runs.contract import ContractBroken
from sahel_transitions.runs.execution import Outcome
from sahel_transitions.runs.grid import (
    grid_answers,
    grid_notebook,
    grid_of_studies,
    unlike_in_process,
)
from sahel_transitions.runs.making import Run, run, run_each
from sahel_transitions.runs.reference import (
    accept_as_reference,
    compare_with_reference,
    store_outputs,
)

__all__ = [
    "ContractBroken",
    "Outcome",
    "Run",
    "accept_as_reference",
    "compare_with_reference",
    "grid_answers",
    "grid_notebook",
    "grid_of_studies",
    "run",
    "run_each",
    "store_outputs",
    "unlike_in_process",
]
