"""Survival and cumulative incidence against published numbers, a table worked by hand, and laws."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.duration.survfunc import CumIncidenceRight

from sahel_transitions.methods import (
    CENSORED,
    cumulative_incidence,
    log_rank,
    numbers_at_risk,
    quantile,
    survival_curve,
    value_at,
)
from sahel_transitions.paths import PROJECT

CAUSES = ("election", "overthrow")


@pytest.fixture(scope="module")
def patients():
    """Weeks in remission of 42 patients with leukaemia (Freireich 1963, in Gehan 1965, table 1)."""
    return pd.read_csv(PROJECT / "tests" / "reference" / "freireich.csv")


def test_remission_of_the_leukaemia_patients(patients):
    arms = dict(list(patients.groupby("arm")))
    curve = survival_curve(arms["6-MP"]["weeks"], arms["6-MP"]["relapsed"])
    assert curve["time"].tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert curve["at_risk"].tolist() == [21, 17, 15, 12, 11, 7, 6]
    # As in every textbook of survival analysis since Gehan (1965).
    published = [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    assert curve["survival"].round(3).tolist() == published
    medians = {
        arm: quantile(survival_curve(rows["weeks"], rows["relapsed"])).time
        for arm, rows in arms.items()
    }
    assert medians == {"6-MP": 23, "placebo": 8}
    test = log_rank(patients["weeks"], patients["relapsed"], patients["arm"])
    assert (round(test.chi_squared, 2), test.degrees) == (16.79, 1)


# Twelve rows: how long, and what ended it; without a cause it was still lasting.
TWELVE = [
    (2, "election"), (3, ""), (4, "overthrow"), (5, "election"), (5, "overthrow"), (6, ""),
    (7, "election"), (8, "election"), (8, ""), (9, "overthrow"), (10, ""), (12, "election"),
]  # fmt: skip
# By hand. At risk n, ended by election e and by overthrow o; S = S(before) × (1 - (e + o) / n);
# to the share that ended by each, S(before) × e / n and S(before) × o / n are added.
# time, n, e, o, survival, election, overthrow
BY_HAND = [
    (2, 12, 1, 0, 0.9167, 0.0833, 0.0000),
    (4, 10, 0, 1, 0.8250, 0.0833, 0.0917),
    (5, 9, 1, 1, 0.6417, 0.1750, 0.1833),
    (7, 6, 1, 0, 0.5347, 0.2819, 0.1833),
    (8, 5, 1, 0, 0.4278, 0.3889, 0.1833),
    (9, 3, 0, 1, 0.2852, 0.3889, 0.3259),
    (12, 1, 1, 0, 0.0000, 0.6741, 0.3259),
]


def split(rows):
    times, causes = zip(*rows, strict=True)
    return np.array(times, dtype=float), np.array(causes, dtype=object)


def test_twelve_rows_by_hand():
    times, causes = split(TWELVE)
    curve = survival_curve(times, causes != CENSORED)
    shares = cumulative_incidence(times, causes, CAUSES)
    election, overthrow = (shares[shares["cause"] == cause] for cause in CAUSES)
    found = zip(
        curve["time"], curve["at_risk"], election["events"], overthrow["events"],
        curve["survival"].round(4), election["incidence"].round(4),
        overthrow["incidence"].round(4), strict=True,
    )  # fmt: skip
    assert [tuple(map(float, row)) for row in found] == [tuple(map(float, row)) for row in BY_HAND]
    # Greenwood at 4: 0.825² × (1 / (12 × 11) + 1 / (10 × 9)) = 0.012719.
    assert curve["se"].iloc[1] ** 2 == pytest.approx(0.012719, abs=5e-7)
    # The delta method for overthrow at 4: of the end at 2, by the other cause,
    # 0.0917² × 1 / (12 × 11), and of its own, 0.9167² × (10 - 1) × 1 / 10³: together 0.007626.
    assert overthrow["se"].iloc[1] ** 2 == pytest.approx(0.007626, abs=5e-7)


def test_the_risk_table_counts_those_who_lasted_until_just_before():
    times, _ = split(TWELVE)
    assert numbers_at_risk(times, [0, 2, 5, 5.5, 8, 12, 13]).tolist() == [12, 12, 9, 7, 5, 1, 0]


def test_a_stepped_curve_between_its_steps():
    times, causes = split(TWELVE)
    curve = survival_curve(times, causes != CENSORED)
    heights = value_at(curve, "survival", [0, 1.9, 2, 4.5, 40], start=1)
    assert heights.round(4).tolist() == [1, 1, 0.9167, 0.825, 0]


def test_a_median_met_exactly_does_not_depend_on_rounding():
    # After two of four, exactly half still lasts.
    assert quantile(survival_curve([1, 2, 3, 4], [1, 1, 1, 1])).time == 2
    assert quantile(survival_curve([1, 2, 3, 4, 5, 6], [1] * 6)).time == 3


def test_what_is_not_reached_is_no_number():
    reached = quantile(survival_curve([1, 2, 3, 4], [1, 0, 0, 0]))
    assert np.isnan(reached.time) and np.isnan(reached.high)


@pytest.mark.parametrize(
    ("times", "ended"), [([5, 7, 9], [0, 0, 0]), ([5], [0]), ([], [])], ids=["all", "one", "none"]
)
def test_where_nothing_has_ended_there_is_no_step(times, ended):
    curve = survival_curve(times, ended)
    assert curve.empty and np.isnan(quantile(curve).time)
    assert cumulative_incidence(times, [CENSORED] * len(times), CAUSES).empty


def test_one_that_ended_on_the_first_day():
    curve = survival_curve([0], [True])
    assert curve[["time", "at_risk", "survival"]].iloc[0].tolist() == [0, 1, 0]
    shares = cumulative_incidence([0], ["overthrow"], CAUSES).set_index("cause")
    assert shares["incidence"].to_dict() == {"election": 0, "overthrow": 1}


def test_groups_without_an_end_cannot_be_compared():
    assert np.isnan(log_rank([1, 2, 3], [0, 0, 0], ["a", "b", "a"]).p_value)
    assert np.isnan(log_rank([1, 2, 3], [1, 1, 1], ["a", "a", "a"]).p_value)


@pytest.mark.parametrize("times", [[1, -1], [1, np.nan], [1, np.inf], [1, 2, 3]])
def test_times_that_are_none_are_refused(times):
    with pytest.raises(ValueError, match="expected"):
        survival_curve(times, [1, 1])


def test_an_unknown_cause_is_refused():
    with pytest.raises(ValueError, match="vote"):
        cumulative_incidence([1], ["vote"], CAUSES)


subjects = st.lists(
    st.tuples(st.integers(0, 30), st.sampled_from(["", "election", "overthrow"])),
    min_size=1, max_size=25,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(subjects)
def test_what_lasts_and_what_has_ended_by_each_cause_is_all(rows):
    times, causes = split(rows)
    curve = survival_curve(times, causes != CENSORED)
    shares = cumulative_incidence(times, causes, CAUSES)
    parts = [shares.loc[shares["cause"] == cause, "incidence"].to_numpy() for cause in CAUSES]
    if len(curve):
        assert np.allclose(curve["survival"] + parts[0] + parts[1], 1)
    for part in parts:
        assert (np.diff(part) >= -1e-12).all() and ((part >= 0) & (part <= 1 + 1e-12)).all()
    assert (np.diff(curve["survival"]) <= 1e-12).all()
    for frame, value in ((curve, "survival"), (shares, "incidence")):
        inside = frame[frame["low"].notna()]
        assert (inside["low"] <= inside[value] + 1e-12).all()
        assert (inside[value] <= inside["high"] + 1e-12).all()


@settings(max_examples=80, deadline=None)
@given(subjects, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows, random):
    mixed = list(rows)
    random.shuffle(mixed)
    one, other = (cumulative_incidence(*split(each), CAUSES) for each in (rows, mixed))
    pd.testing.assert_frame_equal(one, other)
    one, other = (survival_curve(t, c != CENSORED) for t, c in (split(rows), split(mixed)))
    pd.testing.assert_frame_equal(one, other)


@settings(max_examples=80, deadline=None)
@given(subjects)
def test_a_single_cause_mirrors_survival_with_its_band(rows):
    times, causes = split(rows)
    ended = causes != CENSORED
    curve = survival_curve(times, ended)
    share = cumulative_incidence(times, np.where(ended, "end", ""), ["end"])
    lasting = curve["survival"].to_numpy() > 1e-9
    assert np.allclose(share["incidence"], 1 - curve["survival"])
    assert np.allclose(share["se"][lasting], curve["se"][lasting])
    assert np.allclose(share["low"], 1 - curve["high"], equal_nan=True)


@settings(max_examples=80, deadline=None)
@given(subjects)
def test_the_standard_error_is_that_of_statsmodels_where_it_has_one(rows):
    times, causes = split(rows)
    codes = np.array([("", *CAUSES).index(cause) for cause in causes])
    if codes.max() == 0:
        return
    with np.errstate(all="ignore"):
        fit = CumIncidenceRight(times, codes)
    shares = cumulative_incidence(times, causes, CAUSES)
    for cause, errors in zip(CAUSES, fit.cinc_se, strict=False):
        own = shares[shares["cause"] == cause].set_index("time")["se"]
        theirs = pd.Series(errors, index=fit.times).reindex(own.index)
        known = theirs.notna()
        assert np.allclose(own[known], theirs[known], atol=1e-7)


def test_bands_hold_the_truth_about_as_often_as_they_say():
    """Exponential times, a third of them censored: pointwise at the median, and at all times."""
    random = np.random.default_rng(2020)
    pointwise, simultaneous, runs = 0, 0, 300
    for _ in range(runs):
        lasting, seen = random.exponential(1, 40), random.exponential(2, 40)
        curve = survival_curve(np.minimum(lasting, seen), lasting <= seen)
        low, high = (value_at(curve, name, [np.log(2)], 1)[0] for name in ("low", "high"))
        pointwise += low <= 0.5 <= high
        inside = curve["band_low"].notna()
        time, after = curve["time"], curve["time"].shift(-1).fillna(curve["time"].max())
        simultaneous += (
            (curve["band_low"] <= np.exp(-after)) & (np.exp(-time) <= curve["band_high"])
        )[inside].all()
    assert 0.92 <= pointwise / runs <= 0.985
    assert simultaneous / runs >= 0.92
