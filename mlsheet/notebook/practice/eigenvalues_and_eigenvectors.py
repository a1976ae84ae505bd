"""Exercise of section 2.4: power iteration."""

import numpy as np
from numpy.typing import ArrayLike

from mlsheet.linear_algebra.eigenvalues_and_eigenvectors import power_steps
from mlsheet.notebook.practice.grading import Equals, Exercise, Holds
from mlsheet.validation import FloatArray


def after_steps(A: ArrayLike, v0: ArrayLike, n_steps: int) -> tuple[float, FloatArray]:
    """Return the Rayleigh quotient and the unit vector after some multiplications by A."""
    *_, last = power_steps(A, v0, max_iter=n_steps)
    return last.value, last.vector


def _symmetric(size: int) -> np.ndarray:
    root = np.random.default_rng(size).normal(size=(size, size))
    return root + root.T


_EASY = [(np.array([[2.0, 1.0], [1.0, 2.0]]), np.array([1.0, 0.0]), n) for n in (1, 2, 10)]
_GENERAL = [
    (np.array([[2.0, 1.0], [3.0, 2.0]]), np.array([1.0, 0.5]), 4),
    (np.array([[-3.0, 1.0], [0.0, 1.0]]), np.array([1.0, 1.0]), 7),
    *((_symmetric(size), np.arange(1.0, size + 1), 5) for size in (3, 5)),
]
_LONG = [(30 * _symmetric(4), np.ones(4), 1000)]

EXERCISE = Exercise(
    arguments=("A", "v0", "n_steps"),
    properties=(
        Equals("it returns the Rayleigh quotient and the unit vector", after_steps, _EASY),
        Equals("it does so for matrices that aren't symmetric, too", after_steps, _GENERAL),
        Holds(
            "it stays finite over many steps",
            lambda f, A, v0, n_steps: bool(np.isfinite(f(A, v0, n_steps)[0])),
            _LONG,
        ),
        Holds(
            "it ends at an eigenpair",
            lambda f, A, v0, n_steps: np.allclose(
                A @ f(A, v0, n_steps)[1], f(A, v0, n_steps)[0] * f(A, v0, n_steps)[1]
            ),
            _LONG,
        ),
    ),
)
