"""Exercise of section 1.24: a p-value from a null law given value by value."""

import numpy as np
from scipy.special import comb

from mlsheet.notebook.practice.grading import Equals, Exercise, Holds
from mlsheet.probability.hypothesis_testing import discrete_p_value
from mlsheet.validation import FloatArray


def _heads(n: int, observed: int) -> tuple[FloatArray, FloatArray, int]:
    k = np.arange(n + 1.0)
    return k, comb(n, k) / 2**n, observed


_CASES = [_heads(10, 8), _heads(10, 1), _heads(7, 7)]
_MIDDLE = [_heads(10, 5), _heads(7, 4)]
_SKEWED = [
    (np.array([3.0, 0.0, 9.0, 1.0]), np.array([0.3, 0.4, 0.1, 0.2]), 9),
    (np.array([-1.0, 0.0, 4.0]), np.array([0.15, 0.8, 0.05]), -1),
]

EXERCISE = Exercise(
    arguments=("support", "probabilities", "observed"),
    properties=(
        Equals("it doubles the tail that includes the observed value", discrete_p_value, _CASES),
        Equals("it never exceeds 1", discrete_p_value, _MIDDLE),
        Equals("it takes the smaller tail, in any order of the values", discrete_p_value, _SKEWED),
        Holds(
            "values and observation mirrored leave it as it is",
            lambda f, support, law, observed: np.isclose(
                f(-support, law, -observed), f(support, law, observed)
            ),
            _CASES,
        ),
    ),
)
