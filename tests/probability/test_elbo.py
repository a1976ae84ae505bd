"""The bound against scipy, quadrature, exact evidence and its own properties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats
from scipy.integrate import quad
from scipy.optimize import minimize
from scipy.special import logsumexp, softmax

from mlsheet.linear_algebra.jensens_inequality import log_mean_exp_gap
from mlsheet.notebook.practice.grading import grade_result
from mlsheet.probability.elbo import (
    elbo_discrete,
    elbo_gaussian,
    elbo_monte_carlo,
    elbo_terms,
)

seeds = st.integers(0, 10_000)


def model(k, seed):
    rng = np.random.default_rng(seed)
    return rng.dirichlet(np.ones(k)), np.log(rng.random(k)), rng.dirichlet(np.ones(k))


def log_joint(x, noise):
    return lambda z: stats.norm.logpdf(z) + stats.norm.logpdf(x, z, noise)


# Oracles.


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("k", [2, 3, 7])
def test_terms_are_scipys(k, seed):
    prior, log_likelihood, q = model(k, seed)
    terms = elbo_terms(prior, log_likelihood, q)
    joint = prior * np.exp(log_likelihood)
    assert_allclose(terms.log_evidence, np.log(joint.sum()), rtol=1e-12)
    assert_allclose(terms.kl_to_posterior, stats.entropy(q, joint), rtol=1e-10)
    assert_allclose(terms.kl_to_prior, stats.entropy(q, prior), rtol=1e-10)
    assert_allclose(terms.reconstruction, q @ log_likelihood, rtol=1e-12)
    assert_allclose(terms.elbo, (q * np.log(joint / q)).sum(), rtol=1e-10)


def test_three_temperatures():
    terms = elbo_terms([0.5, 0.3, 0.2], np.log([0.1, 0.4, 0.7]), [0.3, 0.3, 0.4])
    assert_allclose(terms[:3], [-1.2323439, -1.1711830, 0.0611609], atol=5e-8)


@pytest.mark.parametrize(("mean", "std"), [(0, 1), (1, 0.5**0.5), (-0.7, 2.3)])
@pytest.mark.parametrize(("x", "noise"), [(2, 1), (-3.1, 0.4), (0.5, 2.7)])
def test_gaussian_bound_is_the_integral(x, noise, mean, std):
    def integrand(z):
        log_q = stats.norm.logpdf(z, mean, std)
        return np.exp(log_q) * (log_joint(x, noise)(z) - log_q)

    integral = quad(integrand, mean - 9 * std, mean + 9 * std, epsabs=1e-11, limit=200)[0]
    assert_allclose(elbo_gaussian(x, mean, std, noise=noise), integral, rtol=1e-8)


@pytest.mark.parametrize(("x", "noise"), [(2, 1), (-3.1, 0.4), (0.5, 2.7)])
def test_gaussian_maximum_is_the_exact_evidence_at_the_exact_posterior(x, noise):
    best = minimize(
        lambda at: -elbo_gaussian(x, at[0], np.exp(at[1]), noise=noise), [0, 0], tol=1e-12
    )
    exact = stats.norm.logpdf(x, 0, np.hypot(1, noise))
    posterior = x / (1 + noise**2), noise / np.hypot(1, noise)
    assert_allclose(-best.fun, exact, rtol=1e-9)
    assert_allclose([best.x[0], np.exp(best.x[1])], posterior, rtol=1e-4)
    assert_allclose(elbo_gaussian(x, *posterior, noise=noise), exact, rtol=1e-12)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_estimate_lies_within_its_error(seed):
    estimate = elbo_monte_carlo(log_joint(2, 0.7), 0.4, 1.3, n=50_000, rng=seed)
    exact = elbo_gaussian(2, 0.4, 1.3, noise=0.7)
    assert abs(estimate.value - exact) < 5 * estimate.standard_error
    assert 0 < estimate.standard_error < 0.05


def test_estimate_has_no_noise_at_the_posterior():
    estimate = elbo_monte_carlo(log_joint(2, 1), 1, 0.5**0.5, n=20, rng=0)
    assert_allclose(estimate.value, stats.norm.logpdf(2, 0, 2**0.5), rtol=1e-12)
    assert estimate.standard_error < 1e-12


def test_gap_is_finite_where_the_posterior_underflows():
    terms = elbo_terms([0.5, 0.5], [0, -2000], [0.5, 0.5])
    assert_allclose(terms, [-1000, -np.log(2), 1000 - np.log(2), -1000, 0], rtol=1e-12)


# Properties.


@given(st.integers(1, 8), seeds)
def test_bound_plus_gap_is_the_log_evidence(k, seed):
    terms = elbo_terms(*model(k, seed))
    assert terms.elbo <= terms.log_evidence + 1e-12
    assert_allclose(terms.elbo + terms.kl_to_posterior, terms.log_evidence, atol=1e-11)
    assert_allclose(terms.reconstruction - terms.kl_to_prior, terms.elbo, atol=1e-11)


@given(st.integers(1, 8), seeds)
def test_posterior_makes_the_bound_tight(k, seed):
    prior, log_likelihood, _ = model(k, seed)
    logs = np.log(prior) + log_likelihood
    assert_allclose(elbo_discrete(logs, softmax(logs)), logsumexp(logs), atol=1e-12)


@given(st.integers(2, 8), seeds)
def test_gap_is_jensens(k, seed):
    prior, log_likelihood, q = model(k, seed)
    gap = log_mean_exp_gap(np.log(prior) + log_likelihood - np.log(q), q)
    assert_allclose(elbo_terms(prior, log_likelihood, q).kl_to_posterior, gap, atol=1e-10)


@given(st.integers(1, 8), seeds, st.floats(-1e3, 1e3))
def test_bound_moves_with_the_joint(k, seed, shift):
    _, logs, q = model(k, seed)
    moved = elbo_discrete(logs + shift, q)
    assert_allclose(moved, elbo_discrete(logs, q) + shift, atol=1e-9)


def test_a_sure_q_takes_one_joint():
    assert elbo_discrete([-1.0, -2000.0, -3.0], [0, 1, 0]) == -2000.0


def test_gaussian_bound_broadcasts():
    bounds = elbo_gaussian(2, np.zeros((3, 1)), np.ones(4), noise=0.5)
    assert bounds.shape == (3, 4)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: elbo_discrete([0.0, -np.inf], [1, 0]), "log_joint: expected finite"),
        (lambda: elbo_discrete([[0.0]], [1]), "log_joint: expected an array with 1 axes"),
        (lambda: elbo_discrete([0.0, 1.0], [1.0]), "q: expected shape"),
        (lambda: elbo_discrete([0.0, 1.0], [0.5, 0.4]), "q: expected probabilities"),
        (lambda: elbo_terms([1.0], [0.0, 0.0], [0.5, 0.5]), "prior: expected shape"),
        (lambda: elbo_terms([1.0, 0.0], [0.0, 0.0], [0.5, 0.5]), "prior: expected numbers > 0"),
        (lambda: elbo_terms([0.5, 0.5], [np.nan, 0.0], [0.5, 0.5]), "log_likelihood: "),
        (lambda: elbo_gaussian(np.nan, 0, 1), "x: "),
        (lambda: elbo_gaussian(2, np.inf, 1), "mean: "),
        (lambda: elbo_gaussian(2, 0, 0), "std: "),
        (lambda: elbo_gaussian(2, 0, 1, noise=-1), "noise: "),
        (lambda: elbo_monte_carlo(log_joint(2, 1), 0, 1, n=1, rng=0), "n: "),
        (lambda: elbo_monte_carlo(log_joint(2, 1), 0, 0, n=5, rng=0), "std: "),
        (lambda: elbo_monte_carlo(log_joint(2, 1), np.nan, 1, n=5, rng=0), "mean: "),
        (lambda: elbo_monte_carlo(lambda z: z[:2], 0, 1, n=5, rng=0), "log_joint.z.: expected 5"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise.


def entropy_subtracted(logs, q):
    return q @ logs + (q * np.log(q)).sum()


def without_log_q(logs, q):
    return q @ logs


def log_of_the_average(logs, q):
    return np.log((q * np.exp(logs) / q).sum())


def nan_at_zero(logs, q):
    return (q * (logs - np.log(q))).sum()


def the_divergence(logs, q):
    return -elbo_discrete(logs, q)


def through_the_joint(logs, q):
    seen = q > 0
    return (q[seen] * np.log(np.exp(logs[seen]) / q[seen])).sum()


def test_exercise_accepts_the_reference():
    assert grade_result("elbo", elbo_discrete).passed


@pytest.mark.parametrize(
    "wrong",
    [
        entropy_subtracted,
        without_log_q,
        log_of_the_average,
        nan_at_zero,
        the_divergence,
        through_the_joint,
    ],
)
def test_exercise_rejects(wrong):
    report = grade_result("elbo", wrong)
    assert report.attempted
    assert not report.passed
