"""Commands on tables and files: look at a file, build, check, accept, fetch."""

import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from sahel_transitions.cli.fetching import fetch
from sahel_transitions.errors import Refusal, TableProblems

app = typer.Typer(
    no_args_is_help=True, help="Look at files; build, check, compare and accept tables; fetch."
)

app.command("fetch")(fetch)

SkipBadRows = Annotated[
    bool, typer.Option("--skip-bad-rows", help="Go on without the rows that have a fault")
]


@app.command("inspect")
def data_inspect(
    file: Annotated[Path, typer.Argument(help="A file of any dataset that the suite reads")],
    skip_bad_rows: SkipBadRows = False,
) -> None:
    """Say what a file is taken for, its vintage and coverage, what it can answer, what is wrong."""
    from sahel_transitions.cli.inspection import describe
    from sahel_transitions.cli.progress import showing_long_work
    from sahel_transitions.sources import Options
    from sahel_transitions.tables import Tables

    with showing_long_work() as told:
        options = Options(
            skip_bad_rows=skip_bad_rows,
            actors=Tables()["actors"].frame,
            strict_corrections=False,
            told=told,
        )
        lines, problems = describe(file, options)
    print("\n".join(lines))
    if problems is not None:
        raise problems


@app.command("build")
def data_build(
    file: Annotated[Path, typer.Option("--from", help="The file as it was downloaded")],
    source: Annotated[
        str | None, typer.Argument(help="The dataset; told from the contents without it")
    ] = None,
    to: Annotated[
        Path | None, typer.Option(help="Folder; a vintage beside the table without it")
    ] = None,
    vintage: Annotated[
        str | None, typer.Option(help="The release, if the file does not say")
    ] = None,
    skip_bad_rows: SkipBadRows = False,
) -> None:
    """Build a derived table from an outside file, as a vintage beside the one in use."""
    from sahel_transitions.cli.progress import showing_long_work
    from sahel_transitions.sources import Options, derive
    from sahel_transitions.tables import Tables, lay_beside, write_table

    with showing_long_work() as told:
        options = Options(
            vintage=vintage, skip_bad_rows=skip_bad_rows, actors=Tables()["actors"].frame, told=told
        )
        _, built = derive(file, options, source)
    if to is None:
        path = lay_beside(built.name, built.frame, built.declaration)
    else:
        path = to / f"{built.name}.csv"
        write_table(path, built.frame, built.declaration)
    print("\n".join(built.notes), file=sys.stderr)
    print(f"Written: {path} ({len(built.frame)} rows)")
    if to is None:
        print(
            f"The table in use is as it was. `sahel data diff {built.name} {path.stem}` shows what "
            f"would change, `sahel data accept {path.stem} --reason …` puts it in use.",
            file=sys.stderr,
        )


@app.command("diff")
def data_diff(
    old: Annotated[str, typer.Argument(help="A table, a vintage such as deaths@25.1, or a file")],
    new: Annotated[str, typer.Argument(help="The same; the newer one")],
    parameter: Annotated[
        list[str] | None,
        typer.Option(
            "-p", "--parameter", metavar="KEY=VALUE", help="The study whose findings count"
        ),
    ] = None,
) -> None:
    """Show what differs between two states of a table, and which findings and claims change.

    A file is a download of deaths, or a copy of a table under its name, such as
    old/partner_events.csv.
    """
    from sahel_transitions.cli.differences import consequences, differences
    from sahel_transitions.cli.progress import showing_long_work

    with showing_long_work():
        print("\n".join(differences(old, new, parameter)))
        print()
        print("\n".join(consequences(old, new, parameter)))


@app.command("accept")
def data_accept(
    vintage: Annotated[str, typer.Argument(help="A vintage that lies beside the table in use")],
    reason: Annotated[str, typer.Option(help="Why it is put in use")],
    narrower: Annotated[
        bool, typer.Option("--narrower", help="Though it covers less than the one in use")
    ] = False,
) -> None:
    """Put a vintage in use; the one that was in use stays beside it."""
    from sahel_transitions.tables import accept_vintage

    path = accept_vintage(vintage, reason, narrower=narrower)
    print(f"In use: {path} ({reason})")
    print(
        "Results change with it: `sahel reference --reason …` shows which, and accepts them.",
        file=sys.stderr,
    )


@app.command("check")
def data_check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Two files that should agree", metavar="FILE OTHER")
    ] = None,
) -> None:
    """Check the tables of the project, or whether two files agree.

    Of the tables: cells, keys, references, ledgers, sums across tables, and what contradictions and
    published errors rest on. Of two files: deaths by country and year within three percent (events
    against published totals), or GED against the One-sided dataset.
    """
    if files:
        _check_files(files)
        return
    from sahel_transitions.claims import changed_contradictions, changed_errors, check_claims
    from sahel_transitions.indicators import check_consistency, check_ledger, check_transitions
    from sahel_transitions.parameters import Parameters
    from sahel_transitions.tables import Tables, check_references

    tables, problems = Tables(), []
    for name in tables:
        try:
            print(f"{name}: {len(tables[name].frame)} rows", file=sys.stderr)
        except TableProblems as error:
            problems += error.problems
    if not problems:
        problems += check_references(tables)
        checks = {"deadlines": check_ledger, "partner_events": check_transitions}
        checks["neighbour_events"] = partial(check_transitions, table="neighbour_events")
        for name, check in checks.items():
            try:
                check(tables[name].frame)
            except TableProblems as error:
                problems += error.problems
        problems += check_consistency(tables)
        problems += check_claims(tables)
        problems += changed_contradictions(Parameters(), tables)
        problems += changed_errors(Parameters(), tables)
    if problems:
        raise TableProblems(problems)
    print(f"{len(tables)} tables, no problem.")


def _check_files(files: list[Path]) -> None:
    from sahel_transitions.cli.agreement import agreement
    from sahel_transitions.cli.progress import showing_long_work

    if len(files) != 2:
        raise Refusal(f"Refused: expected two files to compare, found {len(files)}.")
    with showing_long_work():
        lines, problems = agreement(*files)
    print("\n".join(lines))
    if problems:
        raise TableProblems(problems)


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


@app.command("cache")
def data_cache(
    clear: Annotated[bool, typer.Option("--clear", help="Remove all entries")] = False,
) -> None:
    """Say what is kept of large files that were read, or clear it."""
    from sahel_transitions.sources.users_file import (
        LIMIT_BYTES,
        cache_bytes,
        cache_entries,
        cache_folder,
        clear_cache,
    )

    if clear:
        print(f"Removed: {clear_cache()} entries in {cache_folder()}")
        return
    entries = cache_entries()
    print(
        f"{len(entries)} entries, {cache_bytes(entries) / 2**20:.1f} MB of at most "
        f"{LIMIT_BYTES / 2**20:,.0f} MB, in {cache_folder()}"
    )
