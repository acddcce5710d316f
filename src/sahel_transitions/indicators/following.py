"""Does one country make another's changes of partner some time later? A test that can say no.

`follow_choices` says which choice is the primary one and why; everything else shows what other
choices would have said.
"""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
import pandas as pd
from statsmodels.stats.multitest import multipletests

from sahel_transitions.indicators.follow_choices import (
    CHOICES_OF_TESTS,
    DECIDING,
    LEVEL,
    POWER_SCATTER,
    PRIMARY,
    SCATTERS,
    Choices,
)
from sahel_transitions.indicators.parallel_paths import (
    MAIN_LINE,
    common_changes,
    coups_known,
    coverage_of,
    leaders_and_followers,
)
from sahel_transitions.methods import (
    Following,
    followed_within,
    irregularity,
    match_channels,
    power,
    shared_order,
    shift_calendar,
)
from sahel_transitions.parameters import Parameters
from sahel_transitions.tables import DAYS_A_YEAR, Table, add_months, parse_partial_date

# A change within a year after the leader's counts as one that may have followed.
HORIZON_DAYS = 365
# Changes within a quarter of the same day of a clock are made at the same time of it.
NEAR_DAYS = 90
TEST_COLUMNS = [
    "leader", "follower", "kind", "null", "measure", "clock", "joint", "acts", "lines", "primary",
    "decides", "decided_together", "channels", "observed", "typical_lag", "lag_low", "lag_high", "later", "near", "p_value",
    "p_low", "p_high", "p_smallest", "exact", "power", "p_family", "state",
]  # fmt: skip
NULL_COLUMNS = ["leader", "follower", "kind", "value", "times", "observed", "p_value", "exact"]
POWER_COLUMNS = ["leader", "follower", "decides", "channels", "scatter_months", "power"]
_MONTH = DAYS_A_YEAR / 12
_MEASURES = {
    "irregularity": (irregularity, True),
    "order": (shared_order, False),
    "synchrony": (followed_within(HORIZON_DAYS), False),
}
# The same whichever of the two is set as the leader.
_SYMMETRIC = frozenset({"irregularity", "order"})
_LINE = ["partner", "channel", "line"]
# So many draws of the days within their intervals, each against so many matchings.
_DATE_DRAWS, _MATCHINGS = 200, 4_999


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
        for pair in _pairs(parameters, tables)
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
    for pair in _pairs(parameters, tables):
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
    for pair in _pairs(parameters, tables):
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


def _pairs(parameters: Parameters, tables: Mapping[str, Table]) -> list["_Pair"]:
    changes = common_changes(parameters, tables)
    coups = coups_known(parameters, tables)
    rows = dict(iter(changes.groupby(["leader", "follower"], sort=False)))
    return [
        _Pair(names, rows.get(names[:2], changes.iloc[:0]), coups, parameters, tables)
        for names in leaders_and_followers(parameters, tables)
    ]


