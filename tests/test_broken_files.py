"""Broken files of deaths: one screen of faults, nothing written, and never a wrong number."""

import csv
import datetime
import gc
import io
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import pandas as pd
import pytest
from conftest import study
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_sources import event

from sahel_transitions.cli import main
from sahel_transitions.errors import Refusal, TableProblems
from sahel_transitions.indicators import civilian_deaths, deaths_table, file_caveats
from sahel_transitions.paths import DERIVED, PROJECT, RUNS, VINTAGES
from sahel_transitions.sources import Options, derive, users_file
from sahel_transitions.sources.acled import event_scan
from sahel_transitions.sources.gazetteer import GLEDITSCH_WARD, iso3_of
from sahel_transitions.tables import Declaration

SCREEN = 25


# The files


def attack(**changes):
    """One event in the columns of an ACLED export."""
    row = {
        "event_id_cnty": "MLI2", "event_date": "2022-03-10", "year": "2022",
        "event_type": "Violence against civilians", "sub_event_type": "Attack",
        "actor1": "JNIM: Group for Support of Islam and Muslims", "assoc_actor_1": "",
        "actor2": "Civilians (Mali)", "assoc_actor_2": "",
        "civilian_targeting": "Civilian targeting", "country": "Mali", "admin1": "Mopti",
        "notes": "A village, and its market.", "fatalities": "4", "timestamp": "1700000000",
    }  # fmt: skip
    return {**row, **changes}


def battle(**changes):
    return attack(
        **{"event_type": "Battles", "actor2": "Military Forces of Mali (2021-)",
           "civilian_targeting": "", **changes}
    )  # fmt: skip


BFA = {"country": "Burkina Faso", "country_id": "439", "adm_1": "Sahel region"}
EVENTS = [
    event(id="1"),
    event(id="2", date_end="2022-04-03", deaths_civilians="2", deaths_unknown="5", best="7"),
    event(id="3", type_of_violence="1", side_a="Government of Mali", deaths_b="9", best="13"),
    event(id="4", year="2021", date_start="2021-12-02", date_end="2021-12-20", **BFA),
    event(id="5", side_a="IS", deaths_civilians="0", best="0", **BFA),
    event(id="6", country="Peru", country_id="135", low="12", high="40"),
]
ATTACKS = [
    attack(event_id_cnty="MLI1", event_date="2021-01-01", year="2021", fatalities="1"),
    attack(),
    attack(event_id_cnty="MLI3", event_type="Explosions/Remote violence", fatalities="7"),
    battle(event_id_cnty="MLI4", fatalities="20"),
    attack(event_id_cnty="BFO1", country="Burkina Faso", fatalities="0"),
    attack(event_id_cnty="BFO2", country="Burkina Faso", fatalities="12"),
    battle(event_id_cnty="PER1", country="Peru", fatalities="3"),
    attack(event_id_cnty="MLI5", event_date="2022-12-31", fatalities="2"),
]
SOUND = {"ged": EVENTS, "acled": ATTACKS}
ID = {"ged": "id", "acled": "event_id_cnty"}
DAY = {"ged": "date_start", "acled": "event_date"}
DEATHS = {"ged": "deaths_civilians", "acled": "fatalities"}


def text(rows, separator=",", end="\n", quoting=csv.QUOTE_MINIMAL):
    """Rows as the text of a CSV file; those of the first row give the header."""
    out = io.StringIO()
    writer = csv.DictWriter(
        out, list(rows[0]), delimiter=separator, lineterminator=end, quoting=quoting
    )
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def changed(rows, place, **cells):
    """The rows with other cells in one of them."""
    return [{**row, **cells} if each == place else row for each, row in enumerate(rows)]


def without(rows, column):
    return [{name: cell for name, cell in row.items() if name != column} for row in rows]


def renamed(rows, column, name):
    return [{name if each == column else each: cell for each, cell in row.items()} for row in rows]


def inserted(content, place, line):
    """A text with one more line."""
    lines = content.splitlines(keepends=True)
    return "".join([*lines[:place], line, *lines[place:]])


def packed(*members):
    """A zip archive of these names and contents."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def workbook(rows, above=0, blank_before=None):
    """Rows as an Excel workbook, with lines of a title above or an empty row within."""
    book = openpyxl.Workbook()
    sheet = book.active
    for _ in range(above):
        sheet.append(["A title"])
    sheet.append(list(rows[0]))
    for place, row in enumerate(rows):
        if place == blank_before:
            sheet.append([])
        sheet.append(list(row.values()))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parquet(rows):
    """Rows as a Parquet file of text."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        path = Path(folder) / "made.parquet"
        connection.register("cells", pd.DataFrame(rows).astype("object"))
        connection.execute(f"copy cells to '{path}' (format parquet)")
        return path.read_bytes()


def same(one, other):
    """Assert that two tables are the same, with all that is said of them."""
    pd.testing.assert_frame_equal(one.frame, other.frame)
    assert (one.name, one.declaration, one.notes) == (other.name, other.declaration, other.notes)


@pytest.fixture
def write(tmp_path):
    """A file with this content."""

    def written(content, name="export.csv"):
        path = tmp_path / "given" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return written


@pytest.fixture
def sahel(capsys):
    """Run the command in this process: exit code, standard output, standard error."""

    def call(*arguments):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        said = capsys.readouterr()
        return ended.value.code or 0, said.out, said.err

    return call


@pytest.fixture
def build(write, tables):
    """The table that a file of this content gives."""

    def built(content, name="export.csv", **options):
        options = {"strict_corrections": False, **options}
        return derive(write(content, name), Options(actors=tables["actors"].frame, **options))[1]

    return built


