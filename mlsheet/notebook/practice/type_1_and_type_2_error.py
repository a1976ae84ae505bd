"""Exercise of section 1.1: the error rates of many tests."""

import numpy as np
from numpy.typing import NDArray

from mlsheet.notebook.practice.grading import Equals, Exercise, Holds
from mlsheet.probability.type_1_and_type_2_error import error_rates


def _tests(n: int, share: float, seed: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    rng = np.random.default_rng(seed)
    effect = rng.random(n) < share
    return effect, rng.random(n) < np.where(effect, 0.8, 0.05)


_FEW = [
    (np.array([True, True, False, False, False]), np.array([True, False, True, False, False])),
    (np.array([False, True, False]), np.array([True, True, True])),
]
_MANY = [_tests(400, 0.1, 0), _tests(700, 0.6, 1)]

EXERCISE = Exercise(
    arguments=("effect", "reject"),
    properties=(
        Equals("each share is taken in its own group", error_rates, _FEW),
        Equals("it does so when effects are rare, and when they aren't", error_rates, _MANY),
        Holds(
            "twice the tests without an effect leave alpha, beta and power as they are",
            lambda f, effect, reject: np.allclose(
                f(np.append(effect, effect[~effect]), np.append(reject, reject[~effect]))[:3],
                f(effect, reject)[:3],
            ),
            _MANY,
        ),
    ),
)
