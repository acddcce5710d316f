"""Tidy frame → table in HTML, with labels and numbers in the language of the reader."""

from html import escape

import pandas as pd

from sahel_transitions.language import Words
from sahel_transitions.tables import StatedDtype

# Columns whose cells are codes, with the part of the catalogue that names them.
_CODES = {
    "country": "country",
    "first_country": "country",
    "second_country": "country",
    "leader": "country",
    "follower": "country",
    "event_promised": "event",
    "legal_form": "form",
    "status": "status",
    "state": "state",
    "change": "state",
    "partner": "partner",
    "channel": "channel",
    "perpetrator": "perpetrator",
    "shock": "shock",
    "choice": "choice",
    "reason": "reason",
    "mark": "mark",
    "kind": "placebo_kind",
    "among": "placebo_among",
}
# Factors, p-values and shares that are written by their size.
_FACTORS = {
    "estimate", "low", "high", "median", "lowest", "highest", "growth_before", "events", "p_value",
    "p_family", "p_dates", "p_smallest", "without_largest",
}  # fmt: skip
_SHARES = {"share", "similarity", "above", "above_clearly", "below", "below_clearly"}
_HEADINGS = {"event_promised", "shock", "choice", "kind", "among"}
_DATES = {"announced_on", "due_on", "status_on", "since"}


def html_table(frame: pd.DataFrame, caption: str, words: Words) -> str:
    """A table with a caption and header cells; numbers are right-aligned.

    Columns named by a country code are headed by the country. Absent numbers say why they are
    absent; other empty cells are a dash. Every cell is escaped.
    """
    columns = [(name, _cells(name, frame[name], words), _numeric(frame[name])) for name in frame]
    head = "".join(
        f'<th scope="col"{_class(numeric)}>{escape(_label(name, words))}</th>'
        for name, _, numeric in columns
    )
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td{_class(numeric)}>{escape(cells[row])}</td>" for _, cells, numeric in columns
        )
        + "</tr>\n"
        for row in range(len(frame))
    )
    if frame.empty:
        rows = f'<tr><td colspan="{len(columns)}">{escape(words("cell.no_row"))}</td></tr>\n'
    return (
        f"<table>\n<caption>{escape(caption)}</caption>\n"
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>"
    )


def plain_table(frame: pd.DataFrame, caption: str, words: Words) -> str:
    """The same table as text, for terminals and for readers without HTML."""
    text = pd.DataFrame(
        {_label(name, words): _cells(name, frame[name], words) for name in frame}
    ).to_string(index=False)
    return f"{caption}\n{text}"


def _class(numeric: bool) -> str:
    return ' class="number"' if numeric else ""


def _numeric(cells: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(cells.dtype) or isinstance(cells.dtype, StatedDtype)


def _label(name: str, words: Words) -> str:
    return words(f"country.{name}") if f"country.{name}" in words else words(f"column.{name}")


def _cells(name: str, cells: pd.Series, words: Words) -> list[str]:
    none = words("cell.none")
    if isinstance(cells.dtype, StatedDtype):
        decimals = _decimals(cells.dropna().to_numpy("float64"))
        return [
            words(f"state.{state}") if pd.isna(cell) else words.number(float(cell), decimals)
            for cell, state in zip(cells, cells.array.labels(), strict=True)
        ]
    if name in _SHARES:
        return [none if pd.isna(cell) else words.formatted(cell, "percent") for cell in cells]
    if name in _FACTORS and pd.api.types.is_float_dtype(cells.dtype):
        return [none if pd.isna(cell) else words.ratio(cell) for cell in cells]
    if _numeric(cells):
        return [none if pd.isna(cell) else words.number(cell) for cell in cells]
    return [none if pd.isna(cell) else _text(name, cell, words) for cell in cells]


def _decimals(values) -> int:
    return 0 if (values == values.round()).all() else 1


def _text(name: str, cell: str, words: Words) -> str:
    if name in _CODES:
        key = f"{_CODES[name]}.{cell}"
        return words.heading(key) if name in _HEADINGS else words(key)
    if name in _DATES:
        return words.when(cell)
    if name == "admin1" and cell == "not_located":
        return words("cell.not_located")
    if f"country.{name}" in words and f"state.{cell}" in words:
        return words(f"state.{cell}")
    return str(cell)
