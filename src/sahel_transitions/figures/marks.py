"""What happened in a country, for drawing over its series: shocks and loss of access."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
from matplotlib.axes import Axes

from sahel_transitions.figures.figure import INK, QUIET, SHADE
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


def draw_shocks(axes: Axes, marks: Marks, country: str, words: Words) -> None:
    """Thin lines, or spans where the date is an interval, with their names along them."""
    first, last = axes.get_xlim()
    for shock in marks.shocks[marks.shocks["country"] == country].itertuples():
        axes.axvspan(shock.earliest, shock.latest, color=INK, alpha=0.25, lw=0.6, zorder=1)
        axes.axvline(shock.earliest, color=INK, lw=0.6, zorder=1)
        axes.annotate(
            words(f"shock.short.{shock.shock}"), (shock.earliest, 1), (-2, -1),
            xycoords=("data", "axes fraction"), textcoords="offset points",
            rotation=90, ha="right", va="top", fontsize=6.5, color=INK,
        )  # fmt: skip
    axes.set_xlim(first, last)


def draw_access(axes: Axes, marks: Marks, country: str, words: Words) -> None:
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


def hatch_uncovered(axes: Axes, months: pd.Series, states: pd.Series) -> None:
    """Hatched grey over months outside the coverage, lighter hatching over provisional ones."""
    for state, hatch, colour in (("not_covered", "////", "#bdbdbd"), ("provisional", "..", SHADE)):
        for month in months[states == state]:
            start = date.fromisoformat(f"{month}-01")
            end = (start + timedelta(days=32)).replace(day=1)
            axes.axvspan(
                start, end, facecolor="white", edgecolor=colour, hatch=hatch, lw=0, zorder=0
            )
