"""Figures of promised deadlines."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
from matplotlib.dates import YearLocator
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
    write_years,
)
from sahel_transitions.language import Words

# How a promise ended, as the mark at its due date; filled where the event took place.
_MARKS = {
    "kept": ("o", True),
    "missed": ("X", True),
    "superseded": ("|", True),
    "lapsed": ("d", False),
    "open": ("o", False),
}


@styled
def promise_lines(
    promises: pd.DataFrame, countries: tuple[str, ...], as_of: str, words: Words
) -> Figure:
    """Every promise as a line from the day it was made to the day it falls due.

    Parameters
    ----------
    promises : DataFrame
        `promises_known(…)`. Proposals and recommendations are not drawn. A promise without a date
        is dotted, from its announcement to its end or to `as_of`.
    countries : tuple of str
        The countries of the study; one without a ledger has an empty, hatched panel.
    """
    binding = promises[promises["binding"]]
    day = date.fromisoformat(as_of)
    counts = {country: int((binding["country"] == country).sum()) for country in countries}
    title = _title(binding, words)
    note = words("figure.promise_lines.note", as_of=as_of)
    heights = [max(counts[country], 2.5) for country in countries]
    canvas = new_canvas(42 + 4.7 * sum(heights) + 8 * len(countries), title, note, legend=True)
    panels = canvas.subplots(
        len(countries), 1, sharex=True, squeeze=False, gridspec_kw={"height_ratios": heights}
    )[:, 0]
    styles = country_styles(countries)
    limits = [when for when in [*binding["announced"], *binding["due_latest"], day] if when]
    first, last = min(limits), max(limits)
    for axes, country in zip(panels, countries, strict=True):
        rows = binding[binding["country"] == country].sort_values(["event_promised", "announced"])
        colour = styles[country][0]
        axes.set_title(words(f"country.{country}"), color=colour)
        if rows.empty:
            mark_uncovered(axes, words("state.not_covered"))
            axes.set_yticks([])
            continue
        for position, row in enumerate(rows.itertuples()):
            _draw(axes, position, row, colour, day, words)
        axes.set_yticks(
            range(len(rows)), [words.heading(f"event.{name}") for name in rows["event_promised"]]
        )
        axes.tick_params(axis="y", length=0)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.axvline(day, color=SHADE, lw=0.8, ls=(0, (4, 2)), zorder=0)
    panels[-1].set_xlim(date(first.year, 1, 1), date(last.year + 2, 6, 30))
    write_years(panels[-1], first.year, last.year)
    handles = [
        Line2D([], [], color=INK, lw=0, marker=mark, mfc=INK if filled else "white", mec=INK, ms=5,
               label=words(f"status.{status}"))
        for status, (mark, filled) in _MARKS.items()
        if (binding["status"] == status).any()
    ]  # fmt: skip
    if handles:
        legend_above(canvas, handles)
    data = binding[
        ["country", "event_promised", "announced_on", "due_on", "status", "status_on", "promise_id"]
    ]
    alt = words("figure.promise_lines.alt", sentences=_in_words(binding, words), as_of=as_of)
    return Figure("promise_lines", canvas, data, title, note, alt)


def _draw(axes, position: int, row, colour: str, day: date, words: Words) -> None:
    mark, filled = _MARKS[row.status]
    if row.due_latest is None:
        end = row.ended or day
        axes.plot([row.announced, end], [position] * 2, color=colour, lw=1.2, ls=(0, (1, 1.5)))
        axes.annotate(words("figure.no_date"), (end, position), (6, 0), va="center",
                      textcoords="offset points", fontsize=6.5, color=QUIET,
                      path_effects=outlined())  # fmt: skip
    else:
        end = row.due_latest
        # A promise that was replaced before its day ran no further; what was left of it is pale.
        stop = row.ended if row.status == "superseded" and row.ended < end else end
        axes.plot([row.announced, stop], [position] * 2, color=colour, lw=1.6)
        axes.plot([stop, end], [position] * 2, color=colour, lw=1.6, alpha=0.3)
        axes.annotate(words.when(row.due_on), (end, position), (6, 0), va="center",
                      textcoords="offset points", fontsize=6.5,
                      path_effects=outlined())  # fmt: skip
        end = stop
    axes.plot(row.announced, position, marker=".", ms=4, color=colour)
    axes.plot(end, position, marker=mark, ms=5.5, mec=colour, mfc=colour if filled else "white",
              mew=1.2)  # fmt: skip


def _title(binding: pd.DataFrame, words: Words) -> str:
    dated = binding[binding["due_latest"].notna() & ~binding["refined"]]
    moved = dated[dated["slippage_low"].fillna(0) > 0]
    if binding.empty:
        return words("figure.promise_lines.none")
    kept = int((dated["status"] == "kept").sum())
    due = int((dated["come_due"] | (dated["status"] == "kept")).sum())
    if not due:
        return words("figure.promise_lines.none_due", n=len(dated))
    if moved.empty:
        return words("figure.promise_lines.title_still", total=due, n=kept)
    most = moved.loc[moved["slippage_days"].astype("int64").idxmax()]
    return words(
        "figure.promise_lines.title", total=due, n=kept, country=most["country"],
        event=words(f"event.{most['event_promised']}"), days=words.span(most["slippage_low"], most["slippage_high"]),
    )  # fmt: skip


def _in_words(binding: pd.DataFrame, words: Words) -> str:
    sentences = []
    for country, rows in binding.groupby("country", sort=False):
        counts = [
            words("alt.status", status=words(f"status.{status}"), count=int(count))
            for status, count in rows["status"].value_counts().items()
        ]
        standing = [
            words("alt.promise", event=words(f"event.{row.event_promised}"),
                  due=words.when(row.due_on) if isinstance(row.due_on, str)
                  else words("figure.no_date"))
            for row in rows[rows["status"] == "open"].itertuples()
        ]  # fmt: skip
        sentences.append(
            words("alt.promises", country=country, n=len(rows), counts=counts,
                  standing=standing or [words("alt.none")])
        )  # fmt: skip
    return " ".join(sentences) or words("figure.promise_lines.none")


@styled
def slippage_steps(
    promises: pd.DataFrame, countries: tuple[str, ...], as_of: str, words: Words
) -> Figure:
    """The promised end of the transition against the day on which it was promised.

    A line that climbs is a deadline that moves away; the diagonal is the day itself.
    """
    rows = dated_ends(promises)
    latest = rows.groupby("country", sort=False).tail(1)
    each = [
        words("figure.slippage_steps.each", country=row.country, due=row.due_on)
        for row in latest.itertuples()
    ]
    title = (
        words("figure.slippage_steps.title", values=each)
        if each
        else words("figure.promise_lines.none")
    )
    note = words("figure.slippage_steps.note", as_of=as_of)
    canvas = new_canvas(90, title, note)
    axes = canvas.subplots()
    styles = country_styles(countries)
    for country in countries:
        own = rows[rows["country"] == country]
        if own.empty:
            continue
        colour, line = styles[country]
        axes.step(own["announced"], own["due_latest"], where="post", color=colour, ls=line)
        axes.plot(own["announced"], own["due_latest"], "o", ms=4, color=colour)
        end = own.iloc[-1]
        axes.annotate(
            words("figure.slippage_steps.label", country=country, due=end["due_on"]),
            (end["announced"], end["due_latest"]), (-7, 4), textcoords="offset points", ha="right",
            fontsize=7.5, fontweight="bold", color=colour,
        )  # fmt: skip
    if len(rows):
        span = np.array([min(rows["announced"]), max(rows["announced"])])
        axes.plot(span, span, color=QUIET, lw=0.8, ls=(0, (1, 2)))
        axes.annotate(words("figure.slippage_steps.diagonal"), (span[0], span[0]), (14, -2),
                      textcoords="offset points", va="top", fontsize=6.5, color=QUIET)  # fmt: skip
        axes.set_ylim(bottom=span[0] - timedelta(days=330))
        axes.xaxis.set_major_locator(YearLocator())
        axes.yaxis.set_major_locator(YearLocator())
    else:
        axes.set(xticks=[], yticks=[])
        mark_uncovered(axes, words("alt.none_dated"))
    axes.set_xlabel(words("axis.announced"))
    axes.set_ylabel(words("axis.due"))
    alt = words("figure.slippage_steps.alt", values=each or [words("alt.none")])
    data = rows[["country", "announced_on", "due_on", "slippage_days", "promise_id"]]
    return Figure("slippage_steps", canvas, data, title, note, alt)


def dated_ends(promises: pd.DataFrame) -> pd.DataFrame:
    """Binding dated promises of the end of the transition."""
    return promises[
        promises["binding"]
        & (promises["event_promised"] == "end_of_transition")
        & promises["due_latest"].notna()
    ]
