"""Two countries' changes of partner side by side: states by month, lags, sequences."""

from datetime import date

import duckdb
import pandas as pd
import pytest
from conftest import study
from hypothesis import given, settings
from hypothesis import strategies as st

from sahel_transitions.indicators import (
    common_changes,
    coups_known,
    follow_tests,
    monthly_states,
    partner_lags,
    partner_states,
    sequence_agreement,
    sequence_alignment,
    uncovered,
)
from sahel_transitions.indicators.parallel_paths import LEDGERS, TOGETHER_DAYS
from sahel_transitions.tables import Table, parse_partial_date


def ledger(tables, rows, name="neighbour_events"):
    """A small ledger of a neighbour in the form of the project's: country, partner, channel, states, date."""
    template = tables["partner_events"]
    frame = pd.DataFrame(
        [
            {
                "event_id": f"{country}-{place}", "country": country, "partner": partner,
                "channel": channel, "line": float("nan"), "from_state": before, "to_state": after,
                "date": day, "known_on": parse_partial_date(day).latest.isoformat(),
                "what": "", "actor": "country", "record": (), "sources": (), "confidence": "high", "note": "",
            }
            for place, (country, partner, channel, before, after, day) in enumerate(rows)
        ]
    )  # fmt: skip
    span = next(iter(template.declaration.coverage.values()))
    coverage = {country: span for country in frame["country"]}
    return Table(name, frame, template.declaration.model_copy(update={"coverage": coverage}))


@pytest.fixture
def small(tables):
    """Niger denounces two French channels, on days of which one is known to the month alone."""
    rows = [
        ("NER", "France", "treaty", "absent", "active", "../2019-01-01"),
        ("NER", "France", "treaty", "active", "denounced", "2022-01"),
        ("NER", "France", "troops", "absent", "active", "../2019-01-01"),
        ("NER", "France", "troops", "active", "denounced", "2023-01-20"),
    ]
    return {**{name: tables[name] for name in ("partner_events", "coups")},
            "neighbour_events": ledger(tables, rows)}  # fmt: skip


def main(changes):
    return changes[changes["line"] == "main"]


def pair(frame, leader, follower):
    return frame[(frame["leader"] == leader) & (frame["follower"] == follower)]


@pytest.mark.parametrize("day", ["2022-01-31", "2022-08-31", "2023-02-28", "2025-09-30"])
def test_states_at_the_end_of_a_month_are_those_of_the_day(tables, day):
    """But for changes dated by an interval, which the day knows only once it is over."""
    on_day = partner_states(study(as_of=day, start="2017-01", end="2018-12"), tables)
    on_day = on_day[on_day["since_latest"].notna()]
    states = monthly_states(study(), tables)
    both = states[states["month"] == day[:7]].merge(on_day, on=["country", "partner", "channel"])
    assert len(both) == len(on_day) > 40
    apart = both[both["state_x"] != both["state_y"]]
    assert set(apart["country"] + " " + apart["partner"] + " " + apart["channel"]) <= {
        "MLI France training", "MLI United States training", "BFA United Nations ambassador",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("country", "partner", "channel", "month", "expected"),
    [
        ("MLI", "France", "troops", "2022-01", "active"),
        ("MLI", "France", "troops", "2022-02", "denounced"),
        ("MLI", "France", "troops", "2022-07", "denounced"),
        ("MLI", "France", "troops", "2022-08", "ended"),
        ("MLI", "Russia", "troops", "2019-01", "absent"),
        ("BFA", "United Nations", "troops", "2022-01", "not_coded"),
        ("NGA", "France", "troops", "2022-01", "not_covered"),
    ],
)
def test_a_state_by_month(tables, country, partner, channel, month, expected):
    states = monthly_states(study(countries="MLI,BFA,NGA"), tables)
    row = states.set_index(["country", "partner", "channel", "month"])["state"]
    assert row[(country, partner, channel, month)] == expected


def test_every_country_has_every_channel_in_every_month_once(tables):
    states = monthly_states(study(), tables)
    counts = states.groupby(["country", "partner", "channel"]).size()
    # January 2019 to April 2026.
    assert set(counts) == {88} and len(states) == 2 * 42 * 88
    assert states["month"].max() == "2026-04"


