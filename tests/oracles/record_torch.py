"""Record what torch says of each operation, for tests that run without torch.

Run with a Python that has torch: ``python tests/oracles/record_torch.py``.  The file holds, for
each case, the result and the gradients of ``(result * weights).sum()``, and for each optimiser
where it stands after every step.  What is in the file already stays as it is, for another machine
may round the last digit differently; delete the file to record all of it anew.
"""

import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch.distributions import Bernoulli, Normal, kl_divergence

SHAPE = (3, 5, 2)
STEPS, PARAMETERS = 30, [(3, 2), (4,)]


def cases() -> dict[str, tuple[Callable[..., torch.Tensor], list[tuple[int, ...]]]]:
    """Return each case: the operation in torch and the shapes of its inputs."""
    classes = torch.tensor([0, 3, 2, 3, 1, 0, 2])
    image, small = (2, 3, 7, 6), (2, 3, 6, 4)
    return {
        "add": (lambda x, y: x + y, [SHAPE, (5, 1)]),
        "sub": (lambda x, y: x - y, [(1, 2), SHAPE]),
        "mul": (lambda x, y: x * y, [SHAPE, (3, 1, 2)]),
        "div": (lambda x, y: x / (y * y + 1), [SHAPE, (2,)]),
        "matmul": (lambda x, y: x @ y, [(3, 1, 4, 5), (2, 5, 2)]),
        "matmul_shared": (lambda x, y: x @ y, [(3, 4, 5), (5, 2)]),
        "exp": (torch.exp, [SHAPE]),
        "abs": (torch.abs, [SHAPE]),
        "clip": (lambda x: torch.clamp(x, -0.5, 0.7), [SHAPE]),
        "sum": (lambda x: x.sum((0, 2)), [SHAPE]),
        "mean": (lambda x: x.mean(1, keepdim=True), [SHAPE]),
        "max": (lambda x: x.amax(1), [SHAPE]),
        "logsumexp": (lambda x: torch.logsumexp(x, (0, 2)), [SHAPE]),
        "tanh": (torch.tanh, [SHAPE]),
        "sigmoid": (torch.sigmoid, [SHAPE]),
        "relu": (torch.relu, [SHAPE]),
        "leaky_relu": (lambda x: F.leaky_relu(x, 0.2), [SHAPE]),
        "softplus": (F.softplus, [SHAPE]),
        "softmax": (lambda x: torch.softmax(x, 1), [SHAPE]),
        "log_softmax": (lambda x: torch.log_softmax(x, 0), [SHAPE]),
        "gather": (
            lambda x: torch.gather(x, 1, torch.tensor([[[4, 0]], [[1, 1]], [[2, 3]]])),
            [SHAPE],
        ),
        "embedding": (lambda x: F.embedding(torch.tensor([[0, 2], [2, 1]]), x), [(4, 3)]),
        "cross_entropy": (lambda x: F.cross_entropy(x, classes), [(7, 4)]),
        "cross_entropy_soft": (
            lambda x: F.cross_entropy(x, torch.full((7, 4), 0.1) + 0.6 * F.one_hot(classes, 4)),
            [(7, 4)],
        ),
        "cross_entropy_masked": (lambda x: F.cross_entropy(x[::2], classes[::2]), [(7, 4)]),
        "binary_cross_entropy": (
            lambda x: F.binary_cross_entropy_with_logits(x, torch.linspace(0, 1, 7)),
            [(7,)],
        ),
        "layer_norm": (lambda x, a, b: F.layer_norm(x, (5,), a, b), [(3, 2, 5), (5,), (5,)]),
        "batch_norm": (
            lambda x, a, b: F.batch_norm(x, None, None, a, b, training=True),
            [image, (3,), (3,)],
        ),
        "batch_norm_flat": (
            lambda x, a, b: F.batch_norm(x, None, None, a, b, training=True),
            [(7, 4), (4,), (4,)],
        ),
        "conv2d": (F.conv2d, [image, (4, 3, 3, 2)]),
        "conv2d_stepped": (
            lambda x, k: F.conv2d(x, k, stride=2, padding=1, dilation=2),
            [image, (4, 3, 2, 3)],
        ),
        "max_pool2d": (lambda x: F.max_pool2d(x, 2), [small]),
        "upsample_nearest": (lambda x: F.interpolate(x, scale_factor=3), [(2, 3, 4, 5)]),
        "kl_standard_normal": (
            lambda m, v: kl_divergence(Normal(m, (v / 2).exp()), Normal(0.0, 1.0)).sum(1),
            [(7, 3), (7, 3)],
        ),
        "normal_log_likelihood": (
            lambda x: Normal(x, 0.3**0.5).log_prob(torch.linspace(0, 1, 35).view(7, 5)).sum(1),
            [(7, 5)],
        ),
        "bernoulli_log_likelihood": (
            lambda x: Bernoulli(logits=x).log_prob((torch.arange(35) % 2.0).view(7, 5)).sum(1),
            [(7, 5)],
        ),
        "elbo": (elbo, [(5, 4), (4,), (4, 6), (6,), (3, 4), (4,), (4, 5), (5,)]),
    }


