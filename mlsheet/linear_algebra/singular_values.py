r"""2.5 Singular Values: how much a matrix stretches, and along which directions.

.. math:: A = U \Sigma V^\top, \quad U^\top U = I, \quad V^\top V = I, \quad
    \sigma_1 \ge \sigma_2 \ge \dots \ge 0 \quad (2.5\text{-}f1)
"""

from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from mlsheet.linear_algebra.eigenvalues_and_eigenvectors import zeroing_rotation
from mlsheet.validation import FloatArray, check_array, check_between, check_count

Factors = tuple[FloatArray, FloatArray, FloatArray]


def svd_jacobi(A: ArrayLike, *, max_sweeps: int = 30) -> Factors:
    r"""Return the singular value decomposition by one-sided Jacobi rotations (2.5-f1).

    .. math:: A V = U \Sigma

    Pairs of columns of A are rotated until all are orthogonal. Their lengths are the singular
    values, their directions U, and the product of the rotations is V. :math:`A^\top A` is never
    formed as a whole, so that small singular values keep their digits.

    Parameters
    ----------
    A : array_like, shape (m, n)
        Any matrix; r is the smaller of m and n.
    max_sweeps : int
        The greatest number of passes over all pairs of columns.

    Returns
    -------
    U : ndarray of float64, shape (m, r)
        Left singular vectors, one a column.
    s : ndarray of float64, shape (r,)
        Singular values, descending.
    Vt : ndarray of float64, shape (r, n)
        Right singular vectors, one a row.

    Raises
    ------
    ValueError
        If ``A`` isn't a finite matrix, or ``max_sweeps`` don't suffice.

    References
    ----------
    G. H. Golub and C. F. Van Loan, *Matrix Computations*, 4th ed. (2013), section 8.6.

    Examples
    --------
    >>> U, s, Vt = svd_jacobi([[3, 0], [4, 5]])
    >>> (s**2).round(6).tolist()
    [45.0, 5.0]
    """
    matrix = check_array(A, "A", ndim=2)
    rows, columns = matrix.shape
    if rows < columns:
        U, s, Vt = svd_jacobi(matrix.T, max_sweeps=max_sweeps)
        return Vt.T, s, U.T
    scale = np.abs(matrix).max() or 1.0  # no square overflows or vanishes
    work, V = matrix / scale, np.eye(columns)
    for _ in range(check_count(max_sweeps, "max_sweeps")):
        rotated = False
        for p, q in combinations(range(columns), 2):
            pair = work[:, [p, q]]
            gram = pair.T @ pair
            if abs(gram[0, 1]) > 1e-15 * np.sqrt(rows * gram[0, 0] * gram[1, 1]):
                rotation = zeroing_rotation(gram, 0, 1)
                work[:, [p, q]] = pair @ rotation
                V[:, [p, q]] = V[:, [p, q]] @ rotation
                rotated = True
        if not rotated:
            return _factors(work * scale, np.linalg.norm(work, axis=0) * scale, V)
    raise ValueError(f"max_sweeps: {max_sweeps} sweeps were too few, raise it")


def svd_eig(A: ArrayLike) -> Factors:
    r"""Return the decomposition by the eigenvalues of :math:`A^\top A` (2.5-s2).

    .. math:: \sigma_i(A) = \sqrt{\lambda_i(A^\top A)}

    Exact on paper, poor in floating point: singular values below about :math:`10^{-8}` of the
    largest are lost, because their squares drown in the rounding of :math:`A^\top A`.

    Parameters
    ----------
    A : array_like, shape (m, n)
        Any matrix; r is the smaller of m and n.

    Returns
    -------
    U : ndarray of float64, shape (m, r)
        Left singular vectors, one a column; orthonormal only if ``A`` is well-conditioned.
    s : ndarray of float64, shape (r,)
        Singular values, descending.
    Vt : ndarray of float64, shape (r, n)
        Right singular vectors, one a row.

    Raises
    ------
    ValueError
        If ``A`` or the square isn't a finite matrix.

    References
    ----------
    L. N. Trefethen and D. Bau, *Numerical Linear Algebra* (1997), lecture 31.

    Examples
    --------
    >>> U, s, Vt = svd_eig([[3, 0], [4, 5]])
    >>> (s**2).round(6).tolist()
    [45.0, 5.0]
    """
    matrix = check_array(A, "A", ndim=2)
    if matrix.shape[0] < matrix.shape[1]:
        U, s, Vt = svd_eig(matrix.T)
        return Vt.T, s, U.T
    with np.errstate(over="ignore", invalid="ignore"):
        squares = check_array(matrix.T @ matrix, "A.T @ A")
    values, V = np.linalg.eigh(squares)
    return _factors(matrix @ V, np.sqrt(np.maximum(values, 0.0)), V)


