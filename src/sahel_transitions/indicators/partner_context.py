"""What else changed around the partner shifts: yearly series of several producers.

Every value says how it stands, so that a figure that nobody updated is not read as stability and
a year that is not complete is not read as a fall.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from sahel_transitions.indicators.known_years import covers_year, known_years
from sahel_transitions.parameters import Parameters
from sahel_transitions.tables import Table

# Each version of V-Dem rates all years anew: one alone is used. Version 15 rates every country of
# West Africa in every year to 2024; the table has version 16 for three countries from 2018 only.
VDEM_VERSION = "v15"
# Editions of the press-freedom index from which on ranks are not comparable with those before.
PRESS_FREEDOM_BREAKS = (2013, 2022)
STATES = ("observed", "zero", "partial", "stale", "provisional", "missing", "not_covered")
COLUMNS = [
    "country", "indicator", "year", "value", "state", "out_of", "after_break", "unit", "source",
    "vintage",
]  # fmt: skip


@dataclass(frozen=True)
class _Series:
    """A yearly series of a table: its rows with `country`, `year` and `value`.

    `states` may be among them, and `out_of`. Covered years without a row are `absent`. Where the
    table holds several versions, only years that the rows of the chosen one span are covered.
    """

    table: str
    unit: str
    rows: Callable[[pd.DataFrame], pd.DataFrame]
    absent: str = "missing"
    breaks: tuple[int, ...] = ()
    version: str | None = None


def _bases(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.groupby(["country", "year"], as_index=False)["locations"].sum().rename(
        columns={"locations": "value"}
    )  # fmt: skip


def _aid(stage: str) -> Callable[[pd.DataFrame], pd.DataFrame]:
    def rows(frame: pd.DataFrame) -> pd.DataFrame:
        frame = frame[(frame["transaction"] == stage) & ~frame["transition_quarter"].astype(bool)]
        return frame.assign(
            year=frame["fiscal_year"],
            value=frame["constant_usd"] / 1e6,
            states=frame["partial"].map({True: "partial", False: None}),
        )

    return rows


def _democracy(frame: pd.DataFrame) -> pd.DataFrame:
    frame = frame[frame["version"] == VDEM_VERSION]
    return frame.assign(value=frame["v2x_polyarchy"])


def _press(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(value=frame["rank"], out_of=frame["countries"])


def _military(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(value=frame["spending_index"])


def _displaced(frame: pd.DataFrame) -> pd.DataFrame:
    frame = frame[frame["measure"] == "idps"]
    # A figure that was not counted anew is stale first: that it may be revised says less.
    states = frame["provisional"].map({True: "provisional", False: None})
    return frame.assign(value=frame["people"], states=states.mask(frame["repeated"], "stale"))


SERIES: dict[str, _Series] = {
    "un_bases": _Series("peacekeeping", "locations", _bases, absent="zero"),
    "us_obligations": _Series(
        "us_aid", "million US dollars of 2024", _aid("obligations"), absent="zero"
    ),
    "us_disbursements": _Series(
        "us_aid", "million US dollars of 2024", _aid("disbursements"), absent="zero"
    ),
    "electoral_democracy": _Series(
        "regimes", "index from 0 to 1", _democracy, version=VDEM_VERSION
    ),
    "press_freedom_rank": _Series("press_freedom", "rank", _press, breaks=PRESS_FREEDOM_BREAKS),
    "military_spending": _Series("military_expenditure", "2019 = 100", _military),
    "displaced": _Series("displacement", "people", _displaced),
}


def partner_context(parameters: Parameters, tables: Mapping[str, Table]) -> pd.DataFrame:
    """Yearly series around the partner shifts, each value with its state.

    Indicators: locations of UN peacekeeping bases; US aid obligated and disbursed in a fiscal year, in
    millions of constant dollars (stages of the same money, never added); V-Dem's electoral
    democracy index of one version; rank of press freedom with `out_of` how many; military spending
    as an index; internally displaced people.

    Returns
    -------
    DataFrame
        `COLUMNS`, one row for each country of the study, indicator and year of `known_years`.
        `state` is one of `STATES`: *partial* a fiscal year that is not complete, *stale* a figure
        above zero that equals that of the year before to the last unit, *provisional* one that
        may be revised. `after_break` is true of the first year under another method: it is not
        compared with the years before.
    """
    rows = []
    for name, series in SERIES.items():
        table = tables[series.table]
        found = series.rows(table.frame)
        found = found.reindex(columns=["country", "year", "value", "states", "out_of"])
        known = {(row.country, row.year): row for row in found.itertuples()}
        producer = table.declaration.producer
        vintage = series.version or table.declaration.vintage
        for country in parameters.countries:
            rated = found.loc[found["country"] == country, "year"]
            for year in known_years(parameters):
                covered = covers_year(table.declaration, country, year)
                if series.version:
                    covered &= bool(rated.min() <= year <= rated.max())
                value, state, out_of = _value(known.get((country, year)), covered, series.absent)
                rows.append(
                    (country, name, year, value, state, out_of, year in series.breaks,
                     series.unit, producer, vintage)
                )  # fmt: skip
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.astype({"value": "float64", "out_of": "Int64"})


def _value(row, covered: bool, absent: str) -> tuple:
    if not covered:
        return None, "not_covered", pd.NA
    if row is None:
        return (0.0, "zero", pd.NA) if absent == "zero" else (None, absent, pd.NA)
    if pd.isna(row.value):
        return None, "missing", pd.NA
    state = row.states if isinstance(row.states, str) else "observed" if row.value else "zero"
    return float(row.value), state, pd.NA if pd.isna(row.out_of) else int(row.out_of)
