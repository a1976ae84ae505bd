"""Exercise of section 1.17: running means."""

import numpy as np

from mlsheet.notebook.practice.grading import Equals, Exercise, Holds
from mlsheet.probability.law_of_large_numbers import running_mean

_FLIPS = np.random.default_rng(0).integers(0, 2, size=(3, 7)).astype(float)
_INPUTS = [
    (np.array([[1.0, 3.0, 2.0, 6.0]]),),
    (_FLIPS,),
    (np.random.default_rng(1).normal(size=(4, 5)),),
]

EXERCISE = Exercise(
    arguments=("X",),
    properties=(
        Equals("it averages the first k values of each row", running_mean, _INPUTS),
        Holds(
            "it starts at each row's first value and ends at its mean",
            lambda f, X: np.allclose(f(X)[:, [0, -1]], np.c_[X[:, 0], X.mean(axis=1)]),
            _INPUTS,
        ),
    ),
)
