"""The one schema of parameters: of the command line, of every notebook, of the README.

No default depends on the clock. Everything that cannot be answered is refused here, before any
kernel starts.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from sahel_transitions import sources, tables
from sahel_transitions.errors import Refusal, nearest
from sahel_transitions.language import Language
from sahel_transitions.paths import DERIVED
from sahel_transitions.sources import Allocation, JointEvents
from sahel_transitions.sources.gazetteer import GLEDITSCH_WARD


def _listed(value: Any) -> Any:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(","))
    return tuple(value) if isinstance(value, list) else value


def _whole(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(r"-?\d+", value.strip()):
        return int(value)
    return value


def _truth(value: Any) -> Any:
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


def _day(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        date.fromisoformat(value)
    return value


Codes = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Month = Annotated[str, Field(pattern=r"^(19|20)\d{2}-(0[1-9]|1[0-2])$")]
Step = Annotated[
    str,
    Field(pattern=r"^[A-Z]{3}:(19|20)\d{2}-(0[1-9]|1[0-2])(/(19|20)\d{2}-(0[1-9]|1[0-2]))?$"),
]
Day = Annotated[str, BeforeValidator(_day), Field(pattern=r"^(19|20)\d{2}-\d{2}-\d{2}$")]


class Parameters(BaseModel):
    """What a study depends on, besides data and code."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    countries: Codes = Field(
        ("MLI", "BFA"), description="Countries to compare, ISO 3166-1 alpha-3, two or more"
    )
    start: Month = Field("2017-01", description="First month of the series")
    end: Month = Field("2023-12", description="Last month of the series")
    as_of: Day = Field(
        "2026-05-04",
        description="Day on whose knowledge the study rests: no ledger row known only later is "
        "used, and months that were not over are cut; the default is the day to which the ledgers are coded",
    )
    deaths_source: str = Field(
        "ucdp",
        description="`ucdp` for the table in the project, or the path of your own UCDP GED or "
        "ACLED file; several of different countries are separated by commas",
    )
    deaths_definition: Literal["U1", "U2", "U3", "A1", "A2", "A3"] = Field(
        "U2",
        description="U1 one-sided violence, U2 civilians in all violence, U3 civilians and dead of "
        "unknown status (UCDP); A1 fatalities of violence against civilians, A2 of all events "
        "targeting civilians, A3 lethal events targeting civilians (your ACLED file)",
    )
    allocation: Allocation = Field(
        "uniform_days", description="Month of a UCDP event that lasts over several months"
    )
    joint_events: JointEvents = Field(
        "primary",
        description="ACLED events of several perpetrators: `primary` the first named, `any` each "
        "in full, `fractional` in equal parts",
    )
    skip_bad_rows: Annotated[bool, BeforeValidator(_truth)] = Field(
        False,
        description="Leave out faulty rows of the file of deaths, and count them in the report",
    )
    per_100k: Annotated[bool, BeforeValidator(_truth)] = Field(
        False, description="Rates per 100,000 inhabitants of the same year, instead of counts"
    )
    window: Annotated[int, BeforeValidator(_whole), Field(ge=1, le=60)] = Field(
        12, description="Months before and after a shock that are compared"
    )
    shocks: Codes = Field(
        ("coup_mli_2020", "coup_mli_2021", "coup_bfa_2022_01", "coup_bfa_2022_09"),
        description="Shocks before and after which deaths are compared, from the table `shocks`",
    )
    model: Literal["quasi_poisson", "nb2"] = Field(
        "quasi_poisson",
        description="Variance of monthly deaths in a fitted change: proportional to the mean, or a "
        "quadratic function of it",
    )
    trend: Literal["with", "without", "bent"] = Field(
        "with",
        description="Line through the window of a fitted change: one, none, or one whose slope may "
        "change with the level",
    )
    harmonics: Annotated[int, BeforeValidator(_whole), Field(ge=0, le=3)] = Field(
        0, description="Pairs of sine and cosine for the season in a fitted change"
    )
    largest_month: Literal["with", "without"] = Field(
        "with", description="Whether the month with most deaths takes part in a fitted change"
    )
    step: Step = Field(
        "MLI:2021-12",
        description="Country and month of a step that is followed over all windows; an interval "
        "of months (`MLI:2021-09/2022-01`) belongs to neither side",
    )
    language: Language = Field("en", description="Language of figures, tables and sentences")
    seed: Annotated[int, BeforeValidator(_whole), Field(ge=0, le=2**32 - 1)] = Field(
        20200818,
        description="Seed of every random draw: of the resampled intervals of changepoints, and of "
        "matchings and days in tests of following",
    )

    @model_validator(mode="after")
    def _can_be_answered(self) -> Self:
        known = _known()
        _all_known("countries", self.countries, known["countries"])
        _all_known("shocks", self.shocks, known["shocks"])
        if len(self.countries) < 2:
            raise ValueError("countries: a comparison needs two or more, found one")
        for name in ("countries", "shocks"):
            if len(set(getattr(self, name))) < len(getattr(self, name)):
                raise ValueError(f"{name}: one is named twice")
        _all_known("step", (self.step[:3],), known["countries"])
        first, _, last = self.step[4:].partition("/")
        if last and last < first:
            raise ValueError(f"step: the interval {first}/{last} ends before it begins")
        if self.start > self.end:
            raise ValueError(f"start: {self.start} is after end, {self.end}")
        if self.start > self.last_known_month:
            raise ValueError(
                f"start: {self.start} was not over on as_of, {self.as_of}; choose an earlier start"
            )
        answered, cannot = _answered(self.deaths_source, self.skip_bad_rows)
        if self.deaths_definition not in answered:
            why = cannot.get(
                self.deaths_definition,
                f"{self.deaths_definition} is a definition of "
                f"{'ACLED' if self.deaths_definition.startswith('A') else 'UCDP'}, and the "
                f"deaths_source is {self.deaths_source!r}",
            )
            raise ValueError(f"deaths_definition: {why}; it answers {', '.join(answered)}")
        return self

    @property
    def last_month(self) -> str:
        """The last month of the series: `end`, or the last that was over on `as_of`."""
        return min(self.end, self.last_known_month)

    @property
    def last_known_month(self) -> str:
        """The last month that was over on `as_of`: of a running month only a part is known."""
        day = date.fromisoformat(self.as_of)
        if (day + timedelta(days=1)).month != day.month:
            return self.as_of[:7]
        return f"{day.replace(day=1) - timedelta(days=1):%Y-%m}"

    def plain(self) -> dict[str, Any]:
        """The values as plain strings, numbers and lists, in the order of the schema."""
        return self.model_dump(mode="json")


