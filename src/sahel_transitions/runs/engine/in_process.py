"""A papermill engine that executes the cells in this process, in ipykernel's in-process kernel.

The kernel is the one that a plain kernel process has, without sockets: the same shell, display hooks
and streams, so that the output notebook is the same. What follows papermill's and nbclient's clients
step by step is the order of one cell; messages are read without an event loop, since the kernel has
answered when `execute` returns.
"""

import logging
import sys
import threading
import time
from collections.abc import Callable
from queue import Empty
from types import SimpleNamespace

from ipykernel.inprocess.ipkernel import InProcessKernel
from ipykernel.inprocess.manager import InProcessKernelManager
from ipykernel.iostream import OutStream
from nbclient.exceptions import CellExecutionComplete, CellExecutionError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, papermill_engines
from papermill.iorw import write_ipynb

# The outputs of a cell reach us through a thread of the kernel; that it never hands them over is
# a fault of the kernel and no reason to wait for ever.
_OUTPUT_SECONDS = 60


class KernelSilent(RuntimeError):
    """The in-process kernel did not hand over the outputs of a cell."""


class InProcessEngine(Engine):
    """papermill's engine `in_process`; one notebook a process, since the kernel is a singleton."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man, kernel_name, *, on_cell: Callable[[int], None] = lambda index: None, **_
    ):
        """Execute the cells; `on_cell` is told of each as it starts."""
        return _Client(nb_man, on_cell).execute()


class _Kernel(InProcessKernel):
    """ipykernel's in-process kernel, which since version 7 cannot execute a cell that awaits."""

    # Asked by such a cell, and otherwise a sign of subshells.
    _supports_kernel_subshells = False

    def __init__(self, **traits):
        super().__init__(**traits)
        self.shell_channel_thread = SimpleNamespace(parent_thread=threading.current_thread())


class _Manager(InProcessKernelManager):
    def start_kernel(self, **_):
        self.kernel = _Kernel(parent=self, session=self.session)


class _Client(PapermillNotebookClient):
    def __init__(self, nb_man, on_cell: Callable[[int], None]):
        super().__init__(nb_man, km=_Manager(), log=logging.getLogger("papermill"))
        self._told = on_cell
        # papermill would write the whole notebook twice a cell, those of text included. Once before
        # each code cell is as good where the process is ended in it, and papermill writes the end.
        self._path, nb_man.output_path = nb_man.output_path, None
        self._exited = False

    def execute(self, **_):
        self.reset_execution_trackers()
        self.km.start_kernel()
        kernel = self.km.kernel
        # A plain kernel owns the streams of its process, down to the file descriptors.
        for name in ("stdout", "stderr"):
            stream = OutStream(kernel.session, kernel.iopub_thread, name)
            setattr(kernel, name, stream)
            setattr(sys, name, stream)
        self.kc = self.km.client()
        self.kc.start_channels()
        self.kc.allow_stdin = False
        self.papermill_execute_cells()
        self.nb.metadata["language_info"] = kernel.kernel_info["language_info"]
        self.set_widgets_metadata()
        return self.nb

    def execute_cell(self, cell, cell_index, **_):
        self._told(cell_index)
        if cell.cell_type != "code" or not cell.source.strip() or self._exited:
            return cell
        tags = cell.metadata.get("tags", [])
        if self.skip_cells_with_tag in tags:
            return cell
        write_ipynb(self.nb, self._path)
        cell.outputs = []
        cell.metadata["execution"] = {}  # where messages put their times
        self.clear_before_next_output = False
        allowed = "raises-exception" in tags
        try:
            request = self.kc.execute(cell.source, store_history=True, stop_on_error=not allowed)
            reply = self._reply(request)
            self._take_outputs(request, cell, cell_index)
        except Empty:
            raise KernelSilent("the kernel gave no answer, or not all outputs, of a cell") from None
        self.code_cells_executed += 1
        # A plain kernel ends a moment after `exit()`, and may or may not come to the next cell.
        self._exited = any(
            payload["source"] == "ask_exit" for payload in reply["content"].get("payload", [])
        )
        if reply["content"]["status"] == "error" and not allowed:
            raise CellExecutionError.from_cell_and_msg(cell, reply["content"])
        return cell

    def _reply(self, request: str) -> dict:
        while True:
            message = self.kc.get_shell_msg(timeout=_OUTPUT_SECONDS)
            if message["parent_header"].get("msg_id") == request:
                return message

    def _take_outputs(self, request: str, cell, cell_index: int) -> None:
        until = time.monotonic() + _OUTPUT_SECONDS
        try:
            while True:
                message = self.kc.get_iopub_msg(timeout=max(0.0, until - time.monotonic()))
                if message["parent_header"].get("msg_id") == request:
                    self.process_message(message, cell, cell_index)
        except CellExecutionComplete:
            return


papermill_engines.register("in_process", InProcessEngine)
