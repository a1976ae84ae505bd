"""Exercise of section 1.7: a density estimate for data that can't be negative."""

import numpy as np

from mlsheet.notebook.practice.grading import Equals, Exercise, Holds
from mlsheet.probability.kernel_density_estimation import kde
from mlsheet.validation import FloatArray


def reflected_kde(x: FloatArray, t: FloatArray, h: float) -> FloatArray:
    """Return the Gaussian estimate at each ``t >= 0``, what leaks below 0 folded back."""
    return kde(x, t, h) + kde(x, -t, h)


_RNG = np.random.default_rng(0)
_WAITS = _RNG.exponential(size=7)
_INPUTS = [
    (np.array([1.0]), np.array([0.0, 1.0, 2.0]), 0.5),
    (_WAITS, np.linspace(0, 4, 5), 0.3),
    (3 * _WAITS[:4], np.array([0.2, 5.0]), 1.4),
]
_FINE = [(_WAITS, np.linspace(0, 12, 2401), 0.4)]

EXERCISE = Exercise(
    arguments=("x", "t", "h"),
    properties=(
        Equals("it averages bumps and their mirror images", reflected_kde, _INPUTS),
        Holds(
            "the area right of 0 is 1",
            lambda f, x, t, h: abs(np.trapezoid(f(x, t, h), t) - 1) < 1e-4,
            _FINE,
        ),
    ),
)