def read_parameters(given: Mapping[str, Any]) -> Parameters:
    """Parameters from names and values; text is read as the command line gives it.

    Raises
    ------
    Refusal
        With every fault at once: unknown names (and the nearest valid one), wrong types, values
        out of range or that no table can answer, and anything that looks like a secret.
    """
    refused = {name: fault for name, value in given.items() if (fault := _fault_of(name, value))}
    faults = list(refused.values())
    # What is refused already is not looked at again: a secret must not be echoed.
    valid = {name: value for name, value in given.items() if name not in refused}
    try:
        parameters = Parameters.model_validate(valid)
    except ValidationError as error:
        faults += [_sentence(fault) for fault in error.errors()]
    if faults:
        raise Refusal("\n".join(f"Refused: {fault}." for fault in faults))
    return parameters


def parse_assignments(assignments: Iterable[str]) -> dict[str, str]:
    """Names and values from `key=value` arguments.

    Raises
    ------
    Refusal
        If an argument has no `=`, or a name comes twice.
    """
    given: dict[str, str] = {}
    for assignment in assignments:
        name, separator, value = assignment.partition("=")
        if not separator:
            raise Refusal(f"Refused: expected key=value, found {assignment!r}.")
        if name in given:
            raise Refusal(f"Refused: the parameter {name!r} is given twice.")
        given[name] = value
    return given


