"""Whether a claim holds by a declared reading, as the record stood on a day."""

import math
from dataclasses import dataclass
from datetime import date

from sahel_transitions.claims.claim_checks import Reading
from sahel_transitions.claims.queries import Found, find
from sahel_transitions.claims.record import Record
from sahel_transitions.tables import parse_partial_date


@dataclass(frozen=True)
class Answer:
    """A reading on one day: whether it holds (None: no row answers) and what was found where."""

    reading: Reading
    holds: bool | None
    found: tuple[tuple[str, Found], ...]
    expected: float | str | tuple


def answer(reading: Reading, claim, record: Record) -> Answer:
    """What a reading finds for a claim (a row of the table `claims`), and whether it holds."""
    expected = _expected(reading, claim)
    places = claim.countries if reading.each_country else ("",)
    found = []
    for country in places:
        where = {"country": country} if country else {}
        value = find(reading, record, claim.countries, where)
        if reading.against is not None:
            other = find(reading.against, record, claim.countries, where)
            value = _measured(reading, value, other)
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


def _measured(reading: Reading, value: Found, other: Found) -> Found:
    sources = tuple(dict.fromkeys((*value.sources, *other.sources)))
    one, two = value.value, other.value
    result: float | None = None
    form = "number"
    if one is not None and two is not None:
        match reading.measured_as:
            case "days":
                first, second = parse_partial_date(str(two)), parse_partial_date(str(one))
                result = float((second.midpoint - first.midpoint).days)
            case "difference":
                result = one - two
            case "ratio" if two:
                # A ratio that must be near a number below one is a share.
                share = isinstance(reading.expected, float) and reading.expected < 1
                result, form = one / two, "percent" if share else "ratio"
            case "growth" if two:
                result, form = one / two - 1, "percent"
    return Found(result, value.table, form, sources)


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
