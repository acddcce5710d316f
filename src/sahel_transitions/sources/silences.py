"""Which months a file of events covers, and which of them it lost.

A file of events lists what happened; of a time without a row it does not say whether nothing
happened, whether its export left the time out, or whether somebody deleted rows. It is told here
from how many days (or weeks) around have an event: if each is as likely to have one as those of the
half year before or after, whichever is quieter, the chance of a silence follows.

The bound is set so that no true silence is called a hole: neither in ACLED's daily events of Mali,
Burkina Faso and Niger to 2020 (all of them, political violence, targeting of civilians, lethal
ones), nor in its weekly counts of seventeen countries of West Africa since 1997, nor in UCDP GED
24.1 of eight countries since 1989. What is deleted where events are rare is therefore not found.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

Spans = dict[str, list[dict[str, str]]]

_AROUND = 182
# At the edge of a file there is one side alone, so that two lengths are looked at.
_LONG_AROUND = 728
# Minus the logarithm of the chance of a silence: beyond this it is a hole (one in 3 million) ...
_HOLE = 15.0
# ... if so many of the days or weeks of the half years on both sides have an event ...
_ACTIVE = 9
# ... and the days that a month lacks at its end are so, if they are few, beyond this (one in 20).
_CUT = 3.0
# With so many days lacking, a month is not whole in any case.
_EDGE_DAYS = 7


@dataclass(frozen=True)
class Held:
    """By country, the span of months that a file covers, and the spans within it that it lost.

    `notes` are sentences on what was found.
    """

    coverage: dict[str, dict[str, str]]
    lost: Spans = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def months_held(counts: pd.DataFrame, dataset_begins: int) -> Held:
    """The months that a file covers of each country.

    Parameters
    ----------
    counts : DataFrame
        `country` (ISO3; missing for countries of no interest, which tell how far the file
        reaches), `start` and `end` (the first and last day that a row stands for: one day for
        events, seven for weekly counts). One row for each country and period with an event.
    dataset_begins : int
        The year in which the dataset begins: whatever the day of its first event, a file from
        that year holds it from January on.
    """
    whole = _Series.of(counts)
    first, last = whole.edges
    span, notes = _whole_months(whole, first, last, dataset_begins)
    coverage = {}
    for country, rows in _by_country(counts):
        series = _Series.of(rows)
        own, _ = _whole_months(series, *series.edges, dataset_begins)
        begins = span["first"] if series.reaches_back_to(first) else own["first"]
        ends = span["last"] if series.reaches(last) else own["last"]
        if begins <= ends:
            coverage[country] = {"first": begins, "last": ends}
    lost, holes = lost_within(counts, coverage)
    return Held(coverage, lost, [*notes, *holes])


def lost_within(
    counts: pd.DataFrame, coverage: dict[str, dict[str, str]], what: str = "event of any type"
) -> tuple[Spans, list[str]]:
    """The spans of months in which the silence of a country cannot be true, and a note on each.

    Parameters
    ----------
    counts : DataFrame
        As for `months_held`.
    coverage : dict
        By country, the first and last month that the file covers; holes outside are left out.
    what : str
        What the rows are of, for the notes.
    """
    spans, notes = {}, []
    for country, rows in _by_country(counts):
        if country not in coverage:
            continue
        held, series = coverage[country], _Series.of(rows)
        for hole in series.holes():
            first, last = max(hole["first"], held["first"]), min(hole["last"], held["last"])
            if first > last:
                continue
            spans.setdefault(country, []).append({"first": first, "last": last})
            months = first if first == last else f"{first} to {last}"
            notes.append(
                f"{country}: no {what} from {hole['from']} to {hole['to']}, while "
                f"{hole['share']:.0%} of the {series.unit} around have one: {months} missing, not "
                "zero."
            )
    return spans, notes


def both(one: Spans, other: Spans) -> Spans:
    """The spans that are in one or the other, those that touch joined."""
    joined: Spans = {}
    for country in dict.fromkeys([*one, *other]):
        months = {
            str(month)
            for span in [*one.get(country, []), *other.get(country, [])]
            for month in pd.period_range(span["first"], span["last"], freq="M")
        }
        joined[country] = consecutive(months)
    return joined


def consecutive(months: Iterable[str]) -> list[dict[str, str]]:
    """Months as spans, each as long as it can be."""
    spans: list[dict[str, str]] = []
    for month in sorted(months):
        if spans and str(pd.Period(spans[-1]["last"], "M") + 1) == month:
            spans[-1]["last"] = month
        else:
            spans.append({"first": month, "last": month})
    return spans


def without_lost(
    frame: pd.DataFrame, coverage: dict[str, dict[str, str]], lost: Spans
) -> pd.DataFrame:
    """The rows of a table by `country` and `month` that its declaration stands for."""
    known = frame["country"].map({code: span["first"] for code, span in coverage.items()})
    until = frame["country"].map({code: span["last"] for code, span in coverage.items()})
    kept = (frame["month"] >= known) & (frame["month"] <= until)
    for country, spans in lost.items():
        for span in spans:
            inside = frame["month"].between(span["first"], span["last"])
            kept &= ~((frame["country"] == country) & inside)
    return frame[kept].reset_index(drop=True)


def _by_country(counts: pd.DataFrame):
    return counts[counts["country"].notna()].groupby("country")


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
        enough = (_ACTIVE + 0.5) / (_AROUND // self.length + 1)
        for place in np.flatnonzero(quiet > 0):
            share = min(self.before(place), self.after(place + 1))
            if share < enough or self.unlikely(quiet[place], share) < _HOLE:
                continue
            begins, ends = _day(self.end[place] + 1), _day(self.start[place + 1] - 1)
            touched = list(pd.period_range(begins, ends, freq="M"))
            # A hole of few days over the end of a month takes both months.
            months = [
                month
                for month in touched
                if self._is_lost(month, _days_within(month, begins, ends), share)
            ] or touched
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
    series: _Series, first: pd.Timestamp, last: pd.Timestamp, dataset_begins: int
) -> tuple[dict[str, str], list[str]]:
    """The whole months between two days, and a note on a first or last one that is not whole."""
    starts, ends, notes = first.to_period("M"), last.to_period("M"), []
    before = first.day - 1
    cut = series.unlikely(before, series.after(0)) >= _CUT
    if first.year == dataset_begins:
        starts = pd.Period(f"{dataset_begins}-01", "M")
    elif cut or (before > _EDGE_DAYS and first.month > 1):
        # Exports begin with a year as a rule, and its first days may be quiet.
        notes.append(f"The file begins on {first.date()}: {starts} is not whole, and not covered.")
        starts += 1
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
