"""Runs: the same inputs are the same run, and nothing is falsely green."""

import errno
import json
from shutil import copy

import nbformat
import pytest
from conftest import study
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from sahel_transitions.errors import Refusal
from sahel_transitions.notebook import open_study
from sahel_transitions.paths import REFERENCE
from sahel_transitions.runs import ContractBroken, run, run_each
from sahel_transitions.runs.contract import broken_promises
from sahel_transitions.runs.environment import environment, locked_versions
from sahel_transitions.runs.identity import changed_inputs, read_inputs
from sahel_transitions.runs.normal_form import normal_form
from sahel_transitions.runs.results import differences, unlike_findings

OPEN = (
    "from sahel_transitions.notebook import open_study\n"
    'study = open_study("small", globals(), "shocks")'
)
SHOW = (
    'frame = study.tables["shocks"].frame.assign(value=1, unit="x")\n'
    'study.record("value.{country}", frame.drop_duplicates("country"))\n'
    'study.table("standing", frame, ["country", "value"], as_of="2022-01-01")'
)
CONTRACT = {
    "figures": [], "tables": ["standing"], "values": ["value.{country}"],
    "bounds": {"value.": {"value": [0, None]}},
}  # fmt: skip


@pytest.fixture
def small(tmp_path):
    """A notebook that runs in a second, with cells that a test may put in."""

    def write(*cells, contract=CONTRACT, name="small"):
        parameters = new_code_cell('countries = "MLI,BFA"')
        parameters.metadata["tags"] = ["parameters"]
        notebook = new_notebook(cells=[parameters, *map(new_code_cell, cells)])
        for number, cell in enumerate(notebook.cells):
            cell.id = f"cell-{number}"
        notebook.metadata["kernelspec"] = {
            "name": "python3",
            "display_name": "Python 3",
            "language": "python",
        }
        notebook.metadata["sahel"] = contract
        path = tmp_path / f"{name}.ipynb"
        nbformat.write(notebook, path)
        return path

    return write


@pytest.fixture
def attempt(tmp_path):
    """Run one notebook."""

    def made(path, **given):
        return run(study(**given), runs=tmp_path / "runs", notebooks=[path], workers=1)

    return made


def test_the_life_of_a_run(small, attempt, tmp_path):
    """Made, made again the same, made whole again, another for another parameter, kept."""
    path = small(OPEN, SHOW, "study.close()")
    first = attempt(path)
    assert first.why == "first"

    (tmp_path / "runs" / first.id).rename(tmp_path / "aside")
    assert attempt(path).manifest == first.manifest

    whole = (first.folder / "results.json").read_bytes()
    (first.folder / "results.json").write_text("{}")
    again = attempt(path)
    assert again.why == "incomplete"
    assert (again.folder / "results.json").read_bytes() == whole

    other = attempt(path, window="6")
    assert (other.why, other.changed) == ("changed", ("parameter window",))
    assert other.id != first.id

    with pytest.raises(ContractBroken):
        attempt(small(OPEN, "1 / 0", "study.close()"))
    assert (first.folder / "results.json").read_bytes() == whole


def test_stored_outputs_are_no_input_and_sources_are(small):
    path = small(OPEN, "1 + 1")
    before = read_inputs(study(), [path])
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[2].outputs = [new_output("stream", text="2")]
    nbformat.write(notebook, path)
    assert read_inputs(study(), [path]).id == before.id
    notebook.cells[2].source = "1 + 2"
    nbformat.write(notebook, path)
    assert changed_inputs(read_inputs(study(), [path]), before.as_dict()) == [
        "notebooks/small.ipynb"
    ]


FAILING = {
    "error": ((OPEN, "1 / 0", "study.close()"), "ZeroDivisionError"),
    "exit": ((OPEN, SHOW, "import sys; sys.exit(0)", "study.close()"), "never executed"),
    "killed": (
        (OPEN, SHOW, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "study.close()"),
        "ended by SIGKILL",
    ),
    "open_end": ((OPEN, SHOW), "study.close()"),
}


