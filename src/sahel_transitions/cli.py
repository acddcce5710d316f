"""The command `sahel`. Results go to standard output, everything else to standard error."""

import json
import sys
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from typer import Abort, TyperException

from sahel_transitions.errors import Refusal, SahelError, nearest
from sahel_transitions.parameters import Parameters, parse_assignments, read_parameters

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="Mali and Burkina Faso since the coups of 2020-2022: civilian deaths, transition "
    "deadlines and partner shifts.",
)
data = typer.Typer(no_args_is_help=True, help="Build, check and accept tables.")
app.add_typer(data, name="data")

_SCHEMA = "; ".join(
    f"{name} ({field.description})" for name, field in Parameters.model_fields.items()
)
Assignments = Annotated[
    list[str] | None,
    typer.Option("-p", "--parameter", metavar="KEY=VALUE", help=f"May be repeated. {_SCHEMA}."),
]


class Format(StrEnum):
    """How a tidy result is printed."""

    table = "table"
    csv = "csv"
    json = "json"


@app.command("run")
def run_command(parameter: Assignments = None) -> None:
    """Run all notebooks with one set of parameters, or find the run if there is one."""
    _run(read_parameters(parse_assignments(parameter or ())))


@app.command()
def report(parameter: Assignments = None) -> None:
    """Run all notebooks and write the report."""
    from sahel_transitions.language import words
    from sahel_transitions.reports import write_report

    made = _run(read_parameters(parse_assignments(parameter or ())), summary=False)
    page = write_report(made)
    print(words(made.manifest["inputs"]["parameters"]["language"])("summary.report", page=page))
    _summarise(made)


@app.command()
def indicator(
    name: Annotated[str, typer.Argument(help="civilian-deaths, deadlines, partners, partner-lags")],
    parameter: Assignments = None,
    by: Annotated[
        str | None,
        typer.Option(
            help="civilian-deaths: year, month, admin1, perpetrator; partners: line; deadlines: promise (all that are known, not only those that stand)"
        ),
    ] = None,
    format: Annotated[Format, typer.Option(help="How to print the rows")] = Format.table,
) -> None:
    """Print one indicator as tidy rows."""
    parameters = read_parameters(parse_assignments(parameter or ()))
    if name not in _INDICATORS:
        raise Refusal(f"Refused: there is no indicator {name!r}; {nearest(name, _INDICATORS)}.")
    breakdowns, table, compute = _INDICATORS[name]
    if by is not None and by not in breakdowns:
        valid = nearest(by, breakdowns) if breakdowns else "it has none"
        raise Refusal(f"Refused: {name} has no breakdown by {by!r}; {valid}.")
    from sahel_transitions.indicators import (
        cut_months,
        deaths_table,
        later_than_coded,
        later_vintages,
        uncovered,
    )
    from sahel_transitions.language import words
    from sahel_transitions.tables import Tables

    tables = Tables()
    tables = tables.with_table(deaths_table(parameters, tables))
    frame = compute(parameters, tables, by)
    _print_frame(frame, format)
    caveats = uncovered(parameters, tables, table)
    if table == "deaths":
        caveats += later_vintages(parameters, tables, "deaths")
        caveats += cut_months(parameters, tables)
    else:
        caveats += later_than_coded(parameters, tables, table)
    for caveat in caveats:
        print(caveat.in_words(words("en")), file=sys.stderr)


def _deaths(parameters, tables, by):
    from sahel_transitions.indicators import civilian_deaths

    return civilian_deaths(parameters, tables, by or "year")


def _deadlines(parameters, tables, by):
    from sahel_transitions.indicators import promises_known, standing_promises, with_uncovered

    if by == "promise":
        return with_uncovered(promises_known(parameters, tables), parameters, tables)
    return standing_promises(parameters, tables)


def _partners(parameters, tables, by):
    from sahel_transitions.indicators import partner_states

    return partner_states(parameters, tables, lines=by == "line")


def _lags(parameters, tables, by):
    from sahel_transitions.indicators import partner_lags

    return partner_lags(parameters, tables)


