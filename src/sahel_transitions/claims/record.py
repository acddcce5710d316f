"""The rows of every table that were known on a day, and what indicators give of them."""

from collections.abc import Mapping
from datetime import date

import pandas as pd

from sahel_transitions import indicators
from sahel_transitions.claims.claim_checks import Query
from sahel_transitions.errors import Refusal, nearest
from sahel_transitions.parameters import read_parameters
from sahel_transitions.tables import Table, parse_partial_date

# Table → the column from which on a row is known. A year or a month is known when it is over; the
# index of press freedom of a year appears in May.
_KNOWN_FROM = {
    "access": "first",
    "arms": "year",
    "coup_records": "date",
    "coups": "date",
    "deaths": "month",
    "displacement": "year",
    "incidents": "known_on",
    "left_out": "date",
    "military_expenditure": "year",
    "neighbour_events": "known_on",
    "partner_events": "known_on",
    "peacekeeping": "year",
    "population": "year",
    "press_freedom": "year",
    "published_figures": "vintage",
    "readings": "known_on",
    "recommendation_outcomes": "known_on",
    "recommendations": "published_on",
    "reference_promises": "announced_on",
    "regimes": "year",
    "shocks": "date",
    "spells": "began",
    "un_resolutions": "date",
    "un_votes": "year",
    "us_aid": "fiscal_year",
}
_PUBLISHED_IN_MAY = {"press_freedom"}
# When a row of a table happened, where that is not the column above.
_HAPPENED = {
    "deadlines": "announced_on", "incidents": "date", "neighbour_events": "date",
    "partner_events": "date", "published_figures": "first", "recommendation_outcomes": "date",
}  # fmt: skip
# Indicator → the function of the room and the table that it rests on.
INDICATORS = {
    "arms": ("arms", "arms"),
    "civilian-deaths": ("civilian_deaths", "deaths"),
    "coups": ("coup_counts", "coups"),
    "deadlines": ("standing_promises", "deadlines"),
    "partners": ("partner_states", "partner_events"),
    "recommendations": ("recommendations_followed", "recommendations"),
    "un-votes": ("un_votes", "un_votes"),
}


class Record(Mapping[str, pd.DataFrame]):
    """The rows of every table that were known on a day; each is cut once, when first asked for.

    Parameters
    ----------
    tables : Mapping of Table
    day : str
        ISO day.
    """

    def __init__(self, tables: Mapping[str, Table], day: str):
        self.tables, self.day = tables, day
        self._frames: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._frames:
            self._frames[name] = self._known(name)
        return self._frames[name]

    def __iter__(self):
        return iter(self.tables)

    def __len__(self) -> int:
        return len(self.tables)

    def _known(self, name: str) -> pd.DataFrame:
        if name == "deadlines":
            return indicators.promises_known(read_parameters({"as_of": self.day}), self.tables)
        if name not in self.tables:
            raise Refusal(f"Refused: there is no table {name!r}; {nearest(name, self.tables)}.")
        frame = self.tables[name].frame
        if name not in _KNOWN_FROM:
            return frame
        ends = {text: _known_by(name, text) for text in frame[_KNOWN_FROM[name]].unique()}
        limit = date.fromisoformat(self.day)
        known = [ends[text] <= limit for text in frame[_KNOWN_FROM[name]]]
        return frame[pd.Series(known, index=frame.index, dtype=bool)]

    def indicator(self, query: Query, countries: tuple[str, ...]) -> pd.DataFrame:
        """The rows of an indicator as asked on the day."""
        given = {**query.parameters, "as_of": self.day}
        given.setdefault("countries", ",".join(dict.fromkeys((*countries, "MLI", "BFA"))))
        key = f"{query.indicator} {query.by} {sorted(given.items())}"
        if key not in self._frames:
            if query.indicator not in INDICATORS:
                raise Refusal(
                    f"Refused: there is no indicator {query.indicator!r} for claims; "
                    f"{nearest(query.indicator, INDICATORS)}."
                )
            function = getattr(indicators, INDICATORS[query.indicator][0])
            more = () if query.by is None else (query.by,)
            self._frames[key] = function(read_parameters(given), self.tables, *more)
        return self._frames[key]


def _known_by(table: str, text) -> date:
    if pd.isna(text):
        return date.min
    if table in _PUBLISHED_IN_MAY:
        return date(int(text), 5, 31)
    when = parse_partial_date(str(text))
    # The month of a figure is that of the text which cites it: it is known from its first day.
    return when.earliest if table == "published_figures" else when.latest


def by_time(rows: pd.DataFrame, table: str) -> pd.DataFrame:
    """Rows of a table in the order in which they happened.

    Raises
    ------
    Refusal
        If they have no order in time.
    """
    column = _HAPPENED.get(table, _KNOWN_FROM.get(table))
    if column is None or column not in rows:
        raise Refusal(f"Refused: the rows of {table} have no order in time.")
    order = rows[column].map(lambda text: parse_partial_date(str(text)).latest)
    return rows.loc[order.sort_values(kind="stable").index]
