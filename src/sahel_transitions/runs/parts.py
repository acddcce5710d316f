"""Parts of runs: what one notebook gave, kept under all that it depended on, and used again.

A part is kept in `<runs>/parts/<notebook>/<parameters>/<inputs>/`, with `part.json`, which names its
inputs by their hashes (the modules that the notebook uses, the files that it opened and which ones
there were, the lock, the parameters, the software) and its products. It is used again while every one of them is the same.
"""

import json
import os
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sahel_transitions.parameters import Parameters
from sahel_transitions.paths import LOCK, PACKAGE
from sahel_transitions.runs.identity import Inputs, differing, digest, name_of, sha256

FOLDER = "parts"
_RECORD = "part.json"
_FORMAT = 1
_KEYS = {
    "format", "notebook", "parameters", "files", "listing", "software", "products",
}  # fmt: skip
# Of so many kept parts of a notebook is asked which is nearest, when none can be used.
_ASKED = 20


class InputsTouched(Exception):
    """Files were written while a notebook that depends on them was running."""


@dataclass(frozen=True)
class Question:
    """A notebook that is to be executed with parameters: what a part must answer."""

    notebook: Path
    parameters: Parameters
    inputs: Inputs

    @property
    def folder(self) -> Path:
        """Below the folder of parts, where answers with these parameters are kept."""
        return Path(self.notebook.stem) / digest(self.inputs.parameters)[:16]


@dataclass(frozen=True)
class Part:
    """What one notebook gave: its folder, and what it depended on and made."""

    folder: Path
    record: dict

    @property
    def notebook(self) -> str:
        return self.record["notebook"]

    def values(self) -> list[dict]:
        """The typed values that the notebook recorded, sorted by id."""
        path = self.folder / "records" / f"{self.notebook}.json"
        values = json.loads(path.read_text(encoding="utf-8"))["values"]
        return sorted(values, key=lambda value: value["id"])

    def put_into(self, run: Path) -> None:
        """Give a run folder the products, without taking room where the disk can share them."""
        for name in self.record["products"]:
            target = run / name
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(self.folder / name, target)
            except OSError:
                shutil.copy2(self.folder / name, target)


class Parts:
    """The parts that are kept beside runs."""

    def __init__(self, runs: Path):
        self._root = runs / FOLDER

    def find(self, question: Question) -> Part | None:
        """The part that answers: nothing that it depended on differs, and its products are whole."""
        for part in self._kept(question.folder):
            if not _changed(part.record, question.inputs) and _whole(part):
                return part
        return None

    def why_not(self, question: Question) -> tuple[str, ...]:
        """Which inputs differ from those of the nearest part there is; none if there is none."""
        asked = [*self._kept(question.folder)] or [*self._others(question)]
        changes = [_changed(part.record, question.inputs) for part in asked]
        return tuple(min(filter(None, changes), key=len, default=()))

    def keep(
        self, question: Question, made: Path, modules: Iterable[Path],
        opened: Iterable[str] | None,
    ) -> Part:  # fmt: skip
        """Keep what a notebook gave.

        Parameters
        ----------
        made : Path
            A folder beside the runs, with its products; it is moved.
        modules : iterable of Path
        opened : iterable of str or None
            Names of the files that were opened; None where nobody saw, so that all count.

        Raises
        ------
        InputsTouched
            If an input was written since it was hashed, so that nobody can tell what was read.
        """
        inputs, snapshot = question.inputs, question.inputs.snapshot
        read = snapshot.data if opened is None else snapshot.data.intersection(opened)
        names = {*read, *map(name_of, modules), name_of(question.notebook), LOCK.name}
        names |= {name_of(path) for path in _words(inputs.parameters["language"])}
        if touched := snapshot.hashes.touched(names):
            raise InputsTouched(
                f"{touched[0]} was written while the notebook was running, so that it may have read "
                "the old or the new one; run again"
            )
        record = {
            "format": _FORMAT,
            "notebook": question.notebook.stem,
            "parameters": inputs.parameters,
            "files": {name: snapshot.hashes[name] for name in sorted(names)},
            # A file that was not there could not be opened: one that comes may matter to anybody.
            "listing": snapshot.listing,
            "software": software(),
        }
        folder = self._root / question.folder / digest(record)[:16]
        record["products"] = {
            path.relative_to(made).as_posix(): sha256(path.read_bytes())
            for path in sorted(made.rglob("*"))
            if path.is_file()
        }
        part = Part(folder, record)
        write_json(made / _RECORD, record)
        move_into_place(made, folder, whole=lambda: _whole(part))
        return part

    def _kept(self, below: Path) -> Iterable[Part]:
        for path in sorted((self._root / below).glob(f"*/{_RECORD}")):
            part = _read(path)
            if part is not None:
                yield part

    def _others(self, question: Question) -> Iterable[Part]:
        """The parts of this notebook with other parameters that were kept last."""
        folders = (self._root / question.notebook.stem).glob("*")
        latest = sorted(folders, key=lambda path: path.stat().st_mtime_ns)[-_ASKED:]
        for folder in latest:
            yield from self._kept(folder.relative_to(self._root))


def _words(language: str) -> tuple[Path, ...]:
    """What every notebook says its words with, which a warm process has read before it forks."""
    return (
        PACKAGE / "language" / "catalogues" / f"{language}.po",
        PACKAGE / "claims" / "findings.yml",
    )


def move_into_place(made: Path, folder: Path, whole) -> None:
    """Give what was made aside its name; what stands there is kept if it is `whole()`.

    Two calls that make the same do so at once without harm: one of them comes second.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    for _ in range(3):
        try:
            made.rename(folder)
            return
        except OSError:
            if not folder.exists():
                raise
        if whole():
            shutil.rmtree(made, ignore_errors=True)
            return
        shutil.rmtree(folder, ignore_errors=True)
    made.rename(folder)


@cache
def software() -> str:
    """A fingerprint of Python and of the packages as installed, whatever the lock says."""
    # By the names of their records, which hold the versions: to read them would take longer.
    packages = {path.name for folder in sys.path for path in Path(folder).glob("*.dist-info")}
    return digest([sys.version_info[:3], sys.platform, sorted(packages)])[:16]


def _changed(record: dict, inputs: Inputs) -> list[str]:
    """Names of what a part depended on and is not the same now."""
    files = {name: inputs.snapshot.hashes.get(name) for name in record["files"]}
    changed = differing({"parameters": inputs.parameters, "files": files}, record)
    same = {"listing": inputs.snapshot.listing, "software": software()}
    return changed + [name for name, value in same.items() if record[name] != value]


def _whole(part: Part) -> bool:
    try:
        return all(
            sha256((part.folder / name).read_bytes()) == expected
            for name, expected in part.record["products"].items()
        )
    except OSError:
        return False


def _read(path: Path) -> Part | None:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    known = isinstance(record, dict) and record.get("format") == _FORMAT and set(record) == _KEYS
    return Part(path.parent, record) if known else None


def write_json(path: Path, content: dict) -> None:
    """Write plain values so that the same give the same bytes."""
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")
