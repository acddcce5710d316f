"""Reported civilian deaths: declared tables and parameters → tidy series.

Definitions of UCDP GED: U1 is the best estimate of one-sided violence, U2 civilians in all types of
violence, U3 civilians and dead of unknown status. UCDP gives low and high estimates for all dead
only, never for civilians, so U2 and U3 are bounded by each other; for U1 the low and high estimates
of the events are summed, which bounds under perfect dependence and is no confidence interval.

Definitions of ACLED, of a user's own file: A1 fatalities of violence against civilians, A2 of all
events that target civilians, A3 the number of such events with a death. ACLED gives no bounds.
"""

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd

from sahel_transitions.errors import Refusal
from sahel_transitions.indicators.definitions import DATASETS, count, unit_of
from sahel_transitions.parameters import Parameters
from sahel_transitions.sources import NOT_LOCATED, named_files, read_users_files
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

COLUMNS = [
    "country", "period", "value", "low", "high", "unit", "definition", "source", "vintage",
    "state",
]  # fmt: skip

_DEFINITIONS = {name for dataset in DATASETS.values() for name in dataset.bounds}
_PER = 100_000
# A month is not made a year, and parts are set against all inhabitants of the country.
_RATE_UNITS = {
    "year": "per 100,000",
    "month": "per 100,000 in a month",
    "admin1": "per 100,000 inhabitants of the country",
    "perpetrator": "per 100,000 inhabitants of the country",
}


