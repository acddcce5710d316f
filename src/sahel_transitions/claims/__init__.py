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

__all__ = [
    "admin1_findings",
    "definition_findings",
    "glance",
    "lag_findings",
    "peak_findings",
    "perpetrator_findings",
    "promise_findings",
    "shock_findings",
    "state_findings",
    "year_findings",
]
