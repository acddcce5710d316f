"""Figures of the verdicts on the claims of the documents."""

import textwrap

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from sahel_transitions.figures.figure import (
    INK,
    QUIET,
    Figure,
    legend_above,
    mark_uncovered,
    new_canvas,
    styled,
)
from sahel_transitions.figures.panels import mark_written
from sahel_transitions.language import Words

# Verdict → colour, hatch and the ink of a number on it; told apart by lightness and hatch in grey.
_LOOK = {
    "reproduced": ("#0072B2", "", "white"),
    "reproduced_otherwise": ("#8CC5E3", "", INK),
    "partly": ("#E3E3E3", "", INK),
    "overtaken": ("#F2D27A", "...", INK),
    "contradicted": ("#882255", "", "white"),
    "not_checkable": ("white", "////", INK),
}
_ROW_MM = 5.2


@styled
def verdicts_by_document(
    documents: pd.DataFrame, themes: pd.DataFrame, as_of: str, words: Words
) -> Figure:
    """Claims by verdict: one bar a document, one a theme.

    Parameters
    ----------
    documents, themes : DataFrame
        `verdict_counts(…, "document")` and `verdict_counts(…, "theme")`.
    """
    title = _title(documents, words)
    note = words("figure.verdicts_by_document.note", as_of=as_of)
    rows = max(len(documents), 1), max(len(themes), 1)
    canvas = new_canvas(40 + _ROW_MM * sum(rows), title, note, legend=True)
    panels = canvas.subplots(2, 1, sharex=True, height_ratios=rows)
    names = [
        [words("figure.verdicts_by_document.row", name=words(f"document.{each}"), n=n)
         for each, n in zip(documents["document"], documents["claims"], strict=True)],
        [words("figure.verdicts_by_document.row", name=words.heading(f"claims.theme.{each}"), n=n)
         for each, n in zip(themes["theme"], themes["claims"], strict=True)],
    ]  # fmt: skip
    longest = int(max(documents["claims"].max(), themes["claims"].max())) if len(documents) else 1
    for axes, counts, labels in zip(panels, (documents, themes), names, strict=True):
        _draw_bars(axes, counts, labels, longest)
        if counts.empty:
            mark_uncovered(axes, words("figure.verdicts_by_document.none"))
    panels[1].set_xlabel(words("axis.claims"))
    _legend(canvas, words)
    alt = words("figure.verdicts_by_document.alt",
                sentences=_in_words(documents, "document", "document", words)
                + _in_words(themes, "theme", "claims.theme", words))  # fmt: skip
    data = pd.concat(
        [
            counts.rename(columns={by: "group"}).assign(by=by)
            for by, counts in (("document", documents), ("theme", themes))
        ],
        ignore_index=True,
    )
    return Figure("verdicts_by_document", canvas, data, title, note, alt)


