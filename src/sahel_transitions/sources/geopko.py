"""Geocoded Peacekeeping Operations (Geo-PKO) → the table `peacekeeping`.

Source: Cil, Fjelde, Hultman and Nilsson (2020), "Mapping blue helmets". The data are read off the
UN's deployment maps, several a year: a location is there once for each map, and is counted once.
"""

import re

import pandas as pd

from sahel_transitions.errors import Refusal
from sahel_transitions.sources.files import Checks, Opened
from sahel_transitions.sources.gazetteer import GLEDITSCH_WARD, iso3_of
from sahel_transitions.sources.source import Built, Options, Source

# A file with bases in more countries is that of the world: the others had none.
_WORLD = 20


def build_peacekeeping(opened: Opened, options: Options) -> Built:
    """Distinct locations with a base of a UN mission, one row a country, year and mission.

    Parameters
    ----------
    opened : Opened
        A version of the data by location, with or without a column of months.
    options : Options
        Without a vintage, the version is taken from the name of the file (`v.2.3`).

    Raises
    ------
    TableProblems
        With every missing column, every empty cell of the four that are read, and every year that
        is no whole number.
    Refusal
        If no mission is in a country of the gazetteer.
    """
    checks = Checks(opened, ["mission", "year", "country", "location"])
    typed = pd.DataFrame(
        {
            "year": checks.whole_numbers("year", 1948),
            "mission": checks.present("mission"),
            "country": checks.present("country").map(iso3_of),
            "location": checks.present("location").str.casefold(),
        }
    )
    checks.fault("year", typed["year"] > 2100, "a year up to 2100")
    typed = checks.finish(typed, options.skip_bad_rows)
    bases = typed[typed["country"].isin(list(GLEDITSCH_WARD))]
    if bases.empty:
        raise Refusal(f"{opened.name} holds no mission in West Africa or Chad: nothing was built.")
    once = bases.drop_duplicates()
    keys = ["country", "year", "mission"]
    frame = once.groupby(keys, as_index=False, sort=True).agg(locations=("location", "nunique"))
    notes = [
        f"{frame['mission'].nunique()} missions in {frame['country'].nunique()} countries, "
        f"{frame['year'].min()} to {frame['year'].max()}.",
        "Rows that repeat a location of the same year, counted once: "
        f"{len(bases) - len(once)} of {len(bases)}.",
    ]
    declaration = _declaration(opened, typed, frame, options.vintage)
    return Built("peacekeeping", frame, {**declaration, "skipped_rows": checks.skipped}, notes)


def _declaration(
    opened: Opened, typed: pd.DataFrame, frame: pd.DataFrame, vintage: str | None
) -> dict:
    first, last = int(typed["year"].min()), int(typed["year"].max())
    match = re.search(r"v[._ ]?(\d+\.\d+)", opened.path.stem)
    stated = match[1] if match else f"to {last} (release not stated)"
    inside = set(frame["country"])
    if typed["country"].nunique() > _WORLD:
        inside = set(GLEDITSCH_WARD)
    span = {"first": f"{first}-01", "last": f"{last}-12"}
    return {
        "title": "Locations of UN peacekeeping bases",
        "description": (
            "Distinct locations at which a UN peacekeeping mission had troops, police, observers "
            "or a headquarters at any time of the year. Troops are not counted: maps of the same "
            "year give a base several sizes. Years without a row had no base."
        ),
        "producer": "Geo-PKO, Uppsala University; counted by Sahel Transitions",
        "citation": ["cil2020_geopko"],
        "licence": "cited-facts",
        "redistribution": True,
        "content": "aggregates",
        "vintage": vintage or stated,
        "vintage_released": f"{last}-12-31",
        "coverage": {country: span for country in sorted(inside)},
        "grain": ["country", "year", "mission"],
        "columns": {
            "country": {"type": "text", "meaning": "Where the base is (ISO 3166-1 alpha-3)",
                        "allowed": sorted(inside)},
            "year": {"type": "integer", "meaning": "Calendar year", "minimum": 1948},
            "mission": {"type": "text", "meaning": "Mission, by its acronym"},
            "locations": {"type": "integer", "unit": "locations", "minimum": 1,
                          "meaning": "Distinct locations with a base during the year"},
        },
        "warnings": ["peacekeeping_locations_not_troops"],
    }  # fmt: skip


GEO_PKO = Source(
    name="geo-pko",
    title="Geocoded Peacekeeping Operations (Geo-PKO)",
    signatures=(
        frozenset({"mission", "year", "country", "location", "latitude", "longitude", "hq"}),
    ),
    build=build_peacekeeping,
)
