"""Promised deadlines: the ledger as it was known on any day.

No view uses a row, or the end of a row, before the last day on which it may have become known. So
the view on a day is the same whatever the ledger says of later days.
"""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from sahel_transitions.indicators.promise_checks import check_ledger
from sahel_transitions.indicators.promise_measures import MEASURED, with_measures
from sahel_transitions.parameters import Parameters
from sahel_transitions.tables import Table, parse_if_given, parse_partial_date

COLUMNS = [
    "country", "event_promised", "announced_on", "due_on", "authority", "months_promised",
    "slippage_days", "notice_days", "status", "promise_id",
]  # fmt: skip
_OTHER_MEASURES = [name for name in MEASURED if name not in COLUMNS]
# Forms that bind nobody: they are kept in the ledger and never stand.
NOT_BINDING = frozenset({"proposal", "recommendation"})

_COUNTED = ("months_promised", *MEASURED, "overdue_days", "late_days")


def standing_promises(parameters: Parameters, tables: Mapping[str, Table]) -> pd.DataFrame:
    """The promises that stand on `as_of`, one row each.

    Returns
    -------
    DataFrame
        `COLUMNS`, the other measures, then `legal_form`, `supersedes` and `sources`. `due_on` is
        empty for a promise without a date. Each measure (see `promise_measures`) has the days
        between the middles of two dates and the least and the most that they allow:
        `slippage` is counted from the due date of the nearest dated promise that it supersedes,
        directly or through undated ones and past those that it only makes more exact; `drift` from
        the first due date of the event; `notice` from the announcement to the due date that it
        replaces, negative where that had passed; `own_clock` from its own clock, `since_coup` from
        the coup that began the spell. All are empty where there is nothing to count. A country
        that the ledger does not cover on the day has one row, of the status *not_covered*.
    """
    rows = promises_known(parameters, tables)
    standing = rows[(rows["status"] == "open") & rows["binding"]]
    standing = standing[[*COLUMNS, *_OTHER_MEASURES, "legal_form", "supersedes", "sources"]]
    return with_uncovered(standing.reset_index(drop=True), parameters, tables)


def promises_known(parameters: Parameters, tables: Mapping[str, Table]) -> pd.DataFrame:
    """Every promise known on `as_of`, with the status that it had on that day.

    Returns
    -------
    DataFrame
        The columns of `standing_promises` with `overdue_days` (from the last day on which a
        promise could have been kept, for one that was missed and that nothing has superseded),
        `late_days` (the same, until the promise that took its place was known), then `status_on`,
        `come_due` (whether its last possible day had passed), `refined` (whether a known row only
        makes it more exact), `replaces` (the promise that its
        slippage is counted from), `binding` (neither proposal nor recommendation), `spell`, and as
        dates or None `clock` (the first day of its own clock), `due_earliest`, `due_latest`,
        `ended` and `announced` (the first day on which the row may be used).
    """
    ledger = tables["deadlines"].frame
    check_ledger(ledger)
    day = date.fromisoformat(parameters.as_of)
    rows = _as_known_on(day, ledger[ledger["country"].isin(parameters.countries)])
    coups = tables["coups"].frame.set_index("coup_id")["date"].to_dict()
    rows = with_measures(rows, coups, day)
    rows["come_due"] = [when is not None and when < day for when in rows["due_latest"]]
    rank = {country: position for position, country in enumerate(parameters.countries)}
    rows["rank"] = rows["country"].map(rank)
    rows = rows.sort_values(["rank", "event_promised", "announced"], ignore_index=True)
    return rows[
        [
            *COLUMNS, *_OTHER_MEASURES, "legal_form", "overdue_days", "late_days", "sources",
            "status_on", "supersedes", "come_due", "refined", "replaces", "binding", "spell", "clock",
            "due_earliest", "due_latest", "ended", "announced",
        ]
    ]  # fmt: skip


def every_promise(parameters: Parameters, tables: Mapping[str, Table]) -> pd.DataFrame:
    """`promises_known(…)` with a row for each country that the ledger does not cover."""
    return with_uncovered(promises_known(parameters, tables), parameters, tables)


