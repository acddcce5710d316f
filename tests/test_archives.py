"""Archives, workbooks and other forms of files, sound and damaged."""

import io
import json
import random
import zipfile

import pytest
from sound_files import ATTACKS, EVENTS, packed, parquet, same, text, totals, workbook
from test_sources import event

from sahel_transitions.errors import Refusal


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
