"""Promised deadlines: the ledger as it was known on any day.

No view uses a row, or the end of a row, before the last day on which it may have become known. So
the view on a day is the same whatever the ledger says of later days.
"""

from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np
import pandas as pd

from sahel_transitions.errors import Problem, TableProblems
from sahel_transitions.parameters import Parameters
from sahel_transitions.tables import PartialDate, Table, add_months, parse_partial_date

COLUMNS = [
    "country", "event_promised", "announced_on", "due_on", "authority", "months_promised",
    "slippage_days", "notice_days", "status", "promise_id",
]  # fmt: skip
_MORE = ["slippage_low", "slippage_high", "legal_form", "overdue_days", "sources"]
# Forms that bind nobody: they are kept in the ledger and never stand.
NOT_BINDING = frozenset({"proposal", "recommendation"})
# Sources count the first or the last day of a term, so an end may differ by this much.
_END_TOLERANCE_DAYS = 1


_COUNTED = (
    "months_promised",
    "slippage_low",
    "slippage_days",
    "slippage_high",
    "notice_days",
    "overdue_days",
)


def standing_promises(parameters: Parameters, tables: Mapping[str, Table]) -> pd.DataFrame:
    """The promises that stand on `as_of`, one row each.

    Returns
    -------
    DataFrame
        `COLUMNS`, then `slippage_low`, `slippage_high`, `legal_form` and `sources`. `due_on` is
        empty for a promise without a date. Slippage is counted from the due date of the nearest
        dated promise that it supersedes, directly or through undated ones and past those that it
        only makes more exact: `slippage_days` between the middles of the two dates, `slippage_low`
        and `slippage_high` the least and the most that they allow. Notice is counted from the
        announcement to the last day of the due date that it replaces, and is negative where that
        day had passed. All are empty where there is nothing to count. A country that the ledger
        does not cover on the day has one row, of the status *not_covered*.
    """
    rows = promises_known(parameters, tables)
    standing = rows[(rows["status"] == "open") & ~rows["legal_form"].isin(NOT_BINDING)]
    standing = standing[[name for name in [*COLUMNS, *_MORE] if name != "overdue_days"]]
    return with_uncovered(standing.reset_index(drop=True), parameters, tables)


def promises_known(parameters: Parameters, tables: Mapping[str, Table]) -> pd.DataFrame:
    """Every promise known on `as_of`, with the status that it had on that day.

    Returns
    -------
    DataFrame
        The columns of `standing_promises` with `overdue_days` (from the last day on which a
        promise could have been kept, for one that was missed and that nothing has superseded),
        then `status_on`, `supersedes` and `refined` (whether a known row only makes it more
        exact), and as dates or None `due_earliest`, `due_latest`, `ended` and `announced` (the
        first day on which the row may be used).
    """
    ledger = tables["deadlines"].frame
    check_ledger(ledger)
    day = date.fromisoformat(parameters.as_of)
    rows = _as_known_on(day, ledger[ledger["country"].isin(parameters.countries)])
    rows = _measured_on(day, rows)
    rank = {country: position for position, country in enumerate(parameters.countries)}
    rows["rank"] = rows["country"].map(rank)
    rows = rows.sort_values(["rank", "event_promised", "announced"], ignore_index=True)
    return rows[
        [
            *COLUMNS, *_MORE, "status_on", "supersedes", "refined", "due_earliest", "due_latest",
            "ended", "announced",
        ]
    ]  # fmt: skip


def _as_known_on(day: date, ledger: pd.DataFrame) -> pd.DataFrame:
    """The rows announced by a day, without what became of them later."""
    announced = pd.Series(
        [parse_partial_date(text).latest for text in ledger["announced_on"]],
        index=ledger.index,
        dtype="object",
    )
    known = np.array([when <= day for when in announced], dtype=bool)
    rows = ledger.assign(announced=announced)[known].reset_index(drop=True)
    ended = [when.latest if when else None for when in _dates(rows["status_on"])]
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
    due = _dates(rows["due_on"])
    rows["due_earliest"] = [when.earliest if when else None for when in due]
    rows["due_latest"] = [when.latest if when else None for when in due]
    return rows


