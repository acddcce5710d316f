"""Tolls of the same incident by source, as ranges."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from sahel_transitions.figures.figure import (
    INK,
    QUIET,
    UNCOVERED,
    Figure,
    country_styles,
    legend_above,
    mark_uncovered,
    new_canvas,
    styled,
)
from sahel_transitions.language import Words

# Whom a source counts, as the marker of its toll, whether that is filled, and how far beside the
# line it stands, so that equal tolls of unlike people do not hide one another.
_MARKERS = {
    "civilians": ("o", True, 0.0),
    "all_dead": ("s", False, -0.22),
    "claimed_fighters": ("X", True, 0.22),
}
_ROW_MM, _TICKS = 6.4, [5, 10, 20, 50, 100, 200, 500, 1000, 2000]


@styled
def tolls_by_source(tolls: pd.DataFrame, as_of: str, words: Words) -> Figure:
    """Every toll of every incident on one line, from the lowest to the highest.

    Parameters
    ----------
    tolls : DataFrame
        `tolls_known(…)`. A minimum without a maximum has an arrow. Beside each line stand the
        lowest and the highest toll with who gives them.
    """
    incidents = list(dict.fromkeys(tolls["incident_id"]))
    data = tolls.assign(
        name=[", ".join(names) for names in tolls["name"]],
        toll_high=tolls["toll_high"].astype("Float64"),
    )
    apart = sum(_twice(tolls[tolls["incident_id"] == incident]) for incident in incidents)
    title = (
        words("figure.tolls_by_source.title", n=apart, total=len(incidents))
        if incidents
        else words("figure.tolls_by_source.none")
    )
    note = words("figure.tolls_by_source.note", as_of=as_of)
    canvas = new_canvas(40 + _ROW_MM * max(len(incidents), 2), title, note, legend=True)
    axes = canvas.subplots()
    styles = country_styles(dict.fromkeys(tolls["country"]))
    if incidents:
        lowest, highest = tolls["toll_low"].min(), _highest(tolls)["toll"]
        axes.set_xscale("log")
        axes.set_xlim(0.75 * lowest, 1.6 * highest)
        ticks = [tick for tick in _TICKS if 0.75 * lowest <= tick <= 1.6 * highest]
        axes.set_xticks(ticks, [words.number(tick) for tick in ticks], minor=False)
        axes.minorticks_off()
    else:
        axes.set_xticks([])
        mark_uncovered(axes, title)
    for position, incident in enumerate(incidents):
        rows = tolls[tolls["incident_id"] == incident]
        _draw(axes, position, rows, styles[rows["country"].iloc[0]][0])
        text = axes.annotate(
            _ends_in_words(rows, words), (1.01, position), xycoords=("axes fraction", "data"),
            va="center", fontsize=6, linespacing=1.15, annotation_clip=False,
        )  # fmt: skip
        text.set_in_layout(True)
    axes.set_yticks(
        range(len(incidents)),
        [
            incident_in_words(tolls[tolls["incident_id"] == each].iloc[0], words)
            for each in incidents
        ],
    )
    for label, incident in zip(axes.get_yticklabels(), incidents, strict=True):
        label.set_color(styles[tolls.loc[tolls["incident_id"] == incident, "country"].iloc[0]][0])
    axes.set_ylim(max(len(incidents), 2) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0, labelsize=7)
    axes.set_xlabel(words("axis.toll_log"))
    if incidents:
        legend_above(canvas, [_handle(name, words) for name in _MARKERS])
    alt = words("figure.tolls_by_source.alt", sentences=" ".join(
        words("alt.toll", incident=incident_in_words(rows.iloc[0], words),
              tolls=words("list.and").join(_toll_in_words(row, words) for row in rows.to_dict("records")))
        for _, rows in tolls.groupby("incident_id", sort=False)
    ))  # fmt: skip
    return Figure("tolls_by_source", canvas, data, title, note, alt)


def incident_in_words(row: pd.Series, words: Words) -> str:
    """An incident by the place that a UN text names, otherwise by its first-order unit."""
    place = words.formatted(row["name"], "list") if row["name"] else row["admin1"]
    country = words(f"country.short.{row['country']}")
    # The month alone is said of an incident of several days.
    return words("figure.tolls_by_source.incident", place=place, country=country,
                 month=row["date"][:7])  # fmt: skip


def _highest(rows: pd.DataFrame) -> pd.Series:
    """The row of the highest toll; of equal ones the open-ended."""
    toll = rows["toll_high"].fillna(rows["toll_low"]).astype("float64")
    rows = rows.assign(toll=toll, open=rows["toll_high"].isna())
    return rows.sort_values(["toll", "open"], kind="stable").iloc[-1]


def _twice(rows: pd.DataFrame) -> bool:
    """Whether tolls of the same people (civilians, all dead, …) are that far apart."""
    alike = [part for _, part in rows.groupby("counts")]
    return any(_highest(part)["toll"] >= 2 * part["toll_low"].min() for part in alike)


def _draw(axes: Axes, position: int, rows: pd.DataFrame, colour: str) -> None:
    axes.hlines(
        position, rows["toll_low"].min(), _highest(rows)["toll"], color=UNCOVERED, lw=0.8, zorder=1
    )
    for row in rows.itertuples():
        marker, filled, beside = _MARKERS[row.counts]
        height = position + beside
        ends = [row.toll_low] if pd.isna(row.toll_high) else [row.toll_low, row.toll_high]
        axes.plot(ends, [height] * len(ends), color=colour, lw=1.6, zorder=2)
        axes.plot(
            sorted(set(ends)), [height] * len(set(ends)), marker, ms=4.5, mec=colour, mew=0.8,
            mfc=colour if filled else "white", zorder=3,
        )  # fmt: skip
        if pd.isna(row.toll_high):
            axes.annotate(
                "", (row.toll_low, height), (12, 0), textcoords="offset points", zorder=2,
                arrowprops={"arrowstyle": "<-", "color": colour, "lw": 0.9, "shrinkA": 0,
                            "shrinkB": 0},
            )  # fmt: skip


def _ends_in_words(rows: pd.DataFrame, words: Words) -> str:
    return "\n".join(
        _toll_in_words(row, words) for row in (rows.iloc[0].to_dict(), _highest(rows).to_dict())
    )


def _toll_in_words(row: dict, words: Words) -> str:
    who = words(f"reported_by.{row['reported_by']}")
    low = words.number(int(row["toll_low"]))
    if pd.isna(row["toll_high"]):
        return words("figure.tolls_by_source.at_least", toll=low, who=who)
    high = words.number(int(row["toll_high"]))
    if low == high:
        return words("figure.tolls_by_source.toll", toll=low, who=who)
    return words("figure.tolls_by_source.range", low=low, high=high, who=who)


def _handle(name: str, words: Words) -> Line2D:
    marker, filled, _ = _MARKERS[name]
    return Line2D([], [], ls="", marker=marker, ms=4.5, color=QUIET,
                  mfc=INK if filled else "white", mec=INK, label=words(f"counts.{name}"))  # fmt: skip
