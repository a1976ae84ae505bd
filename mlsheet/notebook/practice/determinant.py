"""Exercise of section 2.2: the determinant by elimination."""

import numpy as np

from mlsheet.linear_algebra.determinant import det_lu
from mlsheet.notebook.practice.grading import Equals, Exercise, Holds
from mlsheet.validation import FloatArray


def _matrix(size: int) -> FloatArray:
    return np.random.default_rng(size).normal(size=(size, size))


_SMALL = [(np.array([[2.0, 1.0], [1.0, 2.0]]),), (np.array([[-3.0]]),)]
_ZERO_CORNER = [
    (np.array([[0.0, 2.0], [4.0, 6.0]]),),
    (np.roll(np.eye(4), 1, axis=0),),
    (np.array([[1e-20, 1.0], [1.0, 1.0]]),),
]
_SINGULAR = [
    (np.array([[1.0, 2.0], [2.0, 4.0]]),),
    (np.array([[1.0, 2.0, 3.0], [2.0, 4.0, 1.0], [1.0, 2.0, 5.0]]),),
    (np.zeros((3, 3)),),
]
_RANDOM = [(_matrix(size),) for size in (3, 5, 7)]

EXERCISE = Exercise(
    arguments=("A",),
    properties=(
        Equals("it multiplies the pivots", det_lu, _SMALL),
        Equals("it swaps rows where the pivot is zero or tiny", det_lu, _ZERO_CORNER),
        Equals("it gives 0 for a singular matrix", det_lu, _SINGULAR),
        Equals("it does so for larger matrices", det_lu, _RANDOM),
        Holds(
            "a swap of two rows flips its sign",
            lambda f, A: np.isclose(f(A[::-1]), -f(A)),
            _RANDOM[:1],
        ),
    ),
)
