"""The warm process that forks one process for each notebook: `python -m …runner`, Linux alone.

It reads jobs from its standard input, a line each, and forks at once: how many run together is the
caller's business. On its standard output it says that it is ready, how each job ended, and now and
then that it is alive. It has one thread, does nothing but wait, and ends with all its forks when its
input ends: so no process outlives its caller, however that one ended.
"""

import ctypes
import json
import os
import resource
import selectors
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from sahel_transitions.runs.engine.opened import Opened

TICK_SECONDS = 2.0
# Reading and writing the notebook, before its first cell and after its last.
_OUTSIDE_SECONDS = 300.0
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)
_MEGABYTE = 1024  # ru_maxrss is in kilobytes


@dataclass
class _Fork:
    """A running fork: what it was given, what it has said so far, and until when it may be silent."""

    number: int
    pipe: int
    cell_seconds: float
    said: bytearray = field(default_factory=bytearray)
    cell: int | None = None
    until: float = field(default_factory=lambda: time.monotonic() + _OUTSIDE_SECONDS)
    too_long: bool = False

    def listen(self) -> None:
        """Take what the fork has said; each cell that starts has its time anew."""
        with suppress(BlockingIOError):
            while part := os.read(self.pipe, 65536):
                self.said += part
        lines = self.said.split(b"\n")
        cells = [line for line in lines[:-1] if line.startswith(b"cell ")]
        if cells and int(cells[-1][5:]) != self.cell:
            self.cell = int(cells[-1][5:])
            self.until = time.monotonic() + self.cell_seconds

    def ending(self) -> tuple[str, str]:
        """The word and the text of the last line, where the fork ended by itself."""
        last = bytes(self.said).decode().rpartition("\n")[0].rpartition("\n")[2]
        word, _, text = last.partition(" ")
        return word, text


def main() -> None:
    """Load everything, say whether forking is safe, and serve."""
    orders, reports = os.dup(0), os.dup(1)
    # What libraries or cells print by other ways than the kernel's must not be taken for reports.
    with Path(os.devnull).open("r+b") as nowhere:
        os.dup2(nowhere.fileno(), 0)
        os.dup2(nowhere.fileno(), 1)
    opened = Opened()
    from sahel_transitions.runs.engine.warm import warm_up  # noqa: PLC0415

    with opened.unwatched():
        warm_up()
    threads = len(os.listdir("/proc/self/task"))  # noqa: PTH208
    _say(reports, {"ready": threads == 1, "threads": threads})
    if threads == 1:
        _Server(orders, reports, opened).serve()


class _Server:
    """Forks for each order that comes, and reports each end; one thread that waits."""

    def __init__(self, orders: int, reports: int, opened: Opened):
        self._orders, self._reports, self._opened = orders, reports, opened
        self._forks: dict[int, _Fork] = {}
        self._pending = b""
        self._told = time.monotonic()
        # The end of a fork wakes the loop; a pipe that closes would not do, since what the fork
        # started may hold it open.
        self._ended, self._wake = os.pipe()
        for pipe in (orders, self._ended, self._wake):
            os.set_blocking(pipe, False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)

    def serve(self) -> None:
        """Until the orders end or nobody listens; no fork is left then."""
        selector = selectors.DefaultSelector()
        selector.register(self._orders, selectors.EVENT_READ)
        selector.register(self._ended, selectors.EVENT_READ)
        try:
            while True:
                ready = {key.fd for key, _ in selector.select(TICK_SECONDS / 4)}
                if self._ended in ready:
                    os.read(self._ended, 65536)
                if self._orders in ready and not self._take_orders():
                    return
                self._look_after_forks()
                if time.monotonic() > self._told + TICK_SECONDS:
                    self._told = time.monotonic()
                    _say(self._reports, {"alive": len(self._forks)})
        except BrokenPipeError:
            return
        finally:
            for pid in self._forks:
                _end_group(pid)

    def _take_orders(self) -> bool:
        """Fork for what has come; False once the caller is gone."""
        part = os.read(self._orders, 65536)
        *lines, self._pending = (self._pending + part).split(b"\n")
        for line in lines:
            self._fork(json.loads(line))
        return bool(part)

    def _look_after_forks(self) -> None:
        for pid, fork in list(self._forks.items()):
            fork.listen()
            gone, status, usage = os.wait4(pid, os.WNOHANG)
            if gone:
                fork.listen()
                _end_group(pid)
                os.close(fork.pipe)
                del self._forks[pid]
                _say(self._reports, _ending(fork, status, usage))
            elif time.monotonic() > fork.until:
                fork.too_long = True
                _end_group(pid)

    def _fork(self, order: dict) -> None:
        """Fork a process for a job; this returns in the warm process alone."""
        listening, speaking = os.pipe()
        pid = os.fork()
        if pid:
            os.close(speaking)
            os.set_blocking(listening, False)
            with suppress(OSError):
                os.setpgid(pid, pid)
            self._forks[pid] = _Fork(order["number"], listening, order["cell_seconds"])
            return
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.setpgid(0, 0)
            ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
            foreign = [self._orders, self._reports, self._ended, self._wake, listening]
            for pipe in [*foreign, *(fork.pipe for fork in self._forks.values())]:
                os.close(pipe)
            said = _execute(order["job"], speaking, self._opened)
            _write(speaking, f"outcome {said}\n".encode())
        except Exception as error:
            _write(speaking, f"fault {type(error).__name__}: {error}\n".encode())
        finally:
            # Nothing of the warm process may be run a second time at the end.
            os._exit(0)


def _execute(line: str, speaking: int, opened: Opened) -> str:
    """In the fork: execute the notebook, and give its outcome as a line."""
    from sahel_transitions.runs.engine.jobs import Job, execute_with  # noqa: PLC0415
    from sahel_transitions.runs.engine.warm import reseed  # noqa: PLC0415

    reseed()
    outcome = execute_with(
        Job.from_line(line), engine_name="in_process",
        on_cell=lambda index: os.write(speaking, f"cell {index}\n".encode()),
    )  # fmt: skip
    return replace(outcome, opened=opened.files()).as_line()


def _ending(fork: _Fork, status: int, usage: resource.struct_rusage) -> dict:
    ending = {"number": fork.number, "peak_mb": usage.ru_maxrss / _MEGABYTE, "cell": fork.cell}
    if fork.too_long:
        said = f"it took longer than {fork.cell_seconds:g} s and was ended"
        return {**ending, "died": said, "kind": "time"}
    word, text = fork.ending()
    if word == "outcome":
        return {**ending, "outcome": text}
    if word == "fault":
        return {**ending, "died": text, "kind": text.partition(":")[0]}
    if os.WIFSIGNALED(status):
        name = signal.Signals(os.WTERMSIG(status)).name
        killed = name == "SIGKILL"
        hint = "; the system does that where memory is short" if killed else ""
        kind = "killed" if killed else "signal"
        return {**ending, "died": f"its process was ended by {name}{hint}", "kind": kind}
    said = f"its process ended by itself with exit code {os.WEXITSTATUS(status)}"
    return {**ending, "died": said, "kind": "ended"}


def _end_group(pid: int) -> None:
    """End a fork and what it started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _say(reports: int, content: dict) -> None:
    _write(reports, (json.dumps(content) + "\n").encode())


def _write(pipe: int, content: bytes) -> None:
    while content:
        content = content[os.write(pipe, content) :]


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()
    sys.exit(0)
