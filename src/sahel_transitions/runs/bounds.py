"""Between which bounds the numbers of a record must lie, as the contract of its notebook declares."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from sahel_transitions.runs.engine import Failure

Limits = tuple[float | None, float | None]


class Bounds(BaseModel):
    """Bounds of the values whose ids have one beginning; both belong to them, and null is open.

    Attributes
    ----------
    value : tuple of float or None
    low, high : tuple of float or None, optional
        Of the ends of their intervals; without them, as of the value.
    whole : bool
        Whether values and ends are whole numbers.
    ordered : bool
        Whether a value lies within its own interval; UCDP publishes events of which it does not.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: Limits
    low: Limits | None = None
    high: Limits | None = None
    whole: bool = False
    ordered: bool = True

    def limits(self, field: str) -> Limits:
        """Of `value`, `low` or `high`."""
        return getattr(self, field) or self.value


_FIELDS = ("value", "low", "high")


def beyond_bounds(values: list[dict[str, Any]], bounds: Mapping[str, Bounds]) -> list[Failure]:
    """One failure for each rule that numbers of a record break, with the first that does.

    A number is finite, lies within the bounds of the longest beginning that fits its id, and
    between the ends of its interval. One without declared bounds is a failure as well.
    """
    broken: dict[tuple[str, str], list[str]] = {}
    for value in values:
        for kind, rule, said in _faults(value, bounds):
            broken.setdefault((kind, rule), []).append(said)
    return [
        Failure(rule, kind=kind, example=_and_others(said)) for (kind, rule), said in broken.items()
    ]


def _faults(value: dict[str, Any], bounds: Mapping[str, Bounds]) -> Iterable[tuple[str, str, str]]:
    """Kind of cause, rule and what breaks it."""
    id = value["id"]
    numbers = {field: value[field] for field in _FIELDS if _is_number(value.get(field))}
    if not numbers:
        return
    beginning = max((each for each in bounds if id.startswith(each)), key=len, default=None)
    if beginning is None:
        family = id.partition(".")[0] + "."
        yield "undeclared", f"no bounds are declared for values that begin with {family!r}", id
        return
    for field, number in numbers.items():
        said = f"{id} has the {field} {number}"
        if not math.isfinite(number):
            yield "bounds", "a number is not finite", said
            continue
        low, high = bounds[beginning].limits(field)
        if (low is not None and number < low) or (high is not None and number > high):
            within = (
                f"[{'-∞' if low is None else f'{low:g}'}, {'∞' if high is None else f'{high:g}'}]"
            )
            yield "bounds", f"a {field} of {beginning!r} is outside {within}", said
        if bounds[beginning].whole and not float(number).is_integer():
            yield "bounds", f"a {field} of {beginning!r} is no whole number", said
    ordered = [numbers[field] for field in ("low", "value", "high") if field in numbers]
    held = bounds[beginning].ordered and len(ordered) == len(_FIELDS)
    if held and not ordered[0] <= ordered[1] <= ordered[2]:
        said = f"{id} is {ordered[1]} in [{ordered[0]}, {ordered[2]}]"
        yield "bounds", f"a value of {beginning!r} is outside its own interval", said


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _and_others(said: list[str]) -> str:
    others = len(said) - 1
    return said[0] if not others else f"{said[0]} (and {others:,} more)"
