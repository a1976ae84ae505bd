r"""Backpropagation: reverse-mode differentiation, the engine of the deep-learning chapters.

A `Tensor` holds a value and, for each operand it was computed from, the *vector-Jacobian
product* that carries a gradient back to it.  `grad` walks the graph once, from the loss to the
parameters, and adds up over all paths:

.. math:: \frac{\partial L}{\partial w} = \sum_{\text{paths}} \frac{\partial L}{\partial y}
    \frac{\partial y}{\partial z} \frac{\partial z}{\partial w} \quad (4.1\text{-}f1)

Gradients are returned, never stored, so nothing has to be reset between steps.  There is no
second derivative.  Further operations live in the modules that teach them
(`activation_functions`, `loss_functions`, `layer_normalization` …) and are built with
`operation`.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlsheet.validation import FloatArray, check_positive

Operand: TypeAlias = "Tensor | ArrayLike"
BackwardRule: TypeAlias = Callable[[FloatArray], FloatArray]
Axes: TypeAlias = int | tuple[int, ...] | None


class Tensor:
    """A value in a computation that can be differentiated.

    Arithmetic (``+ - * / ** @``) and indexing work as on arrays; a plain array or number among
    the operands is a constant. Elementwise methods: `exp`, `log`, `sqrt`, `abs`, `clip`;
    reductions: `sum`, `mean`, `max`, `logsumexp`; shapes: `reshape`, `transpose`, `swapaxes`.

    Parameters
    ----------
    value : array_like
        The numbers, kept as float64.
    """

    __slots__ = ("edges", "name", "value")
    __array_ufunc__ = None  # so that array + Tensor is left to Tensor

    def __init__(self, value: ArrayLike) -> None:
        self.value: FloatArray = np.asarray(value, dtype=np.float64)
        self.edges: tuple[tuple[Tensor, BackwardRule], ...] = ()
        self.name = "tensor"

    def __repr__(self) -> str:
        return f"Tensor({self.value!r}, from {self.name})"

    def __len__(self) -> int:
        return len(self.value)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the value."""
        return self.value.shape

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self.value.ndim

    def detach(self) -> "Tensor":
        """Return the same value as a constant, cut off from what it was computed from."""
        return Tensor(self.value)

    # Arithmetic. Each rule carries the gradient g of the result back to one operand.

    def __add__(self, other: Operand) -> "Tensor":
        return _elementwise("add", np.add, self, other, lambda g, x, y: g, lambda g, x, y: g)

    def __radd__(self, other: Operand) -> "Tensor":
        return self + other

    def __sub__(self, other: Operand) -> "Tensor":
        return _elementwise("sub", np.subtract, self, other, lambda g, x, y: g, lambda g, x, y: -g)

    def __rsub__(self, other: Operand) -> "Tensor":
        return -self + other

    def __mul__(self, other: Operand) -> "Tensor":
        return _elementwise(
            "mul", np.multiply, self, other, lambda g, x, y: g * y, lambda g, x, y: g * x
        )

    def __rmul__(self, other: Operand) -> "Tensor":
        return self * other

    def __truediv__(self, other: Operand) -> "Tensor":
        return _elementwise(
            "div", np.divide, self, other, lambda g, x, y: g / y, lambda g, x, y: -g * x / y**2
        )

    def __rtruediv__(self, other: Operand) -> "Tensor":
        return Tensor(value_of(other)) / self

    def __neg__(self) -> "Tensor":
        return operation("neg", -self.value, (self, lambda g: -g))

    def __pow__(self, exponent: float) -> "Tensor":
        x = self.value
        return operation("pow", x**exponent, (self, lambda g: g * exponent * x ** (exponent - 1.0)))

    def __matmul__(self, other: Operand) -> "Tensor":
        return _matmul(self, other)

    def __rmatmul__(self, other: Operand) -> "Tensor":
        return _matmul(other, self)

    # Elementwise.

    def exp(self) -> "Tensor":
        """Return e to the power of each number."""
        y = np.exp(self.value)
        return operation("exp", y, (self, lambda g: g * y))

    def log(self) -> "Tensor":
        """Return natural logarithms."""
        return operation("log", np.log(self.value), (self, lambda g: g / self.value))

    def sqrt(self) -> "Tensor":
        """Return square roots."""
        y = np.sqrt(self.value)
        return operation("sqrt", y, (self, lambda g: g / (2 * y)))

    def abs(self) -> "Tensor":
        """Return absolute values; the derivative at 0 is taken as 0."""
        return operation("abs", np.abs(self.value), (self, lambda g: g * np.sign(self.value)))

    def clip(self, low: float, high: float) -> "Tensor":
        """Return the numbers limited to [low, high]; outside, the derivative is 0."""
        inside = (self.value >= low) & (self.value <= high)
        return operation("clip", np.clip(self.value, low, high), (self, lambda g: g * inside))

    # Reductions.

    def sum(self, axis: Axes = None, *, keepdims: bool = False) -> "Tensor":
        """Return sums over the axes, over all by default."""
        y = self.value.sum(axis=axis, keepdims=keepdims)

        def back(g: FloatArray) -> FloatArray:
            return np.broadcast_to(_kept(g, axis, keepdims), self.shape)

        return operation("sum", y, (self, back))

    def mean(self, axis: Axes = None, *, keepdims: bool = False) -> "Tensor":
        """Return means over the axes, over all by default."""
        total = self.sum(axis, keepdims=keepdims)
        return total * (total.value.size / self.value.size)

    def max(self, axis: Axes = None, *, keepdims: bool = False) -> "Tensor":
        """Return maxima over the axes; equal maxima share the gradient evenly."""
        y = self.value.max(axis=axis, keepdims=True)
        chosen = self.value == y
        share = chosen / chosen.sum(axis=axis, keepdims=True)
        value = y if keepdims else y.squeeze(axis)
        return operation("max", value, (self, lambda g: _kept(g, axis, keepdims) * share))

    def logsumexp(self, axis: Axes = None, *, keepdims: bool = False) -> "Tensor":
        """Return log(sum(exp(x))) over the axes, without overflow."""
        top = self.value.max(axis=axis, keepdims=True)
        weights = np.exp(self.value - top)
        total = weights.sum(axis=axis, keepdims=True)
        y = np.log(total) + top
        weights /= total
        value = y if keepdims else y.squeeze(axis)
        return operation("logsumexp", value, (self, lambda g: _kept(g, axis, keepdims) * weights))

    # Shapes.

    def reshape(self, *shape: int) -> "Tensor":
        """Return the numbers in another shape."""
        return operation(
            "reshape", self.value.reshape(shape), (self, lambda g: g.reshape(self.shape))
        )

    def transpose(self, *axes: int) -> "Tensor":
        """Return the axes in another order, reversed by default."""
        order = axes or tuple(range(self.ndim))[::-1]
        back = np.argsort(order)
        return operation(
            "transpose", self.value.transpose(order), (self, lambda g: g.transpose(back))
        )

    def swapaxes(self, first: int, second: int) -> "Tensor":
        """Return two axes exchanged."""
        return operation(
            "swapaxes",
            self.value.swapaxes(first, second),
            (self, lambda g: g.swapaxes(first, second)),
        )

    def __getitem__(self, index: Any) -> "Tensor":  # noqa: ANN401
        parts = index if isinstance(index, tuple) else (index,)
        basic = all(p is None or p is ... or isinstance(p, int | slice) for p in parts)

        def back(g: FloatArray) -> FloatArray:
            full = np.zeros_like(self.value)
            if basic:
                full[index] += g
            else:
                np.add.at(full, index, g)  # an entry taken twice gets both gradients
            return full

        return operation("getitem", self.value[index], (self, back))


