"""Tidy frame → figure with its data and alt text. Nothing shows, writes or keeps state."""

from sahel_transitions.figures.alignment import un_distances, un_move_parts
from sahel_transitions.figures.arms import arms_portfolios
from sahel_transitions.figures.claim_verdicts import verdicts_by_document, verdicts_then_and_now
from sahel_transitions.figures.clocks import two_clocks
from sahel_transitions.figures.context import partner_context
from sahel_transitions.figures.coup_counts import coups_by_source
from sahel_transitions.figures.deadlines import promise_lines, slippage_steps
from sahel_transitions.figures.death_maps import deaths_maps
from sahel_transitions.figures.deaths import (
    deaths_by_month,
    deaths_by_year,
    trailing_deaths,
)
from sahel_transitions.figures.figure import Figure, country_styles, undrawn
from sahel_transitions.figures.following import (
    agreement_by_lag,
    following_nulls,
    what_runs_in_parallel,
)
from sahel_transitions.figures.html_table import html_table, plain_table
from sahel_transitions.figures.levels import changes_of_level, fitted_changes, windows_compared
from sahel_transitions.figures.marks import Marks, read_marks
from sahel_transitions.figures.one_sided import one_sided_filter
from sahel_transitions.figures.parallel_paths import lags_on_clocks, paths_on_two_clocks
from sahel_transitions.figures.partner_clocks import partner_clocks
from sahel_transitions.figures.partners import lag_intervals, partner_timelines
from sahel_transitions.figures.perpetrators import deaths_by_perpetrator, perpetrators_over_time
from sahel_transitions.figures.recommendations import recommendations
from sahel_transitions.figures.resolutions import ukraine_votes
from sahel_transitions.figures.robustness import placebos, stated_changes, without_each_month
from sahel_transitions.figures.source_panels import deaths_by_source
from sahel_transitions.figures.specifications import choices_compared, specification_curves
from sahel_transitions.figures.status_matrix import status_matrix
from sahel_transitions.figures.survival import spell_lines, transition_ends
from sahel_transitions.figures.tolls import tolls_by_source

__all__ = [
    "Figure",
    "Marks",
    "agreement_by_lag",
    "arms_portfolios",
    "changes_of_level",
    "choices_compared",
    "country_styles",
    "coups_by_source",
    "deaths_by_month",
    "deaths_by_perpetrator",
    "deaths_by_source",
    "deaths_by_year",
    "deaths_maps",
    "fitted_changes",
    "following_nulls",
    "html_table",
    "lag_intervals",
    "lags_on_clocks",
    "one_sided_filter",
    "partner_clocks",
    "partner_context",
    "partner_timelines",
    "paths_on_two_clocks",
    "perpetrators_over_time",
    "placebos",
    "plain_table",
    "promise_lines",
    "read_marks",
    "recommendations",
    "slippage_steps",
    "specification_curves",
    "spell_lines",
    "stated_changes",
    "status_matrix",
    "tolls_by_source",
    "trailing_deaths",
    "transition_ends",
    "two_clocks",
    "ukraine_votes",
    "un_distances",
    "un_move_parts",
    "undrawn",
    "verdicts_by_document",
    "verdicts_then_and_now",
    "what_runs_in_parallel",
    "windows_compared",
    "without_each_month",
]
