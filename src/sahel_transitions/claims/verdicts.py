"""The verdict on every claim: computed from a declared check, or coded with sources."""

from collections.abc import Mapping

import pandas as pd

from sahel_transitions.claims.claim_checks import Check, read_checks
from sahel_transitions.claims.claim_readings import Answer, answer
from sahel_transitions.claims.claim_reasons import listing, plain_listing, reason
from sahel_transitions.claims.record import Record
from sahel_transitions.errors import Problem, Refusal
from sahel_transitions.language import Words, words
from sahel_transitions.parameters import Parameters
from sahel_transitions.tables import Table, parse_partial_date

CLAIM_COLUMNS = [
    "claim_id", "document", "locator", "country", "theme", "claim", "value", "unit", "verdict",
    "basis", "found", "definition", "source", "vintage", "reason",
]  # fmt: skip
MORE = [
    "verdict_then", "reason_then", "said_on", "same_as", "later_data", "same_text", "sources",
]  # fmt: skip


def claim_verdicts(
    parameters: Parameters,
    tables: Mapping[str, Table],
    checks: Mapping[str, Check] | None = None,
) -> pd.DataFrame:
    """Every claim published by `as_of` about a country of the study, with its verdict.

    Parameters
    ----------
    checks : dict, optional
        Claim → its check; by default the declared ones.

    Returns
    -------
    DataFrame
        `CLAIM_COLUMNS`, then `MORE`; one row a claim, in the order of their numbers. `country` joins
        several by ` | `. `verdict` is by what was known on `as_of`, `verdict_then` by what the
        record held on the day on which the text appeared. `found` is as stored: numbers with a
        decimal point, dates as coded; several definitions as `A1: 459; A2: 531`. `source` names the
        tables, of a coded verdict the entries of the bibliography. `later_data` names the tables
        whose vintage is later than the text. `same_text` says that the rows found have no source
        besides the text itself under one definition or more; `reason` names them. `same_as` is the claim that a duplicate says again. `reason` is in
        the language of the study. A country without any claim has one row, *not_covered*, without
        a number.
    """
    checks = read_checks() if checks is None else checks
    today = Record(tables, parameters.as_of)
    records = {parameters.as_of: today}
    say = words(parameters.language)
    rows = []
    claims = {claim.claim_id: claim for claim in tables["claims"].frame.itertuples()}
    for claim in claims.values():
        said = parse_partial_date(claim.said_on).latest.isoformat()
        if said > parameters.as_of or not set(claim.countries) & set(parameters.countries):
            continue
        # A duplicate has the verdict of the claim that it is merged into.
        judge = claim if pd.isna(claim.merged_into) else claims[claim.merged_into]
        if judge.claim_id in checks:
            if said not in records:
                records[said] = Record(tables, said)
            judged = _computed(judge, checks[judge.claim_id], today, records[said], say)
        else:
            judged = _coded(judge, parameters.as_of, said, say) | {
                "vintage": tables["claims"].declaration.vintage
            }
        rows.append(_row(claim, say) | judged)
    covered = {country for row in rows for country in row["country"].split(" | ")}
    rows += [
        {"country": country, "verdict": "not_covered", "reason": say("claims.reason.not_covered")}
        for country in parameters.countries
        if country not in covered
    ]
    result = pd.DataFrame(rows, columns=[*CLAIM_COLUMNS, *MORE])
    texts = [name for name in result if name not in {"value", "same_text"}]
    return result.astype(dict.fromkeys(texts, "str") | {"value": "float64"})


def verdict_of(check: Check, now: Mapping[str, tuple], then: Mapping[str, tuple]) -> str:
    """The verdict that follows from the answers under each definition, now and then.

    All definitions hold: as the check says (*reproduced*). Some hold: *reproduced_otherwise*. None
    holds wholly, but a part of one: *partly*. None holds now and one did when the text appeared:
    *overtaken*. No row answers, or none of one definition while the others do not hold:
    *not_checkable*. Otherwise as the check says (*contradicted*).
    """
    outcomes = [_whole(answers) for answers in now.values()]
    decided = [outcome for outcome in outcomes if outcome is not None]
    if not decided:
        return "not_checkable"
    if all(decided):
        return check.holds
    if any(decided):
        return "reproduced_otherwise"
    if any(_whole(answers) for answers in then.values()):
        return "overtaken"
    if any(each.holds for answers in now.values() for each in answers):
        return "partly"
    return "not_checkable" if None in outcomes else check.fails


def _whole(answers: tuple[Answer, ...]) -> bool | None:
    outcomes = [each.holds for each in answers]
    return None if None in outcomes and False not in outcomes else all(outcomes)


def _asked(check: Check, claim, record: Record, then: Record) -> dict[str, tuple[Answer, ...]]:
    try:
        return {
            name: tuple(
                answer(each, claim, then if each.asked == "when_said" else record)
                for each in readings
            )
            for name, readings in check.definitions.items()
        }
    except (Refusal, KeyError, TypeError, ValueError) as error:
        said = str(error).removeprefix("Refused: ").rstrip(".")
        raise Refusal(f"Refused: the check of {claim.claim_id} cannot be asked: {said}.") from error


