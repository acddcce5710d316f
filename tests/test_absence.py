"""Three states of absence survive what is done to a table."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sahel_transitions.tables import State, Stated, StatedArray, resolve_absence

OBSERVED, PROVISIONAL, MISSING, NOT_COVERED = State


def series(*cells: tuple[float, State]) -> pd.Series:
    return pd.Series(StatedArray([value for value, _ in cells], [state for _, state in cells]))


@pytest.mark.parametrize(
    ("cell", "label"),
    [
        ((3, OBSERVED), "observed"),
        ((0, OBSERVED), "zero"),
        ((0, PROVISIONAL), "provisional"),
        ((5, MISSING), "missing"),
        ((5, NOT_COVERED), "not_covered"),
        ((np.nan, OBSERVED), "missing"),
    ],
)
def test_each_cell_says_how_it_stands(cell, label):
    assert series(cell).array.labels() == [label]


def test_an_absent_number_has_no_value():
    assert series((5, NOT_COVERED), (5, MISSING)).isna().all()


def test_a_join_adds_missing_numbers_not_zeros():
    left = pd.DataFrame({"key": ["a", "b"]})
    right = pd.DataFrame({"key": ["a"], "value": series((0, OBSERVED))})
    joined = left.merge(right, on="key", how="left")
    assert list(joined["value"].array.labels()) == ["zero", "missing"]


def test_states_survive_selection_concatenation_and_reshaping():
    frame = pd.DataFrame(
        {"row": list("aabb"), "column": [1, 2, 1, 2],
         "value": series((1, OBSERVED), (2, PROVISIONAL), (0, NOT_COVERED), (0, OBSERVED))}
    )  # fmt: skip
    wide = pd.concat([frame[:2], frame[2:]]).pivot(index="row", columns="column", values="value")
    assert list(wide[2].array.labels()) == ["provisional", "zero"]
    assert list(wide[1].array.labels()) == ["observed", "not_covered"]


def test_a_group_with_an_uncovered_part_has_no_total():
    frame = pd.DataFrame(
        {"year": [1, 1, 2, 2],
         "value": series((4, OBSERVED), (0, NOT_COVERED), (0, OBSERVED), (0, OBSERVED))}
    )  # fmt: skip
    totals = frame.groupby("year")["value"].sum()
    assert list(totals.array.labels()) == ["not_covered", "zero"]


def test_rates_inherit_the_worse_state():
    rate = series((4, OBSERVED), (4, PROVISIONAL)) / series((2, MISSING), (2, OBSERVED))
    assert list(rate.array.labels()) == ["missing", "provisional"]
    assert rate[1] == 2


def test_medians_of_numbers_with_states_are_refused():
    with pytest.raises(TypeError, match="summed"):
        pd.DataFrame({"key": [1], "value": series((1, OBSERVED))}).groupby("key")["value"].median()


def test_gaps_inside_the_coverage_are_zeros_and_outside_they_are_not():
    values = pd.Series([np.nan, np.nan, 7.0, 7.0])
    resolved = resolve_absence(values, [True, False, True, False], [False, False, True, False])
    assert list(resolved.array.labels()) == ["zero", "not_covered", "provisional", "not_covered"]


cells = st.tuples(st.integers(0, 50).map(float), st.sampled_from(list(State)))


@given(st.lists(cells, min_size=1), st.integers(0, 50))
def test_a_sum_does_not_depend_on_how_it_is_split(parts, at):
    array = StatedArray([value for value, _ in parts], [state for _, state in parts])
    whole = pd.Series(array).sum()
    halves = [pd.Series(array[:at]).sum(), pd.Series(array[at:]).sum()]
    again = pd.Series(StatedArray._from_sequence(halves)).sum()
    assert again.state == whole.state
    assert again == whole or (np.isnan(again) and np.isnan(whole))


@given(st.lists(cells, min_size=1))
def test_a_sum_is_as_bad_as_its_worst_part(parts):
    assert series(*parts).sum().state == max(state for _, state in parts)


def test_a_number_keeps_its_state_alone():
    cell = series((4, PROVISIONAL))[0]
    assert isinstance(cell, Stated)
    assert (float(cell), cell.state) == (4.0, PROVISIONAL)
