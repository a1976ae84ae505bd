"""Exercise of section 1.24.3: the statistic, its degrees of freedom and the expected counts."""

import numpy as np

from mlsheet.notebook.practice.grading import Equals, Exercise, Holds
from mlsheet.probability.chi_square_test import chi2_independence
from mlsheet.validation import FloatArray


def _without_p(table: FloatArray) -> tuple[object, ...]:
    return chi2_independence(table)[:3]


_TABLES = [
    (np.array([[15, 25], [20, 30], [40, 30]]),),
    (np.array([[3, 7], [7, 3]]),),
    (np.array([[8, 2, 5, 9], [1, 6, 4, 4], [7, 7, 0, 3]]),),
]

EXERCISE = Exercise(
    arguments=("table",),
    properties=(
        Equals("it returns chi-square, df and the expected counts", _without_p, _TABLES),
        Holds(
            "the expected counts have the margins of the table",
            lambda f, table: (
                np.allclose(np.asarray(f(table)[2]).sum(axis=0), table.sum(axis=0))
                and np.allclose(np.asarray(f(table)[2]).sum(axis=1), table.sum(axis=1))
            ),
            _TABLES,
        ),
        Holds(
            "three times the counts give three times the statistic",
            lambda f, table: np.isclose(f(3 * table)[0], 3 * f(table)[0]),
            _TABLES,
        ),
        Holds(
            "rows and columns exchanged, the statistic and df stay",
            lambda f, table: np.allclose(f(table.T)[:2], f(table)[:2]),
            _TABLES,
        ),
    ),
)
