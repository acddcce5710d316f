"""States of the channels that several countries have, beside each other on two clocks."""

from datetime import date

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MultipleLocator

from sahel_transitions.figures.figure import (
    INK,
    Figure,
    legend_above,
    mark_uncovered,
    new_canvas,
    styled,
    with_codes,
)
from sahel_transitions.figures.partners import (
    STATE_COLOURS,
    channels_by_partner,
    state_handles,
    state_look,
    state_segments,
)
from sahel_transitions.language import Words
from sahel_transitions.tables import DAYS_A_YEAR


@styled
def partner_clocks(
    transitions: pd.DataFrame,
    coups: pd.DataFrame,
    countries: tuple[str, ...],
    as_of: str,
    words: Words,
) -> Figure:
    """The channels of which two countries or more have an entry, on the calendar and since the coup.

    Parameters
    ----------
    transitions : DataFrame
        `known_transitions(…)`; the main lines are drawn, a change dated by an interval at its
        middle.
    coups : DataFrame
        `coups_known(…)`. A country without a coup has no bars in the right panel.
    """
    main = transitions[transitions["line"].isna()]
    having = main.groupby(["partner", "channel"])["country"].nunique()
    shared = set(having[having > 1].index)
    keys = [key for key in channels_by_partner(main) if key in shared]
    segments = state_segments(main, date.fromisoformat(as_of))
    there = list(zip(segments["partner"], segments["channel"], strict=True))
    segments = segments[pd.Series([key in shared for key in there], segments.index, dtype=bool)]
    segments = _on_clocks(segments, coups)
    drawn = [country for country in countries if country in set(segments["country"])]
    title = _title(segments, keys, drawn, words)
    note = with_codes(words("figure.partner_clocks.note", as_of=as_of), drawn, words)
    step = 2.3 * max(len(drawn), 2) + 1.4
    canvas = new_canvas(52 + step * max(len(keys), 3), title, note, legend=True)
    panels = canvas.subplots(1, 2, sharey=True)
    for axes, clock in zip(panels, ("calendar", "first_coup"), strict=True):
        axes.set_title(words(f"figure.partner_clocks.{clock}"))
        own = segments.dropna(subset=[f"since_{clock}"])
        if own.empty:
            mark_uncovered(axes, words("cell.no_row"))
            continue
        _draw(axes, own, clock, keys, drawn, words)
    panels[1].axvline(0, color=INK, lw=0.8)
    panels[0].set_yticks(
        range(len(keys)),
        [
            words("figure.partner_channel", partner=words(f"partner.{partner}"),
                  channel=words(f"channel.short.{channel}"))
            for partner, channel in keys
        ],
    )  # fmt: skip
    panels[0].tick_params(axis="y", length=0)
    panels[0].set_ylim(max(len(keys), 1) - 0.4, -0.6)
    handles = state_handles(segments, words)
    if handles:
        legend_above(canvas, handles)
    alt = words("figure.partner_clocks.alt", n=len(keys), names=[
        words("figure.partner_channel", partner=words(f"partner.{partner}"),
              channel=words(f"channel.{channel}"))
        for partner, channel in keys
    ] or [words("alt.none")])  # fmt: skip
    data = segments.assign(
        since=segments["since"].astype(str), until=segments["until"].astype(str)
    ).drop(columns=["since_calendar", "until_calendar"])
    return Figure("partner_clocks", canvas, data, title, note, alt)


def _title(segments: pd.DataFrame, keys: list, drawn: list[str], words: Words) -> str:
    ends = segments[
        (segments["partner"] == "France")
        & (segments["channel"] == "troops")
        & (segments["state"] == "ended")
    ].dropna(subset="since_first_coup")
    years = dict(zip(ends["country"], ends["since_first_coup"], strict=True))
    each = [
        words("figure.partner_clocks.each", country=country, years=years[country])
        for country in drawn
        if country in years
    ]
    if each:
        return words("figure.partner_clocks.left", values=each)
    return words("figure.partner_clocks.title", n=len(keys)) if keys else words("cell.no_row")


def _on_clocks(segments: pd.DataFrame, coups: pd.DataFrame) -> pd.DataFrame:
    """Beginning and end of each segment in years of the calendar and since the first coup."""
    zeros = segments["country"].map(coups["first_coup"])
    columns = {}
    for name in ("since", "until"):
        days = segments[name]
        columns[f"{name}_calendar"] = [
            day.year + (day - date(day.year, 1, 1)).days / DAYS_A_YEAR for day in days
        ]
        columns[f"{name}_first_coup"] = [
            (day - zero).days / DAYS_A_YEAR if isinstance(zero, date) else None
            for day, zero in zip(days, zeros, strict=True)
        ]
    return segments.assign(**columns).astype(
        {name: "float64" for name in ("since_first_coup", "until_first_coup")}
    )


def _draw(
    axes: Axes, rows: pd.DataFrame, clock: str, keys: list, drawn: list[str], words: Words
) -> None:
    height = 0.78 / len(drawn)
    for row in rows.itertuples():
        if row.state not in STATE_COLOURS:
            continue
        colour, hatch = state_look(row.channel, row.state)
        place = keys.index((row.partner, row.channel)) - 0.39
        place += (drawn.index(row.country) + 0.5) * height
        since, until = getattr(row, f"since_{clock}"), getattr(row, f"until_{clock}")
        axes.barh(
            place, until - since, left=since, height=height * 0.9, color=colour, hatch=hatch,
            edgecolor="white", lw=0.3, alpha=0.35 if row.unfinished else 1,
        )  # fmt: skip
    first, last = rows[f"since_{clock}"].min(), rows[f"until_{clock}"].max()
    for place in range(len(keys)):
        for position, country in enumerate(drawn):
            axes.text(
                last + 0.01 * (last - first), place - 0.39 + (position + 0.5) * height,
                words(f"country.short.{country}"), fontsize=5.6, va="center",
            )  # fmt: skip
    axes.set_xlim(first, last + 0.09 * (last - first))
    axes.xaxis.set_major_locator(MultipleLocator(2 if clock == "calendar" else 1))
    axes.xaxis.set_major_formatter(lambda year, _: f"{year:.0f}".replace("-", "\u2212"))
    axes.grid(axis="x", color="#e5e5e5", lw=0.5)
    axes.set_axisbelow(True)
    axes.set_xlabel("" if clock == "calendar" else words("axis.years_since_first_coup"))
