"""Declared tables: data beside what it says of itself, checked before anything uses it."""

from sahel_transitions.tables.absence import (
    State,
    Stated,
    StatedArray,
    StatedDtype,
    resolve_absence,
)
from sahel_transitions.tables.corrections import apply_corrections, read_corrections
from sahel_transitions.tables.declaration import Declaration, read_declaration
from sahel_transitions.tables.licences import LICENCES
from sahel_transitions.tables.partial_dates import (
    DAYS_A_YEAR,
    PartialDate,
    add_months,
    days_between,
    parse_if_given,
    parse_partial_date,
)
from sahel_transitions.tables.plain import csv_text, plain_frame, plain_value
from sahel_transitions.tables.reading import (
    Table,
    Tables,
    check_references,
    read_copy,
    read_table,
    seal_table,
    write_table,
)
from sahel_transitions.tables.vintages import (
    accept_vintage,
    lay_beside,
    lost_coverage,
    read_vintage,
    vintages_of,
)

__all__ = [
    "DAYS_A_YEAR",
    "LICENCES",
    "Declaration",
    "PartialDate",
    "State",
    "Stated",
    "StatedArray",
    "StatedDtype",
    "Table",
    "Tables",
    "accept_vintage",
    "add_months",
    "apply_corrections",
    "check_references",
    "csv_text",
    "days_between",
    "lay_beside",
    "lost_coverage",
    "parse_if_given",
    "parse_partial_date",
    "plain_frame",
    "plain_value",
    "read_copy",
    "read_corrections",
    "read_declaration",
    "read_table",
    "read_vintage",
    "resolve_absence",
    "seal_table",
    "vintages_of",
    "write_table",
]
