"""Figures carry their data and alt text, draw the same bytes twice, and keep their labels apart."""

from itertools import pairwise

import pytest
from conftest import study
from drawn_labels import labels_outside, touching_labels, visible_texts

from sahel_transitions import figures
from sahel_transitions.figures import perpetrators
from sahel_transitions.figures.figure import balanced, spread, wrapped
from sahel_transitions.indicators import (
    civilian_deaths,
    coups_known,
    deaths_by_source,
    known_transitions,
    partner_lags,
    partner_states,
    promises_known,
    source_ratios,
    tolls_known,
    units_on_map,
)
from sahel_transitions.language import words

STUDIES = {
    "default": {},
    "french": {"language": "fr"},
    "three countries": {"countries": "MLI,BFA,NER"},
    "rates, one-sided": {"per_100k": True, "deaths_definition": "U1"},
    "early day": {"as_of": "2022-06-30"},
    "before the coverage": {"start": "1987-01", "end": "1995-12"},
    "all shocks": {
        "shocks": "coup_mli_2020,coup_mli_2021,wagner_mli,barkhane_end_mli,coup_bfa_2022_01,"
        "coup_bfa_2022_09,vdp_bfa,sabre_end_bfa"
    },
    "no ledger": {"countries": "NER,SEN"},
    "after the coverage": {"start": "2024-01", "end": "2024-12"},
    "partial years": {"deaths_definition": "U1", "start": "2022-11", "end": "2023-01"},
    "french rates, all shocks": {
        "language": "fr",
        "per_100k": True,
        "deaths_definition": "U3",
        "shocks": "coup_mli_2020,coup_mli_2021,wagner_mli,barkhane_end_mli,coup_bfa_2022_01,"
        "coup_bfa_2022_09,vdp_bfa,sabre_end_bfa",
    },
}


def draw(given, tables):
    parameters = study(**given)
    say = words(parameters.language)
    marks = figures.read_marks(parameters, tables)
    months = civilian_deaths(parameters, tables, "month")
    promises = promises_known(parameters, tables)
    countries, as_of = parameters.countries, parameters.as_of
    transitions = known_transitions(parameters, tables)
    classes = civilian_deaths(parameters, tables, "perpetrator")
    counts = parameters.model_copy(update={"per_100k": False})
    units = civilian_deaths(counts, tables, "admin1")
    outlines = tables["boundaries"]
    series = deaths_by_source(parameters, tables)
    return [
        figures.deaths_by_month(months, marks, say),
        figures.trailing_deaths(months, parameters.window, marks, say),
        figures.deaths_by_year(civilian_deaths(parameters, tables), say),
        figures.deaths_by_perpetrator(classes, "primary", say),
        figures.promise_lines(promises, countries, as_of, say),
        figures.slippage_steps(promises, countries, parameters.as_of, say),
        figures.two_clocks(promises, countries, parameters.as_of, say),
        figures.partner_timelines(transitions, countries, as_of, say),
        figures.partner_clocks(transitions, coups_known(parameters, tables), countries, as_of, say),
        figures.lag_intervals(partner_lags(parameters, tables), parameters.as_of, say),
        figures.status_matrix(partner_states(parameters, tables), countries, parameters.as_of, say),
        figures.perpetrators_over_time(classes, "primary", say),
        figures.one_sided_filter(months, say),
        figures.deaths_by_source(series, source_ratios(series), say),
        figures.tolls_by_source(tolls_known(parameters, tables), as_of, say),
        figures.deaths_maps(units, *units_on_map(units, outlines), outlines.frame, say),
    ]


@pytest.fixture(scope="module", params=STUDIES.values(), ids=STUDIES.keys())
def drawn(request, tables):
    return draw(request.param, tables)


def test_every_figure_has_words_for_those_who_do_not_see_it(drawn):
    for figure in drawn:
        assert len(figure.alt) > 40, figure.id
        assert figure.title and figure.note and "{" not in figure.alt


def test_labels_neither_touch_nor_leave_the_picture(drawn):
    for figure in drawn:
        assert touching_labels(figure) == [], figure.id
        assert labels_outside(figure) == [], figure.id


def test_the_same_figure_gives_the_same_bytes(tables):
    """The vector form of one; that pictures keep their bytes is tested with the whole run."""
    years = civilian_deaths(study(), tables)
    one, other = (figures.deaths_by_year(years, words("en")) for _ in range(2))
    assert one.svg() == other.svg()


def test_a_figure_holds_the_values_it_draws(tables):
    months = draw({}, tables)[0]
    row = months.data.set_index(["country", "period"]).loc[("MLI", "2022-03")]
    line = next(line for line in months.canvas.axes[0].lines if len(line.get_xdata()) == 84)
    assert max(line.get_ydata()) == float(row["value"])


def test_what_is_not_covered_is_hatched_and_zero_is_marked(tables):
    months = draw(STUDIES["before the coverage"], tables)[0]
    axes = months.canvas.axes[0]
    hatched = [patch for patch in axes.patches if patch.get_hatch() == "////"]
    uncovered = (months.data["state"] == "not_covered") & (months.data["country"] == "MLI")
    # 1987 and 1988 lie before the first year of the data.
    assert len(hatched) == uncovered.sum() == 24
    zeros = [line for line in axes.lines if line.get_marker() == "|"]
    expected = (months.data["state"] == "zero") & (months.data["country"] == "MLI")
    assert len(zeros[0].get_xdata()) == expected.sum() > 0


