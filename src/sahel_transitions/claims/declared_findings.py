"""Declared findings: what each sentence of the notebooks rests on, and when it falls.

They lie in `findings.yml`, one entry a finding:

    deaths_by_year:
      says: [finding.year, finding.year_missing]
      parts: [finding.bounds]
      of: [country]
      query: civilian_deaths(by="year")
      rests_on: [deaths, population]
      caveat: [caveat.reported]
      dropped: dropped.no_two_years
      reversed: reversed.year

`says` are the sentences of which one is said of an instance, as the values decide; `parts` stand
inside them or are joined to them. `of` names what tells instances apart, and makes the id:
`deaths_by_year.MLI`. The title of a figure is a finding like any sentence; titles that state no
result stand under `labels`, each with its reason.
"""

import math
from functools import cache
from typing import Any, Protocol

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from sahel_transitions.errors import Problem, TableProblems, nearest
from sahel_transitions.language import Sentence
from sahel_transitions.paths import PACKAGE
from sahel_transitions.tables import plain_value

FILE = PACKAGE / "claims" / "findings.yml"
# Sums of floats end in digits that depend on their order.
_NOISE = 1e-9
_LABELS = "labels"

Values = dict[str, Any]


class Stated(Protocol):
    """A finding as it was stated: the keys that it says, and their values."""

    says: tuple[str, ...]
    values: Values


class Tolerance(BaseModel):
    """By how much a number may move before the finding counts as changed, and why so much."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    absolute: float = 0.0
    relative: float = 0.0
    because: str


class DeclaredFinding(BaseModel):
    """What is declared of a finding; its fields are those of an entry of `findings.yml`.

    Attributes
    ----------
    name : str
    says, parts : tuple of str
        Keys of the catalogue.
    of : tuple of str
        Fields that sentences are given, whether they name them or not.
    query : tuple of str
        Calls of functions of `indicators` or `claims`, without the study and its tables.
    rests_on : tuple of str
        Tables.
    tolerance : Tolerance or None
        None: every change of a value is a change of the finding.
    caveat : tuple of str
        Keys of what keeps a reader from taking it for more; those that are sentences of a notebook
        are said beside it.
    dropped : str
        The key of when nothing is said, or nothing but that nothing can be said.
    reversed : str or None
        The key of when it states the opposite; None of what has no opposite, such as a count.
    opposites : tuple of pairs of str
        Sentences of which one states the opposite of the other.
    compares : tuple of str and (str or float), or None
        A field, and the field or number of which it must change sides to be reversed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    says: tuple[str, ...]
    parts: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    query: tuple[str, ...]
    rests_on: tuple[str, ...]
    tolerance: Tolerance | None = None
    caveat: tuple[str, ...]
    dropped: str
    reversed: str | None = None
    opposites: tuple[tuple[str, str], ...] = ()
    compares: tuple[str, str | float] | None = None

    def id_of(self, sentence: Sentence) -> str:
        """The id of an instance: the name, and what it is of, as far as the sentence was given it."""
        told = (_name_of(sentence.given[name]) for name in self.of if name in sentence.given)
        return ".".join([self.name, *told])

    def same(self, one: Any, other: Any) -> bool:
        """Whether two values of the finding are the same within its tolerance."""
        if not (_is_number(one) and _is_number(other)):
            return one == other
        allowed = self.tolerance or Tolerance(because="")
        return math.isclose(
            one, other, rel_tol=max(allowed.relative, _NOISE), abs_tol=max(allowed.absolute, 1e-12)
        )

    def is_reversed(self, before: "Stated", after: "Stated") -> bool:
        """Whether what is stated after is the opposite of what was stated before."""
        if any({before.says[0], after.says[0]} == set(pair) for pair in self.opposites):
            return True
        sides = [self._side(each.values) for each in (before, after)]
        return None not in sides and sides[0] * sides[1] < 0

    def _side(self, values: Values) -> float | None:
        if self.compares is None:
            return None
        name, limit = self.compares
        value, limit = values.get(name), values.get(limit) if isinstance(limit, str) else limit
        return value - limit if _is_number(value) and _is_number(limit) else None


