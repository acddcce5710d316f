"""What `sahel data check FILE OTHER` says: whether two files of one thing agree."""

from pathlib import Path

import pandas as pd

from sahel_transitions.claims.revisions import revision_triangle
from sahel_transitions.cli.differences import table_of
from sahel_transitions.errors import Problem, Refusal
from sahel_transitions.parameters import read_parameters
from sahel_transitions.sources import SOURCES, Options, recognise
from sahel_transitions.sources.gazetteer import GLEDITSCH_WARD
from sahel_transitions.sources.ucdp_one_sided import UCDP_ONE_SIDED, one_sided_disagreements
from sahel_transitions.tables import Tables

# ACLED's totals drift by up to so much between exports.
TOLERANCE = 0.03


def agreement(
    first: Path, second: Path, tolerance: float = TOLERANCE
) -> tuple[list[str], list[Problem]]:
    """Lines on how far two files agree by country and year, and every disagreement.

    Compared are two files of deaths of one dataset (events against published totals, say), or a
    release of GED against the One-sided dataset. Disagreements that the table `exceptions` explains
    (check `totals`) are named with their reason and are no problem.

    Raises
    ------
    Refusal
        If the two have nothing in common that could be compared.
    """
    opened, source = recognise(second, SOURCES)
    if source is UCDP_ONE_SIDED:
        problems = one_sided_disagreements(
            recognise(first, SOURCES)[0], source.build(opened, Options())
        )
        return [f"Actor-years that disagree: {len(problems)}."], problems
    tables = Tables()
    ours, theirs = (table_of(str(file), tables) for file in (first, second))
    if ours.declaration.dataset != theirs.declaration.dataset or ours.name != "deaths":
        raise Refusal(
            f"Refused: {first.name} and {second.name} are not counts of deaths of one dataset; "
            "unlike definitions are not compared."
        )
    parameters = read_parameters({}).model_copy(update={"countries": tuple(GLEDITSCH_WARD)})
    triangle = revision_triangle(parameters, tables, ours, theirs)
    common = set(ours.declaration.coverage) & set(theirs.declaration.coverage)
    alone = triangle[triangle["old"].isna() != triangle["new"].isna()]
    alone = alone[alone["country"].isin(common)]
    triangle = triangle.dropna(subset=["old", "new"])
    if triangle.empty:
        raise Refusal(
            f"Refused: {first.name} and {second.name} share no whole year and no definition."
        )
    exceptions = tables["exceptions"].frame
    reasons = exceptions[exceptions["check"] == "totals"].set_index("key")["reason"]
    exact = int((triangle["old"] == triangle["new"]).sum())
    lines = [f"Country-years and definitions compared: {len(triangle)}; {exact} are equal."]
    if len(alone):
        lines.append(
            f"Not compared, since one of the two does not hold them whole: {len(alone)} "
            f"({_spans(alone)})."
        )
    different = set(ours.declaration.definitions) ^ set(theirs.declaration.definitions)
    if different:
        lines.append(
            f"Not compared, since one of the two does not answer them: "
            f"{', '.join(sorted(different))}."
        )
    problems = []
    for row in triangle[triangle["old"] != triangle["new"]].itertuples():
        key = f"{row.country} {row.year} {row.definition}"
        share = abs(row.old - row.new) / row.new if row.new else float("inf")
        if share <= tolerance:
            lines.append(f"{key}: {row.old:,.0f} against {row.new:,.0f}, {share:.1%} apart.")
        elif key in reasons:
            lines.append(f"{key}: {row.old:,.0f} against {row.new:,.0f}; {reasons[key]}")
        else:
            problems.append(
                Problem(f"{first.name}, {key}", None, None,
                        f"within {tolerance:.0%} of {row.new:,.0f} in {second.name}",
                        _words(row.old), "See which vintage or definition differs.")
            )  # fmt: skip
    return lines, problems


def _spans(rows: pd.DataFrame) -> str:
    """The first and last year of each country."""
    years = rows.groupby("country")["year"].agg(["min", "max"])
    return ", ".join(f"{row.Index} {row.min} to {row.max}" for row in years.itertuples())


def _words(value: float) -> str:
    return "nothing" if pd.isna(value) else f"{value:,.0f}"
