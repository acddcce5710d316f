"""Deaths by first-order unit, joined to the outlines of the units."""

import unicodedata
from collections.abc import Mapping

import pandas as pd

from sahel_transitions.indicators.definitions import DATASETS
from sahel_transitions.tables import Table

# Units whose land lies within the outline of another: the law of March 2012 cut Ménaka out of Gao
# and Taoudénit out of Tombouctou, and the outlines are older than its application.
_WITHIN = {
    "MLI": {"menaka": "gao", "taoudenit": "tombouctou", "taoudenni": "tombouctou"},
}
_WHOLE_YEAR = 12
_RANK = {"zero": 0, "observed": 1, "provisional": 2, "missing": 3, "not_covered": 4}
_ABSENT = ["missing", "not_covered"]


def units_on_map(
    units: pd.DataFrame, boundaries: Table, years: int = 7
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Counts of the last whole covered years for every outlined unit, and what is on no map.

    Names are compared without accents, hyphens and capitals. A unit that lies within the outline
    of another is counted there.

    Parameters
    ----------
    units : DataFrame
        `civilian_deaths(…, by="admin1")` as counts.
    boundaries : Table
        The table of outlines.
    years : int
        How many years at most; the last ones of which any country has all twelve months.

    Returns
    -------
    places : DataFrame
        `country`, `period`, `admin1` (as in the table of outlines), `value` and `state`: one row
        for each outlined unit and year of each country with outlines. A unit of which the source
        tells nothing in a covered year is a true zero, unless the source tells no unit at all:
        then its state is `not_told`.
    elsewhere : DataFrame
        `country`, `admin1`, `value`, `share` (of the country's total) and `within`, summed over the
        same years: deaths that are not located, of units without an outline, and of units that
        are counted `within` another.
    """
    definition = units["definition"].iloc[0]
    value = next(
        dataset.bounds[definition][0]
        for dataset in DATASETS.values()
        if definition in dataset.bounds
    )
    units = units.assign(value=units[value].to_numpy("float64"), state=units[value].array.labels())
    whole = units[(units["months"] == _WHOLE_YEAR) & ~units["state"].isin(_ABSENT)]
    periods = sorted(whole["period"].unique())[-years:]
    units = units[units["period"].isin(periods)]
    outlines = boundaries.frame.groupby("country", sort=False)["admin1"].agg(list)
    places, elsewhere = [], []
    for country, group in units.groupby("country", sort=False):
        names = {_plain(name): name for name in outlines.get(country, [])}
        rows = group.assign(unit=_on_map(group, country, names))
        if names:
            places.append(_places(rows, country, names))
        elsewhere.append(_elsewhere(rows, country))
    columns = ["country", "period", "admin1", "value", "state"]
    found = pd.concat(places, ignore_index=True) if places else pd.DataFrame(columns=columns)
    others = pd.concat(elsewhere, ignore_index=True) if elsewhere else pd.DataFrame(
        columns=["country", "admin1", "value", "share", "within"]
    )  # fmt: skip
    return found[columns], others


def _on_map(rows: pd.DataFrame, country: str, names: Mapping[str, str]) -> pd.Series:
    plain = rows["admin1"].map(_plain)
    return plain.replace(_WITHIN.get(country, {})).map(names)


def _places(rows: pd.DataFrame, country: str, names: Mapping[str, str]) -> pd.DataFrame:
    worst_first = rows.sort_values("state", key=lambda states: -states.map(_RANK), kind="stable")
    found = []
    for period, group in worst_first.groupby("period", sort=True):
        # All units of a country share its coverage, so that one tells of those without a row.
        worst = group["state"].iloc[0]
        without = (float("nan"), worst) if worst in _ABSENT else (0.0, "zero")
        parts = group.dropna(subset="unit").groupby("unit")
        values, states = parts["value"].sum(min_count=1), parts["state"].first()
        for name in names.values():
            known = (values[name], states[name]) if name in values else without
            found.append((country, period, name, *known))
    frame = pd.DataFrame(found, columns=["country", "period", "admin1", "value", "state"])
    if rows["unit"].isna().all():
        untold = ~frame["state"].isin(_ABSENT)
        frame.loc[untold, ["value", "state"]] = [float("nan"), "not_told"]
    return frame


def _elsewhere(rows: pd.DataFrame, country: str) -> pd.DataFrame:
    whole = rows["value"].sum()
    drawn_as = rows["unit"].map(_plain, na_action="ignore")
    moved = rows[rows["unit"].notna() & (drawn_as != rows["admin1"].map(_plain))]
    lost = pd.concat([rows[rows["unit"].isna()], moved])
    totals = lost.groupby("admin1", as_index=False).agg(
        value=("value", "sum"), within=("unit", "first")
    )
    totals = totals[totals["value"] > 0]
    share = totals["value"] / whole if whole else totals["value"]
    return totals.assign(country=country, share=share).sort_values("value", ascending=False)[
        ["country", "admin1", "value", "share", "within"]
    ]


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name)
    return (
        "".join(each for each in letters if not unicodedata.combining(each))
        .casefold()
        .replace("-", " ")
    )
