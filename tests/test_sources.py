"""From outside files to derived tables."""

from datetime import date

import duckdb
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sahel_transitions.errors import Refusal, TableProblems
from sahel_transitions.paths import DERIVED, REFERENCE
from sahel_transitions.sources import (
    ALLOCATIONS,
    ActorClassifier,
    Options,
    Unanswerable,
    allocate,
    days_by_month,
    derive,
)
from sahel_transitions.tables import write_table

GED = "ucdp/ucdp_ged_uemoa_1989_2023_repaired.csv"


def event(**changes):
    """One event in the columns of a yearly release."""
    row = {
        "id": "1", "year": "2022", "code_status": "Clear", "type_of_violence": "3",
        "side_a": "JNIM", "side_b": "Civilians", "country": "Mali", "country_id": "432",
        "date_start": "2022-03-10", "date_end": "2022-03-10", "where_prec": "1",
        "adm_1": "Mopti region", "deaths_a": "0", "deaths_b": "0", "deaths_civilians": "4",
        "deaths_unknown": "0", "best": "4", "high": "6", "low": "3",
    }  # fmt: skip
    return {**row, **changes}


@pytest.fixture
def build(tmp_path, tables):
    def built(*events, **options):
        path = tmp_path / "ged.csv"
        pd.DataFrame(events).to_csv(path, index=False)
        return derive(path, Options(actors=tables["actors"].frame, **options))[1]

    return built


def uniform(built):
    return built.frame[built.frame["allocation"] == "uniform_days"].reset_index(drop=True)


def test_an_event_becomes_a_count_without_its_place_or_story(build):
    row = uniform(build(event())).iloc[0]
    assert (row["country"], row["month"], row["admin1"], row["perpetrator"]) == (
        "MLI", "2022-03", "Mopti", "jnim",
    )  # fmt: skip
    assert (row["events"], row["civilians"], row["best"], row["low"], row["high"]) == (
        1,
        4,
        4,
        3,
        6,
    )


def test_both_spellings_of_the_estimates_are_read(build):
    renamed = {f"{name}_est": event()[name] for name in ("best", "high", "low")}
    other = {name: value for name, value in event().items() if name not in {"best", "high", "low"}}
    assert uniform(build({**other, **renamed})).equals(uniform(build(event())))


def test_dates_with_a_time_of_day_are_read(build):
    built = build(event(date_start="2022-03-10 00:00:00.000", date_end="2022-03-10 00:00:00.000"))
    assert uniform(built)["month"].tolist() == ["2022-03"]


def test_deaths_in_fighting_are_not_attributed(build):
    built = build(event(type_of_violence="1", side_a="Government of Mali", side_b="JNIM"))
    assert uniform(built)["perpetrator"].tolist() == ["not_attributed"]


@pytest.mark.parametrize(
    ("actor", "perpetrator"),
    [
        ("Government of Mali", "state_forces"),
        ("Government of Mali, Government of Russia (Soviet Union)", "state_with_russian_forces"),
        ("Government of Burkina Faso", "foreign_state"),
        ("IS", "islamic_state"),
        ("Dan na Ambassagou", "self_defence"),
        ("Dozos (Mali)", "self_defence"),
        ("AQIM", "jihadist_other"),
        ("MFDC", "rebel"),
    ],
)
def test_actor_names_have_a_class(tables, actor, perpetrator):
    assert ActorClassifier(tables["actors"].frame, "ucdp")(actor, "Mali") == perpetrator


def test_an_unknown_actor_is_counted_as_unidentified_and_listed(build):
    built = build(event(side_a="Nobody knows"))
    assert uniform(built)["perpetrator"].tolist() == ["unidentified"]
    assert any("Nobody knows (1)" in note for note in built.notes)


