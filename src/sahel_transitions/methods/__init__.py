"""Statistics that know nothing of the Sahel.

Names are loaded when they are first used: what asks little of this room waits for no library.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "changepoints": ["Changepoint", "best_cuts", "penalty_path", "single_changepoint"],
        "concentration": [
            "Concentration",
            "herfindahl",
            "herfindahl_bounds",
            "shannon_entropy",
            "shares",
        ],
        "differences": ["Estimate", "NONE", "Split", "difference", "distance", "split_change"],
        "following": [
            "Following",
            "followed_within",
            "irregularity",
            "match_channels",
            "power",
            "shared_order",
            "shift_calendar",
        ],
        "interrupted": [
            "Design",
            "Interruption",
            "RECOMMENDED",
            "block_bootstrap",
            "interruption",
            "leave_one_out",
        ],
        "placebos": ["Placebo", "placebo_dates", "placebo_p_value", "placebo_units"],
        "ratios": ["Ratio", "growth", "ratio_of_means"],
        "sequences": ["Alignment", "align", "best_lag", "lagged_agreement"],
        "specification_curve": [
            "ANSWER",
            "Verdict",
            "deciding_choice",
            "evaluate",
            "fingerprint",
            "grid",
            "influence",
            "verdict",
        ],
        "survival": [
            "CENSORED",
            "LogRank",
            "Quantile",
            "cumulative_incidence",
            "log_rank",
            "numbers_at_risk",
            "quantile",
            "survival_curve",
            "value_at",
        ],
    },
)
