"""Figures of the tests of following: agreement at each lag, nulls, and what runs in parallel."""

import math

import numpy as np
import pandas as pd
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from sahel_transitions.figures.figure import (
    INK,
    QUIET,
    SHADE,
    Figure,
    country_styles,
    legend_above,
    mark_uncovered,
    new_canvas,
    outlined,
    styled,
    with_codes,
)
from sahel_transitions.indicators.follow_choices import is_told
from sahel_transitions.language import Words
from sahel_transitions.methods import best_lag

_PANELS_IN_ROW = 4
_BINS = 40
# Filled, empty and hatched: told apart in grey.
_VERDICTS = {
    "parallel": ("#9ecae1", None),
    "alike_untested": ("#e4eff8", "...."),
    "cannot_tell": ("#ffffff", None),
    "not_parallel": ("#f2c14e", "////"),
}


@styled
def agreement_by_lag(agreement: pd.DataFrame, words: Words) -> Figure:
    """Share of equal monthly states, and changes made before by the other, at each lag.

    Parameters
    ----------
    agreement : DataFrame
        `indicators.sequence_agreement` of one pair.
    """
    first, second = agreement["leader"].iloc[0], agreement["follower"].iloc[0]
    known = agreement[agreement["compared"] > 0]
    title = words("figure.agreement_by_lag.none", first=first, second=second)
    if len(known):
        by_lag = agreement.set_index("lag", drop=False)
        best, at_none = by_lag.loc[best_lag(known, "share") or 0], by_lag.loc[0]
        title = words("figure.agreement_by_lag.title", first=first, second=second,
                      n=int(best["lag"]), share=float(best["share"]),
                      repeated=int(at_none["repeated"]), changes=int(at_none["changes"]))  # fmt: skip
    note = words("figure.agreement_by_lag.note", first=first, second=second)
    canvas = new_canvas(88, title, note)
    above, below = canvas.subplots(2, 1, sharex=True)
    colour = country_styles((first, second))[second][0]
    if known.empty:
        for axes in (above, below):
            mark_uncovered(axes, words("figure.paths.none"))
    above.plot(known["lag"], known["share"], color=colour)
    above.set_ylim(0, 1.02)
    above.set_title(words("figure.agreement_by_lag.states"))
    above.yaxis.set_major_formatter(lambda value, _: words.formatted(value, "percent"))
    below.bar(known["lag"], known["repeated"], width=0.7, color=colour)
    below.set_title(words("figure.agreement_by_lag.changes"))
    below.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    below.set_ylim(0, max(1, known["repeated"].max() if len(known) else 1) * 1.1)
    below.set_xlabel(words("axis.months_later", first=first, second=second))
    for axes in (above, below):
        axes.axvline(0, color=QUIET, lw=0.7)
    alt = words("figure.agreement_by_lag.alt", finding=title)
    return Figure("agreement_by_lag", canvas, agreement, title, note, alt)


@styled
def following_nulls(nulls: pd.DataFrame, tests: pd.DataFrame, words: Words) -> Figure:
    """The null of the primary test and what was observed, pairs and placebo leaders side by side.

    Parameters
    ----------
    nulls : DataFrame
        `indicators.follow_nulls`.
    tests : DataFrame
        `indicators.follow_tests` of the same study, for the channels and the resolution.
    """
    chosen = tests[tests["primary"]].set_index(["leader", "follower"])
    by_partner = tests[tests["decides"] == "one_partner"]
    by_partner = by_partner.set_index(["leader", "follower"])["p_value"]
    pairs = list(nulls[["leader", "follower"]].drop_duplicates().itertuples(index=False, name=None))
    title = _null_title(chosen, by_partner, pairs, words)
    countries = dict.fromkeys(country for pair in pairs for country in pair)
    note = with_codes(words("figure.following_nulls.note"), countries, words)
    lines, across = max(1, math.ceil(len(pairs) / _PANELS_IN_ROW)), _PANELS_IN_ROW
    if not pairs:
        across = 1
    canvas = new_canvas(34 + 42 * lines, title, note)
    panels = canvas.subplots(lines, across, squeeze=False).ravel()
    for axes in panels[max(len(pairs), 1) :]:
        axes.set_axis_off()
    if not pairs:
        panels[0].set(xticks=[], yticks=[])
        mark_uncovered(panels[0], words("state.too_few"))
    for axes, pair in zip(panels, pairs, strict=False):
        rows = nulls[(nulls["leader"] == pair[0]) & (nulls["follower"] == pair[1])]
        _draw_null(axes, rows, chosen.loc[pair], words)
        key = "figure.following_nulls.panel"
        if chosen.at[pair, "kind"] == "placebo":
            shares = chosen.at[pair, "decided_together"] > 0
            key = f"figure.following_nulls.{'partner' if shares else 'placebo'}"
        axes.set_title(words(key, first=words(f"country.short.{pair[0]}"),
                             second=words(f"country.short.{pair[1]}")), fontsize=7.5)  # fmt: skip
    alt = words("figure.following_nulls.alt",
                sentences=" ".join(_test_in_words(pair, chosen.loc[pair], words) for pair in pairs)
                or words("figure.following_nulls.no_test"))  # fmt: skip
    return Figure("following_nulls", canvas, nulls, title, note, alt)


