"""Variances against numpy and exact fractions, the binomial law against scipy."""

from fractions import Fraction
from itertools import product
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats

from mlsheet.notebook.practice.grading import grade_result
from mlsheet.probability.variance_rules import (
    binomial_log_pmf,
    naive_variance,
    two_pass_variance,
    welford_variance,
)

STABLE = [two_pass_variance, welford_variance]
NUMBERS = st.lists(st.floats(-100, 100), min_size=1, max_size=12)


def exact_variance(x):
    values = [Fraction(float(value)) for value in x]
    mean = sum(values) / len(values)
    return float(sum((value - mean) ** 2 for value in values) / len(values))


@pytest.mark.parametrize("variance", [*STABLE, naive_variance])
@pytest.mark.parametrize("n", [1, 2, 7, 1001])
def test_variance_is_numpys(variance, n):
    for seed in range(3):
        x = np.random.default_rng(seed).gamma(2.0, size=n)
        assert_allclose(variance(x), np.var(x), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("variance", STABLE)
@pytest.mark.parametrize("offset", [1e3, 1e6, 1e9])
def test_large_values_do_no_harm(variance, offset):
    x = offset + np.random.default_rng(4).integers(0, 4096, 97) / 1024
    assert_allclose(variance(x), exact_variance(x), rtol=max(1e-12, offset * 1e-14))


def test_the_naive_formula_loses_every_digit():
    assert naive_variance(1e9 + np.arange(3.0)) == 0
    moderate, large = (
        offset + np.random.default_rng(4).integers(0, 4096, 97) / 1024 for offset in (1e3, 1e8)
    )
    assert_allclose(naive_variance(moderate), exact_variance(moderate), rtol=1e-8)
    assert naive_variance(large) % 2 == 0  # doubles near 1e16 are 2 apart
    assert 1 < exact_variance(large) < 1.6


@pytest.mark.parametrize("variance", STABLE)
@given(x=NUMBERS, a=st.floats(-5, 5), b=st.floats(-50, 50))
def test_scale_and_shift(variance, x, a, b):
    moved = variance(a * np.array(x) + b)
    assert moved == pytest.approx(a**2 * variance(x), rel=1e-9, abs=1e-9)
    assert variance(x) >= 0


@given(x=NUMBERS)
def test_order_and_doubling_change_nothing(x):
    for variance in STABLE:
        assert variance(x[::-1]) == pytest.approx(variance(x), rel=1e-9, abs=1e-9)
        assert variance(x + x) == pytest.approx(variance(x), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(("n", "p"), [(1, 0.3), (7, 0.5), (30, 0.0594), (1000, 1e-4), (9, 0.0)])
def test_binomial_law_is_scipys(n, p):
    k = np.arange(-1, n + 2)
    assert_allclose(binomial_log_pmf(k, n, p), stats.binom.logpmf(k, n, p), rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("p", [0.0594, 0.5, 1.0])
def test_binomial_law_with_binomial_coefficients(p):
    k = np.arange(13)
    exact = [comb(12, i) * p**i * (1 - p) ** (12 - i) for i in k]
    assert_allclose(np.exp(binomial_log_pmf(k, 12, p)), exact, rtol=1e-12, atol=1e-300)


def test_binomial_law_counts_outcomes():
    outcomes = np.array(list(product([0, 1], repeat=7)))
    chances = np.where(outcomes, 0.3, 0.7).prod(axis=1)
    counted = np.bincount(outcomes.sum(axis=1), weights=chances)
    assert_allclose(np.exp(binomial_log_pmf(np.arange(8), 7, 0.3)), counted, rtol=1e-12)


@given(n=st.integers(1, 200), p=st.floats(0, 1))
def test_binomial_moments(n, p):
    k = np.arange(n + 1)
    pmf = np.exp(binomial_log_pmf(k, n, p))
    assert pmf.sum() == pytest.approx(1, rel=1e-10)
    assert pmf @ k == pytest.approx(n * p, rel=1e-9, abs=1e-12)
    assert pmf @ (k - n * p) ** 2 == pytest.approx(n * p * (1 - p), rel=1e-9, abs=1e-12)


def test_shape_of_k_is_kept():
    assert binomial_log_pmf([[0, 1, 2]], 2, 0.5).shape == (1, 3)
    assert binomial_log_pmf(1, 2, 0.5).shape == ()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: naive_variance([]), "x: "),
        (lambda: two_pass_variance([1.0, np.nan]), "x: "),
        (lambda: welford_variance([[1.0, 2.0]]), "x: "),
        (lambda: binomial_log_pmf([0.5], 2, 0.5), "k: expected whole numbers"),
        (lambda: binomial_log_pmf([1], 0, 0.5), "n: "),
        (lambda: binomial_log_pmf([1], 2, 1.5), "p: "),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise.


def sample_variance(x):
    return np.var(x, ddof=1)


def standard_deviation(x):
    return np.std(x)


def sum_of_squares(x):
    return ((x - x.mean()) ** 2).sum()


def around_the_median(x):
    return ((x - np.median(x)) ** 2).mean()


def absolute_distances(x):
    return np.abs(x - x.mean()).mean()


def test_exercise_accepts_the_reference():
    assert grade_result("variance_rules", two_pass_variance).passed
    assert grade_result("variance_rules", welford_variance).passed


@pytest.mark.parametrize(
    "wrong",
    [
        naive_variance,
        sample_variance,
        standard_deviation,
        sum_of_squares,
        around_the_median,
        absolute_distances,
    ],
)
def test_exercise_rejects(wrong):
    report = grade_result("variance_rules", wrong)
    assert report.attempted
    assert not report.passed
