"""How unusual a change is among those at other dates, or of other units, where nothing happened.

Randomisation inference (Fisher 1935; for interrupted series and comparison units Abadie, Diamond
and Hainmueller 2010): the share of placebos whose change is at least as large. It needs no model of
the noise, and it cannot give a share below one over the number of placebos.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from sahel_transitions.methods.interrupted import RECOMMENDED, Design, interruption


@dataclass(frozen=True)
class Placebo:
    """A change beside its placebos.

    Attributes
    ----------
    estimate : float
        The factor of the change itself.
    others : DataFrame
        `placebo` (a place, or the name of a unit) and `estimate` of each; NaN where it could not
        be estimated.
    p_value : float
        The share of all, the change itself among them, whose logarithm is at least as far from 0;
        NaN if there is no placebo.
    """

    estimate: float
    others: pd.DataFrame
    p_value: float


def placebo_dates(
    counts: Iterable[float],
    place: int,
    *,
    window: int | None = None,
    margin: int = 12,
    gap: int = 0,
    exposure: Iterable[float] | None = None,
    design: Design = RECOMMENDED,
) -> Placebo:
    """The change at a place of a series beside those at every other place of it.

    Parameters
    ----------
    counts : array of float
        One count a period.
    place : int
        The first period after the date.
    window : int, optional
        How many periods on each side are fitted; without it, all.
    margin : int
        The periods that must lie on each side of a placebo (and of the window, if there is one).
    gap : int
        How many periods, from the place on, belong to neither side: those in which the change may
        have happened.

    Raises
    ------
    ValueError
        If the place itself has fewer than `margin` periods on a side.
    """
    counts = np.asarray(counts, dtype="float64")
    exposure = np.ones(len(counts)) if exposure is None else np.asarray(exposure, dtype="float64")
    reach = max(margin, window or 0)
    candidates = range(reach, len(counts) - gap - reach + 1)
    if place not in candidates:
        raise ValueError(
            f"expected a place with {reach} periods on each side, from {reach} to "
            f"{len(counts) - gap - reach}, found {place}"
        )

    changes = _changes_at(
        counts.tobytes(), exposure.tobytes(), tuple(candidates), window, gap, design
    )
    return _ranked(changes[place], {at: change for at, change in changes.items() if at != place})


# Shocks of one country have the same placebos, and so has a shock that is asked for twice.
@lru_cache(maxsize=64)
def _changes_at(
    counts: bytes, exposure: bytes, candidates: tuple[int, ...], window: int | None, gap: int,
    design: Design,
) -> dict[int, float]:  # fmt: skip
    """The change at each of some places of a series, given as the bytes of arrays of float."""
    counts, exposure = np.frombuffer(counts), np.frombuffer(exposure)

    def change(at: int) -> float:
        first, last = 0, len(counts)
        if window is not None:
            first, last = at - window, at + gap + window
        part, places = slice(first, last), np.arange(first, last)
        between = (places >= at) & (places < at + gap)
        return _estimate(counts[part], places >= at + gap, between, exposure[part], design)

    return {at: change(at) for at in candidates}


def placebo_units(
    counts: Mapping[str, Iterable[float]],
    treated: str,
    after: Iterable[bool],
    *,
    left_out: Iterable[bool] | None = None,
    exposure: Mapping[str, Iterable[float]] | None = None,
    design: Design = RECOMMENDED,
) -> Placebo:
    """The change of one unit beside those of units of which none is expected.

    Whether a unit is a fit comparison (no neighbour that took part, no change of its own at the
    date) is for the caller to judge, and to show both ways.

    Parameters
    ----------
    counts : mapping of str to array
        A series for each unit, all of one length.
    treated : str
        The unit in question.
    after : array of bool
        Whether a period lies after the date, for all units.
    left_out : array of bool, optional
        Periods that belong to neither side, for all units.
    """
    after = np.asarray(after, dtype=bool)
    out = np.zeros(len(after), bool) if left_out is None else np.asarray(left_out, dtype=bool)
    changes = {
        unit: _estimate(
            np.asarray(series, dtype="float64"), after, out,
            None if exposure is None else np.asarray(exposure[unit], dtype="float64"), design,
        )
        for unit, series in counts.items()
    }  # fmt: skip
    own = changes.pop(treated)
    return _ranked(own, changes)


def placebo_p_value(estimate: float, others: Iterable[float]) -> float:
    """The share of all factors, the change itself among them, that lie at least as far from 1.

    Distance is that of logarithms. NaN if the change or every other one could not be estimated.
    """
    sizes = np.abs(np.log(pd.Series(others, dtype="float64").dropna().to_numpy()))
    if np.isnan(estimate) or len(sizes) == 0:
        return np.nan
    # Equal but for the last digits is equal.
    at_least = (sizes >= abs(np.log(estimate)) - 1e-12).sum()
    return float((1 + at_least) / (1 + len(sizes)))


def _estimate(counts, after, left_out, exposure, design: Design) -> float:
    """The factor, or NaN where one side is empty of counts."""
    kept = ~left_out & ~np.isnan(counts)
    sides = [counts[kept & part] for part in (after, ~after)]
    if any(len(side) < 2 or side.sum() == 0 for side in sides):
        return np.nan
    fit = interruption(counts, after, left_out=left_out, exposure=exposure, design=design)
    return fit.level.estimate if "level" in design.change else fit.slope.estimate


def _ranked(estimate: float, others: dict) -> Placebo:
    frame = pd.DataFrame({"placebo": list(others), "estimate": list(others.values())})
    return Placebo(estimate, frame, placebo_p_value(estimate, frame["estimate"]))
