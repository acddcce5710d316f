"""What happened in a country, for drawing over its series: shocks and loss of access."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import num2date

from sahel_transitions.figures.figure import QUIET, SHADE, UNCOVERED, mark_uncovered
from sahel_transitions.language import Words
from sahel_transitions.parameters import Parameters
from sahel_transitions.tables import Table, parse_partial_date


@dataclass(frozen=True)
class Marks:
    """Shocks of the study and closures of access known on its day.

    `shocks` and `access` have `country`, `earliest` and `latest` (dates); the former also
    `shock`, the latter `kind`.
    """

    shocks: pd.DataFrame
    access: pd.DataFrame


def read_marks(parameters: Parameters, tables: Mapping[str, Table]) -> Marks:
    """The marks of the countries of a study, none of them later than its day."""
    day = date.fromisoformat(parameters.as_of)
    shocks = tables["shocks"].frame
    shocks = shocks[shocks["shock_id"].isin(parameters.shocks)]
    shocks = shocks.rename(columns={"shock_id": "shock"})
    return Marks(
        _known(shocks, "date", parameters.countries, day)[["country", "shock", *_ENDS]],
        _known(tables["access"].frame, "first", parameters.countries, day)[
            ["country", "kind", *_ENDS]
        ],
    )


_ENDS = ["earliest", "latest"]


def _known(rows: pd.DataFrame, column: str, countries, day: date) -> pd.DataFrame:
    when = [parse_partial_date(text) for text in rows[column]]
    rows = rows.assign(
        earliest=[each.earliest for each in when], latest=[each.latest for each in when]
    )
    known = pd.Series([each.latest <= day for each in when], index=rows.index)
    return rows[known & rows["country"].isin(countries)].reset_index(drop=True)


# Room that a label along a line needs, across and along it, in points.
_ACROSS, _PER_LETTER = 9.0, 3.7
# Labels hang below the ticks of the access ledger.
_TOP = 0.95


def draw_shocks(
    axes: Axes, shocks: pd.DataFrame, labels: list[str], colours: list[str], styles: list
) -> list[tuple[float, float, float]]:
    """Thin lines, or spans where the date is an interval, with their names along them.

    Shocks outside the time axis are not drawn. A label stands left of its line, right of it where
    the left is taken, and lower where both are.

    Returns
    -------
    list of (float, float, float)
        Where labels stand, as fractions of the axes: left, right and bottom.
    """
    first, last = (num2date(limit).date() for limit in axes.get_xlim())
    length = max((last - first).days, 1)
    width, height = _size_in_points(axes)
    taken: list[tuple[float, float, float]] = []
    rows = zip(shocks.itertuples(), labels, colours, styles, strict=True)
    for shock, label, colour, style in rows:
        if shock.latest < first or shock.earliest > last:
            continue
        axes.axvline(shock.earliest, color=colour, lw=0.7, ls=style, zorder=1)
        if shock.latest > shock.earliest:
            axes.axvspan(shock.earliest, shock.latest, color=colour, alpha=0.2, lw=0, zorder=1)
        at = (shock.earliest - first).days / length
        side, level = _free_place(at, _ACROSS / width, taken)
        left = at - _ACROSS / width if side == "right" else at
        bottom = level + _PER_LETTER * (len(label) + 2) / height
        if bottom > 1:
            # No room is left: the line stays, and the alt text and tables name it.
            continue
        taken.append((left, left + _ACROSS / width, bottom))
        text = axes.annotate(
            label, (shock.earliest, _TOP - level), (-2 if side == "right" else 2, -1),
            xycoords=("data", "axes fraction"), textcoords="offset points", rotation=90,
            ha=side, va="top", fontsize=6.5, color=colour,
        )  # fmt: skip
        text.set_in_layout(False)
    return [(left, right, _TOP - bottom) for left, right, bottom in taken]


def room_for_labels(axes: Axes, labels: list[str]) -> float:
    """The part of the height below labels that hang from the top, in which lines may be drawn."""
    longest = max(map(len, labels), default=0)
    return max(0.4, _TOP - _PER_LETTER * (longest + 1) / _size_in_points(axes)[1])


def _free_place(
    at: float, across: float, taken: list[tuple[float, float, float]]
) -> tuple[str, float]:
    """The side of a line and the depth below the top at which its label touches no other."""
    for level in sorted({0.0, *(bottom for _, _, bottom in taken)}):
        for side, left in (("right", at - across), ("left", at)):
            touched = [
                bottom
                for start, end, bottom in taken
                if left < end and start < left + across and bottom > level
            ]
            if not touched:
                return side, level
    return "right", 0.0


def _size_in_points(axes: Axes) -> tuple[float, float]:
    """About how large the axes will be once the layout is done."""
    inches = axes.figure.get_size_inches()
    spec = axes.get_subplotspec()
    ratios = spec.get_gridspec().get_height_ratios()
    share = ratios[spec.rowspan.start] / sum(ratios)
    return 72 * 0.86 * inches[0], 72 * 0.68 * inches[1] * share


def draw_access(axes: Axes, marks: Marks, country: str) -> None:
    """Grey from the first closure on, and a tick at the top for each."""
    rows = marks.access[marks.access["country"] == country]
    if rows.empty:
        return
    first, last = axes.get_xlim()
    start = rows["earliest"].min()
    axes.axvspan(start, date(2100, 1, 1), color=SHADE, alpha=0.55, lw=0, zorder=0)
    for closed in rows["earliest"]:
        axes.plot(
            [closed, closed], [0.965, 1], transform=axes.get_xaxis_transform(),
            color=QUIET, lw=0.8, zorder=2, clip_on=True,
        )  # fmt: skip
    axes.set_xlim(first, last)


# How time without a firm value is drawn; a true zero is a mark on the axis and no area.
_AREAS = (
    ("not_covered", "////", UNCOVERED),
    ("missing", "xxxx", UNCOVERED),
    ("provisional", "..", SHADE),
)


def hatch_uncovered(axes: Axes, months: pd.Series, states: pd.Series) -> None:
    """Grey over months without a value: hatched outside the coverage, crossed where it is missing.

    Provisional months are dotted.
    """
    for state, hatch, colour in _AREAS:
        for month in months[states == state]:
            start = date.fromisoformat(f"{month}-01")
            end = (start + timedelta(days=32)).replace(day=1)
            axes.axvspan(
                start, end, facecolor="white", edgecolor=colour, hatch=hatch, lw=0, zorder=0
            )


def hatch_years(axes: Axes, years: pd.Series, states: pd.Series) -> None:
    """The same over years on an axis of whole numbers, each from its half before to its half after."""
    for state, hatch, colour in _AREAS:
        for year in sorted(set(years[states == state].astype("int64"))):
            axes.axvspan(
                year - 0.5, year + 0.5, facecolor="white", edgecolor=colour, hatch=hatch, lw=0,
                zorder=0,
            )  # fmt: skip


def name_unanswered(axes: Axes, values: pd.Series, states: pd.Series, words: Words) -> None:
    """A panel without any value is hatched all over, and says the state of most of its time."""
    if values.isna().all():
        absent = states[states.isin([state for state, *_ in _AREAS])]
        state = "missing" if absent.empty else absent.mode().iloc[0]
        mark_uncovered(axes, words(f"state.{state}"))
