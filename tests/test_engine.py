"""Forked from a warm process or in a plain kernel: the same notebooks, and every end is named."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from sahel_transitions.runs.engine import Job, Runner, execute
from sahel_transitions.runs.engine import forked as forked_side
from sahel_transitions.runs.engine.order import longest_first
from sahel_transitions.runs.normal_form import normal_form

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="a loaded process is forked on Linux alone"
)

RICH = [
    'print("out"); import sys; print("err", file=sys.stderr); print("again")',
    'import warnings; warnings.warn("careful"); 1 + 1',
    "from IPython.display import HTML, Markdown, clear_output, display, update_display",
    'shown = display(HTML("<b>x</b>"), display_id="one"); display(Markdown("y"))',
    'update_display(HTML("<i>z</i>"), display_id="one")',
    'print("gone"); clear_output(wait=True); print("kept")',
    "%matplotlib inline\nimport matplotlib.pyplot as plt; plt.plot([1, 2]);",
    'import pandas as pd; pd.DataFrame({"a": [1, 2]})',
    'import os; os.system("echo from a process")',
    "!echo from the shell",
    'import logging; logging.warning("logged")',
    "get_ipython().execution_count, len(In)",
    "async def four(): return 4\nawait four()",
    'import threading; t = threading.Thread(target=lambda: print("thread")); t.start(); t.join()',
    "try:\n    input()\nexcept Exception as error:\n    print(type(error).__name__)",
    "import numpy as np; np.random.seed(1); np.random.rand()",
]


def written(path, *sources, raising=()):
    """A notebook; cells of these numbers may raise."""
    cells = [new_markdown_cell("Words"), *map(new_code_cell, sources)]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
        if number in raising:
            cell.metadata["tags"] = ["raises-exception"]
    cells[1].metadata["tags"] = ["parameters"]
    notebook = new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {
        "name": "python3", "display_name": "Python 3", "language": "python",
    }  # fmt: skip
    nbformat.write(notebook, path)
    return path


def outcomes(folder, paths, *, seconds=60, **options):
    """Name → outcome."""
    found = {}
    jobs = [Job(path, folder, {"language": "en"}, seconds) for path in paths]
    execute(jobs, done=lambda outcome: found.update({outcome.notebook: outcome}), **options)
    return found


def test_the_longest_notebook_of_a_run_is_executed_first_and_runs_keep_their_order(tmp_path):
    short, long = written(tmp_path / "short.ipynb", "1"), written(tmp_path / "long.ipynb", "1", "2")
    promising = nbformat.read(written(tmp_path / "promising.ipynb", "1"), as_version=4)
    promising.metadata["sahel"] = {"figures": ["one", "two"], "tables": ["three"]}
    nbformat.write(promising, tmp_path / "promising.ipynb")
    paths = [short, long, tmp_path / "promising.ipynb", tmp_path / "absent.ipynb"]
    jobs = [
        Job(path, tmp_path / study / path.stem, {}, inputs_id=study)
        for study in ("b", "a")
        for path in paths
    ]
    ordered = [(job.inputs_id, job.path.stem) for job in longest_first(jobs)]
    within = ["promising", "long", "short", "absent"]
    assert ordered == [(study, name) for study in ("b", "a") for name in within]


def test_both_ways_give_the_same_notebooks(tmp_path):
    """Streams, warnings, displays, figures, shell, allowed and last errors, and an exit."""
    paths = [
        written(tmp_path / "rich.ipynb", "a = 1", *RICH, "1 / 0", "'end'", raising=[18]),
        written(tmp_path / "error.ipynb", "a = 1", "raise ValueError('meant')", "2"),
        written(tmp_path / "exit.ipynb", "a = 1", "import sys; sys.exit(0)", "2"),
    ]
    both = {}
    for way, plain in (("forked", False), ("plain", True)):
        folder = tmp_path / way
        ended = outcomes(folder, paths, plain_kernel=plain)
        forms = {
            path.stem: nbformat.writes(
                normal_form(nbformat.read(folder / "notebooks" / path.name, as_version=4))
            )
            for path in paths
        }
        both[way] = ({name: str(each.failure) for name, each in ended.items()}, forms)
    assert both["forked"] == both["plain"]
    failures, forms = both["forked"]
    assert failures["rich"] == "None" and "ValueError: meant" in failures["error"]
    assert "never executed" in failures["exit"]
    shown = json.dumps([cell.get("outputs") for cell in json.loads(forms["rich"])["cells"]])
    for said in ("from the shell", "thread", "<cell>:1: UserWarning", "<i>z</i>", "image/png"):
        assert said in shown, said
    assert "gone" not in shown and "kept" in shown


ENDS = {
    "signal": ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "ended by SIGSEGV"),
    "killed": ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "memory is short"),
    "gone": ("import os; os._exit(3)", "exit code 3"),
    "memory": ("bytearray(10**15)", "MemoryError"),
    "quit": ("exit()", "never executed"),
    "long": ("import time; time.sleep(60)", "longer than 3 s"),
}


def test_every_end_before_the_last_cell_is_a_named_failure(tmp_path):
    paths = [written(tmp_path / f"{name}.ipynb", "1", ENDS[name][0], "2") for name in ENDS]
    ended = outcomes(tmp_path / "runs", paths, seconds=3)
    assert {*ended} == {*ENDS}
    for name, (_, said) in ENDS.items():
        assert said in str(ended[name].failure), ended[name].failure


def test_runs_know_nothing_of_each_other(tmp_path):
    """Neither names, nor modules, nor random numbers, nor the folder pass from one to the next."""
    sources = ("seen = 'mark' in vars(__builtins__)", "__builtins__.mark = 1; import random",
               "print(seen, random.random())")  # fmt: skip
    paths = [written(tmp_path / f"{name}.ipynb", *sources) for name in "abc"]
    outcomes(tmp_path / "runs", paths, workers=1)
    said = [
        nbformat.read(tmp_path / "runs/notebooks" / path.name, as_version=4)
        .cells[-1]
        .outputs[0]
        .text
        for path in paths
    ]
    assert all(text.startswith("False ") for text in said) and len({*said}) == 3


def test_a_lost_warm_process_fails_what_was_left_and_leaves_nothing_running(tmp_path):
    slow = written(tmp_path / "slow.ipynb", "1", "import time; time.sleep(120)")
    ended = []
    with Runner() as runner:
        runner.wait_until_loaded()
        threading.Timer(1.0, os.kill, (runner.pid, signal.SIGKILL)).start()
        started = time.monotonic()
        jobs = [Job(slow, tmp_path / "runs", {"language": "en"})] * 3
        runner.execute(jobs, 2, ended.append)
    assert time.monotonic() - started < 30
    assert [str(each.failure)[:27] for each in ended] == ["the warm process ended with"] * 3
    assert not _running(str(tmp_path))


def test_a_warm_process_that_falls_silent_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(forked_side, "_SILENT_SECONDS", 3.0)
    path = written(tmp_path / "slow.ipynb", "1", "import time; time.sleep(120)")
    ended = []
    with Runner() as runner:
        runner.wait_until_loaded()
        os.kill(runner.pid, signal.SIGSTOP)
        runner.execute([Job(path, tmp_path / "runs", {"language": "en"})], 1, ended.append)
    assert "said nothing for 3 s" in str(ended[0].failure)


CALLER = """
import sys
from pathlib import Path
from sahel_transitions.runs.engine import Job, execute
if __name__ == "__main__":
    path = Path(sys.argv[1])
    execute([Job(path, path.parent / "runs", {"language": "en"})])
