"""Reading, checking and writing declared tables."""

import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import pandas as pd
import yaml

from sahel_transitions.errors import Problem, TableProblems, nearest
from sahel_transitions.paths import CODED, DERIVED
from sahel_transitions.tables.declaration import (
    Declaration,
    declaration_text,
    parse_declaration,
    read_declaration,
)

SEPARATOR = " | "


@dataclass(frozen=True)
class Table:
    """A checked table: its name, its rows and what it says of itself.

    Text, day, month and date columns are strings; a missing one is NaN. Integers with missing
    cells are `Int64`. Lists are tuples of strings.
    """

    name: str
    frame: pd.DataFrame
    declaration: Declaration


class Tables(Mapping[str, Table]):
    """The declared tables of the project by name, each read and checked when first asked for.

    Parameters
    ----------
    folders : Path
        Where `name.csv` lies beside `name.yml`.
    sealed : bool
        Whether a table must have the content that its declaration was sealed with.
    """

    def __init__(self, *folders: Path, sealed: bool = True):
        self._sealed = sealed
        self._paths = {
            path.stem: path
            for folder in (folders or (CODED, DERIVED))
            for path in sorted(folder.glob("*.csv"))
        }
        self._read: dict[str, Table] = {}
        self._beneath: Tables | None = None

    def __getitem__(self, name: str) -> Table:
        if name not in self._read:
            if name not in self._paths:
                raise KeyError(f"there is no table {name!r}; {nearest(name, self._paths)}")
            self._read[name] = read_table(self._paths[name], sealed=self._sealed)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def declaration(self, name: str) -> Declaration:
        """What a table says of itself, without reading its rows."""
        if name in self._read:
            return self._read[name].declaration
        return read_declaration(self._paths[name].with_suffix(".yml"))

    def of_project(self, name: str) -> Table:
        """The table of the project, whatever stands in its place."""
        return self[name] if self._beneath is None else self._beneath.of_project(name)

    def with_table(self, table: Table) -> "Tables":
        """The same tables with one put in the place of its namesake (a user's own file)."""
        other = Tables(sealed=self._sealed)
        other._paths = self._paths
        other._beneath = self
        other._read = {**self._read, table.name: table}
        return other


def read_copy(path: Path, original: Table) -> Table:
    """Another state of a table of the project, which lies elsewhere under the same declaration.

    Raises
    ------
    TableProblems
        With every cell that the declaration does not allow.
    """
    content = path.read_bytes()
    text = _as_text(content)
    problems = list(_problems_of(path.name, text, original.declaration))
    if problems:
        raise TableProblems(problems)
    digest = hashlib.sha256(content).hexdigest()
    declaration = original.declaration.model_copy(update={"rows": len(text), "sha256": digest})
    return Table(original.name, give_types(text, declaration), declaration)


def read_table(path: Path, *, sealed: bool = True) -> Table:
    """Read `name.csv`, check it against `name.yml`, and give its columns their types.

    Without `sealed`, an edited table is read as long as its cells are valid.

    Raises
    ------
    TableProblems
        With every problem of the table, each as line, column, expected, found and what to do.
    """
    declared = declaration_text(path.with_suffix(".yml"))
    table = _checked(path, path.read_bytes(), declared, sealed)
    # The rows are shared until somebody writes into them.
    return replace(table, frame=table.frame.copy(deep=False))


@lru_cache(maxsize=256)
def _checked(path: Path, content: bytes, declared: str, sealed: bool) -> Table:
    """Checked once for the same bytes: a notebook that starts warm finds its tables ready."""
    declaration = parse_declaration(f"{path.parent.name}/{path.stem}.yml", declared)
    text = _as_text(content)
    name = f"data/{path.parent.name}/{path.name}"
    problems = list(_problems_of(name, text, declaration))
    found = hashlib.sha256(content).hexdigest()
    if sealed and (found, len(text)) != (declaration.sha256, declaration.rows):
        problems.append(
            Problem(
                name,
                None,
                None,
                f"the declared content ({declaration.rows} rows, "
                f"sha256 {declaration.sha256[:12]}…)",
                f"another ({len(text)} rows, sha256 {found[:12]}…)",
                "If the change is meant, accept it with `sahel data seal --reason …`; if not, "
                f"restore the file (`git diff {name}` shows the change).",
            )
        )
    if problems:
        raise TableProblems(problems)
    return Table(path.stem, give_types(text, declaration), declaration)


