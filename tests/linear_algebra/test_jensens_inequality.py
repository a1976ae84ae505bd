"""Jensen's gap against exact moments, and its own properties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import integrate, stats

from mlsheet.linear_algebra.jensens_inequality import (
    gap_second_order,
    is_midpoint_convex,
    jensen_gap,
    log_mean_exp_gap,
)
from mlsheet.notebook.practice.grading import grade_result
from mlsheet.probability.kl_divergence import kl_divergence

SEEDS = [0, 1, 2]
CONVEX = {
    "square": np.square,
    "exp": np.exp,
    "abs": np.abs,
    "1/x": np.reciprocal,
    "-log": lambda x: -np.log(x),
    "x log x": lambda x: x * np.log(x),
}
positive = st.lists(st.floats(0.1, 5), min_size=1, max_size=8).map(np.array)


def normal_law(mean, std):
    z = np.linspace(-12, 12, 4801)
    weights = np.exp(-(z**2) / 2)
    return mean + std * z, weights / weights.sum()


def sigmoid_log(x):
    return -np.logaddexp(0, -x)


# Oracles.


@pytest.mark.parametrize(("mean", "std"), [(0.0, 1.0), (-1.5, 0.3), (2.0, 2.0)])
@pytest.mark.parametrize("f", [np.exp, np.square, np.sin, sigmoid_log])
def test_gap_is_that_of_scipys_expectation(f, mean, std):
    expected = stats.norm(mean, std).expect(f, lb=mean - 12 * std, ub=mean + 12 * std)
    gap = jensen_gap(f, *normal_law(mean, std))
    assert_allclose(gap, expected - f(mean), rtol=1e-7, atol=1e-12)


def test_gap_of_the_modulus():
    assert_allclose(jensen_gap(np.abs, *normal_law(0, 1)), np.sqrt(2 / np.pi), rtol=1e-5)


@pytest.mark.parametrize("seed", SEEDS)
def test_gap_of_a_sample_is_its_variance_for_the_square(seed):
    x = np.random.default_rng(seed).normal(2, 3, 1_000_001)
    assert_allclose(jensen_gap(np.square, x), x.var(), rtol=1e-9)


def test_gap_of_waiting_times():
    nodes, weights = np.polynomial.laguerre.laggauss(40)
    gap = jensen_gap(lambda x: np.exp(-0.3 * x), nodes, weights)
    assert_allclose(gap, 1 / 1.3 - np.exp(-0.3), rtol=1e-12)
    mean_log = integrate.quad(lambda x: np.log(x) * np.exp(-x), 0, np.inf)[0]
    u = (np.arange(200_000) + 0.5) / 200_000
    assert_allclose(jensen_gap(np.log, -np.log(u)), mean_log, atol=2e-5)
    assert_allclose(mean_log, -np.euler_gamma, rtol=1e-8)


@pytest.mark.parametrize("seed", SEEDS)
def test_gap_of_logs_is_the_divergence_from_the_posterior(seed):
    rng = np.random.default_rng(seed)
    joint, q = rng.random(7), rng.dirichlet(np.ones(7))
    gap = log_mean_exp_gap(np.log(joint) - np.log(q), q)
    assert_allclose(gap, kl_divergence(q, joint / joint.sum()), rtol=1e-10)
    assert_allclose(gap, -jensen_gap(np.log, joint / q, q), rtol=1e-10)


@pytest.mark.parametrize("shift", [-1e4, 1e4])
def test_gap_of_logs_neither_overflows_nor_moves(shift):
    y = np.array([0.3, -1.0, 2.0])
    assert_allclose(log_mean_exp_gap(y + shift), log_mean_exp_gap(y), rtol=1e-9)


@pytest.mark.parametrize(("mean", "std"), [(0.0, 0.01), (1.3, 0.02)])
@pytest.mark.parametrize(
    ("f", "second"), [(np.exp, np.exp), (np.sin, lambda x: -np.sin(x)), (np.cosh, np.cosh)]
)
def test_second_order_is_right_for_a_small_spread(f, second, mean, std):
    approximate = gap_second_order(second, mean, std**2)
    assert abs(jensen_gap(f, *normal_law(mean, std)) - approximate) < std**4


def test_second_order_is_exact_for_a_parabola():
    assert gap_second_order(lambda x: 2.0, mean=2, var=1) == jensen_gap(np.square, [1, 3]) == 1


# Properties.


@pytest.mark.parametrize("f", CONVEX.values(), ids=CONVEX)
@given(positive, st.integers(0, 10_000))
def test_gap_of_a_convex_function_is_never_negative(f, x, seed):
    weights = np.random.default_rng(seed).dirichlet(np.ones(len(x)))
    gap, reversed_gap = (jensen_gap(g, x, weights) for g in (f, lambda x: -f(x)))
    assert gap >= -1e-12 * np.abs(f(x)).max()
    assert reversed_gap == pytest.approx(-gap, abs=1e-12)


@given(positive, st.floats(-3, 3), st.floats(-3, 3))
def test_gap_is_zero_for_a_line_and_for_a_constant(x, a, b):
    assert jensen_gap(lambda t: a * t + b, x) == pytest.approx(0, abs=1e-12)
    assert jensen_gap(np.exp, np.full(5, x[0]), [0.1, 0.2, 0.3, 0.1, 0.3]) == pytest.approx(
        0, abs=1e-9
    )


@given(positive, st.floats(-3, 3), st.floats(-3, 3))
def test_a_line_added_to_the_function_changes_nothing(x, a, b):
    assert jensen_gap(lambda t: np.square(t) + a * t + b, x) == pytest.approx(x.var(), abs=1e-10)


@given(positive)
def test_the_tangent_at_the_mean_lies_below(x):
    mean = x.mean()
    tangent = np.exp(mean) * (1 + x - mean)
    assert (np.exp(x) >= tangent - 1e-12).all()
    assert tangent.mean() == pytest.approx(np.exp(mean))


def test_duplicates_are_weights():
    assert_allclose(jensen_gap(np.exp, [1, 1, 4]), jensen_gap(np.exp, [1, 4], [2 / 3, 1 / 3]))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("f", CONVEX.values(), ids=CONVEX)
def test_convex_functions_pass_the_midpoint_test(f, seed):
    assert is_midpoint_convex(f, 0.1, 4, rng=seed)
    assert not is_midpoint_convex(lambda x: -f(x) + np.sin(9 * x), 0.1, 4, rng=seed)


@pytest.mark.parametrize(
    "f",
    [
        np.sin,
        np.sqrt,
        np.log,
        lambda x: np.square(np.square(x) - 4),
        lambda x: 1 - 1e-8 * np.square(x),
    ],
)
def test_functions_that_are_not_convex_fail_it(f):
    assert not is_midpoint_convex(f, 0.1, 4, rng=0)


def test_a_line_is_convex_and_concave():
    assert is_midpoint_convex(lambda x: 3 * x - 1e6, -5, 5, rng=0)
    assert is_midpoint_convex(lambda x: 1e6 - 3 * x, -5, 5, rng=0)


def test_sine_breaks_the_inequality_both_ways():
    gaps = [jensen_gap(np.sin, *normal_law(mean, 1)) for mean in (np.pi / 2, -np.pi / 2)]
    assert_allclose(gaps, [np.exp(-0.5) - 1, 1 - np.exp(-0.5)], rtol=1e-9)


# Bad input.


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: jensen_gap(np.exp, []), "x: "),
        (lambda: jensen_gap(np.exp, [1, np.nan]), "x: "),
        (lambda: jensen_gap(np.exp, [1, 2], [0.5, 0.4]), "weights: "),
        (lambda: jensen_gap(np.exp, [1, 2], [0.5, 0.2, 0.3]), "weights: expected shape"),
        (lambda: jensen_gap(np.log, [-1, 2]), "f: expected finite"),
        (lambda: jensen_gap(np.reciprocal, [-1.0, 1.0]), "f: expected finite"),
        (lambda: jensen_gap(np.exp, [1e4, 1]), "f: expected finite"),
        (lambda: log_mean_exp_gap([np.inf, 1]), "y: "),
        (lambda: log_mean_exp_gap([0, 1], [1]), "weights: expected shape"),
        (lambda: gap_second_order(lambda x: np.inf, 0.0, 1), "second_derivative: "),
        (lambda: gap_second_order(lambda x: [1.0, 2.0], 0.0, 1), "second_derivative: "),
        (lambda: gap_second_order(np.exp, np.nan, 1), "mean: "),
        (lambda: gap_second_order(np.exp, [0.0, 1.0], 1), "mean: "),
        (lambda: gap_second_order(np.exp, 0, -1), "var: "),
        (lambda: is_midpoint_convex(np.exp, 2, 2, rng=0), "high: "),
        (lambda: is_midpoint_convex(np.exp, -np.inf, 2, rng=0), "low: "),
        (lambda: is_midpoint_convex(np.exp, 0, np.inf, rng=0), "high: "),
        (lambda: is_midpoint_convex(np.exp, 0, 1, n=0, rng=0), "n: "),
        (lambda: is_midpoint_convex(np.exp, 0, 1, rng=None), "rng: "),
        (lambda: is_midpoint_convex(np.log, -1, 1, rng=0), "f: expected finite"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise.


def turned_round(f, x, w):
    return f(w @ x) - w @ f(x)


def unweighted(f, x, w):
    return f(x).mean() - f(x.mean())


def half_weighted(f, x, w):
    return w @ f(x) - f(x.mean())


def never_negative(f, x, w):
    return abs(w @ f(x) - f(w @ x))


def spread_of_the_values(f, x, w):
    return w @ (f(x) - w @ f(x)) ** 2


def right(f, x, w):
    return w @ f(x) - f(w @ x)


def test_exercise_accepts_the_reference():
    assert grade_result("jensens_inequality", right).passed


@pytest.mark.parametrize(
    "wrong", [turned_round, unweighted, half_weighted, never_negative, spread_of_the_values]
)
def test_exercise_rejects(wrong):
    report = grade_result("jensens_inequality", wrong)
    assert report.attempted
    assert not report.passed
