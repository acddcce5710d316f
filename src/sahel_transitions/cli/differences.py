"""What `sahel data diff` says of two vintages."""

from pathlib import Path

import pandas as pd

from sahel_transitions.claims.revisions import (
    changed_findings,
    findings_of,
    partial_years,
    revision_triangle,
)
from sahel_transitions.cli.changes import (
    DOWNLOAD,
    changed_rows,
    changes_of_claims,
    changes_of_findings,
    is_download,
    with_side,
)
from sahel_transitions.errors import Refusal, nearest
from sahel_transitions.parameters import Parameters, parse_assignments, read_parameters
from sahel_transitions.sources import SOURCES, recognise
from sahel_transitions.sources.event_revisions import event_revisions
from sahel_transitions.sources.gazetteer import iso3_of
from sahel_transitions.sources.users_file import read_users_file
from sahel_transitions.tables import (
    Declaration,
    Table,
    Tables,
    lost_coverage,
    read_copy,
    read_vintage,
)

_FEW = 4


def differences(old: str, new: str, assignments: list[str] | None) -> list[str]:
    """Lines on what differs between two states of a table.

    Of deaths by country and year, single events where both are files, and how ratios and leaders
    moved; of every other table, its rows.

    Raises
    ------
    Refusal
        If one is neither a table, a vintage nor a file, or if the two are not of one dataset.
    TableProblems
        If a cell of a copy is not as its table declares.
    """
    tables = Tables(sealed=False)
    before, after = _sides(old, new, tables)
    if before.name != "deaths":
        return [
            f"Vintages: {before.declaration.vintage} → {after.declaration.vintage}",
            *changed_rows(before, after),
        ]
    parameters = _parameters(assignments, before, after)
    triangle = revision_triangle(parameters, tables, before, after)
    both = triangle.dropna(subset=["old", "new"])
    moved = both[both["old"] != both["new"]]
    sides = zip((old, new), (before, after), strict=True)
    files = [Path(name) for name, table in sides if is_download(table)]
    lines = [
        f"Vintages: {before.declaration.vintage} → {after.declaration.vintage}",
        *_kinds(files),
        *(f"Lost: {each}." for each in lost_coverage(before.declaration, after.declaration)),
        *(f"Gained: {each}." for each in lost_coverage(after.declaration, before.declaration)),
        "",
        "Whole years that differ, in reported deaths (A3: in events):",
        _shown(moved) if len(moved) else "none",
    ]
    if "year" not in before.declaration.grain + after.declaration.grain:
        partial = partial_years(parameters, tables, before, after)
        partial = partial[partial["old"] != partial["new"]]
        if len(partial):
            lines += ["", "Other years that differ, over the months that both cover:"]
            lines.append(_shown(partial))
    if len(files) == 2:
        covered = set(before.declaration.coverage) & set(after.declaration.coverage)
        cut = any(
            table.declaration.lost or table.declaration.unanswered for table in (before, after)
        ) or set(before.declaration.definitions) != set(after.declaration.definitions)
        events = _events(*files, parameters, covered, cut)
        lines += ["", "Single events:", *events]
    lines += ["", "Findings whose sign, size (by more than 10 %) or significance differs:"]
    if "year" in before.declaration.grain + after.declaration.grain:
        return [*lines, "not computed: a table of years has no months to compare"]
    common = _common(parameters, before, after)
    if common is None:
        return [*lines, "not computed: the two have no twelve months in common"]
    lines[-1] += (
        f"\n(as far as both cover, {common.start} to {common.end}; significance is that of a "
        "quasi-Poisson interval of 95 %, which does not allow for serial correlation)"
    )
    found = [findings_of(common, tables, table) for table in (before, after)]
    return [*lines, *(changed_findings(*found) or ["none"])]


def consequences(old: str, new: str, assignments: list[str] | None) -> list[str]:
    """Lines on the findings and claims that differ between two states of a table, each by name.

    Raises
    ------
    Refusal, TableProblems
        As `differences` does, and if one of the two breaks a rule of its ledger.
    """
    tables = Tables(sealed=False)
    before, after = _sides(old, new, tables)
    asked = read_parameters(parse_assignments(assignments or ()))
    if before.frame.equals(after.frame) and not is_download(before) and not is_download(after):
        return ["No cell differs: no finding and no claim changes."]
    if before.name == "deaths":
        if "year" in before.declaration.grain + after.declaration.grain:
            return ["Findings that change:", "not computed: the notebooks show months, not years"]
        asked = _common(_parameters(assignments, before, after), before, after)
        if asked is None:
            return [
                "Findings that change:",
                "not computed: the two have no twelve months in common",
            ]
    sides = [with_side(*side, asked, tables) for side in ((old, before), (new, after))]
    studies, under = zip(*sides, strict=True)
    lines = changes_of_findings(studies, under, before.name)
    if before.declaration.dataset != tables.declaration(before.name).dataset:
        return [*lines, "", "Claims that change:", "not computed: they are held against the dataset "
                "of the project"]  # fmt: skip
    judged = [tables.with_table(table) for table in (before, after)]
    return [*lines, "", *changes_of_claims(asked, *judged)]


