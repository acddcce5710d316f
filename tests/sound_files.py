"""Sound files of deaths in many forms, for tests that break them, and what such tests share."""

import csv
import gc
import io
import tempfile
import zipfile
from pathlib import Path

import duckdb
import openpyxl
import pandas as pd
import pytest
from test_sources import event

from sahel_transitions.cli import main
from sahel_transitions.paths import DERIVED, PROJECT, RUNS, VINTAGES
from sahel_transitions.sources import Options, derive, users_file

# A message fits on a screen of so many lines.
SCREEN = 25
GED_COUNTS = ("events", "civilians", "unknown", "best", "low", "high")
ACLED_COUNTS = ("events", "a1", "a2", "a3")


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

    monkeypatch.setattr("sahel_transitions.runs.making.prepared", start)

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


# Cells that spoil a row, by dataset.
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
