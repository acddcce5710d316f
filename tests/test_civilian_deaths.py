"""The indicator of reported civilian deaths against figures taken from the file by other means."""

import pandas as pd
import pytest
from conftest import study
from test_sources import event

from sahel_transitions.indicators import (
    around_shocks,
    civilian_deaths,
    cut_months,
    deaths_table,
    largest_units,
    uncovered,
)

# Summed from the GED file (v24.1 inferred) by country and year with SQL on the raw rows:
# U1 best of type 3; U2 deaths_civilians; U3 plus deaths_unknown.
YEARLY = {
    ("MLI", "U1"): [53, 551, 455, 481, 216, 1455, 475],
    ("MLI", "U2"): [82, 584, 528, 521, 269, 1798, 732],
    ("MLI", "U3"): [119, 692, 554, 854, 298, 2126, 1013],
    ("BFA", "U1"): [36, 92, 868, 503, 385, 562, 1326],
    ("BFA", "U2"): [37, 94, 896, 565, 499, 848, 1576],
    ("BFA", "U3"): [38, 94, 903, 660, 556, 896, 1734],
}


@pytest.mark.parametrize(("key", "values"), YEARLY.items())
def test_yearly_series_equal_the_file(tables, key, values):
    country, definition = key
    years = civilian_deaths(study(deaths_definition=definition), tables)
    assert years[years["country"] == country]["value"].tolist() == values


def test_all_dead_and_their_estimates_equal_the_file(tables):
    row = civilian_deaths(study(), tables).set_index(["country", "period"]).loc[("MLI", "2022")]
    assert [float(row[name]) for name in ("best", "best_low", "best_high")] == [3650, 3534, 4456]


@pytest.mark.parametrize("allocation", ["start", "end", "uniform_days"])
def test_yearly_totals_do_not_depend_on_the_allocation(tables, allocation):
    years = civilian_deaths(study(allocation=allocation), tables)
    assert years["value"].tolist() == YEARLY["MLI", "U2"] + YEARLY["BFA", "U2"]


@pytest.mark.parametrize("by", ["month", "admin1", "perpetrator"])
def test_every_breakdown_sums_to_the_years(tables, by):
    parts = civilian_deaths(study(), tables, by)
    parts["year"] = parts["period"].str[:4]
    sums = parts.groupby(["country", "year"], sort=False)["value"].sum()
    assert sums.tolist() == YEARLY["MLI", "U2"] + YEARLY["BFA", "U2"]


def test_civilians_are_bounded_by_the_dead_of_unknown_status_only(tables):
    years = civilian_deaths(study(), tables)
    assert years["low"].tolist() == years["u2"].tolist()
    assert years["high"].tolist() == years["u3"].tolist()


def test_one_sided_violence_is_bounded_by_its_own_estimates(tables):
    row = civilian_deaths(study(deaths_definition="U1"), tables).iloc[0]
    # Type 3 in Mali, 2017: low, best and high summed with SQL on the raw rows.
    assert (float(row["low"]), float(row["value"]), float(row["high"])) == (53, 53, 68)


def test_years_before_the_coverage_are_not_covered_and_not_zero(tables):
    years = civilian_deaths(study(start="1987-01", end="1990-12"), tables)
    mali = years[years["country"] == "MLI"]
    assert mali["state"].tolist() == ["not_covered", "not_covered", "zero", "observed"]
    assert mali["value"].isna().tolist() == [True, True, False, False]


def test_a_partial_year_says_how_many_months_it_sums(tables):
    years = civilian_deaths(study(start="2021-06", as_of="2023-03-15"), tables)
    # March 2023 was not over on the 15th.
    assert years[years["country"] == "MLI"]["months"].tolist() == [7, 12, 2]


def test_months_after_the_day_of_the_study_are_cut(tables):
    parameters = study(as_of="2023-03-15")
    assert civilian_deaths(parameters, tables, "month")["period"].max() == "2023-02"
    assert [caveat.name for caveat in cut_months(parameters, tables)] == ["cut_by_as_of"]


def test_rates_use_the_population_of_the_same_year(tables):
    rates = civilian_deaths(study(per_100k=True), tables).set_index(["country", "period"])
    people = tables["population"].frame.set_index(["country", "year"])["population"]
    assert rates.loc[("MLI", "2022"), "value"] == pytest.approx(1798 / people["MLI", 2022] * 1e5)
    assert rates.loc[("BFA", "2023"), "value"] == pytest.approx(1576 / people["BFA", 2023] * 1e5)
    assert set(rates["unit"]) == {"reported deaths per 100,000"}


@pytest.mark.parametrize(("by", "said"), [("month", "in a month"), ("admin1", "of the country")])
def test_a_rate_says_of_what_it_is_one(tables, by, said):
    (unit,) = set(civilian_deaths(study(per_100k=True), tables, by)["unit"])
    assert unit.endswith(said)


def test_a_filter_on_one_sided_violence_misses_moura(tables):
    months = civilian_deaths(study(), tables, "month").set_index(["country", "period"])
    march = months.loc[("MLI", "2022-03")]
    # Moura is coded as fighting between the government and JNIM: hundreds of civilians of that
    # month are outside type 3.
    assert float(march["u2"]) - float(march["u2_one_sided"]) > 200


def test_windows_around_a_shock_leave_its_month_out(tables):
    shocks = around_shocks(study(window=12), tables).set_index("shock")
    months = civilian_deaths(study(), tables, "month")
    mali = months[months["country"] == "MLI"].set_index("period")["value"]
    assert shocks.loc["coup_mli_2021", "before"] == mali["2020-05":"2021-04"].sum()
    assert shocks.loc["coup_mli_2021", "after"] == mali["2021-06":"2022-05"].sum()


def test_a_window_that_leaves_the_coverage_is_not_shortened(tables):
    shocks = around_shocks(study(window=24), tables).set_index("shock")
    assert shocks.loc["coup_bfa_2022_09", "state_after"] == "not_covered"


def test_a_window_uses_nothing_that_was_not_yet_there(tables):
    shocks = around_shocks(study(as_of="2022-12-31"), tables).set_index("shock")
    assert shocks.loc["coup_bfa_2022_09", "state_after"] == "not_covered"


def test_the_largest_units_keep_the_deaths_that_are_not_located(tables):
    units = largest_units(civilian_deaths(study(), tables, "admin1"))
    for _, rows in units.groupby("country"):
        assert "not_located" in set(rows["admin1"])
        assert len(rows) <= 6


def test_a_file_of_the_user_takes_the_place_of_the_table(tmp_path, tables):
    path = tmp_path / "ged.csv"
    pd.DataFrame([event(), event(id="2", country="Niger", country_id="436")]).to_csv(
        path, index=False
    )
    parameters = study(deaths_source=str(path), countries="MLI,NER", start="2022-01", end="2022-12")
    mine = tables.with_table(deaths_table(parameters, tables))
    assert civilian_deaths(parameters, mine)["value"].tolist() == [4, 4]
    assert tables["deaths"].declaration.vintage == "24.1 (inferred)"


def test_what_a_country_lacks_is_said(tables):
    caveats = uncovered(study(countries="MLI,BFA,NER"), tables, "deaths", "deadlines")
    assert [dict(caveat.values)["table"] for caveat in caveats] == ["deadlines"]
    assert dict(caveats[0].values)["countries"] == ("NER",)
