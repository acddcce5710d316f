"""UCDP One-sided Violence Dataset → deaths by actor and year, against which GED can be held.

Source: Eck and Hultman (2007), "One-Sided Violence Against Civilians in War", and the codebook of
the yearly releases. The dataset is the same events as GED type 3 in active years, by actor.
"""

import pandas as pd

from sahel_transitions.errors import Problem, Refusal
from sahel_transitions.sources.files import Checks, Opened
from sahel_transitions.sources.source import Built, Options, Source
from sahel_transitions.sources.ucdp import read_ged

_COLUMNS = [
    "actor_id", "actor_name", "year", "best_fatality_estimate", "low_fatality_estimate",
    "high_fatality_estimate",
]  # fmt: skip
# UCDP's two releases of one year differ by late corrections.
TOLERANCE = 0.015
# A release of the world has more actors than any region.
_WORLD = 60


def build_one_sided(opened: Opened, options: Options) -> Built:
    """Deaths of one-sided violence by actor and year, of the whole world.

    Raises
    ------
    TableProblems
        With every fault of the file.
    """
    checks = Checks(opened, _COLUMNS)
    checks.unique("actor_id", "year", remedy="Two releases may have been joined: take one of them.")
    rows = pd.DataFrame({"actor": checks.whole_numbers("actor_id"),
                         "name": checks.present("actor_name"),
                         "year": checks.whole_numbers("year", 1989)})  # fmt: skip
    for name in ("best", "low", "high"):
        rows[name] = checks.whole_numbers(f"{name}_fatality_estimate")
    frame = checks.finish(rows, options.skip_bad_rows).sort_values(["actor", "year"])
    last = int(frame["year"].max())
    count = {"type": "integer", "minimum": 0, "unit": "reported deaths"}
    declaration = {
        "title": "Deaths of one-sided violence by actor and year",
        "description": "The UCDP One-sided Violence Dataset, by actor and year.",
        "producer": "Uppsala Conflict Data Program",
        "citation": ["ucdp_ged"],
        "licence": "CC-BY-4.0",
        "redistribution": True,
        "vintage": options.vintage or f"{last + 1 - 2000}.1 (inferred)",
        "vintage_released": f"{last + 1}-06-30",
        "coverage": {},
        "grain": ["actor", "year"],
        "columns": {
            "actor": {"type": "integer", "meaning": "Number of the actor in UCDP"},
            "name": {"type": "text", "meaning": "Name of the actor in UCDP"},
            "year": {"type": "integer", "meaning": "Calendar year"},
            "best": {**count, "meaning": "Best estimate"},
            "low": {**count, "meaning": "Low estimate"},
            "high": {**count, "meaning": "High estimate"},
        },
        "skipped_rows": checks.skipped,
    }
    notes = [f"{frame['actor'].nunique()} actors, {frame['year'].min()} to {last}."]
    return Built("one_sided", frame.reset_index(drop=True), declaration, notes)


def one_sided_disagreements(ged: Opened, one_sided: Built) -> list[Problem]:
    """Actor-years in which GED and the One-sided dataset differ by more than the tolerance.

    GED is summed over events of type 3 whose year is active. Years that only one of the two covers
    are left out.

    Raises
    ------
    Refusal
        If the GED file is not of the world: actors such as IS act in many regions.
    """
    events, _, _ = read_ged(ged)
    if events["country_id"].nunique() < _WORLD:
        raise Refusal(
            f"{ged.name}: expected the release of the world, found {events['country_id'].nunique()} "
            "countries: actors cannot be compared, since some act in several regions."
        )
    counted = events[(events["type_of_violence"] == 3) & events["active_year"]]
    ours = counted.groupby(["actor", "year"])["best"].sum()
    theirs = one_sided.frame.set_index(["actor", "year"])["best"]
    years = set(events["year"]) & set(one_sided.frame["year"])
    both = pd.DataFrame({"ged": ours, "one_sided": theirs}).fillna(0).reset_index()
    both = both[both["year"].isin(years)]
    apart = (both["ged"] - both["one_sided"]).abs() > TOLERANCE * both["one_sided"]
    return [
        Problem(ged.name, None, f"actor {row.actor}, {row.year}",
                f"within {TOLERANCE:.1%} of {row.one_sided:,.0f}, as in the One-sided dataset",
                f"{row.ged:,.0f}", "Take both from the same release.")
        for row in both[apart].itertuples()
    ]  # fmt: skip


UCDP_ONE_SIDED = Source(
    name="ucdp-one-sided",
    title="UCDP One-sided Violence Dataset",
    signatures=(frozenset(_COLUMNS),),
    build=build_one_sided,
)
