"""How fast the engine is: one step of training a 64-64-64-10 network on a batch of 64.

``python tests/benchmarks/engine.py`` prints the times against gradients written by hand in numpy,
and against torch where it is installed (it is no requirement of the tests).
"""

import importlib.util
import time
from itertools import pairwise
from statistics import median

import numpy as np

from mlsheet.deep_learning.activation_functions import tanh
from mlsheet.deep_learning.backpropagation import Tensor, grad
from mlsheet.deep_learning.loss_functions import cross_entropy

SIZES, BATCH, STEPS, RATE = (64, 64, 64, 10), 64, 2000, 0.01
rng = np.random.default_rng(0)
X, CLASSES = rng.normal(size=(BATCH, SIZES[0])), rng.integers(SIZES[-1], size=BATCH)
SHAPES = [shape for d, h in pairwise(SIZES) for shape in ((d, h), (h,))]
START = [rng.normal(0, 0.1, size=shape) for shape in SHAPES]


def engine_step(parameters):
    """Return the parameters after a step of the engine."""
    tensors = [Tensor(parameter) for parameter in parameters]
    W1, b1, W2, b2, W3, b3 = tensors
    hidden = tanh(tanh(X @ W1 + b1) @ W2 + b2)
    gradients = grad(cross_entropy(hidden @ W3 + b3, CLASSES), tensors)
    return [p - RATE * g for p, g in zip(parameters, gradients, strict=True)]


def numpy_step(parameters):
    """Return the parameters after a step whose gradients are written by hand."""
    W1, b1, W2, b2, W3, b3 = parameters
    first = np.tanh(X @ W1 + b1)
    second = np.tanh(first @ W2 + b2)
    logits = second @ W3 + b3
    delta = np.exp(logits - logits.max(axis=1, keepdims=True))
    delta /= delta.sum(axis=1, keepdims=True)
    delta[np.arange(BATCH), CLASSES] -= 1
    delta /= BATCH
    delta2 = delta @ W3.T * (1 - second**2)
    delta1 = delta2 @ W2.T * (1 - first**2)
    gradients = [
        *(X.T @ delta1, delta1.sum(axis=0)),
        *(first.T @ delta2, delta2.sum(axis=0)),
        *(second.T @ delta, delta.sum(axis=0)),
    ]
    return [p - RATE * g for p, g in zip(parameters, gradients, strict=True)]


def torch_step():
    """Return a step of torch on one thread."""
    import torch
    from torch.nn.functional import cross_entropy as torch_cross_entropy

    torch.set_num_threads(1)
    inputs, classes = torch.tensor(X), torch.tensor(CLASSES)

    def step(parameters):
        tensors = [torch.tensor(p, requires_grad=True) for p in parameters]
        W1, b1, W2, b2, W3, b3 = tensors
        hidden = torch.tanh(torch.tanh(inputs @ W1 + b1) @ W2 + b2)
        loss = torch_cross_entropy(hidden @ W3 + b3, classes)
        gradients = torch.autograd.grad(loss, tensors)
        return [p - RATE * g.numpy() for p, g in zip(parameters, gradients, strict=True)]

    return step


def milliseconds(step):
    """Return the median time of a step and the parameters after all of them."""
    parameters, times = START, []
    for _ in range(STEPS):
        start = time.perf_counter()
        parameters = step(parameters)
        times.append(time.perf_counter() - start)
    return 1000 * median(times), parameters


def main() -> None:
    """Print the table."""
    steps = {"numpy by hand": numpy_step, "the engine": engine_step}
    if importlib.util.find_spec("torch"):
        steps["torch"] = torch_step()
    results = {name: milliseconds(step) for name, step in steps.items()}
    hand, reference = results["numpy by hand"]
    print(f"{'one step, 64-64-64-10, batch 64':40}{'ms':>8}{'÷ numpy':>9}")
    for name, (time_of_step, parameters) in results.items():
        for ours, theirs in zip(parameters, reference, strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-8, atol=1e-10)
        print(f"{name:40}{time_of_step:8.3f}{time_of_step / hand:9.2f}")
    if "torch" not in results:
        print("(torch is not installed; with it, its time is printed too)")


if __name__ == "__main__":
    main()
