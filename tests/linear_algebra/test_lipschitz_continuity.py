"""Lipschitz constants between lower and upper bounds, and against exact ones."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.optimize import differential_evolution
from scipy.special import expit

from mlsheet.linear_algebra.lipschitz_continuity import (
    certified_radius,
    empirical_lipschitz,
    gd_stable_step,
    mlp_lipschitz_upper,
    spectral_norm,
)
from mlsheet.notebook.practice.grading import grade_result
from mlsheet.notebook.practice.lipschitz_continuity import network_radius

SHAPES = [(1, 1), (7, 3), (3, 7), (5, 1), (1, 4), (30, 20)]
SEEDS = [0, 1, 2]
seeds = st.integers(0, 10_000)


def matrix(shape, seed):
    return np.random.default_rng(seed).normal(size=shape)


def uniform(low, high):
    return lambda generator, n: generator.uniform(low, high, n)


def gaussian(d):
    return lambda generator, n: generator.normal(size=(n, d))


def network(sizes, seed):
    generator = np.random.default_rng(seed)
    weights = [generator.normal(size=shape) for shape in pairwise(sizes)]
    biases = [generator.normal(size=n) for n in sizes[1:]]

    def scores(x):
        for W, b in zip(weights[:-1], biases[:-1], strict=True):
            x = np.maximum(x @ W + b, 0)
        return x @ weights[-1] + biases[-1]

    return weights, biases, scores


def exact_constant(weights, biases):
    """Walk all linear pieces of a network with one input and one hidden layer."""
    (W1, W2), (b1, _) = weights, biases
    kinks = np.sort(-b1 / W1[0])
    middles = np.concatenate([[kinks[0] - 1], (kinks[1:] + kinks[:-1]) / 2, [kinks[-1] + 1]])
    active = middles[:, None] * W1 + b1 > 0
    return np.linalg.norm((active * W1) @ W2, axis=1).max()


# Oracles.


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("shape", SHAPES)
def test_spectral_norm_is_numpys(shape, seed):
    W = matrix(shape, seed)
    assert_allclose(spectral_norm(W, rng=seed), np.linalg.norm(W, 2), rtol=1e-6)
    assert_allclose(spectral_norm(W, rng=seed, tol=1e-12), np.linalg.norm(W, 2), rtol=1e-10)


@pytest.mark.parametrize("W", [np.zeros((2, 3)), np.eye(4), np.ones((3, 2)), np.diag([2.0, -2.0])])
def test_spectral_norm_of_special_matrices(W):
    assert_allclose(spectral_norm(W, rng=0), np.linalg.norm(W, 2), rtol=1e-6)


@pytest.mark.parametrize(
    ("f", "slope", "reach"),
    [
        (np.sin, np.cos, 4),
        (np.tanh, lambda x: 1 / np.cosh(x) ** 2, 4),
        (expit, lambda x: expit(x) * expit(-x), 6),
        (lambda x: np.sin(3 * x) + x / 2, lambda x: 3 * np.cos(3 * x) + 0.5, 3),
    ],
)
def test_sampled_quotient_comes_near_the_steepest_slope_but_not_above(f, slope, reach):
    found = empirical_lipschitz(f, uniform(-reach, reach), 20_000, rng=0)
    steepest = -differential_evolution(
        lambda x: -abs(slope(x[0])), [(-reach, reach)], rng=0, tol=1e-12
    ).fun
    assert 0.99 * steepest < found <= steepest * (1 + 1e-9)


def test_sine_over_two_thousand_pairs():
    assert 0.999 < empirical_lipschitz(np.sin, uniform(-2, 2), 2000, rng=0) <= 1


@pytest.mark.parametrize("seed", SEEDS)
def test_sampled_below_exact_below_product(seed):
    weights, biases, scores = network([1, 9, 3], seed)
    exact = exact_constant(weights, biases)
    low = empirical_lipschitz(scores, lambda g, n: 5 * g.normal(size=(n, 1)), 20_000, rng=seed)
    assert 0.95 * exact < low <= exact * (1 + 1e-9)
    assert exact <= mlp_lipschitz_upper(weights, rng=seed) * (1 + 1e-9)


def test_product_is_numpys():
    weights = network([4, 7, 5, 2], 0)[0]
    product = np.prod([np.linalg.norm(W, 2) for W in weights])
    assert_allclose(mlp_lipschitz_upper(weights, rng=0), product, rtol=1e-6)


# Properties.


@given(seeds)
def test_a_linear_layer_never_exceeds_its_spectral_norm_nor_that_the_frobenius_norm(seed):
    W = matrix((3, 5), seed)
    norm = spectral_norm(W, rng=seed)
    assert empirical_lipschitz(lambda x: x @ W, gaussian(3), 500, rng=seed) <= norm * (1 + 1e-6)
    assert norm <= np.linalg.norm(W) * (1 + 1e-12)


@given(seeds)
def test_composition_multiplies_and_a_bias_changes_nothing(seed):
    weights, _, scores = network([3, 6, 4, 2], seed)
    low = empirical_lipschitz(scores, gaussian(3), 500, rng=seed)
    assert low <= mlp_lipschitz_upper(weights, rng=seed) * (1 + 1e-6)
    parts = mlp_lipschitz_upper(weights[:1], rng=0) * mlp_lipschitz_upper(weights[1:], rng=0)
    assert_allclose(mlp_lipschitz_upper(weights, rng=0), parts, rtol=1e-5)


@given(seeds, st.floats(0.1, 10))
def test_scaling_the_output_scales_the_quotient(seed, c):
    def values(f):
        return empirical_lipschitz(f, gaussian(2), 50, rng=seed)

    assert_allclose(values(lambda x: c * np.sin(x)), c * values(np.sin), rtol=1e-9)


def test_squares_and_roots_have_no_constant():
    slopes = [empirical_lipschitz(np.square, uniform(-r, r), 5000, rng=0) for r in (1, 10, 100)]
    assert slopes[1] > 9 * slopes[0]
    assert slopes[2] > 90 * slopes[0]
    roots = [empirical_lipschitz(np.sqrt, uniform(0, r), 5000, rng=0) for r in (1, 1e-4, 1e-8)]
    assert_allclose(np.divide(roots[1:], roots[0]), [1e2, 1e4], rtol=1e-9)


def test_equal_points_are_left_out():
    drawn = iter([np.array([0.0, 1.0]), np.array([0.0, 3.0])])
    assert empirical_lipschitz(lambda x: 2 * x, lambda g, n: next(drawn), 2, rng=0) == 2


@pytest.mark.parametrize("seed", SEEDS)
def test_within_the_radius_no_prediction_changes(seed):
    weights, _, scores = network([2, 8, 3], seed)
    X = matrix((40, 2), seed)
    radius = certified_radius(scores(X), mlp_lipschitz_upper(weights, rng=0) * (1 + 1e-6))
    angle = np.linspace(0, 2 * np.pi, 50)
    for direction in np.column_stack([np.cos(angle), np.sin(angle)]):
        moved = X + radius[:, None] * direction
        assert (scores(moved).argmax(axis=1) == scores(X).argmax(axis=1)).all()


def test_the_radius_is_tight_for_a_linear_classifier_of_two_classes():
    W = np.array([[3.0, -3.0], [4.0, -4.0]])  # the scores differ by 6 x + 8 y
    radius = certified_radius([[1.0, 2.0] @ W], spectral_norm(W, rng=0))
    assert_allclose(radius, 22 / 10, rtol=1e-9)


def test_radius_uses_the_two_best_scores_in_any_order():
    assert_allclose(
        certified_radius([[9.0, 1.0, 5.0, -7.0], [2.0, 2.0, 0.0, 0.0]], 2)[0], np.sqrt(2)
    )
    assert certified_radius([[2.0, 2.0, 0.0]], 1) == 0


@pytest.mark.parametrize("L", [0.5, 10.0])
def test_gradient_descent_is_stable_just_below_the_limit_and_not_above(L):
    eta = gd_stable_step(L)
    assert abs(1 - 0.95 * eta * L) < 1 < abs(1 - 1.05 * eta * L)


@given(st.floats(-5, 5), st.floats(0.1, 10), st.floats(0.01, 0.99))
def test_each_smaller_step_lowers_a_smooth_function(x, L, fraction):
    eta = fraction * gd_stable_step(L)

    def f(x):  # log cosh has curvature at most 1
        return L * np.logaddexp(x, -x)

    slope = L * np.tanh(x)
    assert f(x - eta * slope) <= f(x) - eta * (1 - eta * L / 2) * slope**2 + 1e-12 * f(x)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: empirical_lipschitz(np.sin, uniform(0, 1), 0, rng=0), "n_pairs: expected a whole"),
        (
            lambda: empirical_lipschitz(np.sin, lambda g, n: np.ones(n), 3, rng=0),
            "sample: expected",
        ),
        (lambda: empirical_lipschitz(np.sin, lambda g, n: [np.nan], 1, rng=0), "sample: expected"),
        (lambda: empirical_lipschitz(np.log, lambda g, n: -g.random(n), 3, rng=0), "f: expected"),
        (lambda: empirical_lipschitz(np.sum, uniform(0, 1), 3, rng=0), "f: expected one value for"),
        (
            lambda: empirical_lipschitz(np.sin, lambda g, n: g.random(2), 3, rng=0),
            "sample: expected one value for each of 3 points",
        ),
        (lambda: empirical_lipschitz(np.sin, uniform(0, 1), 3, rng=None), "rng: expected"),
        (lambda: spectral_norm([1.0, 2.0], rng=0), "W: expected an array with 2 axes"),
        (lambda: spectral_norm(matrix((9, 8), 0), rng=0, max_iter=1), "max_iter: no convergence"),
        (lambda: mlp_lipschitz_upper([], rng=0), "weights: expected at least one matrix"),
        (lambda: mlp_lipschitz_upper([np.eye(2), np.eye(3)], rng=0), "weights: expected 2 rows"),
        (lambda: mlp_lipschitz_upper([[1.0]], rng=0), "weights: expected an array with 2 axes"),
        (lambda: certified_radius([[1.0]], 1), "scores: expected at least 2 columns, got 1"),
        (lambda: certified_radius([1.0, 2.0], 1), "scores: expected an array with 2 axes"),
        (lambda: certified_radius([[1.0, 2.0]], 0), "lipschitz: expected numbers > 0"),
        (lambda: gd_stable_step(-1), "lipschitz: expected numbers > 0"),
    ],
)
def test_bad_input_is_named(call, message):
    with np.errstate(invalid="ignore"), pytest.raises(ValueError, match=message):
        call()


# The exercise.


def radius_with(weights, scores, *, norm=2, factor=2**0.5, combine=np.prod, against=-2):
    L = combine([np.linalg.norm(W, norm) for W in weights])
    ordered = np.sort(scores, axis=1)
    return (ordered[:, -1] - ordered[:, against]) / (factor * L)


def test_exercise_accepts_the_reference():
    assert grade_result("lipschitz_continuity", network_radius).passed


@pytest.mark.parametrize(
    "mistake",
    [
        {"norm": None},  # Frobenius
        {"factor": 1},
        {"factor": 2},
        {"combine": np.sum},
        {"combine": np.max},
        {"against": 0},
    ],
)
def test_exercise_rejects(mistake):
    report = grade_result(
        "lipschitz_continuity", lambda weights, scores: radius_with(weights, scores, **mistake)
    )
    assert report.attempted
    assert not report.passed


def test_exercise_rejects_first_score_minus_second():
    def unsorted(weights, scores):
        L = np.prod([np.linalg.norm(W, 2) for W in weights])
        return (scores[:, 0] - scores[:, 1]) / (np.sqrt(2) * L)

    assert not grade_result("lipschitz_continuity", unsorted).passed