def deaths_table(parameters: Parameters, tables: Tables) -> Table:
    """The table `deaths` that the parameters ask for: the project's, or one from a user's files."""
    if parameters.deaths_source == "ucdp":
        return tables["deaths"]
    _, built = read_users_files(
        named_files(parameters.deaths_source),
        tables["actors"].frame,
        skip_bad_rows=parameters.skip_bad_rows,
    )
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
        `countries`, `start`, `end`, `as_of`, `deaths_definition`, `allocation`, `joint_events` and
        `per_100k`.
    tables : mapping
        Needs `deaths` and, for rates, `population`.
    by : {"year", "month", "admin1", "perpetrator"}
        With the last two a column of that name follows `period`, which is then a year. With
        `perpetrator` a column `attributed` follows the months: what the dataset attributes to the
        class, of UCDP the deaths of one-sided violence (U1), of ACLED the definition itself, under
        the rule `joint_events`.

    Returns
    -------
    DataFrame
        `COLUMNS`, then `months` (those that are covered: fewer than twelve is a partial year) and the
        series of the dataset (`definitions.DATASETS`): of UCDP `u1`, `u2`, `u3`, `u2_one_sided`
        (the civilians of U2 that a filter on one-sided violence keeps), `best`, `best_low`,
        `best_high` (all dead, armed or not), `events` and `one_sided_events`; of ACLED `a1`, `a2`, `a3` and `events`
        (all that target civilians). One row for each country × period (× unit), whether anything
        was recorded or not. `value`, `low`, `high` and the series have the dtype `stated`: a
        covered month without an event is a true zero, a covered month whose value is lost is
        missing, and a period with a month outside the coverage is *not covered*.

    Raises
    ------
    Refusal
        If the table of a user's file has years alone and months are asked for.
    """
    table = tables["deaths"]
    extra = [by] if by in {"admin1", "perpetrator"} else []
    cells = _cells(table, parameters, extra, by)
    dataset = DATASETS[table.declaration.dataset]
    cells["period"] = cells["month"] if by == "month" else cells["month"].str[:4]
    keys = ["country", "period", *extra]
    series = list(dataset.series)
    result = cells.groupby(keys, as_index=False, sort=False)[series].sum()
    result["months"] = cells.groupby(keys, sort=False)["months"].sum().to_numpy()
    definition = parameters.deaths_definition
    value, low, high = dataset.bounds[definition]
    unit = unit_of(definition)
    numbers = {
        name: _series(result, column)
        for name, column in (("value", value), ("low", low), ("high", high))
    }
    if parameters.per_100k:
        people = _population(tables["population"], result)
        numbers = {name: each * _PER / people for name, each in numbers.items()}
        unit = f"{unit} {_RATE_UNITS[by]}"
    result = result.assign(
        **numbers,
        unit=unit,
        definition=definition,
        source=table.declaration.dataset,
        vintage=table.declaration.vintage,
        state=numbers["value"].array.labels(),
    )
    first = [*COLUMNS[:2], *extra, *COLUMNS[2:]]
    attributed = ["attributed"] if by == "perpetrator" else []
    result["attributed"] = result[dataset.attributed[definition]]
    return result[[*first, "months", *attributed, *dataset.shown]]


def side_by_side(parameters: Parameters, tables: Mapping[str, Table]) -> list[str]:
    """The series that a table of years shows, so that definitions can be compared."""
    declaration = tables["deaths"].declaration
    lacking = {f"A{n}" for n in (1, 2, 3)} - set(declaration.definitions)
    shown = DATASETS[declaration.dataset].side_by_side
    return [name for name in shown if name.upper() not in lacking]


def _series(result: pd.DataFrame, column: str | None) -> pd.Series:
    if column is not None:
        return result[column]
    absent = StatedArray(np.full(len(result), np.nan))
    return pd.Series(absent, index=result.index)


def largest_units(units: pd.DataFrame, count: int = 5) -> pd.DataFrame:
    """The first-order units with most civilian deaths over all periods, for each country.

    Parameters
    ----------
    units : DataFrame
        `civilian_deaths(…, by="admin1")`.

    Returns
    -------
    DataFrame
        `country`, `admin1`, the definitions of the dataset (stated) and `share` of the country's
        value, largest first; the row of deaths that are not located is kept in its place, however
        small.
    """
    covered = units[~units["state"].isin(["not_covered", "missing"])]
    names = [name for name in units if name.upper() in _DEFINITIONS]
    totals = covered.groupby(["country", "admin1"], as_index=False, sort=False)[
        ["value", *names]
    ].sum()
    names = [name for name in names if totals[name].notna().any() or totals.empty]
    totals = totals[["country", "admin1", "value", *names]]
    size = totals["value"].array.to_numpy()
    whole = pd.Series(size).groupby(totals["country"].to_numpy()).transform("sum").to_numpy()
    totals["share"] = np.divide(size, whole, out=np.zeros_like(size), where=whole > 0)
    rank = {country: position for position, country in enumerate(units["country"].unique())}
    totals = totals.assign(rank=totals["country"].map(rank)).sort_values(
        ["rank", "share"], ascending=[True, False], kind="stable"
    )
    place = totals.groupby("country").cumcount()
    kept = (place < count) | (totals["admin1"] == NOT_LOCATED)
    return totals[kept].drop(columns=["rank", "value"]).reset_index(drop=True)


def covered_span(rows: pd.DataFrame) -> tuple[str, str]:
    """The first and last period that any value is known of; of all periods if none is."""
    known = rows.loc[~rows["state"].isin(["not_covered", "missing"]), "period"]
    periods = known if len(known) else rows["period"]
    return periods.min(), periods.max()


def around_shocks(parameters: Parameters, tables: Mapping[str, Table]) -> pd.DataFrame:
    """Deaths in the `window` months before and after each shock of the parameters.

    The month of the shock belongs to neither side; where the date is an interval, none of its
    months does. Sums are taken over whole months: a window that reaches outside the coverage, or
    beyond the last month that was over on `as_of`, is *not covered*, never shortened.

    Returns
    -------
    DataFrame
        `shock`, `country`, `date`, `months`, `before`, `after` (stated), `state_before`,
        `state_after`, `unit`, `definition`, `source`, `vintage`; one row a shock of a country of
        the study.
    """
    table, rows = tables["deaths"], []
    if "year" in table.declaration.grain:
        _demand_years(parameters, "month")
    shocks = tables["shocks"].frame.set_index("shock_id").loc[list(parameters.shocks)]
    for shock, row in shocks[shocks["country"].isin(parameters.countries)].iterrows():
        when = parse_partial_date(row["date"])
        first = add_months(when.earliest.replace(day=1), -parameters.window)
        last = add_months(when.latest.replace(day=1), parameters.window)
        span = pd.period_range(str(first)[:7], str(last)[:7], freq="M").astype("str")
        frame = _grid(table, parameters, row["country"], list(span))
        value = frame[DATASETS[table.declaration.dataset].bounds[parameters.deaths_definition][0]]
        before = value[frame["month"] < str(when.earliest)[:7]].sum()
        after = value[frame["month"] > str(when.latest)[:7]].sum()
        rows.append((shock, row["country"], row["date"], parameters.window, before, after))
    columns = ["shock", "country", "date", "months", "before", "after"]
    result = pd.DataFrame(rows, columns=columns, dtype="object")
    for side in ("before", "after"):
        result[side] = pd.array(list(result[side]), dtype="stated")
        result[f"state_{side}"] = result[side].array.labels()
    return result.astype({"months": "int64"}).assign(
        unit=unit_of(parameters.deaths_definition),
        definition=parameters.deaths_definition,
        source=table.declaration.dataset,
        vintage=table.declaration.vintage,
    )


def _cells(
    table: Table, parameters: Parameters, extra: list[str], by: By = "month"
) -> pd.DataFrame:
    """Every country × month (× unit) of the study, with the series as stated numbers.

    `months` counts the covered months of a cell: one, or twelve where the table has years alone.
    """
    months = list(pd.period_range(parameters.start, parameters.last_month, freq="M").astype("str"))
    if "year" in table.declaration.grain:
        _demand_years(parameters, by)
        months = months[::12]
    return pd.concat(
        [_grid(table, parameters, country, months, extra) for country in parameters.countries],
        ignore_index=True,
    )


def _demand_years(parameters: Parameters, by: By) -> None:
    """Refuse what a table of years cannot tell."""
    if by != "year":
        raise Refusal(
            f"Refused: the file of deaths_source holds whole years, and {by} asks for more. Choose "
            "a file of events, or --by year."
        )
    if not (parameters.start.endswith("-01") and parameters.last_month.endswith("-12")):
        raise Refusal(
            "Refused: the file of deaths_source holds whole years, and the study runs from "
            f"{parameters.start} to {parameters.last_month}. Begin in a January and end in a "
            "December that was over on as_of."
        )


def _grid(
    table: Table, parameters: Parameters, country: str, months: list[str], extra=()
) -> pd.DataFrame:
    extra, declaration = list(extra), table.declaration
    dataset = DATASETS[declaration.dataset]
    yearly = "year" in declaration.grain
    # Whoever did it, a death is one death: only shares of perpetrators depend on the rule.
    chosen = (
        parameters.allocation
        if dataset.chooser == "allocation"
        else (parameters.joint_events if "perpetrator" in extra else "primary")
    )
    rows = table.frame[
        (table.frame["country"] == country) & (table.frame[dataset.chooser] == chosen)
    ]
    if yearly:
        rows = rows.assign(month=rows["year"].astype("str") + "-01")
    units = [sorted(rows[column].unique()) or ["unidentified"] for column in extra]
    keys = ["month", *extra]
    grid = pd.MultiIndex.from_product([months, *units], names=keys).to_frame(index=False)
    series = list(dataset.series)
    rows = count(rows, declaration.dataset)
    flagged = rows["provisional"] if "provisional" in rows else pd.Series(False, rows.index)
    counted = (
        rows.assign(provisional=flagged.astype("int64"))
        .groupby(keys, as_index=False)[[*series, "provisional"]]
        .sum()
    )
    cells = grid.merge(counted, on=keys, how="left", validate="one_to_one")
    known = parameters.last_known_month
    covered = [declaration.covers(country, month) and month <= known for month in cells["month"]]
    lost = [declaration.loses(country, month) for month in cells["month"]]
    revised = np.array([declaration.revises(country, month) for month in cells["month"]])
    provisional = (cells["provisional"].fillna(0) > 0) | revised
    unanswered = {
        definition.lower()
        for definition in dataset.bounds
        if definition not in declaration.definitions
        or definition in declaration.unanswered.get(country, ())
    } | ({"events"} - set(table.frame))
    if declaration.unanswered.get(country):
        unanswered.add("events")
    for name in series:
        without = np.ones(len(cells), dtype=bool) if name in unanswered else lost
        cells[name] = resolve_absence(cells[name], covered, provisional, without)
    held = np.array(covered) & ~np.array(lost)
    return cells.drop(columns="provisional").assign(
        country=country, months=np.where(held, 12 if yearly else 1, 0)
    )


def _population(population: Table, result: pd.DataFrame) -> StatedArray:
    keys = pd.MultiIndex.from_arrays([result["country"], result["period"].str[:4].astype("int64")])
    people = population.frame.set_index(["country", "year"])["population"].reindex(keys)
    states = np.where(people.isna(), State.NOT_COVERED, State.OBSERVED)
    return StatedArray(people.to_numpy("float64"), states)
