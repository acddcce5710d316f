"""Which run this is: a hash of everything that its results depend on."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import nbformat

from sahel_transitions.parameters import Parameters
from sahel_transitions.paths import CODED, CORRECTIONS, DERIVED, LOCK, NOTEBOOKS, PACKAGE, PROJECT
from sahel_transitions.sources import file_hash, named_files

_INPUTS = {".py", ".po", ".j2", ".css", ".csv", ".yml"}


@dataclass(frozen=True)
class Inputs:
    """Hashes of all inputs: by file for code, data and notebooks; `parameters` as plain values."""

    parameters: dict
    files: dict[str, str]

    @property
    def id(self) -> str:
        """Twelve hexadecimal digits; the same inputs have the same."""
        return hashlib.sha256(_canonical(self.as_dict())).hexdigest()[:12]

    def as_dict(self) -> dict:
        """For the manifest."""
        return {"parameters": self.parameters, "files": self.files}


def read_inputs(parameters: Parameters, notebooks: list[Path]) -> Inputs:
    """Hash everything that a run with these parameters and notebooks depends on."""
    files = {
        str(path.relative_to(PROJECT)): sha256(path.read_bytes())
        for folder in (PACKAGE, CODED, DERIVED, CORRECTIONS)
        for path in sorted(folder.rglob("*"))
        if path.suffix in _INPUTS
    }
    files |= {f"notebooks/{path.name}": _hash_of_notebook(path) for path in notebooks}
    files[LOCK.name] = sha256(LOCK.read_bytes())
    plain = parameters.plain()
    if parameters.deaths_source != "ucdp":
        # A user's file counts by its contents, not by where it lies.
        named = named_files(parameters.deaths_source)
        plain["deaths_source"] = ",".join(f"sha256:{file_hash(file)}" for file in named)
    return Inputs(plain, dict(sorted(files.items())))


def changed_inputs(now: Inputs, before: dict) -> list[str]:
    """Names of the inputs in which two runs differ."""
    parameters = before["parameters"]
    changed = [
        f"parameter {name}" for name in now.parameters
        if now.parameters[name] != parameters.get(name)
    ]  # fmt: skip
    files = before["files"]
    return changed + [
        name for name in sorted({*now.files, *files}) if now.files.get(name) != files.get(name)
    ]


def notebook_paths() -> list[Path]:
    """The notebooks of a full run, in order."""
    return sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))


def sha256(content: bytes) -> str:
    """The hash as hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def _hash_of_notebook(path: Path) -> str:
    """By the sources of its cells, their tags and its contract: stored outputs are no input."""
    notebook = nbformat.read(path, as_version=4)
    cells = [
        [cell.cell_type, cell.source, cell.metadata.get("tags", [])] for cell in notebook.cells
    ]
    return sha256(_canonical([cells, notebook.metadata.get("sahel", {})]))


def _canonical(content) -> bytes:
    return json.dumps(content, ensure_ascii=False, sort_keys=True).encode()
