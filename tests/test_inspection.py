"""`sahel data inspect` says what a file is, what it can answer, and what is wrong with it."""

import csv

import pandas as pd
import pytest
from test_acled import WEEK
from test_acled import event as acled_event
from test_sources import event

from sahel_transitions.cli.inspection import describe
from sahel_transitions.errors import Refusal
from sahel_transitions.sources import SOURCES, Options, derive, recognise


def said(path, tables):
    options = Options(actors=tables["actors"].frame, strict_corrections=False)
    lines, problems = describe(path, options)
    return "\n".join(lines), problems


def test_a_release_is_recognised_and_described(tmp_path, tables):
    path = tmp_path / "GEDEvent_v23_1.csv"
    pd.DataFrame([event()]).to_csv(path, index=False)
    text, problems = said(path, tables)
    assert problems is None
    for part in ("ucdp-ged", "Vintage: 23.1", "MLI 2022-01 to 2022-12", "Answers: U1, U2, U3",
                 "may be passed on", "Problems: none."):  # fmt: skip
        assert part in text


def test_the_name_of_a_release_is_not_believed_against_its_contents(tmp_path, tables):
    path = tmp_path / "GEDEvent_v25_1.csv"
    pd.DataFrame([event()]).to_csv(path, index=False)
    assert "Vintage: 23.1 or later (not stated)" in said(path, tables)[0]


def test_a_candidate_release_is_provisional_and_covers_its_own_months(tmp_path, tables):
    path = tmp_path / "GEDEvent_v22_0_3.csv"
    pd.DataFrame([event(), event(id="2", code_status="Check deaths")]).to_csv(path, index=False)
    text, _ = said(path, tables)
    assert "Vintage: 22.0.3" in text
    assert "MLI 2022-03 to 2022-03" in text and "Provisional: from 2022-03 on" in text


def test_what_cannot_be_answered_is_said_and_why(tmp_path, tables):
    path = tmp_path / "weekly.csv"
    pd.DataFrame([WEEK, {**WEEK, "WEEK": "02-May-2020"}]).to_csv(path, index=False)
    text, _ = said(path, tables)
    assert "Answers: A1 by year, month, admin1" in text
    assert "Cannot: weekly admin-1 exports carry no civilian-targeting flag" in text
    assert "may not be passed on (ACLED-terms)" in text


def test_a_sound_file_that_answers_nothing_is_no_error(tmp_path, tables):
    path = tmp_path / "number_of_reported_fatalities.csv"
    path.write_text("COUNTRY,YEAR,FATALITIES\nMali,2022,9\n")
    text, problems = said(path, tables)
    assert "Answers: nothing" in text and problems is None


def test_problems_follow_what_a_file_is_taken_for(tmp_path, tables):
    path = tmp_path / "events.csv"
    pd.DataFrame([acled_event(fatalities="many")]).to_csv(path, index=False)
    text, problems = said(path, tables)
    assert "acled-events" in text and "row 2, column fatalities" in str(problems)


@pytest.mark.parametrize("renamed", ["best", "deaths_civilians", "country_id"])
def test_a_renamed_column_does_not_hide_what_a_file_is(tmp_path, tables, renamed):
    path = tmp_path / "ged.csv"
    frame = pd.DataFrame([event()]).rename(columns={renamed: f"{renamed}_x"})
    frame.to_csv(path, index=False)
    _, problems = said(path, tables)
    assert f"column {renamed}: expected this column, found '{renamed}_x'" in str(problems)


def test_an_unknown_file_is_refused_with_what_is_known(tmp_path):
    path = tmp_path / "shopping.csv"
    path.write_text("item,price\nbread,2\n")
    with pytest.raises(Refusal, match=r"file of a known dataset.*Known are ucdp-ged.*acled-events"):
        recognise(path, SOURCES)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("ucdp/ucdp_ged_uemoa_1989_2023_repaired.csv", "ucdp-ged"),
        ("ucdp/as_stored/Niger.csv", "ucdp-ged"),
        ("acled/acled_events_bfa_2019-09-24_2022-09-23.csv", "acled-events"),
        ("acled/acled_africa_weekly_admin1_to_2026-03-14.parquet", "acled-weekly"),
        ("acled/hdx_mali_political_violence_admin2_month_1997-2026-04.xlsx", "acled-hdx"),
        ("acled/hdx_burkina_faso_hrp_province_month_1997-2026-04.csv", "acled-hdx-long"),
        ("acled/number_of_reported_fatalities_by_country-year_as-of-20Feb2026.csv", "acled-country-year"),
        ("acled/number_of_political_violence_events_by_country-month-year_as-of-20Feb2026.csv",
         "acled-country-month"),
        ("politics/unga/IdealpointsJuly2025.dta", "unga-ideal-points"),
        ("politics/sipri/SIPRI-Milex-data-1949-2024_2.xlsx", "sipri-military-expenditure"),
        ("politics/sipri/trade-register_Aditya.csv", "sipri-arms-transfers"),
        ("politics/population/wpp2024_popproj_mli_bfa.csv", "un-wpp"),
        ("geo/ne10m_admin1_MLI.geojson", "natural-earth"),
    ],
)  # fmt: skip
def test_real_files_are_known_by_their_contents(shared, name, source):
    assert recognise(shared / "data" / name, SOURCES)[1].name == source


@pytest.mark.shared
@pytest.mark.parametrize(
    "name", ["Benin", "Burkina", "Cote_ivoire", "Guinne_Bissau", "Mali", "Senegal", "Togo"]
)
def test_files_as_stored_are_read_as_another_reader_does(shared, tables, name):
    path = shared / f"data/ucdp/as_stored/{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        expected = sum(int(row["deaths_civilians"]) for row in csv.DictReader(file))
    _, built = derive(path, Options(actors=tables["actors"].frame))
    frame = built.frame[built.frame["allocation"] == "start"]
    assert int(frame["civilians"].sum()) == expected


@pytest.mark.shared
def test_a_damaged_file_is_refused_with_its_cause(shared, tables):
    _, problems = said(shared / "data/ucdp/as_stored/Niger.csv", tables)
    assert "of them more than once" in str(problems)
