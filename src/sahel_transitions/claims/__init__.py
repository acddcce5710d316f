"""What the suite itself says: sentences written from values."""

from sahel_transitions.claims.breakdowns import (
    filter_findings,
    map_findings,
    perpetrator_year_findings,
)
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
from sahel_transitions.claims.recommendations import recommendation_findings
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
from sahel_transitions.claims.sources import definition_table, source_findings, toll_findings

__all__ = [
    "admin1_findings",
    "changepoint_findings",
    "curve_findings",
    "definition_findings",
    "definition_table",
    "filter_findings",
    "glance",
    "lag_findings",
    "map_findings",
    "month_findings",
    "own_findings",
    "peak_findings",
    "perpetrator_findings",
    "perpetrator_year_findings",
    "placebo_findings",
    "primary_findings",
    "primary_table",
    "promise_findings",
    "recommendation_findings",
    "shock_findings",
    "source_findings",
    "state_findings",
    "toll_findings",
    "window_findings",
    "year_findings",
]
