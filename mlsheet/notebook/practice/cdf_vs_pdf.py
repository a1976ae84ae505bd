"""Exercise of section 1.14: the empirical distribution function at given points."""

import numpy as np

from mlsheet.notebook.practice.grading import Equals, Exercise, Function, Holds
from mlsheet.validation import FloatArray


def ecdf_at(x: FloatArray, t: FloatArray) -> FloatArray:
    """Return the share of ``x``, shape (n,), that is at most each of ``t``, shape (m,)."""
    share: FloatArray = (x <= t[:, None]).mean(axis=1)
    return share


_ERRORS = np.array([0.1, -0.2, 0.1, 0.3, -0.05])
_POINTS = np.array([-1.0, -0.2, 0.0, 0.1, 0.25, 0.3, 2.0])
_INPUTS = [(_ERRORS, _POINTS), (_ERRORS[:1], _POINTS), (_ERRORS, _POINTS[::-1])]


def _is_invariant(f: Function, x: FloatArray, t: FloatArray) -> bool:
    return bool(np.array_equal(f(x, t), f(np.tile(x[::-1], 2), t)))


EXERCISE = Exercise(
    arguments=("x", "t"),
    properties=(
        Equals("it is the share of the sample up to each point", ecdf_at, _INPUTS),
        Holds("order and doubling of the sample change nothing", _is_invariant, _INPUTS),
    ),
)
