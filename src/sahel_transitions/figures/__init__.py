"""Tidy frame → figure with its data and alt text. Nothing shows, writes or keeps state."""

from sahel_transitions.figures.deadlines import promise_lines, slippage_steps
from sahel_transitions.figures.deaths import (
    deaths_by_month,
    deaths_by_year,
    trailing_deaths,
)
from sahel_transitions.figures.figure import Figure, country_styles
from sahel_transitions.figures.html_table import html_table, plain_table
from sahel_transitions.figures.marks import Marks, read_marks
from sahel_transitions.figures.partners import lag_intervals, partner_timelines
from sahel_transitions.figures.perpetrators import deaths_by_perpetrator

__all__ = [
    "Figure",
    "Marks",
    "country_styles",
    "deaths_by_month",
    "deaths_by_perpetrator",
    "deaths_by_year",
    "html_table",
    "lag_intervals",
    "partner_timelines",
    "plain_table",
    "promise_lines",
    "read_marks",
    "slippage_steps",
    "trailing_deaths",
]
