"""The ledger of promises, as known on any day."""

import dataclasses
from datetime import date, timedelta

import pandas as pd
import pytest
from conftest import study
from hypothesis import given, settings
from hypothesis import strategies as st

from sahel_transitions.errors import TableProblems
from sahel_transitions.indicators import (
    check_ledger,
    promised_ends,
    promises_known,
    standing_promises,
)
from sahel_transitions.tables import Tables, parse_partial_date


def standing(tables, day, country, event):
    rows = standing_promises(study(start="2019-01", as_of=day), tables)
    return rows[(rows["country"] == country) & (rows["event_promised"] == event)]


def test_the_ledger_does_not_contradict_itself(tables):
    check_ledger(tables["deadlines"].frame)


@pytest.mark.parametrize(
    ("day", "country", "event", "due"),
    [
        ("2020-09-13", "MLI", "end_of_transition", "2022-03"),
        ("2020-09-16", "MLI", "end_of_transition", "2022-03-15"),
        ("2022-06-05", "MLI", "end_of_transition", None),
        ("2022-06-06", "MLI", "end_of_transition", "2024-03-26"),
        ("2023-05-31", "MLI", "presidential_election", "2024-02-04"),
        ("2023-09-26", "MLI", "presidential_election", None),
        ("2022-03-02", "BFA", "end_of_transition", "2025-03-02"),
        ("2023-05-31", "BFA", "end_of_transition", "2024-07-01"),
        ("2024-05-26", "BFA", "end_of_transition", "2029-07-02"),
    ],
)
def test_what_stood_on_a_day(tables, day, country, event, due):
    (found,) = standing(tables, day, country, event)["due_on"]
    assert found == due or (due is None and pd.isna(found))


def test_slippage_and_notice_by_hand(tables):
    end = standing(tables, "2024-05-26", "BFA", "end_of_transition").iloc[0]
    # 2024-07-01 to 2029-07-02; the extension came 37 days before the old date.
    assert (end["slippage_days"], end["notice_days"]) == (1827, 37)
    vote = standing(tables, "2023-09-26", "MLI", "presidential_election").iloc[0]
    # 2023-09-25 to 2024-02-04.
    assert vote["notice_days"] == 132


def test_slippage_reaches_over_an_undated_promise(tables):
    end = standing(tables, "2022-06-06", "MLI", "end_of_transition").iloc[0]
    # The charter of February 2022 named no date, so from 2022-03-15 to 2024-03-26.
    assert end["slippage_days"] == 742


def test_an_expired_promise_no_longer_stands_and_is_overdue_until_it_is_replaced(tables):
    assert standing(tables, "2024-04-01", "MLI", "end_of_transition").empty
    rows = promises_known(study(as_of="2024-04-01"), tables).set_index("promise_id")
    # 2024-03-26 to 2024-04-01.
    assert (rows.loc["MLI-T-04", "status"], rows.loc["MLI-T-04", "overdue_days"]) == ("missed", 6)
    later = promises_known(study(as_of="2025-07-03"), tables).set_index("promise_id")
    assert pd.isna(later.loc["MLI-T-04", "overdue_days"])


def test_slippage_between_dates_that_are_not_days_is_an_interval(tables):
    end = standing(tables, "2025-07-10", "MLI", "end_of_transition").iloc[0]
    # 2024-03-26 to 2030-07-08 and 2030-07-10.
    assert tuple(end[["slippage_low", "slippage_days", "slippage_high"]]) == (2295, 2296, 2297)


def test_a_date_that_becomes_more_exact_has_not_slipped(tables):
    # March 2022, then 2022-03-15.
    end = standing(tables, "2020-09-16", "MLI", "end_of_transition").iloc[0]
    assert pd.isna(end["slippage_days"]) and pd.isna(end["notice_days"])
    rows = promises_known(study(as_of="2020-12-31"), tables).set_index("promise_id")
    assert rows["refined"].to_dict() == {"MLI-T-01": True, "MLI-T-02": False}


