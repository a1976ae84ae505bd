r"""2.9 Matrix Operations in ML: products of vectors and matrices, lengths and angles.

.. math:: a \cdot b = \sum_i a_i b_i = \|a\| \, \|b\| \cos\theta \quad (2.9\text{-}f1)
"""

import numpy as np
from numpy.typing import ArrayLike

from mlsheet.validation import FloatArray, check_array


def dot(a: ArrayLike, b: ArrayLike) -> FloatArray:
    r"""Return the dot product of two vectors, or of each pair in two stacks (2.9-f1).

    .. math:: a \cdot b = \sum_i a_i b_i = \|a\| \, \|b\| \cos\theta

    Parameters
    ----------
    a, b : array_like, shape (..., n)
        Vectors along the last axis; the other axes broadcast.

    Returns
    -------
    ndarray of float64, shape (...,)
        One number for each pair.

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
    >>> float(dot([1, 2, 2], [2, 1, -2]))
    0.0
    """
    u, v = _vectors(a, b)
    products: FloatArray = np.einsum("...i,...i->...", u, v)
    return products


def cross(a: ArrayLike, b: ArrayLike) -> FloatArray:
    r"""Return the cross product of two vectors of space, or of each pair in two stacks (2.9-f2).

    .. math:: a \times b = (a_2 b_3 - a_3 b_2,\; a_3 b_1 - a_1 b_3,\; a_1 b_2 - a_2 b_1)

    It is perpendicular to both, and its length is the area of their parallelogram.

    Parameters
    ----------
    a, b : array_like, shape (..., 3)
        Vectors along the last axis; the other axes broadcast.

    Returns
    -------
    ndarray of float64, shape (..., 3)
        One vector for each pair.

    Raises
    ------
    ValueError
        If the vectors haven't three entries each, or a number isn't finite.

    References
    ----------
    G. Strang, *Introduction to Linear Algebra*, 5th ed. (2016), chapter 5.

    Examples
    --------
    >>> cross([3, 1, 0], [4, 8, 0]).tolist()
    [0.0, 0.0, 20.0]
    """
    u, v = _vectors(a, b)
    if u.shape[-1] != 3:
        raise ValueError(f"a: expected vectors of 3 entries, got shape {u.shape}")
    (a1, a2, a3), (b1, b2, b3) = np.moveaxis(u, -1, 0), np.moveaxis(v, -1, 0)
    return np.stack([a2 * b3 - a3 * b2, a3 * b1 - a1 * b3, a1 * b2 - a2 * b1], axis=-1)


def norm(a: ArrayLike) -> FloatArray:
    r"""Return the length of a vector, or of each vector in a stack.

    .. math:: \|a\| = \sqrt{a \cdot a}

    The entries are taken in one by one as legs of right triangles, so that no square overflows
    where the length itself doesn't.

    Parameters
    ----------
    a : array_like, shape (..., n)
        Vectors along the last axis.

    Returns
    -------
    ndarray of float64, shape (...,)
        Their Euclidean lengths.

    Raises
    ------
    ValueError
        If there is no vector, or a number isn't finite.

    References
    ----------
    N. J. Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd ed. (2002), chapter 27.

    Examples
    --------
    >>> float(norm([3, 4])), f"{norm([3e200, 4e200]):.3g}"
    (5.0, '5e+200')
    """
    vectors = check_array(a, "a")
    if vectors.ndim == 0:
        raise ValueError("a: expected a vector, got a single number")
    lengths: FloatArray = np.hypot.reduce(vectors, axis=-1)
    return lengths


def cosine_similarity(A: ArrayLike, B: ArrayLike) -> FloatArray:
    r"""Return the cosine of the angle between each row of ``A`` and each row of ``B``.

    .. math:: \cos\theta = \frac{a \cdot b}{\|a\| \, \|b\|}

    A row of zeros has no direction; by convention its cosine with anything is 0.

    Parameters
    ----------
    A : array_like, shape (m, d)
        Vectors, one a row.
    B : array_like, shape (n, d)
        Other vectors of the same length.

    Returns
    -------
    ndarray of float64, shape (m, n)
        Cosines, from -1 to 1 even after rounding.

    Raises
    ------
    ValueError
        If the two have different numbers of columns, or a number isn't finite.

    References
    ----------
    C. D. Manning, P. Raghavan and H. Schütze, *Introduction to Information Retrieval* (2008),
    section 6.3.

    Examples
    --------
    >>> cosine_similarity([[1, 0]], [[1, 0], [10, 10], [0, 0]]).round(3).tolist()
    [[1.0, 0.707, 0.0]]
    """
    rows, others = check_array(A, "A", ndim=2), check_array(B, "B", ndim=2)
    if rows.shape[1] != others.shape[1]:
        raise ValueError(f"B: expected {rows.shape[1]} columns as A has, got {others.shape[1]}")
    cosines: FloatArray = np.clip(_directions(rows) @ _directions(others).T, -1.0, 1.0)
    return cosines


