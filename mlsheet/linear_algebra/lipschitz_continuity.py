r"""2.12 Lipschitz Continuity: a speed limit on how fast outputs change with inputs.

.. math:: \exists L < \infty: \quad \|f(x) - f(y)\| \le L \, \|x - y\| \quad
    \text{for all } x, y \quad (2.12\text{-}f1)
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from mlsheet.linear_algebra.eigenvalues_and_eigenvectors import power_iteration
from mlsheet.validation import FloatArray, as_generator, check_array, check_count, check_positive


def empirical_lipschitz(
    f: Callable[[FloatArray], ArrayLike],
    sample: Callable[[np.random.Generator, int], ArrayLike],
    n_pairs: int,
    *,
    rng: np.random.Generator | int,
) -> float:
    r"""Return the largest difference quotient over random pairs: a lower bound of L (2.12-f1).

    .. math:: \max_i \frac{\|f(x_i) - f(y_i)\|}{\|x_i - y_i\|} \le L

    Parameters
    ----------
    f : callable
        Maps points, shape (n,) or (n, d), to as many values, shape (n,) or (n, k).
    sample : callable
        ``sample(generator, n)`` draws n points.
    n_pairs : int
        How many pairs to draw. Pairs of one point twice are left out.
    rng : numpy.random.Generator or int
        Generator or seed.

    Returns
    -------
    float
        The largest quotient found.

    Raises
    ------
    ValueError
        If ``n_pairs`` is below 1, all pairs coincide, a point or value isn't finite, or there
        are not as many as points.

    References
    ----------
    J. Nocedal and S. J. Wright, *Numerical Optimization*, 2nd ed. (2006), appendix A.2.

    Examples
    --------
    >>> slope = empirical_lipschitz(np.sin, lambda g, n: g.uniform(-3, 3, n), 2000, rng=0)
    >>> 0.99 < slope <= 1
    True
    """
    generator, n = as_generator(rng), check_count(n_pairs, "n_pairs")
    x, y = (_points(sample(generator, n), "sample", n) for _ in range(2))
    apart = _lengths(x - y)
    if not apart.any():
        raise ValueError("sample: expected pairs of different points, got none")
    moved = _lengths(_points(f(x), "f", n) - _points(f(y), "f", n))
    return float((moved[apart > 0] / apart[apart > 0]).max())


def spectral_norm(
    W: ArrayLike, *, rng: np.random.Generator | int, tol: float = 1e-6, max_iter: int = 10_000
) -> float:
    r"""Return the Lipschitz constant of a linear layer, by power iteration (2.12-s1).

    .. math:: \|W\|_2 = \sigma_{\max}(W) = \sqrt{\lambda_{\max}(W^\top W)}

    Parameters
    ----------
    W : array_like, shape (m, n)
        The layer's weights; W and its transpose have the same norm.
    rng : numpy.random.Generator or int
        Generator or seed of the start vector.
    tol : float
        When to stop: at this residual of the eigenvalue, relative to the largest row sum.
    max_iter : int
        The greatest number of steps.

    Returns
    -------
    float
        The largest singular value.

    Raises
    ------
    ValueError
        If ``W`` isn't a finite matrix, or ``max_iter`` steps don't suffice.

    References
    ----------
    T. Miyato et al., "Spectral normalization for generative adversarial networks",
    arXiv:1802.05957 (2018).

    Examples
    --------
    >>> round(spectral_norm([[3, 0], [4, 5]], rng=0) ** 2, 6)
    45.0
    """
    matrix = check_array(W, "W", ndim=2)
    start = as_generator(rng).normal(size=matrix.shape[1])
    found = power_iteration(matrix.T @ matrix, start, tol=tol, max_iter=max_iter)
    return float(np.sqrt(found.value))


def mlp_lipschitz_upper(weights: Sequence[ArrayLike], *, rng: np.random.Generator | int) -> float:
    r"""Return an upper bound of a network's Lipschitz constant (2.12-a1).

    .. math:: L \le \prod_i \|W_i\|_2

    It holds if the activations between the layers are 1-Lipschitz, as ReLU and tanh are.

    Parameters
    ----------
    weights : sequence of array_like, each of shape (d_in, d_out)
        The layers' matrices in their order, applied as ``x @ W``; biases don't matter.
    rng : numpy.random.Generator or int
        Generator or seed of the power iterations.

    Returns
    -------
    float
        The product of the spectral norms.

    Raises
    ------
    ValueError
        If there is no matrix, or two that follow each other don't fit.

    References
    ----------
    C. Szegedy et al., "Intriguing properties of neural networks", arXiv:1312.6199 (2014),
    section 4.3.

    Examples
    --------
    >>> round(mlp_lipschitz_upper([[[2, 0]], [[3], [0]]], rng=0), 6)
    6.0
    """
    generator = as_generator(rng)
    matrices = [check_array(W, "weights", ndim=2) for W in weights]
    if not matrices:
        raise ValueError("weights: expected at least one matrix, got none")
    for first, second in pairwise(matrices):
        if first.shape[1] != second.shape[0]:
            raise ValueError(
                f"weights: expected {first.shape[1]} rows after {first.shape[1]} columns, "
                f"got {second.shape[0]}"
            )
    return float(np.prod([spectral_norm(W, rng=generator) for W in matrices]))


def certified_radius(scores: ArrayLike, lipschitz: float) -> FloatArray:
    r"""Return how far each input may move before its class can change (2.12-a2).

    .. math:: r = \frac{s_{(1)} - s_{(2)}}{\sqrt 2 \, L}

    The difference of two scores is :math:`\sqrt 2 L`-Lipschitz if the vector of scores is
    L-Lipschitz, both in the Euclidean norm.

    Parameters
    ----------
    scores : array_like, shape (n, k)
        One row of at least two class scores for each input.
    lipschitz : float
        A Lipschitz constant of the scores, or an upper bound of it.

    Returns
    -------
    ndarray of float64, shape (n,)
        Radii in units of the input; 0 where the two best scores are equal.

    Raises
    ------
    ValueError
        If there are fewer than two scores, one isn't finite, or ``lipschitz`` isn't above 0.

    References
    ----------
    Y. Tsuzuku, I. Sato and M. Sugiyama, "Lipschitz-margin training", arXiv:1802.04034 (2018).

    Examples
    --------
    >>> certified_radius([[5.0, 1.0, 3.0]], lipschitz=2.0).round(4)
    array([0.7071])
    """
    rows = check_array(scores, "scores", ndim=2)
    if rows.shape[1] < 2:
        raise ValueError(f"scores: expected at least 2 columns, got {rows.shape[1]}")
    second, first = np.partition(rows, -2, axis=1)[:, -2:].T
    radii: FloatArray = (first - second) / (np.sqrt(2) * check_positive(lipschitz, "lipschitz"))
    return radii


def gd_stable_step(lipschitz: float) -> float:
    r"""Return the step size below which gradient descent is stable (2.12-s2).

    .. math:: \eta < \frac{2}{L}

    Parameters
    ----------
    lipschitz : float
        A Lipschitz constant L of the *gradient*, the largest curvature.

    Returns
    -------
    float
        The limit.

    Raises
    ------
    ValueError
        If ``lipschitz`` isn't above 0.

    References
    ----------
    Y. Nesterov, *Lectures on Convex Optimization*, 2nd ed. (2018), section 1.2.3.

    Examples
    --------
    >>> gd_stable_step(10)
    0.2
    """
    return float(2 / check_positive(lipschitz, "lipschitz"))


def _points(values: ArrayLike, name: str, n: int) -> FloatArray:
    points = check_array(values, name)
    if points.shape[:1] != (n,):
        raise ValueError(f"{name}: expected one value for each of {n} points, got {points.shape}")
    return points


def _lengths(differences: FloatArray) -> FloatArray:
    lengths: FloatArray = np.linalg.norm(differences.reshape(len(differences), -1), axis=1)
    return lengths
