"""Votes, deliveries and context: what the indicators say, and what they must not hide."""

import math

import duckdb
import numpy as np
import pandas as pd
import pytest
from conftest import study
from pytest import approx

from sahel_transitions.indicators import (
    arms,
    arms_windows,
    base_years,
    known_years,
    last_year_of_both,
    partner_context,
    resolution_votes,
    set_disagreements,
    un_base_years,
    un_moves,
    un_votes,
)
from sahel_transitions.indicators.partner_context import VDEM_VERSION
from sahel_transitions.indicators.un_votes import NEIGHBOURS, PARTNERS, VOTE_SETS


def one(frame, **keys):
    for name, value in keys.items():
        frame = frame[frame[name] == value]
    assert len(frame) == 1
    return frame.iloc[0]


def suppliers(frame, country, end):
    rows = frame[(frame["country"] == country) & (frame["window_end"] == end)]
    return rows.set_index("supplier")["share"]


@pytest.mark.parametrize(
    ("given", "first", "last"),
    [
        ({}, 2017, 2025),
        ({"as_of": "2022-06-30"}, 2017, 2021),
        ({"as_of": "2021-12-31", "start": "2019-05"}, 2019, 2021),
        ({"start": "2026-01", "end": "2026-03"}, 2025, 2025),
    ],
)
def test_yearly_series_end_with_the_last_year_that_was_over(given, first, last):
    years = known_years(study(**given))
    assert (years[0], years[-1]) == (first, last)


@pytest.mark.parametrize("day", ["2019-06-30", "2021-12-31", "2023-01-01", "2025-03-01"])
def test_no_yearly_value_is_of_a_year_that_was_not_over(tables, day):
    parameters = study(as_of=day)
    last = known_years(parameters)[-1]
    for frame in (
        un_votes(parameters, tables, neighbours=True),
        un_moves(parameters, tables, since="base"),
        arms(parameters, tables).rename(columns={"window_end": "year"}),
        partner_context(parameters, tables),
    ):
        assert frame.empty or frame["year"].max() == last
    assert (resolution_votes(parameters, tables)["date"] <= day).all()


# Votes
def test_every_year_set_and_partner_has_a_row(tables):
    frame = un_votes(study(), tables, neighbours=True)
    assert len(frame) == 5 * 9 * len(VOTE_SETS) * len(PARTNERS)
    assert set(frame.loc[frame["role"] == "neighbour", "country"]) == set(NEIGHBOURS)
    assert not frame.duplicated(["country", "year", "vote_set", "partner"]).any()


def test_a_year_without_an_estimate_is_shown_as_missing(tables):
    frame = un_votes(study(), tables)
    states = frame.groupby(["year", "vote_set"])["state"].unique().map(list)
    assert states[2024, "all"] == ["missing"]
    assert states[2024, "final_passage"] == ["observed"]
    assert states[2025, "final_passage"] == ["not_covered"]
    assert frame.loc[frame["state"] != "observed", "distance"].isna().all()


def test_the_malian_distance_of_2023_by_hand(tables):
    # -1.1515 (-1.2512 to -1.0552) and France 1.4900 (1.3263 to 1.6414): 2.6415, and below it
    # hypot(0.1637, 0.0963), above it hypot(0.1514, 0.0997).
    row = one(un_votes(study(), tables), country="MLI", year=2023, vote_set="all", partner="FRA")
    assert row["distance"] == approx(2.6415)
    assert row["distance_q5"] == approx(2.6415 - math.hypot(0.1637, 0.0963))
    assert row["distance_q95"] == approx(2.6415 + math.hypot(0.1514, 0.0997))


def test_the_sign_of_the_malian_move_of_2023_depends_on_the_set_of_votes(tables):
    both = set_disagreements(un_moves(study(), tables))
    row = one(both, country="MLI", partner="FRA", year=2023)
    assert row["change_all"] > 0 > row["change_final_passage"]
    assert row["opposite"] and row["clear"]


def test_parts_of_moves_add_up_and_partners_move_too(tables):
    moves = un_moves(study(), tables, since="base", neighbours=True)
    known = moves[moves["state"] == "observed"]
    assert np.allclose(known["own_part"] + known["partner_part"], known["distance_change"])
    assert np.allclose(known["distance"] - known["distance_before"], known["distance_change"])
    russia = one(known, country="MLI", vote_set="all", partner="RUS", year=2023)
    # From -0.2825 to -1.2724.
    assert russia["partner_move"] == approx(-0.9899)
    assert russia["partner_move_q95"] < 0


