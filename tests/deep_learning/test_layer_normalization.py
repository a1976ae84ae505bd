"""Layer normalization against torch, central differences and its invariances."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from mlsheet.deep_learning.backpropagation import gradient_check
from mlsheet.deep_learning.layer_normalization import layer_norm

RNG = np.random.default_rng(0)
X, GAIN, SHIFT = RNG.normal(size=(3, 2, 5)), RNG.normal(size=5), RNG.normal(size=5)


def test_torch_says_the_same(torch_oracle):
    torch_oracle("layer_norm", layer_norm, [(3, 2, 5), (5,), (5,)])


def test_gradients_are_central_differences():
    weights = np.random.default_rng(1).normal(size=X.shape)
    difference = gradient_check(
        lambda *inputs: (layer_norm(*inputs) * weights).sum(), [X, GAIN, SHIFT]
    )
    assert difference < 1e-7


def test_each_example_has_mean_zero_and_variance_one():
    y = layer_norm(X, np.ones(5), np.zeros(5), eps=0.0).value
    assert_allclose(y.mean(axis=-1), 0, atol=1e-12)
    assert_allclose(y.var(axis=-1), 1, rtol=1e-10)


def test_an_examples_own_scale_and_offset_do_not_matter():
    y = layer_norm(3 * X + 7, GAIN, SHIFT, eps=0.0).value
    assert_allclose(y, layer_norm(X, GAIN, SHIFT, eps=0.0).value, rtol=1e-9)


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ((X, GAIN[:3], SHIFT), r"layer_norm: expected gain of shape \(5,\), got \(3,\)"),
        ((X, GAIN, SHIFT[:3]), r"layer_norm: expected shift of shape \(5,\), got \(3,\)"),
    ],
)
def test_bad_input_is_named(inputs, message):
    with pytest.raises(ValueError, match=message):
        layer_norm(*inputs)
