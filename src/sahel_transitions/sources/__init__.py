"""One module for each outside dataset: recognise a file, read it, derive the project's table."""

from sahel_transitions.sources.actors import PERPETRATORS, ActorClassifier
from sahel_transitions.sources.allocation import ALLOCATIONS, Allocation, allocate, days_by_month
from sahel_transitions.sources.built import Built
from sahel_transitions.sources.ucdp import NOT_LOCATED, build_deaths, read_ged
from sahel_transitions.sources.worldbank import build_population

__all__ = [
    "ALLOCATIONS",
    "NOT_LOCATED",
    "PERPETRATORS",
    "ActorClassifier",
    "Allocation",
    "Built",
    "allocate",
    "build_deaths",
    "build_population",
    "days_by_month",
    "read_ged",
]
