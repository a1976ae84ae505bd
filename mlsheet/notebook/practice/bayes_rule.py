"""Exercise of section 1.12.3: the posterior from a prior and independent evidence."""

import numpy as np

from mlsheet.notebook.practice.grading import Equals, Exercise, Holds
from mlsheet.probability.bayes_rule import bayes

_POSITIVE = np.array([[0.99, 0.05]])
_SCREENING = (np.array([0.01, 0.99]), np.repeat(_POSITIVE, 2, axis=0))
_DOORS = (np.full(3, 1 / 3), np.array([[0.5, 1.0, 0.0]]))
_rng = np.random.default_rng(0)
_LONG = (np.array([0.2, 0.3, 0.5]), _rng.uniform(0.19, 0.2, (600, 3)))

EXERCISE = Exercise(
    arguments=("prior", "likelihood"),
    properties=(
        Equals(
            "it weighs each hypothesis by its prior and by all the evidence",
            bayes,
            [(_SCREENING[0], _POSITIVE), _SCREENING, _DOORS],
        ),
        Holds(
            "the unit of the likelihood cancels",
            lambda f, p, rows: np.allclose(f(p, rows), f(p, 1000 * rows)),
            [_SCREENING],
        ),
        Equals("six hundred pieces of evidence do not underflow", bayes, [_LONG]),
    ),
)
