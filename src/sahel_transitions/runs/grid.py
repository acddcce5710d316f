"""A chosen grid of specifications, each run as a notebook and held against the same answer in process.

The curves hold thousands of specifications and are computed without notebooks. This grid shows that
a notebook with the same parameters says the same.
"""

import math
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import yaml

from sahel_transitions.indicators import changes_at_shocks, known_shocks
from sahel_transitions.methods import grid
from sahel_transitions.parameters import Parameters
from sahel_transitions.paths import CODED, NOTEBOOKS
from sahel_transitions.runs.folder import Run
from sahel_transitions.tables import Tables, plain_value

GRID = CODED / "notebook_grid.yml"
_NUMBERS = ("estimate", "low", "high")


def grid_notebook(path: Path = GRID) -> Path:
    """The notebook of the grid."""
    return NOTEBOOKS / f"{yaml.safe_load(path.read_text(encoding='utf-8'))['notebook']}.ipynb"


def grid_of_studies(parameters: Parameters, tables: Tables, path: Path = GRID) -> list[Parameters]:
    """The studies of the grid: all of its combinations that the table of deaths can answer.

    Parameters
    ----------
    parameters : Parameters
        What the grid does not vary; `shocks` become all that were known.
    """
    declaration = tables["deaths"].declaration
    axes = yaml.safe_load(path.read_text(encoding="utf-8"))["axes"]
    chosen = {
        name: options[declaration.dataset] if isinstance(options, dict) else options
        for name, options in axes.items()
    }
    answered = [name for name in chosen["deaths_definition"] if name in declaration.definitions]
    shocks = tuple(known_shocks(parameters, tables).index)
    return [
        parameters.model_copy(update={**each, "shocks": shocks})
        for each in grid({**chosen, "deaths_definition": answered})
    ]


def grid_answers(studies: Iterable[Parameters], runs: Iterable[Run]) -> pd.DataFrame:
    """What the notebooks of a grid recorded.

    Returns
    -------
    DataFrame
        `run`, `shock`, `country`, `definition`, `allocation`, `window`, `trend`, `model`,
        `harmonics`, `largest_month`, `estimate`, `low`, `high`, `state`; one row a run and shock.
    """
    rows = []
    for parameters, made in zip(studies, runs, strict=True):
        for value in made.results():
            subject, country, shock = value["id"].split(".")
            if subject == "own":
                rows.append(
                    {"run": made.id, "shock": shock, "country": country,
                     "definition": parameters.deaths_definition,
                     "allocation": parameters.allocation, "window": parameters.window,
                     "trend": parameters.trend, "model": parameters.model,
                     "harmonics": parameters.harmonics, "largest_month": parameters.largest_month,
                     "estimate": value["value"], "low": value["low"], "high": value["high"],
                     "state": value["state"]}
                )  # fmt: skip
    return pd.DataFrame(rows).astype(dict.fromkeys(_NUMBERS, "float64"))


def unlike_in_process(
    studies: Iterable[Parameters], answers: pd.DataFrame, tables: Tables
) -> list[str]:
    """Sentences for every answer of a notebook that differs from the one computed here."""
    expected = pd.concat(
        [changes_at_shocks(parameters, tables) for parameters in studies], ignore_index=True
    )
    faults = []
    if len(expected) != len(answers):
        faults.append(f"expected {len(expected)} answers of notebooks, found {len(answers)}")
    by = ["shock", "definition", "window", "trend", "model", "harmonics", "largest_month"]
    keys = [*by, "allocation"] if "any" not in set(expected["allocation"]) else by
    both = expected.merge(answers, on=keys, how="left", suffixes=("", "_notebook"))
    for row in both.to_dict("records"):
        for name in ("state", *_NUMBERS):
            found = row[f"{name}_notebook"]
            if not _alike(row[name], found):
                place = ", ".join(f"{key} {row[key]}" for key in keys)
                faults.append(f"{place}, {name}: expected {row[name]}, found {found}")
    return faults


def _alike(expected, found) -> bool:
    # Records hold plain values, which have ten decimals.
    expected, found = plain_value(expected), plain_value(found)
    if isinstance(expected, str) or isinstance(found, str) or None in (expected, found):
        return expected == found
    return math.isclose(expected, found, rel_tol=1e-9, abs_tol=1e-9)
