"""How far a change of deaths at a shock rests on choices: one curve of specifications a shock.

The choices are those that a reader could defend against ours: definition, allocation of days,
length of the window, a trend, the model of the variance, the season, the largest month, and the
date where it is an interval. Several shocks fall within months of one another in Mali; each is
looked at alone, and none is told apart from its neighbours by that.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from sahel_transitions.errors import Refusal
from sahel_transitions.indicators.civilian_deaths import civilian_deaths
from sahel_transitions.indicators.definitions import DATASETS
from sahel_transitions.methods import Design, evaluate, fingerprint, grid, interruption
from sahel_transitions.parameters import Parameters
from sahel_transitions.paths import CODED
from sahel_transitions.sources import ALLOCATIONS
from sahel_transitions.tables import State, Table, Tables, parse_partial_date

PRIMARY = CODED / "primary_specification.yml"
WINDOWS: tuple[int | str, ...] = (12, 18, 24, 36, "all")
DATES = ("earliest", "latest", "between_left_out")
# Fewer months than this on a side are no level.
_FEWEST = 6


@dataclass(frozen=True)
class Primary:
    """The specification that was fixed before the others were looked at.

    `choices` are those for one dataset; `hash` is that of the file's choices as a whole.
    """

    choices: dict
    hash: str
    fixed_on: str


def primary_specification(dataset: str, path: Path = PRIMARY) -> Primary:
    """The primary specification for a dataset of deaths.

    Raises
    ------
    Refusal
        If it names no definition for the dataset.
    """
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    choices = dict(content["choices"])
    definitions = choices["definition"]
    if dataset not in definitions:
        raise Refusal(
            f"Refused: {path.name} names no definition for {dataset}; it has "
            f"{', '.join(definitions)}."
        )
    choices["definition"] = definitions[dataset]
    if DATASETS[dataset].chooser != "allocation":
        del choices["allocation"]
    return Primary(choices, fingerprint(content["choices"]), content["fixed_on"])


def specifications(
    parameters: Parameters, tables: Mapping[str, Table], shocks: tuple[str, ...] | None = None
) -> list[dict]:
    """Every specification of the curves, those of one shock together.

    Parameters
    ----------
    shocks : tuple of str, optional
        Of the table `shocks`; all of the countries of the study without it.

    Returns
    -------
    list of dict
        `shock`, `country`, `definition`, `allocation` (where the dataset has several), `window`
        (months on each side, or `all`), `trend`, `model`, `harmonics`, `largest_month` and `date`
        (of shocks whose date is an interval).
    """
    declaration = tables["deaths"].declaration
    dataset = DATASETS[declaration.dataset]
    rows = tables["shocks"].frame.set_index("shock_id")
    rows = rows[rows["country"].isin(parameters.countries)]
    named = list(rows.index) if shocks is None else list(shocks)
    found = []
    for shock in named:
        when = parse_partial_date(rows.at[shock, "date"])
        interval = when.earliest.strftime("%Y-%m") != when.latest.strftime("%Y-%m")
        choices = {
            "shock": [shock],
            "country": [rows.at[shock, "country"]],
            "definition": [
                name for name in dataset.bounds if name in declaration.definitions
            ],
            **({"allocation": list(ALLOCATIONS)} if dataset.chooser == "allocation" else {}),
            "window": list(WINDOWS),
            "trend": ["with", "without"],
            "model": ["quasi_poisson", "nb2"],
            "harmonics": [0, 1],
            "largest_month": ["with", "without"],
            "date": list(DATES) if interval else ["between_left_out"],
        }  # fmt: skip
        found += grid(choices)
    return found


def specification_curves(
    parameters: Parameters,
    tables: Tables,
    asked: list[dict],
    *,
    workers: int = 2,
    kept_in: Path | None = None,
    done: Callable[[int, int], None] = lambda count, total: None,
) -> pd.DataFrame:
    """The change of level that each specification gives.

    Parameters
    ----------
    asked : list of dict
        Of `specifications`.
    workers, kept_in, done
        As of `methods.evaluate`.

    Returns
    -------
    DataFrame
        The specifications, then `estimate` (the level after the shock over that expected without
        it), `low`, `high`, `p_value`, `why_not`, and `primary`, which marks one specification of
        each shock.
    """
    table = tables["deaths"]
    series = _all_series(parameters, tables, asked)
    dates = {row.shock_id: row.date for row in tables["shocks"].frame.itertuples()}
    inputs = fingerprint(
        [table.declaration.sha256, table.declaration.vintage, parameters.plain(), dates,
         {"|".join(map(str, key)): list(map(str, values)) for key, values in series.items()}]
    )  # fmt: skip
    answers = evaluate(
        asked, partial(answer, series=series, dates=dates), workers=workers, kept_in=kept_in,
        inputs=inputs, done=done,
    )  # fmt: skip
    primary = primary_specification(table.declaration.dataset).choices
    marked = pd.Series(True, answers.index)
    for name, value in primary.items():
        marked &= answers[name] == value
    return answers.assign(primary=marked)


def answer(specification: Mapping, series: Mapping, dates: Mapping) -> dict:
    """One specification: the factor of the level, its interval, or why it cannot be had.

    Parameters
    ----------
    series : mapping
        By country, definition and allocation, deaths by month (a Series over months as text, NaN
        where there is no value that a test may rest on).
    dates : mapping
        By shock, its date as the ledger has it.
    """
    key = (specification["country"], specification["definition"], specification.get("allocation"))
    months = series[key]
    first, last = _months_of(dates[specification["shock"]], specification["date"])
    inside = _window(months, first, last, specification["window"])
    if inside is None:
        return {"why_not": "the window reaches outside the coverage"}
    index = inside.index
    between = (index > first) & (index < last) if first != last else np.zeros(len(inside), bool)
    # The month of the shock itself is of neither side, as in the sums before and after it.
    left_out = between | (index == first) | (index == last)
    counts = inside.to_numpy("float64")
    if specification["largest_month"] == "without":
        left_out = left_out.copy()
        left_out[np.nanargmax(np.where(left_out, np.nan, counts))] = True
    after = np.asarray(index > last)
    kept = ~left_out & ~np.isnan(counts)
    if min((kept & after).sum(), (kept & ~after).sum()) < _FEWEST:
        return {"why_not": f"fewer than {_FEWEST} months on one side"}
    if 0 in (counts[kept & after].sum(), counts[kept & ~after].sum()):
        return {"why_not": "no deaths on one side"}
    design = Design(
        model=specification["model"],
        harmonics=specification["harmonics"],
        trend=specification["trend"] == "with",
    )
    fit = interruption(counts, after, left_out=left_out, design=design)
    if not np.isfinite(fit.level.estimate):
        return {"why_not": "the model does not converge"}
    return {"estimate": fit.level.estimate, "low": fit.level.low, "high": fit.level.high,
            "p_value": fit.p_value}  # fmt: skip


def _months_of(text: str, date: str) -> tuple[str, str]:
    """The first and last month in which a shock may have happened."""
    when = parse_partial_date(text)
    first, last = f"{when.earliest:%Y-%m}", f"{when.latest:%Y-%m}"
    if date == "earliest":
        return first, first
    if date == "latest":
        return last, last
    return first, last


def _window(months: pd.Series, first: str, last: str, window: int | str) -> pd.Series | None:
    """The months of a window around a shock, or None if one of them has no value."""
    known = months[months.notna()]
    if window == "all":
        return months[known.index[0] : known.index[-1]] if len(known) else None
    start = str(pd.Period(first, "M") - window)
    end = str(pd.Period(last, "M") + window)
    inside = months[(months.index >= start) & (months.index <= end)]
    asked = (pd.Period(end, "M") - pd.Period(start, "M")).n + 1
    return inside if len(inside) == asked and inside.notna().all() else None


def _all_series(parameters: Parameters, tables: Tables, asked: list[dict]) -> dict:
    """The series that specifications ask for, over all months that the table covers.

    Provisional months are left out: they are still revised, upwards as a rule.
    """
    declaration, found = tables["deaths"].declaration, {}
    wanted = {(each["definition"], each.get("allocation")) for each in asked}
    spans = [declaration.coverage[country] for country in parameters.countries
             if country in declaration.coverage]  # fmt: skip
    for definition, allocation in sorted(wanted, key=str):
        changed = {"deaths_definition": definition, "per_100k": False}
        if spans:
            changed |= {"start": min(span.first for span in spans),
                        "end": max(span.last for span in spans)}  # fmt: skip
        if allocation is not None:
            changed["allocation"] = allocation
        rows = civilian_deaths(parameters.model_copy(update=changed), tables, "month")
        for country, part in rows.groupby("country", sort=False):
            states = part["value"].array.states
            values = np.where(
                states == State.PROVISIONAL, np.nan, part["value"].to_numpy("float64")
            )
            found[country, definition, allocation] = pd.Series(values, index=part["period"])
    return found
