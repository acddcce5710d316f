"""Figures of the reference class: how long transitions last, and what ends them."""

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sahel_transitions.figures.figure import (
    INK,
    QUIET,
    Figure,
    country_styles,
    legend_above,
    new_canvas,
    styled,
)
from sahel_transitions.figures.panels import instead_of_marks
from sahel_transitions.language import Words
from sahel_transitions.methods import numbers_at_risk, value_at
from sahel_transitions.tables import DAYS_A_YEAR

# How a transition ended, as the mark at its end; filled where someone else than its leader won.
_MARKS = {
    "won_by_someone_else": ("o", True),
    "won_by_leader": ("o", False),
    "overthrow": ("X", True),
    "lasting": (">", True),
}
# Colour-blind safe beside those of Mali and Burkina Faso, and told apart in grey by their lines.
_CURVES = {
    "lasting": (INK, "-"),
    "election": ("#009E73", "-"),
    "won_by_someone_else": ("#000000", (0, (4, 1.5))),
    "overthrow": ("#CC79A7", "-"),
}
_PANELS = (("lasting",), ("election", "won_by_someone_else"), ("overthrow",))
# The whole years, at most, after which a title says how many had ended.
_HORIZON = 3


@styled
def spell_lines(
    spells: pd.DataFrame, promises: pd.DataFrame, countries: tuple[str, ...], as_of: str,
    words: Words,
) -> Figure:  # fmt: skip
    """Every transition as a line as long as it lasted, with the lengths that were promised.

    Parameters
    ----------
    spells, promises : DataFrame
        `spells_known(…)` and `promised_lengths(…)`. The earliest promise of each transition is a
        long tick, later ones are short.
    countries : tuple of str
        The countries of the study, which have their colours; the others are grey.
    """
    counts = _ends(spells)
    title = words("figure.spell_lines.title", **counts) if len(spells) else _none(words)
    note = words("figure.spell_lines.note", as_of=as_of)
    ordered = spells.sort_values(["days", "spell_id"]).reset_index(drop=True)
    canvas = new_canvas(46 + 4.9 * max(len(ordered), 6), title, note, legend=True)
    axes = canvas.subplots()
    colours = {country: style[0] for country, style in country_styles(countries).items()}
    for position, row in enumerate(ordered.itertuples()):
        colour = colours.get(row.country, QUIET)
        mine = promises[promises["spell_id"] == row.spell_id]
        axes.hlines(position, 0, row.days / DAYS_A_YEAR, color=colour, lw=2.2)
        for first, height, width in ((True, 0.36, 1.6), (False, 0.2, 1.0)):
            at = mine.loc[mine["first"] == first, "promised_days"] / DAYS_A_YEAR
            axes.vlines(at, position - height, position + height, color=INK, lw=width, zorder=3)
        mark, filled = _MARKS[row.cause or "lasting"]
        axes.plot(row.days / DAYS_A_YEAR, position, mark, ms=6, color=colour, mew=1.3, zorder=4,
                  mfc=colour if filled else "white")  # fmt: skip
    axes.set_yticks(range(len(ordered)), [_name(row, words) for row in ordered.itertuples()])
    for label, country in zip(axes.get_yticklabels(), ordered["country"], strict=True):
        label.set(color=colours.get(country, INK))
        label.set_fontweight("bold" if country in colours else "normal")
    axes.tick_params(axis="y", length=0)
    axes.set_xlim(left=0)
    axes.set_xlabel(words("axis.transition_years"))
    if ordered.empty:
        _leave_empty(axes, title)
    legend_above(canvas, _legend(ordered, promises, words))
    data = ordered[["spell_id", "country", "began", "exit", "cause", "ended", "days", "sources"]]
    longest = [
        words("alt.spell", name=_name(row, words), days=row.days)
        for row in ordered[::-1].head(3).itertuples()
    ]
    alt = words("figure.spell_lines.alt", as_of=as_of, longest=longest or [words("alt.none")],
                **counts)  # fmt: skip
    return Figure("spell_lines", canvas, data, title, note, alt)


def _ends(spells: pd.DataFrame) -> dict[str, int]:
    causes = spells["cause"].value_counts()
    leader, other = (int(causes.get(name, 0)) for name in ("won_by_leader", "won_by_someone_else"))
    return {
        "n": len(spells),
        "votes": leader + other,
        "leader": leader,
        "overthrown": int(causes.get("overthrow", 0)),
        "lasting": int(spells["lasting"].sum()),
    }


def _name(row, words: Words) -> str:
    return words("cell.spell", country=row.country, began=str(row.began)[:7])


def _none(words: Words) -> str:
    return words("figure.transitions.none")


def _legend(spells: pd.DataFrame, promises: pd.DataFrame, words: Words) -> list[Line2D]:
    there = set(spells["cause"].replace("", "lasting"))
    handles = [
        Line2D([], [], lw=0, marker=mark, color=INK, mec=INK, ms=5,
               mfc=INK if filled else "white", label=words(f"figure.spell_lines.{cause}"))
        for cause, (mark, filled) in _MARKS.items()
        if cause in there
    ]  # fmt: skip
    if len(promises):
        handles.append(
            Line2D([], [], lw=0, marker="|", color=INK, ms=8, mew=1.6,
                   label=words("figure.spell_lines.promised"))
        )  # fmt: skip
    return handles


