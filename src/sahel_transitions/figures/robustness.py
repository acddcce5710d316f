"""Figures of what a change at a shock rests on: intervals, single months, placebos."""

import numpy as np
import pandas as pd
import seaborn as sns
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
    outlined,
    styled,
)
from sahel_transitions.figures.panels import instead_of_marks
from sahel_transitions.figures.ratios import clipped, ratio_axis
from sahel_transitions.indicators import most_influential_months
from sahel_transitions.language import Words


@styled
def stated_changes(changes: pd.DataFrame, words: Words) -> Figure:
    """The stated change at each shock with three intervals, and the change in events beside it.

    Parameters
    ----------
    changes : DataFrame
        `indicators.primary_changes`.
    """
    answered = changes[changes["estimate"].notna()]
    outstanding = int(answered["stands_out"].sum())
    title = (
        words("figure.stated_changes.title", n=outstanding, of=len(answered))
        if len(answered)
        else words("figure.robustness.none")
    )
    note = words("figure.stated_changes.note") + " " + _note(changes, words)
    canvas, axes = _rows_of_shocks(changes, title, note, words, per_shock=9.0, legend=True)
    styles = country_styles(dict.fromkeys(changes["country"]))
    for place, row in enumerate(changes.itertuples()):
        colour = styles[row.country][0]
        if pd.isna(row.estimate):
            _say_why_not(axes, place, row.why_not, words)
            continue
        axes.plot(clipped([row.low, row.high]), [place - 0.16] * 2, color=colour, lw=2.4,
                  solid_capstyle="butt")  # fmt: skip
        fixed = row.mark == "primary"
        axes.plot(clipped(row.estimate), place - 0.16, "D", ms=5.5, mec=colour, mew=1.2,
                  mfc=colour if fixed else "white", zorder=4)  # fmt: skip
        if pd.notna(row.without_largest):
            axes.plot(clipped(row.without_largest), place - 0.16, "o", ms=4, mec=colour, mfc="white",
                      zorder=3)  # fmt: skip
        if pd.notna(row.events):
            axes.plot(clipped([row.events_low, row.events_high]), [place + 0.2] * 2, color=QUIET,
                      lw=0.8)  # fmt: skip
            axes.plot(clipped(row.events), place + 0.2, "s", ms=3.2, color=QUIET)
    legend_above(canvas, _intervals_legend(words))
    alt = words("figure.stated_changes.alt",
                sentences=" ".join(_change_in_words(row, words) for row in changes.itertuples())
                or title)  # fmt: skip
    return Figure("stated_changes", canvas, changes, title, note, alt)


def _intervals_legend(words: Words) -> list[Line2D]:
    diamond = {"ls": "none", "marker": "D", "ms": 5, "mec": INK}
    return [
        Line2D([], [], mfc=INK, label=words("legend.primary"), **diamond),
        Line2D([], [], mfc="white", label=words("legend.amended"), **diamond),
        Line2D([], [], color=INK, lw=2.4, label=words("legend.autocorrelated")),
        Line2D(
            [],
            [],
            ls="none",
            marker="o",
            ms=4,
            mec=INK,
            mfc="white",
            label=words("legend.without_largest"),
        ),
        Line2D([], [], color=QUIET, lw=0.8, marker="s", ms=3.2, label=words("legend.events")),
    ]


def _change_in_words(row, words: Words) -> str:
    shock = words(f"shock.{row.shock}")
    if pd.isna(row.estimate):
        return words("alt.no_change", shock=shock, why=words(f"why_not.{row.why_not}"))
    return words("alt.change", shock=shock, estimate=row.estimate, low=row.low, high=row.high)


