"""The command that prints what five documents claimed, and the verdict on each claim."""

from typing import Annotated

import typer

from sahel_transitions.cli.assignments import Assignments
from sahel_transitions.cli.frames import Format, print_frame
from sahel_transitions.errors import Refusal, nearest
from sahel_transitions.parameters import parse_assignments, read_parameters


def claims(
    parameter: Assignments = None,
    document: Annotated[str | None, typer.Option(help="Only claims of this document")] = None,
    verdict: Annotated[str | None, typer.Option(help="Only claims with this verdict")] = None,
    format: Annotated[Format, typer.Option(help="How to print the rows")] = Format.table,
) -> None:
    """Print the claims of five documents, each with its verdict as of the day of the study."""
    parameters = read_parameters(parse_assignments(parameter or ()))
    from sahel_transitions.claims import CLAIM_COLUMNS, VERDICTS, claim_verdicts
    from sahel_transitions.tables import Tables

    tables = Tables()
    documents = tables["claims"].frame["document"].unique()
    for name, given, valid in (
        ("document", document, documents),
        ("verdict", verdict, (*VERDICTS, "not_covered")),
    ):
        if given is not None and given not in valid:
            raise Refusal(f"Refused: there is no {name} {given!r}; {nearest(given, valid)}.")
    rows = claim_verdicts(parameters, tables)
    if document is not None:
        rows = rows[rows["document"] == document]
    if verdict is not None:
        rows = rows[rows["verdict"] == verdict]
    print_frame(rows[CLAIM_COLUMNS], format)


def add_to(app: typer.Typer) -> None:
    """Make it a command of `sahel`."""
    app.command()(claims)
