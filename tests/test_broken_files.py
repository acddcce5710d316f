"""Broken files of deaths: every fault on one screen, and nothing written."""

import re

import pytest
from sound_files import (
    DAY,
    DEATHS,
    EVENTS,
    ID,
    SCREEN,
    SOUND,
    changed,
    inserted,
    packed,
    renamed,
    text,
    without,
)

from sahel_transitions.errors import Refusal, TableProblems


def spoilt(dataset, **cells):
    """The sound file with a wrong cell in its third row."""
    return text(changed(SOUND[dataset], 1, **cells))


# By name: what makes the file of a dataset, and what must be said of it. {day} and the like stand
# for the columns of the dataset.
FAULTS = {
    "empty": (lambda each: "", ["expected a table", "empty", "Download it again"]),
    "blank lines alone": (lambda each: "\n\n \n", ["expected a table", "empty"]),
    "header alone": (
        lambda each: text(SOUND[each]).splitlines()[0] + "\n",
        ["expected rows below the header, found none", "repeat"],
    ),
    "web page": (
        lambda each: "<!DOCTYPE html><html><body>502 Bad Gateway</body></html>\n",
        ["expected a table, found a web page", "open its address in a browser"],
    ),
    "message of an error": (
        lambda each: '{"success": false, "error": "over quota"}',
        ["expected rows, found the message of an error (over quota)"],
    ),
    "tabs": (
        lambda each: text(SOUND[each], "\t"),
        ["row 1", "expected commas", "found tabs", "from its producer"],
    ),
    "UTF-16": (lambda each: text(SOUND[each]).encode("utf-16"), ["UTF-16", "“CSV UTF-8”"]),
    "Latin-1": (
        lambda each: spoilt(each, country="Côte d’Ivoire".replace("’", "'")).encode("latin-1"),
        ["line 3", "0xf4", "“CSV UTF-8”"],
    ),
    "cut within a row": (
        lambda each: text(SOUND[each])[:-20],
        ["row {last}", "cut off", "Download it again"],
    ),
    "cut within the last cell": (
        lambda each: text(SOUND[each])[:-2],
        ["row {last}", "expected a line end", "found none", "cut off"],
    ),
    "a row with fewer cells": (
        lambda each: inserted(text(SOUND[each]), 2, "1,2,3\n"),
        ["row 3", "cells, as the header has, found fewer"],
    ),
    "a row with more cells": (
        lambda each: inserted(text(SOUND[each]), 2, "1," * 60 + "1\n"),
        ["row 3", "cells, as the header has, found more"],
    ),
    "a quotation mark that does not close": (
        lambda each: re.sub("(JNIM)", r'"\1', text(SOUND[each]), count=1),
        ["row 2", "quotation marks", "Correct the row"],
    ),
    "a second header": (
        lambda each: text(SOUND[each]) * 2,
        ["row {after}: expected one header", "one below the other"],
    ),
    "a missing column": (
        lambda each: text(without(SOUND[each], DEATHS[each])),
        ["row 1, column {deaths}: expected this column, found"],
    ),
    "a renamed column": (
        lambda each: text(renamed(SOUND[each], DEATHS[each], f"{DEATHS[each]}_total")),
        ["row 1, column {deaths}: expected this column, found '{deaths}_total'", "its name back"],
    ),
    "a column twice": (
        lambda each: re.sub("adm_1|admin1", DEATHS[each], text(SOUND[each]), count=1),
        ["row 1", "each column once", "{deaths}"],
    ),
    "a day that does not exist": (
        lambda each: spoilt(each, **{DAY[each]: "2022-02-30"}),
        ["row 3, column {day}: expected a day that exists", "'2022-02-30'", "--skip-bad-rows"],
    ),
    "a day in another form": (
        lambda each: spoilt(each, **{DAY[each]: "31/12/2022"}),
        ["row 3, column {day}", "'31/12/2022'"],
    ),
    "a day that depends on today": (
        lambda each: spoilt(each, **{DAY[each]: "today"}),
        ["row 3, column {day}", "'today'"],
    ),
    "negative deaths": (
        lambda each: spoilt(each, **{DEATHS[each]: "-4"}),
        ["row 3, column {deaths}: expected a whole number of at least 0, found '-4'"],
    ),
    "deaths in words": (
        lambda each: spoilt(each, **{DEATHS[each]: "dozens"}),
        ["row 3, column {deaths}", "found 'dozens'", "Correct the cell"],
    ),
    "a decimal comma": (
        lambda each: spoilt(each, **{DEATHS[each]: "4,0"}),
        ["row 3, column {deaths}", "found '4,0'"],
    ),
    "no deaths": (
        lambda each: spoilt(each, **{DEATHS[each]: ""}),
        ["row 3, column {deaths}", "found an empty cell"],
    ),
    "an id twice": (
        lambda each: spoilt(each, **{ID[each]: SOUND[each][0][ID[each]]}),
        ["row 3, column {id}", "occurs once", "joined"],
    ),
    "two vintages joined": (
        lambda each: text([*SOUND[each], *changed(SOUND[each], 1, **{DEATHS[each]: "9"})]),
        ["rows {after}, ", "column {id}", "take one of them"],
    ),
    "an unknown country": (
        lambda each: spoilt(each, country="Malli"),
        ["row 3, column country", "Malli", "--skip-bad-rows"],
    ),
    "a zip with two tables": (
        lambda each: packed(("a.csv", text(SOUND[each])), ("b.csv", text(SOUND[each]))),
        ["expected an archive with one data file, found 2", "a.csv, b.csv", "Unpack it"],
    ),
    "a zip with something else": (
        lambda each: packed(("codebook.pdf", "%PDF")),
        ["expected an archive with one data file, found none", "codebook.pdf"],
    ),
}  # fmt: skip


