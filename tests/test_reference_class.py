"""What is drawn and said of the reference class of transitions and of counts of coups."""

import pytest
from conftest import study
from drawn_labels import labels_outside, touching_labels, visible_texts

from sahel_transitions import claims, figures
from sahel_transitions.indicators import (
    coup_counts,
    promised_lengths,
    spells_known,
    transition_summary,
    transitions,
)
from sahel_transitions.language import words
from sahel_transitions.tables import DAYS_A_YEAR

STUDIES = {
    "default": {},
    "french": {"language": "fr"},
    "three countries": {"countries": "MLI,BFA,NER"},
    "no ledger": {"countries": "NER,SEN"},
    "early day": {"as_of": "2022-06-30"},
    "first end": {"as_of": "2011-04-15", "start": "2009-01", "language": "fr"},
    "no end yet": {"as_of": "2010-05-15", "start": "2009-01", "language": "fr"},
    "none yet": {"as_of": "2010-01-15", "start": "2009-01"},
}


def draw(given, tables):
    parameters = study(**given)
    say, countries, as_of = words(parameters.language), parameters.countries, parameters.as_of
    spells = spells_known(parameters, tables)
    return [
        figures.spell_lines(spells, promised_lengths(parameters, tables), countries, as_of, say),
        figures.transition_ends(transitions(parameters, tables), spells, as_of, say),
        figures.coups_by_source(coup_counts(parameters, tables), countries, as_of, say),
    ]


@pytest.fixture(scope="module", params=STUDIES.values(), ids=STUDIES.keys())
def drawn(request, tables):
    return draw(request.param, tables)


def test_figures_have_words_and_their_labels_keep_apart(drawn):
    for figure in drawn:
        assert len(figure.alt) > 40 and "{" not in figure.alt, figure.id
        assert figure.title and figure.note
        assert touching_labels(figure) == [], figure.id
        assert labels_outside(figure) == [], figure.id


def test_lines_are_as_long_as_the_transitions_and_in_their_order(tables):
    figure = draw({}, tables)[0]
    axes = figure.canvas.axes[0]
    ends = [line.get_xdata()[0] for line in axes.lines]
    assert ends == sorted(ends) and len(ends) == 19
    assert ends[-1] * DAYS_A_YEAR == pytest.approx(1806)
    assert "10 ended with a vote (5 won by their leader), 3 with an overthrow" in figure.title


def test_countries_of_the_study_alone_are_coloured(tables):
    axes = draw({"countries": "NER,SEN"}, tables)[0].canvas.axes[0]
    bold = {text.get_text() for text in axes.get_yticklabels() if text.get_fontweight() == "bold"}
    assert bold == {"Niger, February 2010", "Niger, July 2023"}


def test_the_curves_step_at_their_values_over_a_risk_table(tables):
    figure = draw({}, tables)[1]
    lasting, votes, overthrow = figure.canvas.axes
    assert lasting.lines[0].get_ydata()[-1] == pytest.approx(0.1412, abs=5e-5)
    # Of 19: 13 ended and 3 lasted over four years, as in the table worked out with SQL.
    assert [tick.get_text().split("\n")[1] for tick in votes.get_xticklabels()] == [
        "19", "12", "8", "5", "3",
    ]  # fmt: skip
    assert votes.lines[0].get_ydata()[-1] == pytest.approx(0.6824, abs=5e-5)
    assert overthrow.lines[0].get_ydata()[-1] == pytest.approx(0.1765, abs=5e-5)


def test_before_a_whole_year_no_share_after_years_is_named(tables):
    assert "after" not in draw(STUDIES["first end"], tables)[1].title.lower()
    none_ended, none = (draw(STUDIES[name], tables)[1] for name in ("no end yet", "none yet"))
    assert "n’avait pris fin" in none_ended.title and "is known on this day" in none.title


def test_bars_of_what_is_not_covered_are_no_zeros(tables):
    figure = draw({"countries": "NER,SEN"}, tables)[2]
    texts = [text.get_text().strip() for text in visible_texts(figure.canvas)]
    # The ledger for both, in both spans; Powell and Thyne for Senegal.
    assert texts.count("not covered") == 6 and "not every source" in figure.title


def said(tables, **given):
    parameters = study(**given)
    say, countries = words(parameters.language), parameters.countries
    spells, merged = (
        spells_known(parameters, tables, merge_coup_within_coup=merge) for merge in (False, True)
    )
    summary = transition_summary(parameters, tables)
    return " ".join(
        [
            *claims.spell_findings(spells, merged, countries, parameters.as_of, say),
            *claims.reference_findings(
                summary, promised_lengths(parameters, tables), countries, say
            ),
            *claims.coup_findings(coup_counts(parameters, tables), countries, say),
        ]
    )


def test_sentences_of_the_default_study(tables):
    text = said(tables)
    assert "it was last seen 1,806 days after it began, on 4 May 2026, longer than 13" in text
    assert "counted from the first coup, on 24 January 2022, it is 1,467 days" in text
    assert "Guinea-Bissau, November 2025 (29 January 2026)" in text
    assert "19 first dated promises: 4 kept in time, 3 passed" in text
    assert "4 of 22 overthrown within 3 years (estimated share 20%)" in text
    assert "A published text counts 13 coups in Mali and Burkina Faso together" in text


def test_sentences_say_nothing_of_what_was_not_known(tables):
    text = said(tables, as_of="2022-06-30")
    assert "Of 14 transitions, 7 ended" in text and "published text" not in text
    assert "has no transition in the reference class" in said(tables, countries="NER,SEN")
    assert "No transition of the reference class" in said(tables, **STUDIES["none yet"])


def test_tables_hold_a_row_for_each_transition_and_each_end(tables):
    parameters, say = study(), words("en")
    spells = spells_known(parameters, tables)
    table = claims.spell_table(spells, promised_lengths(parameters, tables), say)
    assert len(table) == 19 and table["promise_outcome"].value_counts()["passed without it"] == 3
    curves = claims.survival_table(transitions(parameters, tables), say)
    assert curves["days"].is_monotonic_increasing and curves["events"].sum() == 13
    assert curves["lasting"].iloc[-1].startswith("14% (1–")
    counted = claims.coup_table(coup_counts(parameters, tables), parameters.countries, say)
    assert counted["together"].tolist()[-1] == "13"


def test_french_figures_hold_no_english_words(tables):
    english = words("en")
    for figure in draw({"language": "fr"}, tables):
        texts = " ".join(text.get_text() for text in visible_texts(figure.canvas))
        for key in ("exit.overthrow", "counted_by.ledger", "axis.transition_years"):
            assert english(key) not in texts + figure.alt + figure.note, (figure.id, key)
