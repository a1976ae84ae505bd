"""2.10 Derivative Rules: formulas that differentiate themselves, and checks by differences."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlsheet.validation import FloatArray, check_array, check_positive

Operand: TypeAlias = "Expr | float"
Method: TypeAlias = "Callable[[Expr, Operand], Expr]"
Function: TypeAlias = Callable[[FloatArray], ArrayLike]

VALUES: Mapping[str, np.ufunc] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "**": np.power,
    "exp": np.exp,
    "log": np.log,
    "sin": np.sin,
    "cos": np.cos,
}
NEUTRAL = {"+": 0, "-": 0, "*": 1, "/": 1, "**": 1}  # u + 0, u - 0, u * 1, … are u
PRECEDENCE = {"+": 1, "-": 1, "*": 2, "/": 2, "**": 3}


def _operators(op: str) -> tuple[Method, Method]:
    """Return the methods for ``u op v`` and for ``v op u``, where v need not be an `Expr`."""
    return (lambda u, v: _join(op, u, v)), (lambda u, v: _join(op, v, u))


@dataclass(frozen=True)
class Expr:
    """A formula as a tree, built from `variable` with ``+ - * / **`` and exp, log, sin, cos.

    Its text is Python code.

    Parameters
    ----------
    op : str
        An operation of `VALUES`, or ``"number"`` or ``"variable"`` for a leaf.
    args : tuple
        The operands, each an `Expr`; for a leaf its number or its name.
    """

    op: str
    args: tuple[Any, ...]

    __add__, __radd__ = _operators("+")
    __sub__, __rsub__ = _operators("-")
    __mul__, __rmul__ = _operators("*")
    __truediv__, __rtruediv__ = _operators("/")

    def __neg__(self) -> "Expr":
        return -1 * self

    def __pow__(self, exponent: Operand) -> "Expr":
        if _as_expr(exponent).op == "number":
            return _join("**", self, exponent)
        return exp(exponent * log(self))  # the power rule wants a constant exponent

    def __str__(self) -> str:
        if self.op not in PRECEDENCE:
            inner = str(self.args[0]).removesuffix(".0")
            return f"{self.op}({inner})" if self.op in VALUES else inner
        rank = PRECEDENCE[self.op]
        left, right = self.args
        if self.op == "**":
            return f"{_bracketed(left, rank)}**{_bracketed(right, rank)}"
        return f"{_bracketed(left, rank - 1)} {self.op} {_bracketed(right, rank)}"

    def diff(self, name: str) -> "Expr":
        r"""Return the derivative by a variable: one rule for each kind of node (2.10-f1 to f6).

        The last factor in the rules for functions of :math:`u` is the chain rule,
        :math:`\frac{dy}{dx} = \frac{dy}{du} \frac{du}{dx}`.

        Parameters
        ----------
        name : str
            The variable.

        Returns
        -------
        Expr
            The derivative, without terms that are 0 and factors that are 1.

        References
        ----------
        M. P. Deisenroth, A. A. Faisal and C. S. Ong, *Mathematics for Machine Learning* (2020),
        section 5.1.

        Examples
        --------
        >>> x = variable("x")
        >>> print((x**3).diff("x"))
        3 * x**2
        >>> print(sin(x**2 + 1).diff("x"))
        cos(x**2 + 1) * (2 * x)
        """
        slope: Expr
        match (self.op, *self.args):
            case ("+", f, g):
                slope = f.diff(name) + g.diff(name)
            case ("-", f, g):
                slope = f.diff(name) - g.diff(name)
            case ("*", u, v):
                slope = u.diff(name) * v + u * v.diff(name)
            case ("/", f, g):
                slope = (f.diff(name) * g - f * g.diff(name)) / g**2
            case ("**", u, n):
                slope = n * u ** (n - 1) * u.diff(name)
            case ("log", g):
                slope = g.diff(name) / g
            case ("exp", u):
                slope = exp(u) * u.diff(name)
            case ("sin", u):
                slope = cos(u) * u.diff(name)
            case ("cos", u):
                slope = -sin(u) * u.diff(name)
            case _:  # a number, or a variable: 1 if it is the one asked for
                slope = _as_expr(self.args[0] == name)
        return slope

    def eval(self, **values: ArrayLike) -> NDArray[Any]:
        """Return the number that the formula has at the given values of its variables.

        Parameters
        ----------
        **values : array_like
            A number or an array for each variable, real or complex.

        Returns
        -------
        ndarray
            The formula's value, of the shape to which the values broadcast.

        Raises
        ------
        ValueError
            If a variable has no value, or the formula isn't defined (or overflows) there.

        References
        ----------
        C. R. Harris et al., "Array programming with NumPy", Nature 585 (2020), on broadcasting.

        Examples
        --------
        >>> float((variable("x") ** 3).eval(x=2))
        8.0
        """
        with np.errstate(all="ignore"):
            result = np.asarray(self._value(values))
        if not np.isfinite(result).all():
            raise ValueError(f"eval: {self} is not a finite number everywhere there")
        return result

    def _value(self, values: Mapping[str, ArrayLike]) -> ArrayLike:
        if self.op in VALUES:
            value: ArrayLike = VALUES[self.op](*(arg._value(values) for arg in self.args))
            return value
        leaf = self.args[0]
        if self.op == "variable" and leaf not in values:
            raise ValueError(f"eval: the variable {leaf} has no value")
        return np.asarray(values[leaf]) if self.op == "variable" else np.float64(leaf)


def variable(name: str) -> Expr:
    """Return a variable, to build formulas from.

    Parameters
    ----------
    name : str
        Its name, a Python identifier.

    Returns
    -------
    Expr
        The leaf of a tree.

    Raises
    ------
    ValueError
        If the name isn't an identifier.

    References
    ----------
    P. Norvig, *Paradigms of Artificial Intelligence Programming* (1992), chapter 8, on programs
    that differentiate formulas.

    Examples
    --------
    >>> x = variable("x")
    >>> print(x**3 * exp(-1.5 * x))
    x**3 * exp(-1.5 * x)
    """
    if not name.isidentifier():
        raise ValueError(f"name: expected a Python identifier, got {name!r}")
    return Expr("variable", (name,))


def _as_expr(value: Operand) -> Expr:
    return value if isinstance(value, Expr) else Expr("number", (float(value),))


def _call(op: str, u: Operand) -> Expr:
    return Expr(op, (_as_expr(u),))


exp, log, sin, cos = (partial(_call, op) for op in ("exp", "log", "sin", "cos"))


def _bracketed(u: Expr, rank: int) -> str:
    """Return the text of `u`, in parentheses unless it binds tighter than `rank`."""
    negative = u.op == "number" and u.args[0] < 0
    binds = 2 if negative else PRECEDENCE.get(u.op, 4)
    return str(u) if binds > rank else f"({u})"


def _join(op: str, left: Operand, right: Operand) -> Expr:
    """Return the node of two operands, without a 0 that is added or a 1 that multiplies."""
    u, v, neutral, zero = _as_expr(left), _as_expr(right), _as_expr(NEUTRAL[op]), _as_expr(0)
    if v == neutral:
        return u
    if u == neutral and op in ("+", "*"):
        return v
    if (op == "*" and zero in (u, v)) or (op == "/" and u == zero):
        return zero
    if u.op == v.op == "number" and op in ("+", "-", "*"):
        return _as_expr(float(VALUES[op](*u.args, *v.args)))
    return Expr(op, (u, v))


def numeric_derivative(f: Function, x: ArrayLike, *, h: float | None = None) -> FloatArray:
    r"""Return the central difference at each number of ``x``.

    .. math:: f'(x) \approx \frac{f(x + h) - f(x - h)}{2h}

    Cutting the Taylor series costs an error like :math:`h^2`, rounding one like
    :math:`\varepsilon / h`; :math:`h = \varepsilon^{1/3}` balances the two.

    Parameters
    ----------
    f : callable
        Works number by number: maps an array to one of the same shape.
    x : array_like
        Where to differentiate.
    h : float, optional
        The step; by default ``eps ** (1 / 3) * max(1, abs(x))``, about 6e-6.

    Returns
    -------
    ndarray of float64, shape of ``x``
        The slopes, each off by about 1e-10 of the function's size.

    Raises
    ------
    ValueError
        If ``h`` isn't above 0 or is lost in ``x + h``, or ``f`` isn't finite near ``x`` or
        returns another shape.

    References
    ----------
    W. H. Press et al., *Numerical Recipes*, 3rd ed. (2007), section 5.7.

    Examples
    --------
    >>> numeric_derivative(np.exp, [0.0, 1.0]).round(6)
    array([1.      , 2.718282])
    """
    points = check_array(x, "x")
    usual = np.finfo(float).eps ** (1 / 3) * np.maximum(1, np.abs(points))
    step = usual if h is None else check_positive(h, "h")
    up, down = points + step, points - step
    if (up == down).any():
        raise ValueError(f"h: {h:g} is lost in x + h, take a larger step")
    rise: FloatArray = check_array(f(up), "f(x + h)") - check_array(f(down), "f(x - h)")
    _check_shape(rise, points, "f")
    return rise / (up - down)


def gradient_check(
    f: Callable[[FloatArray], float], grad: Callable[[FloatArray], ArrayLike], x: ArrayLike
) -> float:
    r"""Return how far a gradient is from central differences, relative to its largest entry.

    .. math:: \frac{\max_i |g_i - d_i|}{\max_i \max(|g_i|, |d_i|)}

    Parameters
    ----------
    f : callable
        Maps an array of the shape of ``x`` to one number.
    grad : callable
        Its gradient :math:`g`: maps such an array to one of the same shape.
    x : array_like
        Where to compare; every entry is moved, for the differences :math:`d`. Not at a minimum,
        where both are 0 up to rounding, and not at a kink.

    Returns
    -------
    float
        About 1e-9 for a right gradient; above 1e-3 for most mistakes.

    Raises
    ------
    ValueError
        If the gradient has another shape than ``x``, or a number isn't finite.

    References
    ----------
    I. Goodfellow, Y. Bengio and A. Courville, *Deep Learning* (2016), section 11.5.

    Examples
    --------
    >>> gradient_check(lambda x: (x**2).sum(), lambda x: 2 * x, [1.0, -3.0]) < 1e-8
    True
    """
    point = check_array(x, "x")
    gradient = check_array(grad(point.copy()), "grad")
    _check_shape(gradient, point, "grad")
    differences = np.empty_like(point)
    for index in np.ndindex(point.shape):

        def along(number: FloatArray, index: tuple[int, ...] = index) -> float:
            moved = point.copy()
            moved[index] = number
            return f(moved)

        differences[index] = numeric_derivative(along, point[index])
    largest = np.maximum(np.abs(gradient), np.abs(differences)).max()
    return float(np.abs(gradient - differences).max() / largest) if largest else 0.0


def log_derivative(g: Function, dg: Function, x: ArrayLike) -> FloatArray:
    r"""Return the derivative of :math:`\ln g(x)`, the relative slope of g (2.10-f6).

    .. math:: (\ln g)' = \frac{g'}{g}, \quad g > 0

    Parameters
    ----------
    g : callable
        A positive function that works number by number.
    dg : callable
        Its derivative.
    x : array_like
        Where to differentiate.

    Returns
    -------
    ndarray of float64, shape of ``x``
        The derivative of the logarithm.

    Raises
    ------
    ValueError
        If ``g`` isn't above 0 everywhere in ``x``, as its logarithm isn't defined there, or
        ``g`` or ``dg`` isn't finite or returns another shape.

    References
    ----------
    R. S. Sutton and A. G. Barto, *Reinforcement Learning*, 2nd ed. (2018), section 13.3, where
    this is the eligibility vector.

    Examples
    --------
    >>> log_derivative(lambda x: x**3, lambda x: 3 * x**2, [1.0, 2.0])
    array([3. , 1.5])
    """
    points = check_array(x, "x")
    values, slopes = check_positive(g(points), "g"), check_array(dg(points), "dg")
    _check_shape(values, points, "g")
    _check_shape(slopes, points, "dg")
    relative: FloatArray = slopes / values
    return relative


def _check_shape(returned: FloatArray, x: FloatArray, name: str) -> None:
    if returned.shape != x.shape:
        raise ValueError(f"{name}: expected shape {x.shape} as x has, got {returned.shape}")
