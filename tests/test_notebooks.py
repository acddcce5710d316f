"""The committed notebooks: stories with stored outputs, on the parameters of the schema.

nbval runs them again and compares (strictly: the conftest beside the folder of tests); here stands
what they must be without being run.
"""

import ast

import nbformat
import pytest

from sahel_transitions.parameters import Parameters, read_parameters
from sahel_transitions.runs import grid_notebook
from sahel_transitions.runs.identity import notebook_paths

LONGEST_CELL = 8
READ = {
    path.stem: nbformat.read(path, as_version=4) for path in [*notebook_paths(), grid_notebook()]
}
NOTEBOOKS = pytest.mark.parametrize("notebook", READ.values(), ids=READ.keys())


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def tagged(cell, tag):
    return tag in cell.metadata.get("tags", [])


def test_there_are_the_notebooks_of_the_subjects_an_overview_and_one_for_grids():
    assert list(READ) == [
        "00_overview", "01_civilian_deaths", "02_transition_deadlines", "03_partner_shifts",
        "04_parallel_paths", "05_robustness", "06_claims", "one_specification",
    ]  # fmt: skip


@NOTEBOOKS
def test_every_checked_cell_has_a_stored_output(notebook):
    for cell in code(notebook):
        if not tagged(cell, "parameters"):
            assert cell.outputs, cell.id
        assert cell.execution_count, cell.id
        assert all(output.output_type != "error" for output in cell.outputs), cell.id


@NOTEBOOKS
def test_the_parameters_cell_is_the_schema(notebook):
    (cell,) = [cell for cell in code(notebook) if tagged(cell, "parameters")]
    given = {
        node.targets[0].id: ast.literal_eval(node.value) for node in ast.parse(cell.source).body
    }
    assert list(given) == list(Parameters.model_fields)
    assert read_parameters(given) == Parameters()


@NOTEBOOKS
def test_a_notebook_is_a_story_without_helpers(notebook):
    for cell in code(notebook):
        lines = cell.source.splitlines()
        assert tagged(cell, "parameters") or len(lines) <= LONGEST_CELL, cell.id
        assert all(len(line) <= 110 for line in lines), cell.id
        for node in ast.walk(ast.parse(cell.source)):
            assert not isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Lambda)), cell.id
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                assert node.module == "sahel_transitions.notebook", cell.id
        for word in ("read_csv", "open(", "rcParams", "Path("):
            assert word not in cell.source.replace("open_study(", ""), cell.id


@NOTEBOOKS
def test_a_notebook_says_what_it_cannot_tell(notebook):
    first = [cell for cell in notebook.cells if cell.cell_type == "markdown"][:2]
    assert first[0].source.startswith("# ")
    assert first[1].source.startswith("## What this cannot tell you")


@NOTEBOOKS
def test_nothing_of_one_execution_is_stored(notebook):
    assert "papermill" not in notebook.metadata
    assert "version" not in notebook.metadata.language_info
    for cell in notebook.cells:
        assert not {"papermill", "execution"} & set(cell.metadata), cell.id
        assert not tagged(cell, "injected-parameters")


@NOTEBOOKS
def test_stored_figures_have_alt_text(notebook):
    for cell in code(notebook):
        for output in cell.outputs:
            if "image/png" in output.get("data", {}):
                assert len(output.metadata["image/png"]["alt"]) > 40, cell.id
