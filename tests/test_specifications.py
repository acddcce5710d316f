"""Curves of specifications: complete, marked, and each answer what a simpler count gives."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from conftest import study

from sahel_transitions.errors import Refusal
from sahel_transitions.indicators import (
    known_shocks,
    primary_specification,
    specification_curves,
    specifications,
    stated_answers,
)
from sahel_transitions.methods import fingerprint
from sahel_transitions.tables import Table


@pytest.fixture(scope="module")
def asked(tables):
    return specifications(study(), tables)


def test_each_shock_has_every_specification_once(asked, tables):
    assert len({fingerprint(each) for each in asked}) == len(asked)
    counts = pd.DataFrame(asked).groupby("shock").size()
    # Wagner's arrival has three months in which it may have begun, and lies between them.
    assert counts["wagner_mli"] == 4 * 1080 and set(counts.drop("wagner_mli")) == {1080}
    assert set(counts.index) == set(tables["shocks"].frame["shock_id"])


def test_a_study_of_one_country_has_its_shocks_alone(tables):
    found = specifications(study(countries="MLI,NER"), tables)
    assert {each["country"] for each in found} == {"MLI"}


def test_a_shock_that_was_not_known_is_not_asked_of(tables):
    known = known_shocks(study(as_of="2021-06-30"), tables)
    assert list(known.index) == ["coup_mli_2020", "coup_mli_2021"]
    assert "wagner_mli" not in known_shocks(study(as_of="2022-01-19"), tables).index


def test_the_primary_specification_is_the_one_that_was_fixed():
    primary = primary_specification("UCDP GED")
    # A change of the file must be meant: it changes what was fixed before the curves were seen.
    assert (primary.fixed_on, primary.hash) == ("2026-11-24", "8576dffa74ba522c")
    assert (primary.amended_on, primary.amendment_hash) == ("2026-11-25", "133ab9652fe91593")
    assert primary_specification("ACLED").choices["definition"] == "A2"
    assert primary_specification("ACLED").choices["allocation"] == "any"
    with pytest.raises(Refusal, match="names no definition for GTD"):
        primary_specification("GTD")


def small(tables, *shocks, **given):
    """A small part of the curves of some shocks, the primary specification in it."""
    found = specifications(study(**given), tables, shocks)
    return [each for each in found if each["window"] in (12, 24) and each["harmonics"] == 0
            and each["allocation"] == "uniform_days" and each["definition"] == "U2"]  # fmt: skip


@pytest.fixture(scope="module")
def answers(tables):
    asked = small(tables, "coup_mli_2020", "coup_bfa_2022_09")
    return specification_curves(study(), tables, asked)


def test_the_primary_specification_is_marked_and_amended_where_it_has_no_answer(answers):
    marks = answers.groupby(["shock", "mark"]).size()
    assert marks["coup_mli_2020"].drop("").to_dict() == {"primary": 1}
    assert marks["coup_bfa_2022_09"].drop("").to_dict() == {"primary": 1, "amended": 1}
    stated = stated_answers(answers).set_index("shock")
    assert stated.loc["coup_mli_2020", ["window", "mark"]].tolist() == [24, "primary"]
    assert stated.loc["coup_bfa_2022_09", ["window", "mark"]].tolist() == [12, "amended"]


def test_a_curve_without_any_answer_says_why(tables):
    asked = [each for each in small(tables, "sabre_end_bfa") if each["window"] == 24]
    stated = stated_answers(specification_curves(study(), tables, asked))
    assert stated["why_not"].tolist() == ["outside_coverage"]


def months_of(tables, country, definition="u2"):
    """Monthly deaths straight from the rows of the table."""
    rows = tables["deaths"].frame
    rows = rows[(rows["country"] == country) & (rows["allocation"] == "uniform_days")]
    every = pd.period_range("1989-01", "2023-12", freq="M").astype("str")
    return rows.groupby("month")["civilians"].sum().reindex(every, fill_value=0)


def one(answers, **choices):
    rows = answers
    for name, value in choices.items():
        rows = rows[rows[name] == value]
    (row,) = rows.to_dict("records")
    return row


def test_without_a_trend_the_factor_is_the_ratio_of_two_means(answers, tables):
    mali = months_of(tables, "MLI")
    for window, first, last in ((12, "2019-08", "2021-08"), (24, "2018-08", "2022-08")):
        before, after = mali[first:"2020-07"], mali["2020-09":last]
        assert len(before) == len(after) == window
        row = one(answers, shock="coup_mli_2020", window=window, trend="without",
                  model="quasi_poisson", largest_month="with")  # fmt: skip
        assert row["estimate"] == pytest.approx(after.mean() / before.mean())


def test_the_largest_month_is_left_out_where_that_is_asked(answers, tables):
    mali = months_of(tables, "MLI")
    after = mali["2020-09":"2022-08"].drop("2022-03")
    row = one(answers, shock="coup_mli_2020", window=24, trend="without", model="quasi_poisson",
              largest_month="without")  # fmt: skip
    assert row["estimate"] == pytest.approx(after.mean() / mali["2018-08":"2020-07"].mean())


def test_with_a_trend_the_factor_is_that_of_a_plain_regression(answers, tables):
    """Fitted here by hand: the month of the coup is left out, and a line runs through the rest."""
    mali = months_of(tables, "MLI")["2018-08":"2022-08"]
    rows = pd.DataFrame({"time": range(len(mali)), "level": (mali.index > "2020-08").astype(float)})
    kept = (mali.index != "2020-08")  # fmt: skip
    for trend, extra in (("with", None), ("bent", rows["level"] * (rows["time"] - 25))):
        x = rows if extra is None else rows.assign(bend=extra)
        fit = sm.GLM(mali.to_numpy()[kept], sm.add_constant(x)[kept], family=sm.families.Poisson())
        row = one(answers, shock="coup_mli_2020", window=24, trend=trend, model="quasi_poisson",
                  largest_month="with")  # fmt: skip
        assert row["estimate"] == pytest.approx(np.exp(fit.fit().params["level"]), rel=1e-6)


def test_a_date_of_several_months_belongs_to_neither_side(tables):
    asked = [each for each in specifications(study(), tables, ("wagner_mli",))
             if each["window"] == 12 and each["definition"] == "U2" and each["harmonics"] == 0
             and each["allocation"] == "uniform_days" and each["trend"] == "without"
             and each["model"] == "quasi_poisson" and each["largest_month"] == "with"]  # fmt: skip
    answers, mali = specification_curves(study(), tables, asked), months_of(tables, "MLI")
    assert [each["date"] for each in asked] == ["between_left_out", "2021-09", "2021-12", "2022-01"]
    between = mali["2022-02":"2023-01"].mean() / mali["2020-09":"2021-08"].mean()
    december = mali["2022-01":"2022-12"].mean() / mali["2020-12":"2021-11"].mean()
    assert answers["estimate"].iloc[0] == pytest.approx(between)
    assert answers["estimate"].iloc[2] == pytest.approx(december)


def test_months_that_were_not_over_are_of_no_specification(tables):
    parameters = study(as_of="2021-08-15")
    asked = small(tables, "coup_mli_2020", as_of="2021-08-15")
    answers = specification_curves(parameters, tables, asked)
    # Of 12 months after August 2020 the last, August 2021, was not over.
    assert set(answers["why_not"]) == {"outside_coverage"}


def test_answers_in_processes_are_those_in_one(tables):
    asked = [each for each in specifications(study(), tables, ("coup_mli_2021",))
             if each["model"] == "quasi_poisson"]  # fmt: skip
    assert len(asked) > 500
    alone, shared = (specification_curves(study(), tables, asked, workers=n) for n in (1, 2))
    pd.testing.assert_frame_equal(alone, shared)


def test_a_file_of_the_same_vintage_is_asked_itself_and_not_the_table_of_the_project(tables):
    """A table without one month of the project's, under the same name and vintage."""
    own = tables["deaths"]
    lacking = Table(own.name, own.frame[own.frame["month"] != "2022-03"], own.declaration)
    edited = tables.with_table(lacking)
    (asked,) = [each for each in small(tables, "coup_mli_2020") if each["window"] == 24
                and each["trend"] == "without" and each["model"] == "quasi_poisson"
                and each["largest_month"] == "with"]  # fmt: skip
    whole, without = (
        specification_curves(study(), each, [asked])["estimate"].iloc[0]
        for each in (tables, edited)
    )
    mali = months_of(tables, "MLI")["2018-08":"2022-08"].copy()
    mali["2022-03"] = 0
    by_hand = mali["2020-09":].mean() / mali[:"2020-07"].mean()
    assert without == pytest.approx(by_hand) and without < 0.8 * whole