@cache
def _read() -> dict[str, Any]:
    # Every notebook reads this file in a process of its own: the parser in C takes a seventh.
    return yaml.load(FILE.read_text(encoding="utf-8"), yaml.CSafeLoader)


@cache
def read_findings() -> dict[str, DeclaredFinding]:
    """Every declared finding by its name.

    Raises
    ------
    TableProblems
        With every fault of an entry, and every sentence that two findings say, or a finding that
        is a label, too.
    """
    content = _read()
    findings: dict[str, DeclaredFinding] = {}
    problems: list[Problem] = []
    for name, entry in content.items():
        if name == _LABELS:
            continue
        try:
            findings[name] = DeclaredFinding.model_validate({"name": name, **entry})
        except ValidationError as error:
            problems += [
                Problem(FILE.name, None, f"{name}.{'.'.join(map(str, fault['loc']))}",
                        fault["msg"], str(fault["input"]), "Mend the entry.")
                for fault in error.errors()
            ]  # fmt: skip
    seen: dict[str, str] = dict.fromkeys(content.get(_LABELS, {}), _LABELS)
    for finding in findings.values():
        for key in finding.says:
            if seen.setdefault(key, finding.name) != finding.name:
                problems.append(
                    Problem(FILE.name, None, finding.name, f"{key} said by one finding",
                            f"by {seen[key]}, too", "Leave it to one of them.")
                )  # fmt: skip
    if problems:
        raise TableProblems(problems)
    return findings


def title_labels() -> dict[str, str]:
    """The titles of figures that state no result, by their keys, with the reason."""
    return _read().get(_LABELS, {})


@cache
def _by_key() -> dict[str, DeclaredFinding]:
    return {key: finding for finding in read_findings().values() for key in finding.says}


@cache
def _cautions() -> frozenset[str]:
    return frozenset(key for finding in read_findings().values() for key in finding.caveat)


def finding_of(sentence: str) -> DeclaredFinding | None:
    """The declared finding that a sentence states; None of one that is the caveat of a finding.

    Raises
    ------
    LookupError
        If it was not written from the catalogue, or no finding is declared that says it.
    """
    _check_written(sentence)
    if sentence.key in _cautions():
        return None
    return _stated_by(sentence)


def finding_of_title(title: str) -> DeclaredFinding | None:
    """The declared finding that the title of a figure states; None of a label.

    Raises
    ------
    LookupError
        If it was not written from the catalogue, or is neither declared nor a label.
    """
    _check_written(title)
    return None if title.key in title_labels() else _stated_by(title)


def _check_written(sentence: str) -> None:
    if not isinstance(sentence, Sentence):
        raise LookupError(
            f"The sentence {str(sentence)!r} was not written from the catalogue, so that nobody "
            "can tell what it rests on."
        )


def _stated_by(sentence: Sentence) -> DeclaredFinding:
    if sentence.key not in _by_key():
        raise LookupError(
            f"No finding in {FILE.name} says {sentence.key!r}; {nearest(sentence.key, _by_key())}."
        )
    return _by_key()[sentence.key]


def plain_values(sentence: Sentence) -> Values:
    """The values that a sentence names, by field, as JSON holds them.

    What stands inside another text has its path: `bounds.high`, `counts.0.n`.
    """
    return dict(_flat(sentence.values, ""))


def _flat(value: Any, path: str):
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _flat(each, f"{path}.{name.lower()}" if path else name.lower())
    elif isinstance(value, (list, tuple)):
        for place, each in enumerate(value):
            yield from _flat(each, f"{path}.{place}")
    else:
        yield path, value if isinstance(value, str) else plain_value(value)


def _name_of(value: Any) -> str:
    """A part of an id: of a text of the catalogue, the last part of its key."""
    if isinstance(value, list):
        return "+".join(map(_name_of, value))
    text = str(plain_value(value))
    return text.rpartition(".")[2] or text


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
