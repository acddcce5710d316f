"""Sentences and tables of the reference class of transitions, and of counts of coups."""

import pandas as pd

from sahel_transitions.indicators import HORIZON, READINGS
from sahel_transitions.language import Words

_OUTCOMES = ("kept", "passed", "overthrown", "replaced", "open")
_ORDER = ("lasting", "election", "won_by_someone_else", "won_by_leader", "overthrow")


def spell_findings(
    spells: pd.DataFrame, merged: pd.DataFrame, countries: tuple[str, ...], as_of: str,
    words: Words,
) -> list[str]:  # fmt: skip
    """How long the transition of each country was seen to last, and where that is among all ends.

    Last come the transitions that are followed to a sight before `as_of` only.

    Parameters
    ----------
    spells, merged : DataFrame
        `spells_known(…)`, of each spell and with those inside another merged.
    """
    ended = spells.loc[~spells["lasting"], "days"]
    sentences = []
    for country in countries:
        mine = spells[spells["country"] == country].tail(1)
        if mine.empty:
            sentences.append(words("finding.spell_none", country=country))
            continue
        row = mine.iloc[0]
        if not row["lasting"]:
            sentences.append(
                words("finding.spell_over", country=country, began=row["began"],
                      days=int(row["days"]), exit=words(f"exit.{row['cause']}"))
            )  # fmt: skip
            continue
        sentences.append(
            words("finding.spell_lasts", country=country, began=row["began"], as_of=as_of,
                  seen=row["ended"], days=int(row["days"]), longer=int((ended < row["days"]).sum()), n=len(ended))
        )  # fmt: skip
        whole = merged[merged["country"] == country].tail(1).iloc[0]
        if len(whole["parts"]) > 1:
            sentences.append(
                words("finding.spell_merged", country=country, began=whole["began"],
                      days=int(whole["days"]))
            )  # fmt: skip
    early = spells[spells["lasting"] & (spells["ended"] < as_of)]
    sights = [
        words("cell.last_sight", seen=row["ended"],
              name=words("cell.spell", country=row["country"], began=row["began"][:7]))
        for row in early.to_dict("records")
    ]  # fmt: skip
    return [*sentences, *([words("finding.last_sights", sights=sights)] if sights else [])]


def reference_findings(
    summary: pd.DataFrame, promises: pd.DataFrame, countries: tuple[str, ...], words: Words
) -> list[str]:
    """How transitions ended, when half of them had, how first promises fared, and what that bears.

    Parameters
    ----------
    summary, promises : DataFrame
        `transition_summary(…)` and `promised_lengths(…)`.
    """
    row = summary[(summary["counting"] == "each") & (summary["stratum"] == "all")].iloc[0]
    if row["spells"] == 0:
        return [words("finding.no_spells")]
    votes = int(row["won_by_someone_else"] + row["won_by_leader"])
    sentences = [
        words("finding.ends", n=int(row["spells"]), votes=votes, overthrown=int(row["overthrow"]),
              other=int(row["won_by_someone_else"]), lasting=int(row["lasting"]))
    ]  # fmt: skip
    if pd.isna(row["median_days"]):
        sentences.append(words("finding.median_not_reached"))
    else:
        sentences.append(words("finding.median", days=int(row["median_days"]),
                               interval=_median_interval(row, words)))  # fmt: skip
    sentences += _reading_findings(summary, words)
    first = promises[promises["first"]]
    if len(first):
        outcomes = first["outcome"].value_counts()
        counts = {name: int(outcomes.get(name, 0)) for name in _OUTCOMES}
        late = int(first.loc[first["outcome"] == "replaced", "day_passed"].sum())
        sentences.append(words("finding.first_promises", n=len(first), late=late, **counts))
    names = [words.the(country) for country in countries]
    if not pd.isna(row["p_value"]):
        sentences.append(words("finding.log_rank", countries=names, p=row["p_value"]))
    return [*sentences, words("finding.few_spells", n=int(row["spells"]))]


def _reading_findings(summary: pd.DataFrame, words: Words) -> list[str]:
    """Overthrows within some years and the median, by reading; what adds no transition is unsaid."""
    rows = summary[summary["stratum"] == "all"].set_index("counting")
    return [
        words(f"finding.reading.{name}", counting=name, spells=int(row["spells"]), years=HORIZON,
              overthrown=int(row["overthrow_count"]), share=_whole(row["overthrow_share"]),
              median=_days(row["median_days"], words))
        for name in ("each", *READINGS)
        if not pd.isna((row := rows.loc[name])["overthrow_share"])
        and not (name.startswith("borderline") and row["spells"] == rows.at["each", "spells"])
    ]  # fmt: skip


def _whole(share: float) -> float:
    """A share in whole per cent: of so few cases, more figures say nothing."""
    return round(float(share), 2)


def _days(days, words: Words) -> str:
    return words("cell.not_reached") if pd.isna(days) else words.number(int(days))


