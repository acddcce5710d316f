"""The run contract: no success that is none, and one cause said once."""

import json
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from conftest import study
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from sahel_transitions.paths import REFERENCE
from sahel_transitions.runs import ContractBroken, FailedRun, causes, grid_notebook, run_each
from sahel_transitions.runs.bounds import Bounds, beyond_bounds
from sahel_transitions.runs.causes import told
from sahel_transitions.runs.contract import Contract, broken_promises, swallows
from sahel_transitions.runs.engine import Failure, Job, execute
from sahel_transitions.runs.engine.cells import Cell, cell_at
from sahel_transitions.runs.identity import notebook_paths

BOTH = ["MLI", "BFA"]
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def number(value, id="deaths.MLI.2020", **ends):
    """A recorded value."""
    return {"id": id, "value": value, "low": None, "high": None, "state": None, **ends}


def faults(*values, **declared):
    bounds = {"deaths.": Bounds(**{"value": (0, 10), **declared})}
    return [str(fault) for fault in beyond_bounds([*values], bounds)]


# Bounds


@pytest.mark.parametrize(
    "value",
    [
        number(0), number(10), number(5, low=5, high=5), number(None, state="missing"),
        number("2020-01", low="2019-01", high="2021-01"), number(3.5),
    ],
    ids=str,
)  # fmt: skip
def test_bounds_belong_to_what_is_allowed_and_bind_numbers_alone(value):
    assert faults(value) == []


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (number(-1), "a value of 'deaths.' is outside [0, 10]: deaths.MLI.2020 has the value -1"),
        (number(10.5), "outside [0, 10]"),
        (number(5, low=-3, high=6), "a low of 'deaths.' is outside [0, 10]"),
        (number(5, low=4, high=11), "a high of 'deaths.' is outside [0, 10]"),
        (number(5, low=6, high=7), "outside its own interval: deaths.MLI.2020 is 5 in [6, 7]"),
        (number(5, low=3, high=4), "outside its own interval: deaths.MLI.2020 is 5 in [3, 4]"),
        (number(float("nan")), "not finite"),
        (number(float("inf")), "not finite"),
        (number(5, high=float("nan"), low=1), "not finite"),
        (number(1, "rates.MLI"), "no bounds are declared for values that begin with 'rates.'"),
    ],
    ids=str,
)
def test_a_number_outside_its_bounds_is_named(value, said):
    assert any(said in fault for fault in faults(value)), faults(value)


def test_open_ends_own_limits_of_intervals_and_whole_numbers():
    assert faults(number(1e9), value=(0, None)) == []
    assert faults(number(5, low=-5, high=6), low=(-10, 10)) == []
    assert "no whole number" in faults(number(0.5), whole=True)[0]
    assert faults(number(5.0), whole=True) == []
    assert faults(number(5, low=6, high=7), ordered=False) == []
    # A truth is no number, though Python counts it as 1.
    assert faults(number(True), value=(5, 10)) == []


def test_the_longest_beginning_holds():
    bounds = {"curves.": Bounds(value=(0, 1)), "curves.asked": Bounds(value=(0, None))}
    assert beyond_bounds([number(99, "curves.asked")], bounds) == []
    assert beyond_bounds([number(99, "curves.above")], bounds)


def test_many_numbers_outside_one_bound_are_one_fault():
    (fault,) = faults(*(number(-year, f"deaths.MLI.{year}") for year in range(1, 1202)))
    assert fault.endswith("deaths.MLI.1 has the value -1 (and 1,200 more)")


@pytest.mark.parametrize("path", [*notebook_paths(), grid_notebook()], ids=lambda path: path.stem)
def test_a_contract_that_is_misspelt_is_not_understood(path):
    declared = nbformat.read(path, as_version=4).metadata["sahel"]
    assert Contract.model_validate(declared)
    for wrong in ({"bound": {}}, {"may_be_empty": ["nothing"]}):
        with pytest.raises(ValueError, match=r"bound|nothing"):
            Contract.model_validate({**declared, **wrong})


def declared_bounds():
    contracts = [
        Contract.model_validate(nbformat.read(path, as_version=4).metadata["sahel"])
        for path in notebook_paths()
    ]
    found = {}
    for contract in contracts:
        for beginning, bounds in contract.bounds_of(BOTH).items():
            assert found.setdefault(beginning, bounds) == bounds, beginning
    return found


def test_the_reference_lies_within_the_declared_bounds_and_each_of_them_binds_something():
    values = json.loads((REFERENCE / "results.json").read_text(encoding="utf-8"))["values"]
    bounds = declared_bounds()
    strict = {each: found.model_copy(update={"ordered": True}) for each, found in bounds.items()}
    assert beyond_bounds(values, strict) == []
    numbers = [value["id"] for value in values if isinstance(value["value"], (int, float))]
    idle = [each for each in bounds if not any(id.startswith(each) for id in numbers)]
    assert idle == []


