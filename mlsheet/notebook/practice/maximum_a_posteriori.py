"""Exercise of section 1.6: ridge regression as a MAP estimate."""

import numpy as np

from mlsheet.notebook.practice.grading import Arguments, Equals, Exercise, Function, Holds
from mlsheet.validation import FloatArray


def ridge_by_normal_equations(X: FloatArray, y: FloatArray, sigma: float, tau: float) -> FloatArray:
    """Return the MAP weights, shape (d,), for noise ``sigma`` and a prior N(0, tau² I)."""
    penalty = (sigma / tau) ** 2 * np.eye(X.shape[1])
    return np.asarray(np.linalg.solve(X.T @ X + penalty, X.T @ y), dtype=np.float64)


def _data(seed: int, n: int, d: int, sigma: float, tau: float) -> Arguments:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    return X, X @ rng.normal(0, tau, d) + rng.normal(0, sigma, n), sigma, tau


def _depends_on_the_ratio(
    f: Function, X: FloatArray, y: FloatArray, sigma: float, tau: float
) -> bool:
    return bool(np.allclose(f(X, y, sigma, tau), f(X, y, 3 * sigma, 3 * tau)))


_INPUTS = [_data(0, 7, 3, 0.5, 2.0), _data(1, 9, 2, 2.0, 0.3), _data(2, 3, 5, 1.0, 0.7)]

EXERCISE = Exercise(
    arguments=("X", "y", "sigma", "tau"),
    properties=(
        Equals("it finds the most probable weights", ridge_by_normal_equations, _INPUTS),
        Holds("only the ratio sigma / tau matters", _depends_on_the_ratio, _INPUTS[:2]),
    ),
)
