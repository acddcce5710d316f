"""Strict from the first day: what cannot be answered is refused, with the nearest valid name."""

import pytest
from conftest import study

from sahel_transitions.errors import Refusal
from sahel_transitions.parameters import Parameters, parse_assignments


def test_the_defaults_are_valid_and_do_not_change_with_the_day():
    assert study() == Parameters()
    assert study().countries == ("MLI", "BFA")


def test_the_default_day_is_the_one_to_which_the_ledgers_are_coded(tables):
    for name in ("deadlines", "partner_events", "access", "coups", "shocks"):
        assert tables.declaration(name).vintage_released == study().as_of


def test_text_and_plain_values_are_the_same():
    as_text = study(countries="MLI, NER", per_100k="true", window="6", seed="1")
    assert as_text == study(countries=["MLI", "NER"], per_100k=True, window=6, seed=1)


def test_parameters_survive_a_round_trip():
    given = study(countries="BFA,MLI", as_of="2023-05-31", deaths_definition="U3")
    assert study(**given.plain()) == given


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"contry": "MLI"}, "'countries'"),
        ({"a\nb": "1"}, "not the name of a parameter"),
        ({"countries": "XXX"}, "BEN, BFA, CIV, CPV"),
        ({"countries": "mli,BFA"}, "'MLI'"),
        ({"countries": "MLI"}, "two or more"),
        ({"countries": "MLI,MLI"}, "twice"),
        ({"start": "2024-13"}, "'2024-13'"),
        ({"start": "2020-1"}, "2020-08"),
        ({"start": "2023-06", "end": "2023-01"}, "after end"),
        ({"start": "2023-06", "as_of": "2023-05-31"}, "was not over on as_of"),
        ({"as_of": "2023-02-30"}, "a day such as"),
        ({"as_of": "yesterday"}, "'yesterday'"),
        ({"deaths_definition": "U4"}, "U1, U2, U3"),
        ({"deaths_definition": "A2"}, "answers U1, U2, U3"),
        ({"deaths_source": "acled"}, "neither `ucdp` nor a file"),
        ({"allocation": "uniform"}, "'uniform_days'"),
        ({"per_100k": "yes"}, "true or false"),
        ({"window": "0"}, "at least 1"),
        ({"window": "61"}, "at most 60"),
        ({"window": "six"}, "whole number"),
        ({"window": 6.5}, "whole number"),
        ({"shocks": "coup_mli"}, "'coup_mli_202"),
        ({"language": "de"}, "en, fr"),
        ({"seed": "-1"}, "at least 0"),
    ],
)
def test_what_cannot_be_answered_is_refused(given, said):
    with pytest.raises(Refusal) as raised:
        study(**given)
    assert said in str(raised.value)
    assert raised.value.exit_code == 2


@pytest.mark.parametrize(
    "value",
    ["ghp_abcdefghijklmnop1234", "AKIAABCDEFGHIJKLMNOP", "token=abc", "eyJhbGciOiJIUzI1.x",
     "0123456789abcdef0123456789abcdef01234567"],
)  # fmt: skip
def test_secrets_are_refused_and_not_repeated(value):
    with pytest.raises(Refusal, match="secret") as raised:
        study(deaths_source=value)
    assert value not in str(raised.value)


@pytest.mark.parametrize(
    "content", [b"", b"not a table", b"a,b\n1,2\n", b"\x89PNG\r\n\x1a\n\xff\xfe"]
)
def test_a_file_that_is_no_release_is_refused(tmp_path, content):
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(
        Refusal, match=r"deaths_source: file\.csv.*expected a (table|file of a known)"
    ):
        study(deaths_source=str(path))


def test_every_fault_is_named_at_once():
    with pytest.raises(Refusal) as raised:
        study(contry="MLI", window="x", language="de")
    assert str(raised.value).count("Refused") == 3


def test_the_series_ends_with_what_was_known():
    assert study(as_of="2022-07-14").last_month == "2022-06"
    assert study(as_of="2022-07-31").last_month == "2022-07"
    assert study().last_month == "2023-12"


def test_assignments_are_read_or_refused():
    assert parse_assignments(["a=1", "b=x=y"]) == {"a": "1", "b": "x=y"}
    with pytest.raises(Refusal, match="key=value"):
        parse_assignments(["window 6"])
    with pytest.raises(Refusal, match="twice"):
        parse_assignments(["window=6", "window=7"])
