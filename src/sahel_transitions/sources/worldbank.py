"""World Bank total population (SP.POP.TOTL, mid-year) → the table `population`."""

from pathlib import Path

import pandas as pd

from sahel_transitions.errors import Problem, Refusal, TableProblems, nearest
from sahel_transitions.sources.built import Built
from sahel_transitions.sources.gazetteer import GLEDITSCH_WARD

_COLUMNS = ["Country Name", "Country Code", "Year", "Value"]


def build_population(file: Path, vintage: str | None = None) -> Built:
    """Mid-year population of the countries of the gazetteer, one row a country and year.

    Parameters
    ----------
    file : Path
        The long CSV form: `Country Name, Country Code, Year, Value`.
    vintage : str, optional
        The date of the release; without it, it is named after the last year.

    Raises
    ------
    TableProblems
        With every missing column and every cell that is not a whole positive number.
    Refusal
        If no country of the gazetteer is in the file.
    """
    raw = pd.read_csv(file, dtype="str", keep_default_na=False, na_values=[""])
    missing = [
        Problem(file.name, 1, column, "this column", "none",
                f"In this file {nearest(column, raw.columns)}.")
        for column in _COLUMNS
        if column not in raw
    ]  # fmt: skip
    if missing:
        raise TableProblems(missing)
    rows = raw[raw["Country Code"].isin(GLEDITSCH_WARD)]
    if rows.empty:
        raise Refusal(f"{file.name} holds no country of West Africa or Chad: nothing was built.")
    problems = [
        Problem(file.name, row + 2, column, "a whole number above 0", repr(cell),
                "Correct the file.")
        for column in ("Year", "Value")
        for row, cell in rows[column].items()
        if not (isinstance(cell, str) and cell.removesuffix(".0").isdigit() and float(cell) > 0)
    ]  # fmt: skip
    if problems:
        raise TableProblems(problems)
    frame = pd.DataFrame(
        {
            "country": rows["Country Code"],
            "year": rows["Year"].astype("int64"),
            "population": rows["Value"].astype("float64").astype("int64"),
        }
    ).sort_values(["country", "year"], ignore_index=True)
    first, last = int(frame["year"].min()), int(frame["year"].max())
    countries = sorted(frame["country"].unique())
    span = {"first": f"{first}-01", "last": f"{last}-12"}
    notes = [f"{len(countries)} countries, {first} to {last}."]
    return Built("population", frame, _declaration(countries, span, vintage, last), notes)


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