@pytest.fixture(scope="module")
def plain(tmp_path_factory, tables):
    """The table that a sound file of these rows gives, made once."""
    folder, made = tmp_path_factory.mktemp("plain"), {}

    def of(rows):
        content = text(rows)
        if content not in made:
            path = folder / "export.csv"
            path.write_text(content, encoding="utf-8")
            options = Options(actors=tables["actors"].frame, strict_corrections=False)
            made[content] = derive(path, options)[1]
        return made[content]

    return of


@pytest.fixture
def untouched(tmp_path, monkeypatch):
    """Fails if a folder in which the suite writes has something new in it at the end."""
    temporary, kept = tmp_path / "temporary", tmp_path / "cache"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setenv("SAHEL_CACHE", str(kept))
    monkeypatch.setattr(users_file, "_WORTH_KEEPING", 0)

    def start(*args, **kwargs):
        raise AssertionError("a notebook was about to run")

    monkeypatch.setattr("sahel_transitions.runs.making.execute", start)

    def there():
        folders = (PROJECT, RUNS, DERIVED, VINTAGES)
        return [sorted(each.iterdir()) for each in folders if each.is_dir()]

    before = there()
    yield
    assert there() == before
    if list(temporary.iterdir()):
        # What an exception still holds goes with the process.
        gc.collect()
    assert list(temporary.iterdir()) == []
    assert not kept.exists() or list(kept.iterdir()) == []


# Every fault is one screen, and nothing is written


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


# Rows have the numbers that a spreadsheet shows


def bad_rows(build, content, name="export.csv"):
    with pytest.raises(TableProblems) as raised:
        build(content, name)
    return sorted({problem.row for problem in raised.value.problems})


@pytest.mark.parametrize("dataset", SOUND)
class TestRowNumbers:
    @pytest.fixture
    def rows(self, dataset):
        """Sound but for the fourth row of the file."""
        return changed(SOUND[dataset], 2, **{DEATHS[dataset]: "x"})

    def test_of_plain_rows(self, build, rows):
        assert bad_rows(build, text(rows)) == [4]

    def test_with_windows_line_ends(self, build, rows):
        assert bad_rows(build, text(rows, end="\r\n")) == [4]

    def test_after_a_cell_of_several_lines(self, build, rows):
        several = [{**row, "side_b": "a\nb\nc", "notes": "a\nb\nc"} for row in rows]
        lines = text([{name: row[name] for name in several[0]} for row in several])
        assert bad_rows(build, lines) == [4]

    def test_after_blank_lines(self, build, rows):
        assert bad_rows(build, inserted(text(rows), 2, "\n\n")) == [6]

    def test_after_a_row_that_does_not_fit(self, build, rows):
        content = inserted(inserted(text(rows), 2, "1,2\n"), 1, "1," * 60 + "1\n")
        assert bad_rows(build, content) == [2, 4, 6]

    def test_below_a_line_of_tags(self, build, rows):
        assert bad_rows(build, text([tags(rows), *rows])) == [5]

    def test_after_a_line_of_tags_and_a_row_that_does_not_fit(self, build, rows):
        assert bad_rows(build, inserted(text([tags(rows), *rows]), 3, "1,2\n")) == [4, 6]

    def test_in_a_workbook(self, build, rows):
        assert bad_rows(build, workbook(rows), "export.xlsx") == [4]

    def test_in_a_workbook_with_a_title(self, build, rows):
        assert bad_rows(build, workbook(rows, above=3), "export.xlsx") == [7]

    def test_in_a_workbook_with_an_empty_row(self, build, rows):
        assert bad_rows(build, workbook(rows, blank_before=1), "export.xlsx") == [5]

    def test_in_json(self, build, rows):
        assert bad_rows(build, json.dumps({"data": rows}), "export.json") == [4]


def large(ids, deaths):
    """Many events with long notes: a file that is read in several parts at once."""
    lines = text([attack(event_id_cnty="MLI{n}", notes="x" * 600, fatalities="{deaths}")])
    header, line = lines.splitlines(keepends=True)
    rows = (line.format(n=n, deaths=deaths(place)) for place, n in enumerate(ids))
    whole = (text([row]).splitlines(keepends=True)[1] for row in (ATTACKS[0], ATTACKS[-1]))
    return "".join([header, *rows, *whole])


def test_rows_of_a_large_file_have_their_numbers(build):
    bad = range(0, 40_000, 500)
    content = large(range(10, 40_010), lambda place: "x" if place in bad else "1")
    assert bad_rows(build, content) == [place + 2 for place in bad]


def test_of_two_vintages_in_a_large_file_the_first_is_left(build):
    ids = [*range(10, 20_010), *range(10, 20_010)]
    made = build(large(ids, lambda place: "1" if place < 20_000 else "2"), skip_bad_rows=True)
    assert made.declaration["skipped_rows"] == 20_000
    assert totals(made)[("MLI", "2022")]["a1"] == 20_000 + 2


def tags(rows):
    return {name: f"#{name}" for name in rows[0]}


# What is harmless is read


