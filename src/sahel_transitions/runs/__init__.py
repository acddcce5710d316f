"""Runs: plan, execute, hold to the contract, keep."""

from sahel_transitions.runs.contract import ContractBroken
from sahel_transitions.runs.execution import Outcome
from sahel_transitions.runs.making import Run, run
from sahel_transitions.runs.reference import accept_as_reference, compare_with_reference

__all__ = [
    "ContractBroken",
    "Outcome",
    "Run",
    "accept_as_reference",
    "compare_with_reference",
    "run",
]
