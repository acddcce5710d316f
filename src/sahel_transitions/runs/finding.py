"""Finding a run that is there already, without what it takes to make one."""

from collections.abc import Iterable
from pathlib import Path

from sahel_transitions.parameters import Parameters
from sahel_transitions.paths import RUNS
from sahel_transitions.runs.folder import Run, Used, whole
from sahel_transitions.runs.identity import Inputs, Snapshot, notebook_paths, read_inputs


def find_runs(
    studies: Iterable[Parameters], *, runs: Path = RUNS, notebooks: list[Path] | None = None
) -> list[Run | None]:
    """The run of each study, or None where it is not there, whole and made with this software."""
    notebooks = notebook_paths() if notebooks is None else notebooks
    snapshot = Snapshot(notebooks)
    return [
        found(read_inputs(parameters, notebooks, snapshot), notebooks, runs)
        for parameters in studies
    ]


def found(inputs: Inputs, notebooks: list[Path], runs: Path) -> Run | None:
    """The same by inputs that were read."""
    folder = runs / inputs.id
    manifest = whole(folder)
    if manifest is None:
        return None
    used = tuple(Used(path.stem, reused=True) for path in notebooks)
    return Run(folder, manifest, "found", used=used)
