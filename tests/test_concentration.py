"""Concentration and distances, held against what a hand or another way computes."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from sahel_transitions.methods import (
    Estimate,
    difference,
    distance,
    herfindahl,
    herfindahl_bounds,
    shannon_entropy,
    shares,
    split_change,
)

points = st.floats(-3, 3)
amounts = st.lists(st.floats(0.01, 100), min_size=1, max_size=8)


def test_shares_of_fifty_thirty_and_twenty():
    assert shares([50, 30, 20]) == approx([0.5, 0.3, 0.2])


def test_index_and_entropy_by_hand():
    # 0.25 + 0.09 + 0.04; 0.5 ln 2 + 0.3 ln(10/3) + 0.2 ln 5.
    assert herfindahl([50, 30, 20]) == approx(0.38)
    assert shannon_entropy([50, 30, 20]) == approx(1.029653, abs=1e-6)


@pytest.mark.parametrize("measure", [herfindahl, shannon_entropy])
def test_nothing_has_no_concentration(measure):
    assert math.isnan(measure([])) and math.isnan(measure([0, 0]))


def test_one_origin_is_all_concentration():
    assert (herfindahl([7]), shannon_entropy([7])) == (1, 0)
    assert herfindahl([7, 0]) == 1


def test_equal_parts():
    assert herfindahl([2] * 5) == approx(1 / 5)
    assert shannon_entropy([2] * 5) == approx(math.log(5))


def test_bounds_by_hand():
    # Of 100, 50 and 30 are named and 20 unknown: all distinct 0.25 + 0.09; one more supplier
    # + 0.04; all from the first (0.7² + 0.3²) 0.58.
    found = herfindahl_bounds([50, 30], 20)
    assert (found.low, found.high, found.highest) == approx((0.34, 0.38, 0.58))


def test_bounds_meet_where_nothing_is_unknown():
    found = herfindahl_bounds([50, 50], 0)
    assert found.low == found.high == found.highest == approx(0.5)


def test_bounds_where_nothing_is_named():
    found = herfindahl_bounds([], 3)
    assert (found.low, found.high, found.highest) == (0, 1, 1)


@given(amounts, st.lists(st.floats(0.01, 100), max_size=6), st.data())
def test_no_assignment_of_the_unknown_leaves_the_bounds(named, pieces, data):
    found = herfindahl_bounds(named, sum(pieces))
    suppliers = {position: value for position, value in enumerate(named)}
    for piece in pieces:
        # Each unknown piece is given to a named supplier or to one of three others.
        to = data.draw(st.integers(0, len(named) + 2))
        suppliers[to] = suppliers.get(to, 0) + piece
    assert found.low - 1e-9 <= herfindahl(suppliers.values()) <= found.highest + 1e-9


def test_negative_amounts_are_refused():
    with pytest.raises(ValueError, match="not negative"):
        shares([1, -1])


def test_a_difference_of_normal_estimates_is_that_of_the_textbook():
    # Standard errors 3 and 4 give 5.
    found = difference(Estimate(10, 10 - 3, 10 + 3), Estimate(4, 4 - 4, 4 + 4))
    assert (found.value, found.low, found.high) == approx((6, 1, 11))


def test_skewed_intervals_stay_skewed():
    # Below: hypot(1, 2); above: hypot(3, 0.5).
    found = difference(Estimate(5, 4, 8), Estimate(1, 0.5, 3))
    assert (found.low, found.high) == approx((4 - math.sqrt(5), 4 + math.sqrt(9.25)))


def test_a_distance_is_folded_at_zero():
    near = distance(Estimate(1, 0, 2), Estimate(1.5, 1, 2))
    assert (near.value, near.low) == (0.5, 0)
    assert near.high == approx(0.5 + math.hypot(1, 0.5))
    far = distance(Estimate(-5, -6, -4), Estimate(5, 4, 6))
    assert (far.value, far.low, far.high) == approx((10, 10 - 2**0.5, 10 + 2**0.5))


@given(points, points)
def test_a_distance_is_the_same_from_both_sides(one, other):
    one, other = Estimate(one, one - 0.3, one + 0.1), Estimate(other, other - 0.2, other + 0.4)
    there, back = distance(one, other), distance(other, one)
    assert (there.value, there.low, there.high) == approx((back.value, back.low, back.high))


def test_a_split_by_hand():
    # From 1 apart to 3 apart: 1.5 of it by the own move, 0.5 by that of the other.
    found = split_change((0, -1.5), (1, 1.5))
    assert (found.change, found.own, found.other) == approx((2, 1.5, 0.5))


def test_a_split_where_one_passes_the_other():
    # Before the other moves: 1 → 1. After it: 3 → 1. On average 1 nearer, and the other 1 further.
    found = split_change((0, 2), (1, 3))
    assert (found.change, found.own, found.other) == approx((0, -1, 1))
    assert (found.own_first, found.own_last) == approx((0, -2))
    # Had it stayed at 0, the other would be 3 away; had the other stayed at 1, it would be 1.
    assert (found.if_still, found.if_other_still) == approx((3, 1))


@given(points, points, points, points)
def test_parts_add_up_and_who_stays_has_none(before, after, there, then):
    found = split_change((before, after), (there, then))
    assert found.own + found.other == approx(found.change, abs=1e-9)
    assert split_change((before, before), (there, then)).own == approx(0, abs=1e-9)
    swapped = split_change((there, then), (before, after))
    assert (swapped.own, swapped.other) == approx((found.other, found.own), abs=1e-9)