def spell_table(spells: pd.DataFrame, promises: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Every transition with its first dated promise beside what became of it.

    Parameters
    ----------
    spells, promises : DataFrame
        `spells_known(…)` and `promised_lengths(…)`.
    """
    first = promises[promises["first"]].set_index("spell_id")
    none = words("cell.none")
    table = spells[["country", "began", "days", "cause"]].copy()
    table["cause"] = table["cause"].replace("", "lasting")
    table["first_due"] = [
        words.when(first.at[name, "due_on"]) if name in first.index else none
        for name in spells["spell_id"]
    ]
    table["promise_outcome"] = [
        words(f"promise_outcome.{first.at[name, 'outcome']}") if name in first.index else none
        for name in spells["spell_id"]
    ]
    told = first["sources"].to_dict()
    table["sources"] = [
        (*row.sources, *(key for key in told.get(row.spell_id, ()) if key not in row.sources))
        for row in spells.itertuples()
    ]
    return table


def survival_table(curves: pd.DataFrame, words: Words) -> pd.DataFrame:
    """The survival table of all transitions: one row a day at which one ended, shares as text.

    Each share stands with its pointwise interval of 95 percent; where there is none, alone.
    """
    rows = curves[(curves["counting"] == "each") & (curves["stratum"] == "all")]
    table = rows.loc[rows["cause"] == "lasting", ["days", "at_risk", "events"]]
    table = table.reset_index(drop=True)
    for cause in _ORDER:
        mine = rows[rows["cause"] == cause]
        table[cause] = [_share(row, words) for row in mine.itertuples()]
    return table


def _share(row, words: Words) -> str:
    share = words.formatted(_whole(row.share), "percent")
    if pd.isna(row.low):
        return share
    return words("cell.share", share=share, low=100 * row.low, high=100 * row.high)


def summary_table(summary: pd.DataFrame, words: Words) -> pd.DataFrame:
    """`transition_summary(…)` with shares beside counts, and the interval of the median, as text."""
    median = [
        words("cell.none") if row["spells"] == 0
        else words("cell.not_reached") if pd.isna(row["median_days"])
        else words("cell.median", days=int(row["median_days"]),
                   interval=_median_interval(row, words))
        for row in summary.to_dict("records")
    ]  # fmt: skip
    within = {
        f"{name}_within": [
            words("cell.none") if pd.isna(row[f"{name}_share"])
            else words("cell.counted_share", count=int(row[f"{name}_count"]),
                       share=_whole(row[f"{name}_share"]))
            for row in summary.to_dict("records")
        ]
        for name in ("vote", "overthrow")
    }  # fmt: skip
    names = ["counting", "stratum", "spells", "won_by_someone_else", "won_by_leader", "overthrow"]
    table = summary[[*names, "lasting"]].assign(**within)
    return table.assign(median=median, p_value=summary["p_value"])


def _median_interval(row, words: Words) -> str:
    low, high = (_days(row[name], words) for name in ("median_low", "median_high"))
    return words("cell.between", first=low, last=high)


def coup_findings(counts: pd.DataFrame, countries: tuple[str, ...], words: Words) -> list[str]:
    """What each source counts, how far it reaches, and why the numbers are not added.

    Parameters
    ----------
    counts : DataFrame
        `coup_counts(…)`.
    """
    done = counts[(counts["since"] == "1960-01") & (counts["outcome"] == "successful")]
    sentences = []
    for country in countries:
        mine = done[done["country"] == country].set_index("counted_by")
        known = mine[mine["state"] != "not_covered"]
        if known.empty:
            sentences.append(words("finding.coups_not_covered", country=country))
            continue
        each = [
            words("finding.coups_each", source=words(f"counted_by.{name}"),
                  count=int(row["count"]), until=row["until"])
            for name, row in known.iterrows()
        ]  # fmt: skip
        sentences.append(words("finding.coups", country=country, each=each))
    published = counts[counts["counted_by"] == "document"]
    sentences += [
        words("finding.coups_published", n=int(row["count"]),
              countries=[words.the(code) for code in row["country"].split(",")])
        for row in published.to_dict("records")
    ]  # fmt: skip
    return [*sentences, words("finding.coups_caution")]


def coup_table(counts: pd.DataFrame, countries: tuple[str, ...], words: Words) -> pd.DataFrame:
    """Counts of coups, one row a source, outcome and beginning, one column a country, as text.

    Rows that no country of the study has covered are left out; a published count of several
    countries stands in the column `together`.
    """
    keys = ["counted_by", "since", "outcome"]
    rows = []
    for (source, since, outcome), mine in counts.groupby(keys, sort=False):
        if (mine["state"] == "not_covered").all():
            continue
        cells = {
            row["country"]: words("state.not_covered") if pd.isna(row["count"])
            else words.number(int(row["count"]))
            for row in mine.to_dict("records")
        }  # fmt: skip
        together = [text for code, text in cells.items() if "," in code]
        rows.append(
            {
                "counted_by": words(f"counted_by.{source}"),
                "counted_since": words(f"counted_since.{since}"),
                "outcome": words(f"coup_outcome.{outcome}"),
                **{code: cells.get(code, words("cell.none")) for code in countries},
                "together": together[0] if together else words("cell.none"),
                "sources": tuple(dict.fromkeys(key for keys_ in mine["sources"] for key in keys_)),
            }
        )
    names = ["counted_by", "counted_since", "outcome", *countries, "together", "sources"]
    return pd.DataFrame(rows, columns=names)
