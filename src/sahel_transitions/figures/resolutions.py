"""A figure of votes on resolutions of the General Assembly."""

import pandas as pd

from sahel_transitions.figures.figure import INK, UNCOVERED, Figure, new_canvas, styled
from sahel_transitions.language import Words

# How a vote is drawn; hatching tells neighbours apart in grey.
_VOTES = {
    "for": ("#cfe8f3", None, INK),
    "abstain": ("#f2c14e", None, INK),
    "against": ("#4d4d4d", None, "white"),
    "not_voting": ("white", None, INK),
    "missing": ("white", "xxxx", INK),
    "not_covered": ("white", "////", INK),
}


@styled
def ukraine_votes(votes: pd.DataFrame, words: Words) -> Figure:
    """How each country voted on resolutions on Ukraine, one cell a vote.

    Parameters
    ----------
    votes : DataFrame
        `resolution_votes(…)`.
    """
    countries = list(votes["country"].unique())
    resolutions = list(
        votes[["resolution", "date"]].drop_duplicates().itertuples(index=False, name=None)
    )
    title, note = _votes_title(votes, words), words("figure.ukraine_votes.note")
    canvas = new_canvas(34 + 8 * max(len(countries), 2), title, note)
    axes = canvas.subplots()
    for row in votes.itertuples():
        colour, hatch, ink = _VOTES[row.vote]
        across = resolutions.index((row.resolution, row.date))
        down = countries.index(row.country)
        axes.barh(down, 0.96, left=across - 0.48, height=0.88, fc=colour, hatch=hatch,
                  ec=UNCOVERED, lw=0.5)  # fmt: skip
        axes.text(across, down, words(f"vote.{row.vote}"), ha="center", va="center", fontsize=7,
                  color=ink, bbox={"fc": "white", "ec": "none", "pad": 1} if hatch else None)  # fmt: skip
    labels = [
        f"{resolution.removeprefix('A/RES/')}\n{words.month(day)}"
        for resolution, day in resolutions
    ]
    axes.set_xticks(range(len(resolutions)), labels, fontsize=6.5)
    axes.xaxis.tick_top()
    axes.set_yticks(range(len(countries)), [words(f"country.{each}") for each in countries])
    axes.set_xlim(-0.5, max(len(resolutions), 1) - 0.5)
    axes.set_ylim(max(len(countries), 1) - 0.5, -0.5)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    alt = words("figure.ukraine_votes.alt", sentences=_votes_in_words(votes, words))
    return Figure("ukraine_votes", canvas, votes, title, note, alt)


def _votes_title(votes: pd.DataFrame, words: Words) -> str:
    study = votes[votes["role"] == "study"]
    against = study[study["vote"] == "against"]
    if votes.empty:
        return words("figure.ukraine_votes.none")
    if (study["vote"] == "not_covered").all():
        return words("figure.ukraine_votes.not_coded")
    if against.empty:
        return words("figure.ukraine_votes.title_plain")
    firsts = against.groupby("country", sort=False).head(1)
    each = [
        words("figure.ukraine_votes.first", country=row.country, month=row.date)
        for row in firsts.itertuples()
    ]
    return words("figure.ukraine_votes.title", firsts=each)


def _votes_in_words(votes: pd.DataFrame, words: Words) -> str:
    sentences = [
        words("alt.votes", country=country, votes=[
            words("alt.vote", resolution=row.resolution, vote=words(f"vote.{row.vote}"))
            for row in rows.itertuples()
        ])
        for country, rows in votes.groupby("country", sort=False)
    ]  # fmt: skip
    return " ".join(sentences) or words("alt.none")
