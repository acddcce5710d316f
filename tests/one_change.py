"""Tables with one value changed, to see what rests on it."""

import dataclasses

import pandas as pd


def edited(tables, name, column, value, **where):
    """The tables with one cell changed in the one row that has these cells.

    `value` is the new cell, or what makes it of the old one.
    """
    frame = tables[name].frame.copy()
    rows = pd.Series(True, index=frame.index)
    for key, cell in where.items():
        rows &= frame[key] == cell
    assert rows.sum() == 1, where
    frame.loc[rows, column] = value(frame.loc[rows, column].iloc[0]) if callable(value) else value
    return tables.with_table(dataclasses.replace(tables[name], frame=frame))
