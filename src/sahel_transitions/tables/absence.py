"""Numbers that know whether, and why, they are absent.

A reader must be able to tell a true zero (covered, nothing recorded) from a missing value
(covered, but lost) and from a place or time that the source does not cover. A float with NaN
cannot say which. `StatedArray` carries a state beside each value through selection, joins,
concatenation, arithmetic, grouping and sums, and the worst state of the parts is the state of the
whole: a year with one uncovered month has no total.
"""

import numbers
import operator
from enum import IntEnum
from typing import Self

import numpy as np
import pandas as pd
from pandas.api.extensions import (
    ExtensionArray,
    ExtensionDtype,
    register_extension_dtype,
    take,
)
from pandas.api.indexers import check_array_indexer


class State(IntEnum):
    """How a number stands, from the best to the worst; the worst part decides for a sum."""

    OBSERVED = 0
    PROVISIONAL = 1
    MISSING = 2
    NOT_COVERED = 3


class Stated(float):
    """One number with its state. Absent ones are NaN, so that pandas sees them as absent."""

    __slots__ = ("state",)

    def __new__(cls, value: float, state: State = State.OBSERVED) -> Self:
        self = super().__new__(cls, value if state < State.MISSING else np.nan)
        self.state = State(state)
        return self

    def __repr__(self) -> str:
        return _show(float(self), self.state)

    __str__ = __repr__

    def __reduce__(self):
        return (Stated, (float(self), self.state))


@register_extension_dtype
class StatedDtype(ExtensionDtype):
    """The dtype `stated`: a float beside one of four states."""

    name = "stated"
    type = Stated
    kind = "f"
    _is_numeric = True
    na_value = Stated(np.nan, State.MISSING)

    @classmethod
    def construct_array_type(cls) -> "type[StatedArray]":
        return StatedArray