@pytest.mark.parametrize(
    "harmless",
    [
        lambda rows: "\ufeff" + text(rows),
        lambda rows: text(rows, end="\r\n"),
        lambda rows: text(rows, quoting=csv.QUOTE_ALL),
        lambda rows: text(rows) + "\n\n",
        lambda rows: inserted(text(rows), 3, "\n"),
        lambda rows: "\n" + text(rows),
        lambda rows: text([dict(reversed(row.items())) for row in rows]),
        lambda rows: text([{name.upper(): cell for name, cell in row.items()} for row in rows]),
        lambda rows: text([{f" {key} ": f" {cell} " for key, cell in row.items()} for row in rows]),
        lambda rows: text([{**row, "more": "a\nb"} for row in rows]),
        lambda rows: text([{**row, "more": "a\r\nb"} for row in rows]),
        lambda rows: text([{**row, "more": "a\nb"} for row in rows], end="\r\n"),
        lambda rows: re.sub(r"(?m)(?<=\d)$", ",", text(rows)),
        lambda rows: text([tags(rows), *rows]),
        json.dumps,
        lambda rows: packed(("export.csv", text(rows)), ("codebook.pdf", "%PDF")),
    ],
    ids=[
        "byte order mark", "line ends of Windows", "quoted", "blank lines at the end",
        "blank line within", "blank line above", "columns reversed", "capitals", "blanks",
        "cell of two lines", "cell of two lines of Windows", "cell of two lines in Windows",
        "stray comma", "line of tags", "JSON", "zip",
    ],
)  # fmt: skip
@pytest.mark.parametrize("dataset", SOUND)
def test_what_is_harmless_changes_no_number(build, plain, dataset, harmless):
    same(build(harmless(SOUND[dataset])), plain(SOUND[dataset]))


@pytest.mark.parametrize("dataset", SOUND)
@pytest.mark.parametrize("place", [1, 3, -1])
def test_lines_that_end_in_two_ways_are_read_or_named(build, plain, dataset, place):
    lines = text(SOUND[dataset]).splitlines()
    lines[place] += "\r"
    content = "\n".join([*lines, ""])
    try:
        made = build(content)
    except Refusal as refusal:
        assert "ines may end in different ways" in str(refusal)
    else:
        same(made, plain(SOUND[dataset]))


def test_a_file_of_acled_may_have_semicolons(build, plain):
    same(build(text(ATTACKS, ";")), plain(ATTACKS))


@pytest.mark.parametrize(
    "form", ["%d %B %Y", "%d-%B-%Y", "%d-%B-%y", "%d-%b-%Y", "%d-%b-%y", "%Y/%m/%d", "%d/%m/%Y"]
)
def test_the_days_of_acled_are_read_in_each_form(build, plain, form):
    rows = [
        {**row, "event_date": datetime.date.fromisoformat(row["event_date"]).strftime(form)}
        for row in ATTACKS
    ]
    same(build(text(rows)), plain(ATTACKS))


@pytest.mark.parametrize("name", ["ged[1].csv", "ged?.csv", "*.csv", "it's.csv"])
def test_a_file_is_read_and_not_its_neighbour(build, write, name):
    write(text([event(deaths_civilians="900", best="900")]), "ged1.csv")
    assert set(build(text([event()]), name).frame["civilians"]) == {4}


def test_a_folder_is_not_a_column(build):
    made = build(parquet([event(low="3")]), "low=2/ged.parquet")
    assert set(made.frame["low"]) == {3}


# Numbers that are none, and files that contradict themselves


@pytest.mark.parametrize("cell", ["5e-1", "45e-1", "0x10", "1_000", "0b1", "4.5", "inf", "٤"])
@pytest.mark.parametrize("dataset", SOUND)
def test_what_is_no_whole_number_is_named(build, dataset, cell):
    cells = {DEATHS[dataset]: cell, "best": cell}
    cells = {name: cell for name, cell in cells.items() if name in SOUND[dataset][0]}
    with pytest.raises(TableProblems) as raised:
        build(text(changed(SOUND[dataset], 0, **cells)))
    assert (2, DEATHS[dataset]) in {(each.row, each.column) for each in raised.value.problems}


@pytest.mark.parametrize(
    "cell",
    ["2022-03-10xyz", "2022-03-1000", "now", "epoch", "20220310", "44630"],
)
@pytest.mark.parametrize("dataset", SOUND)
def test_what_is_no_day_is_named(build, dataset, cell):
    cells = {DAY[dataset]: cell, "year": "1970" if cell == "epoch" else "2022"}
    with pytest.raises(TableProblems) as raised:
        build(text(changed(SOUND[dataset], 1, **cells)))
    assert (3, DAY[dataset]) in {(each.row, each.column) for each in raised.value.problems}


@pytest.mark.parametrize("dataset", SOUND)
@pytest.mark.parametrize("skip", [False, True])
def test_days_in_two_orders_are_never_guessed(build, dataset, skip):
    """Half of the rows have the day first; which of the others do cannot be known."""
    days = ["13/03/2022", "14/03/2022", "15/03/2022", "03/16/2022", "04/05/2022", "12/05/2022"]
    rows = []
    for row, day in zip(SOUND[dataset], days, strict=False):
        other = dict.fromkeys({"date_start", "date_end", "event_date"} & row.keys(), day)
        rows.append({**row, **other, "year": "2022"})
    with pytest.raises(TableProblems):
        build(text(rows), skip_bad_rows=skip)


def test_as_many_days_of_one_order_as_of_the_other_are_refused(build):
    with pytest.raises(TableProblems, match="date_start"):
        build(text([event(date_start="03/13/2022"), event(id="2", date_start="13/03/2022")]))


@pytest.mark.parametrize("dataset", SOUND)
@pytest.mark.parametrize("year", ["2012", "2", "22", "20222"])
def test_a_year_that_is_not_of_the_day_is_named(build, dataset, year):
    with pytest.raises(TableProblems, match=r"row 3, column (year|date_)"):
        build(text(changed(SOUND[dataset], 1, year=year)))


