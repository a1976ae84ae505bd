"""Numerical building blocks that several sections share (numpy and scipy only)."""

import numpy as np
from numpy.typing import ArrayLike

from mlsheet.validation import FloatArray, check_array


def pairwise_squared_distances(X: ArrayLike, Y: ArrayLike) -> FloatArray:
    r"""Squared Euclidean distance from each row of ``X`` to each row of ``Y``.

    .. math:: \|x - y\|^2 = \|x\|^2 - 2 x^\top y + \|y\|^2

    Both sets are first moved by the mean of ``X``: distances stay as they are, while the
    subtraction of large, nearly equal squares, which would cost digits, is avoided.

    Parameters
    ----------
    X : array_like, shape (n, d)
        Points, one a row.
    Y : array_like, shape (m, d)
        Other points of the same dimension.

    Returns
    -------
    ndarray of float64, shape (n, m)
        Squared distances, never negative.

    Raises
    ------
    ValueError
        If the two have different numbers of columns, or a number isn't finite.

    References
    ----------
    C. R. Harris et al., "Array programming with NumPy", Nature 585 (2020), on broadcasting.

    Examples
    --------
    >>> pairwise_squared_distances([[0, 0], [3, 4]], [[0, 0]])
    array([[ 0.],
           [25.]])
    """
    points, others = check_array(X, "X", ndim=2), check_array(Y, "Y", ndim=2)
    if points.shape[1] != others.shape[1]:
        raise ValueError(f"Y: expected {points.shape[1]} columns as X has, got {others.shape[1]}")
    center = points.mean(axis=0)
    points, others = points - center, others - center
    squares = (points**2).sum(axis=1)[:, None] - 2 * points @ others.T + (others**2).sum(axis=1)
    distances: FloatArray = np.maximum(squares, 0.0)
    return distances
