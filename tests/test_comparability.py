"""The gate compares like with like, labels what is unlike, and refuses what has no meaning."""

import pytest

from sahel_transitions.indicators import Described, compare


def described(**given):
    like = {
        "source": "UCDP GED", "definition": "U2", "vintage": "24.1", "unit": "reported deaths",
        "first": "2022-01", "last": "2022-12", "months": 12,
    }  # fmt: skip
    return Described(**{**like, **given})


ACLED = {"source": "ACLED", "definition": "A2", "vintage": "2026-02-20"}


def test_the_same_series_needs_no_label():
    for purpose in ("side_by_side", "ratio"):
        assert compare(described(), described(), purpose).labels == ()


@pytest.mark.parametrize(
    ("given", "labels"),
    [
        (ACLED, ("unlike_definitions", "unlike_vintages")),
        ({"definition": "U1"}, ("unlike_definitions",)),
        ({"vintage": "25.1"}, ("unlike_vintages",)),
        ({"provisional": True}, ("provisional",)),
        ({"excludes": ("MLI-2022-03-mopti",)}, ("excluded_incident",)),
        ({"months": 10}, ("unlike_months", "partial_year")),
        ({"last": "2022-10", "months": 10}, ("unlike_months", "partial_year")),
        ({"first": "2021-01", "months": 24}, ("unlike_months",)),
    ],
)
def test_what_is_unlike_is_labelled(given, labels):
    for pair in ((described(), described(**given)), (described(**given), described())):
        answer = compare(*pair)
        assert answer.allowed and answer.labels == labels


def test_two_partial_years_of_the_same_months_are_divided_under_a_label():
    part = {"last": "2022-06", "months": 6}
    answer = compare(described(**part), described(**part, **ACLED), "ratio")
    assert answer.allowed and "partial_year" in answer.labels


@pytest.mark.parametrize(
    ("given", "purpose", "refusal"),
    [
        ({"unit": "events with a death"}, "side_by_side", "unlike_units"),
        ({"first": "2023-01", "last": "2023-12"}, "side_by_side", "no_common_period"),
        ({"last": "2022-06", "months": 6}, "ratio", "unlike_months"),
        ({"months": 11}, "ratio", "unlike_months"),
        (ACLED, "sum", "sum_of_sources"),
        ({"definition": "U3"}, "sum", "sum_of_definitions"),
        ({"vintage": "Candidate 23.0.1", "first": "2023-01", "last": "2023-12"}, "sum",
         "sum_of_vintages"),
        ({}, "sum", "sum_of_same_months"),
    ],
)  # fmt: skip
def test_what_has_no_meaning_is_refused(given, purpose, refusal):
    for pair in ((described(), described(**given)), (described(**given), described())):
        answer = compare(*pair, purpose)
        assert refusal in answer.refusals and not answer.allowed and answer.labels == ()


def test_years_of_one_series_may_be_added_up():
    later = described(first="2023-01", last="2023-12")
    assert compare(described(), later, "sum") == compare(described(), described())
