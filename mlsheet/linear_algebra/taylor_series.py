r"""Taylor series: a function near one point as a polynomial, and Newton's method, which uses it.

.. math:: f(x) \approx f(a) + f'(a)(x - a) + \frac{f''(a)}{2!}(x - a)^2 + \dots
    \quad (2.8\text{-}f1)
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import LinAlgError, cho_factor, cho_solve

from mlsheet.validation import (
    FloatArray,
    check_array,
    check_count,
    check_positive,
    check_symmetric_matrix,
)

Damping: TypeAlias = Literal["none", "line_search", "levenberg"]
ScalarFunction: TypeAlias = Callable[[FloatArray], float]
ArrayFunction: TypeAlias = Callable[[FloatArray], ArrayLike]

SUFFICIENT_DECREASE = 1e-4  # of what the slope promises


class NewtonState(NamedTuple):
    """Where Newton's method stands.

    Parameters
    ----------
    x : ndarray of float64, shape (n,)
        The current point.
    value : float
        The function there.
    gradient : ndarray of float64, shape (n,)
        Its gradient there.
    """

    x: FloatArray
    value: float
    gradient: FloatArray


def taylor_coeffs(derivatives: Sequence[Callable[[float], float]], a: float, n: int) -> FloatArray:
    r"""Return the coefficients of the Taylor polynomial of order ``n`` around ``a`` (2.8-f1).

    .. math:: c_k = \frac{f^{(k)}(a)}{k!}, \quad k = 0, \dots, n

    Parameters
    ----------
    derivatives : sequence of callable
        The function, its first derivative, its second, …; ``n + 1`` at least.
    a : float
        The point around which to expand.
    n : int
        The order of the polynomial.

    Returns
    -------
    ndarray of float64, shape (n + 1,)
        Coefficients of :math:`(x - a)^k`, the constant first.

    Raises
    ------
    ValueError
        If ``n`` is negative or too large for the derivatives given, or one isn't finite at ``a``.

    References
    ----------
    M. P. Deisenroth, A. A. Faisal and C. S. Ong, *Mathematics for Machine Learning* (2020),
    section 5.1.

    Examples
    --------
    >>> taylor_coeffs([np.exp] * 4, 0, 3).round(3).tolist()
    [1.0, 1.0, 0.5, 0.167]
    """
    order = check_count(n, "n", minimum=0, maximum=len(derivatives) - 1)
    values = check_array([derivative(a) for derivative in derivatives[: order + 1]], "derivatives")
    factorials = np.cumprod(np.maximum(1.0, np.arange(order + 1)))
    coefficients: FloatArray = values / factorials
    return coefficients


def taylor_eval(coeffs: ArrayLike, a: float, x: ArrayLike) -> FloatArray:
    r"""Evaluate a polynomial in :math:`x - a` by Horner's scheme.

    .. math:: c_0 + (x - a)\,(c_1 + (x - a)\,(c_2 + \dots))

    Parameters
    ----------
    coeffs : array_like, shape (n + 1,)
        Coefficients, the constant first, as `taylor_coeffs` returns them.
    a : float
        The point around which they expand.
    x : array_like
        Where to evaluate.

    Returns
    -------
    ndarray of float64
        The polynomial at each ``x``, of its shape.

    Raises
    ------
    ValueError
        If there is no coefficient, ``a`` isn't one number, or a number isn't finite.

    References
    ----------
    W. H. Press et al., *Numerical Recipes*, 3rd ed. (2007), section 5.1.

    Examples
    --------
    >>> taylor_eval([1, 1, 0.5], 0, [0.0, 0.1]).tolist()
    [1.0, 1.105]
    """
    distance = check_array(x, "x") - check_array(a, "a", ndim=0)
    result = np.zeros_like(distance)
    for coefficient in check_array(coeffs, "coeffs", ndim=1)[::-1]:
        result = result * distance + coefficient
    return result


def quadratic_model(
    f: ScalarFunction, grad: ArrayFunction, hess: ArrayFunction, x: ArrayLike
) -> Callable[[ArrayLike], FloatArray]:
    r"""Return the second-order Taylor polynomial of a function of several variables (2.8-s1).

    .. math:: m(\delta) = f(x) + \nabla f(x)^\top \delta + \tfrac12\,\delta^\top H(x)\,\delta

    Parameters
    ----------
    f, grad, hess : callable
        The function, its gradient and its Hessian at an array of shape (n,): a number, an array
        of shape (n,) and a symmetric one of shape (n, n).
    x : array_like, shape (n,)
        The point around which to expand.

    Returns
    -------
    callable
        Takes displacements from ``x``, shape (..., n), and returns the model there, shape (...).

    Raises
    ------
    ValueError
        If ``x`` or a displacement isn't finite, or ``f``, ``grad`` or ``hess`` isn't finite at
        ``x`` or not of its shape.

    References
    ----------
    J. Nocedal and S. J. Wright, *Numerical Optimization*, 2nd ed. (2006), section 2.2.

    Examples
    --------
    >>> model = quadratic_model(lambda p: p @ p, lambda p: 2 * p, lambda p: 2 * np.eye(2), [1, 0])
    >>> float(model([-1, 1]))
    1.0
    """
    value, gradient, H = _expansion(f, grad, hess, check_array(x, "x", ndim=1))

    def model(delta: ArrayLike) -> FloatArray:
        d = check_array(delta, "delta")
        return np.asarray(value + d @ gradient + ((d @ H) * d).sum(axis=-1) / 2)

    return model


def newton_steps(
    f: ScalarFunction,
    grad: ArrayFunction,
    hess: ArrayFunction,
    x0: ArrayLike,
    *,
    damping: Damping = "none",
    max_iter: int = 100,
) -> Iterator[NewtonState]:
    r"""Jump to where the quadratic model is level, again and again (2.8-s1).

    .. math:: x \leftarrow x - H^{-1} \nabla f

    Undamped, that may be a maximum or a saddle of the model. With damping, a multiple of the
    identity is added to a Hessian that isn't positive definite, so that each step points
    downhill. Until the function falls by a share of what the slope promises (Armijo's rule),
    ``"line_search"`` then halves the step and ``"levenberg"`` adds more of the identity.

    Parameters
    ----------
    f, grad, hess : callable
        The function, its gradient and its Hessian at an array of shape (n,): a number, an array
        of shape (n,) and a symmetric one of shape (n, n).
    x0 : array_like, shape (n,)
        Where to start.
    damping : {"none", "line_search", "levenberg"}
        What keeps the steps in check.
    max_iter : int
        The number of steps.

    Yields
    ------
    NewtonState
        The start first, then one state for each step; fresh arrays.

    Raises
    ------
    ValueError
        At the first state, if ``x0`` isn't a finite vector or there is no such damping; at any,
        if ``f``, ``grad`` or ``hess`` isn't finite or not of the shape above; undamped, if a
        Hessian is singular.

    References
    ----------
    J. Nocedal and S. J. Wright, *Numerical Optimization*, 2nd ed. (2006), sections 3.1 to 3.4.

    Examples
    --------
    >>> def f(p): return p[0] ** 4 / 4 - p[0] ** 2 / 2
    >>> steps = newton_steps(f, lambda p: p**3 - p, lambda p: [3 * p**2 - 1], [2], max_iter=4)
    >>> [round(float(state.x[0]), 3) for state in steps]
    [2.0, 1.455, 1.151, 1.025, 1.001]
    """
    x = check_array(x0, "x0", ndim=1).copy()
    if damping not in ("none", "line_search", "levenberg"):
        raise ValueError(f"damping: expected none, line_search or levenberg, got {damping!r}")
    for steps_left in range(check_count(max_iter, "max_iter"), -1, -1):
        value, gradient, H = _expansion(f, grad, hess, x)
        yield NewtonState(x, value, gradient)
        if steps_left == 0:
            return
        if damping == "none":
            x = x + _solution(H, -gradient)
            continue
        step, shift = _downhill(H, gradient, 0.0)
        while not f(x + step) <= value + SUFFICIENT_DECREASE * (step @ gradient):  # also NaN
            if damping == "line_search":
                step = step / 2
            else:
                step, shift = _downhill(H, gradient, 2 * shift + _small(H))
        x = x + step


def newton_minimize(
    f: ScalarFunction,
    grad: ArrayFunction,
    hess: ArrayFunction,
    x0: ArrayLike,
    *,
    damping: Damping = "none",
    tol: float = 1e-8,
    max_iter: int = 100,
) -> tuple[FloatArray, FloatArray]:
    """Take `newton_steps` until the gradient is small.

    Undamped, the point found may be a maximum or a saddle: look at the Hessian there.

    Parameters
    ----------
    f, grad, hess : callable
        The function, its gradient and its Hessian, as for `newton_steps`.
    x0 : array_like, shape (n,)
        Where to start.
    damping : {"none", "line_search", "levenberg"}
        What keeps the steps in check.
    tol : float
        The length of the gradient to reach.
    max_iter : int
        The greatest number of steps.

    Returns
    -------
    x : ndarray of float64, shape (n,)
        The point found.
    path : ndarray of float64, shape (k + 1, n)
        The start and the point after each of the k steps.

    Raises
    ------
    ValueError
        As for `newton_steps`, and if ``tol`` isn't above 0 or the gradient is still longer than
        ``tol`` after ``max_iter`` steps.

    References
    ----------
    J. Nocedal and S. J. Wright, *Numerical Optimization*, 2nd ed. (2006), section 3.3.

    Examples
    --------
    >>> from scipy.optimize import rosen, rosen_der, rosen_hess
    >>> x, path = newton_minimize(rosen, rosen_der, rosen_hess, [-1.2, 1])
    >>> x.round(6).tolist(), len(path) - 1
    ([1.0, 1.0], 6)
    """
    check_positive(tol, "tol")
    path = []
    for state in newton_steps(f, grad, hess, x0, damping=damping, max_iter=max_iter):
        path.append(state.x)
        if np.linalg.norm(state.gradient) <= tol:
            return state.x, np.array(path)
    raise ValueError(f"max_iter: the gradient is still longer than {tol:g} after {max_iter} steps")


def _expansion(
    f: ScalarFunction, grad: ArrayFunction, hess: ArrayFunction, x: FloatArray
) -> tuple[float, FloatArray, FloatArray]:
    """Return the function's value, gradient and Hessian at `x`, once they are in order."""
    value = float(check_array(f(x), "f", ndim=0))
    gradient, H = check_array(grad(x), "grad", ndim=1), check_symmetric_matrix(hess(x), "hess")
    for name, array in [("grad", gradient), ("hess", H)]:
        if len(array) != len(x):
            raise ValueError(f"{name}: expected length {len(x)} as x has, got {len(array)}")
    return value, gradient, H


def _solution(H: FloatArray, right: FloatArray) -> FloatArray:
    try:
        return np.asarray(np.linalg.solve(H, right), dtype=np.float64)
    except LinAlgError as error:
        raise ValueError("hess: expected an invertible matrix; damping helps") from error


def _downhill(H: FloatArray, gradient: FloatArray, shift: float) -> tuple[FloatArray, float]:
    """Solve (H + shift I) step = -gradient, the shift raised until the matrix is definite."""
    while True:
        try:
            factor = cho_factor(H + shift * np.eye(len(H)))
        except LinAlgError:
            shift = 2 * shift + _small(H)
        else:
            return -cho_solve(factor, gradient), shift


def _small(H: FloatArray) -> float:
    return 1e-3 * float(np.abs(H).max() or 1.0)
