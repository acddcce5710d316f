"""The run contract: what must exist after each notebook, as the notebook's metadata declares."""

import json
from pathlib import Path

import nbformat
import pandas as pd

from sahel_transitions.errors import SahelError


class ContractBroken(SahelError):
    """A run that did not give what its notebooks promise."""


def broken_promises(source: Path, folder: Path, countries: list[str]) -> list[str]:
    """Sentences for everything that a notebook promises and the run folder lacks.

    The contract stands in the notebook's metadata under `sahel`: lists of `figures`, `tables` and
    `values`, the latter beginnings of ids in which `{country}` stands for each country in turn.
    Tables that are rightly empty in some study (no lag is known before the second change) are
    named again under `may_be_empty`. A notebook that says sentences must state a finding, and each
    finding once.
    """
    contract = nbformat.read(source, as_version=4).metadata.get("sahel")
    if not contract:
        return [f"{source.name} declares no contract (metadata key `sahel`)"]
    path = folder / "records" / f"{source.stem}.json"
    if not path.exists():
        return [f"{source.name} wrote no record: its last cell must be `study.close()`"]
    record = json.loads(path.read_text(encoding="utf-8"))
    faults = [fault for figure in contract["figures"] for fault in _figure(folder, figure)]
    may_be_empty = set(contract.get("may_be_empty", []))
    faults += [
        fault
        for table in contract["tables"]
        for fault in _table(folder, table, table in may_be_empty)
    ]
    promised = {
        beginning.format(country=country)
        for beginning in contract["values"]
        for country in countries
    }
    for beginning in sorted(promised):
        found = [value for value in record["values"] if value["id"].startswith(beginning)]
        if not found:
            faults.append(f"no value begins with {beginning!r}")
    faults += [
        f"the value {value['id']!r} is empty and says no state"
        for value in record["values"]
        if value["value"] is None and value["state"] is None
    ]
    if _says(source) and not record["findings"]:
        faults.append("it says sentences and states no finding")
    stated = [finding["id"] for finding in record["findings"]]
    faults += [
        f"two sentences state the finding {id!r}"
        for id in sorted({*stated})
        if stated.count(id) > 1
    ]
    undeclared = {*record["figures"], *record["tables"]} - {
        *contract["figures"], *contract["tables"],
    }  # fmt: skip
    faults += [f"{name!r} is shown but not declared in the contract" for name in sorted(undeclared)]
    return [f"{source.name}: {fault}" for fault in faults]


def _says(source: Path) -> bool:
    """Whether a cell of the notebook says sentences."""
    cells = nbformat.read(source, as_version=4).cells
    return any(cell.cell_type == "code" and "study.say(" in cell.source for cell in cells)


def _figure(folder: Path, name: str) -> list[str]:
    faults = []
    for ending in ("svg", "png", "csv", "json"):
        path = folder / "figures" / f"{name}.{ending}"
        if not path.exists() or path.stat().st_size == 0:
            faults.append(f"the figure {name!r} has no {ending}")
    if not faults and not json.loads((folder / "figures" / f"{name}.json").read_text())["alt"]:
        faults.append(f"the figure {name!r} has no alt text")
    return faults


def _table(folder: Path, name: str, may_be_empty: bool) -> list[str]:
    path = folder / "tables" / f"{name}.csv"
    if not path.exists():
        return [f"there is no table {name!r}"]
    if pd.read_csv(path).empty and not may_be_empty:
        return [f"the table {name!r} is empty"]
    return []
