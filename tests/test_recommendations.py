"""What was recommended, and what the record shows since."""

from dataclasses import replace
from datetime import date, timedelta

import duckdb
import pandas as pd
import pytest
from conftest import study
from drawn_labels import labels_outside, touching_labels
from hypothesis import given, settings
from hypothesis import strategies as st

from sahel_transitions import figures
from sahel_transitions.claims import recommendation_findings
from sahel_transitions.indicators import (
    DIRECTIONS,
    RECORD_STATUSES,
    recommendation_facts,
    recommendations_followed,
)
from sahel_transitions.indicators.recommendations import ACTORS
from sahel_transitions.language import words
from sahel_transitions.paths import CODED
from sahel_transitions.tables import Tables, parse_partial_date

TABLES = Tables(sealed=False)


def with_facts(*facts):
    """The tables with these facts alone, as (direction, ends), on one recommendation."""
    like = TABLES["recommendation_outcomes"].frame.iloc[0]
    rows = [
        {
            **like,
            "outcome_id": f"br_tone-{number:02d}",
            "recommendation_id": "br_tone",
            "date": f"2024-0{number}-01",
            "known_on": f"2024-0{number}-02",
            "direction": direction,
            "ends": ends,
        }
        for number, (direction, ends) in enumerate(facts, 1)
    ]
    frame = pd.DataFrame(rows, columns=TABLES["recommendation_outcomes"].frame.columns)
    outcomes = replace(TABLES["recommendation_outcomes"], frame=frame)
    return {"recommendations": TABLES["recommendations"], "recommendation_outcomes": outcomes}


def status(tables, **given):
    rows = recommendations_followed(study(**given), tables).set_index("recommendation_id")
    return rows.loc["br_tone", "record_status"]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ((), "no_record"),
        ((("unclear", False),), "unclear"),
        ((("context", False),), "unclear"),
        ((("in_line", False), ("context", False)), "in_line"),
        ((("in_line", False), ("unclear", False)), "in_line"),
        ((("against", False), ("against", False)), "against"),
        ((("in_line", False), ("against", False)), "mixed"),
        ((("in_line", False), ("against", False), ("unclear", True)), "overtaken"),
    ],
)
def test_the_status_follows_from_the_facts_by_rule(facts, expected):
    assert status(with_facts(*facts)) == expected


def test_the_status_changes_on_the_day_on_which_a_fact_is_known():
    tables = with_facts(("in_line", False), ("against", False))
    assert status(tables, as_of="2024-01-01") == "no_record"
    assert status(tables, as_of="2024-01-02") == "in_line"
    assert status(tables, as_of="2024-02-02") == "mixed"


@pytest.mark.parametrize(
    ("recommendation", "as_of", "expected"),
    [
        # By hand from the rows: put off in March 2023, held in June, put off again in September.
        ("br_calendar", "2023-03-09", "no_record"),
        ("br_calendar", "2023-03-10", "against"),
        ("br_calendar", "2023-06-18", "mixed"),
        ("br_minusma_limits", "2023-06-16", "against"),
        ("br_minusma_limits", "2023-06-30", "overtaken"),
        ("wl_military_channel_mli", "2024-05-17", "no_record"),
        ("wl_military_channel_mli", "2024-05-18", "overtaken"),
        ("wl_electoral_body_mli", "2026-05-04", "no_record"),
    ],
)
def test_statuses_by_hand(recommendation, as_of, expected):
    rows = recommendations_followed(study(as_of=as_of), TABLES).set_index("recommendation_id")
    assert rows.loc[recommendation, "record_status"] == expected