@styled
def transition_ends(curves: pd.DataFrame, spells: pd.DataFrame, as_of: str, words: Words) -> Figure:
    """The share of transitions that lasts, and that has ended with a vote or an overthrow.

    Parameters
    ----------
    curves : DataFrame
        `transitions(…)`; drawn are all transitions, as they are (not merged).
    spells : DataFrame
        `spells_known(…)`, for the numbers still at risk beneath the axes.
    """
    drawn = curves[(curves["counting"] == "each") & (curves["stratum"] == "all")]
    note = words("figure.transition_ends.note", as_of=as_of)
    last = max(spells["days"], default=0) / DAYS_A_YEAR
    values = _after_years(drawn, min(_HORIZON, int(last)))
    if drawn.empty:
        title = words("figure.transitions.none_ended") if len(spells) else _none(words)
    elif values["years"] == 0:
        title = words("figure.spell_lines.title", **_ends(spells))
    else:
        title = words(
            "figure.transition_ends.title", n=values["years"], spells=len(spells), **values
        )
    canvas = new_canvas(104, title, note)
    panels = canvas.subplots(1, len(_PANELS), sharey=True)
    for axes, causes in zip(panels, _PANELS, strict=True):
        axes.set_title(words(f"figure.transition_ends.{causes[0]}"))
        if drawn.empty:
            _leave_empty(axes, title if axes is panels[len(panels) // 2] else "")
            continue
        for cause in causes:
            _draw_curve(axes, drawn[drawn["cause"] == cause], cause, last)
        handles = _lines(causes, words)
        axes.legend(handles=handles, loc="upper left", frameon=False, fontsize=6)
        years = range(int(last) + 1)
        at_risk = numbers_at_risk(spells["days"], [year * DAYS_A_YEAR for year in years])
        axes.set_xticks(
            years, [f"{year}\n{number}" for year, number in zip(years, at_risk, strict=True)]
        )
        axes.set_xlim(0, last)
    panels[len(panels) // 2].set_xlabel(words("axis.transition_years_at_risk"))
    # Above the curves is room for what they mean.
    panels[0].set_ylim(0, 1.45)
    panels[0].set_yticks([] if drawn.empty else np.linspace(0, 1, 6))
    panels[0].yaxis.set_major_formatter(lambda share, _: words.formatted(share, "percent"))
    alt = words("figure.transition_ends.alt", as_of=as_of, spells=len(spells),
                n=values["years"], **values)  # fmt: skip
    if drawn.empty or values["years"] == 0:
        alt = f"{title}. {note}"
    return Figure("transition_ends", canvas, drawn, title, note, alt)


def _after_years(curves: pd.DataFrame, years: int) -> dict[str, float]:
    """How many had ended after so many years, and the estimated share in whole per cent."""
    kinds = {
        "election": ("election", "votes"),
        "won_by_someone_else": ("other", "others"),
        "overthrow": ("overthrow", "overthrown"),
    }
    values: dict[str, float] = {"years": years}
    for cause, (share, count) in kinds.items():
        rows = curves[curves["cause"] == cause].rename(columns={"days": "time"})
        reached = value_at(rows, "share", [years * DAYS_A_YEAR], start=0)[0]
        # Of so few cases, more figures say nothing.
        values[share] = round(float(reached), 2)
        values[count] = int(rows.loc[rows["time"] <= years * DAYS_A_YEAR, "events"].sum())
    return values


def _leave_empty(axes, label: str) -> None:
    """Axes on which nothing is known to have happened: named, and not hatched as uncovered.

    Without a label they are no panel, but a place that another one speaks for.
    """
    if not label:
        axes.set_axis_off()
        return
    text = axes.text(
        0.5, 0.5, label, transform=axes.transAxes, ha="center", va="center", fontsize=6.5
    )
    instead_of_marks(text)
    axes.set_xticks([])
    axes.set_yticks([])


def _draw_curve(axes, rows: pd.DataFrame, cause: str, last: float) -> None:
    colour, line = _CURVES[cause]
    start = 1 if cause == "lasting" else 0
    years = np.array([0, *(rows["days"] / DAYS_A_YEAR), last])
    share = np.array([start, *rows["share"], rows["share"].iloc[-1]])
    axes.step(years, share, where="post", color=colour, ls=line, lw=1.8, zorder=3)
    if line == "-":
        low, high = _edges(rows, "low", "high")
        axes.fill_between(years, low, high, step="post", color=colour, alpha=0.18, lw=0)
    # A second band over the first would hide which is which.
    dotted = {"lasting": ("band_low", "band_high"), "won_by_someone_else": ("low", "high")}
    if cause in dotted:
        for edge in _edges(rows, *dotted[cause]):
            axes.step(years, edge, where="post", color=colour, ls=(0, (1, 2)), lw=0.8)


def _edges(rows: pd.DataFrame, *names: str) -> list[np.ndarray]:
    return [np.array([np.nan, *rows[name], rows[name].iloc[-1]]) for name in names]


def _lines(causes: tuple[str, ...], words: Words) -> list:
    handles: list = [
        Line2D([], [], color=_CURVES[cause][0], ls=_CURVES[cause][1], lw=1.8,
               label=words(f"exit.{cause}"))
        for cause in causes
    ]  # fmt: skip
    handles.append(
        Patch(color=_CURVES[causes[0]][0], alpha=0.18, lw=0, label=words("figure.band_95"))
    )
    dotted = {("lasting",): "figure.band_95_all", _PANELS[1]: "figure.band_95_of"}
    if causes in dotted:
        handles.append(
            Line2D([], [], color=_CURVES[causes[-1]][0], ls=(0, (1, 2)), lw=0.8,
                   label=words(dotted[causes]))
        )  # fmt: skip
    return handles
