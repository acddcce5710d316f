"""Vintages of a derived table, side by side: the one in use, and others beside it.

The table in use is `data/derived/name.csv`; another vintage of it is `data/vintages/name@25.1.csv`.
A new release changes nothing until it is accepted with a reason, and the one that was in use stays.
"""

import re
from pathlib import Path

import pandas as pd
import yaml

from sahel_transitions.errors import Refusal, TableProblems, nearest
from sahel_transitions.paths import DERIVED, VINTAGES
from sahel_transitions.tables.declaration import Declaration, licence_problems
from sahel_transitions.tables.reading import Table, read_table, table_bytes, write_table


def vintage_name(name: str, vintage: str) -> str:
    """How a vintage of a table is named: `deaths@25.1`."""
    return f"{name}@{re.sub(r'[^A-Za-z0-9.]+', '-', vintage).strip('-.')}"


def lay_beside(name: str, frame: pd.DataFrame, declaration: dict) -> Path:
    """Write a table as a vintage, beside the one in use.

    Raises
    ------
    TableProblems
        If its licence does not let it lie in the project.
    Refusal
        If it says of itself that it may not be passed on, or another table has its name already.
    """
    if not declaration["redistribution"]:
        raise Refusal(
            f"Refused: {name} is made of data that may not be passed on ({declaration['licence']}), "
            "so it may not lie in the project. Build it elsewhere: --to FOLDER."
        )
    checked = Declaration.model_validate({**declaration, "rows": len(frame), "sha256": ""})
    problems = licence_problems(name, checked)
    if problems:
        raise TableProblems(problems)
    path = VINTAGES / f"{vintage_name(name, declaration['vintage'])}.csv"
    if path.is_file() and path.read_bytes() != table_bytes(frame, declaration):
        raise Refusal(
            f"Refused: {path.stem} lies there already, with other contents. Name this one with "
            "--vintage, or remove the other one (its .csv and .yml)."
        )
    write_table(path, frame, declaration)
    return path


def vintages_of(name: str) -> list[str]:
    """The names of all vintages of a table that lie beside the one in use."""
    return sorted(path.stem for path in VINTAGES.glob(f"{name}@*.csv"))


def read_vintage(name: str) -> Table:
    """A vintage by its name (`deaths@25.1`), or the table in use (`deaths`).

    Raises
    ------
    Refusal
        If there is none of that name.
    """
    path = (VINTAGES if "@" in name else DERIVED) / f"{name}.csv"
    if not path.is_file():
        known = [each.stem for folder in (VINTAGES, DERIVED) for each in folder.glob("*.csv")]
        raise Refusal(f"Refused: there is no table or vintage {name!r}; {nearest(name, known)}.")
    table = read_table(path)
    return Table(name.split("@", maxsplit=1)[0], table.frame, table.declaration)


def _free(name: str, content: bytes) -> Path:
    """Where a table of this name and content may be laid without replacing another one."""
    path, number = VINTAGES / f"{name}.csv", 1
    while path.is_file() and path.read_bytes() != content:
        number += 1
        path = VINTAGES / f"{name}-{number}.csv"
    return path


def lost_coverage(old: Declaration, new: Declaration) -> list[str]:
    """In words, what an older table covers and a newer one does not."""
    parts: dict[str, list[str]] = {}
    for country, span in old.coverage.items():
        there = new.coverage.get(country)
        if there is None:
            parts.setdefault("altogether", []).append(country)
            continue
        if there.first > span.first:
            parts.setdefault(f"before {there.first}", []).append(country)
        if there.last < span.last:
            parts.setdefault(f"after {there.last}", []).append(country)
        for hole in new.lost.get(country, ()):
            if hole not in old.lost.get(country, ()) and hole.first <= span.last:
                parts.setdefault(f"{hole.first} to {hole.last}", []).append(country)
    definitions = [name for name in old.definitions if name not in new.definitions]
    for name in definitions:
        parts.setdefault(f"by the definition {name}", []).append("all countries")
    return [f"{', '.join(countries)} {when}" for when, countries in parts.items()]


def accept_vintage(name: str, reason: str, *, narrower: bool = False) -> Path:
    """Put a vintage in use; the one that was in use is laid beside it.

    Raises
    ------
    Refusal
        If there is no vintage of that name, or it covers less than the table in use and that is
        not said to be meant (`narrower`).
    """
    if "@" not in name:
        raise Refusal(
            f"Refused: expected a vintage such as {vintage_name(name, '25.1')}, found {name!r}. "
            f"There are: {', '.join(vintages_of(name)) or 'none'}."
        )
    new = read_vintage(name)
    current = DERIVED / f"{new.name}.csv"
    accepted = VINTAGES / f"{name}.csv"
    if current.is_file():
        old = read_table(current)
        lacking = lost_coverage(old.declaration, new.declaration)
        if lacking and not narrower:
            raise Refusal(
                f"Refused: {name} covers less than the table in use: it lacks {'; '.join(lacking)}. "
                "Build it of the complete release, or say --narrower if that is meant."
            )
        beside = _free(vintage_name(new.name, old.declaration.vintage), current.read_bytes())
        beside.write_bytes(current.read_bytes())
        beside.with_suffix(".yml").write_bytes(current.with_suffix(".yml").read_bytes())
    declared = yaml.safe_load(accepted.with_suffix(".yml").read_text(encoding="utf-8"))
    current.write_bytes(accepted.read_bytes())
    current.with_suffix(".yml").write_text(
        yaml.safe_dump({**declared, "last_change": reason}, sort_keys=False, allow_unicode=True,
                       width=100),
        encoding="utf-8",
    )  # fmt: skip
    accepted.unlink()
    accepted.with_suffix(".yml").unlink()
    return current
