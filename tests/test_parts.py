"""Parts of runs: used again while all that they rest on is the same, and no longer than that."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from conftest import study
from test_runs import OPEN, SHOW, attempt, small  # noqa: F401 - fixtures

from sahel_transitions.errors import SahelError
from sahel_transitions.paths import NOTEBOOKS, PACKAGE
from sahel_transitions.runs import run, run_each
from sahel_transitions.runs.asides import aside
from sahel_transitions.runs.dependencies import modules_of
from sahel_transitions.runs.identity import name_of, read_inputs
from sahel_transitions.runs.parts import Parts, Question

CELLS = (OPEN, SHOW, "study.close()")


def opening(name, *cells):
    return (OPEN.replace('"small"', f'"{name}"'), *cells)


def used(made) -> dict:
    return {each.notebook: (each.reused, each.changed) for each in made.used}


def test_only_the_notebook_that_changed_is_executed(small, tmp_path):  # noqa: F811
    paths = [small(*opening(name, SHOW, "study.close()"), name=name) for name in ("one", "other")]
    runs = tmp_path / "runs"
    first = run(study(), runs=runs, notebooks=paths)
    assert used(first) == {"one": (False, ()), "other": (False, ())}
    small(*opening("one", SHOW, "1 + 1", "study.close()"), name="one")
    second = run(study(), runs=runs, notebooks=paths)
    assert used(second) == {"one": (False, (name_of(paths[0]),)), "other": (True, ())}
    assert (first.folder / "records/other.json").read_bytes() == (
        second.folder / "records/other.json"
    ).read_bytes()
    (third,) = run_each([study(window=6)], runs=runs, notebooks=paths[:1])
    assert used(third) == {"one": (False, ("parameter window",))}


def test_what_was_done_is_not_lost_when_another_notebook_fails(small, tmp_path):  # noqa: F811
    whole = opening("sound", SHOW, "study.close()")
    sound, broken = small(*whole, name="sound"), small(OPEN, "1 / 0", name="broken")
    with pytest.raises(SahelError, match="ZeroDivisionError"):
        run(study(), runs=tmp_path, notebooks=[sound, broken])
    small(*opening("broken", "1 + 1", "study.close()"), name="broken",
          contract={"figures": [], "tables": [], "values": []})  # fmt: skip
    mended = run(study(), runs=tmp_path, notebooks=[sound, broken])
    assert used(mended)["sound"] == (True, ()) and not used(mended)["broken"][0]


def test_a_damaged_part_is_executed_again(small, tmp_path):  # noqa: F811
    path = small(*CELLS)
    first = run(study(), runs=tmp_path, notebooks=[path])
    whole = (first.folder / "tables/standing.csv").read_text()
    for kept in tmp_path.glob("**/tables/standing.csv"):
        kept.write_text(whole.replace("1", "2"))
    again = run(study(), runs=tmp_path, notebooks=[path])
    assert not used(again)["small"][0]
    assert (again.folder / "tables/standing.csv").read_text() == whole


def test_an_input_that_is_written_meanwhile_spoils_nothing(small, tmp_path):  # noqa: F811
    """Nobody can tell which of both was read, so that nothing is kept of it."""
    path = tmp_path / "small.ipynb"
    small(OPEN, SHOW, f"import pathlib; pathlib.Path({str(path)!r}).touch()", "study.close()")
    with pytest.raises(SahelError, match="was written while the notebook was running"):
        run(study(), runs=tmp_path / "runs", notebooks=[path])
    assert not [*tmp_path.glob("runs/parts/**/part.json")]


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A part that rests on a table and the lock, and the question that it answers."""
    (tmp_path / "coded").mkdir()
    notebook = tmp_path / "kept.ipynb"
    nbformat.write(nbformat.v4.new_notebook(), notebook)
    data = tmp_path / "coded/one.csv"
    data.write_text("a")
    monkeypatch.setattr("sahel_transitions.runs.identity.CODED", tmp_path / "coded")
    question = Question(notebook, study(), read_inputs(study(), [notebook]))
    parts, made = Parts(tmp_path / "runs"), tmp_path / "made"
    made.mkdir()
    (made / "product").write_text("x")
    parts.keep(question, made, modules=[], opened=[name_of(data)])
    return parts, question, data


def asked_again(question):
    inputs = read_inputs(question.parameters, [question.notebook])
    return Question(question.notebook, question.parameters, inputs)


def test_a_part_answers_while_everything_is_the_same(kept):
    parts, question, data = kept
    assert parts.find(question).notebook == "kept"
    data.write_text("b")
    changed = asked_again(question)
    assert parts.find(changed) is None
    assert parts.why_not(changed) == (name_of(data),)


