"""How long many runs of a notebook take, against other ways of running it, and what memory.

    make bench                       12 and 200 runs; papermill alone takes half an hour
    make bench RUNS=12 SCALE=10 PAPERMILL_RUNS=3

The notebook is that of the grid, each run with other parameters. Every way does the same runs: they
must all end well and record the same values, or this ends with an error. Ratios are of seconds a run
within this call, to the forked functions that nothing can undercut (`ways.floor`) and to papermill's
command. Each way is called once before it is measured, and the quick ones several times in turn, of
which the median counts. The table is printed, and kept in `runs/bench.json`.
"""

import argparse
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median

from ways import AT_A_TIME, NOTEBOOK, WAYS

from sahel_transitions.methods import grid
from sahel_transitions.parameters import read_parameters
from sahel_transitions.paths import PROJECT, RUNS
from sahel_transitions.runs.engine.jobs import SETTING

TITLES = {
    "floor": "forked functions (the floor)",
    "engine": "the suite's engine",
    "suite": "the suite, whole path",
    "api": "papermill's function",
    "command": "papermill's command",
}
QUICK = ("floor", "engine", "suite")
VERSIONS = ("papermill", "nbclient", "ipykernel", "pandas", "matplotlib", "statsmodels")
AXES = {
    "window": range(6, 37), "deaths_definition": ("U1", "U2", "U3"),
    "trend": ("with", "without", "bent"), "model": ("quasi_poisson", "nb2"),
    "largest_month": ("with", "without"), "allocation": ("uniform_days", "start"),
}  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """One call: wall and processor seconds, those of its children included, and what it printed."""

    seconds: float
    cpu_seconds: float
    output: str


def measured(arguments: list[str]) -> Measured:
    """Run a command and measure it; one that fails ends this process."""
    start = time.perf_counter()
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(
            arguments, stdout=subprocess.PIPE, stderr=complaints, text=True,
            env={**os.environ, **SETTING},
        )  # fmt: skip
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            complaints.seek(0)
            said = complaints.read().decode(errors="replace")[-2000:]
            raise SystemExit(f"failed with {process.returncode}: {arguments[1:3]}\n{said}")
    return Measured(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, output)


def some_studies(count: int) -> list[dict]:
    """So many sets of parameters, the same at each call, spread over all choices."""
    every = list(grid(AXES))
    if count > len(every):
        raise SystemExit(f"There are {len(every):,} unlike runs to choose from, not {count:,}.")
    random.Random(count).shuffle(every)
    return [read_parameters(each).plain() for each in every[:count]]


class Bench:
    """Calls ways, and holds what their runs recorded against each other."""

    def __init__(self):
        self._recorded: dict[str, str] = {}

    def call(self, way: str, studies: list[dict]) -> dict:
        """Measure one call; its folder is removed after the records were compared."""
        with tempfile.TemporaryDirectory(prefix="sahel-bench-") as name:
            asked = Path(name, "studies.json")
            asked.write_text(json.dumps(studies))
            program = Path(__file__).with_name("ways.py")
            took = measured(
                [sys.executable, str(program), way, str(asked), str(Path(name, "runs"))]
            )
            told = json.loads(took.output.splitlines()[-1])
            for study, folder in zip(studies, told.pop("folders"), strict=True):
                self._demand_same(way, study, Path(folder, "records", f"{NOTEBOOK.stem}.json"))
        return {"runs": len(studies), "seconds": took.seconds, "cpu_seconds": took.cpu_seconds,
                **told}  # fmt: skip

    def _demand_same(self, way: str, study: dict, record: Path) -> None:
        if not record.exists():
            raise SystemExit(f"{way}: the run with {study} recorded nothing")
        recorded = record.read_text(encoding="utf-8")
        if self._recorded.setdefault(json.dumps(study), recorded) != recorded:
            raise SystemExit(f"{way}: the run with {study} recorded other values than another way")

    def compare(self, count: int, rounds: int, papermill_runs: int | None) -> list[dict]:
        """One row a way: the call of median length, with its ratios to two others."""
        studies = some_studies(count)
        calls: dict[str, list[dict]] = {way: [] for way in WAYS}
        for number in range(rounds):
            turn = number % len(QUICK)
            for way in QUICK[turn:] + QUICK[:turn]:
                calls[way].append(self.call(way, studies))
            if number == 0:
                calls["api"].append(self.call("api", studies[:papermill_runs]))
                calls["command"].append(self.call("command", studies[:papermill_runs]))
        rows = [{"way": way, "asked": count, **_median(calls[way])} for way in WAYS]
        by = {row["way"]: row for row in rows}
        for row in rows:
            for other in ("floor", "command"):
                for kind in ("seconds_a_run", "cpu_seconds_a_run"):
                    row[f"{kind}_to_{other}"] = row[kind] / by[other][kind]
        return rows


