"""Two countries' changes of partner side by side: on the calendar, and on each country's own clock.

The ledgers of the countries compared and of their neighbours have one form, so that any country
with rows can be put in the place of the leader. All is as known on `as_of`.
"""

from collections.abc import Mapping
from datetime import date
from itertools import permutations

import numpy as np
import pandas as pd

from sahel_transitions.indicators.partner_shifts import first_entries, known_transitions
from sahel_transitions.methods import align, lagged_agreement
from sahel_transitions.parameters import Parameters
from sahel_transitions.tables import Table, add_months, days_between, parse_partial_date

LEDGERS = ("partner_events", "neighbour_events")
# Zeros of time: none, the first coup that the ledger of coups holds, and the one that began the
# present spell.
CLOCKS = ("calendar", "first_coup", "present_spell")
# Changes surely made within so many days of each other are one decision, or answer one event:
# nobody followed. A week, because the exits announced together were announced on up to two days.
TOGETHER_DAYS = 7
# The line that a channel's state follows; other lines are its parts.
MAIN_LINE = "main"
CHANGE_COLUMNS = [
    "leader", "follower", "kind", "partner", "channel", "line", "change", "leader_actor",
    "follower_actor", "together", "own_act", "days_low", "days", "days_high", "leader_date",
    "follower_date",
    *(f"{side}_{clock}" for clock in CLOCKS[1:] for side in ("leader", "follower")),
    *(f"days_{clock}" for clock in CLOCKS[1:]), "sources",
]  # fmt: skip
_CHANNEL = ["partner", "channel"]


def monthly_states(parameters: Parameters, tables: Mapping[str, Table]) -> pd.DataFrame:
    """The state of every partner and channel at the end of each month, for each country.

    A change dated by an interval is put at its middle. Months run from the first that a ledger
    covers to the last that was over on `as_of`.

    Returns
    -------
    DataFrame
        `country`, `partner`, `channel`, `month` (`2022-03`) and `state`, one row for each country ×
        channel of which any country of the study has a row by then × month. Besides the states of
        the ledger, *not_coded*: the country has a ledger, but no row of the channel, which is not
        the same as absent; and *not_covered*: no ledger covers the country in the month. Without
        any row of any country the frame is empty.
    """
    rows = known_changes(parameters, tables, parameters.countries)
    channels = list(rows[_CHANNEL].drop_duplicates().itertuples(index=False, name=None))
    spans = [span for table in _ledgers(tables) for span in table.declaration.coverage.values()]
    first, last = min(span.first for span in spans), parameters.last_known_month
    months = list(pd.period_range(first, last, freq="M").astype("str")) if first <= last else []
    ends = [add_months(date.fromisoformat(f"{month}-01"), 1) for month in months]
    lines = {key: line for key, line in rows.groupby(["country", *_CHANNEL], sort=False)}
    cells = []
    for country in parameters.countries:
        span = coverage_of(country, tables)
        for key in channels:
            states = _at_ends(lines.get((country, *key)), ends)
            for month, state in zip(months, states, strict=True):
                covered = span is not None and span.first <= month <= span.last
                cells.append((country, *key, month, state if covered else "not_covered"))
    return pd.DataFrame(cells, columns=["country", *_CHANNEL, "month", "state"])


def _at_ends(line: pd.DataFrame | None, ends: list[date]) -> list[str]:
    if line is None:
        return ["not_coded"] * len(ends)
    passed = [line["from_state"].iloc[0], *line["to_state"]]
    return [passed[sum(middle < end for middle in line["midpoint"])] for end in ends]


def known_changes(
    parameters: Parameters,
    tables: Mapping[str, Table],
    countries: tuple[str, ...],
    lines: bool = False,
) -> pd.DataFrame:
    """The lines of any countries in all ledgers, in the form of `known_transitions`.

    Parameters
    ----------
    lines : bool
        Whether to add the parts of channels; `line` is `MAIN_LINE` for the others.
    """
    asked = parameters.model_copy(update={"countries": tuple(countries)})
    rows = pd.concat(
        [known_transitions(asked, tables, table.name) for table in _ledgers(tables)],
        ignore_index=True,
    )
    rows = rows.assign(line=rows["line"].astype("object").fillna(MAIN_LINE))
    return rows if lines else rows[rows["line"] == MAIN_LINE].reset_index(drop=True)


