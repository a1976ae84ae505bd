r"""Optimization with constraints: the smallest f(x) among the points where g(x) <= 0.

.. math::

    \mathcal{L}(x, \lambda) = f(x) + \lambda^\top g(x), \quad \lambda \ge 0
    \quad (2.11\text{-}f1, f2)

At a minimum, under a constraint qualification, a multiplier exists with

.. math::

    \nabla f + J_g^\top \lambda = 0, \quad g \le 0, \quad \lambda \ge 0, \quad \lambda_i g_i = 0
    \quad (2.11\text{-}s1)

Objectives and constraints are given as functions that return values and derivatives together.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import eigvalsh, solve

from mlsheet.validation import (
    FloatArray,
    check_array,
    check_count,
    check_positive,
    check_symmetric_matrix,
)

Objective: TypeAlias = Callable[[FloatArray], tuple[float, FloatArray]]
"""Returns f(x) and its gradient, of shape (n,)."""

Constraints: TypeAlias = Callable[[FloatArray], tuple[FloatArray, FloatArray]]
"""Returns g(x), of shape (m,), and its Jacobian, of shape (m, n)."""

INNER_TOLERANCE = 1e-6


class KKTResiduals(NamedTuple):
    """How far a point and its multipliers are from the four conditions; all 0 at a KKT point.

    Parameters
    ----------
    stationarity : float
        Length of the Lagrangian's gradient.
    primal : float
        The largest violation of g <= 0.
    dual : float
        The largest violation of lambda >= 0.
    complementarity : float
        The largest product of a multiplier and its constraint, in size.
    """

    stationarity: float
    primal: float
    dual: float
    complementarity: float


class MultiplierState(NamedTuple):
    """One step of the method of multipliers.

    Parameters
    ----------
    x : ndarray of float64, shape (n,)
        The point.
    multipliers : ndarray of float64, shape (m,)
        The estimate of lambda, never negative.
    """

    x: FloatArray
    multipliers: FloatArray


def kkt_residuals(
    objective: Objective,
    constraints: Constraints,
    x: ArrayLike,
    multipliers: ArrayLike,
) -> KKTResiduals:
    r"""Hold a point and its multipliers against the four KKT conditions (2.11-s1).

    Parameters
    ----------
    objective : callable
        Returns f(x) and its gradient, shape (n,).
    constraints : callable
        Returns g(x), shape (m,), and its Jacobian, shape (m, n); feasible is g <= 0.
    x : array_like, shape (n,)
        The point.
    multipliers : array_like, shape (m,)
        One multiplier for each constraint.

    Returns
    -------
    KKTResiduals
        Stationarity, primal and dual feasibility, complementarity.

    Raises
    ------
    ValueError
        If a number isn't finite, shapes don't fit, or there isn't one multiplier for each
        constraint.

    References
    ----------
    S. Boyd and L. Vandenberghe, *Convex Optimization* (2004), section 5.5.3.

    Examples
    --------
    >>> bone_at_1 = lambda x: ((x[0] - 1) ** 2, 2 * (x - 1))
    >>> fence_at_3 = lambda x: (x - 3, np.eye(1))
    >>> kkt_residuals(bone_at_1, fence_at_3, [3], [-4])
    KKTResiduals(stationarity=0.0, primal=0.0, dual=4.0, complementarity=0.0)
    """
    point = check_array(x, "x", ndim=1)
    prices = check_array(multipliers, "multipliers", ndim=1)
    _, gradient, values, jacobian = _evaluated(objective, constraints, point)
    if values.shape != prices.shape:
        raise ValueError(f"multipliers: expected shape {values.shape}, got {prices.shape}")
    return KKTResiduals(
        stationarity=float(np.linalg.norm(gradient + jacobian.T @ prices)),
        primal=float(np.maximum(values, 0.0).max()),
        dual=float(np.maximum(-prices, 0.0).max()),
        complementarity=float(np.abs(prices * values).max()),
    )


def augmented_lagrangian_steps(
    objective: Objective,
    constraints: Constraints,
    x0: ArrayLike,
    *,
    penalty: float = 10.0,
    max_iter: int = 20,
) -> Iterator[MultiplierState]:
    r"""Minimise f where g <= 0 by the method of multipliers.

    .. math::

        x \leftarrow \operatorname{argmin}_x f(x)
            + \tfrac{1}{2\mu} \|\max(0, \lambda + \mu g(x))\|^2,
        \qquad \lambda \leftarrow \max(0, \lambda + \mu g(x))

    The multipliers do what a penalty alone does only as :math:`\mu \to \infty`, so that
    :math:`\mu` may stay moderate and the inner problem well conditioned.

    Parameters
    ----------
    objective : callable
        Returns f(x) and its gradient, shape (n,).
    constraints : callable
        Returns g(x), shape (m,), and its Jacobian, shape (m, n).
    x0 : array_like, shape (n,)
        Where to start; it need not be feasible.
    penalty : float
        The weight :math:`\mu` of a violation, above 0.
    max_iter : int
        The number of updates of the multipliers.

    Yields
    ------
    MultiplierState
        The start with multipliers 0, then the state after each update; fresh arrays.

    Raises
    ------
    ValueError
        At the first state, if an argument is bad; later, if the inner problem has no minimum
        within reach, as where f is unbounded below.

    References
    ----------
    J. Nocedal and S. J. Wright, *Numerical Optimization*, 2nd ed. (2006), chapter 17.

    Examples
    --------
    >>> bone_at_0 = lambda z: (z @ z, 2 * z)
    >>> fence = lambda z: (np.array([1 - z.sum()]), -np.ones((1, 2)))
    >>> *_, last = augmented_lagrangian_steps(bone_at_0, fence, [2, 0])
    >>> last.x.round(6).tolist(), last.multipliers.round(6).tolist()
    ([0.5, 0.5], [1.0])
    """
    from scipy.optimize import minimize

    mu = float(check_positive(penalty, "penalty"))
    x = check_array(x0, "x0", ndim=1)
    multipliers = np.zeros(len(_evaluated(objective, constraints, x)[2]))

    def augmented(point: FloatArray) -> tuple[float, FloatArray]:
        (value, gradient), (g, jacobian) = objective(point), constraints(point)
        push = np.maximum(multipliers + mu * g, 0.0)
        return value + float(push @ push) / (2 * mu), gradient + jacobian.T @ push

    yield MultiplierState(x.copy(), multipliers)
    for _ in range(check_count(max_iter, "max_iter")):
        with np.errstate(over="ignore", invalid="ignore"):  # divergence is an error below
            found = minimize(augmented, x, jac=True, method="BFGS", options={"gtol": 1e-10})
        if not np.abs(found.jac).max() <= INNER_TOLERANCE:
            raise ValueError("objective: no inner minimum found; is f bounded where g <= 0?")
        x = found.x
        multipliers = np.maximum(multipliers + mu * constraints(x)[0], 0.0)
        yield MultiplierState(x.copy(), multipliers)


def solve_equality_qp(
    Q: ArrayLike, c: ArrayLike, A: ArrayLike, b: ArrayLike
) -> tuple[FloatArray, FloatArray]:
    r"""Minimise :math:`\tfrac12 x^\top Q x + c^\top x` where :math:`Ax = b`, by one linear solve.

    .. math::

        \begin{pmatrix} Q & A^\top \\ A & 0 \end{pmatrix}
        \begin{pmatrix} x \\ \lambda \end{pmatrix} = \begin{pmatrix} -c \\ b \end{pmatrix}

    The system is the KKT conditions. It has n positive and m negative eigenvalues just when the
    rows of A are independent and Q is positive definite along the constraint: then the solution
    is the one minimum, and otherwise it might be a saddle.

    Parameters
    ----------
    Q : array_like, shape (n, n)
        Symmetric matrix; it may be indefinite.
    c : array_like, shape (n,)
        The linear part.
    A : array_like, shape (m, n)
        One equation a row.
    b : array_like, shape (m,)
        Its right-hand sides.

    Returns
    -------
    x : ndarray of float64, shape (n,)
        The minimum.
    multipliers : ndarray of float64, shape (m,)
        One for each equation, of any sign.

    Raises
    ------
    ValueError
        If shapes don't fit, Q isn't symmetric, or there is no unique minimum.

    References
    ----------
    J. Nocedal and S. J. Wright, *Numerical Optimization*, 2nd ed. (2006), section 16.1.

    Examples
    --------
    >>> x, multipliers = solve_equality_qp([[2, 0], [0, 2]], [0, 0], [[-1, -1]], [-1])
    >>> x.tolist(), multipliers.tolist()
    ([0.5, 0.5], [1.0])
    """
    matrix, rows = check_symmetric_matrix(Q, "Q"), check_array(A, "A", ndim=2)
    m, n = rows.shape
    if n != len(matrix):
        raise ValueError(f"A: expected {len(matrix)} columns as Q has, got {n}")
    linear, right = check_array(c, "c", ndim=1), check_array(b, "b", ndim=1)
    if len(linear) != n or len(right) != m:
        raise ValueError(f"c, b: expected {n} and {m} numbers, got {len(linear)} and {len(right)}")
    kkt = np.block([[matrix, rows.T], [rows, np.zeros((m, m))]])
    values = eigvalsh(kkt)
    zero = 1e-12 * np.abs(values).max()
    if (values > zero).sum() != n or (values < -zero).sum() != m:
        raise ValueError("Q, A: no unique minimum; rows of A dependent, or Q not positive there")
    solution = solve(kkt, np.concatenate([-linear, right]), assume_a="sym")
    return solution[:n], solution[n:]


def projected_gradient(
    gradient: Callable[[FloatArray], FloatArray],
    project: Callable[[FloatArray], FloatArray],
    x0: ArrayLike,
    *,
    learning_rate: float,
    n_steps: int,
) -> FloatArray:
    r"""Step downhill, then go to the nearest feasible point, again and again.

    .. math:: x \leftarrow P\left(x - \eta \nabla f(x)\right)

    Parameters
    ----------
    gradient : callable
        The gradient of f at a point of shape (n,).
    project : callable
        The feasible point nearest to a point of shape (n,).
    x0 : array_like, shape (n,)
        Where to start; it is projected first.
    learning_rate : float
        The step size :math:`\eta`, above 0.
    n_steps : int
        The number of steps.

    Returns
    -------
    ndarray of float64, shape (n_steps + 1, n)
        The points visited, the start first, each of them feasible.

    Raises
    ------
    ValueError
        If the start or a gradient isn't finite, the learning rate isn't above 0 or there is no
        step.

    References
    ----------
    J. Nocedal and S. J. Wright, *Numerical Optimization*, 2nd ed. (2006), section 16.7.

    Examples
    --------
    >>> on_box = lambda x: np.clip(x, 0, 3)
    >>> projected_gradient(lambda x: 2 * (x - 5), on_box, [0], learning_rate=0.25, n_steps=3)
    array([[0. ],
           [2.5],
           [3. ],
           [3. ]])
    """
    path = [project(check_array(x0, "x0", ndim=1))]
    rate = float(check_positive(learning_rate, "learning_rate"))
    for _ in range(check_count(n_steps, "n_steps")):
        step = check_array(gradient(path[-1]), "gradient", ndim=1)
        path.append(project(path[-1] - rate * step))
    return np.array(path)


def project_ball(x: ArrayLike, radius: float = 1.0) -> FloatArray:
    r"""Return the nearest point of the ball :math:`\|y\| \le r`.

    Parameters
    ----------
    x : array_like, shape (n,)
        Any point.
    radius : float
        The ball's radius r, above 0.

    Returns
    -------
    ndarray of float64, shape (n,)
        ``x`` itself if it is inside, else its multiple of length r.

    Raises
    ------
    ValueError
        If a number isn't finite or the radius isn't above 0.

    References
    ----------
    S. Boyd and L. Vandenberghe, *Convex Optimization* (2004), section 8.1.

    Examples
    --------
    >>> project_ball([3, 4])
    array([0.6, 0.8])
    """
    point, r = check_array(x, "x", ndim=1), float(check_positive(radius, "radius"))
    nearest: FloatArray = point * (r / max(r, float(np.linalg.norm(point))))
    return nearest


def project_simplex(x: ArrayLike) -> FloatArray:
    r"""Return the nearest probabilities: :math:`y \ge 0` with sum 1.

    By the KKT conditions :math:`y_i = \max(0, x_i - \theta)`, with one multiplier
    :math:`\theta` for the sum; sorting finds it.

    Parameters
    ----------
    x : array_like, shape (n,)
        Any point.

    Returns
    -------
    ndarray of float64, shape (n,)
        Probabilities that sum to 1.

    Raises
    ------
    ValueError
        If a number isn't finite.

    References
    ----------
    J. Duchi et al., "Efficient projections onto the l1-ball for learning in high dimensions",
    ICML (2008), figure 1.

    Examples
    --------
    >>> project_simplex([0.8, 0.6, -1]).round(6).tolist()
    [0.6, 0.4, 0.0]
    """
    point = check_array(x, "x", ndim=1)
    point = point - point.max()  # a shift changes nothing but theta, and large numbers keep digits
    descending = np.sort(point)[::-1]
    thetas = (np.cumsum(descending) - 1) / np.arange(1, len(point) + 1)
    theta = thetas[descending > thetas][-1]  # of the largest support whose entries stay positive
    nearest: FloatArray = np.maximum(point - theta, 0.0)
    return nearest


def _evaluated(
    objective: Objective, constraints: Constraints, x: FloatArray
) -> tuple[float, FloatArray, FloatArray, FloatArray]:
    """Return f, its gradient, g and its Jacobian at x, of shapes that fit."""
    value, gradient = (check_array(part, "objective") for part in objective(x))
    values, jacobian = (check_array(part, "constraints") for part in constraints(x))
    if gradient.shape != x.shape:
        raise ValueError(f"objective: expected a gradient {x.shape}, got {gradient.shape}")
    if values.ndim != 1 or jacobian.shape != values.shape + x.shape:
        raise ValueError(
            f"constraints: expected g (m,) and a Jacobian (m, {len(x)}), "
            f"got {values.shape} and {jacobian.shape}"
        )
    return float(value), gradient, values, jacobian
