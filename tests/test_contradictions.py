"""Contradictions of documents and sources, and the rows that their resolutions rest on."""

import dataclasses
import re

import duckdb
import pytest
from conftest import study
from one_change import edited

from sahel_transitions.claims import (
    changed_contradictions,
    contradiction_findings,
    contradiction_table,
    contradictions,
    read_contradiction_checks,
)
from sahel_transitions.claims.contradictions import KINDS
from sahel_transitions.errors import Refusal, TableProblems
from sahel_transitions.language import words
from sahel_transitions.paths import CODED, DERIVED
from sahel_transitions.tables import parse_partial_date

_ALL = "MLI,BFA,NER"


@pytest.fixture(scope="module")
def rows(tables):
    return contradictions(study(countries=_ALL), tables).set_index("contradiction_id")


@pytest.mark.shared
def test_every_item_of_the_working_list_has_its_row(tables, shared):
    items, bullets = set(), 0
    letter = ""
    for line in (shared / "dossier" / "contradictions.md").read_text("utf-8").splitlines():
        letter = match[1] if (match := re.match(r"## ([A-E])\.", line)) else letter
        if match := re.match(r"(?:(\d+)\.|\| (\d+) \|)", line):
            items.add(f"{letter}{match[1] or match[2]}")
        if letter == "E" and line.startswith("- "):
            bullets += 1
            items.add(f"E{bullets}")
    assert len(items) == 15 + 15 + 13 + 15 + 4
    assert {each for cell in tables["contradictions"].frame["items"] for each in cell} == items


def test_every_resolution_holds(tables, rows):
    assert list(changed_contradictions(study(), tables)) == []
    assert set(rows.index.dropna()) == set(tables["contradictions"].frame["contradiction_id"])
    assert set(rows["outcome"]) <= {"resolved", "by_definition", "open"}
    assert set(rows["kind"]) == set(KINDS)


def test_every_check_is_of_a_contradiction_and_what_is_coded_of_ledgers_is_checked(tables):
    checks = read_contradiction_checks()
    frame = tables["contradictions"].frame.set_index("contradiction_id")
    assert set(checks) <= set(frame.index)
    # What rests on texts alone, and on no row of a table.
    without = set(frame.index) - set(checks)
    assert without == {
        "barkhane_size", "cotton_first", "former_president_handed_over", "menaka_place",
        "note_on_lavrov_visit", "prime_minister", "yerewolo_founded",
    }  # fmt: skip


def test_the_claims_of_a_contradiction_are_those_of_its_documents(tables):
    said_in = tables["claims"].frame.set_index("claim_id")["document"]
    for row in tables["contradictions"].frame.itertuples():
        assert {said_in[claim] for claim in row.claims} == set(row.documents), row.contradiction_id


@pytest.mark.parametrize(
    ("name", "key", "value", "column", "other", "moved"),
    [
        ("deadlines", "promise_id", "MLI-X-03", "months_promised", 36, ["extension_length"]),
        (
            "partner_events", "event_id", "MLI-european_union-training-02", "date", "2022-05-17",
            ["eutm_suspension"],
        ),
        (
            "readings", "reading_id", "MLI-russia-troops-02-d", "value", "2022-01-25",
            ["wagner_arrival"],
        ),
        (
            "published_figures", "figure_id", "acled_a1_mli_2021_2023_02", "value", 469.0,
            ["death_scopes"],
        ),
        ("coups", "coup_id", "MLI-2021-05", "date", "2021-05-21", ["two_coups_one_year"]),
        ("left_out", "record", "E020", "date", "2020-06-10", ["french_bases_year"]),
    ],
)  # fmt: skip
def test_a_changed_row_changes_the_resolutions_that_rest_on_it(
    tables, rows, name, key, value, column, other, moved
):
    changed = edited(tables, name, column, other, **{key: value})
    after = contradictions(study(countries=_ALL), changed).set_index("contradiction_id")
    assert after.index[after["outcome"] != rows["outcome"]].tolist() == moved
    assert (after.loc[moved, "outcome"] == "changed").all()
    problems = [*changed_contradictions(study(), changed)]
    assert {problem.column.split(",")[0] for problem in problems} == set(moved)


def test_a_row_that_is_gone_changes_the_resolution(tables):
    frame = tables["partner_events"].frame.query("event_id != 'MLI-takuba_states-troops-04'")
    gone = tables.with_table(dataclasses.replace(tables["partner_events"], frame=frame))
    after = contradictions(study(), gone).set_index("contradiction_id")
    assert after.at["takuba_end", "outcome"] == "changed"


def test_every_resolution_is_known_when_it_is_said_to_be(tables):
    """On the day from which its text is shown, every row that it rests on is known."""
    frame = tables["contradictions"].frame
    days = {parse_partial_date(text).latest.isoformat() for text in frame["settled_on"]}
    for day in sorted(days):
        then = contradictions(study(countries=_ALL, as_of=min(day, "2026-05-04")), tables)
        assert not (then["outcome"] == "changed").any(), day


@pytest.mark.parametrize(
    ("day", "outcome"),
    [("2022-06-01", None), ("2022-06-02", "not_yet"), ("2023-05-11", "not_yet"),
     ("2023-05-12", "open")],
)  # fmt: skip
def test_nothing_is_shown_or_settled_before_it_was_known(tables, day, outcome):
    then = contradictions(study(as_of=day), tables).set_index("contradiction_id")
    assert then["outcome"].get("toll_moura") == outcome
    if outcome == "not_yet":
        assert "500" not in then.at["toll_moura", "resolution"]
        assert then.at["toll_moura", "found"] == ""


