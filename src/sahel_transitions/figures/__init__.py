"""Tidy frame → figure with its data and alt text. Nothing shows, writes or keeps state.

Names are loaded when they are first used: what asks little of this room waits for no library.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "alignment": ["un_distances", "un_move_parts"],
        "arms": ["arms_portfolios"],
        "claim_verdicts": ["verdicts_by_document", "verdicts_then_and_now"],
        "clocks": ["two_clocks"],
        "context": ["partner_context"],
        "coup_counts": ["coups_by_source"],
        "deadlines": ["promise_lines", "slippage_steps"],
        "death_maps": ["deaths_maps"],
        "deaths": ["deaths_by_month", "deaths_by_year", "trailing_deaths"],
        "figure": ["Figure", "country_styles", "undrawn"],
        "following": ["agreement_by_lag", "following_nulls", "what_runs_in_parallel"],
        "levels": ["changes_of_level", "fitted_changes", "windows_compared"],
        "marks": ["Marks", "read_marks"],
        "one_sided": ["one_sided_filter"],
        "panels": ["Panel", "panels_of"],
        "parallel_paths": ["lags_on_clocks", "paths_on_two_clocks"],
        "partner_clocks": ["partner_clocks"],
        "partners": ["lag_intervals", "partner_timelines"],
        "perpetrators": ["deaths_by_perpetrator", "perpetrators_over_time"],
        "recommendations": ["recommendations"],
        "resolutions": ["ukraine_votes"],
        "robustness": ["placebos", "stated_changes", "without_each_month"],
        "shown_table": ["Column", "ShownTable", "shown_table"],
        "source_panels": ["deaths_by_source"],
        "specifications": ["choices_compared", "specification_curves"],
        "status_matrix": ["status_matrix"],
        "survival": ["spell_lines", "transition_ends"],
        "tolls": ["tolls_by_source"],
    },
)
