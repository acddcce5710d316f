"""Claims of five documents, their declared checks and the verdicts that follow."""

import dataclasses
import json

import pytest
from conftest import study
from one_change import edited

from sahel_transitions.claims import (
    CLAIM_COLUMNS,
    VERDICTS,
    check_claims,
    claim_verdicts,
    read_checks,
)
from sahel_transitions.cli import main
from sahel_transitions.errors import Refusal, TableProblems
from sahel_transitions.language import words

_ALL = "MLI,BFA,NER"


@pytest.fixture(scope="module")
def verdicts(tables):
    return claim_verdicts(study(countries=_ALL), tables).set_index("claim_id")


def test_every_claim_has_a_verdict_and_a_reason(tables, verdicts):
    assert set(verdicts.index.dropna()) == set(tables["claims"].frame["claim_id"])
    assert set(verdicts["verdict"]) <= {*VERDICTS, "not_covered"}
    assert verdicts.loc[verdicts["verdict"] != "not_covered", "reason"].str.len().gt(0).all()


def test_every_check_is_of_a_claim_and_finds_a_row(tables, verdicts):
    checks = read_checks()
    assert set(checks) <= set(tables["claims"].frame["claim_id"])
    computed = verdicts[verdicts["basis"] == "computed"]
    assert not (computed["verdict"] == "not_checkable").any()


def test_a_claim_is_computed_or_coded_and_not_both(tables):
    rows = tables["claims"].frame.set_index("claim_id")
    judged = rows[rows["merged_into"].isna()]
    checked = judged.index.isin(list(read_checks()))
    assert judged["verdict"].isna().tolist() == checked.tolist()
    coded = judged[~checked]
    for row in coded.itertuples():
        assert row.verdict_sources or isinstance(row.needs, str), row.Index


def test_the_texts_are_in_both_languages(tables):
    english, french = words("en"), words("fr")
    for row in tables["claims"].frame.itertuples():
        assert english(f"claim.{row.claim_id}") == row.claim
        assert f"claim.{row.claim_id}" in french
    names = {name for check in read_checks().values() for name in check.definitions}
    needs = set(tables["claims"].frame["needs"].dropna())
    for key in [f"claims.definition.{name}" for name in names] + [
        f"claims.needs.{name}" for name in needs
    ]:
        assert key in english and key in french, key


@pytest.mark.parametrize(
    ("name", "column", "value", "where", "claim", "verdict"),
    [
        ("press_freedom", "rank", 110, {"country": "MLI", "year": 2022}, "C189", "partly"),
        ("coups", "outcome", "attempted", {"coup_id": "BFA-2022-09"}, "C009", "contradicted"),
        (
            "published_figures", "value", 2147.0,
            {"figure_id": "acled_a1_mli_2022_2023_02"}, "C176", "contradicted",
        ),
        (
            "partner_events", "date", "2022-05-16",
            {"event_id": "MLI-g5_sahel-membership-02"}, "C294", "contradicted",
        ),
    ],
)  # fmt: skip
def test_a_changed_value_changes_the_verdicts_that_rest_on_it(
    tables, verdicts, name, column, value, where, claim, verdict
):
    after = claim_verdicts(
        study(countries=_ALL), edited(tables, name, column, value, **where)
    ).set_index("claim_id")
    moved = after.index[after["verdict"].to_numpy() != verdicts["verdict"].to_numpy()]
    assert after.at[claim, "verdict"] == verdict
    assert claim in moved
    assert all(name in after.at[each, "source"].split("; ") for each in moved)


def test_a_state_that_ended_later_is_overtaken_and_was_so_then(tables, verdicts):
    assert verdicts.loc["C029", ["verdict", "verdict_then"]].tolist() == [
        "overtaken", "reproduced",
    ]  # fmt: skip
    in_2023 = claim_verdicts(study(as_of="2023-12-31"), tables).set_index("claim_id")
    assert in_2023.at["C029", "verdict"] == "reproduced"


