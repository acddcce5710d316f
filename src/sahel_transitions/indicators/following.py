"""Does one country make another's changes of partner some time later? A test that can say no.

The primary choice was fixed before any other was computed:

null *channels*
    It keeps both calendars, each clustered round the country's own coups, and asks only what a
    common calendar does not already explain: whether matching channels belong together. The null
    *shifts* would take two upheavals near in time for following.
measure *irregularity*
    Under that null the mean lag never varies, so that following shows in lags that are alike. Its
    p-value does not depend on the clock and not on the direction, so that neither can be chosen.
without joint decisions
    On one day nobody follows.
acts *all*
    Whose act a change was is not coded, and can only be guessed from its kind.

Everything else (`follow_tests`) shows what other choices would have said. Channels of one partner
often change together, and then are not as many as they look: the null *partners* counts each
partner once and matches partners. It was added after the tests had been seen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from sahel_transitions.indicators.parallel_paths import (
    CLOCKS,
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
from sahel_transitions.tables import Table, add_months, parse_partial_date

# A change within a year after the leader's counts as one that may have followed.
HORIZON_DAYS = 365
# Changes within a quarter of the same day of a clock are made at the same time of it.
NEAR_DAYS = 90
TEST_COLUMNS = [
    "leader", "follower", "kind", "null", "measure", "clock", "joint", "acts", "primary",
    "channels", "observed", "typical_lag", "lag_low", "lag_high", "later", "near", "p_value",
    "p_low", "p_high", "p_smallest", "exact", "state",
]  # fmt: skip
NULL_COLUMNS = ["leader", "follower", "kind", "value", "times", "observed", "p_value", "exact"]
POWER_COLUMNS = ["leader", "follower", "channels", "scatter_months", "power"]
# Standard deviations of lags for which the power of the primary test is told.
SCATTERS = (1, 3, 6, 12)
_MONTH = 30.4375
_MEASURES = {
    "irregularity": (irregularity, True),
    "order": (shared_order, False),
    "synchrony": (followed_within(HORIZON_DAYS), False),
}
# So many draws of the days within their intervals, each against so many matchings.
_DATE_DRAWS, _MATCHINGS = 200, 4_999


@dataclass(frozen=True)
class Choices:
    """What a test of following depends on."""

    null: str = "channels"
    measure: str = "irregularity"
    clock: str = "calendar"
    joint: str = "without"
    acts: str = "all"


PRIMARY = Choices()
# Where the clock makes no difference by construction, it is not varied.
CHOICES_OF_TESTS = tuple(
    Choices(null, measure, clock, joint, acts)
    for null, measure, clocks in (
        ("channels", "irregularity", CLOCKS[:1]),
        ("channels", "order", CLOCKS[:1]),
        ("partners", "irregularity", CLOCKS[:1]),
        ("partners", "order", CLOCKS[:1]),
        ("channels", "synchrony", CLOCKS),
        ("shifts", "synchrony", CLOCKS),
    )
    for clock in clocks
    for joint in ("without", "with")
    for acts in ("all", "own")
)


def follow_tests(parameters: Parameters, tables: Mapping[str, Table]) -> pd.DataFrame:
    """Every test of following, for each ordered pair of the study and each placebo leader.

    A channel counts once, with the first change that both countries made in it; under the null
    *partners* a partner does.

    Returns
    -------
    DataFrame
        `TEST_COLUMNS`, one row a pair and `Choices`. `joint` says whether changes made together
        are counted, `acts` whether those in `PARTNERS_ACTS` are (*all*) or not (*own*). `channels`
        is how many channels (partners) could be compared, `observed` the measure. `typical_lag` is
        the median lag in days on the clock of the row, `lag_low` and `lag_high` the smallest and
        the largest, `later` how many are above 0, and `near` how many are at most `NEAR_DAYS`
        either way. `p_low` and `p_high`, of the primary test alone, are the 2.5th and 97.5th
        percentile of its p-value over days drawn from the intervals of the dates. `p_smallest` is
        the least that the test could have given. `state` is *observed*; *too_few*, fewer than two
        channels in common; *no_coup*, no coup of one of the two to count from; or *not_covered*.
    """
    rows = [
        (*pair.names, *_as_row(pair, choices))
        for pair in _pairs(parameters, tables)
        for choices in CHOICES_OF_TESTS
    ]
    frame = pd.DataFrame(rows, columns=TEST_COLUMNS)
    whole = {name: "Int64" for name in ("channels", "later", "near")}
    real = {
        name: "float64"
        for name in ("observed", "typical_lag", "lag_low", "lag_high", "p_value", "p_low",
                     "p_high", "p_smallest")
    }  # fmt: skip
    return frame.astype(whole | real)


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
    """How often the primary test would find a follower whose lags scatter by so many months.

    Returns
    -------
    DataFrame
        `POWER_COLUMNS`, one row for each pair of the study that the primary test answers, with the
        country that the study names first as the leader, and each of `SCATTERS`: the share of 400
        simulated studies, with the leader's own dates, whose p-value is at most 0.05.
    """
    rank = {country: place for place, country in enumerate(parameters.countries)}
    rows = []
    for pair in _pairs(parameters, tables):
        leader, follower, kind = pair.names
        days = pair.days(PRIMARY)
        if kind != "study" or rank[leader] > rank[follower] or len(days) < 2:
            continue
        rows += [
            (leader, follower, len(days), scatter,
             power(days["leader"], scatter * _MONTH, seed=parameters.seed))
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
            rows = rows[~rows["partners_act"]]
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
        ).assign(partner=rows["partner"].to_numpy(), channel=rows["channel"].to_numpy())
        first = (found["leader"] + found["follower"]).sort_values(kind="stable").index
        unit = ["partner"] if choices.null == "partners" else ["partner", "channel"]
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
            return match_channels(
                days["leader"], days["follower"], measure, small=small, seed=self.parameters.seed
            )
        first, last = (day - self._zero(choices, "follower") for day in self._observed())
        # The middle of a date that may lie before the coding begins.
        first = min(first, int(days["follower"].min()))
        return shift_calendar(days["leader"], days["follower"], first, last, measure, small=small)

    def over_intervals(self, days: pd.DataFrame) -> tuple[float, float]:
        """The middle 95 of 100 p-values of the primary test over days drawn within intervals."""
        draw = np.random.default_rng(self.parameters.seed)
        values = []
        for _ in range(_DATE_DRAWS):
            drawn = [
                draw.integers(days[f"{side}_low"], days[f"{side}_high"], endpoint=True)
                for side in ("leader", "follower")
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
    told = (
        choices.null, choices.measure, choices.clock, choices.joint, choices.acts,
        choices == PRIMARY,
    )  # fmt: skip
    if state in {"not_covered", "no_coup"}:
        return (*told, *(None,) * (len(TEST_COLUMNS) - len(told) - 4), state)
    lags = (days["follower"] - days["leader"]).to_numpy()
    of_lags = (np.median(lags), lags.min(), lags.max()) if len(lags) else (None,) * 3
    counts = int((lags > 0).sum()), int((np.abs(lags) <= NEAR_DAYS).sum())
    found = pair.test(choices, days)
    if found is None:
        return (*told, len(days), None, *of_lags, *counts, *(None,) * 5, state)
    low = high = None
    if choices == PRIMARY:
        # Drawn matchings may fall a little to one side of all.
        low, high = pair.over_intervals(days)
        low, high = min(low, found.p_value), max(high, found.p_value)
    return (
        *told, len(days), found.observed, *of_lags, *counts, found.p_value, low, high,
        found.p_smallest, found.exact, state,
    )  # fmt: skip
