"""Running means, and bounds on how far off they are, against exact tails."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats

from mlsheet.notebook.practice.grading import grade_result
from mlsheet.probability.law_of_large_numbers import (
    chebyshev_bound,
    hoeffding_bound,
    monte_carlo_mean,
    running_mean,
)


@pytest.mark.parametrize("shape", [(1,), (7,), (3, 5), (2, 3, 4)])
def test_running_mean_is_numpys_of_each_prefix(shape):
    x = np.random.default_rng(0).normal(size=shape)
    prefixes = [x[..., :k].mean(axis=-1) for k in range(1, shape[-1] + 1)]
    assert_allclose(running_mean(x), np.stack(prefixes, axis=-1), rtol=1e-10, atol=1e-14)


def test_a_large_offset_costs_no_digits():
    x = 1e9 + np.random.default_rng(1).random(100_000)
    exact = [math.fsum(x[:k]) / k for k in (10, 1000, 100_000)]
    assert_allclose(running_mean(x)[[9, 999, 99_999]] - exact, 0, atol=2e-7)
    assert (running_mean(np.full(1000, 0.1)) == 0.1).all()


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=20), st.floats(-5, 5))
def test_running_mean_moves_with_the_data_and_stays_within_it(x, shift):
    means = running_mean(x)
    assert_allclose(running_mean(np.array(x) + shift), means + shift, atol=1e-10)
    assert min(x) - 1e-9 <= means.min()
    assert means.max() <= max(x) + 1e-9


def exact_tail(n, p, eps):
    """P(|share - p| >= eps) of n flips; the counts at the edge belong to it."""
    k = np.arange(n + 1)
    return stats.binom(n, p).pmf(k)[np.abs(k / n - p) >= eps - 1e-12].sum()


@pytest.mark.parametrize("n", [1, 10, 100, 1000])
@pytest.mark.parametrize("p", [0.05, 0.3, 0.5])
@pytest.mark.parametrize("eps", [0.02, 0.1, 0.3])
def test_bounds_hold_against_exact_binomial_tails(n, p, eps):
    tail = exact_tail(n, p, eps)
    assert tail <= chebyshev_bound(n, eps, p * (1 - p)) + 1e-12
    assert tail <= hoeffding_bound(n, eps) + 1e-12


def test_chebyshev_is_attained_by_two_values():
    assert exact_tail(1, 0.5, 0.5) == chebyshev_bound(1, 0.5, 0.25) == 1
    assert chebyshev_bound(7, 0.5, 1.4) == pytest.approx(1.4 / (7 * 0.25))


def test_hoeffding_scales_with_the_range():
    assert hoeffding_bound(50, 0.3, low=-1, high=2) == pytest.approx(hoeffding_bound(50, 0.1))
    assert hoeffding_bound(18444, 0.01) > 0.05 >= hoeffding_bound(18445, 0.01)
    assert hoeffding_bound(1, 0.01) == 1


@pytest.mark.parametrize(("eps", "bound"), [(1e-200, 1.0), (1e200, 0.0)])
def test_bounds_of_tiny_and_huge_errors(eps, bound):
    assert chebyshev_bound(3, eps, 1.0) == hoeffding_bound(3, eps) == bound


def test_heads_catch_up_now_and_then_but_their_lag_does_not_shrink():
    steps = np.random.default_rng(7).choice([-1, 1], (2000, 2000))
    lead = steps.cumsum(axis=1) - 10
    assert (lead.max(axis=1) >= 0).mean() > 0.7
    assert abs(lead[:, -1].mean() + 10) < 5 * np.sqrt(2000 / 2000)
    assert np.abs(lead[:, -1]).mean() > 2 * np.abs(lead[:, 199]).mean()


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_monte_carlo_mean_covers_the_truth(seed):
    mean, error = monte_carlo_mean(lambda g, n: g.exponential(size=n), 100_000, rng=seed)
    assert abs(mean - 1) < 5 * error
    assert_allclose(error, 1 / np.sqrt(100_000), rtol=0.05)


def test_standard_error_is_scipys():
    draws = np.random.default_rng(4).normal(size=37)
    mean, error = monte_carlo_mean(lambda g, n: draws, 37, rng=0)
    assert_allclose([mean, error], [draws.mean(), stats.sem(draws)], rtol=1e-12)


def test_the_error_falls_like_one_over_root_n():
    rng = np.random.default_rng(5)
    errors = running_mean(rng.exponential(size=(4000, 1024))) - 1
    rms = np.sqrt((errors**2).mean(axis=0))
    slope = np.polyfit(np.log([4, 16, 64, 256, 1024]), np.log(rms[[3, 15, 63, 255, 1023]]), 1)[0]
    assert abs(slope + 0.5) < 0.02


def test_cauchy_means_never_settle():
    means = running_mean(np.random.default_rng(6).standard_cauchy((4000, 500)))
    inside = (np.abs(means) < 1).mean(axis=0)
    assert np.abs(inside[[0, 9, 99, 499]] - 0.5).max() < 0.04


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: running_mean([]), "x: "),
        (lambda: running_mean(3.0), "x: expected a sequence"),
        (lambda: running_mean([1, np.nan]), "x: "),
        (lambda: chebyshev_bound(0, 0.1, 1), "n: "),
        (lambda: chebyshev_bound(5, 0, 1), "eps: "),
        (lambda: chebyshev_bound(5, 0.1, -1), "var: "),
        (lambda: chebyshev_bound(5, [0.1, 0.2], 1), "eps: "),
        (lambda: chebyshev_bound(5, 0.1, np.inf), "var: "),
        (lambda: hoeffding_bound(0, 0.1), "n: "),
        (lambda: hoeffding_bound(5, -0.1), "eps: "),
        (lambda: hoeffding_bound(5, 0.1, low=1, high=1), "high - low: "),
        (lambda: monte_carlo_mean(lambda g, n: g.random(n), 1, rng=0), "n: "),
        (lambda: monte_carlo_mean(lambda g, n: g.random(3), 5, rng=0), "sample: expected 5"),
        (lambda: monte_carlo_mean(lambda g, n: g.random((n, 1)), 5, rng=0), "sample: "),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise.


def divided_by_the_whole_length(X):
    return np.cumsum(X, axis=1) / X.shape[1]


def from_zero(X):
    return np.cumsum(X, axis=1) / np.maximum(np.arange(X.shape[1]), 1)


def down_the_columns(X):
    return running_mean(X.T).T


def only_the_last(X):
    return X.mean(axis=1)


def over_all_rows(X):
    return running_mean(X.ravel()).reshape(X.shape)


def test_exercise_accepts_the_reference():
    assert grade_result("law_of_large_numbers", running_mean).passed


@pytest.mark.parametrize(
    "wrong",
    [divided_by_the_whole_length, from_zero, down_the_columns, only_the_last, over_all_rows],
)
def test_exercise_rejects(wrong):
    report = grade_result("law_of_large_numbers", wrong)
    assert report.attempted
    assert not report.passed
