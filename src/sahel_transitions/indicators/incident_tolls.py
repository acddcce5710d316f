"""Tolls of the same incident by source: a range with who says so, never summed or averaged."""

from collections.abc import Mapping
from datetime import date

import pandas as pd

from sahel_transitions.parameters import Parameters
from sahel_transitions.tables import Table, parse_partial_date

_COLUMNS = [
    "incident_id", "country", "date", "admin1", "name", "reported_by", "known_on", "toll_low",
    "toll_high", "counts", "attributed_to", "sources", "confidence",
]  # fmt: skip


def tolls_known(
    parameters: Parameters, tables: Mapping[str, Table], least: int = 2
) -> pd.DataFrame:
    """The tolls of incidents in the countries of a study that were public on `as_of`.

    A toll counts as public once the whole of its `known_on` is past, so that nothing that became
    known later is used. Incidents over several units are left out: their sources count different
    parts. Months of the study play no part: the ledger is short, and shown whole.

    Parameters
    ----------
    tables : mapping
        Needs `incidents`.
    least : int
        Incidents with fewer tolls than this are left out.

    Returns
    -------
    DataFrame
        Rows of the ledger, one a toll, by date of the incident and then by toll; `toll_high` is
        absent where the source gives a minimum only, `name` is empty where no place is named.
    """
    rows = tables["incidents"].frame.dropna(subset="admin1")
    day = date.fromisoformat(parameters.as_of)
    known = [parse_partial_date(text).latest <= day for text in rows["known_on"]]
    rows = rows[pd.Series(known, index=rows.index) & rows["country"].isin(parameters.countries)]
    several = rows.groupby("incident_id")["reported_by"].transform("size") >= least
    began = [parse_partial_date(text).earliest for text in rows["date"]]
    rows = rows.assign(began=began)[several]
    return rows.sort_values(["began", "incident_id", "toll_low"], kind="stable")[
        _COLUMNS
    ].reset_index(drop=True)
