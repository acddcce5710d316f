"""Sources side by side, units on the map, tolls and filters: against SQL, and honest on absence."""

import duckdb
import pandas as pd
import pytest
from conftest import study
from test_acled import event

from sahel_transitions import claims
from sahel_transitions.indicators import (
    civilian_deaths,
    deaths_by_source,
    deaths_table,
    filtered_months,
    source_ratios,
    tolls_known,
    units_on_map,
)
from sahel_transitions.language import words
from sahel_transitions.paths import DERIVED
from sahel_transitions.tables import Tables

DEATHS = f"'{DERIVED / 'deaths.csv'}'"


def series_of(tables, **given):
    return deaths_by_source(study(**given), tables)


def on_map(tables, **given):
    units = civilian_deaths(study(**given), tables, "admin1")
    return units_on_map(units, tables["boundaries"])


def test_ucdp_series_are_those_of_the_table_by_sql(tables):
    found = duckdb.sql(
        "select country, left(month, 4) as period, sum(civilians)::int as u2, "
        "sum(best) filter (type_of_violence = 3)::int as u1, sum(civilians + unknown)::int as u3 "
        f"from {DEATHS} where allocation = 'uniform_days' and country in ('MLI', 'BFA') "
        "and month between '2017-01' and '2023-12' group by all"
    ).df()
    series = series_of(tables).set_index(["series", "country", "period"])
    for row in found.itertuples():
        u2 = series.loc["ucdp_u2", row.country, row.period]
        assert (u2["value"], u2["low"], u2["high"]) == (row.u2, row.u2, row.u3)
        assert series.loc[("ucdp_u1", row.country, row.period), "value"] == row.u1


def test_published_totals_stand_with_their_vintage_and_what_they_leave_out(tables):
    series = series_of(tables).set_index(["series", "country", "period"])
    # ACLED, A2, export of 20 February 2026; MINUSMA's four quarterly notes of 2022.
    acled, un = series.loc["acled_a2", "MLI", "2022"], series.loc["un_hrd", "MLI", "2022"]
    assert (acled["value"], acled["vintage"]) == (2232, "2026-02-20")
    assert (un["value"], un["excludes"]) == (1277, ("MLI-2022-03-mopti",))


def test_ratios_are_worked_out_and_labelled(tables):
    ratios = source_ratios(series_of(tables)).set_index(["series", "country", "period"])
    assert ratios.loc[("acled_a2", "MLI", "2023"), "value"] == pytest.approx(1992 / 732)
    assert ratios.loc[("acled_a2", "BFA", "2023"), "value"] == pytest.approx(2398 / 1576)
    assert "unlike_definitions" in ratios.loc[("acled_a2", "MLI", "2023"), "labels"]
    assert "excluded_incident" in ratios.loc[("un_hrd", "MLI", "2022"), "labels"]


def test_no_total_that_was_published_after_the_day_is_shown(tables):
    assert set(series_of(tables, as_of="2021-05-31")["series"]) == {"ucdp_u1", "ucdp_u2"}
    assert "un_hrd" in set(series_of(tables, as_of="2024-01-01")["series"])


def test_a_part_of_a_year_is_not_divided_by_a_whole_one(tables):
    ratios = source_ratios(series_of(tables, start="2022-07", end="2022-12"))
    # No published year lies within the study, but for a study over the whole year and a bit.
    ratios = pd.concat([ratios, source_ratios(series_of(tables, start="2022-07", end="2023-12"))])
    partial = ratios[ratios["period"] == "2022"]
    assert len(partial) and partial["value"].isna().all()
    assert all("unlike_months" in refusals for refusals in partial["refusals"])


def test_few_deaths_divide_nothing(tables):
    series = series_of(tables)
    series.loc[series["series"] == "ucdp_u2", "value"] = 24
    ratios = source_ratios(series)
    assert ratios["value"].isna().all()
    assert all(refusals == ("few_deaths",) for refusals in ratios["refusals"])


def test_the_last_year_of_an_export_is_provisional(tables):
    series = series_of(tables, end="2025-12").set_index(["series", "country", "period"])
    assert series.loc[("acled_a2", "MLI", "2025"), "state"] == "provisional"
    assert series.loc[("acled_a2", "MLI", "2024"), "state"] == "observed"
    assert series.loc[("ucdp_u2", "MLI", "2025"), "state"] == "not_covered"


def test_a_file_of_acled_stands_beside_the_table_of_ucdp(tables, tmp_path):
    days = pd.date_range("2019-01-01", "2020-12-31")
    rows = [event(event_id_cnty=f"MLI{number}", event_date=f"{day:%Y-%m-%d}", year=str(day.year),
                  event_type="Violence against civilians", sub_event_type="", fatalities="2",
                  actor2="Civilians (Mali)")
            for number, day in enumerate(days)]  # fmt: skip
    path = tmp_path / "events.csv"
    pd.DataFrame(rows).to_csv(path, index=False)
    parameters = study(deaths_source=str(path), deaths_definition="A1", start="2019-01",
                       end="2019-12", per_100k=True)  # fmt: skip
    mine = Tables(sealed=False).with_table(deaths_table(parameters, tables))
    series = deaths_by_source(parameters, mine).set_index(["series", "country", "period"])
    assert series.loc[("acled_file_a1", "MLI", "2019"), "value"] == 730
    assert series.loc[("ucdp_u2", "MLI", "2019"), "value"] == 528
    assert series.loc[("acled_file_a1", "BFA", "2019"), "state"] == "not_covered"


