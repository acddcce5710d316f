"""What is kept of a large file: found, bounded, and made anew where it is damaged."""

import os
import subprocess
import sys

import pytest
from sound_files import ATTACKS, EVENTS, changed, same, text, totals

from sahel_transitions.errors import TableProblems
from sahel_transitions.sources import users_file


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


def test_a_file_that_was_written_anew_is_read_anew_whatever_its_time(write, tables):
    path, actors = write(text(EVENTS[:1])), tables["actors"].frame
    times = path.stat().st_atime_ns, path.stat().st_mtime_ns
    before = users_file.read_users_file(path, actors)[1].frame["best"].sum()
    path.write_text(path.read_text().replace(",4,", ",5,"))
    os.utime(path, ns=times)
    assert users_file.read_users_file(path, actors)[1].frame["best"].sum() != before
