"""One round of Lloyd's algorithm (section 3.23.1)."""

import numpy as np

from mlsheet.classical_ml.k_means import k_means_steps
from mlsheet.notebook.practice.grading import Arguments, Equals, Exercise, Function, Holds
from mlsheet.validation import FloatArray


def _round(X: FloatArray, centers: FloatArray) -> FloatArray:
    return list(k_means_steps(X, centers, max_iter=1))[-1].centers


def _inertia(X: FloatArray, centers: FloatArray) -> float:
    return float(((X[:, None] - centers) ** 2).sum(axis=2).min(axis=1).sum())


def _falls(lloyd_round: Function, X: FloatArray, centers: FloatArray) -> bool:
    return _inertia(X, np.asarray(lloyd_round(X, centers))) <= _inertia(X, centers) * (1 + 1e-12)


def _ignores_order(lloyd_round: Function, X: FloatArray, centers: FloatArray) -> bool:
    return np.allclose(lloyd_round(X[::-1], centers), lloyd_round(X, centers))


def _cloud(seed: int, n: int, d: int, k: int) -> Arguments:
    """Points and k of them as centers, so that no center is left without points."""
    X = np.random.default_rng(seed).normal(size=(n, d)).round(2)
    return X, X[:k]


def _column(*values: float) -> FloatArray:
    return np.array(values)[:, None]


_STREET = _column(0.0, 1.0, 9.0, 10.0)
_FIELD = np.array([[0.0, 0.0], [0.0, 1.0], [4.0, 0.0], [4.0, 1.0]])
_PLAIN = [
    (_STREET, _column(0.0, 1.0)),
    (_FIELD, np.array([[1.0, 0.0], [3.0, 1.0]])),
    (_FIELD, np.array([[2.0, 0.0], [2.0, 1.0]])),
    *(_cloud(seed, 11, 3, 4) for seed in range(3)),
]

EXERCISE = Exercise(
    arguments=("X", "centers"),
    properties=(
        Equals("each center moves to the mean of the points nearest to it", _round, _PLAIN),
        Equals(
            "a point equally near to two centers belongs to the one with the lowest index",
            _round,
            [
                (_column(0.0, 1.0, 2.0), _column(0.0, 2.0)),
                (_column(0.0, 1.0, 2.0), _column(2.0, 0.0)),
            ],
        ),
        Holds("the sum of squared distances never rises", _falls, [_cloud(7, 20, 2, 5)]),
        Holds("the order of the points does not matter", _ignores_order, [_cloud(8, 13, 2, 3)]),
    ),
)