def _measured_on(day: date, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with slippage, notice and days overdue."""
    by_id = {row.promise_id: row for row in rows.itertuples()}
    slips = [_slippage(row, by_id) for row in rows.itertuples()]
    refined = {
        row.supersedes
        for row in rows.itertuples()
        if row.supersedes in by_id and _refines(row, by_id[row.supersedes])
    }
    superseded = set(rows["supersedes"].dropna())
    overdue = [
        (day - row.due_latest).days
        if row.status == "missed" and row.promise_id not in superseded
        else None
        for row in rows.itertuples()
    ]
    measures = {
        name: _integers(slip[position] if slip else None for slip in slips)
        for position, name in enumerate(("slippage_low", "slippage_days", "slippage_high"))
    }
    return rows.assign(
        **measures,
        notice_days=_integers(_notice(row, by_id) for row in rows.itertuples()),
        overdue_days=_integers(overdue),
        refined=rows["promise_id"].isin(refined),
    )


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
        `country`, `due_on`, `slippage_low`, `slippage_days`, `slippage_high`, `overdue_days`,
        `promise_id` and `state`: *observed* where a dated promise stands; *no_date* where one
        without a date does; *overdue* where the last one was missed and nothing has taken its
        place; *no_promise* where none is known; *not_covered* where the ledger does not cover the
        country on the day.
    """
    ends = promises[
        (promises["event_promised"] == "end_of_transition")
        & ~promises["legal_form"].isin(NOT_BINDING)
    ]
    covers, month = tables["deadlines"].declaration.covers, parameters.as_of[:7]
    columns = ["due_on", "slippage_low", "slippage_days", "slippage_high", "overdue_days"]
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


def check_ledger(rows: pd.DataFrame) -> None:
    """Refuse a ledger that contradicts itself.

    Raises
    ------
    TableProblems
        Naming every row that falls due at another day than its own clock and length say, is
        superseded before it was announced or by nothing, has an ending without a day, or
        supersedes a promise of another country or event.
    """
    by_id = {row.promise_id: row for row in rows.itertuples()}
    superseding = set(rows["supersedes"].dropna())
    problems = [
        Problem("deadlines", row.Index + 2, column, expected, found, remedy)
        for row in rows.itertuples()
        for column, expected, found, remedy in _contradictions(row, by_id, superseding)
    ]
    if problems:
        raise TableProblems(problems)


def _contradictions(row, by_id, superseding):
    announced = parse_partial_date(row.announced_on)
    clock, due, over = _date(row.clock_start), _date(row.due_on), _date(row.status_on)
    if clock and due and not pd.isna(row.months_promised):
        earliest = add_months(clock.earliest, int(row.months_promised))
        latest = add_months(clock.latest, int(row.months_promised))
        apart = max((due.earliest - latest).days, (earliest - due.latest).days)
        if apart > _END_TOLERANCE_DAYS:
            yield (
                "due_on", f"{latest} ({row.months_promised} months from {row.clock_start})",
                row.due_on, "Correct the clock, the length or the due date.",
            )  # fmt: skip
    if (row.status == "open") != (over is None):
        yield (
            "status_on",
            "a day for every status but open",
            str(row.status_on),
            "Complete the row.",
        )
    if over and over.latest < announced.earliest:
        yield "status_on", f"no day before {row.announced_on}", row.status_on, "Correct the day."
    if row.status == "missed" and due and over and over.latest < due.latest:
        yield (
            "status_on",
            f"no day before the due date {row.due_on}",
            row.status_on,
            ("A promise is missed only once it is due; before, it is superseded or lapsed."),
        )
    if row.status == "superseded" and row.promise_id not in superseding:
        yield (
            "status",
            "a promise that supersedes it",
            "none",
            ("Add the promise that takes its place, or code it as lapsed."),
        )
    if isinstance(row.supersedes, str):
        earlier = by_id[row.supersedes]
        if (earlier.country, earlier.event_promised) != (row.country, row.event_promised):
            yield (
                "supersedes",
                "a promise of the same country and event",
                row.supersedes,
                ("Correct the link."),
            )
        if parse_partial_date(earlier.announced_on).earliest > announced.latest:
            yield "supersedes", "an earlier promise", row.supersedes, "Correct the link."


def _date(text) -> PartialDate | None:
    return parse_partial_date(text) if isinstance(text, str) else None


def _dates(cells: Iterable) -> list[PartialDate | None]:
    return [_date(cell) for cell in cells]


def _integers(values: Iterable[int | None]) -> pd.array:
    return pd.array(list(values), dtype="Int64")


def _refines(row, earlier) -> bool:
    """Whether a due date only says more exactly what an earlier one said."""
    if row.due_latest is None or earlier.due_latest is None:
        return False
    wider = (earlier.due_latest - earlier.due_earliest) > (row.due_latest - row.due_earliest)
    return (
        wider and earlier.due_earliest <= row.due_earliest and row.due_latest <= earlier.due_latest
    )


def _replaced(row, by_id):
    """The promise that a promise takes the place of, past those that it only makes more exact."""
    earlier = by_id.get(row.supersedes)
    while earlier is not None and _refines(row, earlier):
        earlier = by_id.get(earlier.supersedes)
    return earlier


def _slippage(row, by_id) -> tuple[int, int, int] | None:
    """Least, middle and most days between two due dates."""
    if row.due_latest is None:
        return None
    earlier = _replaced(row, by_id)
    while earlier is not None and earlier.due_latest is None:
        earlier = by_id.get(earlier.supersedes)
    if earlier is None:
        return None
    before, after = parse_partial_date(earlier.due_on), parse_partial_date(row.due_on)
    return (
        (after.earliest - before.latest).days,
        (after.midpoint - before.midpoint).days,
        (after.latest - before.earliest).days,
    )


def _notice(row, by_id) -> int | None:
    earlier = _replaced(row, by_id)
    if earlier is None or earlier.due_latest is None:
        return None
    return (earlier.due_latest - row.announced).days
