"""What the suite itself says: sentences written from values.

Names are loaded when they are first used: what asks little of this room waits for no library.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "alignment": [
            "arms_findings",
            "base_year_findings",
            "context_findings",
            "move_findings",
            "ukraine_findings",
            "vote_findings",
        ],
        "breakdowns": ["filter_findings", "map_findings", "perpetrator_year_findings"],
        "claim_checks": ["Check", "VERDICTS", "read_checks"],
        "claim_ledger": [
            "INSTRUCTIVE",
            "claim_findings",
            "claim_table",
            "instructive_claims",
            "judged_claims",
            "moved_claims",
            "verdict_counts",
        ],
        "contradictions": [
            "changed_contradictions",
            "contradiction_findings",
            "contradiction_table",
            "contradictions",
            "read_contradiction_checks",
        ],
        "declared_findings": [
            "DeclaredFinding",
            "finding_of",
            "finding_of_title",
            "plain_values",
            "read_findings",
            "title_labels",
        ],
        "findings": [
            "admin1_findings",
            "definition_findings",
            "peak_findings",
            "perpetrator_findings",
            "shock_findings",
            "year_findings",
        ],
        "glance": ["glance"],
        "ledgers": ["lag_findings", "promise_clock_findings", "promise_findings", "state_findings"],
        "parallel_paths": [
            "change_findings",
            "change_table",
            "clock_findings",
            "follow_findings",
            "follow_table",
            "leader_table",
            "placebo_leader_findings",
            "sequence_findings",
        ],
        "parallel_verdicts": ["parallel_findings", "parallel_table"],
        "published_errors": [
            "changed_errors",
            "published_error_findings",
            "published_error_table",
            "published_errors",
            "read_error_checks",
        ],
        "recommendations": ["recommendation_findings"],
        "reference_class": [
            "coup_findings",
            "coup_table",
            "reference_findings",
            "spell_findings",
            "spell_table",
            "summary_table",
            "survival_table",
        ],
        "robustness": [
            "changepoint_findings",
            "curve_findings",
            "month_findings",
            "own_findings",
            "placebo_findings",
            "primary_findings",
            "primary_table",
            "window_findings",
        ],
        "sources": ["definition_table", "source_findings", "toll_findings"],
        "verdicts": ["CLAIM_COLUMNS", "check_claims", "claim_verdicts", "verdict_of"],
    },
)
