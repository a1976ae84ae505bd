"""Exercise of section 1.15: standardised sums."""

import numpy as np

from mlsheet.notebook.practice.grading import Equals, Exercise, Holds
from mlsheet.validation import FloatArray


def standardized_rows(X: FloatArray, mean: float, std: float) -> FloatArray:
    """Return the standardised sum (1.15-f1) of each row of ``X``, shape (m, n)."""
    sums: FloatArray = (X.sum(axis=1) - X.shape[1] * mean) / (std * np.sqrt(X.shape[1]))
    return sums


_WAITS = np.random.default_rng(0).exponential(size=(6, 4))
_INPUTS = [(_WAITS, 1.0, 1.0), (_WAITS + 3, 4.0, 2.0), (_WAITS[:, :1], 1.0, 0.5)]
_MANY = [(np.random.default_rng(1).exponential(size=(4000, 9)), 1.0, 1.0)]

EXERCISE = Exercise(
    arguments=("X", "mean", "std"),
    properties=(
        Equals("it standardises the sum of each row", standardized_rows, _INPUTS),
        Holds(
            "its results have a variance near 1",
            lambda f, X, mean, std: abs(np.var(f(X, mean, std)) - 1) < 0.2,
            _MANY,
        ),
    ),
)
