"""Figures of partner shifts."""

from datetime import date

import pandas as pd
from matplotlib.dates import YearLocator
from matplotlib.patches import Patch

from sahel_transitions.figures.figure import (
    INK,
    QUIET,
    Figure,
    country_styles,
    legend_above,
    mark_uncovered,
    new_canvas,
    styled,
    with_codes,
)
from sahel_transitions.indicators.parallel_paths import TOGETHER_DAYS
from sahel_transitions.indicators.partner_shifts import MEASURES, UNFINISHED_AFTER, is_unfinished
from sahel_transitions.language import Words

# Light to dark as a relation closes; hatching tells neighbours apart in grey.
STATE_COLOURS = {
    "announced": ("#cfe8f3", "...."),
    "active": ("#2a7fb8", None),
    "suspended": ("#f2c14e", "////"),
    "denounced": ("#d1722d", "\\\\\\\\"),
    "ended": ("#4d4d4d", None),
}
# Measures against a country: in force dark with a grid, lifted light with a line.
MEASURE_COLOURS = {
    "announced": ("#f3d9e6", "...."),
    "active": ("#882255", "xxxx"),
    "suspended": ("#cf8fb0", "////"),
    "denounced": ("#b86590", "\\\\\\\\"),
    "ended": ("#e8c7d8", "----"),
}
CODING_BEGINS = date(2019, 1, 1)


@styled
def partner_timelines(
    transitions: pd.DataFrame, countries: tuple[str, ...], as_of: str, words: Words
) -> Figure:
    """The state of each partner and channel over time, one column of panels a country.

    Parameters
    ----------
    transitions : DataFrame
        `known_transitions(…)`; the main lines are drawn. A change dated by an interval is drawn at
        its middle.
    """
    main = transitions[transitions["line"].isna()]
    day = date.fromisoformat(as_of)
    keys = channels_by_partner(main)
    segments = state_segments(main, day)
    title = _timeline_title(main, words)
    note = words("figure.partner_timelines.note", as_of=as_of)
    canvas = new_canvas(44 + 4.4 * max(len(keys), 4), title, note, legend=True)
    panels = canvas.subplots(1, len(countries), sharex=True, sharey=True, squeeze=False)[0]
    styles = country_styles(countries)
    for axes, country in zip(panels, countries, strict=True):
        own = segments[segments["country"] == country]
        axes.set_title(words(f"country.{country}"), color=styles[country][0])
        if own.empty:
            mark_uncovered(axes, words("state.not_covered"))
        for row in own.itertuples():
            if row.state not in STATE_COLOURS:
                continue
            colour, hatch = state_look(row.channel, row.state)
            axes.barh(
                keys.index((row.partner, row.channel)), row.until - row.since, left=row.since,
                height=0.72, color=colour, hatch=hatch, edgecolor="white", lw=0.3,
                alpha=0.35 if row.unfinished else 1,
            )  # fmt: skip
        axes.tick_params(axis="y", length=0)
        axes.set_axisbelow(True)
        axes.xaxis.set_major_locator(YearLocator(2 if len(countries) < 3 else 4))
        axes.grid(axis="x", color="#e5e5e5", lw=0.5)
    labels = [
        words("figure.partner_channel", partner=words(f"partner.{partner}"),
              channel=words(f"channel.{channel}"))
        for partner, channel in keys
    ]  # fmt: skip
    panels[0].set_yticks(range(len(keys)), labels)
    panels[0].set_ylim(max(len(keys), 1) - 0.4, -0.6)
    panels[0].set_xlim(CODING_BEGINS, day)
    handles = state_handles(segments, words)
    if handles:
        legend_above(canvas, handles)
    alt = words("figure.partner_timelines.alt", sentences=_in_words(segments, day, words))
    data = segments.assign(
        since=[str(value) for value in segments["since"]],
        until=[str(value) for value in segments["until"]],
    )
    return Figure("partner_timelines", canvas, data, title, note, alt)


@styled
def lag_intervals(lags: pd.DataFrame, as_of: str, words: Words) -> Figure:
    """Days between the same change in two countries, as points with intervals.

    Parameters
    ----------
    lags : DataFrame
        `partner_lags(…)`. Of those surely made within a week nobody is counted as first.
    """
    rows = lags.sort_values("days", ascending=False, kind="stable").reset_index(drop=True)
    near = rows[["days_low", "days_high"]].abs().max(axis=1) <= TOGETHER_DAYS
    led = rows[(rows["days_low"] > 0) & ~near]["first_country"].value_counts()
    together = int(near.sum())
    each = [
        words("figure.lag_intervals.each", country=country, n=int(count))
        for country, count in led.items()
    ]
    countries = list(dict.fromkeys([*rows["first_country"], *rows["second_country"]]))
    if rows.empty:
        title = words("figure.lag_intervals.none")
    else:
        title = words("figure.lag_intervals.title", total=len(rows), n=together,
                      values=each or [words("figure.lag_intervals.nobody")])  # fmt: skip
    note = with_codes(words("figure.lag_intervals.note", as_of=as_of), countries, words)
    canvas = new_canvas(40 + 4.4 * max(len(rows), 4), title, note)
    axes = canvas.subplots()
    styles = country_styles(countries)
    for position, row in enumerate(rows.itertuples()):
        colour, line = styles[row.first_country] if row.days else (QUIET, "-")
        axes.hlines(position, row.days_low, row.days_high, color=colour, lw=2, linestyles=line)
        axes.plot(row.days, position, "o", ms=4, color=colour)
        if row.days:
            text = words("figure.lag_intervals.label", n=row.days,
                         first=words(f"country.short.{row.first_country}"),
                         second=words(f"country.short.{row.second_country}"))  # fmt: skip
        else:
            text = words("figure.lag_intervals.same_day")
        axes.annotate(text, (row.days_high, position), (7, 0), va="center", fontsize=6.5,
                      textcoords="offset points", color=INK)  # fmt: skip
    labels = [
        words("figure.partner_change", partner=words(f"partner.{row.partner}"),
              channel=words(f"channel.{row.channel}"), state=words(f"state.{row.change}"))
        for row in rows.itertuples()
    ]  # fmt: skip
    axes.set_yticks(range(len(rows)), labels)
    axes.set_ylim(max(len(rows), 1) - 0.4, -0.6)
    axes.set_xlim(min(0, rows["days_low"].min() if len(rows) else 0) - 8,
                  1.55 * max(rows["days_high"].max() if len(rows) else 1, 1))  # fmt: skip
    axes.tick_params(axis="y", length=0)
    if rows.empty:
        mark_uncovered(axes, words("figure.paths.none"))
    axes.xaxis.set_major_formatter(lambda days, _: words.number(days))
    axes.set_xlabel(words("axis.days"))
    alt = words("figure.lag_intervals.alt", sentences=_lags_in_words(rows, words))
    return Figure("lag_intervals", canvas, rows, title, note, alt)


