"""Exercise of section 1.20: the variance inflation factor of one predictor."""

import numpy as np

from mlsheet.notebook.practice.grading import Equals, Exercise, Function, Holds
from mlsheet.probability.collinearity import vif
from mlsheet.validation import FloatArray


def inflation(X: FloatArray, j: int) -> float:
    """Return the variance inflation factor (1.20-s1) of column ``j`` of ``X``, shape (n, p)."""
    return float(vif(X)[j])


_PARTS = np.random.default_rng(0).normal(3, 1, (12, 4))
_TOTAL = np.column_stack([_PARTS, _PARTS.sum(axis=1) + np.random.default_rng(1).normal(0, 0.3, 12)])
_INPUTS = [(_TOTAL, 4), (_TOTAL, 0), (_PARTS, 2), (_TOTAL[:, 3:], 1)]


def _unit_free(f: Function, X: FloatArray, j: int) -> bool:
    other_units = X * np.arange(2.0, 2.0 + X.shape[1]) + 32
    return bool(np.isclose(f(other_units, j), f(X, j), rtol=1e-6))


EXERCISE = Exercise(
    arguments=("X", "j"),
    properties=(
        Equals("it is 1 / (1 - R²) of column j given the others", inflation, _INPUTS),
        Holds("it stays the same in other units and with another zero", _unit_free, _INPUTS),
    ),
)
