"""The reference class of transitions and the counts of coups, as known on any day."""

import dataclasses
from datetime import date

import duckdb
import numpy as np
import pandas as pd
import pytest
from conftest import study
from hypothesis import given, settings
from hypothesis import strategies as st

from sahel_transitions.errors import TableProblems
from sahel_transitions.indicators import (
    CAUSES,
    check_consistency,
    check_spells,
    coup_counts,
    promised_lengths,
    spells_known,
    transition_summary,
    transitions,
)
from sahel_transitions.paths import CODED, DERIVED
from sahel_transitions.tables import Table, Tables, parse_partial_date


def spells(tables, day="2026-05-04", **options):
    rows = spells_known(study(start="2009-01", as_of=day), tables, **options)
    return rows.set_index("spell_id")


def test_the_spells_of_mali_and_burkina_faso_by_hand(tables):
    rows = spells(tables)
    # 18 August 2020 to 24 May 2021; 24 January to 30 September 2022: ended, not censored.
    assert rows.loc["MLI-2020-08", ["exit", "days"]].tolist() == ["overthrow", 279]
    assert rows.loc["BFA-2022-01", ["exit", "days"]].tolist() == ["overthrow", 249]
    # 24 May 2021 to 4 May 2026; 30 September 2022 to the last sight, on 30 January 2026.
    assert rows.loc["MLI-2021-05", ["exit", "days"]].tolist() == ["none", 1806]
    assert rows.loc["BFA-2022-09", ["exit", "days"]].tolist() == ["none", 1218]
    on_the_day = spells(tables, censoring="as_of")
    assert on_the_day.loc["BFA-2022-09", ["exit", "days"]].tolist() == ["none", 1312]


def test_one_without_an_end_is_followed_to_its_last_sight(tables):
    rows = spells(tables)
    # Of a sight within months, the first day; of one later than the day of the study, that day.
    assert rows.at["SDN-2021-10", "ended"] == "2026-01-01"
    assert spells(tables, "2025-12-31").at["NER-2023-07", "ended"] == "2025-12-31"
    assert "pressafrik2026_niger" in rows.at["NER-2023-07", "sources"]
    assert "pressafrik2026_niger" not in spells(tables, "2026-02-15").at["NER-2023-07", "sources"]
    on_the_day = spells(tables, censoring="as_of")
    assert set(on_the_day.loc[on_the_day["lasting"], "ended"]) == {"2026-05-04"}
    ended = ~rows["lasting"]
    assert rows.loc[ended, "days"].equals(on_the_day.loc[ended, "days"])


def test_borderline_cases_are_added_when_asked_for(tables):
    added = {"CAF-2013-03", "DZA-2019-04", "TUN-2011-01"}
    by_rule, overthrown = (spells(tables, borderline=how) for how in ("by_rule", "as_overthrow"))
    assert (
        set(by_rule.index) - set(spells(tables).index)
        == added
        == (set(overthrown.index) - set(spells(tables).index))
    )
    # From 24 March 2013 to the vote of 30 December 2015, or to the resignation of 10 January 2014.
    assert by_rule.loc["CAF-2013-03", ["cause", "days"]].tolist() == ["won_by_someone_else", 1011]
    assert overthrown.loc["CAF-2013-03", ["cause", "days"]].tolist() == ["overthrow", 292]
    # The resignation is known before the vote is.
    early = spells(tables, "2014-06-01", borderline="by_rule")
    assert early.at["CAF-2013-03", "exit"] == "none"


def test_the_summary_shows_the_other_readings(tables):
    rows = transition_summary(study(), tables)
    rows = rows[rows["stratum"] == "all"].set_index("counting")
    assert rows["spells"].to_dict() == {
        "each": 19, "merged": 16, "censored_as_of": 19, "borderline_by_rule": 22,
        "borderline_as_overthrow": 22,
    }  # fmt: skip
    assert rows["overthrow_count"].tolist() == [3, 0, 3, 3, 4]
    assert rows.at["censored_as_of", "overthrow_share"] == pytest.approx(0.1765, abs=5e-5)
    early = transition_summary(study(start="2009-01", as_of="2011-06-01"), tables)
    assert early["overthrow_share"].isna().all()


