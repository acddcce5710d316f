"""What a file is, as far as its bytes say: its form, its header, and why it cannot be read.

Nothing here knows a dataset. A file that no reader could use (empty, a web page under the name of
a table, an archive of something else, bytes that are not UTF-8) is refused with its true cause.
"""

import csv
import io
import json
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import duckdb
import pandas as pd

from sahel_transitions.errors import Refusal
from sahel_transitions.sources.files.database import database

if TYPE_CHECKING:
    from openpyxl import Workbook

Form = Literal["csv", "json", "xlsx", "parquet", "dta", "geojson"]

_HEAD = 1 << 18
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
# Packed files grow to at most so many times their size, and to so many bytes, when unpacked.
_RATIO, _UNPACKED = 120, 40 << 30
_DATA_ENDINGS = {".csv", ".txt", ".tsv", ".json", ".xlsx", ".parquet", ".dta", ".geojson"}
_HXL = "#"
# A header is looked for in so many first lines; one of a table below text has so many separators.
_TOP = 12
_PREAMBLE_CELLS = 3
_PATTERN = set("*?[]{}")
# Bytes that no text holds.
_NO_TEXT = bytes(set(range(32)) - set(b"\t\n\r\x0b\x0c"))


@dataclass(frozen=True)
class Sheet:
    """A table within a file: the name of its sheet (None where there is but one) and its header."""

    name: str | None
    columns: tuple[str, ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The header without regard to capitals: releases of one dataset differ in them."""
        return tuple(column.casefold() for column in self.columns)


@dataclass(frozen=True)
class Opened:
    """A file whose form is known.

    Attributes
    ----------
    path : Path
        As the user named it.
    content : Path
        What is read: the same, or what was unpacked from an archive.
    form : str
        csv, json, xlsx, parquet, dta or geojson.
    sheets : tuple of Sheet
        One, or those of a workbook.
    separator : str
        What stands between the cells of a CSV file.
    inside : str, optional
        The name of the file that was unpacked from an archive.
    before : int
        Lines of text above the header of a CSV file.
    tags : int
        Lines of tags (HXL) below the header.
    """

    path: Path
    content: Path
    form: Form
    sheets: tuple[Sheet, ...]
    separator: str = ","
    before: int = 0
    tags: int = 0
    inside: str | None = None
    _folder: tempfile.TemporaryDirectory | None = field(default=None, repr=False, compare=False)

    @property
    def name(self) -> str:
        """For messages: the file, and what was taken from an archive."""
        return f"{self.path.name} ({self.inside})" if self.inside else self.path.name

    @property
    def names(self) -> tuple[str, ...]:
        """The header of the only or largest sheet, in lower case."""
        return self.sheets[0].names

    @cached_property
    def separators(self) -> str:
        """What stands between the cells, in words."""
        return _SEPARATORS[self.separator]


def open_file(path: Path) -> Opened:
    """Find out what a file is.

    Raises
    ------
    Refusal
        If there is no such file, if it is empty, a web page, an archive without exactly one data
        file, one that unpacks to far more than it says, or text that is not UTF-8.
    """
    if not is_file(path):
        with suppress(OSError):
            if path.is_dir():
                raise Refusal(f"{path}: expected a file, found a folder. Name one file in it.")
        raise Refusal(f"{path}: expected a file, found none. Correct the path.")
    folder, inside, content = None, None, path
    if _is_archive(path):
        folder = tempfile.TemporaryDirectory(prefix="sahel-")
        content = _unpack(path, Path(folder.name))
        inside = content.name
    elif set(str(path)) & _PATTERN:
        # The engine would take such a name for a pattern, and read other files that fit it.
        folder = tempfile.TemporaryDirectory(prefix="sahel-")
        content = Path(folder.name) / "file"
        content.symlink_to(path.resolve())
    form = _form(path.name, content)
    separator, before, tags = ",", 0, 0
    match form:
        case "csv":
            header, separator, before, tags = _csv_header(path.name, content)
            sheets = (Sheet(None, header),)
        case "xlsx":
            sheets = _workbook(path.name, content)
        case "parquet":
            sheets = (Sheet(None, _parquet_header(path.name, content)),)
        case "dta":
            sheets = (Sheet(None, _stata_header(path.name, content)),)
        case _:
            sheets = (Sheet(None, _json_header(path.name, content)),)
    return Opened(path, content, form, sheets, separator, before, tags, inside, folder)


def is_file(path: Path) -> bool:
    """Whether there is such a file; a name that no system takes is none."""
    try:
        return path.is_file()
    except OSError:
        return False


def _is_archive(path: Path) -> bool:
    if not zipfile.is_zipfile(path):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" not in archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise Refusal(
            f"{path.name}: expected a whole archive, found one that is damaged ({error}). "
            "Download it again."
        ) from error


def _unpack(path: Path, folder: Path) -> Path:
    """The one data file of an archive, unpacked with an eye on its size."""
    with zipfile.ZipFile(path) as archive:
        members = [
            each for each in archive.infolist()
            if not each.is_dir() and not each.filename.startswith("__MACOSX")
        ]  # fmt: skip
        data = [each for each in members if Path(each.filename).suffix.lower() in _DATA_ENDINGS]
        if len(data) != 1:
            names = ", ".join(each.filename for each in members[:6]) or "nothing"
            kind = "none" if not data else f"{len(data)}"
            raise Refusal(
                f"{path.name}: expected an archive with one data file, found {kind} among its "
                f"files ({names}). Unpack it and name the file that is meant."
            )
        (member,) = data
        limit = min(_UNPACKED, max(1 << 20, path.stat().st_size * _RATIO))
        target = folder / Path(member.filename).name
        written = 0
        try:
            with archive.open(member) as packed, target.open("wb") as out:
                while block := packed.read(1 << 20):
                    written += len(block)
                    if written > limit:
                        raise Refusal(
                            f"{path.name}: expected at most {limit // 2**20} MB when unpacked, "
                            "found more. It is not what it says; take the file from its producer."
                        )
                    out.write(block)
        except (
            zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError,
        ) as error:  # fmt: skip
            raise Refusal(
                f"{path.name}: expected a whole archive, found one that is damaged, encrypted or "
                f"cut off ({error}). Download it again."
            ) from error
    return target


def _form(name: str, content: Path) -> Form:
    with content.open("rb") as file:
        head = file.read(_HEAD)
    if not head.strip(b"\x00\xef\xbb\xbf \t\r\n"):
        raise Refusal(f"{name}: expected a table, found an empty file. Download it again.")
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK\x03\x04"):
        if not zipfile.is_zipfile(content):
            raise Refusal(
                f"{name}: expected a whole archive or workbook, found one that is cut off or "
                "damaged. Download it again."
            )
        return "xlsx"
    if head.startswith(b"<stata_dta>") or (head[0] in {113, 114, 115} and head[1] in {1, 2}):
        return "dta"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refusal(
            f"{name}: expected text in UTF-8, found UTF-16 (Excel's “Unicode text”). Save it as "
            "“CSV UTF-8”."
        )
    kinds = {
        b"\x1f\x8b": "a gzip archive: unpack it first",
        b"%PDF": "a PDF: choose the table beside it",
        b"\xd0\xcf\x11\xe0": "an old Excel workbook (.xls): save it as .xlsx or CSV",
        b"SQLite format 3": "a database: export the table as CSV",
        b"7z\xbc\xaf": "a 7-zip archive: unpack it first",
    }
    for start, words in kinds.items():
        if head.startswith(start):
            raise Refusal(f"{name}: expected a table, found {words}.")
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text[:1] == b"<" or b"<html" in text[:2000].lower():
        raise Refusal(
            f"{name}: expected a table, found a web page or XML (it begins with "
            f"{text[:30].decode('utf-8', 'replace')!r}). The download gave a page, perhaps of an "
            "error or a log-in, in place of the file: open its address in a browser."
        )
    if text[:1] in b"{[":
        return "geojson" if b'"FeatureCollection"' in head else "json"
    if head.translate(None, _NO_TEXT) != head:
        raise Refusal(
            f"{name}: expected a table, found bytes that are no text. Choose the CSV, JSON, "
            "XLSX, Parquet or Stata file of the dataset."
        )
    return "csv"


def _csv_header(name: str, content: Path) -> tuple[tuple[str, ...], str, int, int]:
    """Header, separator, lines above the header and lines of tags below it."""
    with content.open("rb") as file:
        head = file.read(_HEAD)
    try:
        text = head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # A character may be cut at the end of what was read.
        if error.start < len(head) - 4 or len(head) < _HEAD:
            line = head[: error.start].count(b"\n") + 1
            raise Refusal(
                f"{name}, line {line}: expected text in UTF-8, found the byte "
                f"0x{head[error.start]:02x}, which is none (Windows-1252 or Latin-1?). Save it as "
                "“CSV UTF-8”; guessing would change names."
            ) from error
        text = head[: error.start].decode("utf-8-sig")
    lines = text.splitlines()
    before = _lines_before(lines)
    separator = _separator(lines[before])
    rows = csv.reader(io.StringIO("\n".join(lines[before:])), delimiter=separator)
    try:
        header = next(row for row in rows if any(cell.strip() for cell in row))
        second = next(rows, [])
    except (csv.Error, StopIteration) as error:
        raise Refusal(
            f"{name}: expected a table with a header, found a first line that cannot be read as "
            f"one ({error}). Download it again."
        ) from error
    tags = int(are_tags(second))
    return tuple(cell.strip() for cell in header), separator, before, tags


def _lines_before(lines: list[str]) -> int:
    """Lines of title and notes that some producers put above the header, of few or no cells."""
    cells = [_outside_quotes(line, _separator(line)) for line in lines[:_TOP]]
    widest = max(cells)
    if cells[0] > 1 or widest < _PREAMBLE_CELLS:
        return next((place for place, line in enumerate(lines) if line.strip()), 0)
    return cells.index(widest)


def _separator(line: str) -> str:
    return max(_SEPARATORS, key=lambda mark: _outside_quotes(line, mark))


def are_tags(cells) -> bool:
    """Whether a row holds HXL tags and nothing else."""
    filled = [str(cell).strip() for cell in cells if cell is not None and str(cell).strip()]
    return bool(filled) and all(cell.startswith(_HXL) for cell in filled)


def _outside_quotes(line: str, mark: str) -> int:
    return sum(part.count(mark) for part in line.split('"')[::2])


@contextmanager
def workbook(name: str, content: Path) -> Iterator["Workbook"]:
    """A workbook, whatever its file is called; what is damaged in it is refused in words."""
    # A tenth of a second of the start of every command, which few files are worth.
    from openpyxl import load_workbook  # noqa: PLC0415

    with content.open("rb") as file:
        try:
            book = load_workbook(file, read_only=True, data_only=True)
            yield book
            book.close()
        except Refusal:
            raise
        except Exception as error:
            # openpyxl raises whatever its parsers raise, also far down in a sheet.
            raise Refusal(
                f"{name}: expected an Excel workbook, found one that cannot be read ({error}). "
                "Download it again, or save it anew."
            ) from error


def _workbook(name: str, content: Path) -> tuple[Sheet, ...]:
    """The sheets of a workbook that have a header; the largest first."""
    found = []
    with workbook(name, content) as book:
        for sheet in book.worksheets:
            top = list(sheet.iter_rows(max_row=_TOP, values_only=True))
            header = max(top, key=lambda row: sum(cell is not None for cell in row), default=())
            columns = tuple("" if cell is None else str(cell).strip() for cell in header)
            if sum(map(bool, columns)) >= 2:
                found.append((sheet.max_row or 0, Sheet(sheet.title, columns)))
    if not found:
        raise Refusal(
            f"{name}: expected a workbook with a table, found no sheet of two columns or more. "
            "Choose the data file of the dataset."
        )
    return tuple(sheet for _, sheet in sorted(found, key=lambda pair: -pair[0]))


def _parquet_header(name: str, content: Path) -> tuple[str, ...]:
    try:
        with database() as connection:
            described = connection.execute(
                "select * from parquet_schema(?)", [str(content)]
            ).fetchall()
    except duckdb.Error as error:
        raise Refusal(
            f"{name}: expected a Parquet file, found one that is damaged or cut off "
            f"({_first_line(error)}). Make or download it again."
        ) from error
    return tuple(row[1] for row in described[1:])


def _stata_header(name: str, content: Path) -> tuple[str, ...]:
    try:
        with pd.read_stata(content, iterator=True) as reader:
            return tuple(reader.variable_labels())
    except (ValueError, OSError, KeyError, IndexError) as error:
        raise Refusal(
            f"{name}: expected a Stata file, found one that is damaged or cut off ({error}). "
            "Download it again."
        ) from error


def _json_header(name: str, content: Path) -> tuple[str, ...]:
    rows = json_rows(name, content)
    return tuple(dict.fromkeys(key for row in rows[:100] for key in row))


def json_rows(name: str, content: Path) -> list[dict]:
    """The rows of a JSON file: a list of objects, alone or under `data`, or GeoJSON features.

    Raises
    ------
    Refusal
        If it is cut off, is something else, or holds the message of an error.
    """
    try:
        document = json.loads(content.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Refusal(
            f"{name}: expected JSON in UTF-8, found another encoding. Download it again."
        ) from error
    except (ValueError, RecursionError) as error:
        raise Refusal(
            f"{name}: expected JSON, found a text that breaks off or is none ({error}). Download "
            "it again."
        ) from error
    rows = document
    if isinstance(document, dict):
        if document.get("success") is False or "error" in document:
            said = document.get("error") or document.get("message") or "no reason"
            raise Refusal(
                f"{name}: expected rows, found the message of an error ({str(said)[:120]}). "
                "Repeat the download."
            )
        if document.get("type") == "FeatureCollection":
            features = document.get("features") or []
            rows = [
                {**(each.get("properties") or {}), "geometry": each.get("geometry")}
                for each in features
                if isinstance(each, dict) and isinstance(each.get("properties") or {}, dict)
            ]
        else:
            rows = document.get("data")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise Refusal(
            f"{name}: expected JSON with rows (a list of objects, or one under “data”), found "
            "another structure or no row. Choose the rows of the dataset."
        )
    return rows


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]
