"""What a newer vintage of the table of deaths changes: numbers by year, and findings."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sahel_transitions.indicators import By, civilian_deaths
from sahel_transitions.methods import Ratio, ratio_of_means
from sahel_transitions.parameters import Parameters
from sahel_transitions.tables import Table, Tables, add_months, parse_partial_date

_WHOLE_YEAR = 12
# A finding whose size moves by more than this share is named.
SIZE = 0.10


def revision_triangle(
    parameters: Parameters, tables: Tables, old: Table, new: Table
) -> pd.DataFrame:
    """Deaths by country and year of two vintages, for every definition that both answer.

    Returns
    -------
    DataFrame
        `country`, `definition`, `year`, `old`, `new`, `change`, `share`; one row for each year
        that at least one vintage covers for all its months. What a vintage does not cover is
        missing.
    """
    definitions = [
        each for each in old.declaration.definitions if each in new.declaration.definitions
    ]
    parts = []
    for definition in definitions:
        asked = _whole_span(parameters, old, new).model_copy(
            update={"deaths_definition": definition}
        )
        sides = [_series(asked, tables, table, "year") for table in (old, new)]
        both = pd.DataFrame({"old": sides[0], "new": sides[1]}).dropna(how="all")
        both.index = both.index.rename({"period": "year"})
        parts.append(both.reset_index().assign(definition=definition))
    result = pd.concat(parts, ignore_index=True)
    result["change"] = result["new"] - result["old"]
    result["share"] = result["change"] / result["old"].replace(0, np.nan)
    order = ["country", "definition", "year", "old", "new", "change", "share"]
    return result[order].sort_values(order[:3], ignore_index=True)


def partial_years(parameters: Parameters, tables: Tables, old: Table, new: Table) -> pd.DataFrame:
    """Deaths of years that not both vintages cover as a whole, over the months that both do.

    Returns
    -------
    DataFrame
        `country`, `definition`, `year`, `months`, `old`, `new`, `change`.
    """
    parts = []
    for definition in old.declaration.definitions:
        if definition not in new.declaration.definitions:
            continue
        asked = _whole_span(parameters, old, new).model_copy(
            update={"deaths_definition": definition}
        )
        sides = [_series(asked, tables, table, "month") for table in (old, new)]
        both = pd.DataFrame({"old": sides[0], "new": sides[1]}).dropna().reset_index()
        both = both.assign(year=both["period"].str[:4], months=1, definition=definition)
        keys = ["country", "definition", "year"]
        years = both.groupby(keys, as_index=False)[["months", "old", "new"]].sum()
        parts.append(years[years["months"] < _WHOLE_YEAR])
    result = pd.concat(parts, ignore_index=True)
    return result.assign(change=result["new"] - result["old"])


@dataclass(frozen=True)
class Finding:
    """One finding under one vintage: a ratio with its interval, or a name."""

    ratio: Ratio | None = None
    name: str | None = None


def findings_of(parameters: Parameters, tables: Tables, table: Table) -> dict[str, Finding]:
    """The findings that rest on deaths, under one vintage.

    Growth of each of the last three whole years of the study, deaths after over before each shock
    (both as ratios of monthly means with a quasi-Poisson interval), the month with most deaths,
    and the first-order unit and perpetrator class with most of them.
    """
    tables = tables.with_table(table)
    months = civilian_deaths(parameters, tables, "month")
    found = {}
    for country, rows in months.groupby("country", sort=False):
        series = pd.Series(rows["value"].to_numpy("float64"), index=rows["period"])
        years = [year for year, part in series.groupby(series.index.str[:4])
                 if len(part) == _WHOLE_YEAR and part.notna().all()]  # fmt: skip
        for year in years[-3:]:
            previous = str(int(year) - 1)
            if previous in years:
                pair = [
                    series[series.index.str[:4] == each].to_numpy() for each in (previous, year)
                ]
                found[f"growth {country} {previous} to {year}"] = Finding(ratio_of_means(*pair))
        if series.notna().any() and series.max() > 0:
            found[f"highest month {country}"] = Finding(name=str(series.idxmax()))
    found |= _around_shocks(parameters, tables)
    for by, title in (("admin1", "first-order unit"), ("perpetrator", "perpetrator class")):
        found |= _leaders(parameters, tables, by, title)
    return found


def changed_findings(old: dict[str, Finding], new: dict[str, Finding]) -> list[str]:
    """In words, the findings whose sign, size or significance differs between two vintages."""
    sentences = []
    for name in [*old, *(each for each in new if each not in old)]:
        if name not in new or name not in old:
            side = "the newer" if name in new else "the older"
            sentences.append(f"{name}: only under {side} vintage.")
            continue
        before, after = old[name], new[name]
        if before.name != after.name:
            sentences.append(f"{name}: {before.name} becomes {after.name}.")
        elif before.ratio is not None:
            kinds = _kinds(before.ratio, after.ratio)
            if kinds:
                sentences.append(
                    f"{name}: {', '.join(kinds)} ({_shown(before.ratio)} becomes "
                    f"{_shown(after.ratio)})."
                )
    return sentences


def _kinds(before: Ratio, after: Ratio) -> list[str]:
    if np.isnan(before.estimate) or np.isnan(after.estimate):
        return (
            []
            if np.isnan(before.estimate) == np.isnan(after.estimate)
            else ["whether it can be estimated"]
        )
    kinds = []
    if (before.estimate > 1) != (after.estimate > 1):
        kinds.append("sign")
    if abs(after.estimate / before.estimate - 1) > SIZE:
        kinds.append("size")
    if before.differs_from_one != after.differs_from_one:
        kinds.append("significance")
    return kinds


def _shown(ratio: Ratio) -> str:
    if np.isnan(ratio.estimate):
        return "no estimate"
    return f"{ratio.estimate:.2f}, {ratio.low:.2f} to {ratio.high:.2f}"


def _whole_span(parameters: Parameters, old: Table, new: Table) -> Parameters:
    spans = [
        span for table in (old, new) for country, span in table.declaration.coverage.items()
        if country in parameters.countries
    ]  # fmt: skip
    if not spans:
        return parameters
    first = min(span.first for span in spans)
    last = max(span.last for span in spans)
    return parameters.model_copy(
        update={"start": f"{first[:4]}-01", "end": f"{last[:4]}-12", "as_of": f"{last[:4]}-12-31"}
    )


def _series(parameters: Parameters, tables: Tables, table: Table, by: By) -> pd.Series:
    rows = civilian_deaths(parameters, tables.with_table(table), by)
    index = pd.MultiIndex.from_frame(rows[["country", "period"]])
    return pd.Series(rows["value"].to_numpy("float64"), index=index)


def _around_shocks(parameters: Parameters, tables: Tables) -> dict[str, Finding]:
    found = {}
    shocks = tables["shocks"].frame.set_index("shock_id").loc[list(parameters.shocks)]
    for shock, row in shocks[shocks["country"].isin(parameters.countries)].iterrows():
        when = parse_partial_date(row["date"])
        first = add_months(when.earliest.replace(day=1), -parameters.window)
        last = add_months(when.latest.replace(day=1), parameters.window)
        asked = parameters.model_copy(
            update={"start": f"{first:%Y-%m}", "end": f"{last:%Y-%m}",
                    "countries": (row["country"],)}
        )  # fmt: skip
        months = civilian_deaths(asked, tables, "month")
        value = pd.Series(months["value"].to_numpy("float64"), index=months["period"])
        if value.isna().any():
            # The window reaches beyond what the vintage covers: there is nothing to compare.
            continue
        before = value[value.index < f"{when.earliest:%Y-%m}"]
        after = value[value.index > f"{when.latest:%Y-%m}"]
        found[f"after over before {shock}"] = Finding(ratio_of_means(before, after))
    return found


def _leaders(parameters: Parameters, tables: Tables, by: str, title: str) -> dict[str, Finding]:
    if by not in tables["deaths"].declaration.breakdowns:
        return {}
    found = {}
    value = "attributed" if by == "perpetrator" else "value"
    for country, rows in civilian_deaths(parameters, tables, by).groupby("country", sort=False):
        numbers = pd.Series(rows[value].to_numpy("float64"), index=rows.index).fillna(0)
        totals = numbers.groupby(rows[by]).sum()
        totals = totals.drop(["not_located", "not_attributed"], errors="ignore")
        if totals.sum() > 0:
            found[f"{title} with most deaths {country}"] = Finding(name=str(totals.idxmax()))
    return found