def test_units_on_the_map_and_beside_it_are_all_deaths(tables):
    places, elsewhere = on_map(tables)
    found = duckdb.sql(
        "select country, sum(civilians)::int as dead, "
        "sum(civilians) filter (admin1 = 'not_located')::int as nowhere, "
        "sum(civilians) filter (admin1 in ('Gao', 'Ménaka') and left(month, 4) = '2022')::int as gao "
        f"from {DEATHS} where allocation = 'uniform_days' and country in ('MLI', 'BFA') "
        "and month between '2017-01' and '2023-12' group by all"
    ).df().set_index("country")  # fmt: skip
    for country, rows in places.groupby("country"):
        outside = elsewhere[(elsewhere["country"] == country) & elsewhere["within"].isna()]
        assert outside["admin1"].tolist() == ["not_located"]
        assert outside["value"].sum() == found.loc[country, "nowhere"]
        assert rows["value"].sum() + outside["value"].sum() == found.loc[country, "dead"]
    gao = places.set_index(["country", "period", "admin1"]).loc[("MLI", "2022", "Gao"), "value"]
    assert gao == found.loc["MLI", "gao"] == 801


def test_a_unit_without_a_row_is_a_true_zero_only_where_it_is_covered(tables):
    places, _ = on_map(tables, countries="BFA,NER")
    south = places[(places["admin1"] == "Centre Sud")]
    assert set(south["state"]) == {"zero"} and set(south["value"]) == {0}
    assert set(places["country"]) == {"BFA"}
    assert on_map(tables, start="2024-01", end="2024-12")[0].empty


def test_a_source_that_names_no_unit_leaves_no_zero(tables):
    units = civilian_deaths(study(), tables, "admin1")
    units = units[units["admin1"] == "not_located"]
    places, _ = units_on_map(units, tables["boundaries"])
    assert set(places["state"]) == {"not_told"} and places["value"].isna().all()


def test_the_filter_keeps_what_sql_keeps_of_march_2022(tables):
    months = civilian_deaths(study(), tables, "month")
    march = filtered_months(months).set_index(["country", "period"]).loc[("MLI", "2022-03")]
    ((value, kept),) = duckdb.sql(
        "select sum(civilians)::int, sum(civilians) filter (type_of_violence = 3)::int "
        f"from {DEATHS} where allocation = 'uniform_days' and country = 'MLI' and month = '2022-03'"
    ).fetchall()
    assert (march["value"], march["kept"], march["missed"]) == (value, kept, value - kept)
    (said,) = [text for text in claims.filter_findings(months, words("en")) if "Moura" in text]
    assert f"of {value} civilian deaths the filter keeps {kept} (73.2%)" in said


def test_moura_is_a_range_from_the_army_to_the_un(tables):
    tolls = tolls_known(study(), tables)
    moura = tolls[tolls["incident_id"] == "MLI-2022-03-mopti"]
    assert moura["toll_low"].min() == 203
    assert moura.loc[moura["reported_by"] == "OHCHR", "toll_high"].isna().all()
    assert moura["toll_low"].max() == 500


@pytest.mark.parametrize(
    ("as_of", "known"),
    [("2021-05-31", 0), ("2022-04-04", 0), ("2022-04-05", 1), ("2022-12-31", 3), ("2023-06-01", 4)],
)
def test_no_toll_is_used_before_it_was_public(tables, as_of, known):
    tolls = tolls_known(study(as_of=as_of), tables, least=1)
    assert (tolls["incident_id"] == "MLI-2022-03-mopti").sum() == known


def test_every_toll_and_source_has_a_name_in_both_languages(tables):
    for language in ("en", "fr"):
        say = words(language)
        assert all(f"reported_by.{who}" in say for who in tables["incidents"].frame["reported_by"])


def test_places_are_named_by_a_text_of_the_united_nations(tables):
    """The three that were coded last; sources of the others are cited row by row."""
    rows = tables["incidents"].frame.set_index("incident_id")
    for incident, name, key in (
        ("BFA-2021-06-sahel", "Solhan", "reliefweb2021"),
        ("BFA-2022-06-sahel", "Seytenga", "un2022_sgsm21323"),
        ("BFA-2024-08-centre_nord", "Barsalogho", "neamco2024"),
    ):
        mine = rows.loc[[incident]]
        assert set(mine["name"]) == {(name,)}
        assert all(key in keys for keys in mine["sources"])