def value_of(operand: Operand) -> FloatArray:
    """Return the numbers of a tensor or of a constant.

    Parameters
    ----------
    operand : Tensor or array_like
        What an operation was given.

    Returns
    -------
    ndarray of float64
        Its numbers.

    Examples
    --------
    >>> value_of(Tensor([1, 2]))
    array([1., 2.])
    """
    if isinstance(operand, Tensor):
        return operand.value
    return np.asarray(operand, dtype=np.float64)


def operation(name: str, value: FloatArray, *edges: tuple[Operand, BackwardRule]) -> Tensor:
    """Return the result of a new operation: its value and how gradients go back.

    Parameters
    ----------
    name : str
        What the operation is called in error messages.
    value : ndarray of float64
        The result.
    *edges : tuple of (operand, callable)
        For each operand its vector-Jacobian product: it maps the gradient with respect to the
        result to that with respect to the operand, of the operand's shape. Constants are left
        out of the graph.

    Returns
    -------
    Tensor
        The result as a node of the graph.

    Examples
    --------
    >>> x = Tensor([1.0, 2.0])
    >>> y = operation("double", 2 * x.value, (x, lambda g: 2 * g))
    >>> grad(y.sum(), [x])[0]
    array([2., 2.])
    """
    result = Tensor(value)
    result.name = name
    result.edges = tuple((node, rule) for node, rule in edges if isinstance(node, Tensor))
    return result


