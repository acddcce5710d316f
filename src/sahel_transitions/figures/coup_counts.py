"""A figure of counts of coups, by who counts them."""

import pandas as pd
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from sahel_transitions.figures.figure import (
    INK,
    QUIET,
    UNCOVERED,
    Figure,
    country_styles,
    legend_above,
    new_canvas,
    styled,
)
from sahel_transitions.figures.panels import instead_of_marks
from sahel_transitions.language import Words

# The outcomes of each source, from those that changed a government to those that only some call
# a coup, as parts of a bar: how dark, and hatched how.
_PARTS = {
    "done": (("successful", "realised"), 1.0, ""),
    "failed": (("failed", "attempted"), 0.45, ""),
    "plot": (("conspiracy", "alleged"), 0.0, "////"),
    "other": (("other",), 0.0, ""),
}
_SOURCES = ("powell_thyne", "cline", "ledger")
_DRAWN = ("1960-01", "2020-08")


@styled
def coups_by_source(
    counts: pd.DataFrame, countries: tuple[str, ...], as_of: str, words: Words
) -> Figure:
    """How many coups each source counts, since independence and since August 2020.

    Parameters
    ----------
    counts : DataFrame
        `coup_counts(…)`. What a source does not cover is hatched grey and has no bar.
    """
    title = _title(counts, countries, words)
    note = words("figure.coups_by_source.note", as_of=as_of)
    canvas = new_canvas(42 + 29 * len(countries), title, note, legend=True)
    panels = canvas.subplots(len(countries), 2, squeeze=False, sharex="col")
    styles = country_styles(countries)
    for row, country in zip(panels, countries, strict=True):
        for axes, since in zip(row, _DRAWN, strict=True):
            mine = counts[(counts["country"] == country) & (counts["since"] == since)]
            _draw(axes, mine, styles[country][0], words)
            axes.set_title(
                words("figure.coups_by_source.panel", country=country,
                      since=words(f"counted_since.{since}")),
                color=styles[country][0],
            )  # fmt: skip
    for column, since in enumerate(_DRAWN):
        mine = counts[(counts["since"] == since) & (counts["counted_by"] != "document")]
        longest = mine.groupby(["country", "counted_by"])["count"].sum().max() if len(mine) else 0
        # Room for the numbers behind the bars.
        panels[0][column].set_xlim(0, max(int(longest), 1) * 1.42)
        panels[0][column].xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
        panels[-1][column].set_xlabel(words("axis.coups"))
    legend_above(
        canvas,
        [
            Patch(fc=_shade(INK, alpha), ec=INK, hatch=hatch, lw=0.6,
                  label=words(f"coup_part.{part}"))
            for part, (_, alpha, hatch) in _PARTS.items()
        ],
    )  # fmt: skip
    data = counts[
        ["country", "counted_by", "since", "outcome", "count", "until", "state", "sources"]
    ]
    alt = words("figure.coups_by_source.alt", as_of=as_of, values=_in_words(counts, words))
    return Figure("coups_by_source", canvas, data, title, note, alt)


def _draw(axes, rows: pd.DataFrame, colour: str, words: Words) -> None:
    """One bar a source, its parts beside one another, and their numbers behind it."""
    labels = []
    for position, source in enumerate(_SOURCES):
        mine = rows[rows["counted_by"] == source]
        covered = mine["state"].ne("not_covered").any()
        until = mine["until"].dropna()
        name = words(f"counted_by.{source}")
        labels.append(
            words("figure.coups_by_source.until", source=name, until=until.iloc[0])
            if len(until) else name
        )  # fmt: skip
        if not covered:
            text = axes.text(0, position, f" {words('state.not_covered')} ", va="center",
                             fontsize=6.5, color=QUIET,
                             bbox={"fc": "white", "ec": UNCOVERED, "hatch": "////", "lw": 0,
                                   "pad": 1.5})  # fmt: skip
            instead_of_marks(text)
            continue
        left, shown = 0, []
        for outcomes, alpha, hatch in _PARTS.values():
            number = int(mine.loc[mine["outcome"].isin(outcomes), "count"].sum())
            if mine["outcome"].isin(outcomes).any():
                shown.append(words.number(number))
            axes.barh(position, number, left=left, height=0.6, fc=_shade(colour, alpha),
                      ec=colour, hatch=hatch, lw=0.6)  # fmt: skip
            left += number
        axes.annotate(" + ".join(shown), (left, position), (4, 0), va="center",
                      textcoords="offset points", fontsize=6.5)  # fmt: skip
    axes.set_yticks(range(len(_SOURCES)), labels)
    axes.set_ylim(len(_SOURCES) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0, labelsize=6.5)


def _shade(colour: str, alpha: float) -> tuple[str, float]:
    return (colour, alpha)


def _title(counts: pd.DataFrame, countries: tuple[str, ...], words: Words) -> str:
    done = counts[(counts["since"] == _DRAWN[0]) & (counts["outcome"] == "successful")]
    published = counts[counts["counted_by"] == "document"]
    if (done["state"] == "not_covered").any():
        return words("figure.coups_by_source.title_part")
    totals = done.groupby("counted_by")["count"].sum()
    values = {
        "countries": [words.the(country) for country in countries],
        "powell_thyne": int(totals["powell_thyne"]),
        "cline": int(totals["cline"]),
    }
    whole = published[published["country"] == ",".join(countries)]
    if whole.empty:
        return words("figure.coups_by_source.title", **values)
    return words(
        "figure.coups_by_source.title_document", published=int(whole["count"].iloc[0]), **values
    )


def _in_words(counts: pd.DataFrame, words: Words) -> list[str]:
    rows = counts[(counts["since"] == _DRAWN[0]) & counts["outcome"].eq("successful")]
    rows = rows[rows["state"] != "not_covered"]
    said = [
        words("alt.coups", country=row["country"], count=int(row["count"]),
              source=words(f"counted_by.{row['counted_by']}"))
        for row in rows.to_dict("records")
    ]  # fmt: skip
    return said or [words("alt.none")]
