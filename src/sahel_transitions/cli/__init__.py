"""The command `sahel`. Results go to standard output, everything else to standard error."""

import sys
from collections.abc import Iterable

import typer
from typer import Abort, TyperException

from sahel_transitions.cli import claims, data, findings, indicator, studies, sweeps
from sahel_transitions.errors import SahelError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="Mali and Burkina Faso since the coups of 2020-2022: civilian deaths, transition "
    "deadlines and partner shifts.",
)
studies.add_to(app)
sweeps.add_to(app)
indicator.add_to(app)
claims.add_to(app)
findings.add_to(app)
app.add_typer(data.app, name="data")


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
        print(
            "Interrupted: nothing half made was written. What was complete is kept, and the same "
            "command goes on from there.",
            file=sys.stderr,
        )
    raise SystemExit(code if isinstance(code, int) else 0)
