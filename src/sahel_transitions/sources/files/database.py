"""The one way to a DuckDB connection: in memory, and silent."""

from contextlib import suppress

import duckdb


def database(**config) -> duckdb.DuckDBPyConnection:
    """A connection that prints nothing: results go to standard output, and nothing else may."""
    connection = duckdb.connect(config=config)
    # In a notebook the setting is refused where there are no widgets, and then nothing is shown.
    with suppress(duckdb.Error):
        connection.execute("set enable_progress_bar = false")
    return connection
