"""Exercise of section 1.12.6: a variance that survives large values."""

import numpy as np

from mlsheet.notebook.practice.grading import Equals, Exercise, Function, Holds
from mlsheet.probability.variance_rules import two_pass_variance
from mlsheet.validation import FloatArray

_VALUES = np.array([1.0, 2.0, 6.0, 2.5])
_SAMPLES = [(_VALUES,), (np.array([3.0]),), (_VALUES[:2] - 4,)]
_STAMPS = [(1e9 + np.arange(3.0),), (1e9 + 8 * _VALUES,)]


def _scales(f: Function, x: FloatArray) -> bool:
    return bool(np.isclose(f(-3 * x + 5), 9 * f(x)))


EXERCISE = Exercise(
    arguments=("x",),
    properties=(
        Equals("it is the mean squared distance from the mean", two_pass_variance, _SAMPLES),
        Holds("for -3 x + 5 it is nine times as large", _scales, _SAMPLES),
        Equals("time stamps near a billion do no harm", two_pass_variance, _STAMPS),
    ),
)