def _computed(claim, check: Check, today: Record, then: Record, say: Words) -> dict:
    now, before = _asked(check, claim, today, then), _asked(check, claim, then, then)
    verdict, verdict_then = verdict_of(check, now, before), verdict_of(check, before, {})
    used = [value for answers in now.values() for each in answers for _, value in each.found]
    alone = [
        name
        for name, answers in now.items()
        if {key for each in answers for _, value in each.found for key in value.sources}
        == {claim.document}
    ]
    declared = {value.table: today.tables[value.table].declaration for value in used if value.table}
    later = [
        name
        for name, each in declared.items()
        if each.citation and each.vintage_released > then.day
    ]
    sources = tuple(dict.fromkeys(key for value in used for key in value.sources))
    sources = sources or tuple(
        dict.fromkeys(key for each in declared.values() for key in each.citation)
    )
    why = reason(verdict, now, say)
    if verdict == "overtaken":
        when = say.when(claim.said_on)
        why += " " + say("claims.reason.then", when=when, found=listing(before, say))
    if alone:
        which = "same_text" if len(alone) == len(now) else "same_text_by"
        names = [say(f"claims.definition.{name}") for name in alone]
        why += " " + say(f"claims.reason.{which}", definitions=names)
    return {
        "verdict": verdict,
        "basis": "computed",
        "found": plain_listing(now),
        "definition": "; ".join(check.definitions),
        "source": "; ".join(declared),
        "vintage": "; ".join(each.vintage for each in declared.values()),
        "reason": why,
        "verdict_then": verdict_then,
        "reason_then": reason(verdict_then, before, say),
        "later_data": "; ".join(later),
        "same_text": bool(alone),
        "sources": " | ".join(sources),
    }


def _coded(claim, as_of: str, said: str, say: Words) -> dict:
    verdict_then = claim.verdict if pd.isna(claim.verdict_then) else claim.verdict_then
    known = said if pd.isna(claim.verdict_known_on) else claim.verdict_known_on
    if pd.isna(claim.verdict):
        raise Refusal(f"Refused: {claim.claim_id} has neither a check nor a coded verdict.")
    # The reason of a verdict that became known later tells what nobody knew on the day.
    late = parse_partial_date(known).latest.isoformat() > as_of
    why = say("claims.reason.later" if late else f"claim.reason.{claim.claim_id}")
    if isinstance(claim.needs, str) and not late:
        why += " " + say("claims.reason.needs", what=say(f"claims.needs.{claim.needs}"))
    return {
        "verdict": verdict_then if late else claim.verdict,
        "basis": "coded",
        "source": "; ".join(claim.verdict_sources),
        "reason": why,
        "verdict_then": verdict_then,
        "reason_then": say("claims.reason.later") if verdict_then != claim.verdict else why,
        "same_text": claim.verdict_sources == (claim.document,),
        "sources": " | ".join(claim.verdict_sources),
    }


def _is_later(date: str | None, said_on: str) -> bool:
    if pd.isna(date):
        return False
    published = parse_partial_date(date).earliest
    return published is not None and published > parse_partial_date(said_on).latest


def _row(claim, say: Words) -> dict:
    return {
        "claim_id": claim.claim_id,
        "document": claim.document,
        "locator": claim.locator,
        "country": " | ".join(claim.countries),
        "theme": claim.theme,
        "claim": say(f"claim.{claim.claim_id}"),
        "value": claim.value,
        "unit": claim.unit,
        "said_on": claim.said_on,
        "same_as": claim.merged_into,
    }


def check_claims(tables: Mapping[str, Table]) -> list[Problem]:
    """Claims that are judged twice, by a check and by hand, or not at all, or without a source."""
    checks = read_checks()
    # Datasets are of a late vintage, but of facts that were counted as they came.
    cited = tables["sources"].frame
    dates = cited["date"].where(cited["kind"] != "dataset").set_axis(cited["key"])
    problems = []
    for row, claim in enumerate(tables["claims"].frame.itertuples(), 2):
        coded, checked = isinstance(claim.verdict, str), claim.claim_id in checks
        merged = isinstance(claim.merged_into, str)
        if coded + checked + merged != 1:
            found = [
                name
                for name, given in (
                    ("a verdict", coded),
                    ("a check", checked),
                    ("merged_into", merged),
                )
                if given
            ]
            problems.append(
                Problem("claims", row, "verdict",
                        f"one of a verdict, a check and merged_into for {claim.claim_id}",
                        " and ".join(found) or "none of them", "Leave one.")
            )  # fmt: skip
        elif coded and not claim.verdict_sources and not isinstance(claim.needs, str):
            problems.append(
                Problem("claims", row, "verdict_sources",
                        f"the sources of the verdict on {claim.claim_id}, or what it needs",
                        "nothing", "Name them.")
            )  # fmt: skip
        elif coded and pd.isna(claim.verdict_known_on):
            problems += [
                Problem("claims", row, "verdict_known_on",
                        f"the day from which {key} was known, since it is later than the text "
                        f"of {claim.claim_id}", "nothing",
                        "Fill it in with the verdict of before, or leave the source out.")
                for key in claim.verdict_sources
                if _is_later(dates[key], claim.said_on)
            ]  # fmt: skip
    return problems
