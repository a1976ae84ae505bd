r"""1.18 Independent and identically distributed draws, and draws that are not independent.

.. math:: p(x_1, \dots, x_n) = \prod_{i=1}^n p(x_i) \quad (1.18\text{-}f1)
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.fft import irfft, next_fast_len, rfft
from scipy.signal import lfilter

from mlsheet.validation import (
    FloatArray,
    as_generator,
    check_array,
    check_between,
    check_count,
)


def equicorrelated_normal(
    n: int, rho: float, n_samples: int, *, rng: np.random.Generator | int
) -> FloatArray:
    r"""Draw samples of standard normals of which every two have the same correlation.

    .. math:: X_i = \sqrt\rho\, Z_0 + \sqrt{1-\rho}\, Z_i

    Parameters
    ----------
    n : int
        Values in a sample.
    rho : float
        The correlation :math:`\rho`, from 0 to 1.
    n_samples : int
        How many samples to draw, each with a shared :math:`Z_0` of its own.
    rng : numpy.random.Generator or int
        Generator or seed.

    Returns
    -------
    ndarray of float64, shape (n_samples, n)
        One sample a row.

    Raises
    ------
    ValueError
        If a count is below 1 or ``rho`` isn't from 0 to 1.

    References
    ----------
    G. Casella and R. L. Berger, *Statistical Inference*, 2nd ed. (2002), section 4.5.

    Examples
    --------
    >>> equicorrelated_normal(3, 1.0, 1, rng=0).round(3).tolist()
    [[0.126, 0.126, 0.126]]
    """
    generator, shape = as_generator(rng), (check_count(n_samples, "n_samples"), check_count(n, "n"))
    check_between(rho, "rho", 0, 1)
    shared = generator.standard_normal((n_samples, 1))
    own = generator.standard_normal(shape)
    draws: FloatArray = np.sqrt(rho) * shared + np.sqrt(1 - rho) * own
    return draws


def ar1(n: int, phi: float, n_samples: int, *, rng: np.random.Generator | int) -> FloatArray:
    r"""Draw stationary series in which each value remembers a part of the one before it.

    .. math:: X_1 = Z_1, \quad X_t = \varphi X_{t-1} + \sqrt{1 - \varphi^2}\, Z_t

    Every :math:`X_t` is a standard normal, and :math:`k` steps apart they have correlation
    :math:`\varphi^k`.

    Parameters
    ----------
    n : int
        Length of a series.
    phi : float
        Correlation :math:`\varphi` of neighbours, strictly between -1 and 1.
    n_samples : int
        How many series to draw.
    rng : numpy.random.Generator or int
        Generator or seed.

    Returns
    -------
    ndarray of float64, shape (n_samples, n)
        One series a row.

    Raises
    ------
    ValueError
        If a count is below 1 or ``phi`` isn't strictly between -1 and 1.

    References
    ----------
    P. J. Brockwell and R. A. Davis, *Time Series: Theory and Methods*, 2nd ed. (1991), chapter 3.

    Examples
    --------
    >>> ar1(5, 0.9, 2, rng=0).shape
    (2, 5)
    """
    generator, shape = as_generator(rng), (check_count(n_samples, "n_samples"), check_count(n, "n"))
    check_between(phi, "phi", -1, 1, strict=True)
    noise = generator.standard_normal(shape)
    noise[:, 1:] *= np.sqrt(1 - phi**2)
    series: FloatArray = lfilter([1.0], [1.0, -phi], noise, axis=1)
    return series


def autocorrelation(x: ArrayLike) -> FloatArray:
    r"""Estimate the correlation of a series with itself, 0, 1, …, n - 1 steps later.

    .. math:: \hat\rho_k = \frac{\sum_{t=1}^{n-k} (x_t - \bar x)(x_{t+k} - \bar x)}
        {\sum_{t=1}^n (x_t - \bar x)^2}

    All sums of products at once are a convolution, hence the fast Fourier transform.

    Parameters
    ----------
    x : array_like, shape (n,)
        A series.

    Returns
    -------
    ndarray of float64, shape (n,)
        The estimates, the first of them 1.

    Raises
    ------
    ValueError
        If ``x`` isn't a series of finite numbers or all of them are equal.

    References
    ----------
    P. J. Brockwell and R. A. Davis, *Time Series: Theory and Methods*, 2nd ed. (1991), chapter 7.

    Examples
    --------
    >>> autocorrelation([1, -1, 1, -1]).round(2).tolist()
    [1.0, -0.75, 0.5, -0.25]
    """
    values = check_array(x, "x", ndim=1)
    n = len(values)
    if np.ptp(values) == 0:
        raise ValueError("x: expected numbers that differ, got a constant")
    centred = values - values.mean()
    centred /= np.abs(centred).max()  # no square is too large or too small
    size = next_fast_len(2 * n)  # zeros at the end, so that nothing wraps around
    products = irfft(np.abs(rfft(centred, size)) ** 2, size)[:n]
    correlations: FloatArray = products / products[0]
    return correlations


def effective_sample_size(x: ArrayLike) -> float:
    r"""Estimate how many independent draws are worth as much as this series (1.18-a2).

    .. math:: n_{\text{eff}} = \frac{n}{1 + 2\sum_{k \ge 1} \rho_k}

    The estimated correlations are summed in pairs for as long as a pair is positive: beyond that
    they are noise.

    Parameters
    ----------
    x : array_like, shape (n,)
        A stationary series.

    Returns
    -------
    float
        The estimate; where neighbours are negatively correlated it may exceed n, never n².

    Raises
    ------
    ValueError
        If ``x`` isn't a series of finite numbers or all of them are equal.

    References
    ----------
    C. J. Geyer, "Practical Markov Chain Monte Carlo", Statistical Science 7 (1992), section 3.3.

    Examples
    --------
    >>> round(effective_sample_size([1, 2, 3, 4]), 3)
    2.667
    """
    correlations = autocorrelation(x)
    n = len(correlations)
    pairs = correlations[: n - n % 2].reshape(-1, 2).sum(axis=1)
    positive = np.logical_and.accumulate(pairs > 0)
    return float(n / max(2 * pairs[positive].sum() - 1, 1 / n))


def permutation_test_independence(
    x: ArrayLike, y: ArrayLike, n_permutations: int, *, rng: np.random.Generator | int
) -> float:
    r"""Compute a p-value for the independence of ``x`` and ``y`` by shuffling ``y``.

    .. math:: p = \frac{1 + \#\{|r_{\text{shuffled}}| \ge |r|\}}{1 + \text{shuffles}}

    The pairs must be independent of each other: two series that both remember look related.

    Parameters
    ----------
    x, y : array_like, shape (n,)
        Independent pairs; if x and y are independent, too, every order of ``y`` is as probable.
    n_permutations : int
        How many shuffles.
    rng : numpy.random.Generator or int
        Generator or seed.

    Returns
    -------
    float
        The p-value; small where the correlation r is larger than shuffles explain.

    Raises
    ------
    ValueError
        If the lengths differ, a number isn't finite, one of the two is constant or there is no
        shuffle.

    References
    ----------
    L. Wasserman, *All of Statistics* (2004), section 10.5.

    Examples
    --------
    >>> permutation_test_independence(range(20), range(20), 99, rng=0)
    0.01
    """
    generator = as_generator(rng)
    check_count(n_permutations, "n_permutations")
    first, second = check_array(x, "x", ndim=1), check_array(y, "y", ndim=1)
    if first.shape != second.shape:
        raise ValueError(f"y: expected {len(first)} numbers as x has, got {len(second)}")
    for values, name in [(first, "x"), (second, "y")]:
        if np.ptp(values) == 0:
            raise ValueError(f"{name}: expected numbers that differ, got a constant")
    first, second = first - first.mean(), second - second.mean()
    shuffled = generator.permuted(np.tile(second, (n_permutations, 1)), axis=1)
    products = np.vstack([second, shuffled]) @ first  # r, but for its scale
    extreme = np.abs(products[1:]) >= np.abs(products[0]) * (1 - 1e-12)  # equal up to rounding
    return float((1 + extreme.sum()) / (1 + n_permutations))
