r"""Eigenvalues and eigenvectors: the directions a square matrix only stretches.

.. math:: A v = \lambda v, \quad v \ne 0, \quad A \in \mathbb{R}^{n \times n}
    \quad (2.4\text{-}f1)
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import hessenberg, lu_factor, lu_solve

from mlsheet.validation import (
    FloatArray,
    check_array,
    check_count,
    check_positive,
    check_square_matrix,
    check_symmetric_matrix,
)

ComplexArray = NDArray[np.complex128]


class IterationState(NamedTuple):
    """One step of an iteration towards an eigenpair.

    Parameters
    ----------
    vector : ndarray of float64, shape (n,)
        The current direction, of length 1.
    value : float
        Its Rayleigh quotient, the current estimate of the eigenvalue.
    residual : float
        Length of ``A v - value v``; 0 for an eigenpair.
    """

    vector: FloatArray
    value: float
    residual: float


def power_steps(A: ArrayLike, v0: ArrayLike, *, max_iter: int = 1000) -> Iterator[IterationState]:
    r"""Multiply by A and rescale, again and again (2.4-s1).

    .. math:: v_{k+1} = \frac{A v_k}{\|A v_k\|}, \quad \lambda \approx v_k^\top A v_k

    Parameters
    ----------
    A : array_like, shape (n, n)
        Square matrix.
    v0 : array_like, shape (n,)
        Where to start; anything but zero.
    max_iter : int
        The number of multiplications.

    Yields
    ------
    IterationState
        The start first, then one state for each multiplication; fresh arrays. It ends early
        where A v = 0: then v is an eigenvector, of eigenvalue 0.

    Raises
    ------
    ValueError
        At the first state, if shapes don't fit, a number isn't finite or ``v0`` is zero.

    References
    ----------
    G. H. Golub and C. F. Van Loan, *Matrix Computations*, 4th ed. (2013), section 7.3.

    Examples
    --------
    >>> *_, last = power_steps([[2, 1], [1, 2]], [1, 0], max_iter=20)
    >>> round(last.value, 6), last.vector.round(4).tolist()
    (3.0, [0.7071, 0.7071])
    """
    matrix, vector = _matrix_and_start(A, v0)
    for _ in range(check_count(max_iter, "max_iter") + 1):
        image = matrix @ vector
        value = float(vector @ image)
        yield IterationState(vector.copy(), value, float(np.linalg.norm(image - value * vector)))
        length = np.linalg.norm(image)
        if length == 0:
            return
        vector = image / length


def power_iteration(
    A: ArrayLike, v0: ArrayLike, *, tol: float = 1e-10, max_iter: int = 10_000
) -> IterationState:
    r"""Return the eigenpair of largest modulus, by `power_steps` until the residual is small.

    The error shrinks by about :math:`|\lambda_2 / \lambda_1|` with each step.

    Parameters
    ----------
    A : array_like, shape (n, n)
        Square matrix with one eigenvalue of largest modulus.
    v0 : array_like, shape (n,)
        Where to start; not orthogonal to the eigenvector sought.
    tol : float
        The residual to reach, relative to the largest row sum of ``abs(A)``.
    max_iter : int
        The greatest number of multiplications.

    Returns
    -------
    IterationState
        The eigenvector of length 1, its eigenvalue and the residual reached.

    Raises
    ------
    ValueError
        If the input is bad, or if the residual is still above ``tol`` after ``max_iter`` steps,
        as for a rotation, which has no real eigenvector.

    References
    ----------
    G. H. Golub and C. F. Van Loan, *Matrix Computations*, 4th ed. (2013), section 7.3.

    Examples
    --------
    >>> round(power_iteration([[2, 1], [1, 2]], [1, 0]).value, 6)
    3.0
    """
    return _first_converged(A, power_steps(A, v0, max_iter=max_iter), tol, max_iter)


def inverse_iteration(
    A: ArrayLike, v0: ArrayLike, *, shift: float, tol: float = 1e-10, max_iter: int = 1000
) -> IterationState:
    r"""Return the eigenpair nearest to ``shift``: power iteration on :math:`(A - sI)^{-1}`.

    The matrix is factorised once; each step solves two triangular systems.

    Parameters
    ----------
    A : array_like, shape (n, n)
        Square matrix.
    v0 : array_like, shape (n,)
        Where to start; not orthogonal to the eigenvector sought.
    shift : float
        A guess of the eigenvalue, not an eigenvalue itself.
    tol : float
        The residual to reach, relative to the largest row sum of ``abs(A)``.
    max_iter : int
        The greatest number of steps.

    Returns
    -------
    IterationState
        The eigenvector of length 1, its eigenvalue and the residual reached.

    Raises
    ------
    ValueError
        If the input is bad, ``shift`` is an eigenvalue to machine precision, or the residual is
        still above ``tol`` after ``max_iter`` steps.

    References
    ----------
    L. N. Trefethen and D. Bau, *Numerical Linear Algebra* (1997), lecture 27.

    Examples
    --------
    >>> round(inverse_iteration([[2, 1], [1, 2]], [1, 0], shift=0.8).value, 6)
    1.0
    """
    matrix, start = _matrix_and_start(A, v0)
    shifted = matrix - float(shift) * np.eye(len(matrix))
    if np.linalg.cond(shifted) > 1 / np.finfo(float).eps:
        raise ValueError(f"shift: {shift:g} is an eigenvalue already; move it a little")
    factors = lu_factor(shifted)

    def steps() -> Iterator[IterationState]:
        vector = start
        for _ in range(check_count(max_iter, "max_iter") + 1):
            image = matrix @ vector
            value = float(vector @ image)
            yield IterationState(vector, value, float(np.linalg.norm(image - value * vector)))
            solution = lu_solve(factors, vector)
            vector = solution / np.linalg.norm(solution)

    return _first_converged(matrix, steps(), tol, max_iter)


def qr_algorithm(A: ArrayLike, *, max_iter: int = 1000) -> ComplexArray:
    r"""Return all eigenvalues by the shifted QR algorithm.

    The matrix is brought to Hessenberg form; each step factorises :math:`H - \mu I = QR` with
    Wilkinson's shift :math:`\mu` and goes on with :math:`RQ + \mu I`, which has the same
    eigenvalues. A subdiagonal entry that has vanished splits the problem (deflation); the shift
    is complex where the last 2 × 2 block has complex eigenvalues.

    Parameters
    ----------
    A : array_like, shape (n, n)
        Square matrix.
    max_iter : int
        The greatest number of QR steps for all eigenvalues together.

    Returns
    -------
    ndarray of complex128, shape (n,)
        Eigenvalues with their multiplicities, by real part, then imaginary part.

    Raises
    ------
    ValueError
        If ``A`` isn't a finite square matrix, or ``max_iter`` steps don't suffice.

    References
    ----------
    G. H. Golub and C. F. Van Loan, *Matrix Computations*, 4th ed. (2013), section 7.5.

    Examples
    --------
    >>> qr_algorithm([[2, 1], [1, 2]]).real.round(6).tolist()
    [1.0, 3.0]
    """
    H = hessenberg(check_square_matrix(A, "A")).astype(complex)
    values: list[complex] = []
    steps = 0
    while len(H) > 1:
        scale = abs(H[-1, -1]) + abs(H[-2, -2]) or np.linalg.norm(H)
        if abs(H[-1, -2]) <= np.finfo(float).eps * scale:
            values.append(H[-1, -1])
            H = H[:-1, :-1]
            continue
        steps += 1
        if steps > check_count(max_iter, "max_iter"):
            raise ValueError(f"max_iter: {max_iter} steps were too few, raise it")
        nearest = np.abs(_roots(H[-2:, -2:]) - H[-1, -1]).argmin()
        shift = _roots(H[-2:, -2:])[nearest] if steps % 11 else abs(H[-1, -2])
        Q, R = np.linalg.qr(H - shift * np.eye(len(H)))
        H = R @ Q + shift * np.eye(len(H))
    return np.sort_complex([*values, *H.diagonal()])


def jacobi_eigh(A: ArrayLike, *, max_sweeps: int = 30) -> tuple[FloatArray, FloatArray]:
    r"""Return eigenvalues and eigenvectors of a symmetric matrix by plane rotations.

    Each rotation makes one pair of off-diagonal entries zero and lowers the sum of squares off
    the diagonal by theirs; what is left is :math:`A = V \Lambda V^\top`, the spectral theorem.

    Parameters
    ----------
    A : array_like, shape (n, n)
        Symmetric matrix.
    max_sweeps : int
        The greatest number of passes over all pairs.

    Returns
    -------
    values : ndarray of float64, shape (n,)
        Eigenvalues, ascending.
    vectors : ndarray of float64, shape (n, n)
        Orthonormal eigenvectors, one a column, in the same order.

    Raises
    ------
    ValueError
        If ``A`` isn't finite, square and symmetric, or ``max_sweeps`` don't suffice.

    References
    ----------
    G. H. Golub and C. F. Van Loan, *Matrix Computations*, 4th ed. (2013), section 8.5.

    Examples
    --------
    >>> values, vectors = jacobi_eigh([[2, 1], [1, 2]])
    >>> values.round(6).tolist()
    [1.0, 3.0]
    """
    matrix = check_symmetric_matrix(A, "A").copy()
    n = len(matrix)
    vectors = np.eye(n)
    for _ in range(check_count(max_sweeps, "max_sweeps")):
        if np.linalg.norm(np.tril(matrix, -1)) <= 1e-15 * np.linalg.norm(matrix):
            order = matrix.diagonal().argsort()
            return matrix.diagonal()[order].copy(), vectors[:, order]
        for p in range(n):
            for q in range(p + 1, n):
                rotation = zeroing_rotation(matrix, p, q)
                matrix[[p, q]] = rotation.T @ matrix[[p, q]]
                matrix[:, [p, q]] = matrix[:, [p, q]] @ rotation
                vectors[:, [p, q]] = vectors[:, [p, q]] @ rotation
    raise ValueError(f"max_sweeps: {max_sweeps} sweeps were too few, raise it")


def zeroing_rotation(matrix: FloatArray, p: int, q: int) -> FloatArray:
    r"""Return Jacobi's rotation of the plane (p, q), after which entry (p, q) is zero.

    .. math:: R = \begin{pmatrix} c & s \\ -s & c \end{pmatrix}, \quad
        (R^\top A_{pq} R)_{12} = 0

    Of the two such rotations it is the one by at most 45 degrees.

    Parameters
    ----------
    matrix : ndarray of float64, shape (n, n)
        Symmetric matrix.
    p, q : int
        Two different rows.

    Returns
    -------
    ndarray of float64, shape (2, 2)
        The rotation.

    References
    ----------
    G. H. Golub and C. F. Van Loan, *Matrix Computations*, 4th ed. (2013), section 8.5.

    Examples
    --------
    >>> A = np.array([[25.0, 20.0], [20.0, 25.0]])
    >>> R = zeroing_rotation(A, 0, 1)
    >>> np.abs(R.T @ A @ R).round(6).tolist()
    [[5.0, 0.0], [0.0, 45.0]]
    """
    if matrix[p, q] == 0:
        return np.eye(2)
    theta = (matrix[q, q] - matrix[p, p]) / (2 * matrix[p, q])
    tangent = (1.0 if theta >= 0 else -1.0) / (abs(theta) + np.hypot(theta, 1.0))
    cosine = 1 / np.hypot(tangent, 1.0)
    rotation: FloatArray = cosine * np.array([[1.0, tangent], [-tangent, 1.0]])
    return rotation


def eigenvalues_2x2(A: ArrayLike) -> ComplexArray:
    r"""Return both eigenvalues of a 2 × 2 matrix from its trace and determinant.

    .. math:: \lambda = \tfrac12 \left(t \pm \sqrt{t^2 - 4 d}\right),
        \quad t = \operatorname{tr} A, \quad d = \det A

    The root whose two terms have the same sign is computed first and the other one as
    :math:`d / \lambda`: a difference of nearly equal numbers would lose digits. The discriminant
    is taken as :math:`(a_{11} - a_{22})^2 + 4 a_{12} a_{21}` for the same reason.

    Parameters
    ----------
    A : array_like, shape (2, 2)
        Square matrix.

    Returns
    -------
    ndarray of complex128, shape (2,)
        Eigenvalues by real part, then imaginary part; real ones have imaginary part 0.

    Raises
    ------
    ValueError
        If ``A`` isn't a finite 2 × 2 matrix.

    References
    ----------
    W. H. Press et al., *Numerical Recipes*, 3rd ed. (2007), section 5.6, on quadratic equations.

    Examples
    --------
    >>> eigenvalues_2x2([[0, -1], [1, 0]]).tolist()
    [-1j, 1j]
    """
    matrix = check_square_matrix(A, "A")
    if matrix.shape != (2, 2):
        raise ValueError(f"A: expected shape (2, 2), got {matrix.shape}")
    return np.sort_complex(_roots(matrix.astype(complex)))


def _roots(block: ComplexArray) -> ComplexArray:
    """Return the eigenvalues of a 2 × 2 block, the one of larger modulus first."""
    (a, b), (c, d) = block
    half_trace, root = (a + d) / 2, np.sqrt((a - d) ** 2 / 4 + b * c)
    same_sign = np.sign((half_trace.conjugate() * root).real)
    if same_sign == 0:  # a conjugate pair, or a trace or root of 0: nothing cancels
        return np.array([half_trace + root, half_trace - root])
    larger = half_trace + same_sign * root
    return np.array([larger, (a * d - b * c) / larger])


def _matrix_and_start(A: ArrayLike, v0: ArrayLike) -> tuple[FloatArray, FloatArray]:
    matrix, start = check_square_matrix(A, "A"), check_array(v0, "v0", ndim=1)
    if len(start) != len(matrix):
        raise ValueError(f"v0: expected {len(matrix)} numbers as A has rows, got {len(start)}")
    length = np.linalg.norm(start)
    if length == 0:
        raise ValueError("v0: expected a vector other than zero")
    return matrix, start / length


def _first_converged(
    A: ArrayLike, states: Iterator[IterationState], tol: float, max_iter: int
) -> IterationState:
    bound = float(check_positive(tol, "tol")) * float(np.abs(A).sum(axis=1).max())
    for state in states:
        if state.residual <= bound:
            return state
    raise ValueError(
        f"max_iter: no convergence in {max_iter} steps, the residual is {state.residual:.2g}; "
        "is there one real eigenvalue of largest modulus?"
    )