def test_a_value_of_the_reference_that_is_spoilt_is_seen():
    """Each number once with its sign or size spoilt: none of them has bounds that hold anything."""
    values = json.loads((REFERENCE / "results.json").read_text(encoding="utf-8"))["values"]
    bounds = declared_bounds()
    spoilt = [
        {**value, "value": -1e9, "low": None, "high": None}
        for value in values
        if isinstance(value["value"], (int, float))
    ]
    unseen = [value["id"] for value in spoilt if not beyond_bounds([value], bounds)]
    assert unseen == []


# What a notebook left


@pytest.fixture
def left(tmp_path):
    """A notebook with a figure and all that it left, with changes; the faults in it."""

    def found(*cells, kept=None, outputs=(), may_be_empty=(), executed=True):
        source = [new_code_cell(cell, id=f"cell-{place}") for place, cell in enumerate(cells)]
        notebook = new_notebook(cells=source, metadata={"kernelspec": KERNEL})
        notebook.metadata["sahel"] = {
            "figures": ["lines"], "tables": [], "values": [], "may_be_empty": [*may_be_empty],
        }  # fmt: skip
        path = tmp_path / "small.ipynb"
        nbformat.write(notebook, path)
        for folder in ("records", "figures", "notebooks"):
            (tmp_path / folder).mkdir(exist_ok=True)
        record = {"values": [], "figures": ["lines"], "tables": [], "findings": []}
        (tmp_path / "records/small.json").write_text(json.dumps(record))
        for ending in ("svg", "png", "csv"):
            (tmp_path / f"figures/lines.{ending}").write_text("x")
        panels = [{"marks": 3, "says": None}]
        kept = {"alt": "A line.", "rows": 3, "panels": panels, **(kept or {})}
        (tmp_path / "figures/lines.json").write_text(json.dumps(kept))
        if executed:
            notebook.cells[-1].outputs = [*outputs]
            nbformat.write(notebook, tmp_path / "notebooks/small.ipynb")
        return broken_promises(path, tmp_path, BOTH)

    return found


def test_a_figure_with_marks_or_a_reason_keeps_the_contract(left):
    assert left("1") == []
    said = [{"marks": 3, "says": None}, {"marks": 0, "says": "not covered"}]
    assert left("1", kept={"panels": said}) == []
    assert left("1", kept={"panels": said[1:], "rows": 0}, may_be_empty=["lines"]) == []


@pytest.mark.parametrize(
    ("kept", "may_be_empty", "said"),
    [
        ({"panels": [{"marks": 3, "says": None}, {"marks": 0, "says": None}]}, (),
         "a panel of the figure 'lines' has no marks and does not say why: 2 of 2"),
        ({"panels": []}, (), "the figure 'lines' has no panel"),
        ({"rows": 0}, (), "the data of the figure 'lines' are empty"),
        # What may be empty must say so all the same.
        ({"rows": 0, "panels": [{"marks": 0, "says": None}]}, ["lines"], "does not say why"),
        ({"alt": ""}, (), "has no alt text"),
    ],
)  # fmt: skip
def test_a_figure_that_shows_nothing_breaks_it(left, kept, may_be_empty, said):
    (fault,) = left("1", kept=kept, may_be_empty=may_be_empty)
    assert said in str(fault)


@pytest.mark.parametrize(
    ("output", "kind", "said"),
    [
        (new_output("stream", name="stderr", text="<cell>:1: RuntimeWarning: divide by zero\n  x"),
         "warned", "cell 'cell-1': it was warned: <cell>:1: RuntimeWarning: divide by zero"),
        (new_output("error", ename="KeyError", evalue="'x'", traceback=[]),
         "swallowed", "cell 'cell-1': it went on after KeyError: 'x'"),
    ],
)  # fmt: skip
def test_what_an_executed_notebook_was_warned_of_or_went_on_after_is_named(
    left, output, kind, said
):
    (fault,) = left("1", "2", outputs=[output])
    assert (fault.kind, str(fault)) == (kind, said)
    assert fault.cell == Cell("cell-1", 2, "2")


def test_words_to_the_reader_are_no_warning_and_a_lost_notebook_is_a_fault(left):
    assert [str(fault) for fault in left("1", executed=False)] == ["there is no executed notebook"]
    assert left("1", outputs=[new_output("stream", name="stdout", text="all is well")]) == []


