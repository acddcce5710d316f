"""Holes, edges and filters of users' ACLED files: no false zero, and no sum of a part as a whole."""

import pandas as pd
import pytest
from conftest import study
from test_acled import event

from sahel_transitions.errors import Refusal, TableProblems
from sahel_transitions.indicators import civilian_deaths, deaths_table, file_caveats
from sahel_transitions.language import words
from sahel_transitions.sources import Options, Unanswerable, derive
from sahel_transitions.sources.acled import hdx
from sahel_transitions.sources.acled.event_columns import Kind
from sahel_transitions.sources.acled.filters import answerable
from sahel_transitions.sources.silences import both, lost_within, without_lost
from sahel_transitions.sources.silences import months_held as held_since


def daily(first, last, country="MLI", every=1):
    """An event every day, or every so many days."""
    days = pd.date_range(first, last, freq=f"{every}D")
    return pd.DataFrame({"country": country, "start": days, "end": days})


def months_held(counts):
    return held_since(counts, 1997)


def joined(*parts):
    return pd.concat(parts, ignore_index=True)


def test_a_silence_where_events_were_to_be_expected_is_a_hole():
    held = months_held(joined(daily("2018-01-01", "2018-12-31"), daily("2019-03-01", "2019-12-31")))
    assert held.coverage == {"MLI": {"first": "2018-01", "last": "2019-12"}}
    assert held.lost == {"MLI": [{"first": "2019-01", "last": "2019-02"}]}
    assert "2019-01-01 to 2019-02-28" in held.notes[0] and "missing, not zero" in held.notes[0]


def test_a_silence_of_a_quiet_country_is_peace():
    held = months_held(joined(daily("2018-01-01", "2018-12-31", every=20),
                              daily("2019-06-01", "2019-12-31", every=20)))  # fmt: skip
    assert held.lost == {}


def test_the_thinner_side_of_a_silence_decides():
    # Violence ends, and a few events come a year later.
    held = months_held(joined(daily("2018-01-01", "2018-12-31"),
                              daily("2020-01-01", "2020-12-31", every=40)))  # fmt: skip
    assert held.lost == {}


def test_days_without_an_event_between_busy_ones_are_no_hole():
    monthly = pd.DataFrame(
        {"country": "MLI", "start": pd.date_range("2018-01-10", "2020-12-31", freq="30D")}
    )
    held = months_held(monthly.assign(end=monthly["start"]))
    assert held.lost == {}


def test_weeks_are_held_against_weeks():
    weeks = pd.Series(pd.date_range("2018-01-06", "2020-12-26", freq="7D"))
    there = weeks[~weeks.between("2019-05-01", "2019-07-31")]
    held = months_held(pd.DataFrame({"country": "MLI", "start": there,
                                     "end": there + pd.Timedelta(days=6)}))  # fmt: skip
    assert held.lost == {"MLI": [{"first": "2019-05", "last": "2019-07"}]}


def test_a_month_that_a_hole_only_touches_is_kept():
    held = months_held(joined(daily("2018-01-01", "2018-06-29"), daily("2018-08-02", "2018-12-31")))
    assert held.lost == {"MLI": [{"first": "2018-07", "last": "2018-07"}]}


@pytest.mark.parametrize(
    ("last", "every", "whole"),
    [("2020-06-24", 1, False), ("2020-06-29", 1, False), ("2020-06-30", 1, True), ("2020-06-26", 20, True),
     ("2020-06-10", 20, False)],
)  # fmt: skip
def test_the_last_month_is_whole_if_its_last_days_can_be_quiet(last, every, whole):
    days = daily("2019-01-01", last, every=every)
    days.loc[len(days) - 1, ["start", "end"]] = pd.Timestamp(last)
    assert (months_held(days).coverage["MLI"]["last"] == "2020-06") is whole