def coverage_of(country: str, tables: Mapping[str, Table]):
    """The months that a ledger of partners covers of a country, or None."""
    for table in _ledgers(tables):
        if country in table.declaration.coverage:
            return table.declaration.coverage[country]
    return None


def leaders_and_followers(
    parameters: Parameters, tables: Mapping[str, Table]
) -> list[tuple[str, str, str]]:
    """Who may have followed whom: leader, follower, and *study* or *placebo*.

    Every ordered pair of countries of the study, then for each of them every other country with a
    ledger as a placebo leader.
    """
    study = [
        (leader, follower, "study") for follower, leader in permutations(parameters.countries, 2)
    ]
    others = dict.fromkeys(
        name for table in _ledgers(tables) for name in table.declaration.coverage
    )
    placebos = [
        (leader, follower, "placebo")
        for follower in parameters.countries
        for leader in others
        if leader not in parameters.countries
    ]
    return study + placebos


def coups_known(parameters: Parameters, tables: Mapping[str, Table]) -> pd.DataFrame:
    """The day of the first realised coup of the ledger and of the latest, by country, on `as_of`.

    Returns
    -------
    DataFrame
        Indexed by country: `first_coup` and `present_spell`, dates; only countries that had one.
    """
    coups = tables["coups"].frame
    coups = coups[coups["outcome"] == "realised"]
    when = pd.Series([parse_partial_date(text).midpoint for text in coups["date"]], coups.index)
    known = [
        parse_partial_date(text).latest.isoformat() <= parameters.as_of for text in coups["date"]
    ]
    days = when[known].groupby(coups["country"][known])
    return pd.DataFrame({"first_coup": days.min(), "present_spell": days.max()})


def common_changes(parameters: Parameters, tables: Mapping[str, Table]) -> pd.DataFrame:
    """Every change that two countries both made with the same partner, and the days between.

    A change is the first entry of a line into a state since the coding begins, as in
    `partner_lags`; here every pair stands in both directions, and beside placebo leaders, and the
    parts of a channel that both ledgers name alike are compared beside its main line.

    Returns
    -------
    DataFrame
        `CHANGE_COLUMNS`. `kind` is *study* or *placebo*. `days` is the follower's day less the
        leader's (negative where the follower was earlier), between the middles of the dates, with
        the least and the most that they allow. `line` is `MAIN_LINE` or the name of a part. The
        two actors are those that the ledgers code. `together`: surely within `TOGETHER_DAYS`, or
        coded as *joint* in both on dates that may be one day; what each agreed with a partner at
        another time is *joint* too, and not together. `own_act`: the actor is *country* in both,
        so that an act of the partner is not paired with an own one. `leader_first_coup` and the like are days since that
        coup of the own country, and `days_first_coup` the difference of the two; they are empty
        where no coup of the country is known.
    """
    pairs = leaders_and_followers(parameters, tables)
    countries = tuple(dict.fromkeys(name for pair in pairs for name in pair[:2]))
    rows = known_changes(parameters, tables, countries, lines=True)
    firsts = first_entries(rows)
    made = {
        country: {
            (row.partner, row.channel, row.line, row.to_state): row for row in own.itertuples()
        }
        for country, own in firsts.groupby("country", sort=False)
    }
    coups = coups_known(parameters, tables)
    changes = [
        _change(pair, key, one, made[pair[1]][key], coups)
        for pair in pairs
        for key, one in made.get(pair[0], {}).items()
        if key in made.get(pair[1], {})
    ]
    frame = pd.DataFrame(changes, columns=CHANGE_COLUMNS)
    whole = [name for name in frame if "days" in name or name.endswith(CLOCKS[1:])]
    return frame.astype({name: "Int64" for name in whole} | {"together": bool, "own_act": bool})


