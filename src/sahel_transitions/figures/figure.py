"""What a plotting function gives back, and the look that all figures share."""

import io
import re
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import wraps

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas
from matplotlib.patheffects import withStroke

from sahel_transitions.figures.panels import instead_of_marks
from sahel_transitions.language import Sentence, Words

MILLIMETRE = 1 / 25.4
TWO_COLUMNS = 175 * MILLIMETRE

INK = "#222222"
QUIET = "#6b6b6b"
SHADE = "#d9d9d9"
UNCOVERED = "#bdbdbd"

# Okabe and Ito's palette, told apart by colour-blind readers and, with the line style, in grey.
# Mali and Burkina Faso keep theirs through the whole suite; others follow in the order of a study.
_FIXED = {"MLI": ("#0072B2", "-"), "BFA": ("#D55E00", (0, (5, 1.5)))}
_OTHERS = [
    ("#009E73", (0, (1, 1))),
    ("#CC79A7", (0, (5, 1, 1, 1))),
    ("#56B4E9", (0, (3, 1, 1, 1, 1, 1))),
    ("#E69F00", (0, (8, 2))),
    ("#000000", (0, (2, 2))),
    ("#999999", "-"),
]

_LOOK = {
    "font.family": "DejaVu Sans",
    "font.size": 8,
    "axes.titlesize": 8.5,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.labelsize": 8,
    "axes.labelcolor": INK,
    "axes.edgecolor": QUIET,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.labelsize": 7.5,
    "ytick.labelsize": 7.5,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "text.color": INK,
    "hatch.linewidth": 0.5,
    "lines.linewidth": 1.4,
    "figure.facecolor": "white",
    "svg.fonttype": "path",
    # The same drawing gives the same bytes.
    "svg.hashsalt": "sahel-transitions",
}


_DOTS = 200
"""Dots to the inch of a PNG."""


@dataclass(frozen=True)
class Figure:
    """A drawn figure with all that a reader who cannot see it needs.

    Attributes
    ----------
    id : str
        Its name in a run: `figures/<id>.svg`.
    canvas : matplotlib Figure
    data : DataFrame
        The tidy values that are drawn.
    title : Sentence
        The finding, with the values that it was written from.
    note : str
        Definition, source, vintage and what the marks mean.
    alt : str
        The picture in words, written from `data`.
    """

    id: str
    canvas: Canvas
    data: pd.DataFrame
    title: Sentence
    note: str
    alt: str

    def svg(self) -> bytes:
        """The vector picture; the same figure gives the same bytes."""
        return _with_steady_ids(self._saved("svg", metadata={"Date": None}))

    def png(self) -> bytes:
        """The picture at 200 dots to the inch."""
        return self._saved("png", dpi=_DOTS, metadata={"Software": None})

    def lay_out(self) -> None:
        """Fix the places of all that is drawn, so that every form shows the same ones.

        At the dots of a PNG, since letters at few dots to the inch are narrower than they will be.
        """
        engine = self.canvas.get_layout_engine()
        if engine is not None:
            # What lays it out draws the PNG, and has measured every text by then.
            FigureCanvasAgg(self.canvas)
            with mpl.rc_context(_LOOK):
                self.canvas.set_dpi(_DOTS)
                engine.execute(self.canvas)
                self.canvas.set_layout_engine(None)

    def _saved(self, form: str, **options) -> bytes:
        self.lay_out()
        buffer = io.BytesIO()
        with mpl.rc_context(_LOOK):
            self.canvas.savefig(buffer, format=form, **options)
        return buffer.getvalue()


# matplotlib names clipping paths after addresses in memory.
_RANDOM_ID = re.compile(rb'(?<= id=")[a-z][0-9a-f]{10}(?=")')


def _with_steady_ids(svg: bytes) -> bytes:
    """The drawing with its made-up ids numbered in the order in which they are defined."""
    numbers = {
        id: b"n%d" % number for number, id in enumerate(dict.fromkeys(_RANDOM_ID.findall(svg)))
    }
    return re.sub(rb"[a-z][0-9a-f]{10}\b", lambda match: numbers.get(match[0], match[0]), svg)


_UNDRAWN: ContextVar[bool] = ContextVar("undrawn", default=False)


class _Titled(Exception):
    """Ends a plotting function that is not to draw, once its title is known."""

    def __init__(self, title: Sentence):
        super().__init__(title)
        self.title = title


@contextmanager
def undrawn() -> Iterator[None]:
    """Within it, plotting functions draw nothing and give a figure that holds its title alone."""
    token = _UNDRAWN.set(True)
    try:
        yield
    finally:
        _UNDRAWN.reset(token)


def styled(plot):
    """Draw with the look of the suite, whatever the settings of the session."""

    @wraps(plot)
    def drawn(*args, **kwargs):
        if _UNDRAWN.get():
            try:
                return plot(*args, **kwargs)
            except _Titled as told:
                return Figure(plot.__name__, Canvas(), pd.DataFrame(), told.title, "", "")
        with mpl.rc_context({**mpl.rcParamsDefault, **_LOOK, "backend": mpl.get_backend()}):
            return plot(*args, **kwargs)

    return drawn