def test_titles_do_not_deny_what_is_drawn(tables):
    months, trailing, years, *_ = draw(STUDIES["partial years"], tables)
    assert "116" in months.title
    assert "no whole year" in years.title and "nothing to add up" in trailing.title


def test_what_is_not_covered_is_never_called_none(tables):
    months, _, _, classes, *_ = draw(STUDIES["after the coverage"], tables)
    assert "covered by the data" in months.title and "covered by the data" in classes.title


def test_counts_start_at_zero(drawn):
    for figure in drawn[:3]:
        assert all(axes.get_ylim()[0] == 0 for axes in figure.canvas.axes)


def test_countries_keep_colour_and_line_style():
    both = figures.country_styles(("BFA", "MLI"))
    assert both["MLI"] == figures.country_styles(("MLI", "NER"))["MLI"]
    assert both["MLI"][0] != both["BFA"][0] and both["MLI"][1] != both["BFA"][1]


def test_classes_are_told_apart_by_colour_by_line_and_marker_and_named_in_the_catalogue():
    styles = perpetrators._CLASS_STYLES
    assert len({colour for colour, _, _ in styles.values()}) == len(styles)
    assert len({marker for _, _, marker in styles.values()}) == len(styles)
    assert all(f"perpetrator.{name}" in words("fr") for name in styles)


def test_labels_beside_lines_keep_their_order_and_their_distance():
    placed = spread([0, 0, 50, 51, 99], 10, 100)
    assert placed == sorted(placed) and placed[0] >= 0 and placed[-1] <= 100
    assert all(above - below >= 10 - 1e-9 for below, above in pairwise(placed))
    assert max(spread([100] * 20, 10, 100)) <= 100


def test_lines_of_a_title_break_no_date_and_no_name():
    title = "The promised end now stands at 8–10 July 2030 in Mali and 2 July 2029 in Burkina Faso"
    for width in range(18, 60):
        lines = wrapped(title, width)
        assert " ".join(lines) == title and max(map(len, lines)) <= width
        whole = ("8–10 July 2030", "2 July 2029", "Burkina Faso")
        assert all(any(each in line for line in lines) for each in whole), lines
    assert wrapped("connu le 1er juillet 2029", 17) == ["connu le", "1er juillet 2029"]
    assert wrapped("le hasard : p = 0,05", 17) == ["le hasard :", "p = 0,05"]


def test_a_title_leaves_no_word_alone_on_its_last_line():
    title = "Of 19 transitions, 10 ended with a vote, 3 with an overthrow, and 6 were not ended"
    assert wrapped(title, 77)[-1] == "ended" and len(balanced(title, 77)) == 2
    assert min(map(len, balanced(title, 77))) > 30


def test_attributed_deaths_of_a_class_are_those_of_the_table(tables):
    classes = civilian_deaths(study(), tables, "perpetrator")
    data = figures.perpetrators_over_time(classes, "primary", words("en")).data
    drawn = data.set_index(["country", "period", "perpetrator"])["value"]
    # Summed from the table with SQL: best of type 3, uniform allocation.
    assert drawn["BFA", "2023", "jnim"] == 830 and drawn["MLI", "2022", "islamic_state"] == 886
    assert drawn.groupby("country").sum().to_dict() == {"BFA": 3772, "MLI": 3686}


def test_a_refused_ratio_is_not_drawn_and_the_note_says_why(tables):
    parameters = study(start="2022-07", end="2023-12")
    series = deaths_by_source(parameters, tables)
    figure = figures.deaths_by_source(series, source_ratios(series), words("en"))
    below = figure.canvas.axes[2]
    drawn = {x for line in below.lines for x in line.get_xdata() if x > 1}
    assert drawn == {2023} and "do not count the same months" in figure.note


def test_maps_hatch_what_is_not_covered_and_name_what_is_on_none(tables):
    parameters = study()
    units = civilian_deaths(parameters, tables, "admin1")
    places, elsewhere = units_on_map(units, tables["boundaries"])
    places.loc[places["country"] == "BFA", ["value", "state"]] = [float("nan"), "not_covered"]
    outlines = tables["boundaries"].frame
    figure = figures.deaths_maps(units, places, elsewhere, outlines, words("en"))
    hatches = [
        {each.get_hatch() for each in axes.collections}
        for axes in figure.canvas.axes
    ]  # fmt: skip
    assert ["////" in each for each in hatches] == [False] * 7 + [True] * 7
    assert "427 deaths (9.5%)" in figure.note and "Ménaka (805, 17.8%)" in figure.note


def test_french_figures_hold_no_english_words(tables):
    english = words("en")
    for figure in draw({"language": "fr"}, tables):
        texts = " ".join(text.get_text() for text in visible_texts(figure.canvas))
        for key in ("axis.deaths", "counts.all_dead", "reported_by.Government", "country.in.BFA"):
            assert english(key) not in texts + figure.alt + figure.note, (figure.id, key)
