"""How long a promise ran, how far it moved a date, and with what notice: days with intervals.

Every measure is of two dates, each of which may mean several days, so each has three values: the
least and the most days that the dates allow (`_low`, `_high`), and the days between their middles
(`_days`). They are equal where both dates are days.
"""

from datetime import date

import pandas as pd

from sahel_transitions.tables import PartialDate, days_between, parse_if_given, parse_partial_date

# Measure → what it counts; each has the columns `<measure>_low`, `<measure>_days`, `<measure>_high`.
MEASURES = {
    "own_clock": "from the start of its own clock, or from the announcement of a date, to the end",
    "since_coup": "from the coup that began the regime spell to the end",
    "slippage": "from the due date that it takes the place of",
    "drift": "from the first due date ever promised for the same event",
    "notice": "from the announcement to the due date that it takes the place of",
}
_PARTS = ("low", "days", "high")
MEASURED = [f"{measure}_{part}" for measure in MEASURES for part in _PARTS]


def with_measures(rows: pd.DataFrame, coups: dict[str, str], day: date) -> pd.DataFrame:
    """Known promises with every measure.

    Parameters
    ----------
    rows : DataFrame
        Promises known on `day`, in the order of their announcement, with `due_on`, `announced_on`,
        `clock_start`, `spell`, `supersedes`, `status`, `due_latest` and `due_earliest`.
    coups : dict
        The date of the coup that began each spell.

    Returns
    -------
    DataFrame
        The rows with `MEASURED` and
        `overdue_days`: from the last day on which a promise could have been kept to `day`, for one
        that was missed and that nothing has superseded;
        `late_days`: from that day to the day on which the promise that took its place was known,
        for one that was missed and replaced;
        `refined`: whether a known row only makes it more exact;
        `replaces`: the promise that its slippage is counted from.
        A measure is empty where there is nothing to count: no due date, no earlier promise.
    """
    by_id = {row.promise_id: row for row in rows.itertuples()}
    first_due = _first_due(rows)
    measured = [_measures(row, by_id, coups, first_due) for row in rows.itertuples()]
    days = {
        f"{measure}_{part}": _integers(
            each[measure][position] if each[measure] else None for each in measured
        )
        for measure in MEASURES
        for position, part in enumerate(_PARTS)
    }
    refined = {
        row.supersedes
        for row in rows.itertuples()
        if row.supersedes in by_id and refines(row, by_id[row.supersedes])
    }
    replaced_on = {
        row.supersedes: row.announced for row in rows.itertuples() if row.supersedes in by_id
    }
    return rows.assign(
        **days,
        overdue_days=_integers(
            (day - row.due_latest).days
            if row.status == "missed" and row.promise_id not in replaced_on
            else None
            for row in rows.itertuples()
        ),
        late_days=_integers(
            (replaced_on[row.promise_id] - row.due_latest).days
            if row.status == "missed" and row.promise_id in replaced_on
            else None
            for row in rows.itertuples()
        ),
        refined=rows["promise_id"].isin(refined),
        replaces=[each["replaces"] for each in measured],
    )


def refines(row, earlier) -> bool:
    """Whether a due date only says more exactly what an earlier one said."""
    if row.due_latest is None or earlier.due_latest is None:
        return False
    wider = (earlier.due_latest - earlier.due_earliest) > (row.due_latest - row.due_earliest)
    return (
        wider and earlier.due_earliest <= row.due_earliest and row.due_latest <= earlier.due_latest
    )


def _measures(row, by_id, coups, first_due) -> dict:
    found = dict.fromkeys([*MEASURES, "replaces"])
    due, announced = parse_if_given(row.due_on), parse_partial_date(row.announced_on)
    replaced = _replaced(row, by_id)
    if replaced is not None and replaced.due_latest is not None:
        found["notice"] = days_between(announced, parse_partial_date(replaced.due_on))
    if due is None:
        return found
    clock = parse_if_given(row.clock_start) or announced
    found["own_clock"] = _term(row, clock, due)
    if row.spell in coups:
        found["since_coup"] = days_between(parse_partial_date(coups[row.spell]), due)
    dated = replaced
    while dated is not None and dated.due_latest is None:
        dated = by_id.get(dated.supersedes)
    if dated is not None:
        found["slippage"] = days_between(parse_partial_date(dated.due_on), due)
        found["replaces"] = dated.promise_id
    first = first_due.get((row.country, row.event_promised))
    if first is not None and row.binding and row.announced > first.announced:
        found["drift"] = days_between(parse_partial_date(first.due_on), due)
    return found


def _term(row, clock: PartialDate, due: PartialDate) -> tuple[int, int, int]:
    """From a clock to the end; where the end was worked out from the clock, day by day."""
    if pd.isna(row.months_promised) or not isinstance(row.clock_start, str):
        return days_between(clock, due)
    # A term from one of several days ends on the matching one of as many days.
    ends = sorted(
        ((due.earliest - clock.earliest).days, (due.latest - clock.latest).days),
    )
    return ends[0], (due.midpoint - clock.midpoint).days, ends[1]


def _first_due(rows: pd.DataFrame) -> dict:
    """The first binding dated promise of each country and event, in its most exact form."""
    dated = rows[rows["due_on"].notna() & rows["binding"]]
    firsts = {}
    for row in dated.sort_values("announced", kind="stable").itertuples():
        key = (row.country, row.event_promised)
        if key not in firsts or refines(row, firsts[key]):
            firsts[key] = row
    return firsts


def _replaced(row, by_id):
    """The promise that a promise takes the place of, past those that it only makes more exact."""
    earlier = by_id.get(row.supersedes)
    while earlier is not None and refines(row, earlier):
        earlier = by_id.get(earlier.supersedes)
    return earlier


def _integers(values) -> pd.array:
    return pd.array(list(values), dtype="Int64")