@pytest.mark.parametrize("which", ["listing", "software"])
def test_a_part_does_not_outlive_its_surroundings(kept, which, monkeypatch):
    parts, question, data = kept
    if which == "software":
        monkeypatch.setattr("sahel_transitions.runs.parts.software", lambda: "another")
    else:
        data.with_name("two.csv").write_text("a")
    again = asked_again(question)
    assert parts.find(again) is None
    assert parts.why_not(again) == (which,)


def test_two_calls_that_make_the_same_part_leave_one(kept, tmp_path):
    parts, question, data = kept
    made = tmp_path / "second"
    made.mkdir()
    (made / "product").write_text("x")
    parts.keep(question, made, modules=[], opened=[name_of(data)])
    assert not made.exists() and parts.find(question)
    assert len([*(tmp_path / "runs").glob("parts/**/part.json")]) == 1


def test_what_a_killed_call_left_goes_and_what_runs_stays(tmp_path):
    script = (
        "import os, sys; from pathlib import Path; from sahel_transitions.runs.asides import aside\n"
        "with aside(Path(sys.argv[1])) as folder:\n"
        "    (folder / 'half').write_text('x'); print(folder, flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    calls = [subprocess.Popen(command, **pipes) for _ in range(2)]
    dead, alive = (Path(call.stdout.readline().strip()) for call in calls)
    calls[0].kill()
    calls[0].wait()
    with aside(tmp_path):
        assert not dead.exists() and (alive / "half").exists()
    calls[1].communicate("")
    assert [*tmp_path.iterdir()] == []


SHOWN = {
    "02_transition_deadlines": ({"figures/deadlines.py"}, {"figures/arms.py", "cli/__init__.py"}),
    "03_partner_shifts": (
        {"figures/arms.py", "methods/concentration.py"},
        {"figures/deadlines.py"},
    ),
    "06_claims": ({"claims/record.py", "indicators/arms.py"}, {"figures/arms.py"}),
}


@pytest.mark.parametrize("name", SHOWN)
def test_a_notebook_rests_on_the_modules_that_it_uses(name):
    modules = {
        path.relative_to(PACKAGE).as_posix() for path in modules_of(NOTEBOOKS / f"{name}.ipynb")
    }
    uses, does_not = SHOWN[name]
    assert uses < modules and not does_not & modules


TRACED = """
import sys, nbformat
seen = set()
def watch(frame, event, argument):
    if event == "call" and frame.f_code.co_name != "<module>":
        seen.add(frame.f_code.co_filename)
import sahel_transitions.notebook
import sahel_transitions.runs.engine.warm
sys.setprofile(watch)
names = {"__name__": "x"}
for cell in nbformat.read(sys.argv[1], as_version=4).cells:
    if cell.cell_type == "code":
        exec(cell.source, names)
sys.setprofile(None)
print("\\n".join(["", "seen", *sorted(seen)]))
"""


@pytest.mark.parametrize("name", ["00_overview", "02_transition_deadlines"])
def test_no_function_of_another_module_is_called(name):
    """What is read from the imports holds for what happens."""
    path = NOTEBOOKS / f"{name}.ipynb"
    setting = {**os.environ, "MPLBACKEND": "agg"}
    said = subprocess.run([sys.executable, "-c", TRACED, str(path)], env=setting,
                          capture_output=True, text=True, check=True).stdout  # fmt: skip
    called = {Path(line) for line in said.rpartition("\nseen\n")[2].splitlines()}
    own = {path for path in called if path.is_relative_to(PACKAGE)}
    assert len(own) > 10
    assert own <= set(modules_of(path))


def test_the_files_that_a_fork_opens_are_those_of_a_process_of_its_own(tmp_path):
    """What the warm process has read already must not hide what a notebook rests on."""
    path = NOTEBOOKS / "02_transition_deadlines.ipynb"
    made = run(study(), runs=tmp_path, notebooks=[path])
    (part,) = tmp_path.glob("parts/**/part.json")
    script = (
        "import sys; from sahel_transitions.runs.engine.opened import Opened; seen = Opened()\n"
        "from pathlib import Path; from sahel_transitions.runs.engine.jobs import Job\n"
        "from sahel_transitions.runs.engine import in_process\n"
        "from sahel_transitions.runs.engine.jobs import execute_with\n"
        "execute_with(Job(Path(sys.argv[1]), Path(sys.argv[2]), {}), engine_name='in_process',\n"
        "             on_cell=lambda index: None)\n"
        "print('seen', *seen.files(), sep='\\n', file=sys.__stderr__)"
    )
    said = subprocess.run([sys.executable, "-c", script, str(path), str(tmp_path / "alone")],
                          env={**os.environ, "MPLBACKEND": "agg"},
                          capture_output=True, text=True, check=True).stderr  # fmt: skip
    alone = set(said.rpartition("seen\n")[2].splitlines())
    data = {name for name in read_inputs(study(), [path]).snapshot.data}
    kept = {name for name in json.loads(part.read_text())["files"] if name in data}
    assert kept == alone & data and len(kept) > 10 and made.why == "first"
