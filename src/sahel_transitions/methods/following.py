"""Does one unit make another's changes some time later? Measures, and two nulls for them.

Each channel has one date in either unit. Dates cluster, because each unit has a calendar of its
own (an upheaval after which much changes at once), so that drawing dates at random would call any
two calendars that lie near each other a case of following. Two nulls keep the clusters:

`channels`
    Which channel of the follower stands beside which of the leader is drawn anew; both calendars
    stay as they are. It asks whether matching channels have more to do with each other than any
    two, given both calendars. It cannot ask who was first: that one calendar lies after the other
    is the same in every matching.
`shifts`
    The follower's whole calendar is turned round the circle of the time observed, keeping the
    distances within it. It asks whether the two calendars lie nearer, in this order, than by
    chance. It cannot tell following from a cause that set off both calendars at about one time,
    and its p-value cannot fall much below the lag over the time observed: in seven years, one
    offset in ten puts a calendar within nine months after the other.

Under the first the lags have one mean in every matching, so that what varies is how regular they
are; and a constant added to all dates of a unit (another zero of its clock) changes nothing.
Permutation tests: Pitman (1937); p-values of drawn permutations: Phipson and Smyth (2010).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import combinations, permutations
from math import factorial

import numpy as np

# So many matchings are listed in full (nine channels have 362,880).
MOST_LISTED = 400_000
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Following:
    """A measure of following beside its null.

    Attributes
    ----------
    observed : float
    null : array of float
        The measure in every matching or shift of the null, or in those drawn; the one observed is
        among them only where all are listed.
    p_value : float
        The share at least as far towards following; of draws, with the observed one among them.
    p_smallest : float
        The p-value if nothing in the null had been further towards following: what the test could
        have said at best. Where many of the null tie at the best, it is large.
    exact : bool
        Whether the null is listed in full.
    """

    observed: float
    null: np.ndarray
    p_value: float
    p_smallest: float
    exact: bool


def irregularity(leader: np.ndarray, follower: np.ndarray) -> np.ndarray:
    """Mean distance of the lags from their median, over the last axis; following makes it small."""
    lags = np.sort(follower - leader, axis=-1)
    # Around a median the distances are the upper half less the lower one, whatever it is.
    half = lags.shape[-1] // 2
    upper, lower = lags[..., lags.shape[-1] - half :], lags[..., :half]
    return (upper.sum(axis=-1) - lower.sum(axis=-1)) / lags.shape[-1]


def shared_order(leader: np.ndarray, follower: np.ndarray) -> np.ndarray:
    """Kendall's tau-a of the two orders, over the last axis: 1 for one order, -1 for the reverse."""
    pairs = list(combinations(range(leader.shape[-1]), 2))
    # Pair by pair, since a table of all pairs of all matchings takes hundreds of megabytes.
    leader, follower = (
        np.ascontiguousarray(np.moveaxis(each, -1, 0)) for each in (leader, follower)
    )
    agreeing = sum(
        (_signs(leader[one], leader[two]) * _signs(follower[one], follower[two])).astype("int32")
        for one, two in pairs
    )
    return agreeing / len(pairs)


def _signs(one: np.ndarray, two: np.ndarray) -> np.ndarray:
    """Of the differences, as small integers: there are many millions of them."""
    return (one > two).astype("int8") - (one < two).astype("int8")


def followed_within(horizon: float) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """A measure: how many dates of the follower come after the leader's, within a horizon.

    A one-sided count of event synchronisation (Quian Quiroga, Kreuz and Grassberger 2002).
    """

    def measure(leader: np.ndarray, follower: np.ndarray) -> np.ndarray:
        lags = follower - leader
        return ((lags > 0) & (lags <= horizon)).sum(axis=-1).astype("float64")

    return measure


