"""Sweeps: one table of all runs, each kept as it ends, here or on the workers of a scheduler."""

import os
import signal
import threading
from functools import partial
from pathlib import Path

import duckdb
import pytest
from conftest import study
from distributed import LocalCluster
from test_runs import OPEN, small  # noqa: F401 - a fixture

from sahel_transitions.errors import Refusal
from sahel_transitions.reports.sweep_page import render_sweep
from sahel_transitions.runs.cluster import Cluster
from sahel_transitions.runs.engine import execute
from sahel_transitions.runs.matrix import Matrix
from sahel_transitions.runs.sweeps import TABLE, sweep, sweep_results

RECORD = (
    'frame = study.tables["shocks"].frame.assign(value=study.parameters.window, unit="x")\n'
    'study.record("value.{country}", frame.drop_duplicates("country"))\n'
    'study.table("standing", frame, ["country", "value"], as_of="2022-01-01")'
)


@pytest.fixture
def asked(small):  # noqa: F811
    """A matrix of windows over a small notebook, with more cells."""

    def matrix(*cells, windows=range(2, 6)):
        path = small(OPEN, RECORD, *cells, "study.close()")
        return Matrix(path, tuple(study(window=window) for window in windows), ("window",))

    return matrix


here = partial(execute, workers=2)


def locally(jobs, done):
    here(jobs, done=done)


def test_a_sweep_gives_one_table_in_the_order_of_the_matrix(asked, tmp_path):
    runs, told = tmp_path / "runs", []
    made = sweep(asked(), locally, runs=runs, started=lambda *counts: told.append(counts))
    table = duckdb.read_parquet(str(made.folder / TABLE)).df()
    assert list(table["run"].unique()) == [1, 2, 3, 4]
    assert (table["value"] == table["window"]).all() and set(table["unit"]) == {"x"}
    assert set(table["id"]) == {"value.MLI", "value.BFA"}
    whole = (made.folder / TABLE).read_bytes()

    again = sweep(asked(), locally, runs=runs, started=lambda *counts: told.append(counts))
    assert told == [(4, 4), (4, 0)] and again.reused == 4
    assert (again.folder / TABLE).read_bytes() == whole

    more = sweep(asked(windows=range(2, 8)), locally, runs=runs,
                 started=lambda *counts: told.append(counts))  # fmt: skip
    assert told[-1] == (6, 2) and more.folder != made.folder


def test_a_run_that_fails_stops_no_other_and_the_next_call_goes_on(asked, tmp_path):
    broken = "assert study.parameters.window != 3, 'three'"
    made = sweep(asked(broken), locally, runs=tmp_path / "runs")
    assert [part is None for part in made.parts] == [False, True, False, False]
    assert "three" in made.failed[0].failure.cause and not made.folder.exists()
    assert sorted(sweep_results(made)["run"].unique()) == [1, 3, 4]
    again = sweep(asked(broken, windows=(2, 4, 5)), locally, runs=tmp_path / "runs")
    assert again.reused == 3 and again.folder.exists()


def test_the_page_of_a_sweep_leads_to_every_notebook_and_loads_nothing(asked, tmp_path):
    made = sweep(asked(), locally, runs=tmp_path / "runs")
    page = render_sweep(made)
    for part in made.parts:
        place = Path(os.path.relpath(part.folder / "notebooks/small.ipynb", made.folder))
        assert place.as_posix() in page and (made.folder / place).exists()
    assert "default-src 'none'" in page and "http" not in page.replace("http-equiv", "")


@pytest.fixture(scope="module")
def scheduler():
    """A scheduler with two workers in processes of their own, over TCP."""
    setting = {"n_workers": 2, "threads_per_worker": 1, "processes": True}
    with LocalCluster(**setting, host="127.0.0.1", dashboard_address=None) as cluster:
        yield cluster


def on(address, notebook, shared=False):
    """Execute on the workers of a scheduler."""

    def executed(jobs, done):
        with Cluster(address, notebook, shared) as cluster:
            cluster.execute(jobs, done)

    return executed


@pytest.mark.parametrize("shared", [False, True])
def test_the_workers_of_a_scheduler_give_what_this_machine_gives(
    asked, scheduler, tmp_path, shared
):
    matrix = asked()
    far = sweep(matrix, on(scheduler.scheduler_address, matrix.notebook, shared),
                runs=tmp_path / "far")  # fmt: skip
    near = sweep(matrix, locally, runs=tmp_path / "near")
    assert far.folder.name == near.folder.name
    assert (far.folder / TABLE).read_bytes() == (near.folder / TABLE).read_bytes()
    assert [part.record for part in far.parts] == [part.record for part in near.parts]


def test_a_worker_that_dies_loses_nothing(asked, scheduler, tmp_path):
    matrix = asked("import time; time.sleep(0.3)", windows=range(2, 12))
    victim, told = next(iter(scheduler.workers.values())).pid, []

    def answered(answer):
        told.append(answer.question.inputs.id)
        if len(told) == 3:
            threading.Thread(target=os.kill, args=(victim, signal.SIGKILL)).start()

    made = sweep(matrix, on(scheduler.scheduler_address, matrix.notebook), runs=tmp_path / "runs",
                 answered=answered)  # fmt: skip
    assert made.failed == () and len(told) == len(set(told)) == 10
    assert sweep_results(made)["run"].nunique() == 10


def test_a_worker_with_other_files_does_not_start(asked, scheduler):

    class Other(Cluster):
        def _files(self):
            return {**super()._files(), "src/sahel_transitions/paths.py": "0"}

    with (
        pytest.raises(
            Refusal, match=r"other files than the caller: src/sahel_transitions/paths\.py"
        ),
        Other(scheduler.scheduler_address, asked().notebook),
    ):
        pass


def test_a_scheduler_that_is_not_there_is_refused(asked, monkeypatch):
    monkeypatch.setattr("sahel_transitions.runs.cluster._CONNECT_SECONDS", 1)
    with (
        pytest.raises(Refusal, match=r"no scheduler answers at tcp://127\.0\.0\.1:9"),
        Cluster("tcp://127.0.0.1:9", asked().notebook),
    ):
        pass
