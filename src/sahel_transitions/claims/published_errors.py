"""Errors seen in print: what was published, what is right, and how each is found.

How the right value is worked out is declared in `data/coded/published_error_checks.yml`:

    growth_mali_2022:
      right: {method: growth, start: 584, end: {table: published_figures, where: {…}, column: value}}
      mistake: {method: growth_over_end, start: 584, end: 1277}

Inputs are numbers or readings of tables. `mistake` is the working that gives what was published,
where it can be told; `other` is a second value that is right of something else.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

import pandas as pd
from pydantic import ValidationError

from sahel_transitions.claims.claim_checks import KEYS, Query, Strict
from sahel_transitions.claims.declared_yaml import fault_problem, read_declared
from sahel_transitions.claims.queries import find
from sahel_transitions.claims.record import Record
from sahel_transitions.errors import Problem, TableProblems
from sahel_transitions.language import Words, words
from sahel_transitions.parameters import Parameters
from sahel_transitions.paths import CODED
from sahel_transitions.tables import Table, parse_partial_date

CHECKS = CODED / "published_error_checks.yml"
KINDS = (
    "share_of_wrong_base", "ratio_for_growth", "digit", "wrong_year", "wrong_definition",
    "definition_not_error", "without_source", "superseded", "unexplained",
)  # fmt: skip
COLUMNS = [
    "error_id", "kind", "country", "printed_in", "published_on", "published", "unit",
    "value_published", "value_right", "value_other", "found", "found_other", "by_mistake", "holds",
    "working", "explanation", "hint", "sources",
]  # fmt: skip
Input = float | Query
# What was printed is a whole number.
_PRINTED_WHOLE = 0.5


class Working(Strict):
    """How a value follows from its inputs.

    Attributes
    ----------
    method : str
        `growth` (percent from `start` to `end`), `growth_over_end` (the same difference as percent
        of `end`), `ratio_in_percent` (`end` as percent of `start`), `rest` (`whole` less all
        `parts`), `lookup` (`value`), `year` (of the date that `value` is), `cited` (`value`, of
        data that may not be passed on and are no part of the project).
    """

    method: Literal[
        "growth", "growth_over_end", "ratio_in_percent", "rest", "lookup", "year", "cited"
    ]
    start: Input | None = None
    end: Input | None = None
    whole: Input | None = None
    parts: tuple[Input, ...] = ()
    value: Input | None = None


class ErrorCheck(Strict):
    """How the right value is found, a second one, and the working that gives what was published."""

    right: Working
    other: Working | None = None
    mistake: Working | None = None


def published_errors(
    parameters: Parameters,
    tables: Mapping[str, Table],
    checks: Mapping[str, ErrorCheck] | None = None,
) -> pd.DataFrame:
    """Every error in print by `as_of` that concerns a country of the study, with what is right.

    Parameters
    ----------
    checks : dict, optional
        Error → how it is found; by default the declared ones.

    Returns
    -------
    DataFrame
        `COLUMNS`; one row an error, in the order of the table. `value_right` and `value_other` are
        as coded, `found` and `found_other` as worked out from the tables, `by_mistake` what the
        named mistake gives; all in `unit`, missing where there is none. `holds` says whether they
        agree within the rounding of the table. An error whose right value was not known on `as_of`
        is not shown; one that names no country concerns every study.
    """
    checks = read_error_checks() if checks is None else checks
    record, say = Record(tables, parameters.as_of), words(parameters.language)
    rows = []
    for row in tables["published_errors"].frame.itertuples():
        days = [row.published_on]
        # A value that is cited follows from no table that would be cut to the day.
        if isinstance(row.right_known_on, str):
            days.append(row.right_known_on)
        known = max(parse_partial_date(day).latest.isoformat() for day in days)
        here = not row.countries or set(row.countries) & set(parameters.countries)
        if known > parameters.as_of or not here:
            continue
        check = checks[row.error_id]
        found = _worked_out(check.right, record)
        if found is not None:
            rows.append(_row(row, check, found, record, say))
    numbers = [name for name in COLUMNS if name.startswith(("value", "found", "by_"))]
    texts = [name for name in COLUMNS if name not in {*numbers, "holds"}]
    types = dict.fromkeys(texts, "str") | dict.fromkeys(numbers, "float64") | {"holds": "bool"}
    return pd.DataFrame(rows, columns=COLUMNS).astype(types)


def read_error_checks(path: Path = CHECKS) -> dict[str, ErrorCheck]:
    """How every error is found, by its name.

    Raises
    ------
    TableProblems
        With every fault.
    """
    name = f"{path.parent.name}/{path.name}"
    known = {*KEYS, *ErrorCheck.model_fields, *Working.model_fields}
    checks, problems = {}, []
    for key, content in read_declared(path).items():
        try:
            checks[key] = ErrorCheck.model_validate(content)
        except ValidationError as error:
            problems += [fault_problem(name, key, each, known) for each in error.errors()]
    if problems:
        raise TableProblems(problems)
    return checks


def changed_errors(
    parameters: Parameters,
    tables: Mapping[str, Table],
    checks: Mapping[str, ErrorCheck] | None = None,
) -> Iterator[Problem]:
    """Every error whose right value is no longer what its inputs give, by name."""
    rows = published_errors(parameters, tables, checks)
    for row in rows[~rows["holds"]].itertuples():
        yield Problem(
            "published_errors", None, row.error_id, f"{row.value_right:.10g}", f"{row.found:.10g}",
            "Correct the value that is right or the table that it follows from.",
        )  # fmt: skip


def _row(row, check: ErrorCheck, found: float, record: Record, say: Words) -> dict:
    other = None if check.other is None else _worked_out(check.other, record)
    mistake = None if check.mistake is None else _worked_out(check.mistake, record)
    pairs = [(row.value_right, found, row.rounding)]
    if check.other is not None:
        pairs.append((row.value_other, other, row.rounding))
    if check.mistake is not None:
        pairs.append((row.value_published, mistake, _PRINTED_WHOLE))
    holds = all(given is not None and abs(coded - given) <= slack for coded, given, slack in pairs)
    return {
        "error_id": row.error_id,
        "kind": row.kind,
        "country": " | ".join(row.countries),
        "printed_in": row.printed_in,
        "published_on": row.published_on,
        "published": say(f"published_error.said.{row.error_id}"),
        "unit": row.unit,
        "value_published": row.value_published,
        "value_right": row.value_right,
        "value_other": row.value_other,
        "found": found,
        "found_other": other,
        "by_mistake": mistake,
        "holds": holds,
        "working": _said(check.right, record, say),
        "explanation": say(f"published_error.{row.error_id}"),
        "hint": say(f"hint.{row.error_id}"),
        "sources": " | ".join(dict.fromkeys((*row.sources, *row.right_sources))),
    }


def _value(given: Input | None, record: Record) -> float | str | None:
    return find(given, record, (), {}).value if isinstance(given, Query) else given


def _worked_out(working: Working, record: Record) -> float | None:
    """The value, or None where an input is not known on the day."""
    start, end = _value(working.start, record), _value(working.end, record)
    whole, value = _value(working.whole, record), _value(working.value, record)
    parts = [_value(part, record) for part in working.parts]
    needed = {
        "growth": [start, end], "growth_over_end": [start, end], "ratio_in_percent": [start, end],
        "rest": [whole, *parts],
    }.get(working.method, [value])  # fmt: skip
    if None in needed:
        return None
    match working.method:
        case "growth":
            return (end - start) / start * 100
        case "growth_over_end":
            return (end - start) / end * 100
        case "ratio_in_percent":
            return end / start * 100
        case "rest":
            return whole - sum(parts)
        case "lookup" | "cited":
            return float(value)
    return float(parse_partial_date(str(value)).latest.year)


def _said(working: Working, record: Record, say: Words) -> str:
    """The working as a reader would write it down."""
    fields = {
        name: _value(getattr(working, name), record) for name in ("start", "end", "whole", "value")
    }
    parts = [say.number(float(_value(part, record))) for part in working.parts]
    if working.method == "year":
        return say.when(str(fields["value"]))
    return say(f"working.{working.method}", **fields, parts=" \u2212 ".join(parts))


def published_error_table(rows: pd.DataFrame, say: Words) -> pd.DataFrame:
    """The errors for readers: where, what was printed, what is right and how it is found.

    Parameters
    ----------
    rows : DataFrame
        `published_errors(…)`.

    Returns
    -------
    DataFrame
        `printed_in`, `printed`, `right`, `working`, `error_kind`, `explanation`, text in the
        language of `say`, and `sources` (keys of the bibliography); one row an error.
    """
    return pd.DataFrame(
        {
            "printed_in": [say.heading(f"printed_in.{place}") for place in rows["printed_in"]],
            "printed": rows["published"],
            "right": [_right(row, say) for row in rows.itertuples()],
            "working": rows["working"],
            "error_kind": [say(f"published_errors.kind.{kind}") for kind in rows["kind"]],
            "explanation": rows["explanation"],
            "sources": [tuple(filter(None, cell.split(" | "))) for cell in rows["sources"]],
        }
    ).reset_index(drop=True)


def _right(row, say: Words) -> str:
    # Where it is a matter of definition no one value is right; elsewhere the second is explained.
    values = [row.value_right]
    if row.kind == "definition_not_error":
        values.append(row.value_other)
    return say("list.or").join(_in_unit(value, row.unit, say) for value in values)


def _in_unit(value: float, unit: str, say: Words) -> str:
    if unit == "year":
        return f"{value:.0f}"
    number = say.number(value, 0 if value == round(value) else 1)
    return say(f"unit.{unit}", value=number)


def published_error_findings(rows: pd.DataFrame, say: Words) -> list[str]:
    """How many errors are shown, of which kinds, and for how many the mistake can be told.

    Parameters
    ----------
    rows : DataFrame
        `published_errors(…)`.
    """
    if rows.empty:
        return [say("finding.published_errors.none")]
    counts = rows["kind"].value_counts()
    kinds = [
        say(
            "finding.published_errors.kind",
            kind=say(f"published_errors.kind.{kind}"),
            n=counts[kind],
        )
        for kind in KINDS
        if kind in counts
    ]
    sentences = [
        say("finding.published_errors.count", n=len(rows), kinds=kinds),
        say("finding.published_errors.mistake", n=int(rows["by_mistake"].notna().sum())),
    ]
    wrong = rows.loc[~rows["holds"], "error_id"]
    if len(wrong):
        sentences.append(say("finding.published_errors.changed", names=[*wrong]))
    return sentences
