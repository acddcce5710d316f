"""Curves of specifications: complete, marked, and each answer what a simpler count gives."""

import numpy as np
import pandas as pd
import pytest
from conftest import study

from sahel_transitions.errors import Refusal
from sahel_transitions.indicators import (
    civilian_deaths,
    primary_specification,
    specification_curves,
    specifications,
)
from sahel_transitions.indicators.robustness import answer
from sahel_transitions.methods import fingerprint


@pytest.fixture(scope="module")
def asked(tables):
    return specifications(study(), tables)


def test_each_shock_has_every_specification_once(asked, tables):
    frame = pd.DataFrame(asked)
    assert len({fingerprint(each) for each in asked}) == len(asked)
    counts = frame.groupby("shock").size()
    # Wagner's arrival is an interval, and so has three dates.
    assert counts["wagner_mli"] == 3 * 720 and set(counts.drop("wagner_mli")) == {720}
    assert set(counts.index) == set(tables["shocks"].frame["shock_id"])


def test_a_study_of_one_country_has_its_shocks_alone(tables):
    found = specifications(study(countries="MLI,NER"), tables)
    assert {each["country"] for each in found} == {"MLI"}


def test_the_primary_specification_is_the_one_that_was_fixed():
    primary = primary_specification("UCDP GED")
    # A change of the file must be meant: it changes what was fixed before the curves were seen.
    assert (primary.fixed_on, primary.hash) == ("2026-11-24", "8576dffa74ba522c")
    assert primary_specification("ACLED").choices["definition"] == "A2"
    assert "allocation" not in primary_specification("ACLED").choices
    with pytest.raises(Refusal, match="names no definition for GTD"):
        primary_specification("GTD")


@pytest.fixture(scope="module")
def few(tables):
    """A small part of the curve of one shock, the primary specification in it."""
    found = specifications(study(), tables, ("coup_mli_2020",))
    return [each for each in found if each["window"] in (12, 24) and each["harmonics"] == 0
            and each["allocation"] == "uniform_days" and each["definition"] == "U2"]  # fmt: skip


def test_one_specification_of_a_shock_is_the_primary_one(few, tables):
    answers = specification_curves(study(), tables, few, workers=1)
    assert answers["primary"].sum() == 1
    row = answers[answers["primary"]].iloc[0]
    assert (row["window"], row["trend"], row["model"]) == (24, "with", "quasi_poisson")


def test_without_a_trend_the_factor_is_the_ratio_of_two_means(few, tables):
    answers = specification_curves(study(), tables, few, workers=1)
    rows = answers[(answers["trend"] == "without") & (answers["model"] == "quasi_poisson")]
    months = civilian_deaths(study(start="2018-01", end="2022-12"), tables, "month")
    mali = months[months["country"] == "MLI"].set_index("period")["value"].astype("float64")
    for row in rows[rows["largest_month"] == "with"].itertuples():
        first, last = (
            str(pd.Period("2020-08", "M") + shift) for shift in (-row.window, row.window)
        )
        before = mali[(mali.index >= first) & (mali.index < "2020-08")]
        after = mali[(mali.index > "2020-08") & (mali.index <= last)]
        assert len(before) == len(after) == row.window
        assert row.estimate == pytest.approx(after.mean() / before.mean())


def test_the_largest_month_is_moura_after_the_coup_of_2020(few, tables):
    answers = specification_curves(study(), tables, few, workers=1)
    rows = answers[(answers["window"] == 24) & (answers["trend"] == "without")
                   & (answers["model"] == "quasi_poisson")].set_index("largest_month")  # fmt: skip
    assert rows.loc["without", "estimate"] < 0.75 * rows.loc["with", "estimate"]


def series(values, start="2020-01"):
    months = pd.period_range(start, periods=len(values), freq="M").astype("str")
    return {("MLI", "U2", "start"): pd.Series(np.asarray(values, dtype="float64"), index=months)}


BASE = {"shock": "it", "country": "MLI", "definition": "U2", "allocation": "start", "window": 12,
        "trend": "without", "model": "quasi_poisson", "harmonics": 0, "largest_month": "with",
        "date": "between_left_out"}  # fmt: skip


@pytest.mark.parametrize(
    ("date", "expected"), [("between_left_out", 3.0), ("earliest", 78 / 35), ("latest", 360 / 230)]
)
def test_a_date_that_is_an_interval_is_read_in_three_ways(date, expected):
    # Ten deaths a month, then thirty; between them two months that belong to neither.
    values = [10, 12] * 9 + [20, 40] + [30] * 18
    found = answer({**BASE, "date": date}, series(values), {"it": "2021-07/2021-08"})
    ends = {"between_left_out": (18, 19), "earliest": (18, 18), "latest": (19, 19)}[date]
    before, after = values[ends[0] - 12 : ends[0]], values[ends[1] + 1 : ends[1] + 13]
    assert found["estimate"] == pytest.approx(np.mean(after) / np.mean(before))


@pytest.mark.parametrize(
    ("values", "window", "why"),
    [
        ([10] * 25, 18, "outside the coverage"),
        ([10] * 12 + [np.nan] * 3 + [10] * 10, 12, "outside the coverage"),
        ([0] * 12 + [1] * 13, 12, "no deaths on one side"),
        ([10] * 16, "all", "fewer than 6 months"),
    ],
)
def test_what_cannot_be_answered_says_why(values, window, why):
    found = answer({**BASE, "window": window}, series(values), {"it": "2021-01-15"})
    assert why in found["why_not"]


def test_a_series_without_noise_has_its_factor(tables):
    found = answer(BASE, series([10] * 13 + [30] * 12), {"it": "2021-01-15"})
    assert found["estimate"] == pytest.approx(3) and found["low"] == pytest.approx(3)
