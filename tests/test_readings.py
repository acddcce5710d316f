"""Readings of sources that disagree, beside the one that a ledger holds."""

import dataclasses

import pytest
from conftest import study

from sahel_transitions.indicators import check_consistency, readings_known
from sahel_transitions.language import words


def test_days_between_readings_by_hand(tables):
    rows = readings_known(study(), tables, "partner_events").set_index("by")
    # 11 April to 17 May 2022.
    assert rows.loc["MLI-european_union-training-02-b", ["apart_low", "apart_high"]].tolist() == [
        36, 36,
    ]  # fmt: skip
    # December 2021 to 20 January 2022.
    assert rows.loc["MLI-russia-troops-02-d", ["apart_low", "apart_high"]].tolist() == [20, 50]


def test_the_adopted_reading_comes_first_and_has_no_distance(tables):
    for ledger in ("deadlines", "partner_events"):
        for _, cell in readings_known(study(), tables, ledger).groupby(["row", "field"]):
            assert cell["adopted"].tolist() == [True] + [False] * (len(cell) - 1)
            assert cell["apart_low"].isna().iloc[0]


@pytest.mark.parametrize(("day", "known"), [("2022-05-25", 2), ("2022-05-26", 3)])
def test_no_reading_is_known_before_it_was_said(tables, day, known):
    rows = readings_known(study(as_of=day), tables, "partner_events")
    assert (rows["row"] == "MLI-european_union-training-02").sum() == known


def test_a_reading_that_is_not_that_of_the_ledger_is_a_problem(tables):
    frame = tables["readings"].frame.copy()
    row = frame.index[frame["reading_id"] == "MLI-T-04-due-a"][0]
    frame.loc[row, "value"] = "2024-03-29"
    changed = tables.with_table(dataclasses.replace(tables["readings"], frame=frame))
    (problem,) = [each for each in check_consistency(changed) if each.table == "readings"]
    assert (problem.row, problem.column) == (row + 2, "adopted")


def test_who_gives_a_reading_is_in_both_languages(tables):
    english, french = words("en"), words("fr")
    for row in tables["readings"].frame.itertuples():
        assert english(f"reading.{row.reading_id}") == row.by
        assert f"reading.{row.reading_id}" in french
