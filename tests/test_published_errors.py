"""Errors seen in print: what is right, worked out from inputs and tables, and a second time."""

import re

import duckdb
import pandas as pd
import pytest
from conftest import study
from one_change import edited

from sahel_transitions.claims import (
    changed_errors,
    published_error_findings,
    published_error_table,
    published_errors,
    read_error_checks,
)
from sahel_transitions.claims.published_errors import KINDS
from sahel_transitions.errors import TableProblems
from sahel_transitions.language import words
from sahel_transitions.paths import CODED, DERIVED

_ALL = "MLI,BFA,NER"


@pytest.fixture(scope="module")
def errors(tables):
    return published_errors(study(countries=_ALL), tables).set_index("error_id")


def test_every_error_is_checked_and_holds(tables, errors):
    assert set(errors.index) == set(tables["published_errors"].frame["error_id"])
    assert set(errors.index) == set(read_error_checks())
    assert errors["holds"].all()
    assert list(changed_errors(study(countries=_ALL), tables)) == []
    assert set(errors["kind"]) <= set(KINDS)


def test_values_by_hand(errors):
    found = errors["found"]
    # 1,277 - 584 = 693; 693 / 584 and 693 / 1,277.
    assert found["growth_mali_2022"] == pytest.approx(118.664, abs=1e-3)
    assert errors.at["growth_mali_2022", "by_mistake"] == pytest.approx(54.268, abs=1e-3)
    assert found["abducted_mali_quarter"] == 82
    # The same page: 55 in the quarter before and a rise of 49 percent.
    assert round(55 * 1.49) == 82
    assert found["abducted_mali_year"] == -50
    # 6,276 / 456 = 13.763.
    assert found["growth_thirteenfold"] == pytest.approx(1276.316, abs=1e-3)
    assert errors.at["growth_thirteenfold", "by_mistake"] == pytest.approx(1376.316, abs=1e-3)
    assert found["french_bases_year"] == 2021
    assert found["extension_three_years"] == 24


@pytest.mark.parametrize(
    ("error", "column", "query"),
    [
        ("deaths_burkina_2020", "value_right", """
            SELECT value FROM '{coded}/published_figures.csv'
            WHERE countries = 'BFA' AND definition = 'A2' AND first = '2020-01'"""),
        ("deaths_burkina_2020", "value_published", """
            SELECT value FROM '{coded}/published_figures.csv'
            WHERE countries = 'BFA' AND definition = 'A2' AND first = '2021-01'"""),
        ("coups_thirteen", "value_right", """
            SELECT count(*) FROM '{derived}/coup_records.csv'
            WHERE dataset = 'powell_thyne' AND outcome = 'successful'
            AND country IN ('MLI', 'BFA') AND date <= '2022-12-31'"""),
        ("coups_thirteen", "value_other", """
            SELECT count(*) FROM '{derived}/coup_records.csv'
            WHERE dataset = 'cline' AND outcome = 'successful'
            AND country IN ('MLI', 'BFA') AND date BETWEEN '1960-08-01' AND '2022-12-31'"""),
        ("extension_three_years", "value_right", """
            SELECT months_promised FROM '{coded}/deadlines.csv'
            WHERE country = 'MLI' AND announced_on = '2022-06-06'"""),
        ("extension_three_years", "value_other", """
            SELECT months_promised FROM '{coded}/deadlines.csv'
            WHERE country = 'MLI' AND announced_on = '2021-12-31'"""),
        ("toll_mopti_2019", "value_right", """
            SELECT min(toll_low) FROM '{coded}/incidents.csv' WHERE date = '2019-06-09'"""),
        ("press_rank_burkina_2022", "value_right", """
            SELECT rank FROM '{derived}/press_freedom.csv' WHERE country = 'BFA' AND year = 2022"""),
        ("growth_mali_2022", "value_right", """
            SELECT round(100.0 * (sum(value) - 584) / 584, 1) FROM '{coded}/published_figures.csv'
            WHERE figure_id LIKE 'minusma_mli_2022_q%'"""),
    ],
)  # fmt: skip
def test_values_by_sql(tables, error, column, query):
    ((given,),) = duckdb.sql(query.format(coded=CODED, derived=DERIVED)).fetchall()
    coded = tables["published_errors"].frame.set_index("error_id").at[error, column]
    assert float(given) == coded


