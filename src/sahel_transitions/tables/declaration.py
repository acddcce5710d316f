"""What a table says of itself: `name.yml`, beside `name.csv`."""

from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sahel_transitions.errors import Problem, TableProblems, nearest

Iso3 = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
Day = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]

# Licences under which a table may be passed on; any other keeps it out of the project.
OPEN_LICENCES = frozenset({"CC-BY-4.0", "CC0-1.0", "CC-BY-3.0-IGO", "public-domain"})


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
    """Everything a reader must know of a table before using a number of it."""

    title: str
    description: str
    producer: str
    citation: tuple[str, ...]
    licence: str
    redistribution: bool
    vintage: str
    vintage_released: Day
    coverage: dict[Iso3, Span]
    grain: tuple[str, ...]
    columns: dict[str, Column]
    warnings: tuple[str, ...] = ()
    rows: int
    sha256: str
    last_change: str | None = None

    def covers(self, country: str, month: str) -> bool:
        """Whether the table covers a country (ISO3) in a month (`2022-03`)."""
        span = self.coverage.get(country)
        return span is not None and span.first <= month <= span.last


def read_declaration(path: Path) -> Declaration:
    """Read and check a declaration.

    Raises
    ------
    TableProblems
        Naming every key that is unknown, absent or wrong.
    """
    name = f"{path.parent.name}/{path.name}"
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
        declaration = Declaration.model_validate(content, strict=False)
    except FileNotFoundError:
        remedy = "Declare the table: copy the .yml of a similar one and change it."
        raise TableProblems(
            [Problem(name, None, None, "a declaration", "no file", remedy)]
        ) from None
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
    if declaration.redistribution and declaration.licence not in OPEN_LICENCES:
        problems.append(
            Problem(
                name, None, "licence", f"one of {', '.join(sorted(OPEN_LICENCES))}",
                repr(declaration.licence),
                "A table that may not be passed on may not lie in the project.",
            )
        )  # fmt: skip
    if problems:
        raise TableProblems(problems)
    return declaration


def _problem(name: str, fault) -> Problem:
    place = ".".join(map(str, fault["loc"]))
    if fault["type"] == "extra_forbidden":
        owner = Column if fault["loc"][0] == "columns" else Declaration
        hint = nearest(str(fault["loc"][-1]), owner.model_fields)
        return Problem(name, None, place, "a known key", "an unknown one", f"Rename it: {hint}.")
    found = "nothing" if fault["type"] == "missing" else repr(fault["input"])
    return Problem(name, None, place, fault["msg"], found, "Correct the declaration.")