# Name → breakdowns, the table it rests on, and how it is computed.
_INDICATORS = {
    "civilian-deaths": (("year", "month", "admin1", "perpetrator"), "deaths", _deaths),
    "deadlines": (("promise",), "deadlines", _deadlines),
    "partners": (("line",), "partner_events", _partners),
    "partner-lags": ((), "partner_events", _lags),
}


@app.command()
def reference(
    reason: Annotated[
        str | None, typer.Option(help="Why the results changed; accepts them")
    ] = None,
) -> None:
    """Compare the default run with the committed reference, and accept it with a reason."""
    from sahel_transitions.runs import accept_as_reference, compare_with_reference

    made = _run(read_parameters({}), summary=False)
    changes = compare_with_reference(made)
    print("\n".join(changes) or "No value differs from the reference.")
    if reason:
        accept_as_reference(made, reason)
        print(f"Accepted: {reason}")
    elif changes:
        raise SahelError("Accept the changes with --reason, or mend what caused them.")


@app.command("parameters")
def parameters_command() -> None:
    """Print the parameters with defaults and meaning, as a Markdown table."""
    print(parameters_markdown())


def parameters_markdown() -> str:
    """The table of parameters in the README."""
    lines = ["| parameter | default | meaning |", "|---|---|---|"]
    for name, field in Parameters.model_fields.items():
        default = field.default
        if isinstance(default, tuple):
            default = ",".join(default)
        elif isinstance(default, bool):
            default = str(default).lower()
        lines.append(f"| `{name}` | `{default}` | {field.description} |")
    return "\n".join(lines)


@data.command("build")
def data_build(
    source: Annotated[str, typer.Argument(help="ucdp or worldbank")],
    file: Annotated[Path, typer.Option("--from", help="The file as it was downloaded")],
    to: Annotated[Path | None, typer.Option(help="Folder; data/derived without it")] = None,
    vintage: Annotated[
        str | None, typer.Option(help="The release, if the file does not say")
    ] = None,
) -> None:
    """Build a derived table from an outside file."""
    from sahel_transitions.paths import DERIVED
    from sahel_transitions.sources import build_deaths, build_population
    from sahel_transitions.tables import Tables, write_table

    builders = {
        "ucdp": lambda: build_deaths(file, Tables()["actors"].frame, vintage),
        "worldbank": lambda: build_population(file, vintage),
    }
    if source not in builders:
        raise Refusal(f"Refused: there is no source {source!r}; {nearest(source, builders)}.")
    if not file.is_file():
        raise Refusal(f"Refused: there is no file {file}.")
    built = builders[source]()
    path = (to or DERIVED) / f"{built.name}.csv"
    write_table(path, built.frame, built.declaration)
    print("\n".join(built.notes), file=sys.stderr)
    print(f"Written: {path} ({len(built.frame)} rows)")


@data.command("check")
def data_check() -> None:
    """Check every table of the project: cells, keys, references, ledgers."""
    from sahel_transitions.errors import TableProblems
    from sahel_transitions.indicators import check_ledger, check_transitions
    from sahel_transitions.tables import Tables, check_references

    tables, problems = Tables(), []
    for name in tables:
        try:
            print(f"{name}: {len(tables[name].frame)} rows", file=sys.stderr)
        except TableProblems as error:
            problems += error.problems
    if not problems:
        problems += check_references(tables)
        for check, name in ((check_ledger, "deadlines"), (check_transitions, "partner_events")):
            try:
                check(tables[name].frame)
            except TableProblems as error:
                problems += error.problems
    if problems:
        raise TableProblems(problems)
    print(f"{len(tables)} tables, no problem.")


@data.command("seal")
def data_seal(
    reason: Annotated[str, typer.Option(help="Why the tables were changed")],
) -> None:
    """Accept edited tables: put their row counts and hashes into their declarations."""
    from sahel_transitions.paths import CODED, DERIVED
    from sahel_transitions.tables import seal_table

    paths = sorted([*CODED.glob("*.csv"), *DERIVED.glob("*.csv")])
    changed = [path.stem for path in paths if seal_table(path, reason)]
    print(f"Sealed: {', '.join(changed)} ({reason})" if changed else "No table had changed.")


