"""What a change rests on: cuts, single months, windows, placebos and dates that nobody gave."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from conftest import study

from sahel_transitions.indicators import (
    CONTAMINATED,
    blind_changepoints,
    changes_at_shocks,
    fitted_series,
    leave_one_out_at_shocks,
    placebo_verdicts,
    placebos_at_shocks,
    primary_changes,
    specification_curves,
    specifications,
    window_path,
)
from sahel_transitions.indicators.settled_series import SettledSeries, cut


def series(values, start=2020 * 12):
    return SettledSeries(start, np.asarray(values, dtype="float64"))


def test_places_and_months_are_each_others_inverse():
    found = series([1, 2, 3])
    assert [found.month(place) for place in (-1, 0, 13)] == ["2019-12", "2020-01", "2021-02"]
    assert found.place("2021-02") == 13


def test_the_months_of_a_shock_belong_to_neither_side():
    found = cut(series(range(1, 31)), "2021-01", "2021-02", 10, 10)
    assert (found.months[0], found.months[-1]) == ("2020-03", "2021-12")
    assert found.counts[found.left_out].tolist() == [13, 14]
    assert (~found.after & ~found.left_out).sum() == (found.after & ~found.left_out).sum() == 10


def test_a_step_is_the_first_month_of_the_new_level():
    found = cut(series(range(1, 31)), "2021-01", "2021-01", 12, 6, shock_months="after")
    assert not found.left_out.any() and found.after.sum() == 6
    assert found.months[int(np.argmax(found.after))] == "2021-01"


def test_the_largest_month_is_never_one_of_the_shock():
    values = [10.0] * 30
    values[12], values[20] = 900, 500
    found = cut(series(values), "2021-01", "2021-01", 12, 12, largest_month="without")
    assert found.largest == "2021-09" and found.left_out.sum() == 2


@pytest.mark.parametrize(
    ("values", "width", "why"),
    [
        ([10] * 25, 18, "outside_coverage"),
        ([10] * 8, 6, "outside_coverage"),
        ([10] * 8 + [np.nan] + [10] * 16, 12, "month_without_value"),
        ([0] * 12 + [1] * 13, 12, "no_deaths"),
        ([10] * 16, None, "too_few_months"),
    ],
)
def test_what_cannot_be_answered_says_why(values, width, why):
    assert cut(series(values), "2021-01", "2021-01", width, width) == why


def test_the_whole_series_may_hold_gaps_and_ends_where_values_end():
    values = [np.nan] * 3 + [10] * 9 + [5] + [np.nan, *[10] * 8, np.nan]
    found = cut(series(values), "2021-01", "2021-01", None, None)
    assert (found.months[0], found.months[-1]) == ("2020-04", "2021-10")
    assert np.isnan(found.counts).sum() == 1


@pytest.fixture(scope="module")
def answers(tables):
    """The primary specification of each shock, with the windows that may stand in for it."""
    asked = [each for each in specifications(study(), tables)
             if each["definition"] == "U2" and each["allocation"] == "uniform_days"
             and each["trend"] == "with" and each["model"] == "quasi_poisson"
             and each["harmonics"] == 0 and each["largest_month"] == "with"
             and each["date"] == "between_left_out"]  # fmt: skip
    return specification_curves(study(), tables, asked)


def test_stated_changes_are_counted_as_a_family(answers, tables):
    found = primary_changes(study(), tables, answers).set_index("shock")
    assert len(found) == 8 and found["mark"].value_counts().to_dict() == {
        "amended": 5,
        "primary": 3,
    }
    stated = found.dropna(subset="estimate")
    # Holm by hand: the smallest of seven is multiplied by seven.
    smallest = stated["p_value"].idxmin()
    assert stated.loc[smallest, "p_family"] == pytest.approx(7 * stated["p_value"].min())
    assert (stated["p_family"] >= stated["p_value"]).all()
    assert np.isnan(found.loc["sabre_end_bfa", "p_family"])
    # Two years around May 2021 hold August 2020, Wagner's arrival and Barkhane's end.
    others = ("coup_mli_2020", "wagner_mli", "barkhane_end_mli")
    assert found.loc["coup_mli_2021", "also_within"] == others
    assert found.loc["vdp_bfa", "also_within"] == (
        "coup_bfa_2022_01", "coup_bfa_2022_09", "sabre_end_bfa",
    )  # fmt: skip
    assert found.loc["sabre_end_bfa", "why_not"] == "outside_coverage"


def test_what_stands_out_does_so_by_interval_and_among_dates(answers, tables):
    found = primary_changes(study(), tables, answers).set_index("shock")
    ranks = placebo_verdicts(placebos_at_shocks(study(), tables, answers))
    ranks = ranks[(ranks["kind"] == "date") & ranks["among"].isin(["all", "busy"])]
    # The less unusual of the two: what "busy" means was decided when ranks had been seen.
    assert found["p_dates"].dropna().to_dict() == ranks.groupby("shock")["p_value"].max().to_dict()
    both = (found["p_family"] < 0.05) & (found["p_dates"] < 0.05)
    assert found["stands_out"].tolist() == both.tolist()
    # By its interval Wagner's arrival would; among other dates it is one of many, and most of it
    # is one month.
    wagner = found.loc["wagner_mli"]
    assert wagner["p_family"] < 0.05 < wagner["p_dates"] and not wagner["stands_out"]
    assert wagner["without_largest"] < 0.1 * wagner["estimate"]


def test_intervals_of_changepoints_depend_on_the_seed_of_the_study_alone(tables):
    one, again, other = (blind_changepoints(study(seed=seed), tables) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one, again)
    assert not one.equals(other)


def test_growth_before_a_shock_is_that_of_a_line_through_the_months_before(answers, tables):
    rows = tables["deaths"].frame
    rows = rows[(rows["country"] == "MLI") & (rows["allocation"] == "uniform_days")]
    every = pd.period_range("2018-08", "2020-07", freq="M").astype("str")
    counts = rows.groupby("month")["civilians"].sum().reindex(every, fill_value=0)
    x = sm.add_constant(np.arange(24) / 12)
    by_hand = np.exp(sm.GLM(counts.to_numpy(), x, family=sm.families.Poisson()).fit().params[1])
    found = primary_changes(study(), tables, answers).set_index("shock")
    assert found.loc["coup_mli_2020", "growth_before"] == pytest.approx(by_hand)


def test_without_march_2022_the_change_after_wagner_is_another_one(answers, tables):
    rows = leave_one_out_at_shocks(study(), tables, answers)
    rows = rows[rows["shock"] == "wagner_mli"].set_index("month")
    whole = rows.loc[rows.index.isna(), "estimate"].iloc[0]
    rest = rows[rows.index.notna()]
    assert rest["estimate"].idxmin() == "2022-03" == rest["deaths"].idxmax()
    assert rest["estimate"].min() < 0.1 * whole
    # 18 months on each side; the five between are left out already.
    assert len(rest) == 36


def test_placebos_are_marked_by_whether_a_shock_may_touch_them(answers, tables):
    placebos = placebos_at_shocks(study(), tables, answers)
    dates = placebos[(placebos["kind"] == "date") & placebos["placebo"].notna()]
    mali = dates[dates["shock"] == "coup_mli_2020"]
    # A placebo month, the window of 24 after it, and then the coup of August 2020.
    assert mali.loc[mali["clean"], "placebo"].max() == "2018-07"
    assert "2020-08" not in set(mali["placebo"])
    countries = placebos[(placebos["kind"] == "country") & placebos["placebo"].notna()]
    assert set(countries.loc[~countries["clean"], "placebo"]) == {"NER", "MLI", "BFA"}
    assert not CONTAMINATED & {"BEN", "CIV", "GNB", "SEN", "TGO"}
    rows = tables["deaths"].frame
    rows = rows[(rows["country"] == "MLI") & (rows["allocation"] == "uniform_days")]
    every = pd.period_range("1989-01", "2023-12", freq="M").astype("str")
    deaths = rows.groupby("month")["civilians"].sum().reindex(every, fill_value=0)
    wide = mali.set_index("placebo")
    # Twenty-four months on each side of January 2001, and of January 2015.
    for month, first, last in (
        ("2001-01", "1999-01", "2003-01"),
        ("2015-01", "2013-01", "2017-01"),
    ):
        sides = deaths[first:month].iloc[:-1].mean(), deaths[month:last].iloc[1:].mean()
        assert wide.loc[month, "busy"] == (min(sides) >= 1)
    verdicts = placebo_verdicts(placebos).set_index(["shock", "kind", "among"])
    row = verdicts.loc[("wagner_mli", "date", "all")]
    assert row["p_value"] == pytest.approx((row["larger"] + 1) / (row["placebos"] + 1))
    own = placebos[(placebos["shock"] == "wagner_mli") & placebos["placebo"].isna()]["estimate"]
    others = dates.loc[dates["shock"] == "wagner_mli", "estimate"].dropna()
    assert row["larger"] == (np.abs(np.log(others)) >= np.log(own.iloc[0])).sum()


def test_a_path_of_windows_grows_from_a_year_to_the_whole_series(tables):
    found = window_path(study(), tables)
    flat = found[(found["trend"] == "without") & (found["largest_month"] == "with")]
    assert flat["before"].tolist()[:3] == [12, 18, 24] and flat["whole"].tolist()[-1]
    # From January 1989 to November 2021, and from December 2021 to December 2023.
    assert flat[["before", "after"]].iloc[-1].tolist() == [395, 25]
    rows = tables["deaths"].frame
    rows = rows[(rows["country"] == "MLI") & (rows["allocation"] == "uniform_days")]
    every = pd.period_range("1989-01", "2023-12", freq="M").astype("str")
    mali = rows.groupby("month")["civilians"].sum().reindex(every, fill_value=0)
    two_years = mali["2021-12":"2023-11"].mean() / mali["2019-12":"2021-11"].mean()
    assert flat.set_index("before").loc[24, "estimate"] == pytest.approx(two_years)
    whole = mali["2021-12":].drop("2022-03").mean() / mali[:"2021-11"].mean()
    without = found[(found["trend"] == "without") & (found["largest_month"] == "without")]
    assert without["estimate"].iloc[-1] == pytest.approx(whole)
    assert set(without["left_out"]) == {"2022-03"}


def test_a_step_may_be_an_interval_or_of_a_country_elsewhere(tables):
    rows = window_path(study(step="MLI:2021-09/2022-01"), tables)
    first = rows.iloc[0]
    # The five months between count for neither side.
    assert (first["before"], first["after"]) == (12, 12)
    assert window_path(study(step="NER:2021-12"), tables).empty


def test_a_step_early_in_the_series_has_each_window_once(tables):
    # Twenty-four months of data lie before it: the whole series is that window.
    found = window_path(study(step="MLI:1991-01"), tables)
    part = found[(found["trend"] == "without") & (found["largest_month"] == "with")]
    assert part["before"].tolist() == [12, 18, 24] and part["whole"].tolist()[-1]


def test_the_search_without_dates_names_months_of_the_series(tables):
    found = blind_changepoints(study(), tables)
    single = found[found["search"] == "single"].set_index("country")
    assert single.loc["BFA", "month"] == "2019-01"
    assert single.loc["MLI", ["low", "month", "high"]].is_monotonic_increasing
    best = found[found["search"] == "best"].groupby(["country", "count"]).size()
    assert all(size == count for (_, count), size in best.items())
    shares = found[found["search"] == "price"].drop_duplicates(["country", "count"])
    assert (shares.groupby("country")["prices"].sum() <= 1).all()
    assert blind_changepoints(study(start="2023-06"), tables).empty
    # One death in seven years has no level.
    assert blind_changepoints(study(countries="SEN,CIV"), tables).empty


def test_the_choices_of_a_study_decide_its_own_changes(tables):
    given = {"window": 24, "trend": "without", "deaths_definition": "U1",
             "shocks": "coup_mli_2020,wagner_mli"}  # fmt: skip
    found = changes_at_shocks(study(**given), tables).set_index("shock")
    assert list(found.index) == ["coup_mli_2020", "wagner_mli"]
    rows = tables["deaths"].frame
    rows = rows[(rows["country"] == "MLI") & (rows["allocation"] == "uniform_days")
                & (rows["type_of_violence"].astype("int64") == 3)]  # fmt: skip
    every = pd.period_range("1989-01", "2023-12", freq="M").astype("str")
    mali = rows.groupby("month")["best"].sum().reindex(every, fill_value=0)
    by_hand = mali["2020-09":"2022-08"].mean() / mali["2018-08":"2020-07"].mean()
    assert found.loc["coup_mli_2020", "estimate"] == pytest.approx(by_hand)
    assert found.loc["wagner_mli", "why_not"] == "outside_coverage"


def test_what_is_fitted_passes_through_the_means_of_both_sides(tables):
    found = fitted_series(study(window=24, trend="without", shocks="coup_mli_2020"), tables)
    assert found["side"].value_counts().to_dict() == {"before": 24, "after": 24, "between": 1}
    for side, rows in found[found["side"] != "between"].groupby("side"):
        assert rows["fitted"].to_numpy() == pytest.approx(rows["deaths"].mean()), side
