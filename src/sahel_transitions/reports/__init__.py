"""Run folder → what can be handed over."""

from sahel_transitions.reports.page import write_report

__all__ = ["write_report"]