@pytest.mark.parametrize(("day", "known"), [("2023-02-08", False), ("2023-02-09", True)])
def test_no_claim_is_judged_before_it_was_published(tables, day, known):
    assert ("C176" in set(claim_verdicts(study(as_of=day), tables)["claim_id"])) == known


def test_two_definitions_are_shown_beside_each_other(verdicts):
    row = verdicts.loc["C177"]
    assert row[["verdict", "verdict_then"]].tolist() == ["reproduced_otherwise"] * 2
    assert verdicts.at["C177", "found"].startswith("A1: 459; A2: 531")


def test_countries_without_a_claim_are_not_covered(tables):
    rows = claim_verdicts(study(countries="SEN,TCD"), tables)
    assert rows["verdict"].tolist() == ["not_covered", "not_covered"]


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ("{definitons: {}}", "the nearest valid name is 'definitions'"),
        ("{definitions: {A1: [{table: deaths, columm: best}]}}", "valid name is 'column'"),
        ("{definitions: {A1: [{table: deaths}]}}", "needs a column"),
        (
            "{definitions: {A1: [{table: coups, take: count, tolerance: 1}]}}",
            "a tolerance needs its reason",
        ),
    ],
)
def test_a_faulty_check_is_refused_by_name(tmp_path, content, part):
    (tmp_path / "text.yml").write_text(f"C001: {content}\n", encoding="utf-8")
    with pytest.raises(TableProblems, match="C001") as refused:
        read_checks(tmp_path)
    assert part in str(refused.value)


def test_a_check_of_no_table_names_its_claim(tables, tmp_path):
    content = "C001: {definitions: {A1: [{table: coup, take: exists}]}}\n"
    (tmp_path / "text.yml").write_text(content, encoding="utf-8")
    with pytest.raises(
        Refusal, match="the check of C001 cannot be asked: there is no table 'coup'"
    ):
        claim_verdicts(study(), tables, read_checks(tmp_path))


def test_the_command_gives_the_declared_keys(capsys):
    with pytest.raises(SystemExit, match="0"):
        main(["claims", "--document", "mali_isolation2022", "--format", "json"])
    rows = json.loads(capsys.readouterr().out)
    assert rows
    assert all(list(row) == CLAIM_COLUMNS for row in rows)
    assert {row["document"] for row in rows} == {"mali_isolation2022"}


def test_a_reason_names_the_rows_that_were_found(verdicts):
    assert verdicts.at["C100", "reason"].startswith(
        "The record agrees: ledger: Mali, coup of 24 May 2021, as claimed."
    )
    assert "notice given (17 February 2022)" in verdicts.at["C025", "reason"]
    assert "; 3 more)" in verdicts.at["C025", "reason"]
    assert "no entry for Russia, troops, active" in verdicts.at["C049", "reason"]


def test_a_claim_judged_twice_or_without_a_source_is_a_problem(tables):
    assert check_claims(tables) == []
    both = edited(tables, "claims", "verdict", "reproduced", claim_id="C196")
    (problem,) = check_claims(both)
    assert "C196" in problem.expected and problem.found == "a verdict and a check"
    frame = tables["claims"].frame.copy()
    (row,) = frame.index[frame["claim_id"] == "C169"]
    frame.at[row, "verdict_sources"] = ()
    bare = tables.with_table(dataclasses.replace(tables["claims"], frame=frame))
    assert ["C169" in each.expected for each in check_claims(bare)] == [True]


def test_a_definition_without_a_value_does_not_speak_against_a_text(verdicts):
    """ACLED's total for three countries was published after the text."""
    assert verdicts.at["C224", "verdict_then"] == "not_checkable"


def test_a_reason_that_came_later_is_not_told_before(tables):
    early = claim_verdicts(study(as_of="2023-12-31"), tables).set_index("claim_id")
    assert early.at["C171", "verdict"] == "reproduced"
    assert "2024" not in early.at["C171", "reason"]
