"""Which definitions an export still answers that was filtered by type of event.

The export tool of ACLED offers types to choose from, and a file does not say what was chosen. It is
told from types that are lacking among so many events that chance does not explain it; among fewer,
a warning stands in place of a refusal.
"""

from dataclasses import dataclass, field

import pandas as pd

from sahel_transitions.sources.acled.event_columns import Kind

# How many events without one of a type show a filter. Since 1998 no country of West Africa had so
# many in a year, but for explosions, of which some countries have next to none.
_ENOUGH = {"attacks": 100, "explosions": 1000, "riots": 250, "protests": 200}
# Half of the events of a violent country are attacks on civilians: ten of ten are no chance.
_ENOUGH_ATTACKS = 10
_KINDS = {
    "attacks": {Kind.ATTACK},
    "explosions": {Kind.EXPLOSION},
    "riots": {Kind.RIOT, Kind.RIOT_OR_PROTEST},
    "protests": {Kind.PROTEST, Kind.RIOT_OR_PROTEST},
}
_NAMES = {
    "attacks": "Violence against civilians",
    "explosions": "Explosions/Remote violence",
    "riots": "Riots",
    "protests": "Protests",
}


@dataclass(frozen=True)
class Answerable:
    """The definitions that a file answers, why it does not answer others, and what is doubtful.

    `lacking` names types of events that are not in the file, though it may be whole without them.
    """

    definitions: tuple[str, ...]
    cannot: dict[str, str] = field(default_factory=dict)
    lacking: tuple[str, ...] = ()


def answerable(kinds: pd.DataFrame, *, tells_targets: bool) -> Answerable:
    """What the types of events in a file let one count.

    Parameters
    ----------
    kinds : DataFrame
        `country` (ISO3; anything else for countries of no interest), `kind` (of `Kind`), `events`
        and `targeted` (events of these that target civilians).
    tells_targets : bool
        Whether the file says who was targeted; if not, A1 alone can be answered.
    """
    cannot: dict[str, str] = {}
    lacking = _lacking(kinds)
    total = int(kinds["events"].sum())
    filtered = [name for name in lacking if total >= _ENOUGH[name]]
    if "attacks" in filtered:
        why = (
            f"none of the {total:,} events of this export is of the type “{_NAMES['attacks']}”: it "
            "was filtered, and {} cannot be computed"
        )
        cannot = {name: why.format(name) for name in ("A1", "A2", "A3")}
    elif tells_targets:
        why = _why_not_all_targets(kinds, filtered, total)
        if why is not None:
            cannot = {
                name: f"{why}; {name} needs all types and cannot be computed, A1 can"
                for name in ("A2", "A3")
            }
    given = ("A1", "A2", "A3") if tells_targets else ("A1",)
    doubtful = {"attacks"} if not tells_targets or "A2" in cannot else set(_KINDS)
    return Answerable(
        tuple(name for name in given if name not in cannot),
        cannot,
        tuple(name for name in lacking if name in doubtful and name not in filtered),
    )


def _why_not_all_targets(kinds: pd.DataFrame, filtered: list[str], total: int) -> str | None:
    """Why not every event that targets civilians can be in the file, or None."""
    for country, rows in [(None, kinds), *kinds.dropna(subset=["country"]).groupby("country")]:
        events = int(rows["events"].sum())
        if events >= _ENOUGH_ATTACKS and set(rows["kind"]) == {Kind.ATTACK}:
            where = "of this export" if country is None else f"of {country} in this export"
            return f"all {events:,} events {where} are of the type “{_NAMES['attacks']}”"
    # Chosen by target and not by type, an export holds attacks and other events, all of them marked.
    by_target = int(kinds["targeted"].sum()) == total and kinds["kind"].nunique() > 1
    if filtered and not by_target:
        names = " or ".join(f"“{_NAMES[name]}”" for name in filtered)
        return f"none of the {total:,} events of this export is of the type {names}"
    return None


def _lacking(kinds: pd.DataFrame) -> list[str]:
    there = set(kinds["kind"])
    return [name for name, wanted in _KINDS.items() if not wanted & there]
