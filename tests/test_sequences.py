"""Alignment and agreement of sequences, on what can be worked by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sahel_transitions.methods import align, best_lag, lagged_agreement

SEQUENCES = st.lists(st.sampled_from("ABC"), max_size=8)


def test_a_hand_worked_alignment():
    """A gap costs 1, another state 2; every cell was worked out on paper."""
    found = align("AABBC", "ABBCC")
    assert found.matrix.tolist() == [
        [0, 1, 2, 3, 4, 5],
        [1, 0, 1, 2, 3, 4],
        [2, 1, 2, 3, 4, 5],
        [3, 2, 1, 2, 3, 4],
        [4, 3, 2, 1, 2, 3],
        [5, 4, 3, 2, 1, 2],
    ]
    assert found.distance == 2
    assert found.pairs == ((0, None), (1, 0), (2, 1), (3, 2), (None, 3), (4, 4))
    # Of ten elements eight stand beside their like.
    assert found.similarity == pytest.approx(0.8)


def test_a_cheap_substitution_is_made_instead_of_two_gaps():
    found = align("AC", "BC", substitution=1.5)
    assert (found.distance, found.pairs) == (1.5, ((0, 0), (1, 1)))


def test_nothing_costs_nothing_and_is_like_nothing():
    assert align("", "").distance == 0
    assert np.isnan(align("", "").similarity)
    assert align("AB", "").pairs == ((0, None), (1, None))


@given(one=SEQUENCES, other=SEQUENCES)
def test_the_distance_is_what_no_common_subsequence_keeps(one, other):
    found = align(one, other)
    assert found.distance == align(other, one).distance
    assert found.distance == len(one) + len(other) - 2 * common(tuple(one), tuple(other))
    assert [i for i, _ in found.pairs if i is not None] == list(range(len(one)))
    assert [j for _, j in found.pairs if j is not None] == list(range(len(other)))


@given(
    one=SEQUENCES,
    other=SEQUENCES,
    gap=st.floats(0.1, 3),
    substitution=st.floats(0.1, 5),
)
def test_the_costs_are_those_of_the_recursion_cell_by_cell(one, other, gap, substitution):
    cost = align(one, other, gap=gap, substitution=substitution).matrix
    for i, j in np.ndindex(cost.shape):
        ways = [cost[i - 1, j] + gap] * (i > 0) + [cost[i, j - 1] + gap] * (j > 0)
        if i and j:
            beside = 0 if one[i - 1] == other[j - 1] else substitution
            ways.append(cost[i - 1, j - 1] + beside)
        assert cost[i, j] == pytest.approx(min(ways, default=0))


def common(one, other):
    """Length of the longest common subsequence, by trying everything."""
    if not one or not other:
        return 0
    if one[0] == other[0]:
        return 1 + common(one[1:], other[1:])
    return max(common(one[1:], other), common(one, other[1:]))


def test_costs_must_cost_something():
    with pytest.raises(ValueError, match="costs above 0"):
        align("A", "B", gap=0)


def column(text):
    return np.array([[None if state == "." else state] for state in text], dtype=object)


def test_agreement_by_hand():
    # The follower enters B two periods later; its fourth period is not known.
    frame = lagged_agreement(column("AABBBB"), column("AAA.BB"), [0, 2]).set_index("lag")
    assert frame.loc[0].tolist() == [5, 4, 0.8, 0, 0]
    # At two: AA.BB without its third against AABB: A|A, .|A, B|B, B|B.
    assert frame.loc[2].tolist() == [3, 3, 1.0, 0, 0]


def test_a_change_is_repeated_only_into_the_same_state_at_that_lag():
    frame = lagged_agreement(column("AABBBBB"), column("AAAABBB"), range(-3, 4)).set_index("lag")
    assert frame["repeated"].to_dict() == {-3: 0, -2: 0, -1: 0, 0: 0, 1: 0, 2: 1, 3: 0}
    assert best_lag(frame.reset_index()) == 2
    other = lagged_agreement(column("AACCCCC"), column("AAAABBB"), range(-3, 4))
    assert best_lag(other) is None


def test_states_agree_by_inertia_alone():
    """Two that share one late change agree in most periods at every lag: levels tell no order."""
    frame = lagged_agreement(column("A" * 50 + "B" * 2), column("A" * 48 + "B" * 4), range(-6, 7))
    assert frame["share"].min() > 0.85
    assert best_lag(frame) == -2


def test_of_equal_lags_the_nearest_is_best():
    frame = lagged_agreement(column("ABABABA"), column("ABABABA"), range(-4, 5))
    assert best_lag(frame, "share") == 0


def test_nothing_is_compared_beyond_the_end_of_the_series():
    frame = lagged_agreement(column("AB"), column("AB"), range(-5, 6)).set_index("lag")
    assert frame["compared"].to_dict() == {lag: max(2 - abs(lag), 0) for lag in range(-5, 6)}
    assert frame["share"].isna().sum() == 8


def test_unlike_shapes_are_refused():
    with pytest.raises(ValueError, match="one shape"):
        lagged_agreement(column("AB"), column("A"), [0])


@pytest.mark.parametrize(("noise", "within"), [(0.0, 0), (0.5, 0), (1.0, 0), (2.0, 1)])
def test_a_planted_lag_of_six_is_found(noise, within):
    """Thirty channels of three states over 120 months, each change six months later, give or take."""
    draw = np.random.default_rng(6)
    leader, follower = (np.full((120, 30), "A", dtype=object) for _ in range(2))
    for channel in range(30):
        first = draw.integers(20, 60)
        for states, lag in ((leader, 0), (follower, 6 + round(draw.normal(0, noise)))):
            states[first + lag :, channel] = "B"
            states[first + lag + 25 :, channel] = "C"
    frame = lagged_agreement(leader, follower, range(-24, 25))
    assert abs(best_lag(frame) - 6) <= within
    assert abs(best_lag(frame, "share") - 6) <= 1
