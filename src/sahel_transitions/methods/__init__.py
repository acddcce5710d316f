"""Statistics that know nothing of the Sahel."""

from sahel_transitions.methods.changepoints import (
    Changepoint,
    best_cuts,
    penalty_path,
    single_changepoint,
)
from sahel_transitions.methods.concentration import (
    Concentration,
    herfindahl,
    herfindahl_bounds,
    shannon_entropy,
    shares,
)
from sahel_transitions.methods.differences import (
    NONE,
    Estimate,
    Split,
    difference,
    distance,
    split_change,
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

__all__ = [
    "ANSWER",
    "NONE",
    "RECOMMENDED",
    "Changepoint",
    "Concentration",
    "Design",
    "Estimate",
    "Interruption",
    "Placebo",
    "Ratio",
    "Split",
    "Verdict",
    "best_cuts",
    "block_bootstrap",
    "deciding_choice",
    "difference",
    "distance",
    "evaluate",
    "fingerprint",
    "grid",
    "growth",
    "herfindahl",
    "herfindahl_bounds",
    "influence",
    "interruption",
    "leave_one_out",
    "penalty_path",
    "placebo_dates",
    "placebo_p_value",
    "placebo_units",
    "ratio_of_means",
    "shannon_entropy",
    "shares",
    "single_changepoint",
    "split_change",
    "verdict",
]
