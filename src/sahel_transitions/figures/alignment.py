"""Figures of votes in the UN General Assembly."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MultipleLocator

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
    with_codes,
    write_year_numbers,
)
from sahel_transitions.figures.marks import hatch_years
from sahel_transitions.indicators import set_disagreements
from sahel_transitions.indicators.un_votes import FEW_VOTES, PARTNERS, VOTE_SETS
from sahel_transitions.language import Words

_ABSENT = {"missing": "figure.missing_years.note", "not_covered": "figure.not_covered.note"}
_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
_NEIGHBOUR = {"color": QUIET, "marker": "D", "mfc": "white", "ms": 3, "mew": 0.8, "ls": "none"}
_FEW = {"color": INK, "marker": "x", "ms": 3.6, "mew": 0.9, "ls": "none"}


@styled
def un_distances(votes: pd.DataFrame, moves: pd.DataFrame, words: Words) -> Figure:
    """Distance to each of four partners by year, in both sets of votes.

    Parameters
    ----------
    votes : DataFrame
        `un_votes(…, neighbours=True)`. The grey area lies between the nearest and the furthest
        neighbour with a point on `FEW_VOTES` votes or more; points on fewer are crossed. Bars are
        intervals of the countries of the study.
    moves : DataFrame
        `un_moves(…, since="year")`, from which the title is taken.
    """
    countries = list(votes.loc[votes["role"] == "study", "country"].unique())
    neighbours = list(votes.loc[votes["role"] == "neighbour", "country"].unique())
    title = _distance_title(moves, words)
    note = with_codes(_distance_note(votes, words), neighbours, words)
    canvas = new_canvas(118, title, note, legend=True)
    panels = canvas.subplots(2, len(PARTNERS), sharex=True, sharey=True)
    for row, vote_set in zip(panels, VOTE_SETS, strict=True):
        for axes, partner in zip(row, PARTNERS, strict=True):
            rows = votes[(votes["vote_set"] == vote_set) & (votes["partner"] == partner)]
            _draw_distances(axes, rows, countries)
        row[0].set_ylabel(words(f"axis.un_distance.{vote_set}"))
    for axes, partner in zip(panels[0], PARTNERS, strict=True):
        axes.set_title(words(f"country.{partner}"))
    if len(votes):
        first, last = int(votes["year"].min()), int(votes["year"].max())
        for axes in panels[1]:
            write_year_numbers(axes, first, last, 3)
        panels[0, 0].set_xlim(first - 0.5, last + 0.5)
    high = votes["distance_q95"].max()
    panels[0, 0].set_ylim(0, 1.05 * high if high > 0 else 1)
    panels[0, 0].yaxis.set_major_formatter(lambda value, _: words.number(value, 1))
    styles = country_styles(countries)
    handles = [
        Line2D([], [], color=styles[country][0], ls=styles[country][1], marker=marker, ms=4,
               label=words(f"country.{country}"))
        for country, marker in zip(countries, _MARKERS, strict=False)
    ]  # fmt: skip
    if neighbours:
        names = [words(f"country.short.{country}") for country in neighbours]
        label = words("figure.un_distances.neighbours", names=names)
        handles.append(Patch(fc=SHADE, ec="none", label=label))
    if (votes["votes"] < FEW_VOTES).any():
        handles.append(Line2D([], [], label=words("figure.few_votes", n=FEW_VOTES), **_FEW))
    legend_above(canvas, handles)
    alt = words("figure.un_distances.alt", sentences=_distances_in_words(votes, words))
    return Figure("un_distances", canvas, votes, title, note, alt)


def _distance_note(votes: pd.DataFrame, words: Words) -> str:
    parts = [words("figure.un_distances.note")]
    few = votes[votes["votes"] < FEW_VOTES].drop_duplicates(["country", "year"])
    if len(few):
        points = [
            words("figure.un_distances.point", country=row.country, year=row.year)
            for row in few.itertuples()
        ]
        parts.append(words("figure.un_distances.few", points=points, n=FEW_VOTES))
    parts += [words(key) for state, key in _ABSENT.items() if (votes["state"] == state).any()]
    return " ".join(parts)


def _draw_distances(axes: Axes, rows: pd.DataFrame, countries: list[str]) -> None:
    study = rows[rows["role"] == "study"]
    hatch_years(axes, study["year"], study["state"])
    known = rows[rows["state"] == "observed"]
    few = known["votes"] < FEW_VOTES
    around = known[(known["role"] == "neighbour") & ~few].groupby("year")["distance"]
    around = around.agg(["min", "max"])
    axes.fill_between(around.index, around["min"], around["max"], color=SHADE, lw=0, zorder=1)
    axes.plot(known.loc[few, "year"], known.loc[few, "distance"], zorder=4, **_FEW)
    styles = country_styles(countries)
    middle = (len(countries) - 1) / 2
    for position, country in enumerate(countries):
        mine = known[known["country"] == country]
        # Side by side, so that one interval does not hide another.
        at = mine["year"] + 0.16 * (position - middle)
        colour, line = styles[country]
        axes.vlines(at, mine["distance_q5"], mine["distance_q95"], color=colour, lw=0.8, zorder=2)
        axes.plot(at, mine["distance"], color=colour, ls=line, lw=1.1, zorder=3,
                  marker=_MARKERS[position % len(_MARKERS)], ms=3)  # fmt: skip


def _distance_title(moves: pd.DataFrame, words: Words) -> str:
    """The first country whose distance to France last went clearly both ways; plain without one."""
    both = set_disagreements(moves[(moves["role"] == "study") & (moves["partner"] == "FRA")])
    both = both[(both["year"] == both["year"].max()) & both["opposite"] & both["clear"]]
    if both.empty:
        return words("figure.un_distances.title_plain")
    first = both.iloc[0]
    way = "grew" if first["change_all"] > 0 else "shrank"
    return words(f"figure.un_distances.title_{way}", country=first["country"], year=first["year"])


@styled
def un_move_parts(moves: pd.DataFrame, year: int | None, words: Words) -> Figure:
    """Changes of distance since the base year, and what the moves of either side alone had made.

    Two bars for each partner: the change had the partner stood still, and had the country. They add
    up to the change only where the two did not pass one another; a mean over both orders of moving
    would hide far moves that cancel, and is not drawn.

    Parameters
    ----------
    moves : DataFrame
        `un_moves(…, since="base", neighbours=True)`.
    year : int or None
        The year up to which is drawn.
    """
    rows = moves[moves["year"] == year]
    study = rows[rows["role"] == "study"]
    countries = list(moves.loc[moves["role"] == "study", "country"].unique())
    both = set_disagreements(study)
    opposite = int(both["opposite"].sum())
    title = (
        words("figure.un_move_parts.title", n=opposite, total=len(both), year=year)
        if len(both)
        else words("figure.un_move_parts.none")
    )
    note = words("figure.un_move_parts.note")
    canvas = new_canvas(40 + 38 * max(len(countries), 1), title, note, legend=True)
    panels = canvas.subplots(max(len(countries), 1), 2, sharex=True, sharey=True, squeeze=False)
    styles = country_styles(countries)
    for line, country in zip(panels, countries, strict=False):
        for axes, vote_set in zip(line, VOTE_SETS, strict=True):
            mine = study[(study["country"] == country) & (study["vote_set"] == vote_set)]
            base = mine["base_year"].iloc[0] if len(mine) else year
            others = rows[
                (rows["role"] == "neighbour")
                & (rows["vote_set"] == vote_set)
                & (rows["base_year"] == base)
            ]
            _draw_parts(axes, mine, others, styles[country][0], words)
            axes.set_title(
                words("figure.un_move_parts.panel", country=country, base=base, year=year,
                      votes=words(f"vote_set.{vote_set}")),
                color=styles[country][0], fontsize=7.5,
            )  # fmt: skip
    if not countries:
        for axes in panels[0]:
            mark_uncovered(axes, words("state.missing"))
    panels[0, 0].set_ylim(len(PARTNERS) - 0.4, -0.6)
    panels[0, 0].set_yticks(
        range(len(PARTNERS)), [words(f"country.{partner}") for partner in PARTNERS]
    )
    for axes in panels[-1]:
        axes.set_xlabel(words("axis.distance_change"))
        axes.xaxis.set_major_locator(MultipleLocator(0.5))
        axes.xaxis.set_major_formatter(lambda value, _: words.number(value, 1))
    few = (rows["votes"] < FEW_VOTES).any()
    legend_above(canvas, _part_handles(words, few))
    alt = words("figure.un_move_parts.alt", sentences=_moves_in_words(study, words))
    return Figure("un_move_parts", canvas, rows, title, note, alt)


def _draw_parts(
    axes: Axes, mine: pd.DataFrame, others: pd.DataFrame, colour: str, words: Words
) -> None:
    axes.axvline(0, color=QUIET, lw=0.7, zorder=1)
    axes.tick_params(axis="y", length=0)
    known = mine[mine["state"] == "observed"]
    if known.empty:
        mark_uncovered(axes, words(f"state.{mine['state'].max() if len(mine) else 'missing'}"))
    for row in known.itertuples():
        height = PARTNERS.index(row.partner)
        axes.barh(height - 0.16, row.distance_if_partner_still - row.distance_before, height=0.26,
                  fc=colour, ec=colour, lw=0.6, zorder=2)  # fmt: skip
        axes.barh(height + 0.12, row.distance_if_still - row.distance_before, height=0.26,
                  fc="white", ec=colour, hatch="////", lw=0.6, zorder=2)  # fmt: skip
        axes.hlines(height, row.distance_change_q5, row.distance_change_q95, color=INK, lw=0.9,
                    zorder=3)  # fmt: skip
        axes.plot(row.distance_change, height, "o", ms=4, color=INK, zorder=4)
    known = others[others["state"] == "observed"]
    for few, rows in known.groupby(known["votes"] < FEW_VOTES):
        heights = [PARTNERS.index(partner) + 0.38 for partner in rows["partner"]]
        axes.plot(rows["distance_change"], heights, zorder=3, **(_FEW if few else _NEIGHBOUR))


def _part_handles(words: Words, few: bool) -> list:
    handles = [
        Patch(fc=QUIET, label=words("figure.un_move_parts.own")),
        Patch(fc="white", ec=QUIET, hatch="////", label=words("figure.un_move_parts.partner")),
        Line2D([], [], color=INK, marker="o", ms=4, lw=0.9,
               label=words("figure.un_move_parts.change")),
        Line2D([], [], label=words("figure.un_move_parts.neighbour"), **_NEIGHBOUR),
    ]  # fmt: skip
    if few:
        label = words("figure.un_move_parts.neighbour_few", n=FEW_VOTES)
        handles.append(Line2D([], [], label=label, **_FEW))
    return handles


def _distances_in_words(votes: pd.DataFrame, words: Words) -> str:
    known = votes[(votes["role"] == "study") & (votes["state"] == "observed")]
    keys = ["country", "partner", "vote_set"]
    sentences = [
        words("alt.un_distance", country=country, partner=partner,
              votes=words(f"vote_set.{vote_set}"), first=rows["year"].iloc[0],
              then=words.number(rows["distance"].iloc[0], 2), last=rows["year"].iloc[-1],
              now=words.number(rows["distance"].iloc[-1], 2))
        for (country, partner, vote_set), rows in known.groupby(keys, sort=False)
    ]  # fmt: skip
    return " ".join(sentences) or words("alt.none")


def _moves_in_words(moves: pd.DataFrame, words: Words) -> str:
    sentences = [
        words("alt.un_move", country=row.country, partner=row.partner,
              votes=words(f"vote_set.{row.vote_set}"), base=row.base_year, year=row.year,
              change=words.number(row.distance_change, 2),
              before=words.number(row.distance_before, 2), now=words.number(row.distance, 2),
              still=words.number(row.distance_if_still, 2),
              partner_still=words.number(row.distance_if_partner_still, 2))
        for row in moves[moves["state"] == "observed"].itertuples()
    ]  # fmt: skip
    return " ".join(sentences) or words("alt.none")
