"""Figures of deaths by the class of the perpetrator, as reported."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sahel_transitions.figures.figure import (
    Figure,
    country_styles,
    mark_uncovered,
    new_canvas,
    spread,
    styled,
    write_year_numbers,
)
from sahel_transitions.figures.marks import hatch_years, name_unanswered
from sahel_transitions.figures.wording import OBSERVED, what_is_counted, why_empty, write_thousands
from sahel_transitions.indicators import covered_span
from sahel_transitions.language import Words

_WHOLE_YEAR = 12

# Tol's muted palette, told apart by colour-blind readers and apart from the colours of countries;
# line style and marker tell the classes apart in grey. A class keeps them through the suite.
_CLASS_STYLES = {
    "state_forces": ("#332288", "-", "o"),
    "state_with_russian_forces": ("#6699CC", (0, (5, 1.5)), "D"),
    "wagner_africa_corps": ("#AA4499", (0, (1, 1)), "v"),
    "self_defence": ("#117733", (0, (5, 1.5)), "s"),
    "jnim": ("#882255", "-", "^"),
    "islamic_state": ("#CC6677", (0, (5, 1, 1, 1)), "X"),
    "jihadist_other": ("#999933", (0, (1, 1)), "P"),
    "rebel": ("#44AA99", (0, (3, 1, 1, 1, 1, 1)), "<"),
    "communal": ("#B8A13E", (0, (8, 2)), "h"),
    "foreign_state": ("#661100", (0, (2, 2)), "d"),
    "unidentified": ("#777777", (0, (1, 2)), "*"),
}
# Part of the width that names of classes take, and the height of a panel.
_NAMES, _PANEL_MM = 0.4, 47


@styled
def perpetrators_over_time(classes: pd.DataFrame, rule: str, words: Words) -> Figure:
    """Attributed deaths by perpetrator class and year, one panel a country on one scale.

    Parameters
    ----------
    classes : DataFrame
        `civilian_deaths(…, by="perpetrator")`; drawn is `attributed`, never a rate. Years of fewer
        than twelve months have open markers.
    rule : str
        How events of several perpetrators are counted (`joint_events`).
    """
    countries = list(classes["country"].unique())
    data = classes[classes["perpetrator"].isin(list(_CLASS_STYLES))]
    data = data[["country", "period", "months", "perpetrator"]].assign(
        value=data["attributed"].to_numpy("float64"), state=data["attributed"].array.labels()
    )
    acled = classes["source"].iloc[0] == "ACLED"
    texts = "figure.perpetrators_over_time" + ("_acled" if acled else "")
    leaders, year = _leaders_of_last_year(data, words)
    if leaders:
        title = words(f"{texts}.title", year=year, leaders=leaders)
    elif (data["value"] > 0).any():
        title = words(f"{texts}.none")
    else:
        title = words(why_empty(classes, _why_nobody(classes)))
    note = _note_over_time(classes, data, texts, rule, words)
    canvas = new_canvas(34 + _PANEL_MM * len(countries), title, note)
    panels = canvas.subplots(len(countries), 1, sharex=True, sharey=True, squeeze=False)[:, 0]
    first, last = int(classes["period"].min()), int(classes["period"].max())
    top = 1.08 * np.nanmax(data["value"].to_numpy(), initial=0) or 1
    panels[0].set_ylim(0, top)
    panels[0].set_xlim(first - 0.5, first - 0.5 + (last - first + 1) / (1 - _NAMES))
    for axes, country in zip(panels, countries, strict=True):
        axes.set_title(words(f"country.{country}"), color=country_styles(countries)[country][0])
        axes.set_ylabel(what_is_counted(classes, words)[1])
        rows = data[data["country"] == country]
        whole = classes[classes["country"] == country]
        hatch_years(axes, whole["period"], whole["state"])
        name_unanswered(axes, rows["value"], whole["state"], words)
        axes.spines["bottom"].set_bounds(first - 0.5, last + 0.5)
        _draw_classes(axes, rows, top, words)
    write_thousands(panels, "y", words)
    write_year_numbers(panels[-1], first, last, 12)
    if not (data["value"] > 0).any():
        panels[0].set_yticks([])
    alt = words(f"{texts}.alt", sentences=_classes_in_words(data, words))
    return Figure("perpetrators_over_time", canvas, data, title, note, alt)


def _draw_classes(axes: Axes, rows: pd.DataFrame, top: float, words: Words) -> None:
    """A line for each class with a death, named at its end."""
    ends = {}
    for name, group in rows.groupby("perpetrator", sort=False):
        if not (group["value"] > 0).any():
            continue
        colour, line, marker = _CLASS_STYLES[name]
        years, values = group["period"].astype("int64").to_numpy(), group["value"].to_numpy()
        whole = (group["months"] == _WHOLE_YEAR).to_numpy()
        axes.plot(years, values, color=colour, ls=line, lw=1.2, clip_on=False)
        for chosen, face in ((whole, colour), (~whole, "white")):
            # Nothing drawn without clipping would take its place at zero, far outside the axes.
            if chosen.any():
                axes.plot(years[chosen], values[chosen], marker, ms=4, mec=colour, mfc=face,
                          mew=0.7, clip_on=False)  # fmt: skip
        ends[name] = group["value"].dropna().iloc[-1]
    last = int(rows["period"].max()) if len(rows) else 0
    # Letters of seven points, with some air, on a panel of the height that the axes will have.
    gap = top * 8.6 / (0.68 * _PANEL_MM / 25.4 * 72)
    for name, height in zip(ends, spread(list(ends.values()), gap, top), strict=True):
        colour, _, marker = _CLASS_STYLES[name]
        axes.plot([last + 0.62], [height], marker, ms=4, color=colour, clip_on=False)
        label = axes.annotate(
            words(f"perpetrator.{name}"), (last + 0.62, height), (5, 0), va="center",
            textcoords="offset points", fontsize=6.5, color=colour, annotation_clip=False,
        )  # fmt: skip
        label.set_in_layout(False)


def _leaders_of_last_year(data: pd.DataFrame, words: Words) -> tuple[list[str], str]:
    """The class with most deaths in the last whole year of which any is known, for each country."""
    whole = data[(data["months"] == _WHOLE_YEAR) & (data["value"] > 0)]
    if whole.empty:
        return [], ""
    year = whole["period"].max()
    rows = whole[whole["period"] == year]
    leaders = rows.loc[rows.groupby("country", sort=False)["value"].idxmax()]
    return [
        words("figure.deaths_by_perpetrator.leader", country=row.country,
              perpetrator=words(f"perpetrator.{row.perpetrator}"), value=row.value)
        for row in leaders.itertuples()
    ], year  # fmt: skip


def _note_over_time(
    classes: pd.DataFrame, data: pd.DataFrame, texts: str, rule: str, words: Words
) -> str:
    note = words(f"{texts}.note", source=classes["source"].iloc[0],
                 vintage=classes["vintage"].iloc[0], rule=words(f"joint_events.{rule}"))  # fmt: skip
    for state in ("not_covered", "missing", "provisional"):
        if (classes["state"] == state).any():
            note += " " + words(f"figure.{state}.note")
    if ((data["months"] < _WHOLE_YEAR) & data["value"].notna()).any():
        note += " " + words("figure.partial.note")
    return note


def _classes_in_words(data: pd.DataFrame, words: Words) -> str:
    sentences = []
    for country, rows in data.groupby("country", sort=False):
        totals = rows.groupby("perpetrator", sort=False)["value"].sum()
        totals = totals[totals > 0].sort_values(ascending=False)
        each = [
            f"{words(f'perpetrator.{name}')} ({words.number(value)})"
            for name, value in totals.items()
        ]
        sentences.append(
            words("alt.classes", country=country, classes=each) if each
            else words("alt.nothing", country=country)
        )  # fmt: skip
    return " ".join(sentences)


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
    acled = classes["source"].iloc[0] == "ACLED"
    texts = "figure.deaths_by_perpetrator" + ("_acled" if acled else "")
    title = (
        words(f"{texts}.title", first=first, last=last, leaders=leaders)
        if leaders
        else words(why_empty(classes, _why_nobody(classes)))
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


def _why_nobody(classes: pd.DataFrame) -> str:
    """The key that says why no class has a death in the covered years."""
    if classes["source"].iloc[0] != "ACLED":
        return "no_one_sided"
    shown = classes[classes["state"].isin(OBSERVED)]
    named = shown["perpetrator"].ne("not_attributed").any()
    return "no_perpetrator_acled" if named else "not_named"


def _largest(totals: pd.DataFrame) -> pd.Series | None:
    positive = totals[totals["value"] > 0]
    return None if positive.empty else positive.loc[positive["value"].idxmax()]
