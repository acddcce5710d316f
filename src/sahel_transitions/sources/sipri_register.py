"""SIPRI Arms Transfers Database, trade register → the table `arms`.

Source: SIPRI, "Sources and methods" of the Arms Transfers Database. The trend indicator value
(TIV) measures the capability of major weapons, not what was paid. The register gives the years in
which an order was delivered but not how much in which, so that each order is split equally; SIPRI's
own yearly tables rest on the deliveries of each year and differ from these. No order leaves this
module: only sums by recipient, year and supplier.
"""

import pandas as pd

from sahel_transitions.errors import Refusal
from sahel_transitions.sources.files import Checks, Opened
from sahel_transitions.sources.gazetteer import GLEDITSCH_WARD, iso3_of
from sahel_transitions.sources.source import Built, Options, Source

UNKNOWN_SUPPLIER = "unknown"

# The columns as SIPRI's register names them, and as tidy extracts of it do.
_OFFICIAL = {"years": "year(s) of delivery", "tiv": "sipri tiv of delivered weapons"}
_TIDY = {"years": "delivery_years", "tiv": "tiv_delivered"}
_YEARS = r"(?:19|20)\d\d(?: *; *(?:19|20)\d\d)*"
# A register with more recipients is that of the world: who is not in it got nothing.
_WORLD = 60


def build_arms(opened: Opened, options: Options) -> Built:
    """TIV delivered and orders, one row a recipient, year of delivery and supplier.

    Parameters
    ----------
    opened : Opened
        The trade register as SIPRI exports it, or with the column names of tidy extracts.
    options : Options
        Without a vintage, it is named after the last year of delivery.

    Raises
    ------
    TableProblems
        With every missing column, every value that is no number, and every order with a value but
        no year of delivery.
    Refusal
        If no country of the gazetteer is among the recipients.
    """
    columns = _TIDY if _TIDY["years"] in opened.names else _OFFICIAL
    checks = Checks(opened, ["recipient", "supplier", *columns.values()])
    years = checks.frame[columns["years"]]
    orders = pd.DataFrame(
        {
            "recipient": checks.present("recipient"),
            "supplier": checks.present("supplier"),
            "tiv": checks.numbers(columns["tiv"]),
        }
    )
    checks.fault(columns["tiv"], ~orders["tiv"].between(0, 1e6), "a value of at least 0")
    delivered = years.notna() | (orders["tiv"] > 0)
    checks.fault(
        columns["years"], delivered & ~years.str.fullmatch(_YEARS).eq(True),
        "years such as 2019; 2020",
    )  # fmt: skip
    orders["year"] = years.fillna("").str.findall(r"\d{4}").map(lambda each: sorted(set(each)))
    orders = checks.finish(orders, options.skip_bad_rows)
    orders["country"] = orders["recipient"].map(iso3_of)
    deliveries = _deliveries(orders)
    frame = deliveries[deliveries["country"].isin(list(GLEDITSCH_WARD))]
    if frame.empty:
        raise Refusal(
            f"{opened.name} holds no delivery to a country of West Africa or Chad: nothing was "
            "built."
        )
    keys = ["country", "year", "supplier", "supplier_code"]
    frame = frame.groupby(keys, as_index=False, dropna=False, sort=True).agg(
        tiv=("share", "sum"), orders=("share", "size")
    )
    frame["tiv"] = frame["tiv"].round(4)
    declaration = _declaration(orders, deliveries, frame, options.vintage)
    return Built(
        "arms", frame, {**declaration, "skipped_rows": checks.skipped}, _notes(orders, frame)
    )


def _deliveries(orders: pd.DataFrame) -> pd.DataFrame:
    """One row an order and year of delivery, with an equal share of its value."""
    deliveries = orders.assign(share=orders["tiv"] / orders["year"].map(len)).explode("year")
    deliveries = deliveries.dropna(subset="year").astype({"year": "int64"})
    unknown = deliveries["supplier"].str.casefold().str.startswith("unknown")
    # SIPRI marks armed groups with one star and organisations of states with two.
    names = deliveries["supplier"].str.rstrip("* ")
    deliveries["supplier"] = names.mask(unknown, UNKNOWN_SUPPLIER)
    deliveries["supplier_code"] = deliveries["supplier"].map(iso3_of).astype("str")
    return deliveries


