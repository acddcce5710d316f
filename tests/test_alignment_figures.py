"""Figures and sentences of alignment, as a reader sees them."""

import numpy as np
import pytest
from conftest import study
from drawn_labels import labels_outside, touching_labels

from sahel_transitions import claims, figures
from sahel_transitions.indicators import (
    arms,
    last_year_of_both,
    partner_context,
    resolution_votes,
    un_base_years,
    un_moves,
    un_votes,
)
from sahel_transitions.language import words

STUDIES = [
    {}, {"countries": "MLI,BFA,NER"}, {"countries": "NER,SEN"}, {"as_of": "2022-06-30"},
    {"countries": "CPV,GNB"}, {"start": "2026-01", "end": "2026-03"},
]  # fmt: skip


def drawn(tables, given, language="en"):
    parameters, text = study(**given), words(language)
    yearly = un_moves(parameters, tables)
    year = last_year_of_both(yearly)
    votes = un_votes(parameters, tables, neighbours=True)
    moves = un_moves(parameters, tables, since="base", neighbours=True)
    return {
        figure.id: figure
        for figure in (
            figures.un_distances(votes, yearly, text),
            figures.un_move_parts(moves, year, text),
            figures.ukraine_votes(resolution_votes(parameters, tables), text),
            figures.arms_portfolios(arms(parameters, tables), text),
            figures.partner_context(partner_context(parameters, tables), text),
        )
    }


def said(tables, given, language="en"):
    parameters, text = study(**given), words(language)
    yearly = un_moves(parameters, tables)
    year = last_year_of_both(yearly)
    moves = un_moves(parameters, tables, since="base", neighbours=True)
    return [
        *claims.vote_findings(yearly, year, text),
        *claims.move_findings(moves, year, text),
        *claims.base_year_findings(un_base_years(parameters, tables, year), text),
        *claims.ukraine_findings(resolution_votes(parameters, tables), text),
        *claims.arms_findings(arms(parameters, tables), text),
        *claims.context_findings(partner_context(parameters, tables), text),
    ]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("given", STUDIES, ids=str)
def test_no_label_touches_another_or_leaves_the_picture(tables, given, language):
    for figure in drawn(tables, given, language).values():
        assert touching_labels(figure) == [], figure.id
        assert labels_outside(figure) == [], figure.id
        assert len(figure.alt) > 40


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("given", STUDIES, ids=str)
def test_every_study_has_sentences(tables, given, language):
    found = said(tables, given, language)
    assert found and all("{" not in sentence and "nan" not in sentence for sentence in found)


def test_titles_say_the_finding(tables):
    found = drawn(tables, {})
    assert found["un_distances"].title == (
        "In 2023 the distance of Mali to France grew by all votes, and shrank by votes on final "
        "passage"
    )
    assert "Mali (April 2022) and Burkina Faso (February 2025)" in found["ukraine_votes"].title
    assert "2021-2025 (to 2024)" in found["arms_portfolios"].title
    context = found["partner_context"]
    index = context.data[context.data["indicator"] == "electoral_democracy"].dropna(subset="value")
    last = index[index["country"] == "BFA"].sort_values("year").iloc[-1]
    assert f"{last['value']:.2f} ({last['year']})" in context.title
    hollow = context.data["state"].isin(["partial", "stale", "provisional"]).sum()
    assert f"; {hollow} hollow values" in context.title


def test_a_change_that_is_not_clear_gives_no_title(tables):
    # Senegal's signs differ too, but its intervals hold zero.
    figure = drawn(tables, {"countries": "NER,SEN"})["un_distances"]
    assert figure.title == words("en")("figure.un_distances.title_plain")


def test_sentences_show_both_sets_controls_and_what_is_not_known(tables):
    text = "\n".join(said(tables, {}))
    for part in (
        "Mali, 2023: the sign depends on the set of votes",
        "0.57 (0.28 to 0.85) in all votes, and by −0.48 (−0.86 to −0.11)",
        "Russia itself moved: from 2019 to 2023",
        "outside the range of its neighbours",
        "Had Mali stood still, it would be 1.01; had Russia stood still, 0.87",
        "−0.16 Ghana to 0.17 Senegal",
        "an estimate rests on no more than 7 votes, fewer than 30",
        "Burkina Faso, all votes, to 2023: the sign of its own move depends on the base year",
        "Mali, all votes, to 2023: its own move has the same sign from each base year",
        "of which the register covers 4 years: Russia 46.6%",
        "is not money",
        "is that of the year before to the last unit",
    ):
        assert part in text


def test_nothing_known_later_is_said(tables):
    text = "\n".join(said(tables, {"as_of": "2022-06-30"}))
    assert not any(str(year) in text for year in (2023, 2024, 2025))


def test_no_line_leads_to_a_value_that_is_not_firm(tables):
    figure = drawn(tables, {})["partner_context"]
    # The last row holds displaced people; Burkina Faso is on the right.
    axes = figure.canvas.axes[-1]
    lines = [line for line in axes.lines if line.get_linestyle() == "-" and len(line.get_xdata())]
    drawn_to = max(
        year
        for line in lines
        for year, value in zip(line.get_xdata(), line.get_ydata(), strict=True)
        if not np.isnan(value)
    )
    assert drawn_to == 2023


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["un-votes"], "country,year,vote_set,ideal_point,q5,q95,partner,distance"),
        (["un-votes", "--by", "move"], "country,vote_set,partner,base_year,year"),
        (["un-votes", "--by", "base"], "country,vote_set,partner,base_year,year"),
        (["arms"], "country,window_start,window_end,supplier,tiv,share,hhi_low,hhi,hhi_high"),
        (["arms", "--by", "window"], "country,window_start,window_end,tiv,suppliers"),
    ],
)
def test_the_command_line_gives_plain_rows(sahel, arguments, expected):
    code, printed, _ = sahel("indicator", *arguments, "--format", "csv")
    assert code == 0
    assert printed.startswith(expected)
