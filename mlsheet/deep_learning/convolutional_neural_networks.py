"""Convolution and pooling of images ``(n, c, h, w)`` as differentiable operations."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from mlsheet.deep_learning.backpropagation import Operand, Tensor, operation, value_of
from mlsheet.validation import FloatArray, check_count


def conv2d(
    x: Operand, kernels: Operand, *, stride: int = 1, padding: int = 0, dilation: int = 1
) -> Tensor:
    r"""Slide kernels over images (a cross-correlation, as in every deep-learning library).

    .. math:: y_{o,i,j} = \sum_{c,a,b} k_{o,c,a,b} \, x_{c,\, s i + d a,\, s j + d b}

    All windows are laid out as rows of one matrix, so that one product does the work (im2col).

    Parameters
    ----------
    x : Tensor or array_like, shape (n, c, h, w)
        Images with c channels.
    kernels : Tensor or array_like, shape (o, c, a, b)
        One kernel for each of o output channels.
    stride : int
        Step s from window to window.
    padding : int
        Zeros added on each side of height and width.
    dilation : int
        Distance d between the entries of a window.

    Returns
    -------
    Tensor, shape (n, o, h', w')
        With h' = (h + 2 padding − d (a − 1) − 1) // s + 1, and w' likewise.

    Raises
    ------
    ValueError
        If the shapes don't fit, the kernel is larger than the padded image, or a step is below 1.

    References
    ----------
    V. Dumoulin and F. Visin, "A guide to convolution arithmetic for deep learning",
    arXiv:1603.07285 (2016).

    Examples
    --------
    >>> conv2d(np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2))).value
    array([[[[4., 4.],
             [4., 4.]]]])
    """
    images, weights = value_of(x), value_of(kernels)
    if images.ndim != 4 or weights.ndim != 4 or images.shape[1] != weights.shape[1]:
        raise ValueError(
            "conv2d: expected (n, c, h, w) and (o, c, a, b), "
            f"got {images.shape} and {weights.shape}"
        )
    check_count(stride, "stride")
    check_count(dilation, "dilation")
    check_count(padding, "padding", minimum=0)
    border = ((0, 0), (0, 0), (padding, padding), (padding, padding))
    padded = np.pad(images, border) if padding else images
    rows, columns = weights.shape[2:]
    reach = (dilation * (rows - 1) + 1, dilation * (columns - 1) + 1)
    if reach[0] > padded.shape[2] or reach[1] > padded.shape[3]:
        raise ValueError(f"conv2d: a window of {reach} is larger than images of {padded.shape[2:]}")
    windows = sliding_window_view(padded, reach, axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride, ::dilation, ::dilation]
    n, channels, height, width = windows.shape[:4]
    patches = windows.transpose(0, 2, 3, 1, 4, 5).reshape(n * height * width, -1)
    flat = weights.reshape(len(weights), -1)
    value = (patches @ flat.T).reshape(n, height, width, -1).transpose(0, 3, 1, 2)

    def rows_of(g: FloatArray) -> FloatArray:
        return g.transpose(0, 2, 3, 1).reshape(n * height * width, -1)

    def to_x(g: FloatArray) -> FloatArray:
        shares = (rows_of(g) @ flat).reshape(n, height, width, channels, rows, columns)
        full = np.zeros_like(padded)
        for a in range(rows):
            for b in range(columns):
                down = slice(a * dilation, a * dilation + stride * height, stride)
                right = slice(b * dilation, b * dilation + stride * width, stride)
                full[:, :, down, right] += shares[..., a, b].transpose(0, 3, 1, 2)
        inner = slice(padding, padded.shape[2] - padding), slice(padding, padded.shape[3] - padding)
        return full[:, :, inner[0], inner[1]]

    return operation(
        "conv2d",
        value,
        (x, to_x),
        (kernels, lambda g: (rows_of(g).T @ patches).reshape(weights.shape)),
    )


def max_pool2d(x: Operand, size: int) -> Tensor:
    """Return the maximum of each square of ``size`` × ``size`` pixels, side by side.

    Parameters
    ----------
    x : Tensor or array_like, shape (n, c, h, w)
        Images; height and width are multiples of ``size``.
    size : int
        Side of the squares. Of equal maxima the first gets the gradient.

    Returns
    -------
    Tensor, shape (n, c, h / size, w / size)
        The maxima.

    Raises
    ------
    ValueError
        If ``x`` hasn't four axes, or its height or width is no multiple of ``size``.

    References
    ----------
    I. Goodfellow, Y. Bengio and A. Courville, *Deep Learning* (2016), section 9.3.

    Examples
    --------
    >>> max_pool2d([[[[1.0, 2.0], [3.0, 4.0]]]], 2).value
    array([[[[4.]]]])
    """
    images = value_of(x)
    check_count(size, "size")
    if images.ndim != 4 or images.shape[2] % size or images.shape[3] % size:
        raise ValueError(
            f"max_pool2d: expected (n, c, h, w), h and w multiples of {size}, got {images.shape}"
        )
    n, c, height, width = images.shape
    split = (n, c, height // size, size, width // size, size)
    squares = images.reshape(split).transpose(0, 1, 2, 4, 3, 5).reshape(*split[:3], split[4], -1)
    best = squares.argmax(axis=-1)[..., None]

    def back(g: FloatArray) -> FloatArray:
        full = np.zeros_like(squares)
        np.put_along_axis(full, best, g[..., None], axis=-1)
        parts = full.reshape(*split[:3], split[4], size, size).transpose(0, 1, 2, 4, 3, 5)
        return parts.reshape(images.shape)

    return operation("max_pool2d", np.take_along_axis(squares, best, axis=-1)[..., 0], (x, back))
