"""ACLED files in all their forms, under three definitions and three rules for joint events."""

import json

import duckdb
import pandas as pd
import pytest
from conftest import study

from sahel_transitions import claims, figures
from sahel_transitions.errors import Refusal, TableProblems
from sahel_transitions.indicators import civilian_deaths, deaths_table, file_caveats, side_by_side
from sahel_transitions.language import words
from sahel_transitions.sources import Options, Unanswerable, derive

ACLED = "data/acled"
OFFICIAL = f"{ACLED}/number_of_reported_civilian_fatalities_by_country-year_as-of-20Feb2026.csv"


def event(**changes):
    """One event in the columns of an export of 2020, without the flag of civilian targeting."""
    row = {
        "event_id_cnty": "MLI1", "event_date": "2020-03-10", "year": "2020",
        "event_type": "Violence against civilians", "sub_event_type": "Attack",
        "actor1": "JNIM: Group for Support of Islam and Muslims", "assoc_actor_1": "",
        "inter1": "2", "actor2": "Civilians (Mali)", "assoc_actor_2": "Farmers (Mali)",
        "inter2": "7", "interaction": "27", "country": "Mali", "admin1": "Mopti",
        "fatalities": "4", "timestamp": "1586000000", "iso3": "MLI",
    }  # fmt: skip
    return {**row, **changes}


# Two quiet events, so that a file covers the whole of 2020.
EDGES = [
    event(event_id_cnty="MLI8", event_date="2020-01-02", event_type="Protests",
          sub_event_type="Peaceful protest", fatalities="0"),
    event(event_id_cnty="MLI9", event_date="2020-12-30", event_type="Protests",
          sub_event_type="Peaceful protest", fatalities="0"),
]  # fmt: skip


@pytest.fixture
def write(tmp_path):
    def written(*events, name="events.csv", edges=True, sep=",", drop=()):
        rows = [*events, *(EDGES if edges else [])]
        path = tmp_path / name
        pd.DataFrame(rows).drop(columns=list(drop)).to_csv(path, index=False, sep=sep)
        return path

    return written


@pytest.fixture
def derived(tables):
    return lambda path, **options: derive(path, Options(actors=tables["actors"].frame, **options))[
        1
    ]


def totals(built, rule="primary"):
    frame = built.frame[built.frame["joint_events"] == rule]
    return {name: float(frame[name].sum()) for name in ("a1", "a2", "a3") if name in frame}


@pytest.mark.parametrize(
    ("changes", "counted"),
    [
        ({}, (4, 4, 1)),
        ({"fatalities": "0"}, (0, 0, 0)),
        ({"event_type": "Explosions/Remote violence", "sub_event_type": "Air/drone strike"}, (0, 4, 1)),
        ({"event_type": "Riots", "sub_event_type": "Mob violence"}, (0, 4, 1)),
        ({"event_type": "Battles", "sub_event_type": "Armed clash"}, (0, 0, 0)),
        ({"event_type": "Riots", "actor2": "Police Forces of Mali (2013-)", "inter2": "1"}, (0, 0, 0)),
        ({"event_type": "Protests", "sub_event_type": "Excessive force against protesters",
          "actor2": "Police Forces of Mali (2013-)", "inter2": "1"}, (0, 4, 1)),
        ({"event_type": "Remote violence"}, (0, 4, 1)),
    ],
)  # fmt: skip
def test_the_flag_is_rebuilt_where_an_export_lacks_it(write, derived, changes, counted):
    assert tuple(totals(derived(write(event(**changes)))).values()) == counted


def test_the_flag_of_the_export_is_believed_where_it_is_there(write, derived):
    flagged = [
        event(event_type="Battles", civilian_targeting="Civilian targeting"),
        *({**edge, "civilian_targeting": ""} for edge in EDGES),
    ]
    assert totals(derived(write(*flagged, edges=False))) == {"a1": 0, "a2": 4, "a3": 1}


@pytest.mark.parametrize("drop", [("actor1", "actor2"), ("actor1", "actor2", "inter1", "inter2")])
def test_codes_stand_in_for_names_of_actors(write, derived, drop):
    strike = event(event_type="Explosions/Remote violence")
    built = derived(write(strike, drop=[*drop, "assoc_actor_1", "assoc_actor_2"]))
    assert totals(built)["a2"] == 4
    assert "perpetrator" not in built.declaration["breakdowns"]


def test_codes_may_be_words(write, derived):
    strike = event(event_type="Explosions/Remote violence", interaction="Rebel group-Civilians")
    sides = ["actor1", "actor2", "inter1", "inter2", "assoc_actor_1", "assoc_actor_2"]
    assert totals(derived(write(strike, drop=sides)))["a2"] == 4


