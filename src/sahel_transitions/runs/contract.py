"""The run contract: what must exist after each notebook, as the notebook's metadata declares."""

import ast
import json
from pathlib import Path
from typing import Any, Self

import nbformat
import pandas as pd
from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from sahel_transitions.runs.bounds import Bounds, beyond_bounds
from sahel_transitions.runs.engine import Failure, cell_with_id


class Contract(BaseModel):
    """What a notebook promises, in its metadata under `sahel`.

    Attributes
    ----------
    figures, tables : tuple of str
        Ids of all that it shows.
    values : tuple of str
        Beginnings of ids of which some value is recorded; `{country}` stands for each country in
        turn.
    may_be_empty : tuple of str
        What of these is rightly empty in some study: no lag is known before the second change.
    bounds : dict
        Beginnings of ids, with `{country}` as in `values` → between what their numbers lie.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    figures: tuple[str, ...]
    tables: tuple[str, ...]
    values: tuple[str, ...]
    may_be_empty: tuple[str, ...] = ()
    bounds: dict[str, Bounds] = {}

    @model_validator(mode="after")
    def _excuses_what_it_promises(self) -> Self:
        unknown = {*self.may_be_empty} - {*self.figures, *self.tables, *self.values}
        if unknown:
            raise ValueError(
                f"may_be_empty names what is not promised: {', '.join(sorted(unknown))}"
            )
        return self

    def bounds_of(self, countries: list[str]) -> dict[str, Bounds]:
        """The bounds of a study of these countries."""
        return {
            beginning.format(country=country): bounds
            for beginning, bounds in self.bounds.items()
            for country in countries
        }


def broken_promises(source: Path, folder: Path, countries: list[str]) -> list[Failure]:
    """Everything that a notebook promises and the run folder lacks.

    Beyond its declared contract, a notebook swallows no exception and writes nothing to the stream
    of errors; each panel of its figures has marks or says why not; and one that says sentences
    states a finding, and each finding once.
    """
    notebook = nbformat.read(source, as_version=4)
    declared = notebook.metadata.get("sahel")
    if not declared:
        return [_missing("it declares no contract (metadata key `sahel`)")]
    try:
        contract = Contract.model_validate(declared)
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(map(str, fault["loc"]))
        return [_missing(f"its contract is not understood: {place}: {fault['msg']}")]
    faults = [*_swallowing(source, notebook), *_executed(source, folder)]
    path = folder / "records" / f"{source.stem}.json"
    if not path.exists():
        return [*faults, _missing("it wrote no record: its last cell must be `study.close()`")]
    record = json.loads(path.read_text(encoding="utf-8"))
    for name in contract.figures:
        faults += _figure(folder, name, name in contract.may_be_empty)
    for name in contract.tables:
        faults += _table(folder, name, name in contract.may_be_empty)
    faults += _values(record["values"], contract, countries)
    faults += beyond_bounds(record["values"], contract.bounds_of(countries))
    faults += _findings(record["findings"], notebook)
    shown, promised = (
        {*record["figures"], *record["tables"]},
        {*contract.figures, *contract.tables},
    )
    faults += [
        Failure(f"{name!r} is shown but not declared in the contract", kind="undeclared")
        for name in sorted(shown - promised)
    ]
    return faults


def _missing(said: str) -> Failure:
    return Failure(said, kind="missing")


def _swallowing(source: Path, notebook: NotebookNode) -> list[Failure]:
    """Cells that may go on after an exception without a word."""
    return [
        Failure(
            "it may swallow an exception (`try`, `suppress` or the tag `raises-exception`)",
            cell_with_id(source, cell.id),
            kind="swallowed",
        )
        for cell in notebook.cells
        if cell.cell_type == "code" and swallows(cell)
    ]


def swallows(cell: NotebookNode) -> bool:
    """Whether a code cell catches exceptions, or may raise one and the run goes on."""
    if "raises-exception" in cell.metadata.get("tags", []):
        return True
    try:
        nodes = [*ast.walk(ast.parse(TransformerManager().transform_cell(cell.source)))]
    except SyntaxError:
        return False  # It cannot be executed either.
    return any(
        isinstance(node, (ast.Try, ast.TryStar))
        or (isinstance(node, ast.Name) and node.id == "suppress")
        or (isinstance(node, ast.Attribute) and node.attr == "suppress")
        for node in nodes
    )


def _executed(source: Path, folder: Path) -> list[Failure]:
    """What the executed notebook shows of errors that did not end it, and of warnings."""
    path = folder / "notebooks" / source.name
    if not path.exists():
        return [_missing("there is no executed notebook")]
    faults = []
    for cell in nbformat.read(path, as_version=4).cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                said = f"it went on after {output.ename}: {output.evalue}"
                faults.append(Failure(said, cell_with_id(source, cell.id), "swallowed"))
            elif output.output_type == "stream" and output.name == "stderr":
                said = f"it was warned: {output.text.strip().splitlines()[0]}"
                faults.append(Failure(said, cell_with_id(source, cell.id), "warned"))
    return faults


def _figure(folder: Path, name: str, may_be_empty: bool) -> list[Failure]:
    base = folder / "figures" / name
    faults = [
        _missing(f"the figure {name!r} has no {ending}")
        for ending in ("svg", "png", "csv", "json")
        if not (path := base.with_suffix(f".{ending}")).exists() or not path.stat().st_size
    ]
    if faults:
        return faults
    kept = json.loads(base.with_suffix(".json").read_text(encoding="utf-8"))
    if not kept["alt"]:
        faults.append(_missing(f"the figure {name!r} has no alt text"))
    if not kept["rows"] and not may_be_empty:
        faults.append(Failure(f"the data of the figure {name!r} are empty", kind="empty"))
    if not kept["panels"]:
        faults.append(Failure(f"the figure {name!r} has no panel", kind="unmarked"))
    bare = [
        str(number)
        for number, panel in enumerate(kept["panels"], 1)
        if not panel["marks"] and not panel["says"]
    ]
    if bare:
        cause = f"a panel of the figure {name!r} has no marks and does not say why"
        said = f"{', '.join(bare)} of {len(kept['panels'])}"
        faults.append(Failure(cause, kind="unmarked", example=said))
    return faults


def _table(folder: Path, name: str, may_be_empty: bool) -> list[Failure]:
    path = folder / "tables" / f"{name}.csv"
    if not path.exists():
        return [_missing(f"there is no table {name!r}")]
    if pd.read_csv(path).empty and not may_be_empty:
        return [Failure(f"the table {name!r} is empty", kind="empty")]
    return []


def _values(
    values: list[dict[str, Any]], contract: Contract, countries: list[str]
) -> list[Failure]:
    """Promised values that are not there, and values that are empty without a state."""
    promised = {
        beginning.format(country=country)
        for beginning in contract.values
        if beginning not in contract.may_be_empty
        for country in countries
    }
    faults = [
        _missing(f"no value begins with {beginning!r}")
        for beginning in sorted(promised)
        if not any(value["id"].startswith(beginning) for value in values)
    ]
    bare = [value["id"] for value in values if value["value"] is None and value["state"] is None]
    if bare:
        cause = "a value is empty and says no state"
        more = f" (and {len(bare) - 1:,} more)" if len(bare) > 1 else ""
        faults.append(Failure(cause, kind="empty", example=f"{bare[0]}{more}"))
    return faults


def _findings(findings: list[dict[str, Any]], notebook: NotebookNode) -> list[Failure]:
    says = any(cell.cell_type == "code" and "study.say(" in cell.source for cell in notebook.cells)
    if says and not findings:
        return [_missing("it says sentences and states no finding")]
    stated = [finding["id"] for finding in findings]
    return [
        Failure(f"two sentences state the finding {id!r}", kind="undeclared")
        for id in sorted({*stated})
        if stated.count(id) > 1
    ]
