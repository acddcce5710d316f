"""Declared tables: data beside what it says of itself, checked before anything uses it."""

from sahel_transitions.tables.absence import (
    State,
    Stated,
    StatedArray,
    StatedDtype,
    resolve_absence,
)
from sahel_transitions.tables.declaration import Declaration, read_declaration
from sahel_transitions.tables.partial_dates import PartialDate, add_months, parse_partial_date
from sahel_transitions.tables.plain import csv_text, plain_frame, plain_value
from sahel_transitions.tables.reading import (
    Table,
    Tables,
    check_references,
    read_table,
    seal_table,
    write_table,
)

__all__ = [
    "Declaration",
    "PartialDate",
    "State",
    "Stated",
    "StatedArray",
    "StatedDtype",
    "Table",
    "Tables",
    "add_months",
    "check_references",
    "csv_text",
    "parse_partial_date",
    "plain_frame",
    "plain_value",
    "read_declaration",
    "read_table",
    "resolve_absence",
    "seal_table",
    "write_table",
]