class StatedArray(ExtensionArray):
    """Values (float64) and their states (uint8), of equal length.

    Parameters
    ----------
    values : array of float
        NaN where absent. A NaN whose state claims that it was observed becomes *missing*.
    states : array of State, optional
        Without it every value is observed, and every NaN missing.

    Notes
    -----
    A key that a join or a reindexing adds is *missing*, never zero: only the declared coverage of
    the source can tell a true zero from an uncovered month (`resolve_absence`).
    """

    __array_priority__ = 1000

    def __init__(self, values, states=None):
        self._values = np.asarray(values, dtype="float64").copy()
        if states is None:
            states = np.zeros(len(self._values), dtype="uint8")
        self._states = np.asarray(states, dtype="uint8").copy()
        if self._values.shape != self._states.shape or self._values.ndim != 1:
            raise ValueError("values and states must be one-dimensional and of equal length")
        unexplained = np.isnan(self._values) & (self._states < State.MISSING)
        self._states[unexplained] = State.MISSING
        self._values[self._states >= State.MISSING] = np.nan

    # What pandas asks of an extension array
    @classmethod
    def _from_sequence(cls, scalars, *, dtype=None, copy=False) -> Self:
        if isinstance(scalars, StatedArray):
            return cls(scalars._values, scalars._states)
        scalars = list(scalars)
        values = [np.nan if pd.isna(scalar) else float(scalar) for scalar in scalars]
        states = [
            scalar.state
            if isinstance(scalar, Stated)
            else (State.MISSING if pd.isna(scalar) else State.OBSERVED)
            for scalar in scalars
        ]
        return cls(np.array(values, dtype="float64"), np.array(states, dtype="uint8"))

    @classmethod
    def _from_factorized(cls, values, original) -> Self:
        return cls._from_sequence(values)

    @property
    def dtype(self) -> StatedDtype:
        return StatedDtype()

    @property
    def nbytes(self) -> int:
        return self._values.nbytes + self._states.nbytes

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, item):
        item = check_array_indexer(self, item)
        if isinstance(item, numbers.Integral):
            return Stated(self._values[item], State(self._states[item]))
        return type(self)(self._values[item], self._states[item])

    def __setitem__(self, key, value) -> None:
        key = check_array_indexer(self, key)
        if isinstance(value, (numbers.Real, type(None), type(pd.NA))):
            value = self._from_sequence([value])[0]
            self._values[key], self._states[key] = float(value), value.state
            return
        value = self._from_sequence(value)
        self._values[key], self._states[key] = value._values, value._states

    def isna(self) -> np.ndarray:
        return self._states >= State.MISSING

    def copy(self) -> Self:
        return type(self)(self._values, self._states)

    def take(self, indices, *, allow_fill=False, fill_value=None) -> Self:
        fill = self._from_sequence([fill_value])[0] if allow_fill else None
        values = take(
            self._values,
            indices,
            allow_fill=allow_fill,
            fill_value=float(fill) if allow_fill else None,
        )
        states = take(
            self._states,
            indices,
            allow_fill=allow_fill,
            fill_value=int(fill.state) if allow_fill else None,
        )
        return type(self)(values, states)

    @classmethod
    def _concat_same_type(cls, to_concat) -> Self:
        return cls(
            np.concatenate([array._values for array in to_concat]),
            np.concatenate([array._states for array in to_concat]),
        )

    def to_numpy(self, dtype=None, copy=False, na_value=np.nan) -> np.ndarray:
        return self._values.astype(dtype or "float64", copy=True)

    def __array__(self, dtype=None, copy=None) -> np.ndarray:
        return self.to_numpy(dtype)

    def _values_for_argsort(self) -> np.ndarray:
        return self._values

    def _values_for_factorize(self):
        return self._values, np.nan

    def _formatter(self, boxed: bool = False):
        return repr

    # Arithmetic and sums: the worst state wins
    def _combine(self, other, operation) -> Self:
        if isinstance(other, (pd.Series, pd.Index, pd.DataFrame)):
            return NotImplemented
        if isinstance(other, StatedArray):
            values, states = other._values, other._states
        else:
            values = np.asarray(other, dtype="float64")
            states = np.where(np.isnan(values), State.MISSING, State.OBSERVED).astype("uint8")
        with np.errstate(divide="ignore", invalid="ignore"):
            result = operation(self._values, values)
        return type(self)(result, np.maximum(self._states, states))

    def __add__(self, other):
        return self._combine(other, operator.add)

    __radd__ = __add__

    def __sub__(self, other):
        return self._combine(other, operator.sub)

    def __mul__(self, other):
        return self._combine(other, operator.mul)

    __rmul__ = __mul__

    def __truediv__(self, other):
        return self._combine(other, operator.truediv)

    def _compare(self, other, operation):
        if isinstance(other, (pd.Series, pd.Index, pd.DataFrame)):
            return NotImplemented
        return operation(self._values, np.asarray(other, dtype="float64"))

    def __eq__(self, other):
        return self._compare(other, operator.eq)

    def __ne__(self, other):
        return self._compare(other, operator.ne)

    def __lt__(self, other):
        return self._compare(other, operator.lt)

    def __le__(self, other):
        return self._compare(other, operator.le)

    def __gt__(self, other):
        return self._compare(other, operator.gt)

    def __ge__(self, other):
        return self._compare(other, operator.ge)

    __hash__ = None

    def _reduce(self, name: str, *, skipna: bool = True, keepdims: bool = False, **kwargs):
        reducers = {"sum": np.sum, "min": np.min, "max": np.max, "mean": np.mean}
        if name not in reducers:
            raise TypeError(f"a number with a state of absence has no {name!r}; use sum or mean")
        worst = State(self._states.max(initial=State.OBSERVED))
        empty = len(self) == 0 and name != "sum"
        value = np.nan if worst >= State.MISSING or empty else reducers[name](self._values)
        result = Stated(value, State.MISSING if empty else worst)
        return type(self)._from_sequence([result]) if keepdims else result

    def _groupby_op(self, *, how, has_dropped_na, min_count, ngroups, ids, **kwargs):
        if how != "sum":
            raise TypeError(f"groups of numbers with a state of absence are summed, not {how!r}")
        inside = ids >= 0
        states = np.zeros(ngroups, dtype="uint8")
        np.maximum.at(states, ids[inside], self._states[inside])
        values = np.bincount(
            ids[inside], weights=np.nan_to_num(self._values[inside]), minlength=ngroups
        )
        return type(self)(values[:ngroups], states)

    # What this project asks
    @property
    def states(self) -> np.ndarray:
        """The states as numbers (see `State`), a copy."""
        return self._states.copy()

    def labels(self) -> np.ndarray:
        """One of observed, zero, missing, not_covered, provisional for each value."""
        names = np.array(["observed", "provisional", "missing", "not_covered"], dtype=object)
        labels = names[self._states]
        labels[(self._states == State.OBSERVED) & (self._values == 0)] = "zero"
        return labels


def resolve_absence(
    values: pd.Series,
    covered: np.ndarray,
    provisional: np.ndarray | None = None,
    lost: np.ndarray | None = None,
) -> pd.Series:
    """Turn the gaps of a series into true zeros, *missing* or *not covered*, as the coverage says.

    Parameters
    ----------
    values : Series of float or stated
        NaN where the table has no row for the key.
    covered : array of bool
        Whether the source covers the key of each row.
    provisional : array of bool, optional
        Whether the source still expects to revise the key of each row.
    lost : array of bool, optional
        Whether the value of the key is lost, though covered.

    Returns
    -------
    Series of stated
        Covered gaps are 0, lost ones missing; everything outside the coverage is not covered,
        whatever it held.
    """
    numbers_ = values.to_numpy(dtype="float64", na_value=np.nan)
    covered = np.asarray(covered, dtype=bool)
    filled = np.where(np.isnan(numbers_) & covered, 0.0, numbers_)
    states = np.where(covered, State.OBSERVED, State.NOT_COVERED)
    if provisional is not None:
        states = np.where(covered & np.asarray(provisional, dtype=bool), State.PROVISIONAL, states)
    if lost is not None:
        states = np.where(covered & np.asarray(lost, dtype=bool), State.MISSING, states)
    return pd.Series(StatedArray(filled, states), index=values.index, name=values.name)


def _show(value: float, state: State) -> str:
    if state >= State.MISSING:
        return state.name.lower().replace("_", " ")
    text = f"{value:g}"
    return f"{text} (provisional)" if state == State.PROVISIONAL else text