def test_two_that_passed_one_another_by_hand(tables):
    # Mali from -0.2578 to -1.1515, Russia from -0.2825 to -1.2724: the orders cancel.
    moves = un_moves(study(), tables, since="base")
    row = one(moves, country="MLI", vote_set="all", partner="RUS", year=2023)
    assert row["distance_if_still"] == approx(1.2724 - 0.2578)
    assert row["distance_if_partner_still"] == approx(1.1515 - 0.2825)
    assert row["own_if_first"] == approx(0.8690 - 0.0247)
    assert row["own_if_last"] == approx(0.1209 - 1.0146)
    assert abs(row["own_part"]) < 0.03


def test_own_moves_by_base_year_are_those_that_sql_gives(tables):
    points = tables["un_votes"].frame  # noqa: F841, read by DuckDB
    found = duckdb.sql("""
        select before.country, before.vote_set, before.year as base_year,
               after.ideal_point - before.ideal_point as move
        from points as before join points as after using (country, vote_set)
        where after.year = 2023 and before.year between 2017 and 2021
          and country in ('MLI', 'BFA')
    """).df()
    keys = ["country", "vote_set", "base_year"]
    both = un_base_years(study(), tables, 2023).merge(found, on=keys, validate="1:1")
    assert len(both) == len(found) == 20
    assert np.allclose(both["own_move"], both["move"])
    declared = both[both["declared"]].groupby("country")["base_year"].unique().map(list)
    assert declared.to_dict() == {"MLI": [2019], "BFA": [2021]}


def test_without_a_year_there_is_no_move_by_base_year(tables):
    assert un_base_years(study(), tables, None).empty


def test_base_years_are_declared_by_the_ledger_of_coups(tables):
    assert base_years(study(), tables) == {"MLI": 2019, "BFA": 2021}
    # Before the coup in Burkina Faso was known, Mali's alone decides.
    assert base_years(study(as_of="2022-01-01"), tables) == {"MLI": 2019, "BFA": 2019}
    assert base_years(study(countries="NER,SEN"), tables) == {"NER": 2017, "SEN": 2017}
    assert base_years(study(countries="MLI,NER"), tables) == {"MLI": 2019, "NER": 2019}


def test_neighbours_are_controls_from_each_base_year(tables):
    moves = un_moves(study(), tables, since="base", neighbours=True)
    bases = moves.groupby("country")["base_year"].unique().map(list)
    assert bases["MLI"] == [2019] and bases["BFA"] == [2021]
    assert all(bases[country] == [2019, 2021] for country in NEIGHBOURS)


def test_a_neighbour_in_the_study_is_no_control(tables):
    frame = un_votes(study(countries="NER,SEN"), tables, neighbours=True)
    assert frame.loc[frame["country"] == "SEN", "role"].unique() == ["study"]


def test_the_last_year_of_both_sets(tables):
    assert last_year_of_both(un_moves(study(), tables)) == 2023
    assert last_year_of_both(un_moves(study(start="2026-01", end="2026-03"), tables)) is None


# Votes on Ukraine
def test_a_vote_that_no_source_gives_is_missing_and_not_absence(tables):
    votes = resolution_votes(study(), tables)
    assert one(votes, country="SEN", resolution="A/RES/ES-11/5")["vote"] == "missing"
    assert one(votes, country="BFA", resolution="A/RES/ES-11/6")["vote"] == "not_voting"
    assert one(votes, country="BFA", resolution="A/RES/ES-11/7")["vote"] == "against"


def test_no_vote_is_known_before_its_day(tables):
    assert resolution_votes(study(as_of="2022-06-30"), tables)["date"].max() == "2022-04-07"


def test_a_country_that_is_not_coded_is_not_covered(tables):
    votes = resolution_votes(study(countries="CPV,MLI"), tables)
    assert set(votes.loc[votes["country"] == "CPV", "vote"]) == {"not_covered"}


# Arms
def test_russia_came_first_in_mali_and_no_supplier_had_half(tables):
    shares = suppliers(arms(study(), tables), "MLI", 2021)
    assert shares.index[0] == "Russia"
    # 75.0 of 156.47 million.
    assert shares.max() == approx(0.47932, abs=1e-4)
    assert shares.sum() == approx(1)


