"""Sources side by side: their series above, and below them the ratios that may be formed."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
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
    styled,
    write_year_numbers,
)
from sahel_transitions.figures.marks import hatch_years, name_unanswered
from sahel_transitions.figures.wording import write_thousands
from sahel_transitions.indicators.source_comparison import BASE
from sahel_transitions.language import Words

# Colour, line style and marker of each series, the same in both rows of panels.
_STYLES = {
    "ucdp_u2": (INK, "-", "o"),
    "ucdp_u1": ("#888888", (0, (5, 1.5)), "v"),
    "acled_file_a2": ("#AA3377", "-", "s"),
    "acled_file_a1": ("#CC7799", (0, (5, 1.5)), "P"),
    "acled_a2": ("#AA3377", (0, (1, 1)), "^"),
    "un_hrd": ("#228833", "-", "D"),
}
# More ratios than this are drawn without their numbers, which stand in the data.
_MOST_NUMBERS = 24


@styled
def deaths_by_source(series: pd.DataFrame, ratios: pd.DataFrame, words: Words) -> Figure:
    """Reported civilian deaths by year and source, and each over the civilians of UCDP.

    Parameters
    ----------
    series, ratios : DataFrame
        `deaths_by_source(…)` and `source_ratios(…)`. Years of fewer than twelve months have open
        markers. A ratio that the gate refuses is not drawn, and the note says why.
    """
    countries = list(series["country"].unique())
    shown = [
        name for name in _STYLES if series.loc[series["series"] == name, "value"].notna().any()
    ]
    title, note = _title(ratios, words), _note(series, ratios, shown, words)
    canvas = new_canvas(112, title, note, legend=True)
    panels = canvas.subplots(
        2, len(countries), sharex=True, sharey="row", squeeze=False,
        gridspec_kw={"height_ratios": [3, 2]},
    )  # fmt: skip
    first, last = int(series["period"].min()), int(series["period"].max())
    for (above, below), country in zip(panels.T, countries, strict=True):
        rows = series[series["country"] == country]
        above.set_title(words(f"country.{country}"), color=country_styles(countries)[country][0])
        base = rows[rows["series"] == BASE]
        hatch_years(above, base["period"], base["state"])
        years = base["period"].astype("int64")
        above.fill_between(years, base["low"], base["high"], color=SHADE, lw=0)
        for name in shown:
            _draw(above, rows[rows["series"] == name], name)
        name_unanswered(above, rows["value"], base["state"], words)
        mine = ratios[(ratios["country"] == country) & ratios["value"].notna()]
        revised = ["provisional" in labels for labels in mine["labels"]]
        mine = mine.assign(state=np.where(revised, "provisional", "observed"))
        hatch_years(below, base["period"], base["state"])
        below.axhline(1, color=QUIET, lw=0.7)
        for name in shown:
            _draw(below, mine[mine["series"] == name], name)
        if len(ratios) <= _MOST_NUMBERS:
            _write_numbers(below, mine, words)
        if mine.empty:
            mark_uncovered(below, words("figure.deaths_by_source.no_ratio"))
        write_year_numbers(below, first, last, max(2, 16 // len(countries)))
    high = np.nanmax(series[["value", "high"]].to_numpy("float64"), initial=0)
    panels[0, 0].set(ylim=(0, 1.08 * high if high else 1), xlim=(first - 0.5, last + 0.5))
    most = np.nanmax(ratios["value"].to_numpy(), initial=1)
    panels[1, 0].set_ylim(0, 1.3 * most)
    panels[0, 0].set_ylabel(words("axis.deaths"))
    panels[1, 0].set_ylabel(words("axis.ratio_to_u2"))
    write_thousands(panels[0], "y", words)
    for axes in panels[1]:
        axes.yaxis.set_major_formatter(
            lambda value, _: words.number(value, 0 if float(value).is_integer() else 1)
        )
    legend_above(canvas, [_handle(name, words) for name in shown])
    alt = words("figure.deaths_by_source.alt", sentences=_in_words(series, shown, words))
    data = series.merge(
        ratios.drop(columns="months").rename(columns={"value": "ratio_to_u2"}), on=["country", "period", "series"],
        how="left",
    )  # fmt: skip
    for name in ("labels", "refusals"):
        data[name] = [cell if isinstance(cell, tuple) else () for cell in data[name]]
    return Figure("deaths_by_source", canvas, data, title, note, alt)


def _draw(axes: Axes, rows: pd.DataFrame, name: str) -> None:
    colour, line, marker = _STYLES[name]
    years, values = rows["period"].astype("int64").to_numpy(), rows["value"].to_numpy()
    whole = (rows["months"] == 12).to_numpy()
    revised = (rows["state"] == "provisional").to_numpy()
    axes.plot(years, values, color=colour, ls=line, lw=1.2)
    for chosen, face in (
        (whole & ~revised, colour),
        (revised, SHADE),
        (~whole & ~revised, "white"),
    ):
        axes.plot(years[chosen], values[chosen], marker, ms=4, mec=colour, mfc=face, mew=0.8)


def _write_numbers(axes: Axes, rows: pd.DataFrame, words: Words) -> None:
    """The highest ratio of a year above its point and the lowest, if it is another, beside it."""
    for period, group in rows.groupby("period"):
        low, high = group["value"].min(), group["value"].max()
        places = [(high, (0, 4), "center", "bottom")]
        if low < high:
            places.append((low, (4, 0), "left", "center"))
        for value, offset, across, along in places:
            axes.annotate(
                words.number(value, 1), (int(period), value), offset, fontsize=6.5,
                textcoords="offset points", ha=across, va=along,
            )  # fmt: skip


def _handle(name: str, words: Words) -> Line2D:
    colour, line, marker = _STYLES[name]
    return Line2D(
        [], [], color=colour, ls=line, marker=marker, ms=4, label=words(f"series.short.{name}"),
    )  # fmt: skip


def _title(ratios: pd.DataFrame, words: Words) -> str:
    """The last year in which ACLED can be divided by UCDP, preferring the user's own file."""
    allowed = ratios[ratios["value"].notna()]
    for name in ("acled_file_a2", "acled_a2"):
        rows = allowed[allowed["series"] == name]
        if len(rows):
            year = rows["period"].max()
            each = [
                words("figure.deaths_by_source.each", country=row.country, ratio=row.value)
                for row in rows[rows["period"] == year].itertuples()
            ]
            return words("figure.deaths_by_source.title", year=year, ratios=each)
    return words("figure.deaths_by_source.none")


