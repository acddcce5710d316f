"""Differences and distances of estimates of which only marginal intervals are known."""

import math
from dataclasses import dataclass
from itertools import product


@dataclass(frozen=True)
class Estimate:
    """A point estimate with the ends of its interval; all three are NaN where there is none."""

    value: float
    low: float
    high: float

    def __neg__(self) -> "Estimate":
        return Estimate(-self.value, -self.high, -self.low)


NONE = Estimate(math.nan, math.nan, math.nan)


def difference(one: Estimate, other: Estimate) -> Estimate:
    """`one` minus `other`, with the interval that their own intervals imply.

    The variance of each estimate is recovered from the distance of its point to the end of its
    interval on the side that matters, so that skewed intervals stay skewed (MOVER: Zou and Donner
    2008, "Construction of confidence intervals about effect measures: a general approach",
    Statistics in Medicine 27:1693). Both must be of the same level, which the result has too.
    They are taken as independent: where they rise and fall together, the interval is too wide.
    """
    value = one.value - other.value
    low = value - math.hypot(one.value - one.low, other.high - other.value)
    high = value + math.hypot(one.high - one.value, other.value - other.low)
    return Estimate(value, low, high)


def distance(one: Estimate, other: Estimate) -> Estimate:
    """The absolute difference; its interval is that of the difference, folded at zero.

    An interval of the difference that holds zero gives one from zero to its further end, which
    holds the truth at least as often.
    """
    apart = difference(one, other)
    if math.isnan(apart.value):
        return NONE
    ends = abs(apart.low), abs(apart.high)
    low = 0.0 if apart.low <= 0 <= apart.high else min(ends)
    return Estimate(abs(apart.value), low, max(ends))


@dataclass(frozen=True)
class Split:
    """The change of a distance, and how it comes from the moves of both sides.

    Attributes
    ----------
    change : float
    own, other : float
        The parts of either side, which add up to the change.
    if_still, if_other_still : float
        The distance at the end if this side, or the other, had stayed where it was.
    own_first, own_last : float
        The change that the own move makes with the other side still where it was, and with it
        already where it went; `own` is their mean. They have opposite signs where one side passed
        the other, and then a mean near zero does not mean that nobody moved.
    """

    change: float
    own: float
    other: float
    if_still: float
    if_other_still: float
    own_first: float
    own_last: float


def split_change(own: tuple[float, float], other: tuple[float, float]) -> Split:
    """How much of the change of a distance is the own move, and how much that of the other.

    The part of a side is the change that its move makes, averaged over both orders: with the
    other side still where it was, and with it already where it went (the value of Shapley 1953
    for two). It depends on no order, and the parts add up to the change exactly.

    Parameters
    ----------
    own, other : (float, float)
        Where each side was, and where it is.
    """
    apart = {
        (i, j): abs(own[i] - other[j]) for i, j in product((0, 1), repeat=2)
    }  # fmt: skip
    change = apart[1, 1] - apart[0, 0]
    first, last = apart[1, 0] - apart[0, 0], apart[1, 1] - apart[0, 1]
    mine = (first + last) / 2
    return Split(change, mine, change - mine, apart[0, 1], apart[1, 0], first, last)
