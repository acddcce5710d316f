"""Why a verdict was given: what was found under each definition, in words and as stored."""

from collections.abc import Mapping

import pandas as pd

from sahel_transitions.claims.claim_checks import Reading
from sahel_transitions.claims.claim_readings import Answer
from sahel_transitions.claims.queries import Found
from sahel_transitions.claims.row_labels import row_label, what_is_sought
from sahel_transitions.language import Words


def reason(verdict: str, answers: Mapping[str, tuple[Answer, ...]], say: Words) -> str:
    """One sentence: the verdict and what it rests on."""
    given = [value.value for each in answers.values() for one in each for _, value in one.found]
    if verdict == "not_checkable":
        if all(value is None for value in given):
            return say("claims.reason.no_value")
        return say("claims.reason.not_decided", found=listing(answers, say))
    return say(f"claims.reason.{verdict}", found=listing(answers, say))


def listing(answers: Mapping[str, tuple[Answer, ...]], say: Words) -> str:
    """What was found under each definition, with what was asked for where it did not hold."""
    semicolon = say("claims.semicolon")
    parts = {
        name: semicolon.join(_found(each, say) for each in readings)
        for name, readings in answers.items()
    }
    if list(parts) == ["ledger"]:
        return parts["ledger"]
    under = [
        say("claims.under", definition=say(f"claims.definition.{name}"), found=found)
        for name, found in parts.items()
    ]
    return say("claims.definitions").join(
        [under[0], *(each[:1].upper() + each[1:] for each in under[1:])]
    )


# Comparisons that a value meets by being what the claim says.
_AS_CLAIMED = {"equals", "on", "within"}


def _found(given: Answer, say: Words) -> str:
    reading = given.reading
    # What is the same in every country is said once.
    each = dict.fromkeys(
        _in_country(country, value, reading, say) for country, value in given.found
    )
    values = say.listed(each)
    comparison = reading.comparison
    if comparison in {"exists", "none"} or given.holds is None:
        return values
    if not given.holds:
        return say("claims.not_met", found=values, asked=_expected(given, say))
    if reading.because is not None:
        why = say(f"claims.because.{reading.because}")
        return say("claims.met_within", found=values, asked=_expected(given, say), because=why)
    if comparison in _AS_CLAIMED:
        return say("claims.as_claimed", found=values)
    return say("claims.met", found=values, asked=_expected(given, say))


def _in_country(country: str, value: Found, reading: Reading, say: Words) -> str:
    named = _named(value, reading, say)
    if named is not None:
        return named
    shown = _shown(value, reading, say)
    return say("claims.of_country", who=country, found=shown) if country else shown


def _expected(given: Answer, say: Words) -> str:
    expected, form = given.expected, given.found[0][1].form
    if given.reading.comparison == "between" or isinstance(expected, tuple):
        ends = [_text(each, form, say) for each in expected]
        if given.reading.comparison == "one_of":
            return say.formatted(ends, "list")
        return say("claims.is.between", first=ends[0], last=ends[1])
    text = _text(expected, form, say)
    comparison = given.reading.comparison
    return text if comparison == "equals" else say(f"claims.is.{comparison}", value=text)


# Columns of a ledger whose cell is a part of the name of its row.
_IN_NAMES = {"date", "announced_on", "due_on", "to_state"}
_FEW = 2


def _named(value: Found, reading: Reading, say: Words) -> str | None:
    """The rows of a ledger that were found, by name; None where names say nothing."""
    if reading.against is not None or value.value is None:
        return None
    if reading.take not in {"count", "exists", "none"}:
        if reading.column not in _IN_NAMES or len(value.rows) != 1:
            return None
        return row_label(value.table, next(value.rows.itertuples()), say)
    n = int(value.value)
    if n == 0:
        sought = what_is_sought(reading, say)
        return None if sought is None else say("claims.sought", what=sought)
    names = [row_label(value.table, row, say) for row in value.rows.head(_FEW).itertuples()]
    if None in names:
        return None
    if n > _FEW:
        names.append(say("claims.more_entries", n=n - _FEW))
    return say("claims.named_entries", n=n, names=say("claims.semicolon").join(names))


def _shown(value: Found, reading: Reading, say: Words) -> str:
    if value.value is None:
        return say("cell.none")
    unit = _unit(reading, value)
    if unit is None:
        return _text(value.value, value.form, say)
    if unit == "entries":
        table = say(f"dataset.{value.table}")
        return say("claims.measure.entries", n=int(value.value), table=table)
    size = abs(value.value) if unit in {"up", "down"} else value.value
    # A number with decimals is a plural.
    n = int(size) if float(size).is_integer() else 2
    return say(f"claims.measure.{unit}", n=n, value=_text(size, value.form, say))


# How a value was measured or taken, or the column that it is from → what it is a number of.
_MEASURED = {"days": "days", "ratio": "times"}
_DISTINCT = {
    "admin1": "units",
    "incident_id": "incidents",
    "month": "months",
    "partner": "partners",
}
_UNITS = {
    "best": "deaths", "civilians": "deaths", "attributed": "deaths", "toll_low": "deaths",
    "toll_high": "deaths", "events": "events", "months_promised": "months", "people": "people",
    "current_usd": "dollars", "orders": "orders",
}  # fmt: skip


def _unit(reading: Reading, value: Found) -> str | None:
    if reading.measured_as == "growth":
        return "up" if value.value > 0 else "down"
    if reading.measured_as is not None:
        return None if value.form == "percent" else _MEASURED.get(reading.measured_as)
    match reading.take:
        case "count" | "exists" | "none":
            return "entries" if value.value else "no_entry"
        case "rank":
            return "place"
        case "distinct":
            return _DISTINCT.get(reading.column)
        case "share" | "largest" | "smallest":
            return None
    counted = value.rows.get("unit", pd.Series(dtype="str"))
    if reading.column == "value" and len(counted) and (counted == "reported deaths").all():
        return "deaths"
    return _UNITS.get(reading.column)


def _text(value, form: str, say: Words) -> str:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if form not in {"percent", "ratio"}:
            form = "number" if float(value).is_integer() else "number1"
        return say.formatted(float(value), form)
    if form == "when":
        return say.when(str(value))
    for kind in ("state", "status", "supplier", "counts"):
        if f"{kind}.{value}" in say:
            return say(f"{kind}.{value}")
    return str(value)


def plain_listing(answers: Mapping[str, tuple[Answer, ...]]) -> str:
    """The same for programs: numbers with a decimal point, dates and states as coded."""
    parts = []
    for name, readings in answers.items():
        found = ", ".join(
            f"{country} {_plain(value)}".strip()
            for each in readings
            for country, value in each.found
        )
        parts.append(found if len(answers) == 1 else f"{name}: {found}")
    return "; ".join(parts)


def _plain(value: Found) -> str:
    match value.value:
        case None:
            return "none"
        case float() as number:
            return f"{number:.10g}"
    return str(value.value)
