"""Adam against torch, step by step, and what must hold for any gradient."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from mlsheet.deep_learning.optimizers import adam_start, adam_step

OTHER = {"learning_rate": 0.2, "beta1": 0.5, "beta2": 0.8, "eps": 0.1}


@pytest.mark.parametrize(
    ("case", "settings"), [("adam", {"learning_rate": 0.01}), ("adam_other", OTHER)]
)
def test_torch_takes_the_same_path(torch_path_oracle, case, settings):
    torch_path_oracle(case, adam_start, partial(adam_step, **settings))


@given(st.floats(1e-3, 1e6), st.sampled_from([-1, 1]))
def test_the_first_step_has_the_length_of_the_learning_rate(size, sign):
    state = adam_step(adam_start([np.zeros(1)]), [np.array([sign * size])], learning_rate=0.3)
    assert_allclose(state.parameters[0], -0.3 * sign, rtol=2e-5)


def test_the_scale_of_the_loss_does_not_matter():
    rng = np.random.default_rng(0)
    gradients = rng.normal(size=(20, 7, 3))
    paths = []
    for scale in (1.0, 100.0):
        state = adam_start([np.ones((7, 3))])
        for gradient in gradients:
            state = adam_step(state, [scale * gradient], eps=1e-15)
        paths.append(state.parameters[0])
    assert_allclose(*paths, rtol=1e-9)


def test_running_means_are_unbiased_once_corrected():
    gradient, state = np.array([0.7, -2.0]), adam_start([np.zeros(2)])
    for _ in range(5):
        state = adam_step(state, [gradient])
    assert state.t == 5
    assert_allclose(state.means[0] / (1 - 0.9**5), gradient, rtol=1e-12)
    assert_allclose(state.squares[0] / (1 - 0.999**5), gradient**2, rtol=1e-12)


def test_a_valley_is_descended():
    curvature, state = np.array([1.0, 100.0]), adam_start([np.array([3.0, -2.0])])
    for step in range(400):
        gradient = curvature * state.parameters[0]
        state = adam_step(state, [gradient], learning_rate=0.1 * (1 - step / 400))
    assert np.abs(state.parameters[0]).max() < 1e-3


def test_a_parameter_without_gradient_stays():
    state = adam_step(adam_start([np.ones(3)]), [np.zeros(3)])
    assert (state.parameters[0] == 1).all()


def test_states_are_never_changed():
    start, gradient = adam_start([np.ones(3)]), np.full(3, 2.0)
    first = adam_step(start, [gradient])
    kept = first.parameters[0].copy()
    adam_step(first, [gradient])
    assert (start.parameters[0] == 1).all()
    assert not start.means[0].any()
    assert (first.parameters[0] == kept).all()
    assert (gradient == 2).all()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"learning_rate": 0.0}, "learning_rate: expected a number above 0"),
        ({"eps": -1e-8}, "eps: expected a number above 0"),
        ({"beta1": 1.0}, "beta1: expected a number from 0 to below 1, got 1.0"),
        ({"beta2": -0.1}, "beta2: expected a number from 0 to below 1, got -0.1"),
        (
            {"gradients": [np.ones((2, 1))]},
            r"gradients: expected the parameters' shapes \[\(2,\)\]",
        ),
        ({"gradients": []}, "gradients: expected the parameters' shapes"),
        ({"gradients": [np.array([0.0, np.nan])]}, "gradients: expected finite numbers"),
    ],
)
def test_bad_input_is_named(settings, message):
    with pytest.raises(ValueError, match=message):
        adam_step(adam_start([np.zeros(2)]), **{"gradients": [np.ones(2)]} | settings)


def test_a_start_that_is_no_number_is_named():
    with pytest.raises(ValueError, match="parameters: expected finite numbers"):
        adam_start([np.array([np.inf])])