def grad(loss: Tensor, parameters: Sequence[Tensor]) -> list[FloatArray]:
    """Return the gradient of a single number with respect to each parameter.

    Parameters
    ----------
    loss : Tensor
        One number.
    parameters : sequence of Tensor
        Any nodes of the graph; one that the loss doesn't depend on has gradient 0.

    Returns
    -------
    list of ndarray of float64
        Gradients, each of its parameter's shape.

    Raises
    ------
    ValueError
        If ``loss`` has more than one number.

    References
    ----------
    A. G. Baydin et al., "Automatic differentiation in machine learning: a survey", JMLR 18 (2018).

    Examples
    --------
    >>> w = Tensor(3.0)
    >>> grad(w * w + w, [w])[0]
    array(7.)
    """
    if loss.value.size != 1:
        raise ValueError(f"loss: expected a single number, got shape {loss.shape}")
    wanted = {id(parameter) for parameter in parameters}
    gradients = {id(loss): np.ones_like(loss.value)}
    for node in _from_loss_to_leaves(loss):
        upstream = gradients[id(node)] if id(node) in wanted else gradients.pop(id(node))
        for parent, rule in node.edges:
            share = rule(upstream)
            if share.shape != parent.shape:
                raise AssertionError(
                    f"{node.name}: gradient of shape {share.shape} for {parent.shape}"
                )
            before = gradients.get(id(parent))
            gradients[id(parent)] = share if before is None else before + share
    return [
        np.array(gradients.get(id(parameter), np.zeros(parameter.shape)))
        for parameter in parameters
    ]


def _from_loss_to_leaves(loss: Tensor) -> Iterator[Tensor]:
    """Yield each node that the loss depends on after all nodes that use it."""
    order: list[Tensor] = []
    seen = set()
    stack = [(loss, False)]
    while stack:
        node, finished = stack.pop()
        if finished:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))
            stack.extend((parent, False) for parent, _ in node.edges)
    return reversed(order)


def gradient_check(
    f: Callable[..., Tensor], inputs: Sequence[ArrayLike], *, eps: float = 1e-5
) -> float:
    r"""Return how far the engine's gradients are from central differences.

    .. math:: \frac{\partial f}{\partial x_i} \approx
        \frac{f(x + \epsilon e_i) - f(x - \epsilon e_i)}{2 \epsilon}

    Parameters
    ----------
    f : callable
        Maps tensors to a tensor with a single number.
    inputs : sequence of array_like
        Where to differentiate; every number of every input is moved.
    eps : float
        The size of a move.

    Returns
    -------
    float
        The largest absolute difference, about 1e-9 when the gradients are right.

    Raises
    ------
    ValueError
        If ``eps`` isn't above 0 or ``f`` returns more than one number.

    References
    ----------
    I. Goodfellow, Y. Bengio and A. Courville, *Deep Learning* (2016), section 11.5.

    Examples
    --------
    >>> gradient_check(lambda x: (x * x).sum(), [[1.0, 2.0]]) < 1e-8
    True
    """
    check_positive(eps, "eps")
    points = [np.array(value, dtype=np.float64) for value in inputs]
    tensors = [Tensor(point.copy()) for point in points]
    worst = 0.0
    for point, gradient in zip(points, grad(f(*tensors), tensors), strict=True):
        for index in np.ndindex(point.shape):
            kept = point[index]
            values = []
            for moved in (kept + eps, kept - eps):
                point[index] = moved
                values.append(float(f(*(Tensor(p.copy()) for p in points)).value))
            point[index] = kept
            difference = (values[0] - values[1]) / (2 * eps) - float(gradient[index])
            worst = max(worst, abs(difference))
    return worst


# Operations on several tensors.


