"""Sentences and a table that set sources against one another, behind the comparability gate."""

import pandas as pd

from sahel_transitions.indicators.source_comparison import BASE, FEWEST
from sahel_transitions.language import Words

_RATIOS = ("acled_file_a2", "acled_a2")
_WIDEST = 3


def source_findings(series: pd.DataFrame, ratios: pd.DataFrame, words: Words) -> list[str]:
    """How far ACLED's counts lie from UCDP's, the UN mission's beside them, and what is unlike.

    Parameters
    ----------
    series, ratios : DataFrame
        `deaths_by_source(…)` and `source_ratios(…)`; only ratios that the gate allows are said,
        and every label that they carry is.
    """
    allowed = ratios[ratios["value"].notna()]
    known = series.set_index(["country", "period", "series"])["value"]
    sentences = []
    for country, rows in allowed.groupby("country", sort=False):
        for name in _RATIOS:
            mine = rows[rows["series"] == name].sort_values("period")
            if len(mine):
                sentences.append(_range(country, name, mine, known, words))
    sentences += [
        words("finding.un_mission", country=row.country, year=row.period,
              value=words.number(known[row.country, row.period, row.series]),
              ucdp=words.number(known[row.country, row.period, BASE]))
        for row in allowed[allowed["series"] == "un_hrd"].itertuples()
    ]  # fmt: skip
    if not sentences:
        return [words("finding.no_other_source")]
    labels = dict.fromkeys(label for row in allowed["labels"] for label in row)
    said = words.between("list.and", (words(f"comparison.{label}") for label in labels))
    return [*sentences, words("finding.sources_caution", labels=said, least=FEWEST)]


def _range(country: str, name: str, rows: pd.DataFrame, known: pd.Series, words: Words) -> str:
    low, high = rows.loc[rows["value"].idxmin()], rows.loc[rows["value"].idxmax()]
    last = rows.iloc[-1]
    return words(
        "finding.source_ratio", country=country, n=len(rows), series=words(f"series.short.{name}"),
        low=low["value"], low_year=low["period"], high=high["value"], high_year=high["period"],
        year=last["period"], ratio=last["value"],
        above=words.number(known[country, last["period"], name]),
        below=words.number(known[country, last["period"], BASE]),
    )  # fmt: skip


def toll_findings(tolls: pd.DataFrame, words: Words) -> list[str]:
    """The incidents of which sources differ by most deaths, and why tolls are never averaged.

    Parameters
    ----------
    tolls : DataFrame
        `tolls_known(…)`.
    """
    if tolls.empty:
        return [words("finding.no_tolls")]
    ends = []
    for _, rows in tolls.groupby("incident_id", sort=False):
        toll = rows["toll_high"].fillna(rows["toll_low"]).astype("int64")
        # Of equal tolls the open-ended one is the higher.
        top = rows.assign(toll=toll, open=rows["toll_high"].isna()).sort_values(["toll", "open"])
        ends.append((int(toll.max() - rows["toll_low"].min()), rows.iloc[0], top.iloc[-1]))
    ends.sort(key=lambda end: -end[0])
    return [*(_toll(low, high, words) for _, low, high in ends[:_WIDEST]),
            words("finding.toll_caution")]  # fmt: skip


def _toll(low: pd.Series, high: pd.Series, words: Words) -> str:
    place = words.formatted(low["name"], "list") if low["name"] else low["admin1"]
    return words(
        "finding.toll_open" if high["open"] else "finding.toll", country=low["country"],
        incident=low["incident_id"],
        place=place, month=low["date"][:7],
        low=words.number(int(low["toll_low"])), low_who=words(f"reported_by.{low['reported_by']}"),
        low_counts=words(f"counts.short.{low['counts']}"), high=words.number(int(high["toll"])),
        high_who=words(f"reported_by.{high['reported_by']}"),
        high_counts=words(f"counts.short.{high['counts']}"),
    )  # fmt: skip


def definition_table(series: pd.DataFrame, words: Words) -> pd.DataFrame:
    """What each series counts, who publishes it, of when, for which years, and what it lacks.

    Parameters
    ----------
    series : DataFrame
        `deaths_by_source(…)`.

    Returns
    -------
    DataFrame
        `series`, `counts`, `published_by`, `vintage`, `covered`, `lacks` (text) and `sources` (keys
        of the bibliography); one row a series with any number.
    """
    rows = []
    for name, mine in series.groupby("series", sort=False):
        known = mine[mine["value"].notna()]
        if known.empty:
            continue
        row = known.iloc[0]
        spans = [
            words("cell.covered", country=country, n=len(group), first=group["period"].min(),
                  last=group["period"].max())
            for country, group in known.groupby("country", sort=False)
        ]  # fmt: skip
        provisional = sorted(set(known.loc[known["state"] == "provisional", "period"]))
        lacks = [words(f"series.lacks.{name}")]
        if provisional:
            lacks.append(words("series.provisional", years=provisional))
        rows.append(
            {
                "series": words(f"series.short.{name}"),
                "counts": words(f"definition.{row['definition']}"),
                "published_by": words.source(row["source"]),
                "vintage": words.vintage(row["vintage"]),
                "covered": words("list.and").join(spans),
                "lacks": " ".join(lacks),
                "sources": tuple(row["sources"]),
            }
        )
    columns = ["series", "counts", "published_by", "vintage", "covered", "lacks", "sources"]
    return pd.DataFrame(rows, columns=columns)
