"""Maps of reported civilian deaths by first-order unit and year."""

import geopandas as gpd
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from sahel_transitions.figures.figure import (
    QUIET,
    UNCOVERED,
    Figure,
    country_styles,
    legend_above,
    new_canvas,
    styled,
)
from sahel_transitions.figures.panels import instead_of_marks
from sahel_transitions.language import Words
from sahel_transitions.sources import NOT_LOCATED

# Classes are the same in every year and country: their upper ends, and colours that darken evenly.
_UPPER = [0, 9, 49, 199, 499, np.inf]
_COLOURS = ["#ffffff", "#fde3c8", "#f9b67f", "#e8743b", "#b63a1e", "#5f1710"]
_HATCHES = {"not_covered": "////", "missing": "xxxx", "provisional": "..."}
# Lambert's azimuthal equal-area projection about the middle of the region.
_EQUAL_AREA = "+proj=laea +lat_0=16 +lon_0=-2 +datum=WGS84 +units=m"
_MAP_MM, _EMPTY_MM = 23, 10


@styled
def deaths_maps(
    units: pd.DataFrame, places: pd.DataFrame, elsewhere: pd.DataFrame, boundaries: pd.DataFrame,
    words: Words,
) -> Figure:  # fmt: skip
    """One row of maps a country, one column a year, with the same classes everywhere.

    Parameters
    ----------
    units : DataFrame
        `civilian_deaths(…, by="admin1")` as counts: the countries, definition, source and vintage.
    places, elsewhere : DataFrame
        `units_on_map(…)`. What is not located or has no outline is told in the note.
    boundaries : DataFrame
        The table of outlines: `country`, `admin1` and `geometry` (WKT, degrees).
    """
    countries = list(units["country"].unique())
    periods = sorted(places["period"].unique())
    named = _with_those_within(places, elsewhere, words)
    title = _title(named, words)
    note = _note(units, places, elsewhere, words)
    outlines = {
        country: gpd.GeoSeries.from_wkt(
            boundaries.loc[boundaries["country"] == country].set_index("admin1")["geometry"],
            crs="EPSG:4326",
        ).to_crs(_EQUAL_AREA)
        for country in places["country"].unique()
    }
    drawn = {country: _is_drawn(places, country) for country in countries}
    heights = [_height(outlines[each]) if drawn[each] else _EMPTY_MM for each in countries]
    canvas = new_canvas(40 + 4 * len(countries) + sum(heights), title, note, legend=True)
    grid = canvas.add_gridspec(len(countries), max(len(periods), 1), height_ratios=heights)
    canvas.get_layout_engine().set(w_pad=0.01, h_pad=0.02, wspace=0, hspace=0)
    styles = country_styles(countries)
    headed = False
    for row, country in enumerate(countries):
        if not drawn[country]:
            outlined = bool((boundaries["country"] == country).any())
            axes = canvas.add_subplot(grid[row, :])
            _say_why(axes, country, places, words, outlined=outlined)
            continue
        for column, period in enumerate(periods):
            axes = canvas.add_subplot(grid[row, column])
            here = places[(places["country"] == country) & (places["period"] == period)]
            _draw(axes, outlines[country], here)
            if not headed:
                axes.set_title(period, loc="center")
            if column == 0:
                axes.set_ylabel(words(f"country.{country}"), color=styles[country][0],
                                fontweight="bold")  # fmt: skip
        headed = True
    if any(drawn.values()):
        legend_above(canvas, _handles(places, words))
    alt = words("figure.deaths_maps.alt", sentences=_in_words(named, countries, words))
    return Figure("deaths_maps", canvas, places, title, note, alt)


def _is_drawn(places: pd.DataFrame, country: str) -> bool:
    states = places.loc[places["country"] == country, "state"]
    return len(states) > 0 and not (states == "not_told").all()


def _height(outlines: gpd.GeoSeries) -> float:
    left, bottom, right, top = outlines.total_bounds
    return _MAP_MM * (top - bottom) / (right - left)


def _draw(axes: Axes, outlines: gpd.GeoSeries, here: pd.DataFrame) -> None:
    here = here.set_index("admin1").loc[outlines.index]
    colours = [
        "white" if np.isnan(value) else _COLOURS[int(np.searchsorted(_UPPER, value))]
        for value in here["value"]
    ]
    outlines.plot(ax=axes, color=colours, edgecolor=QUIET, linewidth=0.35, aspect="equal")
    for state, hatch in _HATCHES.items():
        marked = outlines[(here["state"] == state).to_numpy()]
        if len(marked):
            marked.plot(ax=axes, facecolor="none", edgecolor=UNCOVERED, hatch=hatch, linewidth=0.35,
                        aspect="equal")  # fmt: skip
    axes.set(xticks=[], yticks=[], xlabel="", ylabel="")
    axes.spines[:].set_visible(False)


