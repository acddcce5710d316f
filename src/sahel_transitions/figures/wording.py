"""What figures of deaths have in common: numbers, notes, axes, and why nothing is drawn."""

import pandas as pd

from sahel_transitions.figures.figure import QUIET
from sahel_transitions.language import Words

OBSERVED = ["observed", "zero", "provisional"]


def why_empty(frame: pd.DataFrame, none: str) -> str:
    """The key of a title that says why nothing is drawn."""
    covered = frame["state"].isin(OBSERVED).any()
    return f"figure.deaths.{none}" if covered else "figure.deaths.not_covered"


def row_of_peak(rows: pd.DataFrame) -> pd.Series | None:
    """The row of the largest value; None where no value is above zero."""
    values = pd.Series(rows["value"].to_numpy("float64"), index=rows.index)
    return rows.loc[values.idxmax()] if (values > 0).any() else None


def is_rate(frame: pd.DataFrame) -> bool:
    """Whether the values are rates and not counts."""
    return "per 100,000" in frame["unit"].iloc[0]


def number(words: Words, value: float, frame: pd.DataFrame) -> str:
    """A value of the frame as text: a rate with one decimal, a count without."""
    return words.number(value, decimals=1 if is_rate(frame) else 0)


def note_of(
    frame: pd.DataFrame, words: Words, *, bounds: bool = True, hatched: bool = True,
    dotted: bool = False,
) -> str:  # fmt: skip
    """What a figure of deaths must say: definition, source, bounds and how absence is drawn."""
    definition = frame["definition"].iloc[0]
    parts = [
        words(f"definition.{definition}"),
        words("figure.source", source=frame["source"].iloc[0], vintage=frame["vintage"].iloc[0]),
    ]
    if bounds:
        parts.append(words(f"bounds.{definition}"))
    if hatched and (frame["state"] == "not_covered").any():
        parts.append(words("figure.not_covered.note"))
    if (frame["state"] == "missing").any():
        parts.append(words("figure.missing.note"))
    if (frame["state"] == "provisional").any():
        parts.append(words("figure.provisional.note" if dotted else "figure.provisional_part.note"))
    return " ".join(parts)


def years_of(months: pd.DataFrame) -> tuple[int, int]:
    """The first and the last year of a frame of months."""
    return int(months["period"].min()[:4]), int(months["period"].max()[:4])


def write_y_axis(panels, frame: pd.DataFrame, words: Words) -> None:
    """Name what the vertical axes count, with the separators of the language."""
    what, label = what_is_counted(frame, words)
    label = words(f"axis.{what}_per_100k") if is_rate(frame) else label
    for axes in panels:
        axes.set_ylabel(label)
    if not is_rate(frame):
        write_thousands(panels, "y", words)


def what_is_counted(frame: pd.DataFrame, words: Words) -> tuple[str, str]:
    """Whether deaths or events are counted, and the label of an axis that counts them."""
    what = "events" if frame["unit"].iloc[0].startswith("events") else "deaths"
    return what, words(f"axis.{what}")


def write_thousands(panels, which: str, words: Words) -> None:
    """Write the ticks of the axes `x` or `y` with the separators of the language."""
    for axes in panels:
        axis = axes.yaxis if which == "y" else axes.xaxis
        axis.set_major_formatter(lambda value, _: words.number(value))
        axis.set_tick_params(color=QUIET)
