"""Axes of factors: logarithmic, one in the middle, no longer than a reader can use."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from sahel_transitions.figures.figure import QUIET
from sahel_transitions.language import Words

# Beyond these a factor says that hardly anything was there on one side.
LOWEST, HIGHEST = 1 / 256, 256.0
_TICKS = (0.01, 0.1, 1.0, 10.0, 100.0)


def clipped(values) -> np.ndarray:
    """Factors that lie beyond the axis, put on its edge."""
    return np.clip(np.asarray(values, dtype="float64"), LOWEST, HIGHEST)


def ratio_axis(
    axes: Axes, which: str, words: Words, lowest: float = LOWEST, highest: float = HIGHEST
) -> None:
    """Make the x or y axis one of factors from `lowest` to `highest`, with a line at no change."""
    axis = axes.xaxis if which == "x" else axes.yaxis
    (axes.set_xscale if which == "x" else axes.set_yscale)("log")
    (axes.set_xlim if which == "x" else axes.set_ylim)(lowest * 0.8, highest * 1.25)
    axis.set_major_locator(FixedLocator(_TICKS))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda value, _: words.ratio(value)))
    axis.set_tick_params(color=QUIET)
    line = axes.axvline if which == "x" else axes.axhline
    line(1, color=QUIET, lw=0.8, zorder=1)
