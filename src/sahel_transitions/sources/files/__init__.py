"""A user's file before anyone knows what it is: opened, its cells read as text, and checked."""

from sahel_transitions.sources.files.cells import read_cells
from sahel_transitions.sources.files.checks import Checks
from sahel_transitions.sources.files.opening import Opened, Sheet, is_file, open_file

__all__ = ["Checks", "Opened", "Sheet", "is_file", "open_file", "read_cells"]
