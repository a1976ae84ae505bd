r"""KL divergence: the price, in nats, of describing draws from P as if they came from Q.

.. math::

    D_{KL}(P \| Q) = \sum_x P(x) \log \frac{P(x)}{Q(x)} \quad (1.8\text{-}f1)

with :math:`0 \log 0 = 0`, and infinity as soon as Q gives 0 to something that P can produce.
All logarithms are natural: divide by log 2 for bits.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import cho_factor, cho_solve
from scipy.special import entr, rel_entr, xlogy

from mlsheet.validation import (
    FloatArray,
    check_array,
    check_positive,
    check_probabilities,
    check_square_matrix,
)


def kl_divergence(p: ArrayLike, q: ArrayLike, *, axis: int = -1) -> FloatArray:
    r"""Return the divergence of ``q`` from ``p``, term by term :math:`p \log(p/q)` (1.8-f1).

    Parameters
    ----------
    p, q : array_like, shape (..., k)
        Probabilities that sum to 1 along ``axis``; leading axes broadcast.
    axis : int
        The axis of the k outcomes.

    Returns
    -------
    ndarray of float64, shape (...)
        Nats, from 0 (only where p = q) to infinity (where q = 0 < p for some outcome).

    Raises
    ------
    ValueError
        If a probability is negative or not finite, sums differ from 1 (nothing is normalised
        silently), or the two have different numbers of outcomes.

    References
    ----------
    T. M. Cover and J. A. Thomas, *Elements of Information Theory*, 2nd ed. (2006), section 2.3.

    Examples
    --------
    >>> round(float(kl_divergence([0.5, 0.5], [0.25, 0.75])), 4)
    0.1438
    >>> float(kl_divergence([0.5, 0.5], [1, 0]))
    inf
    """
    truth, model = _pair(p, q, axis)
    divergence: FloatArray = rel_entr(truth, model).sum(axis=axis)
    return np.maximum(divergence, 0.0)  # equal distributions may round to -1e-17


def entropy(p: ArrayLike, *, axis: int = -1) -> FloatArray:
    r"""Return the entropy :math:`H(P) = -\sum_x P(x) \log P(x)`.

    Parameters
    ----------
    p : array_like, shape (..., k)
        Probabilities that sum to 1 along ``axis``.
    axis : int
        The axis of the k outcomes.

    Returns
    -------
    ndarray of float64, shape (...)
        Nats, from 0 (a sure outcome) to log k (all equally likely).

    Raises
    ------
    ValueError
        If the probabilities are negative, not finite or don't sum to 1.

    References
    ----------
    T. M. Cover and J. A. Thomas, *Elements of Information Theory*, 2nd ed. (2006), section 2.1.

    Examples
    --------
    >>> round(float(entropy([0.5, 0.5])), 4)
    0.6931
    """
    total: FloatArray = entr(check_probabilities(p, "p", axis=axis)).sum(axis=axis)
    return total


def cross_entropy(p: ArrayLike, q: ArrayLike, *, axis: int = -1) -> FloatArray:
    r"""Return :math:`H(P, Q) = -\sum_x P(x) \log Q(x) = H(P) + D_{KL}(P \| Q)`.

    Parameters
    ----------
    p, q : array_like, shape (..., k)
        Probabilities that sum to 1 along ``axis``; leading axes broadcast.
    axis : int
        The axis of the k outcomes.

    Returns
    -------
    ndarray of float64, shape (...)
        Nats; infinity where q = 0 < p for some outcome.

    Raises
    ------
    ValueError
        As `kl_divergence` does.

    References
    ----------
    K. P. Murphy, *Probabilistic Machine Learning: An Introduction* (2022), chapter 6.

    Examples
    --------
    >>> round(float(cross_entropy([0.5, 0.5], [0.25, 0.75])), 4)
    0.837
    """
    truth, model = _pair(p, q, axis)
    total: FloatArray = -xlogy(truth, model).sum(axis=axis)
    return total


def jensen_shannon_divergence(p: ArrayLike, q: ArrayLike, *, axis: int = -1) -> FloatArray:
    r"""Return the mean divergence of two distributions from their mixture.

    .. math:: JS(P, Q) = \tfrac12 D_{KL}(P \| M) + \tfrac12 D_{KL}(Q \| M),
        \quad M = \tfrac12 (P + Q)

    Parameters
    ----------
    p, q : array_like, shape (..., k)
        Probabilities that sum to 1 along ``axis``; leading axes broadcast.
    axis : int
        The axis of the k outcomes.

    Returns
    -------
    ndarray of float64, shape (...)
        Nats, from 0 to log 2, the same for (p, q) and (q, p).

    Raises
    ------
    ValueError
        As `kl_divergence` does.

    References
    ----------
    J. Lin, "Divergence measures based on the Shannon entropy", IEEE Trans. Inf. Theory 37 (1991).

    Examples
    --------
    >>> round(float(jensen_shannon_divergence([1, 0], [0, 1])), 4)
    0.6931
    """
    truth, model = _pair(p, q, axis)
    middle = (truth + model) / 2
    total = rel_entr(truth, middle).sum(axis=axis) + rel_entr(model, middle).sum(axis=axis)
    divergence: FloatArray = np.maximum(total / 2, 0.0)
    return divergence


def kl_normal(
    mean_p: ArrayLike, std_p: ArrayLike, mean_q: ArrayLike, std_q: ArrayLike
) -> FloatArray:
    r"""Return the divergence between two normal distributions in closed form (1.8-s1).

    .. math:: D_{KL}(N(\mu_1, \sigma_1^2) \| N(\mu_2, \sigma_2^2)) = \log\frac{\sigma_2}{\sigma_1}
        + \frac{\sigma_1^2 + (\mu_1 - \mu_2)^2}{2 \sigma_2^2} - \frac12

    Parameters
    ----------
    mean_p, std_p : array_like
        Mean and standard deviation of P; all four arguments broadcast.
    mean_q, std_q : array_like
        Mean and standard deviation of Q.

    Returns
    -------
    ndarray of float64
        Nats, of the broadcast shape.

    Raises
    ------
    ValueError
        If a number isn't finite or a standard deviation isn't above 0.

    References
    ----------
    K. P. Murphy, *Probabilistic Machine Learning: An Introduction* (2022), chapter 6.

    Examples
    --------
    >>> round(float(kl_normal(0, 1, 1, 2)), 4)
    0.4431
    """
    ratio = check_positive(std_p, "std_p") / check_positive(std_q, "std_q")
    shift = check_array(mean_p, "mean_p") - check_array(mean_q, "mean_q")
    shift = shift / np.asarray(std_q)
    divergence: FloatArray = (ratio**2 + shift**2 - 1) / 2 - np.log(ratio)
    return divergence


def kl_multivariate_normal(
    mean_p: ArrayLike, covariance_p: ArrayLike, mean_q: ArrayLike, covariance_q: ArrayLike
) -> float:
    r"""Return the divergence between two multivariate normal distributions.

    .. math:: \tfrac12 \left(\operatorname{tr}(\Sigma_2^{-1} \Sigma_1)
        + (\mu_1 - \mu_2)^\top \Sigma_2^{-1} (\mu_1 - \mu_2) - d
        + \log\frac{|\Sigma_2|}{|\Sigma_1|}\right)

    Parameters
    ----------
    mean_p : array_like, shape (d,)
        Mean of P.
    covariance_p : array_like, shape (d, d)
        Covariance of P, symmetric and positive definite.
    mean_q : array_like, shape (d,)
        Mean of Q.
    covariance_q : array_like, shape (d, d)
        Covariance of Q, symmetric and positive definite.

    Returns
    -------
    float
        Nats.

    Raises
    ------
    ValueError
        If shapes don't fit, or a covariance isn't symmetric positive definite.

    References
    ----------
    K. P. Murphy, *Probabilistic Machine Learning: An Introduction* (2022), chapter 6.

    Examples
    --------
    >>> round(kl_multivariate_normal([0, 0], [[1, 0], [0, 1]], [1, 0], [[4, 0], [0, 4]]), 4)
    0.7613
    """
    center_p = check_array(mean_p, "mean_p", ndim=1)
    center_q = check_array(mean_q, "mean_q", ndim=1)
    if len(center_p) != len(center_q):
        raise ValueError(f"mean_q: expected {len(center_p)} numbers, got {len(center_q)}")
    shift = center_p - center_q
    covariance = check_square_matrix(covariance_p, "covariance_p")
    factor_p = _cholesky(covariance, "covariance_p", len(shift))
    factor_q = _cholesky(covariance_q, "covariance_q", len(shift))
    trace = np.trace(cho_solve((factor_q, True), covariance))
    distance = shift @ cho_solve((factor_q, True), shift)
    log_ratio = 2 * np.log(np.diag(factor_q) / np.diag(factor_p)).sum()
    return float((trace + distance - len(shift) + log_ratio) / 2)


class MonteCarloEstimate(NamedTuple):
    """An estimate from random draws.

    Parameters
    ----------
    value : float
        The estimate.
    standard_error : float
        Its standard deviation over repetitions, estimated from the same draws.
    """

    value: float
    standard_error: float


def kl_monte_carlo(
    log_p: Callable[[FloatArray], FloatArray],
    log_q: Callable[[FloatArray], FloatArray],
    samples: ArrayLike,
) -> MonteCarloEstimate:
    r"""Estimate the divergence as the mean of :math:`\log p(x) - \log q(x)` over draws from P.

    Parameters
    ----------
    log_p, log_q : callable
        Log densities; each maps the samples to an array of shape (n,).
    samples : array_like, shape (n, ...)
        Draws from P, at least two.

    Returns
    -------
    MonteCarloEstimate
        The estimate and its standard error, in nats. An estimate can be negative by chance.

    Raises
    ------
    ValueError
        If there are fewer than two draws, or a log density has the wrong shape or isn't finite.

    References
    ----------
    K. P. Murphy, *Probabilistic Machine Learning: An Introduction* (2022), chapter 6.

    Examples
    --------
    >>> x = np.random.default_rng(0).normal(size=10_000)
    >>> estimate = kl_monte_carlo(lambda x: -(x**2) / 2, lambda x: -((x - 1) ** 2) / 2, x)
    >>> bool(abs(estimate.value - 0.5) < 5 * estimate.standard_error)
    True
    """
    draws = check_array(samples, "samples")
    if draws.ndim == 0 or len(draws) < 2:
        raise ValueError(f"samples: expected at least two draws, got shape {draws.shape}")
    densities = []
    for name, log_density in (("log_p", log_p), ("log_q", log_q)):
        values = check_array(log_density(draws), f"{name}(samples)", ndim=1)
        if len(values) != len(draws):
            raise ValueError(f"{name}(samples): expected {len(draws)} numbers, got {len(values)}")
        densities.append(values)
    log_ratios = densities[0] - densities[1]
    error = log_ratios.std(ddof=1) / np.sqrt(len(draws))
    return MonteCarloEstimate(float(log_ratios.mean()), float(error))


def _pair(p: ArrayLike, q: ArrayLike, axis: int) -> tuple[FloatArray, FloatArray]:
    truth = check_probabilities(p, "p", axis=axis)
    model = check_probabilities(q, "q", axis=axis)
    if truth.shape[axis] != model.shape[axis]:
        raise ValueError(
            f"q: expected {truth.shape[axis]} outcomes as p has, got {model.shape[axis]}"
        )
    return truth, model


def _cholesky(covariance: ArrayLike, name: str, size: int) -> FloatArray:
    matrix = check_square_matrix(covariance, name)
    if matrix.shape != (size, size):
        raise ValueError(f"{name}: expected shape {(size, size)}, got {matrix.shape}")
    if not np.allclose(matrix, matrix.T):
        raise ValueError(f"{name}: expected a symmetric matrix")
    try:
        factor, _ = cho_factor(matrix, lower=True)
    except np.linalg.LinAlgError:
        raise ValueError(f"{name}: expected a positive definite matrix") from None
    lower: FloatArray = np.tril(factor)
    return lower
