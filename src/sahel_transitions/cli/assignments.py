"""The option by which every command takes parameters."""

from typing import Annotated

import typer

from sahel_transitions.parameters import Parameters

_SCHEMA = "; ".join(
    f"{name} ({field.description})" for name, field in Parameters.model_fields.items()
)
Assignments = Annotated[
    list[str] | None,
    typer.Option("-p", "--parameter", metavar="KEY=VALUE", help=f"May be repeated. {_SCHEMA}."),
]
