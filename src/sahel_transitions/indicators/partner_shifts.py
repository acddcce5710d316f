"""Partner shifts: each partner and channel as a state machine, seen from any day.

A channel's state follows its main line; parts with states of their own (one agreement, one unit,
one outlet) are lines beside it.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import combinations

import pandas as pd

from sahel_transitions.errors import Problem, TableProblems
from sahel_transitions.parameters import Parameters
from sahel_transitions.tables import Table, days_between, parse_partial_date

STATES = ("absent", "announced", "active", "suspended", "denounced", "ended")
# From each state, those it may turn into. Announced is not effective: what was only announced
# can be called off (absent) but not suspended. Denounced is notice given, which may be taken back.
TRANSITIONS = {
    "absent": {"announced", "active"},
    "announced": {"active", "absent", "ended"},
    "active": {"suspended", "denounced", "ended"},
    "suspended": {"active", "denounced", "ended"},
    "denounced": {"ended", "active"},
    "ended": {"announced", "active"},
}
# States that prepare another. Where nothing follows for so long, the record may have missed it.
_PREPARING = {"announced", "denounced"}
UNFINISHED_AFTER = timedelta(days=365)
# Measures against a country are no relation with it: they are drawn and counted apart.
MEASURES = ("sanctions",)
COLUMNS = [
    "country", "partner", "channel", "state", "since_earliest", "since_latest", "sources",
]  # fmt: skip
LAG_COLUMNS = [
    "partner", "channel", "change", "first_country", "second_country", "days_low", "days",
    "days_high",
]  # fmt: skip

_LINE = ["country", "partner", "channel", "line"]


def partner_states(
    parameters: Parameters, tables: Mapping[str, Table], lines: bool = False
) -> pd.DataFrame:
    """The state of every partner and channel on `as_of`.

    Parameters
    ----------
    lines : bool
        Whether to add the lines beside the main one; `line` is empty for the latter.

    Returns
    -------
    DataFrame
        `COLUMNS`, then `line`, `since` (the date as coded), `what`, `event_id` and `unfinished`
        (whether the state is announced or notice given, and nothing has followed for a year: the
        end may have come unseen); one row for each country × partner × channel (× line) of the
        ledger that any country of the study had on the day. `since_earliest` is empty where the
        state is older than the coding. A line of which nothing was known of this country is
        *absent*, and *not_covered* before the ledger begins. A country without a ledger has one
        row, *not_covered*, without a partner.
    """
    table = tables["partner_events"]
    known = known_transitions(parameters, tables)
    everything = table.frame[table.frame["country"].isin(parameters.countries)]
    if not lines:
        everything = everything[everything["line"].isna()]
        known = known[known["line"].isna()]
    # What no country of the study had by then is not listed: that it would come was not known.
    there = _keys(known)
    covers, month = table.declaration.covers, parameters.as_of[:7]
    keys = zip(everything["country"], _keys_in_order(everything), strict=True)
    listed = [key in there or not covers(country, month) for country, key in keys]
    everything = everything[pd.Series(listed, everything.index, dtype=bool)]
    latest = known.groupby(_LINE, dropna=False, sort=False).tail(1)
    latest = {
        tuple(map(_text, row[:4])): row
        for row in latest[[*_LINE, *_DETAILS]].itertuples(index=False)
    }
    rows = []
    for line in everything[_LINE].drop_duplicates().itertuples(index=False):
        row = latest.get(tuple(map(_text, line)))
        if row is None:
            state = "absent" if covers(line.country, month) else "not_covered"
            rows.append(
                (*line[:3], state, None, None, (), _text(line.line), None, None, None, False)
            )
            continue
        when = parse_partial_date(row.date)
        rows.append(
            (*line[:3], row.to_state, when.earliest, when.latest, row.sources,
             _text(line.line), row.date, row.what, row.event_id,
             is_unfinished(row.to_state, when.latest, date.fromisoformat(parameters.as_of)))
        )  # fmt: skip
    rows += [
        (country, None, None, "not_covered", None, None, (), None, None, None, None, False)
        for country in parameters.countries
        if country not in table.declaration.coverage
    ]
    result = pd.DataFrame(
        rows, columns=[*COLUMNS, "line", "since", "what", "event_id", "unfinished"]
    )
    rank = {country: position for position, country in enumerate(parameters.countries)}
    return result.sort_values(
        "country", key=lambda names: names.map(rank), kind="stable", ignore_index=True
    )


def _keys_in_order(rows: pd.DataFrame) -> list[tuple]:
    return [tuple(map(_text, row)) for row in rows[_LINE[1:]].itertuples(index=False)]


def _keys(rows: pd.DataFrame) -> set[tuple]:
    """Partner, channel and line of some rows."""
    return set(_keys_in_order(rows))


def with_remarks(states: pd.DataFrame) -> pd.DataFrame:
    """States with an entry, and `remark`: *unfinished* where what followed was not seen.

    A country that the ledger does not cover keeps its row.
    """
    listed = states[states["since"].notna() | states["partner"].isna()]
    remarks = listed["unfinished"].map({True: "unfinished", False: None})
    return listed.assign(remark=remarks.astype("object")).reset_index(drop=True)


def is_unfinished(state: str, since: date, day: date) -> bool:
    """Whether a state that prepares another has lasted for over a year on a day."""
    return state in _PREPARING and day - since > UNFINISHED_AFTER


_DETAILS = ["to_state", "date", "sources", "what", "event_id"]


def known_transitions(
    parameters: Parameters, tables: Mapping[str, Table], ledger: str = "partner_events"
) -> pd.DataFrame:
    """The rows of a ledger, for the countries of the study, that were public on `as_of`.

    Parameters
    ----------
    ledger : str
        `partner_events`, or a table of the same form.

    Returns
    -------
    DataFrame
        In the order in which each line passed through them, with `earliest`, `latest` (dates; the
        first is None where the state is older than the coding), `midpoint`, and `initial`, true for
        a state that is older than the coding.
    """
    table = tables[ledger]
    check_transitions(table.frame, ledger)
    when = [parse_partial_date(text) for text in table.frame["date"]]
    spans = table.declaration.coverage.values()
    begins = date.fromisoformat(f"{min(span.first for span in spans)}-01")
    rows = table.frame.assign(
        earliest=[each.earliest for each in when],
        latest=[each.latest for each in when],
        midpoint=[each.midpoint for each in when],
        initial=[each.earliest is None or each.latest < begins for each in when],
    )
    # Days in ISO form sort as text.
    known = rows["known_on"] <= parameters.as_of
    rows = rows[rows["country"].isin(parameters.countries) & known]
    return rows.reset_index(drop=True)


def check_transitions(rows: pd.DataFrame, table: str = "partner_events") -> None:
    """Refuse a ledger whose lines do not pass through legal states in order.

    Parameters
    ----------
    rows : DataFrame
        The rows of `partner_events` or of a ledger of the same form.
    table : str
        Name of the ledger, by which its problems are told.

    Raises
    ------
    TableProblems
        Naming every row whose transition is illegal, does not start where the row before it ended,
        is dated before that row, or was known before the last day on which it may have happened.
    """
    problems, stood = [], {}
    for row in rows.itertuples():
        line = (row.country, row.partner, row.channel, _text(row.line))
        before = stood.get(line)
        where = (table, row.Index + 2)
        when = parse_partial_date(row.date)
        if row.to_state not in TRANSITIONS[row.from_state]:
            legal = " or ".join(sorted(TRANSITIONS[row.from_state]))
            problems.append(
                Problem(*where, "to_state", f"{legal} after {row.from_state}", row.to_state,
                        f"Correct {row.event_id}, or code the step between.")
            )  # fmt: skip
        expected = "absent" if before is None else before.to_state
        if row.from_state != expected:
            problems.append(
                Problem(*where, "from_state", f"{expected}, where the line stood",
                        row.from_state, f"Correct {row.event_id} or the row before it.")
            )  # fmt: skip
        if before is not None and when.latest < _earliest(before.date):
            problems.append(
                Problem(*where, "date", f"no day before {before.date}", row.date,
                        f"Put {row.event_id} in its place or correct its date.")
            )  # fmt: skip
        if date.fromisoformat(row.known_on) < when.latest:
            problems.append(
                Problem(*where, "known_on", f"no day before {row.date}", row.known_on,
                        f"Correct {row.event_id}: what is only announced is a state of its "
                        "own.")
            )  # fmt: skip
        stood[line] = row
    if problems:
        raise TableProblems(problems)


def partner_lags(parameters: Parameters, tables: Mapping[str, Table]) -> pd.DataFrame:
    """How long after one country another made the same change with the same partner.

    A change is the first entry of a channel's main line into a state since the coding begins.

    Returns
    -------
    DataFrame
        `LAG_COLUMNS`, then `first_date` and `second_date`; one row for each pair of countries,
        partner, channel and change that both made. `days` is between the midpoints, `days_low` and
        `days_high` between the nearest and the furthest days that the dates may mean; a negative
        `days_low` means that the order is not certain.
    """
    rows = known_transitions(parameters, tables)
    rows = rows[rows["line"].isna()]
    firsts = first_entries(rows)
    rank = {country: position for position, country in enumerate(parameters.countries)}
    lags = []
    for (partner, channel, change), group in firsts.groupby(
        ["partner", "channel", "to_state"], sort=False
    ):
        for one, two in combinations(group.sort_values("country").itertuples(), 2):
            first, second = sorted((one, two), key=lambda row: (row.midpoint, rank[row.country]))
            lags.append(
                (partner, channel, change, first.country, second.country,
                 *days_between(first, second), first.date, second.date)
            )  # fmt: skip
    return pd.DataFrame(lags, columns=[*LAG_COLUMNS, "first_date", "second_date"])


def first_entries(rows: pd.DataFrame) -> pd.DataFrame:
    """The first entry of each line into each state since the coding begins.

    Parameters
    ----------
    rows : DataFrame
        `known_transitions(…)`, or some of it.
    """
    rows = rows[~rows["initial"]]
    return rows.groupby([*_LINE, "to_state"], dropna=False, sort=False).head(1)


def with_uncovered_pairs(
    lags: pd.DataFrame, parameters: Parameters, tables: Mapping[str, Table]
) -> pd.DataFrame:
    """The lags, and a row of the change *not_covered* for each country without a ledger."""
    coverage = tables["partner_events"].declaration.coverage
    lacking = [
        {"first_country": country, "change": "not_covered"}
        for country in parameters.countries
        if country not in coverage
    ]
    if not lacking:
        return lags
    days = {name: "Int64" for name in ("days_low", "days", "days_high")}
    rows = pd.DataFrame(lacking).reindex(columns=lags.columns).astype(days)
    return pd.concat([lags.astype(days), rows], ignore_index=True)


def _earliest(text: str) -> date:
    return parse_partial_date(text).earliest or date.min


def _text(value) -> str | None:
    return value if isinstance(value, str) else None