def concatenate(tensors: Sequence[Operand], axis: int = 0) -> Tensor:
    """Join tensors along an axis that they have.

    Parameters
    ----------
    tensors : sequence of Tensor or array_like
        At least one; shapes differ in that axis only.
    axis : int
        The axis along which to join.

    Returns
    -------
    Tensor
        The joined tensor.

    Raises
    ------
    ValueError
        If there is none, or the shapes don't fit.

    Examples
    --------
    >>> concatenate([Tensor([1, 2]), Tensor([3])]).value
    array([1., 2., 3.])
    """
    values = [value_of(tensor) for tensor in tensors]
    try:
        joined = np.concatenate(values, axis=axis)
    except ValueError as error:
        raise ValueError(f"concatenate: {error}") from None
    ends = np.cumsum([value.shape[axis] for value in values])

    def part(i: int) -> BackwardRule:
        return lambda g: np.split(g, ends[:-1], axis=axis)[i]

    return operation(
        "concatenate", joined, *((tensor, part(i)) for i, tensor in enumerate(tensors))
    )


def stack(tensors: Sequence[Operand], axis: int = 0) -> Tensor:
    """Join tensors of one shape along a new axis.

    Parameters
    ----------
    tensors : sequence of Tensor or array_like
        At least one, all of the same shape.
    axis : int
        Where the new axis stands.

    Returns
    -------
    Tensor
        The joined tensor.

    Raises
    ------
    ValueError
        If there is none, or the shapes differ.

    Examples
    --------
    >>> stack([Tensor([1, 2]), Tensor([3, 4])]).shape
    (2, 2)
    """
    try:
        joined = np.stack([value_of(tensor) for tensor in tensors], axis=axis)
    except ValueError as error:
        raise ValueError(f"stack: {error}") from None

    def part(i: int) -> BackwardRule:
        return lambda g: np.take(g, i, axis=axis)

    return operation("stack", joined, *((tensor, part(i)) for i, tensor in enumerate(tensors)))


def pad(x: Operand, widths: Sequence[tuple[int, int]], value: float = 0.0) -> Tensor:
    """Surround a tensor with a constant.

    Parameters
    ----------
    x : Tensor or array_like
        What to surround.
    widths : sequence of (int, int)
        For each axis how many entries to add before and after.
    value : float
        The constant.

    Returns
    -------
    Tensor
        The larger tensor.

    Raises
    ------
    ValueError
        If there isn't one pair of widths for each axis.

    Examples
    --------
    >>> pad(Tensor([1.0]), [(1, 2)]).value
    array([0., 1., 0., 0.])
    """
    numbers = value_of(x)
    if len(widths) != numbers.ndim:
        raise ValueError(f"pad: expected {numbers.ndim} pairs of widths, got {len(widths)}")
    inner = tuple(
        slice(before, before + size)
        for (before, _), size in zip(widths, numbers.shape, strict=True)
    )
    padded = np.pad(numbers, list(widths), constant_values=value)
    return operation("pad", padded, (x, lambda g: g[inner]))


def where(condition: ArrayLike, x: Operand, y: Operand) -> Tensor:
    """Take numbers from ``x`` where the condition is true and from ``y`` elsewhere.

    Parameters
    ----------
    condition : array_like of bool
        What to choose; no gradient goes through it.
    x, y : Tensor or array_like
        Numbers to choose from; all three broadcast.

    Returns
    -------
    Tensor
        The chosen numbers.

    Raises
    ------
    ValueError
        If the shapes don't broadcast.

    Examples
    --------
    >>> where([True, False], Tensor([1.0, 2.0]), 0.0).value
    array([1., 0.])
    """
    chosen = np.asarray(condition, dtype=bool)
    first, second = value_of(x), value_of(y)
    shapes = (chosen.shape, first.shape, second.shape)
    try:
        np.broadcast_shapes(*shapes)
    except ValueError:
        raise ValueError(f"where: shapes {shapes} don't broadcast") from None
    return operation(
        "where",
        np.where(chosen, first, second),
        (x, lambda g: _unbroadcast(np.where(chosen, g, 0.0), first.shape)),
        (y, lambda g: _unbroadcast(np.where(chosen, 0.0, g), second.shape)),
    )


