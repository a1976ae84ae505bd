r"""Hessian: the second derivatives of a function of several variables, and what they say.

.. math:: H_{ij} = \frac{\partial^2 f}{\partial x_i\,\partial x_j} \quad (2.7\text{-}f1)
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from mlsheet.validation import (
    FloatArray,
    check_array,
    check_between,
    check_positive,
    check_symmetric_matrix,
)

EPS = np.finfo(np.float64).eps


def hessian_fd(
    f: Callable[[FloatArray], float], x: ArrayLike, *, h: float | None = None
) -> FloatArray:
    r"""Estimate the Hessian from values of the function alone, by central differences (2.7-f1).

    .. math:: H_{ij} \approx \frac{f(x + h_i e_i + h_j e_j) - f(x + h_i e_i - h_j e_j)
        - f(x - h_i e_i + h_j e_j) + f(x - h_i e_i - h_j e_j)}{4 h_i h_j}

    The truncation error grows like :math:`h^2`, the rounding error like
    :math:`\varepsilon / h^2`: the best width is about :math:`\varepsilon^{1/4}`. The result is
    symmetric by construction, even where the true mixed derivatives differ.

    Parameters
    ----------
    f : callable
        Takes an array of shape (n,) and returns one number.
    x : array_like, shape (n,)
        Where to differentiate.
    h : float, optional
        The width of the differences, in the unit of ``x``; by default
        :math:`\varepsilon^{1/4} \max(1, |x_i|)` for each coordinate, about 1e-4.

    Returns
    -------
    ndarray of float64, shape (n, n)
        The symmetric matrix of second derivatives.

    Raises
    ------
    ValueError
        If ``x`` isn't a finite vector, ``h`` isn't above 0 or is lost in ``x + h``, or ``f``
        isn't finite near ``x``.

    References
    ----------
    J. Nocedal and S. J. Wright, *Numerical Optimization*, 2nd ed. (2006), section 8.1.

    Examples
    --------
    >>> hessian_fd(lambda p: p[0] ** 2 - p[1] ** 2 + p[0] * p[1], [0, 0]).round(6)
    array([[ 2.,  1.],
           [ 1., -2.]])
    """
    point = check_array(x, "x", ndim=1)
    widths = _widths(h, point, 1 / 4)
    steps = np.diag(widths)
    H = np.empty_like(steps)
    for i in range(len(point)):
        for j in range(i + 1):
            same, opposite = steps[i] + steps[j], steps[i] - steps[j]
            rise = f(point + same) + f(point - same)
            rise -= f(point + opposite) + f(point - opposite)
            H[i, j] = H[j, i] = rise / (4 * widths[i] * widths[j])
    return check_array(H, "f")


def hvp(
    grad: Callable[[FloatArray], FloatArray],
    x: ArrayLike,
    v: ArrayLike,
    *,
    h: float | None = None,
) -> FloatArray:
    r"""Multiply the Hessian by a vector without forming it, from two gradients.

    .. math:: H v \approx \frac{\nabla f(x + t v) - \nabla f(x - t v)}{2 t},
        \quad t = \frac{h}{\|v\|_\infty}

    Parameters
    ----------
    grad : callable
        The gradient: takes and returns an array of shape (n,).
    x : array_like, shape (n,)
        Where to differentiate.
    v : array_like, shape (n,)
        What to multiply by.
    h : float, optional
        How far the largest step of a coordinate goes, in the unit of ``x``; by default
        :math:`\varepsilon^{1/3} \max(1, \|x\|_\infty)`, about 6e-6.

    Returns
    -------
    ndarray of float64, shape (n,)
        The product.

    Raises
    ------
    ValueError
        If ``x``, ``v`` and the gradient aren't finite vectors of one length, or ``h`` isn't
        above 0 or is lost in ``x + h``.

    References
    ----------
    B. A. Pearlmutter, "Fast exact multiplication by the Hessian", Neural Computation 6 (1994).

    Examples
    --------
    >>> hvp(lambda p: np.array([2 * p[0] + p[1], p[0] - 2 * p[1]]), [0, 0], [1, 1]).round(6)
    array([ 3., -1.])
    """
    point, direction = check_array(x, "x", ndim=1), check_array(v, "v", ndim=1)
    if point.shape != direction.shape:
        raise ValueError(f"v: expected {len(point)} numbers as x has, got {len(direction)}")
    width, largest = _widths(h, np.abs(point).max(), 1 / 3), np.abs(direction).max()
    if largest == 0:
        return np.zeros_like(point)
    step = width * (direction / largest)
    ahead, behind = (check_array(grad(point + s), "grad", ndim=1) for s in (step, -step))
    if ahead.shape != point.shape:
        raise ValueError(f"grad: expected {len(point)} numbers as x has, got {len(ahead)}")
    product: FloatArray = (ahead - behind) / (2 * width) * largest
    return product


def classify_critical_point(H: ArrayLike, *, tol: float = 1e-6) -> str:
    r"""Name the kind of a point with zero gradient by the signs of the Hessian's eigenvalues.

    All positive: a minimum; all negative: a maximum; of both signs: a saddle, whatever the
    others are. Otherwise some are zero, and the second derivatives don't decide.

    Parameters
    ----------
    H : array_like, shape (n, n)
        Symmetric matrix, the Hessian at the point.
    tol : float
        Eigenvalues of at most ``tol`` times the largest one in size count as zero.

    Returns
    -------
    str
        ``"minimum"``, ``"maximum"``, ``"saddle"`` or ``"degenerate"``.

    Raises
    ------
    ValueError
        If ``H`` isn't finite, square and symmetric, or ``tol`` isn't from 0 to 1.

    References
    ----------
    J. Nocedal and S. J. Wright, *Numerical Optimization*, 2nd ed. (2006), section 2.1.

    Examples
    --------
    >>> classify_critical_point([[2, 1], [1, -2]])
    'saddle'
    """
    values = np.linalg.eigvalsh(check_symmetric_matrix(H, "H"))
    zero = check_between(tol, "tol", 0, 1) * np.abs(values).max()
    if values.min() < -zero and values.max() > zero:
        return "saddle"
    if np.abs(values).min() <= zero:
        return "degenerate"
    return "minimum" if values.min() > 0 else "maximum"


def _widths(h: float | None, x: FloatArray, power: float) -> FloatArray:
    """Return the width of a difference at each ``x``: `h`, or what suits the rounding there."""
    usual = EPS**power * np.maximum(1, np.abs(x))
    widths: FloatArray = usual if h is None else check_positive(h, "h") * np.ones_like(x)
    if (x + widths == x).any():
        raise ValueError(f"h: {h:g} is lost in x + h, take a larger width")
    return widths