def _say_why(
    axes: Axes, country: str, places: pd.DataFrame, words: Words, *, outlined: bool
) -> None:
    """A row without maps says so: no outlines, or nothing that could be put on them."""
    key = "not_told" if (places["country"] == country).any() else "no_outlines"
    if outlined and key == "no_outlines":
        key = "no_year"
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    text = axes.text(
        0.5, 0.5, words(f"figure.deaths_maps.{key}", country=country), ha="center", va="center",
        transform=axes.transAxes, color=QUIET,
    )  # fmt: skip
    instead_of_marks(text).set_in_layout(False)


def _handles(places: pd.DataFrame, words: Words) -> list[Patch]:
    lower = [0, *(int(upper) + 1 for upper in _UPPER[:-1])]
    labels = [words.number(0)]
    labels += [
        words("cell.days", first=words.number(first), last=words.number(last))
        for first, last in zip(lower[1:-1], _UPPER[1:-1], strict=True)
    ]
    labels.append(words("figure.deaths_maps.or_more", value=words.number(lower[-1])))
    handles = [
        Patch(facecolor=colour, edgecolor=QUIET, lw=0.35, label=label)
        for colour, label in zip(_COLOURS, labels, strict=True)
    ]
    return handles + [
        Patch(facecolor="white", edgecolor=UNCOVERED, hatch=hatch, lw=0.35,
              label=words(f"state.{state}"))
        for state, hatch in _HATCHES.items()
        if (places["state"] == state).any()
    ]  # fmt: skip


def _with_those_within(places: pd.DataFrame, elsewhere: pd.DataFrame, words: Words) -> pd.DataFrame:
    """The places under names that say which other units are counted in them."""
    moved = elsewhere[elsewhere["within"].notna()]
    others = moved.groupby(["country", "within"])["admin1"].agg(list)
    names = [
        words("figure.deaths_maps.with", unit=row.admin1, others=others[row.country, row.admin1])
        if (row.country, row.admin1) in others.index
        else row.admin1
        for row in places.itertuples()
    ]
    return places.assign(admin1=names)


def _title(places: pd.DataFrame, words: Words) -> str:
    known = places[places["value"] > 0]
    if known.empty:
        return words("figure.deaths_maps.none")
    highest = known.loc[known.groupby("country", sort=False)["value"].idxmax()]
    each = [
        words("figure.deaths_maps.each", unit=row.admin1, country=row.country, period=row.period,
              value=row.value)
        for row in highest.itertuples()
    ]  # fmt: skip
    return words("figure.deaths_maps.title", units=each)


def _note(units: pd.DataFrame, places: pd.DataFrame, elsewhere: pd.DataFrame, words: Words) -> str:
    parts = [
        words(f"definition.{units['definition'].iloc[0]}"),
        words("figure.source", source=units["source"].iloc[0], vintage=units["vintage"].iloc[0]),
        words("figure.deaths_maps.note"),
    ]
    mapped = elsewhere[elsewhere["country"].isin(places["country"].unique())]
    for country, rows in mapped.groupby("country", sort=False):
        for row in rows.itertuples():
            key = "within" if isinstance(row.within, str) else "unmapped"
            key = "not_located" if row.admin1 == NOT_LOCATED else key
            parts.append(
                words(f"figure.deaths_maps.{key}", country=country, unit=row.admin1,
                      within=row.within, value=words.number(row.value), share=row.share)
            )  # fmt: skip
    return " ".join(parts)


def _in_words(places: pd.DataFrame, countries: list[str], words: Words) -> str:
    sentences = []
    for country in countries:
        rows = places[places["country"] == country]
        totals = rows.groupby("admin1", sort=False)["value"].sum().sort_values(ascending=False)
        totals = totals[totals > 0].head(4)
        each = [f"{unit} ({words.number(value)})" for unit, value in totals.items()]
        sentences.append(
            words("alt.units", country=country, units=each) if each
            else words("alt.nothing", country=country)
        )  # fmt: skip
    return " ".join(sentences)
