"""World Bank total population (SP.POP.TOTL, mid-year) → the table `population`."""

import pandas as pd

from sahel_transitions.errors import Refusal
from sahel_transitions.sources.files import Checks, Opened
from sahel_transitions.sources.gazetteer import GLEDITSCH_WARD
from sahel_transitions.sources.source import Built, Options, Source

_COLUMNS = ["country name", "country code", "year", "value"]


def build_population(opened: Opened, options: Options) -> Built:
    """Mid-year population of the countries of the gazetteer, one row a country and year.

    Parameters
    ----------
    opened : Opened
        The long form: `Country Name, Country Code, Year, Value`.
    options : Options
        Without a vintage, it is named after the last year.

    Raises
    ------
    TableProblems
        With every missing column and every cell that is not a whole positive number.
    Refusal
        If no country of the gazetteer is in the file.
    """
    checks = Checks(opened, _COLUMNS)
    code = checks.present("country code")
    checks.unique("country code", "year", remedy="Remove or correct one of the two rows.")
    typed = pd.DataFrame(
        {
            "country": code,
            "year": checks.whole_numbers("year", 1900),
            "population": checks.whole_numbers("value", 1),
        }
    )
    typed = checks.finish(typed, options.skip_bad_rows)
    frame = typed[typed["country"].isin(list(GLEDITSCH_WARD))]
    if frame.empty:
        raise Refusal(f"{opened.name} holds no country of West Africa or Chad: nothing was built.")
    frame = frame.sort_values(["country", "year"], ignore_index=True)
    first, last = int(frame["year"].min()), int(frame["year"].max())
    countries = sorted(frame["country"].unique())
    span = {"first": f"{first}-01", "last": f"{last}-12"}
    notes = [f"{len(countries)} countries, {first} to {last}."]
    declaration = _declaration(countries, span, options.vintage, last)
    return Built("population", frame, {**declaration, "skipped_rows": checks.skipped}, notes)


def _declaration(countries: list[str], span: dict, vintage: str | None, last: int) -> dict:
    return {
        "title": "Mid-year population",
        "description": (
            "Total population, both sexes, all ages, at mid-year. Used for rates of the same year; "
            "people who fled stay in the denominator of the country that counts them."
        ),
        "producer": "World Bank, World Development Indicators (SP.POP.TOTL)",
        "citation": ["worldbank_population"],
        "licence": "CC-BY-4.0",
        "redistribution": True,
        "vintage": vintage or f"to {last} (release not stated)",
        # The indicator for a year appears in the following July.
        "vintage_released": f"{last + 1}-07-31",
        "coverage": {country: span for country in countries},
        "grain": ["country", "year"],
        "columns": {
            "country": {"type": "text", "meaning": "ISO 3166-1 alpha-3", "allowed": countries},
            "year": {"type": "integer", "meaning": "Calendar year", "minimum": 1960},
            "population": {"type": "integer", "unit": "people", "minimum": 1,
                           "meaning": "Mid-year estimate"},
        },
        "warnings": ["population_ignores_displacement"],
    }  # fmt: skip


WORLD_BANK_POPULATION = Source(
    name="worldbank-population",
    title="World Bank, total population (SP.POP.TOTL)",
    signatures=(frozenset(_COLUMNS),),
    build=build_population,
)
