r"""2.1 Orthogonality and Orthonormality: right angles, and bases made of them.

.. math:: u \cdot v = 0 \quad (2.1\text{-}f1), \qquad Q^\top Q = I \quad (2.1\text{-}f2)
"""

import numpy as np
from numpy.typing import ArrayLike

from mlsheet.linear_algebra.matrix_operations import cosine_similarity, norm
from mlsheet.validation import FloatArray, check_array, check_between

METHODS = ("classical", "modified", "twice")


def is_orthogonal(u: ArrayLike, v: ArrayLike, *, tol: float = 1e-10) -> bool:
    r"""Whether two vectors are orthogonal (2.1-f1), up to rounding.

    .. math:: |u \cdot v| \le \mathrm{tol} \, \|u\| \, \|v\|

    Parameters
    ----------
    u, v : array_like, shape (n,)
        Two vectors; zero is orthogonal to everything.
    tol : float
        The largest cosine that still counts as 0, whatever the vectors' lengths.

    Returns
    -------
    bool
        True if they meet at a right angle.

    Raises
    ------
    ValueError
        If the vectors have different lengths, or a number isn't finite.

    References
    ----------
    M. P. Deisenroth, A. A. Faisal and C. S. Ong, *Mathematics for Machine Learning* (2020),
    chapter 3.

    Examples
    --------
    >>> is_orthogonal([1, 2, 2], [2, 1, -2])
    True
    """
    first, second = check_array(u, "u", ndim=1), check_array(v, "v", ndim=1)
    if first.shape != second.shape:
        raise ValueError(f"v: expected {len(first)} numbers as u has, got {len(second)}")
    cosine = cosine_similarity([first], [second])[0, 0]
    return bool(abs(cosine) <= check_between(tol, "tol", 0))


def orthogonality_loss(Q: ArrayLike) -> float:
    r"""Return how far the columns of ``Q`` are from orthonormal.

    .. math:: \|Q^\top Q - I\|, \quad \text{the root of the sum of squared entries}

    Parameters
    ----------
    Q : array_like, shape (m, k)
        Vectors, one a column.

    Returns
    -------
    float
        0 for orthonormal columns.

    Raises
    ------
    ValueError
        If ``Q`` isn't a finite matrix.

    References
    ----------
    L. Giraud, J. Langou and M. Rozložník, "The loss of orthogonality in the Gram-Schmidt
    orthogonalization process", Computers & Mathematics with Applications 50 (2005).

    Examples
    --------
    >>> orthogonality_loss([[1, 0], [0, 2]])
    3.0
    """
    columns = check_array(Q, "Q", ndim=2)
    return float(np.linalg.norm(columns.T @ columns - np.eye(columns.shape[1])))


def is_orthonormal(Q: ArrayLike, *, tol: float = 1e-10) -> bool:
    r"""Whether the columns of ``Q`` are orthonormal (2.1-f2), up to rounding.

    .. math:: Q^\top Q = I

    Parameters
    ----------
    Q : array_like, shape (m, k)
        Vectors, one a column.
    tol : float
        The largest loss of orthogonality that still counts as 0.

    Returns
    -------
    bool
        True if the columns are orthogonal to one another and each has length 1.

    Raises
    ------
    ValueError
        If ``Q`` isn't a finite matrix.

    References
    ----------
    L. N. Trefethen and D. Bau, *Numerical Linear Algebra* (1997), lecture 2.

    Examples
    --------
    >>> is_orthonormal([[0.8, -0.6], [0.6, 0.8]]), is_orthonormal([[1, 0], [0, 2]])
    (True, False)
    """
    return orthogonality_loss(Q) <= check_between(tol, "tol", 0)


