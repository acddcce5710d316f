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
    "adopted": "adopted",
    "by": "reading",
    "field": "field",
    "remark": "remark",
    "cause": "exit",
    "counting": "counting",
    "stratum": "stratum",
    "vote_set": "vote_set",
    "vote": "vote",
    "role": "role",
    "indicator": "context",
    "confidence": "confidence",
    "addressee": "addressee",
    "recommendation_id": "recommendation",
    "on_recommendation": "recommendation.short",
    "record_status": "recommendation_status",
    "fact_id": "recommendation.fact",
    "direction": "direction",
}
# Factors, p-values and shares that are written by their size.
_FACTORS = {
    "estimate", "low", "high", "median", "lowest", "highest", "growth_before", "events", "p_value",
    "p_family", "p_dates", "p_smallest", "without_largest",
}  # fmt: skip
# Short marks of a row, which need no width.
_IDS = {"claim_id"}
# Columns of numbers that need as many decimals as this.
_PLACES = {
    "ideal_point": 2, "q5": 2, "q95": 2, "distance": 2, "distance_before": 2, "distance_change": 2,
    "distance_change_q5": 2, "distance_change_q95": 2, "own_part": 2, "partner_part": 2,
    "distance_if_still": 2, "distance_if_partner_still": 2, "own_if_first": 2, "own_if_last": 2,
    "own_move": 2, "own_move_q5": 2, "own_move_q95": 2, "tiv": 1, "hhi_low": 3, "hhi": 3, "hhi_high": 3,
    "hhi_highest": 3, "entropy": 2,
}  # fmt: skip
# Numbers that name a year, and are written without separators.
_YEARS = {"year", "base_year", "window_start", "window_end"}
_SHARES = {
    "share", "unknown_share", "similarity", "power", "above", "above_clearly", "below", "below_clearly",
}  # fmt: skip
_HEADINGS = {
    "addressee", "among", "choice", "direction", "event_promised", "kind", "record_status", "shock",
}  # fmt: skip
_DATES = {
    "announced_on", "began", "date", "due_on", "fact_on", "last_fact", "since", "status_on",
}  # fmt: skip


def html_table(frame: pd.DataFrame, caption: str, words: Words) -> str:
    """A table with a caption and header cells; numbers are right-aligned.

    Columns named by a country code are headed by the country. Absent numbers say why they are
    absent; other empty cells are a dash. Every cell is escaped.
    """
    columns = [
        (name, _cells(name, frame[name], words), _class(name, frame[name])) for name in frame
    ]
    head = "".join(
        f'<th scope="col"{kind}>{escape(_label(name, words))}</th>' for name, _, kind in columns
    )
    rows = "".join(
        "<tr>"
        + "".join(f"<td{kind}>{escape(cells[row])}</td>" for _, cells, kind in columns)
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


def _class(name: str, cells: pd.Series) -> str:
    if _numeric(cells):
        return ' class="number"'
    return ' class="id"' if name in _IDS else ""


def _numeric(cells: pd.Series) -> bool:
    if pd.api.types.is_bool_dtype(cells.dtype):
        return False
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
    if name in _YEARS:
        return [none if pd.isna(cell) else str(cell) for cell in cells]
    if name in _PLACES and _numeric(cells):
        return [none if pd.isna(cell) else words.number(cell, _PLACES[name]) for cell in cells]
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
        if name == "partner" and f"country.{cell}" in words:
            key = f"country.{cell}"
        return words.heading(key) if name in _HEADINGS else words(key)
    if name == "line":
        return words.line(cell)
    if name == "supplier":
        return words.supplier(cell)
    if name in _DATES:
        return words.when(cell)
    if name == "reading":
        return words(f"reading.{cell}") if f"reading.{cell}" in words else words.when(cell)
    if name == "admin1" and cell == "not_located":
        return words("cell.not_located")
    if f"country.{name}" in words and f"state.{cell}" in words:
        return words(f"state.{cell}")
    return str(cell)
