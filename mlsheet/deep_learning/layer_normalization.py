"""Layer normalization: each example to mean 0 and variance 1 over its own features."""

import numpy as np

from mlsheet.deep_learning.backpropagation import Operand, Tensor, operation, value_of
from mlsheet.validation import FloatArray


def layer_norm(x: Operand, gain: Operand, shift: Operand, *, eps: float = 1e-5) -> Tensor:
    r"""Return :math:`\gamma (x - \mu) / \sqrt{\sigma^2 + \epsilon} + \beta` over the last axis.

    Parameters
    ----------
    x : Tensor or array_like, shape (..., d)
        Features, one example for each index of the leading axes.
    gain : Tensor or array_like, shape (d,)
        The scale :math:`\gamma`.
    shift : Tensor or array_like, shape (d,)
        The offset :math:`\beta`.
    eps : float
        Added to the variance, which is the mean of squares (divided by d, not d − 1).

    Returns
    -------
    Tensor
        Of the shape of ``x``.

    Raises
    ------
    ValueError
        If ``gain`` or ``shift`` has another length than d.

    References
    ----------
    J. L. Ba, J. R. Kiros and G. E. Hinton, "Layer normalization", arXiv:1607.06450 (2016).

    Examples
    --------
    >>> layer_norm([[1.0, 3.0]], [1.0, 1.0], [0.0, 0.0]).value.round(3)
    array([[-1.,  1.]])
    """
    return normalized(x, gain, shift, axes=(-1,), eps=eps, name="layer_norm")


def normalized(
    x: Operand, gain: Operand, shift: Operand, *, axes: tuple[int, ...], eps: float, name: str
) -> Tensor:
    r"""Return x with mean 0 and variance 1 over some axes, then scaled and shifted.

    With :math:`\hat x` the normalised values and :math:`u = \gamma g`, the gradient is
    :math:`(u - \bar u - \hat x \, \overline{u \hat x}) / \sqrt{\sigma^2 + \epsilon}`, means
    taken over the axes.

    Parameters
    ----------
    x : Tensor or array_like
        What to normalise.
    gain, shift : Tensor or array_like
        One number for each feature: for each index of the one axis that they belong to, the
        last where ``axes`` is the last axis, else axis 1.
    axes : tuple of int
        The axes over which mean and variance are taken.
    eps : float
        Added to the variance.
    name : str
        What the operation is called in error messages.

    Returns
    -------
    Tensor
        Of the shape of ``x``.

    Raises
    ------
    ValueError
        If ``gain`` or ``shift`` has the wrong length.

    References
    ----------
    S. Ioffe and C. Szegedy, "Batch normalization", ICML (2015), section 3.

    Examples
    --------
    >>> normalized([[1.0], [3.0]], [1.0], [0.0], axes=(0,), eps=0.0, name="example").value
    array([[-1.],
           [ 1.]])
    """
    numbers, scale, offset = value_of(x), value_of(gain), value_of(shift)
    feature = numbers.ndim - 1 if axes == (-1,) else 1
    for label, value in (("gain", scale), ("shift", offset)):
        if value.shape != (numbers.shape[feature],):
            raise ValueError(
                f"{name}: expected {label} of shape ({numbers.shape[feature]},), got {value.shape}"
            )
    wide = [numbers.shape[feature] if i == feature else 1 for i in range(numbers.ndim)]
    others = tuple(i for i in range(numbers.ndim) if i != feature)
    centered = numbers - numbers.mean(axis=axes, keepdims=True)
    spread = np.sqrt((centered**2).mean(axis=axes, keepdims=True) + eps)
    unit = centered / spread

    def to_x(g: FloatArray) -> FloatArray:
        u = g * scale.reshape(wide)
        along = (u * unit).mean(axis=axes, keepdims=True)
        result: FloatArray = (u - u.mean(axis=axes, keepdims=True) - unit * along) / spread
        return result

    return operation(
        name,
        unit * scale.reshape(wide) + offset.reshape(wide),
        (x, to_x),
        (gain, lambda g: (g * unit).sum(axis=others)),
        (shift, lambda g: g.sum(axis=others)),
    )