def test_a_country_that_ends_before_the_file_is_covered_as_far_as_it_goes():
    held = months_held(joined(daily("2018-01-01", "2020-12-31"),
                              daily("2018-01-01", "2019-06-30", "BFA"),
                              daily("2018-01-01", "2019-06-30", "GMB", every=200)))  # fmt: skip
    assert {code: span["last"] for code, span in held.coverage.items()} == {
        "MLI": "2020-12", "BFA": "2019-06", "GMB": "2020-12",
    }  # fmt: skip


def test_countries_of_no_interest_tell_how_far_the_file_reaches():
    held = months_held(joined(daily("2018-01-01", "2018-12-31", every=100),
                              daily("2018-01-01", "2020-12-31", None)))  # fmt: skip
    assert held.coverage == {"MLI": {"first": "2018-01", "last": "2020-12"}}


def test_a_hole_over_the_end_of_a_month_takes_both_months():
    held = months_held(joined(daily("2017-01-01", "2018-03-27"), daily("2018-04-04", "2018-12-31")))
    assert held.lost == {"MLI": [{"first": "2018-03", "last": "2018-04"}]}


def test_a_file_that_begins_in_january_begins_with_it_if_its_first_days_can_be_quiet():
    assert (
        months_held(daily("2018-01-12", "2019-12-31", every=9)).coverage["MLI"]["first"]
        == "2018-01"
    )
    assert months_held(daily("2018-01-12", "2019-12-31")).coverage["MLI"]["first"] == "2018-02"
    held = months_held(daily("2018-03-12", "2019-12-31", every=9))
    assert held.coverage["MLI"]["first"] == "2018-04"
    assert any("begins on 2018-03-12" in note for note in held.notes)


def test_holes_of_a_part_of_the_events_lie_within_the_coverage():
    attacks = joined(daily("2018-01-01", "2018-12-31"), daily("2020-01-01", "2020-12-31"))
    spans, notes = lost_within(attacks, {"MLI": {"first": "2019-06", "last": "2020-12"}}, "attack")
    assert spans == {"MLI": [{"first": "2019-06", "last": "2019-12"}]}
    assert notes[0].startswith("MLI: no attack from 2019-01-01")
    assert lost_within(attacks, {}) == ({}, [])


def test_spans_that_touch_are_one():
    one = {"MLI": [{"first": "2018-01", "last": "2018-03"}]}
    other = {
        "MLI": [{"first": "2018-04", "last": "2018-04"}],
        "BFA": [{"first": "2019-01", "last": "2019-01"}],
    }
    assert both(one, other)["MLI"] == [{"first": "2018-01", "last": "2018-04"}]
    assert both(one, other)["BFA"] == other["BFA"]


def test_rows_outside_of_what_is_held_are_left_out():
    frame = pd.DataFrame({"country": "MLI", "month": ["2018-01", "2018-02", "2018-03", "2018-04"]})
    kept = without_lost(frame, {"MLI": {"first": "2018-02", "last": "2018-04"}},
                        {"MLI": [{"first": "2018-03", "last": "2018-03"}]})  # fmt: skip
    assert kept["month"].tolist() == ["2018-02", "2018-04"]


def kinds(targeted=False, lethal=False, country="MLI", **events):
    rows = [(country, Kind[name], number, targeted * number, lethal * number)
            for name, number in events.items()]  # fmt: skip
    return pd.DataFrame(rows, columns=["country", "kind", "events", "targeted", "lethal"])


WHOLE = {"ATTACK": 300, "BATTLE": 300, "EXPLOSION": 90, "RIOT": 20, "PROTEST": 60}


def without(*names, **others):
    return {name: number for name, number in {**WHOLE, **others}.items() if name not in names}


