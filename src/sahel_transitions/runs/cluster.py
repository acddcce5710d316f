"""Executing notebooks on the workers of a dask scheduler.

Each worker holds a warm process, as this machine does for its own runs, and starts only if its code,
data and lock are those of the caller. What a notebook gives comes back to the caller, or is put where
both see it, in a shared folder. A worker that dies costs time and nothing else: the scheduler gives
its runs to others.
"""

import io
import queue
import tarfile
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from distributed import Client, Future, Worker, WorkerPlugin, get_worker
from distributed.scheduler import KilledWorker

from sahel_transitions.errors import Refusal, SahelError
from sahel_transitions.parameters import read_parameters
from sahel_transitions.paths import PROJECT
from sahel_transitions.runs.engine import Job, Outcome, execute
from sahel_transitions.runs.engine.forked import ForkUnsafe, Runner
from sahel_transitions.runs.identity import Snapshot, name_of, read_inputs

_PLUGIN = "sahel-transitions"
_CONNECT_SECONDS = 30
_FIRST_WORKER_SECONDS = 120
# A scheduler whose workers are all gone gets so long for the next one.
_NO_WORKER_SECONDS = 300
_LOOK_SECONDS = 5.0


class _Unequal(Exception):
    """A worker has not what the caller has."""


@dataclass(frozen=True)
class _Order:
    """A job as it is sent, with the notebook by its name in the project."""

    notebook: str
    job: Job
    shared: bool


class _Warm(WorkerPlugin):
    """Holds warm processes in a worker, after comparing the worker's files with the caller's."""

    name = _PLUGIN

    def __init__(self, notebook: str, files: dict[str, str]):
        self._notebook, self._files = notebook, files

    def setup(self, worker: Worker) -> None:
        """Compare, or refuse to start."""
        self._snapshot = Snapshot([PROJECT / self._notebook])
        differing = sorted(
            name
            for name in {*self._files, *self._snapshot.files}
            if self._files.get(name) != self._snapshot.files.get(name)
        )
        if differing:
            more = f" and {len(differing) - 3} more" if len(differing) > 3 else ""
            raise _Unequal(
                f"the worker at {worker.address} has other files than the caller: "
                f"{', '.join(differing[:3])}{more}"
            )
        self._threads = threading.local()
        self._runners: list[Runner] = []

    def teardown(self, worker: Worker) -> None:
        """End the warm processes."""
        for runner in self._runners:
            runner.__exit__()
        self._runners.clear()

    def execute(self, order: _Order, job: Job) -> Outcome:
        """Execute a job whose files are here, and are the caller's."""
        parameters = read_parameters(job.parameters)
        here = read_inputs(parameters, [job.path], self._snapshot)
        touched = self._snapshot.hashes.touched(self._snapshot.files)
        if touched or here.id != job.inputs_id:
            what = touched[0] if touched else "the file of deaths_source"
            said = f"on the worker, {what} is not the caller's"
            return Outcome.of(job, said, kind="InputsTouched")
        outcomes: list[Outcome] = []
        runner = self._runner()
        if runner is None:
            execute([job], workers=1, done=outcomes.append, plain_kernel=True)
        else:
            runner.execute([job], 1, outcomes.append)
        return outcomes[0]

    def _runner(self) -> Runner | None:
        """The warm process of this thread; None where forking is not safe."""
        known = self._threads.__dict__
        if "runner" in known and known["runner"] is not None and not known["runner"].alive:
            known.pop("runner").__exit__()
        if "runner" not in known:
            try:
                known["runner"] = Runner().__enter__()
                self._runners.append(known["runner"])
                known["runner"].wait_until_loaded()
            except ForkUnsafe:
                known["runner"] = None
        return known["runner"]


def _work(order: _Order) -> tuple[str, bytes]:
    """On a worker: execute, and give the outcome with what was made, packed; nothing if shared."""
    plugin = get_worker().plugins[_PLUGIN]
    path = PROJECT / order.notebook
    if order.shared:
        return plugin.execute(order, replace(order.job, path=path)).as_line(), b""
    with tempfile.TemporaryDirectory(prefix="sahel-") as folder:
        job = replace(order.job, path=path, folder=Path(folder) / "made")
        outcome = plugin.execute(order, job)
        return outcome.as_line(), _packed(job.folder)


