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
from sahel_transitions.indicators.recommendations import (
    DIRECTIONS,
    RECORD_STATUSES,
    recommendation_facts,
    recommendations_followed,
)
from sahel_transitions.indicators.robustness import (
    CLEAR,
    CONTAMINATED,
    blind_changepoints,
    changes_at_shocks,
    fitted_series,
    leave_one_out_at_shocks,
    most_influential_months,
    placebo_verdicts,
    placebos_at_shocks,
    primary_changes,
    window_path,
)
from sahel_transitions.indicators.settled_series import known_shocks
from sahel_transitions.indicators.source_comparison import deaths_by_source, source_ratios
from sahel_transitions.indicators.specifications import (
    CHOICES,
    Primary,
    curve_verdicts,
    influence_at_shocks,
    primary_choices,
    primary_specification,
    specification_curves,
    specifications,
    stated_answers,
)
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
    "CHOICES",
    "CLEAR",
    "CONTAMINATED",
    "DIRECTIONS",
    "RECORD_STATUSES",
    "STATES",
    "By",
    "Caveat",
    "Comparison",
    "Described",
    "Primary",
    "around_shocks",
    "blind_changepoints",
    "changes_at_shocks",
    "check_consistency",
    "check_ledger",
    "check_transitions",
    "civilian_deaths",
    "compare",
    "covered_span",
    "curve_verdicts",
    "cut_months",
    "deaths_by_source",
    "deaths_table",
    "file_caveats",
    "filtered_months",
    "fitted_series",
    "influence_at_shocks",
    "known_shocks",
    "known_transitions",
    "largest_units",
    "later_than_coded",
    "later_vintages",
    "leave_one_out_at_shocks",
    "most_influential_months",
    "partner_lags",
    "partner_states",
    "placebo_verdicts",
    "placebos_at_shocks",
    "primary_changes",
    "primary_choices",
    "primary_specification",
    "promised_ends",
    "promises_known",
    "recommendation_facts",
    "recommendations_followed",
    "side_by_side",
    "source_ratios",
    "specification_curves",
    "specifications",
    "standing_promises",
    "stated_answers",
    "tolls_known",
    "uncovered",
    "units_on_map",
    "window_path",
    "with_uncovered",
    "with_uncovered_pairs",
]
