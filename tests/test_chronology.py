"""Every promise and change of the working chronology answers as of its own day, and not before."""

from datetime import date, timedelta

import pandas as pd
import pytest
from conftest import study

from sahel_transitions.indicators import known_transitions, partner_states, promises_known
from sahel_transitions.tables import parse_partial_date

pytestmark = pytest.mark.shared


def records(shared, *themes):
    events = pd.read_csv(shared / "dossier" / "chronology.csv", dtype=str)
    return events[events["theme"].isin(themes)].set_index("event_id")


def as_of(day: date):
    return study(start="2015-01", end="2018-12", as_of=day.isoformat())


def test_every_deadline_and_partner_event_is_in_a_ledger_or_left_out_by_name(tables, shared):
    events = records(shared, "deadline", "partner")
    held = {
        key
        for name in (
            "deadlines",
            "partner_events",
            "access",
            "shocks",
            "coups",
            "recommendation_outcomes",
        )
        for keys in tables[name].frame["record"].dropna()
        for key in keys
    }
    left_out = set(tables["left_out"].frame["record"])
    assert set(events.index) - held - left_out == set()


def test_every_promise_is_known_from_its_own_day_on(tables, shared):
    ledger = tables["deadlines"].frame
    coded = records(shared, "deadline")
    seen = 0
    for row in ledger.itertuples():
        day = parse_partial_date(row.announced_on).latest
        for when, known in ((day, True), (day - timedelta(days=1), False)):
            ids = set(promises_known(as_of(when), tables)["promise_id"])
            assert (row.promise_id in ids) is known, (row.promise_id, when)
        seen += bool(set(row.record) & set(coded.index))
    assert seen == len(ledger)


def test_every_change_is_known_from_its_own_day_on(tables, shared):
    ledger = tables["partner_events"].frame
    begins = date(2019, 1, 1)
    for row in ledger.itertuples():
        day = date.fromisoformat(row.known_on)
        if day <= begins:
            continue
        for when, known in ((day, True), (day - timedelta(days=1), False)):
            ids = set(known_transitions(as_of(when), tables)["event_id"])
            assert (row.event_id in ids) is known, (row.event_id, when)


def test_the_day_of_the_chronology_is_within_that_of_a_row_coded_to_it(tables, shared):
    """The coded day, or a day of its interval, is that of the event; else a row says why."""
    events = records(shared, "deadline", "partner")
    apart = []
    for name, column in (("deadlines", "announced_on"), ("partner_events", "date")):
        for key, rows in (
            tables[name].frame.explode("record").dropna(subset="record").groupby("record")
        ):
            if key not in events.index:
                continue
            event = parse_partial_date(events.at[key, "date"])
            dates = [parse_partial_date(text) for text in rows[column]]
            if (
                not any(
                    (each.earliest or date.min) <= event.latest and event.earliest <= each.latest
                    for each in dates
                )
                and rows["note"].isna().all()
            ):
                apart.append(key)
    assert apart == []


def test_a_channel_is_in_its_new_state_from_that_day_and_in_the_old_one_the_day_before(
    tables,
):
    line = ["country", "partner", "channel", "line"]
    for _, rows in tables["partner_events"].frame.groupby(line, dropna=False, sort=False):
        for row in rows.itertuples():
            day = date.fromisoformat(row.known_on)
            if day <= date(2019, 1, 1):
                continue
            for when in (day, day - timedelta(days=1)):
                so_far = rows[rows["known_on"] <= when.isoformat()]
                expected = so_far["to_state"].iloc[-1] if len(so_far) else "absent"
                states = partner_states(as_of(when), tables, lines=True)
                here = states[
                    (states[line[:3]] == list(row[2:5])).all(axis=1)
                    & (states["line"].isna() if pd.isna(row.line) else states["line"] == row.line)
                ]
                # What nobody had yet is not listed.
                found = here["state"].item() if len(here) else "absent"
                assert found == expected, (row.event_id, when)
