"""Votes in the UN General Assembly: where countries stand, how far apart, and who moved.

Ideal points are of Bailey, Strezhnev and Voeten (2017, "Estimating Dynamic State Preferences from
United Nations Voting Data", Journal of Conflict Resolution 61:430). The table has quantiles of each
point alone, so that all intervals of distances and moves rest on independence (`difference`).
"""

from collections.abc import Mapping
from typing import Literal

import pandas as pd

from sahel_transitions.indicators.known_years import covers_year, known_years
from sahel_transitions.methods import NONE, Estimate, difference, distance, split_change
from sahel_transitions.parameters import Parameters
from sahel_transitions.tables import Table

VOTE_SETS = ("all", "final_passage")
PARTNERS = ("FRA", "USA", "RUS", "CHN")
# Neighbours without a coup in the years of the study.
NEIGHBOURS = ("SEN", "CIV", "GHA")
# Points on fewer votes than this are marked, and those of neighbours give no range.
FEW_VOTES = 30
# From each of them the own move is said, so that it is seen what depends on the base year.
BASE_YEARS = tuple(range(2017, 2022))
COLUMNS = [
    "country", "year", "vote_set", "ideal_point", "q5", "q95", "partner", "distance",
    "distance_q5", "distance_q95",
]  # fmt: skip
MOVE_COLUMNS = [
    "country", "vote_set", "partner", "base_year", "year", "distance_before", "distance",
    "distance_change", "distance_change_q5", "distance_change_q95", "distance_if_still",
    "distance_if_partner_still", "own_if_first", "own_if_last", "own_part", "partner_part",
    "own_move", "own_move_q5", "own_move_q95", "partner_move", "partner_move_q5",
    "partner_move_q95",
]  # fmt: skip
BASE_COLUMNS = [
    "country", "vote_set", "base_year", "year", "own_move", "own_move_q5", "own_move_q95", "votes",
    "declared", "state",
]  # fmt: skip

Since = Literal["year", "base"]


def un_votes(
    parameters: Parameters, tables: Mapping[str, Table], neighbours: bool = False
) -> pd.DataFrame:
    """Ideal points of the countries of the study and their distances to four partners.

    Parameters
    ----------
    neighbours : bool
        Whether to add those of `NEIGHBOURS` that are not in the study.

    Returns
    -------
    DataFrame
        `COLUMNS`, then `votes` (of the country, on which its point rests), `role` (`study` or
        `neighbour`) and `state`; one row for each country, year of `known_years`, set of votes and
        partner. `distance` is the absolute difference of the points of one year and set, with an
        interval from 5 to 95 per cent by `distance`. A year without an estimate is *missing*, one
        outside the table *not_covered*: their rows are there, with empty cells.
    """
    points = _Points(tables["un_votes"])
    rows = [
        _row(points, country, year, vote_set, partner, role)
        for country, role in _roles(parameters, neighbours)
        for year in known_years(parameters)
        for vote_set in VOTE_SETS
        for partner in PARTNERS
    ]
    frame = pd.DataFrame(rows, columns=[*COLUMNS, "votes", "role", "state"])
    return _typed(frame)


def un_moves(
    parameters: Parameters,
    tables: Mapping[str, Table],
    since: Since = "year",
    neighbours: bool = False,
) -> pd.DataFrame:
    """How distances changed, and how much of it either side moved.

    Parameters
    ----------
    since : {"year", "base"}
        Whether each year is set against the one before it, or against one base year: see
        `base_years`.

    Returns
    -------
    DataFrame
        `MOVE_COLUMNS`, then `votes` (the fewer of those on which the country's two points rest),
        `role` and `state`. `distance_if_still` is how far apart the two would be in `year` had the
        country stood where it was in `base_year`, `distance_if_partner_still` had the partner.
        `own_if_first` is the change that the country's move makes before the partner's,
        `own_if_last` after it: where the two passed one another their signs differ. `own_part` is
        the mean of both, so that it may be near zero though both moved far; with `partner_part` it
        adds up to `distance_change` exactly (`split_change`). Positive leads away from the partner.
        `own_move` and `partner_move` are changes of the ideal points themselves, upwards being
        towards the United States, with intervals; the counterfactuals have none, since where the
        two may have passed one another they are no linear function of the moves. The interval of
        `distance_change` takes the four points as independent. Years without an estimate are
        *missing* or *not_covered*.
    """
    points = _Points(tables["un_votes"])
    rows = []
    for country, role in _roles(parameters, neighbours):
        pairs = _pairs(country, role, parameters, tables, since)
        rows += [
            _move(points, country, base, year, vote_set, partner, role)
            for base, year in pairs
            for vote_set in VOTE_SETS
            for partner in PARTNERS
        ]
    return _typed(pd.DataFrame(rows, columns=[*MOVE_COLUMNS, "votes", "role", "state"]))