def test_without_flag_names_and_codes_only_a1_is_answered(write, derived):
    sides = [
        "actor1",
        "actor2",
        "inter1",
        "inter2",
        "interaction",
        "assoc_actor_1",
        "assoc_actor_2",
    ]
    built = derived(write(event(), drop=sides))
    assert built.declaration["definitions"] == ["A1"]
    with pytest.raises(Refusal, match="A2 cannot be computed"):
        study(deaths_source=str(write(event(), drop=sides)), deaths_definition="A2")


@pytest.mark.parametrize(
    "day",
    ["2020-03-10", "10 March 2020", "10-March-2020", "10-March-20", "10-Mar-20", "2020/03/10",
     "2020-03-10T00:00:00"],
)  # fmt: skip
def test_days_are_read_in_every_form_that_exports_have(write, derived, day):
    built = derived(write(event(event_date=day)))
    assert built.frame["month"].unique().tolist() == ["2020-03"]


def test_days_with_slashes_are_read_where_the_file_leaves_no_doubt(write, derived):
    rows = [event(event_date="10/03/2020"), event(event_id_cnty="MLI2", event_date="02/01/2020"),
            event(event_id_cnty="MLI3", event_date="30/12/2020")]  # fmt: skip
    assert set(derived(write(*rows, edges=False)).frame["month"]) == {
        "2020-01",
        "2020-03",
        "2020-12",
    }
    with pytest.raises(TableProblems, match="month is certain"):
        derived(write(*rows[:2], edges=False))


@pytest.mark.parametrize("form", ["csv", "semicolons", "hxl", "capitals", "json", "former"])
def test_one_event_is_counted_the_same_in_every_form_of_file(write, derived, tmp_path, form):
    path = write(event(), sep=";" if form == "semicolons" else ",")
    text = path.read_text()
    header, rest = text.split("\n", 1)
    match form:
        case "hxl":
            tags = ",".join(
                f"#{name}" if place % 2 else "" for place, name in enumerate(header.split(","))
            )
            path.write_text(f"{header}\n{tags}\n{rest}")
        case "capitals":
            path.write_text(f"{header.upper()}\n{rest}")
        case "former":
            path.write_text(text.replace("assoc_actor_1", "ally_actor_1"))
        case "json":
            path = tmp_path / "events.json"
            path.write_text(json.dumps({"success": True, "count": 3, "data": [event(), *EDGES]}))
    assert totals(derived(path)) == {"a1": 4, "a2": 4, "a3": 1}


def test_one_row_an_actor_becomes_one_row_an_event(write, derived):
    both = ["actor2", "assoc_actor_2", "inter2"]
    rows = [
        event(),
        event(actor1="Civilians (Mali)", inter1="7", assoc_actor_1="Farmers (Mali)"),
        *EDGES,
    ]
    built = derived(write(*rows, edges=False, drop=both))
    assert totals(built) == {"a1": 4, "a2": 4, "a3": 1}
    assert set(built.frame["perpetrator"]) == {"jnim"}


def test_actors_of_one_event_must_agree_on_it(write, derived):
    rows = [event(), event(actor1="Civilians (Mali)", inter1="7", fatalities="5")]
    with pytest.raises(TableProblems, match="two versions"):
        derived(write(*rows, drop=["actor2", "assoc_actor_2", "inter2"]))


def by_class(built, rule):
    frame = built.frame[built.frame["joint_events"] == rule]
    return frame[frame["a2"] > 0].set_index("perpetrator")["a2"].to_dict()


JOINT = event(actor1="Military Forces of Mali (2021-)", assoc_actor_1="Wagner Group", inter1="1")


@pytest.mark.parametrize(
    ("rule", "classes"),
    [
        ("primary", {"state_forces": 4}),
        ("any", {"state_forces": 4, "wagner_africa_corps": 4}),
        ("fractional", {"state_forces": 2, "wagner_africa_corps": 2}),
    ],
)
def test_a_joint_event_is_counted_by_the_rule(write, derived, rule, classes):
    assert by_class(derived(write(JOINT)), rule) == classes


