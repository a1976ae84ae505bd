"""1.13 Frequentist vs Bayesian Approaches: intervals for a proportion, and how often they cover."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaincinv, gammaln, ndtri, xlog1py, xlogy

from mlsheet.validation import FloatArray, check_array, check_between, check_count, check_positive

Interval: TypeAlias = Callable[[ArrayLike, int, float], tuple[FloatArray, FloatArray]]
"""``interval(s, n, level)`` returns the lower and the upper ends."""


def wald_interval(s: ArrayLike, n: int, level: float = 0.95) -> tuple[FloatArray, FloatArray]:
    r"""Confidence interval from the normal approximation at the *estimated* proportion.

    .. math:: \hat p \pm z \sqrt{\hat p (1 - \hat p) / n}, \quad \hat p = s / n

    Parameters
    ----------
    s : array_like
        Number of successes, of any shape.
    n : int
        Number of trials.
    level : float
        The coverage it aims at, strictly between 0 and 1.

    Returns
    -------
    low : ndarray of float64, of the shape of ``s``
        The lower end, 0 at least.
    high : ndarray of float64, of the shape of ``s``
        The upper end, 1 at most.

    Raises
    ------
    ValueError
        If a count isn't from 0 to ``n`` or ``level`` isn't strictly between 0 and 1.

    References
    ----------
    L. D. Brown, T. T. Cai and A. DasGupta, "Interval estimation for a binomial proportion",
    Statistical Science 16 (2001).

    Examples
    --------
    >>> [float(end.round(3)) for end in wald_interval(10, 20)]
    [0.281, 0.719]
    """
    successes, z = _check_counts(s, n, level)
    share = successes / n
    half = z * np.sqrt(share * (1 - share) / n)
    return np.maximum(share - half, 0.0), np.minimum(share + half, 1.0)


def wilson_interval(s: ArrayLike, n: int, level: float = 0.95) -> tuple[FloatArray, FloatArray]:
    r"""Confidence interval of all proportions that a z-test wouldn't reject.

    .. math:: \Big\{p : |\hat p - p| \le z \sqrt{p (1 - p) / n}\Big\}
        = \frac{\hat p + \frac{z^2}{2n} \pm z \sqrt{\frac{\hat p (1 - \hat p)}{n}
        + \frac{z^2}{4 n^2}}}{1 + z^2 / n}

    Parameters
    ----------
    s : array_like
        Number of successes, of any shape.
    n : int
        Number of trials.
    level : float
        The coverage it aims at, strictly between 0 and 1.

    Returns
    -------
    low : ndarray of float64, of the shape of ``s``
        The lower end, 0 at least.
    high : ndarray of float64, of the shape of ``s``
        The upper end, 1 at most.

    Raises
    ------
    ValueError
        If a count isn't from 0 to ``n`` or ``level`` isn't strictly between 0 and 1.

    References
    ----------
    L. D. Brown, T. T. Cai and A. DasGupta, "Interval estimation for a binomial proportion",
    Statistical Science 16 (2001).

    Examples
    --------
    >>> [float(end.round(3)) for end in wilson_interval(10, 20)]
    [0.299, 0.701]
    """
    successes, z = _check_counts(s, n, level)
    share = successes / n
    half = z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    # Either root is the squared share over the other one: exactly 0 and 1 at the ends.
    low, above = (q**2 / (q + z**2 / (2 * n) + half) for q in (share, 1 - share))
    return low, 1 - above


def credible_interval(
    s: ArrayLike, n: int, level: float = 0.95, *, a: float = 1.0, b: float = 1.0
) -> tuple[FloatArray, FloatArray]:
    r"""Central interval of the posterior Beta(a + s, b + n - s) (1.13-f2).

    It leaves the same posterior probability, half of 1 - level, on either side.

    Parameters
    ----------
    s : array_like
        Number of successes, of any shape.
    n : int
        Number of trials.
    level : float
        The posterior probability inside, strictly between 0 and 1.
    a, b : float
        The Beta prior's numbers, above 0; 1 and 1 are the flat prior.

    Returns
    -------
    low : ndarray of float64, of the shape of ``s``
        The lower end.
    high : ndarray of float64, of the shape of ``s``
        The upper end.

    Raises
    ------
    ValueError
        If a count isn't from 0 to ``n``, ``level`` isn't strictly between 0 and 1 or ``a`` or
        ``b`` isn't above 0.

    References
    ----------
    A. Gelman et al., *Bayesian Data Analysis*, 3rd ed. (2013), section 2.3.

    Examples
    --------
    >>> [float(end.round(3)) for end in credible_interval(10, 20)]
    [0.298, 0.702]
    """
    successes, _ = _check_counts(s, n, level)
    check_positive([a, b], "a, b")
    after = a + successes, b + n - successes
    tail = (1 - level) / 2
    low, high = (np.asarray(betaincinv(*after, q), np.float64) for q in (tail, 1 - tail))
    return low, high


def coverage(interval: Interval, p: ArrayLike, n: int, level: float = 0.95) -> FloatArray:
    r"""Exact probability that an interval will contain the true proportion (1.13-a1).

    .. math:: C(p) = \sum_{s=0}^n \binom ns p^s (1-p)^{n-s} \, [\, l(s) \le p \le u(s) \,]

    Parameters
    ----------
    interval : callable
        ``interval(s, n, level)`` returns the lower and the upper ends for an array of counts.
    p : array_like
        True proportions, from 0 to 1, of any shape.
    n : int
        Number of trials.
    level : float
        Passed on to ``interval``.

    Returns
    -------
    ndarray of float64, of the shape of ``p``
        The coverage at each true proportion.

    Raises
    ------
    ValueError
        If a proportion isn't from 0 to 1, ``n`` is below 1 or ``level`` isn't strictly between
        0 and 1.

    References
    ----------
    L. D. Brown, T. T. Cai and A. DasGupta, "Interval estimation for a binomial proportion",
    Statistical Science 16 (2001).

    Examples
    --------
    >>> coverage(wald_interval, [0.05, 0.5], n=20).round(3).tolist()
    [0.639, 0.959]
    """
    truth = check_array(p, "p")[..., None]
    if (truth < 0).any() or (truth > 1).any():
        raise ValueError("p: expected proportions from 0 to 1")
    s = np.arange(check_count(n, "n") + 1.0)
    low, high = interval(s, n, level)
    log_choose = gammaln(n + 1) - gammaln(s + 1) - gammaln(n - s + 1)
    pmf = np.exp(log_choose + xlogy(s, truth) + xlog1py(n - s, -truth))
    covered: FloatArray = (pmf * ((low <= truth) & (truth <= high))).sum(axis=-1)
    return covered


def _check_counts(s: ArrayLike, n: int, level: float) -> tuple[FloatArray, float]:
    """Return the counts as an array, and the normal quantile of the level."""
    successes = check_array(s, "s")
    check_count(n, "n")
    if (successes < 0).any() or (successes > n).any() or (successes % 1 != 0).any():
        raise ValueError(f"s: expected whole numbers from 0 to {n}")
    check_between(level, "level", 0, 1, strict=True)
    return successes, float(ndtri((1 + level) / 2))
