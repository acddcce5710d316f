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
from sahel_transitions.indicators.consistency import check_consistency
from sahel_transitions.indicators.coverage import (
    Caveat,
    cut_months,
    file_caveats,
    later_than_coded,
    later_vintages,
    uncovered,
)
from sahel_transitions.indicators.partner_shifts import (
    STATES,
    check_transitions,
    known_transitions,
    partner_lags,
    partner_states,
    with_uncovered_pairs,
)
from sahel_transitions.indicators.robustness import (
    CONTAMINATED,
    blind_changepoints,
    changes_at_shocks,
    fitted_series,
    leave_one_out_at_shocks,
    placebo_verdicts,
    placebos_at_shocks,
    primary_changes,
    window_path,
)
from sahel_transitions.indicators.settled_series import known_shocks
from sahel_transitions.indicators.specifications import (
    CHOICES,
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

__all__ = [
    "BREAKDOWNS",
    "CHOICES",
    "CONTAMINATED",
    "STATES",
    "By",
    "Caveat",
    "around_shocks",
    "blind_changepoints",
    "changes_at_shocks",
    "check_consistency",
    "check_ledger",
    "check_transitions",
    "civilian_deaths",
    "covered_span",
    "cut_months",
    "deaths_table",
    "file_caveats",
    "fitted_series",
    "known_shocks",
    "known_transitions",
    "largest_units",
    "later_than_coded",
    "later_vintages",
    "leave_one_out_at_shocks",
    "partner_lags",
    "partner_states",
    "placebo_verdicts",
    "placebos_at_shocks",
    "primary_changes",
    "primary_specification",
    "promised_ends",
    "promises_known",
    "side_by_side",
    "specification_curves",
    "specifications",
    "standing_promises",
    "stated_answers",
    "uncovered",
    "window_path",
    "with_uncovered",
    "with_uncovered_pairs",
]
