"""Where a report lies, and whether it is there already, whole and unchanged."""

import json
from pathlib import Path

from sahel_transitions.paths import REPORTS
from sahel_transitions.runs.folder import MANIFEST, Run
from sahel_transitions.runs.identity import digest, sha256

PAGE = "index.html"
# As `sha256sum --check` reads it.
CHECKSUMS = "SHA256SUMS"


def report_id(runs: list[Run]) -> str:
    """Twelve hexadecimal digits; the same runs have the same."""
    return digest(sorted(run.id for run in runs))[:12]


def kept_report(runs: list[Run], reports: Path = REPORTS) -> Path | None:
    """The first page of the report of these runs, if all of it is as it was written."""
    folder = reports / report_id(runs)
    try:
        manifests = [
            json.loads((folder / language_of(run) / MANIFEST).read_text(encoding="utf-8"))
            for run in runs
        ]
        lines = (folder / CHECKSUMS).read_text(encoding="utf-8").splitlines()
        whole = all(
            sha256((folder / name).read_bytes()) == hash
            for hash, name in (line.split("  ", 1) for line in lines)
        )
    except (OSError, ValueError):
        return None
    same = manifests == [run.manifest for run in runs]
    return folder / PAGE if whole and same else None


def language_of(run: Run) -> str:
    """The language that a run speaks, which names its folder in a report."""
    return run.manifest["inputs"]["parameters"]["language"]


def checksums(folder: Path) -> str:
    """A line for every file of a folder."""
    return "".join(
        f"{sha256(path.read_bytes())}  {path.relative_to(folder).as_posix()}\n"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    )
