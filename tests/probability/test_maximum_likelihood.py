"""Maximum likelihood against scipy's fits, closed forms and what must always hold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats

from mlsheet.notebook.practice.grading import grade_result
from mlsheet.notebook.practice.maximum_likelihood import normal_log_likelihood
from mlsheet.probability.maximum_likelihood import (
    log_likelihood,
    mle_bernoulli,
    mle_exponential,
    mle_normal,
    mle_numeric,
    mle_poisson,
    observed_information,
)

values = st.lists(st.floats(-50, 50), min_size=2, max_size=15)


def log_normal(x, theta):
    return stats.norm(theta[0], theta[1]).logpdf(x)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_closed_forms_are_scipys_fits(seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(1e3, 2, 37)
    assert_allclose(mle_normal(x), stats.norm.fit(x), rtol=1e-12)
    waits = rng.exponential(3, 23)
    assert_allclose(1 / mle_exponential(waits), stats.expon.fit(waits, floc=0)[1], rtol=1e-12)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_closed_forms_beat_a_fine_grid(seed):
    rng = np.random.default_rng(seed)
    grid = np.linspace(0.001, 0.999, 999)
    flips, counts, waits = rng.random(13) < 0.3, rng.poisson(0.5, 11), rng.exponential(2, 7)
    for law, x, estimate in [
        (stats.bernoulli.logpmf, flips, mle_bernoulli(flips)),
        (stats.poisson.logpmf, counts, mle_poisson(counts)),
        (lambda x, rate: stats.expon.logpdf(x, scale=1 / rate), waits, mle_exponential(waits)),
    ]:
        best = law(x, estimate).sum()
        assert (law(x[:, None], grid).sum(axis=0) <= best + 1e-12).all()
        assert abs(grid[law(x[:, None], grid).sum(axis=0).argmax()] - estimate) <= 0.0011


def test_log_likelihood_sums_where_a_product_is_lost():
    x = np.random.default_rng(0).normal(size=2000)
    assert stats.norm.pdf(x).prod() == 0.0
    assert_allclose(log_likelihood(log_normal, x, [0, 1]), stats.norm.logpdf(x).sum(), rtol=1e-12)


def test_log_likelihood_of_rows_and_of_impossible_data():
    X = np.random.default_rng(1).normal(size=(7, 3))
    law = stats.multivariate_normal(np.zeros(3))
    assert_allclose(
        log_likelihood(lambda X, _: law.logpdf(X), X, 0.0), law.logpdf(X).sum(), rtol=1e-12
    )
    assert log_likelihood(stats.bernoulli.logpmf, [1, 0], 0.0) == -np.inf


@given(values, st.floats(-9, 9), st.floats(0.1, 9))
def test_nothing_is_likelier_than_the_estimate(x, mean, std):
    if np.std(x) > 1e-3:
        best = log_likelihood(log_normal, x, mle_normal(x))
        assert log_likelihood(log_normal, x, [mean, std]) <= best + 1e-9 * abs(best) + 1e-9


@given(values, st.floats(-9, 9), st.floats(0.1, 9))
def test_estimate_moves_with_the_unit(x, shift, scale):
    if np.std(x) > 1e-3:
        mean, std = mle_normal(x)
        moved = mle_normal(shift + scale * np.array(x))
        assert_allclose(moved, [shift + scale * mean, scale * std], rtol=1e-9, atol=1e-9)
        assert_allclose(mle_normal(x + x), [mean, std], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_numeric_search_finds_the_closed_form_and_its_covariance(seed):
    x = np.random.default_rng(seed).normal(150, 70, 101)
    mean, std = mle_normal(x)
    found = mle_numeric(lambda t: log_likelihood(log_normal, x, [t[0], np.exp(t[1])]), [100, 4])
    assert_allclose(found.theta, [mean, np.log(std)], rtol=1e-6)
    assert_allclose(found.covariance, np.diag([std**2 / 101, 1 / 202]), rtol=1e-4, atol=1e-5)


def test_estimate_of_a_function_is_the_function_of_the_estimate():
    waits = np.random.default_rng(0).exponential(2, 17)
    by_log_mean = mle_numeric(lambda t: float((-t[0] - waits * np.exp(-t[0])).sum()), [0.0])
    assert_allclose(np.exp(-by_log_mean.theta), [mle_exponential(waits)], rtol=1e-6)
    shifted = mle_numeric(lambda t: 7 + float((-t[0] - waits * np.exp(-t[0])).sum()), [0.0])
    assert_allclose(shifted.theta, by_log_mean.theta, rtol=1e-6)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_logistic_regression_agrees_with_scikit_learn(seed):
    from sklearn.linear_model import LogisticRegression

    rng = np.random.default_rng(seed)
    X = np.column_stack([np.ones(83), rng.normal(size=(83, 2))])
    y = rng.random(83) < 1 / (1 + np.exp(-X @ [0.3, 1.0, -0.7]))
    found = mle_numeric(lambda w: float(y @ (X @ w) - np.logaddexp(0, X @ w).sum()), np.zeros(3))
    oracle = LogisticRegression(C=np.inf, fit_intercept=False, tol=1e-10).fit(X, y)
    assert_allclose(found.theta, oracle.coef_[0], rtol=1e-5)
    p = 1 / (1 + np.exp(-X @ found.theta))
    assert_allclose(X.T @ (y - p), 0, atol=1e-5)
    assert_allclose(found.covariance, np.linalg.inv((X.T * p * (1 - p)) @ X), rtol=1e-4, atol=1e-6)


def test_information_of_a_correlated_pair():
    J = np.array([[5.0, -1.5], [-1.5, 2.0]])
    assert_allclose(
        observed_information(lambda t: -float(t @ J @ t) / 2, [0.3, -2.0]), J, rtol=1e-6
    )


def test_variance_estimate_is_too_small_by_one_part_in_n():
    rng = np.random.default_rng(0)
    squares = np.array([mle_normal(x)[1] ** 2 for x in rng.normal(0, 1, (20_000, 5))])
    assert abs(squares.mean() - 0.8) < 5 * np.sqrt(2 * 4 / 25 / 20_000)


def test_a_maximum_at_the_edge_has_a_huge_variance():
    found = mle_numeric(lambda t: -3 * float(np.logaddexp(0, t[0])), [0.0])
    assert 1 / (1 + np.exp(-found.theta[0])) < 1e-6
    assert found.covariance[0, 0] > 1e5
    assert mle_bernoulli([0, 0, 0]) == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: log_likelihood(log_normal, [], [0, 1]), "x: "),
        (lambda: log_likelihood(log_normal, [1.0], [np.nan, 1]), "theta: "),
        (lambda: log_likelihood(lambda x, t: x[:1], [1.0, 2.0], 0), "log_density: expected 2"),
        (lambda: log_likelihood(lambda x, t: x * np.nan, [1.0], 0), "log_density: expected 1"),
        (lambda: log_likelihood(lambda x, t: [np.inf, -np.inf], [1.0, 2.0], 0), "log_density: "),
        (lambda: mle_bernoulli([0, 2]), "x: expected zeros and ones"),
        (lambda: mle_normal([3, 3, 3]), "x: expected two different"),
        (lambda: mle_poisson([0.5]), "x: expected counts"),
        (lambda: mle_poisson([-1]), "x: expected counts"),
        (lambda: mle_exponential([1, -1]), "x: expected waiting times"),
        (lambda: mle_exponential([0, 0]), "x: expected waiting times"),
        (lambda: observed_information(lambda t: np.nan, [0.0]), "loglik: "),
        (lambda: observed_information(lambda t: t, [0.0]), "loglik: expected an array with 0"),
        (lambda: observed_information(lambda t: 0.0, [np.inf]), "theta: "),
        (lambda: mle_numeric(lambda t: 0.0, []), "start: "),
        (
            lambda: mle_numeric(lambda t: -((t[0] + t[1]) ** 2), [1.0, 0.0]),
            "loglik: expected a max",
        ),
        (lambda: mle_numeric(lambda t: float(t[0] ** 2), [0.0]), "loglik: expected a maximum"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise.


def log_of_the_product(x, mean, std):
    return np.log(stats.norm(mean, std).pdf(x).prod())


def without_the_constant(x, mean, std):
    return -(((x - mean) / std) ** 2).sum() / 2 - len(x) * np.log(std)


def without_the_half(x, mean, std):
    return -(((x - mean) / std) ** 2).sum() - len(x) * np.log(std * np.sqrt(2 * np.pi))


def averaged(x, mean, std):
    return normal_log_likelihood(x, mean, std) / len(x)


def negative(x, mean, std):
    return -normal_log_likelihood(x, mean, std)


def one_log_std(x, mean, std):
    return -(((x - mean) / std) ** 2).sum() / 2 - np.log(std * np.sqrt(2 * np.pi))


def test_exercise_accepts_the_reference():
    assert grade_result("maximum_likelihood", normal_log_likelihood).passed


@pytest.mark.parametrize(
    "wrong",
    [log_of_the_product, without_the_constant, without_the_half, averaged, negative, one_log_std],
)
def test_exercise_rejects(wrong):
    report = grade_result("maximum_likelihood", wrong)
    assert report.attempted
    assert not report.passed
