"""Figures of levels in a series: what is fitted, how it moves with the window, where it changes."""

from datetime import date

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import NullLocator

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
from sahel_transitions.figures.marks import Marks, draw_shocks
from sahel_transitions.figures.ratios import clipped, ratio_axis
from sahel_transitions.language import Words
from sahel_transitions.parameters import Parameters
from sahel_transitions.tables import Declaration


@styled
def windows_compared(
    path: pd.DataFrame, parameters: Parameters, declaration: Declaration, words: Words
) -> Figure:
    """How the change at a step moves as the window grows, with and without the largest month.

    Parameters
    ----------
    path : DataFrame
        `indicators.window_path`.
    parameters : Parameters
        `step` and the choices that are held.
    declaration : Declaration
        Of the table of deaths.
    """
    country, _, step = parameters.step.partition(":")
    answered = path[path["estimate"].notna()]
    title = words("figure.windows_compared.none")
    if len(answered):
        title = words("figure.windows_compared.title", country=country, step=step,
                      lowest=answered["estimate"].min(), highest=answered["estimate"].max())  # fmt: skip
    months = sorted(answered["left_out"].dropna().unique())
    note = words(
        "figure.windows_compared.note", model=words(f"option.model.{parameters.model}"),
        harmonics=words(f"option.harmonics.{parameters.harmonics}"),
        months=[words.month(month) for month in months] or [words("alt.none")],
    ) + " " + source_note(parameters, declaration, words)  # fmt: skip
    canvas = new_canvas(104, title, note, legend=True)
    panels = canvas.subplots(1, 2, sharey=True)
    colour = country_styles((country,))[country][0]
    for axes, trend in zip(panels, ("without", "with"), strict=True):
        axes.set_title(words(f"figure.windows_compared.{trend}_trend"))
        part = answered[answered["trend"] == trend]
        # The limits hold one and what lies on both sides of it.
        reached = clipped([0.5, 2, *answered["low"], *answered["high"]])
        ratio_axis(axes, "y", words, reached.min(), reached.max())
        if part.empty:
            mark_uncovered(axes, words("figure.robustness.unanswered"))
            continue
        _draw_path(axes, part, colour, words)
    panels[0].set_ylabel(words("axis.factor"))
    legend_above(canvas, [
        Line2D([], [], color=colour, marker="o", ms=4, label=words("legend.all_months")),
        Line2D([], [], color=INK, ls=(0, (3, 1.5)), marker="o", mfc="white", ms=4,
               label=words("legend.without_largest")),
    ])  # fmt: skip
    sns.despine(canvas)
    alt = words("figure.windows_compared.alt", title=title,
                sentences=" ".join(_path_in_words(answered, words)) or title)  # fmt: skip
    return Figure("windows_compared", canvas, path, title, note, alt)


def _draw_path(axes: Axes, part: pd.DataFrame, colour: str, words: Words) -> None:
    longest = part["before"].max()
    for largest, ink, style, face in (("with", colour, "-", colour),
                                      ("without", INK, (0, (3, 1.5)), "white")):  # fmt: skip
        rows = part[part["largest_month"] == largest]
        axes.fill_between(rows["before"], clipped(rows["low"]), clipped(rows["high"]), color=ink,
                          alpha=0.13, lw=0)  # fmt: skip
        axes.plot(rows["before"], clipped(rows["estimate"]), color=ink, ls=style, marker="o", ms=4,
                  mfc=face, mec=ink)  # fmt: skip
    axes.set_xscale("log")
    axes.set_xlim(10.5, longest * 1.12)
    ticks = [tick for tick in (12, 24, 48, 96, 192) if tick < longest * 0.75]
    whole = part.loc[part["whole"], "before"]
    labels = [words.number(tick) for tick in ticks]
    if len(whole):
        ticks, labels = [*ticks, longest], [*labels, words("figure.windows_compared.whole")]
    axes.set_xticks(ticks, labels)
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xlabel(words("axis.months_before"))


def _path_in_words(answered: pd.DataFrame, words: Words) -> list[str]:
    sentences = []
    for (trend, largest), rows in answered.groupby(["trend", "largest_month"], sort=False):
        points = [
            words("alt.path_point", n=int(row.before), estimate=row.estimate, low=row.low,
                  high=row.high)
            for row in rows.itertuples()
        ]  # fmt: skip
        sentences.append(
            words("alt.path", trend=words(f"option.trend.{trend}"),
                  largest=words(f"option.largest_month.{largest}"), points="; ".join(points))
        )  # fmt: skip
    return sentences


