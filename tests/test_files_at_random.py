"""Whatever happens to a file: a refusal in words, or the numbers that it holds."""

import csv
import datetime
import io
import re
from collections import Counter
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sound_files import (
    ACLED_COUNTS,
    ATTACKS,
    EVENTS,
    GED_COUNTS,
    SCREEN,
    SOUND,
    SPOILT,
    text,
    totals,
)

from sahel_transitions.errors import Refusal
from sahel_transitions.sources import Options, derive
from sahel_transitions.sources.gazetteer import GLEDITSCH_WARD, iso3_of
from sahel_transitions.tables import Declaration


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
        key = (country, f"{day_of(row['date_start'], start):%Y-%m}")
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
    # One row an event, and one side of two: whom it targeted, nobody can say.
    one_side = by_actor and max(Counter(row["event_id_cnty"] for row in rows).values()) == 1
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
        if one_side and "civilian_targeting" not in row:
            targeted = attacked
        if country in GLEDITSCH_WARD and (attacked or targeted):
            counted.setdefault((country, f"{day:%Y-%m}"), Counter()).update(
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


def by_year(counted, declaration):
    """The counts of the months that a file holds, by country and year."""
    years, lost = {}, declaration.get("lost", {})
    for (country, month), counts in counted.items():
        span = declaration["coverage"].get(country, {"first": "", "last": ""})
        holes = [hole for hole in lost.get(country, ()) if hole["first"] <= month <= hole["last"]]
        if span["first"] <= month <= span["last"] and not holes:
            years.setdefault((country, month[:4]), Counter()).update(counts)
    return years


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
        expected = by_year(TOTALS[source.name](content), built.declaration)
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
    expected = by_year(expected, made.declaration)
    assert totals(made) == {key: dict(counts) for key, counts in expected.items()}
    assert made.declaration["skipped_rows"] == len(bad)
