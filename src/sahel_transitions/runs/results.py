"""Typed results of a run, and where two runs differ: its values, and the findings it states."""

import json
import math
from pathlib import Path

from sahel_transitions.claims import read_findings

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


def gather_findings(folder: Path) -> list[dict]:
    """The findings of all records of a run folder, sorted by id, each with its `notebooks`.

    Raises
    ------
    ValueError
        If two notebooks state unlike findings under one id.
    """
    findings: dict[str, dict] = {}
    for path in sorted((folder / "records").glob("*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        for stated in record["findings"]:
            known = findings.setdefault(stated["id"], {**stated, "notebooks": []})
            if {**known, "notebooks": []} != {**stated, "notebooks": []}:
                raise ValueError(f"two unlike findings are stated as {stated['id']!r}")
            known["notebooks"].append(record["notebook"])
    return [findings[id] for id in sorted(findings)]


def unlike_findings(expected: list[dict], found: list[dict]) -> list[str]:
    """Sentences for every finding that is gone, new, says another sentence or rests on other values.

    Values differ beyond the tolerance that the finding declares.
    """
    before = {stated["id"]: stated for stated in expected}
    after = {stated["id"]: stated for stated in found}
    sentences = [f"finding {id}: expected, and not stated" for id in before.keys() - after]
    sentences += [f"finding {id}: stated, and not expected" for id in after.keys() - before]
    for id in before.keys() & after:
        one, other = before[id], after[id]
        declared = read_findings()[other["finding"]]
        sentences += [
            f"finding {id}, {field}: expected {one[field]}, found {other[field]}"
            for field in ("says", "notebooks")
            if one[field] != other[field]
        ]
        for name in {*one["values"], *other["values"]}:
            values = (one["values"].get(name), other["values"].get(name))
            if not declared.same(*values):
                sentences.append(f"finding {id}, {name}: expected {values[0]}, found {values[1]}")
    return sorted(sentences)


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
