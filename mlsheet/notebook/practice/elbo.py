"""Exercise of section 1.9: the bound where z takes a few values."""

import numpy as np
from scipy.special import logsumexp, softmax

from mlsheet.notebook.practice.grading import Equals, Exercise, Holds
from mlsheet.probability.elbo import elbo_discrete

_LOG_JOINT = np.log([0.05, 0.12, 0.14])
_INPUTS = [
    (_LOG_JOINT, np.array([0.3, 0.3, 0.4])),
    *(
        (np.log(rng.random(size)) - 2, rng.dirichlet(np.ones(size)))
        for size, rng in zip([2, 4, 7], map(np.random.default_rng, range(3)), strict=True)
    ),
]
_WITH_ZERO = [(_LOG_JOINT, np.array([0.0, 0.25, 0.75]))]
_FAR_AWAY = [(_LOG_JOINT - 2000, np.array([0.3, 0.3, 0.4]))]

EXERCISE = Exercise(
    arguments=("log_joint", "q"),
    properties=(
        Equals("it averages log P(x, z) − log q(z) over q", elbo_discrete, _INPUTS),
        Equals("a z with q = 0 adds nothing", elbo_discrete, _WITH_ZERO),
        Equals("it works where P(x, z) is too small for a float", elbo_discrete, _FAR_AWAY),
        Holds(
            "it is log P(x) when q is the posterior",
            lambda f, logs, q: abs(f(logs, softmax(logs)) - logsumexp(logs)) < 1e-9,
            _INPUTS,
        ),
    ),
)
