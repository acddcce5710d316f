"""What the suite itself says: sentences written from values."""

from sahel_transitions.claims.alignment import (
    arms_findings,
    context_findings,
    move_findings,
    ukraine_findings,
    vote_findings,
)
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
    "arms_findings",
    "changepoint_findings",
    "context_findings",
    "curve_findings",
    "definition_findings",
    "definition_table",
    "filter_findings",
    "glance",
    "lag_findings",
    "map_findings",
    "month_findings",
    "move_findings",
    "own_findings",
    "peak_findings",
    "perpetrator_findings",
    "perpetrator_year_findings",
    "placebo_findings",
    "primary_findings",
    "primary_table",
    "promise_findings",
    "shock_findings",
    "source_findings",
    "state_findings",
    "toll_findings",
    "ukraine_findings",
    "vote_findings",
    "window_findings",
    "year_findings",
]
