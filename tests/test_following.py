"""The tests of following: their nulls hold where nothing follows, and they find a planted lag."""

import math
from itertools import combinations, permutations

import numpy as np
import pytest
from scipy import stats

from sahel_transitions.methods import (
    followed_within,
    irregularity,
    match_channels,
    power,
    shared_order,
    shift_calendar,
)

YEAR = 365.0
MONTH = 30.4


def calendars(draw, channels=7, spread=300.0):
    """Two independent calendars, each clustered round an upheaval of its own."""
    return (centre + draw.normal(0, spread, channels) for centre in draw.normal(0, 400, 2))


def broken(found, draw):
    """The p-value with ties broken at random, which is uniform where a null of few values is right."""
    above = (found.null > found.observed).mean()
    return above + draw.uniform() * (found.null == found.observed).mean()


def test_measures_by_hand():
    leader, follower = np.array([0.0, 10, 30]), np.array([5.0, 20, 31])
    # Lags 5, 10 and 1: from their median of 5 they lie 0, 5 and 4 away.
    assert irregularity(leader, follower) == 3
    assert shared_order(leader, follower) == 1
    # One of three pairs the other way round: (2 - 1) / 3.
    assert shared_order(leader, np.array([5.0, 31, 20])) == pytest.approx(1 / 3)
    assert followed_within(5)(leader, follower) == 2


@pytest.mark.parametrize("count", [2, 5, 8])
def test_measures_of_many_matchings_are_those_of_each_by_their_definitions(count):
    draw = np.random.default_rng(11)
    leader, followers = draw.normal(0, 300, count), draw.normal(0, 300, (20, count)).round(-2)
    lags = followers - leader
    distances = np.abs(lags - np.median(lags, axis=1, keepdims=True)).mean(axis=1)
    assert irregularity(leader, followers) == pytest.approx(distances)
    orders = [
        sum(
            np.sign(leader[one] - leader[two]) * np.sign(each[one] - each[two])
            for one, two in combinations(range(count), 2)
        )
        for each in followers
    ]
    assert shared_order(leader, followers) == pytest.approx(np.array(orders) / math.comb(count, 2))


def test_the_matchings_of_three_by_hand():
    leader, follower = [0.0, 10, 30], [100.0, 110, 130]
    found = match_channels(leader, follower)
    by_hand = [
        sum(abs(lag - sorted(lags)[1]) for lag in lags) / 3
        for order in permutations(follower)
        for lags in [[two - one for one, two in zip(leader, order, strict=True)]]
    ]
    assert sorted(found.null) == pytest.approx(sorted(by_hand))
    assert (found.observed, found.exact) == (0, True)
    # Six matchings, one as regular: three channels can never say more.
    assert found.p_value == found.p_smallest == pytest.approx(1 / 6)


def test_another_zero_of_a_clock_changes_nothing_under_the_null_of_channels():
    one, two = calendars(np.random.default_rng(1))
    for measure, small in ((irregularity, True), (shared_order, False)):
        p = match_channels(one, two, measure, small=small).p_value
        assert match_channels(one, two - 1_000, measure, small=small).p_value == p
        assert match_channels(two, one, measure, small=small).p_value == pytest.approx(p)


def test_draws_stand_in_for_matchings_that_are_too_many():
    draw = np.random.default_rng(2)
    leader = draw.normal(0, 300, 12)
    found = match_channels(leader, leader + 180, draws=499, seed=7)
    assert not found.exact and len(found.null) == 499
    # One plus none, over one plus the draws.
    assert found.p_value == pytest.approx(1 / 500)
    again = match_channels(leader, leader + 180, draws=499, seed=7)
    assert np.array_equal(found.null, again.null)


@pytest.mark.parametrize(("measure", "small"), [(irregularity, True), (shared_order, False)])
def test_under_independence_the_p_value_of_channels_is_uniform(measure, small):
    draw = np.random.default_rng(3)
    found = [match_channels(*calendars(draw, channels=6), measure, small=small) for _ in range(400)]
    # Orders have few values, so that their p-values come in steps.
    values = [each.p_value if small else broken(each, draw) for each in found]
    assert stats.kstest(values, "uniform").pvalue > 0.01


def test_calendars_that_only_lie_near_each_other_are_no_following():
    """All changes of the one fall half a year after the other's, in no common order."""
    draw = np.random.default_rng(4)
    values = [
        match_channels(draw.normal(0, 60, 6), draw.normal(183, 60, 6)).p_value for _ in range(300)
    ]
    assert stats.kstest(values, "uniform").pvalue > 0.01


def test_leaving_out_what_was_done_together_keeps_the_p_value_uniform():
    draw, values = np.random.default_rng(10), []
    for _ in range(300):
        leader, follower = calendars(draw, channels=8, spread=120.0)
        apart = np.abs(leader - follower) > 7
        values.append(match_channels(leader[apart], follower[apart]).p_value)
    assert stats.kstest(values, "uniform").pvalue > 0.01


def test_under_a_random_offset_the_p_value_of_shifts_is_uniform():
    draw, values = np.random.default_rng(5), []
    for _ in range(300):
        leader = draw.integers(0, 2_000, 6)
        follower = np.mod(draw.normal(0, 200, 6).round() + draw.integers(0, 2_000), 2_000)
        found = shift_calendar(leader, follower, 0, 1_999, followed_within(YEAR))
        assert len(found.null) == 2_000
        values.append(broken(found, draw))
    assert stats.kstest(values, "uniform").pvalue > 0.01


def test_a_shift_keeps_distances_but_for_what_comes_round():
    found = shift_calendar([0, 0], [2, 4], 0, 9, lambda one, two: two.sum(axis=-1))
    assert found.null.tolist() == [6, 8, 10, 12, 14, 16, 8, 10, 2, 4]


@pytest.mark.parametrize("noise", [0.25, 0.5, 1.0, 2.0])
def test_a_planted_lag_of_six_months_is_found(noise):
    """Nine channels over about three years; the lag is the median, and the test says that it is one."""
    draw = np.random.default_rng(8)
    leader = draw.normal(0, 12 * MONTH, 9)
    follower = leader + 6 * MONTH + draw.normal(0, noise * MONTH, 9)
    assert np.median(follower - leader) == pytest.approx(6 * MONTH, abs=noise * MONTH)
    assert match_channels(leader, follower).p_value < 0.01
    # Every shift that leaves all nine within the year ties: hardly fewer than 365 of 4,001.
    found = shift_calendar(leader, follower, -2_000, 2_000, followed_within(YEAR))
    assert found.observed == 9 and 0.05 < found.p_value == found.p_smallest < 365 / 4_001


def test_power_falls_as_the_lag_grows_irregular_and_is_nil_with_three_channels():
    leader = np.random.default_rng(9).normal(0, 12 * MONTH, 9)
    found = [power(leader, months * MONTH) for months in (1, 6, 60)]
    assert found[0] > 0.99 and found[0] > found[1] > found[2] and found[2] < 0.15
    # With three channels the smallest p-value is one in six.
    assert power(leader[:3], MONTH) == 0


@pytest.mark.parametrize("pair", [([1.0], [2.0]), ([1.0, 2.0], [1.0])])
def test_too_few_channels_are_refused(pair):
    with pytest.raises(ValueError, match="two or more channels"):
        match_channels(*pair)


def test_dates_outside_the_time_observed_are_refused():
    with pytest.raises(ValueError, match="expected dates from 0 to 9"):
        shift_calendar([1, 2], [3, 10], 0, 9, irregularity)
