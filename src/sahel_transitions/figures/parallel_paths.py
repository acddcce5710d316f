"""Figures of two countries' changes of partner on the calendar and on each country's own clock."""

from datetime import date, timedelta

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import YearLocator
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from sahel_transitions.figures.figure import (
    INK,
    QUIET,
    Figure,
    country_styles,
    legend_above,
    mark_uncovered,
    new_canvas,
    styled,
)
from sahel_transitions.language import Words
from sahel_transitions.tables import parse_partial_date

# With colour, the marker tells countries apart in grey.
_MARKERS = "osD^vPX"
_TOGETHER = "#ececec"
_CHANGE = ["partner", "channel", "line", "change"]
_POINT_COLUMNS = ["country", *_CHANGE, "together", "day_low", "day", "day_high", "since_coup"]
_CLOCKS = ("calendar", "first_coup", "present_spell")
# Letters beyond which a label beside a row would leave the panels too little room.
_LONG_LABEL = 50


@styled
def paths_on_two_clocks(changes: pd.DataFrame, countries: tuple[str, ...], words: Words) -> Figure:
    """Every change that two countries of the study both made, by day and by days since a coup.

    Parameters
    ----------
    changes : DataFrame
        `indicators.common_changes`; placebo leaders are not drawn. The coup is the first of each
        country in the ledger. A change dated by an interval is drawn with it, the point in its
        middle.
    """
    points = _points(changes[changes["kind"] == "study"])
    rows, apart = _rows(points)
    title = _title(changes, countries, words)
    note = words("figure.paths_on_two_clocks.note")
    canvas = new_canvas(48 + 4.4 * max(len(rows), 4), title, note, legend=True)
    panels = canvas.subplots(1, 2, sharey=True)
    styles, markers = _styles(countries)
    for axes, clock in zip(panels, _CLOCKS, strict=False):
        axes.set_title(words.heading(f"clock.short.{clock}"))
        drawn = points if clock == "calendar" else points[points["since_coup"].notna()]
        if drawn.empty:
            mark_uncovered(axes, words("figure.paths.none" if points.empty else "state.no_coup"))
        if apart < len(rows):
            axes.axhspan(apart - 0.5, len(rows) - 0.5, color=_TOGETHER, lw=0, zorder=0)
        for row in drawn.itertuples():
            place, colour = (
                rows[tuple(getattr(row, name) for name in _CHANGE)],
                styles[row.country][0],
            )
            low, middle, high = _ends(row, clock)
            axes.hlines(place, low, high, color=colour, lw=2)
            axes.plot(middle, place, markers[row.country], ms=4.2, mec=colour,
                      mfc="white" if row.together else colour, mew=1.0)  # fmt: skip
        axes.tick_params(axis="y", length=0)
        axes.set_axisbelow(True)
        axes.grid(axis="x", color="#e5e5e5", lw=0.5)
    first, last = _calendar(points)
    panels[0].set_xlim(first, last)
    panels[0].xaxis.set_major_locator(YearLocator(1 if last.year - first.year < 4 else 2))
    if points["since_coup"].isna().all():
        panels[1].set_xticks([])
    panels[1].axvline(0, color=QUIET, lw=0.7)
    panels[1].margins(x=0.1)
    panels[1].xaxis.set_major_formatter(lambda days, _: words.number(days))
    panels[1].set_xlabel(words("axis.days_counted"))
    _name_rows(panels[0], rows, words)
    panels[0].set_ylim(max(len(rows), 1) - 0.4, -0.6)
    handles = [
        Line2D([], [], color=styles[country][0], marker=markers[country], ms=4.2, ls="",
               label=words(f"country.{country}"))
        for country in countries
    ]  # fmt: skip
    legend_above(canvas, [*handles, Patch(fc=_TOGETHER, label=words("legend.together"))])
    alt = words("figure.paths_on_two_clocks.alt", sentences=_in_words(changes, countries, words))
    data = points.assign(
        **{name: points[name].astype(str) for name in ("day_low", "day", "day_high")}
    )
    return Figure("paths_on_two_clocks", canvas, data, title, note, alt)