# Long unbroken runs of key material, or the usual prefixes of access tokens.
_SECRET = re.compile(
    r"(?:sk|pk|gh[pousr]|xox[abp]|AKIA)[-_]?[A-Za-z0-9_-]{12,}|eyJ[\w-]{10,}\.|"
    r"(?i:password|passwd|api[-_]?key|secret|token)\s*[=:]|-----BEGIN|"
    r"(?<![\w/.-])[A-Za-z0-9+/_-]{40,}={0,2}(?![\w/.-])"
)


_DATA = {".csv", ".zip", ".json", ".xlsx", ".parquet", ".txt"}


def _fault_of(name: str, value: Any) -> str | None:
    if not re.fullmatch(r"[A-Za-z_]\w*", name):
        return f"{name!r} is not the name of a parameter (letters, digits and _ only)"
    if name not in Parameters.model_fields:
        return f"there is no parameter {name!r}; {nearest(name, Parameters.model_fields)}"
    if isinstance(value, str) and name == "deaths_source" and Path(value).suffix in _DATA:
        # Names of files may be long; what looks like a key is no name of a table.
        return None
    if isinstance(value, str) and _SECRET.search(value):
        return (
            f"{name}: the value looks like a secret; parameters are written into every product, "
            "so keep secrets in the environment"
        )
    return None


def _all_known(name: str, codes: tuple[str, ...], known: frozenset[str]) -> None:
    for code in codes:
        if code not in known:
            raise ValueError(f"{name}: no table covers {code!r}; {nearest(code, known)}")


def _answered(source: str, skip_bad_rows: bool) -> tuple[tuple[str, ...], Mapping[str, str]]:
    """The definitions that a source of deaths answers, and why it does not answer others."""
    if source == "ucdp":
        return tables.read_declaration(DERIVED / "deaths.yml").definitions, {}
    try:
        files = sources.named_files(source)
        names = ", ".join(file.name for file in files)
        dataset, built = sources.read_users_files(
            files, tables.Tables()["actors"].frame, skip_bad_rows=skip_bad_rows
        )
    except sources.Unanswerable as refusal:
        raise ValueError(f"deaths_source: {names} is sound, but {refusal}") from None
    except Refusal as refusal:
        said = str(refusal).replace("--skip-bad-rows", "-p skip_bad_rows=true (--skip-bad-rows)")
        said = said.rstrip(".")
        raise ValueError(f"deaths_source: {said}") from None
    if built.name != "deaths":
        raise ValueError(
            f"deaths_source: {names} is of {dataset.title}, which counts no deaths of civilians"
        )
    return tuple(built.declaration["definitions"]), {**dataset.cannot, **built.cannot}


@cache
def _known() -> dict[str, frozenset[str]]:
    return {"countries": frozenset(GLEDITSCH_WARD), "shocks": tables.names_in("shocks", "shock_id")}


_EXAMPLES = {
    "start": "a month such as 2020-08",
    "end": "a month such as 2023-12",
    "as_of": "a day such as 2023-05-31",
    "step": "a country and a month such as MLI:2021-12",
}


def _sentence(fault: Any) -> str:
    if fault["type"] == "value_error" and not fault["loc"]:
        return str(fault["ctx"]["error"])
    name, found = fault["loc"][0], fault["input"]
    match fault["type"]:
        case "string_pattern_mismatch" | "value_error" if name in _EXAMPLES:
            return f"{name}: expected {_EXAMPLES[name]}, found {found!r}"
        case "literal_error":
            valid = re.findall(r"'([^']+)'", fault["ctx"]["expected"])
            return (
                f"{name}: {found!r} is not one of {', '.join(valid)}; {nearest(str(found), valid)}"
            )
        case "bool_type":
            return f"{name}: expected true or false, found {found!r}"
        case "int_type":
            return f"{name}: expected a whole number, found {found!r}"
        case "greater_than_equal":
            return f"{name}: expected at least {fault['ctx']['ge']}, found {found}"
        case "less_than_equal":
            return f"{name}: expected at most {fault['ctx']['le']}, found {found}"
    return f"{name}: {fault['msg']}, found {found!r}"