def test_every_way_of_stopping_early_is_a_failure_and_named(small, tmp_path):
    """All at once: one that fails does not stop the others, and nothing but what failed is left."""
    paths = [small(*cells, name=name) for name, (cells, _) in FAILING.items()]
    with pytest.raises(ContractBroken) as raised:
        run(study(), runs=tmp_path / "runs", notebooks=paths)
    text = str(raised.value)
    for name, (_, said) in FAILING.items():
        (line,) = [line.strip() for line in text.splitlines() if line.startswith(f"  {name}: ")]
        assert said in line, line
    assert text.count("try: ") == len({"error", "ended", "killed", "missing"})
    left = sorted(path.name for path in (tmp_path / "runs").iterdir())
    assert len(left) == 1 and left[0].endswith(".failed")


def test_of_several_studies_the_whole_ones_are_kept_when_another_fails(small, tmp_path):
    """One pool for all; the same inputs once; the failing study stops nobody."""
    broken = "assert study.parameters.window != 3, 'three'"
    path, told = small(OPEN, SHOW, broken, "study.close()"), []
    studies = [study(window=window) for window in (2, 3, 4, 2)]
    with pytest.raises(ContractBroken, match="AssertionError: three"):
        run_each(studies, runs=tmp_path / "runs", notebooks=[path], started=told.append)
    assert told == [3]
    left = [name.name for name in (tmp_path / "runs").iterdir() if len(name.name) == 12]
    sound = run_each([studies[0], studies[2], studies[3]], runs=tmp_path / "runs",
                     notebooks=[path], started=told.append)  # fmt: skip
    # Nothing was made again: only the failed one was left to do.
    assert told == [3] and {each.why for each in sound} == {"found"}
    assert sorted({each.id for each in sound}) == sorted(left) and sound[0].id == sound[2].id


@pytest.mark.parametrize("where", ["making.complete", "parts.Parts.keep"])
def test_a_full_disk_is_told_once_and_the_next_call_goes_on(
    small, attempt, tmp_path, monkeypatch, where
):
    path = small(OPEN, SHOW, "study.close()")

    def full(*args):
        raise OSError(errno.ENOSPC, "No space left on device", "a temporary name")

    with monkeypatch.context() as patch:
        patch.setattr(f"sahel_transitions.runs.{where}", full)
        with pytest.raises(ContractBroken, match="free space") as told:
            attempt(path)
    assert str(told.value).count("No space left") == 1
    assert "temporary name" not in str(told.value)
    kept = {each.name for each in (tmp_path / "runs").iterdir()}
    assert kept <= {"parts", f"{told.value.failed[0].folder.name}"}
    assert (told.value.failed[0].folder / "notebooks" / "small.ipynb").exists()
    made = attempt(path)
    assert [use.reused for use in made.used] == [where == "making.complete"]


@pytest.fixture
def recorded(small, tmp_path):
    """What a notebook left, with changes, and the faults that the contract finds in it."""

    def faults(contract=CONTRACT, table="country,value\nMLI,1\n", **changes):
        record = {
            "values": [{"id": f"value.{each}", "value": 1, "state": None} for each in ("MLI", "BFA")],
            "figures": [], "tables": ["standing"], "findings": [{"id": "few_votes.MLI"}], **changes,
        }  # fmt: skip
        for part in ("records", "tables"):
            (tmp_path / part).mkdir(exist_ok=True)
        (tmp_path / "records" / "small.json").write_text(json.dumps(record))
        if table is not None:
            (tmp_path / "tables" / "standing.csv").write_text(table)
        path = small(OPEN, "study.say([])", contract=contract)
        (tmp_path / "notebooks").mkdir(exist_ok=True)
        copy(path, tmp_path / "notebooks")
        return broken_promises(path, tmp_path, ["MLI", "BFA"])

    return faults