def _draw_bars(axes: Axes, counts: pd.DataFrame, labels: list[str], longest: int) -> None:
    start = np.zeros(len(counts))
    places = range(len(counts))
    for verdict, (colour, hatch, ink) in _LOOK.items():
        width = counts[verdict].to_numpy("float64")
        axes.barh(places, width, left=start, height=0.72, color=colour, hatch=hatch, ec=QUIET,
                  lw=0.4)  # fmt: skip
        for place, (left, size) in enumerate(zip(start, width, strict=True)):
            # Where a number has no room the table of the figure has it.
            if size >= longest * 0.025:
                axes.text(left + size / 2, place, f"{size:.0f}", ha="center", va="center",
                          fontsize=6.5, color=ink,
                          bbox={"fc": colour, "ec": "none", "pad": 0.4} if hatch else None)  # fmt: skip
        start = start + width
    axes.set_yticks(places, labels)
    axes.set_ylim(max(len(counts), 1) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.set_xlim(0, longest * 1.02)
    axes.set_axisbelow(True)
    axes.grid(axis="x", color="#e5e5e5", lw=0.5)


@styled
def verdicts_then_and_now(verdicts: pd.DataFrame, as_of: str, words: Words) -> Figure:
    """How many claims had which verdict when they were made, and have which on the day.

    Parameters
    ----------
    verdicts : DataFrame
        `judged_claims(claim_verdicts(…))`.
    """
    names = [
        name for name in _LOOK if name in set(verdicts["verdict"]) | set(verdicts["verdict_then"])
    ]
    counts = pd.crosstab(verdicts["verdict_then"], verdicts["verdict"])
    counts = counts.reindex(index=names, columns=names, fill_value=0)
    moved = int(counts.to_numpy().sum() - np.trace(counts.to_numpy()))
    title = words("figure.verdicts_then_and_now.none")
    if names:
        title = words("figure.verdicts_then_and_now.title", n=moved, total=len(verdicts))
    note = words("figure.verdicts_then_and_now.note", as_of=as_of)
    canvas = new_canvas(46 + 8 * max(len(names), 2), title, note)
    axes = canvas.subplots()
    mark_written(axes)
    for row, then in enumerate(names):
        for column, now in enumerate(names):
            n = int(counts.at[then, now])
            # What stayed lies on the diagonal and is quiet; what moved is in bold.
            stayed = row == column
            axes.text(column, row, words.number(n) if n else "·", ha="center", va="center",
                      fontsize=8, color=QUIET if stayed or not n else INK,
                      fontweight="bold" if n and not stayed else "normal")  # fmt: skip
    labels = [words.heading(f"claims.verdict.short.{name}") for name in names]
    axes.set_xticks(range(len(names)), [textwrap.fill(label, 13) for label in labels])
    axes.set_yticks(range(len(names)), labels)
    axes.xaxis.tick_top()
    axes.xaxis.set_label_position("top")
    axes.set_xlabel(words("axis.verdict_now"))
    axes.set_ylabel(words("axis.verdict_then"))
    axes.set_xlim(-0.5, max(len(names), 1) - 0.5)
    axes.set_ylim(max(len(names), 1) - 0.5, -0.5)
    axes.tick_params(length=0)
    if not names:
        axes.set_xticks([])
        axes.set_yticks([])
        mark_uncovered(axes, words("figure.verdicts_by_document.none"))
    pairs = [
        words("figure.verdicts_then_and_now.pair", n=int(counts.at[then, now]),
              then=words(f"claims.verdict.{then}"), now=words(f"claims.verdict.{now}"))
        for then in names for now in names if then != now and counts.at[then, now]
    ]  # fmt: skip
    alt = words("figure.verdicts_then_and_now.alt", sentences=" ".join([title + ".", *pairs]))
    data = counts.rename_axis(index="verdict_then", columns=None).reset_index()
    return Figure("verdicts_then_and_now", canvas, data, title, note, alt)


def _legend(canvas, words: Words) -> None:
    legend_above(canvas, [
        Patch(fc=colour, hatch=hatch, ec=QUIET, lw=0.4, label=words(f"claims.verdict.short.{name}"))
        for name, (colour, hatch, _) in _LOOK.items()
    ])  # fmt: skip


def _title(documents: pd.DataFrame, words: Words) -> str:
    if documents.empty:
        return words("figure.verdicts_by_document.none")
    sums = documents.drop(columns="document").sum()
    return words(
        "figure.verdicts_by_document.title", n=int(sums["claims"]), held=int(sums["reproduced"]),
        split=int(sums["reproduced_otherwise"]), contradicted=int(sums["contradicted"]),
        unchecked=int(sums["not_checkable"]),
    )  # fmt: skip


def _in_words(counts: pd.DataFrame, by: str, part: str, words: Words) -> str:
    sentences = [
        words("figure.verdicts_by_document.counts", name=words.heading(f"{part}.{row[by]}"),
              n=int(row["claims"]),
              counts=[words(f"claims.count.{name}", n=int(row[name])) for name in _LOOK if row[name]])
        for row in counts.to_dict("records")
    ]  # fmt: skip
    return " ".join(sentences) + (" " if sentences and by == "document" else "")
