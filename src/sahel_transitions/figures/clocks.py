"""Promised terms on two clocks: their own, and that of the coup that began the spell."""

import pandas as pd
from matplotlib.ticker import MultipleLocator

from sahel_transitions.figures.deadlines import dated_ends
from sahel_transitions.figures.figure import (
    INK,
    QUIET,
    Figure,
    country_styles,
    mark_uncovered,
    new_canvas,
    outlined,
    styled,
)
from sahel_transitions.language import Words
from sahel_transitions.tables import DAYS_A_YEAR


@styled
def two_clocks(
    promises: pd.DataFrame, countries: tuple[str, ...], as_of: str, words: Words
) -> Figure:
    """Each dated promise of the end of the transition, in years since the coup of its spell.

    The bar runs from the start of the promise's own clock (from the announcement where it names a
    date only) to its due date, so that its length is the term on its own clock and its end the
    length since the coup.

    Parameters
    ----------
    promises : DataFrame
        `promises_known(…)`. Binding dated promises that no later row only makes more exact.
    """
    rows = dated_ends(promises[~promises["refined"]]).sort_values("announced", kind="stable")
    note = words("figure.two_clocks.note", as_of=as_of)
    title = _title(rows, countries, words)
    counts = {country: max(int((rows["country"] == country).sum()), 2) for country in countries}
    canvas = new_canvas(34 + 6 * sum(counts.values()) + 8 * len(countries), title, note)
    panels = canvas.subplots(
        len(countries), 1, sharex=True, squeeze=False,
        gridspec_kw={"height_ratios": list(counts.values())},
    )[:, 0]  # fmt: skip
    styles = country_styles(countries)
    for axes, country in zip(panels, countries, strict=True):
        own = rows[rows["country"] == country]
        colour = styles[country][0]
        axes.set_title(words(f"country.{country}"), color=colour)
        axes.set_yticks([])
        if own.empty:
            mark_uncovered(axes, words("alt.none"))
            continue
        for position, row in enumerate(own.itertuples()):
            _draw(axes, position, row, colour, words)
        axes.set_yticks(range(len(own)), [words.when(when) for when in own["announced_on"]])
        axes.tick_params(axis="y", length=0)
        axes.set_ylim(len(own) - 0.4, -0.6)
        axes.axvline(0, color=QUIET, lw=0.8)
    longest = rows["since_coup_high"].max() if len(rows) else 365
    panels[-1].set_xlim(-0.2, 1.28 * float(longest) / DAYS_A_YEAR)
    panels[-1].xaxis.set_major_locator(MultipleLocator(1))
    panels[-1].xaxis.set_major_formatter(lambda years, _: words.number(years))
    panels[-1].set_xlabel(words("axis.years_since_coup"))
    alt = words("figure.two_clocks.alt", sentences=_in_words(rows, words))
    measures = [
        f"{measure}_{part}"
        for measure in ("own_clock", "since_coup")
        for part in ("low", "days", "high")
    ]
    data = rows[["country", "promise_id", "announced_on", "due_on", "months_promised", *measures]]
    return Figure("two_clocks", canvas, data, title, note, alt)


def _draw(axes, position: int, row, colour: str, words: Words) -> None:
    end = row.since_coup_days / DAYS_A_YEAR
    begin = (row.since_coup_days - row.own_clock_days) / DAYS_A_YEAR
    axes.barh(position, end - begin, left=begin, height=0.5, color=colour, alpha=0.75)
    if row.since_coup_low < row.since_coup_high:
        # A few days are narrower than a line: the bounds are drawn, so that they can be seen.
        bounds = [row.since_coup_low / DAYS_A_YEAR, row.since_coup_high / DAYS_A_YEAR]
        axes.fill_betweenx([position - 0.25, position + 0.25], *bounds, color=INK, lw=0.8)
    axes.annotate(
        words("figure.two_clocks.label", own=_term(row, words), days=words.span(row.since_coup_low, row.since_coup_high)),
        (end, position), (6, 0), textcoords="offset points", va="center", fontsize=6.5,
        path_effects=outlined(),
    )  # fmt: skip


def _term(row, words: Words) -> str:
    if not pd.isna(row.months_promised):
        return words("figure.two_clocks.months", n=int(row.months_promised))
    return words("figure.two_clocks.days", n=int(row.own_clock_days))


def _title(rows: pd.DataFrame, countries: tuple[str, ...], words: Words) -> str:
    latest = rows.groupby("country").tail(1).set_index("country", drop=False)
    latest = latest.loc[[country for country in countries if country in latest.index]]
    each = [
        words("figure.two_clocks.each", country=row.country, coup=row.spell[4:],
              years=row.since_coup_days / DAYS_A_YEAR)
        for row in latest.itertuples()
    ]  # fmt: skip
    return words("figure.two_clocks.title", values=each) if each else words("alt.none_dated")


def _in_words(rows: pd.DataFrame, words: Words) -> str:
    sentences = [
        words("alt.clock", country=row.country, announced=row.announced_on, due=row.due_on,
              own=_term(row, words), days=words.span(row.since_coup_low, row.since_coup_high))
        for row in rows.itertuples()
    ]  # fmt: skip
    return " ".join(sentences) or words("alt.none_dated")
