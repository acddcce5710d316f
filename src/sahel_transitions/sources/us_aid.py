"""ForeignAssistance.gov, US foreign aid by country → the table `us_aid`.

Source: ForeignAssistance.gov, data dictionary. A fiscal year runs from October of the year before to
September. Until 1976 it ran from July to June; the quarter between the two is `1976tq`.
"""

import re

import pandas as pd

from sahel_transitions.errors import Refusal
from sahel_transitions.sources.files import Checks, Opened
from sahel_transitions.sources.gazetteer import GLEDITSCH_WARD
from sahel_transitions.sources.source import Built, Options, Source

_COLUMNS = [
    "country code", "country name", "transaction type name", "fiscal year", "current_amount",
    "constant_amount",
]  # fmt: skip
_QUARTER = "tq"
# Years with fewer rows do not tell in whose prices the constant amounts are.
_ENOUGH = 20


def build_us_aid(opened: Opened, options: Options) -> Built:
    """Aid in US dollars, one row a country, fiscal year and type of transaction.

    Parameters
    ----------
    opened : Opened
        The summary by country.
    options : Options
        Without a vintage, it is named after the last fiscal year.

    Raises
    ------
    TableProblems
        With every fiscal year that is none, every amount that is no whole number, and every key
        that is there twice.
    Refusal
        If no country of the gazetteer is in the file.
    """
    checks = Checks(opened, _COLUMNS)
    country = checks.frame["country code"]
    year = checks.frame["fiscal year"]
    checks.fault(
        "fiscal year", ~year.str.fullmatch(rf"(?:19|20)\d\d(?:{_QUARTER})?").eq(True),
        f"a year such as 2022, or 1976{_QUARTER}",
    )  # fmt: skip
    typed = pd.DataFrame(
        {
            "country": country,
            "fiscal_year": year.str[:4],
            "transition_quarter": year.str.endswith(_QUARTER).eq(True),
            "transaction": checks.present("transaction type name").map(_slug),
            "current_usd": checks.whole_numbers("current_amount", None),
            "constant_usd": checks.whole_numbers("constant_amount", None),
        }
    )
    keys = ["country", "fiscal_year", "transition_quarter", "transaction"]
    ours = country.isin(list(GLEDITSCH_WARD))
    checks.fault(
        "country code × fiscal year × transaction type name", ours & typed.duplicated(keys),
        "a key that occurs once", "Remove or correct one of the two rows.",
        cells=country + ", " + year + ", " + typed["transaction"],
    )  # fmt: skip
    typed = checks.finish(typed, options.skip_bad_rows).astype({"fiscal_year": "int64"})
    frame = typed[typed["country"].isin(list(GLEDITSCH_WARD))]
    if frame.empty:
        raise Refusal(f"{opened.name} holds no country of West Africa or Chad: nothing was built.")
    last = int(typed["fiscal_year"].max())
    prices = _prices(typed)
    frame = frame.assign(
        constant_year=frame["transaction"].map(prices).astype("Int64"),
        partial=frame["fiscal_year"] == last,
    )
    frame = frame.sort_values(keys, ignore_index=True)
    bases = ", ".join(f"{name} {year}" for name, year in sorted(prices.items()))
    notes = [
        f"{frame['country'].nunique()} countries, fiscal years {frame['fiscal_year'].min()} to "
        f"{frame['fiscal_year'].max()}; {last} is partial.",
        f"Constant amounts are in dollars of: {bases or 'a year that the file does not tell'}.",
        f"Negative amounts (returned or withdrawn), kept: {(frame['current_usd'] < 0).sum()}.",
    ]
    declaration = {**_declaration(frame, options.vintage, last), "skipped_rows": checks.skipped}
    return Built("us_aid", frame, declaration, notes)


def _slug(name: str) -> str:
    """President's Budget Requests → presidents_budget_requests."""
    return re.sub(r"[^a-z]+", "_", name.casefold().replace("'", "").replace("’", "")).strip("_")


def _prices(typed: pd.DataFrame) -> dict[str, int]:
    """The year in whose dollars the constant amounts of each type are: there they are the current."""
    same = typed.assign(same=typed["current_usd"] == typed["constant_usd"])
    years = same.groupby(["transaction", "fiscal_year"])["same"].agg(["all", "size"])
    years = years[years["all"] & (years["size"] >= _ENOUGH)].reset_index()
    return years.groupby("transaction")["fiscal_year"].max().to_dict()


def _declaration(frame: pd.DataFrame, vintage: str | None, last: int) -> dict:
    years = frame.groupby("country")["fiscal_year"].agg(["min", "max"])
    return {
        "title": "US foreign aid by country",
        "description": (
            "US aid, economic and military, by country, fiscal year and type of transaction: what "
            "was requested, appropriated, obligated and disbursed. The types are stages of the "
            "same money and are never added. Negative amounts are money returned or withdrawn. "
            "The last fiscal year is not complete."
        ),
        "producer": "US Department of State and USAID, ForeignAssistance.gov",
        "citation": ["us_foreign_assistance"],
        "licence": "public-domain",
        "redistribution": True,
        "vintage": vintage or f"to {last} (release not stated)",
        "vintage_released": f"{last}-09-30",
        "coverage": {
            country: {"first": f"{first - 1}-10", "last": f"{last_}-09"}
            for country, first, last_ in years.itertuples()
        },
        "grain": ["country", "fiscal_year", "transition_quarter", "transaction"],
        "columns": {
            "country": {"type": "text", "meaning": "ISO 3166-1 alpha-3",
                        "allowed": list(years.index)},
            "fiscal_year": {"type": "integer", "minimum": 1946,
                            "meaning": "Fiscal year: October of the year before to "
                            "September; July to June until 1976"},
            "transition_quarter": {"type": "boolean", "meaning": "Whether it is the quarter July "
                                   "to September 1976, between two definitions of the fiscal year"},
            "transaction": {"type": "text", "allowed": sorted(frame["transaction"].unique()),
                            "meaning": "Stage of the money, from request to disbursement"},
            "current_usd": {"type": "integer", "unit": "US dollars",
                            "meaning": "In dollars of the year"},
            "constant_usd": {"type": "integer", "unit": "US dollars of constant_year",
                             "meaning": "In dollars of one year, the same for the whole type"},
            "constant_year": {"type": "integer", "minimum": 1946,
                              "meaning": "Fiscal year in whose dollars constant_usd is",
                              "missing": "The file does not tell"},
            "partial": {"type": "boolean", "meaning": "Whether the fiscal year is the last of the "
                        "file and not complete"},
        },
        "warnings": ["us_aid_last_year_partial", "us_aid_stages_not_added"],
    }  # fmt: skip


US_FOREIGN_AID = Source(
    name="us-foreign-aid",
    title="ForeignAssistance.gov, US foreign aid by country",
    signatures=(frozenset({*_COLUMNS, "region name", "transaction type id"}),),
    build=build_us_aid,
)
