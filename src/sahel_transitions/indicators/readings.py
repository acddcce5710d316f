"""Where sources disagree on one cell of a ledger: every reading side by side."""

from collections.abc import Iterator, Mapping
from datetime import date

import pandas as pd

from sahel_transitions.errors import Problem
from sahel_transitions.parameters import Parameters
from sahel_transitions.tables import Table, days_between, parse_partial_date

COLUMNS = [
    "country", "row", "field", "reading", "by", "adopted", "apart_low", "apart_high", "sources",
]  # fmt: skip
# Ledger → the column of its keys.
_KEYS = {"deadlines": "promise_id", "partner_events": "event_id"}
_DATES = {"announced_on", "due_on", "date"}


def readings_known(
    parameters: Parameters, tables: Mapping[str, Table], ledger: str
) -> pd.DataFrame:
    """Every cell of a ledger of which several readings were known on `as_of`.

    Parameters
    ----------
    ledger : str
        `deadlines` or `partner_events`.

    Returns
    -------
    DataFrame
        `COLUMNS`, then `event_promised` or `partner` and `channel` of the row; one row a reading,
        the adopted one first. `by` is the key under which the catalogue says who gives it.
        `apart_low` and `apart_high` are the least and the most days from
        the adopted date to this one, empty for the adopted one and for what is not a date.
    """
    day = date.fromisoformat(parameters.as_of)
    rows = tables["readings"].frame
    said = [parse_partial_date(text).latest <= day for text in rows["known_on"]]
    rows = rows[said].query("table == @ledger")
    what = ["event_promised"] if ledger == "deadlines" else ["partner", "channel"]
    about = tables[ledger].frame.set_index(_KEYS[ledger])[["country", *what]]
    rows = rows.join(about, on="row")
    rows = rows[rows["country"].isin(parameters.countries)]
    found = []
    for _, cell in rows.groupby(["row", "field"], sort=False):
        adopted = cell[cell["adopted"]]
        if len(cell) < 2 or adopted.empty:
            continue
        for row in cell.sort_values("adopted", ascending=False, kind="stable").itertuples():
            apart = (None, None)
            if row.field in _DATES and not row.adopted:
                days = days_between(
                    parse_partial_date(adopted["value"].item()), parse_partial_date(row.value)
                )
                apart = (days[0], days[2])
            found.append(
                (row.country, row.row, row.field, row.value, row.reading_id, row.adopted, *apart,
                 row.sources, *(getattr(row, name) for name in what))
            )  # fmt: skip
    result = pd.DataFrame(found, columns=[*COLUMNS, *what])
    result = result.astype({"apart_low": "Int64", "apart_high": "Int64"})
    rank = {country: position for position, country in enumerate(parameters.countries)}
    return result.sort_values(
        "country", key=lambda names: names.map(rank), kind="stable", ignore_index=True
    )


def every_reading(parameters: Parameters, tables: Mapping[str, Table]) -> pd.DataFrame:
    """`readings_known(…)` of all ledgers; what a ledger has no column for is empty."""
    frames = [readings_known(parameters, tables, ledger) for ledger in _KEYS]
    return pd.concat(frames, ignore_index=True)


def disagreements_with_ledgers(tables: Mapping[str, Table]) -> Iterator[tuple[str, Problem]]:
    """Readings of rows that do not exist, or whose adopted value is not that of the ledger."""
    readings = tables["readings"].frame
    ledgers = {name: tables[name].frame.set_index(key) for name, key in _KEYS.items()}
    for (name, key, field), cell in readings.groupby(["table", "row", "field"], sort=False):
        where = ("readings", int(cell.index[0]) + 2)
        adopted = cell.loc[cell["adopted"], "value"].tolist()
        if key not in ledgers[name].index:
            yield key, Problem(*where, "row", f"a row of {name}", repr(key), "Correct the key.")
            continue
        held = ledgers[name].at[key, field]
        held = "none" if pd.isna(held) else str(held)
        if adopted != [held]:
            yield key, Problem(
                *where, "adopted", f"one reading with the value of the ledger, {held}",
                ", ".join(adopted) or "none", "Mark the reading that the ledger holds.",
            )  # fmt: skip
        if len(cell) < 2:
            yield (
                key,
                Problem(
                    *where, "value", "at least two readings of a cell", "one", "Add the other."
                ),
            )
