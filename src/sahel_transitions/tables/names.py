"""Names that a table holds, read without checking it."""

import csv
from pathlib import Path

from sahel_transitions.paths import CODED


def names_in(table: str, column: str, folder: Path = CODED) -> frozenset[str]:
    """The texts of one column of a table that is not checked: enough to know a valid name.

    Raises
    ------
    KeyError
        If there is no such column.
    """
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row[column] for row in csv.DictReader(file))
