"""Exercise of section 1.12.5: at least one of several independent events."""

import numpy as np

from mlsheet.notebook.practice.grading import Equals, Exercise, Function, Holds
from mlsheet.probability.complement_rule import at_least_one
from mlsheet.validation import FloatArray

_ROOM = [(np.full(14, 0.05),), (np.array([0.3]),), (np.array([0.1, 0.6, 0.25]),)]
_TINY = [(np.full(7, 1e-20),), (np.array([1e-18, 3e-18]),)]


def _dominates(f: Function, p: FloatArray) -> bool:
    rounding = 1e-12
    return bool(p.max() - rounding <= f(p) <= min(p.sum(), 1) + rounding)


EXERCISE = Exercise(
    arguments=("p",),
    properties=(
        Equals("it is 1 less the chance of none", at_least_one, _ROOM),
        Holds("it is at least the largest chance, at most their sum", _dominates, _ROOM),
        Equals("tiny chances are not lost", at_least_one, _TINY, atol=0.0),
    ),
)