def test_the_end_of_a_promise_is_cited_only_once_it_was_known(tables):
    ending = set(tables["deadlines"].frame.set_index("promise_id").at["MLI-P-02", "status_sources"])
    for day, known in (("2023-09-24", False), ("2023-09-25", True)):
        rows = promises_known(study(as_of=day), tables).set_index("promise_id")
        assert (ending <= set(rows.at["MLI-P-02", "sources"])) is known


def test_proposals_and_recommendations_never_stand(tables):
    forms = set(standing_promises(study(as_of="2022-01-08"), tables)["legal_form"])
    assert forms.isdisjoint({"proposal", "recommendation"})


def test_a_country_without_a_ledger_is_not_covered(tables):
    rows = standing_promises(study(countries="MLI,NER"), tables)
    assert rows[rows["country"] == "NER"]["status"].tolist() == ["not_covered"]


@pytest.mark.parametrize(
    ("day", "countries", "states"),
    [
        ("2026-05-04", "MLI,NER", ["observed", "not_covered"]),
        ("2022-02-15", "MLI,BFA", ["observed", "no_promise"]),
        ("2022-03-01", "MLI,BFA", ["no_date", "observed"]),
        ("2024-04-01", "MLI,BFA", ["overdue", "observed"]),
        ("2019-06-30", "MLI,BFA", ["not_covered", "not_covered"]),
    ],
)
def test_where_the_promised_end_stands(tables, day, countries, states):
    parameters = study(as_of=day, countries=countries)
    ends = promised_ends(promises_known(parameters, tables), parameters, tables)
    assert ends["state"].tolist() == states


days = st.dates(date(2020, 9, 1), date(2026, 5, 4))


@settings(max_examples=60, deadline=None)
@given(days)
def test_no_view_leaks_what_was_known_only_later(day):
    """The view on a day is the same when everything that is dated after it is rewritten."""
    tables, parameters = Tables(), study(start="2019-01", as_of=day.isoformat())
    ledger = tables["deadlines"]
    frame = ledger.frame.copy()
    later = [parse_partial_date(text).latest > day for text in frame["announced_on"]]
    frame = frame[[not each for each in later]].reset_index(drop=True)
    for row, text in frame["status_on"].items():
        if isinstance(text, str) and parse_partial_date(text).latest > day:
            frame.loc[row, ["status", "status_on"]] = ["open", None]
    rewritten = tables.with_table(dataclasses.replace(ledger, frame=frame))
    before = promises_known(parameters, tables)
    after = promises_known(parameters, rewritten)
    assert before.astype("object").equals(after.astype("object"))


@settings(max_examples=60, deadline=None)
@given(days, st.integers(1, 400))
def test_what_is_known_is_never_forgotten(day, later):
    tables = Tables()
    end = min(day + timedelta(days=later), date(2026, 5, 4))
    ids = [
        set(promises_known(study(start="2019-01", as_of=each.isoformat()), tables)["promise_id"])
        for each in (day, end)
    ]
    assert ids[0] <= ids[1]


def broken(tables, promise, **changes):
    frame = tables["deadlines"].frame.copy()
    row = frame.index[frame["promise_id"] == promise][0]
    for column, value in changes.items():
        frame.loc[row, column] = value
    with pytest.raises(TableProblems) as raised:
        check_ledger(frame)
    return [(problem.row - 2, problem.column) for problem in raised.value.problems], row


@pytest.mark.parametrize(
    ("promise", "changes", "column"),
    [
        ("BFA-T-04", {"due_on": "2029-09-02"}, "due_on"),
        ("MLI-T-04", {"clock_start": "2022-06-06"}, "due_on"),
        ("MLI-P-02", {"status_on": None}, "status_on"),
        ("MLI-P-02", {"status_on": "2022-01-01"}, "status_on"),
        ("MLI-R-01", {"status_on": "2021-09-01"}, "status_on"),
        ("MLI-P-02", {"supersedes": "BFA-T-01"}, "supersedes"),
        ("MLI-P-02", {"supersedes": "MLI-P-04"}, "supersedes"),
    ],
)
def test_a_ledger_that_contradicts_itself_is_refused(tables, promise, changes, column):
    found, row = broken(tables, promise, **changes)
    assert (row, column) in found


