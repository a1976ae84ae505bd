"""Exercise of section 1.8: the divergence of one discrete distribution from another."""

import numpy as np

from mlsheet.notebook.practice.grading import Equals, Exercise, Holds
from mlsheet.probability.kl_divergence import kl_divergence

_PAIRS = [
    (np.array([0.5, 0.5]), np.array([0.25, 0.75])),
    (np.array([0.1, 0.6, 0.3]), np.array([0.4, 0.4, 0.2])),
    *(
        tuple(np.random.default_rng(seed).dirichlet(np.ones(size), size=2))
        for seed, size in enumerate([2, 3, 5, 8])
    ),
]
_ZERO_IN_P = [(np.array([0.0, 1.0]), np.array([0.5, 0.5]))]
_ZERO_IN_Q = [(np.array([0.5, 0.5]), np.array([1.0, 0.0]))]

EXERCISE = Exercise(
    arguments=("p", "q"),
    properties=(
        Equals("it sums p log(p / q), in nats", kl_divergence, _PAIRS),
        Equals("an outcome with p = 0 adds nothing", kl_divergence, _ZERO_IN_P),
        Equals("it is infinite where q = 0 but p > 0", kl_divergence, _ZERO_IN_Q),
        Holds("it is 0 when q equals p", lambda f, p, q: abs(f(p, p)) < 1e-12, _PAIRS),
    ),
)
