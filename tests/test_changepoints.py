"""Changepoints: the flow of the Nile, and series whose change is known."""

from itertools import pairwise

import numpy as np
import pytest
import ruptures
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from sahel_transitions.methods import best_cuts, penalty_path, single_changepoint
from sahel_transitions.methods.changepoints import MIN_SIZE, _best_single


@pytest.fixture(scope="module")
def nile():
    """Yearly flow at Aswan 1871-1970 (Cobb 1978), as statsmodels has it."""
    return sm.datasets.nile.load_pandas().data


def year(nile, place):
    return int(nile["year"].iloc[place])


def test_the_flow_of_the_nile_fell_in_1899(nile):
    assert [year(nile, place) for place in best_cuts(nile["volume"], 1)] == [1899]
    found = single_changepoint(nile["volume"])
    assert year(nile, found.place) == 1899
    # Cobb (1978) gives 1898 as the last year of the old level, plus or minus a few.
    assert 1893 <= year(nile, found.low) <= 1899 <= year(nile, found.high) <= 1903
    assert found.levels[0] == pytest.approx(1097.75) and found.levels[1] == pytest.approx(
        849.97, abs=0.01
    )


def test_1899_outlasts_all_other_changes_as_their_price_rises(nile):
    path = penalty_path(nile["volume"])
    assert path["count"].is_monotonic_decreasing and path["count"].iloc[-1] == 0
    alone = path[path["count"] == 1]
    assert len(alone) >= 5
    assert {year(nile, places[0]) for places in alone["places"]} == {1899}


def test_more_changes_leave_smaller_squares(nile):
    flow = nile["volume"].to_numpy()
    squares = []
    for count in range(1, 6):
        cuts = (0, *best_cuts(flow, count), len(flow))
        parts = [flow[a:b] for a, b in pairwise(cuts)]
        squares.append(sum(((part - part.mean()) ** 2).sum() for part in parts))
    assert squares == sorted(squares, reverse=True)


@given(st.lists(st.floats(-100, 100), min_size=12, max_size=40))
def test_the_quick_search_for_one_change_is_the_thorough_one(values):
    (place,) = best_cuts(values, 1)
    quick = _best_single(np.array(values), 5)

    def squares(cut):
        parts = values[:cut], values[cut:]
        return sum(((np.array(part) - np.mean(part)) ** 2).sum() for part in parts)

    assert squares(quick) == pytest.approx(squares(place), abs=1e-6)


def test_the_interval_holds_a_known_place():
    rng, held = np.random.default_rng(3), 0
    for seed in range(60):
        values = rng.normal(size=60) + 1.5 * (np.arange(60) >= 35)
        found = single_changepoint(values, draws=99, seed=seed)
        held += found.low <= 35 <= found.high
    assert held / 60 >= 0.88


def test_an_interval_is_the_same_again_and_wider_where_the_change_is_smaller():
    noise = np.random.default_rng(5).normal(size=80)
    steps = [single_changepoint(noise + size * (np.arange(80) >= 40)) for size in (0.7, 3)]
    assert steps[0].high - steps[0].low > steps[1].high - steps[1].low
    assert single_changepoint(noise) == single_changepoint(noise)


@pytest.mark.parametrize(
    ("values", "said"), [([1.0] * 9, "at least 10"), ([1, np.nan] * 9, "9 missing")]
)
def test_what_cannot_be_cut_is_refused(values, said):
    with pytest.raises(ValueError, match=said):
        best_cuts(values, 1)


def test_squares_that_are_kept_find_what_the_library_finds(nile):
    flow = nile["volume"].to_numpy()
    library = ruptures.Pelt(model="l2", min_size=MIN_SIZE, jump=1).fit(flow)
    path = penalty_path(flow)
    assert path["count"].nunique() > 2
    for row in path.itertuples():
        assert row.places == tuple(library.predict(pen=row.penalty)[:-1])
