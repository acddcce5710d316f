"""Figures of deaths by the class of the perpetrator, as reported."""

import numpy as np
import pandas as pd

from sahel_transitions.figures.figure import (
    Figure,
    country_styles,
    mark_uncovered,
    new_canvas,
    styled,
)
from sahel_transitions.figures.wording import OBSERVED, what_is_counted, why_empty, write_thousands
from sahel_transitions.indicators import covered_span
from sahel_transitions.language import Words


@styled
def deaths_by_perpetrator(classes: pd.DataFrame, rule: str, words: Words) -> Figure:
    """Attributed deaths over the whole study by perpetrator class, countries side by side.

    Parameters
    ----------
    classes : DataFrame
        `civilian_deaths(…, by="perpetrator")`; drawn is `attributed`.
    rule : str
        How events of several perpetrators are counted (`joint_events`).
    """
    shown = classes[classes["state"].isin(OBSERVED)]
    totals = shown.groupby(["country", "perpetrator"], as_index=False, sort=False)[
        "attributed"
    ].sum()
    totals = totals[totals["perpetrator"] != "not_attributed"].assign(
        value=lambda frame: frame["attributed"].to_numpy("float64")
    )[["country", "perpetrator", "value"]]
    countries = list(classes["country"].unique())
    order = (
        totals.groupby("perpetrator")["value"].max().loc[lambda value: value > 0]
        .sort_values(ascending=False).index
    )  # fmt: skip
    first, last = covered_span(classes)
    leaders = [
        words("figure.deaths_by_perpetrator.leader", country=country,
              perpetrator=words(f"perpetrator.{row['perpetrator']}"), value=row["value"])
        for country in countries
        if (row := _largest(totals[totals["country"] == country])) is not None
    ]  # fmt: skip
    texts, nothing = "figure.deaths_by_perpetrator", "no_one_sided"
    if classes["source"].iloc[0] == "ACLED":
        named = shown["perpetrator"].ne("not_attributed").any()
        nothing = "no_perpetrator_acled" if named else "not_named"
        texts += "_acled"
    title = (
        words(f"{texts}.title", first=first, last=last, leaders=leaders)
        if leaders
        else words(why_empty(classes, nothing))
    )
    note = words(f"{texts}.note", source=classes["source"].iloc[0],
                 vintage=classes["vintage"].iloc[0], rule=words(f"joint_events.{rule}"))  # fmt: skip
    lacking = set(countries) - set(shown["country"])
    if lacking:
        note += " " + words("figure.not_covered.note")
    canvas = new_canvas(44 + 9 * max(len(order), 1), title, note)
    panels = np.atleast_1d(canvas.subplots(1, len(countries), sharey=True, sharex=True))
    styles = country_styles(countries)
    for axes, country in zip(panels, countries, strict=True):
        values = totals[totals["country"] == country].set_index("perpetrator")["value"]
        values = values.reindex(order).fillna(0)
        colour = styles[country][0]
        axes.set_title(words(f"country.{country}"), color=colour)
        axes.set_xlabel(what_is_counted(classes, words)[1])
        if country in lacking:
            mark_uncovered(axes, words("state.not_covered"))
            continue
        axes.hlines(range(len(order)), 0, values, color=colour, lw=2)
        axes.plot(values, range(len(order)), "o", ms=4.5, color=colour)
        for position, value in enumerate(values):
            axes.annotate(words.number(value), (value, position), (5, 0), va="center",
                          textcoords="offset points", fontsize=7)  # fmt: skip
    for axes in panels:
        axes.set_yticks(range(len(order)), [words(f"perpetrator.{name}") for name in order])
        axes.tick_params(axis="y", length=0)
    panels[0].set_ylim(len(order) - 0.4, -0.6)
    panels[0].set_xlim(0, 1.22 * totals["value"].max() if len(totals) else 1)
    write_thousands(panels, "x", words)
    if totals.empty:
        panels[0].set_xticks([])
    alt = words(f"{texts}.alt", first=first, last=last, leaders=leaders)
    return Figure("deaths_by_perpetrator", canvas, totals, title, note, alt)


def _largest(totals: pd.DataFrame) -> pd.Series | None:
    positive = totals[totals["value"] > 0]
    return None if positive.empty else positive.loc[positive["value"].idxmax()]
