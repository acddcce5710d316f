"""How one row of a ledger is named to a reader."""

from typing import Any

import pandas as pd

from sahel_transitions.claims.claim_checks import Query, Range
from sahel_transitions.language import Words


def row_label(table: str, row: Any, words: Words) -> str | None:
    """A row in a few words: what and when. None for rows of a table that is no ledger.

    Parameters
    ----------
    row : named tuple
        A row of `frame.itertuples()`.
    """
    match table:
        case "partner_events" | "neighbour_events" if hasattr(row, "to_state"):
            line = "main" if pd.isna(row.line) else row.line
            what = words.change(row.partner, row.channel, row.to_state, line)
            return words("row.dated", who=row.country, what=what, when=words.when(row.date))
        case "deadlines":
            what = words(f"event.{row.event_promised}")
            if pd.isna(row.due_on):
                return words("row.promise", who=row.country, what=what, when=row.announced_on)
            return words("row.dated_promise", who=row.country, what=what, when=row.announced_on,
                         due=row.due_on)  # fmt: skip
        case "coups":
            return words("row.coup", who=row.country, when=row.date)
        case "incidents":
            by = words(f"reported_by.{row.reported_by}")
            return words("row.toll", who=row.country, when=row.date, by=by)
    return None


def what_is_sought(query: Query, words: Words) -> str | None:
    """What a query of a ledger of partners or promises looks for, by its conditions.

    None where the conditions are of another kind or too many to be told.
    """
    where = query.where
    match query.table:
        case "partner_events" | "neighbour_events" if "partner" in where or "channel" in where:
            kinds = {"partner": "partner", "channel": "channel", "to_state": "state"}
        case "deadlines" if "event_promised" in where:
            kinds = {"event_promised": "event"}
        case _:
            return None
    parts = []
    for column, kind in kinds.items():
        given = where.get(column)
        if isinstance(given, Range):
            return None
        values = given if isinstance(given, tuple) else (given,) if given is not None else ()
        parts += [words.listed(words(f"{kind}.{each}") for each in values)] if values else []
    if isinstance(where.get("line"), str):
        parts.append(words.line(where["line"]))
    return words.between("claims.comma", parts)