def new_canvas(height_mm: float, title: Sentence, note: str, *, legend: bool = False) -> Canvas:
    """A canvas two columns wide: the finding above, the note below, the axes between them.

    With `legend`, a line is kept free for `legend_above`. Within `undrawn` the plotting function
    ends here.
    """
    if _UNDRAWN.get():
        raise _Titled(title)
    width, height = TWO_COLUMNS, height_mm * MILLIMETRE
    canvas = Canvas(figsize=(width, height))
    title_lines = balanced(title, int(width * 11.2))
    note_lines = wrapped(note, int(width * 19.2))
    canvas.text(
        0.01, 1 - 0.06 / height, "\n".join(title_lines),
        ha="left", va="top", fontsize=9.5, fontweight="bold", linespacing=1.25,
    )  # fmt: skip
    canvas.text(
        0.01, 0.05 / height, "\n".join(note_lines),
        ha="left", va="bottom", fontsize=6.5, color=QUIET, linespacing=1.3,
    )  # fmt: skip
    top = 1 - (0.14 + 0.175 * len(title_lines) + (0.22 if legend else 0)) / height
    bottom = (0.12 + 0.125 * len(note_lines)) / height
    canvas.set_layout_engine("constrained", rect=(0, bottom, 1, top - bottom))
    return canvas


# Spaces at which no line may end: in a date (2 July 2029), between a number and what it counts,
# around a sign of equality, before a number that ends the text, and in a name (Burkina Faso).
_BOUND = re.compile(
    r"(?<=\d)(?<!\b\d{4}) (?=\w)|(?<=\der) (?=\w)|(?<=\w) (?=\d{4}\b)"
    r"|(?<==) | (?==)| (?=\d+$)|(?<=:) (?=\d)"
    r"| (?=d’[A-Z])"
)
_NAME = re.compile(r"\b([A-ZÀ-Þ]\w+) (?=[A-ZÀ-Þ]\w)")
_NO_BREAK = "\N{NO-BREAK SPACE}"


def wrapped(text: str, width: int) -> list[str]:
    """Lines of at most so many letters, none of which ends in the middle of a date or a name."""
    text = _NAME.sub(rf"\1{_NO_BREAK}", _BOUND.sub(_NO_BREAK, text))
    lines = textwrap.wrap(text, width, break_on_hyphens=False)
    return [line.replace(_NO_BREAK, " ") for line in lines]


def balanced(text: str, width: int) -> list[str]:
    """The same number of lines, as short as they can be, so that no word stands alone."""
    lines = wrapped(text, width)
    narrower = (wrapped(text, each) for each in range(width // 2, width))
    return next((each for each in narrower if len(each) <= len(lines)), lines)


def with_codes(note: str, countries, words: Words) -> str:
    """A note with the names of the countries that a figure gives by codes of three letters."""
    codes = [
        words("figure.code", code=words(f"country.short.{country}"), country=country)
        for country in countries
    ]
    return f"{note} {words('figure.codes', codes=codes)}" if codes else note


def legend_above(canvas: Canvas, handles: list) -> None:
    """A legend in the line that `new_canvas(…, legend=True)` keeps free above the axes."""
    _, bottom, _, height = canvas.get_layout_engine().get()["rect"]
    many = len(handles) > 6
    legend = canvas.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.005, bottom + height),
        ncols=len(handles), frameon=False, fontsize=6 if many else 7,
        handlelength=1.2 if many else 1.6, columnspacing=0.9 if many else 1.4, borderaxespad=0,
    )  # fmt: skip
    legend.set_in_layout(False)


def mark_uncovered(axes: Axes, label: str) -> None:
    """A panel of which the tables say nothing: hatched grey, and named."""
    axes.patch.set(facecolor="white", hatch="////", edgecolor=UNCOVERED, lw=0)
    text = axes.text(
        0.5, 0.5, label, transform=axes.transAxes, ha="center", va="center",
        bbox={"fc": "white", "ec": "none"},
    )  # fmt: skip
    instead_of_marks(text).set_in_layout(False)


def write_years(axes: Axes, first: int, last: int) -> None:
    """Years along the time axis, as many as fit, none beyond the last."""
    step = max(1, -(-(last - first) // 12))
    years = range(first, last + 1, step)
    axes.set_xticks([date(year, 1, 1) for year in years], [str(year) for year in years])


def write_year_numbers(axes: Axes, first: int, last: int, most: int) -> None:
    """Years along an axis of whole numbers, at most so many."""
    step = -(-(last - first + 1) // most)
    axes.set_xticks(
        range(first, last + 1, step), [str(year) for year in range(first, last + 1, step)]
    )


def spread(heights: list[float], gap: float, top: float) -> list[float]:
    """Heights of labels beside the ends of lines: in their order, a gap apart, none above the top.

    Where they do not all fit between zero and the top, the gap is made smaller.
    """
    gap = min(gap, top / max(len(heights), 1))
    order = sorted(range(len(heights)), key=heights.__getitem__)
    placed = [0.0] * len(heights)
    below = -gap
    for position in order:
        below = placed[position] = max(heights[position], below + gap)
    above = top + gap
    for position in reversed(order):
        above = placed[position] = min(placed[position], above - gap)
    return placed


def outlined() -> list:
    """The path effect that keeps a label legible where it crosses a line."""
    return [withStroke(linewidth=2.2, foreground="white")]


def country_styles(countries) -> dict[str, tuple[str, object]]:
    """Colour and line style of each country of a study."""
    others = iter(_OTHERS)
    return {country: _FIXED.get(country) or next(others) for country in countries}
