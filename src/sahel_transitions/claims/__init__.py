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
    peak_findings,
    perpetrator_findings,
    shock_findings,
    year_findings,
)
from sahel_transitions.claims.glance import glance
from sahel_transitions.claims.ledgers import (
    clock_findings,
    lag_findings,
    promise_findings,
    state_findings,
)
from sahel_transitions.claims.recommendations import recommendation_findings
from sahel_transitions.claims.reference_class import (
    coup_findings,
    coup_table,
    reference_findings,
    spell_findings,
    spell_table,
    summary_table,
    survival_table,
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
    "clock_findings",
    "context_findings",
    "coup_findings",
    "coup_table",
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
    "recommendation_findings",
    "reference_findings",
    "shock_findings",
    "source_findings",
    "spell_findings",
    "spell_table",
    "state_findings",
    "summary_table",
    "survival_table",
    "toll_findings",
    "ukraine_findings",
    "vote_findings",
    "window_findings",
    "year_findings",
]
