"""The ratio of the means of two runs of counts, with an interval that allows for overdispersion."""

from dataclasses import dataclass

import numpy as np
import statsmodels.api as sm
from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

from sahel_transitions.methods.silenced import silenced


@dataclass(frozen=True)
class Ratio:
    """A ratio and its interval; all three are NaN where it cannot be estimated."""

    estimate: float
    low: float
    high: float

    @property
    def differs_from_one(self) -> bool:
        """Whether the interval leaves out 1."""
        return bool(self.low > 1 or self.high < 1)


def ratio_of_means(before, after, level: float = 0.95) -> Ratio:
    """The mean of `after` over that of `before`, by quasi-Poisson regression.

    The variance is taken to be proportional to the mean, with the proportion estimated from the
    Pearson residuals (McCullagh and Nelder 1989, ch. 4.5 and 9): months of deaths vary far more
    than a Poisson count, and a plain Poisson interval would be many times too narrow. Serial
    correlation is not allowed for.

    Parameters
    ----------
    before, after : array of float
        Counts of periods of one length, at least two on each side.
    """
    before, after = np.asarray(before, dtype="float64"), np.asarray(after, dtype="float64")
    counts = np.concatenate([before, after])
    if (
        min(len(before), len(after)) < 2
        or np.isnan(counts).any()
        or 0 in (before.sum(), after.sum())
    ):
        return Ratio(np.nan, np.nan, np.nan)
    later = np.repeat([0.0, 1.0], [len(before), len(after)])
    model = sm.GLM(counts, sm.add_constant(later), family=sm.families.Poisson())
    fit = model.fit(scale="X2")
    low, high = np.exp(fit.conf_int(alpha=1 - level)[1])
    return Ratio(float(np.exp(fit.params[1])), float(low), float(high))


def growth(counts, season: int = 12, level: float = 0.95) -> Ratio:
    """The factor by which counts grow from one season to the next, by a straight line of their log.

    Quasi-Poisson, as `ratio_of_means`.

    Parameters
    ----------
    counts : array of float
        One a period, in order; at least four.
    season : int
        Periods in a season.
    """
    counts = np.asarray(counts, dtype="float64")
    if len(counts) < 4 or np.isnan(counts).any() or counts.sum() == 0:
        return Ratio(np.nan, np.nan, np.nan)
    time = np.arange(len(counts)) / season
    with silenced(PerfectSeparationWarning):
        fit = sm.GLM(counts, sm.add_constant(time), family=sm.families.Poisson()).fit(scale="X2")
    low, high = np.exp(fit.conf_int(alpha=1 - level)[1])
    return Ratio(float(np.exp(fit.params[1])), float(low), float(high))
