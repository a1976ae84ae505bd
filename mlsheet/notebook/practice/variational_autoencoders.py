"""Exercise of section 4.28: the evidence lower bound, from what the two networks return."""

import numpy as np

from mlsheet.deep_learning.variational_autoencoders import kl_standard_normal, log_likelihood
from mlsheet.notebook.practice.grading import Equals, Exercise, Holds
from mlsheet.validation import FloatArray


def one_sample_elbo(
    x: FloatArray,
    decoded: FloatArray,
    mean: FloatArray,
    log_variance: FloatArray,
    sigma2: float,
) -> FloatArray:
    """Return the bound of each image, the code of which was decoded to ``decoded``."""
    reconstruction = log_likelihood(x, decoded, sigma2)
    return (reconstruction - kl_standard_normal(mean, log_variance)).value


def _inputs(n: int, d: int, k: int, sigma2: float) -> tuple[FloatArray | float, ...]:
    rng = np.random.default_rng(n)
    x, decoded = rng.normal(size=(2, n, d)).round(2)
    mean, log_variance = rng.normal(size=(2, n, k)).round(2)
    return x, decoded, mean, log_variance, sigma2


def _exact(n: int, d: int, sigma2: float) -> tuple[FloatArray | float, ...]:
    x, code = np.full((n, d), 0.5), np.zeros((n, 2))
    return x, x, code, code, sigma2


_MANY = [_inputs(1, 1, 1, 0.5), _inputs(4, 3, 2, 0.25), _inputs(3, 5, 2, 2.0)]

EXERCISE = Exercise(
    arguments=("x", "decoded", "mean", "log_variance", "sigma2"),
    properties=(
        Equals("it is the log-likelihood minus the divergence", one_sample_elbo, _MANY),
        Holds(
            "a perfect image from a code that is the prior costs (d/2) log(2πs²) nats",
            lambda f, x, *rest: np.allclose(
                f(x, *rest), -np.log(2 * np.pi * rest[-1]) * x.shape[1] / 2
            ),
            [_exact(2, 3, 0.25), _exact(4, 5, 1.0)],
        ),
    ),
)