def un_base_years(
    parameters: Parameters, tables: Mapping[str, Table], year: int | None
) -> pd.DataFrame:
    """How far the point of each country of the study moved up to a year, by base year.

    Parameters
    ----------
    year : int or None
        The year up to which moves are measured; without one there is no row.

    Returns
    -------
    DataFrame
        `BASE_COLUMNS`, one row for each country, set of votes and year of `BASE_YEARS` before
        `year`. `own_move` is the change of the ideal point, upwards being towards the United
        States, with an interval from 5 to 95 per cent; `votes` the fewer of those on which its two
        points rest; `declared` marks the year that `base_years` gives. A move without one of its
        points is *missing* or *not_covered*.
    """
    points = _Points(tables["un_votes"])
    declared = base_years(parameters, tables)
    rows = []
    for country in parameters.countries:
        for vote_set in VOTE_SETS:
            for base in BASE_YEARS:
                if year is None or base >= year:
                    continue
                keys = [(country, each, vote_set) for each in (base, year)]
                before, after = (points.estimate(*key) for key in keys)
                moved = difference(after, before)
                rows.append(
                    (country, vote_set, base, year, moved.value, moved.low, moved.high,
                     points.fewest(*keys), base == declared[country], points.state(*keys))
                )  # fmt: skip
    return _typed(pd.DataFrame(rows, columns=BASE_COLUMNS)).astype({"declared": "bool"})


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    """The same types with and without rows."""
    whole = {"year": "int64", "base_year": "int64", "votes": "Int64"}
    texts = {"country", "vote_set", "partner", "role", "state", "declared"}
    return frame.astype({name: whole.get(name, "float64") for name in frame if name not in texts})


def set_disagreements(moves: pd.DataFrame) -> pd.DataFrame:
    """Where a distance moved one way in one set of votes and the other way in the other set.

    Parameters
    ----------
    moves : DataFrame
        `un_moves(…)`.

    Returns
    -------
    DataFrame
        One row for each country, partner, base year and year with an estimate in both sets:
        these, `role`, `change_all`, `change_final_passage`, `opposite` (the signs differ) and
        `clear` (the interval of neither change holds zero).
    """
    keys = ["country", "partner", "base_year", "year", "role"]
    moves = moves[moves["state"] == "observed"]
    clear = (moves["distance_change_q5"] > 0) | (moves["distance_change_q95"] < 0)
    sets = [
        moves.assign(clear=clear)
        .loc[moves["vote_set"] == name, [*keys, "distance_change", "clear"]]
        .rename(columns={"distance_change": f"change_{name}", "clear": f"clear_{name}"})
        for name in VOTE_SETS
    ]
    both = sets[0].merge(sets[1], on=keys)
    both["opposite"] = both["change_all"] * both["change_final_passage"] < 0
    both["clear"] = both["clear_all"] & both["clear_final_passage"]
    columns = [*keys, "change_all", "change_final_passage", "opposite", "clear"]
    return both[columns].reset_index(drop=True)


def last_year_of_both(moves: pd.DataFrame) -> int | None:
    """The last year in which both sets of votes have an estimate, and so has the year before it.

    Parameters
    ----------
    moves : DataFrame
        `un_moves(…)`.
    """
    both = set_disagreements(moves)
    return None if both.empty else int(both["year"].max())


