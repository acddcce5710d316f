"""What another state of a table changes: its rows, the findings and the claims that rest on it."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from sahel_transitions.claims import claim_verdicts
from sahel_transitions.claims.changed_claims import ChangedClaim, changed_claims
from sahel_transitions.parameters import Parameters
from sahel_transitions.runs.findings import (
    ChangedFinding,
    changed_findings,
    findings_under,
    notebooks_on,
)
from sahel_transitions.tables import Table, Tables, plain_value

# The hash of a table that is of no file of the project.
DOWNLOAD = "not in the project"
# More rows than these are counted, not named.
_NAMED = 40


def changed_rows(before: Table, after: Table) -> list[str]:
    """Lines on the rows that are added, gone or changed, by their key, with the cells that moved."""
    keys = list(before.declaration.grain)
    old, new = (table.frame.set_index(keys) for table in (before, after))
    old_text, new_text = (frame.astype("str").fillna("") for frame in (old, new))
    both = old.index.intersection(new.index, sort=False)
    columns = [name for name in old if name in new]
    unlike = old_text.loc[both, columns] != new_text.loc[both, columns]
    changed = unlike.any(axis=1)
    added, gone = new.index.difference(old.index, sort=False), old.index.difference(
        new.index, sort=False
    )  # fmt: skip
    named = [f"{_key(key)}: added" for key in added]
    named += [f"{_key(key)}: gone" for key in gone]
    for key in both[changed.to_numpy()]:
        cells = "; ".join(
            f"{name} {_cell(old.at[key, name])} → {_cell(new.at[key, name])}"
            for name in columns if unlike.at[key, name]
        )  # fmt: skip
        named.append(f"{_key(key)}: {cells}")
    more = len(named) - _NAMED
    return [
        f"Rows: {len(added)} added, {len(gone)} gone, {int(changed.sum())} changed, "
        f"{int((~changed).sum())} the same.",
        *(f"  {line}" for line in named[:_NAMED]),
        *([f"  and {more} more"] if more > 0 else []),
    ]


def changes_of_findings(
    asked: tuple[Parameters, Parameters], tables: tuple[Tables, Tables], name: str
) -> list[str]:
    """Lines on the findings that differ, of the notebooks that rest on the table of this name.

    Raises
    ------
    SahelError
        If one of the two breaks a rule of its table: then nothing can be said of what changes.

    Parameters
    ----------
    asked, tables : pair
        The study before and after, and the tables that it rests on.
    """
    paths = notebooks_on(name)
    title = f"Findings that change (in {', '.join(path.stem for path in paths) or 'no notebook'}):"
    old, new = (
        findings_under(parameters, each, paths)
        for parameters, each in zip(asked, tables, strict=True)
    )
    lines = [line for changed in changed_findings(old, new) for line in _finding(changed)]
    return [title, *(lines or ["none"])]


def changes_of_claims(parameters: Parameters, before: Tables, after: Tables) -> list[str]:
    """Lines on the claims of the documents whose verdict or value found differs."""
    title = "Claims that change:"
    old, new = (claim_verdicts(parameters, tables) for tables in (before, after))
    lines = [_claim(changed) for changed in changed_claims(old, new)]
    return [title, *(lines or ["none"])]


def is_download(table: Table) -> bool:
    """Whether a table was made of a file of a producer, and is no state of the project's own."""
    return table.declaration.sha256 == DOWNLOAD


def with_side(name: str, table: Table, parameters: Parameters, tables: Tables):
    """The study and tables of one side; a user's file is named in the study, as in a run."""
    if is_download(table):
        return parameters.model_copy(update={"deaths_source": str(Path(name).resolve())}), tables
    return parameters, tables.with_table(table)


def _finding(changed: ChangedFinding) -> Iterator[str]:
    yield f"{changed.finding_id}: {changed.change}"
    if changed.before == changed.after:
        moved = "; ".join(
            f"{name} {_cell(old)} → {_cell(new)}" for name, (old, new) in changed.values.items()
        )
        yield f"  in the same words: {changed.after}"
        yield f"  {moved}"
        return
    if changed.before is not None:
        yield f"  before: {changed.before}"
    if changed.after is not None:
        yield f"  after:  {changed.after}"


def _claim(changed: ChangedClaim) -> str:
    moved = "; ".join(
        f"{name} {_cell(old)} → {_cell(new)}" for name, (old, new) in changed.moved.items()
    )
    return f"{changed.claim_id} ({changed.document}, {changed.locator}): {moved}"


def _key(key) -> str:
    return ", ".join(map(str, key)) if isinstance(key, tuple) else str(key)


def _cell(value) -> str:
    if not isinstance(value, tuple) and pd.isna(value):
        return "none"
    return str(plain_value(value))
