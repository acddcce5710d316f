"""Partners as state machines."""

import dataclasses
from datetime import date

import pytest
from conftest import study
from hypothesis import given, settings
from hypothesis import strategies as st

from sahel_transitions.errors import TableProblems
from sahel_transitions.indicators import check_transitions, partner_lags, partner_states
from sahel_transitions.indicators.partner_shifts import STATES, TRANSITIONS
from sahel_transitions.tables import Tables, parse_partial_date


def state(tables, day, country, partner, channel):
    rows = partner_states(study(as_of=day), tables)
    row = rows[
        (rows["country"] == country) & (rows["partner"] == partner) & (rows["channel"] == channel)
    ]
    return row["state"].item()


def lag(tables, partner, channel, change, **given):
    rows = partner_lags(study(**given), tables)
    rows = rows[
        (rows["partner"] == partner) & (rows["channel"] == channel) & (rows["change"] == change)
    ]
    return tuple(rows[["first_country", "second_country", "days_low", "days", "days_high"]].iloc[0])


def test_the_ledger_passes_through_legal_states(tables):
    check_transitions(tables["partner_events"].frame)


def test_transitions_are_declared_for_every_state():
    assert set(TRANSITIONS) == set(STATES)
    assert all(after <= set(STATES) and state not in after for state, after in TRANSITIONS.items())


@pytest.mark.parametrize(
    ("day", "country", "partner", "channel", "expected"),
    [
        ("2022-02-16", "MLI", "France", "troops", "active"),
        ("2022-02-17", "MLI", "France", "troops", "denounced"),
        ("2022-08-14", "MLI", "France", "troops", "denounced"),
        ("2022-08-15", "MLI", "France", "troops", "ended"),
        ("2023-01-20", "BFA", "France", "treaty", "active"),
        ("2023-01-21", "BFA", "France", "treaty", "denounced"),
        ("2021-12-30", "MLI", "Russia", "troops", "announced"),
        ("2021-12-31", "MLI", "Russia", "troops", "active"),
        ("2023-12-31", "BFA", "Russia", "troops", "absent"),
        ("2022-05-01", "BFA", "ECOWAS", "sanctions", "announced"),
        ("2024-06-01", "MLI", "ECOWAS", "membership", "denounced"),
        ("2018-12-31", "MLI", "Russia", "troops", "not_covered"),
    ],
)
def test_states_on_a_day(tables, day, country, partner, channel, expected):
    assert state(tables, day, country, partner, channel) == expected


def test_lags_by_hand(tables):
    # 2022-05-02 to 2023-01-18 and 2022-08-15 to 2023-02-18.
    assert lag(tables, "France", "treaty", "denounced") == ("MLI", "BFA", 261, 261, 261)
    assert lag(tables, "France", "troops", "ended") == ("MLI", "BFA", 187, 187, 187)


def test_a_date_known_to_the_month_gives_an_interval(tables):
    # December 2021 to 2024-01-24: from the 31st, the 16th and the 1st.
    assert lag(tables, "Russia", "troops", "active") == ("MLI", "BFA", 754, 769, 784)


def test_burkina_faso_can_be_first(tables):
    assert lag(tables, "Francophonie", "membership", "denounced") == ("BFA", "MLI", 1, 1, 1)


def test_a_channel_that_was_open_before_the_coups_has_no_lag(tables):
    # SIPRI has Turkish vehicles for Burkina Faso in 2018: the drones of 2022 opened nothing.
    rows = partner_lags(study(), tables)
    assert rows[(rows["partner"] == "Türkiye")].empty


def test_joint_decisions_are_a_lag_of_zero_with_the_first_country_of_the_study_first(tables):
    assert lag(tables, "AES", "membership", "active") == ("MLI", "BFA", 0, 0, 0)
    given = {"countries": "BFA,MLI"}
    assert lag(tables, "AES", "membership", "active", **given)[:2] == ("BFA", "MLI")


def test_no_lag_is_known_before_its_second_change(tables):
    rows = partner_lags(study(as_of="2023-02-17"), tables)
    troops = rows[(rows["partner"] == "France") & (rows["channel"] == "troops")]
    assert "ended" not in set(troops["change"])


