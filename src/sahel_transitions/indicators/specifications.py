"""How far a change of deaths at a shock rests on choices: one curve of specifications a shock.

The choices are those that a reader could defend against ours: source, definition, allocation of
days, length of the window, trend, model of the variance, season, the largest month, and the date
where it is an interval. Several shocks fall within months of one another in Mali; each is looked at
alone, and none is told apart from its neighbours by that.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from sahel_transitions import methods
from sahel_transitions.errors import Refusal
from sahel_transitions.indicators.definitions import DATASETS
from sahel_transitions.indicators.settled_series import (
    Cut,
    SettledSeries,
    cut,
    known_shocks,
    settled_series,
    sources_of_deaths,
)
from sahel_transitions.methods import (
    Design,
    Interruption,
    evaluate,
    fingerprint,
    grid,
    influence,
    interruption,
    verdict,
)
from sahel_transitions.parameters import Parameters
from sahel_transitions.paths import CODED
from sahel_transitions.sources import ALLOCATIONS
from sahel_transitions.tables import Table, Tables

PRIMARY = CODED / "primary_specification.yml"
WINDOWS: tuple[int | str, ...] = (12, 18, 24, 36, "all")
BETWEEN = "between_left_out"
# The choices of a curve, in the order in which figures and tables name them.
CHOICES = (
    "source", "definition", "allocation", "window", "trend", "model", "harmonics", "largest_month",
    "date",
)  # fmt: skip
# Of a user's file some rules do not apply.
_ANY = "any"


@dataclass(frozen=True)
class Primary:
    """The specification that was fixed before the others were looked at.

    `choices` are those for one dataset; `hash` is that of the file's choices as a whole, and
    `amendment_hash` that of what was changed later.
    `amended_on` is the day on which a shorter window was admitted where the fixed one reaches
    outside the coverage, the curves having been seen.
    """

    choices: dict
    hash: str
    fixed_on: str
    amended_on: str
    amendment_hash: str


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
        choices["allocation"] = _ANY
    return Primary(
        choices, fingerprint(content["choices"]), content["fixed_on"],
        content["amendment"]["amended_on"],
        fingerprint(content["amendment"]),
    )  # fmt: skip


def specifications(
    parameters: Parameters, tables: Tables, shocks: tuple[str, ...] | None = None
) -> list[dict]:
    """Every specification of the curves, those of one shock together.

    Parameters
    ----------
    shocks : tuple of str, optional
        Of `known_shocks`; all of them without it.

    Returns
    -------
    list of dict
        `shock`, `country`, then `CHOICES`: `source` is a source with its vintage, `allocation` is
        `any` where the dataset knows none, `window` a number of months on each side or `all`,
        `date` a month in which the shock may have begun, or `between_left_out`.
    """
    rows, found = known_shocks(parameters, tables), []
    for shock in rows.index if shocks is None else shocks:
        starts = sorted({start[:7] for start in rows.at[shock, "starts"] if len(start) >= 7})
        for source, table in sources_of_deaths(tables).items():
            dataset = DATASETS[table.declaration.dataset]
            if "year" in table.declaration.grain:
                continue
            answered = [name for name in dataset.bounds if name in table.declaration.definitions]
            allocations = ALLOCATIONS if dataset.chooser == "allocation" else (_ANY,)
            found += grid(
                {
                    "shock": [shock],
                    "country": [rows.at[shock, "country"]],
                    "source": [source],
                    "definition": answered,
                    "allocation": list(allocations),
                    "window": list(WINDOWS),
                    "trend": ["with", "without", "bent"],
                    "model": ["quasi_poisson", "nb2"],
                    "harmonics": [0, 1],
                    "largest_month": ["with", "without"],
                    "date": [BETWEEN, *starts],
                }
            )
    return found


def specification_curves(
    parameters: Parameters,
    tables: Tables,
    asked: list[dict] | None = None,
    *,
    workers: int = 1,
    kept_in: Path | None = None,
    done: Callable[[int, int], None] = lambda count, total: None,
) -> pd.DataFrame:
    """The change of level that each specification gives.

    Parameters
    ----------
    asked : list of dict, optional
        Of `specifications`; all of them without it.
    kept_in : Path, optional
        A folder in which answers are kept while they come, one file for all that they depend on:
        data, dates, code of the methods. What lies there is not computed again.
    workers, done
        As of `methods.evaluate`.

    Returns
    -------
    DataFrame
        The specifications, then `estimate` (the level after the shock over that expected without
        it), `low`, `high`, `p_value`, `why_not` (see `settled_series.cut`; or `no_convergence`),
        and `mark`: `primary` for the specification of each shock that was fixed beforehand,
        `amended` for the one that stands in for it, else empty.
    """
    asked = specifications(parameters, tables) if asked is None else asked
    if not asked:
        return pd.DataFrame(columns=["shock", "country", *CHOICES, *methods.ANSWER, "mark"])
    series = series_of(parameters, tables, asked)
    dates = {
        row.Index: (row.first, row.last) for row in known_shocks(parameters, tables).itertuples()
    }
    used = {"|".join(key): [each.first, *each.values.tolist()] for key, each in series.items()}
    inputs = fingerprint([_code(), used, dates])
    answers = evaluate(
        asked, partial(answer, series=series, dates=dates), workers=workers,
        kept_in=kept_in and kept_in / f"{inputs}.jsonl", inputs=inputs, done=done,
    )  # fmt: skip
    return answers.assign(mark=_marks(answers, parameters, tables))


def stated_answers(answers: pd.DataFrame) -> pd.DataFrame:
    """The answer of each shock that stands for its curve: the primary one, or the amended one.

    Where neither has an answer, the row of the primary one says why.
    """
    marked = answers[answers["mark"] != ""]
    answered = marked[marked["estimate"].notna()]
    chosen = pd.concat([answered, marked]).drop_duplicates("shock")
    order = {shock: place for place, shock in enumerate(answers["shock"].unique())}
    return chosen.sort_values("shock", key=lambda names: names.map(order), ignore_index=True)


def curve_verdicts(answers: pd.DataFrame) -> pd.DataFrame:
    """How the answers of each curve are spread.

    Returns
    -------
    DataFrame
        `shock`, `country`, `answered`, `asked`, then shares of the answered: `above` and `below` 1,
        `above_clearly` and `below_clearly` (their interval leaves out 1), and the factors `median`,
        `lowest`, `highest`; shares and factors are missing where nothing was answered.
        `state` is observed or no_answer.
    """
    rows = [
        {"shock": shock, "country": country, **asdict(verdict(part))}
        for (shock, country), part in answers.groupby(["shock", "country"], sort=False)
    ]
    columns = ["shock", "country", "answered", "asked", "above", "above_clearly", "below",
               "below_clearly", "median", "lowest", "highest"]  # fmt: skip
    found = pd.DataFrame(rows, columns=columns)
    return found.assign(state=np.where(found["answered"] > 0, "observed", "no_answer"))


def primary_choices(tables: Mapping[str, Table]) -> pd.DataFrame:
    """The specification that was fixed beforehand, one row a choice: `choice`, `option`."""
    primary = primary_specification(tables["deaths"].declaration.dataset)
    return pd.DataFrame(list(primary.choices.items()), columns=["choice", "option"])


def influence_at_shocks(answers: pd.DataFrame) -> pd.DataFrame:
    """By shock and option of each choice, where the factors lie.

    Returns
    -------
    DataFrame
        `shock`, `country`, then the columns of `methods.influence`; a shock without any answer has
        no rows.
    """
    parts = [
        influence(part, CHOICES).assign(shock=shock, country=country)
        for (shock, country), part in answers.groupby(["shock", "country"], sort=False)
    ]
    columns = ["shock", "country", "choice", "option", "answered", "median", "low", "high", "above"]
    found = [part for part in parts if len(part)]
    return pd.concat(found, ignore_index=True)[columns] if found else pd.DataFrame(columns=columns)


def series_of(
    parameters: Parameters, tables: Tables, asked: list[dict]
) -> dict[tuple[str, str, str, str], SettledSeries]:
    """The settled series that specifications ask for, by source, country, definition, allocation."""
    sources, found = sources_of_deaths(tables), {}
    wanted = {(each["source"], each["definition"], each["allocation"]) for each in asked}
    for source, definition, allocation in sorted(wanted):
        chosen = {} if allocation == _ANY else {"allocation": allocation}
        rows = settled_series(
            parameters.model_copy(update=chosen), tables, sources[source], definition
        )  # fmt: skip
        found |= {
            (source, country, definition, allocation): series for country, series in rows.items()
        }
    return found


def answer(specification: Mapping, series: Mapping, dates: Mapping) -> dict:
    """One specification: the factor of the level, its interval, or why it cannot be had.

    Parameters
    ----------
    series : mapping
        Of `series_of`.
    dates : mapping
        By shock, the first and last month in which it may have happened.
    """
    fitted = fit(specification, series, dates)
    if isinstance(fitted, str):
        return {"why_not": fitted}
    level = fitted[1].level
    return {"estimate": level.estimate, "low": level.low, "high": level.high,
            "p_value": fitted[1].p_value}  # fmt: skip


def fit(specification: Mapping, series: Mapping, dates: Mapping) -> tuple[Cut, Interruption] | str:
    """The months that one specification looks at and what is fitted to them, or why nothing is."""
    months = cut_of(specification, series, dates)
    if isinstance(months, str):
        return months
    fitted = interruption(
        months.counts, months.after, left_out=months.left_out, design=design_of(specification)
    )
    return (months, fitted) if np.isfinite(fitted.level.estimate) else "no_convergence"


def cut_of(specification: Mapping, series: Mapping, dates: Mapping) -> Cut | str:
    """The months that one specification looks at, or why there are not enough of them."""
    names = ("source", "country", "definition", "allocation")
    months = series.get(tuple(specification[name] for name in names))
    if months is None:
        return "outside_coverage"
    first, last = dates[specification["shock"]]
    if specification["date"] != BETWEEN:
        first = last = specification["date"]
    width = None if specification["window"] == "all" else specification["window"]
    return cut(months, first, last, width, width, largest_month=specification["largest_month"])


def design_of(specification: Mapping) -> Design:
    """What a specification fits."""
    return Design(
        model=specification["model"],
        harmonics=specification["harmonics"],
        trend=specification["trend"] != "without",
        change="level_and_slope" if specification["trend"] == "bent" else "level",
    )


def _marks(answers: pd.DataFrame, parameters: Parameters, tables: Tables) -> pd.Series:
    """Which specification is the primary one of its shock, and which stands in for it."""
    own = next(iter(sources_of_deaths(tables)))
    choices = primary_specification(tables["deaths"].declaration.dataset).choices
    alike = answers["source"] == own
    for name, value in choices.items():
        if name not in ("window", "definition"):
            alike &= answers[name] == value
    marks = pd.Series("", index=answers.index)
    for _, rows in answers[alike].groupby("shock", sort=False):
        windows = rows["window"].map(lambda window: window if window != "all" else np.inf)
        # A file that does not answer the fixed definition is asked by that of the study.
        named = rows["definition"] == choices["definition"]
        if not named.any():
            named = rows["definition"] == parameters.deaths_definition
        fixed = rows[named & (windows == choices["window"])]
        primary = (fixed["definition"] == choices["definition"]).all()
        marks[fixed.index] = "primary" if primary else "amended"
        shorter = rows[named & (windows < choices["window"]) & rows["estimate"].notna()]
        if fixed["estimate"].isna().all() and len(shorter):
            marks[windows[shorter.index].idxmax()] = "amended"
    return marks


@cache
def _code() -> str:
    """A fingerprint of the code that answers depend on, so that a changed method asks anew."""
    rooms = (Path(methods.__file__).parent, Path(__file__).parent)
    texts = [path.read_bytes() for room in rooms for path in sorted(room.glob("*.py"))]
    versions = "|".join(version(name) for name in ("numpy", "scipy", "statsmodels"))
    return hashlib.sha256(b"".join(texts) + versions.encode()).hexdigest()


# Taken now, when the code is what is being run: a session that lives on after an edit must not keep
# answers of the old code as if they were of the new.
_code()
