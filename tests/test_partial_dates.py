from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sahel_transitions.tables import add_months, parse_partial_date


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2022", date(2022, 1, 1), date(2022, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2022-03-27", date(2022, 3, 27), date(2022, 3, 27)),
        ("2022-01-31/2022-02-03", date(2022, 1, 31), date(2022, 2, 3)),
        ("2023-10/2023-11", date(2023, 10, 1), date(2023, 11, 30)),
        ("../2019-01-01", None, date(2019, 1, 1)),
    ],
)
def test_a_date_stands_for_all_days_it_may_mean(text, earliest, latest):
    parsed = parse_partial_date(text)
    assert (parsed.earliest, parsed.latest, str(parsed)) == (earliest, latest, text)


@pytest.mark.parametrize(
    "text", ["2022-13", "2022-02-30", "March 2022", "", "2023/2022", "22-01-01"]
)
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError):
        parse_partial_date(text)


# The two terms are those of the decree of June 2022 and the charter of May 2024.
@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2022, 3, 26), 24, date(2024, 3, 26)),
        (date(2024, 7, 2), 60, date(2029, 7, 2)),
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2022, 12, 15), 1, date(2023, 1, 15)),
        (date(2022, 1, 15), -1, date(2021, 12, 15)),
    ],
)
def test_terms_are_counted_in_calendar_months(start, months, end):
    assert add_months(start, months) == end


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 240))
def test_adding_months_never_reaches_into_the_month_after(start, months):
    end = add_months(start, months)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
