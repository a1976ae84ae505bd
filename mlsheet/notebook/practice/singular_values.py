"""Exercise of section 2.5: the nearest matrix of lower rank."""

import numpy as np

from mlsheet.linear_algebra.singular_values import low_rank
from mlsheet.notebook.practice.grading import Equals, Exercise, Holds
from mlsheet.validation import FloatArray


def low_rank_and_error(A: FloatArray, k: int) -> tuple[FloatArray, float]:
    """Return the best approximation of rank k and its relative error in the Frobenius norm."""
    approximation = low_rank(A, k)
    return approximation, float(np.linalg.norm(A - approximation) / np.linalg.norm(A))


_SMALL = [(np.array([[3.0, 0.0], [4.0, 5.0]]), 1)]
_OTHERS = [
    (np.random.default_rng(seed).normal(size=shape), k)
    for seed, (shape, k) in enumerate([((7, 3), 1), ((3, 7), 2), ((6, 5), 3)])
]

EXERCISE = Exercise(
    arguments=("A", "k"),
    properties=(
        Equals("it returns the matrix of rank k and the error", low_rank_and_error, _SMALL),
        Equals("it does so for matrices that aren't square, too", low_rank_and_error, _OTHERS),
        Holds(
            "the error doesn't change when the matrix is scaled",
            lambda f, A, k: bool(np.isclose(f(10 * A, k)[1], f(A, k)[1])),
            _OTHERS,
        ),
    ),
)