def elbo(*weights: torch.Tensor) -> torch.Tensor:
    """Return the bound of a variational autoencoder with beta = 2 for seven fixed images."""
    W1, b1, W2, b2, V1, c1, V2, c2 = weights
    x, noise = torch.linspace(0, 1, 35).view(7, 5), torch.linspace(-2, 2, 21).view(7, 3)
    mean, log_variance = (torch.tanh(x @ W1 + b1) @ W2 + b2).chunk(2, 1)
    code = Normal(mean, (log_variance / 2).exp())
    decoded = torch.tanh((code.loc + code.scale * noise) @ V1 + c1) @ V2 + c2
    reconstruction = Normal(decoded, 0.3**0.5).log_prob(x).sum(1)
    return reconstruction - 2 * kl_divergence(code, Normal(0.0, 1.0)).sum(1)


def optimizers() -> dict[str, Callable[[list[torch.Tensor]], torch.optim.Optimizer]]:
    """Return each optimiser with its settings."""
    return {
        "adam": lambda w: torch.optim.Adam(w, lr=0.01),
        "adam_other": lambda w: torch.optim.Adam(w, lr=0.2, betas=(0.5, 0.8), eps=0.1),
    }


def path_of(name: str) -> dict[str, np.ndarray]:
    """Run an optimiser on a fixed sequence of gradients; return where each parameter was."""
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    parameters = [torch.tensor(rng.normal(size=shape)) for shape in PARAMETERS]
    optimizer = optimizers()[name](parameters)
    path = []
    for _ in range(STEPS):
        for parameter in parameters:
            parameter.grad = torch.tensor(rng.normal(size=parameter.shape))
        optimizer.step()
        path.append([parameter.numpy().copy() for parameter in parameters])
    return {f"{name}/path{i}": np.array(steps) for i, steps in enumerate(zip(*path, strict=True))}


def values_of(name: str) -> dict[str, np.ndarray]:
    """Return the result of a case and its gradients."""
    function, shapes = cases()[name]
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    inputs = [torch.tensor(rng.normal(size=shape), requires_grad=True) for shape in shapes]
    result = function(*inputs)
    weights = torch.tensor(rng.normal(size=result.shape))
    gradients = torch.autograd.grad((result * weights).sum(), inputs)
    values = {f"{name}/gradient{i}": gradient.numpy() for i, gradient in enumerate(gradients)}
    return {f"{name}/result": result.detach().numpy()} | values


def record(path: Path) -> None:
    """Run every case that the file lacks and write the file."""
    arrays = dict(np.load(path)) if path.exists() else {"version": np.array(torch.__version__)}
    recorded = {key.partition("/")[0] for key in arrays}
    for name in cases().keys() - recorded:
        arrays |= values_of(name)
    for name in optimizers().keys() - recorded:
        arrays |= path_of(name)
    np.savez_compressed(path, **dict(sorted(arrays.items())))
    print(f"{len(arrays)} arrays of torch {torch.__version__}, {path.stat().st_size} bytes")


if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    record(Path(__file__).parent / "torch.npz")