def test_an_event_of_decades_is_named(build):
    with pytest.raises(TableProblems, match=r"row 3, column (year|date_end)"):
        build(text(changed(EVENTS, 1, date_end="2099-12-31")))


@pytest.mark.parametrize("dataset", SOUND)
def test_a_row_without_an_id_is_named(build, dataset):
    with pytest.raises(TableProblems, match=f"row 3, column {ID[dataset]}"):
        build(text(changed(SOUND[dataset], 1, **{ID[dataset]: ""})))


@pytest.mark.parametrize("column", ["event_type", "event_id_cnty", "fatalities", "country"])
def test_a_cell_of_blanks_is_an_empty_one(build, column):
    with pytest.raises(TableProblems, match=f"row 3, column {column}"):
        build(text(changed(ATTACKS, 1, **{column: "    "})))


@pytest.mark.parametrize("dataset", SOUND)
def test_an_id_with_a_blank_is_the_same_id(build, dataset):
    rows = changed(SOUND[dataset], 1, **{ID[dataset]: f" {SOUND[dataset][0][ID[dataset]]}"})
    with pytest.raises(TableProblems, match=f"row 3, column {ID[dataset]}"):
        build(text(rows))


def test_a_type_of_event_that_acled_does_not_have_is_named(build):
    with pytest.raises(TableProblems, match="row 3, column event_type"):
        build(text(changed(ATTACKS, 1, event_type="Violence againts civilians")))


def test_a_type_of_event_between_many_blanks_is_that_type(build, plain):
    rows = changed(ATTACKS, 1, event_type=" " * 20 + "Violence against civilians")
    same(build(text(rows)), plain(ATTACKS))


@pytest.mark.parametrize("column", ["civilian_targeting", "event_id_cnty"])
def test_a_column_that_may_lack_may_not_be_there_twice(build, column):
    with pytest.raises(TableProblems, match=f"row 1.*{column}"):
        build(text(ATTACKS).replace("notes", column, 1))


def test_a_day_with_a_blank_before_it_is_that_day(build, plain):
    rows = changed(ATTACKS, len(ATTACKS) - 1, event_date=" 2022-12-31")
    same(build(text(rows)), plain(ATTACKS))


def test_a_row_below_the_tags_is_not_taken_for_tags(build):
    """Excel shows ######## for a day that is too wide, and some keep it."""
    rows = changed(ATTACKS, 1, event_date="########")
    with pytest.raises(TableProblems, match="row 4, column event_date"):
        build(text([tags(rows), *rows]))


@pytest.mark.parametrize("dataset", SOUND)
def test_tags_that_do_not_fit_the_header_cost_no_event(build, plain, dataset):
    made = build(inserted(text(SOUND[dataset]), 1, "#a,#b\n"), skip_bad_rows=True)
    pd.testing.assert_frame_equal(made.frame, plain(SOUND[dataset]).frame)


# Bad rows may be left out, and are counted


SPOILT = {
    "ged": [
        {"deaths_civilians": "many"}, {"deaths_civilians": "-1"}, {"date_start": "2022-02-30"},
        {"date_end": "2020-01-01"}, {"best": "999"}, {"country": "Malli"}, {"side_a": ""},
        {"type_of_violence": "4"}, {"low": "1,5"},
    ],
    "acled": [
        {"fatalities": "many"}, {"fatalities": "-1"}, {"event_date": "2022-02-30"},
        {"year": "1999"}, {"country": "Malli"}, {"event_type": ""}, {"event_id_cnty": ""},
        {"civilian_targeting": "perhaps"}, {"fatalities": "1,5"},
    ],
}  # fmt: skip


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


# Whatever happens to a file: a refusal in words, or the numbers that it holds


GED_COUNTS = ("events", "civilians", "unknown", "best", "low", "high")
ACLED_COUNTS = ("events", "a1", "a2", "a3")


def totals(built):
    """By country and year, what was counted: each event once."""
    frame = built.frame
    if "allocation" in frame:
        once = frame[frame["allocation"] == "start"]
    else:
        once = frame[frame["joint_events"] == "primary"]
    columns = [name for name in (*GED_COUNTS, *ACLED_COUNTS) if name in frame]
    columns = list(dict.fromkeys(columns))
    sums = once.groupby(["country", once["month"].str[:4]])[columns].sum()
    return {key: dict(row) for key, row in sums.astype("float64").iterrows()}


def records(content):
    """The rows of a CSV file as Python's own reader sees them, under names in lower case."""
    lines = io.StringIO(content.decode("utf-8-sig"), newline="")
    first = next(line for line in lines if line.strip())
    lines.seek(0)
    mark = max(",;", key=re.sub('"[^"]*"', "", first).count)
    filled = (row for row in csv.reader(lines, delimiter=mark) if row)
    header = [name.strip().casefold() for name in next(filled)]
    rows = []
    for row in filled:
        assert not any(row[len(header) :]), "cells beyond the header"
        rows.append(dict(zip(header, row[: len(header)], strict=True)))
    if all(cell.strip().startswith("#") for cell in rows[0].values() if cell.strip()):
        rows.pop(0)
    return rows


def whole(cell):
    """A whole number, also as 4.0 or 1e3."""
    assert re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", cell.strip(), re.ASCII), cell
    number = Decimal(cell.strip())
    assert number == int(number) >= 0, cell
    return int(number)


