"""Sentences on parts of the deaths: by class and year, by unit, and what a filter misses."""

import pandas as pd

from sahel_transitions.indicators import filtered_months
from sahel_transitions.language import Words

_WHOLE_YEAR = 12
# UCDP codes what happened at Moura as fighting, so that a filter on one-sided violence misses it.
_MOURA = ("MLI", "2022-03")


def perpetrator_year_findings(classes: pd.DataFrame, words: Words) -> list[str]:
    """The class to which most deaths are attributed in each of the last two whole years.

    Parameters
    ----------
    classes : DataFrame
        `civilian_deaths(…, by="perpetrator")`. A country of which nothing is attributed in a whole
        year is left out: that is said of the whole study by `perpetrator_findings`.
    """
    key = "_acled" if classes["source"].iloc[0] == "ACLED" else ""
    classes = classes.assign(count=classes["attributed"].to_numpy("float64"))
    classes = classes[classes["perpetrator"] != "not_attributed"]
    sentences = []
    for country, rows in classes[classes["months"] == _WHOLE_YEAR].groupby("country", sort=False):
        totals = rows.groupby("period")["count"].sum()
        years = list(totals[totals > 0].index)[-2:]
        if len(years) < 2:
            continue
        fields = {}
        for year, part in zip(years, ("before", "last"), strict=True):
            row = rows.loc[rows.loc[rows["period"] == year, "count"].idxmax()]
            fields |= {
                f"{part}_year": year,
                f"{part}_class": words(f"perpetrator.{row['perpetrator']}"),
                f"{part}_value": words.number(row["count"]),
                f"{part}_total": words.number(totals[year]),
            }
        sentences.append(words(f"finding.perpetrator_years{key}", country=country, **fields))
    return sentences


def filter_findings(months: pd.DataFrame, words: Words) -> list[str]:
    """What a filter on the narrower definition keeps over the study, and of March 2022 in Mali.

    Parameters
    ----------
    months : DataFrame
        `civilian_deaths(…, by="month")`.
    """
    data = filtered_months(months)
    acled = months["source"].iloc[0] == "ACLED"
    sentences = []
    for country, rows in data.groupby("country", sort=False):
        known = rows.dropna(subset="value")
        if not known["value"].sum():
            continue
        sentences.append(
            words("finding.filter_acled" if acled else "finding.filter", country=country,
                  **_kept(known, words))
        )  # fmt: skip
    moura = data[(data["country"] == _MOURA[0]) & (data["period"] == _MOURA[1])]
    if not acled and (moura["value"] > 0).any():
        sentences.append(words("finding.filter_moura", month=_MOURA[1], **_kept(moura, words)))
    return sentences


def map_findings(places: pd.DataFrame, words: Words) -> list[str]:
    """In how many outlined units deaths are recorded, in the first and the last year on the maps.

    Parameters
    ----------
    places : DataFrame
        The first part of `units_on_map(…)`.
    """
    sentences = []
    for country, rows in places.dropna(subset="value").groupby("country", sort=False):
        touched = rows.assign(any=rows["value"] > 0).groupby("period")["any"].agg(["sum", "size"])
        sentences.append(
            words("finding.map", country=country, n=len(touched), units=int(touched["size"].iloc[0]),
                  first=touched.index[0], last=touched.index[-1],
                  then=int(touched["sum"].iloc[0]), now=int(touched["sum"].iloc[-1]))
        )  # fmt: skip
    return sentences


def _kept(rows: pd.DataFrame, words: Words) -> dict:
    kept, value = rows["kept"].sum(), rows["value"].sum()
    return {"kept": words.number(kept), "all": words.number(value), "share": kept / value,
            "missed": words.number(value - kept)}  # fmt: skip
