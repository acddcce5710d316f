"""What a filter on the narrower definition of a dataset keeps and misses, month by month."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import num2date
from matplotlib.patches import Patch

from sahel_transitions.figures.figure import (
    INK,
    QUIET,
    Figure,
    country_styles,
    legend_above,
    new_canvas,
    outlined,
    styled,
    write_years,
)
from sahel_transitions.figures.marks import hatch_uncovered, name_unanswered
from sahel_transitions.figures.wording import write_thousands, years_of
from sahel_transitions.indicators import filtered_months
from sahel_transitions.language import Words


@styled
def one_sided_filter(months: pd.DataFrame, words: Words) -> Figure:
    """The deaths that a filter keeps below those that it misses, one panel a country on one scale.

    Parameters
    ----------
    months : DataFrame
        `civilian_deaths(…, by="month")`. Of UCDP the filter is on one-sided violence (type 3)
        among the civilians of all types (U2); of ACLED on violence against civilians (A1) among
        all events that target civilians (A2).
    """
    data = filtered_months(months)
    texts = "figure.one_sided_filter" + ("_acled" if months["source"].iloc[0] == "ACLED" else "")
    countries = list(months["country"].unique())
    most = _most_missed(data)
    if most is not None:
        title = words(f"{texts}.title", country=most["country"], month=most["period"],
                      kept=words.number(most["kept"]), all=words.number(most["value"]))  # fmt: skip
    elif data["value"].notna().any():
        title = words(f"{texts}.none")
    else:
        missing = (data["state"] == "missing").any()
        title = words(f"{texts}.unanswered" if missing else "figure.deaths.not_covered")
    note = words(f"{texts}.note", source=months["source"].iloc[0],
                 vintage=months["vintage"].iloc[0])  # fmt: skip
    for state in ("not_covered", "missing", "provisional"):
        if (data["state"] == state).any():
            note += " " + words(f"figure.{state}.note")
    canvas = new_canvas(38 + 38 * len(countries), title, note, legend=True)
    panels = canvas.subplots(len(countries), 1, sharex=True, sharey=True, squeeze=False)[:, 0]
    highest = np.nanmax(data["value"].to_numpy(), initial=0)
    # Ticks widen a shared axis, so they come before its limits and what is placed by them.
    write_years(panels[-1], *years_of(months))
    for axes, country in zip(panels, countries, strict=True):
        rows = data[data["country"] == country]
        colour = country_styles(countries)[country][0]
        days = [date.fromisoformat(f"{month}-15") for month in rows["period"]]
        axes.bar(days, rows["kept"], width=26, color=colour, lw=0)
        axes.bar(days, rows["missed"], width=26, bottom=rows["kept"], color=colour, alpha=0.4, lw=0)
        axes.set_title(words(f"country.{country}"), color=colour)
        axes.set_ylabel(words("axis.deaths"))
        axes.set_xlim(
            date.fromisoformat(f"{rows['period'].iloc[0]}-01"),
            date.fromisoformat(f"{rows['period'].iloc[-1]}-28"),
        )
        hatch_uncovered(axes, rows["period"], rows["state"])
        name_unanswered(axes, rows["value"], rows["state"], words)
        own = _most_missed(rows)
        if own is not None:
            _label(axes, own, rows, f"{texts}.label", words)
    panels[0].set_ylim(0, 1.15 * highest if highest else 1)
    write_thousands(panels, "y", words)
    if not highest:
        panels[0].set_yticks([])
    handles = [
        Patch(facecolor=INK, label=words(f"{texts}.kept"), lw=0),
        Patch(facecolor=QUIET, alpha=0.45, label=words(f"{texts}.missed"), lw=0),
    ]
    legend_above(canvas, handles)
    alt = words(f"{texts}.alt", sentences=_in_words(data, words))
    return Figure("one_sided_filter", canvas, data, title, note, alt)


def _most_missed(rows: pd.DataFrame) -> pd.Series | None:
    return rows.loc[rows["missed"].idxmax()] if (rows["missed"] > 0).any() else None


def _label(axes: Axes, row: pd.Series, rows: pd.DataFrame, label: str, words: Words) -> None:
    """Name the month in which most is missed, above the bars on the side with more room."""
    day = date.fromisoformat(f"{row['period']}-15")
    first, last = (num2date(limit).date() for limit in axes.get_xlim())
    left = (day - first).days < 0.55 * (last - first).days
    text = words(label, month=row["period"],
                 kept=words.number(row["kept"]), all=words.number(row["value"]))  # fmt: skip
    # Letters of seven points are about four wide; the axes are about 430 points long.
    reach = timedelta(days=(last - first).days * 4.0 * (len(text) + 2) / 430)
    ends = (day, day + reach) if left else (day - reach, day)
    under = rows["period"].between(*(f"{end:%Y-%m}" for end in ends))
    height = rows.loc[under, "value"].max()
    axes.plot([day, day], [row["value"], height], color=QUIET, lw=0.6)
    axes.annotate(
        text, (day, height), (0, 3), textcoords="offset points",
        ha="left" if left else "right", va="bottom", fontsize=7, color=INK,
        path_effects=outlined(), zorder=5,
    )  # fmt: skip


def _in_words(data: pd.DataFrame, words: Words) -> str:
    sentences = []
    for country, rows in data.groupby("country", sort=False):
        most = _most_missed(rows)
        sentences.append(
            words("alt.nothing", country=country) if most is None
            else words("alt.filter", country=country, kept=words.number(rows["kept"].sum()),
                       all=words.number(rows["value"].sum()), month=most["period"],
                       kept_then=words.number(most["kept"]), all_then=words.number(most["value"]))
        )  # fmt: skip
    return " ".join(sentences)
