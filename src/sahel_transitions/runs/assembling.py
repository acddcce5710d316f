"""What makes a run of a folder of parts: its results, and the manifest of all it holds."""

from pathlib import Path

from sahel_transitions import __version__
from sahel_transitions.runs.environment import environment
from sahel_transitions.runs.folder import MANIFEST, RESULTS
from sahel_transitions.runs.identity import Inputs, sha256
from sahel_transitions.runs.parts import software, write_json
from sahel_transitions.runs.results import gather, gather_findings


def complete(folder: Path, inputs: Inputs) -> dict:
    """Write the results of the records in a folder, and the manifest of all it holds; give that."""
    write_json(folder / RESULTS, {"values": gather(folder), "findings": gather_findings(folder)})
    manifest = _manifest(inputs, folder)
    write_json(folder / MANIFEST, manifest)
    return manifest


def _manifest(inputs: Inputs, folder: Path) -> dict:
    products = {
        str(path.relative_to(folder)): sha256(path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    return {
        "format": 1,
        "id": inputs.id,
        "version": __version__,
        "inputs": inputs.as_dict(),
        "environment": environment(),
        "software": software(),
        "products": products,
    }
