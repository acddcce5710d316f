"""Interrupted series: the published example to its printed digits, and simulated series."""

from dataclasses import astuple

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from statsmodels.tools.sm_exceptions import ConvergenceWarning, HessianInversionWarning

from sahel_transitions.methods import (
    RECOMMENDED,
    Design,
    block_bootstrap,
    interruption,
    leave_one_out,
)
from sahel_transitions.methods.interrupted import _largest_likelihood
from sahel_transitions.methods.silenced import silenced
from sahel_transitions.paths import REFERENCE


@pytest.fixture(scope="module")
def sicily():
    """Monthly admissions for acute coronary events in Sicily, 2002 to November 2006, a smoking ban
    from January 2005, and the population standardised by age.

    Lopez Bernal et al. (2017), whose data are published with the article.
    """
    rows = pd.read_csv(REFERENCE / "sicily.csv")
    return {"counts": rows["admissions"], "after": rows["ban"] == 1,
            "exposure": rows["standard_population"]}  # fmt: skip


@pytest.mark.parametrize(
    ("design", "printed"),
    [
        (Design(model="poisson", errors="independent"), (0.894, 0.865, 0.925)),
        (Design(errors="independent", harmonics=2), (0.885, 0.839, 0.933)),
    ],
    ids=["Poisson", "quasi-Poisson with two harmonics"],
)
def test_the_smoking_ban_has_its_published_effect(sicily, design, printed):
    found = interruption(**sicily, design=design).level
    assert tuple(round(value, 3) for value in (found.estimate, found.low, found.high)) == printed


def test_other_models_agree_where_the_series_is_long_and_calm(sicily):
    for design in (
        Design(model="nb2", harmonics=2),
        Design(errors="hac", harmonics=2),
        RECOMMENDED,
    ):
        found = interruption(**sicily, design=design).level
        assert found.estimate == pytest.approx(0.885, abs=0.012) and found.high < 1


def series(rng, size=84, correlation=0.3, spread=0.3, effect=0.4):
    """Counts with a trend, a known change in the middle and correlated overdispersion."""
    time, noise = np.arange(size), np.zeros(size)
    scale = np.sqrt(np.log(1 + spread))
    noise[0] = rng.normal() * scale
    for place in range(1, size):
        new = np.sqrt(1 - correlation**2) * rng.normal() * scale
        noise[place] = correlation * noise[place - 1] + new
    after = time >= size // 2
    mean = np.exp(3.5 + 0.01 * time + effect * after + noise - scale**2 / 2)
    return rng.poisson(mean), after


def coverage(design, draws, **given):
    rng, held = np.random.default_rng(1), 0
    for _ in range(draws):
        found = interruption(*series(rng, **given), design=design).level
        held += found.low <= np.exp(0.4) <= found.high
    return held / draws


@pytest.mark.parametrize("correlation", [0.0, 0.3])
def test_the_recommended_interval_holds_the_truth(correlation):
    assert 0.93 <= coverage(RECOMMENDED, 1000, correlation=correlation) <= 0.99


def test_the_recommended_interval_holds_the_truth_in_the_shortest_window_of_a_curve():
    assert 0.93 <= coverage(RECOMMENDED, 1000, size=24) <= 0.99


def test_months_that_dwarf_all_others_make_it_a_little_too_narrow():
    # The standard deviation of the noise is 1.4 times the mean: single months like March 2022.
    assert 0.91 <= coverage(RECOMMENDED, 1000, size=48, spread=2.0) <= 0.97


def test_a_naive_poisson_interval_does_not():
    assert coverage(Design(model="poisson", errors="independent"), 200) < 0.5


def test_correlation_that_is_not_allowed_for_makes_intervals_too_narrow():
    assert coverage(Design(errors="independent"), 300) < 0.9


def test_a_slope_is_the_factor_of_growth_from_one_period_to_the_next():
    time = np.arange(60)
    counts = np.exp(5 + 0.01 * time + 0.02 * np.maximum(time - 30, 0))
    found = interruption(counts, time >= 30, design=Design(change="level_and_slope"))
    assert found.slope.estimate == pytest.approx(np.exp(0.02), rel=1e-6)
    assert found.level.estimate == pytest.approx(1, rel=1e-6)
    alone = interruption(counts, time >= 30, design=Design(change="slope"))
    assert np.isnan(alone.level.estimate) and alone.slope.estimate == pytest.approx(np.exp(0.02))


