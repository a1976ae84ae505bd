"""Losses on logits against torch, central differences and their closed-form gradients."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.special import softmax

from mlsheet.deep_learning.backpropagation import Tensor, grad, gradient_check
from mlsheet.deep_learning.loss_functions import (
    binary_cross_entropy_with_logits,
    cross_entropy,
)

N, K = 7, 4
CLASSES = np.array([0, 3, 2, 3, 1, 0, 2])
SOFT = 0.1 + 0.6 * np.eye(K)[CLASSES]
MASK = np.arange(N) % 2 == 0
LOGITS = np.random.default_rng(0).normal(size=(N, K))
LOSSES = {
    "cross_entropy": lambda z: cross_entropy(z, CLASSES),
    "cross_entropy_soft": lambda z: cross_entropy(z, SOFT),
    "cross_entropy_masked": lambda z: cross_entropy(z, CLASSES, mask=MASK),
}


@pytest.mark.parametrize("case", LOSSES)
def test_torch_says_the_same(torch_oracle, case):
    torch_oracle(case, LOSSES[case], [(N, K)])


def test_torch_says_the_same_of_the_binary_loss(torch_oracle):
    targets = np.linspace(0, 1, N)
    torch_oracle(
        "binary_cross_entropy", lambda z: binary_cross_entropy_with_logits(z, targets), [(N,)]
    )


@pytest.mark.parametrize("case", LOSSES)
def test_gradients_are_central_differences(case):
    assert gradient_check(LOSSES[case], [LOGITS]) < 1e-7


def test_the_binary_gradient_is_central_differences():
    targets = np.random.default_rng(1).random((N, 3))
    z = np.random.default_rng(2).normal(size=(N, 3))
    assert gradient_check(lambda x: binary_cross_entropy_with_logits(x, targets), [z]) < 1e-7


def test_the_gradient_is_probability_minus_target():
    z = Tensor(LOGITS)
    gradient = grad(cross_entropy(z, CLASSES), [z])[0]
    assert_allclose(gradient, (softmax(LOGITS, axis=1) - np.eye(K)[CLASSES]) / N, rtol=1e-9)


def test_two_classes_are_the_binary_loss():
    z, t = LOGITS[:, 0], np.array([0, 1, 1, 0, 1, 0, 1])
    both = np.column_stack([np.zeros(N), z])
    assert_allclose(
        cross_entropy(both, t).value, binary_cross_entropy_with_logits(z, t).value, rtol=1e-12
    )


def test_a_masked_example_has_no_say():
    z = Tensor(LOGITS)
    gradient = grad(cross_entropy(z, CLASSES, mask=MASK), [z])[0]
    assert not gradient[~MASK].any()
    assert gradient[MASK].any(axis=1).all()


def test_sequences_are_averaged_over_all_leading_axes():
    z = np.random.default_rng(3).normal(size=(2, 3, K))
    t = np.array([[0, 1, 2], [3, 0, 1]])
    flat = cross_entropy(z.reshape(-1, K), t.ravel())
    assert_allclose(cross_entropy(z, t).value, flat.value, rtol=1e-12)


def test_huge_logits_stay_finite():
    assert cross_entropy([[1e4, -1e4]], [1]).value == 2e4
    assert binary_cross_entropy_with_logits([-1e4], [1]).value == 1e4


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: cross_entropy(LOGITS, CLASSES[:3]), r"targets: expected integers of shape \(7,\)"),
        (lambda: cross_entropy(LOGITS, CLASSES + 1), "targets: expected classes from 0 to 3"),
        (lambda: cross_entropy(LOGITS, SOFT * 2), "targets: expected probabilities that sum to 1"),
        (lambda: cross_entropy(LOGITS, CLASSES * 1.0), "targets: expected integers"),
        (lambda: cross_entropy(LOGITS, CLASSES, mask=MASK[:2]), r"mask: expected shape \(7,\)"),
        (lambda: cross_entropy(LOGITS, CLASSES, mask=np.zeros(N)), "mask: expected at least one"),
        (
            lambda: binary_cross_entropy_with_logits([1.0], [1, 0]),
            r"targets: expected shape \(1,\)",
        ),
        (lambda: binary_cross_entropy_with_logits([1.0], [2]), "targets: expected numbers from 0"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
