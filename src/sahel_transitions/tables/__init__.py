"""Declared tables: data beside what it says of itself, checked before anything uses it.

Names are loaded when they are first used: what asks little of this room waits for no library.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "absence": ["State", "Stated", "StatedArray", "StatedDtype", "resolve_absence"],
        "corrections": ["apply_corrections", "read_corrections"],
        "declaration": ["Declaration", "read_declaration"],
        "licences": ["LICENCES"],
        "names": ["names_in"],
        "partial_dates": [
            "DAYS_A_YEAR",
            "PartialDate",
            "add_months",
            "days_between",
            "parse_if_given",
            "parse_partial_date",
        ],
        "plain": ["csv_text", "plain_frame", "plain_value"],
        "reading": [
            "Table",
            "Tables",
            "check_references",
            "read_copy",
            "read_table",
            "seal_table",
            "write_table",
        ],
        "vintages": [
            "accept_vintage",
            "lay_beside",
            "lost_coverage",
            "read_vintage",
            "vintages_of",
        ],
    },
)