def _as_known_on(day: date, ledger: pd.DataFrame) -> pd.DataFrame:
    """The rows announced by a day, without what became of them later."""
    announced = pd.Series(
        [parse_partial_date(text).latest for text in ledger["announced_on"]],
        index=ledger.index,
        dtype="object",
    )
    known = np.array([when <= day for when in announced], dtype=bool)
    rows = ledger.assign(announced=announced)[known].reset_index(drop=True)
    ended = [parse_if_given(text) for text in rows["status_on"]]
    ended = [when.latest if when else None for when in ended]
    rows["ended"] = pd.Series(
        [when if when and when <= day else None for when in ended], dtype="object"
    )
    over = rows["ended"].notna()
    rows["status"] = rows["status"].where(over, "open")
    rows["status_on"] = rows["status_on"].where(over)
    # How a promise ended is cited only once it was known.
    rows["sources"] = [
        (*sources, *(key for key in (more if known else ()) if key not in sources))
        for sources, more, known in zip(rows["sources"], rows["status_sources"], over, strict=True)
    ]
    due = [parse_if_given(text) for text in rows["due_on"]]
    rows["due_earliest"] = [when.earliest if when else None for when in due]
    rows["due_latest"] = [when.latest if when else None for when in due]
    clocks = [parse_if_given(text) for text in rows["clock_start"]]
    rows["clock"] = [when.earliest if when else None for when in clocks]
    rows["binding"] = ~rows["legal_form"].isin(NOT_BINDING)
    return rows


def promised_ends(
    promises: pd.DataFrame, parameters: Parameters, tables: Mapping[str, Table]
) -> pd.DataFrame:
    """Where the promised end of the transition stands on `as_of`, one row a country.

    Parameters
    ----------
    promises : DataFrame
        `promises_known(…)`.

    Returns
    -------
    DataFrame
        `country`, `due_on`, slippage, drift and length since the coup (each `_low`, `_days` and
        `_high`), `overdue_days`, `promise_id` and `state`: *observed* where a dated promise stands; *no_date* where one
        without a date does; *overdue* where the last one was missed and nothing has taken its
        place; *no_promise* where none is known; *not_covered* where the ledger does not cover the
        country on the day.
    """
    ends = promises[(promises["event_promised"] == "end_of_transition") & promises["binding"]]
    covers, month = tables["deadlines"].declaration.covers, parameters.as_of[:7]
    measures = [
        f"{measure}_{part}"
        for measure in ("slippage", "drift", "since_coup")
        for part in ("low", "days", "high")
    ]
    columns = ["due_on", *measures, "overdue_days"]
    rows = []
    for country in parameters.countries:
        last = ends[ends["country"] == country].tail(1)
        row = {"country": country, "state": "not_covered"}
        if len(last):
            row |= last[[*columns, "promise_id"]].iloc[0].to_dict()
            row["state"] = _state_of_end(last.iloc[0])
        elif covers(country, month):
            row["state"] = "no_promise"
        rows.append(row)
    result = pd.DataFrame(rows, columns=["country", *columns, "promise_id", "state"])
    return result.astype({name: "Int64" for name in columns[1:]})


def _state_of_end(row: pd.Series) -> str:
    if not pd.isna(row["overdue_days"]):
        return "overdue"
    return "no_date" if pd.isna(row["due_on"]) else "observed"


def with_uncovered(
    promises: pd.DataFrame, parameters: Parameters, tables: Mapping[str, Table]
) -> pd.DataFrame:
    """The promises, and a row of the status *not_covered* for each country outside the ledger."""
    covers, month = tables["deadlines"].declaration.covers, parameters.as_of[:7]
    lacking = [
        {"country": country, "status": "not_covered", "sources": ()}
        for country in parameters.countries
        if not covers(country, month)
    ]
    if not lacking:
        return promises
    rows = pd.DataFrame(lacking).reindex(columns=promises.columns)
    whole = {name: "Int64" for name in _COUNTED if name in rows}
    return pd.concat([promises, rows.astype(whole)], ignore_index=True)
