"""Runs: the same inputs are the same run, and nothing is falsely green."""

import json
from pathlib import Path

import nbformat
import pytest
from conftest import study
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from sahel_transitions.errors import Refusal
from sahel_transitions.notebook import open_study
from sahel_transitions.paths import REFERENCE
from sahel_transitions.runs import ContractBroken, compare_with_reference, run
from sahel_transitions.runs.environment import environment, locked_versions
from sahel_transitions.runs.identity import changed_inputs, notebook_paths, read_inputs
from sahel_transitions.runs.normal_form import normal_form, reference_form
from sahel_transitions.runs.results import differences

OPEN = (
    "from sahel_transitions.notebook import open_study\n"
    'study = open_study("small", globals(), "shocks")'
)
SHOW = (
    'frame = study.tables["shocks"].frame.assign(value=1, unit="x")\n'
    'study.record("value.{country}", frame.drop_duplicates("country"))\n'
    'study.table("standing", frame, ["country", "value"], as_of="2022-01-01")'
)
CONTRACT = {"figures": [], "tables": ["standing"], "values": ["value.{country}"]}


@pytest.fixture
def small(tmp_path):
    """A notebook that runs in a second, with cells that a test may put in."""

    def write(*cells, contract=CONTRACT, name="small"):
        parameters = new_code_cell('countries = "MLI,BFA"')
        parameters.metadata["tags"] = ["parameters"]
        notebook = new_notebook(cells=[parameters, *map(new_code_cell, cells)])
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


@pytest.fixture(scope="module")
def default_run(tmp_path_factory):
    return run(study(), runs=tmp_path_factory.mktemp("runs"))


def test_the_default_run_gives_the_values_of_the_reference(default_run):
    assert compare_with_reference(default_run) == []


def test_the_default_run_gives_the_outputs_of_the_committed_notebooks(default_run):
    for path in notebook_paths():
        made = nbformat.read(default_run.folder / "notebooks" / path.name, as_version=4)
        stored = nbformat.read(path, as_version=4)
        for one, other in zip(reference_form(made).cells, stored.cells, strict=True):
            assert one.get("outputs") == other.get("outputs"), (path.stem, one.id)


def test_a_run_holds_what_a_reader_needs(default_run):
    for name in ("deaths_by_month", "promise_lines", "partner_timelines"):
        for ending in ("svg", "png", "csv", "json"):
            assert (default_run.folder / "figures" / f"{name}.{ending}").stat().st_size > 0
    values = {value["id"]: value for value in default_run.results()}
    moura_year = values["deaths.MLI.2022"]
    assert (moura_year["value"], moura_year["low"], moura_year["high"]) == (1798, 1798, 2126)
    assert (moura_year["definition"], moura_year["source"]) == ("U2", "UCDP GED")
    assert values["lags.France.treaty.denounced.MLI.BFA"]["value"] == 261


def test_the_manifest_names_every_input_and_product(default_run):
    manifest = default_run.manifest
    files = manifest["inputs"]["files"]
    assert {"requirements.lock", "data/derived/deaths.csv", "notebooks/00_overview.ipynb"} <= set(
        files
    )
    assert "results.json" in manifest["products"]
    assert manifest["environment"]["packages"]["pandas"]
    text = json.dumps(manifest)
    assert str(default_run.folder.parent) not in text


def test_a_found_run_is_not_repeated(default_run):
    def refuse(count):
        raise AssertionError("a kernel was about to start")

    again = run(study(), runs=default_run.folder.parent, started=refuse)
    assert (again.id, again.why) == (default_run.id, "found")


def test_the_same_inputs_give_the_same_products(small, attempt, tmp_path):
    path = small(OPEN, SHOW, "study.close()")
    first = attempt(path)
    (tmp_path / "runs" / first.id).rename(tmp_path / "kept")
    assert attempt(path).manifest == first.manifest


def test_a_run_whose_files_were_touched_is_made_again(small, attempt):
    path = small(OPEN, SHOW, "study.close()")
    made = attempt(path)
    (made.folder / "results.json").write_text("{}")
    again = attempt(path)
    assert again.why == "incomplete"
    assert again.results()


def test_a_changed_parameter_is_another_run_and_named(small, attempt):
    path = small(OPEN, SHOW, "study.close()")
    first = attempt(path)
    second = attempt(path, window="6")
    assert first.id != second.id
    assert (second.why, second.changed) == ("changed", ("parameter window",))


def test_stored_outputs_are_no_input_and_sources_are(small):
    path = small(OPEN, "1 + 1")
    before = read_inputs(study(), [])
    notebook = nbformat.read(path, as_version=4)
    assert before.id == read_inputs(study(), []).id
    assert notebook.cells[2].outputs == []
    changed = changed_inputs(read_inputs(study(seed=1), []), before.as_dict())
    assert changed == ["parameter seed"]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ((OPEN, "1 / 0", "study.close()"), "ZeroDivisionError"),
        ((OPEN, SHOW, "import sys; sys.exit(0)", "study.close()"), "never executed"),
        ((OPEN, SHOW, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "study.close()"), "small"),
        ((OPEN, SHOW), "study.close()"),
        ((OPEN, "study.close()"), "there is no table 'standing'"),
        ((OPEN, SHOW.replace("frame.drop_duplicates", "frame[:0].drop_duplicates"), "study.close()"),
         "no value begins with 'value.BFA'"),
        ((OPEN, SHOW.replace('study.table("standing", frame,', 'study.table("standing", frame[:0],'),
          "study.close()"), "the table 'standing' is empty"),
        ((OPEN, SHOW.replace("value=1", "value=float('nan')"), "study.close()"), "says no state"),
        ((OPEN, SHOW, SHOW.replace('"standing"', '"lags"'), "study.close()"), "not declared"),
    ],
    ids=["error", "exit", "killed", "open end", "no table", "no value", "empty table", "no state",
         "undeclared"],
)  # fmt: skip
def test_what_is_not_whole_is_a_failure(small, attempt, tmp_path, cells, said):
    with pytest.raises(ContractBroken) as raised:
        attempt(small(*cells))
    assert said in str(raised.value)
    left = sorted(path.name for path in (tmp_path / "runs").iterdir())
    assert len(left) == 1 and left[0].endswith(".failed")


def test_a_missing_figure_is_a_failure(small, attempt):
    contract = {**CONTRACT, "figures": ["deaths_by_year"]}
    with pytest.raises(ContractBroken, match="the figure 'deaths_by_year' has no svg"):
        attempt(small(OPEN, SHOW, "study.close()", contract=contract))


def test_a_notebook_without_a_contract_is_a_failure(small, attempt):
    with pytest.raises(ContractBroken, match="declares no contract"):
        attempt(small(OPEN, SHOW, "study.close()", contract={}))


def test_a_failed_run_leaves_earlier_ones_whole(small, attempt, tmp_path):
    made = attempt(small(OPEN, SHOW, "study.close()"))
    with pytest.raises(ContractBroken):
        attempt(small(OPEN, "1 / 0", "study.close()"))
    assert (made.folder / "manifest.json").exists()


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


def test_no_run_changes_the_directory(small, attempt):
    before = Path.cwd()
    attempt(small(OPEN, SHOW, "study.close()"))
    assert Path.cwd() == before
