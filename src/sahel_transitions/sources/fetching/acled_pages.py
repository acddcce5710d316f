"""The pages of an unfinished fetch, kept for the user alone so that it can go on."""

import hashlib
import json
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

# ACLED corrects its events every week: pages of one file must be of one state.
_LONGEST_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Page:
    """Events as they came, and how many there are in all if the server says so."""

    rows: list[dict]
    total: int | None


class KeptPages:
    """Finished pages of one query in a hidden folder.

    Parameters
    ----------
    beside : Path
        The folder that the file is to go to.
    query : str
        All that the content of the pages depends on.
    """

    def __init__(self, beside: Path, query: str):
        key = hashlib.sha256(query.encode()).hexdigest()[:16]
        self._folder = beside / f".acled-{key}.pages"
        if self._folder.is_dir() and time.time() - self._folder.stat().st_mtime > _LONGEST_SECONDS:
            self.discard()

    def get(self, name: str) -> Page | None:
        try:
            return Page(**json.loads((self._folder / f"{name}.json").read_text(encoding="utf-8")))
        except (OSError, TypeError, ValueError):
            return None

    def put(self, name: str, page: Page) -> None:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        text = json.dumps({"rows": page.rows, "total": page.total}, ensure_ascii=False)
        write_private(self._folder / f"{name}.json", text)

    def discard(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


def write_private(path: Path, text: str) -> None:
    """Write a file that only the user can read; it appears whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
