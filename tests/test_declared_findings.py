"""Findings: each sentence is declared, holds its values, and changes with them and with nothing else.

Cells of notebooks are executed in this process, without drawing; what needs minutes (the curves of
robustness) is left to the tests of whole runs.
"""

import ast
from collections import Counter

import nbformat
import pandas as pd
import pytest
from conftest import study

from sahel_transitions import indicators
from sahel_transitions.claims import (
    claim_verdicts,
    finding_of,
    plain_values,
    read_findings,
)
from sahel_transitions.claims.changed_claims import changed_claims
from sahel_transitions.language import LANGUAGES, joined, words
from sahel_transitions.runs.findings import (
    changed_findings,
    findings_under,
    named_notebook,
    notebooks_on,
    stating_notebooks,
)
from sahel_transitions.tables import Table, Tables

EN = words("en")
DECLARED = read_findings()
QUICK = ("00_overview", "01_civilian_deaths", "02_transition_deadlines", "03_partner_shifts")
# Said in no study of this file: of robustness, whose curves take a minute, and of what the tables
# of the project never lack.
UNSAID = {
    "answers_lacking", "change_of_level", "context_not_told", "ideal_points_not_told",
    "month_with_most_weight", "other_countries", "other_dates", "paths_in_parallel",
    "paths_not_in_parallel", "shocks_that_stand_out", "sides_of_step", "specification_curve",
    "step_with_trend", "step_without_trend",
}  # fmt: skip


def stated(parameters, tables, *names):
    return findings_under(parameters, tables, [named_notebook(name) for name in names])


@pytest.fixture(scope="module")
def default(tables):
    return stated(study(), tables, *QUICK, "04_parallel_paths", "one_specification")


@pytest.fixture(scope="module")
def verdicts(tables):
    return claim_verdicts(study(), tables)


def test_every_sentence_of_a_finding_is_declared_and_used():
    declared = [key for each in DECLARED.values() for key in (*each.says, *each.parts)]
    cautions = {key for each in DECLARED.values() for key in each.caveat}
    keys = {key for key in EN.keys() if key.startswith("finding.")}
    assert keys == {*declared, *(key for key in cautions if key.startswith("finding."))}
    # A part may stand in several sentences; a sentence states one finding and is the caveat of none.
    assert not {key for each in DECLARED.values() for key in each.says} & cautions


@pytest.mark.parametrize("finding", DECLARED.values(), ids=DECLARED)
def test_what_is_declared_exists(finding, tables):
    assert set(finding.rests_on) <= set(tables)
    told = [*finding.caveat, finding.dropped, *([finding.reversed] if finding.reversed else [])]
    assert set(told) <= EN.keys() and finding.caveat
    assert {key for pair in finding.opposites for key in pair} <= set(finding.says)
    for query in finding.query:
        assert ast.parse(query).body[0].value.func.id in indicators.__all__, query
    if finding.tolerance:
        assert finding.tolerance.because


def test_every_finding_is_asked_as_declared_in_a_notebook_that_rests_on_its_tables(default):
    code = {
        path.stem: "".join(
            cell.source for cell in nbformat.read(path, as_version=4).cells
            if cell.cell_type == "code"
        ) for path in stating_notebooks()
    }  # fmt: skip
    for row in default.itertuples():
        finding = DECLARED[row.finding]
        asked = [ast.parse(query).body[0].value.func.id for query in finding.query]
        assert any(f"indicators.{name}(" in code[row.notebook] for name in asked), row


@pytest.mark.parametrize("name", QUICK)
def test_a_notebook_reads_no_table_that_it_does_not_name(name, tables):
    class Watched(Tables):
        read = set()

        def __getitem__(self, table):
            self.read.add(table)
            return super().__getitem__(table)

        def with_table(self, table):
            self._read[table.name] = table
            return self

    stated(study(), Watched(sealed=False), name)
    users = {path.stem for path in notebooks_on(*(Watched.read - {"deaths"}))}
    assert name in users
    for table in Watched.read - {"deaths"}:
        assert name in {path.stem for path in notebooks_on(table)}, table


def test_an_id_is_said_once_in_a_notebook(default):
    counted = Counter(zip(default["notebook"], default["finding_id"], strict=True))
    assert [id for id, count in counted.items() if count > 1] == []


def test_two_notebooks_state_one_finding_alike(default):
    assert (default.groupby("finding_id")["text"].nunique() == 1).all()


def test_english_and_french_state_the_same_values(default, tables):
    french = stated(study(language="fr"), tables, *QUICK)
    english = default[default["notebook"].isin(QUICK)]
    columns = ["finding_id", "says", "values"]
    assert english[columns].to_dict("records") == french[columns].to_dict("records")
    assert (english["text"] != french["text"]).all()


def test_every_declared_finding_is_said_in_some_study(default, tables):
    said = set(default["finding"])
    for given, names in (
        ({"countries": "NER,SEN", "as_of": "2023-12-31"}, (*QUICK, "04_parallel_paths")),
        ({"start": "2024-01", "end": "2024-12"}, ("01_civilian_deaths",)),
        ({"as_of": "2022-06-30"}, ("02_transition_deadlines", "03_partner_shifts")),
    ):
        said |= set(stated(study(**given), tables, *names)["finding"])
    assert set(DECLARED) - said == UNSAID


# One value of a table is changed; then these findings change and no others, and these claims.


def edited(tables, name, column, value, **where):
    """The tables with one cell changed in the one row that has these cells."""
    table = tables[name]
    frame = table.frame.copy()
    rows = pd.Series(True, index=frame.index)
    for key, cell in where.items():
        rows &= frame[key] == cell
    assert rows.sum() == 1, where
    frame.loc[rows, column] = value(frame.loc[rows, column].iloc[0]) if callable(value) else value
    return tables.with_table(Table(name, frame, table.declaration))
