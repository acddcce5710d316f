"""Tidy frame → table as it is shown, with labels and numbers in the language of the reader."""

from dataclasses import asdict, dataclass
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


@dataclass(frozen=True)
class Column:
    """A column as it is shown: its name in the frame, its heading, and how its cells are set.

    `kind` is *number* (right-aligned), *id* (a short mark of a row, which needs no width) or *text*.
    """

    name: str
    heading: str
    kind: str


@dataclass(frozen=True)
class ShownTable:
    """A table as a reader sees it, in one language.

    Attributes
    ----------
    caption : str
    columns : tuple of Column
    rows : tuple of tuple of str
        A cell a column. Absent numbers say why they are absent; other empty cells are a dash.
    nothing : str
        What stands in place of rows where there are none.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    nothing: str

    def html(self) -> str:
        """A table with a caption and header cells; every cell is escaped."""
        kinds = [
            "" if column.kind == "text" else f' class="{column.kind}"' for column in self.columns
        ]
        head = "".join(
            f'<th scope="col"{kind}>{escape(column.heading)}</th>'
            for column, kind in zip(self.columns, kinds, strict=True)
        )
        rows = "".join(
            "<tr>"
            + "".join(
                f"<td{kind}>{escape(cell)}</td>" for cell, kind in zip(row, kinds, strict=True)
            )
            + "</tr>\n"
            for row in self.rows
        )
        if not self.rows:
            rows = f'<tr><td colspan="{len(self.columns)}">{escape(self.nothing)}</td></tr>\n'
        return (
            f"<table>\n<caption>{escape(self.caption)}</caption>\n"
            f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>"
        )

    def text(self) -> str:
        """The same as text, for terminals and for readers without HTML."""
        frame = pd.DataFrame(self.rows, columns=[column.heading for column in self.columns])
        return f"{self.caption}\n{frame.to_string(index=False)}"

    def plain(self) -> dict:
        """As JSON holds it: `caption`, `columns`, `rows` and `nothing`."""
        return asdict(self)

    @classmethod
    def read(cls, plain: dict) -> "ShownTable":
        """What `plain` gave."""
        return cls(
            plain["caption"],
            tuple(Column(**column) for column in plain["columns"]),
            tuple(tuple(row) for row in plain["rows"]),
            plain["nothing"],
        )


def shown_table(frame: pd.DataFrame, caption: str, words: Words) -> ShownTable:
    """A tidy frame with labels and numbers as a reader of the language writes them.

    Columns named by a country code are headed by the country. Codes that are no words of the
    catalogue stand as they are.
    """
    columns = tuple(Column(name, _label(name, words), _kind(name, frame[name])) for name in frame)
    cells = [_cells(name, frame[name], words) for name in frame]
    return ShownTable(caption, columns, tuple(zip(*cells, strict=True)), words("cell.no_row"))


def _kind(name: str, cells: pd.Series) -> str:
    if _numeric(cells):
        return "number"
    return "id" if name in _IDS else "text"


def _numeric(cells: pd.Series) -> bool:
    if pd.api.types.is_bool_dtype(cells.dtype):
        return False
    return pd.api.types.is_numeric_dtype(cells.dtype) or isinstance(cells.dtype, StatedDtype)


def _label(name: str, words: Words) -> str:
    if f"country.{name}" in words:
        return words(f"country.{name}")
    return words(f"column.{name}") if f"column.{name}" in words else name


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
        if key not in words:
            return str(cell) or words("cell.none")
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
