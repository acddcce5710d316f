"""Figures of robustness and the sentences beside them, in studies that differ."""

from functools import cache

import numpy as np
import pytest
from conftest import SHARED, study
from drawn_labels import labels_outside, touching_labels

from sahel_transitions import claims, figures, indicators
from sahel_transitions.language import words

# All of Africa by week, so that there are many placebo countries, and two sources in each curve.
WEEKLY = {
    "deaths_source": str(SHARED / "data/acled/acled_africa_weekly_admin1_to_2026-03-14.parquet"),
    "deaths_definition": "A1", "end": "2025-06",
}  # fmt: skip
STUDIES = {
    "default": {},
    "french, one-sided": {
        "language": "fr",
        "deaths_definition": "U1",
        "step": "BFA:2022-09/2022-10",
    },
    "three countries": {"countries": "MLI,BFA,NER", "step": "NER:2023-07"},
    "no shock": {"countries": "NER,SEN"},
    "early day": {"as_of": "2022-06-30", "language": "fr"},
    "many countries": WEEKLY,
}


def few_specifications(parameters, tables):
    """A part of each curve that is quick, with the primary specification in it."""
    return [each for each in indicators.specifications(parameters, tables)
            if each["definition"] in ("U2", "A1") and each["allocation"] in ("uniform_days", "any")
            and each["harmonics"] == 0 and each["model"] == "quasi_poisson"]  # fmt: skip


class Shown:
    """What the notebook on robustness shows of one study."""

    def __init__(self, given, tables):
        self.parameters = parameters = study(**given)
        self.words = say = words(parameters.language, parameters.deaths_definition)
        tables = tables.with_table(indicators.deaths_table(parameters, tables))
        deaths = tables["deaths"].declaration
        self.primary = primary = indicators.primary_specification(deaths.dataset)
        self.answers = answers = indicators.specification_curves(
            parameters, tables, few_specifications(parameters, tables)
        )
        self.changes = changes = indicators.primary_changes(parameters, tables, answers)
        self.left_out = indicators.leave_one_out_at_shocks(parameters, tables, answers)
        self.placebos = indicators.placebos_at_shocks(parameters, tables, answers)
        self.ranks = indicators.placebo_verdicts(self.placebos)
        self.path = indicators.window_path(parameters, tables)
        self.found = indicators.blind_changepoints(parameters, tables)
        asked = indicators.stated_answers(answers)
        fitted = indicators.fitted_series(parameters, tables, asked.to_dict("records"))
        months = indicators.civilian_deaths(parameters, tables, "month")
        marks = figures.read_marks(parameters, tables)
        self.figures = {
            figure.id: figure
            for figure in (
                figures.specification_curves(answers, primary, say),
                figures.choices_compared(answers, say),
                figures.stated_changes(changes, say),
                figures.fitted_changes(fitted, asked, parameters, deaths, say),
                figures.without_each_month(self.left_out, changes, say),
                figures.windows_compared(self.path, parameters, deaths, say),
                figures.placebos(self.placebos, self.ranks, changes, say),
                figures.changes_of_level(self.found, months, marks, parameters, deaths, say),
            )
        }
        shocks = indicators.known_shocks(parameters, tables)
        influences = indicators.influence_at_shocks(answers)
        self.sentences = [
            *claims.primary_findings(changes, primary, say),
            *claims.curve_findings(answers, influences, say),
            *claims.month_findings(self.left_out, say),
            *claims.window_findings(self.path, say),
            *claims.placebo_findings(self.ranks, say),
            *claims.changepoint_findings(self.found, shocks, say),
        ]


@pytest.fixture(scope="module")
def study_shown(tables):
    """What the notebook shows of a study, worked out once."""
    return cache(lambda name: Shown(STUDIES[name], tables))


@pytest.fixture(params=[pytest.param(name, marks=pytest.mark.shared) if name == "many countries"
                        else name for name in STUDIES])  # fmt: skip
def shown(request, study_shown):
    return study_shown(request.param)


@pytest.fixture
def default(study_shown):
    return study_shown("default")


def test_labels_neither_touch_nor_leave_the_picture(shown):
    for figure in shown.figures.values():
        assert touching_labels(figure) == [], figure.id
        assert labels_outside(figure) == [], figure.id


def test_every_figure_says_what_it_is_made_of(shown):
    for figure in shown.figures.values():
        assert len(figure.alt) > 40 and "{" not in figure.alt + figure.title + figure.note
        if len(figure.data):
            assert ("UCDP GED" in figure.note and "24.1" in figure.note) or (
                "ACLED" in figure.note and "26 March 2026" in figure.note
            ), figure.id
            settled = shown.words("figure.settled.note")
            assert settled in figure.note, figure.id


def test_sentences_never_say_because(shown):
    assert len(shown.sentences) >= 6
    for sentence in shown.sentences:
        assert "{" not in sentence and "nan" not in sentence, sentence
        for word in ("because", "caused", "à cause", "parce que"):
            assert word not in sentence.replace("not because of", ""), sentence


def test_the_figures_draw_what_their_data_hold(default):
    curve = default.figures["specification_curves"]
    first = curve.canvas.axes[0]
    drawn = sum(len(line.get_xdata()) for line in first.lines if line.get_marker() == ".")
    mali = default.answers[default.answers["shock"] == "coup_mli_2020"]
    assert drawn == mali["estimate"].notna().sum() > 0
    path = default.figures["windows_compared"].canvas.axes[0]
    flat = default.path[(default.path["trend"] == "without")
                        & (default.path["largest_month"] == "with")]  # fmt: skip
    lines = [line for line in path.lines if len(line.get_xdata()) == len(flat)]
    assert np.allclose(lines[0].get_ydata(), flat["estimate"])


def test_one_figure_tells_the_step_by_window_and_without_march_2022(default):
    """The step of December 2021 in Mali: two years, the whole series, with and without Moura."""
    figure = default.figures["windows_compared"]
    assert "mars 2022" in figure.note or "March 2022" in figure.note
    by = default.path.set_index(["trend", "largest_month", "before"])["estimate"]
    assert by["without", "with", 24] > by["without", "without", 24] > 1
    # The sign depends on the window once the month is left out and a line runs through it.
    assert by["with", "without", 24] > 1 > by["with", "without", 240]
    turns = [sentence for sentence in default.sentences if "The sign depends on these" in sentence]
    assert len(turns) == 1


def test_where_the_sign_depends_on_the_window_the_sentence_says_so(default):
    said = {True: 0, False: 0}
    for sentence in default.sentences:
        if "answered specifications" in sentence:
            said["The sign depends on the window" in sentence] += 1
    influences = indicators.influence_at_shocks(default.answers)
    windows = influences[influences["choice"] == "window"].groupby("shock")["median"]
    turning = ((windows.min() < 1) & (windows.max() > 1)).sum()
    assert said == {True: turning, False: 8 - turning} and turning > 0
