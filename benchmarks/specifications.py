"""How long thousands of specifications take, against the bare fits of statsmodels in them.

    make bench

Asked is a part of the curves of the default study, once in one process and once in two, the answers
being kept in a file, and once more with all of them kept. The bare fit is one quasi-Poisson
regression of statsmodels on a series of 48 months: the least that an answer can cost. Printed are
ratios within this run.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
import statsmodels.api as sm

from sahel_transitions.indicators import specification_curves, specifications
from sahel_transitions.parameters import read_parameters
from sahel_transitions.tables import Tables

_FITS = 500


def main(count: int) -> None:
    """Measure and print."""
    parameters, tables = read_parameters({}), Tables()
    every = specifications(parameters, tables)
    # Spread over all shocks and choices, and only those that can be answered at all.
    answered = specification_curves(parameters, tables, every, workers=2)
    can = [each for each, ok in zip(every, answered["estimate"].notna(), strict=True) if ok]
    asked = [can[place] for place in np.linspace(0, len(can) - 1, min(count, len(can))).astype(int)]
    bare = _bare_fit()
    print(f"{len(asked):,} specifications with an answer; a bare fit takes {1000 * bare:.2f} ms.")
    with tempfile.TemporaryDirectory() as folder:
        for name, workers, kept in (
            ("one process", 1, Path(folder, "one")),
            ("two processes", 2, Path(folder, "two")),
            ("two processes, all kept", 2, Path(folder, "two")),
        ):
            start = time.perf_counter()
            specification_curves(parameters, tables, asked, workers=workers, kept_in=kept)
            seconds = time.perf_counter() - start
            print(
                f"{name:24} {seconds:6.1f} s  {seconds / (bare * len(asked)):5.2f} x the bare fits"
            )


def _bare_fit() -> float:
    """Seconds of one fit."""
    counts = np.random.default_rng(1).poisson(30, size=48)
    x = np.column_stack([np.ones(48), np.arange(48) / 12, np.arange(48) >= 24])
    start = time.perf_counter()
    for _ in range(_FITS):
        sm.GLM(counts, x, family=sm.families.Poisson()).fit()
    return (time.perf_counter() - start) / _FITS


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=5000, help="Specifications to ask")
    main(parser.parse_args().count)