def gather(x: Operand, index: ArrayLike, axis: int = -1) -> Tensor:
    """Take along an axis the entries that an index array names, as `numpy.take_along_axis`.

    Parameters
    ----------
    x : Tensor or array_like
        Where to take from.
    index : array_like of int
        As many axes as ``x``; other axes as long as those of ``x``.
    axis : int
        The axis along which the indices count.

    Returns
    -------
    Tensor
        Of the shape of ``index``.

    Raises
    ------
    ValueError
        If ``index`` has another number of axes.

    Examples
    --------
    >>> gather(Tensor([[1, 2], [3, 4]]), [[1], [0]]).value
    array([[2.],
           [3.]])
    """
    numbers, places = value_of(x), np.asarray(index, dtype=np.intp)
    if places.ndim != numbers.ndim:
        raise ValueError(f"gather: expected an index with {numbers.ndim} axes, got {places.ndim}")

    def back(g: FloatArray) -> FloatArray:
        full = np.zeros_like(numbers)
        grid: list[NDArray[np.intp]] = list(np.indices(places.shape, sparse=True))
        grid[axis] = places
        np.add.at(full, tuple(grid), g)
        return full

    return operation("gather", np.take_along_axis(numbers, places, axis), (x, back))


def embedding(table: Operand, index: NDArray[np.integer] | Sequence[int]) -> Tensor:
    """Look up rows of a table by their numbers.

    Parameters
    ----------
    table : Tensor or array_like, shape (n, d)
        One row for each word.
    index : array_like of int, any shape
        Row numbers from 0 to n − 1.

    Returns
    -------
    Tensor
        Of the shape of ``index``, with an axis of length d at the end.

    Raises
    ------
    ValueError
        If an index lies outside the table.

    Examples
    --------
    >>> embedding(Tensor([[1, 2], [3, 4]]), [1, 1, 0]).shape
    (3, 2)
    """
    rows, places = value_of(table), np.asarray(index, dtype=np.intp)
    if places.size and (places.min() < 0 or places.max() >= len(rows)):
        raise ValueError(f"embedding: expected row numbers from 0 to {len(rows) - 1}")

    def back(g: FloatArray) -> FloatArray:
        full = np.zeros_like(rows)
        np.add.at(full, places, g)  # a row looked up twice gets both gradients
        return full

    return operation("embedding", rows[places], (table, back))


def straight_through(hard: ArrayLike, soft: Tensor) -> Tensor:
    """Return the value of ``hard`` and send the gradient to ``soft`` as it is.

    Parameters
    ----------
    hard : array_like
        A rounded or sampled version, through which no gradient could go.
    soft : Tensor
        What it was made from, of the same shape.

    Returns
    -------
    Tensor
        The hard values.

    Raises
    ------
    ValueError
        If the shapes differ.

    References
    ----------
    Y. Bengio, N. Léonard and A. Courville, "Estimating or propagating gradients through
    stochastic neurons", arXiv:1308.3432 (2013).

    Examples
    --------
    >>> x = Tensor([0.4, 0.6])
    >>> grad((straight_through(x.value.round(), x) * [2.0, 3.0]).sum(), [x])[0]
    array([2., 3.])
    """
    value = value_of(hard)
    if value.shape != soft.shape:
        raise ValueError(f"straight_through: expected shape {soft.shape}, got {value.shape}")
    return operation("straight_through", value, (soft, lambda g: g))


# A network by hand: what the engine does, written out once.


class Layers(NamedTuple):
    """The parameters of a network with one hidden layer.

    Parameters
    ----------
    W1 : ndarray, shape (d, h)
        Weights of the hidden layer (the transpose of torch's).
    b1 : ndarray, shape (h,)
        Its biases.
    W2 : ndarray, shape (h, k)
        Weights of the output layer.
    b2 : ndarray, shape (k,)
        Its biases.
    """

    W1: FloatArray
    b1: FloatArray
    W2: FloatArray
    b2: FloatArray


def mlp_forward(layers: Layers, X: FloatArray) -> tuple[FloatArray, FloatArray]:
    r"""Return the hidden and the output values of a network with one tanh layer.

    .. math:: a = \tanh(X W_1 + b_1), \quad z = a W_2 + b_2

    Parameters
    ----------
    layers : Layers
        Weights and biases.
    X : ndarray, shape (n, d)
        Inputs, one a row.

    Returns
    -------
    hidden : ndarray, shape (n, h)
        The activations a, which the backward pass needs.
    output : ndarray, shape (n, k)
        The outputs z.

    Examples
    --------
    >>> zeros = Layers(np.zeros((2, 3)), np.zeros(3), np.zeros((3, 1)), np.ones(1))
    >>> mlp_forward(zeros, np.zeros((1, 2)))[1]
    array([[1.]])
    """
    hidden = np.tanh(X @ layers.W1 + layers.b1)
    return hidden, hidden @ layers.W2 + layers.b2


