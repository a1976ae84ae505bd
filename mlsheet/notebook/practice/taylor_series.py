"""Exercise of section 2.8: the Taylor polynomial from the derivatives at one point."""

import numpy as np

from mlsheet.linear_algebra.taylor_series import taylor_coeffs, taylor_eval
from mlsheet.notebook.practice.grading import Equals, Exercise, Function, Holds
from mlsheet.validation import FloatArray


def polynomial_from_derivatives(derivatives: FloatArray, a: float, x: FloatArray) -> FloatArray:
    """Return the Taylor polynomial (2.8-f1) at ``x``, from f(a), f'(a), f''(a), …."""
    values = [lambda _, value=value: value for value in derivatives]
    return taylor_eval(taylor_coeffs(values, a, len(values) - 1), a, x)


def _halves(polynomial: Function, derivatives: FloatArray, a: float, x: FloatArray) -> bool:
    errors = [np.abs(np.exp(a + h) - polynomial(derivatives, a, np.array([a + h]))) for h in x]
    return bool(errors[0] > 1.9 ** len(derivatives) * errors[1])


_X = np.array([-0.5, 0.0, 0.3, 2.0])
_INPUTS = [
    (np.array([2.0]), 1.0, _X),
    (np.array([0.0, 1.0, -1.0]), 0.0, _X),
    (np.array([1.0, -1.0, 2.0, -6.0, 24.0]), 1.0, _X),
    (np.array([0.5, 0.25, 0.0, -0.125]), -0.5, _X),
]
_EXPONENTIAL = [(np.exp(0.3) * np.ones(n), 0.3, np.array([0.2, 0.1])) for n in (2, 3, 4)]

EXERCISE = Exercise(
    arguments=("derivatives", "a", "x"),
    properties=(
        Equals("it returns the polynomial at each x", polynomial_from_derivatives, _INPUTS),
        Holds("half as far from a, the error of exp falls by 2^(n + 1)", _halves, _EXPONENTIAL),
    ),
)