def test_the_series_without_the_change_is_the_fitted_one_over_the_effect(sicily):
    found = interruption(**sicily)
    ratio = found.fitted / found.without
    after = sicily["after"].to_numpy()
    assert ratio[~after] == pytest.approx(1) and ratio[after] == pytest.approx(found.level.estimate)


def test_periods_are_left_out_while_time_runs_on(sicily):
    counts = sicily["counts"].astype("float64").copy()
    counts[20] = np.nan
    out = np.arange(len(counts)) == 20
    by_gap = interruption(counts, sicily["after"])
    by_choice = interruption(sicily["counts"], sicily["after"], left_out=out)
    assert by_gap.level == by_choice.level
    assert len(by_gap.fitted) == len(counts)


def test_one_period_that_holds_the_effect_is_found():
    counts = np.full(48, 20.0)
    counts[30] = 400
    rows = leave_one_out(counts, np.arange(48) >= 24, design=Design(trend=False)).set_index("place")
    assert rows.loc[-1, "level"] > 1.7
    assert rows.loc[30, "level"] == pytest.approx(1)
    assert rows.drop([-1, 30])["level"].min() > 1.5


def test_blocks_of_residuals_give_an_interval_and_the_same_one_again(sicily):
    given = {**sicily, "draws": 99, "design": Design(harmonics=2)}
    one, again = block_bootstrap(**given), block_bootstrap(**given)
    assert one == again
    assert one.low < one.estimate < one.high < 1
    assert block_bootstrap(**given, seed=2) != one


def test_a_month_that_is_left_out_is_no_noise_of_the_others():
    rng = np.random.default_rng(4)
    counts, after = rng.poisson(50, size=48).astype("float64"), np.arange(48) >= 24
    out, given = np.arange(48) == 30, {"draws": 99, "design": Design(trend=False)}
    calm = block_bootstrap(counts, after, left_out=out, **given)
    counts[30] = 5000
    assert block_bootstrap(counts, after, left_out=out, **given) == calm
    assert block_bootstrap(counts, after, **given).high > 2 * calm.high


def test_a_date_with_too_little_on_one_side_is_refused():
    with pytest.raises(ValueError, match="3 before and 1 after"):
        interruption([1, 2, 3, 4], [False, False, False, True])
    with pytest.raises(ValueError, match="expected 4 values"):
        interruption([1, 2, 3, 4], [False, True])


@pytest.mark.parametrize("seed", range(12))
def test_no_other_search_finds_a_larger_likelihood_of_a_quiet_series_with_an_outbreak(seed):
    # Of such series a search by first derivatives stops early, at a point that depends on the
    # machine: what is found is compared with several of them.
    rng = np.random.default_rng(seed)
    after = np.arange(60) >= 40
    mean = np.exp(-2 + 0.08 * np.arange(60) + 1.5 * after)
    counts = rng.negative_binomial(0.4, 0.4 / (0.4 + mean)).astype("float64")
    x = np.column_stack([np.ones(60), np.arange(60) / 12, after])
    alpha, coefficients = _largest_likelihood(counts, x, np.zeros(60), np.zeros(3))
    model = sm.NegativeBinomial(counts, x)
    place = np.append(coefficients, alpha)
    with silenced(ConvergenceWarning, HessianInversionWarning, RuntimeWarning):
        others = [
            model.fit(start_params=np.append(start, 1.0), disp=False, maxiter=2000, method=method)
            for start in (np.zeros(3), coefficients / 2)
            for method in ("bfgs", "nm")
        ]
    # Only now, since a model that was not fitted takes the logarithm of the dispersion.
    assert np.abs(model.score(place)).max() < 1e-5
    assert all(model.loglike(place) >= other.llf - 1e-9 for other in others)
    assert all(
        np.allclose(place, other.params, rtol=1e-3)
        for other in others
        if other.llf > model.loglike(place) - 1e-8
    )


def test_counts_that_are_no_more_spread_than_their_means_need_no_dispersion():
    counts = np.full(24, 10.0) + np.tile([-1, 1], 12)
    after = np.arange(24) >= 12
    poisson = Design(model="poisson", errors="independent")
    one, other = (interruption(counts, after, design=each).level
                  for each in (poisson, Design(model="nb2", errors="independent")))  # fmt: skip
    assert np.allclose(astuple(other), astuple(one), rtol=1e-6)


def test_a_dispersion_that_runs_away_gives_no_answer():
    counts = np.zeros(60)
    counts[59] = 500.0
    found = interruption(counts, np.arange(60) >= 55, design=Design(model="nb2"))
    assert np.isnan(found.level.estimate)
