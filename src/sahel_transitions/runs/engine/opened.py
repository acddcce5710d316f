"""Which files a process opened: what a notebook depends on, by what it did."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sahel_transitions.paths import PROJECT


class Opened:
    """Files below a folder that were opened since this was made, by this process and its parent.

    What is opened within `unwatched` does not count. Python's audit hooks see what Python opens; libraries that open files by themselves go unseen,
    so files that a user names are hashed whatever was opened.
    """

    def __init__(self, below: Path = PROJECT):
        self._below = f"{below}/"
        self._found: set[str] = set()
        self._watching = True
        sys.addaudithook(self._watch)

    def _watch(self, event: str, arguments: tuple) -> None:
        if event == "open" and self._watching:
            path = arguments[0]
            if isinstance(path, str) and path.startswith(self._below):
                self._found.add(path)

    @contextmanager
    def unwatched(self) -> Iterator[None]:
        """Within it, files are opened for others to find them ready, who open them again."""
        self._watching = False
        try:
            yield
        finally:
            self._watching = True

    def files(self) -> tuple[str, ...]:
        """Sorted, relative to the folder."""
        return tuple(sorted(path.removeprefix(self._below) for path in self._found))
