"""What the suite itself says: sentences written from values."""

from sahel_transitions.claims.findings import (
    admin1_findings,
    definition_findings,
    glance,
    lag_findings,
    peak_findings,
    perpetrator_findings,
    promise_findings,
    shock_findings,
    state_findings,
    year_findings,
)
from sahel_transitions.claims.robustness import (
    changepoint_findings,
    curve_findings,
    month_findings,
    own_findings,
    placebo_findings,
    primary_findings,
    primary_table,
    window_findings,
)

__all__ = [
    "admin1_findings",
    "changepoint_findings",
    "curve_findings",
    "definition_findings",
    "glance",
    "lag_findings",
    "month_findings",
    "own_findings",
    "peak_findings",
    "perpetrator_findings",
    "placebo_findings",
    "primary_findings",
    "primary_table",
    "promise_findings",
    "shock_findings",
    "state_findings",
    "window_findings",
    "year_findings",
]