def gram_schmidt(A: ArrayLike, *, method: str = "twice", tol: float = 1e-12) -> FloatArray:
    r"""Return an orthonormal basis of the span of the columns of ``A`` (2.1-s1).

    .. math:: v_k = a_k - \sum_{j<k} (q_j^\top a_k) \, q_j, \quad q_k = v_k / \|v_k\|

    Classical Gram-Schmidt computes every shadow from the column itself, modified Gram-Schmidt
    each from what the subtractions before it have left: the same in exact arithmetic, not in
    floating point. "twice" is classical, repeated once on what is left; twice is enough.

    Parameters
    ----------
    A : array_like, shape (m, k)
        Vectors, one a column.
    method : {"classical", "modified", "twice"}
        How shadows are subtracted.
    tol : float
        A column of which no more than this share of its length is left depends on those before
        it and is dropped.

    Returns
    -------
    ndarray of float64, shape (m, r)
        Orthonormal columns up to rounding, at most k of them.

    Raises
    ------
    ValueError
        If ``A`` isn't a finite matrix, ``method`` is unknown or ``tol`` is negative.

    References
    ----------
    L. N. Trefethen and D. Bau, *Numerical Linear Algebra* (1997), lectures 7 to 9.

    Examples
    --------
    >>> gram_schmidt([[4, 2], [3, 4]]).round(3).tolist()
    [[0.8, -0.6], [0.6, 0.8]]
    """
    columns = check_array(A, "A", ndim=2).T
    check_between(tol, "tol", 0)
    if method not in METHODS:
        raise ValueError(f"method: expected one of {', '.join(METHODS)}, got {method!r}")
    Q = np.empty((columns.shape[1], 0))
    for column in columns:
        rest = column.copy()
        if method == "modified":
            for q in Q.T:
                rest -= (q @ rest) * q
        else:
            for _ in range(2 if method == "twice" else 1):
                rest -= Q @ (Q.T @ rest)
        if norm(rest) > tol * norm(column):
            Q = np.column_stack([Q, rest / norm(rest)])
    return Q


def householder_qr(A: ArrayLike) -> tuple[FloatArray, FloatArray]:
    r"""Factorise ``A = QR`` by reflections, each of which clears one column below the diagonal.

    .. math:: H = I - 2 v v^\top, \quad v \propto x + \operatorname{sign}(x_1) \|x\| e_1

    The sign makes the two terms of v add up: with the other one they could cancel. A product of
    reflections is orthogonal whatever A is, so Q is orthonormal to machine precision.

    Parameters
    ----------
    A : array_like, shape (m, k)
        Matrix with at least as many rows as columns.

    Returns
    -------
    Q : ndarray of float64, shape (m, k)
        Orthonormal columns.
    R : ndarray of float64, shape (k, k)
        Upper triangular; its diagonal may have any sign.

    Raises
    ------
    ValueError
        If ``A`` isn't a finite matrix or has more columns than rows.

    References
    ----------
    L. N. Trefethen and D. Bau, *Numerical Linear Algebra* (1997), lecture 10.

    Examples
    --------
    >>> Q, R = householder_qr([[4, 2], [3, 4]])
    >>> R.round(3).tolist()
    [[-5.0, -4.0], [0.0, -2.0]]
    """
    R = check_array(A, "A", ndim=2).copy()
    m, k = R.shape
    if m < k:
        raise ValueError(f"A: expected at least as many rows as columns, got shape {R.shape}")
    reflectors = []
    for j in range(k):
        v = R[j:, j].copy()
        v[0] += np.copysign(norm(v), v[0])
        v /= norm(v) or 1.0  # a column of zeros needs no reflection
        R[j:, j:] -= 2 * np.outer(v, v @ R[j:, j:])
        reflectors.append(v)
    Q = np.eye(m, k)
    for j in reversed(range(k)):
        v = reflectors[j]
        Q[j:, j:] -= 2 * np.outer(v, v @ Q[j:, j:])
    return Q, np.triu(R[:k])


def project(x: ArrayLike, Q: ArrayLike) -> FloatArray:
    r"""Return the point nearest to ``x`` in the span of the columns of ``Q`` (2.1-a2).

    .. math:: P x = Q Q^\top x

    Parameters
    ----------
    x : array_like, shape (m,)
        A vector.
    Q : array_like, shape (m, k)
        Orthonormal columns.

    Returns
    -------
    ndarray of float64, shape (m,)
        The projection; what is left of ``x`` is orthogonal to every column.

    Raises
    ------
    ValueError
        If the columns aren't orthonormal, the shapes don't fit or a number isn't finite.

    References
    ----------
    L. N. Trefethen and D. Bau, *Numerical Linear Algebra* (1997), lecture 6.

    Examples
    --------
    >>> project([2, 4], [[0.8], [0.6]]).round(3).tolist()
    [3.2, 2.4]
    """
    vector, columns = check_array(x, "x", ndim=1), check_array(Q, "Q", ndim=2)
    if len(vector) != len(columns):
        raise ValueError(f"x: expected {len(columns)} numbers as Q has rows, got {len(vector)}")
    if not is_orthonormal(columns):
        raise ValueError("Q: expected orthonormal columns; gram_schmidt makes them")
    projection: FloatArray = columns @ (columns.T @ vector)
    return projection
