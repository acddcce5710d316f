"""The ledger of the partners of neighbouring states."""

from datetime import date

import pytest

from sahel_transitions.errors import TableProblems
from sahel_transitions.indicators import check_transitions
from sahel_transitions.tables import parse_partial_date


@pytest.fixture(scope="module")
def ledger(tables):
    return tables["neighbour_events"].frame


def test_every_line_passes_through_legal_states(ledger):
    check_transitions(ledger, "neighbour_events")


def test_an_illegal_step_is_told_by_the_name_of_its_table(ledger):
    broken = ledger.copy()
    row = broken.index[broken["event_id"] == "NER-france-troops-03"][0]
    broken.loc[row, "to_state"] = "announced"
    with pytest.raises(TableProblems) as raised:
        check_transitions(broken, "neighbour_events")
    assert {each.table for each in raised.value.problems} == {"neighbour_events"}


def test_nothing_is_known_before_it_may_have_happened(ledger):
    for row in ledger.itertuples():
        assert date.fromisoformat(row.known_on) >= parse_partial_date(row.date).latest, row.event_id


def test_every_source_is_in_the_bibliography(tables, ledger):
    known = set(tables["sources"].frame["key"])
    assert all(row and set(row) <= known for row in ledger["sources"])


def test_every_country_declared_has_rows_and_none_is_in_the_ledger_of_the_two(tables, ledger):
    declared = set(tables["neighbour_events"].declaration.coverage)
    assert set(ledger["country"]) == declared
    assert not declared & set(tables["partner_events"].declaration.coverage)


def test_partners_channels_and_states_are_those_of_the_ledger_of_the_two(tables):
    ours = tables["neighbour_events"].declaration.columns
    theirs = tables["partner_events"].declaration.columns
    for column in ("partner", "channel", "from_state", "to_state"):
        assert set(ours[column].allowed) <= set(theirs[column].allowed)


@pytest.mark.parametrize(
    ("event", "to_state", "date"),
    [
        # Each read a second time in the sources.
        ("NER-france-troops-03", "ended", "2023-12-22"),
        ("NER-ecowas-membership-04", "ended", "2025-01-29"),
        ("NER-united_states-treaty-02", "denounced", "2024-03-16"),
        ("TCD-france-troops-03", "ended", "2025-01-30"),
        ("SEN-france-troops-03", "ended", "2025-07-17"),
        ("CIV-france-basing-03", "ended", "2025-02-20"),
        ("GIN-ecowas-membership-02", "suspended", "2021-09-08"),
    ],
)
def test_well_known_days(ledger, event, to_state, date):
    row = ledger[ledger["event_id"] == event].iloc[0]
    assert (row["to_state"], row["date"]) == (to_state, date)
