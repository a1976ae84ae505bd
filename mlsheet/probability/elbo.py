r"""1.9 Evidence Lower Bound (ELBO): a bound on the log of an integral that one cannot do.

.. math:: \log P(x) = \mathcal L(q) + D_{KL}(q(z) \| P(z|x)) \quad (1.9\text{-}s1)
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import logsumexp, xlogy

from mlsheet.probability.kl_divergence import (
    MonteCarloEstimate,
    kl_divergence,
    kl_normal,
)
from mlsheet.validation import (
    FloatArray,
    as_generator,
    check_array,
    check_between,
    check_count,
    check_positive,
    check_probabilities,
)


class ElboTerms(NamedTuple):
    """Both ways to split the bound, in nats.

    Parameters
    ----------
    elbo : float
        The bound itself: ``log_evidence - kl_to_posterior``, and also
        ``reconstruction - kl_to_prior``.
    log_evidence : float
        The log of P(x), which is the same for every q.
    kl_to_posterior : float
        The gap (1.9-s1).
    reconstruction : float
        The average of log P(x|z) over q.
    kl_to_prior : float
        What the bound charges for leaving the prior.
    """

    elbo: float
    log_evidence: float
    kl_to_posterior: float
    reconstruction: float
    kl_to_prior: float


def elbo_discrete(log_joint: ArrayLike, q: ArrayLike) -> float:
    r"""Return the bound where z takes k values (1.9-f2).

    .. math:: \sum_z q(z) \, (\log P(x, z) - \log q(z))

    Parameters
    ----------
    log_joint : array_like, shape (k,)
        The log of P(x, z) for each z, for the x that was seen.
    q : array_like, shape (k,)
        Any distribution over z; a value with q = 0 adds nothing.

    Returns
    -------
    float
        Nats; at most ``logsumexp(log_joint)``, which is log P(x).

    Raises
    ------
    ValueError
        If a log isn't finite, or q doesn't fit or doesn't sum to 1.

    References
    ----------
    C. M. Bishop, *Pattern Recognition and Machine Learning* (2006), section 9.4.

    Examples
    --------
    >>> round(elbo_discrete(np.log([0.05, 0.12, 0.14]), [0.3, 0.3, 0.4]), 5)
    -1.23234
    """
    logs, weights = _logs_and_q(log_joint, "log_joint", q)
    return float(weights @ logs - xlogy(weights, weights).sum())


def elbo_terms(prior: ArrayLike, log_likelihood: ArrayLike, q: ArrayLike) -> ElboTerms:
    r"""Split the bound in both ways, where z takes k values (1.9-f1, 1.9-s1).

    .. math:: \mathcal L(q) = \mathbb{E}_q[\log P(x|z)] - D_{KL}(q(z) \| P(z))
        = \log P(x) - D_{KL}(q(z) \| P(z|x))

    Parameters
    ----------
    prior : array_like, shape (k,)
        P(z), above 0 for each z.
    log_likelihood : array_like, shape (k,)
        The log of P(x|z) for each z, for the x that was seen.
    q : array_like, shape (k,)
        Any distribution over z.

    Returns
    -------
    ElboTerms
        The bound and the four terms, finite even where P(z|x) is too small for a float.

    Raises
    ------
    ValueError
        If a log isn't finite, a prior isn't above 0, or the shapes don't fit.

    References
    ----------
    C. M. Bishop, *Pattern Recognition and Machine Learning* (2006), section 9.4.

    Examples
    --------
    >>> terms = elbo_terms([0.5, 0.3, 0.2], np.log([0.1, 0.4, 0.7]), [0.3, 0.3, 0.4])
    >>> round(terms.log_evidence, 5), round(terms.kl_to_posterior, 5)
    (-1.17118, 0.06116)
    """
    logs, weights = _logs_and_q(log_likelihood, "log_likelihood", q)
    before = check_positive(check_probabilities(prior, "prior"), "prior")
    if before.shape != logs.shape:
        raise ValueError(f"prior: expected shape {logs.shape}, got {before.shape}")
    log_joint = logs + np.log(before)
    log_evidence = logsumexp(log_joint)
    gap = (xlogy(weights, weights) - weights * (log_joint - log_evidence)).sum()
    return ElboTerms(
        elbo=elbo_discrete(log_joint, weights),
        log_evidence=float(log_evidence),
        kl_to_posterior=max(float(gap), 0.0),
        reconstruction=float(weights @ logs),
        kl_to_prior=float(kl_divergence(weights, before)),
    )


def elbo_gaussian(
    x: ArrayLike, mean: ArrayLike, std: ArrayLike, *, noise: ArrayLike = 1.0
) -> FloatArray:
    r"""Return the bound of :math:`z \sim N(0, 1)`, :math:`x|z \sim N(z, \sigma^2)` (1.9-a1).

    .. math:: -\tfrac12 \log(2 \pi \sigma^2) - \frac{(x - m)^2 + s^2}{2 \sigma^2}
        - D_{KL}(N(m, s^2) \| N(0, 1))

    Parameters
    ----------
    x : array_like
        What was seen; all four arguments broadcast.
    mean, std : array_like
        Mean m and standard deviation s of q.
    noise : array_like
        The standard deviation :math:`\sigma` of x around z.

    Returns
    -------
    ndarray of float64
        Nats; at most the log density of :math:`N(0, 1 + \sigma^2)` at x.

    Raises
    ------
    ValueError
        If a number isn't finite or a standard deviation isn't above 0.

    References
    ----------
    D. M. Blei, A. Kucukelbir and J. D. McAuliffe, "Variational inference: a review for
    statisticians", arXiv:1601.00670 (2016).

    Examples
    --------
    >>> round(float(elbo_gaussian(2, 0, 1)), 4)  # q is the prior
    -3.4189
    """
    seen, center = check_array(x, "x"), check_array(mean, "mean")
    width, scale = check_positive(std, "std"), check_positive(noise, "noise")
    errors = ((seen - center) ** 2 + width**2) / scale**2
    reconstruction = -errors / 2 - np.log(scale) - np.log(2 * np.pi) / 2
    bound: FloatArray = reconstruction - kl_normal(center, width, 0, 1)
    return bound


def elbo_monte_carlo(
    log_joint: Callable[[FloatArray], FloatArray],
    mean: float,
    std: float,
    *,
    n: int,
    rng: np.random.Generator | int,
) -> MonteCarloEstimate:
    r"""Estimate the bound for a normal q from draws :math:`z = m + s \epsilon`.

    .. math:: \frac1n \sum_i (\log P(x, z_i) - \log q(z_i)), \quad z_i \sim q

    Parameters
    ----------
    log_joint : callable
        The log of P(x, z) for an array of z, for the x that was seen.
    mean, std : float
        Mean m and standard deviation s of q.
    n : int
        Number of draws, two at least.
    rng : numpy.random.Generator or int
        Generator or seed.

    Returns
    -------
    MonteCarloEstimate
        The estimate and its standard error, in nats.

    Raises
    ------
    ValueError
        If there are fewer than two draws, ``std`` isn't above 0, or ``log_joint`` returns
        another shape or a number that isn't finite.

    References
    ----------
    D. P. Kingma and M. Welling, "Auto-encoding variational Bayes", arXiv:1312.6114 (2013).

    Examples
    --------
    >>> def log_joint(z):  # N(z; 0, 1) N(2; z, 1)
    ...     return -(z**2) / 2 - (2 - z) ** 2 / 2 - np.log(2 * np.pi)
    >>> round(elbo_monte_carlo(log_joint, 1, 0.5**0.5, n=10, rng=0).value, 4)  # the posterior
    -2.2655
    """
    center = float(check_array(mean, "mean", ndim=0))
    width = check_between(std, "std", 0, strict=True)
    noise = as_generator(rng).normal(size=check_count(n, "n", minimum=2))
    logs = check_array(log_joint(center + width * noise), "log_joint(z)", ndim=1)
    if len(logs) != n:
        raise ValueError(f"log_joint(z): expected {n} numbers, got {len(logs)}")
    log_ratios = logs + noise**2 / 2 + np.log(width * np.sqrt(2 * np.pi))
    return MonteCarloEstimate(float(log_ratios.mean()), float(log_ratios.std(ddof=1) / np.sqrt(n)))


def _logs_and_q(logs: ArrayLike, name: str, q: ArrayLike) -> tuple[FloatArray, FloatArray]:
    values, weights = check_array(logs, name, ndim=1), check_probabilities(q, "q")
    if weights.shape != values.shape:
        raise ValueError(f"q: expected shape {values.shape}, got {weights.shape}")
    return values, weights
