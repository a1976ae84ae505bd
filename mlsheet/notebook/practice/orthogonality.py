"""Exercise of section 2.1: Gram-Schmidt."""

import numpy as np

from mlsheet.linear_algebra.orthogonality import gram_schmidt
from mlsheet.notebook.practice.grading import Equals, Exercise, Holds


def thermometers(deviation: float) -> np.ndarray:
    """Return three columns that are all but parallel: a common reading and one deviation each."""
    return np.vstack([np.ones(3), deviation * np.eye(3)])


_RANDOM = np.random.default_rng(21)
_INPUTS = [
    (np.array([[4.0, 2.0], [3.0, 4.0]]),),
    (np.array([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0]]),),
    (_RANDOM.normal(size=(6, 4)),),
]

EXERCISE = Exercise(
    arguments=("A",),
    properties=(
        Equals(
            "it turns the columns of A into an orthonormal basis, in order", gram_schmidt, _INPUTS
        ),
        Holds(
            "its columns stay orthogonal when those of A are all but parallel",
            lambda f, A: np.abs(f(A).T @ f(A) - np.eye(3)).max() < 1e-6,
            [(thermometers(1e-8),)],
        ),
    ),
)
