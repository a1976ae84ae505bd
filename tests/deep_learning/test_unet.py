"""Upsampling against torch and central differences."""

import numpy as np
import pytest

from mlsheet.deep_learning.backpropagation import gradient_check
from mlsheet.deep_learning.unet import upsample_nearest

IMAGES = np.random.default_rng(0).normal(size=(2, 3, 4, 5))


def test_torch_says_the_same(torch_oracle):
    torch_oracle("upsample_nearest", lambda x: upsample_nearest(x, 3), [(2, 3, 4, 5)])


def test_gradients_are_central_differences():
    weights = np.random.default_rng(1).normal(size=(2, 3, 8, 10))
    assert gradient_check(lambda x: (upsample_nearest(x, 2) * weights).sum(), [IMAGES]) < 1e-7


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: upsample_nearest(IMAGES[0], 2), "upsample_nearest: expected"),
        (lambda: upsample_nearest(IMAGES, 0), "factor: "),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
