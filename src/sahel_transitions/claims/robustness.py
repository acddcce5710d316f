"""The sentences on how far a change at a shock rests on choices, single months and dates.

"After" is never "because of": the sentences say how a level changed after a date, by which choices,
and what speaks against reading it as more.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from sahel_transitions.indicators import CLEAR, Primary, most_influential_months
from sahel_transitions.language import Sentence, Words, joined
from sahel_transitions.methods import deciding_choice, verdict


def primary_table(choices: pd.DataFrame, words: Words) -> pd.DataFrame:
    """The specification that was fixed beforehand, with the reason of each choice.

    Parameters
    ----------
    choices : DataFrame
        `indicators.primary_choices`.
    """
    options = [words.option(row.choice, row.option) for row in choices.itertuples()]
    return choices.assign(option=options, reason=choices["choice"])


def primary_findings(changes: pd.DataFrame, primary: Primary, words: Words) -> list[str]:
    """The stated change at each shock, the trend before it, and how many were asked.

    Parameters
    ----------
    changes : DataFrame
        `indicators.primary_changes`.
    """
    if changes.empty:
        return [words("finding.no_shock", by="stated")]
    answered = changes[changes["estimate"].notna()]
    first = words(
        "finding.family", n=int(answered["stands_out"].sum()), of=len(answered),
        asked=len(changes), counted=int((answered["p_family"] < CLEAR).sum()),
        dates=int((answered["p_dates"] < CLEAR).sum()), hash=primary.hash, fixed=primary.fixed_on,
    )  # fmt: skip
    return [first, *(_stated(row, primary, words) for row in changes.itertuples())]


def _stated(row, primary: Primary, words: Words) -> Sentence:
    shock = words(f"shock.{row.shock}")
    if pd.isna(row.estimate):
        return words("finding.no_change", country=row.country, shock=shock, by="stated",
                     why=words(f"why_not.{row.why_not}"))  # fmt: skip
    key = "above" if row.low > 1 else "below" if row.high < 1 else "open"
    parts = [
        words(f"finding.change_{key}", country=row.country, shock=shock, by="stated",
              estimate=row.estimate, low=row.low, high=row.high)
    ]  # fmt: skip
    if key != "open":
        if row.p_family >= CLEAR:
            parts.append(words("finding.not_in_the_family", p=row.p_family))
        if row.p_dates >= CLEAR:
            parts.append(words("finding.not_among_dates", p=row.p_dates))
        if pd.notna(row.without_largest):
            parts.append(words("finding.without_largest", factor=row.without_largest))
    if row.growth_low > 1 or row.growth_high < 1:
        parts.append(words("finding.growth_before", factor=row.growth_before, low=row.growth_low,
                           high=row.growth_high))  # fmt: skip
    if row.also_within:
        names = [words(f"shock.{other}") for other in row.also_within]
        parts.append(
            words("finding.also_within", n=len(names), names=words.between("cell.semicolon", names))
        )
    if row.window != primary.choices["window"]:
        parts.append(words("finding.amended", n=row.window))
    if row.definition != primary.choices["definition"]:
        parts.append(words("finding.amended_definition", definition=row.definition))
    return joined(parts)


def curve_findings(answers: pd.DataFrame, influences: pd.DataFrame, words: Words) -> list[str]:
    """For each shock, on which side of 1 specifications lie, and which choice decides.

    Where the median lies on both sides of 1 by window, the sentence says so.

    Parameters
    ----------
    answers : DataFrame
        `indicators.specification_curves`.
    influences : DataFrame
        `indicators.influence_at_shocks`.
    """
    sentences = []
    for (shock, country), part in answers.groupby(["shock", "country"], sort=False):
        found = verdict(part)
        if not found.answered:
            continue
        named = {"country": country, "shock": words(f"shock.{shock}")}
        key = "contested" if found.contested else "above" if found.above > 0.5 else "below"
        text = words(f"finding.curve_{key}", **named, n=found.answered, above=found.above,
                     below=found.below, clear_above=found.above_clearly,
                     clear_below=found.below_clearly)  # fmt: skip
        rows = influences[influences["shock"] == shock]
        windows = part.loc[part["estimate"].notna(), "window"].unique()
        few = [words("finding.one_window", window=words.option("window", windows[0]))]
        decided = [*_decides(rows, words), *_window_decides(rows, words)]
        sentences.append(joined([text, *(few if len(windows) == 1 else []), *decided]))
    return sentences or [words("finding.no_curve", topic="curves")]


def _decides(rows: pd.DataFrame, words: Words) -> Iterable[str]:
    most = deciding_choice(rows)
    if most is not None:
        choice, low, high = most
        yield words("finding.decides", choice=words(f"choice.{choice}"), low=low["median"],
                    high=high["median"])  # fmt: skip


def _window_decides(rows: pd.DataFrame, words: Words) -> Iterable[str]:
    windows = rows[rows["choice"] == "window"]
    above, below = windows[windows["median"] > 1], windows[windows["median"] < 1]
    if len(above) and len(below):
        yield words("finding.window_decides", above=_windows(above, words),
                    below=_windows(below, words))  # fmt: skip


def _windows(rows: pd.DataFrame, words: Words) -> list[str]:
    return [words.option("window", option) for option in rows["option"]]


def month_findings(left_out: pd.DataFrame, words: Words) -> list[str]:
    """For each shock, the month whose absence moves the change furthest.

    Parameters
    ----------
    left_out : DataFrame
        `indicators.leave_one_out_at_shocks`.
    """
    sentences = []
    for row in most_influential_months(left_out).itertuples():
        crosses = (row.whole > 1) != (row.without > 1)
        sentences.append(
            words("finding.month_turns" if crosses else "finding.month", country=row.country,
                  shock=words(f"shock.{row.shock}"), month=row.month, deaths=row.deaths,
                  whole=row.whole, without=row.without)
        )  # fmt: skip
    return sentences or [words("finding.no_curve", topic="months")]


def placebo_findings(verdicts: pd.DataFrame, words: Words) -> list[str]:
    """How unusual each change is among other dates, and how few countries there are to compare.

    Parameters
    ----------
    verdicts : DataFrame
        `indicators.placebo_verdicts`.
    """
    rows = verdicts.set_index(["shock", "kind", "among"])
    sentences = []
    for shock, part in verdicts.groupby("shock", sort=False):
        every, busy, clean = (
            rows.loc[(shock, "date", among)] for among in ("all", "busy", "clean")
        )
        sentences.append(
            words("finding.placebo_dates", country=part["country"].iloc[0],
                  shock=words(f"shock.{shock}"), n=int(every["placebos"]),
                  larger=int(every["larger"]), p=every["p_value"], busy=int(busy["placebos"]),
                  busy_larger=int(busy["larger"]), busy_p=busy["p_value"],
                  clean=int(clean["placebos"]), clean_larger=int(clean["larger"]))
        )  # fmt: skip
    countries = verdicts[(verdicts["kind"] == "country") & (verdicts["among"] == "clean")]
    if len(countries):
        most = int(countries["placebos"].max())
        sentences.append(words("finding.placebo_countries", n=most, least=1 / (1 + most)))
    return sentences or [words("finding.no_curve", topic="placebos")]


def window_findings(path: pd.DataFrame, words: Words) -> list[str]:
    """How the change at the step of the study moves with its window, trend and largest month.

    Parameters
    ----------
    path : DataFrame
        `indicators.window_path`.
    """
    answered = path[path["estimate"].notna()]
    if path.empty:
        return [words("finding.no_step")]
    if answered.empty:
        why = path["why_not"].iloc[0]
        return [words("finding.step_unanswered", country=path["country"].iloc[0],
                      step=path["step"].iloc[0], why=words(f"why_not.{why}"))]  # fmt: skip
    sentences = []
    for trend, rows in answered.groupby("trend", sort=False):
        by = rows.set_index(["largest_month", "before"])["estimate"]
        if set(rows["largest_month"]) != {"with", "without"}:
            continue
        every = by.loc["with"]
        two_years = 24 if 24 in every.index else every.index.min()
        ends = {"n": int(two_years), "last": int(every.index.max())}
        values = {"first": every.loc[two_years], "whole": every.iloc[-1]}
        without = by.loc["without"]
        # In unlike windows unlike months are the largest.
        left_out = rows.set_index("before")["left_out"].dropna()
        named = [each for each in (two_years, ends["last"]) if each in left_out.index]
        months = left_out.loc[named].unique()
        sentences.append(
            words(f"finding.path_{trend}_trend", country=rows["country"].iloc[0],
                  step=rows["step"].iloc[0], months=[words.month(month) for month in months],
                  first_without=without.get(two_years, np.nan),
                  whole_without=without.iloc[-1], **ends, **values)
        )  # fmt: skip
    if (answered["estimate"] > 1).any() and (answered["estimate"] < 1).any():
        below = answered[answered["estimate"] < 1]
        sentences.append(
            words("finding.path_turns", n=len(below), of=len(answered),
                  lowest=answered["estimate"].min(), highest=answered["estimate"].max())
        )  # fmt: skip
    return sentences or [words("finding.no_curve", topic="windows")]


def changepoint_findings(found: pd.DataFrame, shocks: pd.DataFrame, words: Words) -> list[str]:
    """When each series changes its level by itself, and which shock lies nearest to that.

    Parameters
    ----------
    found : DataFrame
        `indicators.blind_changepoints`.
    shocks : DataFrame
        `indicators.known_shocks`.
    """
    sentences = []
    for row in found[found["search"] == "single"].itertuples():
        months = (pd.Period(row.high, "M") - pd.Period(row.low, "M")).n + 1
        text = words("finding.level", country=row.country, month=row.month, low=row.low,
                     high=row.high, n=months, before=row.level_before,
                     after=row.level_after)  # fmt: skip
        inside = shocks[
            (shocks["country"] == row.country)
            & (shocks["first"] <= row.high)
            & (shocks["last"] >= row.low)
        ]
        key = "none" if inside.empty else "one" if len(inside) == 1 else "several"
        names = [words(f"shock.{shock}") for shock in inside.index]
        within = words(f"finding.level_shocks_{key}", n=len(names), names=names)
        sentences.append(joined([text, within]))
    return sentences or [words("finding.no_level")]


def own_findings(changes: pd.DataFrame, words: Words) -> list[str]:
    """The change at each shock by the choices of the study.

    Parameters
    ----------
    changes : DataFrame
        `indicators.changes_at_shocks`.
    """
    if changes.empty:
        return [words("finding.no_shock", by="own")]
    sentences = []
    for row in changes.itertuples():
        shock = words(f"shock.{row.shock}")
        if pd.isna(row.estimate):
            sentences.append(words("finding.no_change", country=row.country, shock=shock, by="own",
                                   why=words(f"why_not.{row.why_not}")))  # fmt: skip
            continue
        key = "above" if row.low > 1 else "below" if row.high < 1 else "open"
        sentences.append(
            words(f"finding.change_{key}", country=row.country, shock=shock, by="own",
                  estimate=row.estimate, low=row.low, high=row.high)
        )  # fmt: skip
    return sentences