SWALLOWING = {
    "try": "try:\n    1 / 0\nexcept ZeroDivisionError:\n    pass",
    "finally": "for a in b:\n    try:\n        1 / 0\n    finally:\n        continue",
    "suppress": "from contextlib import suppress\nwith suppress(Exception):\n    1 / 0",
    "by_module": "import contextlib\nwith contextlib.suppress(Exception):\n    1 / 0",
    "beside_magic": "%matplotlib inline\ntry:\n    1 / 0\nexcept Exception:\n    pass",
}


@pytest.mark.parametrize("source", SWALLOWING.values(), ids=SWALLOWING.keys())
def test_a_cell_that_may_swallow_an_exception_is_named(left, source):
    (fault,) = left("1", source)
    assert fault.kind == "swallowed" and fault.cell.number == 2


def test_a_cell_that_may_raise_is_one_of_them():
    cell = new_code_cell("1 / 0", metadata={"tags": ["raises-exception"]})
    assert swallows(cell) and not swallows(new_code_cell("1 / 0"))
    assert not swallows(new_code_cell("'try: suppress'  # try"))


@pytest.mark.parametrize("path", [*notebook_paths(), grid_notebook()], ids=lambda path: path.stem)
def test_no_committed_notebook_swallows_or_was_warned(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            assert not swallows(cell), cell.id
            assert all(output.get("name") != "stderr" for output in cell.outputs), cell.id


# Where a cell is


@pytest.fixture
def source(tmp_path):
    """Words, parameters, and two cells."""
    cells = [
        new_markdown_cell("# Title", id="title"),
        new_code_cell("a = 1", id="parameters", metadata={"tags": ["parameters"]}),
        new_code_cell("\nb = 2\nb", id="second"),
        new_code_cell("raise ValueError(f'at {a} of 7')", id="third"),
    ]
    path = tmp_path / "source.ipynb"
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": KERNEL}), path)
    return path


def test_cells_are_counted_as_in_the_source(source):
    given = [cell_at(source, number, given=True) for number in range(5)]
    assert [cell.number for cell in given] == [1, 2, None, 3, 4]
    assert cell_at(source, 2, given=False) == given[3] == Cell("second", 3, "b = 2")
    assert (
        given[3].in_full("source") == "cell 'second' of source.ipynb, the 3rd from its top: b = 2"
    )
    assert given[2].in_full("source") == "the parameters that the run puts into source.ipynb"


@pytest.mark.parametrize("plain", [False, True], ids=["forked", "plain"])
def test_both_ways_of_executing_name_the_cell_of_the_source(source, tmp_path, plain):
    ended = []
    execute([Job(source, tmp_path / "run", {"a": 3})], done=ended.append, plain_kernel=plain)
    (failure,) = [outcome.failure for outcome in ended]
    assert failure.kind == "ValueError" and failure.cause == "ValueError: at 3 of 7"
    assert failure.cell.id == "third" and failure.cell.number == 4


# Causes


def failed(notebook="a", failure=None, **given):
    failure = failure or Failure("ValueError: 1 is wrong", Cell("x", 4, "f(x)"), "ValueError")
    return FailedRun(notebook, study(**given).plain(), failure, Path("runs/first.failed"))


def test_one_error_of_seven_notebooks_is_one_cause():
    (cause,) = causes(failed(name) for name in "abcdefg")
    assert cause.notebooks == tuple("abcdefg") and cause.runs == 1 and cause.given == {}
    assert told([cause]) == [
        "a, b, c, d, e, f, g: ValueError: 1 is wrong; first in cell 'x' of a.ipynb, the 4th from its "
        "top: f(x)",
        "  with the default parameters",
        f"  try: {cause.remedy}",
    ]


def test_one_error_of_three_hundred_runs_is_one_cause_though_its_numbers_differ():
    made = [
        failed(failure=Failure(f"ValueError: {seed} is wrong", None, "ValueError"), seed=seed,
               window=6, countries="MLI,NER")
        for seed in range(300)
    ]  # fmt: skip
    (cause,) = causes(made)
    assert cause.runs == 300 and cause.first is made[0]
    assert cause.given == {"countries": ["MLI", "NER"], "window": 6, "seed": 0}
    assert cause.shared == ("countries", "window")
    said = "with -p countries=MLI,NER -p window=6 in all of them; -p seed=0 in the first"
    assert cause.studies == f"in 300 runs, {said}"


def test_what_causes_have_in_common_is_said_once():
    empty = [
        failed(failure=Failure(f"the table {name!r} is empty", None, "empty")) for name in "ab"
    ]
    lines = told(causes(empty))
    assert len(lines) == 4 and sum("try: " in line for line in lines) == 1


def test_unlike_causes_stay_apart_and_the_widest_comes_first():
    other = Failure("KeyError: 'x'", None, "KeyError")
    found = causes([failed(failure=other), failed(), failed(window=6)])
    assert [(cause.first.failure.kind, cause.runs) for cause in found] == [
        ("ValueError", 2), ("KeyError", 1),
    ]  # fmt: skip
    # The same words by another way are another cause: what to try differs.
    slow = Failure("it ended", None, "time")
    assert len(causes([failed(failure=slow), failed(failure=replace(slow, kind="killed"))])) == 2


@pytest.mark.parametrize(
    ("kind", "remedy"),
    [
        ("time", "longer limit"), ("CellTimeoutError", "longer limit"), ("MemoryError", "memory"),
        ("killed", "memory"), ("ended", "sys.exit"), ("Refusal", "correct the parameter"),
        ("KeyError", "missing"), ("bounds", "correct the bounds"), ("empty", "widen the study"),
        ("unmarked", "mark_uncovered"), ("warned", "division by zero"), ("swallowed", "exception"),
        ("missing", "promises"), ("undeclared", "declare"), ("lost", "one worker"),
        ("ZeroDivisionError", "traceback"),
    ],
)  # fmt: skip
def test_each_kind_of_cause_says_what_to_try(kind, remedy):
    (cause,) = causes([failed(failure=Failure("something", None, kind))])
    assert remedy in cause.remedy


# Whole runs

OPEN = (
    "from sahel_transitions.notebook import open_study\n"
    'study = open_study("{name}", globals(), "shocks")'
)
RECORD = (
    "import pandas as pd\n"
    'study.record("value.{id}.{{country}}", pd.DataFrame({{"country": study.parameters.countries,'
    ' "value": {value}, "unit": "x"}}))'
)


@pytest.fixture
def written(tmp_path):
    """A notebook that records a value of each country."""

    def made(name, *cells, value="1", id=None):
        id = id or name
        parameters = new_code_cell('countries = "MLI,BFA"', metadata={"tags": ["parameters"]})
        sources = [
            OPEN.format(name=name),
            RECORD.format(id=id, value=value),
            *cells,
            "study.close()",
        ]
        ids = ["open", "values", *(f"cell-{place}" for place in range(len(cells))), "close"]
        cells = [new_code_cell(text, id=id) for text, id in zip(sources, ids, strict=True)]
        notebook = new_notebook(cells=[parameters, *cells], metadata={"kernelspec": KERNEL})
        notebook.metadata["sahel"] = {
            "figures": [], "tables": [], "values": [f"value.{id}.{{country}}"],
            "bounds": {"value.": {"value": [0, 5]}},
        }  # fmt: skip
        path = tmp_path / f"{name}.ipynb"
        nbformat.write(notebook, path)
        return path

    return made


def test_runs_that_break_one_promise_are_told_as_one_and_a_sound_one_is_kept(written, tmp_path):
    """Two studies and three notebooks: a bound broken by both, a warning, and nothing."""
    warn = "import numpy as np\nnp.log(np.zeros(1));"
    paths = [
        written("bound", value="study.parameters.window"),
        written("warned", warn),
        written("sound"),
    ]
    studies = [study(window=6), study(window=7, start="2018-01"), study(window=5)]
    with pytest.raises(ContractBroken) as raised:
        run_each(studies, runs=tmp_path / "runs", notebooks=[paths[0], paths[2]])
    text = str(raised.value)
    assert text.startswith("2 runs failed; what there is of the first lies in ")
    assert text.count("is outside [0, 5]") == 1 and "bound: a value of 'value.'" in text
    assert "in 2 runs" in text and "-p window=6 in the first" in text and "sound" not in text
    kept = [path for path in (tmp_path / "runs").iterdir() if len(path.name) == 12]
    assert len(kept) == 1
    with pytest.raises(ContractBroken, match="RuntimeWarning: divide by zero") as raised:
        run_each(studies[:1], runs=tmp_path / "runs", notebooks=[paths[1]])
    assert "cell 'cell-0' of warned.ipynb, the 4th from its top: import numpy as np" in str(
        raised.value
    )


def test_an_infinite_value_ends_its_notebook(written, tmp_path):
    with pytest.raises(ContractBroken, match=r"value\.far\.MLI is infinite"):
        run_each([study()], runs=tmp_path / "runs", notebooks=[written("far", value="1e308 * 10")])


def test_notebooks_that_record_unlike_values_under_one_id_are_a_cause(written, tmp_path):
    """No error of ours: the other study is made all the same."""
    paths = [written("one", id="same"), written("two", id="same", value="study.parameters.window")]
    with pytest.raises(ContractBroken, match=r"unlike values are recorded as 'value\.same\.MLI'"):
        run_each([study(window=2), study(window=1)], runs=tmp_path / "runs", notebooks=paths)
    assert len([path for path in (tmp_path / "runs").iterdir() if len(path.name) == 12]) == 1