@pytest.mark.shared
def test_the_value_of_acled_is_of_acled_and_of_the_definition_that_is_named(tables, shared):
    """2,368 in events of violence against civilians, 7,997 in all, from the weekly totals."""
    file = shared / "data/acled/acled_africa_weekly_admin1_to_2026-03-14.parquet"

    def dead(between):
        return duckdb.sql(f"""
            SELECT sum(fatalities) FILTER (event_type = 'Violence against civilians'),
                sum(fatalities)
            FROM (SELECT *, strptime(week, '%d-%B-%Y')::date AS began FROM '{file}')
            WHERE country IN ('Mali', 'Burkina Faso', 'Niger') AND {between}
        """).fetchall()[0]

    coded = tables["published_errors"].frame.set_index("error_id").loc["civilians_sahel_2023"]
    # A week is in the month of its middle day, as where the file of the producer is read.
    assert dead("began + 3 BETWEEN '2023-01-01' AND '2023-07-31'") == (
        coded["value_right"], coded["value_other"],
    )  # fmt: skip
    assert dead("began >= '2023-01-01' AND began + 6 <= '2023-07-31'")[0] == 2337
    assert dead("began + 6 >= '2023-01-01' AND began <= '2023-07-31'")[0] == 2404
    assert coded["right_sources"] == ("acled_weekly_admin1",)


@pytest.mark.parametrize(("day", "shown"), [("2026-03-13", False), ("2026-03-14", True)])
def test_a_value_that_is_cited_is_shown_from_the_day_on_which_it_was_known(tables, day, shown):
    rows = published_errors(study(as_of=day), tables)
    assert ("civilians_sahel_2023" in set(rows["error_id"])) == shown


def test_a_cause_is_shown_or_called_unknown(errors):
    """A digit too many leaves what is right; of the unexplained no working gives what was printed."""
    assert (errors["kind"] == "digit").sum() == 1
    assert str(errors.at["abducted_mali_quarter", "value_published"]).startswith("82")
    unexplained = errors[errors["kind"] == "unexplained"]
    assert set(unexplained.index) == {"abducted_mali_year", "press_rank_burkina_2022"}
    assert unexplained["by_mistake"].isna().all()
    for base in (744, 372):
        for part in (372, 744, 744 - 372):
            assert round(100 * part / base) not in (58, 42)
    ((places,),) = duckdb.sql(f"""
        SELECT count(*) FROM '{DERIVED}/press_freedom.csv' WHERE country = 'BFA' AND rank = 43
    """).fetchall()
    assert places == 0


def test_a_changed_figure_makes_the_error_fail_by_name(tables):
    where = {"figure_id": "acled_a2_bfa_2020"}
    changed = edited(tables, "published_figures", "value", 1067.0, **where)
    problems = list(changed_errors(study(), changed))
    assert [(each.column, each.found) for each in problems] == [("deaths_burkina_2020", "1067")]
    rows = published_errors(study(), changed)
    assert any(
        "deaths_burkina_2020" in each for each in published_error_findings(rows, words("en"))
    )


@pytest.mark.parametrize(
    ("day", "shown"), [("2022-05-25", False), ("2022-05-26", False), ("2022-06-06", True)]
)
def test_no_error_is_shown_before_it_was_printed_and_the_right_value_known(tables, day, shown):
    rows = published_errors(study(as_of=day), tables)
    assert ("extension_three_years" in set(rows["error_id"])) == shown


def test_a_study_sees_the_errors_about_its_countries(tables):
    seen = set(published_errors(study(countries="NER,SEN"), tables)["error_id"])
    assert seen == {"civilians_sahel_2023", "growth_thirteenfold"}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_words_for_readers(tables, language):
    say = words(language)
    rows = published_errors(study(countries=_ALL, language=language), tables)
    table = published_error_table(rows, say)
    assert all(f"column.{name}" in say for name in table.columns.drop("sources"))
    assert len(published_error_findings(rows, say)) == 2
    frame = tables["published_errors"].frame.set_index("error_id")
    for row in rows.itertuples():
        if language == "en":
            assert row.published == frame.at[row.error_id, "published"]
        # A hint names the likely mistake and no number.
        assert not re.search(r"\d", row.hint), row.error_id
        assert row.explanation


def test_no_error_is_an_answer_too():
    rows = pd.DataFrame({"kind": []})
    assert len(published_error_findings(rows, words("fr"))) == 1


def test_a_faulty_check_is_refused_by_name(tmp_path):
    path = tmp_path / "checks.yml"
    path.write_text("coups_thirteen: {right: {metod: lookup, value: 14}}\n", encoding="utf-8")
    with pytest.raises(TableProblems, match="coups_thirteen") as refused:
        read_error_checks(path)
    assert "the nearest valid name is 'method'" in str(refused.value)
