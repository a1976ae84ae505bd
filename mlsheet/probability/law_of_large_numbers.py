r"""1.17 Law of Large Numbers: running means, and how likely they are to be far off.

.. math:: \bar X_n = \frac1n \sum_{i=1}^n X_i \to E[X] \quad (1.17\text{-}f1)
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from mlsheet.validation import (
    FloatArray,
    as_generator,
    check_array,
    check_between,
    check_count,
)


def running_mean(x: ArrayLike) -> FloatArray:
    r"""Average the first 1, 2, …, n values of each sequence.

    .. math:: \bar x_k = x_1 + \frac1k \sum_{i=1}^k (x_i - x_1)

    The first value is taken off before summing, so that a large common offset costs no digits.

    Parameters
    ----------
    x : array_like, shape (..., n)
        Sequences along the last axis.

    Returns
    -------
    ndarray of float64, shape (..., n)
        The running means, in the unit of ``x``.

    Raises
    ------
    ValueError
        If ``x`` is a single number, is empty or holds a non-finite number.

    References
    ----------
    L. Wasserman, *All of Statistics* (2004), chapter 5.

    Examples
    --------
    >>> running_mean([1, 3, 2, 6]).tolist()
    [1.0, 2.0, 2.0, 3.0]
    """
    values = check_array(x, "x")
    if values.ndim == 0:
        raise ValueError("x: expected a sequence, got a single number")
    first, counts = values[..., :1], np.arange(1, values.shape[-1] + 1)
    means: FloatArray = first + np.cumsum(values - first, axis=-1) / counts
    return means


def chebyshev_bound(n: int, eps: float, var: float) -> float:
    r"""Bound the probability that a mean of ``n`` values is ``eps`` or more off (1.17-a1).

    .. math:: P(|\bar X_n - \mu| \ge \varepsilon) \le \frac{\sigma^2}{n \varepsilon^2}

    Parameters
    ----------
    n : int
        How many independent values the mean has.
    eps : float
        The error :math:`\varepsilon`, above 0.
    var : float
        Variance of one value, above 0.

    Returns
    -------
    float
        The bound, at most 1.

    Raises
    ------
    ValueError
        If ``n`` is below 1 or another number isn't above 0.

    References
    ----------
    L. Wasserman, *All of Statistics* (2004), section 4.1.

    Examples
    --------
    >>> round(chebyshev_bound(2000, eps=0.1, var=1), 6)
    0.05
    """
    check_count(n, "n")
    check_between(eps, "eps", 0, strict=True)
    check_between(var, "var", 0, strict=True)
    return min(1.0, var / n / eps / eps)


def hoeffding_bound(n: int, eps: float, *, low: float = 0.0, high: float = 1.0) -> float:
    r"""Bound the same probability for values from ``low`` to ``high`` (1.17-a2).

    .. math:: P(|\bar X_n - \mu| \ge \varepsilon)
        \le 2 \exp\Big(-\frac{2 n \varepsilon^2}{(b - a)^2}\Big)

    Parameters
    ----------
    n : int
        How many independent values the mean has.
    eps : float
        The error :math:`\varepsilon`, above 0.
    low, high : float
        The smallest and the largest possible value, a and b.

    Returns
    -------
    float
        The bound, at most 1.

    Raises
    ------
    ValueError
        If ``n`` is below 1, ``eps`` isn't above 0 or ``high`` isn't above ``low``.

    References
    ----------
    W. Hoeffding, "Probability inequalities for sums of bounded random variables", Journal of the
    American Statistical Association 58 (1963), theorem 2.

    Examples
    --------
    >>> round(hoeffding_bound(18445, eps=0.01), 4)
    0.05
    """
    check_count(n, "n")
    check_between(eps, "eps", 0, strict=True)
    share = eps / check_between(high - low, "high - low", 0, strict=True)
    return min(1.0, 2 * float(np.exp(-2 * n * share * share)))


def monte_carlo_mean(
    sample: Callable[[np.random.Generator, int], FloatArray],
    n: int,
    *,
    rng: np.random.Generator | int,
) -> tuple[float, float]:
    r"""Estimate a mean by the average of ``n`` draws, with its standard error.

    .. math:: \bar x \pm \frac{s}{\sqrt n}, \quad s^2 = \frac1{n-1} \sum_i (x_i - \bar x)^2

    Parameters
    ----------
    sample : callable
        ``sample(generator, n)`` draws n independent values.
    n : int
        How many values, 2 at least.
    rng : numpy.random.Generator or int
        Generator or seed.

    Returns
    -------
    mean : float
        The average.
    error : float
        Its standard error, which means something only if the variance is finite.

    Raises
    ------
    ValueError
        If ``n`` is below 2, or ``sample`` returns another shape or a non-finite number.

    References
    ----------
    L. Wasserman, *All of Statistics* (2004), section 24.2.

    Examples
    --------
    >>> mean, error = monte_carlo_mean(lambda g, n: g.random(n), 10_000, rng=0)
    >>> abs(mean - 0.5) < 4 * error
    True
    """
    check_count(n, "n", minimum=2)
    values = check_array(sample(as_generator(rng), n), "sample", ndim=1)
    if len(values) != n:
        raise ValueError(f"sample: expected {n} values, got {len(values)}")
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(n))
