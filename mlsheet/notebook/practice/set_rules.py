"""Exercise of section 1.12.2: the probability that at least one of several events happens."""

import numpy as np
from numpy.typing import NDArray

from mlsheet.notebook.practice.grading import Equals, Exercise, Holds
from mlsheet.validation import FloatArray


def union(p: FloatArray, events: NDArray[np.bool_]) -> float:
    """Return the probability of the union of the rows of ``events`` (m, n), masks over ``p``."""
    return float(p @ events.any(axis=0))


_rng = np.random.default_rng(2)
_P = _rng.dirichlet(np.ones(8))
_DIE = (np.full(6, 1 / 6), np.array([[0, 1, 0, 1, 0, 1], [0, 0, 0, 1, 1, 1]], dtype=bool))
_THREE = (_P, _rng.random((3, 8)) < 0.5)
_FOUR = (_P, _rng.random((4, 8)) < 0.4)

EXERCISE = Exercise(
    arguments=("p", "events"),
    properties=(
        Equals("it counts each outcome of the union once", union, [_DIE, _THREE, _FOUR]),
        Holds(
            "an event named twice changes nothing",
            lambda f, p, events: np.isclose(f(p, events), f(p, np.vstack([events, events[:1]]))),
            [_DIE, _FOUR],
        ),
    ),
)
