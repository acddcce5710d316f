"""ACLED: files that users export under their own account; nothing of them lies in the project."""

from sahel_transitions.sources.acled.country_year import ACLED_COUNTRY_MONTH, ACLED_COUNTRY_YEAR
from sahel_transitions.sources.acled.events import ACLED_EVENTS
from sahel_transitions.sources.acled.hdx import ACLED_HDX, ACLED_HDX_FRENCH
from sahel_transitions.sources.acled.weekly import ACLED_WEEKLY

ACLED_SOURCES = (
    ACLED_EVENTS,
    ACLED_WEEKLY,
    ACLED_HDX,
    ACLED_HDX_FRENCH,
    ACLED_COUNTRY_YEAR,
    ACLED_COUNTRY_MONTH,
)

__all__ = ["ACLED_SOURCES"]