def measures(tables, promise, *names, day="2026-05-04"):
    rows = promises_known(study(as_of=day), tables).set_index("promise_id")
    return tuple(rows.loc[promise, list(names)])


@pytest.mark.parametrize(
    ("promise", "expected"),
    [
        # 2022-06-06: 26 March 2022 to 26 March 2024 (a leap year), and from 24 May 2021.
        ("MLI-T-04", (24, 731, 1037)),
        # Sixty months from 8 to 10 July 2025; from 24 May 2021 to 9 July 2030.
        ("MLI-T-06", (60, 1826, 3333)),
        # 2 October 2022 to 1 July 2024, and from 30 September 2022.
        ("BFA-T-03", (21, 638, 640)),
        ("BFA-T-04", (60, 1826, 2467)),
    ],
)
def test_a_term_has_two_clocks(tables, promise, expected):
    names = ("months_promised", "own_clock_days", "since_coup_days")
    assert measures(tables, promise, *names) == expected


def test_drift_is_counted_from_the_first_date_ever_given(tables):
    # 2022-03-15 to 2030-07-08 and 2030-07-10; 2025-03-02 to 2029-07-02.
    drift = ("drift_low", "drift_days", "drift_high")
    assert measures(tables, "MLI-T-06", *drift) == (3037, 3038, 3039)
    assert measures(tables, "BFA-T-04", *drift) == (1583, 1583, 1583)
    # The agreement with ECOWAS was a step back.
    assert measures(tables, "BFA-T-02", *drift) == (-244, -244, -244)


def test_notice_of_a_date_known_to_the_month_is_an_interval(tables):
    # The referendum of March 2023 was put off on the 10th.
    notice = ("notice_low", "notice_days", "notice_high")
    assert measures(tables, "MLI-R-03", *notice) == (-9, 6, 21)


def test_how_late_a_promise_was_when_it_was_replaced(tables):
    # 2024-03-26 to 2025-07-03.
    assert measures(tables, "MLI-T-04", "late_days") == (464,)
    assert pd.isna(measures(tables, "MLI-T-04", "late_days", day="2025-07-02")[0])


def test_drift_is_the_sum_of_the_slippages(tables):
    """A second way to the same number, where every date of a country and event is a day."""
    rows = promises_known(study(), tables)
    rows = rows[rows["binding"] & (rows["country"] == "BFA")]
    ends = rows[rows["event_promised"] == "end_of_transition"]
    assert ends["slippage_days"].sum() == ends["drift_days"].iloc[-1]


@settings(max_examples=40, deadline=None)
@given(days, st.lists(st.tuples(st.integers(1, 900), st.integers(1, 2000)), max_size=4))
def test_rows_that_are_dated_later_change_nothing(day, later):
    """Made-up promises and endings after the day leave its view as it was."""
    tables, parameters = Tables(), study(start="2019-01", as_of=day.isoformat())
    ledger = tables["deadlines"]
    frame = ledger.frame.copy()
    known = [parse_partial_date(text).latest <= day for text in frame["announced_on"]]
    template = frame.iloc[-1]
    made_up = [
        template.to_dict()
        | {
            "promise_id": f"BFA-Z-{position}",
            "announced_on": str(day + timedelta(days=ahead)),
            "due_on": str(day + timedelta(days=ahead + length)),
            "clock_start": None, "months_promised": None, "status": "open", "status_on": None,
            "legal_form": "decree", "supersedes": None, "event_promised": "end_of_transition",
        }
        for position, (ahead, length) in enumerate(later)
    ]  # fmt: skip
    frame = pd.concat([frame[known], pd.DataFrame(made_up)], ignore_index=True)
    frame = frame.astype(ledger.frame.dtypes.to_dict())
    open_rows = frame["status_on"].map(
        lambda text: isinstance(text, str) and parse_partial_date(text).latest > day
    )
    frame.loc[open_rows, ["status", "status_on"]] = ["open", None]
    rewritten = tables.with_table(dataclasses.replace(ledger, frame=frame))
    before = promises_known(parameters, tables).astype("object")
    assert before.equals(promises_known(parameters, rewritten).astype("object"))