@styled
def changes_of_level(
    found: pd.DataFrame, months: pd.DataFrame, marks: Marks, parameters: Parameters,
    declaration: Declaration, words: Words,
) -> Figure:  # fmt: skip
    """Where the series of each country changes its level, asked of the series alone.

    Parameters
    ----------
    found : DataFrame
        `indicators.blind_changepoints`.
    months : DataFrame
        `indicators.civilian_deaths(…, by="month")` of counts.
    """
    countries = list(months["country"].unique())
    single = found[found["search"] == "single"].set_index("country")
    each = [
        words("figure.changes_of_level.each", country=country, month=single.at[country, "month"])
        for country in countries
        if country in single.index
    ]
    title = words("figure.changes_of_level.title", values=each) if each else words(
        "figure.changes_of_level.none")  # fmt: skip
    note = words("figure.changes_of_level.note") + " " + source_note(parameters, declaration, words)
    canvas = new_canvas(36 + 62 * len(countries), title, note)
    panels = canvas.subplots(
        2 * len(countries), 1, sharex=True, gridspec_kw={"height_ratios": [2.4, 1] * len(countries)}
    )
    styles = country_styles(countries)
    panels[0].set_xlim(_day(months["period"].min(), 1), _day(months["period"].max(), 28))
    for place, country in enumerate(countries):
        upper, lower = panels[2 * place], panels[2 * place + 1]
        rows = months[months["country"] == country]
        colour = styles[country][0]
        upper.set_title(words(f"country.{country}"), color=colour)
        if country not in single.index:
            for axes in (upper, lower):
                axes.set_yticks([])
                mark_uncovered(axes, words("figure.changes_of_level.too_short"))
            continue
        _draw_levels(upper, rows, single.loc[country], colour, words)
        _draw_cuts(lower, found[found["country"] == country], colour, words)
        shocks = marks.shocks[marks.shocks["country"] == country]
        names = [words(f"shock.short.{shock}") for shock in shocks["shock"]]
        draw_shocks(upper, shocks, names, [QUIET] * len(shocks), ["-"] * len(shocks))
        for shock in shocks["earliest"]:
            lower.axvline(shock, color=QUIET, lw=0.7)
    sns.despine(canvas)
    sentences = [_levels_in_words(country, found, words) for country in countries]
    alt = words("figure.changes_of_level.alt", sentences=" ".join(sentences))
    return Figure("changes_of_level", canvas, found, title, note, alt)


def _draw_levels(axes: Axes, rows: pd.DataFrame, single: pd.Series, colour: str, words: Words) -> None:  # fmt: skip
    days = [_day(month) for month in rows["period"]]
    axes.vlines(days, 0, rows["value"].to_numpy("float64"), color=colour, lw=1.4, alpha=0.5)
    cut = _day(single["month"], 1)
    for start, end, level in ((days[0], cut, single["level_before"]),
                              (cut, days[-1], single["level_after"])):  # fmt: skip
        axes.plot([start, end], [level, level], color=INK, lw=1.6)
    axes.axvspan(_day(single["low"], 1), _day(single["high"], 28), color=SHADE, alpha=0.6, lw=0,
                 zorder=0)  # fmt: skip
    axes.axvline(cut, color=INK, lw=0.9, ls=(0, (4, 2)))
    axes.set_ylim(bottom=0)
    axes.set_ylabel(words("axis.deaths"))
    axes.yaxis.set_major_formatter(lambda value, _: words.number(value))


def _draw_cuts(axes: Axes, found: pd.DataFrame, colour: str, words: Words) -> None:
    best = found[found["search"] == "best"]
    axes.plot([_day(month, 1) for month in best["month"]], best["count"], "o", ms=4, color=colour)
    counts = sorted(best["count"].unique())
    axes.set_yticks(counts, [words.number(count) for count in counts])
    axes.set_ylim(max(counts) + 0.6, 0.4)
    axes.set_ylabel(words("axis.changes"))
    (only,) = best.loc[best["count"] == 1, "month"]
    axes.annotate(words.month(only), (_day(only, 1), 1), (5, 0), textcoords="offset points",
                  va="center", fontsize=7, path_effects=outlined())  # fmt: skip
    axes.grid(axis="y", color=SHADE, lw=0.5)
    axes.set_axisbelow(True)


def _levels_in_words(country: str, found: pd.DataFrame, words: Words) -> str:
    rows = found[found["country"] == country]
    if rows.empty:
        return words("alt.no_level", country=country)
    single = rows[rows["search"] == "single"].iloc[0]
    cuts = [
        words("alt.cuts", n=int(count), months=[words.month(month) for month in part["month"]])
        for count, part in rows[rows["search"] == "best"].groupby("count")
    ]
    return words("alt.levels", country=country, month=single["month"], low=single["low"],
                 high=single["high"], before=single["level_before"], after=single["level_after"],
                 cuts="; ".join(cuts))  # fmt: skip