TIME = re.compile(r"[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?$")
FORMS = ("%d %B %Y", "%d-%B-%Y", "%d-%b-%Y", "%d-%B-%y", "%d-%b-%y")


def day_of(cell, order):
    """A day in a form that is read, in its file's order of day and month."""
    cell = TIME.sub("", cell.strip())
    if match := re.fullmatch(r"(\d{4})[-/ ](\d{1,2})[-/ ](\d{1,2})", cell):
        return datetime.date(*map(int, match.groups()))
    for form in (order, *FORMS):
        try:
            return datetime.datetime.strptime(cell, form).date()
        except ValueError:
            continue
    raise AssertionError(f"no day: {cell!r}")


def order_of(cells):
    """The only order of day and month that all days with slashes fit."""
    slashed = [TIME.sub("", cell.strip()) for cell in cells if re.match(r"\s*\d{1,2}/", cell)]
    fits = []
    for form in ("%d/%m/%Y", "%m/%d/%Y"):
        try:
            fits.append((form, [datetime.datetime.strptime(cell, form) for cell in slashed]))
        except ValueError:
            continue
    assert fits, "days of two orders"
    assert len(fits) == 1 or fits[0][1] == fits[1][1], "days of an unknown order"
    return fits[0][0]


def ged_totals(content):
    rows, counted = records(content), {}
    ids = Counter(row["id"].strip() for row in rows)
    assert not ids[""] and max(ids.values()) == 1
    start = order_of([row["date_start"] for row in rows])
    numbers = {number: iso3 for iso3, number in GLEDITSCH_WARD.items()}
    for row in rows:
        parts = [whole(row[f"deaths_{name}"]) for name in ("a", "b", "civilians", "unknown")]
        low, best, high = (
            whole(row.get(name) or row[f"{name}_est"]) for name in ("low", "best", "high")
        )
        assert sum(parts) == best
        country = numbers.get(whole(row["country_id"]))
        key = (country, str(day_of(row["date_start"], start).year))
        if country is not None:
            counted.setdefault(key, Counter()).update(
                dict(zip(GED_COUNTS, (1, *parts[2:], best, low, high), strict=True))
            )
    return counted


INDIRECT = {"explosions/remote violence", "remote violence", "riots", "riots/protests"}


def acled_totals(content):
    rows, counted = records(content), {}
    by_actor = "actor1" in rows[0] and "actor2" not in rows[0]
    if "event_id_cnty" in rows[0] and not by_actor:
        ids = Counter(row["event_id_cnty"].strip() for row in rows)
        assert not ids[""] and max(ids.values()) == 1
    order = order_of([row["event_date"] for row in rows])
    for row in rows:
        country, deaths = iso3_of(row["country"]), whole(row["fatalities"])
        day = day_of(row["event_date"], order)
        assert country is not None
        assert "year" not in row or whole(row["year"]) == day.year
        kind, below = row["event_type"].strip().casefold(), row["sub_event_type"].strip().casefold()
        attacked = kind == "violence against civilians"
        if "civilian_targeting" in row:
            targeted = row["civilian_targeting"].strip().casefold() == "civilian targeting"
        else:
            sides = [row.get(name, "").casefold() for name in ("actor1", "actor2")]
            civilians = "actor1" in row and any(side.startswith("civilians") for side in sides)
            targeted = attacked or (kind in INDIRECT and civilians)
            targeted |= below == "excessive force against protesters"
        if country in GLEDITSCH_WARD and (attacked or targeted):
            counted.setdefault((country, str(day.year)), Counter()).update(
                events=int(targeted), a1=deaths * attacked, a2=deaths * targeted,
                a3=int(targeted and deaths > 0),
            )  # fmt: skip
    return counted


TOTALS = {"ucdp-ged": ged_totals, "acled-events": acled_totals}

CELLS = st.sampled_from(
    ["", " ", "-4", "four", "4,5", "4.5", "4.0", "1e3", "5e-1", "0x10", "1_000", "inf", "NaN",
     "99999999999999999999", "2147483648", "2022-02-30", "31/12/2022", "12/31/2022", "now", "0",
     "2022-03-10 12:00", "#REF!", "########", "Mali", "Niger", "Atlantis", "432", "436", 'a"b',
     "a,b", "a\nb", "a\r\nb", "\ufeff", "é", "\u2028", "\x00", "id", "Battles"]
) | st.text(st.characters(exclude_categories=["Cs"]), max_size=6)  # fmt: skip