@pytest.mark.parametrize(
    ("changes", "perpetrator"),
    [
        ({"actor1": "Civilians (Mali)", "actor2": "Dozo Militia (Mali)"}, "self_defence"),
        ({"actor1": "Islamic State (Greater Sahara)"}, "islamic_state"),
        ({"actor1": "Islamic State (West Africa) - Greater Sahara Faction"}, "islamic_state"),
        ({"actor1": "Islamic State Sahel Province (ISSP)"}, "islamic_state"),
        ({"actor1": "VDP: Volunteer for Defense of Homeland"}, "self_defence"),
        ({"actor1": "Military Forces of Burkina Faso (2022-)"}, "foreign_state"),
        ({"actor1": "Unidentified Armed Group (Mali)"}, "unidentified"),
        ({"actor1": "Nobody has heard of them"}, "unidentified"),
        ({"actor1": "Civilians (Mali)", "actor2": "Civilians (Niger)"}, "unidentified"),
        ({"assoc_actor_1": "Ansar Dine"}, "jnim"),
    ],
)
def test_the_perpetrator_is_the_side_that_is_not_civilian(write, derived, changes, perpetrator):
    assert by_class(derived(write(event(**changes))), "fractional") == {perpetrator: 4}


def test_a_name_that_no_pattern_knows_is_listed(write, derived):
    built = derived(write(event(actor1="Nobody has heard of them")))
    assert any("Nobody has heard of them" in note for note in built.notes)


def test_the_rule_changes_classes_and_never_a_total(write, tables):
    path = str(write(JOINT))
    for rule in ("primary", "any", "fractional"):
        parameters = study(deaths_source=path, deaths_definition="A2", joint_events=rule,
                           start="2020-01", end="2020-12")  # fmt: skip
        own = tables.with_table(deaths_table(parameters, tables))
        years = civilian_deaths(parameters, own).set_index("country")
        assert float(years.loc["MLI", "value"]) == 4
        classes = civilian_deaths(parameters, own, "perpetrator")
        expected = 8 if rule == "any" else 4
        assert float(classes[classes["country"] == "MLI"]["attributed"].sum()) == expected


def test_months_at_the_edges_of_an_export_are_not_taken_for_whole(write, derived):
    rows = [event(event_date="2020-03-20"), event(event_id_cnty="MLI2", event_date="2020-06-10")]
    built = derived(write(*rows, edges=False))
    assert built.declaration["coverage"] == {"MLI": {"first": "2020-04", "last": "2020-05"}}


def test_the_last_six_months_before_the_export_are_provisional(write, tables):
    # Exported on 4 April 2020.
    rows = [event(), event(event_id_cnty="MLI2", event_date="2019-01-02", year="2019"),
            event(event_id_cnty="MLI3", event_date="2020-03-30")]  # fmt: skip
    parameters = study(deaths_source=str(write(*rows, edges=False)), deaths_definition="A1",
                       start="2019-10", end="2020-03")  # fmt: skip
    own = tables.with_table(deaths_table(parameters, tables))
    months = civilian_deaths(parameters, own, "month").query("country == 'MLI'")
    assert months["state"].tolist() == ["zero"] + ["provisional"] * 5


def test_acled_gives_no_bounds(write, tables):
    parameters = study(deaths_source=str(write(event())), deaths_definition="A2",
                       start="2020-01", end="2020-12")  # fmt: skip
    own = tables.with_table(deaths_table(parameters, tables))
    row = civilian_deaths(parameters, own).iloc[0]
    assert (float(row["value"]), row["source"], row["definition"]) == (4, "ACLED", "A2")
    assert pd.isna(row["low"]) and pd.isna(row["high"])
    said = " ".join(claims.definition_findings(civilian_deaths(parameters, own), words("en", "A2")))
    assert said == ""


def test_words_name_what_is_counted(write, tables):
    parameters = study(deaths_source=str(write(event())), deaths_definition="A3",
                       start="2020-01", end="2020-12")  # fmt: skip
    own = tables.with_table(deaths_table(parameters, tables))
    figure = figures.deaths_by_year(civilian_deaths(parameters, own), words("en", "A3"))
    assert figure.title.startswith("Lethal events targeting civilians in 2020")
    assert "U2" not in figure.note and "no bounds" in figure.note


WEEK = {
    "WEEK": "28-December-2019", "REGION": "Western Africa", "COUNTRY": "Mali", "ADMIN1": "Mopti",
    "EVENT_TYPE": "Violence against civilians", "SUB_EVENT_TYPE": "Attack", "EVENTS": "2",
    "FATALITIES": "7", "DISORDER_TYPE": "Political violence",
}  # fmt: skip


