"""English and French say the same, with the same fields, from one place."""

import string
from datetime import date

import nbformat
import pytest
from word_runs import runs_of_the_documents, word_runs

from sahel_transitions.language import LANGUAGES, words
from sahel_transitions.runs import grid_notebook
from sahel_transitions.runs.identity import notebook_paths

EN, FR = words("en"), words("fr")
NOTEBOOKS = [*notebook_paths(), grid_notebook()]


def fields(text):
    return {(name.lower(), form) for _, name, form, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_every_text():
    assert EN.keys() == FR.keys()


@pytest.mark.parametrize("key", sorted(EN.keys()))
def test_a_text_has_the_same_fields_in_both_languages(key):
    english = set().union(*(fields(form) for form in EN.forms(key)))
    french = set().union(*(fields(form) for form in FR.forms(key)))
    assert english == french
    assert len(EN.forms(key)) == len(FR.forms(key))


@pytest.mark.parametrize("key", sorted(FR.keys()))
def test_french_has_a_thin_space_before_high_punctuation(key):
    for form in FR.forms(key):
        # What stands in braces is a field, not text.
        text = "".join(part for part, *_ in string.Formatter().parse(form))
        for position, sign in enumerate(text):
            if sign in ";!?»" or (sign == ":" and "http" not in text):
                assert text[position - 1] == "\u202f" or position == 0, form


def test_every_code_of_the_tables_has_a_label(tables):
    for name, prefix in (
        ("country", "country"), ("partner", "partner"), ("channel", "channel"),
        ("event_promised", "event"), ("legal_form", "form"), ("perpetrator", "perpetrator"),
        ("shock_id", "shock"),
    ):  # fmt: skip
        for table in tables.values():
            if name in table.frame and table.name != "left_out":
                for code in table.frame[name].dropna().unique():
                    assert f"{prefix}.{code}" in EN, (table.name, code)


def test_every_line_of_a_channel_has_a_name_in_both_languages(tables):
    for name in ("partner_events", "neighbour_events"):
        for line in tables[name].frame["line"].dropna().unique():
            assert words("en").line(line) == line
            assert words("fr").line(line)


def test_every_table_and_warning_has_a_text(tables):
    for name in tables:
        assert f"dataset.{name}" in EN
        for warning in tables.declaration(name).warnings:
            assert f"warning.{warning}" in EN


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_narrative_of_a_notebook_is_that_of_the_catalogue(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            assert cell.source == EN(f"narrative.{path.stem}.{cell.id}")


def test_no_narrative_is_left_without_its_cell():
    cells = {
        f"narrative.{path.stem}.{cell.id}"
        for path in NOTEBOOKS
        for cell in nbformat.read(path, as_version=4).cells
    }
    assert {key for key in sorted(EN.keys()) if key.startswith("narrative.")} <= cells


@pytest.mark.parametrize(
    ("form", "value", "english", "french"),
    [
        ("number", 1576, "1,576", "1\u202f576"),
        ("number1", 6.84, "6.8", "6,8"),
        ("ratio", 0.0836, "0.084", "0,084"),
        ("ratio", 0.287, "0.29", "0,29"),
        ("ratio", 1.0, "1", "1"),
        ("ratio", 3.57, "3.6", "3,6"),
        ("ratio", 75.96, "76", "76"),
        ("ratio", float("inf"), ">9,999", ">9\u202f999"),
        ("ratio", 0.00001, "<0.001", "<0,001"),
        ("percent", 0.3372, "33.7%", "33,7\u202f%"),
        ("day", "2022-03-31", "31 March 2022", "31 mars 2022"),
        ("day", date(2024, 7, 1), "1 July 2024", "1er juillet 2024"),
        ("month", "2022-08", "August 2022", "août 2022"),
        ("when", "2030-07", "July 2030", "juillet 2030"),
        ("when", "../2019-01-01", "before 1 January 2019", "avant le 1er janvier 2019"),
        ("in", "CIV", "in Côte d’Ivoire", "en Côte d’Ivoire"),
        ("list", ["a", "b", "c"], "a, b, and c", "a, b et c"),
        ("vintage", "24.1 (inferred)", "24.1 (inferred)", "24.1 (déduit)"),
    ],
)
def test_values_are_written_as_in_the_language(form, value, english, french):
    assert (EN.formatted(value, form), FR.formatted(value, form)) == (english, french)


def test_plurals_follow_each_language():
    texts = [
        words(language)("finding.kept", country="BFA", n=n, kept=0, missed=0, superseded=0, open=0)
        for language in LANGUAGES
        for n in (0, 1, 2)
    ]
    assert ["promises" in text for text in texts[:3]] == [True, False, True]
    assert ["engagements" in text for text in texts[3:]] == [False, False, True]


def test_a_missing_text_names_the_nearest():
    with pytest.raises(KeyError, match=r"axis\.deaths"):
        EN("axis.death")


@pytest.mark.shared
def test_no_text_for_readers_has_eight_words_in_a_row_from_a_document(shared):
    theirs = runs_of_the_documents(shared)
    copied = [
        (key, run)
        for say in (EN, FR)
        for key in sorted(say.keys())
        for form in say.forms(key)
        for run in word_runs(form) & theirs
    ]
    assert copied == []
