"""Seven pictures as machine learning pages have them, 100 frames each."""

from functools import cache

import numpy as np
from matplotlib import pyplot as plt
from scipy import special, stats

from mlsheet.notebook.style import BLUE, INK, MUTED, ORANGE


def beta(a, b):
    """A density, the area below it and its mean."""
    fig, ax = plt.subplots()
    x = np.linspace(0.002, 0.998, 300)
    density = stats.beta.pdf(x, a, b)
    ax.plot(x, density)
    ax.fill_between(x, density, alpha=0.2)
    ax.axvline(a / (a + b), color=ORANGE, linestyle="--", label="mean")
    ax.set(xlim=(0, 1), ylim=(0, 6), xlabel="θ", ylabel="density", title=f"Beta({a:g}, {b:g})")
    ax.legend(loc="upper right")
    return fig, {"mean": a / (a + b), "variance": stats.beta.var(a, b)}


@cache
def _clusters():
    rng = np.random.default_rng(0)
    middles = [(-2, -1), (0, 2), (2, -1.2), (2.4, 1.8), (-2.4, 1.6)]
    return np.vstack([rng.normal(middle, 0.55, (60, 2)) for middle in middles])


def _nearest(points, centers):
    return ((points[:, None] - centers) ** 2).sum(-1).argmin(1)


@cache
def _lloyd(k, steps):
    points = _clusters()
    centers = np.random.default_rng(k).choice(points, k, replace=False)
    for _ in range(steps):
        labels = _nearest(points, centers)
        centers = np.array(
            [points[labels == j].mean(0) if (labels == j).any() else centers[j] for j in range(k)]
        )
    return centers


def k_means(k, step):
    """Points, their regions and their centres."""
    fig, ax = plt.subplots()
    points, centers = _clusters(), _lloyd(k, step)
    x, y = np.meshgrid(np.linspace(-4.2, 4.2, 160), np.linspace(-3.2, 3.8, 110))
    region = _nearest(np.column_stack([x.ravel(), y.ravel()]), centers).reshape(x.shape)
    labels = _nearest(points, centers)
    colours = {"cmap": "tab20", "vmin": 0, "vmax": 19}
    ax.contourf(x, y, region, levels=np.arange(-0.5, k), alpha=0.25, **colours)
    ax.scatter(*points.T, c=labels, s=14, linewidth=0.4, edgecolors=INK, **colours)
    ax.scatter(*centers.T, marker="X", s=130, c="w", edgecolors=INK, linewidth=1.3)
    ax.set(xlim=(-4.2, 4.2), ylim=(-3.2, 3.8), xlabel="x₁", ylabel="x₂", title=f"k = {k}")
    return fig, {"inertia": ((points - centers[labels]) ** 2).sum()}


def kernel_matrix(length):
    """A 50 × 50 image that changes as a whole."""
    fig, ax = plt.subplots()
    x = np.linspace(0, 5, 50)
    kernel = np.exp(-0.5 * (x[:, None] - x) ** 2 / length**2)
    fig.colorbar(ax.imshow(kernel, vmin=0, vmax=1, extent=(0, 5, 5, 0)))
    ax.set(title=f"RBF kernel, ℓ = {length:.2f}", xlabel="x′", ylabel="x")
    return fig


def gaussian_process(length, noise, n):
    """A mean, a band, three samples and the data."""
    fig, ax = plt.subplots()
    rng = np.random.default_rng(1)
    seen = rng.uniform(0, 10, 12)[:n]
    values = np.sin(seen) + 0.15 * rng.normal(size=12)[:n]
    x = np.linspace(0, 10, 120)

    def kernel(a, b):
        return np.exp(-0.5 * (a[:, None] - b) ** 2 / length**2)

    weights = np.linalg.solve(kernel(seen, seen) + noise**2 * np.eye(n), kernel(seen, x))
    mean = values @ weights
    covariance = kernel(x, x) - kernel(x, seen) @ weights
    spread = np.sqrt(np.clip(np.diag(covariance), 0, None))
    root = np.linalg.cholesky(covariance + 1e-6 * np.eye(len(x)))
    ax.fill_between(x, mean - 2 * spread, mean + 2 * spread, alpha=0.2, label="±2 sd")
    ax.plot(x, mean[:, None] + root @ rng.normal(size=(len(x), 3)), linewidth=0.9, color=MUTED)
    ax.plot(x, mean, label="mean")
    ax.plot(seen, values, ".", color=INK, markersize=9, label="data")
    ax.set(xlim=(0, 10), ylim=(-3.5, 3.5), title=f"ℓ = {length:g}, σ = {noise:g}, n = {n}")
    ax.legend(loc="upper right", ncols=3)
    return fig


