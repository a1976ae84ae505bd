"""Exercise of section 1.3: the normal prior of a mean."""

import numpy as np

from mlsheet.notebook.practice.grading import Equals, Exercise, Function, Holds
from mlsheet.probability.conjugate_priors import normal_update
from mlsheet.validation import FloatArray


def normal_posterior(
    mean: float, var: float, x: FloatArray, noise_var: float
) -> tuple[float, float]:
    """Return the posterior's mean and variance (1.3-f2)."""
    return normal_update(mean, var, x, noise_var=noise_var)


def _in_two_parts(f: Function, mean: float, var: float, x: FloatArray, noise_var: float) -> bool:
    halfway = f(mean, var, x[:2], noise_var)
    return np.allclose(f(*halfway, x[2:], noise_var), f(mean, var, x, noise_var))


_CUPS = np.array([61.0, 64.0, 62.0, 66.0, 62.0])
_INPUTS = [
    (0.0, 1.0, np.array([3.0, 3.0, 3.0]), 1.0),
    (60.0, 4.0, _CUPS, 5.0),
    (57.0, 1.0, _CUPS[:4], 2.0),
    (-2.0, 0.3, np.array([1.5]), 7.0),
]

EXERCISE = Exercise(
    arguments=("mean", "var", "x", "noise_var"),
    properties=(
        Equals("it returns the posterior's mean and variance", normal_posterior, _INPUTS),
        Holds("the data in two parts give the same as all at once", _in_two_parts, _INPUTS[:3]),
    ),
)