def _run(parameters: Parameters, summary: bool = True):
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from sahel_transitions.runs import run

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
               TimeElapsedColumn())  # fmt: skip
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("Reading inputs", total=None)

        def started(count: int) -> None:
            progress.update(task, description="Running notebooks", total=count, completed=0)

        def done(outcome) -> None:
            mark = f"{outcome.notebook}: {outcome.failure}" if outcome.failure else outcome.notebook
            progress.update(task, advance=1, description=mark)

        made = run(parameters, started=started, done=done)
        progress.update(task, description="Notebooks", total=1, completed=1, visible=False)
    if summary:
        print(f"Run: {made.folder}")
        _summarise(made)
    return made


# So many changed inputs are named in the summary.
_NAMED = 5


def _summarise(made) -> None:
    """Five lines: which run, of what, and what it found or lacks."""
    from sahel_transitions.language import words

    parameters = made.manifest["inputs"]["parameters"]
    say = words(parameters["language"])
    records = made.records()
    lacking = [text for record in records for text in record["lacking"]]
    changed = [*made.changed[:_NAMED]]
    if len(made.changed) > _NAMED:
        changed.append(say("summary.more", n=len(made.changed) - _NAMED))
    why = say(f"summary.{made.why}", changed=changed)
    values = {value["id"]: value for value in made.results()}
    lines = [
        say("summary.run", id=made.id, why=why),
        say("summary.study", countries=[say(f"country.{each}") for each in parameters["countries"]],
            start=parameters["start"], end=parameters["end"], as_of=parameters["as_of"]),
        say("summary.deaths", values=_latest(values, parameters, say)),
        say("summary.ends", values=_ends(values, parameters, say)),
        say("summary.lacking", what=" ".join(dict.fromkeys(lacking)) or say("summary.nothing")),
    ]  # fmt: skip
    print("\n".join(lines))


def _latest(values: dict, parameters: dict, say) -> list[str]:
    """Deaths of the last whole year that is covered, for each country."""
    lines = []
    for country in parameters["countries"]:
        years = [
            (id.rsplit(".", 1)[-1], value)
            for id, value in values.items()
            if id.startswith(f"deaths.{country}.")
            and value["months"] == 12
            and value["value"] is not None
        ]
        if years:
            year, value = years[-1]
            decimals = 0 if value["unit"] == "reported deaths" else 1
            number = say.number(value["value"], decimals)
            lines.append(say("summary.value", country=country, value=number, when=year))
        else:
            lines.append(say("summary.no_year", country=country))
    return lines


def _ends(values: dict, parameters: dict, say) -> list[str]:
    lines = []
    for country in parameters["countries"]:
        end = values[f"deadlines.{country}.end_of_transition.due_on"]
        shown = say(f"state.{end['state']}")
        if end["state"] == "observed":
            shown = say.when(end["value"])
        lines.append(say("summary.end", country=country, value=shown))
    return lines


def _print_frame(frame, format: Format) -> None:
    from sahel_transitions.tables import csv_text, plain_frame

    match format:
        case Format.csv:
            sys.stdout.write(csv_text(frame))
        case Format.json:
            rows = plain_frame(frame).to_dict("records")
            print(json.dumps(rows, ensure_ascii=False, indent=1))
        case Format.table:
            print(plain_frame(frame).fillna("").to_string(index=False))


# By convention, 128 and the number of SIGINT; typer may return it in place of raising.
_INTERRUPTED = 130


def main(arguments: Iterable[str] | None = None) -> None:
    """Run the command; what a user can act on is one message, not a traceback."""
    try:
        code = app(args=None if arguments is None else list(arguments), standalone_mode=False)
    except SahelError as error:
        print(error, file=sys.stderr)
        raise SystemExit(error.exit_code) from None
    except TyperException as error:
        error.show()
        raise SystemExit(error.exit_code) from None
    except (Abort, KeyboardInterrupt):
        code = _INTERRUPTED
    if code == _INTERRUPTED:
        print("Interrupted: nothing was kept, earlier results are as they were.", file=sys.stderr)
    raise SystemExit(code if isinstance(code, int) else 0)
