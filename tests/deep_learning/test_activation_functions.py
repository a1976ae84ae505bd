"""Activation functions against torch, central differences and their identities."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from mlsheet.deep_learning.activation_functions import (
    leaky_relu,
    log_softmax,
    relu,
    sigmoid,
    softmax,
    softplus,
    tanh,
)
from mlsheet.deep_learning.backpropagation import Tensor, grad, gradient_check

SHAPE = (3, 5, 2)
X = np.random.default_rng(0).normal(size=SHAPE)
FUNCTIONS = {
    "tanh": tanh,
    "sigmoid": sigmoid,
    "relu": relu,
    "leaky_relu": lambda x: leaky_relu(x, 0.2),
    "softplus": softplus,
    "softmax": lambda x: softmax(x, 1),
    "log_softmax": lambda x: log_softmax(x, 0),
}


@pytest.mark.parametrize("case", FUNCTIONS)
def test_torch_says_the_same(torch_oracle, case):
    torch_oracle(case, FUNCTIONS[case], [SHAPE])


@pytest.mark.parametrize("case", FUNCTIONS)
def test_gradients_are_central_differences(case):
    weights = np.random.default_rng(1).normal(size=SHAPE)
    assert gradient_check(lambda x: (FUNCTIONS[case](x) * weights).sum(), [X]) < 1e-7


def test_identities():
    assert_allclose(tanh(X).value, 2 * sigmoid(2 * X).value - 1, rtol=1e-12)
    assert_allclose(softplus(X).value - softplus(-X).value, X, rtol=1e-9)
    assert_allclose(softmax(X, 1).value.sum(axis=1), 1, rtol=1e-12)
    assert_allclose(softmax(X + 7, 1).value, softmax(X, 1).value, rtol=1e-9)
    assert_allclose(np.exp(log_softmax(X).value), softmax(X).value, rtol=1e-12)


@pytest.mark.parametrize("size", [-1000.0, 1000.0])
@pytest.mark.parametrize("case", FUNCTIONS)
def test_huge_inputs_stay_finite(case, size):
    x = Tensor(np.full(SHAPE, size))
    assert np.isfinite(FUNCTIONS[case](x).value).all()
    assert np.isfinite(grad(FUNCTIONS[case](x).sum(), [x])[0]).all()


def test_the_kink_has_derivative_zero_or_the_slope():
    x = Tensor([0.0])
    assert grad(relu(x).sum(), [x])[0] == 0
    assert grad(leaky_relu(x, 0.2).sum(), [x])[0] == 0.2
