"""Ways of running one notebook with many sets of parameters, each a process of its own.

    python benchmarks/ways.py WAY STUDIES FOLDER

STUDIES is a file of JSON, a list of plain parameters. Printed is one line of JSON: the folder of
each run, in order, and the peak memory in MB of the calling process, of the process that runs are
forked from, and of the largest process of a run, the pages that it shares included. A run that fails
ends the process with an error.
"""

import json
import os
import resource
import subprocess
import sys
import traceback
from contextlib import redirect_stdout
from pathlib import Path

from sahel_transitions.parameters import read_parameters
from sahel_transitions.paths import RUN_FOLDER
from sahel_transitions.runs.engine.jobs import SETTING
from sahel_transitions.runs.grid import grid_notebook

AT_A_TIME = 2
NOTEBOOK = grid_notebook()


def command(studies: list[dict], folder: Path) -> dict:
    """papermill's command, one after another."""
    papermill = Path(sys.executable).parent / "papermill"
    for place, target in _targets(studies, folder):
        given = place / "parameters.yml"
        given.write_text(json.dumps(studies[int(place.name)]))  # JSON is YAML
        subprocess.run(
            [papermill, NOTEBOOK, target, "-f", given, "--no-progress-bar"],
            env={**os.environ, RUN_FOLDER: str(place)}, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
    return {"folders": _folders(studies, folder), "run_mb": _peak(resource.RUSAGE_CHILDREN)}


def api(studies: list[dict], folder: Path) -> dict:
    """papermill's function, one after another in one process."""
    import papermill  # noqa: PLC0415

    for place, target in _targets(studies, folder):
        os.environ[RUN_FOLDER] = str(place)
        papermill.execute_notebook(
            NOTEBOOK, target, parameters=studies[int(place.name)], progress_bar=False
        )
    return {
        "folders": _folders(studies, folder),
        "caller_mb": _peak(resource.RUSAGE_SELF), "run_mb": _peak(resource.RUSAGE_CHILDREN),
    }  # fmt: skip


def engine(studies: list[dict], folder: Path) -> dict:
    """The suite's engine: papermill in forks of a warm process, two at a time."""
    from sahel_transitions.runs.engine import Job, execute  # noqa: PLC0415

    seen = _Seen()
    jobs = [
        Job(NOTEBOOK, place, given)
        for given, (place, _) in zip(studies, _targets(studies, folder), strict=True)
    ]
    execute(jobs, workers=AT_A_TIME, done=seen.note)
    return {"folders": _folders(studies, folder), **seen.memory()}


def suite(studies: list[dict], folder: Path) -> dict:
    """What `sahel` calls: the engine, and all the hashing, checking and keeping of runs."""
    from sahel_transitions.runs import run_each  # noqa: PLC0415

    seen = _Seen()
    made = run_each(
        [read_parameters(each) for each in studies], runs=folder, notebooks=[NOTEBOOK],
        workers=AT_A_TIME, done=seen.note,
    )  # fmt: skip
    return {"folders": [str(each.folder) for each in made], **seen.memory()}


def floor(studies: list[dict], folder: Path) -> dict:
    """The code of the cells as a plain function in forks of a warm process, two at a time.

    Nothing can cost less and do the same work; it gives no executed notebook, and checks nothing.
    """
    import nbformat  # noqa: PLC0415

    from sahel_transitions.runs.engine.warm import reseed, warm_up  # noqa: PLC0415

    cells = [
        (compile(cell.source, cell.id, "exec"), "parameters" in cell.metadata.get("tags", []))
        for cell in nbformat.read(NOTEBOOK, as_version=4).cells
        if cell.cell_type == "code"
    ]
    warm_up()
    running = 0
    for given, (place, _) in zip(studies, _targets(studies, folder), strict=True):
        if running == AT_A_TIME:
            _demand_ended_well()
            running -= 1
        if os.fork() == 0:
            ended = 1
            try:
                reseed()
                os.environ[RUN_FOLDER] = str(place)
                with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
                    _execute(cells, given)
                ended = 0
            except Exception:
                traceback.print_exc()
            finally:
                os._exit(ended)
        running += 1
    for _ in range(running):
        _demand_ended_well()
    return {
        "folders": _folders(studies, folder),
        "warm_mb": _peak(resource.RUSAGE_SELF), "run_mb": _peak(resource.RUSAGE_CHILDREN),
    }  # fmt: skip


def _execute(cells: list[tuple], given: dict) -> None:
    names = {"__name__": NOTEBOOK.stem}
    for code, takes_parameters in cells:
        exec(code, names)
        if takes_parameters:
            names |= given


def _demand_ended_well() -> None:
    pid, status = os.wait()
    if status:
        raise SystemExit(f"the fork {pid} ended with {os.waitstatus_to_exitcode(status)}")


class _Seen:
    """What outcomes tell, and the memory of the warm process, a child of this one, at each."""

    def __init__(self):
        self._runs, self._warm = [], []

    def note(self, outcome) -> None:
        if outcome.failure:
            raise SystemExit(f"{outcome.notebook}: {outcome.failure}")
        self._runs.append(outcome.peak_mb)
        own = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
        self._warm.append(max(_resident(int(pid)) for pid in own))

    def memory(self) -> dict:
        """Of the warm process also at the first and the last outcome."""
        return {
            "caller_mb": _peak(resource.RUSAGE_SELF), "warm_mb": max(self._warm),
            "run_mb": max(self._runs), "warm_first_mb": self._warm[0],
            "warm_last_mb": self._warm[-1],
        }  # fmt: skip


def _resident(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _peak(whose: int) -> float:
    return resource.getrusage(whose).ru_maxrss / 1024


def _folders(studies: list[dict], folder: Path) -> list[str]:
    return [str(folder / str(number)) for number in range(len(studies))]


def _targets(studies: list[dict], folder: Path) -> list[tuple[Path, Path]]:
    """The folder of each run, made, and where its executed notebook goes."""
    places = [Path(name) for name in _folders(studies, folder)]
    for place in places:
        (place / "notebooks").mkdir(parents=True)
    return [(place, place / "notebooks" / NOTEBOOK.name) for place in places]


WAYS = {each.__name__: each for each in (floor, engine, suite, api, command)}

if __name__ == "__main__":
    os.environ.update(SETTING)
    way, asked, where = sys.argv[1:]
    print(json.dumps(WAYS[way](json.loads(Path(asked).read_text()), Path(where))))
