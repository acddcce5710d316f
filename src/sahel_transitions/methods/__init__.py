"""Statistics that know nothing of the Sahel."""

from sahel_transitions.methods.changepoints import (
    Changepoint,
    best_cuts,
    penalty_path,
    single_changepoint,
)
from sahel_transitions.methods.following import (
    Following,
    followed_within,
    irregularity,
    match_channels,
    power,
    shared_order,
    shift_calendar,
)
from sahel_transitions.methods.interrupted import (
    RECOMMENDED,
    Design,
    Interruption,
    block_bootstrap,
    interruption,
    leave_one_out,
)
from sahel_transitions.methods.placebos import (
    Placebo,
    placebo_dates,
    placebo_p_value,
    placebo_units,
)
from sahel_transitions.methods.ratios import Ratio, growth, ratio_of_means
from sahel_transitions.methods.sequences import (
    Alignment,
    align,
    best_lag,
    lagged_agreement,
)
from sahel_transitions.methods.specification_curve import (
    ANSWER,
    Verdict,
    deciding_choice,
    evaluate,
    fingerprint,
    grid,
    influence,
    verdict,
)

__all__ = [
    "ANSWER",
    "RECOMMENDED",
    "Alignment",
    "Changepoint",
    "Design",
    "Following",
    "Interruption",
    "Placebo",
    "Ratio",
    "Verdict",
    "align",
    "best_cuts",
    "best_lag",
    "block_bootstrap",
    "deciding_choice",
    "evaluate",
    "fingerprint",
    "followed_within",
    "grid",
    "growth",
    "influence",
    "interruption",
    "irregularity",
    "lagged_agreement",
    "leave_one_out",
    "match_channels",
    "penalty_path",
    "placebo_dates",
    "placebo_p_value",
    "placebo_units",
    "power",
    "ratio_of_means",
    "shared_order",
    "shift_calendar",
    "single_changepoint",
    "verdict",
]