def test_a_transition_inside_another_can_be_merged_with_it(tables):
    rows = spells(tables, merge_coup_within_coup=True)
    assert rows.loc["MLI-2020-08", ["exit", "days"]].tolist() == ["none", 279 + 1806]
    assert rows.loc["BFA-2022-01", "parts"] == ("BFA-2022-01", "BFA-2022-09")
    assert "MLI-2021-05" not in rows.index and (rows["exit"] != "overthrow").all()
    # Before the second coup there is nothing to merge.
    assert spells(tables, "2021-05-01", merge_coup_within_coup=True).loc[
        "MLI-2020-08", "parts"
    ] == ("MLI-2020-08",)


def test_a_vote_or_the_taking_of_office_may_end_it(tables):
    by_vote, by_office = (spells(tables, ends=ends) for ends in ("vote", "inauguration"))
    # Voted on 6 May and sworn in on 23 May 2024, from 20 April 2021.
    assert (by_vote.at["TCD-2021-04", "days"], by_office.at["TCD-2021-04", "days"]) == (1112, 1129)
    assert (by_office["days"] >= by_vote["days"]).all()


def test_how_they_ended(tables):
    all_, *_ = transition_summary(study(), tables).to_dict("records")
    assert [all_[name] for name in ("spells", *CAUSES, "lasting")] == [19, 5, 5, 3, 6]


def test_a_vote_ends_nothing_before_its_winner_was_known(tables):
    assert spells(tables, "2012-06-23").at["EGY-2011-02", "exit"] == "none"
    assert spells(tables, "2012-06-24").at["EGY-2011-02", "ended"] == "2012-05-23"


days_ = st.dates(date(2010, 1, 1), date(2026, 5, 4))


def _as_if_nothing_followed(table: Table, day: str) -> Table:
    """The table without what became known after a day."""
    frame = table.frame.copy()
    later = [str(parse_partial_date(text).latest) > day for text in frame["began"]]
    unknown = frame["known_on"].fillna("") > day
    frame.loc[unknown, ["exit_on", "inaugurated_on", "winner", "known_on"]] = None
    open_ = frame["exit"].eq("none")
    later_seen = [
        isinstance(text, str) and str(parse_partial_date(text).latest) > day
        for text in frame["seen_lasting_on"]
    ]
    later_seen = pd.Series(later_seen, frame.index)
    frame.loc[unknown, "exit"] = "none"
    frame.loc[unknown | (open_ & later_seen), "seen_lasting_on"] = day
    unseen = unknown | (open_ & later_seen)
    nobody = pd.Series([("unknown",)] * unseen.sum(), frame.index[unseen])
    frame.loc[unseen, "seen_sources"] = nobody
    late = frame["forced_out_on"].fillna("") > day
    frame.loc[late, "forced_out_on"] = None
    frame.loc[unknown, "exit_sources"] = pd.Series([()] * unknown.sum(), frame.index[unknown])
    frame = frame[[not each for each in later]].reset_index(drop=True)
    return dataclasses.replace(table, frame=frame)


@settings(max_examples=60, deadline=None)
@given(
    days_,
    st.booleans(),
    st.sampled_from(["vote", "inauguration"]),
    st.sampled_from(["last_seen", "as_of"]),
    st.sampled_from(["left_out", "by_rule", "as_overthrow"]),
)
def test_no_view_leaks_what_was_known_only_later(day, merged, ends, censoring, borderline):
    tables, parameters = Tables(), study(start="2009-01", as_of=day.isoformat())
    rewritten = tables.with_table(_as_if_nothing_followed(tables["spells"], day.isoformat()))
    options = {"merge_coup_within_coup": merged, "ends": ends}
    options |= {"censoring": censoring, "borderline": borderline}
    if ends == "inauguration":
        # Between the result and the oath the day of the oath is not used either.
        frame = rewritten["spells"].frame
        assert (frame["known_on"].dropna() <= day.isoformat()).all()
    before, after = (spells_known(parameters, each, **options) for each in (tables, rewritten))
    assert before.astype("object").equals(after.astype("object"))
    assert (before["ended"] <= day.isoformat()).all() and (before["days"] >= 0).all()


@settings(max_examples=30, deadline=None)
@given(days_)
def test_what_ended_once_stays_ended(day):
    tables = Tables()
    then, now = (spells(tables, each) for each in (day.isoformat(), "2026-05-04"))
    over = then[~then["lasting"]]
    assert over["ended"].tolist() == now.loc[over.index, "ended"].tolist()


