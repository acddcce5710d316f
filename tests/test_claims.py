"""Claims of five documents, their declared checks and the verdicts that follow."""

import dataclasses
import itertools
import json

import pandas as pd
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
from sahel_transitions.claims.queries import find, matching
from sahel_transitions.claims.record import Record
from sahel_transitions.cli import main
from sahel_transitions.errors import Refusal, TableProblems
from sahel_transitions.language import words
from sahel_transitions.tables import parse_partial_date

_ALL = "MLI,BFA,NER"


@pytest.fixture(scope="module")
def verdicts(tables):
    return claim_verdicts(study(countries=_ALL), tables).set_index("claim_id")


def test_every_claim_has_a_verdict_and_a_reason(tables, verdicts):
    assert set(verdicts.index.dropna()) == set(tables["claims"].frame["claim_id"])
    assert set(verdicts["verdict"]) <= {*VERDICTS, "not_covered"}
    assert verdicts.loc[verdicts["verdict"] != "not_covered", "reason"].str.len().gt(0).all()


# Queries that ask whether there is a row, and are right to find none: claim → why.
WITHOUT_ROW = {
    "C010": "Mali did not ask the French troops to leave, as Burkina Faso did",
    "C012": "Wagner did not come to Burkina Faso",
    "C139": "the African Union imposed no economic sanctions",
    "C282": "nobody decreed three years",
}  # fmt: skip
# What occurs in no row at all, so that it might be a slip: claim, column, cell.
UNHEARD = {("C282", "value", 36)}


def queries(tables):
    """Every query of every check, with the records of the days on which it is asked."""
    today, records = Record(tables, study().as_of), {}
    claims = {row.claim_id: row for row in tables["claims"].frame.itertuples()}
    for claim_id, check in read_checks().items():
        claim = claims[claim_id]
        said = parse_partial_date(claim.said_on).latest.isoformat()
        then = records.setdefault(said, Record(tables, said))
        for reading in itertools.chain(*check.definitions.values()):
            days = (then,) if reading.asked == "when_said" else (today, then)
            places = (
                [{"country": each} for each in claim.countries] if reading.each_country else [{}]
            )
            for query, where in itertools.product((reading, reading.against), places):
                if query is not None:
                    yield claim, query, days, where


def test_every_check_is_of_a_claim_and_finds_a_row(tables, verdicts):
    assert set(read_checks()) <= set(tables["claims"].frame["claim_id"])
    without, asked = set(), 0
    for claim, query, days, where in queries(tables):
        found, asked = find(query, days[0], claim.countries, where), asked + 1
        assert found.value is not None, (claim.claim_id, query)
        if query.part is not None:
            assert matching(found.rows, query.part).any(), (claim.claim_id, query.part)
        # That there is no row is the answer where a check asks for none; and what was open when
        # the text appeared may since be settled.
        rows = [found.rows, *(find(query, day, claim.countries, where).rows for day in days[1:])]
        if query.take != "none" and all(each.empty for each in rows):
            assert query.take == "exists", (claim.claim_id, query)
            without.add(claim.claim_id)
    assert asked > 300
    assert without == set(WITHOUT_ROW)
    # And it is an answer against the claim, or of one definition among several.
    assert not verdicts.loc[list(WITHOUT_ROW), "verdict"].isin(["reproduced"]).any()


def test_a_query_that_finds_no_row_is_not_mistyped(tables):
    """Each of its conditions alone is met by some row, so that it is their meeting that is not."""
    unheard = set()
    for claim, query, _days, where in queries(tables):
        if query.take not in {"none", "exists"}:
            continue
        frame = tables[query.table].frame
        if "year" not in frame and "month" in frame:
            frame = frame.assign(year=frame["month"].str[:4].astype("int64"))
        for column, condition in {**query.where, **where}.items():
            # Of several cells each must occur.
            for each in condition if isinstance(condition, tuple) else (condition,):
                if not matching(frame, {column: each}).any():
                    unheard.add((claim.claim_id, column, each))
    assert unheard == UNHEARD


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


VFR, FR, F, R = "verdict found reason", "found reason", "found", "reason"
# One cell → every claim of which the verdict, the value found or the reason then is another; and
# what is found then of some, worked out by hand.
CHANGES = {
    "a rank": (
        ("press_freedom", "rank", 110, {"country": "MLI", "year": 2022}),
        {"C189": VFR},
        {"C189": "110, 180"},
    ),
    "a coup that failed": (
        ("coups", "outcome", "attempted", {"coup_id": "BFA-2022-09"}),
        {"C009": VFR, "C068": FR, "C070": VFR},
        {"C009": "MLI 2, BFA 1", "C070": "ledger: 0; powell_thyne: 1; cline: 1"},
    ),
    "a total in print": (
        ("published_figures", "value", 2147.0, {"figure_id": "acled_a1_mli_2022_2023_02"}),
        {"C021": F, "C176": VFR, "C178": FR},
        {
            "C021": f"A1: {2147 / 459:.10g};",
            "C176": "A1: 2147; A2: 2232;",
            "C178": f"A1_south: {2147 / 459 - 1:.10g}, ",
        },
    ),
    "a day": (
        ("partner_events", "date", "2022-05-16", {"event_id": "MLI-g5_sahel-membership-02"}),
        {"C201": FR, "C274": VFR, "C294": VFR},
        # From 2 to 16 May.
        {"C201": "2022-05-16", "C274": "2022-05-16", "C294": "14"},
    ),
    "the day on which troops had left": (
        ("partner_events", "date", "2022-08-01", {"event_id": "MLI-france-troops-03"}),
        {"C010": R, "C092": R, "C101": VFR, "C119": VFR},
        {"C101": "2022-08-01", "C119": "2022-08-01"},
    ),
    "a toll": (
        ("incidents", "toll_low", 501.0,
         {"incident_id": "MLI-2022-03-mopti", "reported_by": "OHCHR"}),
        {"C269": FR},
        {"C269": "ohchr: 501"},
    ),
    "one more civilian in a month": (
        ("deaths", "civilians", lambda count: count + 1,
         {"country": "MLI", "month": "2021-02", "admin1": "Mopti", "type_of_violence": 3,
          "perpetrator": "jnim", "allocation": "uniform_days"}),
        {"C013": FR, "C021": F, "C078": F, "C177": FR, "C222": F, "C178": FR, "C226": FR},
        {
            "C021": f"U2: {1798 / 270:.10g};",
            "C177": "U2: 270",
            "C178": f"U2_south: {1798 / 270 - 1:.10g}, ",
            "C226": "530",
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize(("edit", "claims", "values"), CHANGES.values(), ids=CHANGES)
def test_a_changed_value_changes_the_claims_that_rest_on_it_and_no_others(
    tables, verdicts, edit, claims, values
):
    name, column, value, where = edit
    changed = edited(tables, name, column, value, **where)
    after = claim_verdicts(study(countries=_ALL), changed).set_index("claim_id")
    told = ["verdict", "found", "reason"]
    unlike = after[told].fillna("").ne(verdicts[told].fillna(""))
    moved = {
        claim: " ".join(row.index[row]) for claim, row in unlike[unlike.any(axis=1)].iterrows()
    }
    assert moved == claims
    others = ~verdicts.index.isin(list(claims))
    pd.testing.assert_frame_equal(after[others], verdicts[others])
    for claim, found in values.items():
        assert found in after.at[claim, "found"] + ";", claim
        assert found not in verdicts.at[claim, "found"] + ";", claim
    assert all(name in after.at[claim, "source"].split("; ") for claim in claims)


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