def _draw_null(axes, rows: pd.DataFrame, test: pd.Series, words: Words) -> None:
    most = max(rows["value"].max(), rows["observed"].iloc[0], 1.0)
    edges = np.linspace(0, most * 1.02, _BINS + 1)
    shares, _ = np.histogram(rows["value"], bins=edges, weights=rows["times"] / rows["times"].sum())
    axes.stairs(shares, edges, fill=True, color=SHADE, ec=QUIET, lw=0.5)
    axes.vlines(rows["observed"].iloc[0], 0, shares.max() * 1.15, color=INK, lw=1.6)
    axes.set_xlim(0, edges[-1])
    axes.set_ylim(0, shares.max() * 1.75)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(3))
    axes.xaxis.set_major_formatter(lambda value, _: words.ratio(value))
    axes.set_xlabel(words("axis.days_from_median"), fontsize=6.5)
    text = words("figure.following_nulls.label", n=int(test["channels"]),
                 p=words.ratio(test["p_value"]), least=words.ratio(test["p_smallest"]))  # fmt: skip
    axes.text(0.02, 0.98, text, transform=axes.transAxes, va="top", fontsize=6.5,
              path_effects=outlined())  # fmt: skip


def _null_title(chosen: pd.DataFrame, by_partner: pd.Series, pairs: list, words: Words) -> str:
    own = [pair for pair in pairs if chosen.at[pair, "kind"] == "study"]
    if not own:
        return words("figure.following_nulls.no_test")
    test = chosen.loc[own[0]]
    others = [
        pair for pair in pairs
        if chosen.at[pair, "kind"] == "placebo" and is_told(chosen.at[pair, "p_smallest"])
    ]  # fmt: skip
    return words(
        "figure.following_nulls.title", first=own[0][0], second=own[0][1],
        p=words.ratio(test["p_value"]), partners=words.ratio(by_partner[own[0]]),
        others=[
            words("figure.following_nulls.shares" if chosen.at[(first, second), "decided_together"]
                  else "figure.following_nulls.other", first=first, second=second,
                  p=words.ratio(chosen.at[(first, second), "p_value"]))
            for first, second in others
        ] or [words("alt.none")],
    )  # fmt: skip


def _test_in_words(pair: tuple, test: pd.Series, words: Words) -> str:
    return words("alt.following", first=pair[0], second=pair[1], n=int(test["channels"]),
                 p=words.ratio(test["p_value"]), least=words.ratio(test["p_smallest"]))  # fmt: skip


@styled
def what_runs_in_parallel(verdicts: pd.DataFrame, words: Words) -> Figure:
    """Three subjects on three clocks, one verdict a cell.

    Parameters
    ----------
    verdicts : DataFrame
        `indicators.parallel_verdicts`.
    """
    clocks = list(dict.fromkeys(verdicts["clock"]))
    keys = ["first_country", "second_country", "subject"]
    lines = list(verdicts[keys].drop_duplicates().itertuples(index=False, name=None))
    several = len({line[:2] for line in lines}) > 1
    title = _verdict_title(verdicts, keys, words)
    note = words("figure.what_runs_in_parallel.note")
    if several:
        note = with_codes(
            note, dict.fromkeys([*verdicts["first_country"], *verdicts["second_country"]]), words
        )
    canvas = new_canvas(40 + 12 * len(lines), title, note, legend=True)
    axes = canvas.subplots()
    for row in verdicts.itertuples():
        place = lines.index((row.first_country, row.second_country, row.subject))
        column = clocks.index(row.clock)
        colour, hatch = _VERDICTS[row.verdict]
        axes.barh(place, 0.96, left=column - 0.48, height=0.9, color=colour, hatch=hatch,
                  edgecolor=SHADE, lw=0.8)  # fmt: skip
        axes.text(column, place, words(f"because.short.{row.reason}"), ha="center", va="center",
                  fontsize=6.5, path_effects=outlined())  # fmt: skip
    axes.set_xlim(-0.5, len(clocks) - 0.5)
    axes.set_ylim(len(lines) - 0.5, -0.5)
    axes.set_xticks(range(len(clocks)), [words.heading(f"clock.short.{clock}") for clock in clocks])
    axes.xaxis.tick_top()
    labels = [
        words("figure.what_runs_in_parallel.pair", subject=words.heading(f"subject.{subject}"),
              first=words(f"country.short.{one}"), second=words(f"country.short.{two}"))
        if several else words.heading(f"subject.{subject}")
        for one, two, subject in lines
    ]  # fmt: skip
    axes.set_yticks(range(len(lines)), labels)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    legend_above(canvas, [
        Patch(fc=colour, hatch=hatch, ec=QUIET, lw=0.5, label=words(f"verdict.{verdict}"))
        for verdict, (colour, hatch) in _VERDICTS.items()
    ])  # fmt: skip
    alt = words("figure.what_runs_in_parallel.alt", sentences=" ".join(
        words("alt.verdict", first=row.first_country, second=row.second_country,
              subject=words(f"subject.{row.subject}"), clock=words(f"clock.{row.clock}"),
              verdict=words(f"verdict.{row.verdict}"))
        for row in verdicts.itertuples()
    ))  # fmt: skip
    return Figure("what_runs_in_parallel", canvas, verdicts, title, note, alt)


def _verdict_title(verdicts: pd.DataFrame, keys: list[str], words: Words) -> str:
    """Subjects, not cells: one history seen on two clocks is one."""
    found = verdicts.groupby(keys, sort=False)["verdict"].agg(set)
    tested = {name: int(found.map(lambda seen, name=name: name in seen).sum())
              for name in ("parallel", "not_parallel")}  # fmt: skip
    plain = found[found.map(lambda seen: not seen & {"parallel", "not_parallel"})]
    alike = int(plain.map(lambda seen: "alike_untested" in seen).sum())
    return words("figure.what_runs_in_parallel.title", n=len(found), **tested, alike=alike,
                 cannot_tell=len(plain) - alike)  # fmt: skip
