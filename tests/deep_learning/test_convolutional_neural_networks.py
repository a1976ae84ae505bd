"""Convolution and pooling against torch, scipy and central differences."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.signal import correlate2d

from mlsheet.deep_learning.backpropagation import Tensor, grad, gradient_check
from mlsheet.deep_learning.convolutional_neural_networks import conv2d, max_pool2d

RNG = np.random.default_rng(0)
IMAGES, KERNELS = RNG.normal(size=(2, 3, 7, 6)), RNG.normal(size=(4, 3, 3, 2))
STEPPED = {"stride": 2, "padding": 1, "dilation": 2}


def test_torch_says_the_same(torch_oracle):
    torch_oracle("conv2d", conv2d, [(2, 3, 7, 6), (4, 3, 3, 2)])
    torch_oracle(
        "conv2d_stepped", lambda x, k: conv2d(x, k, **STEPPED), [(2, 3, 7, 6), (4, 3, 2, 3)]
    )
    torch_oracle("max_pool2d", lambda x: max_pool2d(x, 2), [(2, 3, 6, 4)])


def test_one_channel_is_scipys_correlation():
    y = conv2d(IMAGES[:1, :1], KERNELS[:1, :1]).value[0, 0]
    assert_allclose(y, correlate2d(IMAGES[0, 0], KERNELS[0, 0], mode="valid"), rtol=1e-12)


@pytest.mark.parametrize(
    "steps", [{}, {"stride": 2}, {"padding": 2}, {"dilation": 2}, STEPPED, {"stride": 3}]
)
def test_gradients_are_central_differences(steps):
    result = conv2d(IMAGES, KERNELS, **steps)
    weights = np.random.default_rng(1).normal(size=result.shape)
    difference = gradient_check(
        lambda x, k: (conv2d(x, k, **steps) * weights).sum(), [IMAGES, KERNELS]
    )
    assert difference < 1e-7


def test_pooling_gradients_are_central_differences():
    images = RNG.normal(size=(2, 3, 6, 4))
    weights = RNG.normal(size=(2, 3, 3, 2))
    assert gradient_check(lambda x: (max_pool2d(x, 2) * weights).sum(), [images]) < 1e-7


def test_a_shifted_image_has_a_shifted_response():
    shifted = conv2d(np.roll(IMAGES, 1, axis=3), KERNELS).value
    assert_allclose(shifted[..., 1:], conv2d(IMAGES, KERNELS).value[..., :-1], rtol=1e-12)


def test_the_first_of_equal_maxima_gets_the_gradient():
    x = Tensor(np.ones((1, 1, 2, 2)))
    assert grad(max_pool2d(x, 2).sum(), [x])[0].ravel().tolist() == [1, 0, 0, 0]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: conv2d(IMAGES[0], KERNELS), r"conv2d: expected .* got \(3, 7, 6\)"),
        (lambda: conv2d(IMAGES[:, :2], KERNELS), "conv2d: expected"),
        (lambda: conv2d(IMAGES, KERNELS, dilation=4), r"conv2d: a window of \(9, 5\) is larger"),
        (lambda: conv2d(IMAGES, KERNELS, stride=0), "stride: "),
        (lambda: conv2d(IMAGES, KERNELS, padding=-1), "padding: "),
        (lambda: conv2d(IMAGES, KERNELS, dilation=0), "dilation: "),
        (lambda: max_pool2d(IMAGES, 2), "max_pool2d: expected .* multiples of 2"),
        (lambda: max_pool2d(IMAGES[0], 1), "max_pool2d: expected"),
        (lambda: max_pool2d(IMAGES, 0), "size: "),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
