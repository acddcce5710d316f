"""Declared checks of claims: what is asked of which table, and when the claim holds.

They lie in `data/coded/claim_checks/<document>.yml`, claim by claim:

    C189:
      definitions:
        rsf:
        - {table: press_freedom, where: {country: MLI, year: 2022}, column: rank}

All readings of one definition must hold. A claim that holds under one definition and not under
another shows both. The day on which a check is asked is no part of it.
"""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from sahel_transitions.claims.declared_yaml import fault_problem, read_declared
from sahel_transitions.errors import Problem, TableProblems
from sahel_transitions.paths import CODED

FOLDER = CODED / "claim_checks"
VERDICTS = (
    "reproduced", "reproduced_otherwise", "partly", "contradicted", "overtaken", "not_checkable",
)  # fmt: skip
Verdict = Literal[VERDICTS]
Scalar = bool | int | float | str


class Strict(BaseModel):
    """A declaration without unknown keys, which nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Range(Strict):
    """Cells from one value to another, both included; other than some; or empty ones.

    A date lies in it when all days that it may mean do.
    """

    first: Scalar | None = Field(None, alias="from")
    last: Scalar | None = Field(None, alias="to")
    other_than: Scalar | tuple[Scalar, ...] | None = Field(None, alias="not")
    empty: bool | None = None


Where = dict[str, Scalar | tuple[Scalar, ...] | Range]


class Query(Strict):
    """One value of a table or an indicator.

    Attributes
    ----------
    table, indicator : str
        One of the two. `by` is the breakdown of an indicator and `parameters` what it is asked
        with.
    where : dict
        Column → a value, several, or a range; of a column of lists, what it must contain.
    last_of_each : list of str
        Only the last row known of each combination of these columns: the state, not the changes.
    column : str
        What is read. Not needed to count.
    take : str
        `only` (all rows must agree), `sum`, `mean`, `max`, `min`, `first`, `last` (by time),
        `count`, `distinct` (different values), `exists`, `none`, `rank` (place of the group `of`
        among the sums of `groups`, the largest first), `largest` and `smallest` (which group),
        `share` (sum of the rows `part` in the sum of all).
    """

    table: str | None = None
    indicator: str | None = None
    by: str | None = None
    parameters: dict[str, Scalar] = {}
    where: Where = {}
    last_of_each: tuple[str, ...] = ()
    column: str | None = None
    take: Literal[
        "only", "sum", "mean", "max", "min", "first", "last", "count", "distinct", "exists",
        "none", "rank", "largest", "smallest", "share",
    ] = "only"  # fmt: skip
    groups: str | None = None
    of: Scalar | None = None
    part: Where | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.table is None) == (self.indicator is None):
            raise ValueError("a reading needs either a table or an indicator")
        if self.column is None and self.take not in {"count", "exists", "none"}:
            raise ValueError(f"to take {self.take} a reading needs a column")
        if self.groups is None and self.take in {"rank", "largest", "smallest"}:
            raise ValueError(f"to take {self.take} a reading needs groups")
        if (self.of is None) == (self.take == "rank"):
            raise ValueError("`of` names the group whose rank is taken")
        if (self.part is None) == (self.take == "share"):
            raise ValueError("`part` names the rows whose share is taken")
        return self


Comparison = Literal[
    "equals", "other_than", "at_least", "at_most", "above", "below", "between", "within", "on",
    "before", "after", "one_of", "exists", "none",
]  # fmt: skip


class Reading(Query):
    """A value and what it must be for the claim to hold.

    Attributes
    ----------
    each_country : bool
        Asked for each country of the claim, and it must hold in all.
    against : Query
        A second value; `measured_as` says how the two are compared: `ratio` (first by second),
        `difference` (first less second), `growth` (from the second to the first), `days` (from the
        second date to the first).
    compared : str
        `equals` unless said. Dates: `on` (both may mean the same day), `within` (every day that it
        may mean lies in the other), `before`, `after` (surely).
    expected : value
        The value of the claim unless said; two for `between`, several for `one_of`.
    tolerance, relative : float
        Allowed distance, in units or as a share of what is expected, with its `because`.
    asked : str
        `always` on the day of the study and on that of the text; `when_said` only as the record
        stood when the text appeared: of a state that is claimed for that day alone.
    """

    each_country: bool = False
    against: Query | None = None
    measured_as: Literal["ratio", "difference", "growth", "days"] | None = Field(None, alias="as")
    compared: Comparison | None = Field(None, alias="is")
    expected: Scalar | tuple[Scalar, ...] | None = Field(None, alias="to")
    tolerance: Annotated[float, Field(ge=0)] = 0.0
    relative: Annotated[float, Field(ge=0, le=0.5)] = 0.0
    because: Literal["rounded", "about", "revised", "two_readings"] | None = None
    asked: Literal["always", "when_said"] = "always"

    @model_validator(mode="after")
    def _is_compared(self) -> Self:
        if (self.against is None) != (self.measured_as is None):
            raise ValueError("a second value (`against`) and how it is compared (`as`) go together")
        if bool(self.tolerance or self.relative) != (self.because is not None):
            raise ValueError("a tolerance needs its reason (`because`), and a reason a tolerance")
        many = isinstance(self.expected, tuple)
        if many != (self.compared in {"between", "one_of"}):
            raise ValueError("`between` and `one_of` have several values in `to`, others have one")
        if self.compared == "between" and len(self.expected) != 2:
            raise ValueError("`between` has two values in `to`")
        return self

    @property
    def comparison(self) -> str:
        """How the value is compared."""
        if self.compared is not None:
            return self.compared
        return self.take if self.take in {"exists", "none"} else "equals"


class Check(Strict):
    """The readings of a claim under each definition, and the verdict if all of them agree."""

    definitions: Annotated[dict[str, tuple[Reading, ...]], Field(min_length=1)]
    holds: Verdict = "reproduced"
    fails: Verdict = "contradicted"


def read_checks(folder: Path = FOLDER) -> dict[str, Check]:
    """Every declared check by the number of its claim.

    Raises
    ------
    TableProblems
        With every fault: keys that are unknown, values that are not allowed, a claim that is
        checked twice.
    """
    checks: dict[str, Check] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yml")):
        name = f"{folder.name}/{path.name}"
        for claim_id, content in read_declared(path).items():
            if claim_id in checks:
                problems.append(
                    Problem(name, None, claim_id, "one check of a claim", "a second one",
                            "Put its definitions into the first.")
                )  # fmt: skip
            try:
                checks[claim_id] = Check.model_validate(content)
            except ValidationError as error:
                problems += [fault_problem(name, claim_id, each, KEYS) for each in error.errors()]
    if problems:
        raise TableProblems(problems)
    return checks


# Every key that a check may have.
KEYS = {
    field.alias or name
    for model in (Check, Reading, Range)
    for name, field in model.model_fields.items()
}