@dataclass(frozen=True)
class _Pair:
    """One leader and one follower, ready to be tested under any choices."""

    names: tuple[str, str, str]
    changes: pd.DataFrame
    coups: pd.DataFrame
    parameters: Parameters
    tables: Mapping[str, Table]

    def days(self, choices: Choices) -> pd.DataFrame:
        """For each channel `leader` and `follower` (days on the clock), with their intervals."""
        rows = self.changes
        if choices.joint == "without":
            rows = rows[~rows["together"]]
        if choices.acts == "own":
            rows = rows[rows["own_act"]]
        if choices.lines == "main":
            rows = rows[rows["line"] == MAIN_LINE]
        # One order in both directions, so that a pair has one answer.
        rows = rows.sort_values([*_LINE, "change"], kind="stable")
        found = pd.DataFrame(
            {
                f"{side}{end}": [
                    getattr(parse_partial_date(text), part).toordinal() - self._zero(choices, side)
                    for text in rows[f"{side}_date"]
                ]
                for side in ("leader", "follower")
                for end, part in (("", "midpoint"), ("_low", "earliest"), ("_high", "latest"))
            },
            dtype="float64",
        ).assign(**{name: rows[name].to_numpy() for name in _LINE})
        first = (found["leader"] + found["follower"]).sort_values(kind="stable").index
        unit = ["partner"] if choices.null == "partners" else _LINE
        return found.loc[first].drop_duplicates(unit).sort_index()

    def state(self, choices: Choices, days: pd.DataFrame) -> str:
        spans = [coverage_of(country, self.tables) for country in self.names[:2]]
        if any(span is None or span.first > self.parameters.as_of[:7] for span in spans):
            return "not_covered"
        if choices.clock != "calendar" and any(c not in self.coups.index for c in self.names[:2]):
            return "no_coup"
        return "observed" if len(days) > 1 else "too_few"

    def test(self, choices: Choices, days: pd.DataFrame) -> Following | None:
        if self.state(choices, days) != "observed":
            return None
        measure, small = _MEASURES[choices.measure]
        if choices.null != "shifts":
            sides = self._sides if choices.measure in _SYMMETRIC else ("leader", "follower")
            return match_channels(
                *(days[side] for side in sides), measure, small=small, seed=self.parameters.seed
            )
        first, last = (day - self._zero(choices, "follower") for day in self._observed())
        # The middle of a date that may lie before the coding begins.
        first = min(first, int(days["follower"].min()))
        return shift_calendar(days["leader"], days["follower"], first, last, measure, small=small)

    def power(self, leader: pd.Series, scatter: int) -> float:
        """Share of studies told in which the follower's lags scatter by so many months."""
        return _power(tuple(leader), scatter * _MONTH, self.parameters.seed)

    @property
    def _sides(self) -> tuple[str, str]:
        """The two sides in one order whoever leads, so that the same matchings are drawn."""
        one, two = self.names[:2]
        return ("leader", "follower") if one < two else ("follower", "leader")

    def over_intervals(self, days: pd.DataFrame) -> tuple[float, float]:
        """The middle 95 of 100 p-values of the primary test over days drawn within intervals."""
        draw = np.random.default_rng(self.parameters.seed)
        values = []
        for _ in range(_DATE_DRAWS):
            drawn = [
                draw.integers(days[f"{side}_low"], days[f"{side}_high"], endpoint=True)
                for side in self._sides
            ]
            found = match_channels(
                *drawn, irregularity, most_listed=_MATCHINGS, draws=_MATCHINGS,
                seed=self.parameters.seed,
            )  # fmt: skip
            values.append(found.p_value)
        low, high = np.quantile(values, [0.025, 0.975])
        return float(low), float(high)

    def _zero(self, choices: Choices, side: str) -> int:
        country = self.names[0] if side == "leader" else self.names[1]
        if choices.clock == "calendar" or country not in self.coups.index:
            return 0
        return self.coups.at[country, choices.clock].toordinal()

    def _observed(self) -> tuple[int, int]:
        span = coverage_of(self.names[1], self.tables)
        last = add_months(date.fromisoformat(f"{span.last}-01"), 1) - timedelta(days=1)
        last = min(last, date.fromisoformat(self.parameters.as_of))
        return date.fromisoformat(f"{span.first}-01").toordinal(), last.toordinal()


def _as_row(pair: _Pair, choices: Choices) -> tuple:
    days = pair.days(choices)
    state = pair.state(choices, days)
    decides = DECIDING.get(choices)
    told = (*astuple(choices), choices == PRIMARY, decides)
    if state in {"not_covered", "no_coup"}:
        return (*told, *(None,) * (len(TEST_COLUMNS) - len(told) - 4), state)
    joint = pair.changes[["leader_actor", "follower_actor"]].eq("joint").all(axis=1)
    one_day = (pair.changes["days_low"] <= 0) & (pair.changes["days_high"] >= 0)
    together = int((joint & one_day).sum())
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


@lru_cache(maxsize=512)
def _power(leader: tuple[float, ...], scatter: float, seed: int) -> float:
    return power(leader, scatter, level=LEVEL, seed=seed)
