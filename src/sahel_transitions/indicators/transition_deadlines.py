"""Promised deadlines: the ledger as it was known on any day.

No view uses a row, or the end of a row, before the last day on which it may have become known. So
the view on a day is the same whatever the ledger says of later days.
"""

from collections.abc import Iterable, Mapping
from datetime import date

import pandas as pd

from sahel_transitions.errors import Problem, TableProblems
from sahel_transitions.parameters import Parameters
from sahel_transitions.tables import PartialDate, Table, add_months, parse_partial_date

COLUMNS = [
    "country", "event_promised", "announced_on", "due_on", "authority", "months_promised",
    "slippage_days", "notice_days", "status", "promise_id",
]  # fmt: skip
# Forms that bind nobody: they are kept in the ledger and never stand.
NOT_BINDING = frozenset({"proposal", "recommendation"})
# Sources count the first or the last day of a term, so an end may differ by this much.
_END_TOLERANCE_DAYS = 1


def standing_promises(parameters: Parameters, tables: Mapping[str, Table]) -> pd.DataFrame:
    """The promises that stand on `as_of`, one row each.

    Returns
    -------
    DataFrame
        `COLUMNS`, then `legal_form`, `overdue_days` and `sources`. `due_on` is empty for a promise
        without a date. `slippage_days` is counted from the due date of the nearest dated promise
        that it supersedes, directly or through undated ones; `notice_days` from the day of the
        announcement to the due date of the promise that it supersedes itself, and negative where that
        date had passed. Where a due date is
        known to the month, its last day counts. All three are empty where there is nothing to
        count. A country without a ledger has one row, of the status *not_covered*.
    """
    rows = promises_known(parameters, tables)
    standing = rows[(rows["status"] == "open") & ~rows["legal_form"].isin(NOT_BINDING)]
    standing = standing[[*COLUMNS, "legal_form", "overdue_days", "sources"]]
    return with_uncovered(
        standing.reset_index(drop=True), tables["deadlines"], parameters.countries
    )


_COUNTED = ("months_promised", "slippage_days", "notice_days", "overdue_days")


def promises_known(parameters: Parameters, tables: Mapping[str, Table]) -> pd.DataFrame:
    """Every promise known on `as_of`, with the status that it had on that day.

    Returns
    -------
    DataFrame
        The columns of `standing_promises`, then `status_on` and `supersedes`, and as dates or None
        `due_earliest`, `due_latest`, `ended` and `announced` (the first day on which the row may
        be used).
    """
    ledger = tables["deadlines"]
    check_ledger(ledger.frame)
    day = date.fromisoformat(parameters.as_of)
    rows = ledger.frame.copy()
    announced = [parse_partial_date(text) for text in rows["announced_on"]]
    rows["announced"] = [when.latest for when in announced]
    known = (rows["announced"] <= day) & rows["country"].isin(parameters.countries)
    rows = rows[known].reset_index(drop=True)
    ended = [when.latest if when else None for when in _dates(rows["status_on"])]
    rows["ended"] = pd.Series(
        [when if when and when <= day else None for when in ended], dtype="object"
    )
    over = rows["ended"].notna()
    rows["status"] = rows["status"].where(over, "open")
    rows["status_on"] = rows["status_on"].where(over)
    due = _dates(rows["due_on"])
    rows["due_earliest"] = [when.earliest if when else None for when in due]
    rows["due_latest"] = [when.latest if when else None for when in due]
    by_id = {row.promise_id: row for row in rows.itertuples()}
    rows["slippage_days"] = _integers(_slippage(row, by_id) for row in rows.itertuples())
    rows["notice_days"] = _integers(_notice(row, by_id) for row in rows.itertuples())
    rows["overdue_days"] = _integers(
        (day - row.due_latest).days
        if row.status == "open" and row.due_latest and row.due_latest < day
        else None
        for row in rows.itertuples()
    )
    rank = {country: position for position, country in enumerate(parameters.countries)}
    rows["rank"] = rows["country"].map(rank)
    rows = rows.sort_values(["rank", "event_promised", "announced"], ignore_index=True)
    return rows[
        [
            *COLUMNS, "legal_form", "overdue_days", "sources", "status_on", "supersedes",
            "due_earliest", "due_latest", "ended", "announced",
        ]
    ]  # fmt: skip


def promised_ends(
    promises: pd.DataFrame, ledger: Table, countries: tuple[str, ...]
) -> pd.DataFrame:
    """Where the promised end of the transition stands, one row a country.

    Returns
    -------
    DataFrame
        `country`, `due_on`, `slippage_days`, `promise_id` and `state`: *observed*, *no_date* where
        no dated promise stands, *not_covered* where the country has no ledger.
    """
    open_ends = promises[
        (promises["event_promised"] == "end_of_transition")
        & (promises["status"] == "open")
        & ~promises["legal_form"].isin(NOT_BINDING)
        & promises["due_on"].notna()
    ].drop_duplicates("country", keep="last")
    columns = ["country", "due_on", "slippage_days", "promise_id"]
    ends = pd.DataFrame({"country": list(countries)}).merge(
        open_ends[columns], on="country", how="left", validate="one_to_one"
    )
    covered = ends["country"].isin(list(ledger.declaration.coverage))
    ends["state"] = "observed"
    ends.loc[ends["due_on"].isna(), "state"] = "no_date"
    ends.loc[~covered, "state"] = "not_covered"
    return ends


def with_uncovered(
    promises: pd.DataFrame, ledger: Table, countries: tuple[str, ...]
) -> pd.DataFrame:
    """The promises, and a row of the status *not_covered* for each country without a ledger."""
    lacking = [
        {"country": country, "status": "not_covered", "sources": ()}
        for country in countries
        if country not in ledger.declaration.coverage
    ]
    if not lacking:
        return promises
    rows = pd.DataFrame(lacking).reindex(columns=promises.columns)
    return pd.concat(
        [promises, rows.astype({name: "Int64" for name in _COUNTED})], ignore_index=True
    )


def check_ledger(rows: pd.DataFrame) -> None:
    """Refuse a ledger that contradicts itself.

    Raises
    ------
    TableProblems
        Naming every row that falls due at another day than its own clock and length say, is
        superseded before it was announced, has an ending without a day, or supersedes a promise
        of another country or event.
    """
    by_id = {row.promise_id: row for row in rows.itertuples()}
    problems = [
        Problem("deadlines", row.Index + 2, column, expected, found, remedy)
        for row in rows.itertuples()
        for column, expected, found, remedy in _contradictions(row, by_id)
    ]
    if problems:
        raise TableProblems(problems)


def _contradictions(row, by_id):
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


def _slippage(row, by_id) -> int | None:
    if row.due_latest is None:
        return None
    earlier = by_id.get(row.supersedes)
    while earlier is not None and earlier.due_latest is None:
        earlier = by_id.get(earlier.supersedes)
    return None if earlier is None else (row.due_latest - earlier.due_latest).days


def _notice(row, by_id) -> int | None:
    earlier = by_id.get(row.supersedes)
    if earlier is None or earlier.due_latest is None:
        return None
    return (earlier.due_latest - row.announced).days