def boundary(gamma, cost):
    """Filled contours of a kernel classifier."""
    fig, ax = plt.subplots()
    rng = np.random.default_rng(2)
    angle = rng.uniform(0, np.pi, 80)
    side = np.where(np.arange(80) < 40, 1.0, -1.0)
    moons = np.column_stack([side * np.cos(angle) + (side < 0), side * np.sin(angle)])
    moons += [[0, 0.5]] * (side < 0)[:, None] + 0.18 * rng.normal(size=(80, 2))

    def kernel(a, b):
        return np.exp(-gamma * ((a[:, None] - b) ** 2).sum(-1))

    weights = np.linalg.solve(kernel(moons, moons) + np.eye(80) / cost, side)
    x, y = np.meshgrid(np.linspace(-1.8, 2.8, 120), np.linspace(-1.4, 1.9, 90))
    score = (kernel(np.column_stack([x.ravel(), y.ravel()]), moons) @ weights).reshape(x.shape)
    levels = np.linspace(-2, 2, 9)
    fig.colorbar(ax.contourf(x, y, score, levels, cmap="RdBu", extend="both", alpha=0.8))
    ax.contour(x, y, score, levels=[0], colors=INK, linewidths=1.5)
    ax.scatter(*moons[side > 0].T, s=18, color=BLUE, edgecolors="w", linewidth=0.5)
    ax.scatter(*moons[side < 0].T, s=18, color=ORANGE, edgecolors="w", linewidth=0.5, marker="^")
    ax.set_title(f"γ = {gamma:.2g}, C = {cost:.2g}")
    return fig, {"accuracy": (np.sign(kernel(moons, moons) @ weights) == side).mean()}


def softmax(temperature, top_k):
    """Bars with a number on each."""
    fig, ax = plt.subplots()
    words = "the cat sat on a mat dog ran far off".split()
    logits = np.array([3.1, 2.4, 1.9, 1.2, 0.9, 0.3, 0, -0.4, -1.1, -1.9]) / temperature
    chances = special.softmax(np.where(np.arange(10) < top_k, logits, -np.inf))
    ax.bar(words, chances, color=[BLUE if i < top_k else MUTED for i in range(10)])
    for i, chance in enumerate(chances):
        ax.text(i, chance + 0.01, f"{chance:.2f}", ha="center", fontsize=8)
    ax.set(ylim=(0, 1.05), ylabel="p(token)", title=f"T = {temperature:.1f}, top-k = {top_k}")
    return fig, {"entropy": special.entr(chances).sum()}


def attention(head, temperature):
    """A small image with slanted labels."""
    fig, ax = plt.subplots()
    fig.subplots_adjust(bottom=0.24)
    tokens = "The animal did not cross the street because it was".split()
    queries = np.random.default_rng(3).normal(size=(10, 10, 16))[head]
    keys = np.random.default_rng(4).normal(size=(10, 10, 16))[head]
    weights = special.softmax(queries @ keys.T / 4 / temperature, axis=1)
    fig.colorbar(ax.imshow(weights, cmap="magma", vmin=0, vmax=1))
    ax.set_xticks(range(10), tokens, rotation=45, ha="right")
    ax.set_yticks(range(10), tokens)
    ax.set_title(f"head {head}, T = {temperature:.1f}")
    return fig, {"entropy": special.entr(weights).sum(1).mean()}


def _even(low, high, count):
    return np.linspace(low, high, count).round(4)


def _ratio(low, high, count):
    return [float(f"{value:.3g}") for value in np.geomspace(low, high, count)]


PICTURES = {
    "beta": (beta, {"a": _even(0.5, 9.5, 10), "b": _even(0.5, 9.5, 10)}),
    "k-means": (k_means, {"k": list(range(2, 12)), "step": list(range(10))}),
    "kernel matrix": (kernel_matrix, {"length": _even(0.1, 2.08, 100)}),
    "gaussian process": (
        gaussian_process,
        {"length": _even(0.4, 2.0, 5), "noise": _even(0.05, 0.45, 5), "n": [3, 6, 9, 12]},
    ),
    "boundary": (boundary, {"gamma": _ratio(0.1, 30, 10), "cost": _ratio(0.1, 100, 10)}),
    "softmax": (softmax, {"temperature": _even(0.2, 2.0, 10), "top_k": list(range(1, 11))}),
    "attention": (attention, {"head": list(range(10)), "temperature": _even(0.2, 2.0, 10)}),
}
"""Each picture's drawing function and its sliders."""
