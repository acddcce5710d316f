"""Errors that a user reads: sentences that say what, where, expected, found and what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


class SahelError(Exception):
    """Something the user can act on. `exit_code` is what the command line returns for it."""

    exit_code = 1


class Refusal(SahelError):
    """An input that is refused before any work is done: nothing has been written (exit code 2)."""

    exit_code = 2


@dataclass(frozen=True)
class Problem:
    """One fault in one place of a table or file.

    `row` is the number of the line in the CSV file, the header being line 1, or None where the
    whole table or column is meant.
    """

    table: str
    row: int | None
    column: str | None
    expected: str
    found: str
    remedy: str

    def __str__(self) -> str:
        place = self.table
        if self.row is not None:
            place += f", line {self.row}"
        if self.column is not None:
            place += f", column {self.column}"
        return f"{place}: expected {self.expected}, found {self.found}. {self.remedy}"


class TableProblems(Refusal):
    """Every problem of one or several tables, collected before it is raised."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = list(problems)
        count = len(self.problems)
        heading = "1 problem:" if count == 1 else f"{count} problems:"
        super().__init__("\n  ".join([heading, *map(str, self.problems)]))


def nearest(name: str, valid: Iterable[str]) -> str:
    """A clause that names the nearest valid name, or all of them where none is near."""
    valid = sorted(valid)
    folded = {candidate.casefold(): candidate for candidate in valid}
    # Two of three letters of a code in common say nothing.
    cutoff = 0.6 if len(name) > 4 else 0.75
    close = get_close_matches(name.casefold(), folded, n=1, cutoff=cutoff)
    if close:
        return f"the nearest valid name is {folded[close[0]]!r}"
    return "valid are " + ", ".join(valid)