def match_channels(
    leader: Iterable[float],
    follower: Iterable[float],
    measure: Callable = irregularity,
    *,
    small: bool = True,
    most_listed: int = MOST_LISTED,
    draws: int = 9_999,
    seed: int = 0,
) -> Following:
    """Test a measure against all matchings of the channels, or against some of them.

    Parameters
    ----------
    leader, follower : array of float
        One date (a number of days) for each channel, in one order of channels.
    measure : function of two arrays
        Taken over the last axis.
    small : bool
        Whether small values speak for following.
    most_listed, draws : int
        Up to how many matchings are listed in full, and how many are drawn where there are more.

    Raises
    ------
    ValueError
        If the two have not one length, or fewer than two channels.
    """
    leader, follower = _two(leader, follower)
    count = len(leader)
    exact = factorial(count) <= most_listed
    matchings = _all_matchings(count) if exact else _some_matchings(count, draws, seed)
    null = measure(leader, follower[matchings])
    return _compared(float(measure(leader, follower)), null, small, exact)


def shift_calendar(
    leader: Iterable[float], follower: Iterable[float], first: int, last: int, measure: Callable,
    *, small: bool = False,
) -> Following:  # fmt: skip
    """Test a measure against every shift of the follower's calendar by whole days.

    Parameters
    ----------
    leader, follower : array of float
        One date (a number of days) for each channel, in one order of channels.
    first, last : int
        The first and the last day observed. What is shifted past the last comes in at the first.

    Raises
    ------
    ValueError
        If the two have not one length, fewer than two channels, or the follower a date outside.
    """
    leader, follower = _two(leader, follower)
    if follower.min() < first or follower.max() > last:
        raise ValueError(
            f"expected dates from {first} to {last}, found {follower.min()} to {follower.max()}"
        )
    days = last - first + 1
    turned = first + np.mod(follower - first + np.arange(days)[:, None], days)
    return _compared(float(measure(leader, follower)), measure(leader, turned), small, exact=True)


def power(
    leader: Iterable[float],
    scatter: float,
    *,
    level: float = 0.05,
    studies: int = 400,
    draws: int = 999,
    seed: int = 0,
) -> float:
    """How often irregular lags are told from chance if a follower makes the leader's changes.

    In simulated studies the follower's dates are the leader's, a constant later, with normal noise;
    the null is that of channels. By invariance the constant does not matter.

    Parameters
    ----------
    scatter : float
        Standard deviation of the lags, in the unit of the dates.

    Returns
    -------
    float
        The share of studies whose p-value is below `level`.
    """
    leader = np.asarray(list(leader), dtype="float64")
    count = len(leader)
    draw = np.random.default_rng(seed)
    matchings = (
        _all_matchings(count)[1:]
        if factorial(count) <= draws
        else _some_matchings(count, draws, seed)
    )
    found = 0
    for _ in range(studies):
        follower = leader + draw.normal(0, scatter, count)
        # The identity is one of the matchings, in the list as among draws.
        as_regular = irregularity(leader, follower[matchings]) <= (
            irregularity(leader, follower) + _TOLERANCE
        )
        found += (1 + as_regular.sum()) / (1 + len(matchings)) < level - _TOLERANCE
    return found / studies


def _two(leader, follower):
    leader = np.asarray(list(leader), dtype="float64")
    follower = np.asarray(list(follower), dtype="float64")
    if leader.shape != follower.shape or len(leader) < 2:
        raise ValueError(
            "expected one date of each unit for two or more channels, found "
            f"{len(leader)} and {len(follower)}"
        )
    return leader, follower


def _compared(observed: float, null: np.ndarray, small: bool, exact: bool) -> Following:
    far, values = (-observed, -null) if small else (observed, null)
    best = max(far, values.max())
    shares = [
        (values >= point - _TOLERANCE).mean()
        if exact
        else (1 + (values >= point - _TOLERANCE).sum()) / (1 + len(values))
        for point in (far, best)
    ]
    return Following(observed, null, float(shares[0]), float(shares[1]), exact)


@cache
def _all_matchings(count: int) -> np.ndarray:
    """Every order of so many channels, the given one first."""
    listed = np.fromiter(
        (place for order in permutations(range(count)) for place in order),
        dtype="int8",
        count=factorial(count) * count,
    ).reshape(-1, count)
    listed.flags.writeable = False
    return listed


@lru_cache(maxsize=64)
def _some_matchings(count: int, draws: int, seed: int) -> np.ndarray:
    draw = np.random.default_rng(seed)
    drawn = draw.permuted(np.tile(np.arange(count), (draws, 1)), axis=1)
    drawn.flags.writeable = False
    return drawn
