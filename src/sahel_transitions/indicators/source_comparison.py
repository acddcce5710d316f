"""The same deaths by several sources, side by side: never added up, divided only where allowed."""

from collections.abc import Iterator, Mapping
from datetime import date

import pandas as pd

from sahel_transitions.indicators.civilian_deaths import civilian_deaths
from sahel_transitions.indicators.comparability import Described, compare
from sahel_transitions.indicators.definitions import DEATHS
from sahel_transitions.parameters import Parameters
from sahel_transitions.tables import State, Table, Tables, add_months, parse_partial_date

# What is set against the civilians of UCDP.
BASE = "ucdp_u2"

_COLUMNS = [
    "country", "period", "series", "value", "low", "high", "unit", "definition", "source",
    "vintage", "first", "last", "months", "state", "excludes", "sources",
]  # fmt: skip
# The definitions of deaths that each dataset gives for a year, its bounds, and who is cited.
_OF_DATASET = {
    "UCDP GED": (("u2", "u2", "u3"), ("u1", None, None)),
    "ACLED": (("a2", None, None), ("a1", None, None)),
}
# Below this a ratio is noise: UCDP's own threshold for a year of a conflict.
FEWEST = 25
_PUBLISHED = {"A2": "acled_a2", "HRD": "un_hrd"}
# How long before an export ACLED's months are still being revised.
_ACLED_REVISES = 6


def deaths_by_source(parameters: Parameters, tables: Tables) -> pd.DataFrame:
    """Reported civilian deaths by country and year, one row a series.

    Parameters
    ----------
    parameters : Parameters
        Of the definition nothing is used: deaths are shown by every definition that counts them.
    tables : Tables
        Those of the study, in which `deaths` may be a user's file. Where that is of ACLED, it stands
        beside the UCDP table of the project.

    Returns
    -------
    DataFrame
        `country`, `period` (a year), `series` (`ucdp_u2`, `ucdp_u1`, `acled_file_a2`,
        `acled_file_a1`, `acled_a2` and `un_hrd`, the last two as published by others and known on
        `as_of`), `value`, `low`, `high` (floats, absent where the state says so), `unit`,
        `definition`, `source`, `vintage`, `first`, `last` (months counted), `months` (covered),
        `state`, `excludes` (incidents left out) and `sources` (keys of the bibliography).
        A published total is there for the years that were published, and for no other.
    """
    counts = parameters.model_copy(update={"per_100k": False})
    own = tables["deaths"].declaration
    frames = [_series(counts, tables, "ucdp" if own.dataset == "UCDP GED" else "acled_file")]
    if own.dataset != "UCDP GED":
        ucdp = counts.model_copy(update={"deaths_source": "ucdp", "deaths_definition": "U2"})
        of_project = tables.with_table(tables.of_project("deaths"))
        frames.append(_series(ucdp, of_project, "ucdp"))
    frames.append(_published(parameters, tables["published_figures"]))
    found = pd.concat([frame for frame in frames if len(frame)], ignore_index=True)
    place = {country: position for position, country in enumerate(parameters.countries)}
    return found.sort_values(
        ["country", "period"], key=lambda cells: cells.map(place) if cells.name == "country"
        else cells, kind="stable",
    ).reset_index(drop=True)[_COLUMNS]  # fmt: skip


