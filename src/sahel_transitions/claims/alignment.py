"""Sentences on votes, deliveries of arms, and what else changed around them."""

import pandas as pd

from sahel_transitions.indicators import set_disagreements
from sahel_transitions.indicators.arms import UNKNOWN
from sahel_transitions.indicators.un_votes import FEW_VOTES, VOTE_SETS
from sahel_transitions.language import Words


def vote_findings(moves: pd.DataFrame, year: int | None, words: Words) -> list[str]:
    """Which way each country moved from France in a year, by set of votes, and how often sets differ.

    Parameters
    ----------
    moves : DataFrame
        `un_moves(…, since="year")`.
    year : int or None
        The year that is set against the one before it.
    """
    rows = moves[(moves["year"] == year) & (moves["role"] == "study")]
    both = set_disagreements(rows)
    sentences = []
    for row in both[both["partner"] == "FRA"].itertuples():
        changes = rows[(rows["country"] == row.country) & (rows["partner"] == "FRA")]
        changes = changes.set_index("vote_set")
        fields = {
            f"{name}_{end}": words.number(changes.at[name, column], 2)
            for name in VOTE_SETS
            for end, column in (
                ("change", "distance_change"),
                ("low", "distance_change_q5"),
                ("high", "distance_change_q95"),
            )
        }
        key = "opposite" if row.opposite else "same"
        if row.opposite and not row.clear:
            key = "opposite_unclear"
        sentences.append(words(f"finding.un_{key}", country=row.country, year=year, **fields))
    if len(both):
        opposite = both[both["opposite"]]
        sentences.append(
            words("finding.un_sets_differ", n=len(opposite), total=len(both),
                  clear=int(opposite["clear"].sum()), year=year)
        )  # fmt: skip
    return sentences or [words("finding.un_no_year", topic="distances")]


def move_findings(moves: pd.DataFrame, year: int | None, words: Words) -> list[str]:
    """How Russia itself moved, and how countries moved beside it and beside their neighbours.

    Neighbours of which a point rests on fewer than `FEW_VOTES` votes are left out of the range.

    Parameters
    ----------
    moves : DataFrame
        `un_moves(…, since="base", neighbours=True)`.
    year : int or None
        The year up to which moves are said.
    """
    rows = moves[(moves["year"] == year) & (moves["state"] == "observed")]
    sentences = []
    russia = rows[(rows["partner"] == "RUS") & (rows["role"] == "study")]
    for base, group in russia.drop_duplicates(["base_year", "vote_set"]).groupby("base_year"):
        moved = group.set_index("vote_set")
        if set(VOTE_SETS) <= set(moved.index):
            fields = {
                f"{name}_{end}": words.number(moved.at[name, column], 2)
                for name in VOTE_SETS
                for end, column in (
                    ("move", "partner_move"),
                    ("low", "partner_move_q5"),
                    ("high", "partner_move_q95"),
                )
            }
            sentences.append(words("finding.un_russia_moved", base=base, year=year, **fields))
    sentences += [
        words("finding.un_counterfactual", country=row.country, partner=row.partner,
              votes=words(f"vote_set.{row.vote_set}"), base=row.base_year, year=year,
              then=words.number(row.distance_before, 2), now=words.number(row.distance, 2),
              still=words.number(row.distance_if_still, 2),
              partner_still=words.number(row.distance_if_partner_still, 2))
        for row in russia.itertuples()
    ]  # fmt: skip
    own = rows.drop_duplicates(["country", "vote_set", "base_year"])
    around = own[(own["role"] == "neighbour") & (own["votes"] >= FEW_VOTES)]
    for row in own[own["role"] == "study"].itertuples():
        beside = around[
            (around["vote_set"] == row.vote_set) & (around["base_year"] == row.base_year)
        ].sort_values("own_move")
        if beside.empty:
            continue
        low, high = beside.iloc[0], beside.iloc[-1]
        inside = low["own_move"] <= row.own_move <= high["own_move"]
        sentences.append(
            words("finding.un_beside_neighbours" if inside else "finding.un_beyond_neighbours",
                  country=row.country, votes=words(f"vote_set.{row.vote_set}"),
                  base=row.base_year, year=year, move=words.number(row.own_move, 2),
                  q5=words.number(row.own_move_q5, 2), q95=words.number(row.own_move_q95, 2),
                  low=words.number(low["own_move"], 2), low_country=low["country"],
                  high=words.number(high["own_move"], 2), high_country=high["country"])
        )  # fmt: skip
    sentences += _of_one_set(moves, year, words)
    few = own[own["votes"] < FEW_VOTES].drop_duplicates(["country", "vote_set"])
    sentences += [
        words(f"finding.un_few_votes_{row.role}", country=row.country, n=int(row.votes),
              votes=words(f"vote_set.{row.vote_set}"), least=FEW_VOTES)
        for row in few.itertuples()
    ]  # fmt: skip
    return sentences


