"""Corrections of outside data: declared in YAML, each with a reason, a source and what it expects.

A correction names one cell. If the cell holds what is expected, it is replaced; if it holds
anything else, or the row is gone, the producer has changed the data and the correction is no longer
needed, which is a problem and not silently passed over.
"""

from pathlib import Path

import pandas as pd
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from sahel_transitions.errors import Problem, TableProblems
from sahel_transitions.paths import CORRECTIONS


class Correction(BaseModel):
    """One cell that is wrong: where it is, what is expected there, and what should be.

    `country` and `year` say, as the source writes them, to which part of the data the row belongs:
    a file without that part cannot tell whether the correction is still needed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    where: dict[str, str]
    country: int | str
    year: int
    column: str
    expect: str
    value: str
    reason: str
    source: str


def read_corrections(source: str, folder: Path = CORRECTIONS) -> list[Correction]:
    """The corrections of a dataset by its name; none where there is no file.

    Raises
    ------
    TableProblems
        Naming every key that is unknown, absent or wrong.
    """
    path = folder / f"{source}.yml"
    if not path.is_file():
        return []
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8")) or []
        return [Correction.model_validate(entry) for entry in entries]
    except (yaml.YAMLError, ValidationError, TypeError) as error:
        reason = " ".join(str(error).split())
        problem = Problem(
            f"corrections/{path.name}", None, None, "a list of corrections", reason,
            "Give each where, country, year, column, expect, value, reason and source.",
        )  # fmt: skip
        raise TableProblems([problem]) from error


def apply_corrections(
    cells: pd.DataFrame,
    corrections: list[Correction],
    *,
    country: str,
    year: str,
) -> tuple[pd.DataFrame, list[Problem]]:
    """Replace the cells that are wrong.

    Parameters
    ----------
    cells : DataFrame
        Text, one row an observation.
    country, year : str
        The columns that say to which part of the data a row belongs.

    Returns
    -------
    DataFrame
        A copy with the corrected cells.
    list of Problem
        One for each correction that is no longer needed.
    """
    cells, problems = cells.copy(), []
    for correction in corrections:
        there = pd.Series(True, index=cells.index)
        for column, value in correction.where.items():
            there &= cells[column] == value
        rows = cells.index[there]
        name = ", ".join(f"{key} {value}" for key, value in correction.where.items())
        if not len(rows):
            part = (cells[country] == str(correction.country)) & (
                cells[year] == str(correction.year)
            )
            if part.any():
                problems.append(_needless(correction, name, "no such row"))
            continue
        found = cells.loc[rows, correction.column]
        if (found == correction.expect).all():
            cells.loc[rows, correction.column] = correction.value
        else:
            problems.append(_needless(correction, name, repr(found.iloc[0])))
    return cells, problems


def _needless(correction: Correction, name: str, found: str) -> Problem:
    return Problem(
        f"correction of {name}", None, correction.column, repr(correction.expect), found,
        "The producer has changed it: remove the correction, or correct its “expect”.",
    )  # fmt: skip
