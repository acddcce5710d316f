"""Which claims of the documents are judged otherwise under other tables."""

from dataclasses import dataclass

import pandas as pd

from sahel_transitions.tables import plain_value

_JUDGED = ("verdict", "found", "verdict_then")


@dataclass(frozen=True)
class ChangedClaim:
    """A claim of which the verdict or the value found differs: field → (before, after)."""

    claim_id: str
    document: str
    locator: str
    moved: dict[str, tuple]


def changed_claims(old: pd.DataFrame, new: pd.DataFrame) -> list[ChangedClaim]:
    """The claims whose verdict, of now or of when the text appeared, or value found differs.

    Parameters
    ----------
    old, new : DataFrame
        `claim_verdicts(…)` under two sets of tables. A claim that only one of them has is judged
        None in the other.
    """
    sides = [
        {row["claim_id"]: row for row in frame.dropna(subset="claim_id").to_dict("records")}
        for frame in (old, new)
    ]
    changed = []
    for claim_id in dict.fromkeys([*sides[0], *sides[1]]):
        before, after = (side.get(claim_id) for side in sides)
        moved = {name: pair for name in _JUDGED if len(set(pair := _pair(before, after, name))) > 1}
        if moved:
            told = after or before
            changed.append(ChangedClaim(claim_id, told["document"], told["locator"], moved))
    return changed


def _pair(before: dict | None, after: dict | None, name: str) -> tuple:
    return tuple(None if row is None else plain_value(row[name]) for row in (before, after))