def base_year_findings(bases: pd.DataFrame, words: Words) -> list[str]:
    """Where the sign of a country's own move depends on the base year, with every move.

    Parameters
    ----------
    bases : DataFrame
        `un_base_years(…)`.
    """
    sentences = []
    known = bases[bases["state"] == "observed"]
    for (country, vote_set), rows in known.groupby(["country", "vote_set"], sort=False):
        moves = rows["own_move"]
        one_way = (moves > 0).all() or (moves < 0).all()
        clear = (rows["own_move_q5"] > 0) | (rows["own_move_q95"] < 0)
        each = [
            words("finding.un_base_each", base=base, move=words.number(move, 2))
            for base, move in zip(rows["base_year"], moves, strict=True)
        ]
        sentences.append(
            words("finding.un_base_same" if one_way else "finding.un_base_depends",
                  country=country, votes=words(f"vote_set.{vote_set}"), moves=each,
                  n=int(clear.sum()), total=len(rows), year=rows["year"].iloc[0])
        )  # fmt: skip
    return sentences or [words("finding.un_no_year", topic="base_years")]


def _of_one_set(moves: pd.DataFrame, year: int | None, words: Words) -> list[str]:
    """Own moves up to a later year for which one set of votes alone has an estimate."""
    later = moves[(moves["role"] == "study") & (moves["state"] == "observed")]
    later = later[later["year"] > year] if year is not None else later
    last = later.drop_duplicates(["country", "year", "vote_set"])
    last = last[last["year"] == last["year"].max()]
    return [
        words("finding.un_one_set", country=row.country, votes=words(f"vote_set.{row.vote_set}"),
              base=row.base_year, year=row.year, move=words.number(row.own_move, 2),
              q5=words.number(row.own_move_q5, 2), q95=words.number(row.own_move_q95, 2))
        for row in last.itertuples()
    ]  # fmt: skip


def ukraine_findings(votes: pd.DataFrame, words: Words) -> list[str]:
    """How often each country voted which way, with what is not known.

    Parameters
    ----------
    votes : DataFrame
        `resolution_votes(…)`.
    """
    sentences = []
    for country, rows in votes[votes["role"] == "study"].groupby("country", sort=False):
        counts = rows["vote"].value_counts()
        if set(counts.index) == {"not_covered"}:
            sentences.append(words("finding.ukraine_not_coded", country=country))
            continue
        each = [
            words("finding.ukraine_each", vote=words(f"vote.{vote}"), n=int(n))
            for vote, n in counts.items()
        ]
        sentences.append(words("finding.ukraine", country=country, n=len(rows), counts=each))
    return sentences or [words("finding.ukraine_none")]


def arms_findings(arms: pd.DataFrame, words: Words) -> list[str]:
    """The largest supplier of each country in two windows, and how alike the last portfolios are.

    Parameters
    ----------
    arms : DataFrame
        `arms(…)`.
    """
    ends = sorted(arms.loc[arms["share"].notna(), "window_end"].unique())
    # The last window, and the one that ends four years before, as in the figure.
    chosen = [end for end in ends if end in (ends[-1], ends[-1] - 4)]
    sentences = []
    for country, rows in arms.groupby("country", sort=False):
        for end in chosen:
            window = rows[(rows["window_end"] == end) & rows["supplier"].notna()]
            if len(window):
                sentences.append(_portfolio(country, window, words))
    if not sentences:
        return [words("finding.arms_none")]
    return [*sentences, *_alike(arms[arms["window_end"] == ends[-1]], words),
            words("finding.arms_not_money")]  # fmt: skip


