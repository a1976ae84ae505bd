"""MAP estimates against scikit-learn, scipy and their limits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats
from scipy.optimize import minimize_scalar

from mlsheet.notebook.practice.grading import grade_result
from mlsheet.notebook.practice.maximum_a_posteriori import ridge_by_normal_equations
from mlsheet.probability.maximum_a_posteriori import (
    map_beta_bernoulli,
    map_numeric,
    posterior_summary,
    ridge_map,
)


def regression(seed, n=23, d=4):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d)) @ rng.normal(size=(d, d))
    return X, X @ rng.normal(size=d) + rng.normal(size=n)


@given(st.integers(0, 20), st.integers(0, 20), st.floats(1.1, 30), st.floats(1.1, 30))
def test_coin_is_the_mode_of_scipys_beta(s, tails, a, b):
    posterior = stats.beta(a + s, b + tails)
    mode = map_beta_bernoulli(s, s + tails, a, b)
    found = minimize_scalar(lambda p: -posterior.logpdf(p), bounds=(0, 1), options={"xatol": 1e-9})
    assert_allclose(mode, found.x, atol=1e-5)


@given(st.integers(0, 20), st.integers(1, 20), st.floats(1, 30), st.floats(1.1, 30))
def test_coin_lies_between_the_priors_mode_and_the_share(s, tails, a, b):
    n = s + tails
    ends = sorted([(a - 1) / (a + b - 2), s / n])
    assert ends[0] - 1e-12 <= map_beta_bernoulli(s, n, a, b) <= ends[1] + 1e-12


def test_coin_at_the_edges():
    assert map_beta_bernoulli(0, 3, 1, 1) == 0
    assert map_beta_bernoulli(3, 3, 1, 1) == 1
    assert map_beta_bernoulli(0, 1, 0.5, 0.2) == 0
    assert map_beta_bernoulli(1, 1, 0.2, 0.5) == 1
    assert map_beta_bernoulli(7, 10, 1, 1) == 0.7


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize(("n", "d"), [(23, 4), (3, 7)])
def test_ridge_is_scikit_learns(seed, n, d):
    from sklearn.linear_model import Ridge

    X, y = regression(seed, n, d)
    oracle = Ridge(alpha=(1.3 / 0.4) ** 2, fit_intercept=False).fit(X, y).coef_
    assert_allclose(ridge_map(X, y, 1.3, 0.4), oracle, rtol=1e-9)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_ridge_is_the_peak_of_the_posterior(seed):
    X, y = regression(seed)
    found = map_numeric(
        lambda w: -float(w @ w) / (2 * 0.4**2),
        lambda w: -float(((y - X @ w) ** 2).sum()) / (2 * 1.3**2),
        np.zeros(4),
    )
    assert_allclose(found.theta, ridge_map(X, y, 1.3, 0.4), atol=1e-5)
    precision = X.T @ X / 1.3**2 + np.eye(4) / 0.4**2
    assert_allclose(found.covariance, np.linalg.inv(precision), rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_ridge_between_its_limits(seed):
    X, y = regression(seed)
    assert_allclose(ridge_map(X, y, 1, 1e7), np.linalg.lstsq(X, y)[0], rtol=1e-8)
    assert_allclose(ridge_map(X, y, 1, 1e-4), 1e-8 * X.T @ y, rtol=1e-4)
    norms = [np.linalg.norm(ridge_map(X, y, 1, tau)) for tau in np.geomspace(0.01, 100, 25)]
    assert (np.diff(norms) > 0).all()


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_laplace_prior_is_scikit_learns_lasso(seed):
    from sklearn.linear_model import Lasso

    X, y = regression(seed)
    sigma, b = 1.3, 0.2
    model = Lasso(alpha=sigma**2 / (b * len(y)), fit_intercept=False, tol=1e-12, max_iter=100_000)
    peak = model.fit(X, y).coef_

    def log_posterior(w):
        return -((y - X @ w) ** 2).sum() / (2 * sigma**2) - np.abs(w).sum() / b

    for step in np.random.default_rng(seed).normal(size=(500, 4)):
        for length in (1e-3, 0.1, 1):
            assert log_posterior(peak + length * step) <= log_posterior(peak) + 1e-9


def test_flat_prior_gives_the_maximum_likelihood_estimate():
    def loglik(t):
        return float(7 * t[0] - 10 * np.logaddexp(0, t[0]))

    flat = map_numeric(lambda t: 0.0, loglik, [0.0]).theta
    assert_allclose(1 / (1 + np.exp(-flat)), [0.7], rtol=1e-7)
    sharp = map_numeric(lambda t: -1e6 * float((t[0] - 1) ** 2), loglik, [0.0]).theta
    assert_allclose(sharp, [1], atol=1e-5)


@pytest.mark.parametrize(("a", "b"), [(9, 5), (1, 4), (30, 2.5)])
def test_summary_is_scipys_beta(a, b):
    p = np.linspace(0, 1, 20_001)
    law = stats.beta(a, b)
    found = posterior_summary(p, 7 * law.pdf(p), mass=0.9)
    assert_allclose(found.mode, (a - 1) / (a + b - 2), atol=1e-4)
    assert_allclose([found.mean, found.median], [law.mean(), law.median()], atol=1e-5)
    assert_allclose(law.cdf(found.high) - law.cdf(found.low), 0.9, atol=1e-5)
    starts = np.linspace(0, 0.1, 5001)
    assert_allclose(
        found.high - found.low, (law.ppf(starts + 0.9) - law.ppf(starts)).min(), atol=1e-5
    )


def test_summary_moves_with_the_grid():
    x = np.linspace(-3, 5, 2001)
    heights = np.exp(-np.abs(x - 0.4)) * (1 + (x > 0))
    here, there = posterior_summary(x, heights), posterior_summary(10 + 2 * x, heights)
    assert_allclose(there, 10 + 2 * np.array(here), rtol=1e-9)


def test_summary_survives_densities_near_the_largest_float():
    x = np.linspace(0, 1, 101)
    assert_allclose(posterior_summary(x, 1e308 * x), posterior_summary(x, x), rtol=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: map_beta_bernoulli(1, -1, 2, 2), "n: "),
        (lambda: map_beta_bernoulli(4, 3, 2, 2), "s: "),
        (lambda: map_beta_bernoulli(1, 3, 0, 2), "a: "),
        (lambda: map_beta_bernoulli(1, 3, 2, -1), "b: "),
        (lambda: map_beta_bernoulli(0, 0, 1, 1), "a, b: expected a posterior with a number"),
        (lambda: map_beta_bernoulli(0, 0, 0.5, 0.5), "a, b: "),
        (lambda: map_numeric(lambda t: 0.0, lambda t: 0.0, [np.nan]), "start: "),
        (lambda: ridge_map([1.0], [1.0], 1, 1), "X: "),
        (lambda: ridge_map([[1.0]], [1.0, 2.0], 1, 1), "y: expected 1 numbers"),
        (lambda: ridge_map([[1.0]], [1.0], 0, 1), "sigma: "),
        (lambda: ridge_map([[1.0]], [1.0], 1, -1), "tau: "),
        (lambda: posterior_summary([0], [1]), "grid: "),
        (lambda: posterior_summary([0, 0], [1, 1]), "grid: "),
        (lambda: posterior_summary([0, 1], [1, 1, 1]), "density: "),
        (lambda: posterior_summary([0, 1], [1, -1]), "density: "),
        (lambda: posterior_summary([0, 1], [0, 0]), "density: "),
        (lambda: posterior_summary([0, 1], [1, 1], mass=1), "mass: "),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise.


def upside_down(X, y, sigma, tau):
    return ridge_by_normal_equations(X, y, tau, sigma)


def not_squared(X, y, sigma, tau):
    return np.linalg.solve(X.T @ X + sigma / tau * np.eye(X.shape[1]), X.T @ y)


def without_the_noise(X, y, sigma, tau):
    return ridge_by_normal_equations(X, y, 1.0, tau)


def halved(X, y, sigma, tau):
    return ridge_by_normal_equations(X, y, sigma, tau * np.sqrt(2))


def averaged(X, y, sigma, tau):
    return ridge_by_normal_equations(X, y, sigma * np.sqrt(len(y)), tau)


def least_squares(X, y, sigma, tau):
    return np.linalg.lstsq(X, y)[0]


def test_exercise_accepts_the_reference():
    assert grade_result("maximum_a_posteriori", ridge_by_normal_equations).passed
    assert grade_result("maximum_a_posteriori", ridge_map).passed


@pytest.mark.parametrize(
    "wrong", [upside_down, not_squared, without_the_noise, halved, averaged, least_squares]
)
def test_exercise_rejects(wrong):
    report = grade_result("maximum_a_posteriori", wrong)
    assert report.attempted
    assert not report.passed