@styled
def lags_on_clocks(changes: pd.DataFrame, countries: tuple[str, ...], words: Words) -> Figure:
    """The lag of every change that was not made together, on three clocks, with the median.

    Parameters
    ----------
    changes : DataFrame
        `indicators.common_changes`. Each pair of the study is drawn once, the country that the
        study names later as the second.
    """
    pairs, lags = _pairs(changes, countries)
    lags = lags[~lags["together"]].sort_values("days", kind="stable")
    rows = {
        key: place
        for place, key in enumerate(
            lags[_CHANGE].drop_duplicates().itertuples(index=False, name=None)
        )
    }
    title = _lag_title(lags, pairs, words)
    note = words("figure.lags_on_clocks.note")
    canvas = new_canvas(48 + (4.4 if len(pairs) < 2 else 5.2) * max(len(rows), 4), title, note,
                        legend=True)  # fmt: skip
    panels = canvas.subplots(1, 3, sharey=True, sharex=True)
    styles, _ = _styles(countries)
    for axes, clock in zip(panels, _CLOCKS, strict=True):
        axes.set_title(words.heading(f"clock.short.{clock}"))
        axes.axvline(0, color=QUIET, lw=0.7)
        column = "days" if clock == "calendar" else f"days_{clock}"
        known = lags[lags[column].notna()]
        if known.empty:
            mark_uncovered(axes, words("figure.paths.none" if lags.empty else "state.no_coup"))
        for row in known.itertuples():
            pair = (row.leader, row.follower)
            place = rows[tuple(getattr(row, name) for name in _CHANGE)] + _shift(pair, pairs)
            middle, colour = getattr(row, column), styles[row.follower][0]
            # On another clock the same days between the dates may be meant.
            axes.hlines(place, middle + row.days_low - row.days, middle + row.days_high - row.days,
                        color=colour, lw=2)  # fmt: skip
            axes.plot(
                middle, place, _MARKERS[pairs.index(pair) % len(_MARKERS)], ms=4, color=colour
            )
        for pair in pairs:
            own = known[(known["leader"] == pair[0]) & (known["follower"] == pair[1])][column]
            if len(own) > 1:
                axes.axvline(float(own.median()), color=styles[pair[1]][0], lw=1, ls=(0, (4, 2)))
        axes.tick_params(axis="y", length=0)
        axes.set_axisbelow(True)
        axes.grid(axis="x", color="#e5e5e5", lw=0.5)
    panels[0].xaxis.set_major_locator(MaxNLocator(3))
    panels[0].xaxis.set_major_formatter(lambda days, _: words.number(days))
    panels[1].set_xlabel(words("axis.days_later"))
    _name_rows(panels[0], rows, words)
    panels[0].set_ylim(max(len(rows), 1) - 0.4, -0.6)
    handles = [
        Line2D([], [], color=styles[two][0], marker=_MARKERS[place % len(_MARKERS)], ms=4, lw=2,
               label=words("legend.after", second=words(f"country.{two}"),
                           first=words(f"country.{one}")))
        for place, (one, two) in enumerate(pairs)
    ]  # fmt: skip
    median = Line2D([], [], color=INK, lw=1, ls=(0, (4, 2)), label=words("legend.median"))
    legend_above(canvas, [*handles, median])
    alt = words("figure.lags_on_clocks.alt", sentences=_in_words(changes, countries, words))
    return Figure("lags_on_clocks", canvas, lags, title, note, alt)


def _points(changes: pd.DataFrame) -> pd.DataFrame:
    """Each change of each country once."""
    sides = []
    for side in ("leader", "follower"):
        part = changes[[*_CHANGE, "together"]].assign(
            country=changes[side], since_coup=changes[f"{side}_first_coup"],
            when=changes[f"{side}_date"],
        )  # fmt: skip
        sides.append(part)
    both = pd.concat(sides, ignore_index=True)
    together = both.groupby([*_CHANGE], sort=False)["together"].transform("all")
    both = both.assign(together=together).drop_duplicates(["country", *_CHANGE])
    when = [parse_partial_date(text) for text in both["when"]]
    both = both.assign(
        day_low=[each.earliest for each in when], day=[each.midpoint for each in when],
        day_high=[each.latest for each in when],
    )  # fmt: skip
    return both[_POINT_COLUMNS].reset_index(drop=True)


def _rows(points: pd.DataFrame) -> tuple[dict[tuple, int], int]:
    """Place of each change, those made apart first and by their first day; and how many these are."""
    if points.empty:
        return {}, 0
    order = points.groupby(_CHANGE, sort=False).agg(
        together=("together", "first"), day=("day", "min")
    )
    order = order.sort_values(["together", "day"], kind="stable")
    return {key: place for place, key in enumerate(order.index)}, int((~order["together"]).sum())


