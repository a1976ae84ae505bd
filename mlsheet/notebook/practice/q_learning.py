"""Exercise of section 5.14: one update of Q-learning."""

import numpy as np

from mlsheet.notebook.practice.grading import Equals, Exercise, Holds
from mlsheet.validation import FloatArray


def updated(
    q: FloatArray,
    s_tm1: int,
    a_tm1: int,
    r_t: float,
    s_t: int,
    terminated: bool,
    alpha: float,
    discount: float,
) -> FloatArray:
    """Return the table of shape (S, A) after one update (5.14-f1)."""
    target = r_t + (0.0 if terminated else discount * q[s_t].max())
    after = q.copy()
    after[s_tm1, a_tm1] += alpha * (target - q[s_tm1, a_tm1])
    return after


_Q = np.array([[2.0, 1.0, 0.0], [-1.0, 4.0, 3.0], [5.0, -2.0, 7.0]])
_STEPS = [
    (_Q, 0, 0, 1.0, 1, False, 0.5, 0.9),
    (_Q, 0, 2, -1.0, 2, False, 0.1, 1.0),
    (_Q, 1, 0, 3.0, 1, False, 1.0, 0.5),
    (_Q, 1, 2, 2.0, 2, True, 0.5, 0.9),
    (-_Q, 2, 1, 0.0, 0, False, 0.25, 0.9),
]

EXERCISE = Exercise(
    arguments=("q", "s_tm1", "a_tm1", "r_t", "s_t", "terminated", "alpha", "discount"),
    properties=(
        Equals("it moves one entry towards the target", updated, _STEPS),
        Holds(
            "with step size 0 it leaves the table as it is",
            lambda f, q, *step: np.array_equal(f(q, *step), q),
            [(_Q, 2, 0, 1.0, 1, False, 0.0, 0.9)],
        ),
    ),
)