def test_a_week_counts_in_the_month_of_its_middle_day(tmp_path, derived):
    path = tmp_path / "weekly.csv"
    rows = [
        WEEK,
        {**WEEK, "WEEK": "04-January-2020"},
        {**WEEK, "WEEK": "30-November-2019", "EVENT_TYPE": "Battles"},
        {**WEEK, "WEEK": "02-May-2020", "EVENT_TYPE": "Battles"},
    ]
    pd.DataFrame(rows).to_csv(path, index=False)
    frame = derived(path).frame.query("joint_events == 'primary'")
    # Saturday 28 December to Friday 3 January: its middle is Tuesday the 31st.
    assert frame.set_index("month")["a1"].to_dict() == {"2019-12": 7, "2020-01": 7}


def test_a_weekly_file_says_what_it_cannot_answer(tmp_path):
    path = tmp_path / "weekly.csv"
    pd.DataFrame([WEEK, {**WEEK, "WEEK": "02-May-2020"}]).to_csv(path, index=False)
    with pytest.raises(Refusal, match="no civilian-targeting flag: A2 cannot be computed; A1 can"):
        study(deaths_source=str(path), deaths_definition="A2")


def monthly(tmp_path, name):
    row = {"Country": "Mali", "Admin1": "Mopti", "Admin2": "Koro", "ISO3": "MLI",
           "Admin2 Pcode": "ML0503", "Admin1 Pcode": "ML05", "Month": "March", "Year": 2020,
           "Events": 3, "Fatalities": 9}  # fmt: skip
    path = tmp_path / name
    with pd.ExcelWriter(path) as book:
        pd.DataFrame(["Terms of use"]).to_excel(book, sheet_name="TOU", index=False, header=False)
        frame = pd.DataFrame(
            [
                {**row, "Admin2": unit, "Month": month}
                for unit in ("Koro", "Bankass")
                for month in ("March", "April")
            ]
        )
        frame.to_excel(book, sheet_name="Data", index=False)
    return path


def test_monthly_counts_are_read_if_their_name_says_of_what(tmp_path, derived):
    built = derived(monthly(tmp_path, "mali_hrp_civilian_targeting_events_and_fatalities.xlsx"))
    assert totals(built) == {"a2": 36}
    with pytest.raises(Unanswerable, match="political violence"):
        derived(monthly(tmp_path, "mali_political_violence_events.xlsx"))


def yearly(
    tmp_path, name="number_of_reported_civilian_fatalities_by_country-year_as-of-20Feb2022.csv"
):
    path = tmp_path / name
    path.write_text("COUNTRY,YEAR,FATALITIES\nMali,2020,962\nMali,2021,531\nMali,2022,80\n")
    return path


def test_yearly_totals_answer_years_alone(tmp_path, tables):
    given = {"deaths_source": str(yearly(tmp_path)), "deaths_definition": "A2", "start": "2020-01"}
    parameters = study(**given, end="2022-12")
    own = tables.with_table(deaths_table(parameters, tables))
    years = civilian_deaths(parameters, own).query("country == 'MLI'")
    # The file was made in February 2022, so that year was not over.
    # The last six months before that day are to be revised.
    assert years["state"].tolist() == ["observed", "provisional", "not_covered"]
    assert [float(value) for value in years["value"][:2]] == [962, 531]
    for by in ("month", "admin1", "perpetrator"):
        with pytest.raises(Refusal, match="whole years"):
            civilian_deaths(parameters, own, by)
    with pytest.raises(Refusal, match="December"):
        civilian_deaths(study(**given, end="2021-06"), own)


@pytest.mark.parametrize(
    "name", ["number_of_reported_fatalities.csv", "number_of_events_targeting_civilians.csv"]
)
def test_other_totals_are_sound_and_answer_nothing(tmp_path, derived, name):
    path = yearly(tmp_path, name)
    if "events" in name:
        path.write_text(path.read_text().replace("FATALITIES", "EVENTS"))
    with pytest.raises(Unanswerable):
        derived(path)


LONG = "pays,region,province,annee,mois,mois_num,type_evenement,nb_evenements,nb_deces\n"


def test_months_that_other_kinds_have_and_targeting_lacks_are_missing(tmp_path, tables):
    path = tmp_path / "long.csv"
    path.write_text(
        LONG + "Burkina Faso,Est,Gourma,2020,March,3,civilian_targeting,1,5\n"
        "Burkina Faso,Est,Gourma,2020,April,4,civilian_targeting,0,0\n"
        "Burkina Faso,Est,Gourma,2020,March,3,political_violence,9,20\n"
        "Burkina Faso,Est,Gourma,2020,May,5,political_violence,9,20\n"
    )
    parameters = study(
        deaths_source=str(path), deaths_definition="A2", start="2020-03", end="2020-06"
    )
    own = tables.with_table(deaths_table(parameters, tables))
    months = civilian_deaths(parameters, own, "month").query("country == 'BFA'")
    assert months["state"].tolist() == ["provisional", "provisional", "missing", "not_covered"]
    said = [caveat.in_words(words("en")) for caveat in file_caveats(parameters, own)]
    assert any("May 2020" in text and "missing, not zero" in text for text in said)
    assert side_by_side(parameters, own) == ["a2", "events"]


