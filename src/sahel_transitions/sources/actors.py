"""From the names that a dataset gives an armed actor to the perpetrator classes of this project."""

import re

import pandas as pd

# The classes, from the state outwards. Their labels in both languages are in the catalogue.
PERPETRATORS = (
    "state_forces",
    "state_with_russian_forces",
    "wagner_africa_corps",
    "self_defence",
    "jnim",
    "islamic_state",
    "jihadist_other",
    "rebel",
    "communal",
    "foreign_state",
    "unidentified",
    "not_attributed",
)


class ActorClassifier:
    """Ordered patterns; the first that matches the whole name decides.

    Parameters
    ----------
    patterns : DataFrame
        The table `actors`: columns `source`, `pattern` (a regular expression in which `{country}`
        stands for the country where the event happened) and `perpetrator`, in the order in which
        they are tried.
    source : str
        The dataset whose names are to be read.

    Attributes
    ----------
    unknown : dict of str to int
        Names that no pattern matched, with the number of times: they are *unidentified*, never
        dropped.
    """

    def __init__(self, patterns: pd.DataFrame, source: str):
        mine = patterns[patterns["source"].isin([source, "any"])]
        self._patterns = list(zip(mine["pattern"], mine["perpetrator"], strict=True))
        self._known: dict[tuple[str, str], str | None] = {}
        self.unknown: dict[str, int] = {}

    def __call__(self, actor: str, country: str) -> str:
        """The perpetrator class of a raw actor name for an event in `country` (as the source
        spells it)."""
        key = (actor, country)
        if key not in self._known:
            self._known[key] = self._match(actor, country)
        found = self._known[key]
        if found is None:
            self.unknown[actor] = self.unknown.get(actor, 0) + 1
            return "unidentified"
        return found

    def _match(self, actor: str, country: str) -> str | None:
        for pattern, perpetrator in self._patterns:
            if re.fullmatch(pattern.replace("{country}", re.escape(country)), actor):
                return perpetrator
        return None
