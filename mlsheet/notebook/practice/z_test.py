"""Exercise of section 1.24.1: the z-test of one mean."""

import numpy as np

from mlsheet.notebook.practice.grading import Equals, Exercise, Holds
from mlsheet.probability.z_test import z_test


def _case(n: int, mean: float, sigma: float) -> tuple[object, ...]:
    return np.random.default_rng(n).normal(mean, sigma, n), 100.0, sigma


_CASES = [_case(10, 101, 2.0), _case(7, 98, 3.0), _case(1, 103, 1.5)]

EXERCISE = Exercise(
    arguments=("x", "mu0", "sigma"),
    properties=(
        Equals("it counts standard errors, and both tails", z_test, _CASES),
        Holds(
            "values and mu0 moved together leave z and p as they are",
            lambda f, x, mu0, sigma: np.allclose(f(x + 5, mu0 + 5, sigma), f(x, mu0, sigma)),
            _CASES,
        ),
        Holds(
            "four copies of the sample double z",
            lambda f, x, mu0, sigma: np.isclose(
                f(np.tile(x, 4), mu0, sigma)[0], 2 * f(x, mu0, sigma)[0]
            ),
            _CASES,
        ),
    ),
)