def state_look(channel: str, state: str) -> tuple[str, str | None]:
    """Colour and hatching of a state; measures against a country have their own."""
    return (MEASURE_COLOURS if channel in MEASURES else STATE_COLOURS)[state]


def state_handles(rows: pd.DataFrame, words: Words) -> list[Patch]:
    """Entries of the legend for the states among the rows, measures after relations.

    Of measures, those in force and lifted: others have the hatching of the same state of a relation.

    Parameters
    ----------
    rows : DataFrame
        With `channel` and `state`.
    """
    measures = rows["channel"].isin(MEASURES)
    handles = []
    for looks, prefix, own in (
        (STATE_COLOURS, "state", rows[~measures]),
        (MEASURE_COLOURS, "legend.measure", rows[measures]),
    ):
        handles += [
            Patch(fc=colour, hatch=hatch, ec="white", label=words(f"{prefix}.{state}"))
            for state, (colour, hatch) in looks.items()
            if f"{prefix}.{state}" in words and (own["state"] == state).any()
        ]
    return handles


def channels_by_partner(rows: pd.DataFrame) -> list[tuple[str, str]]:
    """Partners and their channels in the order in which the ledger has them, partners together."""
    order = {partner: position for position, partner in enumerate(rows["partner"].unique())}
    keys = rows[["partner", "channel"]].drop_duplicates().itertuples(index=False, name=None)
    return sorted(keys, key=lambda key: order[key[0]])


def state_segments(main: pd.DataFrame, day: date) -> pd.DataFrame:
    """State of each main line between its changes, from the start of the coding to the day.

    A state that only prepares another and is not followed for a year goes on as *unfinished*.
    """
    columns = ["country", "partner", "channel", "state", "since", "until", "unfinished"]
    segments = []
    for key, rows in main.groupby(["country", "partner", "channel"], sort=False):
        # What began on an unknown day before a date was there when the coding begins.
        starts = [
            CODING_BEGINS if row.earliest is None else max(row.midpoint, CODING_BEGINS)
            for row in rows.itertuples()
        ]
        ends = [*starts[1:], day]
        for state, since, until in zip(rows["to_state"], starts, ends, strict=True):
            if until < since:
                continue
            last = until == day and is_unfinished(state, since, day)
            stop = since + UNFINISHED_AFTER if last else until
            segments.append((*key, state, since, stop, False))
            if last:
                segments.append((*key, state, stop, until, True))
    return pd.DataFrame(segments, columns=columns)


def _timeline_title(main: pd.DataFrame, words: Words) -> str:
    ends = main[(main["partner"] == "France") & (main["channel"] == "troops")]
    ends = ends[ends["to_state"] == "ended"]
    starts = main[(main["partner"] == "Russia") & (main["channel"] == "troops")]
    starts = starts[starts["to_state"] == "active"]
    if ends.empty and starts.empty:
        return words("figure.partner_timelines.title_plain")
    none = [words("alt.none")]
    return words(
        "figure.partner_timelines.title",
        ended=[words("figure.country_month", country=row.country, month=str(row.midpoint))
               for row in ends.itertuples()] or none,
        began=[words("figure.country_month", country=row.country, month=str(row.midpoint))
               for row in starts.itertuples()] or none,
    )  # fmt: skip


def _in_words(segments: pd.DataFrame, day: date, words: Words) -> str:
    sentences = []
    for country, rows in segments.groupby("country", sort=False):
        current = rows[rows["until"] == day].groupby(["partner", "channel"], sort=False).tail(1)
        counts = [
            words("alt.status", status=words(f"state.{state}"), count=int(count))
            for state, count in current["state"].value_counts().items()
        ]
        sentences.append(words("alt.partners", country=country, n=len(current), counts=counts))
    return " ".join(sentences) or words("alt.none")


def _lags_in_words(rows: pd.DataFrame, words: Words) -> str:
    sentences = [
        words(
            "alt.lag" if row.days else "alt.lag_same_day",
            partner=words(f"partner.{row.partner}"),
            channel=words(f"channel.{row.channel}"),
            state=words(f"state.{row.change}"),
            first=row.first_country,
            second=row.second_country,
            n=row.days,
            low=row.days_low,
            high=row.days_high,
        )
        for row in rows.itertuples()
    ]
    return " ".join(sentences) or words("figure.lag_intervals.none")