def _ends(row, clock: str):
    if clock == "calendar":
        return row.day_low, row.day, row.day_high
    middle = int(row.since_coup)
    return (
        middle + (row.day_low - row.day).days, middle, middle + (row.day_high - row.day).days,
    )  # fmt: skip


def _calendar(points: pd.DataFrame) -> tuple[date, date]:
    if points.empty:
        return date(2020, 1, 1), date(2026, 1, 1)
    margin = timedelta(days=120)
    return min(points["day_low"]) - margin, max(points["day_high"]) + margin


def _styles(countries: tuple[str, ...]):
    markers = {country: _MARKERS[place % len(_MARKERS)] for place, country in enumerate(countries)}
    return country_styles(countries), markers


def _named(key: tuple, words: Words) -> str:
    partner, channel, line, change = key
    return words.change(partner, channel, change, line)


def _name_rows(axes: Axes, rows: dict[tuple, int], words: Words) -> None:
    """Changes beside their rows, with short names of channels; smaller where one is long."""
    labels = []
    for partner, channel, line, change in rows:
        name = words(f"channel.short.{channel}")
        if line != "main":
            name = words("figure.line", channel=name, line=words.line(line))
        labels.append(words("figure.partner_change", partner=words(f"partner.{partner}"),
                            channel=name, state=words(f"state.{change}")))  # fmt: skip
    size = 6.5 if max(map(len, labels), default=0) > _LONG_LABEL else 7.5
    axes.set_yticks(list(rows.values()), labels, fontsize=size)


def _pairs(changes: pd.DataFrame, countries: tuple[str, ...]):
    """The pairs of the study that have a common change, and their rows, in the order of the study."""
    rank = {country: place for place, country in enumerate(countries)}
    rows = changes[changes["kind"] == "study"]
    rows = rows[rows["leader"].map(rank) < rows["follower"].map(rank)]
    return list(
        rows[["leader", "follower"]].drop_duplicates().itertuples(index=False, name=None)
    ), rows


def _shift(pair: tuple, pairs: list) -> float:
    """How far from the middle of its row a pair is drawn."""
    return (pairs.index(pair) - (len(pairs) - 1) / 2) * 0.26


def _title(changes: pd.DataFrame, countries: tuple[str, ...], words: Words) -> str:
    pairs, rows = _pairs(changes, countries)
    if not pairs:
        return words("figure.lag_intervals.none")
    first, second = pairs[0]
    apart = rows[(rows["leader"] == first) & (rows["follower"] == second) & ~rows["together"]]
    since = apart["days_first_coup"]
    told = {"first": first, "second": second, "n": len(apart),
            "later": int((apart["days"] > 0).sum()),
            "sooner": int((apart["days"] < 0).sum())}  # fmt: skip
    if apart.empty or since.isna().any():
        return words("figure.paths_on_two_clocks.title_plain", **told)
    return words("figure.paths_on_two_clocks.title", **told, since=int((since > 0).sum()))


def _lag_title(lags: pd.DataFrame, pairs: list, words: Words) -> str:
    if lags.empty:
        return words("figure.lag_intervals.none")
    first, second = pairs[0]
    own = lags[(lags["leader"] == first) & (lags["follower"] == second)]
    if own["days_present_spell"].isna().any():
        return words("figure.lags_on_clocks.title_plain", first=first, second=second,
                     lag=words.lag(own["days"].median()))  # fmt: skip
    return words("figure.lags_on_clocks.title", first=first, second=second,
                 lag=words.lag(own["days"].median()),
                 since=words.lag(own["days_first_coup"].median()),
                 spell=words.lag(own["days_present_spell"].median()))  # fmt: skip


def _in_words(changes: pd.DataFrame, countries: tuple[str, ...], words: Words) -> str:
    _, rows = _pairs(changes, countries)
    sentences = []
    for row in rows.itertuples():
        told = {"change": _named((row.partner, row.channel, row.line, row.change), words),
                "first": row.leader, "second": row.follower, "lag": words.lag(row.days)}  # fmt: skip
        key = "alt.path_together" if row.together else "alt.path_calendar"
        if not row.together and not pd.isna(row.days_first_coup):
            key, told["since"] = "alt.path_counted", words.lag(row.days_first_coup)
        sentences.append(words(key, **told))
    return " ".join(sentences) or words("figure.lag_intervals.none")
