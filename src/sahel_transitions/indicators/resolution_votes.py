"""Votes on resolutions of the General Assembly on Ukraine, from the coded record."""

from collections.abc import Mapping

import pandas as pd

from sahel_transitions.indicators.un_votes import NEIGHBOURS
from sahel_transitions.parameters import Parameters
from sahel_transitions.tables import Table

VOTES = ("for", "against", "abstain", "not_voting", "missing", "not_covered")
COLUMNS = ["resolution", "date", "country", "vote", "role", "confidence", "note", "sources"]


def resolution_votes(
    parameters: Parameters, tables: Mapping[str, Table], neighbours: bool = True
) -> pd.DataFrame:
    """How the countries of the study, and neighbours, voted on resolutions known on `as_of`.

    Returns
    -------
    DataFrame
        `COLUMNS`, one row for each resolution and country, by day of the vote. `vote` is one of
        `VOTES`: *not_voting* is the record that no vote was cast, *missing* that no source seen
        says how, *not_covered* that the country is not coded.
    """
    table = tables["un_resolutions"].frame
    table = table[table["date"] <= parameters.as_of]
    others = [each for each in NEIGHBOURS if neighbours and each not in parameters.countries]
    known = {(row.resolution, row.country): row for row in table.itertuples()}
    rows = []
    held = table[["resolution", "date"]].drop_duplicates().sort_values("date", kind="stable")
    for resolution, day in held.itertuples(index=False):
        for country in (*parameters.countries, *others):
            row = known.get((resolution, country))
            role = "neighbour" if country in others else "study"
            found = (
                ("not_covered", role, None, None, ())
                if row is None
                else (row.vote, role, row.confidence, row.note, row.sources)
            )
            rows.append((resolution, day, country, *found))
    return pd.DataFrame(rows, columns=COLUMNS)
