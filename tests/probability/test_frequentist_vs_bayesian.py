"""Intervals against scipy, coverage against every sequence of flips."""

from functools import partial
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats
from scipy.special import comb

from mlsheet.notebook.practice.frequentist_vs_bayesian import coverage_of_ends
from mlsheet.notebook.practice.grading import grade_result
from mlsheet.probability.frequentist_vs_bayesian import (
    coverage,
    credible_interval,
    wald_interval,
    wilson_interval,
)

INTERVALS = [wald_interval, wilson_interval, credible_interval]


@pytest.mark.parametrize("level", [0.5, 0.9, 0.99])
@pytest.mark.parametrize("n", [1, 7, 20, 133])
def test_wilson_interval_is_scipys(n, level):
    low, high = wilson_interval(np.arange(n + 1), n, level)
    for s in range(n + 1):
        theirs = stats.binomtest(s, n).proportion_ci(level, method="wilson")
        assert_allclose((low[s], high[s]), theirs, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("level", [0.5, 0.95])
@pytest.mark.parametrize(("s", "n"), [(1, 7), (3, 12), (60, 133)])
def test_wald_interval_is_a_normal_interval(s, n, level):
    sd = np.sqrt(s * (n - s) / n**3)
    low, high = stats.norm(s / n, sd).interval(level)
    assert_allclose(wald_interval(s, n, level), (max(low, 0), high), rtol=1e-12)


@pytest.mark.parametrize(("a", "b"), [(0.5, 0.5), (1, 1), (2, 8.5)])
def test_credible_interval_is_scipys(a, b):
    low, high = credible_interval([0, 3, 7], 7, 0.9, a=a, b=b)
    s = np.array([0, 3, 7])
    theirs = stats.beta(a + s, b + 7 - s).interval(0.9)
    assert_allclose((low, high), theirs, rtol=1e-9)


@pytest.mark.parametrize("interval", INTERVALS)
@pytest.mark.parametrize("p", [0.0, 0.05, 0.37, 1.0])
def test_coverage_is_that_of_all_sequences(interval, p):
    n, total = 9, 0.0
    for flips in product([0, 1], repeat=n):
        low, high = interval(sum(flips), n, 0.8)
        total += p ** sum(flips) * (1 - p) ** (n - sum(flips)) * (low <= p <= high)
    assert_allclose(coverage(interval, p, n, 0.8), total, rtol=1e-12)


@pytest.mark.parametrize("n", [3, 7, 50, 133])
def test_an_interval_of_no_successes_holds_0(n):
    for interval in (wald_interval, wilson_interval):
        assert interval(0, n)[0] == 0
        assert interval(n, n)[1] == 1
        assert_allclose(coverage(interval, [0, 1], n), 1, rtol=1e-12)


def test_coverage_at_one_in_twenty():
    assert abs(coverage(wald_interval, 0.05, 20) - 0.639) < 5e-4
    assert abs(coverage(credible_interval, 0.05, 20) - 0.925) < 5e-4


@pytest.mark.parametrize("interval", INTERVALS)
def test_coverage_tends_to_the_level(interval):
    assert_allclose(coverage(interval, [0.2, 0.5, 0.7], 20_000, 0.9), 0.9, atol=0.004)


@pytest.mark.parametrize(("a", "b"), [(1, 1), (2, 8.5)])
def test_a_credible_interval_covers_at_its_level_on_the_average_over_its_prior(a, b):
    p = (np.arange(200_000) + 0.5) / 200_000
    covered = coverage(partial(credible_interval, a=a, b=b), p, 7, 0.8)
    assert_allclose(np.mean(covered * stats.beta(a, b).pdf(p)), 0.8, atol=1e-4)


@given(st.integers(1, 300), st.floats(0, 1), st.floats(0.01, 0.99), st.floats(0, 1))
def test_ends_are_in_order_and_coverage_is_a_probability(n, share, level, p):
    s = round(share * n)
    for interval in INTERVALS:
        low, high = interval(s, n, level)
        assert 0 <= low <= high <= 1
        mirrored = interval(n - s, n, level)
        assert_allclose((1 - high, 1 - low), mirrored, rtol=1e-7, atol=1e-12)
        assert 0 <= coverage(interval, p, n, level) <= 1 + 1e-9


def test_two_stopping_rules_have_proportional_likelihoods_and_two_p_values():
    p = np.linspace(0.01, 0.99, 99)
    fixed_n, fixed_heads = stats.binom(12, p).pmf(3), stats.nbinom(3, p).pmf(9)
    assert_allclose(fixed_n / fixed_heads, 4, rtol=1e-10)  # 220 / 55
    assert_allclose(stats.binom(12, 0.5).cdf(3), 299 / 4096)
    assert_allclose(stats.nbinom(3, 0.5).sf(8), 67 / 2048)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: wald_interval(8, 7), "s: expected whole numbers from 0 to 7"),
        (lambda: wilson_interval(-1, 7), "s: expected whole numbers"),
        (lambda: credible_interval(0.5, 7), "s: expected whole numbers"),
        (lambda: wald_interval(0, 0), "n: "),
        (lambda: wilson_interval(1, 7, 1.0), "level: "),
        (lambda: credible_interval(1, 7, 0.0), "level: "),
        (lambda: credible_interval(1, 7, a=0), "a, b: "),
        (lambda: coverage(wald_interval, 1.1, 7), "p: expected proportions"),
        (lambda: coverage(wald_interval, 0.5, 0), "n: "),
        (lambda: coverage(wald_interval, 0.5, 7, 2), "level: "),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise.


def every_count_alike(low, high, p):
    return np.mean((low <= p) & (p <= high))


def without_the_binomial_coefficient(low, high, p):
    s = np.arange(len(low))
    return np.sum(p**s * (1 - p) ** (len(low) - 1 - s) * ((low <= p) & (p <= high)))


def one_trial_too_many(low, high, p):
    s, n = np.arange(len(low)), len(low)
    return np.sum(comb(n, s) * p**s * (1 - p) ** (n - s) * ((low <= p) & (p <= high)))


def upper_ends_alone(low, high, p):
    return coverage_of_ends(0 * low, high, p)


def at_the_estimate(low, high, p):
    s, n = np.arange(len(low)), len(low) - 1
    return np.sum(stats.binom(n, p).pmf(s) * ((low <= s / n) & (s / n <= high)))


def test_exercise_accepts_the_reference():
    assert grade_result("frequentist_vs_bayesian", coverage_of_ends).passed


@pytest.mark.parametrize(
    "wrong",
    [
        every_count_alike,
        without_the_binomial_coefficient,
        one_trial_too_many,
        upper_ends_alone,
        at_the_estimate,
    ],
)
def test_exercise_rejects(wrong):
    report = grade_result("frequentist_vs_bayesian", wrong)
    assert report.attempted
    assert not report.passed
