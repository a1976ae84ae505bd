"""Exercise of section 1.24.4: the two sums of signed ranks."""

import numpy as np

from mlsheet.notebook.practice.grading import Equals, Exercise, Holds
from mlsheet.probability.wilcoxon_test import wilcoxon_signed_rank
from mlsheet.validation import FloatArray


def _sums(x: FloatArray, y: FloatArray) -> tuple[float, float]:
    return wilcoxon_signed_rank(x, y)[:2]


def _pairs(seed: int, n: int) -> tuple[object, ...]:
    x = np.random.default_rng(seed).permutation(n) * 3.0
    return x, np.arange(n)[::-1] * 2.0 + 0.5 * seed


_SIMPLE = [_pairs(1, 5), _pairs(3, 8)]
_TIES = [
    (np.array([5.0, 7, 9, 4]), np.array([3.0, 8, 4, 4])),
    (np.array([1.0, 2, 3, 8]), np.array([3.0, 4, 1, 3])),
    (np.array([0.0, 0, 6]), np.array([0.0, 1, 0])),
]

EXERCISE = Exercise(
    arguments=("x", "y"),
    properties=(
        Equals("it sums the ranks of |x - y| by the sign of x - y", _sums, _SIMPLE),
        Equals("zero differences are dropped and ties share the mean rank", _sums, _TIES),
        Holds(
            "x and y exchanged, the two sums change places",
            lambda f, x, y: np.allclose(f(x, y), f(y, x)[::-1]),
            _SIMPLE + _TIES,
        ),
        Holds(
            "differences three times as large have the same ranks",
            lambda f, x, y: np.allclose(f(3 * x, 3 * y), f(x, y)),
            _SIMPLE + _TIES,
        ),
    ),
)