def base_years(parameters: Parameters, tables: Mapping[str, Table]) -> dict[str, int]:
    """The last year before the first realised coup of each country of the study.

    From the ledger of coups, as known on `as_of`: 2019 for Mali, 2021 for Burkina Faso. Most votes
    of a year fall in its last quarter, so that those of the year of a coup may be of either
    government. A country without a coup there takes the first base year of the others, and where
    there is none, the year of `start`.
    """
    coups = tables["coups"].frame
    coups = coups[
        (coups["outcome"] == "realised")
        & coups["country"].isin(parameters.countries)
        & (coups["date"].str[:10] <= parameters.as_of)
    ]
    found = {
        country: int(min(rows["date"])[:4]) - 1
        for country, rows in coups.groupby("country", sort=False)
    }
    without = min(found.values(), default=int(parameters.start[:4]))
    return {country: found.get(country, without) for country in parameters.countries}


def _pairs(country, role, parameters, tables, since) -> list[tuple[int, int]]:
    years = known_years(parameters)
    if since == "year":
        return [(year - 1, year) for year in years]
    bases = base_years(parameters, tables)
    # A neighbour is a control of every country, so that it is seen from each of their base years.
    own = [bases[country]] if role == "study" else sorted(set(bases.values()))
    return [(base, year) for base in own for year in years if year > base]


def _roles(parameters: Parameters, neighbours: bool) -> list[tuple[str, str]]:
    roles = [(country, "study") for country in parameters.countries]
    if neighbours:
        others = [country for country in NEIGHBOURS if country not in parameters.countries]
        roles += [(country, "neighbour") for country in others]
    return roles


class _Points:
    """Ideal points by country, year and set of votes, with the state of each."""

    def __init__(self, table: Table):
        self._declaration = table.declaration
        self._rows = {
            (row.country, row.year, row.vote_set): row for row in table.frame.itertuples()
        }

    def estimate(self, country: str, year: int, vote_set: str) -> Estimate:
        row = self._rows.get((country, year, vote_set))
        return NONE if row is None else Estimate(row.ideal_point, row.q5, row.q95)

    def votes(self, country: str, year: int, vote_set: str):
        row = self._rows.get((country, year, vote_set))
        return pd.NA if row is None else row.votes

    def fewest(self, *keys: tuple[str, int, str]):
        """The fewest votes on which one of several points rests; NA where one has none."""
        resting = [self.votes(*key) for key in keys]
        return pd.NA if any(pd.isna(votes) for votes in resting) else min(resting)

    def state(self, *keys: tuple[str, int, str]) -> str:
        """The worst state of several points."""
        if not all(covers_year(self._declaration, key[0], key[1]) for key in keys):
            return "not_covered"
        values = [self.estimate(*key).value for key in keys]
        return "missing" if any(pd.isna(value) for value in values) else "observed"


def _row(points: _Points, country: str, year: int, vote_set: str, partner: str, role: str) -> tuple:
    here, there = (country, year, vote_set), (partner, year, vote_set)
    own = points.estimate(*here)
    apart = distance(own, points.estimate(*there))
    return (
        country, year, vote_set, own.value, own.low, own.high, partner, apart.value, apart.low,
        apart.high, points.votes(*here), role, points.state(here, there),
    )  # fmt: skip


def _move(
    points: _Points, country: str, base: int, year: int, vote_set: str, partner: str, role: str
) -> tuple:
    before, after = [(country, each, vote_set) for each in (base, year)]
    there, then = [(partner, each, vote_set) for each in (base, year)]
    own, other = (
        tuple(points.estimate(*key) for key in pair) for pair in ((before, after), (there, then))
    )
    was, became = (distance(*pair) for pair in zip(own, other, strict=True))
    change = difference(became, was)
    split = split_change((own[0].value, own[1].value), (other[0].value, other[1].value))
    moved, partner_moved = difference(own[1], own[0]), difference(other[1], other[0])
    return (
        country, vote_set, partner, base, year, was.value, became.value, split.change, change.low,
        change.high, split.if_still, split.if_other_still, split.own_first, split.own_last,
        split.own, split.other, moved.value, moved.low, moved.high,
        partner_moved.value, partner_moved.low, partner_moved.high,
        points.fewest(before, after), role, points.state(before, after, there, then),
    )  # fmt: skip
