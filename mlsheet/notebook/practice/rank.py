"""Exercise of section 2.3: the numerical rank."""

import numpy as np

from mlsheet.linear_algebra.rank import rank_svd
from mlsheet.notebook.practice.grading import Equals, Exercise, Holds
from mlsheet.validation import FloatArray


def _of_rank(rank: int, m: int, n: int) -> FloatArray:
    rng = np.random.default_rng(10 * m + n)
    return rng.normal(size=(m, rank)) @ rng.normal(size=(rank, n))


_EXACT = [
    (np.array([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [1.0, 1.0, 1.0]]),),
    (np.array([[0.0, 1.0], [0.0, 0.0]]),),
    (np.eye(3),),
]
_ROUNDED = [(_of_rank(r, m, n),) for r, m, n in [(2, 6, 5), (3, 4, 9), (1, 7, 7), (5, 5, 8)]]
_SCALED = [(scale * _of_rank(2, 5, 4),) for scale in (1e-14, 1e14)]

EXERCISE = Exercise(
    arguments=("A",),
    properties=(
        Equals("it counts independent columns", rank_svd, _EXACT),
        Equals("it does not count what is only rounding", rank_svd, _ROUNDED),
        Equals("its tolerance grows and shrinks with the matrix", rank_svd, _SCALED),
        Equals("a matrix of zeros has rank 0", rank_svd, [(np.zeros((2, 3)),)]),
        Holds(
            "a matrix and its transpose have one rank",
            lambda f, A: f(A) == f(np.ascontiguousarray(A.T)),
            _ROUNDED,
        ),
    ),
)
