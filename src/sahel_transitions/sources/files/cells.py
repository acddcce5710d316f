"""The cells of an opened file as text, each row under the number that a spreadsheet shows.

DuckDB reads CSV: in parallel, within a bound of memory, and it names every row that does not fit
the header, where most readers shift cells or give up at the first.
"""

import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from sahel_transitions.errors import Problem, Refusal
from sahel_transitions.sources.files.database import database
from sahel_transitions.sources.files.opening import Opened, Sheet, are_tags, json_rows, workbook

_WHY = {
    "MISSING COLUMNS": ("{n} cells, as the header has", "fewer"),
    "TOO MANY COLUMNS": ("{n} cells, as the header has", "more"),
    "UNQUOTED VALUE": ("quotation marks that open and close a cell", "one that does not close"),
    "INVALID ENCODING": ("text in UTF-8", "bytes that are none"),
    "LINE SIZE OVER MAXIMUM": ("a row of at most 2 MB", "a longer one"),
}


def read_cells(
    opened: Opened, columns: Iterable[str], sheet: Sheet | None = None
) -> tuple[pd.DataFrame, list[Problem]]:
    """The columns of these names as text, and a problem for each row that does not fit the header.

    Names are in lower case, whatever the file writes.

    Returns
    -------
    DataFrame
        Text without blanks around it, empty cells missing; the index is the row in the file, the
        header being row 1. Lines of tags are left out. Columns that the file lacks are lacking.
    list of Problem
        Rows with too many or too few cells, broken quotation marks or encoding (CSV only).
    """
    sheet = sheet or opened.sheets[0]
    present = [name for name in dict.fromkeys(columns) if name in sheet.names]
    original = {name: sheet.columns[sheet.names.index(name)] for name in present}
    if opened.form == "csv":
        return _read_csv(opened, present)
    match opened.form:
        case "xlsx":
            return _read_sheet(opened, sheet, present).map(_as_text).astype("str"), []
        case "parquet":
            chosen = ", ".join(
                f"nullif(trim({quoted(there)}::varchar), '') as {quoted(name)}"
                for name, there in original.items()
            )
            path = str(opened.content).replace("'", "''")
            with database() as connection:
                sql = f"select {chosen or 1} from read_parquet('{path}', hive_partitioning = false)"
                frame = fetched(connection, opened, sql).astype("str")
            frame.index = range(2, len(frame) + 2)
            return frame, []
        case "dta":
            there = list(original.values())
            frame = pd.read_stata(opened.content, columns=there, convert_categoricals=False)
            frame.columns = present
        case _:
            rows = json_rows(opened.path.name, opened.content)
            frame = pd.DataFrame(
                [{name: row.get(there) for name, there in original.items()} for row in rows],
                columns=present,
                dtype="object",
            )
    frame.index = range(2, len(frame) + 2)
    return frame.map(_as_text).astype("str"), []


def csv_rows(opened: Opened, columns: Iterable[str], *, trimmed: bool = True) -> str:
    """SQL that selects the columns of these names (in lower case) from a CSV file, as text.

    Rows that do not fit the header are left out, and `rejected_rows` tells which these were.

    Parameters
    ----------
    trimmed : bool
        Remove blanks around cells and make empty ones null, which takes time on large files.
    """
    position = {name: place for place, name in reversed(list(enumerate(opened.names)))}
    types = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(opened.names)))
    cell = "nullif(trim(c{place}), '') as {name}" if trimmed else "c{place} as {name}"
    chosen = [cell.format(place=position[name], name=quoted(name)) for name in columns]
    path = str(opened.content).replace("'", "''")
    mark = opened.separator.replace("\t", "\\t")
    return (
        f"select {', '.join(chosen) or '1'} from read_csv('{path}', delim = E'{mark}', "
        f"quote = '\"', escape = '\"', header = true, skip = {opened.before}, auto_detect = false, "
        f"compression = 'none', hive_partitioning = false, null_padding = false, strict_mode = true, store_rejects = true, rejects_limit = 0, columns = {{{types}}})"
    )


def rejected_rows(connection: duckdb.DuckDBPyConnection, opened: Opened) -> list[Problem]:
    """The problems of the rows that the last reading of a CSV file left out."""
    rejects = connection.execute(
        # Of several faults of a row, an open quotation mark is the cause of the others.
        "select line, max(error_type::varchar), min(csv_line) from reject_errors "
        "group by line order by line"
    ).fetchall()
    broken_off = not _ends_a_line(opened.content)
    problems = []
    for place, (line, kind, content) in enumerate(rejects):
        expected, found = _WHY.get(kind, ("a row that fits the header", kind.lower()))
        remedy = "Correct the row, or take the file from its producer again."
        if broken_off and place == len(rejects) - 1 and content and len(content) < 1 << 20:
            remedy = "The file ends here without a line end: it was cut off. Download it again."
        problems.append(
            Problem(opened.name, line, None, expected.format(n=len(opened.names)), found, remedy)
        )
    return problems


def without_tags(opened: Opened, rejected: list[Problem]) -> tuple[list[Problem], int]:
    """The rejected rows but for a line of tags, and how many of the rows that were read are tags."""
    first = 2 + opened.before
    if opened.tags and any(problem.row == first for problem in rejected):
        return [problem for problem in rejected if problem.row != first], 0
    return rejected, opened.tags


