"""Figures of reported civilian deaths."""

from datetime import date

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.dates import num2date

from sahel_transitions.figures.figure import (
    INK,
    UNCOVERED,
    Figure,
    country_styles,
    mark_uncovered,
    new_canvas,
    outlined,
    styled,
    write_years,
)
from sahel_transitions.figures.marks import (
    Marks,
    draw_access,
    draw_shocks,
    hatch_uncovered,
    name_unanswered,
    room_for_labels,
)
from sahel_transitions.figures.wording import (
    OBSERVED,
    is_rate,
    note_of,
    number,
    row_of_peak,
    why_empty,
    write_y_axis,
    years_of,
)
from sahel_transitions.language import Words


@styled
def deaths_by_month(months: pd.DataFrame, marks: Marks, words: Words) -> Figure:
    """Reported civilian deaths by month, one panel a country on one scale, with bounds.

    Parameters
    ----------
    months : DataFrame
        `civilian_deaths(…, by="month")`.
    """
    countries = list(months["country"].unique())
    words = words.of_rates() if is_rate(months) else words
    peak = row_of_peak(months)
    title = (
        words("figure.deaths_by_month.title", country=peak["country"], month=peak["period"],
              value=number(words, peak["value"], months))
        if peak is not None
        else words(why_empty(months, "none"))
    )  # fmt: skip
    note = note_of(months, words, dotted=True) + " " + words("figure.marks.note")
    canvas = new_canvas(38 + 46 * len(countries), title, note)
    panels = np.atleast_1d(canvas.subplots(len(countries), 1, sharex=True, sharey=True))
    styles = country_styles(countries)
    for axes, country in zip(panels, countries, strict=True):
        rows = months[months["country"] == country]
        colour, line = styles[country]
        days = [date.fromisoformat(f"{month}-15") for month in rows["period"]]
        axes.fill_between(
            days, rows["low"].to_numpy(), rows["high"].to_numpy(), color=colour, alpha=0.25, lw=0
        )
        axes.plot(days, rows["value"].to_numpy(), color=colour, ls=line, lw=1.2)
        zero = (rows["state"] == "zero").to_numpy()
        axes.plot(np.array(days)[zero], np.zeros(zero.sum()), ls="", marker="|", ms=4, color=colour)
        axes.set_title(words(f"country.{country}"), color=colour)
        axes.set_xlim(
            date.fromisoformat(f"{rows['period'].iloc[0]}-01"),
            date.fromisoformat(f"{rows['period'].iloc[-1]}-28"),
        )
        hatch_uncovered(axes, rows["period"], rows["state"])
        name_unanswered(axes, rows["value"], rows["state"], words)
        draw_access(axes, marks, country)
    # Where a dataset gives no bounds there is no high, but a value.
    high = np.nanmax(months[["value", "high"]].to_numpy("float64"), initial=0)
    panels[0].set_ylim(0, 1.18 * high if high else 1)
    write_y_axis(panels, months, words)
    for axes, country in zip(panels, countries, strict=True):
        rows = months[months["country"] == country]
        shocks = marks.shocks[marks.shocks["country"] == country]
        labels = [words(f"shock.short.{shock}") for shock in shocks["shock"]]
        taken = draw_shocks(axes, shocks, labels, [INK] * len(shocks), ["-"] * len(shocks))
        own = row_of_peak(rows)
        if own is not None:
            _label_peak(axes, own, taken, _peak_text(own, words, months))
    write_years(panels[-1], *years_of(months))
    alt = words("figure.deaths_by_month.alt", sentences=_peaks_in_words(months, words))
    data = months[["country", "period", "value", "low", "high", "state"]]
    return Figure("deaths_by_month", canvas, data, title, note, alt)


