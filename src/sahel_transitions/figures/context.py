"""Small multiples of what else changed around the partner shifts."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sahel_transitions.figures.figure import (
    INK,
    QUIET,
    UNCOVERED,
    Figure,
    country_styles,
    legend_above,
    new_canvas,
    styled,
    wrapped,
    write_year_numbers,
)
from sahel_transitions.figures.marks import hatch_years, name_unanswered
from sahel_transitions.language import Words

# Rows of panels, with the measures drawn in each and their line styles.
_ROWS = {
    "un_bases": {"un_bases": "-"},
    "us_aid": {"us_obligations": "-", "us_disbursements": (0, (4, 1.5))},
    "electoral_democracy": {"electoral_democracy": "-"},
    "press_freedom_rank": {"press_freedom_rank": "-"},
    "military_spending": {"military_spending": "-"},
    "displaced": {"displaced": "-"},
}
# Values that are not firm are hollow, each in a form of its own.
_HOLLOW = {"partial": "s", "stale": "D", "provisional": "^"}


@styled
def partner_context(context: pd.DataFrame, words: Words) -> Figure:
    """Yearly series by country, with stale, partial and provisional values hollow.

    Parameters
    ----------
    context : DataFrame
        `partner_context(…)`. A line is broken where a method changed; ranks are drawn with the
        freest at the top.
    """
    countries = list(context["country"].unique())
    title, note = _title(context, words), words("figure.partner_context.note")
    canvas = new_canvas(196, title, note, legend=True)
    panels = canvas.subplots(
        len(_ROWS), max(len(countries), 1), sharex=True, sharey="row", squeeze=False
    )
    styles = country_styles(countries)
    for line, (row, measures) in zip(panels, _ROWS.items(), strict=True):
        for axes, country in zip(line, countries, strict=False):
            mine = context[(context["country"] == country) & context["indicator"].isin(measures)]
            first = mine[mine["indicator"] == next(iter(measures))]
            hatch_years(axes, first["year"], first["state"])
            for measure, style in measures.items():
                _draw(axes, mine[mine["indicator"] == measure], styles[country][0], style)
            name_unanswered(axes, mine["value"], mine["state"], words)
        line[0].set_ylabel("\n".join(wrapped(words(f"axis.context.{row}"), 17)), fontsize=7)
        _limit(line[0], context[context["indicator"].isin(measures)], row, words)
    for axes, country in zip(panels[0], countries, strict=False):
        axes.set_title(words(f"country.{country}"), color=styles[country][0])
    if len(context):
        years = int(context["year"].min()), int(context["year"].max())
        for axes in panels[-1]:
            write_year_numbers(axes, *years, max(3, 14 // len(countries)))
        panels[0, 0].set_xlim(years[0] - 0.5, years[1] + 0.5)
    canvas.align_ylabels(list(panels[:, 0]))
    legend_above(canvas, _handles(context, words))
    alt = words("figure.partner_context.alt", sentences=_in_words(context, words))
    return Figure("partner_context", canvas, context, title, note, alt)


def _draw(axes: Axes, rows: pd.DataFrame, colour: str, style) -> None:
    rows = rows.sort_values("year")
    firm = rows["state"].isin(["observed", "zero"])
    # No line leads to a value that is not firm: it would draw a fall, or a calm, that nobody saw.
    for _, part in rows.assign(value=rows["value"].where(firm)).groupby(
        rows["after_break"].cumsum(), sort=False
    ):
        axes.plot(part["year"], part["value"], color=colour, ls=style, lw=1.1, zorder=2)
    for year in rows.loc[rows["after_break"], "year"]:
        axes.axvline(year - 0.5, color=QUIET, lw=0.6, ls=(0, (1, 1.5)), zorder=1)
    axes.plot(rows.loc[firm, "year"], rows.loc[firm, "value"], "o", ms=3, color=colour, zorder=3)
    for state, marker in _HOLLOW.items():
        soft = rows[rows["state"] == state]
        axes.plot(soft["year"], soft["value"], marker, ms=4.5, mfc="white", mec=colour, mew=1,
                  zorder=4)  # fmt: skip


def _limit(axes: Axes, rows: pd.DataFrame, row: str, words: Words) -> None:
    high = np.nanmax(rows["value"].to_numpy("float64"), initial=0)
    decimals = 1 if row == "electoral_democracy" else 0
    if row == "press_freedom_rank":
        high = max(high, rows["out_of"].max() if rows["out_of"].notna().any() else 0)
        axes.set_ylim(high if high else 2, 1)
        axes.set_yticks([1, round(high / 2), int(high)] if high else [])
    elif row == "electoral_democracy":
        axes.set_ylim(0, 1)
        axes.set_yticks([0, 0.5, 1])
    else:
        axes.set_ylim(0, 1.12 * high if high else 1)
        if not high:
            axes.set_yticks([0])
    scale = 1000 if row == "displaced" else 1
    axes.yaxis.set_major_formatter(lambda value, _: words.number(value / scale, decimals))


def _handles(context: pd.DataFrame, words: Words) -> list:
    handles = [
        Line2D([], [], color=INK, ls=style, lw=1.1, label=words(f"context.{measure}"))
        for measure, style in _ROWS["us_aid"].items()
    ]
    handles += [
        Line2D([], [], lw=0, marker=marker, ms=4.5, mfc="white", mec=INK,
               label=words(f"state.{state}"))
        for state, marker in _HOLLOW.items()
        if (context["state"] == state).any()
    ]  # fmt: skip
    if (context["state"] == "not_covered").any():
        handles.append(
            Patch(fc="white", ec=UNCOVERED, hatch="////", label=words("state.not_covered"))
        )
    return handles


def _title(context: pd.DataFrame, words: Words) -> str:
    if context["value"].isna().all():
        return words("figure.partner_context.none")
    firm = context[
        (context["indicator"] == "electoral_democracy")
        & context["state"].isin(["observed", "zero"])
    ]
    each = [
        words("figure.partner_context.each", country=country,
              first=rows["year"].iloc[0], then=words.number(rows["value"].iloc[0], 2),
              last=rows["year"].iloc[-1], now=words.number(rows["value"].iloc[-1], 2))
        for country, rows in firm.sort_values("year", kind="stable").groupby("country", sort=False)
        if len(rows) > 1
    ]  # fmt: skip
    if not each:
        return words("figure.partner_context.title_plain")
    soft = int(context["state"].isin(list(_HOLLOW)).sum())
    return words(f"figure.partner_context.{'title' if soft else 'title_firm'}", values=each, n=soft)


def _in_words(context: pd.DataFrame, words: Words) -> str:
    sentences = []
    for (country, measure), rows in context.dropna(subset="value").groupby(
        ["country", "indicator"], sort=False
    ):
        first, last = rows.iloc[0], rows.iloc[-1]
        decimals = 2 if measure == "electoral_democracy" else 0
        sentences.append(
            words("alt.context", country=country, indicator=words(f"context.{measure}"),
                  first=first["year"], then=words.number(round(first["value"], decimals) + 0.0, decimals),
                  last=last["year"], now=words.number(round(last["value"], decimals) + 0.0, decimals),
                  state=words(f"state.{last['state']}"))
        )  # fmt: skip
    return " ".join(sentences) or words("alt.none")