@pytest.mark.parametrize(
    ("events", "definitions"),
    [
        (WHOLE, ("A1", "A2", "A3")),
        ({"ATTACK": 300}, ("A1",)),
        (without("PROTEST", "RIOT"), ("A1",)),
        (without("PROTEST"), ("A1",)),
        (without("RIOT", "PROTEST", RIOT_OR_PROTEST=50), ("A1", "A2", "A3")),
        (without("EXPLOSION"), ("A1", "A2", "A3")),
        (without("EXPLOSION", ATTACK=900), ("A1",)),
        (without("ATTACK"), ()),
        ({"ATTACK": 9}, ("A1", "A2", "A3")),
    ],
)
def test_a_type_that_was_left_out_takes_definitions_away(events, definitions):
    answers = answerable(kinds(**events), tells_targets=True)
    assert answers.definitions == definitions
    assert set(answers.cannot) == {"A1", "A2", "A3"} - set(definitions)


def test_an_export_chosen_by_target_answers_all():
    answers = answerable(kinds(targeted=True, ATTACK=900, EXPLOSION=90), tells_targets=True)
    assert answers.definitions == ("A1", "A2", "A3")


@pytest.mark.parametrize(
    ("part", "lost"),
    [({"ATTACK": 40}, ["A2", "A3"]), ({"BATTLE": 300, "PROTEST": 30}, ["A1", "A2", "A3"]),
     ({"ATTACK": 300, "BATTLE": 300}, ["A2", "A3"])],
)  # fmt: skip
def test_a_filtered_country_loses_its_definitions_and_no_other_does(part, lost):
    both_countries = joined(kinds(**WHOLE), kinds(country="BFA", **part))
    answers = answerable(both_countries, tells_targets=True)
    assert answers.definitions == ("A1", "A2", "A3") and answers.cannot == {}
    assert answers.unanswered == {"BFA": lost} and "of BFA" in answers.notes[0]


def test_a_small_country_is_taken_to_be_filtered_as_its_file_is():
    part = joined(kinds(ATTACK=400), kinds(country="GMB", ATTACK=3))
    assert answerable(part, tells_targets=True).definitions == ("A1",)
    whole = joined(kinds(**WHOLE), kinds(country="GMB", ATTACK=3))
    assert answerable(whole, tells_targets=True).unanswered == {}


@pytest.mark.parametrize(
    "events",
    [kinds(ATTACK=400, BATTLE=500, EXPLOSION=90, lethal=True),
     kinds(ATTACK=400, BATTLE=500, EXPLOSION=90, MOB_VIOLENCE=4)],
    ids=["lethal events", "political violence"],
)  # fmt: skip
def test_filters_that_take_no_death_of_civilians_away_are_harmless(events):
    assert answerable(events, tells_targets=True).definitions == ("A1", "A2", "A3")


def test_few_events_without_a_type_are_counted_with_a_warning():
    answers = answerable(kinds(ATTACK=9, BATTLE=20), tells_targets=True)
    assert answers.lacking == ("explosions", "riots", "protests")


EXPORT = "data/acled/acled_events_hdx_mli_1997-2020-07-31.csv"


@pytest.fixture
def cut(shared, tmp_path):
    """A real export without the rows for which a query is true."""

    def written(query):
        rows = pd.read_csv(shared / EXPORT, dtype="str")
        path = tmp_path / "cut.csv"
        rows[~rows.eval(query)].to_csv(path, index=False)
        return path

    return written


def derived(path, tables):
    return derive(path, Options(actors=tables["actors"].frame))[1]


@pytest.mark.shared
@pytest.mark.parametrize("lost", ["2018", "2019-05"])
def test_rows_that_were_deleted_are_missing_in_a_real_export(cut, tables, lost):
    path = cut(f"event_date.str.startswith('{lost}')")
    parameters = study(deaths_source=str(path), deaths_definition="A2", start="2017-01",
                       end="2019-12")  # fmt: skip
    own = tables.with_table(deaths_table(parameters, tables))
    years = civilian_deaths(parameters, own).query("country == 'MLI'").set_index("period")["state"]
    assert years.to_dict() == {
        year: "missing" if year == lost[:4] else "observed" for year in ("2017", "2018", "2019")
    }


