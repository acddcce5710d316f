"""Which definitions an export still answers that was filtered.

The export tool of ACLED offers types of events to choose from, and a file does not say what was
chosen. It is told from types that are lacking among so many events that chance does not explain it,
for each country, since exports may have been put together; among fewer, a warning stands in place
of a refusal. Filters that take no death of civilians away are harmless: by deaths of at least one,
by civilian targeting, or by political violence.
"""

from dataclasses import dataclass, field

import pandas as pd

from sahel_transitions.sources.acled.event_columns import Kind

# How many events without one of a type show a filter. Since 1998 no country of West Africa had so
# many in a year, but for explosions, of which some countries have next to none.
_ENOUGH = {"attacks": 100, "explosions": 1000, "riots": 250, "protests": 200}
# Half of the events of a violent country are attacks on civilians: ten of ten are no chance. Of
# lethal events it is more.
_ENOUGH_ATTACKS, _ENOUGH_LETHAL_ATTACKS = 10, 30
# A country with fewer events shows no filter of its own, and that of the file is taken to be its.
_ENOUGH_OF_A_COUNTRY = 100
_KINDS = {
    "attacks": {Kind.ATTACK},
    "explosions": {Kind.EXPLOSION},
    "riots": {Kind.RIOT, Kind.MOB_VIOLENCE, Kind.RIOT_OR_PROTEST},
    "protests": {Kind.PROTEST, Kind.EXCESSIVE_FORCE, Kind.RIOT_OR_PROTEST},
}
_NAMES = {
    "attacks": "Violence against civilians",
    "explosions": "Explosions/Remote violence",
    "riots": "Riots",
    "protests": "Protests",
}
# Demonstrations without deaths of civilians as a rule, which an export of political violence lacks.
_DEMONSTRATIONS = {Kind.RIOT, Kind.PROTEST, Kind.RIOT_OR_PROTEST}
_POLITICAL_VIOLENCE = {Kind.MOB_VIOLENCE, Kind.EXCESSIVE_FORCE}


@dataclass(frozen=True)
class Answerable:
    """The definitions that a file answers for some country, and why not for all.

    `cannot` says why one is answered for no country, `unanswered` which are not for a country, and
    `notes` why. `lacking` names types of events that are not in the file, though it may be whole
    without them.
    """

    definitions: tuple[str, ...]
    cannot: dict[str, str] = field(default_factory=dict)
    unanswered: dict[str, list[str]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()


def answerable(kinds: pd.DataFrame, *, tells_targets: bool) -> Answerable:
    """What the types of events in a file let one count.

    Parameters
    ----------
    kinds : DataFrame
        `country` (ISO3; missing for countries of no interest), `kind` (of `Kind`), `events`, and
        of these `targeted` (that target civilians) and `lethal` (in which somebody died).
    tells_targets : bool
        Whether the file says who was targeted; if not, A1 alone can be answered.
    """
    given = ("A1", "A2", "A3") if tells_targets else ("A1",)
    of_file, by_country = _cannot(kinds, "this export"), {}
    for country, rows in kinds.dropna(subset=["country"]).groupby("country"):
        own = _cannot(rows, f"{country} in this export")
        if rows["events"].sum() < _ENOUGH_OF_A_COUNTRY:
            own = {**of_file, **own}
        by_country[country] = {name: why for name, why in own.items() if name in given}
    definitions = tuple(
        name for name in given if any(name not in reasons for reasons in by_country.values())
    )
    cannot = {
        name: of_file.get(name) or next(iter(by_country.values()))[name]
        for name in given
        if name not in definitions
    }
    unanswered = {
        country: names
        for country, reasons in by_country.items()
        if (names := [name for name in definitions if name in reasons])
    }
    notes = [by_country[country][name] for country, names in unanswered.items() for name in names]
    doubtful = set(_KINDS) if "A2" in definitions else {"attacks"}
    all_lethal = kinds["lethal"].sum() == kinds["events"].sum()
    lacking = [name for name in _lacking(kinds) if name in doubtful and not all_lethal]
    return Answerable(definitions, cannot, unanswered, tuple(notes), tuple(lacking))


def _cannot(rows: pd.DataFrame, where: str) -> dict[str, str]:
    """By definition, why the events of a file or country do not answer it."""
    events, there = int(rows["events"].sum()), set(rows["kind"])
    lacking = [name for name in _lacking(rows) if events >= _ENOUGH[name]]
    if "attacks" in lacking:
        why = f"none of the {events:,} events of {where} is of the type “{_NAMES['attacks']}”"
        return {
            name: f"{why}: it was filtered, and {name} cannot be computed"
            for name in ("A1", "A2", "A3")
        }
    all_lethal = rows["lethal"].sum() == events
    all_targeted = rows["targeted"].sum() == events and len(there) > 1
    political = not there & _DEMONSTRATIONS and bool(there & _POLITICAL_VIOLENCE)
    if there == {Kind.ATTACK}:
        if events < (_ENOUGH_LETHAL_ATTACKS if all_lethal else _ENOUGH_ATTACKS):
            return {}
        why = f"all {events:,} events of {where} are of the type “{_NAMES['attacks']}”"
    elif not lacking or all_lethal or all_targeted or political:
        return {}
    else:
        names = " or ".join(f"“{_NAMES[name]}”" for name in lacking)
        why = f"none of the {events:,} events of {where} is of the type {names}"
    return {
        name: f"{why}; {name} needs all types and cannot be computed, A1 can"
        for name in ("A2", "A3")
    }


def _lacking(rows: pd.DataFrame) -> list[str]:
    there = set(rows["kind"])
    return [name for name, wanted in _KINDS.items() if not wanted & there]