def refused_on_one_screen(sahel, path, fault, dataset, *command):
    code, out, err = sahel(*command)
    assert code == 2
    assert path.name in err
    count = len(SOUND[dataset])
    names = {"id": ID[dataset], "day": DAY[dataset], "deaths": DEATHS[dataset]}
    for words in FAULTS[fault][1]:
        assert words.format(**names, last=count + 1, after=count + 2) in err
    assert "Traceback" not in out + err
    assert len((out + err).splitlines()) <= SCREEN


@pytest.mark.parametrize("dataset", SOUND)
@pytest.mark.parametrize("fault", FAULTS)
def test_inspection_names_a_fault_and_writes_nothing(sahel, write, untouched, fault, dataset):
    path = write(FAULTS[fault][0](dataset))
    refused_on_one_screen(sahel, path, fault, dataset, "data", "inspect", str(path))


@pytest.mark.parametrize("dataset", SOUND)
@pytest.mark.parametrize(
    "fault",
    ["empty", "web page", "cut within a row", "a missing column", "negative deaths",
     "an id twice", "an unknown country", "a zip with two tables"],
)  # fmt: skip
def test_a_study_of_a_broken_file_does_not_begin(sahel, write, untouched, fault, dataset):
    path = write(FAULTS[fault][0](dataset))
    refused_on_one_screen(sahel, path, fault, dataset, "run", "-p", f"deaths_source={path}")


def test_what_a_study_is_told_to_do_can_be_done(sahel, write, untouched):
    """`run` has no option --skip-bad-rows; there it is a parameter."""
    _, _, err = sahel("run", "-p", f"deaths_source={write(spoilt('acled', fatalities='x'))}")
    assert "skip_bad_rows=true" in err
    assert ".." not in err


def test_a_file_of_ucdp_may_not_have_semicolons(build):
    with pytest.raises(TableProblems, match="found semicolons"):
        build(text(EVENTS, ";"))


@pytest.mark.parametrize("dataset", SOUND)
def test_five_thousand_bad_rows_are_one_screen(sahel, write, untouched, dataset):
    bad = dict.fromkeys(SOUND[dataset][0], "x") | {ID[dataset]: "1"}
    code, out, err = sahel("data", "inspect", str(write(text([bad] * 5000))))
    assert code == 2
    assert "rows 2, 3, 4, 5, 6, 7, 8, 9 and 4,992 more" in err
    assert len((out + err).splitlines()) <= SCREEN


@pytest.mark.parametrize("content", ["a" * 50_000, '"a\n\n\nb",c\n1,2\n', b"\xff", b"a\xc3"])
def test_a_header_of_any_kind_is_one_line(build, content):
    with pytest.raises(Refusal) as raised:
        build(content)
    said = str(raised.value)
    assert len(said) < 2000 and len(said.splitlines()) == 1


@pytest.mark.parametrize("dataset", SOUND)
def test_every_fault_is_named_at_once(build, dataset):
    rows = changed(SOUND[dataset], 0, country="Malli")
    rows = changed(rows, 1, **{DEATHS[dataset]: "-4", DAY[dataset]: "2022-02-30"})
    rows = changed(rows, 3, **{ID[dataset]: rows[2][ID[dataset]]})
    with pytest.raises(TableProblems) as raised:
        build(inserted(text(rows), 5, "too,short\n"))
    assert {2, 3, 5, 6} <= {problem.row for problem in raised.value.problems}
