"""The one way to a DuckDB connection: in memory, and silent."""

import duckdb


def database(**config) -> duckdb.DuckDBPyConnection:
    """A connection that prints nothing: results go to standard output, and nothing else may."""
    connection = duckdb.connect(config=config)
    connection.execute("set enable_progress_bar = false")
    return connection
