"""The definitions of civilian deaths: which columns of a table of deaths they are made of."""

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Dataset:
    """How the tables of one dataset are counted.

    Attributes
    ----------
    series : tuple of str
        What `count` makes of the rows: the definitions, their bounds and what else is shown.
    shown : tuple of str
        The series that stand beside the value in a result.
    side_by_side : tuple of str
        Those that a table of years shows, so that definitions can be compared.
    bounds : dict
        By definition, the series of its value, low and high; None where there is no bound.
    attributed : dict
        By definition, the series that the dataset attributes to perpetrators.
    event_count : str
        The series that counts events of violence against civilians.
    chooser : str
        The column in which alternative ways of counting lie, of which one must be chosen.
    """

    series: tuple[str, ...]
    shown: tuple[str, ...]
    side_by_side: tuple[str, ...]
    bounds: dict[str, tuple[str, str | None, str | None]]
    attributed: dict[str, str]
    event_count: str
    chooser: str


DATASETS = {
    "UCDP GED": Dataset(
        series=("u1", "u1_low", "u1_high", "u2", "u3", "u2_one_sided", "best", "best_low",
                "best_high", "events", "one_sided_events"),
        shown=("u1", "u2", "u3", "u2_one_sided", "best", "best_low", "best_high", "events",
               "one_sided_events"),
        side_by_side=("u1", "u2", "u3", "best", "events"),
        bounds={
            "U1": ("u1", "u1_low", "u1_high"),
            "U2": ("u2", "u2", "u3"),
            "U3": ("u3", "u2", "u3"),
        },
        attributed={"U1": "u1", "U2": "u1", "U3": "u1"},
        event_count="one_sided_events",
        chooser="allocation",
    ),
    "ACLED": Dataset(
        series=("a1", "a2", "a3", "events"),
        shown=("a1", "a2", "a3", "events"),
        side_by_side=("a1", "a2", "a3", "events"),
        bounds={name.upper(): (name, None, None) for name in ("a1", "a2", "a3")},
        attributed={"A1": "a1", "A2": "a2", "A3": "a3"},
        event_count="a3",
        chooser="joint_events",
    ),
}  # fmt: skip

UNITS = {"A3": "events with a death"}
DEATHS = "reported deaths"


def unit_of(definition: str) -> str:
    """What a definition counts."""
    return UNITS.get(definition, DEATHS)


def count(rows: pd.DataFrame, dataset: str) -> pd.DataFrame:
    """The series of a dataset for each row of its table; one that the file lacks is missing."""
    if dataset == "ACLED":
        lacking = {name: float("nan") for name in DATASETS[dataset].series if name not in rows}
        return rows.assign(**lacking)
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
        one_sided_events=rows["events"].where(one_sided, 0),
    )


# The narrower definition of a dataset, and the wider one of which it is a part.
_NARROWER = {"UCDP GED": ("u2_one_sided", "u2"), "ACLED": ("a1", "a2")}


def filtered_months(months: pd.DataFrame) -> pd.DataFrame:
    """What a filter on the narrower definition keeps and misses of the wider one.

    Parameters
    ----------
    months : DataFrame
        `civilian_deaths(…)`, by month or by year; counts are used, whatever its values are.

    Returns
    -------
    DataFrame
        `country`, `period`, `value` (the wider definition), `kept`, `missed` (floats, absent
        where the file does not answer one of the two) and `state`.
    """
    narrower, wider = _NARROWER[months["source"].iloc[0]]
    both = months[narrower] + months[wider]
    absent = both.isna().to_numpy()
    kept, value = (np.where(absent, np.nan, months[name].to_numpy("float64"))
                   for name in (narrower, wider))  # fmt: skip
    return months[["country", "period"]].assign(
        value=value, kept=kept, missed=value - kept, state=both.array.labels()
    )