def test_the_wagner_group_has_the_starts_of_the_shock_that_a_study_may_choose(tables, rows):
    """Four defensible starts, from the ledger of shocks; the resolution shows each."""
    (starts,) = duckdb.sql(f"""
        SELECT starts FROM '{CODED}/shocks.csv' WHERE shock_id = 'wagner_mli'
    """).fetchall()
    found = dict(each.split(": ") for each in rows.at["wagner_arrival", "found"].split("; "))
    shown = [found[name] for name in ("reported", "arrived", "stated", "counted")]
    assert shown == starts[0].split(" | ")
    assert found["date"] == f"{shown[0]}/{shown[-1]}"
    assert rows.at["wagner_arrival", "outcome"] == "by_definition"
    for when in shown:
        assert words("en").when(when) in rows.at["wagner_arrival", "resolution"]


@pytest.mark.parametrize(("day", "shown"), [("2026-04-27", False), ("2026-04-28", True)])
def test_kidal_after_2023_rests_on_a_row_and_is_not_told_before_it(tables, day, shown):
    ((what, known),) = duckdb.sql(f"""
        SELECT what, known_on::text FROM '{CODED}/partner_events.csv'
        WHERE event_id = 'MLI-russia-basing-02'
    """).fetchall()
    assert (what, known) == ("Africa Corps left Kidal", "2026-04-28")
    then = contradictions(study(as_of=day), tables).set_index("contradiction_id")
    assert ("kidal_lost_again" in then.index) == shown
    assert then.at["kidal_held", "outcome"] == "resolved"
    assert not then["resolution"].str.contains("April 2026").any() or shown
    if shown:
        # The ledger says who left, and not who has held the town since.
        assert then.at["kidal_lost_again", "outcome"] == "open"


def test_days_and_counts_by_hand(rows):
    # 18 August 2020 to 24 May 2021; 24 January to 30 September 2022.
    assert rows.at["two_coups_one_year", "found"].startswith("mali: 279; burkina: 249")
    assert rows.at["toll_moura", "found"] == (
        "value_low: 203; hrw: 300; few: 300; many: 400; value_high: 500"
    )


def test_ranges_of_tolls_and_coups_by_sql(tables):
    tolls = duckdb.sql(f"""
        SELECT 'toll_' || replace(lower(incident_id), '-', '_') AS key, min(toll_low), max(toll_low)
        FROM read_csv('{CODED / "incidents.csv"}') GROUP BY incident_id
    """).fetchall()
    frame = tables["contradictions"].frame.set_index("contradiction_id")
    ours = {key: (low, high) for key, low, high in tolls if key in frame.index}
    assert len(ours) == 14
    for key, (low, high) in ours.items():
        assert (frame.at[key, "value_low"], frame.at[key, "value_high"]) == (low, high), key
    coups = duckdb.sql(f"""
        SELECT count(*) FROM read_csv('{DERIVED / "coup_records.csv"}')
        WHERE outcome = 'successful' AND country IN ('MLI', 'BFA')
          AND date BETWEEN '1960-08-01' AND '2022-12-31'
        GROUP BY dataset ORDER BY 1
    """).fetchall()
    values = frame.loc["coups_since_independence", ["value_low", "value_high"]].tolist()
    assert [(each,) for each in values] == coups


def test_the_texts_are_in_both_languages(tables):
    english, french = words("en"), words("fr")
    for row in tables["contradictions"].frame.itertuples():
        assert english(f"contradiction.{row.contradiction_id}") == row.subject
    told = contradictions(study(countries=_ALL, language="fr"), tables)
    assert told["resolution"].str.len().gt(0).all()
    assert f"contradiction.{told['contradiction_id'].iloc[0]}" in french


def test_countries_without_a_contradiction_are_not_covered(tables):
    rows = contradictions(study(countries="SEN,TCD"), tables)
    assert rows["outcome"].tolist() == ["not_covered", "not_covered"]
    say = words("en")
    assert contradiction_table(rows, say).empty
    assert contradiction_findings(rows, say) == [
        "No contradiction about Senegal is coded.", "No contradiction about Chad is coded.",
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_table_and_the_sentences_are_for_readers(tables, language):
    say = words(language)
    rows = contradictions(study(countries=_ALL, language=language), tables)
    table = contradiction_table(rows, say)
    assert len(table) == len(rows)
    for name in table.columns.drop("sources"):
        assert f"column.{name}" in say
    kinds, outcomes = contradiction_findings(rows, say)
    assert sum(int(each) for each in re.findall(r"\d+", kinds)[1:]) == len(rows)
    assert sum(int(each) for each in re.findall(r"\d+", outcomes)) == len(rows)


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ("{date: {table: coups, where: {}, colum: date}}", "the nearest valid name is 'column'"),
        ("{date: {table: coups}}", "needs a column"),
    ],
)
def test_a_faulty_check_is_refused_by_name(tmp_path, content, part):
    path = tmp_path / "checks.yml"
    path.write_text(f"takuba_end: {content}\n", encoding="utf-8")
    with pytest.raises(TableProblems, match="takuba_end") as refused:
        read_contradiction_checks(path)
    assert part in str(refused.value)


def test_a_check_without_an_expectation_names_its_contradiction(tables, tmp_path):
    path = tmp_path / "checks.yml"
    path.write_text("takuba_end: {left: {table: coups, column: date, take: last}}\n", "utf-8")
    checks = read_contradiction_checks() | read_contradiction_checks(path)
    with pytest.raises(Refusal, match="the check of takuba_end cannot be asked: left has neither"):
        contradictions(study(as_of="2023-12-31"), tables, checks)
