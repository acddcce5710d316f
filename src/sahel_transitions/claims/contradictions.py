"""Contradictions between texts, inside one and with the record, and what each comes out to.

What a resolution rests on is declared in `data/coded/contradiction_checks.yml`, by names that are
fields of its text:

    takuba_start:
      date: {table: partner_events, where: {event_id: MLI-takuba_states-troops-01}, column: date}
      launched: {table: partner_events, where: {…}, column: date, to: 2020-03-27}

A reading named like a column of values (`value_low`, `value`, `value_high`, `date`) must find what
stands there in `data/coded/contradictions`; others say themselves what they must find (`to`). When
a table no longer holds it, the resolution is *changed*, by name.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd
from pydantic import TypeAdapter, ValidationError

from sahel_transitions.claims.claim_checks import KEYS, Reading
from sahel_transitions.claims.claim_readings import Answer, answer
from sahel_transitions.claims.declared_yaml import fault_problem, read_declared
from sahel_transitions.claims.record import Record
from sahel_transitions.errors import Problem, Refusal, TableProblems
from sahel_transitions.language import Words, words
from sahel_transitions.parameters import Parameters
from sahel_transitions.paths import CODED
from sahel_transitions.tables import Table, parse_partial_date

CHECKS = CODED / "contradiction_checks.yml"
KINDS = (
    "between_documents", "inside_document", "with_record", "between_sources", "definitional",
)  # fmt: skip
OUTCOMES = ("resolved", "by_definition", "open", "not_yet", "changed")
COLUMNS = [
    "contradiction_id", "kind", "country", "documents", "claims", "theme", "subject", "known_on",
    "settled_on", "outcome", "resolution", "found", "sources",
]  # fmt: skip
_VALUES = ("value_low", "value", "value_high", "date")
Checks = Mapping[str, Mapping[str, Reading]]


def contradictions(
    parameters: Parameters, tables: Mapping[str, Table], checks: Checks | None = None
) -> pd.DataFrame:
    """Every contradiction known on `as_of` about a country of the study, and its resolution.

    Parameters
    ----------
    checks : dict, optional
        Contradiction → name → reading; by default the declared ones.

    Returns
    -------
    DataFrame
        `COLUMNS`, all text; one row a contradiction, in the order of the table. `country`,
        `documents`, `claims` and `sources` join several by ` | `. `outcome` is *resolved* (one
        reading is right), *by_definition* (each is right of what it counts), *open*, *not_yet*
        (resolved after `as_of` only) or *changed* (the tables no longer hold what the resolution
        rests on). `found` is what the tables hold, name by name, and empty where the resolution
        rests on texts alone. A country without any has one row, *not_covered*.
    """
    checks = read_contradiction_checks() if checks is None else checks
    record, say = Record(tables, parameters.as_of), words(parameters.language)
    rows = []
    for row in tables["contradictions"].frame.itertuples():
        if _known(row.known_on, parameters) and set(row.countries) & set(parameters.countries):
            rows.append(_judged(row, checks.get(row.contradiction_id, {}), record, say))
    covered = {country for row in rows for country in row["country"].split(" | ")}
    rows += [
        {"country": country, "outcome": "not_covered"}
        for country in parameters.countries
        if country not in covered
    ]
    return pd.DataFrame(rows, columns=COLUMNS, dtype="str")


def read_contradiction_checks(path: Path = CHECKS) -> dict[str, dict[str, Reading]]:
    """Every declared reading by contradiction and name.

    Raises
    ------
    TableProblems
        With every fault.
    """
    name = f"{path.parent.name}/{path.name}"
    checks, problems = {}, []
    for key, content in read_declared(path).items():
        try:
            checks[key] = TypeAdapter(dict[str, Reading]).validate_python(content)
        except ValidationError as error:
            problems += [fault_problem(name, key, each, KEYS) for each in error.errors()]
    if problems:
        raise TableProblems(problems)
    return checks


def changed_contradictions(
    parameters: Parameters, tables: Mapping[str, Table], checks: Checks | None = None
) -> Iterator[Problem]:
    """Every resolution whose tables no longer hold what it rests on, by name."""
    checks = read_contradiction_checks() if checks is None else checks
    record = Record(tables, parameters.as_of)
    for row in tables["contradictions"].frame.itertuples():
        for name, given in _answers(row, checks.get(row.contradiction_id, {}), record).items():
            if given.holds is not True:
                yield Problem(
                    "contradictions", row.Index + 2, f"{row.contradiction_id}, {name}",
                    _expectation(given), str(given.found[0][1].value or "nothing"),
                    "Correct the resolution or the table that it rests on.",
                )  # fmt: skip


def _judged(row, checks: Mapping[str, Reading], record: Record, say: Words) -> dict:
    answers: dict[str, Answer] = {}
    outcome = row.resolved
    if parse_partial_date(row.settled_on).latest.isoformat() > record.day:
        outcome, text = "not_yet", say("contradictions.not_yet")
    else:
        answers = _answers(row, checks, record)
        fields = _fields(row, answers)
        if all(given.holds for given in answers.values()):
            text = say(f"contradiction.resolution.{row.contradiction_id}", **fields)
        else:
            wrong = [name for name, given in answers.items() if not given.holds]
            outcome, text = "changed", say("contradictions.changed", names=wrong)
    return {
        "contradiction_id": row.contradiction_id,
        "kind": row.kind,
        "country": " | ".join(row.countries),
        "documents": " | ".join(row.documents),
        "claims": " | ".join(row.claims),
        "theme": row.theme,
        "subject": say(f"contradiction.{row.contradiction_id}"),
        "known_on": row.known_on,
        "settled_on": row.settled_on,
        "outcome": outcome,
        "resolution": text,
        "found": "; ".join(f"{name}: {_plain(given)}" for name, given in answers.items()),
        "sources": " | ".join(row.sources),
    }


def _answers(row, checks: Mapping[str, Reading], record: Record) -> dict[str, Answer]:
    try:
        return {
            name: answer(_expecting(reading, row, name), row, record)
            for name, reading in checks.items()
        }
    except (Refusal, KeyError, TypeError, ValueError) as error:
        said = str(error).removeprefix("Refused: ").rstrip(".")
        raise Refusal(
            f"Refused: the check of {row.contradiction_id} cannot be asked: {said}."
        ) from error


def _expecting(reading: Reading, row, name: str) -> Reading:
    """The reading with what stands in the row, where it does not say itself what is expected."""
    if reading.expected is not None or reading.comparison in {"exists", "none"}:
        return reading
    stands = getattr(row, name) if name in _VALUES else None
    if stands is None or pd.isna(stands):
        raise Refusal(f"Refused: {name} has neither `to` nor a value in the table.")
    return reading.model_copy(update={"expected": stands})


def _fields(row, answers: Mapping[str, Answer]) -> dict:
    coded = {name: getattr(row, name) for name in _VALUES if not pd.isna(getattr(row, name))}
    return coded | {name: given.found[0][1].value for name, given in answers.items()}


def _known(text: str, parameters: Parameters) -> bool:
    return parse_partial_date(text).latest.isoformat() <= parameters.as_of


def _plain(given: Answer) -> str:
    value = given.found[0][1].value
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _expectation(given: Answer) -> str:
    return f"{given.reading.comparison} {given.expected}".strip()


def contradiction_table(rows: pd.DataFrame, say: Words) -> pd.DataFrame:
    """The contradictions for readers: what, between whom, and what it comes out to.

    Parameters
    ----------
    rows : DataFrame
        `contradictions(…)`.

    Returns
    -------
    DataFrame
        `countries`, `contradiction_kind`, `contradiction`, `documents`, `outcome_of`,
        `resolved_as`, text in the language of `say`, and `sources` (keys of the bibliography); one
        row a contradiction.
    """
    rows = rows[rows["contradiction_id"].notna()]
    return pd.DataFrame(
        {
            "countries": [
                say.formatted(_named(cell, "country", say), "list") for cell in rows["country"]
            ],
            "contradiction_kind": [
                say.heading(f"contradictions.kind.{kind}") for kind in rows["kind"]
            ],
            "contradiction": rows["subject"],
            "documents": [
                say("list.and").join(_named(cell, "document", say)) or say("cell.none")
                for cell in rows["documents"]
            ],
            "outcome_of": [
                say.heading(f"contradictions.outcome.{outcome}") for outcome in rows["outcome"]
            ],
            "resolved_as": rows["resolution"],
            "sources": [tuple(filter(None, cell.split(" | "))) for cell in rows["sources"]],
        }
    ).reset_index(drop=True)


def _named(cell: str, prefix: str, say: Words) -> list[str]:
    return [say(f"{prefix}.{each}") for each in cell.split(" | ") if each]


def contradiction_findings(rows: pd.DataFrame, say: Words) -> list[str]:
    """How many contradictions of which kind there are, and how many are settled.

    Parameters
    ----------
    rows : DataFrame
        `contradictions(…)`.
    """
    known = rows[rows["contradiction_id"].notna()]
    without = rows.loc[rows["outcome"] == "not_covered", "country"]
    sentences = []
    if len(known):
        kinds, outcomes = known["kind"].value_counts(), known["outcome"].value_counts()
        sentences = [
            say("finding.contradictions.kinds", n=len(known),
                **{kind: int(kinds.get(kind, 0)) for kind in KINDS}),
            say("finding.contradictions.outcomes",
                **{name: int(outcomes.get(name, 0)) for name in OUTCOMES}),
        ]  # fmt: skip
    changed = known.loc[known["outcome"] == "changed", "contradiction_id"]
    if len(changed):
        sentences.append(say("finding.contradictions.changed", n=len(changed), names=[*changed]))
    sentences += [say("finding.contradictions.not_covered", country=each) for each in without]
    return sentences
