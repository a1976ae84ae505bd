"""p-values against scipy's, and rejection rates of known tests."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats

from mlsheet.notebook.practice.grading import grade_result
from mlsheet.probability.hypothesis_testing import (
    discrete_p_value,
    simulate_rejection_rate,
    tail_probability,
)

SIDES = ["two-sided", "greater", "less"]


@pytest.mark.parametrize("alternative", SIDES)
def test_tail_probability_is_the_p_value_of_scipys_t_test(alternative):
    x = np.random.default_rng(0).normal(0.3, 1, (5, 7))
    theirs = stats.ttest_1samp(x, 0, axis=1, alternative=alternative)
    ours = tail_probability(theirs.statistic, stats.t(6).sf, alternative)
    assert_allclose(ours, theirs.pvalue, rtol=1e-12)


@pytest.mark.parametrize("alternative", SIDES)
@pytest.mark.parametrize(("heads", "n"), [(8, 10), (0, 7), (3, 7), (5, 10), (13, 23)])
def test_discrete_p_value_is_that_of_scipys_binomial_test(heads, n, alternative):
    """A fair coin: the law is symmetric, so that all definitions of two-sided agree."""
    k = np.arange(n + 1)
    ours = discrete_p_value(k, stats.binom(n, 0.5).pmf(k), heads, alternative)
    assert_allclose(ours, stats.binomtest(heads, n, 0.5, alternative).pvalue, rtol=1e-12)


def test_the_observed_value_counts():
    k = np.arange(11)
    law = stats.binom(10, 0.5).pmf(k)
    assert_allclose(discrete_p_value(k, law, 8, "greater"), 56 / 1024, rtol=1e-12)
    assert_allclose(discrete_p_value(k, law, 8), 112 / 1024, rtol=1e-12)


@given(st.lists(st.floats(0.01, 1), min_size=2, max_size=9), st.integers(0, 8))
def test_the_two_tails_overlap_in_the_observed_value(weights, index):
    law = np.array(weights) / sum(weights)
    values = np.arange(len(law))
    observed = values[index % len(law)]
    upper = discrete_p_value(values, law, observed, "greater")
    lower = discrete_p_value(values, law, observed, "less")
    assert_allclose(upper + lower, 1 + law[observed], rtol=1e-9)
    assert_allclose(discrete_p_value(values, law, observed), min(1, 2 * min(upper, lower)))
    assert_allclose(discrete_p_value(-values, law, -observed, "less"), upper)


@pytest.mark.parametrize("alpha", [0.01, 0.05, 0.3])
def test_a_uniform_p_value_is_below_alpha_as_often_as_alpha(alpha):
    found = simulate_rejection_rate(
        lambda p: p, lambda g, reps: g.random(reps), reps=100_000, alpha=alpha, rng=1
    )
    assert abs(found.rate - alpha) < 5 * found.se
    assert_allclose(found.se, np.sqrt(found.rate * (1 - found.rate) / 100_000))


def test_p_equal_to_alpha_does_not_reject():
    found = simulate_rejection_rate(
        lambda p: p, lambda g, reps: np.array([0.04, 0.05, 0.06, 0.5]), reps=4, rng=0
    )
    assert found.rate == 0.25


def test_p_values_of_t_tests_are_uniform_under_the_null():
    def test(x):
        return stats.ttest_1samp(x, 0, axis=1).pvalue

    found = simulate_rejection_rate(test, lambda g, m: g.normal(size=(m, 7)), reps=20_000, rng=2)
    assert abs(found.rate - 0.05) < 4 * found.se
    p = test(np.random.default_rng(2).normal(size=(20_000, 7)))
    assert stats.kstest(p, "uniform").pvalue > 0.01


def test_a_seed_repeats_the_simulation():
    runs = [
        simulate_rejection_rate(lambda p: p, lambda g, m: g.random(m), reps=50, rng=5)
        for _ in range(2)
    ]
    assert runs[0] == runs[1]


def rate(p, reps=3, **options):
    return simulate_rejection_rate(lambda d: d, lambda g, m: p, reps=reps, rng=0, **options)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: tail_probability(np.nan, stats.norm.sf), "statistic: "),
        (lambda: tail_probability(1.0, stats.norm.sf, "both"), "alternative: "),
        (lambda: discrete_p_value([], [], 0), "support: "),
        (lambda: discrete_p_value([0, 1], [1.0], 0), "probabilities: expected shape"),
        (lambda: discrete_p_value([0, 1], [0.5, 0.4], 0), "probabilities: "),
        (lambda: discrete_p_value([0, 1], [0.5, 0.5], np.inf), "observed: "),
        (lambda: discrete_p_value([0, 1], [0.5, 0.5], [0, 1]), "observed: "),
        (lambda: discrete_p_value([0, 1], [0.5, 0.5], 0, "upper"), "alternative: "),
        (lambda: rate([0.1] * 3, reps=0), "reps: "),
        (lambda: rate([0.1] * 3, alpha=1), "alpha: "),
        (lambda: rate([0.1] * 2), "test: expected 3 p-values"),
        (lambda: rate([0.1, 0.2, 1.1]), "test: expected 3 p-values"),
        (lambda: rate([0.1, 0.2, -0.1]), "test: expected 3 p-values"),
        (lambda: rate([0.1, 0.2, np.nan]), "p-values: "),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise.


def as_extreme_only(support, probabilities, observed):
    return min(1.0, 2 * probabilities[support == observed].sum())


def more_extreme_only(support, probabilities, observed):
    upper, lower = probabilities[support > observed].sum(), probabilities[support < observed].sum()
    return min(1.0, 2 * min(upper, lower))


def one_tail(support, probabilities, observed):
    return discrete_p_value(support, probabilities, observed, "greater")


def not_capped(support, probabilities, observed):
    upper = probabilities[support >= observed].sum()
    return 2 * min(upper, probabilities[support <= observed].sum())


def upper_tail_doubled(support, probabilities, observed):
    return min(1.0, 2 * probabilities[support >= observed].sum())


def test_exercise_accepts_the_reference():
    assert grade_result("hypothesis_testing", discrete_p_value).passed


@pytest.mark.parametrize(
    "wrong", [as_extreme_only, more_extreme_only, one_tail, not_capped, upper_tail_doubled]
)
def test_exercise_rejects(wrong):
    report = grade_result("hypothesis_testing", wrong)
    assert report.attempted
    assert not report.passed