def test_a_window_that_the_register_does_not_cover_whole_is_partial(tables):
    windows = arms_windows(study(), tables)
    last = one(windows, country="MLI", window_end=2025)
    assert (last["window_start"], last["years"], last["state"]) == (2021, 4, "partial")
    assert one(windows, country="MLI", window_end=2024)["state"] == "observed"


def test_the_last_portfolios_differ(tables):
    frame = arms(study(), tables)
    mali, burkina = (suppliers(frame, country, 2025) for country in ("MLI", "BFA"))
    assert (mali.index[0], burkina.index[0]) == ("Russia", "Turkiye")
    assert "Russia" not in burkina.index
    assert mali["unknown"] == approx(0.20395, abs=1e-4)


def test_concentration_lies_between_its_bounds(tables):
    windows = arms_windows(study(countries="MLI,BFA,NER,SEN"), tables)
    known = windows.dropna(subset="hhi")
    assert (known["hhi_low"] <= known["hhi"] + 1e-12).all()
    assert np.allclose(known["hhi"], known["hhi_high"])
    assert (known["hhi_high"] <= known["hhi_highest"] + 1e-12).all()
    certain = known[known["unknown_share"] == 0]
    assert np.allclose(certain["hhi_low"], certain["hhi_highest"])


def test_nothing_delivered_is_zero_and_has_no_share(tables):
    windows = arms_windows(study(countries="CPV,MLI"), tables)
    none = windows[(windows["country"] == "CPV") & (windows["state"] == "zero")]
    assert len(none) and (none["tiv"] == 0).all() and none["hhi"].isna().all()
    rows = arms(study(countries="CPV,MLI"), tables)
    empty = rows[(rows["country"] == "CPV") & (rows["state"] == "zero")]
    assert len(empty) == len(none) and empty["supplier"].isna().all()


def test_no_window_ends_after_the_day_of_the_study(tables):
    assert arms(study(as_of="2022-06-30"), tables)["window_end"].max() == 2021


# Context
def test_a_repeated_count_is_stale_and_an_incomplete_year_partial(tables):
    frame = partner_context(study(), tables)
    displaced = frame[(frame["country"] == "BFA") & (frame["indicator"] == "displaced")]
    states = displaced.set_index("year")["state"]
    assert (states[2023], states[2024], states[2025]) == ("observed", "stale", "stale")
    assert displaced.set_index("year")["value"][[2023, 2024, 2025]].nunique() == 1
    aid = frame[frame["indicator"].str.startswith("us_") & (frame["year"] == 2025)]
    assert set(aid["state"]) == {"partial"}


def test_only_one_version_of_vdem_is_used(tables):
    rows = partner_context(study(), tables)
    rows = rows[rows["indicator"] == "electoral_democracy"].set_index(["country", "year"])
    rated = tables["regimes"].frame
    rated = rated[rated["version"] == VDEM_VERSION].set_index(["country", "year"])
    known = rows.dropna(subset="value")
    assert (known["value"] == rated["v2x_polyarchy"].loc[known.index]).all()
    # The other version goes on to 2025.
    assert rows.loc[("MLI", 2025), "state"] == "not_covered"


def test_ranks_carry_their_number_and_the_breaks_of_the_method(tables):
    frame = partner_context(study(start="2010-01"), tables)
    ranks = frame[(frame["indicator"] == "press_freedom_rank") & (frame["country"] == "MLI")]
    ranks = ranks.set_index("year")
    assert list(ranks.index[ranks["after_break"]]) == [2013, 2022]
    assert ranks.loc[2011, "state"] == "missing"
    assert (ranks.loc[2025, "value"], ranks.loc[2025, "out_of"]) == (119, 180)


def test_the_un_mission_left_mali_and_never_was_in_burkina_faso(tables):
    frame = partner_context(study(), tables)
    bases = frame[frame["indicator"] == "un_bases"].set_index(["country", "year"])
    assert (bases.loc[("MLI", 2023), "value"], bases.loc[("MLI", 2024), "value"]) == (12, 2)
    assert set(bases.loc["BFA"]["state"]) == {"zero", "not_covered"}


@pytest.mark.parametrize("countries", ["MLI,BFA", "NER,SEN", "CPV,GNB"])
def test_every_value_says_how_it_stands(tables, countries):
    for frame in (
        un_votes(study(countries=countries), tables),
        arms_windows(study(countries=countries), tables),
        partner_context(study(countries=countries), tables),
    ):
        assert frame["state"].notna().all()
        absent = frame["state"].isin(["missing", "not_covered"])
        value = next(each for each in ("distance", "hhi", "value") if each in frame)
        assert frame.loc[absent, value].isna().all()


