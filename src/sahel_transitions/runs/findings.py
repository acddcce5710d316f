"""What the notebooks state under given tables, and what of it differs under others."""

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pandas as pd

from sahel_transitions.claims import DeclaredFinding, read_findings
from sahel_transitions.errors import Refusal, nearest
from sahel_transitions.language import Language, words
from sahel_transitions.notebook import aside
from sahel_transitions.parameters import Parameters
from sahel_transitions.runs.grid import grid_notebook
from sahel_transitions.runs.identity import notebook_paths
from sahel_transitions.tables import Tables

COLUMNS = ["finding_id", "finding", "notebook", "says", "values", "text", "rests_on"]
DESCRIBED = [
    "finding_id", "notebook", "finding", "values", "query", "rests_on", "tolerance", "caveat",
    "dropped", "reversed",
]  # fmt: skip


def stating_notebooks() -> list[Path]:
    """The notebooks of a full run, and that of grids."""
    return [*notebook_paths(), grid_notebook()]


def notebooks_on(*tables: str) -> list[Path]:
    """The notebooks that rest on one of these tables, as they say when they open their study."""
    return [path for path in stating_notebooks() if set(tables) & _used(path)]


def named_notebook(name: str) -> Path:
    """The notebook of this name.

    Raises
    ------
    Refusal
        If there is none, naming the nearest.
    """
    known = {path.stem: path for path in stating_notebooks()}
    if name not in known:
        raise Refusal(f"Refused: there is no notebook {name!r}; {nearest(name, known)}.")
    return known[name]


def findings_under(
    parameters: Parameters, tables: Tables, notebooks: Iterable[Path] | None = None
) -> pd.DataFrame:
    """Every finding that the notebooks state in a study that rests on these tables.

    The cells of the notebooks are executed in this process; nothing is drawn, shown or written but
    the answers of specifications, which are kept by all that they depend on.

    Parameters
    ----------
    notebooks : iterable of Path, optional
        All of them without it.

    Returns
    -------
    DataFrame
        `finding_id`, `finding` (its name in `findings.yml`), `notebook`, `says` (keys, tuple),
        `values` (dict, free of language), `text` in the language of the study, `rests_on` (tables,
        tuple); one row a finding and notebook, in the order in which they are said.
    """
    declared = read_findings()
    rows = []
    for path in stating_notebooks() if notebooks is None else notebooks:
        with aside(tables) as study:
            _execute(path, parameters)
        for said in study.said:
            record = said.record()
            rows.append(
                (said.id, said.finding, path.stem, tuple(record["says"]), record["values"],
                 str(said.sentence), declared[said.finding].rests_on)
            )  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def described_findings(stated: pd.DataFrame, language: Language) -> pd.DataFrame:
    """What `findings_under` gives, with what is declared of each finding in words of the language.

    Returns
    -------
    DataFrame
        `finding_id`, `notebook`, `finding` (the sentence), `values` (`field=value`, separated by
        semicolons), `query`, `rests_on`, `tolerance` (empty where every change counts), `caveat`,
        `dropped` and `reversed` (empty of what has no opposite); text.
    """
    say, declared = words(language), read_findings()
    rows = []
    for row in stated.itertuples(index=False):
        finding = declared[row.finding]
        values = "; ".join(f"{name}={value}" for name, value in row.values.items())
        rows.append(
            (row.finding_id, row.notebook, row.text, values, finding.query, finding.rests_on,
             _tolerance(finding), " ".join(map(say, finding.caveat)), say(finding.dropped),
             say(finding.reversed) if finding.reversed else "")
        )  # fmt: skip
    return pd.DataFrame(rows, columns=DESCRIBED)


def _tolerance(finding: DeclaredFinding) -> str:
    if finding.tolerance is None:
        return ""
    kinds = ("absolute", "relative")
    allowed = {kind: getattr(finding.tolerance, kind) for kind in kinds}
    return ", ".join(f"{value:g} {kind}" for kind, value in allowed.items() if value)


@dataclass(frozen=True)
class ChangedFinding:
    """A finding that differs: *changed*, *reversed*, *new* or *gone*, with what it said and says.

    `values` are those that moved beyond the tolerance: field → (before, after).
    """

    finding_id: str
    change: str
    before: str | None
    after: str | None
    values: dict[str, tuple]


def changed_findings(old: pd.DataFrame, new: pd.DataFrame) -> list[ChangedFinding]:
    """The findings that differ between two results of `findings_under`, each once.

    A finding has changed where it says another sentence, or where a value that it names moved by
    more than its tolerance, even if the words are the same after rounding.
    """
    declared = read_findings()
    before, after = (
        {row.finding_id: row for row in frame.itertuples(index=False)} for frame in (old, new)
    )
    found = []
    for id in [*before, *(id for id in after if id not in before)]:
        if id not in after:
            found.append(ChangedFinding(id, "gone", before[id].text, None, {}))
        elif id not in before:
            found.append(ChangedFinding(id, "new", None, after[id].text, {}))
        else:
            changed = _changed(declared[before[id].finding], before[id], after[id])
            found += [] if changed is None else [changed]
    return found


def _changed(finding: DeclaredFinding, before, after) -> ChangedFinding | None:
    moved = {
        name: (before.values.get(name), after.values.get(name))
        for name in dict.fromkeys([*before.values, *after.values])
        if not finding.same(before.values.get(name), after.values.get(name))
    }
    if not moved and before.says == after.says:
        return None
    change = "reversed" if finding.is_reversed(before, after) else "changed"
    return ChangedFinding(before.finding_id, change, before.text, after.text, moved)


def _execute(path: Path, parameters: Parameters) -> None:
    names = {"__name__": path.stem}
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type != "code":
            continue
        exec(compile(cell.source, f"{path.name}, cell {cell.id}", "exec"), names)
        if "parameters" in cell.metadata.get("tags", []):
            names |= parameters.plain()


def _used(path: Path) -> set[str]:
    """The tables that a notebook names when it opens its study."""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            for node in ast.walk(ast.parse(cell.source)):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "open_study":
                    return {each.value for each in node.args[2:]}
    return set()
