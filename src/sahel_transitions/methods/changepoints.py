"""When a series changed its level, asked of the series alone: no date is given to it.

The search is that of ruptures (Truong, Oudre and Vayatis 2020, "Selective review of offline change
point detection methods", Signal Processing 167). Counts should be given as square roots, whose
variance does not grow with their mean.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import ruptures
from ruptures.costs import CostL2

# Fewer periods than this between two changes are an event and no level.
MIN_SIZE = 5


@dataclass(frozen=True)
class Changepoint:
    """The place (from 0) of the first period of a new level, and the interval of that place.

    `levels` are the means before and after; NaN where the series is cut at more than one place.
    """

    place: int
    low: int
    high: int
    levels: tuple[float, float]


class _KeptSquares(CostL2):
    """The squares within parts of one series, kept: a search asks for each part many times."""

    def fit(self, signal: np.ndarray) -> "_KeptSquares":
        self._kept: dict[tuple[int, int], float] = {}
        return super().fit(signal)

    def error(self, start: int, end: int) -> float:
        part = (start, end)
        if part not in self._kept:
            self._kept[part] = super().error(start, end)
        return self._kept[part]


def best_cuts(values: Iterable[float], count: int, min_size: int = MIN_SIZE) -> tuple[int, ...]:
    """The `count` places at which cutting a series leaves the least squares within its parts.

    Every set of places is weighed, by dynamic programming (Bai and Perron 2003).

    Returns
    -------
    tuple of int
        The first period of each new level, in order.

    Raises
    ------
    ValueError
        If the series holds a gap, or is too short for so many parts.
    """
    series = _series(values)
    if len(series) < (count + 1) * min_size:
        raise ValueError(
            f"expected at least {(count + 1) * min_size} periods for {count} changes, found "
            f"{len(series)}"
        )
    search = ruptures.Dynp(custom_cost=_KeptSquares(), min_size=min_size, jump=1).fit(series)
    return tuple(int(place) for place in search.predict(n_bkps=count)[:-1])


def penalty_path(
    values: Iterable[float], penalties: Iterable[float] | None = None, min_size: int = MIN_SIZE
) -> pd.DataFrame:
    """The changes that are found at each price of one, from cheap to dear.

    A change that stays over a wide range of prices is one of the series; one that comes and goes
    is one of the price. The search is PELT (Killick, Fearnhead and Eckley 2012).

    Parameters
    ----------
    penalties : array of float, optional
        In squares of the values; without it, 30 from one variance of the differences between
        neighbours to the price at which no change is left.

    Returns
    -------
    DataFrame
        `penalty`, `count`, `places` (tuples as of `best_cuts`).
    """
    series = _series(values)
    search = ruptures.Pelt(custom_cost=_KeptSquares(), min_size=min_size, jump=1).fit(series)
    if penalties is None:
        # Half of the variance of differences is that within a level.
        noise = max(float(np.diff(series).var() / 2), 1e-12)
        total = max(float(((series - series.mean()) ** 2).sum()), 2 * noise)
        penalties = np.geomspace(noise, total, 30)
    rows = []
    for penalty in penalties:
        places = tuple(int(place) for place in search.predict(pen=penalty)[:-1])
        rows.append((float(penalty), len(places), places))
    return pd.DataFrame(rows, columns=["penalty", "count", "places"])


def single_changepoint(
    values: Iterable[float],
    *,
    draws: int = 499,
    block: int = 1,
    level: float = 0.95,
    seed: int = 0,
    min_size: int = MIN_SIZE,
) -> Changepoint:
    """The one best place of a change, with an interval from resampled residuals.

    Residuals from the two levels are drawn in blocks and put back on them; the interval holds the
    places that are then found (Hušková and Kirch 2008). It is of the place alone: that there was a
    change at all, it takes for granted.

    Parameters
    ----------
    draws, block, seed
        How many series are drawn, of blocks of what length, from which seed.
    """
    series = _series(values)
    (place,) = best_cuts(series, 1, min_size)
    before, after = series[:place].mean(), series[place:].mean()
    fitted = np.where(np.arange(len(series)) < place, before, after)
    residuals = series - fitted
    rng, found = np.random.default_rng(seed), []
    starts = len(series) - block + 1
    for _ in range(draws):
        places = rng.integers(0, starts, -(-len(series) // block))[:, None] + np.arange(block)
        drawn = residuals[places.ravel()[: len(series)]]
        found.append(_best_single(fitted + drawn, min_size))
    low, high = np.quantile(found, [(1 - level) / 2, (1 + level) / 2], method="nearest")
    return Changepoint(place, int(low), int(high), (float(before), float(after)))


def _best_single(series: np.ndarray, min_size: int) -> int:
    """As `best_cuts` for one change, which needs no search: sums tell the squares of each cut."""
    size = len(series)
    sums = np.cumsum(series)
    cuts = np.arange(min_size, size - min_size + 1)
    before = sums[cuts - 1]
    # The squares within the parts are least where those between them are most.
    between = before**2 / cuts + (sums[-1] - before) ** 2 / (size - cuts)
    return int(cuts[np.argmax(between)])


def _series(values: Iterable[float]) -> np.ndarray:
    series = np.asarray(values, dtype="float64")
    if np.isnan(series).any():
        raise ValueError(
            f"expected a series without gaps, found {int(np.isnan(series).sum())} missing values; "
            "give the longest run that has none"
        )
    return series