# The same from the raw files, another way
@pytest.mark.shared
def test_distances_from_the_raw_file(tables, shared):
    raw = pd.read_stata(
        shared / "data/politics/unga/IdealpointsJuly2025.dta", convert_categoricals=False
    )
    raw = raw[raw["year"].between(2017, 2024)].set_index(["iso3c", "year"])
    for row in un_votes(study(), tables, neighbours=True).itertuples():
        if row.state == "not_covered":
            continue
        end = {"all": "all", "final_passage": "fp"}[row.vote_set]
        own, other = (raw.loc[(code, row.year)] for code in (row.country, row.partner))
        point, low, high = f"idealpoint{end}", f"q5{end}", f"q95{end}"
        if pd.isna(own[point]) or pd.isna(other[point]):
            assert row.state == "missing"
            continue
        apart = own[point] - other[point]
        below = apart - np.sqrt((own[point] - own[low]) ** 2 + (other[high] - other[point]) ** 2)
        above = apart + np.sqrt((own[high] - own[point]) ** 2 + (other[point] - other[low]) ** 2)
        ends = sorted([abs(below), abs(above)])
        if below < 0 < above:
            ends[0] = 0
        # The table rounds points to four decimals.
        assert row.distance == approx(abs(apart), abs=2e-4)
        assert (row.distance_q5, row.distance_q95) == approx(tuple(ends), abs=5e-4)


@pytest.mark.shared
@pytest.mark.parametrize("file", ["trade-register_Aditya.csv", "sipri_register_mali_bfa.csv"])
def test_shares_from_the_raw_register(tables, shared, file):
    tidy = file.startswith("sipri")
    years = "delivery_years" if tidy else "Year(s) of delivery"
    tiv = "tiv_delivered" if tidy else "SIPRI TIV of delivered weapons"
    path = shared / "data/politics/sipri" / file
    found = duckdb.sql(f"""
        with orders as (
            select recipient as buyer, regexp_replace(supplier, '[* ]+$', '') as supplier,
                   cast("{tiv}" as double) as tiv,
                   regexp_extract_all("{years}", '[0-9]{{4}}') as years
            from read_csv('{path}', all_varchar = true, header = true)
            where recipient in ('Mali', 'Burkina Faso')),
        deliveries as (
            select buyer, supplier, tiv / len(years) as tiv,
                   cast(unnest(years) as integer) as year from orders where len(years) > 0),
        windows as (
            select buyer, last, supplier, sum(tiv) as tiv
            from deliveries join range(2017, 2026) as ends(last)
              on year between last - 4 and last group by all having sum(tiv) > 0)
        select buyer, last, supplier, tiv / sum(tiv) over (partition by buyer, last) as part
        from windows
    """).df()
    found["supplier"] = found["supplier"].where(
        ~found["supplier"].str.startswith("unknown"), "unknown"
    )
    found["country"] = found["buyer"].map({"Mali": "MLI", "Burkina Faso": "BFA"})
    frame = arms(study(), tables).rename(columns={"window_end": "last"})
    both = frame.merge(found, on=["country", "last", "supplier"], how="outer")
    assert np.allclose(both["share"], both["part"], atol=1e-5)
    for (_, _), rows in both.groupby(["country", "last"]):
        part = rows["part"]
        assert rows["hhi"].iloc[0] == approx((part**2).sum(), abs=1e-5)
        named = part[rows["supplier"] != "unknown"]
        assert rows["hhi_low"].iloc[0] == approx((named**2).sum(), abs=1e-5)
        assert rows["entropy"].iloc[0] == approx(-(part * np.log(part)).sum(), abs=1e-4)


@pytest.mark.shared
def test_the_register_ends_with_2024(shared):
    for file, years in (
        ("trade-register_Aditya.csv", "Year(s) of delivery"),
        ("sipri_register_mali_bfa.csv", "delivery_years"),
    ):
        raw = pd.read_csv(shared / "data/politics/sipri" / file, dtype="str", encoding="utf-8-sig")
        found = raw[years].dropna().str.findall(r"\d{4}").explode().dropna().astype(int)
        assert found.max() == 2024
