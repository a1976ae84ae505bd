"""Synthetic data sets, of which one knows the truth."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlsheet.validation import FloatArray, as_generator, check_array, check_count, check_positive


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