@styled
def without_each_month(left_out: pd.DataFrame, stated: pd.DataFrame, words: Words) -> Figure:
    """The stated change at each shock without each of its months in turn.

    Parameters
    ----------
    left_out : DataFrame
        `indicators.leave_one_out_at_shocks`.
    stated : DataFrame
        `indicators.primary_changes`, which also has the shocks without an answer.
    """
    moved = most_influential_months(left_out)
    title = words("figure.robustness.none")
    if len(moved):
        furthest = moved.loc[np.log(moved["without"] / moved["whole"]).abs().idxmax()]
        title = words("figure.without_each_month.title", month=furthest["month"],
                      shock=words(f"shock.{furthest['shock']}"), whole=furthest["whole"],
                      without=furthest["without"])  # fmt: skip
    note = words("figure.without_each_month.note") + " " + _note(stated, words)
    canvas, axes = _rows_of_shocks(stated, title, note, words, per_shock=8.0)
    styles = country_styles(dict.fromkeys(stated["country"]))
    rows = moved.set_index("shock")
    for place, row in enumerate(stated.itertuples()):
        if row.shock not in rows.index:
            _say_why_not(axes, place, row.why_not, words)
            continue
        colour, most = styles[row.country][0], rows.loc[row.shock]
        part = left_out[(left_out["shock"] == row.shock) & left_out["month"].notna()]
        axes.plot(clipped(part["estimate"]), [place] * len(part), "|", ms=9, mew=0.7, color=colour,
                  alpha=0.7)  # fmt: skip
        axes.plot(clipped(most["whole"]), place, "D", ms=5, mec=colour, mfc="white", mew=1.2)
        text = words("figure.without_each_month.label", month=most["month"],
                     factor=most["without"])  # fmt: skip
        # Towards the side on which there is more room.
        right = most["without"] < 4
        axes.annotate(text, (clipped(most["without"]), place), (5 if right else -5, -7.5),
                      textcoords="offset points", va="center", ha="left" if right else "right",
                      fontsize=6.5, path_effects=outlined())  # fmt: skip
    alt = words("figure.without_each_month.alt",
                sentences=" ".join(_influence_in_words(row, words) for row in moved.itertuples())
                or title)  # fmt: skip
    return Figure("without_each_month", canvas, left_out, title, note, alt)


def _influence_in_words(row, words: Words) -> str:
    return words("alt.influence", shock=words(f"shock.{row.shock}"), month=row.month,
                 whole=row.whole, without=row.without)  # fmt: skip


@styled
def placebos(found: pd.DataFrame, verdicts: pd.DataFrame, stated: pd.DataFrame, words: Words) -> Figure:  # fmt: skip
    """The stated change at each shock beside the same change at other dates and in other countries.

    Parameters
    ----------
    found, verdicts : DataFrame
        `indicators.placebos_at_shocks`, `indicators.placebo_verdicts`.
    stated : DataFrame
        `indicators.primary_changes`, which also has the shocks without an answer.
    """
    dates = verdicts[(verdicts["kind"] == "date") & (verdicts["among"] == "all")]
    unusual = dates[dates["p_value"] < 0.05]
    title = (
        words("figure.placebos.title", n=len(unusual), of=len(dates))
        if len(dates)
        else words("figure.robustness.none")
    )
    note = words("figure.placebos.note") + " " + _note(stated, words)
    canvas = new_canvas(48 + 11 * max(len(stated), 2), title, note, legend=True)
    panels = canvas.subplots(1, 2, sharey=True)
    styles = country_styles(dict.fromkeys(stated["country"]))
    for axes, kind in zip(panels, ("date", "country"), strict=True):
        _prepare_rows(axes, stated, words)
        axes.set_title(words(f"figure.placebos.{kind}"))
        for place, row in enumerate(stated.itertuples()):
            part = found[(found["shock"] == row.shock) & (found["kind"] == kind)]
            if part.empty:
                _say_why_not(axes, place, row.why_not, words)
                continue
            _draw_placebos(axes, place, part, kind, styles[row.country][0], words)
    legend_above(canvas, _placebo_legend(words))
    sns.despine(canvas)
    alt = words("figure.placebos.alt",
                sentences=" ".join(_placebo_in_words(row, words) for row in verdicts.itertuples())
                or title)  # fmt: skip
    return Figure("placebos", canvas, found, title, note, alt)


def _draw_placebos(axes: Axes, place: int, part: pd.DataFrame, kind: str, colour: str, words: Words) -> None:  # fmt: skip
    others = part[part["placebo"].notna() & part["estimate"].notna()]
    for clean, shade in ((False, UNCOVERED), (True, QUIET)):
        rows = others[others["clean"] == clean].sort_values("estimate")
        if kind == "date":
            axes.plot(clipped(rows["estimate"]), [place + (0.12 if clean else -0.12)] * len(rows),
                      "|", ms=7, mew=0.6, color=shade)  # fmt: skip
            continue
        axes.plot(clipped(rows["estimate"]), [place] * len(rows), "o", ms=4, mec=QUIET,
                  mfc=shade if clean else "white")  # fmt: skip
    if kind == "country":
        _name_countries(axes, place, others.sort_values("estimate"), words)
    own = part.loc[part["placebo"].isna(), "estimate"].iloc[0]
    axes.plot(clipped(own), place, "D", ms=5.5, mec=colour, mfc=colour, zorder=4)


