"""How a tidy result is printed."""

import json
import sys
from enum import StrEnum


class Format(StrEnum):
    """How a tidy result is printed."""

    table = "table"
    csv = "csv"
    json = "json"


def print_frame(frame, format: Format) -> None:
    from sahel_transitions.tables import csv_text, plain_frame

    match format:
        case Format.csv:
            sys.stdout.write(csv_text(frame))
        case Format.json:
            rows = plain_frame(frame).to_dict("records")
            print(json.dumps(rows, ensure_ascii=False, indent=1))
        case Format.table if frame.empty:
            print("No rows.")
        case Format.table:
            print(plain_frame(frame).fillna("").to_string(index=False))
