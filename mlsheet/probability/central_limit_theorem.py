"""1.15 Central Limit Theorem: standardised sums and how far they are from normal."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from mlsheet.probability.variance_rules import binomial_log_pmf
from mlsheet.validation import (
    FloatArray,
    as_generator,
    check_array,
    check_between,
    check_count,
    check_positive,
    check_probabilities,
)

BERRY_ESSEEN_CONSTANT = 0.4748
CHUNK = 2_000_000


def standardized_sum(
    sample: Callable[[np.random.Generator, tuple[int, int]], FloatArray],
    *,
    mean: float,
    std: float,
    n: int,
    n_sums: int,
    rng: np.random.Generator | int,
) -> FloatArray:
    r"""Draw sums of ``n`` independent values and standardise each (1.15-f1).

    .. math:: Z_n = \frac{\sum_{i=1}^n X_i - n \mu}{\sqrt{n \sigma^2}}

    Parameters
    ----------
    sample : callable
        ``sample(generator, shape)`` draws an array of that shape from the law of one value.
    mean : float
        The law's mean :math:`\mu`.
    std : float
        The law's standard deviation :math:`\sigma`, above 0.
    n : int
        How many values each sum has.
    n_sums : int
        How many sums to draw.
    rng : numpy.random.Generator or int
        Generator or seed.

    Returns
    -------
    ndarray of float64, shape (n_sums,)
        Standardised sums, without unit.

    Raises
    ------
    ValueError
        If a count is below 1, ``std`` isn't above 0, or ``sample`` returns another shape.

    References
    ----------
    G. Casella and R. L. Berger, *Statistical Inference*, 2nd ed. (2002), section 5.5.

    Examples
    --------
    >>> z = standardized_sum(
    ...     lambda g, shape: g.exponential(size=shape), mean=1, std=1, n=30, n_sums=1000, rng=0
    ... )
    >>> z.shape, bool(abs(z.mean()) < 0.1)
    ((1000,), True)
    """
    generator = as_generator(rng)
    check_positive(std, "std")
    check_count(n, "n")
    check_count(n_sums, "n_sums")
    rows = max(1, CHUNK // n)  # the values of one chunk fit in memory, however many sums there are
    sums = []
    for start in range(0, n_sums, rows):
        shape = (min(rows, n_sums - start), n)
        values = sample(generator, shape)
        if np.shape(values) != shape:
            raise ValueError(f"sample: expected an array of shape {shape}, got {np.shape(values)}")
        sums.append(values.sum(axis=1))
    standardized: FloatArray = (np.concatenate(sums) - n * mean) / (std * np.sqrt(n))
    return standardized


def kolmogorov_distance_to_normal(
    values: ArrayLike, probabilities: ArrayLike | None = None
) -> float:
    r"""Largest gap between a step-shaped distribution function and the standard normal one.

    .. math:: \sup_z |F(z) - \Phi(z)|

    The supremum over a jump is attained at its foot or at its head, so both are looked at.

    Parameters
    ----------
    values : array_like, shape (m,)
        Where the distribution function jumps: a sample, or the support of a discrete law.
    probabilities : array_like, shape (m,), optional
        The height of each jump; ``1 / m`` each by default (the empirical distribution).

    Returns
    -------
    float
        The Kolmogorov distance, from 0 to 1.

    Raises
    ------
    ValueError
        If a value isn't finite, or the probabilities don't fit the values or don't sum to 1.

    References
    ----------
    L. Wasserman, *All of Statistics* (2004), chapter 7, on the empirical distribution function.

    Examples
    --------
    >>> kolmogorov_distance_to_normal([0.0])
    0.5
    """
    points = check_array(values, "values", ndim=1)
    if probabilities is None:
        heights = np.full(len(points), 1 / len(points))
    else:
        heights = check_probabilities(probabilities, "probabilities")
    if heights.shape != points.shape:
        raise ValueError(f"probabilities: expected shape {points.shape}, got {heights.shape}")
    order = np.argsort(points, kind="stable")
    head = np.cumsum(heights[order])
    foot = np.concatenate([[0.0], head[:-1]])
    normal = ndtr(points[order])
    return float(np.maximum(np.abs(head - normal), np.abs(foot - normal)).max())


def standardized_binomial(n: int, p: float) -> tuple[FloatArray, FloatArray]:
    r"""Return the exact law of the standardised sum of ``n`` Bernoulli(``p``) values.

    .. math:: P\!\left(Z_n = \frac{k - np}{\sqrt{np(1-p)}}\right) = \binom{n}{k} p^k (1-p)^{n-k}

    Parameters
    ----------
    n : int
        How many values the sum has.
    p : float
        Probability of a 1, strictly between 0 and 1.

    Returns
    -------
    values : ndarray of float64, shape (n + 1,)
        The standardised sum for k = 0, …, n ones.
    probabilities : ndarray of float64, shape (n + 1,)
        The probability of each.

    Raises
    ------
    ValueError
        If ``n`` is below 1 or ``p`` isn't strictly between 0 and 1.

    References
    ----------
    G. Casella and R. L. Berger, *Statistical Inference*, 2nd ed. (2002), section 3.2.

    Examples
    --------
    >>> values, probabilities = standardized_binomial(2, 0.5)
    >>> probabilities.round(2)
    array([0.25, 0.5 , 0.25])
    """
    check_count(n, "n")
    check_between(p, "p", 0, 1, strict=True)
    k = np.arange(n + 1.0)
    return (k - n * p) / np.sqrt(n * p * (1 - p)), np.exp(binomial_log_pmf(k, n, p))


def berry_esseen_bound(third_absolute_moment: float, std: float, n: int) -> float:
    r"""Upper bound of the Kolmogorov distance between :math:`Z_n` and a standard normal.

    .. math:: \sup_z |F_{Z_n}(z) - \Phi(z)| \le \frac{0.4748\,\rho}{\sigma^3 \sqrt n},
        \quad \rho = E|X - \mu|^3

    Parameters
    ----------
    third_absolute_moment : float
        The third absolute central moment :math:`\rho` of one value, above 0.
    std : float
        Its standard deviation :math:`\sigma`, above 0.
    n : int
        How many values the sum has.

    Returns
    -------
    float
        The bound; above 1 it says nothing.

    Raises
    ------
    ValueError
        If a moment isn't above 0 or ``n`` is below 1.

    References
    ----------
    I. Shevtsova, "On the absolute constants in the Berry-Esseen type inequalities for identically
    distributed summands", arXiv:1111.6554 (2011).

    Examples
    --------
    >>> round(berry_esseen_bound(third_absolute_moment=1.0, std=1.0, n=100), 5)
    0.04748
    """
    check_positive(third_absolute_moment, "third_absolute_moment")
    check_positive(std, "std")
    check_count(n, "n")
    return float(BERRY_ESSEEN_CONSTANT * third_absolute_moment / (std**3 * np.sqrt(n)))