def _change(pair, key, one, two, coups: pd.DataFrame) -> tuple:
    low, middle, high = days_between(one, two)
    near, actors = max(abs(low), abs(high)) <= TOGETHER_DAYS, {one.actor, two.actor}
    since = {
        clock: [
            (row.midpoint - coups.at[country, clock]).days if country in coups.index else None
            for country, row in zip(pair[:2], (one, two), strict=True)
        ]
        for clock in CLOCKS[1:]
    }
    return (
        *pair, *key, one.actor, two.actor, near or (actors == {"joint"} and low <= 0 <= high),
        actors == {"country"},
        low, middle, high, one.date, two.date,
        *(day for clock in CLOCKS[1:] for day in since[clock]),
        *(None if None in days else days[1] - days[0] for days in since.values()),
        tuple(dict.fromkeys([*one.sources, *two.sources])),
    )  # fmt: skip


def sequence_agreement(
    states: pd.DataFrame, leader: str, follower: str, furthest: int = 36
) -> pd.DataFrame:
    """How far the monthly states of two countries agree at each lag.

    Parameters
    ----------
    states : DataFrame
        `monthly_states(…)`.
    furthest : int
        The longest lag, in months, either way.

    Returns
    -------
    DataFrame
        `leader`, `follower` and the columns of `methods.lagged_agreement`, over the channels that
        are coded for both.
    """
    matrices, _ = _matrices(states, leader, follower)
    frame = lagged_agreement(*matrices, range(-furthest, furthest + 1))
    frame.insert(0, "leader", leader)
    frame.insert(1, "follower", follower)
    return frame


def sequence_alignment(states: pd.DataFrame, leader: str, follower: str) -> pd.DataFrame:
    """How far apart the monthly states of each common channel lie, by optimal matching.

    A gap costs 1 and another state 2, so that half the distance is the months by which the one
    sequence would have to be drawn out, and as much cut elsewhere.

    Parameters
    ----------
    states : DataFrame
        `monthly_states(…)`; used are the months in which both countries are covered.

    Returns
    -------
    DataFrame
        `leader`, `follower`, `partner`, `channel`, `months` compared, `months_apart`, `similarity`
        (1 for equal sequences), `nearer` (how many other channels of the leader lie nearer to the
        follower's) of `others`. Channels in which neither country changed in these months are left
        out: they are alike because nothing happened.
    """
    (one, two), channels = _matrices(states, leader, follower)
    both = np.not_equal(one, None) & np.not_equal(two, None)
    kept = both.all(axis=1) if len(channels) else np.zeros(len(one), bool)
    one, two = one[kept], two[kept]
    moving = [
        place
        for place in range(len(channels))
        if len(set(one[:, place])) > 1 or len(set(two[:, place])) > 1
    ]
    rows = []
    for place in moving:
        found = {other: align(one[:, other], two[:, place]) for other in moving}
        own = found[place]
        nearer = sum(each.distance < own.distance for each in found.values())
        rows.append(
            (leader, follower, *channels[place], int(kept.sum()), own.distance / 2,
             own.similarity, nearer, len(moving) - 1)
        )  # fmt: skip
    columns = ["months", "months_apart", "similarity", "nearer", "others"]
    return pd.DataFrame(rows, columns=["leader", "follower", *_CHANNEL, *columns])


def _matrices(states: pd.DataFrame, leader: str, follower: str):
    """States of two countries as arrays of months by channels coded for both; None is not known."""
    unknown = ["not_coded", "not_covered"]
    known = states.assign(state=states["state"].where(~states["state"].isin(unknown), None))
    tables = [
        known[known["country"] == country].pivot(index="month", columns=_CHANNEL, values="state")
        for country in (leader, follower)
    ]
    coded = [set(table.columns[table.notna().any()]) for table in tables]
    channels = [key for key in tables[0].columns if key in coded[0] & coded[1]]
    arrays = [table[channels].astype(object) for table in tables]
    return [each.where(each.notna(), None).to_numpy(object) for each in arrays], channels


def _ledgers(tables: Mapping[str, Table]) -> list[Table]:
    return [tables[name] for name in LEDGERS if name in tables]