@settings(max_examples=25, deadline=None)
@given(st.dates(date(2023, 1, 1), date(2026, 5, 4)))
def test_nothing_known_later_leaks(day):
    parameters = study(as_of=day.isoformat())
    outcomes, asked = TABLES["recommendation_outcomes"], TABLES["recommendations"]
    early = outcomes.frame[outcomes.frame["known_on"] <= day.isoformat()]
    published = asked.frame["published_on"].map(lambda text: parse_partial_date(text).latest)
    cut = {
        "recommendations": replace(asked, frame=asked.frame[published <= day]),
        "recommendation_outcomes": replace(outcomes, frame=early),
    }
    for of in (recommendations_followed, recommendation_facts):
        pd.testing.assert_frame_equal(of(parameters, TABLES), of(parameters, cut))


def test_counts_are_those_that_sql_gives():
    counted = duckdb.sql(
        f"""
        select recommendation_id, count(outcome_id) as facts,
               count(*) filter (direction = 'in_line') as in_line,
               count(*) filter (direction = 'against') as against,
               coalesce(bool_or(ends), false) as ended
        from read_csv('{CODED / "recommendations.csv"}') as asked
        left join read_csv('{CODED / "recommendation_outcomes.csv"}') as outcome using (recommendation_id)
        group by all order by recommendation_id
        """
    ).df()
    ours = recommendations_followed(study(), TABLES).sort_values("recommendation_id")
    for column in ("recommendation_id", "facts", "in_line", "against"):
        assert ours[column].tolist() == counted[column].tolist()
    assert (ours["record_status"] == "overtaken").tolist() == counted["ended"].tolist()


def test_directions_add_up_and_every_status_has_words():
    rows = recommendations_followed(study(countries="MLI,BFA,NER"), TABLES)
    asked = rows[rows["recommendation_id"].notna()]
    assert (asked[list(DIRECTIONS)].sum(axis=1) == asked["facts"]).all()
    assert set(asked["record_status"]) <= set(RECORD_STATUSES)
    for language in ("en", "fr"):
        say = words(language)
        for name in (*RECORD_STATUSES, "not_covered"):
            assert f"recommendation_status.{name}" in say
        for name in DIRECTIONS:
            assert f"direction.{name}" in say


def test_the_words_of_the_tables_are_those_of_the_catalogue():
    say = words("en")
    for prefix, table, key, text in (
        ("recommendation", "recommendations", "recommendation_id", "asked"),
        ("recommendation.fact", "recommendation_outcomes", "fact_id", "fact"),
    ):
        for row in TABLES[table].frame.to_dict("records"):
            assert say(f"{prefix}.{row[key]}") == row[text].replace("'", "’")
    for row in TABLES["recommendations"].frame.itertuples():
        assert f"recommendation.short.{row.recommendation_id}" in say
        assert f"addressee.{row.addressee}" in say
        assert f"document.{row.document}" in say


def test_a_fact_is_the_same_wherever_it_bears_on_a_recommendation():
    columns = [
        "date", "known_on", "actor", "fact", "sources", "event_id", "promise_id", "confidence",
    ]  # fmt: skip
    facts = TABLES["recommendation_outcomes"].frame
    assert (facts.groupby("fact_id")[columns].nunique(dropna=False) == 1).all().all()


def test_only_acts_of_those_asked_are_in_line_or_against():
    addressee = TABLES["recommendations"].frame.set_index("recommendation_id")["addressee"]
    for row in TABLES["recommendation_outcomes"].frame.itertuples():
        own = ACTORS[addressee[row.recommendation_id]] & set(row.actor)
        assert (row.direction == "context") == (not own), row.outcome_id


def test_facts_are_public_when_known_and_not_older_than_the_text():
    published = TABLES["recommendations"].frame.set_index("recommendation_id")["published_on"]
    for row in TABLES["recommendation_outcomes"].frame.itertuples():
        when = parse_partial_date(row.date)
        text = parse_partial_date(published[row.recommendation_id])
        assert date.fromisoformat(row.known_on) >= when.latest, row.outcome_id
        assert when.latest >= text.earliest, row.outcome_id
        # Where the order of fact and text is not sure, the fact has no direction.
        assert when.latest >= text.latest or row.direction in ("unclear", "context")