def _packed(folder: Path) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz", compresslevel=1) as archive:
        if folder.exists():
            archive.add(folder, arcname=".")
    return buffer.getvalue()


class Cluster:
    """The workers of a scheduler, as a context.

    Parameters
    ----------
    address : str
        For instance `tcp://node1:8786`.
    notebook : Path
        In the project, here as there.
    shared : bool
        The workers see the folder of runs under the same path, and put there what they make.

    Raises
    ------
    Refusal
        On entering, if the scheduler or a worker cannot be reached, or a worker has other files.
    """

    def __init__(self, address: str, notebook: Path, shared: bool = False):
        self._address, self._notebook, self._shared = address, notebook, shared

    def __enter__(self) -> "Cluster":
        try:
            self._client = Client(self._address, timeout=_CONNECT_SECONDS, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise Refusal(
                f"Refused: no scheduler answers at {self._address} ({error}). Start one with "
                "`dask scheduler`, workers with `dask worker ADDRESS --nthreads 1`, and try again."
            ) from None
        try:
            self._client.wait_for_workers(1, timeout=_FIRST_WORKER_SECONDS)
            self._client.register_plugin(_Warm(name_of(self._notebook), self._files()))
        except BaseException as error:
            self.__exit__()
            if isinstance(error, TimeoutError):
                raise Refusal(
                    f"Refused: the scheduler at {self._address} has no worker. Start one with "
                    "`dask worker ADDRESS --nthreads 1`."
                ) from None
            if isinstance(error, Exception):
                raise Refusal(
                    f"Refused: {error}. Install there what is here (the same commit, `make "
                    "setup`), start the workers again, and try again."
                ) from None
            raise
        return self

    def _files(self) -> dict[str, str]:
        """What the workers must have: name → hash."""
        return Snapshot([self._notebook]).files

    def __exit__(self, *_) -> None:
        with suppress(Exception):
            self._client.unregister_worker_plugin(_PLUGIN)
        with suppress(Exception):
            self._client.close(timeout=_CONNECT_SECONDS)

    def execute(self, jobs: list[Job], done: Callable[[Outcome], None]) -> None:
        """Execute jobs on the workers; `done` is told of each outcome, once.

        Raises
        ------
        SahelError
            If the scheduler has had no worker for minutes, or is gone.
        """
        ended: queue.Queue[Future] = queue.Queue()
        waiting: dict[str, Job] = {}
        futures: dict[str, Future] = {}
        for number, job in enumerate(jobs):
            order = _Order(name_of(job.path), job, self._shared)
            key = f"{_PLUGIN}-{job.folder.parent.name}-{number}"
            waiting[key] = job
            futures[key] = self._client.submit(_work, order, key=key, pure=False)
            futures[key].add_done_callback(ended.put)
        last_worker = time.monotonic()
        try:
            while waiting:
                try:
                    future = ended.get(timeout=_LOOK_SECONDS)
                except queue.Empty:
                    if self._workers():
                        last_worker = time.monotonic()
                    elif time.monotonic() > last_worker + _NO_WORKER_SECONDS:
                        raise SahelError(
                            f"The scheduler at {self._address} has had no worker for "
                            f"{_NO_WORKER_SECONDS} s. What is done is kept; start workers, and the "
                            "same command goes on."
                        ) from None
                    continue
                job = waiting.pop(future.key)
                done(_outcome(job, future, self._shared))
                futures.pop(future.key).release()
        finally:
            if futures:
                with suppress(Exception):
                    self._client.cancel(list(futures.values()), force=True)

    def _workers(self) -> int:
        try:
            return len(self._client.scheduler_info(n_workers=-1)["workers"])
        except (OSError, TimeoutError):
            return 0


def _outcome(job: Job, future: Future, shared: bool) -> Outcome:
    if future.status not in ("finished", "error"):
        return Outcome.of(job, "the scheduler was lost before it ended", kind="lost")
    error = future.exception()
    if isinstance(error, KilledWorker):
        said = "every worker that took it died; the memory may be short there"
        return Outcome.of(job, said, kind="killed")
    if error is not None:
        kind = type(error).__name__
        return Outcome.of(job, f"the worker failed: {kind}: {error}", kind=kind)
    line, packed = future.result()
    if not shared:
        job.folder.mkdir(parents=True, exist_ok=True)
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(job.folder, filter="data")
    return replace(Outcome.from_line(line), folder=job.folder)