@styled
def fitted_changes(
    fitted: pd.DataFrame, asked: pd.DataFrame, parameters: Parameters, declaration: Declaration,
    words: Words,
) -> Figure:  # fmt: skip
    """Monthly deaths around each shock, what is fitted to them, and what is expected without it.

    Parameters
    ----------
    fitted : DataFrame
        `indicators.fitted_series`.
    asked : DataFrame
        `shock`, `country` and `definition` of what was asked, in order; a shock without any row in
        `fitted` gets a panel that says that there is no answer.
    """
    title = words("figure.fitted_changes.title" if len(fitted) else "figure.robustness.none")
    definition = asked["definition"].iloc[0] if len(asked) else parameters.deaths_definition
    note = " ".join([words("figure.fitted_changes.note"),
                     source_note(parameters, declaration, words, definition),
                     words("figure.shock_month.note")])  # fmt: skip
    rows = max(1, -(-len(asked) // 2))
    canvas = new_canvas(46 + 38 * rows, title, note, legend=True)
    panels = canvas.subplots(rows, 2, squeeze=False).ravel()
    styles = country_styles(dict.fromkeys(asked["country"]))
    for axes, row in zip(panels, asked.itertuples(), strict=False):
        colour = styles[row.country][0]
        axes.set_title(words("figure.shock_in", country=row.country,
                             shock=words(f"shock.short.{row.shock}")), color=colour)  # fmt: skip
        part = fitted[fitted["shock"] == row.shock]
        if part.empty:
            axes.set_xticks([])
            axes.set_yticks([])
            mark_uncovered(axes, words("figure.robustness.unanswered"))
            continue
        _draw_fit(axes, part, colour, words)
    for axes in panels[max(len(asked), 1) :]:
        axes.set_axis_off()
    if asked.empty:
        panels[0].set(xticks=[], yticks=[])
        mark_uncovered(panels[0], words("figure.robustness.unanswered"))
    legend_above(canvas, [
        Line2D([], [], ls="none", marker="o", ms=3.5, color=QUIET, label=words("legend.month")),
        Line2D([], [], ls="none", marker="o", ms=3.5, mec=QUIET, mfc="white",
               label=words("legend.not_fitted")),
        Line2D([], [], color=INK, label=words("legend.fitted")),
        Line2D([], [], color=INK, ls=(0, (2, 1.5)), lw=1, label=words("legend.expected")),
    ])  # fmt: skip
    sns.despine(canvas)
    sentences = [
        words("alt.fitted", shock=words(f"shock.{shock}"), before=_mean(part, "before"),
              after=_mean(part, "after"))
        for shock, part in fitted.groupby("shock", sort=False)
    ]  # fmt: skip
    alt = words("figure.fitted_changes.alt", sentences=" ".join(sentences) or title)
    return Figure("fitted_changes", canvas, fitted, title, note, alt)


def _mean(part: pd.DataFrame, side: str) -> float:
    return float(part.loc[part["side"] == side, "deaths"].mean())


def _draw_fit(axes: Axes, part: pd.DataFrame, colour: str, words: Words) -> None:
    days = np.array([_day(month) for month in part["month"]])
    kept = part["side"].isin(["before", "after"]).to_numpy()
    deaths = part["deaths"].to_numpy()
    axes.plot(days[kept], deaths[kept], "o", ms=3, color=colour, alpha=0.55)
    axes.plot(days[~kept], deaths[~kept], "o", ms=3, mec=colour, mfc="white", mew=0.8)
    for side in ("before", "after"):
        inside = (part["side"] == side).to_numpy()
        axes.plot(days[inside], part["fitted"].to_numpy()[inside], color=INK)
    later = (part["side"] == "after").to_numpy()
    axes.plot(days[later], part["without"].to_numpy()[later], color=INK, ls=(0, (2, 1.5)), lw=1)
    # Square roots, or one month would press all others to the axis. A line that runs away says
    # nothing that the number does not: deaths set the height.
    axes.set_yscale("function", functions=(lambda y: np.sqrt(np.maximum(y, 0)), np.square))
    top = 1.12 * max(np.nanmax(deaths), 1)
    axes.set_ylim(0, top)
    ticks = [tick for tick in (0, 10, 50, 100, 250, 500, 1000, 2500) if tick <= top]
    axes.set_yticks(ticks, [words.number(tick) for tick in ticks])
    years = sorted({day.year for day in days})
    axes.set_xticks([date(year, 1, 1) for year in years[1:]], [str(year) for year in years[1:]])
    axes.set_ylabel(words("axis.deaths"))


def source_note(
    parameters: Parameters, declaration: Declaration, words: Words, definition: str | None = None
) -> str:
    """Definition, source and vintage of a series of settled months, and what that leaves out."""
    return " ".join([
        words(f"definition.{definition or parameters.deaths_definition}"),
        words("figure.source", source=declaration.dataset, vintage=declaration.vintage),
        words("figure.settled.note"),
    ])  # fmt: skip


def _day(month: str, day: int = 15) -> date:
    return date.fromisoformat(f"{month}-{day:02d}")