def _problems_of(name: str, text: pd.DataFrame, declaration: Declaration) -> Iterator[Problem]:
    # Loaded now: to find a run that is there takes less time than the library that checks tables.
    from sahel_transitions.tables.checking import check_table  # noqa: PLC0415

    return check_table(name, text, declaration)


def _as_text(content: bytes) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(content), dtype="str", keep_default_na=False, na_values=[""])


def check_references(tables: Mapping[str, Table]) -> list[Problem]:
    """Every cell that names a row of another table which does not exist."""
    problems = []
    for table in tables.values():
        for column, declared in table.declaration.columns.items():
            if declared.refers_to is None:
                continue
            other, key = declared.refers_to.split(".")
            valid = set(tables[other].frame[key])
            for row, cell in table.frame[column].dropna().items():
                for value in cell if declared.type == "list" else (cell,):
                    if value not in valid:
                        problems.append(
                            Problem(table.name, row + 2, column, f"a {key} of the table {other}",
                                    repr(value), f"Correct it: {nearest(value, valid)}.")
                        )  # fmt: skip
    return problems


def give_types(text: pd.DataFrame, declaration: Declaration) -> pd.DataFrame:
    """The columns of a checked table in the types that it declares."""
    frame = pd.DataFrame(index=text.index)
    for name, column in declaration.columns.items():
        cells = text[name]
        match column.type:
            case "integer":
                frame[name] = cells.astype("Int64" if column.missing else "int64")
            case "number":
                frame[name] = cells.astype("float64")
            case "boolean":
                frame[name] = cells == "true"
            case "list":
                split = [() if pd.isna(cell) else tuple(cell.split(SEPARATOR)) for cell in cells]
                frame[name] = pd.Series(split, index=text.index, dtype="object")
            case _:
                frame[name] = cells
    return frame


def write_table(path: Path, frame: pd.DataFrame, declaration: dict) -> None:
    """Write `name.csv` and `name.yml`, the latter with the row count and hash of the former.

    Lists are joined, booleans become true or false, missing cells stay empty. The bytes depend on
    the rows alone.
    """
    content = table_bytes(frame, declaration)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    _write_declaration(path, {**declaration, "rows": len(frame)}, content)


def table_bytes(frame: pd.DataFrame, declaration: dict) -> bytes:
    """The rows as `write_table` writes them."""
    out = frame.copy()
    for name, column in declaration["columns"].items():
        if column["type"] == "list":
            out[name] = [SEPARATOR.join(cell) for cell in out[name]]
        elif column["type"] == "boolean":
            out[name] = out[name].map({True: "true", False: "false"})
    return out.to_csv(index=False, lineterminator="\n").encode()


def seal_table(path: Path, reason: str) -> bool:
    """Accept an edited `name.csv`: put its row count and hash, and the reason, into `name.yml`.

    Returns
    -------
    bool
        Whether the content had changed.
    """
    content = path.read_bytes()
    declaration = read_declaration(path.with_suffix(".yml"))
    if hashlib.sha256(content).hexdigest() == declaration.sha256:
        return False
    rows = len(pd.read_csv(io.BytesIO(content), dtype="str"))
    text = path.with_suffix(".yml").read_text(encoding="utf-8")
    accepted = {**yaml.safe_load(text), "rows": rows, "last_change": reason}
    _write_declaration(path, accepted, content)
    return True


def _write_declaration(path: Path, declaration: dict, content: bytes) -> None:
    declaration = {**declaration, "sha256": hashlib.sha256(content).hexdigest()}
    path.with_suffix(".yml").write_text(
        yaml.safe_dump(declaration, sort_keys=False, allow_unicode=True, width=100),
        encoding="utf-8",
    )