def angle(a: ArrayLike, b: ArrayLike) -> float:
    r"""Return the angle between two vectors, accurate also when it is tiny.

    .. math:: \theta = 2 \operatorname{atan2}(\|u - v\|, \|u + v\|),
        \quad u = a / \|a\|, \quad v = b / \|b\|

    The unit vectors u and v span a rhombus, and the two lengths are its diagonals. An arc cosine
    would lose half of the digits where the cosine is near 1 and hardly changes with the angle.

    Parameters
    ----------
    a, b : array_like, shape (n,)
        Vectors other than zero.

    Returns
    -------
    float
        The angle in radians, from 0 to pi.

    Raises
    ------
    ValueError
        If a vector is zero, the two have different lengths, or a number isn't finite.

    References
    ----------
    W. Kahan, "How Futile are Mindless Assessments of Roundoff in Floating-Point Computation?"
    (2006), on mangled angles.

    Examples
    --------
    >>> round(angle([1, 2, 2], [2, 1, -2]) / np.pi, 10)
    0.5
    """
    pair = _vectors(check_array(a, "a", ndim=1), check_array(b, "b", ndim=1))
    for vector, name in zip(pair, "ab", strict=True):
        if not vector.any():
            raise ValueError(f"{name}: expected a vector other than zero, which has no direction")
    u, v = _directions(np.stack(pair))
    return float(2 * np.arctan2(norm(u - v), norm(u + v)))


def matmul_naive(A: ArrayLike, B: ArrayLike) -> FloatArray:
    r"""Multiply two matrices by three loops: 2 m k n operations, as ``A @ B`` needs, but slow.

    .. math:: (AB)_{ij} = \sum_{l=1}^{k} A_{il} B_{lj}

    Parameters
    ----------
    A : array_like, shape (m, k)
        Left factor.
    B : array_like, shape (k, n)
        Right factor.

    Returns
    -------
    ndarray of float64, shape (m, n)
        Their product: entry (i, j) is the dot product of row i of A and column j of B.

    Raises
    ------
    ValueError
        If the columns of A are not as many as the rows of B, or a number isn't finite.

    References
    ----------
    G. H. Golub and C. F. Van Loan, *Matrix Computations*, 4th ed. (2013), section 1.1.

    Examples
    --------
    >>> matmul_naive([[1, 2], [3, 4]], [[1], [10]]).tolist()
    [[21.0], [43.0]]
    """
    left, right = check_array(A, "A", ndim=2), check_array(B, "B", ndim=2)
    (m, k), (rows, n) = left.shape, right.shape
    if rows != k:
        raise ValueError(f"B: expected {k} rows as A has columns, got {rows}")
    product = np.zeros((m, n))
    for i in range(m):
        for j in range(n):
            for inner in range(k):
                product[i, j] += left[i, inner] * right[inner, j]
    return product


def _vectors(a: ArrayLike, b: ArrayLike) -> tuple[FloatArray, FloatArray]:
    u, v = check_array(a, "a"), check_array(b, "b")
    if u.ndim == 0 or v.ndim == 0 or u.shape[-1] != v.shape[-1]:
        raise ValueError(f"b: expected vectors as long as those of a, {u.shape}, got {v.shape}")
    return u, v


def _directions(rows: FloatArray) -> FloatArray:
    """Scale each row to length 1; a row of zeros stays."""
    _, exponents = np.frexp(np.abs(rows).max(axis=1, keepdims=True))
    scaled = np.ldexp(rows, -exponents)  # by a power of 2: exact, and no length overflows
    lengths = norm(scaled)[:, None]
    directions: FloatArray = np.divide(scaled, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return directions