def test_lags_are_those_of_the_lag_table_with_a_sign(tables):
    changes = main(pair(common_changes(study(), tables), "MLI", "BFA"))
    lags = partner_lags(study(), tables)
    assert len(changes) == len(lags) == 20
    both = changes.merge(lags, on=["partner", "channel", "change"], suffixes=("", "_table"))
    sign = (both["first_country"] == "MLI").map({True: 1, False: -1})
    assert (both["days"] == sign * both["days_table"]).all()


def test_lags_a_second_time_in_sql(tables):
    """First entries of all lines since 2019 by DuckDB, from the days of the ledger alone."""
    rows = tables["partner_events"].frame
    when = [parse_partial_date(text) for text in rows["date"]]
    events = rows[["country", "partner", "channel", "to_state"]].assign(
        line=rows["line"].fillna("main"),
        low=[d.earliest for d in when],
        high=[d.latest for d in when],
    )
    connection = duckdb.connect()
    connection.register("events", events)
    found = connection.sql("""
        WITH firsts AS (
            SELECT country, partner, channel, line, to_state, arg_min(low, high) AS low, min(high) AS high
            FROM events WHERE low IS NOT NULL AND high >= DATE '2019-01-01'
            GROUP BY ALL
        )
        SELECT f.partner, f.channel, f.line, f.to_state AS change,
               date_diff('day', l.high, f.low) AS low, date_diff('day', l.low, f.high) AS high
        FROM firsts f JOIN firsts l USING (partner, channel, line, to_state)
        WHERE f.country = 'BFA' AND l.country = 'MLI'
    """).df()
    changes = pair(common_changes(study(), tables), "MLI", "BFA")
    both = changes.merge(found, on=["partner", "channel", "line", "change"])
    assert len(both) == len(changes) == len(found)
    assert (both["low"] == both["days_low"]).all() and (both["high"] == both["days_high"]).all()


def test_both_directions_mirror_each_other(tables):
    changes = common_changes(study(), tables)
    one, two = (
        pair(changes, *names).set_index(["partner", "channel", "line", "change"]).sort_index()
        for names in (("MLI", "BFA"), ("BFA", "MLI"))
    )
    assert (one["days"] == -two["days"]).all()
    assert (one["days_low"] == -two["days_high"]).all()
    assert (one["together"] == two["together"]).all()


def test_what_was_decided_together_is_told_apart(tables):
    changes = pair(common_changes(study(), tables), "MLI", "BFA")
    together = changes[changes["together"]]
    assert (together["days"].abs() <= TOGETHER_DAYS).all()
    # What each agreed with Russia at another time is coded joint, and is no joint decision.
    joint = changes[(changes["leader_actor"] == "joint") & (changes["follower_actor"] == "joint")]
    assert set(joint.loc[~joint["together"], "partner"]) == {"Russia", "Türkiye"}
    named = set(together[["partner", "change"]].itertuples(index=False, name=None))
    # The exit from the Francophonie was announced on two days.
    assert {("ECOWAS", "denounced"), ("AES", "active"), ("Francophonie", "denounced")} <= named
    assert ("France", "denounced") not in named


def test_the_clock_of_the_own_coup_by_hand(tables):
    changes = pair(common_changes(study(), tables), "MLI", "BFA")
    row = changes[(changes["partner"] == "France") & (changes["channel"] == "treaty")].iloc[0]
    # 2020-08-18 to 2022-05-02, 2022-01-24 to 2023-01-18; 2021-05-24 and 2022-09-30 likewise.
    assert (row["leader_first_coup"], row["follower_first_coup"]) == (622, 359)
    assert (row["leader_present_spell"], row["follower_present_spell"]) == (343, 110)
    assert (row["days_first_coup"], row["days_present_spell"]) == (-263, -233)


def test_coups_are_those_known_on_the_day(tables):
    coups = coups_known(study(as_of="2022-03-31"), tables)
    assert coups.at["BFA", "present_spell"] == coups.at["BFA", "first_coup"] == date(2022, 1, 24)
    assert coups_known(study(), tables).at["BFA", "present_spell"] == date(2022, 9, 30)


def test_a_neighbour_can_lead(small):
    changes = pair(common_changes(study(), small), "NER", "BFA")
    treaty = changes[changes["channel"] == "treaty"].iloc[0]
    # January 2022 to 2023-01-18: from the 31st, the 16th and the 1st.
    assert tuple(treaty[["days_low", "days", "days_high"]]) == (352, 367, 382)
    assert treaty["kind"] == "placebo" and pd.isna(treaty["days_first_coup"])
    troops = changes[changes["channel"] == "troops"].iloc[0]
    assert (troops["days"], troops["together"]) == (-2, True)


