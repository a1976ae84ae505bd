"""Exercise of section 1.19: the BIC of a least-squares fit."""

import numpy as np

from mlsheet.notebook.practice.grading import Equals, Exercise, Function, Holds
from mlsheet.probability.bayesian_information_criterion import bic, gaussian_log_likelihood
from mlsheet.validation import FloatArray


def bic_of_fit(residuals: FloatArray, coefficients: int) -> float:
    """Return the BIC of a fit with normal noise, whose variance is one more parameter."""
    log_likelihood = gaussian_log_likelihood(residuals)
    return float(bic(log_likelihood, coefficients + 1, len(residuals)))


_RESIDUALS = np.random.default_rng(0).normal(0, 5, 30)
_INPUTS = [(_RESIDUALS, 3), (_RESIDUALS[:7] / 2, 1), (_RESIDUALS, 6)]


def _costs_log_n(f: Function, residuals: FloatArray, coefficients: int) -> bool:
    one_more = f(residuals, coefficients + 1) - f(residuals, coefficients)
    return bool(np.isclose(one_more, np.log(len(residuals))))


EXERCISE = Exercise(
    arguments=("residuals", "coefficients"),
    properties=(
        Equals("it is k ln n - 2 ln L, the variance counted in k", bic_of_fit, _INPUTS),
        Holds("one more coefficient costs ln n", _costs_log_n, _INPUTS),
    ),
)
