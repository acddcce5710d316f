"""Commands that run a study: all notebooks, a report, one indicator."""

import json
import sys
from enum import StrEnum
from typing import Annotated

import typer

from sahel_transitions.cli.progress import (
    run_each_with_progress,
    run_with_progress,
    summarise,
)
from sahel_transitions.errors import Refusal, SahelError, nearest
from sahel_transitions.parameters import Parameters, parse_assignments, read_parameters

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


def run_command(parameter: Assignments = None) -> None:
    """Run all notebooks with one set of parameters, or find the run if there is one."""
    run_with_progress(read_parameters(parse_assignments(parameter or ())))


def report(parameter: Assignments = None) -> None:
    """Run all notebooks and write the report."""
    from sahel_transitions.language import words
    from sahel_transitions.reports import write_report

    made = run_with_progress(read_parameters(parse_assignments(parameter or ())), summary=False)
    page = write_report(made)
    print(words(made.manifest["inputs"]["parameters"]["language"])("summary.report", page=page))
    summarise(made)


def indicator(
    name: Annotated[
        str, typer.Argument(help="civilian-deaths, deadlines, partners, partner-lags, follow")
    ],
    parameter: Assignments = None,
    by: Annotated[
        str | None,
        typer.Option(
            help="civilian-deaths: year, month, admin1, perpetrator; partners: line; deadlines: promise (all that are known, not only those that stand); follow: change, month, verdict"
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
        file_caveats,
        later_than_coded,
        later_vintages,
        uncovered,
    )
    from sahel_transitions.language import words
    from sahel_transitions.tables import Tables

    tables = Tables()
    tables = tables.with_table(deaths_table(parameters, tables))
    frame = compute(parameters, tables, by)
    print_frame(frame, format)
    caveats = uncovered(parameters, tables, table)
    if table == "deaths":
        caveats += later_vintages(parameters, tables, "deaths")
        caveats += cut_months(parameters, tables)
        caveats += file_caveats(parameters, tables)
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


def _follow(parameters, tables, by):
    from sahel_transitions.indicators import (
        common_changes,
        follow_tests,
        monthly_states,
        parallel_verdicts,
    )

    match by:
        case "change":
            return common_changes(parameters, tables)
        case "month":
            return monthly_states(parameters, tables)
    tests = follow_tests(parameters, tables)
    return parallel_verdicts(parameters, tables, tests) if by == "verdict" else tests


# Name → breakdowns, the table it rests on, and how it is computed.
_INDICATORS = {
    "civilian-deaths": (("year", "month", "admin1", "perpetrator"), "deaths", _deaths),
    "deadlines": (("promise",), "deadlines", _deadlines),
    "partners": (("line",), "partner_events", _partners),
    "partner-lags": ((), "partner_events", _lags),
    "follow": (("change", "month", "verdict"), "partner_events", _follow),
}


def robustness(
    parameter: Assignments = None,
    shock: Annotated[
        list[str] | None,
        typer.Option(help="A shock of the table `shocks`; may be repeated; all without it"),
    ] = None,
    workers: Annotated[int, typer.Option(help="Processes", min=1)] = 2,
    notebooks: Annotated[
        bool,
        typer.Option(
            "--notebooks",
            help="Run the chosen grid of specifications as notebooks, and hold their answers "
            "against those computed in process",
        ),
    ] = False,
    format: Annotated[Format, typer.Option(help="table: one row a shock; else every answer")] = (
        Format.table
    ),
) -> None:
    """Ask in thousands of defensible ways by how much deaths changed at each shock.

    Answers are kept while they come, so that what was interrupted goes on.
    """
    from sahel_transitions.cli.progress import showing_count
    from sahel_transitions.cli.robustness import curves_in_short, grid_as_notebooks
    from sahel_transitions.indicators import (
        deaths_table,
        known_shocks,
        specification_curves,
        specifications,
    )
    from sahel_transitions.paths import ANSWERS
    from sahel_transitions.tables import Tables

    parameters = read_parameters(parse_assignments(parameter or ()))
    tables = Tables()
    tables = tables.with_table(deaths_table(parameters, tables))
    known = list(known_shocks(parameters, tables).index)
    unknown = [name for name in shock or () if name not in known]
    if unknown:
        raise Refusal(f"Refused: there is no shock {unknown[0]!r}; {nearest(unknown[0], known)}.")
    if notebooks:
        print_frame(grid_as_notebooks(parameters, tables, workers), format)
        return
    asked = specifications(parameters, tables, tuple(shock) if shock else None)
    with showing_count("Specifications") as done:
        answers = specification_curves(
            parameters, tables, asked, workers=workers, kept_in=ANSWERS, done=done
        )
    if format is Format.table:
        print("\n".join(curves_in_short(answers, tables["deaths"].declaration)))
    else:
        print_frame(answers, format)


def reference(
    reason: Annotated[
        str | None, typer.Option(help="Why the results changed; accepts them")
    ] = None,
) -> None:
    """Compare the default run with the committed reference, and accept it with a reason."""
    from sahel_transitions.runs import (
        accept_as_reference,
        compare_with_reference,
        grid_notebook,
        store_outputs,
    )

    made = run_with_progress(read_parameters({}), summary=False)
    changes = compare_with_reference(made)
    print("\n".join(changes) or "No value differs from the reference.")
    if reason:
        accept_as_reference(made, reason)
        # The notebook of the grid is of no report, and has stored outputs all the same.
        (one,) = run_each_with_progress([read_parameters({})], notebooks=[grid_notebook()])
        store_outputs(one)
        print(f"Accepted: {reason}")
    elif changes:
        raise SahelError("Accept the changes with --reason, or mend what caused them.")


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


def add_to(app: typer.Typer) -> None:
    """Make these commands of `sahel`."""
    app.command("run")(run_command)
    app.command()(report)
    app.command()(indicator)
    app.command()(robustness)
    app.command()(reference)
    app.command("parameters")(parameters_command)


def print_frame(frame, format: Format) -> None:
    from sahel_transitions.tables import csv_text, plain_frame

    match format:
        case Format.csv:
            sys.stdout.write(csv_text(frame))
        case Format.json:
            rows = plain_frame(frame).to_dict("records")
            print(json.dumps(rows, ensure_ascii=False, indent=1))
        case Format.table if frame.empty:
            print("No rows.")
        case Format.table:
            print(plain_frame(frame).fillna("").to_string(index=False))
