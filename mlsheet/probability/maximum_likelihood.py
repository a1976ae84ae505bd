r"""Maximum likelihood: the parameters under which the data at hand are most probable.

.. math:: \hat\theta = \arg\max_\theta P(D \mid \theta)
    = \arg\max_\theta \sum_{i=1}^n \log p(x_i \mid \theta) \quad (1.5\text{-}f1, f4, f5)
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize

from mlsheet.validation import FloatArray, check_array

EPS = np.finfo(np.float64).eps
FLAT = 1e-6
"""Curvature, relative to that along the axes, which differences can't tell from 0."""


class Estimate(NamedTuple):
    """A maximum likelihood estimate found by a numerical search.

    Parameters
    ----------
    theta : ndarray of float64, shape (k,)
        The parameters at the maximum.
    covariance : ndarray of float64, shape (k, k)
        Inverse of the observed information: for large samples, the covariance of `theta`.
    """

    theta: FloatArray
    covariance: FloatArray


def log_likelihood(
    log_density: Callable[[FloatArray, FloatArray], FloatArray], x: ArrayLike, theta: ArrayLike
) -> float:
    r"""Add up the log density of each observation (1.5-f4), never multiplying densities.

    .. math:: \ell(\theta) = \sum_{i=1}^n \log p(x_i \mid \theta)

    Parameters
    ----------
    log_density : callable
        ``log_density(x, theta)`` returns :math:`\log p(x_i \mid \theta)` for each observation,
        an array of shape (n,).
    x : array_like, shape (n,) or (n, d)
        Independent observations.
    theta : array_like
        The parameters.

    Returns
    -------
    float
        The log-likelihood in nats; minus infinity if an observation is impossible.

    Raises
    ------
    ValueError
        If a number isn't finite, or ``log_density`` returns NaN, plus infinity or another shape.

    References
    ----------
    G. Casella and R. L. Berger, *Statistical Inference*, 2nd ed. (2002), section 7.2.2.

    Examples
    --------
    >>> flips = [1] * 7 + [0] * 3
    >>> log_p = lambda x, p: x * np.log(p) + (1 - x) * np.log(1 - p)
    >>> round(log_likelihood(log_p, flips, 0.7), 3)
    -6.109
    """
    data = np.atleast_1d(check_array(x, "x"))
    terms = np.asarray(log_density(data, check_array(theta, "theta")), dtype=np.float64)
    if terms.shape != data.shape[:1] or not (terms < np.inf).all():
        raise ValueError(f"log_density: expected {len(data)} numbers, got {terms!r}")
    return float(terms.sum())


def mle_bernoulli(x: ArrayLike) -> float:
    r"""Estimate the probability of a 1: the share of ones, :math:`\hat p = \bar x`.

    Parameters
    ----------
    x : array_like, shape (n,)
        Zeros and ones.

    Returns
    -------
    float
        The estimate, from 0 to 1; both ends are possible.

    Raises
    ------
    ValueError
        If ``x`` is empty or holds anything but 0 and 1.

    References
    ----------
    G. Casella and R. L. Berger, *Statistical Inference*, 2nd ed. (2002), section 7.2.2.

    Examples
    --------
    >>> mle_bernoulli([1, 1, 0, 1])
    0.75
    """
    flips = check_array(x, "x", ndim=1)
    if not np.isin(flips, (0, 1)).all():
        raise ValueError("x: expected zeros and ones only")
    return float(flips.mean())


def mle_normal(x: ArrayLike) -> tuple[float, float]:
    r"""Estimate mean and standard deviation of a normal distribution (1.5-s1).

    .. math:: \hat\mu = \bar x, \quad \hat\sigma^2 = \frac{1}{n} \sum_i (x_i - \bar x)^2

    Parameters
    ----------
    x : array_like, shape (n,)
        Observations, at least two of them different: else the likelihood has no maximum, since
        it grows without bound as :math:`\sigma` tends to 0.

    Returns
    -------
    mean : float
        The sample mean, in the unit of ``x``.
    std : float
        The standard deviation, in the same unit: the sum of squares is divided by n, not n − 1.

    Raises
    ------
    ValueError
        If ``x`` isn't a finite vector or all its numbers are equal.

    References
    ----------
    G. Casella and R. L. Berger, *Statistical Inference*, 2nd ed. (2002), section 7.2.2.

    Examples
    --------
    >>> mle_normal([-1, 1, 2, 3, 5])
    (2.0, 2.0)
    """
    values = check_array(x, "x", ndim=1)
    if values.min() == values.max():
        raise ValueError(f"x: expected two different numbers at least, got only {values[0]:g}")
    mean = values.mean()
    return float(mean), float(np.sqrt(((values - mean) ** 2).mean()))


def mle_poisson(x: ArrayLike) -> float:
    r"""Estimate the rate of a Poisson distribution, :math:`\hat\lambda = \bar x`.

    Parameters
    ----------
    x : array_like, shape (n,)
        Counts.

    Returns
    -------
    float
        The mean count; 0 if all counts are 0.

    Raises
    ------
    ValueError
        If ``x`` is empty or holds anything but whole numbers of at least 0.

    References
    ----------
    L. Wasserman, *All of Statistics* (2004), section 9.3.

    Examples
    --------
    >>> mle_poisson([0, 2, 1, 1])
    1.0
    """
    counts = check_array(x, "x", ndim=1)
    if (counts < 0).any() or (counts != np.floor(counts)).any():
        raise ValueError("x: expected counts, whole numbers of at least 0")
    return float(counts.mean())


