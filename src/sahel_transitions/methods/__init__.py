"""Statistics that know nothing of the Sahel."""

from sahel_transitions.methods.changepoints import (
    Changepoint,
    best_cuts,
    penalty_path,
    single_changepoint,
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
from sahel_transitions.methods.survival import (
    CENSORED,
    LogRank,
    Quantile,
    cumulative_incidence,
    log_rank,
    numbers_at_risk,
    quantile,
    survival_curve,
    value_at,
)

__all__ = [
    "ANSWER",
    "CENSORED",
    "RECOMMENDED",
    "Changepoint",
    "Design",
    "Interruption",
    "LogRank",
    "Placebo",
    "Quantile",
    "Ratio",
    "Verdict",
    "best_cuts",
    "block_bootstrap",
    "cumulative_incidence",
    "deciding_choice",
    "evaluate",
    "fingerprint",
    "grid",
    "growth",
    "influence",
    "interruption",
    "leave_one_out",
    "log_rank",
    "numbers_at_risk",
    "penalty_path",
    "placebo_dates",
    "placebo_p_value",
    "placebo_units",
    "quantile",
    "ratio_of_means",
    "single_changepoint",
    "survival_curve",
    "value_at",
    "verdict",
]
