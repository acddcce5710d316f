"""SIPRI Military Expenditure Database → the table `military_expenditure`.

SIPRI lets only aggregates of its figures be passed on. The table holds an index of spending at
constant prices and five-year means of its share of the gross domestic product (GDP), from which the
yearly figures cannot be taken.
"""

import re
from dataclasses import replace

import pandas as pd

from sahel_transitions.errors import Refusal, TableProblems
from sahel_transitions.sources.files import Checks, Opened, Sheet
from sahel_transitions.sources.gazetteer import GLEDITSCH_WARD, iso3_of
from sahel_transitions.sources.source import Built, Options, Source

BASE_YEAR = 2019
WINDOW = 5

_SHEETS = {
    "constant": re.compile(r"constant \(\d{4}\) us\$", re.IGNORECASE),
    "share": re.compile(r"share of gdp", re.IGNORECASE),
}
# "xxx": the country did not exist or was not independent; the others: not available.
_MISSING = ("xxx", "...", "..", ". .", "…")


def build_military_expenditure(opened: Opened, options: Options) -> Built:
    """An index of spending and five-year means of its share of GDP, one row a country and year.

    Parameters
    ----------
    opened : Opened
        The workbook of all countries since 1949, with a sheet at constant prices and one of shares
        of GDP.
    options : Options
        Without a vintage, it is named after the last year.

    Raises
    ------
    TableProblems
        With every cell of a year that is neither a number nor one of SIPRI's codes for a missing
        one.
    Refusal
        If a sheet is lacking, the shares are not fractions, or no country of the gazetteer is in
        the workbook.
    """
    found = {key: _sheet(opened, form) for key, form in _SHEETS.items()}
    figures, skipped, problems = {}, 0, []
    for key, sheet in found.items():
        try:
            figures[key], left_out = _read(opened, sheet, options.skip_bad_rows)
            skipped += left_out
        except TableProblems as error:
            place = f"{opened.name}, sheet {sheet.name}"
            problems += [replace(problem, table=place) for problem in error.problems]
    if problems:
        raise TableProblems(problems)
    spending, shares = figures["constant"], figures["share"]
    if shares["value"].median() > 0.5:
        raise Refusal(
            f"{opened.name}, sheet {found['share'].name}: expected shares as fractions of 1, found "
            "larger numbers. Take the workbook from SIPRI again."
        )
    frame = _index(spending).merge(_means(shares), on=["country", "year"], how="outer")
    frame = frame[frame["country"].isin(list(GLEDITSCH_WARD))]
    years = frame.dropna(subset=["spending_index", "gdp_share_mean"], how="all")
    if years.empty:
        raise Refusal(f"{opened.name} holds no figure for West Africa or Chad: nothing was built.")
    spans = years.groupby("country")["year"].agg(["min", "max"])
    frame = frame.join(spans, on="country")
    frame = frame[frame["year"].between(frame["min"], frame["max"])].drop(columns=["min", "max"])
    frame = frame.sort_values(["country", "year"], ignore_index=True)
    frame["gdp_share_mean"] = (frame["gdp_share_mean"] * 100).round(2)
    frame["spending_index"] = frame["spending_index"].round(1)
    with_base = frame.dropna(subset="spending_index")["country"].unique()
    without = sorted(set(spans.index) - set(with_base))
    gaps = int(frame["spending_index"].isna().sum())
    notes = [
        f"{len(spans)} countries, {frame['year'].min()} to {frame['year'].max()}.",
        f"Years without an index among those of a country, left empty: {gaps}.",
    ]
    if without:
        notes.append(f"No figure for {BASE_YEAR}, hence no index: {', '.join(without)}.")
    last = int(shares["year"].max())
    declaration = _declaration(spans, options.vintage, found["constant"].name, last)
    return Built("military_expenditure", frame, {**declaration, "skipped_rows": skipped}, notes)


def _sheet(opened: Opened, form: re.Pattern) -> Sheet:
    for sheet in opened.sheets:
        if form.fullmatch((sheet.name or "").strip()):
            return sheet
    names = ", ".join(str(sheet.name) for sheet in opened.sheets)
    raise Refusal(
        f"{opened.name}: expected a sheet with a name such as “Constant (2023) US$” and one named "
        f"“Share of GDP”, found {names if opened.form == 'xlsx' else 'no workbook'}. Take the "
        "workbook of all countries from SIPRI."
    )