@pytest.mark.shared
def test_a_real_export_of_attacks_alone_answers_a1_alone(cut, tables):
    path = cut("event_type != 'Violence against civilians'")
    built = derived(path, tables)
    assert built.declaration["definitions"] == ["A1"]
    with pytest.raises(Refusal, match="all 1,168 events of this export"):
        study(deaths_source=str(path), deaths_definition="A2")


@pytest.mark.shared
def test_a_real_export_of_battles_alone_answers_nothing(cut, tables):
    with pytest.raises(Unanswerable, match="it was filtered"):
        derived(cut("event_type != 'Battles'"), tables)


MONTHLY = "Country,Admin1,Admin2,Month,Year,Events,Fatalities\n"
NAME = "mali_hrp_civilian_targeting_events_and_fatalities_by_month-year{}.csv"


def listing(tmp_path, months, units=("Koro", "Bankass"), left_out=(), made=""):
    rows = [
        f"Mali,Mopti,{unit},{month},2020,1,2"
        for month in months for unit in units if (month, unit) not in left_out
    ]  # fmt: skip
    path = tmp_path / NAME.format(made)
    path.write_text(MONTHLY + "\n".join(rows) + "\n")
    return path


MONTHS = ["January", "February", "March", "April", "May"]


def test_a_month_that_a_listing_lacks_is_missing(tmp_path, tables):
    built = derived(listing(tmp_path, [month for month in MONTHS if month != "March"]), tables)
    assert built.declaration["lost"] == {"MLI": [{"first": "2020-03", "last": "2020-03"}]}


@pytest.mark.parametrize(("month", "lost"), [("March", "2020-03"), ("May", "2020-05")])
def test_a_month_with_fewer_units_than_others_is_missing(tmp_path, tables, month, lost):
    built = derived(listing(tmp_path, MONTHS, left_out=[(month, "Koro")]), tables)
    assert built.declaration["lost"] == {"MLI": [{"first": lost, "last": lost}]}


@pytest.mark.parametrize(
    ("new_from", "lost"), [("2019-08", []), ("2018-03", [{"first": "2018-01", "last": "2018-02"}])]
)
def test_a_unit_may_be_new_but_not_at_the_edge_of_a_file(new_from, lost):
    months = pd.period_range("2018-01", "2020-12", freq="M").astype("str")
    rows = pd.DataFrame([("MLI", month, unit) for unit in ("Koro", "Bankass") for month in months],
                        columns=["country", "month", "unit"])  # fmt: skip
    rows = rows[(rows["unit"] == "Koro") | (rows["month"] >= new_from)]
    assert hdx._months_held(rows, "2020-12")[1].get("MLI", []) == lost


def test_rows_that_stand_in_a_listing_twice_are_a_fault(tmp_path, tables):
    path = listing(tmp_path, MONTHS)
    header, *rows = path.read_text().splitlines(keepends=True)
    path.write_text(header + "".join(rows) + rows[0])
    with pytest.raises(TableProblems, match="key that occurs once"):
        derived(path, tables)


def test_the_month_in_which_a_listing_was_made_is_not_covered(tmp_path, tables):
    built = derived(listing(tmp_path, MONTHS, made="_as-of-14May2020"), tables)
    assert built.declaration["coverage"] == {"MLI": {"first": "2020-01", "last": "2020-04"}}
    assert built.declaration["vintage"] == "as of 2020-05-14"
    assert built.declaration["warnings"] == ["acled_fatalities_of_event", "acled_drift"]


def test_a_month_that_was_over_when_the_listing_was_made_is_covered(tmp_path, tables):
    built = derived(listing(tmp_path, MONTHS, made="_as-of-31May2020"), tables)
    assert built.declaration["coverage"]["MLI"]["last"] == "2020-05"


