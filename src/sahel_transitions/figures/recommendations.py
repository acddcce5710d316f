"""A figure of what the record shows since each recommendation."""

from datetime import date

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import YearLocator
from matplotlib.lines import Line2D

from sahel_transitions.figures.figure import (
    INK,
    QUIET,
    Figure,
    legend_above,
    mark_uncovered,
    new_canvas,
    styled,
    with_codes,
)
from sahel_transitions.language import Words
from sahel_transitions.tables import parse_partial_date

# Told apart by shape and filling in grey, by colour beside it.
_MARKS = {
    "in_line": {"marker": "o", "color": "#009E73", "ms": 5},
    "against": {"marker": "X", "color": "#882255", "ms": 5.5, "mew": 0.4},
    "unclear": {"marker": "D", "color": QUIET, "mfc": "white", "ms": 4},
}
_FROM = date(2023, 1, 1)
_ROW_MM = 4.1


@styled
def recommendations(
    followed: pd.DataFrame, facts: pd.DataFrame, as_of: str, words: Words
) -> Figure:
    """Each recommendation as a line from its text to the day, with the facts that bear on it.

    Parameters
    ----------
    followed, facts : DataFrame
        `recommendations_followed(…)` and `recommendation_facts(…)`. A fact dated by an interval
        stands at its middle; where the channel or actor ended, the line ends.
    """
    asked = followed[followed["recommendation_id"].notna()]
    day = date.fromisoformat(as_of)
    title = status_in_words(asked, words)
    note = words("figure.recommendations.note", as_of=as_of)
    note = with_codes(note, asked["country"].unique(), words)
    groups = asked.groupby(["document", "addressee"], sort=False)
    canvas = new_canvas(38 + _ROW_MM * max(len(asked) + len(groups), 5), title, note, legend=True)
    axes = canvas.subplots()
    ticks, height = [], 0
    for (document, addressee), rows in groups:
        heading = words("figure.recommendations.group", who=words(f"addressee.{addressee}"),
                        document=words(f"document.{document}"))  # fmt: skip
        ticks.append((height, heading, True))
        for row in rows.itertuples():
            height += 1
            ticks.append((height, _label(row, words), False))
            _draw(axes, height, row, facts[facts["recommendation_id"] == row.recommendation_id],
                  day, words)  # fmt: skip
        height += 1
    axes.set_yticks([place for place, _, _ in ticks], [text for _, text, _ in ticks])
    for label, (_, _, is_heading) in zip(axes.get_yticklabels(), ticks, strict=True):
        label.set(fontweight="bold" if is_heading else "normal", fontsize=7)
    axes.set_ylim(max(height, 5) - 0.4, -0.7)
    axes.tick_params(axis="y", length=0)
    axes.set_xlim(_FROM, max(day, date(2023, 12, 31)))
    axes.xaxis.set_major_locator(YearLocator())
    axes.set_axisbelow(True)
    axes.grid(axis="x", color="#e5e5e5", lw=0.5)
    if asked.empty:
        axes.set_xticks([])
        mark_uncovered(axes, words("figure.recommendations.none"))
    legend_above(canvas, _handles(words))
    alt = words("figure.recommendations.alt", sentences=_in_words(asked, words))
    drawn = facts.assign(
        actor=[" | ".join(actors) for actors in facts["actor"]],
        ends=facts["ends"].astype(bool),
        **{name: facts[name].map(str) for name in ("earliest", "latest", "midpoint")},
    )
    data = asked[["recommendation_id", "document", "addressee", "country", "record_status"]].merge(
        drawn.drop(columns="country"), on="recommendation_id", how="left"
    )
    data["sources"] = [keys if isinstance(keys, tuple) else () for keys in data["sources"]]
    return Figure("recommendations", canvas, data, title, note, alt)


def status_in_words(asked: pd.DataFrame, words: Words) -> str:
    """How many recommendations have which status, as one sentence."""
    if asked.empty:
        return words("figure.recommendations.none")
    counts = asked["record_status"].value_counts()
    each = [
        words(f"figure.recommendations.count.{status}", n=int(counts[status]))
        for status in ("in_line", "against", "mixed", "overtaken", "unclear", "no_record")
        if status in counts
    ]
    return words("figure.recommendations.title", n=len(asked), counts=each)


def _label(row, words: Words) -> str:
    return words("figure.recommendations.label", country=words(f"country.short.{row.country}"),
                 asked=words(f"recommendation.short.{row.recommendation_id}"))  # fmt: skip


def _draw(axes: Axes, height: int, row, facts: pd.DataFrame, day: date, words: Words) -> None:
    begins = parse_partial_date(row.published_on)
    ended = facts.loc[facts["ends"].astype(bool), "midpoint"]
    until = min(ended) if len(ended) else day
    axes.hlines(height, begins.midpoint, until, color="#c9c9c9", lw=0.9, zorder=1)
    axes.plot(begins.midpoint, height, "|", color=QUIET, ms=6, zorder=2)
    if len(ended):
        axes.plot(until, height, "|", color=INK, ms=10, mew=1.6, zorder=2)
    if facts.empty:
        axes.annotate(
            words("figure.recommendations.no_fact"), (begins.midpoint, height), (6, 0),
            textcoords="offset points", va="center", fontsize=6, color=QUIET, style="italic",
            bbox={"fc": "white", "ec": "none", "pad": 0.6}, zorder=2,
        )  # fmt: skip
    for fact in facts.itertuples():
        axes.plot(
            fact.midpoint,
            height,
            ls="none",
            zorder=3,
            **_MARKS.get(fact.direction, _MARKS["unclear"]),
        )


def _handles(words: Words) -> list[Line2D]:
    # Acts of others have no direction, as those of unclear bearing have none.
    keys = ("direction.in_line", "direction.against", "legend.no_direction")
    labels = [words(key) for key in keys]
    facts = [
        Line2D([], [], ls="none", label=label, **look)
        for label, look in zip(labels, _MARKS.values(), strict=True)
    ]
    return [
        *facts,
        Line2D([], [], ls="none", marker="|", ms=8, mew=1.6, color=INK,
               label=words("legend.channel_ended")),
        Line2D([], [], ls="none", marker="|", ms=6, color=QUIET, label=words("legend.text")),
    ]  # fmt: skip


def _in_words(asked: pd.DataFrame, words: Words) -> str:
    sentences = [
        words("alt.recommendation", country=row.country, n=int(row.facts),
              asked=words(f"recommendation.short.{row.recommendation_id}"),
              status=words(f"recommendation_status.{row.record_status}"))
        for row in asked.itertuples()
    ]  # fmt: skip
    return " ".join(sentences) or words("figure.recommendations.none")
