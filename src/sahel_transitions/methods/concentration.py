"""How concentrated a total is among its parts, where the origin of some of it is unknown."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Concentration:
    """The Herfindahl-Hirschman index of a total of which a part is of unknown origin.

    All are from 0 to 1, and NaN where the total is zero.

    Attributes
    ----------
    low : float
        If all unknown parts are of different origins, none of them among the named: in the limit
        of ever smaller parts, which add nothing.
    high : float
        If the whole unknown part is of one origin that is not among the named.
    highest : float
        If the whole unknown part is of the largest of the named origins: no assignment whatever
        gives a higher index.
    """

    low: float
    high: float
    highest: float


def shares(values: Iterable[float]) -> np.ndarray:
    """Each value over their sum, in their order; NaN where the sum is zero.

    Raises
    ------
    ValueError
        If a value is negative or no number.
    """
    values = np.asarray(list(values), dtype="float64")
    if not (values >= 0).all():
        raise ValueError("shares are of numbers that are not negative")
    total = values.sum()
    return values / total if total > 0 else np.full(len(values), np.nan)


def herfindahl(values: Iterable[float]) -> float:
    """The sum of the squared shares, from near 0 to 1 (one origin has all).

    Times 10,000 it is the index as competition authorities write it (Hirschman 1964, "The
    Paternity of an Index", American Economic Review 54:761). NaN where the sum is zero.
    """
    parts = shares(values)
    return float((parts**2).sum()) if len(parts) else math.nan


def shannon_entropy(values: Iterable[float]) -> float:
    """Minus the sum of each share times its natural logarithm (Shannon 1948), in nats.

    0 where one origin has all, and the logarithm of their number where all have the same. A share
    of zero adds nothing. NaN where the sum is zero.
    """
    parts = shares(values)
    if not len(parts) or np.isnan(parts).any():
        return math.nan
    parts = parts[parts > 0]
    # Adding zero takes the sign from a zero.
    return float(-(parts * np.log(parts)).sum()) + 0.0


def herfindahl_bounds(named: Iterable[float], unknown: float) -> Concentration:
    """The index between the extremes of what the unknown part may be.

    Parameters
    ----------
    named : iterable of float
        Values of the named origins.
    unknown : float
        What is of unknown origin, of one or of several.
    """
    parts = shares([*named, unknown])
    if np.isnan(parts).any():
        return Concentration(math.nan, math.nan, math.nan)
    *known, rest = parts
    low = float(sum(part**2 for part in known))
    largest = max(known, default=0.0)
    high = low + float(rest) ** 2
    return Concentration(low, high, high + 2 * float(largest * rest))
