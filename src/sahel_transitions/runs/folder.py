"""The folder of a run: what stands in it, and whether it is whole."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sahel_transitions.runs.identity import Inputs, changed_inputs, sha256
from sahel_transitions.runs.parts import software

MANIFEST = "manifest.json"
RESULTS = "results.json"


@dataclass(frozen=True)
class Used:
    """How a run came by what a notebook gave: found as it was, or made now since inputs changed.

    `changed` is empty where the notebook was reused, or never ran before.
    """

    notebook: str
    reused: bool
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Run:
    """A complete run: its folder and manifest, and why it was made.

    `why` is *found* where it was not repeated; otherwise it is the *first* run of its folder, or
    its folder was *incomplete*, or some inputs *changed* against the nearest run that there is.
    `used` says for each notebook whether it was executed.
    """

    folder: Path
    manifest: dict
    why: Literal["found", "first", "incomplete", "changed"]
    changed: tuple[str, ...] = ()
    used: tuple[Used, ...] = ()

    @property
    def id(self) -> str:
        return self.manifest["id"]

    def results(self) -> list[dict]:
        """The typed values, sorted by id."""
        return self._read("values")

    def findings(self) -> list[dict]:
        """What the notebooks state, sorted by id, free of language."""
        return self._read("findings")

    def _read(self, part: str) -> list[dict]:
        return json.loads((self.folder / RESULTS).read_text(encoding="utf-8"))[part]

    def records(self) -> list[dict]:
        """What each notebook recorded, in their order."""
        paths = sorted((self.folder / "records").glob("*.json"))
        return [json.loads(path.read_text(encoding="utf-8")) for path in paths]


def whole(folder: Path) -> dict | None:
    """The manifest of a run folder whose files are all there and unchanged.

    One that was made with other software, whatever the lock says, does not count.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        unchanged = manifest["software"] == software() and all(
            sha256((folder / name).read_bytes()) == digest
            for name, digest in manifest["products"].items()
        )
    except (OSError, ValueError, KeyError):
        return None
    return manifest if unchanged else None


def why_made(inputs: Inputs, runs: Path) -> tuple[str, tuple[str, ...]]:
    """Why there is no such run yet, and what differs from the nearest one that there is."""
    nearest: list[str] | None = None
    for path in runs.glob(f"[0-9a-f]*/{MANIFEST}"):
        try:
            before = json.loads(path.read_text(encoding="utf-8"))
            changed = changed_inputs(inputs, before["inputs"])
        except (ValueError, KeyError):
            continue
        if before.get("software") != software():
            changed.append("software")
        if nearest is None or len(changed) < len(nearest):
            nearest = changed
    if nearest is None:
        return "first", ()
    return ("changed", tuple(nearest)) if nearest else ("incomplete", ())
