"""2.6 Jacobian: by differences, by the complex step, and exactly by dual numbers."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import ArrayLike

from mlsheet.validation import FloatArray, check_array, check_positive

Map: TypeAlias = Callable[[Any], Any]
"""Maps a vector to a vector, or to a list of its components."""

STEPS = {  # relative to max(1, |x|); each balances the error of the method against rounding
    "forward": float(np.finfo(float).eps ** (1 / 2)),
    "central": float(np.finfo(float).eps ** (1 / 3)),
    "complex": 1e-200,
}


def jacobian_fd(
    f: Map, x: ArrayLike, *, method: str = "central", h: float | None = None
) -> FloatArray:
    r"""Return the Jacobian by finite differences, column by column (2.6-f1, 2.6-s1).

    .. math:: J_{\cdot j} \approx \frac{f(x + h e_j) - f(x)}{h}, \quad
        \frac{f(x + h e_j) - f(x - h e_j)}{2h}, \quad \frac{\operatorname{Im} f(x + i h e_j)}{h}

    The first is off by terms in :math:`h`, the other two by terms in :math:`h^2`. Rounding adds
    about :math:`\varepsilon / h` to the first two. The third subtracts nothing, so its step can be
    tiny; but every operation in f must work on complex numbers as it does on real ones.

    Parameters
    ----------
    f : callable
        Maps an array of shape (n,) to one of shape (m,), or to a list of m numbers.
    x : array_like, shape (n,)
        Where to differentiate.
    method : str
        ``"forward"``, ``"central"`` or ``"complex"``.
    h : float, optional
        The step, the same for every component; by default that of `STEPS`, times max(1, abs(x)).

    Returns
    -------
    ndarray of float64, shape (m, n)
        Row i belongs to output i, column j to input j.

    Raises
    ------
    ValueError
        If the method is unknown, ``h`` isn't above 0, or f returns a matrix or isn't finite near
        ``x``.

    References
    ----------
    W. H. Press et al., *Numerical Recipes*, 3rd ed. (2007), section 5.7.

    Examples
    --------
    >>> jacobian_fd(lambda x: [x[0] * x[1], x[1] ** 2, 3.0], [2, 5], method="complex")
    array([[ 5.,  2.],
           [ 0., 10.],
           [ 0.,  0.]])
    """
    point = check_array(x, "x", ndim=1)
    if method not in STEPS:
        raise ValueError(f"method: expected one of {', '.join(STEPS)}, got {method!r}")
    usual = STEPS[method] * np.maximum(1, np.abs(point))
    steps = usual if h is None else np.full_like(point, check_positive(h, "h"))
    columns = []
    for step, move in zip(steps, np.diag(steps), strict=True):
        if method == "complex":
            change = np.imag(f(point + 1j * move))
        elif method == "central":
            change = (np.asarray(f(point + move)) - np.asarray(f(point - move))) / 2
        else:
            change = np.asarray(f(point + move)) - np.asarray(f(point))
        columns.append(check_array(np.atleast_1d(change), "change of f", ndim=1) / step)
    return np.column_stack(columns)


def _power(x: FloatArray, n: FloatArray, dx: FloatArray, dn: FloatArray) -> FloatArray:
    if dn.any():
        raise ValueError("power: expected a constant exponent; write exp(n * log(x))")
    slope: FloatArray = n * x ** (n - 1.0) * dx
    return slope


TANGENTS: Mapping[np.ufunc, Callable[..., FloatArray]] = {
    np.add: lambda x, y, dx, dy: dx + dy,
    np.subtract: lambda x, y, dx, dy: dx - dy,
    np.multiply: lambda x, y, dx, dy: dx * y + x * dy,
    np.matmul: lambda x, y, dx, dy: dx @ y + x @ dy,
    np.divide: lambda x, y, dx, dy: (dx * y - x * dy) / y**2,
    np.power: _power,
    np.negative: lambda x, dx: -dx,
    np.exp: lambda x, dx: np.exp(x) * dx,
    np.log: lambda x, dx: dx / x,
    np.sqrt: lambda x, dx: dx / (2 * np.sqrt(x)),
    np.sin: lambda x, dx: np.cos(x) * dx,
    np.cos: lambda x, dx: -np.sin(x) * dx,
    np.tanh: lambda x, dx: (1 - np.tanh(x) ** 2) * dx,
    np.arctan2: lambda y, x, dy, dx: (x * dy - y * dx) / (x**2 + y**2),
}


class Dual(NDArrayOperatorsMixin):
    r"""An array that carries its own rate of change: :math:`x + \varepsilon \dot x`.

    ``+ - * / ** @`` and the functions of `TANGENTS` work as on arrays, with their derivative rule
    beside them; so do indexing and `sum`.

    Parameters
    ----------
    value : array_like
        The numbers.
    tangent : array_like
        How fast each moves, of the same shape.
    """

    def __init__(self, value: ArrayLike, tangent: ArrayLike) -> None:
        self.value: FloatArray = np.asarray(value, dtype=np.float64)
        self.tangent: FloatArray = np.asarray(tangent, dtype=np.float64)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: "Dual | ArrayLike") -> object:
        if method != "__call__" or ufunc not in TANGENTS:
            return NotImplemented
        duals = [_dual(u) for u in inputs]
        values, tangents = [u.value for u in duals], [u.tangent for u in duals]
        return Dual(ufunc(*values), TANGENTS[ufunc](*values, *tangents))

    def __getitem__(self, index: Any) -> "Dual":  # noqa: ANN401
        return Dual(self.value[index], self.tangent[index])

    def sum(self, axis: int | None = None) -> "Dual":
        """Return the sums over an axis, over all numbers by default.

        Parameters
        ----------
        axis : int, optional
            The axis that goes.

        Returns
        -------
        Dual
            The sums and the sums of the tangents.

        Examples
        --------
        >>> total = Dual([1, 2], [0, 1]).sum()
        >>> float(total.value), float(total.tangent)
        (3.0, 1.0)
        """
        return Dual(self.value.sum(axis=axis), self.tangent.sum(axis=axis))


def _dual(u: "Dual | ArrayLike") -> Dual:
    return u if isinstance(u, Dual) else Dual(u, np.zeros_like(u, dtype=np.float64))


def jvp(f: Map, x: ArrayLike, v: ArrayLike) -> tuple[FloatArray, FloatArray]:
    r"""Return f(x) and the Jacobian times a vector, :math:`J v`, in one pass of dual numbers.

    Parameters
    ----------
    f : callable
        Maps a vector to a vector or a list of components, with the operations of `Dual`.
    x : array_like, shape (n,)
        Where to differentiate.
    v : array_like, shape (n,)
        The direction in which x moves.

    Returns
    -------
    value : ndarray of float64, shape (m,)
        The image of ``x``.
    tangent : ndarray of float64, shape (m,)
        How fast the image moves: exact up to rounding.

    Raises
    ------
    ValueError
        If ``v`` has another shape than ``x``, or the image or its tangent isn't finite.

    References
    ----------
    A. Griewank and A. Walther, *Evaluating Derivatives*, 2nd ed. (2008), chapter 3.

    Examples
    --------
    >>> jvp(lambda x: [x[0] * x[1], np.sin(x[0])], [0, 5], [1, 0])
    (array([0., 0.]), array([5., 1.]))
    """
    point, direction = check_array(x, "x", ndim=1), check_array(v, "v", ndim=1)
    if point.shape != direction.shape:
        raise ValueError(f"v: expected shape {point.shape} as x has, got {direction.shape}")
    with np.errstate(all="ignore"):
        image = f(Dual(point, direction))
    parts = [_dual(u) for u in (image if isinstance(image, list | tuple) else [image])]
    value = check_array(np.concatenate([u.value.ravel() for u in parts]), "f(x)")
    return value, check_array(np.concatenate([u.tangent.ravel() for u in parts]), "J v")


def jacobian_dual(f: Map, x: ArrayLike) -> FloatArray:
    r"""Return the Jacobian, one forward pass of dual numbers for each column (2.6-f1).

    .. math:: J_{ij} = \frac{\partial f_i}{\partial x_j}

    Parameters
    ----------
    f : callable
        Maps a vector to a vector or a list of components, with the operations of `Dual`.
    x : array_like, shape (n,)
        Where to differentiate.

    Returns
    -------
    ndarray of float64, shape (m, n)
        Row i belongs to output i, column j to input j; exact up to rounding.

    Raises
    ------
    ValueError
        If ``x`` isn't a finite vector, or f or its slope isn't finite there.

    References
    ----------
    A. Griewank and A. Walther, *Evaluating Derivatives*, 2nd ed. (2008), chapter 3.

    Examples
    --------
    >>> jacobian_dual(lambda x: [x[0] * np.cos(x[1]), x[0] * np.sin(x[1])], [2.0, 0.0])
    array([[1., 0.],
           [0., 2.]])
    """
    point = check_array(x, "x", ndim=1)
    return np.column_stack([jvp(f, point, unit)[1] for unit in np.eye(len(point))])


def chain(J_outer: ArrayLike, J_inner: ArrayLike) -> FloatArray:
    r"""Return the Jacobian of a composition, :math:`J_{f \circ g} = J_f\, J_g` (2.6-a1).

    Parameters
    ----------
    J_outer : array_like, shape (m, k)
        The Jacobian of f, taken at g(x).
    J_inner : array_like, shape (k, n)
        The Jacobian of g, taken at x.

    Returns
    -------
    ndarray of float64, shape (m, n)
        The Jacobian of f after g.

    Raises
    ------
    ValueError
        If f doesn't take as many numbers as g returns.

    References
    ----------
    M. P. Deisenroth, A. A. Faisal and C. S. Ong, *Mathematics for Machine Learning* (2020),
    section 5.3.

    Examples
    --------
    >>> chain([[1, 2]], [[3, 0, 1], [0, 4, 1]])
    array([[3., 8., 3.]])
    """
    outer, inner = check_array(J_outer, "J_outer", ndim=2), check_array(J_inner, "J_inner", ndim=2)
    if outer.shape[1] != len(inner):
        raise ValueError(
            f"J_inner: expected {outer.shape[1]} rows as J_outer has columns, got {len(inner)}"
        )
    return outer @ inner
