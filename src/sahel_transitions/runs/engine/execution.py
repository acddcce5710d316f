"""Choosing how notebooks are executed."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial

from sahel_transitions.runs.engine.forked import ForkUnsafe, Runner
from sahel_transitions.runs.engine.jobs import Job, Outcome
from sahel_transitions.runs.engine.order import longest_first
from sahel_transitions.runs.engine.plain import execute_plain

Execute = Callable[[Iterable[Job], Callable[[Outcome], None]], None]
"""Executes jobs and tells of each outcome."""


def execute(
    jobs: Iterable[Job],
    *,
    workers: int = 2,
    done: Callable[[Outcome], None] = lambda outcome: None,
    plain_kernel: bool = False,
) -> None:
    """Execute notebooks, the longest first; one that fails never stops the others.

    Each is forked from a warm process; where that is not safe, or on demand, each has a plain
    kernel. Both give the same notebooks.

    Parameters
    ----------
    jobs : iterable of Job
    done : callable
        Told of each outcome as it comes.
    """
    with prepared(workers=workers, plain_kernel=plain_kernel) as execute_prepared:
        execute_prepared(jobs, done)


@contextmanager
def prepared(*, workers: int = 2, plain_kernel: bool = False) -> Iterator[Execute]:
    """Load what notebooks need, from now on and until the end of the context.

    Given is what executes jobs and tells of each outcome, as `execute` does. Whatever the caller
    does before it calls that takes place while the warm process loads.
    """
    if plain_kernel or not Runner.possible():
        yield partial(_execute_plain, workers)
        return
    with Runner() as runner:
        yield partial(_execute_forked, runner, workers)


def _execute_forked(
    runner: Runner, workers: int, jobs: Iterable[Job], done: Callable[[Outcome], None]
) -> None:
    try:
        runner.wait_until_loaded()
    except ForkUnsafe:
        _execute_plain(workers, jobs, done)
    else:
        runner.execute(longest_first(jobs), workers, done)


def _execute_plain(workers: int, jobs: Iterable[Job], done: Callable[[Outcome], None]) -> None:
    execute_plain(longest_first(jobs), workers, done)
