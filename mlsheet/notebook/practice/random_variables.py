"""Exercise of section 1.16: from a function on outcomes to its distribution."""

import numpy as np

from mlsheet.notebook.practice.grading import Equals, Exercise, Holds
from mlsheet.validation import FloatArray


def distribution(values: FloatArray, probabilities: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the distinct values, increasing, and the probability of each."""
    support = np.unique(values)
    return support, np.array([probabilities[values == value].sum() for value in support])


_TOP = np.repeat(np.arange(1.0, 7), 6)
_OTHER = np.tile(np.arange(1.0, 7), 6)
_FAIR = np.full(36, 1 / 36)
_LOADED = np.outer([0.1, 0.1, 0.1, 0.1, 0.1, 0.5], np.full(6, 1 / 6)).ravel()
_INPUTS = [
    (np.maximum(_TOP, _OTHER), _FAIR),
    (np.array([3.0, 0.0, 3.0, -1.5]), np.array([0.1, 0.2, 0.3, 0.4])),
    (7 - _TOP, _LOADED),
]

EXERCISE = Exercise(
    arguments=("values", "probabilities"),
    properties=(
        Equals("it adds up the outcomes of each value", distribution, _INPUTS),
        Holds(
            "its mean is the mean over the outcomes",
            lambda f, x, p: bool(np.isclose(np.dot(*f(x, p)), x @ p)),
            _INPUTS,
        ),
    ),
)
