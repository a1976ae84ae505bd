"""1.7 Kernel Density Estimation (KDE): an average of bumps, and how wide a bump should be."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import logsumexp

from mlsheet.validation import FloatArray, check_array, check_between, check_count, check_positive

KERNELS: dict[str, Callable[[FloatArray], FloatArray]] = {
    "gaussian": lambda u: np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi),
    "epanechnikov": lambda u: 0.75 * np.maximum(1 - u**2, 0),
    "triangular": lambda u: np.maximum(1 - np.abs(u), 0),
    "uniform": lambda u: np.where(np.abs(u) <= 1, 0.5, 0.0),
}
"""Each kernel K(u): symmetric, never negative, with an area of 1 (1.7-f2)."""


def kde(x: ArrayLike, grid: ArrayLike, h: float, kernel: str = "gaussian") -> FloatArray:
    r"""Kernel density estimate: the average of a bump at each data point (1.7-f1).

    .. math:: \hat f_h(t) = \frac{1}{nh} \sum_{i=1}^n K\!\left(\frac{t - x_i}{h}\right)

    Parameters
    ----------
    x : array_like, shape (n,)
        The sample.
    grid : array_like, shape (m,)
        Where to estimate the density.
    h : float
        Bandwidth, above 0, in the unit of ``x``.
    kernel : str
        One of `KERNELS`.

    Returns
    -------
    ndarray of float64, shape (m,)
        Estimated density, per unit of ``x``.

    Raises
    ------
    ValueError
        If an array is empty or not finite, ``h`` isn't above 0 or the kernel is unknown.

    References
    ----------
    B. W. Silverman, *Density Estimation for Statistics and Data Analysis* (1986), section 2.4.

    Examples
    --------
    >>> kde([0.0, 2.0], [0.0, 1.0], h=1.0, kernel="triangular")
    array([0.5, 0. ])
    """
    u = _scaled(x, grid, h)
    density: FloatArray = _kernel(kernel)(u).mean(axis=1) / h
    return density


def log_kde(x: ArrayLike, grid: ArrayLike, h: float) -> FloatArray:
    r"""Logarithm of the Gaussian `kde`, finite however far from the data.

    .. math:: \log \hat f_h(t) = \log \sum_{i=1}^n e^{-(t - x_i)^2 / (2h^2)}
        - \log\!\left(n h \sqrt{2\pi}\right)

    Parameters
    ----------
    x : array_like, shape (n,)
        The sample.
    grid : array_like, shape (m,)
        Where to estimate the density.
    h : float
        Bandwidth, above 0, in the unit of ``x``.

    Returns
    -------
    ndarray of float64, shape (m,)
        Log density in nats.

    Raises
    ------
    ValueError
        If an array is empty or not finite, or ``h`` isn't above 0.

    References
    ----------
    K. P. Murphy, *Probabilistic Machine Learning: An Introduction* (2022), chapter 16.

    Examples
    --------
    >>> log_kde([0.0], [100.0], h=1.0).round(2)
    array([-5000.92])
    """
    u = _scaled(x, grid, h)
    log_density: FloatArray = logsumexp(-(u**2) / 2, axis=1) - np.log(
        u.shape[1] * h * np.sqrt(2 * np.pi)
    )
    return log_density


def silverman_bandwidth(x: ArrayLike) -> float:
    r"""Bandwidth that would be best for normal data and a Gaussian kernel (1.7-s1).

    .. math:: h = \left(\frac{4}{3n}\right)^{1/5} \hat\sigma

    Parameters
    ----------
    x : array_like, shape (n,)
        The sample, two values at least.

    Returns
    -------
    float
        Bandwidth, in the unit of ``x``.

    Raises
    ------
    ValueError
        If there are fewer than two values, or all are equal.

    References
    ----------
    B. W. Silverman, *Density Estimation for Statistics and Data Analysis* (1986), section 3.4.

    Examples
    --------
    >>> round(silverman_bandwidth([-1.0, 0.0, 1.0]), 3)
    0.85
    """
    return float((4 / 3) ** 0.2 * scott_bandwidth(x))


def scott_bandwidth(x: ArrayLike) -> float:
    r"""Bandwidth by Scott's rule, without Silverman's factor :math:`(4/3)^{1/5} \approx 1.06`.

    .. math:: h = n^{-1/5} \hat\sigma

    Parameters
    ----------
    x : array_like, shape (n,)
        The sample, two values at least.

    Returns
    -------
    float
        Bandwidth, in the unit of ``x``.

    Raises
    ------
    ValueError
        If there are fewer than two values, or all are equal.

    References
    ----------
    D. W. Scott, *Multivariate Density Estimation*, 2nd ed. (2015), chapter 6.

    Examples
    --------
    >>> round(scott_bandwidth([-1.0, 0.0, 1.0]), 3)
    0.803
    """
    points = check_array(x, "x", ndim=1)
    check_count(len(points), "the size of x", minimum=2)
    deviation = check_between(points.std(ddof=1), "the deviation of x", 0, strict=True)
    return float(len(points) ** -0.2 * deviation)


def loo_cv_bandwidth(
    x: ArrayLike, hs: ArrayLike, kernel: str = "gaussian"
) -> tuple[float, FloatArray]:
    r"""Choose the bandwidth under which each point is best predicted by all the others.

    .. math:: \mathrm{score}(h) = \frac1n \sum_{i=1}^n \log \hat f_{h,-i}(x_i)

    where :math:`\hat f_{h,-i}` is the estimate without the i-th point.

    Parameters
    ----------
    x : array_like, shape (n,)
        The sample, two values at least.
    hs : array_like, shape (k,)
        Bandwidths to try, above 0, in the unit of ``x``.
    kernel : str
        One of `KERNELS`.

    Returns
    -------
    h : float
        The bandwidth with the highest score.
    scores : ndarray of float64, shape (k,)
        Mean log density of a point left out, in nats; minus infinity where a point lies outside
        the bumps of all the others.

    Raises
    ------
    ValueError
        If the sample is too small, a bandwidth isn't above 0, the kernel is unknown, or each
        bandwidth leaves a point outside all other bumps.

    References
    ----------
    B. W. Silverman, *Density Estimation for Statistics and Data Analysis* (1986), section 3.4.

    Examples
    --------
    >>> loo_cv_bandwidth([-1.0, 0.0, 1.0], [0.1, 1.0, 10.0])[0]
    1.0
    """
    points, bandwidths = check_array(x, "x", ndim=1), check_positive(hs, "hs")
    n = check_count(len(points), "the size of x", minimum=2)
    scores = np.empty(len(bandwidths))
    for k, h in enumerate(bandwidths):
        log_bumps = _log_kernel(kernel, _scaled(points, points, h))
        np.fill_diagonal(log_bumps, -np.inf)  # no point may vote for itself
        scores[k] = logsumexp(log_bumps, axis=1).mean() - np.log((n - 1) * h)
    if np.isneginf(scores).all():
        raise ValueError(f"hs: expected one that spans every gap, got at most {bandwidths.max():g}")
    return float(bandwidths[scores.argmax()]), scores


def mixture_mise(centers: ArrayLike, sd: float, h: float, n: int) -> tuple[float, float]:
    r"""Exact error of the Gaussian `kde` when the truth is an even mixture of normals.

    .. math:: E \int (\hat f_h - f)^2 \, dx
        = \underbrace{I(2h^2) - 2 I(h^2) + I(0)}_{\text{squared bias}}
        + \underbrace{\frac{1}{2 \sqrt\pi\, n h} - \frac{I(2h^2)}{n}}_{\text{variance}}

    where :math:`I(v)` is the average, over all pairs of centres, of the normal density with
    variance :math:`2\sigma^2 + v` at their distance.

    Parameters
    ----------
    centers : array_like, shape (k,)
        Means of the normals, which have equal weights.
    sd : float
        Their common standard deviation, above 0.
    h : float
        Bandwidth, above 0, in the unit of the centres.
    n : int
        Size of the sample.

    Returns
    -------
    squared_bias : float
        The squared bias, integrated, per unit of the centres.
    variance : float
        The variance, integrated, likewise; the sum of both is the mean integrated squared error.

    Raises
    ------
    ValueError
        If ``sd`` or ``h`` isn't above 0, ``n`` is below 1 or a centre isn't finite.

    References
    ----------
    J. S. Marron and M. P. Wand, "Exact mean integrated squared error", Annals of Statistics 20
    (1992).

    Examples
    --------
    >>> squared_bias, variance = mixture_mise([-1.5, 1.5], sd=0.6, h=0.4, n=200)
    >>> round(squared_bias, 4), round(variance, 4)
    (0.0059, 0.0025)
    """
    means, width = check_array(centers, "centers", ndim=1), check_between(sd, "sd", 0, strict=True)
    check_between(h, "h", 0, strict=True)
    check_count(n, "n")
    gaps = np.subtract.outer(means, means).ravel()
    wide, middle, none = (
        float(kde(gaps, [0.0], np.sqrt(2 * width**2 + extra))[0]) for extra in (2 * h**2, h**2, 0)
    )
    return wide - 2 * middle + none, float(1 / (2 * np.sqrt(np.pi) * n * h) - wide / n)


def count_modes(density: ArrayLike) -> int:
    """Count the humps of a curve; a flat top is one hump.

    Parameters
    ----------
    density : array_like, shape (m,)
        Values along a fine grid that begins and ends outside the humps.

    Returns
    -------
    int
        How often the curve turns from rising to falling.

    Raises
    ------
    ValueError
        If the array is empty or not finite.

    References
    ----------
    B. W. Silverman, *Density Estimation for Statistics and Data Analysis* (1986), section 6.4.

    Examples
    --------
    >>> count_modes([0, 1, 0, 2, 2, 0])
    2
    """
    values = check_array(density, "density", ndim=1)
    steps = np.diff(values)
    rising = steps[np.abs(steps) > 1e-9 * np.abs(values).max()] > 0
    return int((rising[:-1] & ~rising[1:]).sum())


def _scaled(x: ArrayLike, grid: ArrayLike, h: float) -> FloatArray:
    """Return (t - x_i) / h for each t of the grid (rows) and each point (columns)."""
    points, at = check_array(x, "x", ndim=1), check_array(grid, "grid", ndim=1)
    scaled: FloatArray = (at[:, None] - points) / check_between(h, "h", 0, strict=True)
    return scaled


def _kernel(name: str) -> Callable[[FloatArray], FloatArray]:
    if name not in KERNELS:
        raise ValueError(f"kernel: expected one of {', '.join(KERNELS)}, got {name!r}")
    return KERNELS[name]


def _log_kernel(name: str, u: FloatArray) -> FloatArray:
    """Return log K(u); for the Gaussian without a detour through numbers that underflow."""
    if name == "gaussian":
        logs: FloatArray = -(u**2) / 2 - np.log(2 * np.pi) / 2
        return logs
    with np.errstate(divide="ignore"):
        logs = np.log(_kernel(name)(u))
    return logs
