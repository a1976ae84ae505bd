"""Exercise of section 2.10: the product rule for any number of factors."""

import numpy as np

from mlsheet.notebook.practice.grading import Equals, Exercise, Holds
from mlsheet.validation import FloatArray


def product_slope(values: FloatArray, slopes: FloatArray) -> float:
    """Return the slope of the product of all factors, given their values and slopes."""
    value, slope = 1.0, 0.0
    for v, dv in zip(values, slopes, strict=True):
        value, slope = value * v, slope * v + value * dv
    return slope


_RNG = np.random.default_rng(0)
_TWO = [(np.array([3.0, 4.0]), np.array([1.0, 2.0])), (np.array([5.0, -2.0]), np.array([0.0, 1.0]))]
_MANY = [tuple(_RNG.normal(size=(2, count))) for count in (1, 3, 6)]
_ZERO = [
    (np.array([2.0, 0.0, 5.0]), np.array([1.0, 3.0, 1.0])),
    (np.array([0.0, 0.0, 4.0]), np.array([1.0, 1.0, 1.0])),
]

EXERCISE = Exercise(
    arguments=("values", "slopes"),
    properties=(
        Equals("it is the product rule for two factors", product_slope, _TWO),
        Equals("it is the product rule for any number of factors", product_slope, _MANY),
        Equals("it holds where a factor is 0", product_slope, _ZERO),
        Holds(
            "doubling one factor and its slope doubles the result",
            lambda f, values, slopes: np.isclose(
                f(values * [2, 1, 1], slopes * [2, 1, 1]), 2 * f(values, slopes)
            ),
            _MANY[1:2],
        ),
    ),
)
