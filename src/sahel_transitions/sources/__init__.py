"""One module for each outside dataset: recognise a file, read it, derive the project's table."""

from sahel_transitions.sources.acled import JOINT_EVENTS, JointEvents
from sahel_transitions.sources.actors import PERPETRATORS, ActorClassifier
from sahel_transitions.sources.allocation import ALLOCATIONS, Allocation, allocate, days_by_month
from sahel_transitions.sources.files import Opened, is_file, open_file
from sahel_transitions.sources.recognition import recognise
from sahel_transitions.sources.registry import SOURCES, derive
from sahel_transitions.sources.several_files import named_files, read_users_files
from sahel_transitions.sources.source import Built, Options, Source, Unanswerable
from sahel_transitions.sources.ucdp import NOT_LOCATED
from sahel_transitions.sources.users_file import file_hash, telling

__all__ = [
    "ALLOCATIONS",
    "JOINT_EVENTS",
    "NOT_LOCATED",
    "PERPETRATORS",
    "SOURCES",
    "ActorClassifier",
    "Allocation",
    "Built",
    "JointEvents",
    "Opened",
    "Options",
    "Source",
    "Unanswerable",
    "allocate",
    "days_by_month",
    "derive",
    "file_hash",
    "is_file",
    "named_files",
    "open_file",
    "read_users_files",
    "recognise",
    "telling",
]
