"""The matrix of a sweep: what it asks for, and what is refused before anything starts."""

import re
from collections import Counter

import pytest

from sahel_transitions.errors import Refusal
from sahel_transitions.paths import PROJECT
from sahel_transitions.runs.matrix import read_matrix


@pytest.fixture
def matrix(tmp_path):
    def written(text):
        path = tmp_path / "matrix.yml"
        path.write_text(text, encoding="utf-8")
        return read_matrix(path)

    return written


def asked(matrix, *names):
    return [tuple(getattr(study, name) for name in names) for study in matrix.studies]


def test_axes_combine_and_exclude_where_and_include_do_what_they_say(matrix):
    found = matrix("""
notebook: one_specification
parameters: {countries: [MLI, NER], as_of: 2024-01-31}
axes:
  window: [12, 24]
  trend: [with, without]
exclude:
  - {window: 24, trend: with}
where:
  - {when: {window: 24}, parameters: {harmonics: 1}}
include:
  - {window: 36, countries: [BFA, NER]}
""")
    assert asked(found, "window", "trend", "harmonics") == [
        (12, "with", 0), (12, "without", 0), (24, "without", 1), (36, "with", 0),
    ]  # fmt: skip
    assert [study.countries for study in found.studies] == [("MLI", "NER")] * 3 + [("BFA", "NER")]
    assert {str(study.as_of) for study in found.studies} == {"2024-01-31"}
    assert set(found.varying) == {"countries", "window", "trend", "harmonics"}
    assert found.notebook.stem == "one_specification"


def test_the_matrix_that_the_readme_runs_asks_for_what_it_says():
    example = PROJECT / "docs" / "sweep.yml"
    found = read_matrix(example)
    (said,) = re.findall(r"(\d+) runs", example.read_text(encoding="utf-8"))
    assert len(found.studies) == len(set(found.studies)) == int(said)
    # 3 definitions and 2 models; 12 months have 3 of the 4 ways of trend and largest month.
    assert Counter(asked(found, "window")) == {(12,): 18, (18,): 24, (24,): 24, (60,): 1}
    assert set(asked(found, "window", "harmonics")) == {(12, 0), (18, 0), (24, 1), (60, 0)}


REFUSED = {
    "unknown notebook": ("notebook: one_specificaton\naxes: {window: [12]}", "one_specification"),
    "unknown key": ("notebook: one_specification\naxis: {window: [12]}", "axes"),
    "unknown parameter": ("notebook: one_specification\naxes: {windw: [12]}", "'window'"),
    "out of range": ("notebook: one_specification\naxes: {window: [12, 99]}", "expected at most 60"),
    "a text that YAML reads as false": (
        "notebook: one_specification\naxes: {countries: [NO]}", "countries"),
    "a choice twice": ("notebook: one_specification\naxes: {window: [12, 12]}", "once"),
    "a run twice": (
        "notebook: one_specification\naxes: {window: [12]}\ninclude: [{window: 12}]", "twice"),
    "a key twice": (
        "notebook: one_specification\naxes:\n  window: [12]\n  window: [24]", "comes twice"),
    "an exclusion of nothing": (
        "notebook: one_specification\naxes: {window: [12]}\nexclude: [{window: 24}]", "meets no run"),
    "nothing at all": ("notebook: one_specification", "asks for no run"),
    "an empty file": ("", "the file"),
    "no YAML": ("notebook: [", "no YAML"),
    "a bomb": (
        "notebook: one_specification\naxes:\n"
        + "".join(f"  a{n}: [{', '.join(map(str, range(10)))}]\n" for n in range(12)),
        "combine to",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", REFUSED)
def test_what_cannot_be_run_is_refused_with_its_reason(matrix, fault):
    text, said = REFUSED[fault]
    with pytest.raises(Refusal, match="Refused") as raised:
        matrix(text)
    assert said in str(raised.value)


def test_every_fault_is_told_at_once(matrix):
    with pytest.raises(Refusal) as raised:
        matrix("notebook: one_specification\naxes: {window: [0, 99], trend: [with, bend]}")
    said = str(raised.value)
    assert "found 0" in said and "found 99" in said and "bend" in said
