r"""Maximum a posteriori: the most probable parameter, given the data and a prior.

.. math:: \theta_\text{MAP} = \arg\max_\theta P(\theta \mid D)
    = \arg\max_\theta P(D \mid \theta)\,P(\theta) \quad (1.6\text{-}f1)
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.integrate import cumulative_trapezoid

from mlsheet.probability.maximum_likelihood import Estimate, mle_numeric
from mlsheet.validation import (
    FloatArray,
    check_array,
    check_between,
    check_count,
    check_positive,
)


class PosteriorSummary(NamedTuple):
    """What one may report of a posterior of one parameter.

    Parameters
    ----------
    mode : float
        Where the density is highest: the MAP estimate.
    mean : float
        The estimate of least expected squared error.
    median : float
        The estimate of least expected absolute error.
    low, high : float
        The ends of the shortest interval that holds the mass asked for.
    """

    mode: float
    mean: float
    median: float
    low: float
    high: float


def map_beta_bernoulli(s: int, n: int, a: float, b: float) -> float:
    r"""Return the mode of the posterior of a coin under a Beta prior (1.6-a2).

    .. math:: p_\text{MAP} = \frac{a + s - 1}{a + b + n - 2}

    The posterior is Beta(a + s, b + n − s). Where just one of its parameters is at most 1,
    the mode lies at an edge, 0 or 1.

    Parameters
    ----------
    s : int
        Number of heads.
    n : int
        Number of flips.
    a, b : float
        Parameters of the Beta prior, above 0.

    Returns
    -------
    float
        The most probable probability of heads, from 0 to 1.

    Raises
    ------
    ValueError
        If the counts are negative or s > n, if a or b isn't above 0, or if neither parameter of
        the posterior exceeds 1: such a density is flat or grows without bound at an edge.

    References
    ----------
    K. P. Murphy, *Probabilistic Machine Learning: An Introduction* (2022), section 4.6, on the
    beta-binomial model.

    Examples
    --------
    >>> round(map_beta_bernoulli(7, 10, 2, 2), 4)
    0.6667
    """
    check_count(n, "n", minimum=0)
    check_count(s, "s", minimum=0, maximum=n)
    heads = max(check_between(a, "a", 0, strict=True) + s - 1, 0.0)
    tails = max(check_between(b, "b", 0, strict=True) + n - s - 1, 0.0)
    if heads + tails == 0:
        raise ValueError(
            f"a, b: expected a posterior with a number above 1, got Beta({a + s}, {b + n - s})"
        )
    return heads / (heads + tails)


def map_numeric(
    logprior: Callable[[FloatArray], float],
    loglik: Callable[[FloatArray], float],
    start: ArrayLike,
) -> Estimate:
    r"""Climb to a maximum of the log posterior, which is the MLE of a penalised fit (1.6-a1).

    .. math:: \theta_\text{MAP} = \arg\max_\theta\; \ell(\theta) + \log P(\theta)

    Parameters
    ----------
    logprior : callable
        The log density of the prior up to a constant; takes an array of shape (k,).
    loglik : callable
        The log-likelihood; takes an array of shape (k,).
    start : array_like, shape (k,)
        Where the search begins; if there are several peaks, it decides which one is found.

    Returns
    -------
    Estimate
        The peak, and the inverse of the curvature there: the covariance of the normal
        distribution that fits the posterior at its peak (Laplace's approximation).

    Raises
    ------
    ValueError
        If ``start`` isn't a finite vector or the search ends at no peak.

    References
    ----------
    K. P. Murphy, *Probabilistic Machine Learning: An Introduction* (2022), section 4.5.

    Examples
    --------
    >>> found = map_numeric(lambda w: -float(w @ w) / 2, lambda w: -((3 - w[0]) ** 2) / 2, [0])
    >>> found.theta.round(6), found.covariance.round(4)
    (array([1.5]), array([[0.5]]))
    """
    return mle_numeric(lambda theta: logprior(theta) + loglik(theta), start)


def ridge_map(X: ArrayLike, y: ArrayLike, sigma: float, tau: float) -> FloatArray:
    r"""Return the MAP weights of linear regression under a normal prior: ridge (1.6-s1).

    .. math:: w_\text{MAP} = \arg\min_w \|y - X w\|^2 + \frac{\sigma^2}{\tau^2} \|w\|^2

    The prior acts like d more observations: one row :math:`(\sigma/\tau) e_j` with target 0 for
    each weight. Least squares on all rows never forms :math:`X^\top X`, which would square the
    condition number.

    Parameters
    ----------
    X : array_like, shape (n, d)
        Inputs, one observation a row. There is no intercept: center X and y.
    y : array_like, shape (n,)
        Targets.
    sigma : float
        Standard deviation of the noise, above 0, in the unit of y.
    tau : float
        Standard deviation of each weight under the prior, above 0.

    Returns
    -------
    ndarray of float64, shape (d,)
        The most probable weights, which are also the posterior's mean.

    Raises
    ------
    ValueError
        If X and y don't fit, a number isn't finite, or sigma or tau isn't above 0.

    References
    ----------
    K. P. Murphy, *Probabilistic Machine Learning: An Introduction* (2022), section 11.3.

    Examples
    --------
    >>> ridge_map([[1.0], [1.0]], [3.0, 3.0], sigma=1, tau=1).round(6)
    array([2.])
    """
    inputs, targets = check_array(X, "X", ndim=2), check_array(y, "y", ndim=1)
    if len(inputs) != len(targets):
        raise ValueError(f"y: expected {len(inputs)} numbers as X has rows, got {len(targets)}")
    d = inputs.shape[1]
    prior_rows = check_positive(sigma, "sigma") / check_positive(tau, "tau") * np.eye(d)
    rows, goals = np.vstack([inputs, prior_rows]), np.concatenate([targets, np.zeros(d)])
    weights: FloatArray = np.linalg.lstsq(rows, goals)[0]
    return weights


def posterior_summary(
    grid: ArrayLike, density: ArrayLike, *, mass: float = 0.95
) -> PosteriorSummary:
    r"""Summarise a posterior of one parameter that is known on a grid.

    Parameters
    ----------
    grid : array_like, shape (m,)
        Increasing values of the parameter, two at least.
    density : array_like, shape (m,)
        The posterior's density there, up to a constant factor.
    mass : float
        The probability that the interval is to hold, between 0 and 1.

    Returns
    -------
    PosteriorSummary
        Mode, mean, median and the shortest interval, each as exact as the grid is fine.

    Raises
    ------
    ValueError
        If the grid doesn't increase, the density has another shape, is negative somewhere or 0
        throughout, or ``mass`` isn't strictly between 0 and 1.

    References
    ----------
    A. Gelman et al., *Bayesian Data Analysis*, 3rd ed. (2013), section 2.3, on summaries.

    Examples
    --------
    >>> p = np.linspace(0, 1, 1001)
    >>> found = posterior_summary(p, p**8 * (1 - p) ** 4)
    >>> round(found.mode, 3), round(found.mean, 3), round(found.median, 3)
    (0.667, 0.643, 0.65)
    """
    x, heights = check_array(grid, "grid", ndim=1), check_array(density, "density", ndim=1)
    if len(x) < 2 or (np.diff(x) <= 0).any():
        raise ValueError("grid: expected two increasing numbers at least")
    if heights.shape != x.shape or (heights < 0).any() or not heights.any():
        raise ValueError(f"density: expected {len(x)} numbers >= 0, not all of them 0")
    check_between(mass, "mass", 0, 1, strict=True)
    heights = heights / heights.max()
    area = np.trapezoid(heights, x)
    cdf = cumulative_trapezoid(heights, x, initial=0) / area
    starts = np.interp(np.linspace(0, 1 - mass, len(x)), cdf, x)
    ends = np.interp(np.linspace(mass, 1, len(x)), cdf, x)
    shortest = (ends - starts).argmin()
    return PosteriorSummary(
        mode=float(x[heights.argmax()]),
        mean=float(np.trapezoid(x * heights, x) / area),
        median=float(np.interp(0.5, cdf, x)),
        low=float(starts[shortest]),
        high=float(ends[shortest]),
    )
