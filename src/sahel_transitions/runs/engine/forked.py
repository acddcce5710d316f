"""The caller's side of the warm process: starts it, hands it jobs, and bounds every wait."""

import json
import os
import selectors
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from sahel_transitions.errors import SahelError
from sahel_transitions.runs.engine.jobs import SETTING, Job, Outcome

_MODULE = "sahel_transitions.runs.engine.runner"
# Loading takes seconds; a machine under load gets two minutes.
_READY_SECONDS = 120.0
# The warm process says every other second that it is alive.
_SILENT_SECONDS = 60.0
_END_SECONDS = 5.0


class ForkUnsafe(Exception):
    """Forking a warm process is not safe here: take plain kernels."""


class RunnerLost(SahelError):
    """The warm process ended or fell silent."""


class Runner:
    """A warm process that forks a process for each notebook.

    Used as a context, it lives as long as that; what it loads is the code of its start. It loads by
    itself, so that the caller can do other things until `wait_until_loaded`.
    """

    @staticmethod
    def possible() -> bool:
        """Whether a loaded process can be forked safely on this system."""
        return sys.platform == "linux"

    def __enter__(self) -> "Runner":
        self._complaints = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            [sys.executable, "-m", _MODULE], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=self._complaints, env={**os.environ, **SETTING}, start_new_session=True,
        )  # fmt: skip
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._process.stdout, selectors.EVENT_READ)
        os.set_blocking(self._process.stdout.fileno(), False)
        self._pending = b""
        self._reports: list[dict[str, Any]] = []
        self._loaded = False
        return self

    def wait_until_loaded(self) -> None:
        """Wait until notebooks can be executed.

        Raises
        ------
        ForkUnsafe
            If this is not Linux, or the warm process cannot be had with a single thread.
        """
        if self._loaded:
            return
        if not self.possible():
            raise ForkUnsafe(f"on {sys.platform} a loaded process cannot be forked safely")
        try:
            ready = self._report(_READY_SECONDS)
        except RunnerLost as error:
            raise ForkUnsafe(str(error)) from error
        if not ready["ready"]:
            raise ForkUnsafe(f"the loaded process has {ready['threads']} threads")
        self._loaded = True

    def __exit__(self, *_) -> None:
        with suppress(OSError):
            self._process.stdin.close()
        if not self._loaded:
            self._process.kill()
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._selector.close()
        self._complaints.close()

    @property
    def pid(self) -> int:
        """The warm process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the warm process is there."""
        return self._process.poll() is None

    def execute(self, jobs: Iterable[Job], workers: int, done: Callable[[Outcome], None]) -> None:
        """Execute jobs once all is loaded, so many at a time; `done` is told of each outcome.

        If the warm process is lost, what was running and waiting fails with that cause.
        """
        self.wait_until_loaded()
        waiting = list(enumerate(jobs))[::-1]
        running: dict[int, Job] = {}

        def order() -> None:
            while waiting and len(running) < workers:
                number, job = waiting.pop()
                running[number] = job
                self._order(number, job)

        try:
            order()
            while running:
                report = self._report(_SILENT_SECONDS)
                if "number" not in report:
                    continue
                outcome = _outcome(running.pop(report["number"]), report)
                # The next one runs while the caller looks at what this one gave.
                try:
                    order()
                finally:
                    done(outcome)
        except RunnerLost as error:
            for job in [*running.values(), *(job for _, job in reversed(waiting))]:
                done(Outcome.of(job, str(error), kind="lost"))

    def _order(self, number: int, job: Job) -> None:
        order = {"number": number, "cell_seconds": job.cell_seconds, "job": job.as_line()}
        try:
            self._process.stdin.write((json.dumps(order) + "\n").encode())
            self._process.stdin.flush()
        except OSError:
            raise RunnerLost(self._why_lost()) from None

    def _report(self, seconds: float) -> dict[str, Any]:
        """The next thing that the warm process says."""
        until = time.monotonic() + seconds
        while not self._reports:
            if not self._selector.select(max(0.0, until - time.monotonic())):
                self._process.kill()
                raise RunnerLost(f"the warm process said nothing for {seconds:g} s")
            part = os.read(self._process.stdout.fileno(), 65536)
            if not part:
                raise RunnerLost(self._why_lost())
            *lines, self._pending = (self._pending + part).split(b"\n")
            self._reports += map(json.loads, lines)
        return self._reports.pop(0)

    def _why_lost(self) -> str:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_END_SECONDS)
        self._complaints.seek(0)
        said = self._complaints.read().decode(errors="replace").strip().splitlines()
        last = f": {said[-1]}" if said else ""
        return f"the warm process ended with code {self._process.poll()}{last}"


def _outcome(job: Job, report: dict[str, Any]) -> Outcome:
    if "outcome" in report:
        outcome = Outcome.from_line(report["outcome"])
    else:
        outcome = Outcome.of(job, report["died"], report["cell"], report["kind"])
    return outcome.with_peak(report["peak_mb"])