def years_of(shared, tables, name, definition, country, first, last):
    parameters = study(deaths_source=str(shared / ACLED / name), deaths_definition=definition,
                       start=f"{first}-01", end=f"{last}-12")  # fmt: skip
    years = civilian_deaths(parameters, tables.with_table(deaths_table(parameters, tables)))
    return [float(value) for value in years[years["country"] == country]["value"]]


# Published by ACLED and by Crisis Group (Briefing 185, footnote 55), or exact against the table of
# totals of 20 February 2026.
PUBLISHED = [
    ("acled_events_hdx_bfa_1997-2020-08-01.csv", "A1", "BFA", 2018, 2019, [173, 1319]),
    ("acled_events_hdx_bfa_1997-2020-08-01.csv", "A2", "BFA", 2012, 2018, [6, 7, 5, 4, 41, 67, 177]),
    ("acled_events_hdx_mli_1997-2020-07-31.csv", "A2", "MLI", 2017, 2018, [252, 871]),
    ("acled_events_mli_1997-2020-10-31.csv", "A2", "MLI", 2017, 2018, [252, 871]),
    ("acled_events_mli_2017-2020_monadic_vintage2022-03.csv", "A2", "MLI", 2017, 2019, [252, 871, 876]),
    ("acled_africa_weekly_admin1_to_2026-03-14.parquet", "A1", "MLI", 2021, 2021, [459]),
    ("hdx_burkina_faso_hrp_province_month_1997-2026-04.csv", "A2", "BFA", 2017, 2024,
     [67, 177, 1348, 1076, 762, 1418, 2398, 2353]),
]  # fmt: skip


@pytest.mark.shared
@pytest.mark.parametrize(("name", "definition", "country", "first", "last", "values"), PUBLISHED)
def test_published_figures_come_out(shared, tables, name, definition, country, first, last, values):
    assert years_of(shared, tables, name, definition, country, first, last) == values


@pytest.mark.shared
def test_the_rebuilt_flag_gives_the_official_totals(shared, tables):
    official = duckdb.sql(
        f"select YEAR, FATALITIES from '{shared / OFFICIAL}' where COUNTRY = 'Burkina Faso' "
        "and YEAR between 2012 and 2018 order by YEAR"
    ).fetchall()
    name = "acled_events_hdx_bfa_1997-2020-08-01.csv"
    ours = years_of(shared, tables, name, "A2", "BFA", 2012, 2018)
    assert ours == [deaths for _, deaths in official]


@pytest.mark.shared
@pytest.mark.parametrize("name", ["acled_events_hdx_mli_1997-2020-07-31.csv",
                                  "acled_events_hdx_ner_1997-2020-08-01.csv"])  # fmt: skip
def test_months_and_units_equal_what_sql_counts(shared, derived, name):
    path = shared / ACLED / name
    expected = duckdb.sql(
        f"""
        select left(event_date, 7) as month, admin1, sum(fatalities::int)::double as a1
        from read_csv('{path}', all_varchar = true)
        where event_type = 'Violence against civilians' group by all order by all
        """
    ).df()
    built = derived(path)
    frame = built.frame[built.frame["joint_events"] == "fractional"]
    ours = frame.groupby(["month", "admin1"], as_index=False)["a1"].sum()
    merged = expected.merge(ours, on=["month", "admin1"], how="left", suffixes=("_sql", ""))
    assert (merged["a1"] - merged["a1_sql"]).abs().max() < 1e-9
    assert ours["a1"].sum() == pytest.approx(expected["a1"].sum())


@pytest.mark.shared
def test_state_forces_in_mali_by_each_filter(shared, derived):
    # METHODS: 469 to 472 by the first actor, in two vintages; 2017-2020, violence against civilians.
    counted = []
    for name in ("acled_events_mli_1997-2020-10-31.csv",
                 "acled_events_mli_2017-2020_monadic_vintage2022-03.csv"):  # fmt: skip
        frame = derived(shared / ACLED / name).frame
        mine = frame[(frame["perpetrator"] == "state_forces") & (frame["joint_events"] == "primary")
                     & frame["month"].between("2017-01", "2020-12")]  # fmt: skip
        counted.append(float(mine["a1"].sum()))
    assert counted == [469, 472]
