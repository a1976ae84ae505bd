"""The z-test against scipy, exact levels, and the likelihood ratio."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats

from mlsheet.data.files import load_sleep
from mlsheet.notebook.practice.grading import grade_result
from mlsheet.probability.hypothesis_testing import simulate_rejection_rate
from mlsheet.probability.type_1_and_type_2_error import z_power
from mlsheet.probability.z_test import two_proportion_z_test, z_test

SIDES = ["two-sided", "greater", "less"]


@pytest.mark.parametrize("alternative", SIDES)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_z_is_scipys_t_with_the_known_spread_in_place_of_the_estimate(seed, alternative):
    x = np.random.default_rng(seed).normal(1, 3, (4, 7))
    t = stats.ttest_1samp(x, 0.5, axis=1).statistic
    z, p = z_test(x, 0.5, 2.5, alternative)
    assert_allclose(z, t * x.std(axis=1, ddof=1) / 2.5, rtol=1e-10)
    law = {"greater": stats.norm.sf(z), "less": stats.norm.cdf(z)}
    assert_allclose(p, law.get(alternative, 2 * stats.norm.sf(abs(z))), rtol=1e-10)


def test_numbers_of_the_text():
    sleep = load_sleep()
    assert_allclose(z_test(sleep.drug_2, 0, 2), [3.684053, 0.000229554], rtol=1e-5)
    assert_allclose(z_test(sleep.drug_1, 0, 2), [1.185854, 0.235680], rtol=1e-5)
    assert_allclose(z_test(np.full(100, 103), 100, 15), [2, 0.0455003], rtol=1e-5)


def test_the_far_tail_keeps_its_digits():
    assert_allclose(z_test([20.0], 0, 1, "greater").p, stats.norm.sf(20), rtol=1e-10)
    assert z_test([20.0], 0, 1).p > 0


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=9), st.floats(0.1, 10), st.floats(-5, 5))
def test_z_squared_is_twice_the_log_likelihood_ratio(x, sigma, mu0):
    z, p = z_test(x, mu0, sigma)
    fit, null = (stats.norm(m, sigma).logpdf(x).sum() for m in (np.mean(x), mu0))
    assert_allclose(z**2, 2 * (fit - null), rtol=1e-6, atol=1e-6)
    assert 0 <= p <= 1
    assert_allclose(z_test(-np.array(x), -mu0, sigma, "less").p, z_test(x, mu0, sigma, "greater").p)


@pytest.mark.parametrize(("shift", "n"), [(0, 3), (0, 10), (1, 10)])
def test_simulated_rates_are_the_exact_power(shift, n):
    rate, se = simulate_rejection_rate(
        lambda x: z_test(x, 0, 2).p, lambda g, m: g.normal(shift, 2, (m, n)), reps=50_000, rng=4
    )
    assert abs(rate - z_power(shift / 2, n)) < 4 * se


@pytest.mark.parametrize(
    ("n", "alternative", "level"),
    [
        (10, "two-sided", 0.045),
        (50, "two-sided", 0.049),
        (10, "greater", 0.064),
        (50, "greater", 0.057),
    ],
)
def test_levels_on_exponential_data(n, alternative, level):
    z = stats.norm.isf(0.025 if alternative == "two-sided" else 0.05)
    exact = stats.gamma(n).sf(n + z * np.sqrt(n))
    if alternative == "two-sided":
        exact += stats.gamma(n).cdf(n - z * np.sqrt(n))
    assert abs(exact - level) < 6e-4
    rate, se = simulate_rejection_rate(
        lambda x: z_test(x, 1, 1, alternative).p,
        lambda g, m: g.exponential(size=(m, n)),
        reps=50_000,
        rng=5,
    )
    assert abs(rate - exact) < 4 * se


@pytest.mark.parametrize("counts", [(240, 1000, 200, 1000), (3, 7, 11, 13), (0, 5, 2, 9)])
def test_z_squared_of_two_proportions_is_scipys_chi_square(counts):
    k1, n1, k2, n2 = counts
    table = [[k1, n1 - k1], [k2, n2 - k2]]
    theirs = stats.chi2_contingency(table, correction=False)
    z, p = two_proportion_z_test(*counts)
    assert_allclose(z**2, theirs.statistic, rtol=1e-10)
    assert_allclose(p, theirs.pvalue, rtol=1e-10)
    assert_allclose(two_proportion_z_test(k2, n2, k1, n1).z, -z, rtol=1e-12)
    greater, less = (two_proportion_z_test(*counts, side).p for side in ("greater", "less"))
    assert_allclose(greater + less, 1, rtol=1e-12)


def test_the_answer_of_the_a_b_test():
    assert_allclose(two_proportion_z_test(240, 1000, 200, 1000), [2.159168, 0.03083717], rtol=1e-6)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: z_test(3.0, 0, 1), "x: expected a sample"),
        (lambda: z_test([], 0, 1), "x: "),
        (lambda: z_test([np.nan, 1], 0, 1), "x: "),
        (lambda: z_test([1.0], np.nan, 1), "mu0: "),
        (lambda: z_test([1.0], 0, 0), "sigma: "),
        (lambda: z_test([1.0, 2.0], 0, [1.0, 2.0]), "sigma: "),
        (lambda: z_test([1.0], 0, 1, "both"), "alternative: "),
        (lambda: two_proportion_z_test(3, 2, 1, 5), "k1: "),
        (lambda: two_proportion_z_test(1, 5, -1, 2), "k2: "),
        (lambda: two_proportion_z_test(0, 0, 1, 2), "n1: "),
        (lambda: two_proportion_z_test(1, 2, 0, 0), "n2: "),
        (lambda: two_proportion_z_test(0, 2, 0, 3), "k1, k2: "),
        (lambda: two_proportion_z_test(2, 2, 3, 3), "k1, k2: "),
        (lambda: two_proportion_z_test(1, 2, 1, 3, "both"), "alternative: "),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise.


def without_root_n(x, mu0, sigma):
    z = (x.mean() - mu0) / sigma
    return z, 2 * stats.norm.sf(abs(z))


def one_tail(x, mu0, sigma):
    z, p = z_test(x, mu0, sigma)
    return z, p / 2


def upper_tail_twice(x, mu0, sigma):
    z, _ = z_test(x, mu0, sigma)
    return z, 2 * stats.norm.sf(z)


def with_the_samples_spread(x, mu0, sigma):
    return z_test(x, mu0, x.std() or 1.0)


def with_the_variance(x, mu0, sigma):
    return z_test(x, mu0, sigma**2)


def test_exercise_accepts_the_reference():
    assert grade_result("z_test", z_test).passed


@pytest.mark.parametrize(
    "wrong",
    [without_root_n, one_tail, upper_tail_twice, with_the_samples_spread, with_the_variance],
)
def test_exercise_rejects(wrong):
    report = grade_result("z_test", wrong)
    assert report.attempted
    assert not report.passed