"""


def test_nothing_outlives_a_caller_that_is_killed(tmp_path):
    """The cell writes the number of its process; soon after the caller died it is gone."""
    said = tmp_path / "pid"
    path = written(
        tmp_path / "slow.ipynb", "1",
        f"import os, time, pathlib; pathlib.Path({str(said)!r}).write_text(str(os.getpid()))",
        "time.sleep(120)",
    )  # fmt: skip
    (tmp_path / "caller.py").write_text(CALLER)
    with subprocess.Popen([sys.executable, tmp_path / "caller.py", path]) as caller:
        _until(lambda: said.exists() and said.read_text(), 60)
        caller.kill()
    _until(lambda: not _alive(int(said.read_text())), 30)


def test_where_forking_is_not_safe_a_plain_kernel_is_taken(tmp_path, monkeypatch):
    """A module that starts a thread when it is loaded makes the warm process unsafe."""
    (tmp_path / "sitecustomize.py").write_text(
        "import sys, threading, time\n"
        "if sys.argv[:1] == ['-m']:\n"
        "    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
    )
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    with pytest.raises(forked_side.ForkUnsafe, match="2 threads"), Runner() as runner:
        runner.wait_until_loaded()
    path = written(tmp_path / "plain.ipynb", "1", "2")
    (ended,) = outcomes(tmp_path / "runs", [path]).values()
    assert ended.failure is None and ended.opened is None


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def _running(text: str) -> list[str]:
    """Command lines of running processes that hold the text."""
    found = []
    for entry in os.scandir("/proc"):
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                line = Path(f"/proc/{entry.name}/cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue
            found += [line] if text in line else []
    return found


def _until(true, seconds: float) -> None:
    """Wait until something is so, for so long at most."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, f"expected this within {seconds} s"
        time.sleep(0.1)
