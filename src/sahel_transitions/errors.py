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

    `row` is the row as a spreadsheet shows it, the header being row 1, or None where the whole
    table or column is meant.
    """

    table: str
    row: int | None
    column: str | None
    expected: str
    found: str
    remedy: str

    def __str__(self) -> str:
        return _sentence([self])


class TableProblems(Refusal):
    """Every problem of one or several tables, collected before it is raised.

    The message fits on a screen: rows with the same fault are one line, which names the first of
    them and counts the others.
    """

    def __init__(self, problems: Iterable[Problem]):
        self.problems = list(problems)
        kinds: dict[tuple, list[Problem]] = {}
        for problem in self.problems:
            key = (problem.table, problem.column, problem.expected, problem.remedy)
            kinds.setdefault(key, []).append(problem)
        count = len(self.problems)
        heading = "1 problem:" if count == 1 else f"{count} problems:"
        super().__init__("\n  ".join([heading, *map(_sentence, kinds.values())]))


# So many rows, and so many different cells, are named of those with the same fault.
_NAMED = 8
_SHOWN = 3
_LONGEST = 90


def _sentence(problems: list[Problem]) -> str:
    first = problems[0]
    place = first.table
    rows = [problem.row for problem in problems if problem.row is not None]
    if rows:
        word = "row" if len(rows) == 1 else "rows"
        place += f", {word} {', '.join(map(str, rows[:_NAMED]))}"
        if len(rows) > _NAMED:
            place += f" and {len(rows) - _NAMED:,} more"
    if first.column is not None:
        place += f", column {first.column}"
    different = list(dict.fromkeys(problem.found for problem in problems))
    found = ", ".join(_cut(each) for each in different[:_SHOWN])
    if len(different) > _SHOWN:
        found += ", …"
    return f"{place}: expected {first.expected}, found {found}. {first.remedy}"


def _cut(text: str) -> str:
    """A cell on one line, however long it is."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[:_LONGEST] + "…"


def nearest(name: str, valid: Iterable[str]) -> str:
    """A clause that names the nearest valid name, or all of them where none is near."""
    valid = sorted(valid)
    close = closest(name, valid)
    if close is not None:
        return f"the nearest valid name is {close!r}"
    return "valid are " + ", ".join(valid)


def closest(name: str, valid: Iterable[str]) -> str | None:
    """The valid name that is most like another one, if any is like it."""
    folded = {candidate.casefold(): candidate for candidate in valid}
    # Two of three letters of a code in common say nothing.
    cutoff = 0.6 if len(name) > 4 else 0.75
    close = get_close_matches(name.casefold(), folded, n=1, cutoff=cutoff)
    return folded[close[0]] if close else None
