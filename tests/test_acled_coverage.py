"""Holes, edges and filters of users' ACLED files: no false zero, and no sum of a part as a whole."""

import pandas as pd
import pytest
from conftest import study

from sahel_transitions.errors import Refusal
from sahel_transitions.indicators import civilian_deaths, deaths_table
from sahel_transitions.sources import Options, Unanswerable, derive
from sahel_transitions.sources.acled.event_columns import Kind
from sahel_transitions.sources.acled.filters import answerable
from sahel_transitions.sources.acled.silences import gaps, months_held


def daily(first, last, country="MLI", every=1):
    """An event every day, or every so many days."""
    days = pd.date_range(first, last, freq=f"{every}D")
    return pd.DataFrame({"country": country, "start": days, "end": days})


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


def test_gaps_of_a_listing_are_spans():
    assert gaps(["2020-01", "2020-05", "2020-02"]) == [{"first": "2020-03", "last": "2020-04"}]


def kinds(targeted=0, **events):
    rows = [("MLI", Kind[name], number, targeted and number) for name, number in events.items()]
    return pd.DataFrame(rows, columns=["country", "kind", "events", "targeted"])


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


def test_one_country_of_attacks_alone_is_found_among_whole_ones():
    other = kinds(ATTACK=40).assign(country="BFA")
    answers = answerable(joined(kinds(**WHOLE), other), tells_targets=True)
    assert answers.definitions == ("A1",) and "of BFA" in answers.cannot["A2"]


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


def test_units_may_be_added(tmp_path, tables):
    early = [(month, "Koro") for month in MONTHS[:2]]
    assert derived(listing(tmp_path, MONTHS, left_out=early), tables).declaration["lost"] == {}


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
