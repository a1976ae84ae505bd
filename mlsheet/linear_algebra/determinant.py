r"""2.2 Determinant: by how much a square matrix scales areas and volumes, and whether it mirrors.

.. math:: \operatorname{vol}(A(S)) = |\det A| \operatorname{vol}(S) \quad (2.2\text{-}f3)
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mlsheet.validation import FloatArray, check_array, check_square_matrix

LARGEST_COFACTOR_SIZE = 8


class EliminationState(NamedTuple):
    """One step of Gaussian elimination.

    Parameters
    ----------
    matrix : ndarray of float64, shape (n, n)
        What has become of A; zero below the diagonal in the columns done so far.
    swap_sign : int
        1 after an even number of row swaps, −1 after an odd one.
    """

    matrix: FloatArray
    swap_sign: int


def elimination_steps(A: ArrayLike) -> Iterator[EliminationState]:
    r"""Bring a square matrix to triangular form, one column a step, with partial pivoting.

    The largest entry in size moves to the diagonal, the *pivot*; multiples of its row are
    subtracted from those below. That leaves the determinant as it is, a swap of rows flips its
    sign, so :math:`\det A = \pm \prod_i u_{ii}` when U, the last matrix, is triangular.

    Parameters
    ----------
    A : array_like, shape (n, n)
        Square matrix.

    Yields
    ------
    EliminationState
        The start first, then one state for each of the first n − 1 columns; fresh arrays.

    Raises
    ------
    ValueError
        At the first state, if ``A`` isn't a finite square matrix.

    References
    ----------
    L. N. Trefethen and D. Bau, *Numerical Linear Algebra* (1997), lectures 20 and 21.

    Examples
    --------
    >>> *_, last = elimination_steps([[0, 2], [4, 6]])
    >>> last.matrix.tolist(), last.swap_sign
    ([[4.0, 6.0], [0.0, 2.0]], -1)
    """
    matrix, swap_sign = check_square_matrix(A, "A").copy(), 1
    yield EliminationState(matrix.copy(), swap_sign)
    for k in range(len(matrix) - 1):
        pivot = k + int(np.abs(matrix[k:, k]).argmax())
        if pivot != k:
            matrix[[k, pivot]] = matrix[[pivot, k]]
            swap_sign = -swap_sign
        if matrix[k, k] != 0:
            factors = matrix[k + 1 :, k] / matrix[k, k]
            matrix[k + 1 :] -= np.outer(factors, matrix[k])
            matrix[k + 1 :, k] = 0
        yield EliminationState(matrix.copy(), swap_sign)


def det_lu(A: ArrayLike) -> float:
    r"""Return the determinant: the product of the pivots, with the sign of the row swaps.

    .. math:: \det A = \pm \prod_i u_{ii}

    It takes about :math:`\tfrac23 n^3` operations. For a large matrix the product may leave the
    range of floating-point numbers and come out as 0 or infinite; use `slogdet_lu` there.

    Parameters
    ----------
    A : array_like, shape (n, n)
        Square matrix.

    Returns
    -------
    float
        The determinant.

    Raises
    ------
    ValueError
        If ``A`` isn't a finite square matrix.

    References
    ----------
    G. H. Golub and C. F. Van Loan, *Matrix Computations*, 4th ed. (2013), section 3.2.

    Examples
    --------
    >>> det_lu([[2, 1], [1, 2]])
    3.0
    """
    *_, last = elimination_steps(A)
    pivots = last.matrix.diagonal()
    with np.errstate(over="ignore"):
        return float(last.swap_sign * pivots.prod()) if pivots.all() else 0.0


def slogdet_lu(A: ArrayLike) -> tuple[float, float]:
    r"""Return the sign of the determinant and the logarithm of its size (2.2-s1).

    .. math:: \log|\det A| = \sum_i \log|u_{ii}|

    Parameters
    ----------
    A : array_like, shape (n, n)
        Square matrix.

    Returns
    -------
    sign : float
        1, −1, or 0 for a singular matrix.
    log_size : float
        The natural logarithm of the determinant's absolute value; −inf for a singular matrix.

    Raises
    ------
    ValueError
        If ``A`` isn't a finite square matrix.

    References
    ----------
    C. E. Rasmussen and C. K. I. Williams, *Gaussian Processes for Machine Learning* (2006),
    appendix A.4, on log determinants.

    Examples
    --------
    >>> sign, log_size = slogdet_lu([[0, 2], [4, 6]])
    >>> sign, round(log_size, 4)
    (-1.0, 2.0794)
    """
    *_, last = elimination_steps(A)
    pivots = last.matrix.diagonal()
    with np.errstate(divide="ignore"):
        log_size = np.log(np.abs(pivots)).sum()
    return float(last.swap_sign * np.sign(pivots).prod()), float(log_size)


def det_cofactor(A: ArrayLike) -> float:
    r"""Return the determinant by Laplace expansion along the first row.

    .. math:: \det A = \sum_{j=1}^n (-1)^{1+j} a_{1j} \det M_{1j}

    :math:`M_{1j}` is A without its first row and column j. This takes about n! operations: it is
    here to compare with, not to use.

    Parameters
    ----------
    A : array_like, shape (n, n)
        Square matrix, n at most 8.

    Returns
    -------
    float
        The determinant.

    Raises
    ------
    ValueError
        If ``A`` isn't a finite square matrix or has more than 8 rows.

    References
    ----------
    G. Strang, *Introduction to Linear Algebra*, 5th ed. (2016), chapter 5.

    Examples
    --------
    >>> det_cofactor([[2, 1, 0], [1, 2, 1], [0, 1, 2]])
    4.0
    """
    matrix = check_square_matrix(A, "A")
    if len(matrix) > LARGEST_COFACTOR_SIZE:
        raise ValueError(f"A: expected at most {LARGEST_COFACTOR_SIZE} rows, got {len(matrix)}")
    return _expand(matrix)


def _expand(matrix: FloatArray) -> float:
    if len(matrix) == 1:
        return float(matrix[0, 0])
    minors = (np.delete(matrix[1:], j, axis=1) for j in range(len(matrix)))
    return sum(
        (-1.0) ** j * float(entry) * _expand(minor)
        for j, (entry, minor) in enumerate(zip(matrix[0], minors, strict=True))
    )


def signed_area(polygon: ArrayLike) -> float:
    r"""Return the area of a polygon by the shoelace formula, negative if it runs clockwise.

    .. math:: \tfrac12 \sum_i (x_i y_{i+1} - x_{i+1} y_i)

    Parameters
    ----------
    polygon : array_like, shape (k, 2)
        Its corners in order, at least three; the last one joins the first.

    Returns
    -------
    float
        The area, in squared units of the coordinates.

    Raises
    ------
    ValueError
        If ``polygon`` doesn't hold at least three finite points of the plane.

    References
    ----------
    B. Braden, "The Surveyor's Area Formula", The College Mathematics Journal 17 (1986).

    Examples
    --------
    >>> signed_area([[0, 0], [1, 0], [1, 1], [0, 1]])
    1.0
    """
    corners = check_array(polygon, "polygon", ndim=2)
    if corners.shape[1] != 2 or len(corners) < 3:
        raise ValueError(f"polygon: expected shape (k, 2), k at least 3, got {corners.shape}")
    x, y = (corners - corners[0]).T  # near the origin the products lose no digits
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2)
