"""Checking the cells of a table against its declaration."""

from collections.abc import Iterator

import pandas as pd
import pandera.pandas as pa

from sahel_transitions.errors import Problem, nearest
from sahel_transitions.tables.declaration import Column, Declaration
from sahel_transitions.tables.partial_dates import parse_partial_date


def check_table(name: str, text: pd.DataFrame, declaration: Declaration) -> Iterator[Problem]:
    """Every problem of a table whose cells are still text."""
    for column in text.columns.difference(declaration.columns, sort=False):
        hint = nearest(column, declaration.columns)
        yield Problem(name, 1, column, "a declared column", "another", f"Rename it: {hint}.")
    for column in declaration.columns:
        if column not in text:
            yield Problem(name, 1, column, "this column", "none", "Add it to the table.")
    present = {key: value for key, value in declaration.columns.items() if key in text}
    schema = pa.DataFrameSchema({key: _pandera_column(value) for key, value in present.items()})
    try:
        schema.validate(text, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases.sort_values(["index", "column"], kind="stable")
        for case in cases.itertuples():
            yield _problem(name, declaration.columns[case.column], case)
    if set(declaration.grain) <= set(text.columns):
        for row in text.index[text.duplicated(list(declaration.grain))]:
            key = ", ".join(str(text.at[row, column]) for column in declaration.grain)
            yield Problem(
                name, row + 2, " × ".join(declaration.grain), "a row of its own for each key",
                f"a second row for {key}", "Remove or correct one of the two.",
            )  # fmt: skip


_FORMS = {
    "integer": (r"-?\d+", "a whole number"),
    "number": (r"-?\d+(\.\d+)?", "a number with a decimal point"),
    "boolean": (r"true|false", "true or false"),
    "month": (r"\d{4}-(0[1-9]|1[0-2])", "a month such as 2022-03"),
}


def _is_date(text: str, day: bool) -> bool:
    try:
        parsed = parse_partial_date(text)
    except ValueError:
        return False
    return parsed.is_day and parsed.text == str(parsed.latest) if day else True


def _pandera_column(column: Column) -> pa.Column:
    checks = []
    if column.type in _FORMS:
        form, words = _FORMS[column.type]
        checks.append(pa.Check.str_matches(rf"^(?:{form})$", error=words))
    if column.type in {"day", "date"}:
        day = column.type == "day"
        words = "a day such as 2022-03-27" if day else "a date such as 2022, 2022-03 or 2022-03-27"
        checks.append(pa.Check(lambda cell: _is_date(cell, day), element_wise=True, error=words))
    if column.allowed is not None:
        words = "one of " + ", ".join(column.allowed)
        checks.append(pa.Check.isin(column.allowed, error=words))
    if column.pattern is not None:
        words = f"text of the form {column.pattern}"
        checks.append(pa.Check.str_matches(rf"^(?:{column.pattern})$", error=words))
    if column.minimum is not None:
        words = f"at least {column.minimum:g}"
        checks.append(
            pa.Check(
                lambda cells: ~(pd.to_numeric(cells, errors="coerce") < column.minimum), error=words
            )
        )
    return pa.Column(None, checks, nullable=column.missing is not None)


def _problem(name: str, column: Column, case) -> Problem:
    row = None if pd.isna(case.index) else int(case.index) + 2
    if case.check == "not_nullable":
        return Problem(name, row, case.column, "a value", "an empty cell", "Fill it in.")
    found = repr(case.failure_case)
    remedy = "Correct the cell."
    if column.allowed is not None and case.check.startswith("one of"):
        remedy = f"Correct the cell: {nearest(str(case.failure_case), column.allowed)}."
    return Problem(name, row, case.column, case.check, found, remedy)