# How much of the axis a name of three letters takes, in powers of ten.
_NAME = 0.36


def _name_countries(axes: Axes, place: int, rows: pd.DataFrame, words: Words) -> None:
    """Short names above or below the line, where one finds room; the data name all."""
    ends = {"bottom": -np.inf, "top": -np.inf}
    for row in rows.itertuples():
        at = np.log10(clipped(row.estimate))
        side = min(ends, key=ends.get)
        if ends[side] > at - _NAME / 2:
            continue
        ends[side] = at + _NAME / 2
        axes.annotate(
            words(f"country.short.{row.placebo}"), (clipped(row.estimate), place),
            (0, 5.5 if side == "bottom" else -5.5), textcoords="offset points", ha="center",
            fontsize=6, va=side, color=QUIET, path_effects=outlined(),
        )  # fmt: skip


def _placebo_legend(words: Words) -> list[Line2D]:
    tick = {"ls": "none", "marker": "|", "ms": 7}
    return [
        Line2D([], [], ls="none", marker="D", ms=5, color=INK, label=words("legend.own")),
        Line2D([], [], color=QUIET, label=words("legend.clean_date"), **tick),
        Line2D([], [], color=UNCOVERED, label=words("legend.touched_date"), **tick),
        Line2D([], [], ls="none", marker="o", ms=4, mec=QUIET, mfc=QUIET,
               label=words("legend.clean_country")),
        Line2D([], [], ls="none", marker="o", ms=4, mec=QUIET, mfc="white",
               label=words("legend.touched_country")),
    ]  # fmt: skip


def _placebo_in_words(row, words: Words) -> str:
    if row.placebos == 0:
        return ""
    return words("alt.placebo", shock=words(f"shock.{row.shock}"),
                 kind=words(f"placebo.{row.kind}.{row.among}"), n=row.placebos, larger=row.larger)  # fmt: skip


def _rows_of_shocks(stated, title, note, words: Words, *, per_shock: float, legend=False):
    """A canvas with one row a shock, along an axis of factors."""
    canvas = new_canvas(42 + per_shock * max(len(stated), 2), title, note, legend=legend)
    axes = canvas.subplots()
    _prepare_rows(axes, stated, words)
    sns.despine(canvas)
    return canvas, axes


def _prepare_rows(axes: Axes, stated: pd.DataFrame, words: Words) -> None:
    ratio_axis(axes, "x", words)
    axes.set_xlabel(words("axis.factor"))
    labels = [
        words("figure.shock_of", country=words(f"country.short.{row.country}"),
              shock=words(f"shock.short.{row.shock}"))
        for row in stated.itertuples()
    ]  # fmt: skip
    axes.set_yticks(range(len(stated)), labels)
    axes.set_ylim(max(len(stated), 1) - 0.4, -0.7)
    axes.tick_params(axis="y", length=0)
    if stated.empty:
        mark_uncovered(axes, words("figure.robustness.unanswered"))


def _say_why_not(axes: Axes, place: int, why_not, words: Words) -> None:
    text = axes.text(
        1, place, words(f"why_not.{why_not}"), fontsize=6.5, va="center", ha="center", color=QUIET,
        path_effects=outlined(), style="italic",
    )  # fmt: skip
    instead_of_marks(text)


def _note(stated: pd.DataFrame, words: Words) -> str:
    """Definition, source and vintage of stated changes, and which months they leave out."""
    definitions = " ".join(words(f"definition.{name}") for name in stated["definition"].unique())
    sources = [words.dated_source(each) for each in stated["source"].unique()]
    parts = [
        definitions,
        words("figure.sources", sources=sources),
        words("figure.settled.note"),
        words("figure.shock_month.note"),
    ]
    return " ".join(parts) if len(stated) else ""
