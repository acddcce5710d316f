"""The sentences in which the suite states a result, each written from the values beside it.

Every function takes the tidy result of an indicator and gives sentences, one a list item. Nothing
is said of a country or period that is not covered but that it is not covered.
"""

from collections.abc import Iterator

import pandas as pd

from sahel_transitions.indicators import filtered_months
from sahel_transitions.language import Words

WHOLE_YEAR = 12


def year_findings(years: pd.DataFrame, words: Words) -> list[str]:
    """The last two whole covered years of each country, with the bounds of the last."""
    return [_year(country, rows, words) for country, rows in _countries(years)]


def _year(country: str, rows: pd.DataFrame, words: Words) -> str:
    whole = rows[(rows["months"] == WHOLE_YEAR) & rows["value"].notna()].tail(2)
    if len(whole) < 2:
        return words("finding.year_missing", country=country)
    before, last = whole.iloc[0], whole.iloc[1]
    number = _writer(rows, words)
    if _are_rates(rows):
        words = words.of_rates()
    if pd.isna(last["low"]):
        bounds = words("finding.bounds_acled")
    else:
        key = {"U1": "finding.bounds_u1", "U3": "finding.bounds_u3"}.get(
            last["definition"], "finding.bounds"
        )
        bounds = words(key, low=number(last["low"]), high=number(last["high"]))
    return words(
        "finding.year", country=country, year=last["period"], value=number(last["value"]),
        previous=before["period"], before=number(before["value"]), bounds=bounds,
    )  # fmt: skip


def peak_findings(months: pd.DataFrame, words: Words) -> list[str]:
    """The highest month of each country and its share of all months shown."""
    sentences = []
    for country, rows in _countries(months):
        values = _floats(rows, "value")
        if not _covered(rows):
            sentences.append(words("finding.months_not_covered", country=country, topic="months"))
            continue
        if not (values > 0).any():
            sentences.append(words("finding.peak_none", country=country, topic="months"))
            continue
        peak = rows.loc[values.idxmax()]
        number = _writer(rows, words)
        sentences.append(
            words("finding.peak", country=country, month=peak["period"],
                  value=number(peak["value"]), share=values.max() / values.sum())
        )  # fmt: skip
    return sentences


# How it is said that a narrower definition loses deaths, by dataset.
_LOSES = {"UCDP GED": "finding.one_sided", "ACLED": "finding.targeting"}


def definition_findings(years: pd.DataFrame, words: Words) -> Iterator[str]:
    """The whole year in which the narrower definition of the dataset loses most deaths, per country.

    Of UCDP that is a filter on one-sided violence, of ACLED one on violence against civilians.
    """
    # A part of a year is not given as the year.
    whole = years[years["months"] == WHOLE_YEAR]
    if whole.empty:
        return
    for country, rows in _countries(filtered_months(whole)):
        missed = rows[rows["missed"] > 0]
        if missed.empty:
            continue
        row = missed.loc[missed["missed"].idxmax()]
        yield words(
            _LOSES[years["source"].iloc[0]], country=country, year=row["period"],
            kept=words.number(row["kept"]), all=words.number(row["value"]),
            missed=row["missed"] / row["value"],
        )  # fmt: skip


def shock_findings(shocks: pd.DataFrame, words: Words) -> list[str]:
    """Deaths in the window before and after each shock, and why after is not because of."""
    sentences = [
        words("finding.shock", country=row.country, shock=words(f"shock.{row.shock}"),
              n=row.months, before=_count_or_state(row.before, row.state_before, words),
              after=_count_or_state(row.after, row.state_after, words))
        for row in shocks.itertuples()
    ]  # fmt: skip
    return [*sentences, words("finding.shock_caution")]


def perpetrator_findings(classes: pd.DataFrame, words: Words) -> list[str]:
    """The class to which most deaths are attributed, for each country."""
    acled = classes["source"].iloc[0] == "ACLED"
    covered = ~classes["state"].isin(["not_covered", "missing"])
    named = classes["perpetrator"][covered].ne("not_attributed").any()
    nothing = "no_one_sided"
    if acled:
        nothing = "no_perpetrator_acled" if named else "not_named"
    sentences = []
    for country, rows in _countries(classes):
        totals = _floats(rows, "attributed").groupby(rows["perpetrator"]).sum()
        totals = totals.drop("not_attributed", errors="ignore")
        if totals.sum() <= 0:
            key = nothing if _covered(rows) else "months_not_covered"
            sentences.append(words(f"finding.{key}", country=country, topic="perpetrators"))
            continue
        leader = totals.idxmax()
        sentences.append(
            words("finding.perpetrator_acled" if acled else "finding.perpetrator", country=country, total=words.number(totals.sum()),
                  value=words.number(totals.max()), share=totals.max() / totals.sum(),
                  perpetrator=words(f"perpetrator.{leader}"))
        )  # fmt: skip
    return sentences


def admin1_findings(units: pd.DataFrame, words: Words) -> list[str]:
    """The first-order unit with the largest share of reported civilian deaths, per country."""
    sentences = []
    for country, rows in _countries(units):
        totals = (
            _floats(rows, "value")
            .groupby(rows["admin1"])
            .sum()
            .drop("not_located", errors="ignore")
        )
        whole = _floats(rows, "value").sum()
        if whole <= 0 or totals.empty:
            key = "peak_none" if _covered(rows) else "months_not_covered"
            sentences.append(words(f"finding.{key}", country=country, topic="places"))
            continue
        sentences.append(
            words("finding.admin1", country=country, unit=totals.idxmax(),
                  share=totals.max() / whole)
        )  # fmt: skip
    return sentences


def _covered(rows: pd.DataFrame) -> bool:
    return not rows["state"].isin(["not_covered", "missing"]).all()


def _countries(frame: pd.DataFrame):
    return frame.groupby("country", sort=False)


def _floats(rows: pd.DataFrame, column: str) -> pd.Series:
    return pd.Series(rows[column].to_numpy("float64"), index=rows.index).fillna(0)


def _are_rates(rows: pd.DataFrame) -> bool:
    return "per 100,000" in rows["unit"].iloc[0]


def _writer(rows: pd.DataFrame, words: Words):
    decimals = 1 if _are_rates(rows) else 0
    return lambda value: words.number(float(value), decimals)


def _count_or_state(value, state: str, words: Words) -> str:
    if pd.isna(value):
        return words(f"state.{state}")
    return words("finding.shock_count", value=words.number(float(value)))
