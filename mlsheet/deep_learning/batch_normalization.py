"""Batch normalization: each feature to mean 0 and variance 1 over the batch."""

from mlsheet.deep_learning.backpropagation import Operand, Tensor, value_of
from mlsheet.deep_learning.layer_normalization import normalized


def batch_norm(x: Operand, gain: Operand, shift: Operand, *, eps: float = 1e-5) -> Tensor:
    r"""Return :math:`\gamma (x - \mu) / \sqrt{\sigma^2 + \epsilon} + \beta` over the batch.

    Mean and variance are those of this batch, as in training; the variance is the mean of
    squares (divided by the number of values, not one less).

    Parameters
    ----------
    x : Tensor or array_like, shape (n, c) or (n, c, h, w)
        Features, or images with c channels; statistics are taken over all axes but c.
    gain : Tensor or array_like, shape (c,)
        The scale :math:`\gamma`.
    shift : Tensor or array_like, shape (c,)
        The offset :math:`\beta`.
    eps : float
        Added to the variance.

    Returns
    -------
    Tensor
        Of the shape of ``x``.

    Raises
    ------
    ValueError
        If ``x`` has fewer than two axes, or ``gain`` or ``shift`` another length than c.

    References
    ----------
    S. Ioffe and C. Szegedy, "Batch normalization", ICML (2015), algorithm 1.

    Examples
    --------
    >>> batch_norm([[1.0, 5.0], [3.0, 9.0]], [1.0, 2.0], [0.0, 0.0]).value.round(3)
    array([[-1., -2.],
           [ 1.,  2.]])
    """
    shape = value_of(x).shape
    if len(shape) < 2:
        raise ValueError(f"batch_norm: expected (n, c) or (n, c, h, w), got {shape}")
    axes = tuple(i for i in range(len(shape)) if i != 1)
    return normalized(x, gain, shift, axes=axes, eps=eps, name="batch_norm")
