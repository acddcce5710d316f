"""Statistics that know nothing of the Sahel."""

from sahel_transitions.methods.ratios import Ratio, ratio_of_means

__all__ = ["Ratio", "ratio_of_means"]
