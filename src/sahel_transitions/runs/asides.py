"""Work aside: what a call makes has no name until it is whole, and what a killed call left goes."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

_BEGINNING = ".making-"
_LOCK = "lock"


@contextmanager
def aside(runs: Path) -> Iterator[Path]:
    """A folder beside the runs, for what is being made; at the end it is removed.

    What calls left that were killed is removed first: the system frees their lock.
    """
    runs.mkdir(parents=True, exist_ok=True)
    _remove_left(runs)
    folder = Path(tempfile.mkdtemp(prefix=_BEGINNING, dir=runs))
    with FileLock(folder / _LOCK):
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _remove_left(runs: Path) -> None:
    for folder in runs.glob(f"{_BEGINNING}*"):
        lock = FileLock(folder / _LOCK, timeout=0)
        try:
            if (folder / _LOCK).exists():
                with lock:
                    shutil.rmtree(folder, ignore_errors=True)
        except (Timeout, OSError):
            continue
