"""The three subjects: declared tables and parameters → tidy results. Nothing prints or writes."""

from sahel_transitions.indicators.civilian_deaths import (
    BREAKDOWNS,
    By,
    around_shocks,
    civilian_deaths,
    covered_span,
    deaths_table,
    largest_units,
    side_by_side,
)
from sahel_transitions.indicators.comparability import Comparison, Described, compare
from sahel_transitions.indicators.consistency import check_consistency
from sahel_transitions.indicators.coverage import (
    Caveat,
    cut_months,
    file_caveats,
    later_than_coded,
    later_vintages,
    uncovered,
)
from sahel_transitions.indicators.definitions import filtered_months
from sahel_transitions.indicators.incident_tolls import tolls_known
from sahel_transitions.indicators.partner_shifts import (
    STATES,
    check_transitions,
    known_transitions,
    partner_lags,
    partner_states,
    with_uncovered_pairs,
)
from sahel_transitions.indicators.robustness import (
    primary_specification,
    specification_curves,
    specifications,
)
from sahel_transitions.indicators.source_comparison import deaths_by_source, source_ratios
from sahel_transitions.indicators.transition_deadlines import (
    check_ledger,
    promised_ends,
    promises_known,
    standing_promises,
    with_uncovered,
)
from sahel_transitions.indicators.units_on_map import units_on_map

__all__ = [
    "BREAKDOWNS",
    "STATES",
    "By",
    "Caveat",
    "Comparison",
    "Described",
    "around_shocks",
    "check_consistency",
    "check_ledger",
    "check_transitions",
    "civilian_deaths",
    "compare",
    "covered_span",
    "cut_months",
    "deaths_by_source",
    "deaths_table",
    "file_caveats",
    "filtered_months",
    "known_transitions",
    "largest_units",
    "later_than_coded",
    "later_vintages",
    "partner_lags",
    "partner_states",
    "primary_specification",
    "promised_ends",
    "promises_known",
    "side_by_side",
    "source_ratios",
    "specification_curves",
    "specifications",
    "standing_promises",
    "tolls_known",
    "uncovered",
    "units_on_map",
    "with_uncovered",
    "with_uncovered_pairs",
]