def test_an_own_act_is_one_in_both_countries(tables):
    changes = pair(common_changes(study(), tables), "MLI", "BFA")
    own = changes[changes["own_act"]]
    assert set(own["leader_actor"]) == set(own["follower_actor"]) == {"country"}
    france = changes.set_index(["partner", "channel", "change"])["own_act"]
    # France announced the end of its forces in Mali, Burkina Faso asked for it.
    assert france["France", "treaty", "denounced"] and not france["France", "troops", "denounced"]


def test_a_joint_decision_on_a_day_that_is_not_known_is_told_by_its_actor(small, tables):
    rows = [("NER", "AES", "membership", "absent", "active", "2023-09")]
    known = ledger(tables, rows)
    for actor, together in (("country", False), ("joint", True)):
        built = {**small, "neighbour_events": Table(
            known.name, known.frame.assign(actor=actor), known.declaration)}  # fmt: skip
        assert pair(common_changes(study(), built), "NER", "BFA")["together"].tolist() == [together]


def test_a_date_that_may_lie_further_is_not_called_together(small, tables):
    rows = [("NER", "France", "treaty", "active", "denounced", "2023-01")]
    start = [("NER", "France", "treaty", "absent", "active", "../2019-01-01")]
    within = {**small, "neighbour_events": ledger(tables, start + rows)}
    changes = pair(common_changes(study(), within), "NER", "BFA")
    # 18 January is two days from the middle of the month, and up to 17 from its days.
    assert not changes["together"].any()


def test_without_a_ledger_of_neighbours_there_are_no_placebo_leaders(small):
    alone = {name: table for name, table in small.items() if name != "neighbour_events"}
    assert set(common_changes(study(), alone)["kind"]) == {"study"}


def test_two_ledgers_that_share_out_the_countries_lack_none_together(tables):
    parameters = study(countries="MLI,BFA,NER")
    assert uncovered(parameters, tables, *LEDGERS) == []
    assert len(uncovered(parameters, tables, "partner_events")) == 1
    (ghana,) = {dict(each.values)["countries"] for each in
                uncovered(study(countries="MLI,GHA"), tables, *LEDGERS)}  # fmt: skip
    assert ghana == ("GHA",)


def test_agreement_counts_channels_that_are_coded_for_both(tables):
    states = monthly_states(study(), tables)
    found = sequence_agreement(states, "MLI", "BFA").set_index("lag")
    assert found.at[0, "compared"] == 19 * 88
    assert found.at[12, "compared"] == 19 * 76
    # ECOWAS and AES three times, the unified force, Denmark, Sweden, Francophonie, ICC, Algeria.
    assert found.at[0, "repeated"] == 9


def test_an_alignment_in_months_by_hand(tables):
    states = monthly_states(study(), tables)
    found = sequence_alignment(states, "MLI", "BFA").set_index(["partner", "channel"])
    # May 2022 to January 2023; identical for what was decided on one day.
    assert found.at[("France", "treaty"), "months_apart"] == 8
    assert found.at[("AES", "membership"), "similarity"] == 1
    # Nothing changed in either country's Russian arms.
    assert ("Russia", "arms") not in found.index


def cut(tables, day):
    """The tables as they could have been written on a day."""
    names = {}
    for name in LEDGERS:
        table = tables[name]
        frame = table.frame[table.frame["known_on"] <= day].reset_index(drop=True)
        names[name] = Table(name, frame, table.declaration)
    coups = tables["coups"]
    past = [parse_partial_date(text).latest.isoformat() <= day for text in coups.frame["date"]]
    return {**names, "coups": Table("coups", coups.frame[past], coups.declaration)}


@settings(max_examples=12, deadline=None)
@given(day=st.dates(date(2019, 3, 1), date(2026, 5, 4)).map(date.isoformat))
def test_nothing_known_later_leaks(tables, day):
    parameters = study(as_of=day, start="2017-01", end="2018-12")
    then = cut(tables, day)
    for view in (monthly_states, common_changes):
        pd.testing.assert_frame_equal(view(parameters, tables), view(parameters, then))


@pytest.mark.parametrize("day", ["2022-06-30", "2023-05-31"])
def test_no_test_knows_more_than_the_day(tables, day):
    parameters = study(as_of=day)
    pd.testing.assert_frame_equal(
        follow_tests(parameters, tables), follow_tests(parameters, cut(tables, day))
    )
