"""Exercise of section 2.12: how far an input may move before its class can change."""

from itertools import pairwise

import numpy as np

from mlsheet.linear_algebra.lipschitz_continuity import certified_radius
from mlsheet.notebook.practice.grading import Equals, Exercise, Holds
from mlsheet.validation import FloatArray


def network_radius(weights: list[FloatArray], scores: FloatArray) -> FloatArray:
    """Return the certified radius of each row of scores, by the product of spectral norms."""
    return certified_radius(scores, float(np.prod([np.linalg.norm(W, 2) for W in weights])))


def _case(sizes: list[int], n: int) -> tuple[list[FloatArray], FloatArray]:
    generator = np.random.default_rng(n)
    weights = [generator.normal(size=shape) for shape in pairwise(sizes)]
    return weights, generator.normal(size=(n, sizes[-1]))


_EASY = [([np.array([[2.0, 0.0]]), np.diag([3.0, 1.0])], np.array([[5.0, 1.0], [0.0, 6.0]]))]
_OTHERS = [_case([2, 7, 3], 5), _case([3, 5, 4, 6], 8), _case([1, 2], 4)]

EXERCISE = Exercise(
    arguments=("weights", "scores"),
    properties=(
        Equals("it is the gap over √2 times the product of the norms", network_radius, _EASY),
        Equals("it is so for more classes and layers", network_radius, _OTHERS),
        Holds(
            "it halves when one layer is doubled",
            lambda f, weights, scores: np.allclose(
                f([2 * weights[0], *weights[1:]], scores), f(weights, scores) / 2
            ),
            _OTHERS,
        ),
    ),
)