@pytest.mark.parametrize(
    ("column", "ledger", "key"),
    [("event_id", "partner_events", "event_id"), ("promise_id", "deadlines", "promise_id")],
)
def test_a_fact_that_rests_on_a_ledger_has_a_day_of_it(column, ledger, key):
    rows = TABLES[ledger].frame.set_index(key)
    for row in TABLES["recommendation_outcomes"].frame.dropna(subset=[column]).to_dict("records"):
        there = rows.loc[row[column]]
        days = [
            there[name]
            for name in ("date", "announced_on", "status_on")
            if name in there.index and isinstance(there[name], str)
        ]
        fact = parse_partial_date(row["date"])
        spans = [parse_partial_date(day) for day in days]
        near = timedelta(days=1)
        assert any(
            (span.earliest or date.min) - near <= fact.latest
            and fact.earliest <= span.latest + near
            for span in spans
        ), row["outcome_id"]


def test_a_country_that_the_texts_do_not_concern_is_not_covered():
    rows = recommendations_followed(study(countries="NER,SEN"), TABLES)
    assert rows[["country", "record_status"]].values.tolist() == [
        ["NER", "not_covered"], ["SEN", "not_covered"],
    ]  # fmt: skip
    facts = recommendation_facts(study(countries="NER,SEN"), TABLES)
    said = recommendation_findings(rows, facts, words("en"))
    assert said[:2] == [
        "Niger: not covered by this ledger.", "Senegal: not covered by this ledger.",
    ]  # fmt: skip


def test_before_the_texts_nothing_is_recommended():
    parameters = study(as_of="2022-06-30")
    rows = recommendations_followed(parameters, TABLES)
    facts = recommendation_facts(parameters, TABLES)
    assert rows.empty
    assert facts.empty
    figure = figures.recommendations(rows, facts, parameters.as_of, words("en"))
    assert figure.title == words("en")("figure.recommendations.none")


def test_sentences_say_what_the_record_does_not_show():
    followed = recommendations_followed(study(), TABLES)
    facts = recommendation_facts(study(), TABLES)
    said = recommendation_findings(followed, facts, words("en"))
    assert said[-1] == words("en")("finding.recommendations_caution")
    # One sentence for each of four addressees, two on single acts and on facts, and the caution.
    assert len(said) == 7
    single = duckdb.sql(
        f"""
        select count(*) filter (acts = 1) as single, count(*) as one_way from (
            select count(*) as acts, count(distinct direction) as ways, recommendation_id
            from read_csv('{CODED / "recommendation_outcomes.csv"}')
            where direction in ('in_line', 'against') and recommendation_id not in (
                select recommendation_id
                from read_csv('{CODED / "recommendation_outcomes.csv"}') where ends)
            group by recommendation_id having ways = 1)
        """
    ).fetchall()[0]
    assert said[4].startswith(f"Of {single[1]} recommendations")
    assert f"{single[0]} rest on a single act" in said[4]
    assert f"{facts['fact_id'].nunique()} facts" in said[5] and f"{len(facts)} rows" in said[5]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    "given",
    [{}, {"countries": "MLI,BFA,NER"}, {"countries": "NER,SEN"}, {"as_of": "2023-12-31"}],
    ids=str,
)
def test_labels_of_the_figure_stand_apart(given, language):
    parameters = study(**given)
    rows = recommendations_followed(parameters, TABLES)
    facts = recommendation_facts(parameters, TABLES)
    figure = figures.recommendations(rows, facts, parameters.as_of, words(language))
    assert touching_labels(figure) == []
    assert labels_outside(figure) == []


def test_the_figure_holds_every_fact_and_every_recommendation_without_one():
    parameters = study()
    rows = recommendations_followed(parameters, TABLES)
    facts = recommendation_facts(parameters, TABLES)
    data = figures.recommendations(rows, facts, parameters.as_of, words("en")).data
    assert len(data) == len(facts) + int((rows["record_status"] == "no_record").sum())
    assert set(data["recommendation_id"]) == set(rows["recommendation_id"])