def _portfolio(country: str, window: pd.DataFrame, words: Words) -> str:
    first = window.iloc[0]
    named = window[window["supplier"] != UNKNOWN]
    unknown = float(first["unknown_share"])
    fields = {
        "country": country,
        "first": int(first["window_start"]),
        "last": int(first["window_end"]),
        "hhi": _range(first["hhi_low"], first["hhi_high"], words),
        "suppliers": [
            words("alt.supplier", supplier=words.supplier(row.supplier), share=row.share)
            for row in named.head(3).itertuples()
        ],
        "unknown": unknown,
    }
    key = "unknown" if unknown > 0 else "known"
    if first["state"] == "partial":
        return words(f"finding.arms_partial_{key}", n=int(first["years"]), **fields)
    return words(f"finding.arms_{key}", **fields)


def _range(low: float, high: float, words: Words) -> str:
    ends = [words.number(end, 2) for end in (low, high)]
    return ends[0] if ends[0] == ends[1] else words("range", low=ends[0], high=ends[1])


def _alike(window: pd.DataFrame, words: Words) -> list[str]:
    """The overlap of the named suppliers of the first two countries: the smaller shares, summed."""
    named = window[window["supplier"].notna() & (window["supplier"] != UNKNOWN)]
    wide = named.pivot(index="supplier", columns="country", values="share").fillna(0)
    countries = [each for each in window["country"].unique() if each in wide]
    if len(countries) < 2:
        return []
    one, other = countries[:2]
    return [
        words("finding.arms_overlap", one=one, other=other,
              overlap=float(wide[[one, other]].min(axis=1).sum()),
              first=int(window["window_start"].iloc[0]), last=int(window["window_end"].iloc[0]))
    ]  # fmt: skip


def context_findings(context: pd.DataFrame, words: Words) -> list[str]:
    """What changed most plainly, and which values must not be read as they stand.

    Parameters
    ----------
    context : DataFrame
        `partner_context(…)`.
    """
    sentences = []
    for country, rows in context.groupby("country", sort=False):
        bases = rows[(rows["indicator"] == "un_bases") & rows["value"].notna()]
        if (bases["value"] > 0).any():
            top, last = bases.loc[bases["value"].idxmax()], bases.iloc[-1]
            sentences.append(
                words("finding.un_bases", country=country, most=int(top["value"]),
                      top=top["year"], n=int(last["value"]), last=last["year"])
            )  # fmt: skip
        for name, decimals in (("electoral_democracy", 2), ("press_freedom_rank", 0)):
            mine = rows[(rows["indicator"] == name) & rows["value"].notna()]
            # Only years under one method are compared.
            mine = mine[mine["after_break"].cumsum() == mine["after_break"].sum()]
            if len(mine) > 1:
                sentences.append(_first_to_last(country, name, mine, decimals, words))
        for state in ("stale", "partial"):
            for name, soft in rows[rows["state"] == state].groupby("indicator", sort=False):
                sentences.append(
                    words(f"finding.context_{state}", country=country,
                          indicator=words(f"context.{name}"),
                          years=[str(year) for year in soft["year"]],
                          value=words.number(round(soft["value"].iloc[-1]) + 0.0))
                )  # fmt: skip
    return sentences or [words("finding.context_none")]


def _first_to_last(country: str, name: str, rows: pd.DataFrame, decimals: int, words: Words) -> str:
    first, last = rows.iloc[0], rows.iloc[-1]
    return words(
        f"finding.context_{name}", country=country, first=first["year"], last=last["year"],
        then=words.number(first["value"], decimals), now=words.number(last["value"], decimals),
    )  # fmt: skip
