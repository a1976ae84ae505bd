r"""2.3 Rank: how many columns of a matrix, or rows, say something that the others do not.

.. math:: \operatorname{rank}(A) = \dim\operatorname{col}(A) = \dim\operatorname{row}(A)
    \quad (2.3\text{-}f2)
"""

import numpy as np
from numpy.typing import ArrayLike

from mlsheet.validation import FloatArray, check_array, check_between


def rank_svd(A: ArrayLike, tol: float | None = None) -> int:
    r"""Count the singular values above a tolerance.

    .. math:: \operatorname{rank}(A) = \#\{i : \sigma_i > \tau\},
        \quad \tau = \max(m, n)\, \varepsilon\, \sigma_1

    Parameters
    ----------
    A : array_like, shape (m, n)
        Any matrix.
    tol : float, optional
        The tolerance, in the unit of A; by default the rounding to expect, with machine
        epsilon :math:`\varepsilon` and the largest singular value :math:`\sigma_1`.

    Returns
    -------
    int
        The numerical rank, from 0 to min(m, n).

    Raises
    ------
    ValueError
        If ``A`` isn't a finite matrix or the tolerance is negative.

    References
    ----------
    G. H. Golub and C. F. Van Loan, *Matrix Computations*, 4th ed. (2013), section 5.4.

    Examples
    --------
    >>> rank_svd([[1, 2], [2, 4]]), rank_svd([[1, 0], [0, 1e-3]]), rank_svd(np.eye(2), tol=2)
    (1, 2, 0)
    """
    matrix = check_array(A, "A", ndim=2)
    singular_values = np.linalg.svd(matrix, compute_uv=False)
    return int((singular_values > _threshold(matrix, singular_values[0], tol)).sum())


def row_echelon(A: ArrayLike, tol: float | None = None) -> tuple[FloatArray, tuple[int, ...]]:
    r"""Reduce a matrix by row operations (Gauss-Jordan, with partial pivoting).

    In the result each pivot is 1 and alone in its column, and every other column says how it is
    made up of the pivot columns before it. It is for whole numbers and small tables: division by
    small pivots lets rounding grow, so for other data give a tolerance, or use `rank_svd`.

    Parameters
    ----------
    A : array_like, shape (m, n)
        Any matrix.
    tol : float, optional
        A pivot of this size or less counts as 0; by default max(m, n) times machine epsilon
        times the largest entry of A in size.

    Returns
    -------
    reduced : ndarray of float64, shape (m, n)
        The reduced row echelon form.
    pivots : tuple of int
        The pivot columns, as many as the rank.

    Raises
    ------
    ValueError
        If ``A`` isn't a finite matrix or the tolerance is negative.

    References
    ----------
    G. Strang, *Introduction to Linear Algebra*, 5th ed. (2016), chapter 3.

    Examples
    --------
    >>> reduced, pivots = row_echelon([[1, 2, 3], [2, 4, 6], [1, 1, 1]])
    >>> reduced.tolist(), pivots
    ([[1.0, 0.0, -1.0], [0.0, 1.0, 2.0], [0.0, 0.0, 0.0]], (0, 1))
    """
    matrix = check_array(A, "A", ndim=2).copy()
    threshold = _threshold(matrix, np.abs(matrix).max(), tol)
    rows = np.arange(len(matrix))
    pivots: list[int] = []
    for column in range(matrix.shape[1]):
        row = len(pivots)
        size = np.abs(matrix[row:, column])
        if size.max(initial=0.0) <= threshold:
            matrix[row:, column] = 0
            continue
        best = row + int(size.argmax())
        matrix[[row, best]] = matrix[[best, row]]
        matrix[row] /= matrix[row, column]
        others = rows != row
        matrix[others] -= np.outer(matrix[others, column], matrix[row])
        pivots.append(column)
    return matrix + 0.0, tuple(pivots)  # + 0.0 turns −0 into 0


def rank_factorization(A: ArrayLike, tol: float | None = None) -> tuple[FloatArray, FloatArray]:
    r"""Write a matrix of rank r as the product of two full-rank matrices (2.3-a1).

    .. math:: A = C R, \quad C \in \mathbb{R}^{m \times r}, \; R \in \mathbb{R}^{r \times n}

    Parameters
    ----------
    A : array_like, shape (m, n)
        Any matrix.
    tol : float, optional
        As for `row_echelon`.

    Returns
    -------
    C : ndarray of float64, shape (m, r)
        The pivot columns of A.
    R : ndarray of float64, shape (r, n)
        How each column of A is made up of them: the reduced rows that aren't 0.

    Raises
    ------
    ValueError
        If ``A`` isn't a finite matrix or the tolerance is negative.

    References
    ----------
    G. Strang and C. Moler, "LU and CR Elimination", SIAM Review 64 (2022).

    Examples
    --------
    >>> C, R = rank_factorization([[1, 2], [2, 4]])
    >>> C.tolist(), R.tolist()
    ([[1.0], [2.0]], [[1.0, 2.0]])
    """
    reduced, pivots = row_echelon(A, tol)
    return np.array(A, dtype=np.float64)[:, list(pivots)], reduced[: len(pivots)]


def column_space(A: ArrayLike, tol: float | None = None) -> FloatArray:
    r"""Return an orthonormal basis of all vectors :math:`Ax`: left singular vectors.

    Parameters
    ----------
    A : array_like, shape (m, n)
        Any matrix.
    tol : float, optional
        As for `rank_svd`.

    Returns
    -------
    ndarray of float64, shape (m, r)
        The basis, one vector a column.

    Raises
    ------
    ValueError
        If ``A`` isn't a finite matrix or the tolerance is negative.

    References
    ----------
    L. N. Trefethen and D. Bau, *Numerical Linear Algebra* (1997), lecture 5.

    Examples
    --------
    >>> np.abs(column_space([[3, 6], [4, 8]])).round(3).tolist()
    [[0.6], [0.8]]
    """
    matrix = check_array(A, "A", ndim=2)
    U, singular_values, _ = np.linalg.svd(matrix, full_matrices=False)
    return U[:, singular_values > _threshold(matrix, singular_values[0], tol)]


def null_space(A: ArrayLike, tol: float | None = None) -> FloatArray:
    r"""Return an orthonormal basis of all x with :math:`Ax = 0`: right singular vectors.

    Parameters
    ----------
    A : array_like, shape (m, n)
        Any matrix.
    tol : float, optional
        As for `rank_svd`.

    Returns
    -------
    ndarray of float64, shape (n, n - r)
        The basis, one vector a column; no columns if A has full column rank.

    Raises
    ------
    ValueError
        If ``A`` isn't a finite matrix or the tolerance is negative.

    References
    ----------
    L. N. Trefethen and D. Bau, *Numerical Linear Algebra* (1997), lecture 5.

    Examples
    --------
    >>> np.abs(null_space([[4, 3], [8, 6]])).round(3).tolist()
    [[0.6], [0.8]]
    """
    matrix = check_array(A, "A", ndim=2)
    _, singular_values, Vt = np.linalg.svd(matrix)
    rank = int((singular_values > _threshold(matrix, singular_values[0], tol)).sum())
    return Vt[rank:].T


def _threshold(matrix: FloatArray, largest: float, tol: float | None) -> float:
    """Return the tolerance given, or the rounding to expect beside the largest number."""
    if tol is not None:
        return check_between(tol, "tol", 0)
    return float(max(matrix.shape) * np.finfo(np.float64).eps * largest)
