"""One leader and one follower: their changes on a chosen clock, and the test by chosen means."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property, lru_cache

import numpy as np
import pandas as pd

from sahel_transitions.indicators.follow_choices import LEVEL, Choices
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

_MONTH = DAYS_A_YEAR / 12
# A change within a year after the leader's counts as one that may have followed.
_HORIZON_DAYS = 365
_MEASURES = {
    "irregularity": (irregularity, True),
    "order": (shared_order, False),
    "synchrony": (followed_within(_HORIZON_DAYS), False),
}
# The same whichever of the two is set as the leader.
_SYMMETRIC = frozenset({"irregularity", "order"})
_LINE = ["partner", "channel", "line"]
_SIDES = ("leader", "follower")
# What a date may mean: its middle, and the first and the last day.
_ENDS = {"": "midpoint", "_low": "earliest", "_high": "latest"}
_DAYS = [f"{side}{end}" for side in _SIDES for end in _ENDS]
_MIDDLES = [_DAYS.index(side) for side in _SIDES]
# So many draws of the days within their intervals, each against so many matchings.
_DATE_DRAWS, _MATCHINGS = 200, 4_999


def pairs_of_study(parameters: Parameters, tables: Mapping[str, Table]) -> list["Pair"]:
    """Each ordered pair of the study and each placebo leader, in the order of their rows."""
    changes = common_changes(parameters, tables)
    coups = coups_known(parameters, tables)
    rows = dict(iter(changes.groupby(["leader", "follower"], sort=False)))
    return [
        Pair(names, rows.get(names[:2], changes.iloc[:0]), coups, parameters, tables)
        for names in leaders_and_followers(parameters, tables)
    ]


@dataclass(frozen=True)
class Pair:
    """One leader and one follower, ready to be tested under any choices.

    Attributes
    ----------
    names : tuple of str
        The leader, the follower, and the kind: *study* or *placebo*.
    changes : DataFrame
        Their rows of `common_changes`.
    coups : DataFrame
        Of `coups_known`.
    """

    names: tuple[str, str, str]
    changes: pd.DataFrame
    coups: pd.DataFrame
    parameters: Parameters
    tables: Mapping[str, Table]
    _days: dict[tuple[str, ...], pd.DataFrame] = field(default_factory=dict)

    def days(self, choices: Choices) -> pd.DataFrame:
        """For each channel `leader` and `follower` (days on the clock), with their intervals."""
        unit = "partner" if choices.null == "partners" else "line"
        key = (choices.joint, choices.acts, choices.lines, choices.clock, unit)
        if key not in self._days:
            self._days[key] = self._days_on_the_clock(choices)
        return self._days[key]

    def _days_on_the_clock(self, choices: Choices) -> pd.DataFrame:
        rows = self._rows
        kept = np.ones(len(rows), dtype=bool)
        if choices.joint == "without":
            kept &= ~rows["together"].to_numpy()
        if choices.acts == "own":
            kept &= rows["own_act"].to_numpy()
        if choices.lines == "main":
            kept &= (rows["line"] == MAIN_LINE).to_numpy()
        days = rows.loc[kept, _DAYS].to_numpy()
        units = rows.loc[kept, "unit_partner" if choices.null == "partners" else "unit_line"]
        by_time = np.argsort(days[:, _MIDDLES].sum(axis=1), kind="stable")
        _, firsts = np.unique(units.to_numpy()[by_time], return_index=True)
        zeros = np.repeat([self._zero(choices, side) for side in _SIDES], len(_ENDS))
        return pd.DataFrame(days[np.sort(by_time[firsts])] - zeros, columns=_DAYS)

    @cached_property
    def _rows(self) -> pd.DataFrame:
        """The changes, with the days that their dates may mean and numbers for their units."""
        # One order in both directions, so that a pair has one answer.
        rows = self.changes.sort_values([*_LINE, "change"], kind="stable")
        days = {
            f"{side}{end}": [
                getattr(parse_partial_date(text), part).toordinal() for text in rows[f"{side}_date"]
            ]
            for side in _SIDES
            for end, part in _ENDS.items()
        }
        return rows.assign(
            **{name: np.array(values, dtype="float64") for name, values in days.items()},
            unit_partner=rows.groupby("partner").ngroup(),
            unit_line=rows.groupby(_LINE).ngroup(),
        )

    @cached_property
    def decided_together(self) -> int:
        """How many changes are joint by the actors of both, on dates that may be one day."""
        joint = self.changes[["leader_actor", "follower_actor"]].eq("joint").all(axis=1)
        one_day = (self.changes["days_low"] <= 0) & (self.changes["days_high"] >= 0)
        return int((joint & one_day).sum())

    def state(self, choices: Choices, days: pd.DataFrame) -> str:
        """Whether the days can be tested: *observed*, or why not."""
        spans = [coverage_of(country, self.tables) for country in self.names[:2]]
        if any(span is None or span.first > self.parameters.as_of[:7] for span in spans):
            return "not_covered"
        if choices.clock != "calendar" and any(c not in self.coups.index for c in self.names[:2]):
            return "no_coup"
        return "observed" if len(days) > 1 else "too_few"

    def test(self, choices: Choices, days: pd.DataFrame) -> Following | None:
        """The test of the days by these choices; None where there can be none."""
        if self.state(choices, days) != "observed":
            return None
        measure, small = _MEASURES[choices.measure]
        if choices.null != "shifts":
            sides = self._sides if choices.measure in _SYMMETRIC else _SIDES
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
        ends = [days[[f"{side}_low", f"{side}_high"]].to_numpy().T for side in self._sides]
        values = []
        for _ in range(_DATE_DRAWS):
            drawn = [draw.integers(low, high, endpoint=True) for low, high in ends]
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


@lru_cache(maxsize=512)
def _power(leader: tuple[float, ...], scatter: float, seed: int) -> float:
    return power(leader, scatter, level=LEVEL, seed=seed)
