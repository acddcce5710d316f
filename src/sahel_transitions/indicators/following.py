"""Does one country make another's changes of partner some time later? A test that can say no.

`follow_choices` says which choice is the primary one and why; everything else shows what other
choices would have said.
"""

from collections.abc import Mapping
from dataclasses import astuple

import numpy as np
import pandas as pd
from statsmodels.stats.multitest import multipletests

from sahel_transitions.indicators.follow_choices import (
    CHOICES_OF_TESTS,
    DECIDING,
    POWER_SCATTER,
    PRIMARY,
    SCATTERS,
    Choices,
)
from sahel_transitions.indicators.follow_pairs import Pair, pairs_of_study
from sahel_transitions.parameters import Parameters
from sahel_transitions.tables import Table

# Changes within a quarter of the same day of a clock are made at the same time of it.
NEAR_DAYS = 90
TEST_COLUMNS = [
    "leader", "follower", "kind", "null", "measure", "clock", "joint", "acts", "lines", "primary",
    "decides", "decided_together", "channels", "observed", "typical_lag", "lag_low", "lag_high", "later", "near", "p_value",
    "p_low", "p_high", "p_smallest", "exact", "power", "p_family", "state",
]  # fmt: skip
NULL_COLUMNS = ["leader", "follower", "kind", "value", "times", "observed", "p_value", "exact"]
POWER_COLUMNS = ["leader", "follower", "decides", "channels", "scatter_months", "power"]


def follow_tests(parameters: Parameters, tables: Mapping[str, Table]) -> pd.DataFrame:
    """Every test of following, for each ordered pair of the study and each placebo leader.

    A channel (with *all* lines: a line) counts once, with the first change that both countries
    made in it; under the null *partners* a partner does.

    Returns
    -------
    DataFrame
        `TEST_COLUMNS`, one row a pair and `Choices`. `joint` says whether changes made together
        are counted, `acts` whether those of all actors are or only the own acts of both, `lines`
        whether parts of channels are beside the main lines. `decides` names the tests on which
        sentences rest (`DECIDING`). `decided_together` is how many changes of the two are
        joint by the coded actors in both, on
        dates that may be one day: a leader that has any is none from outside. `channels` is how many channels (partners) could be compared, `observed` the measure. `typical_lag` is
        the median lag in days on the clock of the row, `lag_low` and `lag_high` the smallest and
        the largest, `later` how many are above 0, and `near` how many are at most `NEAR_DAYS`
        either way. `p_low` and `p_high`, of the primary test alone, are the 2.5th and 97.5th
        percentile of its p-value over days drawn from the intervals of the dates. `p_smallest` is
        the least that the test could have given. `power`, of the deciding tests of pairs of the
        study, is the share of simulated studies in which a follower whose lags scatter by
        `POWER_SCATTER` months would be told. `p_family` is the p-value with all tests of the pair
        without joint decisions counted (Holm 1979). `state` is *observed*; *too_few*, fewer than two
        channels in common; *no_coup*, no coup of one of the two to count from; or *not_covered*.
    """
    rows = [
        (*pair.names, *_as_row(pair, choices))
        for pair in pairs_of_study(parameters, tables)
        for choices in CHOICES_OF_TESTS
    ]
    frame = pd.DataFrame(rows, columns=TEST_COLUMNS)
    whole = {name: "Int64" for name in ("decided_together", "channels", "later", "near")}
    real = {
        name: "float64"
        for name in ("observed", "typical_lag", "lag_low", "lag_high", "p_value", "p_low",
                     "p_high", "p_smallest", "power", "p_family")
    }  # fmt: skip
    frame = frame.astype(whole | real)
    answered = frame[(frame["joint"] == "without") & frame["p_value"].notna()]
    for _, family in answered.groupby(["leader", "follower"], sort=False):
        adjusted = multipletests(family["p_value"].to_numpy(), method="holm")[1]
        frame.loc[family.index, "p_family"] = adjusted
    return frame


def follow_nulls(parameters: Parameters, tables: Mapping[str, Table]) -> pd.DataFrame:
    """The null of the primary test of each pair beside what was observed, for drawing.

    Returns
    -------
    DataFrame
        `NULL_COLUMNS`: `value` is a value of the measure in days (rounded to a tenth), `times` how
        often the null gives it. Pairs without a test have no row. Since the test is the same in
        both directions, a pair of the study stands once, in the order of its countries.
    """
    rank = {country: place for place, country in enumerate(parameters.countries)}
    frames = []
    for pair in pairs_of_study(parameters, tables):
        if rank.get(pair.names[0], -1) > rank[pair.names[1]]:
            continue
        found = pair.test(PRIMARY, pair.days(PRIMARY))
        if found is None:
            continue
        values, times = np.unique(found.null.round(1), return_counts=True)
        frames.append(
            pd.DataFrame({"value": values, "times": times}).assign(
                leader=pair.names[0], follower=pair.names[1], kind=pair.names[2],
                observed=found.observed, p_value=found.p_value, exact=found.exact,
            )
        )  # fmt: skip
    if not frames:
        return pd.DataFrame(columns=NULL_COLUMNS)
    return pd.concat(frames, ignore_index=True)[NULL_COLUMNS]


def follow_power(parameters: Parameters, tables: Mapping[str, Table]) -> pd.DataFrame:
    """How often each deciding test would find a follower whose lags scatter by so many months.

    Returns
    -------
    DataFrame
        `POWER_COLUMNS`, one row for each pair of the study, with the country that the study names
        first as the leader, each of `DECIDING` that can be made, and each of `SCATTERS`: the share
        of 400 simulated studies, with the leader's own dates, whose p-value is below 0.05.
    """
    rank = {country: place for place, country in enumerate(parameters.countries)}
    rows = []
    for pair in pairs_of_study(parameters, tables):
        leader, follower, kind = pair.names
        if kind != "study" or rank[leader] > rank[follower]:
            continue
        for choices, decides in DECIDING.items():
            days = pair.days(choices)
            if len(days) > 1:
                rows += [
                    (leader, follower, decides, len(days), scatter,
                     pair.power(days["leader"], scatter))
                    for scatter in SCATTERS
                ]  # fmt: skip
    return pd.DataFrame(rows, columns=POWER_COLUMNS)


def _as_row(pair: Pair, choices: Choices) -> tuple:
    days = pair.days(choices)
    state = pair.state(choices, days)
    decides = DECIDING.get(choices)
    told = (*astuple(choices), choices == PRIMARY, decides)
    if state in {"not_covered", "no_coup"}:
        return (*told, *(None,) * (len(TEST_COLUMNS) - len(told) - 4), state)
    together = pair.decided_together
    lags = (days["follower"] - days["leader"]).to_numpy()
    of_lags = (np.median(lags), lags.min(), lags.max()) if len(lags) else (None,) * 3
    counts = int((lags > 0).sum()), int((np.abs(lags) <= NEAR_DAYS).sum())
    found = pair.test(choices, days)
    if found is None:
        return (*told, together, len(days), None, *of_lags, *counts, *(None,) * 7, state)
    low = high = None
    if choices == PRIMARY:
        # Drawn matchings may fall a little to one side of all.
        low, high = pair.over_intervals(days)
        low, high = min(low, found.p_value), max(high, found.p_value)
    power_of = pair.names[2] == "study" and decides is not None
    return (
        *told, together, len(days), found.observed, *of_lags, *counts, found.p_value, low, high,
        found.p_smallest, found.exact,
        pair.power(days["leader"], POWER_SCATTER) if power_of else None, None, state,
    )  # fmt: skip
