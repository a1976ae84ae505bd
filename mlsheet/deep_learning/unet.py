"""What a U-Net adds to convolutions: making images larger again."""

from mlsheet.deep_learning.backpropagation import Operand, Tensor, operation, value_of
from mlsheet.validation import check_count


def upsample_nearest(x: Operand, factor: int) -> Tensor:
    """Repeat each pixel ``factor`` times in height and width.

    Parameters
    ----------
    x : Tensor or array_like, shape (n, c, h, w)
        Images.
    factor : int
        How often to repeat.

    Returns
    -------
    Tensor, shape (n, c, factor h, factor w)
        The larger images.

    Raises
    ------
    ValueError
        If ``x`` hasn't four axes or ``factor`` is below 1.

    References
    ----------
    O. Ronneberger, P. Fischer and T. Brox, "U-Net", arXiv:1505.04597 (2015).

    Examples
    --------
    >>> upsample_nearest([[[[1.0, 2.0]]]], 2).value
    array([[[[1., 1., 2., 2.],
             [1., 1., 2., 2.]]]])
    """
    images = value_of(x)
    check_count(factor, "factor")
    if images.ndim != 4:
        raise ValueError(f"upsample_nearest: expected (n, c, h, w), got {images.shape}")
    n, c, height, width = images.shape
    split = (n, c, height, factor, width, factor)
    return operation(
        "upsample_nearest",
        images.repeat(factor, axis=2).repeat(factor, axis=3),
        (x, lambda g: g.reshape(split).sum(axis=(3, 5))),
    )
