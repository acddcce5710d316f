"""Commands that run a study: all notebooks, a report, specifications."""

from typing import Annotated

import typer

from sahel_transitions.cli.assignments import Assignments
from sahel_transitions.cli.frames import Format, print_frame
from sahel_transitions.cli.progress import (
    run_all_with_progress,
    run_each_with_progress,
    run_with_progress,
    summarise,
)
from sahel_transitions.errors import Refusal, SahelError, nearest
from sahel_transitions.parameters import Parameters, parse_assignments, read_parameters

PlainKernel = Annotated[
    bool,
    typer.Option(
        "--plain-kernel",
        help="Execute each notebook in a kernel that is started for it: slower, for any system",
    ),
]


def run_command(parameter: Assignments = None, plain_kernel: PlainKernel = False) -> None:
    """Run all notebooks with one set of parameters; what is there and unchanged is used again."""
    asked = read_parameters(parse_assignments(parameter or ()))
    run_with_progress(asked, plain_kernel=plain_kernel)


def report(parameter: Assignments = None, plain_kernel: PlainKernel = False) -> None:
    """Run all notebooks and write the report in English and French, or in the `language` given.

    What is there and unchanged is used again.
    """
    from sahel_transitions.language import LANGUAGES, words
    from sahel_transitions.reports import kept_report

    given = parse_assignments(parameter or ())
    languages = [given["language"]] if "language" in given else LANGUAGES
    studies = [read_parameters({**given, "language": language}) for language in languages]
    made = run_all_with_progress(studies, plain_kernel=plain_kernel)
    page = kept_report(made)
    if page is None:
        from sahel_transitions.reports import write_report

        page = write_report(made)
    print(words(studies[0].language)("summary.report", page=page))
    summarise(made[0])


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
    app.command()(robustness)
    app.command()(reference)
    app.command("parameters")(parameters_command)