def _median(calls: list[dict]) -> dict:
    """The call of median length, with the lengths of all and the largest memory."""
    lengths = [call["seconds"] for call in calls]
    middle = sorted(calls, key=lambda call: call["seconds"])[len(calls) // 2]
    memory = {
        name: max(call[name] for call in calls) for name in middle if name.endswith("_mb")
    }  # fmt: skip
    seconds, cpu = (median(call[kind] for call in calls) for kind in ("seconds", "cpu_seconds"))
    runs = middle["runs"]
    return {"runs": runs, "seconds": seconds, "all_seconds": lengths, "seconds_a_run": seconds / runs,
            "cpu_seconds": cpu, "cpu_seconds_a_run": cpu / runs, **memory}  # fmt: skip


def report_again(times: int) -> dict:
    """`sahel report` of the default study, once there is its run: nothing has changed."""
    arguments = [str(Path(sys.executable).parent / "sahel"), "report"]
    measured(arguments)
    calls = [measured(arguments) for _ in range(times)]
    return {"seconds": median(each.seconds for each in calls),
            "cpu_seconds": median(each.cpu_seconds for each in calls)}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, nargs="+", default=[12, 200])
    parser.add_argument("--scale", type=int, nargs="*", default=[10, 100, 1000])
    parser.add_argument("--papermill-runs", type=int, help="Fewer runs by papermill alone")
    parser.add_argument("--rounds", type=int, default=3, help="Calls of each quick way")
    given = parser.parse_args()
    bench, one = Bench(), some_studies(1)
    for way in WAYS:
        bench.call(way, one)
    found = {
        "at_a_time": AT_A_TIME,
        "cores": os.cpu_count(),
        "versions": {"python": platform.python_version(), "sahel-transitions": version("sahel-transitions"),
                     **{name: version(name) for name in VERSIONS}},
        "ways": [], "scale": [],
    }  # fmt: skip
    for count in given.runs:
        rows = bench.compare(count, given.rounds, given.papermill_runs)
        print_ways(count, rows)
        found["ways"] += rows
    for count in given.scale:
        found["scale"].append(_median([bench.call("suite", some_studies(count))]))
    print_scale(found["scale"])
    found["report_again"] = report_again(given.rounds)
    print("\n`sahel report` again, nothing changed: {seconds:.2f} s, {cpu_seconds:.2f} s of "
          "processor time".format(**found["report_again"]))  # fmt: skip
    RUNS.mkdir(exist_ok=True)
    kept = RUNS / "bench.json"
    kept.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(f"Kept in {kept.relative_to(PROJECT)}.")


def print_ways(count: int, rows: list[dict]) -> None:
    """A table of ways; `of floor` and `of command` of wall time, and in brackets of processor time."""
    print(f"\n{count:,} runs, {AT_A_TIME} at a time where forked; in brackets: of processor time")
    print(f"{'':30} seconds  s a run    of floor       of command    caller MB  warm MB  run MB")
    for row in rows:
        ratios = [
            f"{row[f'seconds_a_run_to_{other}']:6.{digits}f} "
            f"({row[f'cpu_seconds_a_run_to_{other}']:.{digits}f})"
            for other, digits in (("floor", 2), ("command", 3))
        ]
        memory = [f"{row[name]:.0f}" if name in row else "-"
                  for name in ("caller_mb", "warm_mb", "run_mb")]  # fmt: skip
        print(f"{TITLES[row['way']]:30} {row['seconds']:7.1f}  {row['seconds_a_run']:7.3f}  "
              f"{ratios[0]:14}  {ratios[1]:15}  {memory[0]:>8}  {memory[1]:>7}  "
              f"{memory[2]:>6}")  # fmt: skip
        if row["runs"] < count:
            print(f"{'':4}of these only {row['runs']:,} of {count:,} runs were measured; "
                  "its ratios are of seconds a run")  # fmt: skip


def print_scale(rows: list[dict]) -> None:
    """A table of sizes of the suite's path."""
    if not rows:
        return
    print("\nthe suite, whole path    s a run  warm MB at first and last  caller MB  run MB")
    for row in rows:
        print(f"{row['runs']:>17,} runs  {row['seconds_a_run']:9.3f}  {row['warm_first_mb']:16.0f}  "
              f"{row['warm_last_mb']:8.0f}  {row['caller_mb']:9.0f}  {row['run_mb']:6.0f}")  # fmt: skip


if __name__ == "__main__":
    main()
