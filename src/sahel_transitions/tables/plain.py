"""Frames whose cells any reader of CSV or JSON understands."""

import math
from datetime import date
from typing import Any

import pandas as pd

from sahel_transitions.tables.reading import SEPARATOR

_DECIMALS = 10


def plain_value(value: Any) -> Any:
    """A cell as JSON holds it: whole numbers as integers, dates as text, absent ones as None.

    An end of an interval that lies beyond all numbers is absent.
    """
    if isinstance(value, tuple):
        return SEPARATOR.join(value)
    if isinstance(value, date):
        return value.isoformat()
    if pd.isna(value):
        return None
    if isinstance(value, (bool, str)):
        return value
    value = float(value)
    if math.isinf(value):
        return None
    return int(value) if value.is_integer() else round(value, _DECIMALS)


def plain_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """The same rows with plain cells; numbers that are absent become empty.

    What an absent number is absent for stands in the state column of its table.
    """
    return pd.DataFrame(
        {
            name: pd.Series(
                [plain_value(cell) for cell in cells], index=frame.index, dtype="object"
            )
            for name, cells in frame.items()
        },
        columns=frame.columns,
    )


def csv_text(frame: pd.DataFrame) -> str:
    """The rows as CSV with a header, the same bytes on every system."""
    return plain_frame(frame).to_csv(index=False, lineterminator="\n")
