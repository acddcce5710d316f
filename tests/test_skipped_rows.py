"""Bad rows may be left out, and are counted."""

import pandas as pd
import pytest
from conftest import study
from sound_files import ATTACKS, DAY, DEATHS, EVENTS, SOUND, SPOILT, attack, changed, inserted, text

from sahel_transitions.errors import Refusal, TableProblems
from sahel_transitions.indicators import civilian_deaths, deaths_table, file_caveats
from sahel_transitions.sources.acled import event_scan


def left_out(made, plain, count):
    """Assert that a table is that of the sound rows, and says how many others there were."""
    pd.testing.assert_frame_equal(made.frame, plain.frame)
    assert made.declaration == {**plain.declaration, "skipped_rows": count}


@pytest.mark.parametrize(("dataset", "cells"), [(a, b) for a in SPOILT for b in SPOILT[a]])
def test_without_its_bad_row_a_file_gives_the_numbers_of_the_others(build, plain, dataset, cells):
    rows = changed(SOUND[dataset], 1, **cells)
    left_out(build(text(rows), skip_bad_rows=True), plain(rows[:1] + rows[2:]), 1)


@pytest.mark.parametrize("dataset", SOUND)
def test_rows_that_do_not_fit_are_left_out_and_counted(build, plain, dataset):
    content = inserted(inserted(text(SOUND[dataset]), 4, "1,2,3\n"), 2, "1," * 60 + "1\n")
    left_out(build(content, skip_bad_rows=True), plain(SOUND[dataset]), 2)


@pytest.mark.parametrize("dataset", SOUND)
def test_of_a_file_that_was_cut_the_whole_rows_are_left(build, plain, dataset):
    content = text([*SOUND[dataset], SOUND[dataset][-1]])[:-5]
    left_out(build(content, skip_bad_rows=True), plain(SOUND[dataset]), 1)


@pytest.mark.parametrize("dataset", SOUND)
def test_of_two_rows_with_one_id_the_first_is_left(build, plain, dataset):
    again = {**SOUND[dataset][1], DAY[dataset]: "2022-03-01"}
    rows = [*SOUND[dataset], again]
    left_out(build(text(rows), skip_bad_rows=True), plain(SOUND[dataset]), 1)


@pytest.mark.parametrize("dataset", SOUND)
def test_a_file_of_bad_rows_alone_is_refused_all_the_same(build, dataset):
    rows = [{**row, DEATHS[dataset]: "x"} for row in SOUND[dataset]]
    with pytest.raises(TableProblems):
        build(text(rows), skip_bad_rows=True)


def test_more_bad_rows_than_are_listed_are_left_out_as_well(build, plain, monkeypatch):
    monkeypatch.setattr(event_scan, "_MOST_PROBLEMS", 3)
    bad = [attack(event_id_cnty=f"BAD{n}", fatalities="x") for n in range(5)]
    left_out(build(text([*ATTACKS, *bad]), skip_bad_rows=True), plain(ATTACKS), 5)


def an_actor(row, **changes):
    """A row of an export with one row an actor."""
    kept = {name: cell for name, cell in row.items() if name not in {"actor2", "assoc_actor_2"}}
    return {**kept, **changes}


def test_an_event_with_two_versions_is_left_out_as_a_whole(build, plain):
    civilians = {"actor1": "Civilians (Mali)"}
    sound = [an_actor(row, **more) for row in ATTACKS for more in ({}, civilians)]
    two = [
        an_actor(attack(), event_id_cnty="MLI9", fatalities=cell, **more)
        for cell, more in (("100", {}), ("4", civilians), ("4", {"actor1": "Dozos"}))
    ]
    left_out(build(text([*sound, *two]), skip_bad_rows=True), plain(sound), 3)


DEFINITION = {"ged": "U2", "acled": "A2"}


@pytest.mark.parametrize("dataset", SOUND)
def test_the_caveats_of_a_study_carry_the_count(write, tables, dataset):
    rows = changed(SOUND[dataset], 2, **{DEATHS[dataset]: "x"})
    rows = changed(rows, 3, country="Malli")
    given = {"deaths_source": str(write(text(rows))), "deaths_definition": DEFINITION[dataset],
             "start": "2022-01", "end": "2022-12"}  # fmt: skip
    with pytest.raises(Refusal, match=r"rows? 4"):
        study(**given)
    parameters = study(**given, skip_bad_rows=True)
    with_file = tables.with_table(deaths_table(parameters, tables))
    caveats = {each.name: dict(each.values) for each in file_caveats(parameters, with_file)}
    assert caveats["skipped_rows"] == {"n": 2}
    values = civilian_deaths(parameters, with_file, "year").set_index("country")["value"]
    assert values["MLI"] == {"ged": 6, "acled": 6}[dataset]


@pytest.mark.parametrize("dataset", SOUND)
def test_inspection_says_how_many_rows_were_left_out(sahel, write, dataset):
    rows = changed(SOUND[dataset], 1, **{DEATHS[dataset]: "x"})
    code, out, _ = sahel("data", "inspect", str(write(text(rows))), "--skip-bad-rows")
    assert code == 0
    assert "Left out: 1 row" in out


def test_inspection_judges_a_file_as_a_study_does(sahel, write):
    """A correction that a file no longer needs is a note of the file, and no fault of it."""
    rows = changed(EVENTS, 0, year="2009", date_start="2009-03-10", date_end="2009-03-10")
    path = write(text(rows))
    study(deaths_source=str(path))
    code, _, _ = sahel("data", "inspect", str(path))
    assert code == 0


def test_a_path_with_blanks_is_no_secret(sahel, tmp_path):
    path = tmp_path / "a_folder_with_a_long_name_of_many_words" / "acled export (1).csv"
    code, _, err = sahel("run", "-p", f"deaths_source={path}")
    assert (code, "neither `ucdp` nor a file" in err) == (2, True)


@pytest.mark.parametrize("command", [("data", "inspect"), ("run", "-p")])
def test_a_path_that_is_too_long_is_refused(sahel, command):
    *words, last = command
    path = "a path " * 60
    code, _, err = sahel(
        *words, *(["-p", f"deaths_source={path}"] if last == "-p" else [last, path])
    )
    assert (code, "a path" in err) == (2, True)
