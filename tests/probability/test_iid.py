"""Dependent draws against their exact covariances, and what is left of their number."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats
from scipy.linalg import toeplitz

from mlsheet.notebook.practice.grading import grade_result
from mlsheet.notebook.practice.iid import variance_of_mean
from mlsheet.probability.iid import (
    ar1,
    autocorrelation,
    effective_sample_size,
    equicorrelated_normal,
    permutation_test_independence,
)


@pytest.mark.parametrize("rho", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_equicorrelated_draws_have_their_covariance(rho):
    n, size = 5, 40_000
    X = equicorrelated_normal(n, rho, size, rng=0)
    exact = rho + (1 - rho) * np.eye(n)
    assert np.abs(X.mean(axis=0)).max() < 5 / np.sqrt(size)
    assert np.abs(np.cov(X.T) - exact).max() < 5 * np.sqrt(2 / size)
    variance = rho + (1 - rho) / n
    assert abs(X.mean(axis=1).var() - variance) < 5 * variance * np.sqrt(2 / size)


@pytest.mark.parametrize("phi", [-0.7, 0.0, 0.5, 0.95])
def test_ar1_is_stationary_with_geometric_correlations(phi):
    n, size = 6, 40_000
    X = ar1(n, phi, size, rng=1)
    exact = toeplitz(phi ** np.arange(n))
    assert np.abs(np.cov(X.T) - exact).max() < 5 * np.sqrt(2 / size)
    assert stats.kstest(X[:, -1], "norm").pvalue > 1e-3


@pytest.mark.parametrize("n", [2, 7, 50, 101])
def test_autocorrelation_is_the_sum_of_products(n):
    x = np.random.default_rng(n).normal(3, 2, n)
    centred = x - x.mean()
    lagged = [centred[: n - k] @ centred[k:] for k in range(n)]
    assert_allclose(autocorrelation(x), np.array(lagged) / lagged[0], atol=1e-12)


@pytest.mark.parametrize("unit", [1e-200, 1e200])
def test_autocorrelation_of_tiny_and_huge_numbers(unit):
    x = np.array([1.0, 2.0, 4.0, 3.0])
    assert_allclose(autocorrelation(unit * x), autocorrelation(x), atol=1e-12)


@given(st.lists(st.integers(-50, 50), min_size=3, max_size=30), st.floats(0.1, 9), st.floats(-9, 9))
def test_effective_sample_size_ignores_scale_and_offset(x, scale, offset):
    values = np.array(x, dtype=float)
    if np.ptp(values) > 0 and np.abs(autocorrelation(values)[2:]).min(initial=1) > 1e-9:
        moved = effective_sample_size(scale * values + offset)
        assert_allclose(moved, effective_sample_size(values), rtol=1e-6)


@pytest.mark.parametrize("phi", [-0.5, 0.0, 0.5, 0.9])
def test_effective_share_of_an_ar1_series(phi):
    x = ar1(200_000, phi, 1, rng=2)[0]
    share = effective_sample_size(x) / len(x)
    assert_allclose(share, (1 - phi) / (1 + phi), rtol=0.12)


def test_effective_sample_size_by_hand():
    # correlations 1, 0.25, -0.3, -0.45: the first pair is 1.25, the second is negative
    assert_allclose(effective_sample_size([1, 2, 3, 4]), 4 / (2 * 1.25 - 1), rtol=1e-12)
    # correlations 1, -0.75, 0.5, -0.25: both pairs are 0.25, and nothing is left to divide by
    assert_allclose(effective_sample_size([1, -1, 1, -1]), 4**2, rtol=1e-12)


def test_shuffling_keeps_the_values_and_breaks_the_order():
    x = ar1(20_000, 0.9, 1, rng=3)[0]
    shuffled = np.random.default_rng(4).permutation(x)
    assert_allclose(np.sort(shuffled), np.sort(x))
    assert autocorrelation(x)[1] > 0.85
    assert abs(autocorrelation(shuffled)[1]) < 5 / np.sqrt(len(x))
    assert effective_sample_size(shuffled) > 5 * effective_sample_size(x)


def test_permutation_p_value_is_near_scipys():
    rng = np.random.default_rng(5)
    x = rng.normal(size=30)
    y = 0.4 * x + rng.normal(size=30)
    ours = permutation_test_independence(x, y, 20_000, rng=0)
    assert abs(ours - stats.pearsonr(x, y).pvalue) < 0.01


def test_permutation_p_values_are_uniform_under_independence():
    rng = np.random.default_rng(6)
    ps = [
        permutation_test_independence(rng.normal(size=12), rng.exponential(size=12), 99, rng=rng)
        for _ in range(500)
    ]
    assert abs(np.mean(np.array(ps) <= 0.1) - 0.1) < 5 * np.sqrt(0.09 / 500)


def test_permutation_test_is_fooled_by_two_series_that_remember():
    pairs = [ar1(60, 0.9, 2, rng=seed) for seed in range(200)]
    ps = [permutation_test_independence(*pair, 99, rng=0) for pair in pairs]
    assert np.mean(np.array(ps) <= 0.05) > 0.3


def test_permutation_p_value_ignores_a_large_offset():
    x, y = np.array([1, 2, 4, 3]), np.array([2, 1, 4, 3])
    p = permutation_test_independence(x, y, 999, rng=8)
    assert permutation_test_independence(x, y + 1e9, 999, rng=8) == p


def test_permutations_of_a_small_sample_are_counted_exactly():
    # of the 6 orders of y only the one given and its mirror image reach |r|
    assert permutation_test_independence(range(30), range(30), 99, rng=0) == 1 / 100
    p = permutation_test_independence([1, 2, 3], [1, 2, 3], 60_000, rng=7)
    assert abs(p - 1 / 3) < 5 * np.sqrt(2 / 9 / 60_000)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: equicorrelated_normal(0, 0.1, 2, rng=0), "n: "),
        (lambda: equicorrelated_normal(3, -0.1, 2, rng=0), "rho: "),
        (lambda: equicorrelated_normal(3, 0.1, 0, rng=0), "n_samples: "),
        (lambda: ar1(0, 0.1, 2, rng=0), "n: "),
        (lambda: ar1(3, 1.0, 2, rng=0), "phi: "),
        (lambda: ar1(3, 0.1, 0, rng=0), "n_samples: "),
        (lambda: autocorrelation([2.0, 2.0]), "x: expected numbers that differ"),
        (lambda: autocorrelation([[1.0, 2.0]]), "x: "),
        (lambda: effective_sample_size([5.0]), "x: expected numbers that differ"),
        (lambda: permutation_test_independence([1, 2], [1, 2, 3], 9, rng=0), "y: expected 2"),
        (lambda: permutation_test_independence([1, 1], [1, 2], 9, rng=0), "x: expected numbers"),
        (lambda: permutation_test_independence([1, 2], [1, 1], 9, rng=0), "y: expected numbers"),
        (lambda: permutation_test_independence([1, 2], [1, 2], 0, rng=0), "n_permutations: "),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise.


def without_covariances(cov):
    return np.trace(cov) / len(cov) ** 2


def divided_once(cov):
    return cov.sum() / len(cov)


def each_covariance_once(cov):
    return np.triu(cov).sum() / len(cov) ** 2


def mean_variance_over_n(cov):
    return np.diag(cov).mean() / len(cov)


def of_the_sum(cov):
    return cov.sum()


def test_exercise_accepts_the_reference():
    assert grade_result("iid", variance_of_mean).passed


@pytest.mark.parametrize(
    "wrong",
    [without_covariances, divided_once, each_covariance_once, mean_variance_over_n, of_the_sum],
)
def test_exercise_rejects(wrong):
    report = grade_result("iid", wrong)
    assert report.attempted
    assert not report.passed
