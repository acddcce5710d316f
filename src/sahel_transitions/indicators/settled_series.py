"""Monthly deaths that a test may rest on, and the part of them around a shock.

A value is *settled* if its month is covered, not lost and no longer expected to be revised.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from sahel_transitions.indicators.civilian_deaths import civilian_deaths
from sahel_transitions.parameters import Parameters
from sahel_transitions.tables import State, Table, Tables, parse_partial_date

# Fewer months than this on a side are no level.
FEWEST_MONTHS = 6


@dataclass(frozen=True)
class SettledSeries:
    """Deaths by month over all that a table covers, and no later than the study's day.

    Attributes
    ----------
    first : int
        The first month, counted from year 0.
    values : array of float
        One a month; NaN where there is no value that a test may rest on.
    """

    first: int
    values: np.ndarray

    def place(self, month: str) -> int:
        """Where a month (`2022-03`) stands; outside the series, below 0 or beyond its length."""
        return _ordinal(month) - self.first

    def month(self, place: int) -> str:
        """The month at a place."""
        year, month = divmod(self.first + int(place), 12)
        return f"{year:04d}-{month + 1:02d}"

    def known(self) -> tuple[int, int]:
        """The places of the first and last value; (0, -1) if there is none."""
        places = np.flatnonzero(~np.isnan(self.values))
        return (int(places[0]), int(places[-1])) if len(places) else (0, -1)


@dataclass(frozen=True)
class Cut:
    """The months around a shock, ready to be fitted.

    Attributes
    ----------
    months : list of str
    counts : array of float
    after, left_out : arrays of bool
        Whether a month lies after the shock, and whether it belongs to neither side.
    largest : str or None
        The month that was left out because it was the largest.
    """

    months: list[str]
    counts: np.ndarray
    after: np.ndarray
    left_out: np.ndarray
    largest: str | None


def sources_of_deaths(tables: Tables) -> dict[str, Table]:
    """The tables of deaths of a study by source and vintage: its own first, then the project's.

    Where both bear the same name and vintage there is one: that of the study, since a file that was
    edited must never be answered for by the table of the project.
    """
    found: dict[str, Table] = {}
    for each in (tables["deaths"], tables.of_project("deaths")):
        found.setdefault(f"{each.declaration.dataset}, {each.declaration.vintage}", each)
    return found


def settled_series(
    parameters: Parameters,
    tables: Tables,
    table: Table,
    definition: str,
    *,
    column: str = "value",
    countries: tuple[str, ...] | None = None,
) -> dict[str, SettledSeries]:
    """The series of each country over everything that a table covers, whatever `start` and `end`.

    Parameters
    ----------
    table : Table
        Of deaths; one of `sources_of_deaths`.
    column : str
        Of `civilian_deaths`: `value`, or one of the series beside it such as `events`.
    countries : tuple of str, optional
        Those of the study without it; a country that the table does not cover has no series.
    """
    coverage = table.declaration.coverage
    asked = parameters.countries if countries is None else countries
    covered = tuple(country for country in asked if country in coverage)
    if not covered:
        return {}
    first = min(coverage[country].first for country in covered)
    if first > parameters.last_known_month:
        return {}
    wider = parameters.model_copy(
        update={
            "countries": covered, "deaths_definition": definition, "per_100k": False,
            "start": first, "end": max(coverage[country].last for country in covered),
        }
    )  # fmt: skip
    rows = civilian_deaths(wider, tables.with_table(table), "month")
    found = {}
    for country, part in rows.groupby("country", sort=False):
        states = part[column].array.states
        settled = np.where(states == State.OBSERVED, part[column].to_numpy("float64"), np.nan)
        found[country] = SettledSeries(_ordinal(part["period"].iloc[0]), settled)
    return found


def known_shocks(parameters: Parameters, tables: Mapping[str, Table]) -> pd.DataFrame:
    """The shocks of the countries of a study that had happened on its day.

    Returns
    -------
    DataFrame
        The rows of the table `shocks`, indexed by `shock_id`, with `first` and `last`: the months
        in which the shock may have happened.
    """
    rows = tables["shocks"].frame.set_index("shock_id")
    when = [parse_partial_date(text) for text in rows["date"]]
    rows = rows.assign(
        first=[f"{each.earliest:%Y-%m}" for each in when],
        last=[f"{each.latest:%Y-%m}" for each in when],
    )
    day = date.fromisoformat(parameters.as_of)
    known = pd.Series([each.latest <= day for each in when], index=rows.index)
    return rows[known & rows["country"].isin(parameters.countries)]


def cut(
    series: SettledSeries,
    first: str,
    last: str,
    before: int | None,
    after: int | None,
    *,
    largest_month: str = "with",
    shock_months: str = "left_out",
) -> Cut | str:
    """The months around a shock, or why there are not enough of them.

    Parameters
    ----------
    first, last : str
        The months in which the shock may have happened.
    before, after : int or None
        How many months on each side; None for all that there are.
    largest_month : {"with", "without"}
        Whether the month with most deaths is fitted.
    shock_months : {"left_out", "after"}
        Whether the months of the shock belong to neither side, or to the later one.

    Returns
    -------
    Cut, or one of "outside_coverage", "month_without_value", "too_few_months", "no_deaths"
    """
    start, end = series.place(first), series.place(last)
    known_first, known_last = series.known()
    if not known_first <= start <= end <= known_last:
        return "outside_coverage"
    # Where the months of the shock are the first ones after it, the window counts from them on.
    reach = end if shock_months == "left_out" else start - 1
    low = known_first if before is None else start - before
    high = known_last if after is None else reach + after
    if low < known_first or high > known_last:
        return "outside_coverage"
    counts = series.values[low : high + 1]
    if before is not None and np.isnan(counts).any():
        return "month_without_value"
    places = np.arange(low, high + 1)
    later = places > reach
    left_out = (places >= start) & (places <= end) & (shock_months == "left_out")
    largest = None
    if largest_month == "without":
        candidates = np.where(left_out | np.isnan(counts), -1.0, counts)
        left_out[candidates.argmax()] = True
        largest = series.month(low + candidates.argmax())
    kept = ~left_out & ~np.isnan(counts)
    if min((kept & later).sum(), (kept & ~later).sum()) < FEWEST_MONTHS:
        return "too_few_months"
    if 0 in (counts[kept & later].sum(), counts[kept & ~later].sum()):
        return "no_deaths"
    return Cut([series.month(place) for place in places], counts, later, left_out, largest)


def _ordinal(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1
