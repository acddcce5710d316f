"""One value of a table or an indicator: the rows that a query means and what is taken of them."""

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from sahel_transitions.claims.claim_checks import Query, Range, Where
from sahel_transitions.claims.record import INDICATORS, Record, by_time
from sahel_transitions.errors import Refusal, nearest
from sahel_transitions.tables import PartialDate, parse_partial_date


@dataclass(frozen=True)
class Found:
    """A value, the rows that it rests on and their sources.

    `value` is a number, a text or None where no row answers. `form` is how a reader is shown it.
    `rows` has the columns of the table or indicator.
    """

    value: float | str | None
    table: str
    form: str = ""
    sources: tuple[str, ...] = ()
    rows: pd.DataFrame = field(default_factory=pd.DataFrame, compare=False, repr=False)


def find(query: Query, record: Record, countries: tuple[str, ...], where: Where) -> Found:
    """What a query finds in the record of a day.

    Parameters
    ----------
    countries : tuple of str
        Those that an indicator is asked for besides Mali and Burkina Faso.
    where : dict
        Conditions besides those of the query.

    Raises
    ------
    Refusal
        If there is no such table, indicator or column, or `only` one value is asked for and
        several differ.
    """
    if query.table is not None:
        table, frame = query.table, record[query.table]
    else:
        frame = record.indicator(query, countries)
        table = INDICATORS[query.indicator][1]
    if "year" not in frame and "month" in frame:
        frame = frame.assign(year=frame["month"].str[:4].astype("int64"))
    if query.last_of_each:
        frame = by_time(frame, table)
        frame = frame.groupby(list(query.last_of_each), sort=False, dropna=False).tail(1)
    rows = frame[matching(frame, {**query.where, **where})]
    value, form = _taken(query, rows, table)
    sources: dict[str, None] = {}
    if "sources" in rows:
        sources = dict.fromkeys(key for keys in rows["sources"] for key in keys)
    return Found(value, table, form, tuple(sources), rows)


def matching(frame: pd.DataFrame, where: Where) -> pd.Series:
    """Which rows fulfil every condition.

    Raises
    ------
    Refusal
        If a column does not exist.
    """
    fits = pd.Series(True, index=frame.index)
    for column, condition in where.items():
        if column not in frame:
            raise Refusal(f"Refused: no column {column!r}; {nearest(column, frame.columns)}.")
        # Each different cell is looked at once: columns of long tables have few.
        codes, cells = pd.factorize(frame[column].to_numpy(dtype=object), use_na_sentinel=False)
        fits &= np.array([_fits(cell, condition) for cell in cells], dtype=bool)[codes]
    return fits


def _fits(cell, condition) -> bool:
    empty = not isinstance(cell, tuple) and bool(pd.isna(cell))
    if isinstance(condition, Range):
        if condition.empty is not None:
            return empty == condition.empty
        if condition.other_than is not None:
            return not _fits(cell, condition.other_than)
        return not empty and _inside(cell, condition)
    if empty:
        return False
    if isinstance(condition, tuple):
        return any(_fits(cell, each) for each in condition)
    if isinstance(cell, tuple):
        return str(condition) in cell
    if isinstance(cell, str) or isinstance(condition, (str, bool)):
        return str(cell).lower() == str(condition).lower()
    return float(cell) == float(condition)


def _inside(cell, condition: Range) -> bool:
    first, last = condition.first, condition.last
    if not isinstance(cell, str):
        return (first is None or cell >= first) and (last is None or cell <= last)
    when = parse_partial_date(cell)
    earliest = when.earliest or date.min
    return (first is None or earliest >= (parse_partial_date(str(first)).earliest)) and (
        last is None or when.latest <= parse_partial_date(str(last)).latest
    )


def _taken(query: Query, rows: pd.DataFrame, table: str) -> tuple[float | str | None, str]:
    match query.take:
        case "count" | "exists" | "none":
            return float(len(rows)), "number"
    if query.column not in rows:
        raise Refusal(
            f"Refused: no column {query.column!r}; {nearest(query.column, rows.columns)}."
        )
    cells = rows[query.column].dropna()
    if cells.empty:
        return (0.0, "number") if query.take == "distinct" else (None, "")
    match query.take:
        case "only":
            different = cells.unique()
            if len(different) > 1:
                raise Refusal(
                    f"Refused: {query.table or query.indicator}.{query.column}: expected one value, "
                    f"found {len(different)}: {', '.join(map(str, different[:5]))}. Narrow `where`."
                )
            return _plain(different[0])
        case "first" | "last":
            ordered = by_time(rows.loc[cells.index], table)
            return _plain(ordered[query.column].iloc[0 if query.take == "first" else -1])
        case "distinct":
            return float(cells.nunique()), "number"
        case "max" | "min" if isinstance(cells.iloc[0], str):
            return _plain(getattr(cells, query.take)())
        case "sum" | "mean" | "max" | "min":
            return float(getattr(cells, query.take)()), "number"
        case "share":
            whole, part = cells.sum(), cells[matching(rows.loc[cells.index], query.part)].sum()
            return (float(part / whole), "percent") if whole else (None, "")
    sums = rows.groupby(query.groups)[query.column].sum()
    if query.take == "rank":
        here = sums[[_fits(group, query.of) for group in sums.index]]
        return (float((sums > here.iloc[0]).sum() + 1), "number") if len(here) else (None, "")
    return _plain(sums.idxmax() if query.take == "largest" else sums.idxmin())


def _plain(value) -> tuple[float | str, str]:
    if isinstance(value, date):
        value = value.isoformat()
    if isinstance(value, (str, tuple)):
        text = value if isinstance(value, str) else " | ".join(value)
        return text, "when" if _date(text) else ""
    whole = float(value)
    return whole, "number" if whole.is_integer() else "number1"


def _date(text: str) -> PartialDate | None:
    try:
        return parse_partial_date(text)
    except ValueError:
        return None
