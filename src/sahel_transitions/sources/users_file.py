"""A user's own file as a table of deaths, made once and kept in a cache.

What is kept are the counts that the suite asks for, as sorted and compressed Parquet beside their
declaration: a few megabytes for a file of many gigabytes, and no event. An entry is found by the
hash of the file, and of everything else that the counts depend on.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import cache
from pathlib import Path

import duckdb
import pandas as pd
import platformdirs
import xxhash

from sahel_transitions.paths import CORRECTIONS, PACKAGE
from sahel_transitions.sources.files.database import database
from sahel_transitions.sources.registry import SOURCES, derive
from sahel_transitions.sources.source import Built, Options, Source

FOLDER = "SAHEL_CACHE"
# All entries together; the longest unused go first.
LIMIT_BYTES = 1 << 30
# A smaller file is read as fast as an entry.
_WORTH_KEEPING = 16 << 20

Told = Callable[[str, float], None]
_TOLD: ContextVar[Told] = ContextVar("told", default=lambda phase, share: None)
_READ: dict[tuple, tuple[Source, Built]] = {}


@contextmanager
def telling(told: Told) -> Iterator[None]:
    """Have `told` hear of long work on users' files: a phase in words and its share (0 to 1)."""
    token = _TOLD.set(told)
    try:
        yield
    finally:
        _TOLD.reset(token)


def read_users_file(
    file: Path, actors: pd.DataFrame, *, skip_bad_rows: bool = False
) -> tuple[Source, Built]:
    """The dataset that a file is of, and the table that it gives; read once for each content.

    Raises
    ------
    Refusal
        As `derive` does; a refused file leaves nothing behind.
    """
    status = file.stat()
    # Of a file that is written anew, the last time cannot be set back.
    written = (status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    mark = (str(file), *written, skip_bad_rows, _hash_of(actors))
    if mark not in _READ:
        key = _key(file, actors, skip_bad_rows)
        _READ[mark] = _from_cache(key) or _make(file, actors, skip_bad_rows, key)
    return _READ[mark]


def file_hash(file: Path) -> str:
    """The sha256 of a file of any size."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def cache_folder() -> Path:
    """Where entries lie: the folder in the environment variable, or the user's cache."""
    given = os.environ.get(FOLDER)
    return Path(given) if given else Path(platformdirs.user_cache_dir("sahel-transitions"))


def cache_entries() -> list[Path]:
    """The folders of all entries, the longest unused first."""
    marks = cache_folder().glob("*/about.json")
    return [path.parent for path in sorted(marks, key=lambda path: path.stat().st_mtime)]


def cache_bytes(entries: list[Path]) -> int:
    """How much entries take on disk."""
    return sum(path.stat().st_size for entry in entries for path in entry.iterdir())


def clear_cache() -> int:
    """Remove all entries; how many there were."""
    entries = cache_entries()
    for entry in entries:
        shutil.rmtree(entry)
    return len(entries)


def _key(file: Path, actors: pd.DataFrame, skip_bad_rows: bool) -> str:
    """A hash of the contents and name of a file, the code that reads it and what it is told.

    The name counts, since some datasets say in it alone what they count.
    """
    # Nobody forges entries of a user's own cache, so a hash that takes no time will do: the
    # cryptographic one takes as long as counting.
    quick = xxhash.xxh3_128()
    with file.open("rb") as content:
        while block := content.read(1 << 22):
            quick.update(block)
    digest = hashlib.sha256(_code().encode())
    for part in (quick.hexdigest(), file.name, str(skip_bad_rows), actors.to_csv(index=False)):
        digest.update(part.encode())
    return digest.hexdigest()[:32]


def _hash_of(actors: pd.DataFrame) -> str:
    """Of the rows in their order, which decides between patterns."""
    return hashlib.sha256(pd.util.hash_pandas_object(actors, index=False).to_numpy()).hexdigest()


@cache
def _code() -> str:
    paths = sorted([*(PACKAGE / "sources").rglob("*.py"), *CORRECTIONS.glob("*.yml")])
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


def _make(file: Path, actors: pd.DataFrame, skip_bad_rows: bool, key: str):
    options = Options(
        skip_bad_rows=skip_bad_rows, actors=actors, strict_corrections=False, told=_TOLD.get()
    )
    source, built = derive(file, options)
    if file.stat().st_size >= _WORTH_KEEPING:
        # A disk that is full or read-only makes the next study slow, and stops none.
        with suppress(OSError, duckdb.IOException):
            _keep(source, built, key)
    return source, built


def _keep(source: Source, built: Built, key: str) -> None:
    """Write an entry aside and rename it, then drop the longest unused beyond the limit."""
    folder = cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".making-", dir=folder))
    try:
        counts = aside / "counts.parquet"
        with database() as connection:
            connection.register("counts", _plain(built.frame))
            target = str(counts).replace("'", "''")
            connection.execute(
                f"copy (select * from counts order by all) to '{target}' (format parquet, "
                "compression zstd)"
            )
        about = {
            "source": source.name,
            "name": built.name,
            "declaration": built.declaration,
            "notes": built.notes,
            "cannot": dict(built.cannot),
            "columns": {name: str(dtype) for name, dtype in built.frame.dtypes.items()},
        }
        about["sha256"] = _seal(about, counts.read_bytes())
        (aside / "about.json").write_text(json.dumps(about, indent=1), encoding="utf-8")
        shutil.rmtree(folder / key, ignore_errors=True)
        aside.rename(folder / key)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    entries = cache_entries()
    while len(entries) > 1 and cache_bytes(entries) > LIMIT_BYTES:
        shutil.rmtree(entries.pop(0), ignore_errors=True)


def _from_cache(key: str) -> tuple[Source, Built] | None:
    """An entry whose content is as it was written; a damaged one is removed."""
    folder = cache_folder() / key
    about = _load(folder / "about.json")
    try:
        content = (folder / "counts.parquet").read_bytes()
        if about.pop("sha256") != _seal(about, content):
            raise ValueError("the entry is not as it was written")
        with database() as connection:
            path = str(folder / "counts.parquet")
            frame = connection.execute("select * from read_parquet(?)", [path]).df()
        frame = frame[list(about["columns"])].astype(about["columns"])
        source = next(each for each in SOURCES if each.name == about["source"])
    except (OSError, KeyError, ValueError, StopIteration, duckdb.Error):
        shutil.rmtree(folder, ignore_errors=True)
        return None
    with suppress(OSError):
        os.utime(folder / "about.json")
    given = (about[key] for key in ("declaration", "notes", "cannot"))
    return source, Built(about["name"], frame, *given)


def _seal(about: dict, content: bytes) -> str:
    """A hash of an entry as a whole."""
    text = json.dumps(about, sort_keys=True).encode()
    return hashlib.sha256(text + hashlib.sha256(content).digest()).hexdigest()


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.astype({name: "object" for name in frame.select_dtypes("str").columns})


def _load(path: Path) -> dict:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
