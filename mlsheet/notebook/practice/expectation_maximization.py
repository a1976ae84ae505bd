"""Exercise of section 1.4: one step of EM for a mixture of normals with one known width."""

from collections.abc import Callable

import numpy as np

from mlsheet.notebook.practice.grading import Equals, Exercise, Holds
from mlsheet.probability.expectation_maximization import Mixture, mixture_e_step, mixture_m_step
from mlsheet.validation import FloatArray


def em_update(
    x: FloatArray, weights: FloatArray, means: FloatArray, std: float
) -> tuple[FloatArray, FloatArray]:
    """Return the weights and means after one E-step and one M-step."""
    mixture = Mixture(weights, means, np.full(len(means), std))
    new = mixture_m_step(x, mixture_e_step(x, mixture)[0], stds=mixture.stds)
    return new.weights, new.means


def _rises(
    f: Callable[..., tuple[FloatArray, FloatArray]],
    x: FloatArray,
    weights: FloatArray,
    means: FloatArray,
    std: float,
) -> bool:
    heights = []
    for _ in range(5):
        mixture = Mixture(weights, means, np.full(len(means), std))
        heights.append(mixture_e_step(x, mixture)[1])
        weights, means = f(x, weights, means, std)
    return bool((np.diff(heights) >= -1e-9).all())


_X = np.random.default_rng(0).normal(np.repeat([0.0, 3.0, 7.0], 9), 1.0)
_INPUTS = [
    (np.array([0.0, 1.0, 4.0, 6.0]), np.array([0.5, 0.5]), np.array([1.0, 5.0]), 1.0),
    (_X, np.array([0.2, 0.8]), np.array([2.0, 4.0]), 1.5),
    (_X, np.array([0.1, 0.3, 0.6]), np.array([-1.0, 2.0, 5.0]), 0.8),
]
_FAR_AWAY = [(_X + 200, np.array([0.5, 0.5]), np.array([0.0, 3.0]), 1.0)]

EXERCISE = Exercise(
    arguments=("x", "weights", "means", "std"),
    properties=(
        Equals("it returns the new weights and means", em_update, _INPUTS),
        Holds("the log-likelihood never falls", _rises, _INPUTS),
        Equals("it works where every density is too small for a float", em_update, _FAR_AWAY),
    ),
)
