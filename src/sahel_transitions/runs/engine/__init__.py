"""Executing notebooks with papermill: forked from a warm process, or each in a plain kernel."""

from sahel_transitions.runs.engine.cells import Cell, cell_with_id
from sahel_transitions.runs.engine.execution import Execute, execute, prepared
from sahel_transitions.runs.engine.forked import Runner, RunnerLost
from sahel_transitions.runs.engine.jobs import Failure, Job, Outcome

__all__ = [
    "Cell",
    "Execute",
    "Failure",
    "Job",
    "Outcome",
    "Runner",
    "RunnerLost",
    "cell_with_id",
    "execute",
    "prepared",
]
