"""Whether the report of a run is there already, whole and unchanged."""

from pathlib import Path

from sahel_transitions.paths import REPORTS
from sahel_transitions.runs.folder import MANIFEST, Run
from sahel_transitions.runs.identity import sha256

PAGE = "index.html"
# As `sha256sum --check` reads it.
CHECKSUM = "index.html.sha256"
# What of a run stands beside the page.
BESIDE = ("figures", "tables", "results.json", MANIFEST)


def kept_report(run: Run, reports: Path = REPORTS) -> Path | None:
    """The page of this run, if it and all that stands beside it are as they were written."""
    folder = reports / run.id
    products = {
        name: digest
        for name, digest in run.manifest["products"].items()
        if name.split("/")[0] in BESIDE
    }
    try:
        manifest = (run.folder / MANIFEST).read_bytes()
        whole = (
            (folder / MANIFEST).read_bytes() == manifest
            and (folder / CHECKSUM).read_text(encoding="utf-8") == checksum(folder / PAGE)
            and all(sha256((folder / name).read_bytes()) == products[name] for name in products)
        )
    except OSError:
        return None
    return folder / PAGE if whole else None


def checksum(page: Path) -> str:
    """The line for a page that is to be checked later."""
    return f"{sha256(page.read_bytes())}  {page.name}\n"
