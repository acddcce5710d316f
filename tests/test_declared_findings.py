"""Findings: each sentence is declared, holds its values, and changes with them and with nothing else.

Cells of notebooks are executed in this process, without drawing; what needs minutes (the curves of
robustness) is left to the tests of whole runs.
"""

import ast
import json
import re
from collections import Counter

import nbformat
import pandas as pd
import pytest
from conftest import study
from one_change import edited

from sahel_transitions import claims, indicators
from sahel_transitions.claims import (
    claim_verdicts,
    finding_of,
    plain_values,
    read_findings,
)
from sahel_transitions.claims.changed_claims import changed_claims
from sahel_transitions.cli import main
from sahel_transitions.cli.differences import differences
from sahel_transitions.errors import TableProblems
from sahel_transitions.language import LANGUAGES, joined, words
from sahel_transitions.paths import DERIVED
from sahel_transitions.runs.findings import (
    DESCRIBED,
    changed_findings,
    findings_under,
    named_notebook,
    notebooks_on,
    stating_notebooks,
)
from sahel_transitions.tables import Tables

EN = words("en")
DECLARED = read_findings()
QUICK = (
    "00_overview", "01_civilian_deaths", "02_transition_deadlines", "03_partner_shifts", "06_claims",
)  # fmt: skip
# Said in no study of this file: of robustness, whose curves take a minute, and of what the tables
# of the project never lack.
UNSAID = {
    "answers_lacking", "change_of_level", "context_not_told", "errors_to_read_again",
    "ideal_points_not_told", "resolutions_to_read_again",
    "month_with_most_weight", "other_countries", "other_dates", "paths_in_parallel",
    "paths_not_in_parallel", "shocks_that_stand_out", "sides_of_step", "specification_curve",
    "step_with_trend", "step_without_trend", "title_of_changes_of_level", "title_of_placebos",
    "title_of_specification_curves", "title_of_stated_changes", "title_of_windows_compared",
    "title_of_without_each_month",
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
    keys = {key for key in sorted(EN.keys()) if key.startswith("finding.")}
    assert keys == {key for key in {*declared, *cautions} if key.startswith("finding.")}
    # A part may stand in several sentences; a sentence states one finding and is the caveat of none.
    assert not {key for each in DECLARED.values() for key in each.says} & cautions


@pytest.mark.parametrize("finding", DECLARED.values(), ids=DECLARED)
def test_what_is_declared_exists(finding, tables):
    assert set(finding.rests_on) <= set(tables)
    told = [*finding.caveat, finding.dropped, *([finding.reversed] if finding.reversed else [])]
    assert set(told) <= EN.keys() and finding.caveat
    # They are told apart from any sentence, and so name no value.
    assert not [key for key in told for form in EN.forms(key) if "{" in form]
    assert {key for pair in finding.opposites for key in pair} <= set(finding.says)
    for query in finding.query:
        assert ast.parse(query).body[0].value.func.id in {*indicators.__all__, *claims.__all__}
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
        rooms = ("indicators", "claims")
        called = (f"{room}.{name}(" for room in rooms for name in asked)
        assert any(call in code[row.notebook] for call in called), row


@pytest.mark.parametrize("name", QUICK)
def test_a_notebook_reads_no_table_that_it_does_not_name(name, tables):
    read = set()

    class Watched(Tables):
        def __getitem__(self, table):
            read.add(table)
            return super().__getitem__(table)

        def with_table(self, table):
            self._read[table.name] = table
            return self

    stated(study(), Watched(sealed=False), name)
    # Every study opens the table of deaths.
    assert len(read) > 1
    for table in read - {"deaths"}:
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


SPAIN = {"country": "BFA", "year": 2021, "supplier": "Spain"}
GAO = {
    "country": "MLI", "month": "2023-06", "admin1": "Gao", "type_of_violence": 3,
    "allocation": "uniform_days",
}  # fmt: skip
EDITS = {
    "a due date": (
        ("deadlines", "due_on", "2024-02-05", {"promise_id": "MLI-P-02"}),
        ("00_overview", "02_transition_deadlines"),
        {"notice_of_postponement.MLI.presidential_election"},
    ),
    "the day on which troops had left": (
        ("partner_events", "date", "2022-08-01", {"event_id": "MLI-france-troops-03"}),
        ("00_overview", "03_partner_shifts", "04_parallel_paths", "06_claims"),
        {"lag_of_change.France.troops.ended.MLI.BFA", "claims_by_verdict", "title_of_partner_clocks",
         "title_of_partner_timelines", "title_of_verdicts_by_document"},
    ),
    "a delivery of arms": (
        ("arms", "tiv", lambda tiv: tiv + 1, SPAIN),
        ("03_partner_shifts",),
        {"arms_portfolio.BFA.2017.2021", "arms_portfolio.BFA.2021.2025",
         "overlap_of_portfolios.MLI.BFA.2021.2025", "title_of_arms_portfolios"},
    ),
    "one more civilian in a month": (
        ("deaths", "civilians", lambda count: count + 1, GAO),
        ("00_overview", "01_civilian_deaths", "one_specification"),
        {"deaths_by_year.MLI", "month_with_most_deaths.MLI", "filter_on_the_study.MLI",
         "ratio_of_sources.MLI.acled_a2", "unit_with_most_deaths.MLI",
         "title_of_trailing_deaths", "title_of_deaths_by_source", "title_of_deaths_by_year"},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("edit", "names", "findings"), EDITS.values(), ids=EDITS)
def test_one_changed_value_changes_what_rests_on_it_and_nothing_else(
    default, tables, edit, names, findings
):
    table, column, value, where = edit
    changed = edited(tables, table, column, value, **where)
    before = default[default["notebook"].isin(names)]
    found = changed_findings(before, stated(study(), changed, *names))
    assert {each.finding_id for each in found} == findings
    for each in found:
        assert table in DECLARED[each.finding_id.partition(".")[0]].rests_on, each


def test_changed_values_change_the_claims_that_rest_on_them_and_no_others(verdicts, tables):
    """Of the four edits at once: two claims name the day, one the deliveries, none the others."""
    changed = tables
    for (table, column, value, where), *_ in EDITS.values():
        changed = edited(changed, table, column, value, **where)
    found = {each.claim_id: each.moved
             for each in changed_claims(verdicts, claim_verdicts(study(), changed))}  # fmt: skip
    assert set(found) == {"C101", "C119", "C306"}
    assert found["C101"]["verdict"] == ("reproduced", "contradicted")
    assert "verdict" not in found["C306"] and "4.84" in found["C306"]["found"][1]


def test_a_value_that_breaks_a_ledger_fails_by_name(tables):
    broken = edited(tables, "deadlines", "due_on", "2024-04-26", promise_id="MLI-T-04")
    with pytest.raises(TableProblems, match="column due_on: expected 2024-03-26"):
        stated(study(), broken, "02_transition_deadlines")


def test_noise_is_no_change(default, tables):
    noisy = edited(tables, "arms", "tiv", lambda tiv: tiv * (1 + 1e-12), **SPAIN)
    before = default[default["notebook"] == "03_partner_shifts"]
    assert changed_findings(before, stated(study(), noisy, "03_partner_shifts")) == []


def rows(finding, says, values, id="x"):
    return pd.DataFrame(
        [{"finding_id": id, "finding": finding, "says": (says,), "values": values, "text": says}]
    )


def test_a_change_within_the_declared_tolerance_is_none():
    told = [rows("power_of_follow_test", "finding.follow.power", {"shares.0": share})
            for share in (97, 98, 99)]  # fmt: skip
    assert changed_findings(told[0], told[1]) == []
    (changed,) = changed_findings(told[0], told[2])
    assert changed.values == {"shares.0": (97, 99)}


def test_new_gone_and_reversed_findings_are_told_apart():
    rise, fall = (
        rows("deaths_by_year", "finding.year", {"value": value, "before": 800})
        for value in (900, 700)
    )
    assert [each.change for each in changed_findings(rise, fall)] == ["reversed"]
    above, below = (
        rows("change_at_shock", f"finding.change_{side}", {"estimate": factor})
        for side, factor in (("above", 2), ("below", 0.5))
    )
    assert [each.change for each in changed_findings(above, below)] == ["reversed"]
    other = rows("deaths_by_year", "finding.year", {"value": 1, "before": 2}, id="y")
    assert [each.change for each in changed_findings(rise, other)] == ["gone", "new"]


def test_a_sentence_keeps_its_values_in_every_language():
    for language in LANGUAGES:
        say = words(language)
        bounds = say("finding.bounds", low=say.number(1), high=say.number(1013))
        first = say("finding.year", country="MLI", year="2023", value=say.number(732),
                    previous="2022", before=say.number(1798), bounds=bounds)  # fmt: skip
        both = joined([first, say("finding.without_largest", factor=2.0)])
        assert plain_values(both) == {
            "country": "MLI", "value": 732, "what": "U2", "year": "2023", "before": 1798,
            "previous": "2022", "bounds.says": "finding.bounds", "bounds.high": 1013,
            "without_largest.factor": 2,
        }  # fmt: skip
        assert finding_of(both).id_of(both) == "deaths_by_year.MLI"


def test_what_is_of_no_finding_cannot_be_said():
    with pytest.raises(LookupError, match="not written from the catalogue"):
        finding_of("Deaths rose.")
    with pytest.raises(LookupError, match=r"No finding .* says 'cell\.yes'"):
        finding_of(EN("cell.yes"))
    assert finding_of(EN("finding.shock_caution")) is None


def test_data_diff_takes_an_edited_copy_and_names_rows_findings_and_claims(tmp_path, capsys):
    """Two ranks are changed: one that a finding states, and one that a claim names."""
    text = (DERIVED / "press_freedom.csv").read_text(encoding="utf-8")
    for old, new in (("MLI,2025,119,", "MLI,2025,99,"), ("MLI,2022,111,", "MLI,2022,110,")):
        assert text.count(old) == 1
        text = text.replace(old, new)
    copy = tmp_path / "press_freedom.csv"
    copy.write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit, match="0"):
        main(["data", "diff", "press_freedom", str(copy)])
    said = capsys.readouterr().out
    assert "0 added, 0 gone, 2 changed" in said
    assert "MLI, 2022: rank 111 → 110" in said and "MLI, 2025: rank 119 → 99" in said
    rows, _, claimed = said.partition("Claims that change:\n")
    assert "press_freedom.MLI: reversed" in rows
    assert "119 in 2025" in rows and "99 in 2025" in rows
    # The counts of verdicts move with the claim, and no other finding.
    assert re.findall(r"^(\S+): (?:changed|new|gone)$", rows, re.M) == [
        "title_of_verdicts_by_document",
        "claims_by_verdict",
    ]
    # Of all claims one names the rank of 2022; none that of 2025, which came later.
    assert claimed.splitlines() == [
        "C189 (crisisgroup2023_b185, n. 64): verdict reproduced → partly; "
        "found 111, 180 → 110, 180; verdict_then reproduced → partly"
    ]


def test_a_copy_that_lacks_a_column_is_refused(tmp_path):
    copy = tmp_path / "press_freedom.csv"
    copy.write_text("country,year,rank\nMLI,2025,99\n", encoding="utf-8")
    with pytest.raises(TableProblems, match="column countries"):
        differences("press_freedom", str(copy), None)


@pytest.mark.parametrize(
    ("language", "said"), [("en", "passed 6 days ago"), ("fr", "passée depuis 6 jours")]
)
def test_the_command_prints_findings_in_the_language_and_what_they_rest_on(capsys, language, said):
    with pytest.raises(SystemExit) as ended:
        main(["findings", "--notebook", "02_transition_deadlines", "--format", "json", "-p",
              "as_of=2024-04-01", "-p", f"language={language}"])  # fmt: skip
    assert ended.value.code == 0
    printed = {row["finding_id"]: row for row in json.loads(capsys.readouterr().out)}
    row = printed["end_of_transition.MLI"]
    assert list(row) == DESCRIBED
    assert "days=6" in row["values"] and row["rests_on"] == "deadlines"
    assert row["query"] == "promised_ends()" and row["caveat"] and row["dropped"]
    assert row["reversed"] == words(language)("reversed.end_of_transition")
    assert said in row["finding"]


def test_an_unknown_notebook_is_refused_naming_the_nearest(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["findings", "--notebook", "02_deadlines"])
    assert ended.value.code == 2 and "02_transition_deadlines" in capsys.readouterr().err
