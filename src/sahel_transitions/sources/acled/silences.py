"""Which months an export of events covers, and which of them it lost.

A file of events lists what happened; of a time without a row it does not say whether nothing
happened, whether its export left the time out, or whether somebody deleted rows. It is told here
from how many days (or weeks) around have an event of any type: if each is as likely to have one as
those of the half year before or after, whichever is quieter, the chance of a silence follows. In
ACLED's own weekly counts of seventeen countries of West Africa since 1997, two silences were so
unlikely as to be called holes here, in 2001 and 2008; in its daily events of Mali, Burkina Faso and
Niger to 2020, none.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pandas as pd

_AROUND = 182
# At the edge of a file there is one side alone, so that two lengths are looked at.
_LONG_AROUND = 728
# Minus the logarithm of the chance of a silence: beyond this it is a hole (one in 400,000) ...
_HOLE = 13.0
# ... and the days that a month lacks at its end are so, if they are few, beyond this (one in 20).
_CUT = 3.0
# With so many days lacking, a month is not whole in any case.
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
        `country` (ISO3; missing for countries of no interest, which tell how far the file
        reaches), `start` and `end` (the first and last day that a row stands for: one day for
        events, seven for weekly counts). One row for each country and period with an event.
    """
    whole = _Series.of(counts)
    first, last = whole.edges
    span, notes = _whole_months(whole, first, last)
    coverage, lost = {}, {}
    for country, rows in counts[counts["country"].notna()].groupby("country"):
        series = _Series.of(rows)
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
                f"{country}: no event of any type from {hole['from']} to {hole['to']}, while "
                f"{hole['share']:.0%} of the {whole.unit} around have one: {_months(hole)} "
                "missing, not zero."
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
    """The days, or other periods of equal length, on which one country or a whole file has events.

    Arrays of days since 1970, in order; `length` is that of a period in days.
    """

    start: np.ndarray
    end: np.ndarray
    length: int

    @classmethod
    def of(cls, rows: pd.DataFrame) -> "_Series":
        periods = rows[["start", "end"]].drop_duplicates().sort_values("start")
        start, end = (periods[name].to_numpy("datetime64[D]").astype("int64") for name in
                      ("start", "end"))  # fmt: skip
        return cls(start, end, int(end[0] - start[0]) + 1)

    @property
    def unit(self) -> str:
        return "days" if self.length == 1 else "weeks"

    @property
    def edges(self) -> tuple[pd.Timestamp, pd.Timestamp]:
        return _day(self.start[0]), _day(self.end[-1])

    def unlikely(self, quiet: float, *shares: float) -> float:
        """Minus the logarithm of the chance of so many quiet days, at the lowest of shares."""
        return -quiet / self.length * float(np.log1p(-min(shares)))

    def before(self, place: int, days: int = _AROUND) -> float:
        """The share of periods with an event, of those up to a row."""
        since = np.searchsorted(self.end, self.end[place] - days, side="right")
        return self._share(place + 1 - since, days)

    def after(self, place: int, days: int = _AROUND) -> float:
        """The share of periods with an event, of those from a row on."""
        until = np.searchsorted(self.start, self.start[place] + days)
        return self._share(until - place, days)

    def _share(self, active: int, days: int) -> float:
        # Never one: half a year of events every day does not make a quiet day impossible.
        return (active + 0.5) / (days // self.length + 1)

    def reaches(self, last: pd.Timestamp) -> bool:
        """Whether silence from the last row to a day can be true."""
        place = len(self.start) - 1
        quiet = (last - _day(self.end[place])).days
        shares = self.before(place), self.before(place, _LONG_AROUND)
        return self.unlikely(quiet, *shares) < _HOLE

    def reaches_back_to(self, first: pd.Timestamp) -> bool:
        """Whether silence from a day to the first row can be true."""
        quiet = (_day(self.start[0]) - first).days
        return self.unlikely(quiet, self.after(0), self.after(0, _LONG_AROUND)) < _HOLE

    def holes(self) -> list[dict]:
        """Silences that cannot be true: their days, the share of active periods, their months."""
        found = []
        quiet = self.start[1:] - self.end[:-1] - 1
        for place in np.flatnonzero(quiet > 0):
            share = min(self.before(place), self.after(place + 1))
            if self.unlikely(quiet[place], share) < _HOLE:
                continue
            begins, ends = _day(self.end[place] + 1), _day(self.start[place + 1] - 1)
            months = [
                month
                for month in pd.period_range(begins, ends, freq="M")
                if self._is_lost(month, _days_within(month, begins, ends), share)
            ]
            if months:
                found.append(
                    {"from": begins.date(), "to": ends.date(), "share": share,
                     "first": str(months[0]), "last": str(months[-1])}
                )  # fmt: skip
        return found

    def _is_lost(self, month: pd.Period, days: int, share: float) -> bool:
        return days == month.days_in_month or (
            days >= _EDGE_DAYS and self.unlikely(days, share) >= _CUT
        )


def _whole_months(
    series: _Series, first: pd.Timestamp, last: pd.Timestamp
) -> tuple[dict[str, str], list[str]]:
    """The whole months between two days, and a note on a last month that is not whole."""
    starts, ends, notes = first.to_period("M"), last.to_period("M"), []
    before = first.day - 1
    if before > _EDGE_DAYS or series.unlikely(before, series.after(0)) >= _CUT:
        starts += 1
    if first.year == _ACLED_BEGINS:
        # The first event of a country may come late in the first year of the dataset.
        starts = pd.Period(f"{_ACLED_BEGINS}-01", "M")
    left = last.days_in_month - last.day
    share = series.before(len(series.start) - 1)
    if left >= _EDGE_DAYS or series.unlikely(left, share) >= _CUT:
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