def _note(series: pd.DataFrame, ratios: pd.DataFrame, shown: list[str], words: Words) -> str:
    parts = []
    for name in shown:
        row = series[series["series"] == name].iloc[0]
        parts.append(
            words("figure.deaths_by_source.series", definition=words(f"definition.{row.definition}"),
                  source=words.source(row.source), vintage=row.vintage)
        )  # fmt: skip
    if "ucdp_u2" in shown:
        parts.append(words("bounds.U2"))
    labels = dict.fromkeys(label for row in ratios["labels"] for label in row)
    refusals = dict.fromkeys(refusal for row in ratios["refusals"] for refusal in row)
    if labels:
        said = [words(f"comparison.{label}") for label in labels]
        parts.append(words("figure.deaths_by_source.labels", labels=words("list.and").join(said)))
    parts += [
        words("figure.deaths_by_source.refused", why=words(f"refusal.{refusal}"))
        for refusal in refusals
    ]
    parts.append(words("figure.deaths_by_source.never_added"))
    base = series[series["series"] == BASE]
    if (base["state"] == "not_covered").any():
        parts.append(words("figure.deaths_by_source.not_covered"))
    if (base["state"] == "missing").any():
        parts.append(words("figure.missing.note"))
    if (series["state"] == "provisional").any():
        parts.append(words("figure.deaths_by_source.provisional"))
    if ((series["months"] < 12) & series["value"].notna()).any():
        parts.append(words("figure.partial.note"))
    return " ".join(parts)


def _in_words(series: pd.DataFrame, shown: list[str], words: Words) -> str:
    sentences = []
    for country, rows in series.groupby("country", sort=False):
        each = []
        for name in shown:
            mine = rows[(rows["series"] == name) & rows["value"].notna()]
            if len(mine):
                values = ", ".join(
                    f"{row.period} {words.number(row.value)}" for row in mine.itertuples()
                )
                each.append(f"{words(f'series.short.{name}')} ({values})")
        sentences.append(
            words("alt.series", country=country, values=words("list.and").join(each)) if each
            else words("alt.nothing", country=country)
        )  # fmt: skip
    return " ".join(sentences)
