"""The command that prints what the notebooks state, with what each finding rests on."""

from typing import Annotated

import typer

from sahel_transitions.cli.assignments import Assignments
from sahel_transitions.cli.frames import Format, print_frame
from sahel_transitions.parameters import parse_assignments, read_parameters


def findings(
    parameter: Assignments = None,
    notebook: Annotated[
        list[str] | None,
        typer.Option(help="Only of this notebook, such as 01_civilian_deaths; may be repeated"),
    ] = None,
    format: Annotated[Format, typer.Option(help="How to print the rows")] = Format.table,
) -> None:
    """Print every sentence in which the notebooks state a result, with what it rests on.

    Each with its values, query, tables, tolerance and caveat, and when it is dropped or reversed.
    """
    from sahel_transitions.cli.progress import showing_long_work
    from sahel_transitions.runs.findings import (
        described_findings,
        findings_under,
        named_notebook,
    )
    from sahel_transitions.tables import Tables

    parameters = read_parameters(parse_assignments(parameter or ()))
    paths = [named_notebook(name) for name in notebook] if notebook else None
    with showing_long_work():
        stated = findings_under(parameters, Tables(), paths)
    rows = described_findings(stated, parameters.language)
    print_frame(rows, format)


def add_to(app: typer.Typer) -> None:
    """Make it a command of `sahel`."""
    app.command()(findings)
