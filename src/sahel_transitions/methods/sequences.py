"""Sequences of states, compared: aligned with stated costs, and set against each other at each lag.

Optimal matching (Abbott and Forrest 1986; the recursion is that of Needleman and Wunsch 1970): the
cheapest way to turn one sequence into another by substituting, inserting and deleting elements.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from math import isclose

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Alignment:
    """The cheapest way to turn one sequence into another.

    Attributes
    ----------
    distance : float
        What it costs.
    pairs : tuple of (int or None, int or None)
        Places of the two sequences that stand beside each other, in order; None stands for a gap.
    matrix : array of float, (len(one) + 1) × (len(other) + 1)
        The cost of aligning the first i elements of the one with the first j of the other.
    """

    distance: float
    pairs: tuple[tuple[int | None, int | None], ...]
    matrix: np.ndarray

    @property
    def similarity(self) -> float:
        """1 for equal sequences, 0 where nothing could be kept; NaN for two empty ones."""
        dearest = self.matrix[-1, 0] + self.matrix[0, -1]
        return float(1 - self.distance / dearest) if dearest else np.nan


def align(
    one: Sequence[Hashable],
    other: Sequence[Hashable],
    *,
    gap: float = 1.0,
    substitution: float = 2.0,
) -> Alignment:
    """Align two sequences of states.

    Parameters
    ----------
    gap : float
        Cost of an element that stands beside nothing.
    substitution : float
        Cost of an element that stands beside another state. With the defaults it equals two gaps,
        so that the distance is the number of elements that no common subsequence keeps.

    Of alignments that cost the same, the one that puts elements beside each other from the end
    backwards is given, and of two gaps the one in the other sequence.

    Raises
    ------
    ValueError
        If a cost is not above zero.
    """
    if gap <= 0 or substitution <= 0:
        raise ValueError(f"expected costs above 0, found {gap} and {substitution}")
    rows, columns = len(one), len(other)
    places = {element: place for place, element in enumerate(dict.fromkeys([*one, *other]))}
    codes = np.array([places[element] for element in other], dtype="int64")
    gaps = gap * np.arange(columns + 1)
    cost = np.zeros((rows + 1, columns + 1))
    cost[:, 0] = gap * np.arange(rows + 1)
    cost[0, :] = gaps
    for i, element in enumerate(one, start=1):
        before, line = cost[i - 1], cost[i]
        beside = before[:-1] + np.where(codes == places[element], 0.0, substitution)
        line[1:] = np.minimum(beside, before[1:] + gap)
        # Then gaps along the line: the least of what stands at k before j and j - k gaps.
        line[:] = np.minimum.accumulate(line - gaps) + gaps
    return Alignment(float(cost[-1, -1]), _traced(one, other, cost, gap, substitution), cost)


def _traced(one, other, cost, gap, substitution) -> tuple:
    i, j, pairs = len(one), len(other), []
    cost = cost.tolist()
    while i or j:
        beside = substitution
        if i and j and one[i - 1] == other[j - 1]:
            beside = 0.0
        if i and j and _equal(cost[i][j], cost[i - 1][j - 1] + beside):
            i, j = i - 1, j - 1
            pairs.append((i, j))
        elif i and _equal(cost[i][j], cost[i - 1][j] + gap):
            i -= 1
            pairs.append((i, None))
        else:
            j -= 1
            pairs.append((None, j))
    return tuple(reversed(pairs))


def _equal(one: float, other: float) -> bool:
    return isclose(one, other, rel_tol=1e-5, abs_tol=1e-8)


def lagged_agreement(leader: np.ndarray, follower: np.ndarray, lags: Iterable[int]) -> pd.DataFrame:
    """How well a follower's states agree with a leader's some periods earlier.

    States last, so that two sequences agree for long whoever moved first: the share of equal
    states says little about order. Beside it stand the changes, each counted once.

    Parameters
    ----------
    leader, follower : array of object, periods × channels
        The state of each channel in each period; None where it is not known.
    lags : iterable of int
        Periods by which the leader's states are set back; negative ones ask the other way round.

    Returns
    -------
    DataFrame
        `lag`; `compared` and `agreed`, channel-periods where both states are known and those where
        they are equal; `share` of the two (NaN if none); `changes`, those of the follower where
        the leader's two periods are known, and `repeated`, those into a state that the leader
        entered in the same channel `lag` periods earlier.

    Raises
    ------
    ValueError
        If the two arrays are not of one shape.
    """
    leader, follower = np.asarray(leader, dtype=object), np.asarray(follower, dtype=object)
    if leader.shape != follower.shape or leader.ndim != 2:
        raise ValueError(
            f"expected two arrays of one shape, periods by channels, found {leader.shape} and "
            f"{follower.shape}"
        )
    rows = [_at_lag(leader, follower, lag) for lag in lags]
    frame = pd.DataFrame(rows, columns=["lag", "compared", "agreed", "changes", "repeated"])
    share = (frame["agreed"] / frame["compared"].where(frame["compared"] > 0)).astype("float64")
    frame.insert(3, "share", share)
    return frame


def _at_lag(leader, follower, lag):
    overlap = max(len(leader) - abs(lag), 0)
    later = follower[max(lag, 0) :][:overlap]
    earlier = leader[max(-lag, 0) :][:overlap]
    known = np.not_equal(later, None) & np.not_equal(earlier, None)
    equal = known & np.equal(later, earlier)
    both = known[1:] & known[:-1]
    changed = both & np.not_equal(later[1:], later[:-1])
    led = changed & np.not_equal(earlier[1:], earlier[:-1]) & equal[1:]
    return lag, int(known.sum()), int(equal.sum()), int(changed.sum()), int(led.sum())


def best_lag(agreement: pd.DataFrame, measure: str = "repeated") -> int | None:
    """The lag at which a measure of `lagged_agreement` is highest; None if it is nowhere above 0.

    Of several, the one nearest to none, and of two as near the later follower.
    """
    known = agreement[agreement[measure].notna()]
    if known.empty or known[measure].max() <= 0:
        return None
    highest = known[known[measure] == known[measure].max()]["lag"]
    return int(min(highest, key=lambda lag: (abs(lag), -lag)))
