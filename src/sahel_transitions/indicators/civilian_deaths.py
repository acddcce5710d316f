"""Reported civilian deaths: declared tables and parameters → tidy series.

Definitions (UCDP GED): U1 is the best estimate of one-sided violence, U2 civilians in all types of
violence, U3 civilians and dead of unknown status. UCDP gives low and high estimates for all dead
only, never for civilians, so U2 and U3 are bounded by each other; for U1 the low and high estimates
of the events are summed, which bounds under perfect dependence and is no confidence interval.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from sahel_transitions.parameters import Parameters
from sahel_transitions.sources import NOT_LOCATED, build_deaths
from sahel_transitions.tables import (
    Declaration,
    State,
    StatedArray,
    Table,
    Tables,
    add_months,
    parse_partial_date,
    resolve_absence,
)

By = Literal["year", "month", "admin1", "perpetrator"]
BREAKDOWNS: tuple[By, ...] = ("year", "month", "admin1", "perpetrator")

SOURCE = "UCDP GED"
COLUMNS = [
    "country", "period", "value", "low", "high", "unit", "definition", "source", "vintage",
    "state",
]  # fmt: skip

# Value, low and high of each definition, as columns of `series`.
_BOUNDS = {
    "U1": ("u1", "u1_low", "u1_high"),
    "U2": ("u2", "u2", "u3"),
    "U3": ("u3", "u2", "u3"),
}
_SERIES = [
    "u1", "u1_low", "u1_high", "u2", "u3", "u2_one_sided", "best", "best_low", "best_high", "events",
]  # fmt: skip
_PER = 100_000
# A month is not made a year, and parts are set against all inhabitants of the country.
_RATE_UNITS = {
    "year": "reported deaths per 100,000",
    "month": "reported deaths per 100,000 in a month",
    "admin1": "reported deaths per 100,000 inhabitants of the country",
    "perpetrator": "reported deaths per 100,000 inhabitants of the country",
}


def deaths_table(parameters: Parameters, tables: Tables) -> Table:
    """The table `deaths` that the parameters ask for: the project's, or one from a user's file."""
    if parameters.deaths_source == "ucdp":
        return tables["deaths"]
    built = build_deaths(Path(parameters.deaths_source), tables["actors"].frame)
    declaration = Declaration.model_validate(
        {**built.declaration, "rows": len(built.frame), "sha256": "not in the project"}
    )
    return Table("deaths", built.frame, declaration)


def civilian_deaths(
    parameters: Parameters, tables: Mapping[str, Table], by: By = "year"
) -> pd.DataFrame:
    """Reported civilian deaths by country and period.

    Parameters
    ----------
    parameters : Parameters
        `countries`, `start`, `end`, `as_of`, `deaths_definition`, `allocation` and `per_100k`.
    tables : mapping
        Needs `deaths` and, for rates, `population`.
    by : {"year", "month", "admin1", "perpetrator"}
        With the last two a column of that name follows `period`, which is then a year.

    Returns
    -------
    DataFrame
        `COLUMNS`, then `months` (months summed: fewer than twelve is a partial year) and the
        series `u1`, `u2`, `u3`, `u2_one_sided` (the civilians of U2 that a filter on one-sided
        violence keeps), `best`, `best_low`, `best_high` (all dead, armed or not) and `events`.
        One row for each country × period (× unit), whether anything was recorded or not. `value`,
        `low`, `high` and the series have the dtype `stated`: a covered month without an event is a
        true zero, and a period with a month outside the coverage is *not covered*.
    """
    table = tables["deaths"]
    extra = [by] if by in {"admin1", "perpetrator"} else []
    cells = _cells(table, parameters, extra)
    cells["period"] = cells["month"] if by == "month" else cells["month"].str[:4]
    keys = ["country", "period", *extra]
    result = cells.groupby(keys, as_index=False, sort=False)[_SERIES].sum()
    result["months"] = cells.groupby(keys, sort=False)["month"].nunique().to_numpy()
    value, low, high = _BOUNDS[parameters.deaths_definition]
    unit = "reported deaths"
    numbers = {"value": result[value], "low": result[low], "high": result[high]}
    if parameters.per_100k:
        people = _population(tables["population"], result)
        numbers = {name: series * _PER / people for name, series in numbers.items()}
        unit = _RATE_UNITS[by]
    result = result.assign(
        **numbers,
        unit=unit,
        definition=parameters.deaths_definition,
        source=SOURCE,
        vintage=table.declaration.vintage,
        state=numbers["value"].array.labels(),
    )
    first = [*COLUMNS[:2], *extra, *COLUMNS[2:]]
    shown = ["months", "u1", "u2", "u3", "u2_one_sided", "best", "best_low", "best_high", "events"]
    return result[first + shown]


def largest_units(units: pd.DataFrame, count: int = 5) -> pd.DataFrame:
    """The first-order units with most civilian deaths (U2) over all periods, for each country.

    Parameters
    ----------
    units : DataFrame
        `civilian_deaths(…, by="admin1")`.

    Returns
    -------
    DataFrame
        `country`, `admin1`, `u1`, `u2`, `u3` (stated) and `share` of the country's U2, largest
        first; the row of deaths that are not located is kept in its place, however small.
    """
    covered = units[~units["state"].isin(["not_covered", "missing"])]
    totals = covered.groupby(["country", "admin1"], as_index=False, sort=False)[
        ["u1", "u2", "u3"]
    ].sum()
    size = totals["u2"].array.to_numpy()
    whole = pd.Series(size).groupby(totals["country"].to_numpy()).transform("sum").to_numpy()
    totals["share"] = np.divide(size, whole, out=np.zeros_like(size), where=whole > 0)
    rank = {country: position for position, country in enumerate(units["country"].unique())}
    totals = totals.assign(rank=totals["country"].map(rank)).sort_values(
        ["rank", "share"], ascending=[True, False], kind="stable"
    )
    place = totals.groupby("country").cumcount()
    kept = (place < count) | (totals["admin1"] == NOT_LOCATED)
    return totals[kept].drop(columns="rank").reset_index(drop=True)


def around_shocks(parameters: Parameters, tables: Mapping[str, Table]) -> pd.DataFrame:
    """Deaths in the `window` months before and after each shock of the parameters.

    The month of the shock belongs to neither side; where the date is an interval, none of its
    months does. Sums are taken over whole months: a window that reaches outside the coverage, or
    beyond the last month that was over on `as_of`, is *not covered*, never shortened.

    Returns
    -------
    DataFrame
        `shock`, `country`, `date`, `months`, `before`, `after` (stated), `state_before`,
        `state_after`; one row a shock of a country of the study.
    """
    table, rows = tables["deaths"], []
    shocks = tables["shocks"].frame.set_index("shock_id").loc[list(parameters.shocks)]
    for shock, row in shocks[shocks["country"].isin(parameters.countries)].iterrows():
        when = parse_partial_date(row["date"])
        first = add_months(when.earliest.replace(day=1), -parameters.window)
        last = add_months(when.latest.replace(day=1), parameters.window)
        span = pd.period_range(str(first)[:7], str(last)[:7], freq="M").astype("str")
        frame = _grid(table, parameters, row["country"], list(span))
        value = frame[_BOUNDS[parameters.deaths_definition][0]]
        before = value[frame["month"] < str(when.earliest)[:7]].sum()
        after = value[frame["month"] > str(when.latest)[:7]].sum()
        rows.append((shock, row["country"], row["date"], parameters.window, before, after))
    columns = ["shock", "country", "date", "months", "before", "after"]
    result = pd.DataFrame(rows, columns=columns, dtype="object")
    for side in ("before", "after"):
        result[side] = pd.array(list(result[side]), dtype="stated")
        result[f"state_{side}"] = result[side].array.labels()
    return result.astype({"months": "int64"})


def _cells(table: Table, parameters: Parameters, extra: list[str]) -> pd.DataFrame:
    """Every country × month (× unit) of the study, with the series as stated numbers."""
    months = list(pd.period_range(parameters.start, parameters.last_month, freq="M").astype("str"))
    return pd.concat(
        [_grid(table, parameters, country, months, extra) for country in parameters.countries],
        ignore_index=True,
    )


def _grid(
    table: Table, parameters: Parameters, country: str, months: list[str], extra=()
) -> pd.DataFrame:
    extra = list(extra)
    rows = table.frame[
        (table.frame["country"] == country) & (table.frame["allocation"] == parameters.allocation)
    ]
    units = [sorted(rows[column].unique()) or ["unidentified"] for column in extra]
    keys = ["month", *extra]
    grid = pd.MultiIndex.from_product([months, *units], names=keys).to_frame(index=False)
    counted = _count(rows).groupby(keys, as_index=False)[[*_SERIES, "provisional"]].sum()
    cells = grid.merge(counted, on=keys, how="left", validate="one_to_one")
    known = parameters.last_known_month
    covered = [
        table.declaration.covers(country, month) and month <= known for month in cells["month"]
    ]
    provisional = cells["provisional"].fillna(0) > 0
    for name in _SERIES:
        cells[name] = resolve_absence(cells[name], covered, provisional)
    return cells.drop(columns="provisional").assign(country=country)


def _count(rows: pd.DataFrame) -> pd.DataFrame:
    one_sided = rows["type_of_violence"] == 3
    return rows.assign(
        u1=rows["best"].where(one_sided, 0),
        u1_low=rows["low"].where(one_sided, 0),
        u1_high=rows["high"].where(one_sided, 0),
        u2=rows["civilians"],
        u2_one_sided=rows["civilians"].where(one_sided, 0),
        u3=rows["civilians"] + rows["unknown"],
        best_low=rows["low"],
        best_high=rows["high"],
        provisional=rows["provisional"].astype("int64"),
    )


def _population(population: Table, result: pd.DataFrame) -> StatedArray:
    keys = pd.MultiIndex.from_arrays([result["country"], result["period"].str[:4].astype("int64")])
    people = population.frame.set_index(["country", "year"])["population"].reindex(keys)
    states = np.where(people.isna(), State.NOT_COVERED, State.OBSERVED)
    return StatedArray(people.to_numpy("float64"), states)