def _read(opened: Opened, sheet: Sheet, skip_bad_rows: bool) -> tuple[pd.DataFrame, int]:
    """The figures of a sheet, one row a country and year, and how many rows were left out."""
    years = {name: int(name[:4]) for name in sheet.names if re.fullmatch(r"\d{4}(\.0)?", name)}
    checks = Checks(opened, ["country", *years], sheet=sheet)
    table = pd.DataFrame({year: checks.numbers(name, _MISSING) for name, year in years.items()})
    for name, year in years.items():
        beyond = table[year].notna() & ~table[year].between(0, 1e8)
        checks.fault(name, beyond, "a number of at least 0")
    table["country"] = checks.frame["country"].map(iso3_of, na_action="ignore")
    twice = table["country"].isin(list(GLEDITSCH_WARD)) & table["country"].duplicated()
    checks.fault("country", twice, "a country once", "Remove or correct one of the two rows.")
    table = checks.finish(table, skip_bad_rows).dropna(subset="country")
    figures = table.melt(id_vars="country", var_name="year", value_name="value")
    return figures.astype({"year": "int64"}), checks.skipped


def _index(spending: pd.DataFrame) -> pd.DataFrame:
    base = spending[spending["year"] == BASE_YEAR].set_index("country")["value"]
    index = 100 * spending["value"] / spending["country"].map(base)
    return spending[["country", "year"]].assign(spending_index=index)


def _means(shares: pd.DataFrame) -> pd.DataFrame:
    """Means over the years up to each, of countries with a figure in all of them."""
    wide = shares.pivot(index="year", columns="country", values="value")
    wide = wide.reindex(range(wide.index.min(), wide.index.max() + 1))
    means = wide.rolling(WINDOW, min_periods=WINDOW).mean()
    return means.reset_index().melt(id_vars="year", var_name="country", value_name="gdp_share_mean")


def _declaration(spans: pd.DataFrame, vintage: str | None, sheet: str | None, last: int) -> dict:
    return {
        "title": "Military expenditure: index and share of GDP",
        "description": (
            "An index of military expenditure at constant prices and exchange rates, and means of "
            "its share of gross domestic product over five years, from SIPRI's figures for each "
            f"country and year (sheets “{sheet}” and “Share of GDP”). The figures themselves are "
            "SIPRI's and are not carried. Years between the first and the last figure of a country "
            "are all there; a missing figure is an empty cell, never zero."
        ),
        "producer": "SIPRI Military Expenditure Database; aggregated by Sahel Transitions",
        "citation": ["sipri_military_expenditure"],
        "licence": "SIPRI-terms",
        "redistribution": True,
        "content": "aggregates",
        "vintage": vintage or f"to {last} (release not stated)",
        # Figures to the end of a year appear in the following April.
        "vintage_released": f"{last + 1}-04-30",
        "coverage": {
            country: {"first": f"{first}-01", "last": f"{last_}-12"}
            for country, first, last_ in spans.itertuples()
        },
        "grain": ["country", "year"],
        "columns": {
            "country": {"type": "text", "meaning": "ISO 3166-1 alpha-3",
                        "allowed": list(spans.index)},
            "year": {"type": "integer", "meaning": "Calendar year; the last of the five for means",
                     "minimum": 1949},
            "spending_index": {"type": "number", "unit": f"{BASE_YEAR} = 100", "minimum": 0,
                               "meaning": "Military expenditure at constant prices and exchange "
                               f"rates, as an index in which {BASE_YEAR} is 100",
                               "missing": f"No figure for the year, or none for {BASE_YEAR}"},
            "gdp_share_mean": {"type": "number", "unit": "per cent of GDP", "minimum": 0,
                               "meaning": "Mean of the yearly shares of gross domestic product "
                               "over the five years up to and with this one",
                               "missing": "No figure for at least one of the five years"},
        },
        "warnings": ["military_spending_official_only"],
    }  # fmt: skip


SIPRI_MILITARY_EXPENDITURE = Source(
    name="sipri-military-expenditure",
    title="SIPRI Military Expenditure Database",
    signatures=(frozenset({"country", "notes", "1990", "2000", "2010", "2015"}),),
    build=build_military_expenditure,
)