@pytest.mark.parametrize(
    ("precision", "unit"), [("4", "Mopti"), ("5", "not_located"), ("", "not_located")]
)
def test_vague_places_are_not_put_on_the_map(build, precision, unit):
    assert uniform(build(event(where_prec=precision)))["admin1"].tolist() == [unit]


def test_candidate_events_are_provisional(build):
    assert uniform(build(event(code_status="Unclear")))["provisional"].tolist() == [True]


def test_bounds_that_do_not_bracket_are_kept_and_reported(build):
    built = build(event(low="9"))
    assert uniform(built)["low"].tolist() == [9]
    assert any(note.startswith("1 events have bounds") for note in built.notes)


def test_events_without_a_death_are_kept(build):
    row = uniform(build(event(best="0", deaths_civilians="0", high="3", low="0"))).iloc[0]
    assert (row["events"], row["best"], row["high"]) == (1, 0, 3)


def test_an_event_over_months_is_spread_by_each_rule(build):
    built = build(event(date_start="2022-03-31", date_end="2022-04-03"))
    civilians = built.frame.pivot_table(
        index="allocation", columns="month", values="civilians", aggfunc="sum", fill_value=0
    )
    assert civilians.loc["start"].tolist() == [4, 0]
    assert civilians.loc["end"].tolist() == [0, 4]
    assert civilians.loc["uniform_days"].tolist() == [1, 3]


def test_every_fault_of_a_file_is_named_at_once(build):
    with pytest.raises(TableProblems) as raised:
        build(
            event(id="1", deaths_civilians="many"),
            event(id="1", date_start="2022-02-30"),
            event(id="2", best="5"),
            event(id="3", date_end="2022-03-09"),
        )
    found = {(problem.row, problem.column) for problem in raised.value.problems}
    assert {
        (2, "deaths_civilians"),
        (3, "date_start"),
        (3, "id"),
        (4, "best"),
        (5, "date_end"),
    } <= found


def test_a_missing_column_is_named(tmp_path, tables):
    path = tmp_path / "ged.csv"
    pd.DataFrame([event()]).drop(columns="deaths_civilians").to_csv(path, index=False)
    with pytest.raises(TableProblems, match="deaths_civilians"):
        derive(path, Options(actors=tables["actors"].frame))


def test_a_file_of_another_continent_is_refused(build):
    with pytest.raises(Refusal, match="West Africa"):
        build(event(country="Peru", country_id="135"))


days = st.dates(date(2020, 1, 1), date(2024, 12, 31))


@given(days, st.integers(0, 200), st.integers(0, 5000), st.sampled_from(ALLOCATIONS))
def test_allocation_neither_loses_nor_adds_a_death(start, length, total, rule):
    spans = days_by_month(start, date.fromordinal(start.toordinal() + length))
    shares = allocate(total, spans, rule)
    assert sum(shares.values()) == total
    assert sum(spans.values()) == length + 1
    assert all(share >= 0 for share in shares.values())


@given(days, st.integers(0, 200), st.integers(0, 5000))
def test_uniform_shares_are_within_one_of_the_exact_ones(start, length, total):
    spans = days_by_month(start, date.fromordinal(start.toordinal() + length))
    shares = allocate(total, spans, "uniform_days")
    assert all(
        abs(shares[month] - total * count / (length + 1)) < 1 for month, count in spans.items()
    )


def test_population_keeps_the_region_and_refuses_text(tmp_path):
    path = tmp_path / "population.csv"
    header = "Country Name,Country Code,Year,Value\n"
    path.write_text(header + "Mali,MLI,2022,23072640\nPeru,PER,2022,34049588\n")
    assert derive(path, Options())[1].frame["country"].tolist() == ["MLI"]
    path.write_text(header + "Mali,MLI,2022,many\n")
    with pytest.raises(TableProblems, match="many"):
        derive(path, Options())


