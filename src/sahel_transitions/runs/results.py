"""Typed results of a run, and where two runs differ."""

import json
import math
from pathlib import Path

RELATIVE_TOLERANCE = 1e-9
# What a search found ends in digits that differ from one machine's arithmetic to another's.
_ESTIMATED = {"ratio of levels", "p-value", "share of specifications"}
_TOLERANCE_OF_ESTIMATES = 1e-5


def gather(folder: Path) -> list[dict]:
    """The values of all records of a run folder, sorted by id.

    Raises
    ------
    ValueError
        If two notebooks record unlike values under one id.
    """
    values: dict[str, dict] = {}
    for path in sorted((folder / "records").glob("*.json")):
        for value in json.loads(path.read_text(encoding="utf-8"))["values"]:
            if values.setdefault(value["id"], value) != value:
                raise ValueError(f"two unlike values are recorded as {value['id']!r}")
    return [values[id] for id in sorted(values)]


def differences(expected: list[dict], found: list[dict]) -> list[str]:
    """Sentences for every value that differs, is gone or is new.

    Numbers differ beyond a relative tolerance of 1e-9, estimates beyond 1e-5; text, dates and states
    differ at all.
    """
    before = {value["id"]: value for value in expected}
    after = {value["id"]: value for value in found}
    sentences = [
        f"{id}: expected {before[id]['value']}, found none" for id in before.keys() - after
    ]
    sentences += [
        f"{id}: expected none, found {after[id]['value']}" for id in after.keys() - before
    ]
    for id in before.keys() & after:
        estimated = before[id].get("unit") in _ESTIMATED
        tolerance = _TOLERANCE_OF_ESTIMATES if estimated else RELATIVE_TOLERANCE
        for field in before[id]:
            if not _same(before[id][field], after[id].get(field), tolerance):
                sentences.append(
                    f"{id}, {field}: expected {before[id][field]}, found {after[id].get(field)}"
                )
    return sorted(sentences)


def _same(one, other, tolerance: float) -> bool:
    numbers = all(isinstance(value, (int, float)) for value in (one, other))
    if numbers and not isinstance(one, bool) and not isinstance(other, bool):
        return math.isclose(one, other, rel_tol=tolerance, abs_tol=1e-12)
    return one == other
