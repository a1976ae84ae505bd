"""1.14 CDF vs PDF: from samples to steps, from steps to slopes, and back to samples."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from mlsheet.validation import (
    FloatArray,
    as_generator,
    check_array,
    check_between,
    check_count,
)

Function: TypeAlias = Callable[[FloatArray], FloatArray]


def ecdf(x: ArrayLike) -> tuple[FloatArray, FloatArray]:
    r"""Return the empirical distribution function of a sample, where it jumps.

    .. math:: F_n(t) = \frac{1}{n} \#\{i : x_i \le t\}

    Between two jumps :math:`F_n` keeps the value of the left one: it is continuous from the right.

    Parameters
    ----------
    x : array_like, shape (n,)
        A sample.

    Returns
    -------
    points : ndarray of float64, shape (m,)
        The distinct values of the sample, in increasing order.
    F : ndarray of float64, shape (m,)
        :math:`F_n` at each of them; the last one is 1.

    Raises
    ------
    ValueError
        If the sample is empty or a value isn't finite.

    References
    ----------
    L. Wasserman, *All of Statistics* (2004), section 7.1.

    Examples
    --------
    >>> ecdf([3, 1, 3, 2])
    (array([1., 2., 3.]), array([0.25, 0.5 , 1.  ]))
    """
    points, counts = np.unique(check_array(x, "x", ndim=1), return_counts=True)
    return points, np.cumsum(counts) / counts.sum()


def sup_distance(x: ArrayLike, cdf: Function) -> float:
    r"""Return the largest gap between a sample's distribution function and a given one.

    .. math:: \sup_t |F_n(t) - F(t)|

    The gap is widest at a jump of :math:`F_n` or just before one. The given function may jump, too.

    Parameters
    ----------
    x : array_like, shape (n,)
        A sample.
    cdf : callable
        The distribution function :math:`F`; gets an array and returns one of the same shape.

    Returns
    -------
    float
        The distance, from 0 to 1.

    Raises
    ------
    ValueError
        If the sample is empty, a value isn't finite, or ``cdf`` returns another shape or NaN.

    References
    ----------
    L. Wasserman, *All of Statistics* (2004), section 7.1.

    Examples
    --------
    >>> sup_distance([0.5], lambda t: np.clip(t, 0, 1))
    0.5
    """
    points, head = ecdf(x)
    foot = np.concatenate([[0.0], head[:-1]])
    before = np.nextafter(points, -np.inf)
    gaps = np.abs([head - _values(cdf, points, "cdf"), foot - _values(cdf, before, "cdf")])
    return float(gaps.max())


def dkw_band(n: int, level: float) -> float:
    r"""Return how far an empirical distribution function may stray, by the DKW inequality.

    .. math:: P\left(\sup_t |F_n(t) - F(t)| > \varepsilon\right) \le 2 e^{-2 n \varepsilon^2}

    holds for every :math:`F`; the band solves it for :math:`\varepsilon`.

    Parameters
    ----------
    n : int
        How many independent values the sample has.
    level : float
        Probability with which the band is to hold, strictly between 0 and 1.

    Returns
    -------
    float
        Half the height :math:`\varepsilon = \sqrt{\log(2 / (1 - level)) / (2 n)}` of the band.

    Raises
    ------
    ValueError
        If ``n`` is below 1 or ``level`` isn't strictly between 0 and 1.

    References
    ----------
    P. Massart, "The tight constant in the Dvoretzky-Kiefer-Wolfowitz inequality", Annals of
    Probability 18 (1990).

    Examples
    --------
    >>> round(dkw_band(100, 0.95), 4)
    0.1358
    """
    check_count(n, "n")
    check_between(level, "level", 0, 1, strict=True)
    return float(np.sqrt(np.log(2 / (1 - level)) / (2 * n)))


def inverse_transform_sample(
    ppf: Function, *, size: int, rng: np.random.Generator | int
) -> FloatArray:
    r"""Draw from a distribution by sending uniform numbers through its quantile function.

    .. math:: X = F^{-1}(U), \quad U \sim \text{uniform on } [0, 1)

    Parameters
    ----------
    ppf : callable
        The quantile function :math:`F^{-1}`; gets an array and returns one of the same shape.
    size : int
        How many values to draw.
    rng : numpy.random.Generator or int
        Generator or seed.

    Returns
    -------
    ndarray of float64, shape (size,)
        Independent draws.

    Raises
    ------
    ValueError
        If ``size`` is below 1, or ``ppf`` returns another shape or a non-finite number.

    References
    ----------
    G. Casella and R. L. Berger, *Statistical Inference*, 2nd ed. (2002), section 2.1.

    Examples
    --------
    >>> waits = inverse_transform_sample(lambda u: -np.log1p(-u), size=1000, rng=0)
    >>> bool(abs(waits.mean() - 1) < 0.1)
    True
    """
    check_count(size, "size")
    return _values(ppf, as_generator(rng).random(size), "ppf")


def pdf_from_cdf(cdf: Function, grid: ArrayLike) -> FloatArray:
    r"""Return the slopes of a distribution function: its density (1.14-s1).

    .. math:: f(x) = F'(x)

    The slopes are differences between neighbours, of second order in the spacing.

    Parameters
    ----------
    cdf : callable
        The distribution function :math:`F`; gets an array and returns one of the same shape.
    grid : array_like, shape (m,)
        Where to compute the density: three increasing numbers at least.

    Returns
    -------
    ndarray of float64, shape (m,)
        Densities, in probability per unit of the grid.

    Raises
    ------
    ValueError
        If the grid doesn't increase or is too short, or ``cdf`` returns another shape or a
        non-finite number.

    References
    ----------
    L. Wasserman, *All of Statistics* (2004), section 2.2.

    Examples
    --------
    >>> pdf_from_cdf(np.square, [0.0, 0.5, 1.0])
    array([0., 1., 2.])
    """
    points = _check_grid(grid)
    density: FloatArray = np.gradient(_values(cdf, points, "cdf"), points, edge_order=2)
    return density


def cdf_from_pdf(pdf: Function, grid: ArrayLike) -> FloatArray:
    r"""Return the area under a density up to each point of a grid (1.14-s1).

    .. math:: F(x) - F(x_1) = \int_{x_1}^x f(t) \, dt

    Parameters
    ----------
    pdf : callable
        The density :math:`f`; gets an array and returns one of the same shape.
    grid : array_like, shape (m,)
        Three increasing numbers at least; the first one so far left that next to no probability
        lies to the left of it.

    Returns
    -------
    ndarray of float64, shape (m,)
        Probabilities, 0 at the first point.

    Raises
    ------
    ValueError
        If the grid doesn't increase or is too short, or ``pdf`` returns another shape or a
        non-finite number.

    References
    ----------
    L. Wasserman, *All of Statistics* (2004), section 2.2.

    Examples
    --------
    >>> cdf_from_pdf(lambda x: 2 * x, [0.0, 0.5, 1.0])
    array([0.  , 0.25, 1.  ])
    """
    from scipy.integrate import cumulative_simpson

    points = _check_grid(grid)
    areas: FloatArray = cumulative_simpson(_values(pdf, points, "pdf"), x=points, initial=0)
    return areas


def _check_grid(grid: ArrayLike) -> FloatArray:
    points = check_array(grid, "grid", ndim=1)
    if len(points) < 3 or (np.diff(points) <= 0).any():
        raise ValueError(f"grid: expected three increasing numbers or more, got {points}")
    return points


def _values(function: Function, points: FloatArray, name: str) -> FloatArray:
    values = check_array(function(points), name)
    if values.shape != points.shape:
        raise ValueError(f"{name}: expected values of shape {points.shape}, got {values.shape}")
    return values
