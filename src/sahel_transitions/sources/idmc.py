"""IDMC, Global Internal Displacement Database (GIDD) → the table `displacement_idmc`.

The terms of use are not stated in the file: the table may be built and used, not passed on.
"""

import pandas as pd

from sahel_transitions.errors import Refusal
from sahel_transitions.sources.files import Checks, Opened
from sahel_transitions.sources.gazetteer import GLEDITSCH_WARD
from sahel_transitions.sources.source import Built, Options, Source

# The columns of the copy on the Humanitarian Data Exchange, and of IDMC's own workbook.
_EXCHANGE = {
    "country": "iso3",
    "year": "year",
    "stock": "total_displacement",
    "flow": "new_displacement",
}
_WORKBOOK = {
    "country": "iso3",
    "year": "year",
    "stock": "conflict stock displacement (raw)",
    "flow": "conflict internal displacements (raw)",
}


def build_displacement_idmc(opened: Opened, options: Options) -> Built:
    """People displaced within a country by conflict, one row a country and year.

    Parameters
    ----------
    opened : Opened
        Conflict and violence by country and year: the CSV of the Humanitarian Data Exchange, or
        IDMC's workbook. Figures before rounding are read.
    options : Options
        Without a vintage, it is named after the last year.

    Raises
    ------
    TableProblems
        With every missing column, every cell that is no whole number, and every country that is
        there twice for a year.
    Refusal
        If no country of the gazetteer is in the file.
    """
    columns = max(
        (_EXCHANGE, _WORKBOOK), key=lambda each: len(set(each.values()) & set(opened.names))
    )
    checks = Checks(opened, columns.values())
    typed = pd.DataFrame(
        {"country": checks.present("iso3"), "year": checks.whole_numbers("year", 2000)}
    )
    checks.fault("year", typed["year"] > 2100, "a year up to 2100")
    for name in ("stock", "flow"):
        people = checks.numbers(columns[name])
        whole = people.between(0, 1e9) & (people % 1 == 0)
        checks.fault(columns[name], people.notna() & ~whole, "a whole number of at least 0")
        typed[name] = people.where(whole).astype("Int64")
    checks.unique("iso3", "year", remedy="Remove or correct one of the two rows.")
    typed = checks.finish(typed, options.skip_bad_rows)
    frame = typed[typed["country"].isin(list(GLEDITSCH_WARD))]
    if frame.empty:
        raise Refusal(f"{opened.name} holds no country of West Africa or Chad: nothing was built.")
    frame = frame.sort_values(["country", "year"], ignore_index=True)
    earlier = frame.groupby("country")[["year", "stock"]].shift()
    same = (frame["stock"] == earlier["stock"]) & (frame["year"] == earlier["year"] + 1)
    frame["repeated"] = (same & (frame["stock"] > 0)).fillna(False).astype("bool")
    last = int(typed["year"].max())
    notes = [
        f"{frame['country'].nunique()} countries, {frame['year'].min()} to {frame['year'].max()}.",
        f"Stocks equal to those of the year before, marked: {frame['repeated'].sum()}.",
    ]
    declaration = {**_declaration(frame, options.vintage, last), "skipped_rows": checks.skipped}
    return Built("displacement_idmc", frame, declaration, notes)


def _declaration(frame: pd.DataFrame, vintage: str | None, last: int) -> dict:
    years = frame.groupby("country")["year"].agg(["min", "max"])
    people = {"type": "integer", "unit": "people", "minimum": 0}
    return {
        "title": "People displaced by conflict within the country (IDMC)",
        "description": (
            "People living in displacement at the end of the year, and movements during it, owing "
            "to conflict and violence. A person who flees twice is two movements. Countries have "
            "rows only for years in which IDMC found something to report."
        ),
        "producer": "Internal Displacement Monitoring Centre, GIDD",
        "citation": ["idmc_gidd"],
        "licence": "unstated",
        "redistribution": False,
        "vintage": vintage or f"to {last} (release not stated)",
        # The yearly report, and the figures with it, appear in the following May.
        "vintage_released": f"{last + 1}-05-31",
        "coverage": {
            country: {"first": f"{first}-01", "last": f"{last_}-12"}
            for country, first, last_ in years.itertuples()
        },
        "grain": ["country", "year"],
        "columns": {
            "country": {"type": "text", "meaning": "ISO 3166-1 alpha-3",
                        "allowed": list(years.index)},
            "year": {"type": "integer", "meaning": "Calendar year", "minimum": 2000},
            "stock": {**people, "meaning": "People living in displacement at the end of the year",
                      "missing": "Not given by IDMC"},
            "flow": {**people, "unit": "movements", "meaning": "Movements during the year",
                     "missing": "Not given by IDMC"},
            "repeated": {"type": "boolean", "meaning": "Whether a stock above zero is exactly that "
                         "of the year before: stale, not stable"},
        },
        "warnings": ["displacement_stale_figures"],
    }  # fmt: skip


IDMC_GIDD = Source(
    name="idmc-gidd",
    title="IDMC, Global Internal Displacement Database (conflict)",
    signatures=(
        frozenset({"country_name", *_EXCHANGE.values()}),
        frozenset({"name", *_WORKBOOK.values()}),
    ),
    build=build_displacement_idmc,
)
