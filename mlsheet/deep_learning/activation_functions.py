"""Activation functions as differentiable operations: value and derivative side by side."""

import numpy as np
from scipy.special import expit

from mlsheet.deep_learning.backpropagation import Operand, Tensor, operation, value_of
from mlsheet.validation import FloatArray


def sigmoid(x: Operand) -> Tensor:
    r"""Return :math:`\sigma(x) = 1 / (1 + e^{-x})`.

    Parameters
    ----------
    x : Tensor or array_like
        Any numbers.

    Returns
    -------
    Tensor
        Numbers in (0, 1), of the same shape.

    Examples
    --------
    >>> sigmoid(0.0).value
    array(0.5)
    """
    y: FloatArray = expit(value_of(x))
    return operation("sigmoid", y, (x, lambda g: g * y * (1 - y)))


def tanh(x: Operand) -> Tensor:
    r"""Return :math:`\tanh(x)`.

    Parameters
    ----------
    x : Tensor or array_like
        Any numbers.

    Returns
    -------
    Tensor
        Numbers in (-1, 1), of the same shape.

    Examples
    --------
    >>> tanh(0.0).value
    array(0.)
    """
    y = np.tanh(value_of(x))
    return operation("tanh", y, (x, lambda g: g * (1 - y**2)))


def relu(x: Operand) -> Tensor:
    r"""Return :math:`\max(0, x)`; the derivative at 0 is taken as 0.

    Parameters
    ----------
    x : Tensor or array_like
        Any numbers.

    Returns
    -------
    Tensor
        Numbers from 0, of the same shape.

    Examples
    --------
    >>> relu([-1.0, 2.0]).value
    array([0., 2.])
    """
    numbers = value_of(x)
    return operation("relu", np.maximum(numbers, 0.0), (x, lambda g: g * (numbers > 0)))


def leaky_relu(x: Operand, slope: float = 0.01) -> Tensor:
    r"""Return x where it is positive and ``slope`` times x elsewhere.

    Parameters
    ----------
    x : Tensor or array_like
        Any numbers.
    slope : float
        The derivative on the negative side, and at 0.

    Returns
    -------
    Tensor
        Numbers of the same shape.

    Examples
    --------
    >>> leaky_relu([-1.0, 2.0]).value
    array([-0.01,  2.  ])
    """
    numbers = value_of(x)
    factor = np.where(numbers > 0, 1.0, slope)
    return operation("leaky_relu", numbers * factor, (x, lambda g: g * factor))


def softplus(x: Operand) -> Tensor:
    r"""Return :math:`\log(1 + e^x)`, whose derivative is the sigmoid.

    Parameters
    ----------
    x : Tensor or array_like
        Any numbers.

    Returns
    -------
    Tensor
        Positive numbers of the same shape.

    Examples
    --------
    >>> softplus(1000.0).value
    array(1000.)
    """
    numbers = value_of(x)
    y = np.logaddexp(0.0, numbers)
    return operation("softplus", y, (x, lambda g: g * expit(numbers)))


def softmax(x: Operand, axis: int = -1) -> Tensor:
    r"""Return :math:`e^{x_i} / \sum_j e^{x_j}` along an axis.

    The gradient needs no Jacobian: :math:`y \odot (g - \sum_j g_j y_j)`.

    Parameters
    ----------
    x : Tensor or array_like
        Any numbers.
    axis : int
        The axis along which the results sum to 1.

    Returns
    -------
    Tensor
        Probabilities of the same shape.

    Examples
    --------
    >>> softmax([0.0, 0.0]).value
    array([0.5, 0.5])
    """
    y = np.exp(_log_softmax(value_of(x), axis))
    return operation("softmax", y, (x, lambda g: y * (g - (g * y).sum(axis=axis, keepdims=True))))


def log_softmax(x: Operand, axis: int = -1) -> Tensor:
    r"""Return :math:`x_i - \log \sum_j e^{x_j}` along an axis, without overflow.

    Parameters
    ----------
    x : Tensor or array_like
        Any numbers.
    axis : int
        The axis along which the exponentials of the results sum to 1.

    Returns
    -------
    Tensor
        Log-probabilities of the same shape.

    Examples
    --------
    >>> log_softmax([1000.0, 1000.0]).value.round(4)
    array([-0.6931, -0.6931])
    """
    y = _log_softmax(value_of(x), axis)
    return operation(
        "log_softmax", y, (x, lambda g: g - np.exp(y) * g.sum(axis=axis, keepdims=True))
    )


def _log_softmax(x: FloatArray, axis: int) -> FloatArray:
    shifted = x - x.max(axis=axis, keepdims=True)
    result: FloatArray = shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))
    return result
