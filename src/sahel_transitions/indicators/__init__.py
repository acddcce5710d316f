"""The three subjects: declared tables and parameters → tidy results. Nothing prints or writes."""

from sahel_transitions.indicators.civilian_deaths import (
    BREAKDOWNS,
    By,
    around_shocks,
    civilian_deaths,
    deaths_table,
)
from sahel_transitions.indicators.coverage import Caveat, cut_months, later_vintages, uncovered
from sahel_transitions.indicators.partner_shifts import (
    STATES,
    check_transitions,
    known_transitions,
    partner_lags,
    partner_states,
)
from sahel_transitions.indicators.transition_deadlines import (
    check_ledger,
    promises_known,
    standing_promises,
)

__all__ = [
    "BREAKDOWNS",
    "STATES",
    "By",
    "Caveat",
    "around_shocks",
    "check_ledger",
    "check_transitions",
    "civilian_deaths",
    "cut_months",
    "deaths_table",
    "known_transitions",
    "later_vintages",
    "partner_lags",
    "partner_states",
    "promises_known",
    "standing_promises",
    "uncovered",
]
