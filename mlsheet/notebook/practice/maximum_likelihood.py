"""Exercise of section 1.5: the log-likelihood of normal data."""

import numpy as np

from mlsheet.notebook.practice.grading import Equals, Exercise, Function, Holds
from mlsheet.validation import FloatArray


def normal_log_likelihood(x: FloatArray, mean: float, std: float) -> float:
    """Return the log-likelihood of a normal distribution for the data ``x``, shape (n,)."""
    z = (x - mean) / std
    return float(-(z**2).sum() / 2 - len(x) * np.log(std * np.sqrt(2 * np.pi)))


def _no_better_anywhere(f: Function, x: FloatArray, mean: float, std: float) -> bool:
    return float(f(x, x.mean(), x.std())) >= float(f(x, mean, std))


_MORNINGS = np.array([-1.0, 1.0, 2.0, 3.0, 5.0])
_MANY = np.random.default_rng(0).normal(3.0, 2.0, 2000)
_INPUTS = [(_MORNINGS, 2.0, 2.0), (_MORNINGS, 0.0, 1.5), (_MORNINGS[:1], 0.5, 0.1)]

EXERCISE = Exercise(
    arguments=("x", "mean", "std"),
    properties=(
        Equals("it adds up the log densities", normal_log_likelihood, _INPUTS),
        Equals(
            "it is finite for 2,000 points, whose densities multiply to 0.0",
            normal_log_likelihood,
            [(_MANY, 3.0, 2.0)],
        ),
        Holds(
            "no mean and std give more than the sample's own",
            _no_better_anywhere,
            [(_MORNINGS, 2.0, 2.2), (_MORNINGS, 1.9, 2.0), (_MANY, 3.0, 2.0)],
        ),
    ),
)