def row_numbers(opened: Opened, count: int, rejected: list[Problem]) -> np.ndarray:
    """The rows of the file in which the `count` rows that were read stand."""
    first = 2 + opened.before
    lost = [problem.row for problem in rejected]
    if opened.tags and without_tags(opened, rejected)[1] == 0:
        lost = [first, *lost]
    rejects = np.array(lost, dtype="int64")
    order = np.arange(first, count + first)
    order = order + np.searchsorted(rejects - np.arange(len(rejects)), order, side="right")
    blanks = _blank_rows(opened)
    return order + np.searchsorted(blanks - np.arange(len(blanks)), order, side="right")


def renumbered(opened: Opened, problem: Problem) -> Problem:
    """The same problem under the row that a spreadsheet shows, which counts blank lines."""
    blanks = _blank_rows(opened)
    shift = int(np.searchsorted(blanks - np.arange(len(blanks)), problem.row, side="right"))
    return replace(problem, row=problem.row + shift) if shift else problem


def _blank_rows(opened: Opened) -> np.ndarray:
    """Rows without a cell, which the engine passes over without counting them."""
    with opened.content.open("rb") as file:
        ends = any(
            b"\n\n" in block or b"\n\r\n" in block or b"\r\r" in block
            for block in iter(lambda: file.read(1 << 22), b"")
        )
    if not ends:
        return np.array([], dtype="int64")
    with opened.content.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        for _ in range(opened.before):
            next(file)
        rows = csv.reader(file, delimiter=opened.separator)
        try:
            blank = [n for n, row in enumerate(rows, start=1 + opened.before) if not row]
        except csv.Error:
            blank = []
    return np.array(blank, dtype="int64")


def quoted(name: str) -> str:
    """A name as SQL quotes it."""
    return '"' + name.replace('"', '""') + '"'


def reading(connection: duckdb.DuckDBPyConnection, opened: Opened, sql: str) -> None:
    """Execute a statement on a file; what DuckDB cannot read at all is refused in words."""
    with _refusing(opened):
        connection.execute("drop table if exists reject_errors")
        connection.execute("drop table if exists reject_scans")
        connection.execute(sql).fetchall()


def fetched(connection: duckdb.DuckDBPyConnection, opened: Opened, sql: str) -> pd.DataFrame:
    """The rows of a query on a file; what DuckDB cannot read at all is refused in words."""
    with _refusing(opened):
        connection.execute("drop table if exists reject_errors")
        connection.execute("drop table if exists reject_scans")
        return connection.execute(sql).df()


@contextmanager
def _refusing(opened: Opened) -> Iterator[None]:
    try:
        yield
    except (duckdb.Error, UnicodeDecodeError) as error:
        reason = str(error).strip().splitlines()[0].replace(str(opened.content), opened.name)
        raise Refusal(
            f"{opened.name}: expected a table, found a file that cannot be read as one ({reason}). "
            "Lines may end in different ways (every line end must be the same), or the file be "
            "damaged: download it again."
        ) from error


def ends_unfinished(opened: Opened) -> bool:
    """Whether the last line of a CSV file has no line end, so that a cell may have been cut."""
    return opened.form == "csv" and not _ends_a_line(opened.content)


def _read_csv(opened: Opened, columns: list[str]) -> tuple[pd.DataFrame, list[Problem]]:
    with database() as connection:
        frame = fetched(connection, opened, csv_rows(opened, columns)).astype("str")
        problems = rejected_rows(connection, opened)
    problems, tags = without_tags(opened, problems)
    frame.index = row_numbers(opened, len(frame), problems)
    return frame.iloc[tags:], [renumbered(opened, problem) for problem in problems]


def _read_sheet(opened: Opened, sheet: Sheet, columns: list[str]) -> pd.DataFrame:
    with workbook(opened.name, opened.content) as book:
        rows = enumerate(book[sheet.name].iter_rows(values_only=True), start=1)
        for _, row in rows:
            header = tuple("" if cell is None else str(cell).strip() for cell in row)
            if header[: len(sheet.columns)] == sheet.columns:
                break
        places = [sheet.names.index(name) for name in columns]
        cells = {
            number: [row[place] if place < len(row) else None for place in places]
            for number, row in rows
            if any(cell is not None for cell in row) and not are_tags(row)
        }
    return pd.DataFrame.from_dict(cells, orient="index", columns=columns, dtype="object")


def _as_text(cell) -> str | float:
    """As a CSV file would hold it: whole floats without a decimal point, days as 2022-03-27."""
    if cell is None or (isinstance(cell, float) and np.isnan(cell)) or cell is pd.NaT:
        return np.nan
    if isinstance(cell, (float, np.floating)) and float(cell).is_integer():
        return str(int(cell))
    if isinstance(cell, (datetime, pd.Timestamp)):
        # Excel and Stata keep days as instants.
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    text = str(cell).strip()
    return text or np.nan


def _ends_a_line(content: Path) -> bool:
    with content.open("rb") as file:
        file.seek(0, 2)
        file.seek(max(0, file.tell() - 1))
        return file.read() in (b"\n", b"\r")
