"""Checks of cells that are still text: every fault of every row, before anything is refused."""

from collections.abc import Collection, Iterable
from datetime import date

import numpy as np
import pandas as pd

from sahel_transitions.errors import Problem, TableProblems, closest
from sahel_transitions.sources.files.cells import ends_unfinished, read_cells
from sahel_transitions.sources.files.opening import Opened, Sheet

_CORRECT = "Correct the cell, or go on without the row: --skip-bad-rows."


class Checks:
    """The rows of a file, and what is wrong with them.

    Each method reads one column in a type, notes a problem for every cell that is none, and gives
    the column with a stand-in there; `finish` refuses the file, or leaves out its bad rows.

    Parameters
    ----------
    opened : Opened
    columns : iterable of str
        The columns that must be there, in lower case.
    optional : iterable of str
        Those that may be.
    separators : str
        The separators that files of this producer have.

    Raises
    ------
    TableProblems
        At once, if a column is lacking or stands there twice: nothing else can be judged then.

    Attributes
    ----------
    frame : DataFrame
        The cells as text; the index is the row in the file.
    skipped : int
        Rows that were left out, after `finish`.
    """

    def __init__(
        self, opened: Opened, columns: Iterable[str], optional: Iterable[str] = (),
        sheet: Sheet | None = None, separators: str = ",",
    ):  # fmt: skip
        self._opened = opened
        columns = list(columns)
        check_separator(opened, separators)
        optional = list(optional)
        check_header(opened, columns, (sheet or opened.sheets[0]).names, optional)
        self.frame, self.problems = read_cells(opened, [*columns, *optional], sheet)
        self.skipped = 0
        if self.frame.empty and not self.problems:
            self.problems.append(
                Problem(opened.name, None, None, "rows below the header", "none",
                        "The file holds a header alone: repeat the download.")
            )  # fmt: skip

    def whole_numbers(self, column: str, minimum: int | None = 0) -> pd.Series:
        """Integers of at least `minimum`; a number with only zeros after the point is whole."""
        numbers = pd.to_numeric(self.frame[column], errors="coerce")
        wrong = numbers.isna() | (numbers % 1 != 0) | ~numbers.abs().lt(2**53)
        words = "a whole number"
        if minimum is not None:
            wrong |= numbers < minimum
            words += f" of at least {minimum}"
        self.fault(column, wrong, words)
        return numbers.where(~wrong, 0).astype("int64")

    def numbers(self, column: str, missing: Collection[str] = ()) -> pd.Series:
        """Floats with a decimal point; cells that are empty or one of `missing` are NaN."""
        cells = self.frame[column]
        cells = cells.where(~cells.isin(list(missing)))
        numbers = pd.to_numeric(cells, errors="coerce")
        wrong = (numbers.isna() & cells.notna()) | numbers.isin([np.inf, -np.inf])
        self.fault(column, wrong, "a number with a decimal point")
        return numbers.astype("float64")

    def days(self, column: str) -> pd.Series:
        """Days; a time of day after them is left out.

        Read are 2022-03-27 and, where the file as a whole leaves no doubt about what is the month,
        03/27/2022 and 27/03/2022.
        """
        cells = self.frame[column].str.replace(
            r"[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?$", "", regex=True
        )
        # Words such as “now” would be read as the day of the reading.
        cells = cells.where(cells.str.fullmatch(r"\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{4}"))
        forms = {
            form: pd.to_datetime(cells, format=form, errors="coerce")
            for form in ("%Y-%m-%d", "%m/%d/%Y", "%d/%m/%Y")
        }
        month_first, day_first = forms["%m/%d/%Y"], forms["%d/%m/%Y"]
        one, other = month_first.notna(), day_first.notna()
        days = forms["%Y-%m-%d"]
        if (one & ~other).any() and (other & ~one).any():
            found = "some that begin with the month and some that begin with the day"
        elif (one & other & (month_first != day_first)).any() and not (one ^ other).any():
            found = "days such as 03/04/2022 alone, in either order"
        else:
            found = None
            if days.isna().all():
                # Among days in the form of ISO 8601, one with slashes is a fault.
                days = month_first if (one & ~other).any() else day_first
        if found:
            self._add(None, column, "days whose month is certain", found,
                      "Save the column in the form 2022-03-27.")  # fmt: skip
        days = days.where(days.between(pd.Timestamp(1900, 1, 1), pd.Timestamp(2100, 1, 1)))
        self.fault(column, days.isna(), "a day that exists, such as 2022-03-27")
        return days.fillna(pd.Timestamp(date(1900, 1, 1)))

    def allowed(self, column: str, values: Collection[str], *, empty: bool = False) -> pd.Series:
        """Cells that must be one of `values`."""
        cells = self.frame[column]
        wrong = ~cells.isin(list(values)) & ~(cells.isna() & empty)
        shown = ", ".join(sorted(values)[:12]) + (", …" if len(values) > 12 else "")
        self.fault(column, wrong, f"one of {shown}")
        return cells

    def present(self, column: str) -> pd.Series:
        """Cells that may not be empty."""
        self.fault(column, self.frame[column].isna(), "a value")
        return self.frame[column].fillna("")

    def unique(self, *columns: str, remedy: str) -> None:
        """Rows of which no two may have the same cells in these columns."""
        keys = self.frame[list(columns)]
        twice = keys[keys.duplicated() & keys.notna().all(axis=1)]
        for row, cells in zip(twice.index, twice.itertuples(index=False), strict=True):
            self._add(int(row), " × ".join(columns), "a key that occurs once",
                      repr(", ".join(cells)), remedy)  # fmt: skip

    def fault(
        self, column: str, wrong: pd.Series, expected: str, remedy: str = _CORRECT,
        cells: pd.Series | None = None,
    ) -> None:  # fmt: skip
        """Note a problem for each row that is marked as wrong."""
        cells = self.frame[column] if cells is None else cells
        for row, cell in cells[wrong.to_numpy()].items():
            found = "an empty cell" if pd.isna(cell) else repr(cell)
            self._add(int(row), column, expected, found, remedy)

    def finish(self, frame: pd.DataFrame, skip_bad_rows: bool = False) -> pd.DataFrame:
        """The typed rows, if nothing is wrong or what is wrong may be left out.

        Parameters
        ----------
        frame : DataFrame
            Made of what the methods gave; its index is the row in the file.
        skip_bad_rows : bool
            Leave out the rows that have a problem, and count them in `skipped`.

        Raises
        ------
        TableProblems
            With every problem; also when rows may be skipped, if one is of no single row or no
            row is left.
        """
        last_cell = next((name for name in reversed(self._opened.names) if name), None)
        # What is cut in a cell that nobody reads does no harm.
        if ends_unfinished(self._opened) and len(self.frame) and last_cell in self.frame:
            last = int(self.frame.index[-1])
            if all(problem.row is None or problem.row < last for problem in self.problems):
                self._add(last, None, "a line end after the last row", "none",
                          "The file may be cut off in its last cell: download it again, or go on "
                          "without the row: --skip-bad-rows.")  # fmt: skip
        self.problems = without_second_headers(self.problems)
        self.problems.sort(key=lambda problem: problem.row or 0)
        bad = {problem.row for problem in self.problems}
        kept = frame[~frame.index.isin(list(bad))]
        if self.problems and (not skip_bad_rows or None in bad or kept.empty):
            raise TableProblems(self.problems)
        self.skipped = len(bad)
        return kept

    def _add(self, row, column, expected, found, remedy) -> None:
        self.problems.append(Problem(self._opened.name, row, column, expected, found, remedy))


