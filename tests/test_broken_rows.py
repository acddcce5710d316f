"""Rows of broken files: their numbers, what is no number, and what is harmless."""

import csv
import datetime
import json
import re

import pandas as pd
import pytest
from sound_files import (
    ATTACKS,
    DAY,
    DEATHS,
    EVENTS,
    ID,
    SOUND,
    attack,
    changed,
    inserted,
    packed,
    parquet,
    same,
    text,
    totals,
    workbook,
)
from test_sources import event

from sahel_transitions.errors import Refusal, TableProblems


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
