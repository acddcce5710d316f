"""The comparability gate: whether two described series may be compared, and under which labels.

Datasets of deaths count unlike things in unlike ways. What may stand side by side may not always be
divided, and what comes from two datasets may never be added up.
"""

from dataclasses import dataclass
from typing import Literal

Purpose = Literal["side_by_side", "ratio", "sum"]


@dataclass(frozen=True)
class Described:
    """What must be known of a series, or of one number of it, before it is compared.

    Attributes
    ----------
    source : str
        The dataset or institution: `UCDP GED`, `ACLED`, …
    definition : str
        Its id: `U2`, `A2`, `HRD`, …
    vintage : str
        Release or day of export.
    unit : str
    first, last : str
        The span of months that is counted (`2022-01`).
    months : int
        How many months of the span are covered.
    provisional : bool
        Whether the producer still revises a part of it.
    excludes : tuple of str
        Incidents that are left out of it.
    """

    source: str
    definition: str
    vintage: str
    unit: str
    first: str
    last: str
    months: int
    provisional: bool = False
    excludes: tuple[str, ...] = ()

    @property
    def is_partial(self) -> bool:
        """Whether it is anything but whole calendar years, covered in every month."""
        whole = self.first.endswith("-01") and self.last.endswith("-12")
        return not whole or self.months < _length(self.first, self.last)


@dataclass(frozen=True)
class Comparison:
    """The answer of the gate.

    Attributes
    ----------
    refusals : tuple of str
        Why the two may not be compared; empty where they may.
    labels : tuple of str
        What a reader of the comparison must be told.

    Both are keys of the catalogue, under `refusal` and `comparison`.
    """

    refusals: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether nothing stands against it."""
        return not self.refusals


def compare(one: Described, other: Described, purpose: Purpose = "side_by_side") -> Comparison:
    """Whether two series may be compared for a purpose, and which labels that must carry.

    Parameters
    ----------
    one, other : Described
    purpose : {"side_by_side", "ratio", "sum"}
        Drawn on one axis; divided, which demands the same covered months; or added up, which
        demands one source, definition and vintage, and months that do not overlap.

    Returns
    -------
    Comparison
        Refused are unlike units, series without a common month (unless they are added up), a
        ratio of unlike months, and every sum over sources, definitions, vintages or the same
        months. Labels say of an allowed comparison what is unlike.
    """
    common = one.first <= other.last and other.first <= one.last
    same_months = (one.first, one.last, one.months) == (other.first, other.last, other.months)
    same_definition = (one.source, one.definition) == (other.source, other.definition)
    adding = purpose == "sum"
    refusals = {
        "unlike_units": one.unit != other.unit,
        "no_common_period": not common and not adding,
        "unlike_months": purpose == "ratio" and common and not same_months,
        "sum_of_sources": adding and one.source != other.source,
        "sum_of_definitions": adding and one.source == other.source and not same_definition,
        "sum_of_vintages": adding and same_definition and one.vintage != other.vintage,
        "sum_of_same_months": adding and same_definition and common,
    }
    refused = tuple(name for name, found in refusals.items() if found)
    if refused:
        return Comparison(refusals=refused)
    labels = {
        "unlike_definitions": not same_definition,
        "unlike_vintages": one.vintage != other.vintage,
        "unlike_months": not same_months and not adding,
        "partial_year": one.is_partial or other.is_partial,
        "provisional": one.provisional or other.provisional,
        "excluded_incident": set(one.excludes) != set(other.excludes),
    }
    return Comparison(labels=tuple(name for name, found in labels.items() if found))


def _length(first: str, last: str) -> int:
    years = int(last[:4]) - int(first[:4])
    return 12 * years + int(last[5:]) - int(first[5:]) + 1
