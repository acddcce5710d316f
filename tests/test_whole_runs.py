"""A whole run with the default parameters: its values, outputs, manifest, and that it is kept."""

import json

import nbformat
import pytest
from conftest import study

from sahel_transitions.runs import compare_with_reference, run
from sahel_transitions.runs.identity import notebook_paths
from sahel_transitions.runs.normal_form import reference_form


@pytest.fixture(scope="module")
def default_run(whole_runs):
    return whole_runs(study())


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
