"""Synthetic data sets, of which one knows the truth."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlsheet.validation import (
    FloatArray,
    as_generator,
    check_array,
    check_between,
    check_count,
    check_positive,
)


def blobs(
    n: int, centers: ArrayLike, std: ArrayLike, *, rng: np.random.Generator | int
) -> tuple[FloatArray, NDArray[np.intp]]:
    """Draw points around centers, as many around each as evenly as possible.

    Parameters
    ----------
    n : int
        Number of points.
    centers : array_like, shape (k, d)
        One center a row.
    std : float or array_like, shape (k,)
        Standard deviation of each coordinate, one for all blobs or one for each.
    rng : numpy.random.Generator or int
        Generator or seed.

    Returns
    -------
    X : ndarray of float64, shape (n, d)
        Points, blob after blob.
    labels : ndarray of int, shape (n,)
        The blob of each point.

    Raises
    ------
    ValueError
        If n is below 1, ``centers`` isn't a finite (k, d) array, or ``std`` isn't above 0 or
        has another length.

    References
    ----------
    C. M. Bishop, *Pattern Recognition and Machine Learning* (2006), section 9.2, on mixtures.

    Examples
    --------
    >>> X, labels = blobs(5, [[0, 0], [9, 9]], 0.5, rng=0)
    >>> X.shape, labels.tolist()
    ((5, 2), [0, 0, 0, 1, 1])
    """
    places = check_array(centers, "centers", ndim=2)
    spread = check_positive(std, "std")
    if spread.shape not in ((), (len(places),)):
        raise ValueError(f"std: expected one number or {len(places)}, got shape {spread.shape}")
    labels = np.sort(np.arange(check_count(n, "n")) % len(places))
    scale = np.broadcast_to(spread, len(places))[labels, None]
    noise = as_generator(rng).normal(size=(n, places.shape[1]))
    return places[labels] + scale * noise, labels


def moons(
    n: int, noise: float = 0.0, *, rng: np.random.Generator | int
) -> tuple[FloatArray, NDArray[np.intp]]:
    """Draw two interleaved half circles, which no straight line separates.

    Parameters
    ----------
    n : int
        Number of points; the first half is on the upper half circle.
    noise : float
        Standard deviation of what is added to each coordinate.
    rng : numpy.random.Generator or int
        Generator or seed.

    Returns
    -------
    X : ndarray of float64, shape (n, 2)
        Points along the upper half circle, then along the lower one.
    labels : ndarray of int, shape (n,)
        0 on the upper half circle, 1 on the lower.

    Raises
    ------
    ValueError
        If n is below 2 or the noise is negative.

    References
    ----------
    F. Pedregosa et al., "Scikit-learn: Machine learning in Python", JMLR 12 (2011): its
    ``make_moons``.

    Examples
    --------
    >>> X, labels = moons(4, rng=0)
    >>> X.round(2).tolist(), labels.tolist()
    ([[1.0, 0.0], [-1.0, 0.0], [0.0, 0.5], [2.0, 0.5]], [0, 0, 1, 1])
    """
    upper = check_count(n, "n", minimum=2) // 2
    check_between(noise, "noise", 0)
    first, second = np.linspace(0, np.pi, upper), np.linspace(0, np.pi, n - upper)
    x = np.concatenate([np.cos(first), 1 - np.cos(second)])
    y = np.concatenate([np.sin(first), 0.5 - np.sin(second)])
    labels = (np.arange(n) >= upper).astype(np.intp)
    return np.column_stack([x, y]) + as_generator(rng).normal(0.0, noise, (n, 2)), labels
