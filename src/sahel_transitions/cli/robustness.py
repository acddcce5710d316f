"""What `sahel robustness` says of curves of specifications, and their grid as notebooks."""

import sys

import pandas as pd

from sahel_transitions.cli.progress import run_each_with_progress
from sahel_transitions.errors import SahelError
from sahel_transitions.indicators import primary_specification, stated_answers
from sahel_transitions.language import words
from sahel_transitions.methods import verdict
from sahel_transitions.parameters import Parameters
from sahel_transitions.tables import Declaration, Tables


def grid_as_notebooks(parameters: Parameters, tables: Tables, workers: int) -> pd.DataFrame:
    """Run the chosen grid as notebooks; what is there already is not run again.

    Raises
    ------
    SahelError
        If a notebook answers otherwise than the same specification in process.
    """
    from sahel_transitions.runs import (
        grid_answers,
        grid_notebook,
        grid_of_studies,
        unlike_in_process,
    )

    studies = grid_of_studies(parameters, tables)
    made = run_each_with_progress(studies, notebooks=[grid_notebook()], workers=workers)
    answers = grid_answers(studies, made)
    faults = unlike_in_process(studies, answers, tables)
    if faults:
        listed = "\n  ".join(faults)
        raise SahelError(f"Notebooks answer otherwise than the same code in process:\n  {listed}")
    print(f"{len(made)} notebooks, {len(answers)} answers: all as computed in process.",
          file=sys.stderr)  # fmt: skip
    return answers


def curves_in_short(answers: pd.DataFrame, declaration: Declaration) -> list[str]:
    """One row a shock, and how to read it."""
    if answers.empty:
        return [
            "The ledger holds no shock of these countries that was known on the day of the study."
        ]
    primary = primary_specification(declaration.dataset)
    stated = stated_answers(answers).set_index("shock")
    rows = [
        _row(shock, part, stated.loc[shock]) for shock, part in answers.groupby("shock", sort=False)
    ]
    chosen = ", ".join(f"{name} {value}" for name, value in primary.choices.items())
    return [
        pd.DataFrame(rows).to_string(index=False),
        "",
        "Clearly: the 95% interval leaves out 1. Factor: the level of monthly deaths after the shock over that expected without it. After "
        "is not because of: the shocks overlap, and each is looked at alone.",
        f"Deaths: {'; '.join(answers['source'].unique())}; provisional months are left out.",
        f"Primary specification (fixed on {primary.fixed_on}, hash {primary.hash}): {chosen}.",
        f"* amended on {primary.amended_on} (hash {primary.amendment_hash}), the curves having been "
        "seen: the longest declared "
        "window that lies within the coverage, or the definition that the file answers.",
    ]


def _row(shock: str, part: pd.DataFrame, first: pd.Series) -> dict[str, str]:
    found = verdict(part)
    if pd.isna(first["estimate"]):
        stated = words("en")(f"why_not.{first['why_not']}")
    else:
        stated = f"{first['estimate']:.2f} ({first['low']:.2f} to {first['high']:.2f})"
        stated += f" ±{first['window']}" + ("*" if first["mark"] == "amended" else "")
    spread = "none answered"
    if found.answered:
        spread = f"{found.lowest:.2f} to {found.highest:.2f}, median {found.median:.2f}"
    return {
        "shock": shock,
        "primary": stated,
        "answered": f"{found.answered} of {found.asked}",
        "above 1": _share(found.above),
        "(clearly)": _share(found.above_clearly),
        "below 1": _share(found.below),
        "(clearly) ": _share(found.below_clearly),
        "factors": spread,
    }


def _share(value: float) -> str:
    return "" if pd.isna(value) else f"{value:.0%}"
