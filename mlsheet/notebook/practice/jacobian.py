"""Exercise of section 2.6: the Jacobian of the softmax."""

import numpy as np
from scipy.special import softmax

from mlsheet.notebook.practice.grading import Equals, Exercise, Holds
from mlsheet.validation import FloatArray


def softmax_jacobian(z: FloatArray) -> FloatArray:
    """Return the (n, n) Jacobian of the softmax at ``z``, shape (n,)."""
    p = softmax(z)
    jacobian: FloatArray = np.diag(p) - np.outer(p, p)
    return jacobian


_SMALL = [(np.array([0.0, 0.0]),), (np.array([1.0, 2.0, 3.0]),), (np.log([1.0, 2.0, 3.0, 4.0]),)]
_LARGE = [(np.array([1000.0, 999.0, 0.0]),)]

EXERCISE = Exercise(
    arguments=("z",),
    properties=(
        Equals("its entries are the partial derivatives", softmax_jacobian, _SMALL),
        Holds(
            "its rows sum to 0",
            lambda f, z: np.allclose(np.sum(f(z), axis=1), 0, atol=1e-12),
            _SMALL,
        ),
        Equals("it stays finite for large inputs", softmax_jacobian, _LARGE),
    ),
)
