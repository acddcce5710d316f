"""What the suite itself says: sentences written from values."""

from sahel_transitions.claims.alignment import (
    arms_findings,
    base_year_findings,
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
from sahel_transitions.claims.claim_checks import VERDICTS, Check, read_checks
from sahel_transitions.claims.claim_ledger import (
    INSTRUCTIVE,
    claim_findings,
    claim_table,
    instructive_claims,
    judged_claims,
    moved_claims,
    verdict_counts,
)
from sahel_transitions.claims.contradictions import (
    changed_contradictions,
    contradiction_findings,
    contradiction_table,
    contradictions,
    read_contradiction_checks,
)
from sahel_transitions.claims.declared_findings import (
    DeclaredFinding,
    finding_of,
    plain_values,
    read_findings,
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
    lag_findings,
    promise_clock_findings,
    promise_findings,
    state_findings,
)
from sahel_transitions.claims.parallel_paths import (
    change_findings,
    change_table,
    clock_findings,
    follow_findings,
    follow_table,
    leader_table,
    placebo_leader_findings,
    sequence_findings,
)
from sahel_transitions.claims.parallel_verdicts import parallel_findings, parallel_table
from sahel_transitions.claims.published_errors import (
    changed_errors,
    published_error_findings,
    published_error_table,
    published_errors,
    read_error_checks,
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
from sahel_transitions.claims.verdicts import COLUMNS as CLAIM_COLUMNS
from sahel_transitions.claims.verdicts import check_claims, claim_verdicts, verdict_of

__all__ = [
    "CLAIM_COLUMNS",
    "INSTRUCTIVE",
    "VERDICTS",
    "Check",
    "DeclaredFinding",
    "admin1_findings",
    "arms_findings",
    "base_year_findings",
    "change_findings",
    "change_table",
    "changed_contradictions",
    "changed_errors",
    "changepoint_findings",
    "check_claims",
    "claim_findings",
    "claim_table",
    "claim_verdicts",
    "clock_findings",
    "context_findings",
    "contradiction_findings",
    "contradiction_table",
    "contradictions",
    "coup_findings",
    "coup_table",
    "curve_findings",
    "definition_findings",
    "definition_table",
    "filter_findings",
    "finding_of",
    "follow_findings",
    "follow_table",
    "glance",
    "instructive_claims",
    "judged_claims",
    "lag_findings",
    "leader_table",
    "map_findings",
    "month_findings",
    "move_findings",
    "moved_claims",
    "own_findings",
    "parallel_findings",
    "parallel_table",
    "peak_findings",
    "perpetrator_findings",
    "perpetrator_year_findings",
    "placebo_findings",
    "placebo_leader_findings",
    "plain_values",
    "primary_findings",
    "primary_table",
    "promise_clock_findings",
    "promise_findings",
    "published_error_findings",
    "published_error_table",
    "published_errors",
    "read_checks",
    "read_contradiction_checks",
    "read_error_checks",
    "read_findings",
    "recommendation_findings",
    "reference_findings",
    "sequence_findings",
    "shock_findings",
    "source_findings",
    "spell_findings",
    "spell_table",
    "state_findings",
    "summary_table",
    "survival_table",
    "toll_findings",
    "ukraine_findings",
    "verdict_counts",
    "verdict_of",
    "vote_findings",
    "window_findings",
    "year_findings",
]
