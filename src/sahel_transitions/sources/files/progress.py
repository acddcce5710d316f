"""Telling of a long query while it runs."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import duckdb

_SECONDS = 0.2


@contextmanager
def watched(
    connection: duckdb.DuckDBPyConnection,
    told: Callable[[str, float], None],
    phase: str,
    upto: float = 1.0,
) -> Iterator[None]:
    """Have `told` hear how much of the queries within the block is done, from 0 to `upto`."""
    # Without the setting (in a notebook that has no widgets) nothing is told.
    with suppress(duckdb.Error):
        connection.execute("set enable_progress_bar_print = false")
        connection.execute("set enable_progress_bar = true")
    finished = threading.Event()

    def watch() -> None:
        done = 0.0
        while not finished.wait(_SECONDS):
            # Each query begins at nothing; the work as a whole does not.
            done = max(done, min(connection.query_progress(), 100.0) / 100.0)
            told(phase, upto * done)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        finished.set()
        thread.join()
