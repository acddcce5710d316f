"""The status of every partner and channel on one day, as a matrix for each country."""

import pandas as pd
from matplotlib.patches import Rectangle

from sahel_transitions.figures.figure import (
    Figure,
    country_styles,
    legend_above,
    mark_uncovered,
    new_canvas,
    styled,
)
from sahel_transitions.figures.partners import STATE_COLOURS, state_handles, state_look
from sahel_transitions.indicators.partner_shifts import MEASURES
from sahel_transitions.language import Words


@styled
def status_matrix(
    states: pd.DataFrame, countries: tuple[str, ...], as_of: str, words: Words
) -> Figure:
    """Partners down, channels across, one panel a country.

    Parameters
    ----------
    states : DataFrame
        `partner_states(…)`. A state that prepares another and is not followed for a year is
        drawn pale.
    countries : tuple of str
        One without a ledger has an empty, hatched panel.
    """
    known = states[states["since"].notna()]
    partners = list(known["partner"].unique())
    channels = list(known["channel"].unique())
    title = _title(known, words)
    note = words("figure.status_matrix.note", as_of=as_of)
    canvas = new_canvas(66 + 4.6 * max(len(partners), 3), title, note, legend=True)
    panels = canvas.subplots(1, len(countries), sharey=True, squeeze=False)[0]
    styles = country_styles(countries)
    for axes, country in zip(panels, countries, strict=True):
        own = known[known["country"] == country]
        axes.set_title(words(f"country.{country}"), color=styles[country][0])
        if own.empty:
            uncovered = states.loc[states["country"] == country, "state"].eq("not_covered").all()
            mark_uncovered(axes, words("state.not_covered" if uncovered else "cell.no_row"))
        for row in own.itertuples():
            if row.state not in STATE_COLOURS:
                continue
            colour, hatch = state_look(row.channel, row.state)
            corner = channels.index(row.channel) - 0.45, partners.index(row.partner) - 0.42
            axes.add_patch(
                Rectangle(corner, 0.9, 0.84, fc=colour, hatch=hatch, ec="white", lw=0.3,
                          alpha=0.35 if row.unfinished else 1)
            )  # fmt: skip
        axes.set_xlim(-0.6, max(len(channels), 1) - 0.4)
        axes.set_xticks(
            range(len(channels)), [words.heading(f"channel.short.{name}") for name in channels],
            rotation=90,
        )  # fmt: skip
        axes.tick_params(length=0)
        axes.set_axisbelow(True)
        axes.grid(color="#eeeeee", lw=0.5)
    panels[0].set_yticks(range(len(partners)), [words(f"partner.{name}") for name in partners])
    panels[0].set_ylim(max(len(partners), 1) - 0.4, -0.6)
    handles = state_handles(known, words)
    if handles:
        legend_above(canvas, handles)
    alt = words("figure.status_matrix.alt", as_of=as_of, sentences=_in_words(known, words))
    data = known[["country", "partner", "channel", "state", "since", "unfinished", "sources"]]
    return Figure("status_matrix", canvas, data, title, note, alt)


def _title(known: pd.DataFrame, words: Words) -> str:
    relations = known[~known["channel"].isin(MEASURES)]
    each = [
        words("figure.status_matrix.each", country=country,
              active=int((rows["state"] == "active").sum()), n=len(rows))
        for country, rows in relations.groupby("country", sort=False)
    ]  # fmt: skip
    return (
        words("figure.status_matrix.title", values=each)
        if each
        else words("figure.status_matrix.none")
    )


def _in_words(known: pd.DataFrame, words: Words) -> str:
    sentences = []
    for country, rows in known.groupby("country", sort=False):
        groups = [
            words("alt.states_of", state=words(f"state.{state}"), channels=[
                words("figure.partner_channel", partner=words(f"partner.{row.partner}"),
                      channel=words(f"channel.{row.channel}"))
                for row in of_state.itertuples()
            ])
            for state, of_state in rows.groupby("state", sort=False)
        ]  # fmt: skip
        sentences.append(words("alt.matrix", country=country, groups=" ".join(groups)))
    return " ".join(sentences) or words("figure.status_matrix.none")