@pytest.mark.parametrize(
    ("years", "lost"),
    [("2018,871 2020,959", ["2019"]), ("2018,0 2020,959", []), ("2018,871 2020,0", [])],
)
def test_a_year_that_totals_lack_is_lost_between_years_of_many_deaths(
    tmp_path, tables, years, lost
):
    path = tmp_path / "number_of_reported_civilian_fatalities_as-of-20Feb2022.csv"
    path.write_text("COUNTRY,YEAR,FATALITIES\nMali," + "\nMali,".join(years.split()) + "\n"
                    "Mali,2021,531\n")  # fmt: skip
    spans = derived(path, tables).declaration["lost"].get("MLI", [])
    assert [span["first"][:4] for span in spans] == lost


WEEKLY = "WEEK,COUNTRY,ADMIN1,EVENT_TYPE,SUB_EVENT_TYPE,EVENTS,FATALITIES\n"


def weekly(tmp_path, *kept):
    """Two years of weeks, each type of event in each of them, as far as a test keeps them."""
    rows = [
        f"{day:%d-%B-%Y},{country},Mopti,{kind},Some,5,1\n"
        for day in pd.date_range("2020-01-04", "2021-12-25", freq="7D")
        for country in ("Mali", "Burkina Faso")
        for kind in ("Violence against civilians", "Battles", "Protests")
        if all(keep(day, country, kind) for keep in kept)
    ]
    path = tmp_path / "weekly.csv"
    path.write_text(WEEKLY + "".join(rows))
    return path


def test_weekly_counts_without_attacks_answer_nothing(tmp_path, tables):
    with pytest.raises(Unanswerable, match="A1 cannot be computed"):
        derived(
            weekly(tmp_path, lambda day, country, kind: kind != "Violence against civilians"),
            tables,
        )


def test_weekly_counts_without_attacks_of_one_country_do_not_answer_for_it(tmp_path, tables):
    path = weekly(tmp_path, lambda day, country, kind: (country, kind[:8]) != ("Mali", "Violence"))
    parameters = study(
        deaths_source=str(path), deaths_definition="A1", start="2020-02", end="2020-12"
    )
    own = tables.with_table(deaths_table(parameters, tables))
    years = civilian_deaths(parameters, own).set_index("country")
    assert years["state"].to_dict() == {"MLI": "missing", "BFA": "observed"}
    said = [caveat.in_words(words("en")) for caveat in file_caveats(parameters, own)]
    assert any("Mali: the file of deaths does not answer A1" in text for text in said)


def test_weeks_without_attacks_between_weeks_of_attacks_are_missing(tmp_path, tables):
    path = weekly(tmp_path, lambda day, country, kind: kind[:8] != "Violence"
                  or not pd.Timestamp("2020-08-01") <= day < pd.Timestamp("2020-11-01"))  # fmt: skip
    assert derived(path, tables).declaration["lost"]["MLI"] == [
        {"first": "2020-08", "last": "2020-10"}
    ]


@pytest.mark.shared
def test_a_year_of_attacks_that_was_deleted_is_missing_in_a_real_export(cut, tables):
    path = cut("event_type == 'Violence against civilians' and year == '2018'")
    assert {"first": "2018-01", "last": "2018-12"} in derived(path, tables).declaration["lost"][
        "MLI"
    ]


def test_a_real_type_of_event_is_asked_for_in_weekly_counts(tmp_path, tables):
    path = weekly(tmp_path)
    path.write_text(path.read_text().replace("Battles", "Batles", 1))
    with pytest.raises(TableProblems, match="a type of event of ACLED"):
        derived(path, tables)


