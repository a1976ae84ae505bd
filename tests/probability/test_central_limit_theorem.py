"""Standardised sums against exact laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats

from mlsheet.notebook.practice.central_limit_theorem import standardized_rows
from mlsheet.notebook.practice.grading import grade_result
from mlsheet.probability.central_limit_theorem import (
    berry_esseen_bound,
    kolmogorov_distance_to_normal,
    standardized_binomial,
    standardized_sum,
)


def exponential(generator, shape):
    return generator.exponential(size=shape)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_distance_of_a_sample_is_scipys_kolmogorov_smirnov_statistic(seed):
    z = np.random.default_rng(seed).normal(0.3, 1.2, 37)
    assert_allclose(kolmogorov_distance_to_normal(z), stats.kstest(z, "norm").statistic, rtol=1e-12)


@pytest.mark.parametrize(("n", "p"), [(1, 0.3), (7, 0.5), (30, 0.01), (1000, 0.37), (5000, 0.001)])
def test_binomial_law_is_scipys(n, p):
    values, probabilities = standardized_binomial(n, p)
    assert_allclose(probabilities, stats.binom(n, p).pmf(np.arange(n + 1)), rtol=1e-9, atol=1e-300)
    assert_allclose(values @ probabilities, 0, atol=1e-9)
    assert_allclose(values**2 @ probabilities, 1, rtol=1e-9)


@pytest.mark.parametrize(("n", "distance"), [(30, 0.449), (1000, 0.083), (5000, 0.038)])
def test_thirty_is_no_law(n, distance):
    assert abs(kolmogorov_distance_to_normal(*standardized_binomial(n, 0.01)) - distance) < 5e-4


def test_distance_looks_at_both_sides_of_a_jump():
    assert kolmogorov_distance_to_normal([-10.0]) == pytest.approx(1)
    assert kolmogorov_distance_to_normal([10.0]) == pytest.approx(1)


@given(st.lists(st.floats(-4, 4), min_size=1, max_size=20), st.randoms(use_true_random=False))
def test_distance_does_not_depend_on_the_order(values, random):
    shuffled = random.sample(values, len(values))
    assert kolmogorov_distance_to_normal(shuffled) == pytest.approx(
        kolmogorov_distance_to_normal(values)
    )
    assert kolmogorov_distance_to_normal(values + values) == pytest.approx(
        kolmogorov_distance_to_normal(values)
    )


def test_standardised_sums_of_exponentials_follow_the_gamma_law():
    n, n_sums = 30, 100_000
    z = standardized_sum(exponential, mean=1, std=1, n=n, n_sums=n_sums, rng=0)
    assert abs(z.mean()) < 5 / np.sqrt(n_sums)
    assert abs(z.var() - 1) < 5 * np.sqrt((2 + 6 / n) / n_sums)
    assert abs(stats.skew(z) - 2 / np.sqrt(n)) < 5 * np.sqrt(6 / n_sums) * 2
    exact = stats.kstest(z, lambda x: stats.gamma(n).cdf(n + x * np.sqrt(n)))
    assert exact.pvalue > 1e-3


def test_chunks_do_not_change_the_sums(monkeypatch):
    whole = standardized_sum(exponential, mean=1, std=1, n=7, n_sums=23, rng=5)
    monkeypatch.setattr("mlsheet.probability.central_limit_theorem.CHUNK", 28)
    assert_allclose(
        standardized_sum(exponential, mean=1, std=1, n=7, n_sums=23, rng=5), whole, rtol=1e-13
    )


@pytest.mark.parametrize("p", [0.01, 0.2, 0.5])
@pytest.mark.parametrize("n", [1, 10, 100, 1000])
def test_distance_stays_below_the_berry_esseen_bound(n, p):
    third = p * (1 - p) * ((1 - p) ** 2 + p**2)
    bound = berry_esseen_bound(third, np.sqrt(p * (1 - p)), n)
    assert kolmogorov_distance_to_normal(*standardized_binomial(n, p)) <= bound


def test_the_mean_of_cauchy_values_does_not_concentrate():
    z = standardized_sum(
        lambda g, shape: g.standard_cauchy(shape), mean=0, std=1, n=1000, n_sums=20_000, rng=0
    )
    means = z / np.sqrt(1000)
    assert stats.kstest(means, "cauchy").pvalue > 1e-3
    assert abs(stats.iqr(means) - 2) < 0.1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: standardized_sum(exponential, mean=1, std=0, n=3, n_sums=2, rng=0), "std: "),
        (lambda: standardized_sum(exponential, mean=1, std=1, n=0, n_sums=2, rng=0), "n: "),
        (lambda: standardized_sum(exponential, mean=1, std=1, n=3, n_sums=0, rng=0), "n_sums: "),
        (
            lambda: standardized_sum(
                lambda g, shape: g.random(3), mean=1, std=1, n=3, n_sums=2, rng=0
            ),
            "sample: expected an array of shape",
        ),
        (lambda: kolmogorov_distance_to_normal([]), "values: "),
        (lambda: kolmogorov_distance_to_normal([np.nan]), "values: "),
        (lambda: kolmogorov_distance_to_normal([0.0, 1.0], [1.0]), "probabilities: expected shape"),
        (lambda: kolmogorov_distance_to_normal([0.0, 1.0], [0.5, 0.4]), "probabilities: "),
        (lambda: standardized_binomial(0, 0.5), "n: "),
        (lambda: standardized_binomial(5, 1.0), "p: "),
        (lambda: berry_esseen_bound(0, 1, 5), "third_absolute_moment: "),
        (lambda: berry_esseen_bound(1, -1, 5), "std: "),
        (lambda: berry_esseen_bound(1, 1, 0), "n: "),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise.


def as_on_the_sheet(X, mean, std):
    n = X.shape[1]
    return ((X - n * mean) / (std * np.sqrt(n))).sum(axis=1)


def divided_by_n(X, mean, std):
    return (X.sum(axis=1) - X.shape[1] * mean) / (std * X.shape[1])


def only_centered(X, mean, std):
    return X.sum(axis=1) - X.shape[1] * mean


def over_columns(X, mean, std):
    return standardized_rows(X.T, mean, std)


def by_the_samples_own_moments(X, mean, std):
    sums = X.sum(axis=1)
    return (sums - sums.mean()) / sums.std()


def test_exercise_accepts_the_reference():
    assert grade_result("central_limit_theorem", standardized_rows).passed


@pytest.mark.parametrize(
    "wrong",
    [as_on_the_sheet, divided_by_n, only_centered, over_columns, by_the_samples_own_moments],
)
def test_exercise_rejects(wrong):
    report = grade_result("central_limit_theorem", wrong)
    assert report.attempted
    assert not report.passed
