"""How one row of a ledger is named to a reader."""

from typing import Any

import pandas as pd

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
