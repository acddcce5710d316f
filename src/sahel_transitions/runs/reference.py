"""The committed reference: notebooks with the outputs of the default run, its values and findings."""

import json
from pathlib import Path

import nbformat

from sahel_transitions.paths import NOTEBOOKS, REFERENCE
from sahel_transitions.runs.folder import RESULTS, Run
from sahel_transitions.runs.normal_form import reference_form
from sahel_transitions.runs.results import differences, unlike_findings


def compare_with_reference(run: Run, reference: Path = REFERENCE) -> list[str]:
    """Where the values and findings of a run of the defaults differ from the committed ones."""
    return [
        *differences(_committed(reference, "values"), run.results()),
        *unlike_findings(_committed(reference, "findings"), run.findings()),
    ]


def accept_as_reference(
    run: Run, reason: str, reference: Path = REFERENCE, notebooks: Path = NOTEBOOKS
) -> list[str]:
    """Put values, findings and outputs of a run of the defaults in place of the committed ones.

    The reason is kept beside the values.

    Returns
    -------
    list of str
        Which values and findings changed.
    """
    changes = compare_with_reference(run, reference)
    reference.mkdir(parents=True, exist_ok=True)
    accepted = {"reason": reason, "values": run.results(), "findings": run.findings()}
    text = json.dumps(accepted, ensure_ascii=False, indent=1, sort_keys=True)
    (reference / RESULTS).write_text(text + "\n", encoding="utf-8")
    store_outputs(run, notebooks)
    return changes


def store_outputs(run: Run, notebooks: Path = NOTEBOOKS) -> None:
    """Put the outputs of a run of the defaults into the committed notebooks."""
    for path in sorted((run.folder / "notebooks").glob("*.ipynb")):
        nbformat.write(reference_form(nbformat.read(path, as_version=4)), notebooks / path.name)


def _committed(reference: Path, part: str) -> list[dict]:
    path = reference / RESULTS
    return json.loads(path.read_text(encoding="utf-8"))[part] if path.exists() else []
