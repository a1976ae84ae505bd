"""Exercise of section 2.7: second derivatives from values of the function alone."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mlsheet.linear_algebra.hessian import hessian_fd
from mlsheet.notebook.practice.grading import Equals, Exercise, Function, Holds
from mlsheet.validation import FloatArray


@dataclass(frozen=True)
class _Formula:
    """A function that a report shows by its formula."""

    text: str
    value: Callable[..., float]

    def __call__(self, p: FloatArray) -> float:
        return self.value(*p)

    def __repr__(self) -> str:
        return self.text


def hessian_from_values(f: Callable[[FloatArray], float], x: FloatArray) -> FloatArray:
    """Return the matrix of second derivatives (2.7-f1) of ``f`` at ``x``, shape (n, n)."""
    return hessian_fd(f, x)


def _ignores_a_slope(hessian: Function, f: _Formula, x: FloatArray) -> bool:
    steeper = hessian(lambda p: f(p) + 5 * p[0], x)
    return np.allclose(steeper, hessian(f, x), rtol=1e-5, atol=1e-5)


_BOWL = _Formula("x² + 3 y²", lambda x, y: x**2 + 3 * y**2)
_TILTED = _Formula("x² − y² + x y", lambda x, y: x**2 - y**2 + x * y)
_WAVY = _Formula("sin(x) exp(y) + y z²", lambda x, y, z: np.sin(x) * np.exp(y) + y * z**2)
_INPUTS = [
    (_BOWL, np.array([0.0, 0.0])),
    (_TILTED, np.array([0.0, 0.0])),
    (_TILTED, np.array([1.0, -2.0])),
    (_WAVY, np.array([0.3, 0.5, -1.0])),
    (_WAVY, np.array([-1.2, 0.1, 0.8])),
]

EXERCISE = Exercise(
    arguments=("f", "x"),
    properties=(
        Equals("it returns all second derivatives", hessian_from_values, _INPUTS, 1e-5, 1e-5),
        Holds("a slope added to the function changes nothing", _ignores_a_slope, _INPUTS),
    ),
)