def test_the_survival_table_agrees_with_sql(tables):
    """Kaplan-Meier and Aalen-Johansen once more, from the file, in SQL."""
    sql = f"""
        with spells as (
            select exit, winner,
                date_diff('day', began::date, coalesce(
                    exit_on, rpad(split_part(seen_lasting_on, '/', 1), 10, '-01'))::date) as days
            from read_csv('{CODED / "spells.csv"}', all_varchar = true)
            where included = 'true'
        ),
        times as (
            select days, count(*) filter (exit <> 'none') as d,
                count(*) filter (exit = 'overthrow') as overthrow,
                count(*) filter (winner = 'someone_else') as other,
                count(*) filter (winner = 'leader_of_transition') as leader
            from spells group by days
        ),
        risk as (select *, (select count(*) from spells s where s.days >= t.days) as n from times t),
        curve as (
            select *, product(1 - d / n) over (order by days) as survival,
                coalesce(product(1 - d / n) over (
                    order by days rows between unbounded preceding and 1 preceding), 1) as before
            from risk
        )
        select days, n, survival, sum(before * overthrow / n) over (order by days) as overthrow,
            sum(before * other / n) over (order by days) as won_by_someone_else,
            sum(before * leader / n) over (order by days) as won_by_leader, d
        from curve order by days
    """
    expected = duckdb.sql(sql).df()
    expected = expected[expected["d"] > 0].reset_index(drop=True)
    found = transitions(study(), tables)
    found = found[found["counting"] == "each"].pivot(index="days", columns="cause", values="share")
    assert found.index.tolist() == expected["days"].tolist()
    assert np.allclose(found["lasting"], expected["survival"])
    for cause in CAUSES:
        assert np.allclose(found[cause], expected[cause]), cause
    assert np.allclose(
        found["election"], found[["won_by_someone_else", "won_by_leader"]].sum(axis=1)
    )
    assert np.allclose(found[["lasting", "election", "overthrow"]].sum(axis=1), 1)


def test_strata_are_the_countries_of_the_study_and_the_others(tables):
    rows = transition_summary(study(), tables)
    rows = rows[rows["counting"] == "each"].set_index("stratum")["spells"]
    assert rows.to_dict() == {"all": 19, "of_study": 6, "others": 13}
    none = transition_summary(study(countries="SEN,GHA"), tables).set_index("stratum")
    assert none.loc["of_study", "spells"].tolist() == [0, 0] and none["p_value"].isna().all()


def test_before_the_first_transition_there_is_nothing(tables):
    parameters = study(start="2009-01", as_of="2010-01-31")
    assert spells_known(parameters, tables).empty and transitions(parameters, tables).empty
    assert promised_lengths(parameters, tables).empty


@pytest.mark.parametrize(
    ("spell", "column", "value"),
    [
        ("TCD-2021-04", "exit_on", "2021-01-01"),
        ("TCD-2021-04", "winner", None),
        ("TCD-2021-04", "known_on", "2024-05-01"),
        ("MLI-2020-08", "exit_on", "2021-05-25"),
        ("MLI-2021-05", "exit_on", "2026-01-01"),
        ("BFA-2015-09", "reason", None),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(tables, spell, column, value):
    frame = tables["spells"].frame.copy()
    row = frame.index[frame["spell_id"] == spell][0]
    frame.loc[row, column] = value
    with pytest.raises(TableProblems) as raised:
        check_spells(frame)
    assert {problem.row for problem in raised.value.problems} == {row + 2}
    assert column in {problem.column for problem in raised.value.problems}


def test_an_uprising_is_what_the_cline_center_calls_a_popular_revolt(tables):
    records = tables["coup_records"].frame
    types = records[records["dataset"] == "cline"].set_index(["country", "date"])["types"]
    for row in tables["spells"].frame.dropna(subset="date_cline").itertuples():
        revolt = "popular_revolt" in types[row.country, row.date_cline]
        assert (row.origin == "uprising") == revolt, row.spell_id


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rows: rows.assign(date_cline=None), "a row for the successful coup of cline"),
        (lambda rows: rows[rows["spell_id"] != "BFA-2022-01"], "a transition BFA-2022-01"),
        (lambda rows: rows.assign(date_powell_thyne="1999-01-01"), "a date of powell_thyne"),
    ],
)
def test_coups_and_transitions_are_held_against_each_other(tables, change, said):
    table = tables["spells"]
    changed = Tables(sealed=False).with_table(
        dataclasses.replace(table, frame=change(table.frame).reset_index(drop=True))
    )
    assert any(said in str(problem) for problem in check_consistency(changed))


