"""Batch normalization against torch, central differences and its invariances."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from mlsheet.deep_learning.backpropagation import Tensor, grad, gradient_check
from mlsheet.deep_learning.batch_normalization import batch_norm

RNG = np.random.default_rng(0)
IMAGES, GAIN, SHIFT = RNG.normal(size=(2, 3, 5, 4)), RNG.normal(size=3), RNG.normal(size=3)


def test_torch_says_the_same_of_images(torch_oracle):
    torch_oracle("batch_norm", batch_norm, [(2, 3, 7, 6), (3,), (3,)])


def test_torch_says_the_same_of_features(torch_oracle):
    torch_oracle("batch_norm_flat", batch_norm, [(7, 4), (4,), (4,)])


@pytest.mark.parametrize("X", [IMAGES, IMAGES[:, :, 0, 0].repeat(3, axis=0) + RNG.random((6, 3))])
def test_gradients_are_central_differences(X):
    weights = np.random.default_rng(1).normal(size=X.shape)
    difference = gradient_check(
        lambda *inputs: (batch_norm(*inputs) * weights).sum(), [X, GAIN, SHIFT]
    )
    assert difference < 1e-7


def test_each_channel_has_mean_zero_and_variance_one():
    y = batch_norm(IMAGES, np.ones(3), np.zeros(3), eps=0.0).value
    assert_allclose(y.mean(axis=(0, 2, 3)), 0, atol=1e-12)
    assert_allclose(y.var(axis=(0, 2, 3)), 1, rtol=1e-10)


def test_the_gradient_sums_to_zero_over_the_batch():
    x = Tensor(IMAGES)
    weights = np.random.default_rng(2).normal(size=IMAGES.shape)
    gradient = grad((batch_norm(x, GAIN, SHIFT) * weights).sum(), [x])[0]
    assert_allclose(gradient.sum(axis=(0, 2, 3)), 0, atol=1e-12)


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ((np.ones(3), GAIN, SHIFT), r"batch_norm: expected \(n, c\) or \(n, c, h, w\), got \(3,\)"),
        ((IMAGES, GAIN[:2], SHIFT), r"batch_norm: expected gain of shape \(3,\), got \(2,\)"),
        ((IMAGES, GAIN, SHIFT[:2]), r"batch_norm: expected shift of shape \(3,\), got \(2,\)"),
    ],
)
def test_bad_input_is_named(inputs, message):
    with pytest.raises(ValueError, match=message):
        batch_norm(*inputs)
