"""The years of yearly series, which do not end with the months of deaths."""

from sahel_transitions.parameters import Parameters
from sahel_transitions.tables import Declaration


def known_years(parameters: Parameters) -> range:
    """Years from that of `start` to the last that was over on `as_of`, and at least that one.

    `end` is where the series of deaths ends, which says nothing of votes, deliveries and aid: like
    the ledgers, they go as far as the day of the study.
    """
    last = int(parameters.last_known_month[:4])
    if parameters.last_known_month[5:] != "12":
        last -= 1
    return range(min(int(parameters.start[:4]), last), last + 1)


def covers_year(declaration: Declaration, country: str, year: int) -> bool:
    """Whether a table covers any month of a calendar year of a country."""
    span = declaration.coverage.get(country)
    return span is not None and span.first <= f"{year}-12" and span.last >= f"{year}-01"