class Breaking:
    """What can happen to a file, drawn at random: to its cells first, then to its bytes."""

    def __init__(self, draw, rows):
        self.draw = draw
        self.table = [list(rows[0]), *(list(row.values()) for row in rows)]

    def at(self, length):
        return self.draw(st.integers(0, max(0, length - 1)))

    def row(self):
        return 1 + self.at(len(self.table) - 1)

    def column(self):
        return self.at(len(self.table[0]))

    def another_cell(self):
        self.table[self.row()][self.column()] = self.draw(CELLS)

    def another_cell_in_each_row(self):
        column, cell = self.column(), self.draw(CELLS)
        for row in self.table[1:]:
            row[column] = cell

    def swapped_cells(self):
        row, one, two = self.table[self.row()], self.column(), self.column()
        row[one], row[two] = row[two], row[one]

    def shifted_cells(self):
        self.table[self.row()].insert(self.column(), "")

    def dropped_row(self):
        del self.table[self.row()]

    def doubled_row(self):
        self.table.insert(self.row(), list(self.table[self.row()]))

    def header_again(self):
        self.table.insert(self.row(), list(self.table[0]))

    def shuffled_columns(self):
        order = self.draw(st.permutations(range(len(self.table[0]))))
        self.table = [[row[place] for place in order] for row in self.table]

    def dropped_column(self):
        column = self.column()
        for row in self.table:
            del row[column]

    def another_name(self):
        self.table[0][self.column()] = self.draw(st.sampled_from([*self.table[0], "x", ""]))

    def capitals(self):
        self.table[0] = [name.upper() for name in self.table[0]]

    def days_with_slashes(self):
        form = self.draw(st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%d-%B-%Y", "%d-%b-%y"]))
        for row in self.table[1:]:
            for place, cell in enumerate(row):
                if re.fullmatch(r"\d{4}-\d{2}-\d{2}", cell) and cell != "2022-02-30":
                    row[place] = datetime.date.fromisoformat(cell).strftime(form)

    def one_form_of_days(self):
        """As `another_cell`, but of a day that is written in another way."""
        row = self.table[self.row()]
        forms = [
            "2022/03/10",
            "10-March-2022",
            "3/10/2022",
            "2022-3-10",
            " 2022-03-10",
            "2022-03-10T1",
        ]
        for place, cell in enumerate(row):
            if re.fullmatch(r"\d{4}-\d{2}-\d{2}", cell):
                row[place] = self.draw(st.sampled_from(forms))

    def written(self):
        separator = self.draw(st.sampled_from(",,,,;\t"))
        ends = self.draw(st.sampled_from([["\n"], ["\n"], ["\r\n"], ["\n", "\r\n"], ["\r"]]))
        quoting = self.draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
        lines = []
        for place, row in enumerate(self.table):
            out = io.StringIO()
            end = ends[place % len(ends)]
            csv.writer(out, delimiter=separator, lineterminator=end, quoting=quoting).writerow(row)
            lines.append(out.getvalue())
        encoding = self.draw(
            st.sampled_from(["utf-8", "utf-8", "utf-8", "utf-8-sig", "latin-1", "utf-16"])
        )
        return "".join(lines).encode(encoding, "replace")

    def broken_bytes(self, content):
        place = self.at(len(content))
        match self.draw(
            st.sampled_from(["cut", "lost", "doubled", "put", "line", "blank", "quotes"])
        ):
            case "cut":
                return content[:place]
            case "lost":
                return content[:place] + content[place + self.draw(st.integers(1, 40)) :]
            case "doubled":
                end = place + self.draw(st.integers(1, 40))
                return content[:end] + content[place:]
            case "put":
                marks = [b'"', b",", b"\n", b"\r", b";", b"\x00", b"\xff", b" ", b"1", b"-", b'""']
                return content[:place] + self.draw(st.sampled_from(marks)) + content[place:]
            case "line":
                lines = content.split(b"\n")
                del lines[self.at(len(lines))]
                return b"\n".join(lines)
            case "blank":
                lines = content.split(b"\n")
                lines.insert(self.at(len(lines)), b"")
                return b"\n".join(lines)
        for _ in range(2):
            place = self.at(len(content))
            content = content[:place] + b'"' + content[place:]
        return content


EDITS = [
    Breaking.another_cell, Breaking.another_cell, Breaking.another_cell_in_each_row,
    Breaking.swapped_cells, Breaking.shifted_cells, Breaking.dropped_row, Breaking.doubled_row,
    Breaking.header_again, Breaking.shuffled_columns, Breaking.dropped_column,
    Breaking.another_name, Breaking.capitals, Breaking.days_with_slashes,
    Breaking.one_form_of_days,
]  # fmt: skip


@st.composite
def broken(draw, rows):
    """A sound file, and up to three things that happened to it."""
    file = Breaking(draw, rows)
    for edit in draw(st.lists(st.sampled_from(EDITS), max_size=2)):
        if len(file.table) > 1 and file.table[0]:
            edit(file)
    content = file.written()
    return file.broken_bytes(content) if content and draw(st.booleans()) else content


@pytest.fixture(scope="module")
def judged(tmp_path_factory, tables):
    """Asserts that a file of this content is refused in words, or counted as it should be."""
    path = tmp_path_factory.mktemp("broken") / "broken.csv"
    options = Options(actors=tables["actors"].frame, strict_corrections=False)

    def judge(content):
        path.write_bytes(content)
        try:
            source, built = derive(path, options)
        except Refusal as refusal:
            said = str(refusal)
            assert path.name in said
            assert len(said.splitlines()) <= SCREEN and len(said) < 8000
            return
        found = totals(built)
        names = [name for name in (*GED_COUNTS, *ACLED_COUNTS) if name in built.frame]
        expected = TOTALS[source.name](content)
        assert found == {
            key: {name: counts[name] for name in names} for key, counts in expected.items()
        }
        if "allocation" in built.frame:
            rules = built.frame.groupby(["country", "allocation"])[list(GED_COUNTS)].sum()
            assert (rules.groupby("country").nunique() == 1).all(axis=None)
        declared = {**built.declaration, "rows": len(built.frame), "sha256": ""}
        Declaration.model_validate(declared)

    return judge


FUZZED = settings(
    max_examples=50, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


@pytest.mark.parametrize("dataset", SOUND)
def test_a_sound_file_passes_the_judge(judged, dataset):
    judged(text(SOUND[dataset]).encode())


@FUZZED
@given(content=broken(EVENTS))
def test_a_broken_file_of_ucdp_is_refused_or_counted_right(judged, content):
    judged(content)


@FUZZED
@given(content=broken(ATTACKS))
def test_a_broken_file_of_acled_is_refused_or_counted_right(judged, content):
    judged(content)


@settings(FUZZED, max_examples=10)
@given(data=st.data(), dataset=st.sampled_from(sorted(SOUND)))
def test_whichever_rows_are_bad_the_others_count(tmp_path_factory, tables, data, dataset):
    rows, options = SOUND[dataset], {"actors": tables["actors"].frame}
    # The first and last rows hold the coverage open.
    bad = data.draw(
        st.dictionaries(st.integers(1, len(rows) - 2), st.sampled_from(SPOILT[dataset]), min_size=1)
    )
    path = tmp_path_factory.mktemp("bad") / "bad.csv"
    path.write_text(text([{**row, **bad.get(place, {})} for place, row in enumerate(rows)]))
    made = derive(path, Options(skip_bad_rows=True, **options))[1]
    kept = text([row for place, row in enumerate(rows) if place not in bad])
    path.write_text(kept)
    pd.testing.assert_frame_equal(made.frame, derive(path, Options(**options))[1].frame)
    expected = TOTALS[{"ged": "ucdp-ged", "acled": "acled-events"}[dataset]](kept.encode())
    assert totals(made) == {key: dict(counts) for key, counts in expected.items()}
    assert made.declaration["skipped_rows"] == len(bad)


# Archives


def test_an_archive_is_read_as_the_file_in_it(build, plain):
    same(build(packed(("data/export.csv", text(EVENTS))), "any.zip"), plain(EVENTS))


def test_a_workbook_in_an_archive_is_read_honestly(build, plain):
    same(build(packed(("export.xlsx", workbook(EVENTS))), "any.zip"), plain(EVENTS))


def test_a_workbook_under_another_name_is_read(build, plain):
    same(build(workbook(EVENTS), "export.csv"), plain(EVENTS))


def test_an_archive_that_unpacks_to_far_more_than_it_says_is_refused(build, untouched):
    with pytest.raises(Refusal, match="when unpacked"):
        build(packed(("ged.csv", text(EVENTS) + "\n" * (8 << 20))), "ged.zip")


def test_an_encrypted_archive_is_refused(build):
    content = bytearray(packed(("ged.csv", text(EVENTS))))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1
    with pytest.raises(Refusal, match="encrypted"):
        build(bytes(content), "ged.zip")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_an_archive_that_was_cut_is_refused_as_one(build, share):
    content = packed(("ged.csv", text(EVENTS * 50)))
    with pytest.raises(Refusal, match="archive") as raised:
        build(content[: int(len(content) * share)], "ged.zip")
    assert "openpyxl" not in str(raised.value)


def flipped(content, seed, places=40):
    """Copies of a file, each with one byte that is another."""
    chance = random.Random(seed)
    for place in chance.sample(range(len(content)), min(places, len(content))):
        other = bytearray(content)
        other[place] ^= 0x55
        yield bytes(other)


def test_a_damaged_archive_is_refused_or_read_right(build, plain):
    for content in flipped(packed(("ged.csv", text(EVENTS))), seed=1):
        try:
            made = build(content, "ged.zip")
        except Refusal as refusal:
            assert "ged.zip" in str(refusal)
        else:
            assert totals(made) == totals(plain(EVENTS))


def test_a_workbook_that_is_damaged_far_down_is_refused(build):
    rows = [event(id=str(n), adm_1=f"Region {n}") for n in range(300)]
    content = workbook(rows)
    damaged = bytearray(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.getinfo("xl/worksheets/sheet1.xml")
    damaged[sheet.header_offset + sheet.compress_size - 100] ^= 0x55
    with pytest.raises(Refusal, match=r"ged\.xlsx"):
        build(bytes(damaged), "ged.xlsx")


def test_a_damaged_parquet_file_is_refused(build):
    content = bytearray(parquet(EVENTS))
    content[40] ^= 0x55
    with pytest.raises(Refusal, match=r"ged\.parquet"):
        build(bytes(content), "ged.parquet")


@pytest.mark.parametrize(
    "content",
    [
        '{"type": "FeatureCollection", "features": null}',
        '{"type": "FeatureCollection", "features": [1]}',
        '{"type": "FeatureCollection", "features": [{"properties": [1]}]}',
        "[" * 100_000,
        json.dumps(ATTACKS)[:-9],
        json.dumps([{**row, "country": "\ud800"} for row in ATTACKS]),
    ],
)
def test_json_that_is_something_else_is_refused(build, content):
    with pytest.raises(Refusal, match=r"export\.json"):
        build(content, "export.json")


# What is kept of a file


class Kept:
    """A cache folder, and readings of files through it."""

    def __init__(self, folder, actors, monkeypatch):
        self.folder, self.actors, self.monkeypatch = folder, actors, monkeypatch
        self.made = 0
        self.derive = users_file.derive
        monkeypatch.setattr(users_file, "derive", self.counting)

    def counting(self, *args, **kwargs):
        self.made += 1
        return self.derive(*args, **kwargs)

    def read(self, path, **options):
        """As another process would: nothing is remembered from readings before."""
        self.monkeypatch.setattr(users_file, "_READ", {})
        return users_file.read_users_file(path, self.actors, **options)[1]

    def entry(self):
        (entry,) = users_file.cache_entries()
        return entry


@pytest.fixture
def kept(tmp_path, tables, monkeypatch):
    folder = tmp_path / "cache"
    monkeypatch.setenv("SAHEL_CACHE", str(folder))
    monkeypatch.setattr(users_file, "_WORTH_KEEPING", 0)
    return Kept(folder, tables["actors"].frame, monkeypatch)


@pytest.mark.parametrize("rows", [EVENTS, EVENTS[:1], ATTACKS, ATTACKS[:1] + ATTACKS[-1:]])
def test_a_second_reading_gives_the_same_without_the_builder(kept, write, rows):
    path = write(text(rows))
    same(kept.read(path), kept.read(path))
    assert kept.made == 1


def test_the_same_file_elsewhere_is_the_same_entry(kept, write):
    kept.read(write(text(EVENTS), "one/ged.csv"))
    kept.read(write(text(EVENTS), "two/ged.csv"))
    assert kept.made == 1


def test_a_changed_file_is_a_new_entry(kept, write):
    path = write(text(EVENTS))
    status = path.stat()
    kept.read(path)
    path.write_text(text(EVENTS).replace("JNIM", "AQIM"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert set(kept.read(path).frame["perpetrator"]) >= {"jihadist_other"}
    assert (kept.made, len(users_file.cache_entries())) == (2, 2)


def test_rows_left_out_are_another_entry(kept, write):
    path = write(text(changed(EVENTS, 1, low="x")))
    with pytest.raises(TableProblems):
        kept.read(path)
    assert users_file.cache_entries() == []
    assert kept.read(path, skip_bad_rows=True).declaration["skipped_rows"] == 1
    with pytest.raises(TableProblems):
        kept.read(path)


def other_byte(path, place):
    content = bytearray(path.read_bytes())
    content[place] ^= 0x01
    path.write_bytes(content)


def other_text(path, old, new):
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new), encoding="utf-8")


DAMAGES = {
    "a byte of the counts": lambda entry: other_byte(entry / "counts.parquet", 200),
    "counts cut off": lambda entry: os.truncate(entry / "counts.parquet", 300),
    "no counts": lambda entry: (entry / "counts.parquet").unlink(),
    "no declaration": lambda entry: (entry / "about.json").unlink(),
    "declaration cut off": lambda entry: os.truncate(entry / "about.json", 300),
    "declaration of another form": lambda entry: (entry / "about.json").write_text("[]"),
    "not UTF-8": lambda entry: (entry / "about.json").write_bytes(b"\xff\xfe{}"),
    "a key lost": lambda entry: other_text(entry / "about.json", '"notes"', '"motes"'),
    "types lost": lambda entry: other_text(
        entry / "about.json", '"columns": {\n  "c', '"columns": null, "x": {\n  "c'
    ),
    "a type that is none": lambda entry: other_text(entry / "about.json", '"int64"', '"int65"'),
    "another coverage": lambda entry: other_text(entry / "about.json", '"2022-12"', '"2021-12"'),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_entry_is_made_anew(kept, write, damage):
    path = write(text(EVENTS))
    first = kept.read(path)
    DAMAGES[damage](kept.entry())
    same(first, kept.read(path))
    assert kept.made == 2
    same(first, kept.read(path))
    assert kept.made == 2


def test_beyond_the_limit_the_longest_unused_goes(kept, write, monkeypatch):
    paths = [write(text(EVENTS), f"{name}.csv") for name in "abc"]
    entries = []
    for age, path in enumerate(paths[:2]):
        kept.read(path)
        (new,) = set(users_file.cache_entries()) - set(entries)
        entries.append(new)
        os.utime(new / "about.json", (1_000_000 + age, 1_000_000 + age))
    kept.read(paths[0])
    limit = users_file.cache_bytes(users_file.cache_entries()) * 5 // 4
    monkeypatch.setattr(users_file, "LIMIT_BYTES", limit)
    kept.read(paths[2])
    left = users_file.cache_entries()
    assert entries[0] in left and entries[1] not in left and len(left) == 2


def test_a_cache_that_cannot_be_written_stops_no_reading(kept, write):
    kept.folder.write_text("no folder")
    assert totals(kept.read(write(text(EVENTS))))[("MLI", "2022")]["events"] == 3


def test_an_entry_in_a_read_only_folder_is_read(kept, write, monkeypatch):
    path = write(text(EVENTS))
    first = kept.read(path)

    def refuse(*args, **kwargs):
        raise PermissionError(30, "Read-only file system")

    monkeypatch.setattr(users_file.os, "utime", refuse)
    same(first, kept.read(path))
    assert kept.made == 1


READER = """
import sys, time
from pathlib import Path
from sahel_transitions.sources import users_file
from sahel_transitions.tables import Tables
users_file._WORTH_KEEPING = 0
actors = Tables(sealed=False)["actors"].frame
folder = Path(sys.argv[1])
(folder / sys.argv[2]).touch()
while len(list(folder.glob("ready*"))) < 2:
    time.sleep(0.001)
for path in sorted(folder.glob("*.csv")):
    users_file.read_users_file(path, actors)
"""


def test_two_processes_that_write_one_entry_leave_a_whole_one(kept, write):
    paths = [write(text(EVENTS), f"{number}.csv") for number in range(4)]
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", READER, str(paths[0].parent), f"ready{each}"],
            env={**os.environ, "SAHEL_CACHE": str(kept.folder)},
        )
        for each in range(2)
    ]
    assert [reader.wait(timeout=60) for reader in readers] == [0, 0]
    for path in paths:
        assert totals(kept.read(path))[("MLI", "2022")]["events"] == 3
    assert kept.made == 0
    assert sorted(kept.folder.iterdir()) == sorted(users_file.cache_entries())