def without_second_headers(problems: list[Problem]) -> list[Problem]:
    """The problems, with those of a row that repeats the header put together into one."""
    headers = {
        problem.row: problem
        for problem in problems
        if problem.column and problem.found.strip("'").casefold() == problem.column.casefold()
    }
    remedy = (
        "Files were put one below the other: remove the repeated header, and a line of tags below "
        "it, or go on without these rows: --skip-bad-rows."
    )
    return [problem for problem in problems if problem.row not in headers] + [
        Problem(problem.table, row, None, "one header, in the first row", "another one", remedy)
        for row, problem in headers.items()
    ]


def check_header(
    opened: Opened, columns: list[str], header: tuple[str, ...], optional: Iterable[str] = ()
) -> None:
    """Refuse a file that lacks columns or has one twice, naming what they may be called there."""
    problems = []
    twice = [name for name in (*columns, *optional) if header.count(name) > 1]
    if twice:
        found = (
            f"{len(twice)} of them more than once ({', '.join(twice[:4])}"
            f"{', …' if len(twice) > 4 else ''})"
        )
        remedy = "Two exports stand side by side in the file, or a spreadsheet damaged it: take it from its producer again."
        problems.append(Problem(opened.name, 1, None, "each column once", found, remedy))
    others = [name for name in header if name and name not in columns]
    for column in columns:
        if column not in header:
            like = closest(column, others)
            found = f"{like!r}" if like else "no such column"
            remedy = (
                "Give it its name back." if like else "Export it too, or choose the complete file."
            )
            problems.append(Problem(opened.name, 1, column, "this column", found, remedy))
    if problems:
        raise TableProblems(problems)


def check_separator(opened: Opened, separators: str) -> None:
    """Refuse a CSV file whose cells its producer never separates like this: it was saved anew."""
    if opened.form == "csv" and opened.separator not in separators:
        remedy = (
            "A spreadsheet may have saved the file anew, and with it dates and decimals in the "
            "form of its language: take the file from its producer again."
        )
        raise TableProblems(
            [Problem(opened.name, 1, None, "commas between cells", opened.separators, remedy)]
        )
