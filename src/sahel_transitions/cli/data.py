"""Commands on tables: build, check, accept."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from sahel_transitions.errors import Refusal, nearest

app = typer.Typer(no_args_is_help=True, help="Build, check and accept tables.")


@app.command("build")
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


@app.command("check")
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


@app.command("seal")
def data_seal(
    reason: Annotated[str, typer.Option(help="Why the tables were changed")],
) -> None:
    """Accept edited tables: put their row counts and hashes into their declarations."""
    from sahel_transitions.paths import CODED, DERIVED
    from sahel_transitions.tables import seal_table

    paths = sorted([*CODED.glob("*.csv"), *DERIVED.glob("*.csv")])
    changed = [path.stem for path in paths if seal_table(path, reason)]
    print(f"Sealed: {', '.join(changed)} ({reason})" if changed else "No table had changed.")