def test_a_country_without_a_ledger_is_not_covered(tables):
    rows = partner_states(study(countries="MLI,NER"), tables)
    assert rows[rows["country"] == "NER"]["state"].tolist() == ["not_covered"]


def test_lines_stand_beside_the_main_one(tables):
    rows = partner_states(study(), tables, lines=True)
    wagner = rows[(rows["line"] == "Wagner Group")]
    assert wagner["state"].item() == "ended"
    assert state(tables, "2026-05-04", "MLI", "Russia", "troops") == "active"


@pytest.mark.parametrize(
    ("event", "changes", "column"),
    [
        ("MLI-france-troops-03", {"to_state": "announced"}, "to_state"),
        ("MLI-france-troops-03", {"from_state": "active"}, "from_state"),
        ("MLI-france-troops-03", {"date": "2022-01-01"}, "date"),
        ("MLI-france-troops-03", {"known_on": "2022-08-14"}, "known_on"),
    ],
)
def test_illegal_steps_are_refused_and_named(tables, event, changes, column):
    frame = tables["partner_events"].frame.copy()
    row = frame.index[frame["event_id"] == event][0]
    for name, value in changes.items():
        frame.loc[row, name] = value
    with pytest.raises(TableProblems) as raised:
        check_transitions(frame)
    assert (row + 2, column) in {(each.row, each.column) for each in raised.value.problems}


@settings(max_examples=60, deadline=None)
@given(st.dates(date(2019, 1, 2), date(2026, 5, 4)))
def test_no_view_uses_a_change_that_was_known_only_later(day):
    """States, since when and sources are the same when every later change is cut off."""
    tables, parameters = Tables(), study(start="2015-01", end="2018-12", as_of=day.isoformat())
    ledger = tables["partner_events"]
    frame = ledger.frame[ledger.frame["known_on"] <= day.isoformat()].reset_index(drop=True)
    cut = tables.with_table(dataclasses.replace(ledger, frame=frame))
    before, after = (partner_states(parameters, each, lines=True) for each in (tables, cut))
    # That a country has no entry yet of what another has is told from the whole ledger.
    before = before[before["since"].notna()].reset_index(drop=True)
    assert before.astype("object").equals(after.astype("object"))


def test_notice_without_an_end_is_unfinished_after_a_year(tables):
    for day, expected in (("2023-05-02", False), ("2023-05-03", True)):
        rows = partner_states(study(as_of=day), tables)
        row = rows[(rows["country"] == "MLI") & (rows["partner"] == "France")]
        assert row.set_index("channel").at["treaty", "unfinished"] == expected


def test_what_nobody_had_by_a_day_is_not_listed(tables):
    rows = partner_states(study(as_of="2021-06-30"), tables)
    assert "AES" not in set(rows["partner"])
    later = partner_states(study(as_of="2023-09-16"), tables)
    assert (later["partner"] == "AES").sum() == 2


def test_whose_act_a_change_was_is_coded_for_every_change(tables):
    for name in ("partner_events", "neighbour_events"):
        rows = tables[name].frame
        before = [
            when.earliest is None or when.latest.year < 2019
            for when in map(parse_partial_date, rows["date"])
        ]
        assert (rows["actor"].isna() == before).all(), name


def test_mali_was_suspended_by_ecowas_twice(tables):
    days = ("2020-08-18", "2020-08-19", "2021-05-30")
    found = [state(tables, day, "MLI", "ECOWAS", "membership") for day in days]
    assert found == ["active", "suspended", "suspended"]
    # 2020-08-18 to 2022-01-28, from the first of the two.
    assert lag(tables, "ECOWAS", "membership", "suspended") == ("MLI", "BFA", 528, 528, 528)


def test_the_same_thing_has_the_same_line_in_both_countries(tables):
    rows = tables["partner_events"].frame
    lines = {country: set(own["line"].dropna()) for country, own in rows.groupby("country")}
    shared = {"TB2 drones", "France 24", "LCI", "TV5 Monde", "officials expelled", "confederation"}
    assert shared <= lines["MLI"] & lines["BFA"]
