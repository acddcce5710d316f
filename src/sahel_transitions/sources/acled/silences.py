"""Which months an export of events covers, and which of them it lost.

A file of events lists what happened; of a time without a row it does not say whether nothing
happened, whether its export left the time out, or whether somebody deleted rows. It is told here
from how dense events of all types are around: silence where fifteen events were to be expected is
a hole and no peace. In ACLED's own weekly counts of seventeen countries of West Africa there are
nine such silences between 1997 and 2009, and one since; these months are then called missing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pandas as pd

# Half a year before and after a silence give what was to be expected within it.
_AROUND = 182
# Inside a file the thinner side counts; at its edge there is one side alone, of two lengths.
_LONG_AROUND = 728
_EXPECTED_IN_A_HOLE = 15
# Of the days of a month that a hole touches, or that the last month lacks.
_EXPECTED_IN_A_MONTH = 3
# The first days of the month of the first event, and the last of that of the last one.
_EDGE_DAYS = 7
_ACLED_BEGINS = 1997


@dataclass(frozen=True)
class Held:
    """By country, the span of months that a file covers, and the spans within it that it lost.

    `notes` are sentences on what was found.
    """

    coverage: dict[str, dict[str, str]]
    lost: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def months_held(counts: pd.DataFrame) -> Held:
    """The months that a file covers of each country.

    Parameters
    ----------
    counts : DataFrame
        `country` (ISO3, or anything else for a country of no interest, which tells how far the
        file reaches), `start` and `end` (the first and last day that a row stands for; one day for
        events, seven for weekly counts) and `events` (of all types, at least 1).
    """
    whole = counts.groupby(["start", "end"], as_index=False)["events"].sum()
    first, last = whole["start"].min(), whole["end"].max()
    span, notes = _whole_months(_Series.of(whole), first, last)
    coverage, lost = {}, {}
    for country, rows in counts[counts["country"].notna()].groupby("country"):
        series = _Series.of(rows.groupby(["start", "end"], as_index=False)["events"].sum())
        own, _ = _whole_months(series, *series.edges)
        begins = span["first"] if series.reaches_back_to(first) else own["first"]
        ends = span["last"] if series.reaches(last) else own["last"]
        if begins > ends:
            continue
        coverage[country] = {"first": begins, "last": ends}
        holes = [hole for hole in series.holes() if begins <= hole["last"]]
        if holes:
            lost[country] = holes
            notes += [
                f"{country}: no event of any type from {hole['from']} to {hole['to']}, where about "
                f"{hole['expected']:,.0f} were to be expected: {_months(hole)} missing, not zero."
                for hole in holes
            ]
    spans = {
        country: [{"first": hole["first"], "last": hole["last"]} for hole in holes]
        for country, holes in lost.items()
    }
    return Held(coverage, spans, notes)


def gaps(months: Iterable[str]) -> list[dict[str, str]]:
    """The spans of months that a listing of months lacks between its first and its last.

    For files that list every month, those without an event too: what is lacking there is lost.
    """
    there = pd.PeriodIndex(sorted(set(months)), freq="M")
    return [
        {"first": str(before + 1), "last": str(after - 1)}
        for before, after in pairwise(there)
        if (after - before).n > 1
    ]


@dataclass(frozen=True)
class _Series:
    """Events by day of one country or of a whole file, as arrays in the order of days."""

    start: np.ndarray
    end: np.ndarray
    total: np.ndarray

    @classmethod
    def of(cls, rows: pd.DataFrame) -> "_Series":
        rows = rows.sort_values("start")
        start, end = (rows[name].to_numpy("datetime64[D]").astype("int64") for name in
                      ("start", "end"))  # fmt: skip
        return cls(start, end, np.concatenate([[0], rows["events"].to_numpy("float64").cumsum()]))

    @property
    def edges(self) -> tuple[pd.Timestamp, pd.Timestamp]:
        return _day(self.start[0]), _day(self.end.max())

    def before(self, place: int, days: int = _AROUND) -> float:
        """Events a day in the days up to a row."""
        since = np.searchsorted(self.start, self.end[place] - days + 1)
        return (self.total[place + 1] - self.total[since]) / days

    def after(self, place: int, days: int = _AROUND) -> float:
        """Events a day in the days from a row on."""
        until = np.searchsorted(self.start, self.start[place] + days)
        return (self.total[until] - self.total[place]) / days

    def reaches(self, last: pd.Timestamp) -> bool:
        """Whether silence from the last row to a day can be true."""
        place = len(self.start) - 1
        quiet = (last - _day(self.end[place])).days
        rate = min(self.before(place), self.before(place, _LONG_AROUND))
        return quiet * rate < _EXPECTED_IN_A_HOLE

    def reaches_back_to(self, first: pd.Timestamp) -> bool:
        """Whether silence from a day to the first row can be true."""
        quiet = (_day(self.start[0]) - first).days
        rate = min(self.after(0), self.after(0, _LONG_AROUND))
        return quiet * rate < _EXPECTED_IN_A_HOLE

    def holes(self) -> list[dict]:
        """Silences that cannot be true: their days, what was to be expected, and their months."""
        found = []
        quiet = self.start[1:] - self.end[:-1] - 1
        for place in np.flatnonzero(quiet > 0):
            rate = min(self.before(place), self.after(place + 1))
            expected = quiet[place] * rate
            if expected < _EXPECTED_IN_A_HOLE:
                continue
            begins, ends = _day(self.end[place] + 1), _day(self.start[place + 1] - 1)
            months = [
                month
                for month in pd.period_range(begins, ends, freq="M")
                if _days_within(month, begins, ends) * rate >= _EXPECTED_IN_A_MONTH
                or _days_within(month, begins, ends) == month.days_in_month
            ]
            if months:
                found.append(
                    {"from": begins.date(), "to": ends.date(), "expected": expected,
                     "first": str(months[0]), "last": str(months[-1])}
                )  # fmt: skip
        return found


def _whole_months(
    series: _Series, first: pd.Timestamp, last: pd.Timestamp
) -> tuple[dict[str, str], list[str]]:
    """The whole months between two days, and a note on a last month that is not whole."""
    starts, ends, notes = first.to_period("M"), last.to_period("M"), []
    before = first.day - 1
    if before > _EDGE_DAYS or before * series.after(0) >= _EXPECTED_IN_A_MONTH:
        starts += 1
    if first.year == _ACLED_BEGINS:
        # The first event of a country may come late in the first year of the dataset.
        starts = pd.Period(f"{_ACLED_BEGINS}-01", "M")
    left = last.days_in_month - last.day
    if left >= _EDGE_DAYS or left * series.before(-1 % len(series.start)) >= _EXPECTED_IN_A_MONTH:
        notes.append(f"The file ends on {last.date()}: {ends} is not whole, and not covered.")
        ends -= 1
    return {"first": str(starts), "last": str(ends)}, notes


def _day(number: int) -> pd.Timestamp:
    return pd.Timestamp(np.datetime64(int(number), "D"))


def _days_within(month: pd.Period, first: pd.Timestamp, last: pd.Timestamp) -> int:
    begins, ends = max(month.start_time, first), min(month.end_time.normalize(), last)
    return (ends - begins).days + 1


def _months(hole: dict) -> str:
    return hole["first"] if hole["first"] == hole["last"] else f"{hole['first']} to {hole['last']}"