@styled
def deaths_by_year(years: pd.DataFrame, words: Words) -> Figure:
    """Reported civilian deaths by year, countries on one panel, bars from bound to bound.

    Parameters
    ----------
    years : DataFrame
        `civilian_deaths(…, by="year")`. Years of fewer than twelve months have open markers.
    """
    countries = list(years["country"].unique())
    words = words.of_rates() if is_rate(years) else words
    last = years[years["state"].isin(OBSERVED) & (years["months"] == 12)]
    year = last["period"].max() if len(last) else None
    if year is None:
        title = words("figure.deaths_by_year.no_year")
    else:
        values = last[last["period"] == year]
        each = [
            words("figure.deaths_by_year.each", country=row.country,
                  value=number(words, row.value, years))
            for row in values.itertuples()
        ]  # fmt: skip
        title = words("figure.deaths_by_year.title", year=year, values=each)
    uncovered = years.groupby("period")["state"].agg(lambda states: (states == "not_covered").all())
    note = note_of(years, words, hatched=uncovered.any())
    if ((years["months"] < 12) & years["value"].notna()).any():
        note += " " + words("figure.partial.note")
    canvas = new_canvas(88, title, note)
    axes = canvas.subplots()
    styles = country_styles(countries)
    ticks = sorted(years["period"].unique())
    shift = np.linspace(-0.09, 0.09, len(countries)) if len(countries) > 1 else [0]
    ends = {}
    for country, offset in zip(countries, shift, strict=True):
        rows = years[years["country"] == country]
        colour, line = styles[country]
        x = np.array([ticks.index(period) for period in rows["period"]]) + offset
        axes.vlines(
            x, rows["low"].to_numpy(), rows["high"].to_numpy(), color=colour, lw=2.5, alpha=0.35
        )
        axes.plot(x, rows["value"].to_numpy(), color=colour, ls=line)
        whole = (rows["months"] == 12).to_numpy()
        axes.plot(x[whole], rows["value"].to_numpy()[whole], "o", ms=4, color=colour)
        axes.plot(x[~whole], rows["value"].to_numpy()[~whole], "o", ms=4, mec=colour, mfc="white")
        shown = rows[rows["value"].notna()]
        if len(shown):
            ends[country] = float(shown["value"].iloc[-1])
    for period in ticks:
        if uncovered[period]:
            axes.axvspan(ticks.index(period) - 0.5, ticks.index(period) + 0.5, facecolor="white",
                         edgecolor=UNCOVERED, hatch="////", lw=0, zorder=0)  # fmt: skip
    _label_ends(axes, ends, len(ticks) - 0.8, styles, words)
    axes.set_xlim(-0.5, len(ticks) + 0.55)
    step = -(-len(ticks) // 14)
    axes.set_xticks(range(0, len(ticks), step), ticks[::step])
    axes.set_ylim(bottom=0)
    write_y_axis([axes], years, words)
    sns.despine(canvas)
    alt = words("figure.deaths_by_year.alt", sentences=_series_in_words(years, words))
    data = years[["country", "period", "months", "value", "low", "high", "state"]]
    return Figure("deaths_by_year", canvas, data, title, note, alt)


@styled
def trailing_deaths(months: pd.DataFrame, window: int, marks: Marks, words: Words) -> Figure:
    """Deaths of the last `window` months at each month, all countries on one panel.

    The window is trailing: nothing later enters a point. A window that reaches outside the months
    of the study, or outside the coverage, has no value.
    """
    frames = []
    for _, rows in months.groupby("country", sort=False):
        value = pd.Series(rows["value"].to_numpy("float64"), index=rows.index)
        frames.append(rows[["country", "period"]].assign(value=value.rolling(window).sum()))
    data = pd.concat(frames, ignore_index=True)
    words = words.of_rates() if is_rate(months) else words
    countries = list(data["country"].unique())
    last = data.dropna().groupby("country", sort=False).tail(1)
    if last.empty:
        title = words("figure.trailing_deaths.none", n=window)
    else:
        each = [
            words("figure.deaths_by_year.each", country=row.country,
                  value=number(words, row.value, months))
            for row in last.itertuples()
        ]  # fmt: skip
        title = words(
            "figure.trailing_deaths.title", n=window, month=last["period"].max(), values=each
        )
    # One panel for all countries is hatched where none of them is covered.
    uncovered = months.groupby("period").filter(lambda rows: (rows["state"] == "not_covered").all())
    note = (
        note_of(months, words, bounds=False, hatched=len(uncovered) > 0)
        + " "
        + words("figure.trailing_deaths.note", n=window)
    )
    canvas = new_canvas(110, title, note)
    axes = canvas.subplots()
    styles, ends = country_styles(countries), {}
    for country in countries:
        rows = data[data["country"] == country]
        days = [date.fromisoformat(f"{month}-28") for month in rows["period"]]
        colour, line = styles[country]
        axes.plot(days, rows["value"].to_numpy(), color=colour, ls=line)
        shown = rows["value"].dropna()
        if len(shown):
            ends[country] = shown.iloc[-1]
    first = date.fromisoformat(f"{data['period'].min()}-01")
    final = date.fromisoformat(f"{data['period'].max()}-28")
    axes.set_xlim(first, first + (final - first) * 1.14)
    # Beyond the study is the room for names, and no time.
    shocks = marks.shocks[marks.shocks["earliest"] <= final]
    hatch_uncovered(
        axes, *(uncovered.drop_duplicates("period")[name] for name in ("period", "state"))
    )
    labels = [
        words(
            "figure.shock_of",
            shock=words(f"shock.short.{row.shock}"),
            country=words(f"country.short.{row.country}"),
        )
        for row in shocks.itertuples()
    ]
    room = room_for_labels(axes, labels)
    axes.set_ylim(0, max(data["value"].max(), 1) / room if ends else 1)
    colours = [styles[country][0] for country in shocks["country"]]
    draw_shocks(axes, shocks, labels, colours, [styles[each][1] for each in shocks["country"]])
    if ends:
        _label_ends(axes, ends, final, styles, words)
    write_years(axes, *years_of(months))
    write_y_axis([axes], months, words)
    if not ends:
        axes.set_yticks([0])
        mark_uncovered(axes, title)
    alt = words("figure.trailing_deaths.alt", n=window,
                sentences=_series_in_words(last.assign(state="observed"), words, months))  # fmt: skip
    return Figure("trailing_deaths", canvas, data, title, note, alt)


def _peak_text(peak: pd.Series, words: Words, frame: pd.DataFrame) -> str:
    value = number(words, peak["value"], frame)
    return words("figure.peak", month=peak["period"], value=value)


def _label_peak(
    axes: Axes, peak: pd.Series, taken: list[tuple[float, float, float]], text: str
) -> None:
    """Name the highest month beside its point, on a side where no other label stands.

    Where both sides are taken nothing is written: the title and the alt text name the month.
    """
    day = date.fromisoformat(f"{peak['period']}-15")
    first, last = (num2date(limit).date() for limit in axes.get_xlim())
    at = (day - first).days / (last - first).days
    # Letters of seven points are about four wide; the axes are about 430 points long.
    width = 4.0 * (len(text) + 2) / 430
    top = float(peak["value"]) / axes.get_ylim()[1] + 0.12
    for side, start, offset in (("left", at, 6), ("right", at - width, -6)):
        free = all(
            end <= start or begin >= start + width or bottom > top for begin, end, bottom in taken
        )
        if free and start >= 0 and start + width <= 1:
            axes.annotate(
                text,
                (day, float(peak["value"])),
                (offset, 3),
                textcoords="offset points",
                ha=side,
                va="bottom",
                fontsize=7,
                color=INK,
                path_effects=outlined(),
                zorder=5,
            )
            return


def _label_ends(axes: Axes, ends: dict, x, styles: dict, words: Words) -> None:
    """Names at the right of lines, moved apart where they would touch."""
    gap = 0.055 * (axes.get_ylim()[1] - min(axes.get_ylim()[0], 0))
    placed = -np.inf
    for country, value in sorted(ends.items(), key=lambda end: end[1]):
        placed = max(value, placed + gap)
        axes.annotate(
            words(f"country.{country}"), (x, placed), (5, 0), textcoords="offset points",
            va="center", fontsize=8, fontweight="bold", color=styles[country][0],
            annotation_clip=False,
        )  # fmt: skip


def _peaks_in_words(months: pd.DataFrame, words: Words) -> str:
    sentences = []
    for country, rows in months.groupby("country", sort=False):
        peak = row_of_peak(rows)
        if peak is None:
            sentences.append(words("alt.nothing", country=country))
            continue
        observed = rows["state"].isin(OBSERVED)
        zero = int((rows["state"] == "zero").sum())
        sentences.append(
            words("alt.months", country=country, months=int(observed.sum()), zero=zero,
                  peak=peak["period"], value=number(words, peak["value"], months))
        )  # fmt: skip
    return " ".join(sentences)


def _series_in_words(years: pd.DataFrame, words: Words, unit_of: pd.DataFrame | None = None) -> str:
    unit_of = years if unit_of is None else unit_of
    sentences = []
    for country, rows in years.groupby("country", sort=False):
        values = [
            f"{_period_in_words(row, words)}: "
            + (
                words(f"state.{row.state}")
                if pd.isna(row.value)
                else number(words, row.value, unit_of)
            )
            for row in rows.itertuples()
        ]
        sentences.append(words("alt.series", country=country, values="; ".join(values)))
    return " ".join(sentences)


def _period_in_words(row, words: Words) -> str:
    if getattr(row, "months", 12) < 12:
        return words("cell.months", period=row.period, months=row.months)
    return row.period