def test_a_kept_contract_has_no_fault(recorded):
    assert recorded() == []


def test_a_table_may_be_empty_where_the_contract_says_so(recorded):
    contract = {**CONTRACT, "may_be_empty": ["standing"]}
    assert recorded(contract=contract, table="country,value\n") == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"table": None}, "there is no table 'standing'"),
        ({"table": "country,value\n"}, "the table 'standing' is empty"),
        ({"values": [{"id": "value.MLI", "value": 1, "state": None}]}, "'value.BFA'"),
        ({"values": [{"id": f"value.{each}", "value": None, "state": None} for each in ("MLI", "BFA")]},
         "says no state"),
        ({"tables": ["standing", "lags"]}, "not declared"),
        ({"contract": {**CONTRACT, "figures": ["deaths_by_year"]}}, "'deaths_by_year' has no svg"),
        ({"contract": {}}, "declares no contract"),
        ({"findings": []}, "states no finding"),
        ({"findings": [{"id": "few_votes.MLI"}] * 2}, "two sentences state the finding 'few_votes.MLI'"),
    ],
)  # fmt: skip
def test_what_the_contract_misses_is_named(recorded, changes, said):
    assert any(said in str(fault) for fault in recorded(**changes))


def test_a_misspelt_name_in_a_notebook_stops_it():
    with pytest.raises(Refusal, match="'countries'"):
        open_study("small", {"contry": "MLI"}, "shocks")


def test_differences_name_the_value_and_the_field():
    one = {"id": "a", "value": 1, "unit": "x"}
    assert differences([one], [{**one, "value": 1 + 1e-12}]) == []
    assert differences([one], [{**one, "value": 2}]) == ["a, value: expected 1, found 2"]
    assert differences([one], [{**one, "unit": "y"}]) == ["a, unit: expected x, found y"]
    assert differences([one], []) == ["a: expected 1, found none"]
    assert differences([], [one]) == ["a: expected none, found 1"]


def test_unlike_findings_are_named_beyond_the_tolerance_that_they_declare():
    one = {
        "id": "power_of_follow_test.MLI.BFA", "finding": "power_of_follow_test",
        "says": ["finding.follow.power"], "values": {"shares.0": 97}, "notebooks": ["a"],
    }  # fmt: skip
    assert unlike_findings([one], [{**one, "values": {"shares.0": 98}}]) == []
    assert unlike_findings([one], [{**one, "values": {"shares.0": 90}}]) == [
        "finding power_of_follow_test.MLI.BFA, shares.0: expected 97, found 90"
    ]
    assert "says" in unlike_findings([one], [{**one, "says": ["finding.follow.no"]}])[0]
    assert "not stated" in unlike_findings([one], [])[0]
    assert "not expected" in unlike_findings([], [one])[0]


def test_a_date_that_moved_by_a_day_is_a_difference():
    one = {"id": "a", "value": "2024-02-04"}
    assert differences([one], [{**one, "value": "2024-02-05"}])


def test_the_reference_holds_a_value_for_every_subject():
    values = json.loads((REFERENCE / "results.json").read_text(encoding="utf-8"))["values"]
    subjects = {value["id"].split(".")[0] for value in values}
    assert {"deaths", "rates", "deadlines", "promises", "partners", "lags"} <= subjects


def test_the_normal_form_keeps_the_story_and_drops_the_clock():
    cell = new_code_cell("1", execution_count=7, metadata={"papermill": {"duration": 1}})
    notebook = new_notebook(
        cells=[new_markdown_cell("text"), cell], metadata={"papermill": {"start_time": "now"}}
    )
    normal = normal_form(notebook)
    assert "papermill" not in normal.metadata and "papermill" not in normal.cells[1].metadata
    assert normal.cells[1].execution_count == 1


def test_the_environment_is_compared_with_the_lock():
    found = environment()
    assert set(found["packages"]) == set(locked_versions())
    assert found["packages"]["papermill"]
