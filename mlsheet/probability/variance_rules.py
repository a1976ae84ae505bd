"""1.12.6 Variance and Probability Rules: three ways to a variance, and the binomial law."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln, xlog1py, xlogy

from mlsheet.validation import FloatArray, check_array, check_between, check_count


def naive_variance(x: ArrayLike) -> float:
    r"""Return the mean square minus the squared mean (1.12-f8), as nobody should compute it.

    .. math:: \frac1n \sum_i x_i^2 - \Big(\frac1n \sum_i x_i\Big)^2

    Two large, nearly equal numbers are subtracted. If the values are far from 0 compared with
    their spread, no correct digit is left, and the result may be negative.

    Parameters
    ----------
    x : array_like, shape (n,)
        Values, all equally likely.

    Returns
    -------
    float
        The variance, with an error of about the squared mean times 1e-16.

    Raises
    ------
    ValueError
        If ``x`` is empty or a value isn't finite.

    References
    ----------
    N. J. Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd ed. (2002), section 1.9.

    Examples
    --------
    >>> naive_variance([1.0, 2.0, 6.0]), naive_variance([1e9, 1e9 + 1, 1e9 + 2])
    (4.666666666666666, 0.0)
    """
    values = check_array(x, "x", ndim=1)
    return float((values**2).mean() - values.mean() ** 2)


def two_pass_variance(x: ArrayLike) -> float:
    r"""Return the mean squared distance from the mean (1.12.6-s1): first the mean, then the rest.

    .. math:: \frac1n \sum_i (x_i - \bar x)^2

    Parameters
    ----------
    x : array_like, shape (n,)
        Values, all equally likely.

    Returns
    -------
    float
        The variance, never negative.

    Raises
    ------
    ValueError
        If ``x`` is empty or a value isn't finite.

    References
    ----------
    N. J. Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd ed. (2002), section 1.9.

    Examples
    --------
    >>> round(two_pass_variance([1e9, 1e9 + 1, 1e9 + 2]), 4)
    0.6667
    """
    values = check_array(x, "x", ndim=1)
    return float(((values - values.mean()) ** 2).mean())


def welford_variance(x: ArrayLike) -> float:
    r"""Return the variance in one pass that keeps no value (Welford's recursion).

    .. math:: m_i = m_{i-1} + \frac{x_i - m_{i-1}}{i}, \quad
        s_i = s_{i-1} + (x_i - m_{i-1})(x_i - m_i), \quad \text{variance} = \frac{s_n}{n}

    Parameters
    ----------
    x : array_like, shape (n,)
        Values, all equally likely.

    Returns
    -------
    float
        The variance, never negative.

    Raises
    ------
    ValueError
        If ``x`` is empty or a value isn't finite.

    References
    ----------
    B. P. Welford, "Note on a method for calculating corrected sums of squares and products",
    Technometrics 4 (1962).

    Examples
    --------
    >>> round(welford_variance([1e9, 1e9 + 1, 1e9 + 2]), 4)
    0.6667
    """
    mean = squares = 0.0
    values = check_array(x, "x", ndim=1).tolist()
    for i, value in enumerate(values, start=1):
        before = value - mean
        mean += before / i
        squares += before * (value - mean)
    return squares / len(values)


def binomial_log_pmf(k: ArrayLike, n: int, p: float) -> FloatArray:
    r"""Return the logarithm of the probability of k successes in n independent trials (1.12-f10).

    .. math:: \log P(X = k) = \log \binom nk + k \log p + (n - k) \log(1 - p)

    Parameters
    ----------
    k : array_like
        Numbers of successes: whole numbers.
    n : int
        Number of trials, at least 1.
    p : float
        Probability of success in each trial, from 0 to 1.

    Returns
    -------
    ndarray of float64
        Log-probabilities of the shape of ``k``; -inf where ``k`` isn't from 0 to ``n``.

    Raises
    ------
    ValueError
        If ``k`` isn't whole, ``n`` is below 1 or ``p`` isn't from 0 to 1.

    References
    ----------
    J. K. Blitzstein and J. Hwang, *Introduction to Probability*, 2nd ed. (2019), chapter 3.

    Examples
    --------
    >>> np.exp(binomial_log_pmf([0, 1, 2], 2, 0.5)).round(6)
    array([0.25, 0.5 , 0.25])
    """
    count = check_array(k, "k")
    if (count % 1 != 0).any():
        raise ValueError(f"k: expected whole numbers, got {count}")
    check_count(n, "n")
    check_between(p, "p", 0, 1)
    possible = (count >= 0) & (count <= n)
    inside = np.where(possible, count, 0)
    log_choose = gammaln(n + 1) - gammaln(inside + 1) - gammaln(n - inside + 1)
    log_pmf = log_choose + xlogy(inside, p) + xlog1py(n - inside, -p)
    return np.where(possible, log_pmf, -np.inf)