def promises(tables, day="2026-05-04"):
    return promised_lengths(study(start="2009-01", as_of=day), tables).set_index("promise_id")


def test_promised_lengths_beside_actual_ones(tables):
    rows = promises(tables)
    # From 20 April 2021 to 20 October 2022; sworn in on 23 May 2024.
    assert rows.loc["TCD21-T-01", ["promised_days", "actual_days"]].tolist() == [548, 1129]
    # From 30 August 2023 to the middle of August 2025, and to 12 April 2025.
    assert rows.loc["GAB23-P-01", ["promised_days", "actual_days", "outcome"]].tolist() == [
        717, 591, "kept",
    ]  # fmt: skip


def test_first_promises_and_what_became_of_them(tables):
    rows = promises(tables)
    first = rows[rows["first"]]
    assert first["spell_id"].is_unique and set(first["spell_id"]) == set(spells(tables).index)
    assert first["outcome"].value_counts().to_dict() == {
        "replaced": 8, "kept": 4, "passed": 3, "overthrown": 2, "open": 2,
    }  # fmt: skip
    # An overthrow before the promised day is no broken promise, however far off that day was.
    outcomes = first.set_index("spell_id")["outcome"]
    assert outcomes[outcomes == "overthrown"].index.tolist() == ["MLI-2020-08", "BFA-2022-01"]
    # Replaced in 2019, and its day had passed when the overthrow of 2021 came.
    assert rows.loc["SDN19-T-01", ["outcome", "day_passed"]].tolist() == ["replaced", True]
    # Six months or until elections: the second half has no day.
    assert "EGY11-T-01" not in rows.index and outcomes["EGY-2011-02"] == "kept"


def test_a_promise_is_judged_by_what_was_known(tables):
    assert promises(tables, "2022-10-01").at["TCD21-T-01", "outcome"] == "open"
    assert promises(tables, "2022-10-02").at["TCD21-T-01", "outcome"] == "replaced"
    later = promises(tables, "2022-10-22").loc["TCD21-T-01", ["outcome", "day_passed"]]
    assert later.tolist() == ["replaced", True]
    assert "TCD21-T-02" not in promises(tables, "2022-10-01").index


def test_proposals_are_no_promises(tables):
    ledger = tables["deadlines"].frame
    loose = ledger.loc[ledger["legal_form"].isin(["proposal", "recommendation"]), "promise_id"]
    assert not set(loose) & set(promises(tables).index)


def coups(tables, **given):
    keys = ["country", "counted_by", "since", "outcome"]
    return coup_counts(study(**given), tables).set_index(keys)


def test_counts_of_coups_agree_with_sql(tables):
    path = DERIVED / "coup_records.csv"
    counted = duckdb.sql(
        f"""select country, dataset, outcome, count(*) as n from read_csv('{path}')
        where country in ('MLI', 'BFA') group by all"""
    ).df()
    found = coups(tables)["count"]
    for row in counted.itertuples():
        assert found[row.country, row.dataset, "1960-01", row.outcome] == row.n
    by_source = found.xs("1960-01", level="since").xs("successful", level="outcome")
    assert by_source.groupby("counted_by").sum().to_dict() == {"cline": 16, "powell_thyne": 14}
    assert found["MLI,BFA", "document", "1960-01", "not_stated"] == 13


def test_what_a_source_does_not_cover_is_no_zero(tables):
    rows = coups(tables, countries="MLI,SEN")
    assert rows.at[("SEN", "powell_thyne", "1960-01", "successful"), "state"] == "not_covered"
    assert rows.at[("MLI", "ledger", "1960-01", "realised"), "state"] == "not_covered"
    assert rows.at[("MLI", "powell_thyne", "2020-08", "failed"), "state"] == "zero"
    # A count for two countries is none of one.
    assert "document" not in rows.index.get_level_values("counted_by")


def test_no_coup_and_no_count_of_later_is_known(tables):
    rows = coups(tables, as_of="2022-06-30")
    assert rows.at[("BFA", "cline", "2020-08", "successful"), "count"] == 1
    assert rows.at[("BFA", "ledger", "2020-08", "realised"), "count"] == 1
    assert rows.at[("BFA", "cline", "2020-08", "successful"), "until"] == "2022-06"
    assert "document" not in rows.index.get_level_values("counted_by")