def source_ratios(series: pd.DataFrame) -> pd.DataFrame:
    """Every series of another source over the civilians of UCDP (U2), by country and year.

    Parameters
    ----------
    series : DataFrame
        `deaths_by_source(…)`.

    Returns
    -------
    DataFrame
        `country`, `period`, `series`, `months`, `value` (a ratio; absent where it is refused),
        `labels` and `refusals` (tuples): of the gate, and `few_deaths` where UCDP counts fewer than
        25 to divide by. One row for each number of another source that has a U2 of the same year.
    """
    rows = []
    for (country, period), group in series.groupby(["country", "period"], sort=False):
        base = group[(group["series"] == BASE) & group["value"].notna()]
        if base.empty:
            continue
        below = base.iloc[0]
        others = group[(group["source"] != below["source"]) & group["value"].notna()]
        for above in others.to_dict("records"):
            answer = compare(described(above), described(below), "ratio")
            refusals = answer.refusals + (("few_deaths",) if below["value"] < FEWEST else ())
            value = float("nan") if refusals else above["value"] / below["value"]
            labels = () if refusals else answer.labels
            rows.append(
                (country, period, above["series"], above["months"], value, labels, refusals)
            )
    columns = ["country", "period", "series", "months", "value", "labels", "refusals"]
    return pd.DataFrame(rows, columns=columns).astype({"value": "float64"})


def described(row: Mapping) -> Described:
    """One number of `deaths_by_source` as the gate wants it."""
    return Described(
        source=row["source"], definition=row["definition"], vintage=row["vintage"],
        unit=row["unit"], first=row["first"], last=row["last"], months=int(row["months"]),
        provisional=row["state"] == "provisional", excludes=tuple(row["excludes"]),
    )  # fmt: skip


def _series(parameters: Parameters, tables: Mapping[str, Table], prefix: str) -> pd.DataFrame:
    """The yearly series of one table of deaths, each a row; of a file only those it answers."""
    years = civilian_deaths(parameters, tables)
    declaration = tables["deaths"].declaration
    frames = []
    for name, low, high in _OF_DATASET[declaration.dataset]:
        if name.upper() not in declaration.definitions:
            continue
        frames.append(
            years[["country", "period", "source", "vintage", "months"]].assign(
                series=f"{prefix}_{name}",
                value=years[name].to_numpy("float64"),
                low=years[low].to_numpy("float64") if low else float("nan"),
                high=years[high].to_numpy("float64") if high else float("nan"),
                unit=DEATHS,
                definition=name.upper(),
                first=[max(parameters.start, f"{year}-01") for year in years["period"]],
                last=[min(parameters.last_month, f"{year}-12") for year in years["period"]],
                state=years[name].array.labels(),
                excludes=[()] * len(years),
                sources=[declaration.citation] * len(years),
            )
        )
    return pd.concat(frames, ignore_index=True) if frames else years.head(0)


def _published(parameters: Parameters, table: Table) -> pd.DataFrame:
    """Totals of single countries and whole years that were published by `as_of`."""
    return pd.DataFrame(_published_rows(parameters, table.frame), columns=_COLUMNS)


def _published_rows(parameters: Parameters, rows: pd.DataFrame) -> Iterator[dict]:
    rows = rows[(rows["measure"] == "civilian_deaths") & rows["definition"].isin(list(_PUBLISHED))]
    day = date.fromisoformat(parameters.as_of)
    for row in rows.to_dict("records"):
        year = row["first"][:4]
        whole = (row["first"], row["last"]) == (f"{year}-01", f"{year}-12")
        inside = parameters.start[:4] <= year and f"{year}-12" <= parameters.last_month
        (*others, country) = row["countries"]
        when = parse_partial_date(row["vintage"])
        if not whole or not inside or others or country not in parameters.countries:
            continue
        if when.latest > day:
            continue
        revised = row["definition"] == "A2" and row["last"] > str(
            add_months(when.latest, -_ACLED_REVISES)
        )[:7]  # fmt: skip
        state = State.PROVISIONAL if revised else State.OBSERVED
        yield {
            **{name: row[name] for name in ("first", "last", "unit", "definition", "excludes",
                                            "value", "vintage", "sources")},
            "country": country, "period": year, "series": _PUBLISHED[row["definition"]],
            "low": float("nan"), "high": float("nan"), "months": 12,
            "source": "ACLED" if row["definition"] == "A2" else row["reported_by"],
            "state": state.name.lower(),
        }  # fmt: skip
