"""Where delivered major weapons come from, over windows of five years.

Source: SIPRI, Arms Transfers Database, summed by recipient, year and supplier. The trend indicator
value (TIV) measures capability, not money; single years are approximate, since an order over
several years is split equally among them.
"""

from collections.abc import Mapping

import pandas as pd

from sahel_transitions.indicators.known_years import covers_year, known_years
from sahel_transitions.methods import herfindahl, herfindahl_bounds, shannon_entropy, shares
from sahel_transitions.parameters import Parameters
from sahel_transitions.tables import Table

WINDOW_YEARS = 5
UNKNOWN = "unknown"
COLUMNS = [
    "country", "window_start", "window_end", "supplier", "tiv", "share", "hhi_low", "hhi",
    "hhi_high", "entropy",
]  # fmt: skip
WINDOW_COLUMNS = [
    "country", "window_start", "window_end", "tiv", "suppliers", "unknown_share", "hhi_low",
    "hhi", "hhi_high", "hhi_highest", "entropy", "years", "state",
]  # fmt: skip


def arms(parameters: Parameters, tables: Mapping[str, Table]) -> pd.DataFrame:
    """Deliveries to the countries of the study by supplier and trailing window.

    Returns
    -------
    DataFrame
        `COLUMNS`, then those of `arms_windows` that are not among them; one row for each country,
        window and supplier, largest first, and one without a supplier for a window in which
        nothing was delivered or that the register does not cover. `tiv` is in millions, `share`
        of the window's total from 0 to 1.
    """
    windows = arms_windows(parameters, tables)
    extra = ["unknown_share", "hhi_highest", "years", "state"]
    rows = []
    for window in windows.itertuples():
        totals = _totals(tables["arms"].frame, window.country, window.window_end)
        measures = (window.hhi_low, window.hhi, window.hhi_high, window.entropy)
        beyond = [getattr(window, name) for name in extra]
        where = (window.country, window.window_start, window.window_end)
        if totals.empty:
            rows.append((*where, None, window.tiv, None, *measures, *beyond))
        rows += [
            (*where, supplier, tiv, share, *measures, *beyond)
            for (supplier, tiv), share in zip(totals.items(), shares(totals), strict=True)
        ]
    frame = pd.DataFrame(rows, columns=[*COLUMNS, *extra])
    numbers = [*COLUMNS[4:], "unknown_share", "hhi_highest"]
    return frame.astype(dict.fromkeys(numbers, "float64"))


def arms_windows(parameters: Parameters, tables: Mapping[str, Table]) -> pd.DataFrame:
    """How concentrated deliveries were in each trailing window of five years.

    Returns
    -------
    DataFrame
        `WINDOW_COLUMNS`, one row for each country and last year of a window, which is a year of
        `known_years`. `hhi` is the Herfindahl-Hirschman index of the shares, from 0 to 1, with
        unknown suppliers as one, as the register writes them; SIPRI says “unknown supplier(s)”,
        which may be several even of one order, so that `hhi_low` takes them as all distinct: in the
        limit of ever smaller parts, none of them named, which add nothing. That every unknown order
        is a supplier of its own would lie between `hhi_low` and `hhi_high`, and is no column: the
        table sums orders by supplier and year, and cannot tell how many there were. `hhi_high`
        takes them as one that is not among the named, and `hhi_highest`, the widest, as
        the largest of the named. `entropy` is in nats, with unknown suppliers as one: the least that it can be
        if none of them is named. `years` of the window are covered; `state` is *partial* where that is fewer
        than five, *zero* where nothing was delivered, *not_covered* where none is.
    """
    table = tables["arms"]
    rows = [
        _window(table, country, end)
        for country in parameters.countries
        for end in known_years(parameters)
    ]
    frame = pd.DataFrame(rows, columns=WINDOW_COLUMNS)
    numbers = ["tiv", "unknown_share", *WINDOW_COLUMNS[6:11]]
    return frame.astype({"suppliers": "Int64", **dict.fromkeys(numbers, "float64")})


def _window(table: Table, country: str, end: int) -> tuple:
    years = sum(covers_year(table.declaration, country, year) for year in _years(end))
    where = (country, end - WINDOW_YEARS + 1, end)
    if not years:
        return (*where, None, None, *[None] * 6, 0, "not_covered")
    totals = _totals(table.frame, country, end)
    unknown = float(totals.get(UNKNOWN, 0.0))
    named = totals.drop(UNKNOWN, errors="ignore")
    bounds = herfindahl_bounds(named, unknown)
    total = float(totals.sum())
    state = "partial" if years < WINDOW_YEARS else "observed" if total else "zero"
    return (
        *where, total, len(named), unknown / total if total else None, bounds.low,
        herfindahl(totals), bounds.high, bounds.highest, shannon_entropy(totals), years, state,
    )  # fmt: skip


def _years(end: int) -> range:
    return range(end - WINDOW_YEARS + 1, end + 1)


def _totals(rows: pd.DataFrame, country: str, end: int) -> pd.Series:
    """TIV by supplier over a window, largest first; the Soviet Union is not Russia."""
    rows = rows[(rows["country"] == country) & rows["year"].isin(list(_years(end)))]
    totals = rows.groupby("supplier")["tiv"].sum().sort_index()
    totals = totals[totals > 0]
    return totals.sort_values(ascending=False, kind="stable")
