"""Exercise of section 1.2: the log density of the Gamma distribution."""

import numpy as np

from mlsheet.notebook.practice.grading import Equals, Exercise, Holds
from mlsheet.probability.probability_distributions import gamma_logpdf

_INPUTS = [
    (np.array([0.5, 1.0, 4.0]), 3.0, 2.0),
    (np.array([[1e-3, 2.0]]), 0.5, 0.1),
    (np.array([10.0, 20.0]), 1.0, 0.25),
]
_LARGE = [(np.array([400.0, 1000.0]), 500.0, 1.0)]
_OUTSIDE = [(np.array([-1.0, 2.0]), 2.0, 3.0)]

EXERCISE = Exercise(
    arguments=("x", "shape", "rate"),
    properties=(
        Equals("it is the log density, with a rate", gamma_logpdf, _INPUTS),
        Equals("it stays finite for a large shape", gamma_logpdf, _LARGE),
        Holds(
            "its density is 0 below 0",
            lambda f, x, shape, rate: np.exp(f(x, shape, rate)).tolist()[0] == 0,
            _OUTSIDE,
        ),
    ),
)
