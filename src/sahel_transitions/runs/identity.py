"""Which run this is: a hash of everything that its results depend on."""

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from sahel_transitions import sources
from sahel_transitions.parameters import Parameters
from sahel_transitions.paths import CODED, CORRECTIONS, DERIVED, LOCK, NOTEBOOKS, PACKAGE, PROJECT

_DATA = {".po", ".csv", ".yml"}
_INPUTS = {".py", ".j2", ".css", *_DATA}


class Hashes:
    """SHA-256 of files by their names below the project, each read once.

    A notebook counts by its cells, tags and contract: what it shows is no input.
    """

    def __init__(self) -> None:
        self._known: dict[str, tuple[tuple[int, int, int], str]] = {}

    def __getitem__(self, name: str) -> str:
        if name not in self._known:
            path = PROJECT / name
            # The state is taken first: a change while it is read shows later.
            state = _state(path)
            self._known[name] = (state, _hash_of(path))
        return self._known[name][1]

    def get(self, name: str) -> str | None:
        """None where there is no such file."""
        try:
            return self[name]
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None

    def touched(self, names) -> list[str]:
        """Those of the names that were written since they were hashed."""
        return [
            name
            for name in names
            if name in self._known and _state(PROJECT / name) != self._known[name][0]
        ]


class Snapshot:
    """The files that runs of these notebooks may depend on, as they were when it was made.

    Attributes
    ----------
    hashes : Hashes
    files : dict
        Name → hash of code, data, lock and notebooks, sorted.
    data : frozenset of str
        Names of those that are no code: tables, declarations, catalogues.
    listing : str
        A hash of these names.
    """

    def __init__(self, notebooks: list[Path]):
        self.hashes = Hashes()
        names = [
            name_of(path)
            for folder in (PACKAGE, CODED, DERIVED, CORRECTIONS)
            for path in folder.rglob("*")
            if path.suffix in _INPUTS
        ]
        files = {name: self.hashes[name] for name in [*names, LOCK.name]}
        files |= {f"notebooks/{path.name}": self.hashes[name_of(path)] for path in notebooks}
        self.files = dict(sorted(files.items()))
        self.data = frozenset(name for name in names if Path(name).suffix in _DATA)
        self.listing = digest(sorted(self.data))


@dataclass(frozen=True)
class Inputs:
    """All inputs of a run: `parameters` as plain values, and a snapshot of the files."""

    parameters: dict
    snapshot: Snapshot

    @property
    def id(self) -> str:
        """Twelve hexadecimal digits; the same inputs have the same."""
        return digest(self.as_dict())[:12]

    def as_dict(self) -> dict:
        """For the manifest."""
        return {"parameters": self.parameters, "files": self.snapshot.files}


def read_inputs(
    parameters: Parameters, notebooks: list[Path], snapshot: Snapshot | None = None
) -> Inputs:
    """Everything that a run with these parameters and notebooks depends on.

    One snapshot serves many studies of the same notebooks.
    """
    plain = parameters.plain()
    if parameters.deaths_source != "ucdp":
        # A user's file counts by its contents, not by where it lies.
        named = sources.named_files(parameters.deaths_source)
        plain["deaths_source"] = ",".join(f"sha256:{sources.file_hash(file)}" for file in named)
    return Inputs(plain, snapshot or Snapshot(notebooks))


def changed_inputs(now: Inputs, before: dict) -> list[str]:
    """Names of the inputs in which two runs differ."""
    return differing(now.as_dict(), before)


def differing(now: dict, before: dict) -> list[str]:
    """Names of `parameters` and `files` in which two records of inputs differ."""
    changed = [
        f"parameter {name}"
        for name in sorted({*now["parameters"], *before["parameters"]})
        if now["parameters"].get(name) != before["parameters"].get(name)
    ]
    one, other = now["files"], before["files"]
    return changed + [name for name in sorted({*one, *other}) if one.get(name) != other.get(name)]


def notebook_paths() -> list[Path]:
    """The notebooks of a full run, in order."""
    return sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))


def name_of(path: Path) -> str:
    """Relative to the project where it lies in it."""
    return (path.relative_to(PROJECT) if path.is_relative_to(PROJECT) else path).as_posix()


def sha256(content: bytes) -> str:
    """The hash as hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def digest(content) -> str:
    """The hash of plain values, whatever the order of their names."""
    return sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode())


def _hash_of(path: Path) -> str:
    content = path.read_bytes()
    return _hash_of_notebook(content) if path.suffix == ".ipynb" else sha256(content)


def _hash_of_notebook(content: bytes) -> str:
    # Read as JSON: nbformat would validate it, which is the business of those who execute it.
    notebook = json.loads(content)
    cells = [
        [cell["cell_type"], "".join(cell["source"]), cell["metadata"].get("tags", []),
         cell.get("id", "")]
        for cell in notebook["cells"]
    ]  # fmt: skip
    return digest([cells, notebook["metadata"].get("sahel", {})])


def _state(path: Path) -> tuple[int, int, int]:
    state = os.stat(path)  # noqa: PTH116 - one call a file, of hundreds
    return state.st_mtime_ns, state.st_size, state.st_ino
