"""What a ledger of promises must not say: contradictions within a row and between linked rows."""

import pandas as pd

from sahel_transitions.errors import Problem, TableProblems
from sahel_transitions.tables import add_months, parse_if_given, parse_partial_date

# Sources count the first or the last day of a term, so an end may differ by this much.
_END_TOLERANCE_DAYS = 1


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
    clock, due, over = (
        parse_if_given(row.clock_start),
        parse_if_given(row.due_on),
        parse_if_given(row.status_on),
    )
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
