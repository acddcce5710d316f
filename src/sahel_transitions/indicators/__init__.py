"""The three subjects: declared tables and parameters → tidy results. Nothing prints or writes."""

from sahel_transitions.indicators.arms import arms, arms_windows
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
from sahel_transitions.indicators.coups import coup_counts
from sahel_transitions.indicators.coverage import (
    Caveat,
    cut_months,
    file_caveats,
    later_than_coded,
    later_vintages,
    uncovered,
)
from sahel_transitions.indicators.definitions import filtered_months
from sahel_transitions.indicators.follow_choices import PRIMARY
from sahel_transitions.indicators.following import (
    follow_nulls,
    follow_power,
    follow_tests,
)
from sahel_transitions.indicators.incident_tolls import tolls_known
from sahel_transitions.indicators.known_years import known_years
from sahel_transitions.indicators.parallel_paths import (
    CLOCKS,
    common_changes,
    coups_known,
    monthly_states,
    sequence_agreement,
    sequence_alignment,
)
from sahel_transitions.indicators.parallel_verdicts import parallel_verdicts
from sahel_transitions.indicators.partner_context import partner_context
from sahel_transitions.indicators.partner_shifts import (
    STATES,
    check_transitions,
    known_transitions,
    partner_lags,
    partner_states,
    with_remarks,
    with_uncovered_pairs,
)
from sahel_transitions.indicators.promise_checks import check_ledger
from sahel_transitions.indicators.readings import every_reading, readings_known
from sahel_transitions.indicators.recommendations import (
    DIRECTIONS,
    RECORD_STATUSES,
    recommendation_facts,
    recommendations_followed,
)
from sahel_transitions.indicators.reference_promises import promised_lengths
from sahel_transitions.indicators.resolution_votes import resolution_votes
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
    every_promise,
    promised_ends,
    promises_known,
    standing_promises,
    with_uncovered,
)
from sahel_transitions.indicators.transitions import (
    CAUSES,
    HORIZON,
    READINGS,
    check_spells,
    spells_known,
    transition_summary,
    transitions,
)
from sahel_transitions.indicators.un_votes import (
    base_years,
    last_year_of_both,
    set_disagreements,
    un_base_years,
    un_moves,
    un_votes,
)
from sahel_transitions.indicators.units_on_map import units_on_map

__all__ = [
    "BREAKDOWNS",
    "CAUSES",
    "CHOICES",
    "CLEAR",
    "CLOCKS",
    "CONTAMINATED",
    "DIRECTIONS",
    "HORIZON",
    "PRIMARY",
    "READINGS",
    "RECORD_STATUSES",
    "STATES",
    "By",
    "Caveat",
    "Comparison",
    "Described",
    "Primary",
    "arms",
    "arms_windows",
    "around_shocks",
    "base_years",
    "blind_changepoints",
    "changes_at_shocks",
    "check_consistency",
    "check_ledger",
    "check_spells",
    "check_transitions",
    "civilian_deaths",
    "common_changes",
    "compare",
    "coup_counts",
    "coups_known",
    "covered_span",
    "curve_verdicts",
    "cut_months",
    "deaths_by_source",
    "deaths_table",
    "every_promise",
    "every_reading",
    "file_caveats",
    "filtered_months",
    "fitted_series",
    "follow_nulls",
    "follow_power",
    "follow_tests",
    "influence_at_shocks",
    "known_shocks",
    "known_transitions",
    "known_years",
    "largest_units",
    "last_year_of_both",
    "later_than_coded",
    "later_vintages",
    "leave_one_out_at_shocks",
    "monthly_states",
    "most_influential_months",
    "parallel_verdicts",
    "partner_context",
    "partner_lags",
    "partner_states",
    "placebo_verdicts",
    "placebos_at_shocks",
    "primary_changes",
    "primary_choices",
    "primary_specification",
    "promised_ends",
    "promised_lengths",
    "promises_known",
    "readings_known",
    "recommendation_facts",
    "recommendations_followed",
    "resolution_votes",
    "sequence_agreement",
    "sequence_alignment",
    "set_disagreements",
    "side_by_side",
    "source_ratios",
    "specification_curves",
    "specifications",
    "spells_known",
    "standing_promises",
    "stated_answers",
    "tolls_known",
    "transition_summary",
    "transitions",
    "un_base_years",
    "un_moves",
    "un_votes",
    "uncovered",
    "units_on_map",
    "window_path",
    "with_remarks",
    "with_uncovered",
    "with_uncovered_pairs",
]
