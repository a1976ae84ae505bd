"""Exercise of section 1.13: the coverage of an interval."""

import numpy as np

from mlsheet.notebook.practice.grading import Equals, Exercise, Holds
from mlsheet.probability.frequentist_vs_bayesian import coverage, wald_interval, wilson_interval
from mlsheet.validation import FloatArray


def coverage_of_ends(low: FloatArray, high: FloatArray, p: float) -> float:
    """Return the coverage (1.13-a1) of the intervals for s = 0, …, n successes."""
    return float(coverage(lambda s, n, level: (low, high), p, len(low) - 1))


_INPUTS = [
    (*wald_interval(np.arange(21), 20), 0.05),
    (*wilson_interval(np.arange(13), 12), 0.2),
    (*wilson_interval(np.arange(8), 7, 0.8), 0.93),
]
_ALL = [(np.zeros(6), np.ones(6), 0.3)]

EXERCISE = Exercise(
    arguments=("low", "high", "p"),
    properties=(
        Equals("it weighs each covering interval by its probability", coverage_of_ends, _INPUTS),
        Holds(
            "intervals from 0 to 1 always cover",
            lambda f, low, high, p: bool(np.isclose(f(low, high, p), 1)),
            _ALL,
        ),
    ),
)
