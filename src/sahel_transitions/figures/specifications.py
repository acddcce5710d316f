"""Figures of specification curves: what defensible choices answer, and which choice decides."""

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D

from sahel_transitions.figures.figure import (
    INK,
    QUIET,
    SHADE,
    Figure,
    country_styles,
    legend_above,
    mark_uncovered,
    new_canvas,
    outlined,
    styled,
)
from sahel_transitions.figures.ratios import clipped, ratio_axis
from sahel_transitions.indicators import Primary, influence_at_shocks, stated_answers
from sahel_transitions.language import Words
from sahel_transitions.methods import deciding_choice, verdict

_COLUMNS = 2
_ACROSS = 4


@styled
def specification_curves(answers: pd.DataFrame, primary: Primary, words: Words) -> Figure:
    """Every specification of each shock, from the lowest factor to the highest.

    Parameters
    ----------
    answers : DataFrame
        `indicators.specification_curves`.
    primary : Primary
        What was fixed beforehand, for the note.
    """
    shocks = list(answers["shock"].unique())
    verdicts = {shock: verdict(rows) for shock, rows in answers.groupby("shock", sort=False)}
    split = [each for each in verdicts.values() if each.answered and each.contested]
    answered = [each for each in verdicts.values() if each.answered]
    title = (
        words("figure.specification_curves.title", n=len(split), of=len(answered),
              answered=sum(each.answered for each in answered))
        if answered
        else words("figure.robustness.none")
    )  # fmt: skip
    note = words("figure.specification_curves.note", hash=primary.hash, fixed=primary.fixed_on,
                 amended=primary.amended_on,
                 amendment=primary.amendment_hash) + " " + curve_note(answers, words)  # fmt: skip
    rows = max(1, -(-len(shocks) // _COLUMNS))
    canvas = new_canvas(46 + 40 * rows, title, note, legend=True)
    panels = canvas.subplots(rows, _COLUMNS, sharex=True, sharey=True, squeeze=False).ravel()
    styles = country_styles(dict.fromkeys(answers["country"]))
    stated = stated_answers(answers).set_index("shock")
    for axes, shock in zip(panels, shocks, strict=False):
        part = answers[answers["shock"] == shock]
        colour = styles[part["country"].iloc[0]][0]
        _draw_curve(axes, part, stated.loc[shock], verdicts[shock], colour, words)
    for axes in panels[max(len(shocks), 1) :]:
        axes.set_axis_off()
    if not shocks:
        mark_uncovered(panels[0], words("figure.robustness.unanswered"))
    _name_axes(panels, shocks, words)
    legend_above(canvas, _curve_legend(words))
    sns.despine(canvas)
    alt = words("figure.specification_curves.alt",
                sentences=" ".join(_curve_in_words(shock, found, words)
                                   for shock, found in verdicts.items()) or title)  # fmt: skip
    data = answers.sort_values(["shock", "estimate"], kind="stable", ignore_index=True)
    return Figure("specification_curves", canvas, data, title, note, alt)


def _draw_curve(axes: Axes, part: pd.DataFrame, stated, found, colour: str, words: Words) -> None:
    shock = part["shock"].iloc[0]
    axes.set_title(words("figure.shock_in", country=part["country"].iloc[0],
                         shock=words(f"shock.short.{shock}")), color=colour)  # fmt: skip
    ratio_axis(axes, "y", words)
    rows = part.dropna(subset="estimate").sort_values("estimate", kind="stable")
    if rows.empty:
        mark_uncovered(axes, words("figure.robustness.unanswered"))
        return
    share = (np.arange(len(rows)) + 0.5) / len(rows)
    ends = np.column_stack([share, clipped(rows["low"]), share, clipped(rows["high"])])
    axes.add_collection(
        LineCollection(ends.reshape(-1, 2, 2), colors=SHADE, linewidths=0.5, rasterized=True)
    )
    clear = ((rows["low"] > 1) | (rows["high"] < 1)).to_numpy()
    estimates = clipped(rows["estimate"])
    axes.plot(share[~clear], estimates[~clear], ".", ms=1.6, color=QUIET, rasterized=True)
    axes.plot(share[clear], estimates[clear], ".", ms=2.6, color=INK, rasterized=True)
    if pd.notna(stated["estimate"]):
        at = share[int((rows["estimate"] < stated["estimate"]).sum())]
        low, high = clipped([stated["low"], stated["high"]])
        axes.plot([at, at], [low, high], color=colour, lw=1.4, zorder=4)
        fixed = stated["mark"] == "primary"
        axes.plot(at, clipped(stated["estimate"]), "D", ms=5.5, mec=colour, mew=1.2, zorder=5,
                  mfc=colour if fixed else "white")  # fmt: skip
    text = words("figure.specification_curves.shares", above=round(found.above, 2),
                 below=round(found.below, 2), answered=found.answered, asked=found.asked)  # fmt: skip
    axes.annotate(text, (0.03, 0.97), xycoords="axes fraction", va="top", fontsize=6.5,
                  path_effects=outlined())  # fmt: skip


def _name_axes(panels, shocks: list[str], words: Words) -> None:
    """Labels on the outer panels, and ticks on the lowest one of each column."""
    for place, axes in enumerate(panels[: max(len(shocks), 1)]):
        if place % _COLUMNS == 0:
            axes.set_ylabel(words("axis.factor_short"))
        axes.set_xlim(-0.02, 1.02)
        axes.set_xticks([0, 0.5, 1], [words.formatted(x, "percent") for x in (0, 0.5, 1)])
        if place + _COLUMNS >= len(shocks):
            axes.tick_params(labelbottom=True)
            axes.set_xlabel(words("axis.share_of_specifications"))


def _curve_legend(words: Words) -> list[Line2D]:
    dot = {"ls": "none", "marker": "."}
    diamond = {"ls": "none", "marker": "D", "ms": 5, "mec": INK}
    return [
        Line2D([], [], color=INK, ms=5, label=words("legend.clear"), **dot),
        Line2D([], [], color=QUIET, ms=3, label=words("legend.not_clear"), **dot),
        Line2D([], [], color=SHADE, lw=2, label=words("legend.interval")),
        Line2D([], [], mfc=INK, label=words("legend.primary"), **diamond),
        Line2D([], [], mfc="white", label=words("legend.amended"), **diamond),
    ]


def curve_note(answers: pd.DataFrame, words: Words) -> str:
    """Definitions, sources and vintages of curves, and which months they leave out."""
    definitions = " ".join(words(f"definition.{name}") for name in answers["definition"].unique())
    sources = [words.dated_source(each) for each in answers["source"].unique()]
    return " ".join([definitions, words("figure.sources", sources=sources),
                     words("figure.settled.note"), words("figure.shock_month.note")])  # fmt: skip


def _curve_in_words(shock: str, found, words: Words) -> str:
    if not found.answered:
        return words("alt.no_curve", shock=words(f"shock.{shock}"))
    return words(
        "alt.curve", shock=words(f"shock.{shock}"), answered=found.answered, asked=found.asked,
        above=found.above, below=found.below, median=found.median, lowest=found.lowest,
        highest=found.highest,
    )  # fmt: skip


@styled
def choices_compared(answers: pd.DataFrame, words: Words) -> Figure:
    """For each shock and each option of each choice, the median factor and the middle four fifths.

    Parameters
    ----------
    answers : DataFrame
        `indicators.specification_curves`.
    """
    data = influence_at_shocks(answers)
    shocks = list(data["shock"].unique())
    title = words("figure.choices_compared.title" if shocks else "figure.robustness.none")
    note = words("figure.choices_compared.note") + " " + curve_note(answers, words)
    styles = country_styles(dict.fromkeys(answers["country"]))
    # Options that no shock of a row of panels has need no room there.
    lines = [shocks[start : start + _ACROSS] for start in range(0, len(shocks), _ACROSS)] or [[]]
    places = [_places(data[data["shock"].isin(line)]) for line in lines]
    heights = [3.1 * max(each.values(), default=4) + 18 for each in places]
    canvas = new_canvas(38 + sum(heights), title, note)
    panels = canvas.subplots(
        len(lines), _ACROSS, sharex=True, sharey="row", squeeze=False,
        gridspec_kw={"height_ratios": heights},
    )  # fmt: skip
    for row, line, at in zip(panels, lines, places, strict=True):
        for axes in row[max(len(line), 1) :]:
            axes.set_axis_off()
        if not line:
            mark_uncovered(row[0], words("figure.robustness.unanswered"))
        for axes, shock in zip(row, line, strict=False):
            _draw_options(axes, data[data["shock"] == shock], at, styles, words)
    sns.despine(canvas)
    alt = words("figure.choices_compared.alt",
                sentences=" ".join(_deciding(rows, words) for _, rows in
                                   data.groupby("shock", sort=False)) or title)  # fmt: skip
    return Figure("choices_compared", canvas, data, title, note, alt)


def _draw_options(axes: Axes, part: pd.DataFrame, places: dict, styles: dict, words: Words) -> None:
    country, shock = part["country"].iloc[0], part["shock"].iloc[0]
    colour = styles[country][0]
    axes.set_title(
        f"{words(f'country.{country}')}\n{words(f'shock.short.{shock}')}",
        color=colour,
        fontsize=7.5,
    )
    ratio_axis(axes, "x", words)
    y = [places[key] for key in zip(part["choice"], part["option"], strict=True)]
    axes.hlines(y, clipped(part["low"]), clipped(part["high"]), color=colour, lw=1.2, alpha=0.5)
    axes.plot(clipped(part["median"]), y, "o", ms=3.2, color=colour)
    axes.set_yticks(list(places.values()), [words.option(*key) for key in places])
    axes.set_ylim(max(places.values()) + 1, -1)
    axes.tick_params(axis="y", length=0, labelsize=6.5)
    axes.tick_params(axis="x", labelbottom=True, labelsize=6.5)
    axes.set_xlabel(words("axis.factor_short"), fontsize=7)


def _places(rows: pd.DataFrame) -> dict[tuple, float]:
    """Where options stand: those of one choice together, a gap before the next."""
    options = dict.fromkeys(zip(rows["choice"], rows["option"], strict=True))
    by_choice = {choice: [each for each in options if each[0] == choice] for choice, _ in options}
    places, at = {}, 0.0
    for group in by_choice.values():
        for option in group:
            places[option] = at
            at += 1
        at += 0.8
    return places


def _deciding(rows: pd.DataFrame, words: Words) -> str:
    choice, low, high = deciding_choice(rows)
    return words(
        "alt.deciding_choice", shock=words(f"shock.{rows['shock'].iloc[0]}"),
        choice=words(f"choice.{choice}"), low=words.option(choice, low["option"]),
        low_median=low["median"], high=words.option(choice, high["option"]),
        high_median=high["median"],
    )  # fmt: skip
