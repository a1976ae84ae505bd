r"""Jensen's inequality: the average of f is at least f of the average, where f is convex.

.. math:: f(\mathbb{E}[X]) \le \mathbb{E}[f(X)] \quad (f \text{ convex})
    \quad (2.13\text{-}f1)

For concave f the sign turns. The difference of the two sides is called the gap.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import logsumexp

from mlsheet.validation import (
    FloatArray,
    as_generator,
    check_array,
    check_between,
    check_count,
    check_probabilities,
)


def jensen_gap(
    f: Callable[[FloatArray], FloatArray], x: ArrayLike, weights: ArrayLike | None = None
) -> float:
    r"""Return how far the average of f lies above f of the average (2.13-f1).

    .. math:: \mathbb{E}[f(X)] - f(\mathbb{E}[X])

    Parameters
    ----------
    f : callable
        Works on arrays, number by number.
    x : array_like, shape (n,)
        The values of X, or draws from it.
    weights : array_like, shape (n,), optional
        Their probabilities; ``1 / n`` each by default.

    Returns
    -------
    float
        The gap: at least 0 for convex f (up to rounding), at most 0 for concave f.

    Raises
    ------
    ValueError
        If a value of ``x`` or f isn't finite, or the weights don't fit or don't sum to 1.

    References
    ----------
    T. M. Cover and J. A. Thomas, *Elements of Information Theory*, 2nd ed. (2006), section 2.6.

    Examples
    --------
    >>> minutes = lambda speed: 60 / speed
    >>> jensen_gap(minutes, [1, 3])
    10.0
    """
    points, probabilities = _law(x, "x", weights)
    mean = probabilities @ points
    with np.errstate(all="ignore"):  # what isn't finite is an error below
        values, at_mean = f(points), f(np.array([mean]))
    average = probabilities @ check_array(values, "f", ndim=1)
    return float(average - check_array(at_mean, "f", ndim=1)[0])


def log_mean_exp_gap(y: ArrayLike, weights: ArrayLike | None = None) -> float:
    r"""Return by how much the log of an average exceeds the average of the logs (2.13-a2).

    .. math:: \log \mathbb{E}[e^Y] - \mathbb{E}[Y]

    The values are given as their logs Y and never exponentiated alone, so that they may be far
    too large or too small for a float.

    Parameters
    ----------
    y : array_like, shape (n,)
        Logs of the values.
    weights : array_like, shape (n,), optional
        Their probabilities; ``1 / n`` each by default.

    Returns
    -------
    float
        The gap in nats, at least 0 up to rounding.

    Raises
    ------
    ValueError
        If a number isn't finite, or the weights don't fit or don't sum to 1.

    References
    ----------
    C. M. Bishop, *Pattern Recognition and Machine Learning* (2006), section 9.4.

    Examples
    --------
    >>> round(log_mean_exp_gap([0, np.log(3)]), 4)
    0.1438
    >>> round(log_mean_exp_gap([1000, 1000 + np.log(3)]), 4)
    0.1438
    """
    logs, probabilities = _law(y, "y", weights)
    return float(logsumexp(logs, b=probabilities) - probabilities @ logs)


def gap_second_order(
    second_derivative: Callable[[FloatArray], FloatArray], mean: float, var: float
) -> float:
    r"""Approximate the gap for a small spread (2.13-a1).

    .. math:: \mathbb{E}[f(X)] - f(\mu) \approx \tfrac12 f''(\mu) \operatorname{Var}(X)

    Parameters
    ----------
    second_derivative : callable
        The second derivative of f.
    mean : float
        The mean of X.
    var : float
        Its variance, at least 0.

    Returns
    -------
    float
        The approximate gap; exact if f is a parabola.

    Raises
    ------
    ValueError
        If an argument isn't one finite number, or the variance is negative.

    References
    ----------
    L. Wasserman, *All of Statistics* (2004), section 5.5, on the delta method.

    Examples
    --------
    >>> gap_second_order(lambda x: 2.0, mean=2.0, var=1.0)
    1.0
    """
    center = check_array(mean, "mean", ndim=0)
    curvature = check_array(second_derivative(center), "second_derivative", ndim=0)
    return float(curvature * check_between(var, "var", 0) / 2)


def is_midpoint_convex(
    f: Callable[[FloatArray], FloatArray],
    low: float,
    high: float,
    *,
    n: int = 1000,
    rng: np.random.Generator | int,
) -> bool:
    r"""Look for a chord whose middle lies below the curve, on random pairs of points.

    .. math:: f\left(\frac{a + b}{2}\right) \le \frac{f(a) + f(b)}{2}

    A continuous f is convex just when this holds for all pairs. One pair that fails disproves
    convexity; pairs that hold are evidence only.

    Parameters
    ----------
    f : callable
        Works on arrays, number by number.
    low, high : float
        The interval from which the points come.
    n : int
        The number of pairs.
    rng : numpy.random.Generator or int
        Generator or seed.

    Returns
    -------
    bool
        Whether all pairs pass, up to rounding.

    Raises
    ------
    ValueError
        If the interval is empty, ``n`` is below 1 or f isn't finite somewhere.

    References
    ----------
    S. Boyd and L. Vandenberghe, *Convex Optimization* (2004), section 3.1.

    Examples
    --------
    >>> is_midpoint_convex(np.exp, -2, 2, rng=0), is_midpoint_convex(np.sin, -2, 2, rng=0)
    (True, False)
    """
    check_between(low, "low", -np.inf)
    check_between(high, "high", low, strict=True)
    a, b = as_generator(rng).uniform(low, high, (2, check_count(n, "n")))
    with np.errstate(all="ignore"):  # what isn't finite is an error below
        values = check_array(np.array([f(a), f(b), f((a + b) / 2)]), "f", ndim=2)
    rounding = 1e-12 * np.abs(values).max()
    return bool((values[2] <= (values[0] + values[1]) / 2 + rounding).all())


def _law(x: ArrayLike, name: str, weights: ArrayLike | None) -> tuple[FloatArray, FloatArray]:
    """Return the values and their probabilities, equal ones if none are given."""
    points = check_array(x, name, ndim=1)
    if weights is None:
        return points, np.full(len(points), 1 / len(points))
    probabilities = check_probabilities(weights, "weights")
    if probabilities.shape != points.shape:
        raise ValueError(f"weights: expected shape {points.shape}, got {probabilities.shape}")
    return points, probabilities
