"""UN World Population Prospects (WPP), projections of totals → the table `population_projections`.

Read is the form of the UN Population Division's package for R (`popproj1dt`): sexes and bounds in
thousands, at 31 December. The World Bank's series is of the middle of the year: the two are never
joined into one.
"""

import re

import pandas as pd
import pycountry

from sahel_transitions.errors import Refusal
from sahel_transitions.sources.files import Checks, Opened
from sahel_transitions.sources.gazetteer import GLEDITSCH_WARD
from sahel_transitions.sources.source import Built, Options, Source

_BOUNDS = {
    "lower_95": "pop_95l",
    "lower_80": "pop_80l",
    "upper_80": "pop_80u",
    "upper_95": "pop_95u",
}
_COLUMNS = ["country_code", "year", "popm", "popf", *_BOUNDS.values()]
# Totals, where the file has one, and how many people are one of its units.
_TOTALS = {"pop": 1000, "pop_total": 1}
# People by which rounded thousands may differ from their sum.
_ROUNDING = 1000


def build_population_projections(opened: Opened, options: Options) -> Built:
    """Projected population with its bounds, in people, one row a country and year.

    Parameters
    ----------
    opened : Opened
        `country_code, year, popM, popF, pop_80l, pop_80u, pop_95l, pop_95u` in thousands, with a
        total `pop` in thousands or `pop_total` in people.
    options : Options
        Without a vintage, the revision is taken from the name of the file or from the first year.

    Raises
    ------
    TableProblems
        With every cell that is no number, every total that is not the sum of both sexes, and bounds
        that are not in order.
    Refusal
        If no country of the gazetteer is in the file.
    """
    totals = [name for name in _TOTALS if name in opened.names]
    checks = Checks(opened, _COLUMNS, totals)
    code = checks.whole_numbers("country_code", 1)
    typed = pd.DataFrame({"country": code.map(_iso3), "year": checks.whole_numbers("year", 1950)})
    checks.fault("year", typed["year"] > 2100, "a year up to 2100")
    sexes = pd.DataFrame({name: checks.numbers(name) for name in ("popm", "popf")})
    for name in sexes:
        checks.fault(name, ~sexes[name].between(0, 1e8), "a number of at least 0")
    thousands = sexes.sum(axis=1)
    for name in totals:
        differs = (checks.numbers(name) * _TOTALS[name] - thousands * 1000).abs() > _ROUNDING
        unit = "thousands" if _TOTALS[name] > 1 else "people"
        checks.fault(name, differs, f"the sum of both sexes in {unit}")
    typed["population"] = thousands * 1000
    for name, column in _BOUNDS.items():
        typed[name] = checks.numbers(column) * 1000
        lower = name.startswith("lower")
        beyond = (typed[name] - typed["population"]) * (1 if lower else -1)
        side = "at most" if lower else "at least"
        right = (beyond <= _ROUNDING) & typed[name].between(0, 1e11)
        checks.fault(column, ~right, f"{side} the sum of both sexes")
    checks.unique("country_code", "year", remedy="Remove or correct one of the two rows.")
    typed = checks.finish(typed, options.skip_bad_rows)
    frame = typed[typed["country"].isin(list(GLEDITSCH_WARD))]
    if frame.empty:
        raise Refusal(f"{opened.name} holds no country of West Africa or Chad: nothing was built.")
    people = ["population", *_BOUNDS]
    frame = frame.astype({name: "float64" for name in people}).round(dict.fromkeys(people, 0))
    frame = frame.astype(dict.fromkeys(people, "int64"))
    frame = frame.sort_values(["country", "year"], ignore_index=True)
    notes = [
        f"{frame['country'].nunique()} countries, {frame['year'].min()} to {frame['year'].max()}, "
        "at 31 December."
    ]
    declaration = _declaration(opened, frame, options.vintage)
    return Built(
        "population_projections", frame, {**declaration, "skipped_rows": checks.skipped}, notes
    )


def _iso3(code: int) -> str | None:
    """ISO 3166-1 alpha-3 of a number; regions have none."""
    country = pycountry.countries.get(numeric=f"{code:03d}")
    return country.alpha_3 if country else None


def _declaration(opened: Opened, frame: pd.DataFrame, vintage: str | None) -> dict:
    years = frame.groupby("country")["year"].agg(["min", "max"])
    match = re.search(r"wpp[ _-]?(20\d\d)", opened.path.stem.casefold())
    revision = match[1] if match else str(frame["year"].min())
    stated = f"WPP {revision}" if match else f"WPP {revision} (inferred)"
    people = {"type": "integer", "unit": "people", "minimum": 0}
    return {
        "title": "Projected population",
        "description": (
            "Total population at 31 December as projected by the United Nations: the medium "
            "variant with the bounds of its 80 and 95 per cent prediction intervals. Not of the "
            "same day as the estimates at mid-year, and never joined with them."
        ),
        "producer": "United Nations, Population Division, World Population Prospects",
        "citation": ["un_wpp"],
        "licence": "CC-BY-3.0-IGO",
        "redistribution": True,
        "vintage": vintage or stated,
        # The revisions of 2022 and 2024 appeared on World Population Day.
        "vintage_released": f"{revision}-07-11",
        "coverage": {
            country: {"first": f"{first}-01", "last": f"{last}-12"}
            for country, first, last in years.itertuples()
        },
        "grain": ["country", "year"],
        "columns": {
            "country": {"type": "text", "meaning": "ISO 3166-1 alpha-3",
                        "allowed": list(years.index)},
            "year": {"type": "integer", "meaning": "Calendar year at whose end it is",
                     "minimum": 1950},
            "population": {**people, "meaning": "Medium variant, both sexes"},
            **{name: {**people, "meaning": f"{name[:5].title()} bound of the {name[-2:]} per cent "
                      "prediction interval"} for name in _BOUNDS},
        },
        "warnings": ["population_projections_end_of_year"],
    }  # fmt: skip


UN_WPP = Source(
    name="un-wpp",
    title="UN World Population Prospects, projections",
    signatures=(frozenset(_COLUMNS),),
    build=build_population_projections,
)
