"""Exercise of section 1.24.2: Welch's t statistic and its degrees of freedom."""

import numpy as np

from mlsheet.notebook.practice.grading import Equals, Exercise, Holds
from mlsheet.probability.t_test import two_sample_t_test
from mlsheet.validation import FloatArray


def welch(x1: FloatArray, x2: FloatArray) -> tuple[float, float]:
    """Return Welch's statistic and its degrees of freedom."""
    t, df, _ = two_sample_t_test(x1, x2, equal_var=False)
    return float(t), float(df)


def _groups(n1: int, n2: int, ratio: float) -> tuple[FloatArray, FloatArray]:
    rng = np.random.default_rng(n1)
    return rng.normal(1, ratio, n1), rng.normal(0, 1, n2)


_CASES = [_groups(10, 50, 3.0), _groups(7, 4, 0.5), _groups(2, 9, 1.0)]

EXERCISE = Exercise(
    arguments=("x1", "x2"),
    properties=(
        Equals("each group brings its own variance", welch, _CASES),
        Holds(
            "the groups exchanged flip t and keep df",
            lambda f, x1, x2: np.allclose(np.multiply(f(x2, x1), [-1, 1]), f(x1, x2)),
            _CASES,
        ),
        Holds(
            "hours or minutes make no difference",
            lambda f, x1, x2: np.allclose(f(60 * x1, 60 * x2), f(x1, x2)),
            _CASES,
        ),
    ),
)
