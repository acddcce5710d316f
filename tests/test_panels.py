"""Panels of figures: what counts as a mark of data, and what says that there are none."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from sahel_transitions.figures import Panel, panels_of
from sahel_transitions.figures.figure import mark_uncovered
from sahel_transitions.figures.panels import instead_of_marks, mark_written


def panel(draw):
    """The only panel of a figure on which something was drawn."""
    figure, axes = plt.subplots()
    draw(axes)
    figure.canvas.draw()
    (found,) = panels_of(figure)
    plt.close(figure)
    return found


def decorated(axes):
    """All that belongs to axes and shows no data."""
    axes.axvline(1)
    axes.axhline(1)
    axes.axvspan(0, 1, hatch="////")
    axes.set_title("title")
    axes.text(0.5, 0.5, "words", transform=axes.transAxes)
    axes.annotate("label", (1, 1), (2, 2), textcoords="offset points")
    axes.plot([], [], label="line")
    axes.legend()
    axes.grid()


@pytest.mark.parametrize(
    ("draw", "marks"),
    [
        (lambda axes: axes.plot([1, 2, np.nan], [1, 2, 3]), 2),
        (lambda axes: axes.scatter([1, 2], [3, np.nan]), 1),
        (lambda axes: axes.bar(["a", "b"], [0, 2]), 2),
        (lambda axes: axes.barh([1, 2, 3], [1, 2, np.nan]), 2),
        (lambda axes: axes.hlines([1, 2], 0, 5), 2),
        (lambda axes: axes.fill_between([1, 2, 3], [1, 1, 1], [2, 2, 2]), 1),
        (lambda axes: axes.imshow([[1, 2], [3, 4]]), 1),
        (lambda axes: axes.add_patch(plt.Polygon([(0, 0), (np.nan, 1), (1, 1)])), 1),
        (lambda axes: axes.plot(np.array(["2020-01-01"], dtype="datetime64[D]"), [1], "o"), 1),
    ],
)
def test_marks_of_data_are_counted(draw, marks):
    assert panel(draw) == Panel(marks, None)


@pytest.mark.parametrize(
    "draw",
    [
        lambda axes: None,
        decorated,
        lambda axes: axes.plot([np.nan, np.nan], [1, 2]),
        lambda axes: axes.imshow([[np.nan]]),
        lambda axes: axes.plot([1, 2], [1, 2], visible=False),
        lambda axes: (axes.plot([1, 2], [1, 2]), axes.set_xlim(5, 6)),
    ],
    ids=["nothing", "decoration", "no_numbers", "no_pixels", "invisible", "out_of_view"],
)
def test_what_shows_no_data_is_no_mark(draw):
    assert panel(draw) == Panel(0, None)


def test_a_panel_may_say_why_it_is_empty_and_may_consist_of_words():
    assert panel(lambda axes: mark_uncovered(axes, "not covered")) == Panel(0, "not covered")
    two = panel(lambda axes: [instead_of_marks(axes.text(0, row, f"no {row}")) for row in (0, 1)])
    assert two == Panel(0, "no 0; no 1")

    def matrix(axes):
        mark_written(axes)
        axes.set(xlim=(-1, 2), ylim=(-1, 2))
        for row in (0, 1):
            axes.text(0, row, "7")

    assert panel(matrix) == Panel(2, None)


def test_a_place_of_the_grid_that_is_switched_off_is_no_panel():
    figure, (one, other) = plt.subplots(1, 2)
    one.plot([1], [1], "o")
    other.set_axis_off()
    assert panels_of(figure) == [Panel(1, None)]
    plt.close(figure)
