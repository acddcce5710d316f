"""Executing notebooks in plain kernels: slower, and safe on every system."""

from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import active_children, get_context
from os import environ

from sahel_transitions.runs.engine.jobs import SETTING, Job, Outcome, execute_with

_START_SECONDS = 120


def execute_plain(jobs: Iterable[Job], workers: int, done: Callable[[Outcome], None]) -> None:
    """Execute notebooks, each in a kernel process of its own."""
    # Spawned, not forked: kernels are started from here, and threads may be running.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        futures = {pool.submit(execute_one, job): job for job in jobs}
        try:
            for future in as_completed(futures):
                try:
                    outcome = future.result()
                except Exception as error:  # a worker that died takes its future with it
                    said = f"the worker died: {error!r}"
                    outcome = Outcome.of(futures[future], said, kind="lost")
                done(outcome)
        except BaseException:
            # An interrupted run does not wait for notebooks that nobody will see.
            pool.shutdown(wait=False, cancel_futures=True)
            for worker in active_children():
                worker.terminate()
            raise


def execute_one(job: Job) -> Outcome:
    """Execute one notebook with papermill's own engine."""
    environ.update(SETTING)
    return execute_with(
        job, start_timeout=_START_SECONDS, execution_timeout=round(job.cell_seconds),
        extra_arguments=["--log-level=CRITICAL"],
    )  # fmt: skip
