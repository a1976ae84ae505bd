"""Exercise of section 1.12.1: tell independent variables from dependent ones."""

import numpy as np

from mlsheet.notebook.practice.grading import Equals, Exercise, Holds
from mlsheet.probability.independence import is_independent

_PRODUCT = np.outer([0.2, 0.3, 0.5], [0.1, 0.2, 0.3, 0.4])
_ONE_CELL = np.array([[1, 1, 1], [1, 2, 0], [1, 0, 2]]) / 9
_SQUARE = np.array([[0, 1], [1, 0], [0, 1]]) / 3
_ALWAYS = np.array([[0.0, 0.0], [0.3, 0.7]])

EXERCISE = Exercise(
    arguments=("joint",),
    properties=(
        Equals(
            "it compares every cell with the product of the marginals",
            is_independent,
            [(_PRODUCT,), (_ONE_CELL,), (_SQUARE,), (_ALWAYS,)],
        ),
        Holds(
            "exchanging the two variables changes nothing",
            lambda f, joint: f(joint) == f(joint.T),
            [(_PRODUCT,), (_ONE_CELL,)],
        ),
    ),
)