def low_rank(A: ArrayLike, k: int) -> FloatArray:
    r"""Return the matrix of rank k that is nearest to A (2.5-s1).

    .. math:: A_k = \sum_{i=1}^{k} \sigma_i u_i v_i^\top

    No other matrix of that rank is nearer, in the spectral or the Frobenius norm.

    Parameters
    ----------
    A : array_like, shape (m, n)
        Any matrix.
    k : int
        How many singular values to keep, from 0 to the smaller of m and n.

    Returns
    -------
    ndarray of float64, shape (m, n)
        The approximation.

    Raises
    ------
    ValueError
        If ``A`` isn't a finite matrix or ``k`` is out of range.

    References
    ----------
    C. Eckart and G. Young, "The approximation of one matrix by another of lower rank",
    Psychometrika 1 (1936).

    Examples
    --------
    >>> low_rank([[3, 0], [4, 5]], 1).round(6).tolist()
    [[1.5, 1.5], [4.5, 4.5]]
    """
    matrix = check_array(A, "A", ndim=2)
    check_count(k, "k", minimum=0, maximum=min(matrix.shape))
    U, s, Vt = np.linalg.svd(matrix, full_matrices=False)
    approximation: FloatArray = (U[:, :k] * s[:k]) @ Vt[:k]
    return approximation


def pseudo_inverse(A: ArrayLike, rcond: float = 1e-15) -> FloatArray:
    r"""Return the Moore-Penrose inverse: each singular value inverted, tiny ones dropped.

    .. math:: A^+ = V \Sigma^+ U^\top

    :math:`A^+ b` is the shortest vector among those that bring :math:`A x` nearest to b.

    Parameters
    ----------
    A : array_like, shape (m, n)
        Any matrix.
    rcond : float
        Singular values up to this fraction of the largest count as zero.

    Returns
    -------
    ndarray of float64, shape (n, m)
        The pseudo-inverse.

    Raises
    ------
    ValueError
        If ``A`` isn't a finite matrix or ``rcond`` is negative.

    References
    ----------
    G. H. Golub and C. F. Van Loan, *Matrix Computations*, 4th ed. (2013), section 5.5.

    Examples
    --------
    >>> pseudo_inverse([[2, 0], [0, 0], [0, 0]]).tolist()
    [[0.5, 0.0, 0.0], [0.0, 0.0, 0.0]]
    """
    U, s, Vt = np.linalg.svd(check_array(A, "A", ndim=2), full_matrices=False)
    kept = s > check_between(rcond, "rcond", 0) * s[0]
    inverse: FloatArray = (Vt[kept].T / s[kept]) @ U[:, kept].T
    return inverse


def condition_number(A: ArrayLike) -> float:
    r"""Return the largest stretch over the smallest.

    .. math:: \kappa(A) = \sigma_1 / \sigma_r, \quad r = \min(m, n)

    Parameters
    ----------
    A : array_like, shape (m, n)
        Any matrix.

    Returns
    -------
    float
        At least 1; infinite if a singular value is exactly 0.

    Raises
    ------
    ValueError
        If ``A`` isn't a finite matrix.

    References
    ----------
    L. N. Trefethen and D. Bau, *Numerical Linear Algebra* (1997), lecture 12.

    Examples
    --------
    >>> round(condition_number([[3, 0], [4, 5]]), 6)
    3.0
    """
    s = np.linalg.svd(check_array(A, "A", ndim=2), compute_uv=False)
    return float(s[0] / s[-1]) if s[-1] > 0 else np.inf


def _factors(images: FloatArray, s: FloatArray, V: FloatArray) -> Factors:
    """Sort and normalise A V; where a singular value is 0, any direction left over will do."""
    order = np.argsort(-s, kind="stable")
    s = s[order]
    rank = np.count_nonzero(s)
    U = images[:, order[:rank]] / s[:rank]
    if rank < len(s):
        completed = np.linalg.qr(U, mode="complete")[0]
        U = np.hstack([U, completed[:, rank : len(s)]])
    return U, s, V[:, order].T
