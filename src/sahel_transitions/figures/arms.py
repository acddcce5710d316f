"""Figures of deliveries of major weapons."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sahel_transitions.figures.figure import (
    INK,
    QUIET,
    Figure,
    country_styles,
    legend_above,
    mark_uncovered,
    new_canvas,
    styled,
)
from sahel_transitions.indicators.arms import UNKNOWN
from sahel_transitions.language import Words

# Windows are drawn light to dark; they end so many years apart and share one year.
_SHADES = ("#d5dfe6", "#8fb3cc", "#1f5f8b")
_APART = 4
# Suppliers of less than this in every window drawn are summed.
_LEAST = 0.05
_OTHERS = "others"


@styled
def arms_portfolios(arms: pd.DataFrame, words: Words) -> Figure:
    """Shares of suppliers in up to three windows side by side, and how concentrated they were.

    Parameters
    ----------
    arms : DataFrame
        `arms(…)`. Windows that the register does not cover whole are hatched.
    """
    countries = list(arms["country"].unique())
    ends = sorted(arms["window_end"].unique())[::-1][::_APART][:3][::-1]
    shown = arms[arms["window_end"].isin(ends)]
    bars = _bars(shown)
    suppliers = _order(bars)
    title, note = _title(shown, words), _note(shown, words)
    height = 3.1 * max(len(suppliers), 6) * max(len(ends), 2) ** 0.75
    canvas = new_canvas(62 + height, title, note, legend=True)
    panels = canvas.subplots(
        2, max(len(countries), 1), sharex="row", sharey="row", squeeze=False,
        gridspec_kw={"height_ratios": [max(len(suppliers), 6), 3]},
    )  # fmt: skip
    styles = country_styles(countries)
    for (above, below), country in zip(panels.T, countries, strict=False):
        above.set_title(words(f"country.{country}"), color=styles[country][0])
        mine = shown[shown["country"] == country]
        if (mine["state"] == "not_covered").all():
            mark_uncovered(above, words("state.not_covered"))
            mark_uncovered(below, words("state.not_covered"))
        _draw_shares(above, bars[bars["country"] == country], suppliers, ends, words)
        _draw_concentration(below, mine.drop_duplicates("window_end"), ends)
    _finish(panels, suppliers, ends, shown, words)
    partial = set(shown.loc[shown["state"] == "partial", "window_end"])
    handles = [
        Patch(fc=shade, hatch="////" if end in partial else None, ec="white",
              label=_windows(shown, words)[end])
        for end, shade in zip(ends, _SHADES[-len(ends):] if ends else (), strict=True)
    ]  # fmt: skip
    handles.append(Line2D([], [], color=INK, lw=2, label=words("figure.arms_portfolios.range")))
    legend_above(canvas, handles)
    alt = words("figure.arms_portfolios.alt", sentences=_in_words(shown, words))
    return Figure("arms_portfolios", canvas, shown, title, note, alt)


def _bars(shown: pd.DataFrame) -> pd.DataFrame:
    """Shares by country, window and supplier, small ones summed."""
    rows = shown.dropna(subset="supplier")
    largest = rows.groupby("supplier")["share"].max()
    small = largest[(largest < _LEAST) & (largest.index != UNKNOWN)].index
    rows = rows.assign(supplier=rows["supplier"].where(~rows["supplier"].isin(small), _OTHERS))
    keys = ["country", "window_end", "state", "supplier"]
    return rows.groupby(keys, as_index=False, sort=False)["share"].sum()


def _order(bars: pd.DataFrame) -> list[str]:
    """Named suppliers by their largest share, then the others, then the unknown."""
    largest = bars.groupby("supplier")["share"].max().sort_values(ascending=False, kind="stable")
    last = [name for name in (_OTHERS, UNKNOWN) if name in largest.index]
    return [*(name for name in largest.index if name not in last), *last]


def _draw_shares(
    axes: Axes, bars: pd.DataFrame, suppliers: list[str], ends: list[int], words: Words
) -> None:
    height = 0.8 / max(len(ends), 1)
    shades = _SHADES[-len(ends) :]
    for row in bars.itertuples():
        position = ends.index(row.window_end)
        at = suppliers.index(row.supplier) - 0.4 + height * (position + 0.5)
        hatch = "////" if row.state == "partial" else None
        axes.barh(at, row.share, height=height, color=shades[position], hatch=hatch, ec="white",
                  lw=0.3)  # fmt: skip
    axes.tick_params(axis="y", length=0)
    axes.set_axisbelow(True)
    axes.grid(axis="x", color="#e5e5e5", lw=0.5)
    axes.xaxis.set_major_formatter(lambda value, _: words.formatted(value, "percent"))


def _draw_concentration(axes: Axes, windows: pd.DataFrame, ends: list[int]) -> None:
    shades = _SHADES[-len(ends) :]
    for row in windows.dropna(subset="hhi").itertuples():
        at = ends.index(row.window_end)
        axes.hlines(at, row.hhi_high, row.hhi_highest, color=QUIET, lw=0.9)
        axes.hlines(at, row.hhi_low, row.hhi_high, color=INK, lw=2)
        face = "white" if row.state == "partial" else shades[at]
        axes.plot(row.hhi, at, "o", ms=5, mfc=face, mec=INK, mew=0.8)
    axes.set_axisbelow(True)
    axes.grid(axis="x", color="#e5e5e5", lw=0.5)
    axes.tick_params(axis="y", length=0)


def _finish(panels, suppliers, ends, shown: pd.DataFrame, words: Words) -> None:
    names = [
        words("figure.arms_portfolios.others") if name == _OTHERS else words.supplier(name)
        for name in suppliers
    ]
    panels[0, 0].set_yticks(range(len(suppliers)), names)
    panels[0, 0].set_ylim(max(len(suppliers), 1) - 0.4, -0.6)
    panels[0, 0].set_xlim(0, 1.08 * shown["share"].max() if shown["share"].notna().any() else 1)
    panels[1, 0].set_yticks(range(len(ends)), [_windows(shown, words)[end] for end in ends])
    panels[1, 0].set_ylim(max(len(ends), 1) - 0.4, -0.6)
    highest = shown["hhi_highest"].max()
    panels[1, 0].set_xlim(0, 1.1 * highest if highest > 0 else 1)
    for above, below in panels.T:
        above.set_xlabel(words("axis.arms_share"))
        below.set_xlabel(words("axis.hhi"))
        below.xaxis.set_major_formatter(lambda value, _: words.number(value, 1))


def _windows(shown: pd.DataFrame, words: Words) -> dict[int, str]:
    """The name of each window by its last year, with the last year covered where that is another."""
    names = {}
    for end, rows in shown.groupby("window_end"):
        fields = {"first": int(rows["window_start"].iloc[0]), "last": int(end)}
        partial = rows[rows["state"] == "partial"]
        if partial.empty:
            names[end] = words("figure.arms_portfolios.window", **fields)
        else:
            covered = fields["first"] + int(partial["years"].min()) - 1
            names[end] = words("figure.arms_portfolios.window_partial", covered=covered, **fields)
    return names


def _title(shown: pd.DataFrame, words: Words) -> str:
    """The largest supplier of each country in the last window."""
    known = shown.dropna(subset="supplier")
    known = known[(known["window_end"] == known["window_end"].max())]
    known = known[known["supplier"] != UNKNOWN]
    if known.empty:
        return words("figure.arms_portfolios.none")
    firsts = known.groupby("country", sort=False).head(1)
    each = [
        words("figure.arms_portfolios.first", country=row.country, share=row.share,
              supplier=words.supplier(row.supplier))
        for row in firsts.itertuples()
    ]  # fmt: skip
    return words("figure.arms_portfolios.title", window=_windows(shown, words)[known["window_end"].max()],
                 firsts=each)  # fmt: skip


def _note(shown: pd.DataFrame, words: Words) -> str:
    note = words("figure.arms_portfolios.note")
    partial = shown[shown["state"] == "partial"]
    if partial.empty:
        return note
    end, years = int(partial["window_end"].max()), int(partial["years"].min())
    return note + " " + words("figure.arms_portfolios.partial", n=years,
                              first=end - 4, last=end)  # fmt: skip


def _in_words(shown: pd.DataFrame, words: Words) -> str:
    sentences = []
    for (country, end), rows in shown.groupby(["country", "window_end"], sort=False):
        named = rows.dropna(subset="supplier")
        if named.empty:
            continue
        largest = [
            words("alt.supplier", supplier=words.supplier(row.supplier), share=row.share)
            for row in named.head(4).itertuples()
        ]
        sentences.append(
            words("alt.arms", country=country, window=_windows(shown, words)[end], suppliers=largest,
                  hhi=words.number(rows["hhi"].iloc[0], 2))
        )  # fmt: skip
    return " ".join(sentences) or words("alt.none")
