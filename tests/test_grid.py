"""The grid of specifications as notebooks: complete, and the same answers as in process."""

import pytest
from conftest import study

from sahel_transitions.indicators import changes_at_shocks
from sahel_transitions.runs import (
    grid_answers,
    grid_notebook,
    grid_of_studies,
    run_each,
    unlike_in_process,
)


@pytest.fixture(scope="module")
def studies(tables):
    return grid_of_studies(study(), tables)


def test_the_grid_varies_what_it_declares_and_asks_of_every_shock(studies, tables):
    assert len(studies) == 3 * 2 * 2 * 2 * 2 == len({str(each.plain()) for each in studies})
    shocks = set(tables["shocks"].frame["shock_id"])
    assert all(set(each.shocks) == shocks for each in studies)
    assert {each.allocation for each in studies} == {"uniform_days", "start"}


def test_notebooks_answer_as_the_same_code_in_process(studies, tables, tmp_path):
    """Two far corners of the grid; all of it is run by `sahel robustness --notebooks`."""
    corners = [studies[0], studies[-1]]
    runs = run_each(corners, runs=tmp_path, notebooks=[grid_notebook()])
    answers = grid_answers(corners, runs)
    # Twelve months fit around seven shocks, twenty-four around the two Malian coups alone.
    assert len(answers) == 16 and answers["estimate"].notna().sum() == 7 + 2
    assert unlike_in_process(corners, answers, tables) == []


def test_an_answer_that_differs_is_named(studies, tables):
    answers = changes_at_shocks(studies[0], tables)
    assert unlike_in_process(studies[:1], answers, tables) == []
    moved = answers.assign(estimate=answers["estimate"] * 1.000001)
    (first, *others) = unlike_in_process(studies[:1], moved, tables)
    assert "shock coup_" in first and "estimate: expected" in first
    assert len(others) + 1 == answers["estimate"].notna().sum()
    lost = unlike_in_process(studies[:1], answers.iloc[1:], tables)
    assert "expected 8 answers of notebooks, found 7" in lost[0]
