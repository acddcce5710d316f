"""Placebo dates and units: p-values are uniform where nothing happened, and small where it did."""

import numpy as np
import pytest
from scipy import stats

from sahel_transitions.methods import Design, interruption, placebo_dates, placebo_units

# No trend: quick, and all that a null needs.
FLAT = Design(trend=False)


def smeared(found, rng):
    """P-values go in steps of one over the number of placebos; within a step any value is as good."""
    return [value - rng.uniform() / steps for value, steps in found]


def test_p_values_of_dates_are_uniform_where_nothing_happened():
    rng, found = np.random.default_rng(11), []
    for _ in range(100):
        counts = rng.negative_binomial(3, 3 / 23, size=44)
        # Any date is as good as another.
        found.append((placebo_dates(counts, int(rng.integers(12, 33)), design=FLAT).p_value, 21))
    assert stats.kstest(smeared(found, rng), "uniform").pvalue > 0.05


def test_p_values_of_units_are_uniform_where_nothing_happened():
    rng, found = np.random.default_rng(12), []
    for _ in range(150):
        counts = {str(unit): rng.negative_binomial(3, 3 / 23, size=40) for unit in range(10)}
        found.append((placebo_units(counts, "7", np.arange(40) >= 20, design=FLAT).p_value, 10))
    assert stats.kstest(smeared(found, rng), "uniform").pvalue > 0.05


def test_a_change_that_is_there_is_the_most_unusual():
    rng = np.random.default_rng(13)
    counts = rng.poisson(np.where(np.arange(60) < 30, 20, 60))
    found = placebo_dates(counts, 30, design=FLAT)
    assert found.p_value == 1 / 37 and len(found.others) == 36
    quiet = {str(unit): rng.poisson(20, size=60) for unit in range(9)}
    units = placebo_units({"own": counts, **quiet}, "own", np.arange(60) >= 30, design=FLAT)
    assert units.p_value == 0.1 and units.estimate == pytest.approx(3, rel=0.15)


def test_a_window_fits_nothing_outside_of_it():
    counts = np.full(80, 10.0)
    counts[:20] = 500
    counts[50:] = 30
    inside = placebo_dates(counts, 50, window=12, design=FLAT)
    assert inside.estimate == pytest.approx(3)
    assert inside.others["placebo"].min() == 12 and inside.others["placebo"].max() == 68


def test_two_dates_of_one_series_are_placebos_of_each_other():
    counts = np.random.default_rng(14).poisson(20, size=60)
    one, other = (placebo_dates(counts, place, gap=1, design=FLAT) for place in (25, 30))
    assert one.others.set_index("placebo").loc[30, "estimate"] == other.estimate
    assert other.others.set_index("placebo").loc[25, "estimate"] == one.estimate
    places = np.arange(60)
    fit = interruption(counts, places >= 26, left_out=places == 25, design=FLAT)
    assert one.estimate == fit.level.estimate


def test_a_unit_without_counts_on_one_side_is_no_placebo():
    counts = {"own": [5.0] * 20, "empty": [0.0] * 20, "other": [4.0, 6.0] * 10}
    found = placebo_units(counts, "own", np.arange(20) >= 10, design=FLAT)
    assert np.isnan(found.others.set_index("placebo").loc["empty", "estimate"])
    assert found.p_value == 1
    alone = placebo_units({"own": counts["own"]}, "own", np.arange(20) >= 10, design=FLAT)
    assert np.isnan(alone.p_value)


def test_a_date_at_the_edge_is_refused():
    with pytest.raises(ValueError, match="from 12 to 48, found 50"):
        placebo_dates(np.ones(60), 50)
