"""Spreading an event that lasts over several months, without losing or adding a death."""

from calendar import monthrange
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal

Allocation = Literal["start", "end", "uniform_days"]
ALLOCATIONS: tuple[Allocation, ...] = ("start", "end", "uniform_days")


def days_by_month(start: date, end: date) -> dict[str, int]:
    """How many days of an event, both ends included, fall in each month it touches."""
    days, day = {}, start
    while day <= end:
        last = min(end, date(day.year, day.month, monthrange(day.year, day.month)[1]))
        days[f"{day:%Y-%m}"] = (last - day).days + 1
        day = last + timedelta(days=1)
    return days


def allocate(total: int, days: dict[str, int], rule: Allocation) -> dict[str, int]:
    """Whole numbers by month that sum to `total`.

    `start` and `end` put everything in the first or last month. `uniform_days` shares in
    proportion to the days in each month and rounds by the largest remainder (Hamilton's method);
    of equal remainders the earlier month is served first.
    """
    months = list(days)
    if rule != "uniform_days":
        chosen = months[0] if rule == "start" else months[-1]
        return {month: total if month == chosen else 0 for month in months}
    length = sum(days.values())
    exact = {month: Fraction(total * count, length) for month, count in days.items()}
    shares = {month: int(share) for month, share in exact.items()}
    by_remainder = sorted(months, key=lambda month: (shares[month] - exact[month], month))
    for month in by_remainder[: total - sum(shares.values())]:
        shares[month] += 1
    return shares
