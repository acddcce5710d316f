"""Promised lengths of transitions beside their actual ones, as known on any day.

The promises of Mali and Burkina Faso since 2020 are those of the ledger `deadlines`; those of the
other transitions of the reference class stand in `reference_promises`.
"""

from collections.abc import Mapping
from datetime import date, timedelta

import pandas as pd

from sahel_transitions.indicators.transition_deadlines import NOT_BINDING
from sahel_transitions.indicators.transitions import spells_known
from sahel_transitions.parameters import Parameters
from sahel_transitions.tables import PartialDate, Table, parse_partial_date

END, VOTE = "end_of_transition", "presidential_election"
COLUMNS = [
    "spell_id", "country", "event_promised", "announced_on", "due_on", "promised_days",
    "actual_days", "first", "outcome", "day_passed", "promise_id", "sources",
]  # fmt: skip
# Sources count the first or the last day of a term.
_GRACE = timedelta(days=1)


def promised_lengths(parameters: Parameters, tables: Mapping[str, Table]) -> pd.DataFrame:
    """Every dated promise of an end or of a presidential vote that was known on `as_of`.

    Returns
    -------
    DataFrame
        `spell_id` and `country` of the transition, `event_promised`, `announced_on`, `due_on`,
        `promised_days` (from the beginning of the transition to the middle of the due date),
        `actual_days` (to the vote, or for an end of the transition to the inauguration; missing
        where neither was known), `first` (the earliest dated promise of its transition),
        `outcome`, `day_passed` (whether its day had passed without what was promised) and
        `sources`. The outcome on the day is *kept* (it came true by its day, or the day after),
        *overthrown* (an overthrow came before its day), *replaced* (a later promise took its
        place before its day), *passed* (its day passed without) or *open*. Proposals,
        recommendations, promises without a date and terms with an undated alternative are left
        out.
    """
    day = date.fromisoformat(parameters.as_of)
    votes, offices = (
        spells_known(parameters, tables, ends=ends).set_index("spell_id")
        for ends in ("vote", "inauguration")
    )
    rows = _announced(_promises(tables), day)
    rows = rows[rows["spell"].isin(votes.index)]
    replacements = rows.dropna(subset="supersedes").set_index("supersedes")["announced_on"]
    dated = rows[rows["due_on"].notna()]
    result = []
    for row in dated.itertuples():
        due = parse_partial_date(row.due_on)
        spell = (votes if row.event_promised == VOTE else offices).loc[row.spell]
        began = date.fromisoformat(spell["began"])
        held = spell["exit"] == "election"
        replaced = row.promise_id in replacements.index and (
            parse_partial_date(replacements[row.promise_id]).latest <= due.latest
        )
        outcome = _outcome(due, spell, day, replaced)
        result.append(
            {
                "spell_id": row.spell,
                "country": row.country,
                "event_promised": row.event_promised,
                "announced_on": row.announced_on,
                "due_on": row.due_on,
                "promised_days": (due.midpoint - began).days,
                "actual_days": int(spell["days"]) if held else None,
                "announced": parse_partial_date(row.announced_on).latest,
                "outcome": outcome,
                "day_passed": outcome != "kept" and day > due.latest + _GRACE,
                "promise_id": row.promise_id,
                "sources": row.sources,
            }
        )
    frame = pd.DataFrame(result, columns=[*COLUMNS, "announced"])
    # Of two promises of one day, the end of the transition says more.
    frame = frame.sort_values(["announced", "event_promised", "promise_id"], kind="stable")
    frame["first"] = ~frame.duplicated("spell_id")
    frame["rank"] = frame["spell_id"].map({name: n for n, name in enumerate(votes.index)})
    frame = frame.sort_values(["rank", "announced", "event_promised"], kind="stable")
    return frame[COLUMNS].astype({"actual_days": "Int64"}).reset_index(drop=True)


def _promises(tables: Mapping[str, Table]) -> pd.DataFrame:
    ledger = tables["deadlines"].frame
    ledger = ledger[~ledger["legal_form"].isin(NOT_BINDING)]
    names = [
        "promise_id", "country", "spell", "event_promised", "announced_on", "due_on", "supersedes",
        "sources",
    ]  # fmt: skip
    rows = pd.concat([tables["reference_promises"].frame[names], ledger[names]], ignore_index=True)
    return rows[rows["event_promised"].isin([END, VOTE])]


def _announced(rows: pd.DataFrame, day: date) -> pd.DataFrame:
    known = [parse_partial_date(text).latest <= day for text in rows["announced_on"]]
    return rows[known]


def _outcome(due: PartialDate, spell: pd.Series, day: date, replaced: bool) -> str:
    last = due.latest + _GRACE
    ended = date.fromisoformat(spell["ended"])
    if spell["exit"] == "election" and ended <= last:
        return "kept"
    if spell["exit"] == "overthrow" and ended <= due.latest:
        return "overthrown"
    if replaced:
        return "replaced"
    return "passed" if day > last else "open"