@pytest.mark.shared
def test_the_committed_deaths_are_what_the_builder_makes(tables, shared, tmp_path):
    _, built = derive(shared / "data" / GED, Options(actors=tables["actors"].frame))
    write_table(tmp_path / "deaths.csv", built.frame, built.declaration)
    for ending in ("csv", "yml"):
        made, committed = tmp_path / f"deaths.{ending}", DERIVED / f"deaths.{ending}"
        assert made.read_bytes() == committed.read_bytes()


@pytest.mark.shared
def test_the_committed_population_is_what_the_builder_makes(shared, tmp_path):
    file = shared / "data/politics/population/worldbank_population.csv"
    _, built = derive(file, Options())
    write_table(tmp_path / "population.csv", built.frame, built.declaration)
    assert (tmp_path / "population.csv").read_bytes() == (DERIVED / "population.csv").read_bytes()


@pytest.mark.shared
def test_the_reference_totals_are_those_that_sql_takes_from_the_events(shared):
    made = duckdb.connect().sql(
        f"""
        select case country when 'Ivory Coast' then 'CIV' when 'Guinea-Bissau' then 'GNB'
               when 'Burkina Faso' then 'BFA' when 'Benin' then 'BEN' when 'Mali' then 'MLI'
               when 'Niger' then 'NER' when 'Senegal' then 'SEN' when 'Togo' then 'TGO'
               end as country,
               year, type_of_violence, count(*)::int as events,
               sum(deaths_civilians)::int as civilians, sum(deaths_unknown)::int as "unknown",
               sum(best_est)::int as best, sum(low_est)::int as low, sum(high_est)::int as high
        from read_csv('{shared / "data" / GED}') group by all order by all
        """
    )
    committed = pd.read_csv(REFERENCE / "deaths_totals.csv")
    assert made.df()["country"].notna().all()
    pd.testing.assert_frame_equal(made.df(), committed, check_dtype=False)


def days_of_violence(*types, years=("2021", "2022")):
    return [
        event(id=f"{number}", date_start=f"{day:%Y-%m-%d}", date_end=f"{day:%Y-%m-%d}",
              year=str(day.year), type_of_violence=types[number % len(types)])
        for number, day in enumerate(pd.date_range(f"{years[0]}-01-01", f"{years[1]}-12-31", freq="2D"))
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("types", "definitions"),
    [(["1", "3"], ["U1", "U2", "U3"]), (["3"], ["U1"]), (["1", "2"], [])],
)
def test_a_file_filtered_by_type_of_violence_answers_what_it_can(
    tmp_path, tables, types, definitions
):
    path = tmp_path / "ged.csv"
    pd.DataFrame(days_of_violence(*types)).to_csv(path, index=False)
    options = Options(actors=tables["actors"].frame, strict_corrections=False)
    if not definitions:
        with pytest.raises(Unanswerable, match="none of the 365 events of MLI"):
            derive(path, options)
        return
    assert derive(path, options)[1].declaration["definitions"] == definitions


def test_a_hole_in_a_file_of_ucdp_is_missing(tmp_path, tables):
    path = tmp_path / "ged.csv"
    rows = [
        row for row in days_of_violence("1", "3") if not "2022-03" <= row["date_start"] < "2022-05"
    ]
    pd.DataFrame(rows).to_csv(path, index=False)
    options = Options(actors=tables["actors"].frame, strict_corrections=False)
    built = derive(path, options)[1]
    assert built.declaration["lost"] == {"MLI": [{"first": "2022-03", "last": "2022-04"}]}


@pytest.mark.shared
def test_no_real_silence_of_ucdp_is_called_a_hole(shared, tables):
    path = next((shared / "data/ucdp").glob("*repaired.csv"))
    options = Options(actors=tables["actors"].frame)
    assert "lost" not in derive(path, options)[1].declaration


def test_no_page_of_the_bibliography_has_two_keys(tables):
    pages = tables["sources"].frame.query("kind == 'web'")["url"].dropna()
    assert len(pages) > 300
    assert pages[pages.duplicated()].tolist() == []
