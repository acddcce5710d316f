"""Tables and their declarations: what is wrong is said in full, and where."""

import shutil

import pandas as pd
import pytest
from word_runs import runs_of_the_documents, word_runs

from sahel_transitions.errors import TableProblems
from sahel_transitions.paths import CODED, DERIVED
from sahel_transitions.tables import Tables, check_references, read_table, seal_table

ALL = sorted([*CODED.glob("*.csv"), *DERIVED.glob("*.csv")])


@pytest.fixture
def deadlines(tmp_path):
    """A copy of the ledger that a test may break."""
    for ending in ("csv", "yml"):
        shutil.copy(CODED / f"deadlines.{ending}", tmp_path / f"deadlines.{ending}")
    return tmp_path / "deadlines.csv"


def replace(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def problems(path):
    with pytest.raises(TableProblems) as raised:
        read_table(path)
    return raised.value.problems


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_every_table_of_the_project_is_as_it_declares(path):
    assert len(read_table(path).frame) > 0


def test_every_reference_leads_somewhere(tables):
    assert check_references(tables) == []


def test_every_table_cites_its_source_or_each_row_does(tables):
    keys = set(tables["sources"].frame["key"])
    for name in set(tables) - {"sources", "actors"}:
        table = tables[name]
        refers = [column.refers_to for column in table.declaration.columns.values()]
        assert table.declaration.citation or "sources.key" in refers, name
        assert set(table.declaration.citation) <= keys


def test_every_table_may_be_passed_on(tables):
    assert all(tables.declaration(name).redistribution for name in tables)


def test_an_edited_cell_is_noticed_by_its_hash(deadlines):
    replace(deadlines, "2024-02-04", "2024-02-11")
    (problem,) = problems(deadlines)
    assert "declared content" in problem.expected


def test_all_problems_come_at_once_with_line_and_column(deadlines):
    replace(deadlines, "2024-02-04", "4 February 2024")
    replace(deadlines, ",roadmap,", ",road map,")
    found = {(problem.column, problem.found) for problem in problems(deadlines)}
    assert ("due_on", "'4 February 2024'") in found
    assert ("legal_form", "'road map'") in found
    lines = [problem.row for problem in problems(deadlines) if problem.column == "due_on"]
    text = deadlines.read_text(encoding="utf-8").splitlines()
    assert "4 February 2024" in text[lines[0] - 1]


def test_the_nearest_allowed_value_is_named(deadlines):
    replace(deadlines, ",roadmap,", ",road map,")
    (problem,) = [each for each in problems(deadlines) if each.column == "legal_form"]
    assert "'roadmap'" in problem.remedy


def test_a_renamed_column_is_named_with_the_nearest(deadlines):
    replace(deadlines, "announced_on", "announced")
    found = {problem.column: problem for problem in problems(deadlines)}
    assert "'announced_on'" in found["announced"].remedy
    assert found["announced_on"].found == "none"


def test_a_second_row_for_a_key_is_a_problem(deadlines):
    text = deadlines.read_text(encoding="utf-8")
    deadlines.write_text(text + text.splitlines()[-1] + "\n", encoding="utf-8")
    assert any("second row" in problem.found for problem in problems(deadlines))


def test_an_empty_cell_needs_a_declared_meaning(deadlines):
    replace(deadlines, "MLI-T-01,MLI,", "MLI-T-01,,")
    assert any(problem.found == "an empty cell" for problem in problems(deadlines))


def test_a_misspelt_key_of_a_declaration_is_named_with_the_nearest(deadlines):
    replace(deadlines.with_suffix(".yml"), "vintage_released:", "vintage_relased:")
    remedies = [problem.remedy for problem in problems(deadlines)]
    assert any("'vintage_released'" in remedy for remedy in remedies)


def test_a_table_that_may_not_be_passed_on_is_refused(deadlines):
    replace(deadlines.with_suffix(".yml"), "licence: CC-BY-4.0", "licence: ACLED terms")
    assert any(problem.column == "licence" for problem in problems(deadlines))


def test_a_sealed_edit_reads_again(deadlines):
    replace(deadlines, "2024-02-04", "2024-02-11")
    assert seal_table(deadlines, "the vote was moved")
    assert "2024-02-11" in set(read_table(deadlines).frame["due_on"])
    assert read_table(deadlines).declaration.last_change == "the vote was moved"
    assert not seal_table(deadlines, "again")


def test_an_unknown_table_is_named_with_the_nearest():
    with pytest.raises(KeyError, match="deadlines"):
        Tables()["deadline"]


def test_every_event_of_the_working_chronology_has_one_place(tables):
    placed = {
        record
        for name in tables
        if "record" in tables[name].frame and name != "left_out"
        for cell in tables[name].frame["record"]
        for record in cell
    }
    left_out = set(tables["left_out"].frame["record"])
    assert placed.isdisjoint(left_out)
    # 192 dated events, E001 to E192.
    assert placed | left_out == {f"E{number:03d}" for number in range(1, 193)}


@pytest.mark.shared
def test_the_working_chronology_is_the_one_that_was_coded(tables, shared):
    events = pd.read_csv(shared / "dossier" / "chronology.csv")
    assert set(events["event_id"]) == {f"E{number:03d}" for number in range(1, 193)}
    by_event = events.set_index("event_id")
    for row in tables["left_out"].frame.itertuples():
        assert by_event.at[row.record, "date"] == row.date


@pytest.mark.shared
def test_no_table_carries_a_sentence_of_the_documents(tables, shared):
    runs = runs_of_the_documents(shared)
    titles = set(tables["sources"].frame["title"])
    for name in tables:
        for column, cells in tables[name].frame.select_dtypes(["str", "object"]).items():
            for cell in cells.dropna():
                if isinstance(cell, str) and cell not in titles and column != "url":
                    assert not word_runs(cell) & runs, (name, column, cell)
