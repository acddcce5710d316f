"""What a table says of itself: `name.yml`, beside `name.csv`."""

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sahel_transitions.errors import Problem, TableProblems, nearest
from sahel_transitions.tables.licences import LICENCES, Content

Iso3 = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
Day = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]


_NEVER = "9999-12"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Span(_Strict):
    """The first and last month that a table covers for a country, both included."""

    first: Month
    last: Month


class Column(_Strict):
    """A column: `missing` says what an empty cell means, and without it none may be empty."""

    type: Literal["text", "list", "integer", "number", "boolean", "day", "month", "date"]
    meaning: str
    unit: str | None = None
    allowed: tuple[str, ...] | None = None
    pattern: str | None = None
    minimum: float | None = None
    missing: str | None = None
    refers_to: Annotated[str, Field(pattern=r"^\w+\.\w+$")] | None = None


class Declaration(_Strict):
    """Everything a reader must know of a table before using a number of it.

    `content` and `licence` decide whether the table may lie in the project (`redistribution`).
    Tables of deaths say which `dataset` they are of, which `definitions` they answer and by which
    `breakdowns`; `skipped_rows` counts the rows of a user's file that were left out. Months from
    `provisional_from` on may still be revised; months in `lost` are covered, but their values are
    not there, and so are those of the definitions that are `unanswered` for a country.
    """

    title: str
    description: str
    producer: str
    citation: tuple[str, ...]
    licence: str
    redistribution: bool
    content: Content = "rows"
    vintage: str
    vintage_released: Day
    coverage: dict[Iso3, Span]
    grain: tuple[str, ...]
    columns: dict[str, Column]
    warnings: tuple[str, ...] = ()
    dataset: str | None = None
    definitions: tuple[str, ...] = ()
    breakdowns: tuple[str, ...] = ()
    skipped_rows: int = 0
    provisional_from: dict[Iso3, Month] = Field(default_factory=dict)
    lost: dict[Iso3, tuple[Span, ...]] = Field(default_factory=dict)
    unanswered: dict[Iso3, tuple[str, ...]] = Field(default_factory=dict)
    rows: int
    sha256: str
    last_change: str | None = None

    def covers(self, country: str, month: str) -> bool:
        """Whether the table covers a country (ISO3) in a month (`2022-03`)."""
        span = self.coverage.get(country)
        return span is not None and span.first <= month <= span.last

    def loses(self, country: str, month: str) -> bool:
        """Whether the values of a country in a covered month are lost."""
        return any(span.first <= month <= span.last for span in self.lost.get(country, ()))

    def revises(self, country: str, month: str) -> bool:
        """Whether the producer still expected to revise a month of a country."""
        return month >= self.provisional_from.get(country, _NEVER)


def read_declaration(path: Path) -> Declaration:
    """Read and check a declaration.

    Raises
    ------
    TableProblems
        Naming every key that is unknown, absent or wrong.
    """
    return parse_declaration(f"{path.parent.name}/{path.name}", declaration_text(path))


def declaration_text(path: Path) -> str:
    """The text of a declaration.

    Raises
    ------
    TableProblems
        If there is no such file.
    """
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        name = f"{path.parent.name}/{path.name}"
        remedy = "Declare the table: copy the .yml of a similar one and change it."
        raise TableProblems(
            [Problem(name, None, None, "a declaration", "no file", remedy)]
        ) from None


@lru_cache(maxsize=256)
def parse_declaration(name: str, text: str) -> Declaration:
    """Check the text of the declaration that is called `name` in messages.

    Raises
    ------
    TableProblems
        Naming every key that is unknown, absent or wrong.
    """
    try:
        content = yaml.load(text, Loader=yaml.CBaseLoader)
        declaration = Declaration.model_validate(content, strict=False)
    except yaml.YAMLError as error:
        remedy = "Mend the YAML."
        raise TableProblems(
            [Problem(name, None, None, "valid YAML", str(error).replace("\n", " "), remedy)]
        ) from error
    except ValidationError as error:
        raise TableProblems([_problem(name, fault) for fault in error.errors()]) from error
    problems = [
        Problem(
            name, None, column, "a declared column in the grain", "none",
            f"Correct the grain: {nearest(column, declaration.columns)}.",
        )
        for column in declaration.grain
        if column not in declaration.columns
    ]  # fmt: skip
    problems += licence_problems(name, declaration)
    if problems:
        raise TableProblems(problems)
    return declaration


def licence_problems(name: str, declaration: Declaration) -> list[Problem]:
    """Why a table may not be passed on, though it says that it may; or nothing."""
    if not declaration.redistribution:
        return []
    licence = LICENCES.get(declaration.licence)
    if licence is None:
        expected = "a known licence (" + ", ".join(sorted(LICENCES)) + ")"
    elif declaration.content not in licence.permits:
        expected = f"a licence under which {declaration.content} may be passed on"
    else:
        return []
    remedy = "A table that may not be passed on may not lie in the project: build it elsewhere."
    return [Problem(name, None, "licence", expected, repr(declaration.licence), remedy)]


def _problem(name: str, fault) -> Problem:
    place = ".".join(map(str, fault["loc"]))
    if fault["type"] == "extra_forbidden":
        owner = Column if fault["loc"][0] == "columns" else Declaration
        hint = nearest(str(fault["loc"][-1]), owner.model_fields)
        return Problem(name, None, place, "a known key", "an unknown one", f"Rename it: {hint}.")
    found = "nothing" if fault["type"] == "missing" else repr(fault["input"])
    return Problem(name, None, place, fault["msg"], found, "Correct the declaration.")
