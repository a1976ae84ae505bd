"""Exercise of section 2.13: Jensen's gap."""

import numpy as np

from mlsheet.linear_algebra.jensens_inequality import jensen_gap
from mlsheet.notebook.practice.grading import Equals, Exercise, Function, Holds
from mlsheet.validation import FloatArray

_SPEEDS = np.array([1.0, 3.0])
_POINTS = np.array([0.5, 1.0, 2.5, 4.0])
_WEIGHTS = np.array([0.4, 0.1, 0.3, 0.2])

_CONVEX = [
    (np.reciprocal, _SPEEDS, np.array([0.5, 0.5])),
    (np.square, _POINTS, _WEIGHTS),
    (np.exp, _POINTS, _WEIGHTS),
]
_CONCAVE = [(np.log, _POINTS, _WEIGHTS), (np.sqrt, _SPEEDS, np.array([0.8, 0.2]))]
_CONSTANT = [(np.exp, np.array([2.0, 2.0, 2.0]), np.array([0.2, 0.3, 0.5]))]


def _is_variance(gap: Function, f: Function, x: FloatArray, w: FloatArray) -> bool:
    return bool(np.isclose(gap(np.square, x, w), w @ (x - w @ x) ** 2))


EXERCISE = Exercise(
    arguments=("f", "x", "w"),
    properties=(
        Equals("it is the average of f less f of the average", jensen_gap, _CONVEX),
        Equals("it is negative for concave f", jensen_gap, _CONCAVE),
        Equals("it is 0 where nothing varies", jensen_gap, _CONSTANT),
        Holds("for the square it is the variance", _is_variance, _CONVEX),
    ),
)
