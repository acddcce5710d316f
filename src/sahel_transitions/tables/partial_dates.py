"""Dates of limited precision, written as in the Extended Date/Time Format (EDTF, level 0).

`2022`, `2022-03` and `2022-03-27` are a year, a month and a day; `2022-01-31/2022-02-03` is an
interval; `../2019-01-01` is any day up to that one. Each stands for all the days it may mean, so
that what is only known to the month is never treated as if it were known to the day.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

# The mean length of a year, for lengths that are told in years.
DAYS_A_YEAR = 365.25

_PART = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


@dataclass(frozen=True, order=True)
class PartialDate:
    """The first and the last day that a date may mean; `earliest` is None where it is open."""

    earliest: date | None
    latest: date
    text: str

    @property
    def is_day(self) -> bool:
        """Whether the date is known to the day."""
        return self.earliest == self.latest

    @property
    def midpoint(self) -> date:
        """The day in the middle; for an open interval, its last day."""
        if self.earliest is None:
            return self.latest
        return self.earliest + timedelta(days=(self.latest - self.earliest).days // 2)

    def __str__(self) -> str:
        return self.text


@lru_cache(maxsize=65536)
def parse_partial_date(text: str) -> PartialDate:
    """Read a year, month, day or interval.

    Raises
    ------
    ValueError
        If the text is none of these, names a day that does not exist, or ends before it begins.
    """
    first, separator, last = text.partition("/")
    if not separator:
        earliest, latest = _span(first)
        return PartialDate(earliest, latest, text)
    earliest = None if first == ".." else _span(first)[0]
    latest = _span(last)[1]
    if earliest is not None and earliest > latest:
        raise ValueError(f"the interval {text!r} ends before it begins")
    return PartialDate(earliest, latest, text)


def parse_if_given(text) -> PartialDate | None:
    """The date of a cell, None for an empty one."""
    return parse_partial_date(text) if isinstance(text, str) else None


def days_between(first: PartialDate, second: PartialDate) -> tuple[int, int, int]:
    """The least, middle and most days from one date to another that both may mean.

    The middle is between their middles. Only for dates that are not open; also for rows with the
    days `earliest`, `latest` and `midpoint`.
    """
    return (
        (second.earliest - first.latest).days,
        (second.midpoint - first.midpoint).days,
        (second.latest - first.earliest).days,
    )


def _span(text: str) -> tuple[date, date]:
    match = _PART.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no date of the form 2022, 2022-03 or 2022-03-27")
    year, month, day = (int(part) if part else None for part in match.groups())
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    if day is None:
        if not 1 <= month <= 12:
            raise ValueError(f"{text!r} names no month between 01 and 12")
        return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    return date(year, month, day), date(year, month, day)


def add_months(day: date, months: int) -> date:
    """The same day of the month, `months` later; the last day of a month that is too short.

    This is the rule by which every term of office in the ledger is counted: 24 months from
    26 March 2022 end on 26 March 2024, and one month from 31 January ends on the last of February.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
