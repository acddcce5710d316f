"""What a declared reading finds in the tables, as the record stood on a day."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from sahel_transitions import indicators
from sahel_transitions.claims.claim_checks import Query, Range, Reading, Where
from sahel_transitions.errors import Refusal, nearest
from sahel_transitions.parameters import read_parameters
from sahel_transitions.tables import PartialDate, Table, parse_partial_date

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


@dataclass(frozen=True)
class Found:
    """A value, the rows that it rests on and their sources.

    `value` is a number, a text or None where no row answers. `form` is how a reader is shown it.
    """

    value: float | str | None
    table: str
    form: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """A reading on one day: whether it holds (None: no row answers) and what was found where."""

    reading: Reading
    holds: bool | None
    found: tuple[tuple[str, Found], ...]
    expected: float | str | tuple


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
        self._asked: dict[str, Found] = {}

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

    def found(self, query: Query, countries: tuple[str, ...], where: Where) -> Found:
        """One value; `where` is added to that of the query."""
        key = f"{query.model_dump_json(include=set(Query.model_fields))}{countries}{where}"
        if key not in self._asked:
            self._asked[key] = self._find(query, countries, {**query.where, **where})
        return self._asked[key]

    def _find(self, query: Query, countries: tuple[str, ...], where: Where) -> Found:
        if query.table is not None:
            table, frame = query.table, self[query.table]
        else:
            table, frame = INDICATORS.get(query.indicator, ("", ""))[1], None
            frame = self.indicator(query, countries)
        if "year" not in frame and "month" in frame:
            frame = frame.assign(year=frame["month"].str[:4].astype("int64"))
        if query.last_of_each:
            frame = frame.loc[_by_time(frame, table).index]
            frame = frame.groupby(list(query.last_of_each), sort=False, dropna=False).tail(1)
        rows = frame[matching(frame, where)]
        value, form = _taken(query, rows, table)
        sources: dict[str, None] = {}
        if "sources" in rows:
            sources = dict.fromkeys(key for keys in rows["sources"] for key in keys)
        return Found(value, table, form, tuple(sources))


def answer(reading: Reading, claim, record: Record) -> Answer:
    """What a reading finds for a claim (a row of the table `claims`), and whether it holds."""
    expected = _expected(reading, claim)
    places = claim.countries if reading.each_country else ("",)
    found = []
    for country in places:
        where = {"country": country} if country else {}
        value = record.found(reading, claim.countries, where)
        if reading.against is not None:
            other = record.found(reading.against, claim.countries, where)
            value = _measured(reading.measured_as, value, other)
        found.append((country, value))
    outcomes = [holds(each.value, expected, reading) for _, each in found]
    decided = None if None in outcomes and False not in outcomes else all(outcomes)
    return Answer(reading, decided, tuple(found), expected)


def holds(value: float | str | None, expected, reading: Reading) -> bool | None:
    """Whether a value is what is expected; None where there is none."""
    if value is None:
        return None
    slack = reading.tolerance
    if isinstance(expected, (int, float)):
        slack = max(slack, reading.relative * abs(expected))
    match reading.comparison:
        case "exists" | "none":
            return (value >= 1) == (reading.comparison == "exists")
        case "equals" if isinstance(value, float):
            return abs(value - _number(expected)) <= slack + 1e-9
        case "equals":
            return value == str(expected)
        case "other_than":
            return value not in (expected, str(expected))
        case "one_of":
            return any(value in (each, str(each)) for each in expected)
        case "at_least":
            return value >= _number(expected) - slack
        case "at_most":
            return value <= _number(expected) + slack
        case "above":
            return value > _number(expected) - slack
        case "below":
            return value < _number(expected) + slack
        case "between":
            return expected[0] - slack <= value <= expected[1] + slack
    return _dates_hold(reading.comparison, value, str(expected), slack)


def _dates_hold(comparison: str, value: str, expected: str, slack: float) -> bool:
    mine, theirs = parse_partial_date(value), parse_partial_date(expected)
    first, last = mine.earliest or date.min, mine.latest
    match comparison:
        case "before":
            return last < theirs.earliest
        case "after":
            return first > theirs.latest
        case "within":
            return first >= (theirs.earliest or date.min) and last <= theirs.latest
    apart = max((first - theirs.latest).days, ((theirs.earliest or date.min) - last).days)
    return apart <= slack


def matching(frame: pd.DataFrame, where: Where) -> pd.Series:
    """Which rows fulfil every condition.

    Raises
    ------
    Refusal
        If a column does not exist.
    """
    fits = pd.Series(True, index=frame.index)
    for column, condition in where.items():
        if column not in frame:
            raise Refusal(f"Refused: no column {column!r}; {nearest(column, frame.columns)}.")
        fits &= pd.Series(
            [_fits(cell, condition) for cell in frame[column]], index=frame.index, dtype=bool
        )
    return fits


def _fits(cell, condition) -> bool:
    empty = not isinstance(cell, tuple) and bool(pd.isna(cell))
    if isinstance(condition, Range):
        if condition.empty is not None:
            return empty == condition.empty
        if condition.other_than is not None:
            return not _fits(cell, condition.other_than)
        return not empty and _inside(cell, condition)
    if empty:
        return False
    if isinstance(condition, tuple):
        return any(_fits(cell, each) for each in condition)
    if isinstance(cell, tuple):
        return str(condition) in cell
    if isinstance(cell, str) or isinstance(condition, (str, bool)):
        return str(cell).lower() == str(condition).lower()
    return float(cell) == float(condition)


def _inside(cell, condition: Range) -> bool:
    first, last = condition.first, condition.last
    if not isinstance(cell, str):
        return (first is None or cell >= first) and (last is None or cell <= last)
    when = parse_partial_date(cell)
    earliest = when.earliest or date.min
    return (first is None or earliest >= (parse_partial_date(str(first)).earliest)) and (
        last is None or when.latest <= parse_partial_date(str(last)).latest
    )


def _taken(query: Query, rows: pd.DataFrame, table: str) -> tuple[float | str | None, str]:
    match query.take:
        case "count" | "exists" | "none":
            return float(len(rows)), "number"
    if query.column not in rows:
        raise Refusal(
            f"Refused: no column {query.column!r}; {nearest(query.column, rows.columns)}."
        )
    cells = rows[query.column].dropna()
    if cells.empty:
        return (0.0, "number") if query.take == "distinct" else (None, "")
    match query.take:
        case "only":
            different = cells.unique()
            if len(different) > 1:
                raise Refusal(
                    f"Refused: {query.table or query.indicator}.{query.column}: expected one value, "
                    f"found {len(different)}: {', '.join(map(str, different[:5]))}. Narrow `where`."
                )
            return _plain(different[0])
        case "first" | "last":
            ordered = _by_time(rows.loc[cells.index], table)
            return _plain(ordered[query.column].iloc[0 if query.take == "first" else -1])
        case "distinct":
            return float(cells.nunique()), "number"
        case "max" | "min" if isinstance(cells.iloc[0], str):
            return _plain(getattr(cells, query.take)())
        case "sum" | "mean" | "max" | "min":
            return float(getattr(cells, query.take)()), "number"
        case "share":
            whole, part = cells.sum(), cells[matching(rows.loc[cells.index], query.part)].sum()
            return (float(part / whole), "percent") if whole else (None, "")
    sums = rows.groupby(query.groups)[query.column].sum()
    if query.take == "rank":
        here = sums[[_fits(group, query.of) for group in sums.index]]
        return (float((sums > here.iloc[0]).sum() + 1), "number") if len(here) else (None, "")
    return _plain(sums.idxmax() if query.take == "largest" else sums.idxmin())


def _measured(how: str, value: Found, other: Found) -> Found:
    sources = tuple(dict.fromkeys((*value.sources, *other.sources)))
    one, two = value.value, other.value
    result: float | None = None
    form = "number"
    if one is not None and two is not None:
        match how:
            case "days":
                first, second = parse_partial_date(str(two)), parse_partial_date(str(one))
                result = float((second.midpoint - first.midpoint).days)
            case "difference":
                result = one - two
            case "ratio" if two:
                result, form = one / two, "ratio"
            case "growth" if two:
                result, form = one / two - 1, "percent"
    return Found(result, value.table, form, sources)


def _plain(value) -> tuple[float | str, str]:
    if isinstance(value, date):
        value = value.isoformat()
    if isinstance(value, (str, tuple)):
        text = value if isinstance(value, str) else " | ".join(value)
        return text, "when" if _date(text) else ""
    whole = float(value)
    return whole, "number" if whole.is_integer() else "number1"


def _date(text: str) -> PartialDate | None:
    try:
        return parse_partial_date(text)
    except ValueError:
        return None


def _expected(reading: Reading, claim):
    if reading.comparison in {"exists", "none"}:
        return ""
    if reading.expected is not None:
        return reading.expected
    if not math.isnan(claim.value):
        return claim.value
    if not math.isnan(claim.value_low):
        return (claim.value_low, claim.value_high)
    return claim.period


def _number(expected) -> float:
    return float(expected)


def _known_by(table: str, text) -> date:
    if pd.isna(text):
        return date.min
    if table in _PUBLISHED_IN_MAY:
        return date(int(text), 5, 31)
    when = parse_partial_date(str(text))
    # The month of a figure is that of the text which cites it: it is known from its first day.
    return when.earliest if table == "published_figures" else when.latest


def _by_time(rows: pd.DataFrame, table: str) -> pd.DataFrame:
    column = _HAPPENED.get(table, _KNOWN_FROM.get(table))
    if column is None or column not in rows:
        raise Refusal(f"Refused: the rows of {table} have no order in time.")
    order = rows[column].map(lambda text: parse_partial_date(str(text)).latest)
    return rows.loc[order.sort_values(kind="stable").index]
