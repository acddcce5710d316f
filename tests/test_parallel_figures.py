"""Figures of parallel paths: words for all, labels apart, and what is drawn is what was computed."""

import pytest
from conftest import study
from drawn_labels import labels_outside, touching_labels
from matplotlib.colors import to_hex

from sahel_transitions import figures
from sahel_transitions.indicators import (
    common_changes,
    follow_nulls,
    follow_tests,
    monthly_states,
    parallel_verdicts,
    sequence_agreement,
)
from sahel_transitions.language import words

STUDIES = {
    "default": {},
    "french": {"language": "fr"},
    "french, three countries": {"language": "fr", "countries": "MLI,BFA,NER"},
    "neighbours alone": {"countries": "NER,SEN"},
    "early day, french": {"as_of": "2022-06-30", "language": "fr"},
    "no ledger": {"countries": "NGA,GHA"},
}


def draw(given, tables):
    parameters = study(**given)
    say, countries = words(parameters.language), parameters.countries
    changes = common_changes(parameters, tables)
    tests = follow_tests(parameters, tables)
    states = monthly_states(parameters, tables)
    return {
        figure.id: figure
        for figure in (
            figures.paths_on_two_clocks(changes, countries, say),
            figures.lags_on_clocks(changes, countries, say),
            figures.agreement_by_lag(sequence_agreement(states, *countries[:2]), say),
            figures.following_nulls(follow_nulls(parameters, tables), tests, say),
            figures.what_runs_in_parallel(parallel_verdicts(parameters, tables, tests), say),
        )
    }


@pytest.fixture(scope="module", params=STUDIES.values(), ids=STUDIES.keys())
def drawn(request, tables):
    return draw(request.param, tables)


@pytest.fixture(scope="module")
def default(tables):
    return draw({}, tables)


def test_every_figure_has_words_and_keeps_its_labels_apart(drawn):
    for figure in drawn.values():
        assert len(figure.alt) > 40 and figure.title and figure.note, figure.id
        assert "{" not in figure.alt + figure.title, figure.id
        assert touching_labels(figure) == [], figure.id
        assert labels_outside(figure) == [], figure.id


def test_a_figure_with_codes_says_whose_they_are(default):
    note = default["following_nulls"].note
    assert "MLI = Mali, BFA = Burkina Faso, NER = Niger" in note and "GIN = Guinea" in note


def test_each_change_is_drawn_once_a_country_on_both_clocks(default, tables):
    figure = default["paths_on_two_clocks"]
    changes = common_changes(study(), tables)
    both = changes[(changes["leader"] == "MLI") & (changes["follower"] == "BFA")]
    assert len(figure.data) == 2 * len(both)
    for axes in figure.canvas.axes:
        points = [line for line in axes.lines if line.get_marker() in {"o", "s"}]
        assert len(points) == 2 * len(both)
        # What was made together is hollow.
        hollow = [line for line in points if to_hex(line.get_markerfacecolor()) == "#ffffff"]
        assert len(hollow) == 2 * both["together"].sum()


def test_the_title_tells_that_the_clock_decides(default):
    title = default["paths_on_two_clocks"].title
    assert "was later than Mali in 13 of" in title and "first in" in title
    assert title.endswith("later in 4")
    assert "counted from the first coups" in default["lags_on_clocks"].title


def test_lags_are_drawn_round_their_median(default):
    figure = default["lags_on_clocks"]
    columns = ("days", "days_first_coup", "days_present_spell")
    for panel, column in zip(figure.canvas.axes, columns, strict=True):
        dashed = [line for line in panel.lines if line.get_linestyle() == "--"]
        assert [line.get_xdata()[0] for line in dashed] == [figure.data[column].median()]


def test_a_null_is_drawn_whole_with_what_was_observed(default):
    figure = default["following_nulls"]
    first = figure.canvas.axes[0]
    assert first.get_title(loc="left") == "BFA after MLI"
    assert first.patches[0].get_data().values.sum() == pytest.approx(1)
    observed = figure.data["observed"].iloc[0]
    assert first.collections[0].get_segments()[0][0][0] == pytest.approx(observed)
    assert "9 channels, p 0.011, least possible <0.001" in figure.alt
    titles = [axes.get_title(loc="left") for axes in figure.canvas.axes]
    assert sum("placebo" in title for title in titles) == 5
    # Niger decides with both.
    assert [title for title in titles if "not clean" in title] == [
        "MLI after NER (not clean)", "BFA after NER (not clean)",
    ]  # fmt: skip


def test_verdicts_are_told_apart_without_colour(tables):
    bars = draw({}, tables)["what_runs_in_parallel"].canvas.axes[0].patches
    assert len(bars) == 9
    assert sum(bar.get_hatch() is not None for bar in bars) == 2