def mlp_backward(
    layers: Layers, X: FloatArray, hidden: FloatArray, output_gradient: FloatArray
) -> Layers:
    r"""Return the gradients of a loss with respect to each parameter (4.1-f3).

    With one example a row the recursion reads :math:`\delta^l = (\delta^{l+1} {W^{l+1}}^\top)
    \odot f'(z^l)` and :math:`\partial L / \partial W^l = {a^{l-1}}^\top \delta^l`.

    Parameters
    ----------
    layers : Layers
        Weights and biases.
    X : ndarray, shape (n, d)
        The inputs of the forward pass.
    hidden : ndarray, shape (n, h)
        Its activations.
    output_gradient : ndarray, shape (n, k)
        The gradient of the loss with respect to the outputs.

    Returns
    -------
    Layers
        The gradient with respect to each parameter.

    References
    ----------
    D. E. Rumelhart, G. E. Hinton and R. J. Williams, "Learning representations by
    back-propagating errors", Nature 323 (1986).

    Examples
    --------
    >>> ones = Layers(np.ones((1, 1)), np.zeros(1), np.ones((1, 1)), np.zeros(1))
    >>> X = np.array([[0.0]])
    >>> mlp_backward(ones, X, *[np.tanh(X)], np.array([[2.0]])).b1
    array([2.])
    """
    delta = (output_gradient @ layers.W2.T) * (1 - hidden**2)
    return Layers(
        X.T @ delta, delta.sum(axis=0), hidden.T @ output_gradient, output_gradient.sum(axis=0)
    )


def _elementwise(
    name: str,
    function: Callable[[FloatArray, FloatArray], FloatArray],
    left: Operand,
    right: Operand,
    to_left: Callable[[FloatArray, FloatArray, FloatArray], FloatArray],
    to_right: Callable[[FloatArray, FloatArray, FloatArray], FloatArray],
) -> Tensor:
    """Return a binary operation; the rules get g, x and y, broadcasting is undone here."""
    x, y = value_of(left), value_of(right)
    try:
        value = function(x, y)
    except ValueError:
        raise ValueError(f"{name}: shapes {x.shape} and {y.shape} don't broadcast") from None
    return operation(
        name,
        value,
        (left, lambda g: _unbroadcast(to_left(g, x, y), x.shape)),
        (right, lambda g: _unbroadcast(to_right(g, x, y), y.shape)),
    )


def _matmul(left: Operand, right: Operand) -> Tensor:
    """Return products of (batches of) matrices."""
    a, b = value_of(left), value_of(right)
    if a.ndim < 2 or b.ndim < 2 or a.shape[-1] != b.shape[-2]:
        raise ValueError(f"matmul: expected (…, n, k) and (…, k, m), got {a.shape} and {b.shape}")
    try:
        value = a @ b
    except ValueError:
        raise ValueError(f"matmul: the batches of {a.shape} and {b.shape} don't fit") from None

    def to_right(g: FloatArray) -> FloatArray:
        if b.ndim == 2:  # one product over all rows of the batch
            return a.reshape(-1, a.shape[-1]).T @ g.reshape(-1, g.shape[-1])
        return _unbroadcast(a.swapaxes(-1, -2) @ g, b.shape)

    return operation(
        "matmul",
        value,
        (left, lambda g: _unbroadcast(g @ b.swapaxes(-1, -2), a.shape)),
        (right, to_right),
    )


def _unbroadcast(g: FloatArray, shape: tuple[int, ...]) -> FloatArray:
    """Sum a gradient over the axes along which an operand was repeated."""
    if g.shape == shape:
        return g
    g = g.sum(axis=tuple(range(g.ndim - len(shape))))
    repeated = tuple(i for i, n in enumerate(shape) if n == 1 and g.shape[i] != 1)
    total: FloatArray = g.sum(axis=repeated, keepdims=True)
    return total


def _kept(g: FloatArray, axis: Axes, keepdims: bool) -> FloatArray:
    """Give a reduced gradient back the axes that a reduction dropped."""
    return g if keepdims or axis is None else np.expand_dims(g, axis)
