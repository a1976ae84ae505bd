"""Log densities against scipy's, samplers against the laws they draw from."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats
from scipy.integrate import quad
from scipy.special import digamma

from mlsheet.notebook.practice.grading import grade_result
from mlsheet.probability.probability_distributions import (
    bernoulli_logpmf,
    beta_logpdf,
    dirichlet_logpdf,
    gamma_from_moments,
    gamma_logpdf,
    multivariate_normal_logpdf,
    normal_logpdf,
    poisson_logpmf,
    sample_dirichlet,
    sample_wishart,
    wishart_logpdf,
)

parameters = st.floats(0.05, 50)


def covariance(seed, k):
    A = np.random.default_rng(seed).normal(size=(k, k + 2))
    return A @ A.T


@given(parameters, parameters)
def test_one_dimensional_densities_are_scipys(a, b):
    u = np.array([[0.003, 0.2], [0.5, 0.98]])
    assert_allclose(beta_logpdf(u, a, b), stats.beta.logpdf(u, a, b), rtol=1e-9, atol=1e-9)
    x = np.array([0.01, 0.7, 5.0, 90.0])
    scipys = stats.gamma.logpdf(x, a, scale=1 / b)
    assert_allclose(gamma_logpdf(x, a, b), scipys, rtol=1e-9, atol=1e-9)
    assert_allclose(normal_logpdf(x, a, b), stats.norm.logpdf(x, a, np.sqrt(b)), rtol=1e-10)
    k = np.arange(40)
    assert_allclose(poisson_logpmf(k, a), stats.poisson.logpmf(k, a), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("p", [0.0, 0.2, 0.5, 1.0])
def test_bernoulli_is_scipys(p):
    assert_allclose(bernoulli_logpmf([0, 1], p), stats.bernoulli.logpmf([0, 1], p), rtol=1e-12)


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("k", [1, 2, 5])
def test_densities_of_vectors_and_matrices_are_scipys(seed, k):
    rng = np.random.default_rng(seed)
    mean, cov = rng.normal(size=k), covariance(seed, k)
    x = rng.normal(size=(3, 7, k))
    scipys = stats.multivariate_normal(mean, cov).logpdf(x)
    assert_allclose(multivariate_normal_logpdf(x, mean, cov), scipys, rtol=1e-9)
    W, dof = covariance(seed + 10, k), k + 0.7
    assert_allclose(wishart_logpdf(W, cov, dof), stats.wishart(dof, cov).logpdf(W), rtol=1e-9)
    if k > 1:
        alpha = rng.uniform(0.2, 6, k)
        p = rng.dirichlet(np.ones(k), 4)
        scipys = [stats.dirichlet.logpdf(row, alpha) for row in p]
        assert_allclose(dirichlet_logpdf(p, alpha), scipys, rtol=1e-9)


@pytest.mark.parametrize("parameter", [0.7, 1.0, 3.5])
def test_densities_integrate_to_one(parameter):
    for log_density, ends in [
        (lambda x: beta_logpdf(x, parameter, 2), (0, 1)),
        (lambda x: gamma_logpdf(x, parameter, 2), (0, np.inf)),
        (lambda x: normal_logpdf(x, parameter, 2), (-np.inf, np.inf)),
    ]:
        assert_allclose(quad(lambda x, f=log_density: np.exp(f(x)), *ends)[0], 1, rtol=1e-7)
    assert_allclose(np.exp(poisson_logpmf(np.arange(60), parameter)).sum(), 1, rtol=1e-12)


def test_outside_of_the_support_the_log_density_is_minus_infinity():
    outside = [
        beta_logpdf([-0.1, 0, 1, 1.1], 0.5, 0.5),
        bernoulli_logpmf([-1, 0.5, 2], 0.3),
        poisson_logpmf([-1, 0.5], 2),
        gamma_logpdf([-1, 0], 0.5, 2),
        dirichlet_logpdf([[0.5, 0.6], [1.5, -0.5], [1, 0]], [0.5, 2]),
        [wishart_logpdf(np.diag([1.0, -1.0]), np.eye(2), 3)],
    ]
    assert_allclose(np.concatenate(outside), -np.inf)


def test_special_cases():
    x = np.array([0.1, 0.4, 0.9])
    assert_allclose(gamma_logpdf(x, 1, 3), np.log(3) - 3 * x, rtol=1e-12)
    assert_allclose(beta_logpdf(x, 1, 1), 0, atol=1e-12)
    pairs = np.column_stack([x, 1 - x])
    assert_allclose(dirichlet_logpdf(pairs, [2, 5]), beta_logpdf(x, 2, 5), rtol=1e-10)
    one = multivariate_normal_logpdf(x[:, None], [0.3], [[2.0]])
    assert_allclose(one, normal_logpdf(x, 0.3, 2), rtol=1e-12)
    matrix = [wishart_logpdf([[v]], [[2.0]], 5) for v in x]
    assert_allclose(matrix, gamma_logpdf(x, 5 / 2, 1 / 4), rtol=1e-12)


@given(st.floats(0, 6))
def test_multivariate_normal_turns_with_its_axes(angle):
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    x, mean, cov = np.array([1.0, 2.0]), np.array([0.5, -1.0]), covariance(3, 2)
    turned = multivariate_normal_logpdf(mean + turn @ (x - mean), mean, turn @ cov @ turn.T)
    assert_allclose(turned, multivariate_normal_logpdf(x, mean, cov), rtol=1e-9)


def test_a_far_point_of_many_dimensions_stays_finite():
    k = 400
    assert np.isfinite(multivariate_normal_logpdf(np.full(k, 9.0), np.zeros(k), 1e-3 * np.eye(k)))


@pytest.mark.parametrize(("mean", "var"), [(6, 12), (0.3, 7), (26.4, 19.5)])
def test_gamma_from_moments_is_scipys(mean, var):
    shape, rate = gamma_from_moments(mean, var)
    assert_allclose(stats.gamma.stats(shape, scale=1 / rate), [mean, var], rtol=1e-12)


def test_dirichlet_samples_have_beta_marginals_and_moments():
    alpha, size = np.array([0.4, 2.0, 3.5]), 20_000
    p = sample_dirichlet(alpha, size, rng=0)
    assert_allclose(p.sum(axis=1), 1, rtol=1e-12)
    for i, a in enumerate(alpha):
        assert stats.kstest(p[:, i], stats.beta(a, alpha.sum() - a).cdf).pvalue > 1e-3
    exact = stats.dirichlet(alpha)
    error = np.sqrt(exact.var() / size)
    assert (np.abs(p.mean(axis=0) - exact.mean()) < 5 * error).all()
    assert_allclose(np.cov(p.T)[0, 1], exact.cov()[0, 1], rtol=0.06)


def test_dirichlet_samples_of_tiny_concentrations_are_corners():
    p = sample_dirichlet([1e-3, 1e-3, 2e-3], 4000, rng=1)
    assert np.isfinite(p).all()
    assert np.median(p.max(axis=1)) > 1 - 1e-9
    corner = np.bincount(p.argmax(axis=1), minlength=3) / 4000
    assert (np.abs(corner - [0.25, 0.25, 0.5]) < 5 * 0.5 / np.sqrt(4000)).all()


@pytest.mark.parametrize("dof", [5, 3.4])
def test_wishart_samples_have_the_moments_of_the_law(dof):
    V, size = covariance(4, 3), 40_000
    W = sample_wishart(V, dof, size, rng=0)
    exact = stats.wishart(dof, V)
    assert (np.abs(W.mean(axis=0) - dof * V) < 5 * np.sqrt(exact.var() / size)).all()
    assert_allclose(W.var(axis=0), exact.var(), rtol=0.1)
    assert stats.kstest(W[:, 0, 0] / V[0, 0], stats.chi2(dof).cdf).pvalue > 1e-3
    log_det = np.linalg.slogdet(W)[1] - np.linalg.slogdet(V)[1]  # sum of log chi-squares
    shapes = (dof - np.arange(3)) / 2
    error = 5 * log_det.std() / np.sqrt(size)
    assert abs(log_det.mean() - (digamma(shapes) + np.log(2)).sum()) < error


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: beta_logpdf(0.5, 0, 1), "alpha: "),
        (lambda: beta_logpdf(0.5, 1, -1), "beta: "),
        (lambda: beta_logpdf([np.nan], 1, 1), "x: "),
        (lambda: bernoulli_logpmf(1, 1.1), "p: "),
        (lambda: bernoulli_logpmf([], 0.5), "k: "),
        (lambda: normal_logpdf(0, np.inf, 1), "mean: "),
        (lambda: normal_logpdf(0, 0, 0), "var: "),
        (lambda: poisson_logpmf(1, 0), "mean: "),
        (lambda: gamma_logpdf(1, 0, 1), "shape: "),
        (lambda: gamma_logpdf(1, 1, 0), "rate: "),
        (lambda: gamma_from_moments(-1, 1), "mean: "),
        (lambda: gamma_from_moments(1, 0), "var: "),
        (lambda: dirichlet_logpdf([0.5, 0.5], [1, 1, 1]), "alpha: expected one number"),
        (lambda: dirichlet_logpdf([0.5, 0.5], [1, 0]), "alpha: "),
        (lambda: multivariate_normal_logpdf([1, 2], [0, 0], np.eye(3)), "mean: expected as many"),
        (lambda: multivariate_normal_logpdf([1, 2], [0, 0], np.diag([1, -1])), "cov: .* definite"),
        (lambda: wishart_logpdf(np.eye(2), np.eye(3), 5), "W: expected shape"),
        (lambda: wishart_logpdf(np.eye(2), np.eye(2), 1), "dof: "),
        (lambda: wishart_logpdf(np.eye(2), np.ones((2, 2)) - np.eye(2), 5), "scale: .* definite"),
        (lambda: sample_dirichlet([[1.0, 2.0]], 3, rng=0), "alpha: "),
        (lambda: sample_dirichlet([1.0, 2.0], 0, rng=0), "size: "),
        (lambda: sample_wishart(np.eye(3), 2, 5, rng=0), "dof: "),
        (lambda: sample_wishart(np.eye(3), 5, 0, rng=0), "size: "),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise.


def with_scale_for_rate(x, shape, rate):
    return gamma_logpdf(x, shape, 1 / rate)


def without_normalising_the_rate(x, shape, rate):
    return gamma_logpdf(x, shape, rate) - shape * np.log(rate)


def log_of_the_density(x, shape, rate):
    from scipy.special import gamma

    return np.log(rate**shape * x ** (shape - 1) * np.exp(-rate * x) / gamma(shape))


def the_density(x, shape, rate):
    return np.exp(gamma_logpdf(x, shape, rate))


def everywhere(x, shape, rate):
    return gamma_logpdf(np.abs(x), shape, rate)


def test_exercise_accepts_the_reference():
    assert grade_result("probability_distributions", gamma_logpdf).passed


@pytest.mark.parametrize(
    "wrong",
    [
        with_scale_for_rate,
        without_normalising_the_rate,
        log_of_the_density,
        the_density,
        everywhere,
    ],
)
def test_exercise_rejects(wrong):
    report = grade_result("probability_distributions", wrong)
    assert report.attempted
    assert not report.passed
