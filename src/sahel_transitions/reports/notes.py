"""Footnotes: what a finding rests on, under which definition and vintage, and how far it carries."""

from collections.abc import Mapping

from sahel_transitions.claims import read_findings
from sahel_transitions.language import Words


class Warnings:
    """The named warnings of the tables of a report, numbered in the order in which they are met."""

    def __init__(self, words: Words):
        self._words = words
        self._numbers: dict[str, int] = {}

    def number(self, name: str) -> int:
        """The number of a warning by its name in the declarations."""
        return self._numbers.setdefault(name, len(self._numbers) + 1)

    def listed(self) -> list[tuple[int, str]]:
        """Numbers and texts."""
        return [(number, self._words(f"warning.{name}")) for name, number in self._numbers.items()]


class Notes:
    """The footnotes of a chapter: findings that rest on the same share one.

    Parameters
    ----------
    words : Words
    definition : str
        The definition of civilian deaths of the study.
    datasets : mapping
        Table → what the record of the notebook says of it: vintage, warnings, provisional months.
    warnings : Warnings
        Of the whole report.
    """

    def __init__(
        self, words: Words, definition: str, datasets: Mapping[str, dict], warnings: Warnings
    ):
        self._words, self._definition, self._datasets = words, definition, datasets
        self._warnings = warnings
        self._numbers: dict[str, int] = {}

    def number(self, finding: str | None) -> int | None:
        """The number of the note of a declared finding; None of what states none."""
        if finding is None:
            return None
        return self._numbers.setdefault(self._text(finding), len(self._numbers) + 1)

    def numbered(self) -> tuple[str, ...]:
        """All notes, in the order of their numbers."""
        return tuple(self._numbers)

    def _text(self, name: str) -> str:
        say, finding = self._words, read_findings()[name]
        used = [(table, self._datasets[table]) for table in finding.rests_on]
        vintages = [
            say("study.table", title=say(f"dataset.{table}"), vintage=said["vintage"])
            for table, said in used
        ]
        numbers = [
            str(self._warnings.number(name))
            for name in dict.fromkeys(name for _, said in used for name in said["warnings"])
        ]
        parts = [
            say("report.note.rests_on", tables=vintages),
            *([say(f"definition.{self._definition}")] if "deaths" in finding.rests_on else ()),
            *(text for _, said in used for text in self._provisional(said["provisional_from"])),
            *(say(key) for key in finding.caveat),
            *([say("report.note.warnings", numbers=numbers, n=len(numbers))] if numbers else ()),
        ]
        return " ".join(map(str, parts))

    def _provisional(self, since: Mapping[str, str]) -> list[str]:
        months: dict[str, list[str]] = {}
        for country, month in since.items():
            months.setdefault(month, []).append(self._words(f"country.{country}"))
        return [
            self._words("caveat.provisional", month=month, countries=countries)
            for month, countries in sorted(months.items())
        ]
