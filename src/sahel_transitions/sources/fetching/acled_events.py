"""Events as pages bring them, checked: one schema, each event once, nothing that was not asked."""

import csv
import io
from collections.abc import Sequence
from datetime import date

from sahel_transitions.errors import SahelError, nearest

REQUIRED = (
    "event_id_cnty",
    "event_date",
    "event_type",
    "sub_event_type",
    "actor1",
    "country",
    "fatalities",
)


class AcledEvents:
    """The events of a query between two days, in the order in which they come."""

    def __init__(self, first_day: date, last_day: date):
        self._first, self._last = first_day.isoformat(), last_day.isoformat()
        self._columns: tuple[str, ...] = ()
        self._places: dict[str, str] = {}
        self._rows: list[dict] = []

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, rows: Sequence[dict], country: str, page: str) -> None:
        """Add a page.

        Raises
        ------
        SahelError
            If its columns are others than those of the pages before, if an event was there
            already, or if it is of another country or time than `country` and the two days.
        """
        if rows and not self._columns:
            self._columns = _complete(tuple(rows[0]), page)
        for row in rows:
            self._check_columns(row, page)
            self._check_asked(row, country, page)
            self._check_new(row, page)
            self._rows.append(row)

    def to_csv(self) -> str:
        """The table: all columns in the order of the first page."""
        text = io.StringIO()
        writer = csv.DictWriter(text, self._columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(self._rows)
        return text.getvalue()

    def _check_columns(self, row: dict, page: str) -> None:
        if row.keys() == set(self._columns):
            return
        lacking = sorted(set(self._columns) - row.keys())
        added = sorted(row.keys() - set(self._columns))
        raise SahelError(
            f"ACLED, {page}: expected the {len(self._columns)} columns of the first page, found "
            f"{_listed(lacking)} lacking and {_listed(added)} added. The data changed while they "
            "were fetched: nothing was written; run the command again."
        )

    def _check_asked(self, row: dict, country: str, page: str) -> None:
        found_country, day = str(row["country"]), str(row["event_date"])
        if found_country.casefold() != country.casefold() or not self._first <= day <= self._last:
            raise SahelError(
                f"ACLED, {page}: expected events in {country!r} from {self._first} to "
                f"{self._last}, found one in {found_country!r} on {day!r}. The server did not "
                "filter as it was asked to: nothing was written; try again later."
            )

    def _check_new(self, row: dict, page: str) -> None:
        event = str(row["event_id_cnty"])
        if event in self._places:
            raise SahelError(
                f"ACLED, {page}: expected each event once, found {event!r} again, which had come "
                f"with {self._places[event]}. The server repeats its pages, or the data changed "
                "while they were fetched: nothing was written; run the command again."
            )
        self._places[event] = page


def _complete(columns: tuple[str, ...], page: str) -> tuple[str, ...]:
    for name in REQUIRED:
        if name not in columns:
            raise SahelError(
                f"ACLED, {page}: expected the column {name!r}, found none; "
                f"{nearest(name, columns)}. The schema of ACLED has changed: get a newer version "
                "of this project."
            )
    return columns


def _listed(names: Sequence[str]) -> str:
    return ", ".join(map(repr, names)) or "none"