def _sides(old: str, new: str, tables: Tables) -> tuple[Table, Table]:
    before, after = table_of(old, tables), table_of(new, tables)
    if before.name != after.name or before.declaration.dataset != after.declaration.dataset:
        raise Refusal(
            f"Refused: {old} is of {before.declaration.dataset or before.name} and {new} of "
            f"{after.declaration.dataset or after.name}; unlike definitions are not compared."
        )
    return before, after


def _kinds(files: list[Path]) -> list[str]:
    """A warning if the two are files of different kinds: then not all that differs was revised."""
    titles = list(dict.fromkeys(recognise(file, SOURCES)[1].title for file in files))
    if len(titles) < 2:
        return []
    return [f"Unlike kinds of files ({', '.join(titles)}): what differs need not be a revision."]


def _parameters(assignments: list[str] | None, before: Table, after: Table) -> Parameters:
    given = parse_assignments(assignments or ())
    parameters = read_parameters(given)
    both = [
        each for each in before.declaration.definitions if each in after.declaration.definitions
    ]
    if not both:
        raise Refusal("Refused: the two answer no definition in common.")
    if parameters.deaths_definition not in both:
        # The default is one of UCDP; of ACLED, targeting is the headline where it can be had.
        headline = "A2" if "A2" in both else both[0]
        parameters = parameters.model_copy(update={"deaths_definition": headline})
    return parameters


def _common(parameters: Parameters, before: Table, after: Table) -> Parameters | None:
    """The study cut to the countries and months that both vintages cover."""
    spans = (before.declaration.coverage, after.declaration.coverage)
    countries = tuple(each for each in parameters.countries if all(each in span for span in spans))
    if not countries:
        return None
    first = max(span[each].first for span in spans for each in countries)
    last = min(span[each].last for span in spans for each in countries)
    start, end = max(parameters.start, first), min(parameters.last_month, last)
    if (pd.Period(end, "M") - pd.Period(start, "M")).n < 11:
        return None
    return parameters.model_copy(update={"countries": countries, "start": start, "end": end})


def table_of(name: str, tables: Tables) -> Table:
    """A table in use, a vintage of one, a copy of one, or what a file gives.

    A copy is a CSV file with the name of a table (what follows `@` does not count) and most of its
    columns.

    Raises
    ------
    Refusal
        If there is no such table, vintage or file.
    TableProblems
        If a copy is not as its table declares.
    """
    file = Path(name)
    if not file.is_file():
        if name in tables or "@" in name:
            return tables[name] if name in tables else read_vintage(name)
        if file.suffix or len(file.parts) > 1:
            raise Refusal(f"Refused: there is no file {name}.")
        raise Refusal(f"Refused: there is no table {name!r}; {nearest(name, tables)}.")
    original = file.stem.split("@", maxsplit=1)[0]
    if original in tables and file.suffix == ".csv":
        columns = set(tables.declaration(original).columns)
        with file.open(encoding="utf-8", errors="replace") as lines:
            head = lines.readline().strip().split(",")
        # What a copy lacks or has too much is then named.
        if len(columns.intersection(head)) > len(columns) / 2:
            return read_copy(file, tables[original])
    _, built = read_users_file(file, tables["actors"].frame)
    declaration = Declaration.model_validate(
        {**built.declaration, "rows": len(built.frame), "sha256": DOWNLOAD}
    )
    return Table(built.name, built.frame, declaration)


def _events(
    old: Path, new: Path, parameters: Parameters, covered: set[str], cut: bool
) -> list[str]:
    """Events of the countries that both cover; `cut` if one of the two lost or left out some."""
    (first, source), (second, other) = recognise(old, SOURCES), recognise(new, SOURCES)
    if source != other:
        return ["not compared: the files are of two kinds"]
    try:
        events = event_revisions(source, first, second)
    except Refusal as refusal:
        return [f"not compared: {refusal}"]
    events["iso3"] = events["country"].map(iso3_of)
    inside = events[events["iso3"].isin(list(covered))]
    if inside.empty:
        return ["not compared: the two hold no country in common"]
    moved = inside[inside[["added", "deleted", "modified", "renamed"]].sum(axis=1) > 0]
    shown = moved[moved["iso3"].isin(list(parameters.countries))].drop(columns="iso3")
    totals = inside[["kept", "added", "deleted", "modified", "renamed"]].sum()
    summary = ", ".join(f"{int(count):,} {kind}" for kind, count in totals.items())
    named = list(inside["country"].unique())
    where = ", ".join(named) if len(named) <= _FEW else "West Africa and Chad"
    caution = "What a file lost or left out counts as added or deleted here, and was not revised."
    return [
        f"{where}: {summary}.",
        *([caution] if cut else []),
        *([_shown(shown)] if len(shown) else []),
    ]


def _shown(frame: pd.DataFrame) -> str:
    text = frame.copy()
    for name in text.select_dtypes("float"):
        form = "{:+.1%}" if name == "share" else "{:,.0f}"
        text[name] = ["" if pd.isna(cell) else form.format(cell) for cell in text[name]]
    return text.to_string(index=False)