def mle_exponential(x: ArrayLike) -> float:
    r"""Estimate the rate of an exponential distribution, :math:`\hat\lambda = 1 / \bar x`.

    Parameters
    ----------
    x : array_like, shape (n,)
        Waiting times, at least 0 and not all of them 0.

    Returns
    -------
    float
        The rate, per unit of ``x``.

    Raises
    ------
    ValueError
        If ``x`` is empty, holds a negative number or is 0 throughout.

    References
    ----------
    L. Wasserman, *All of Statistics* (2004), section 9.3.

    Examples
    --------
    >>> mle_exponential([1, 2, 3])
    0.5
    """
    waits = check_array(x, "x", ndim=1)
    if (waits < 0).any() or not waits.any():
        raise ValueError("x: expected waiting times of at least 0, not all of them 0")
    return float(1 / waits.mean())


def observed_information(loglik: Callable[[FloatArray], float], theta: ArrayLike) -> FloatArray:
    r"""Return minus the Hessian of the log-likelihood, by central differences.

    .. math:: J(\theta)_{jk} = -\frac{\partial^2 \ell(\theta)}{\partial\theta_j\,\partial\theta_k}

    Its mean over data sets drawn at :math:`\theta` is the Fisher information of the sample.

    Parameters
    ----------
    loglik : callable
        The log-likelihood: takes an array of shape (k,), returns one number.
    theta : array_like, shape (k,)
        Where to differentiate.

    Returns
    -------
    ndarray of float64, shape (k, k)
        The symmetric information matrix.

    Raises
    ------
    ValueError
        If ``theta`` isn't a finite vector or ``loglik`` isn't one finite number near it.

    References
    ----------
    L. Wasserman, *All of Statistics* (2004), section 9.7, on the Fisher information.

    Examples
    --------
    >>> J = observed_information(lambda p: 7 * np.log(p[0]) + 3 * np.log(1 - p[0]), [0.7])
    >>> round(float(J[0, 0]), 2), round(10 / (0.7 * 0.3), 2)
    (47.62, 47.62)
    """
    point = check_array(theta, "theta", ndim=1)
    widths = EPS**0.25 * np.maximum(1, np.abs(point))
    steps = np.diag(widths)

    def at(theta: FloatArray) -> FloatArray:
        return check_array(loglik(theta), "loglik", ndim=0)

    def rise(a: FloatArray, b: FloatArray) -> FloatArray:
        return at(point + a + b) + at(point - a - b) - at(point + a - b) - at(point - a + b)

    rises = np.array([[rise(a, b) for b in steps] for a in steps])
    information: FloatArray = -rises / (4 * np.outer(widths, widths))
    return information


def mle_numeric(loglik: Callable[[FloatArray], float], start: ArrayLike) -> Estimate:
    r"""Climb to a maximum of the log-likelihood, for families without a closed form (1.5-f5).

    Parameters may be any real numbers: give :math:`\log\sigma` in place of :math:`\sigma` and
    the logit in place of a probability. A maximum at the edge, such as :math:`p = 0`, then lies
    at infinity: the search stops far out, with a huge variance.

    Parameters
    ----------
    loglik : callable
        The log-likelihood: takes an array of shape (k,), returns one number.
    start : array_like, shape (k,)
        Where the search begins; if there are several maxima, it decides which one is found.

    Returns
    -------
    Estimate
        The parameters and their approximate covariance.

    Raises
    ------
    ValueError
        If ``start`` isn't a finite vector, or the search ends where the log-likelihood isn't
        curved downwards in each direction, as it is when parameters can't be told apart.

    References
    ----------
    J. Nocedal and S. J. Wright, *Numerical Optimization*, 2nd ed. (2006), section 7.2, on L-BFGS.

    Examples
    --------
    >>> found = mle_numeric(lambda t: 7 * t[0] - 10 * np.logaddexp(0, t[0]), [0.0])
    >>> round(float(1 / (1 + np.exp(-found.theta[0]))), 6)
    0.7
    """

    def loss(theta: FloatArray) -> float:
        return -loglik(theta)

    result = minimize(
        loss,
        check_array(start, "start", ndim=1),
        method="L-BFGS-B",
        jac="3-point",
        options={"ftol": 1e-14, "gtol": 1e-8, "maxiter": 10_000},
    )
    information = observed_information(loglik, result.x)
    curvatures = np.diag(information)
    if (curvatures <= 0).any() or _least_curved(information, curvatures) < FLAT:
        raise ValueError(f"loglik: expected a maximum curved in each direction at {result.x}")
    return Estimate(result.x, cho_solve(cho_factor(information), np.eye(len(result.x))))


def _least_curved(information: FloatArray, curvatures: FloatArray) -> float:
    """Return the smallest eigenvalue once each parameter is scaled to curvature 1."""
    return float(np.linalg.eigvalsh(information / np.sqrt(np.outer(curvatures, curvatures)))[0])
