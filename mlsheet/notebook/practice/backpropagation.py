"""Exercise of section 4.1: the backward pass of a network with one hidden layer."""

import numpy as np

from mlsheet.deep_learning.backpropagation import Layers, mlp_backward, mlp_forward
from mlsheet.notebook.practice.grading import Equals, Exercise, Holds
from mlsheet.validation import FloatArray


def _gradients(
    X: FloatArray, W1: FloatArray, W2: FloatArray, targets: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the gradients of half the summed squared error; the biases are 0."""
    layers = Layers(W1, np.zeros(W1.shape[1]), W2, np.zeros(W2.shape[1]))
    hidden, output = mlp_forward(layers, X)
    gradients = mlp_backward(layers, X, hidden, output - targets)
    return gradients.W1, gradients.W2


def _inputs(n: int, d: int, h: int, k: int) -> tuple[FloatArray, ...]:
    rng = np.random.default_rng(n)
    shapes = [(n, d), (d, h), (h, k), (n, k)]
    X, W1, W2, targets = (rng.normal(size=shape).round(2) for shape in shapes)
    return X, W1, W2, targets


_ONE = [tuple(np.array([[number]]) for number in (2.0, 0.5, 3.0, 1.0))]
_MANY = [_inputs(1, 2, 3, 1), _inputs(4, 3, 2, 2), _inputs(7, 3, 4, 2)]
_PERFECT = [
    (X, W1, W2, np.tanh(X @ W1) @ W2) for X, W1, W2, _ in (_inputs(5, 2, 3, 1), _inputs(3, 4, 2, 3))
]

EXERCISE = Exercise(
    arguments=("X", "W1", "W2", "targets"),
    properties=(
        Equals("with one neuron in each layer it follows the chain rule", _gradients, _ONE),
        Equals("it sums over the examples and all paths", _gradients, _MANY),
        Holds(
            "the gradients are 0 where the outputs are the targets",
            lambda f, *given: all(np.abs(part).max() < 1e-12 for part in f(*given)),
            _PERFECT,
        ),
    ),
)
