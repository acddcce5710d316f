"""What nbval alone would let pass in a committed notebook is refused, and named."""

import shutil
import subprocess
import sys
from base64 import b64decode, b64encode
from xml.etree import ElementTree

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from sahel_transitions.paths import PROJECT

FIGURE = """
import io
from base64 import b64encode
from IPython.display import display
from matplotlib.figure import Figure
figure, drawn = Figure(figsize=(1, 1)), io.BytesIO()
figure.subplots().plot([1, 2])
figure.savefig(drawn, format="png")
png = b64encode(drawn.getvalue()).decode()
display({"image/png": png, "text/plain": "a figure"}, raw=True,
        metadata={"image/png": {"alt": "A line that rises."}, "sahel": {"figure": "rising"}})
"""


def one_byte(notebook):
    """Another value of one pixel or of its checksum, in the middle of the image."""
    data = notebook.cells[1].outputs[0].data
    png = bytearray(b64decode(data["image/png"]))
    png[len(png) // 2] ^= 1
    data["image/png"] = b64encode(png).decode()


def alt_text(notebook):
    notebook.cells[1].outputs[0].metadata["image/png"]["alt"] = "A line that falls."


def figure_id(notebook):
    notebook.cells[1].outputs[0].metadata["sahel"]["figure"] = "falling"


def stripped(notebook):
    for cell in notebook.cells:
        cell.outputs = []


def stripped_and_unrun(notebook):
    stripped(notebook)
    for cell in notebook.cells:
        cell.execution_count = None


def unrun(notebook):
    notebook.cells[1].execution_count = None


def ignored(notebook):
    notebook.cells[1].metadata["tags"] = ["nbval-ignore-output"]


def broken_import(notebook):
    notebook.cells[1].source = "import no_such_module"


REFUSED = {
    one_byte: ("Cell 1", "image of the figure 'rising' differs"),
    alt_text: ("Cell 1", "alt text of the figure 'rising' differs"),
    figure_id: ("Cell 1", "mismatch 'metadata'"),
    stripped: ("Cell 1", "No output of this cell is stored"),
    stripped_and_unrun: ("Cell 0", "This cell was not run"),
    unrun: ("Cell 1", "This cell was not run"),
    ignored: ("Cell 1", "exempts this cell"),
    broken_import: ("Cell 1", "No module named 'no_such_module'"),
}
# The cells after these rest on nothing, and say so.
STOPPED = {stripped, stripped_and_unrun, unrun, ignored, broken_import}


@pytest.fixture(scope="module")
def cells(tmp_path_factory):
    """Notebook → cell → (passed, failed or skipped; what is said), of one call of pytest."""
    folder = tmp_path_factory.mktemp("notebooks")
    shutil.copy(PROJECT / "conftest.py", folder)
    notebook = new_notebook(cells=[
        new_code_cell("a = 1", metadata={"tags": ["parameters"]}),
        *map(new_code_cell, [FIGURE, "a + 1", "a + 2"]),
    ])  # fmt: skip
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    stored = nbformat.writes(NotebookClient(notebook).execute())
    (folder / "whole.ipynb").write_text(stored)
    for change in REFUSED:
        changed = nbformat.reads(stored, as_version=4)
        change(changed)
        nbformat.write(changed, folder / f"{change.__name__}.ipynb")
    subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval", "--rootdir", folder, "-p", "no:cacheprovider",
         "--color=no", "-q", "--junitxml", folder / "said.xml", folder],
        capture_output=True, check=False, cwd=folder,
    )  # fmt: skip
    found = {}
    for case in ElementTree.parse(folder / "said.xml").iter("testcase"):
        said = next(iter(case), None)
        outcome = "passed" if said is None else said.tag
        text = "" if said is None else f"{said.get('message')} {said.text}"
        name = case.get("classname").removesuffix(".ipynb")
        found.setdefault(name, {})[case.get("name")] = (outcome, text)
    return found


def test_a_whole_notebook_passes(cells):
    assert [outcome for outcome, _ in cells["whole"].values()] == ["passed"] * 4


@pytest.mark.parametrize("change", REFUSED, ids=lambda change: change.__name__)
def test_it_is_refused_where_it_differs_and_what_follows_is_not_noise(cells, change):
    found = cells[change.__name__]
    cell, words = REFUSED[change]
    outcome, said = found[cell]
    assert outcome == "failure" and words in said
    after = [each for name, each in found.items() if name > cell]
    assert after
    if change in STOPPED:
        number = cell.removeprefix("Cell ")
        for outcome, said in after:
            assert outcome == "skipped" and f"not checked: cell {number} failed" in said
    else:
        assert {outcome for outcome, _ in after} == {"passed"}


def test_a_differing_figure_says_what_to_try(cells):
    _, said = cells["one_byte"]["Cell 1"]
    assert "make setup" in said and "sahel reference" in said
