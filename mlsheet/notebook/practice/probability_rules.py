"""Exercise of section 1.12: a conditional table from a joint one."""

import numpy as np

from mlsheet.notebook.practice.grading import Equals, Exercise, Holds
from mlsheet.validation import FloatArray


def given_columns(joint: FloatArray) -> FloatArray:
    """Return P(row | column) for each cell of a joint table (m, n)."""
    table: FloatArray = joint / joint.sum(axis=0)
    return table


_DAY = np.array([[0.0099, 0.0001], [0.0495, 0.9405]])
_ODD = np.random.default_rng(0).dirichlet(np.ones(12)).reshape(3, 4)

EXERCISE = Exercise(
    arguments=("joint",),
    properties=(
        Equals("each column is divided by its own probability", given_columns, [(_DAY,), (_ODD,)]),
        Holds(
            "times the column's probability it is the joint table again",
            lambda f, joint: np.allclose(f(joint) * joint.sum(axis=0), joint),
            [(_DAY,), (_ODD,), (_ODD.T,)],
        ),
    ),
)