def _notes(orders: pd.DataFrame, frame: pd.DataFrame) -> list[str]:
    groups = orders["recipient"].str.endswith("*")
    other = sorted(orders.loc[~groups & orders["country"].isna(), "recipient"].unique())
    unknown = frame.loc[frame["supplier"] == UNKNOWN_SUPPLIER]
    notes = [
        f"{frame['country'].nunique()} countries, {frame['year'].min()} to {frame['year'].max()}.",
        "Recipients that are armed groups or organisations of states, left out: "
        f"{orders.loc[groups, 'recipient'].nunique()}, with {groups.sum()} orders.",
        f"Orders without a delivery so far, left out: {(orders['year'].map(len) == 0).sum()}.",
        f"Orders of an unknown supplier, kept as {UNKNOWN_SUPPLIER!r}: {unknown['orders'].sum()}.",
    ]
    if other:
        notes.append(f"Recipients that are no state of today, left out: {', '.join(other)}.")
    return notes


def _declaration(
    orders: pd.DataFrame, deliveries: pd.DataFrame, frame: pd.DataFrame, vintage: str | None
) -> dict:
    first, last = int(deliveries["year"].min()), int(deliveries["year"].max())
    inside = orders["country"].dropna().unique()
    if len(inside) > _WORLD:
        inside = list(GLEDITSCH_WARD)
    countries = sorted(set(inside) & set(GLEDITSCH_WARD))
    span = {"first": f"{first}-01", "last": f"{last}-12"}
    return {
        "title": "Deliveries of major weapons",
        "description": (
            "Trend indicator values of delivered major weapons by recipient, year and supplier, "
            "summed from the trade register. An order delivered over several years is split "
            "equally among them, so that single years are approximate, and windows of several "
            "years less so. Years without a row had no delivery. Orders that are not yet "
            "delivered, and recipients that are no states, are left out."
        ),
        "producer": "SIPRI Arms Transfers Database; aggregated by Sahel Transitions",
        "citation": ["sipri_arms_transfers"],
        "licence": "SIPRI-terms",
        "redistribution": True,
        "content": "aggregates",
        "vintage": vintage or f"to {last} (release not stated)",
        # The register to the end of a year appears in the following March.
        "vintage_released": f"{last + 1}-03-31",
        "coverage": {country: span for country in countries},
        "grain": ["country", "year", "supplier"],
        "columns": {
            "country": {"type": "text", "meaning": "Recipient (ISO 3166-1 alpha-3)",
                        "allowed": countries},
            "year": {"type": "integer", "meaning": "Year of delivery", "minimum": 1945},
            "supplier": {"type": "text", "meaning": "Supplier as SIPRI names it; "
                         f"{UNKNOWN_SUPPLIER} where SIPRI knows none, which may be one or several"},
            "supplier_code": {"type": "text", "pattern": "[A-Z]{3}",
                              "meaning": "ISO 3166-1 alpha-3 of the supplier; that of Russia for "
                              "the Soviet Union, which keeps a row of its own",
                              "missing": "Unknown, or no state of today"},
            "tiv": {"type": "number", "unit": "million TIV", "minimum": 0,
                    "meaning": "Trend indicator value delivered; not a price"},
            "orders": {"type": "integer", "unit": "orders", "minimum": 1,
                       "meaning": "Orders with a delivery in the year; an order over several years "
                       "counts in each"},
        },
        "warnings": ["arms_tiv_is_not_money", "arms_split_equally", "arms_unknown_suppliers"],
    }  # fmt: skip


SIPRI_ARMS_TRANSFERS = Source(
    name="sipri-arms-transfers",
    title="SIPRI Arms Transfers Database, trade register",
    signatures=(
        frozenset(
            {
                "recipient", "supplier", "year of order", "number ordered", "weapon designation",
                "weapon description", "number delivered", *_OFFICIAL.values(),
                "sipri tiv per unit", "sipri tiv for total order",
            }
        ),
        frozenset(
            {
                "recipient", "supplier", "order_year", "n_ordered", "weapon", "n_delivered",
                *_TIDY.values(), "tiv_unit", "tiv_total",
            }
        ),
    ),
    build=build_arms,
)  # fmt: skip
