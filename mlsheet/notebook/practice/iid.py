"""Exercise of section 1.18: the variance of an average."""

import numpy as np

from mlsheet.notebook.practice.grading import Equals, Exercise, Holds
from mlsheet.validation import FloatArray


def variance_of_mean(cov: FloatArray) -> float:
    """Return the variance of the average of n variables with this covariance matrix."""
    return float(cov.mean())


_FACTOR = np.random.default_rng(0).normal(size=(5, 4))
_INPUTS = [
    (np.array([[2.0, 1.0], [1.0, 4.0]]),),
    (_FACTOR @ _FACTOR.T,),
    (0.5 + 0.5 * np.eye(3),),
]
_INDEPENDENT = [(np.diag([1.0, 4.0, 4.0]),)]

EXERCISE = Exercise(
    arguments=("cov",),
    properties=(
        Equals("it is the variance of the average", variance_of_mean, _INPUTS),
        Holds(
            "without covariances it is the sum of variances over n²",
            lambda f, cov: bool(np.isclose(f(cov), np.trace(cov) / len(cov) ** 2)),
            _INDEPENDENT,
        ),
    ),
)