@pytest.mark.shared
@pytest.mark.parametrize("keep", ["fatalities != '0'", "political violence"])
def test_real_exports_of_a_harmless_filter_give_the_same_a2(cut, shared, tables, keep):
    where = {"political violence": (
        "event_type in ('Battles', 'Violence against civilians', 'Explosions/Remote violence') or "
        "sub_event_type in ('Mob violence', 'Excessive force against protesters')")}  # fmt: skip
    part = derived(cut(f"not ({where.get(keep, keep)})"), tables)
    whole = derived(shared / EXPORT, tables)
    assert part.declaration["definitions"] == ["A1", "A2", "A3"]
    assert part.frame["a2"].sum() == whole.frame["a2"].sum()
    assert part.declaration["lost"] == {}


def export(tmp_path, *drop, **changes):
    """A year of strikes whose civilians stand on the second side."""
    rows = [
        event(event_id_cnty=f"MLI{number}", event_date=f"{day:%Y-%m-%d}", fatalities="1",
              event_type=("Explosions/Remote violence", "Violence against civilians", "Riots",
                          "Protests")[number % 4], sub_event_type="Some", **changes)
        for number, day in enumerate(pd.date_range("2020-01-01", "2020-12-31"))
    ]  # fmt: skip
    path = tmp_path / "export.csv"
    pd.DataFrame(rows).drop(columns=list(drop)).to_csv(path, index=False)
    return path


SECOND = ("actor2", "assoc_actor_2", "inter2")


def test_a_file_without_its_second_side_is_none_of_one_row_an_actor(tmp_path, tables):
    built = derived(export(tmp_path, *SECOND, "interaction", "inter1"), tables)
    assert built.declaration["definitions"] == ["A1"]
    assert "perpetrator" not in built.declaration["breakdowns"]


@pytest.mark.parametrize("codes", [{"interaction": "27"}, {"interaction": "27.0"}])
def test_codes_tell_targets_where_the_second_side_is_lacking(tmp_path, tables, codes):
    built = derived(export(tmp_path, *SECOND, "inter1", **codes), tables)
    frame = built.frame[built.frame["joint_events"] == "primary"]
    assert frame["a2"].sum() == 275


def test_codes_that_a_spreadsheet_made_decimals_of_are_read(tmp_path, tables):
    sides = ("actor1", "assoc_actor_1", "actor2", "assoc_actor_2", "interaction")
    built = derived(export(tmp_path, *sides, inter1="2.0", inter2="7.0"), tables)
    assert built.frame.query("joint_events == 'primary'")["a2"].sum() == 275


def test_a_day_after_the_export_is_misspelt(tmp_path, tables):
    path = export(tmp_path, timestamp="1610000000")
    rows = pd.read_csv(path, dtype="str", keep_default_na=False)
    rows.loc[200, ["event_date", "year"]] = ["2052-01-10", "2052"]
    rows.to_csv(path, index=False)
    with pytest.raises(
        TableProblems, match="row 202, column event_date: expected a day not after 2021-01-07"
    ):
        derived(path, tables)


def test_a_time_of_coding_that_cannot_be_is_not_believed(tmp_path, tables):
    path = export(tmp_path, timestamp="1610000000")
    rows = pd.read_csv(path, dtype="str", keep_default_na=False)
    rows.loc[200, "timestamp"] = "4000000000"
    rows.to_csv(path, index=False)
    assert derived(path, tables).declaration["vintage"] == "exported after 2021-01-07"


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"admin1": "Mopti"}, "are in Mopti"), ({}, "name JNIM: Group")],
)
def test_a_part_of_a_country_is_named(tmp_path, tables, changes, said):
    path = export(tmp_path, **changes)
    rows = pd.read_csv(path, dtype="str", keep_default_na=False)
    if changes:
        rows["actor1"] = [f"Group {number % 3}" for number in range(len(rows))]
    else:
        rows["admin1"] = [("Mopti", "Gao")[number % 2] for number in range(len(rows))]
    rows.to_csv(path, index=False)
    built = derived(path, tables)
    assert "acled_part" in built.declaration["warnings"]
    assert any(said in note for note in built.notes)
