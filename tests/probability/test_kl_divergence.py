"""KL divergence against scipy, quadrature and its own properties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats
from scipy.integrate import quad
from scipy.spatial.distance import jensenshannon

from mlsheet.notebook.practice.grading import grade_result
from mlsheet.probability.kl_divergence import (
    cross_entropy,
    entropy,
    jensen_shannon_divergence,
    kl_divergence,
    kl_monte_carlo,
    kl_multivariate_normal,
    kl_normal,
)

seeds = st.integers(0, 10_000)


def distributions(shape, seed):
    rng = np.random.default_rng(seed)
    return rng.dirichlet(np.full(shape[-1], 0.7), size=(2, *shape[:-1]))


def covariance(d, seed):
    root = np.random.default_rng(seed).normal(size=(d + 2, d))
    return root.T @ root


# Oracles.


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("shape", [(5,), (7, 4), (3, 2, 6)])
def test_discrete_measures_are_scipys(shape, seed):
    p, q = distributions(shape, seed)
    assert_allclose(kl_divergence(p, q), stats.entropy(p, q, axis=-1), rtol=1e-10)
    assert_allclose(entropy(p), stats.entropy(p, axis=-1), rtol=1e-10)
    assert_allclose(cross_entropy(p, q), -(p * np.log(q)).sum(axis=-1), rtol=1e-10)
    assert_allclose(jensen_shannon_divergence(p, q), jensenshannon(p, q, axis=-1) ** 2, rtol=1e-10)


def test_outcomes_may_lie_on_another_axis():
    p, q = distributions((7, 4), 3)
    assert_allclose(kl_divergence(p.T, q.T, axis=0), kl_divergence(p, q), rtol=1e-14)
    assert_allclose(entropy(p.T, axis=0), entropy(p), rtol=1e-14)


@pytest.mark.parametrize(
    ("normal", "value"),
    [((0, 1, 1, 2), 0.443147), ((1, 2, 0, 1), 1.306853), ((0, 1, 0, 0.3), 3.851583)],
)
def test_normal_is_the_integral(normal, value):
    mean_p, std_p, mean_q, std_q = normal
    p, q = stats.norm(mean_p, std_p), stats.norm(mean_q, std_q)
    integral, _ = quad(lambda x: p.pdf(x) * (p.logpdf(x) - q.logpdf(x)), -30, 30, points=[0, 1])
    assert_allclose(kl_normal(*normal), integral, rtol=1e-8)
    assert_allclose(kl_normal(*normal), value, atol=1e-6)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_multivariate_normal_is_the_mean_log_ratio(seed):
    rng = np.random.default_rng(seed)
    d = 3
    p = stats.multivariate_normal(rng.normal(size=d), covariance(d, seed))
    q = stats.multivariate_normal(rng.normal(size=d), covariance(d, seed + 10))
    exact = kl_multivariate_normal(p.mean, p.cov, q.mean, q.cov)
    samples = p.rvs(20_000, random_state=rng)
    estimate = kl_monte_carlo(p.logpdf, q.logpdf, samples)
    assert abs(estimate.value - exact) < 5 * estimate.standard_error
    inverse = np.linalg.inv(q.cov)
    shift = p.mean - q.mean
    by_hand = np.trace(inverse @ p.cov) + shift @ inverse @ shift - d
    by_hand += np.linalg.slogdet(q.cov)[1] - np.linalg.slogdet(p.cov)[1]
    assert_allclose(exact, by_hand / 2, rtol=1e-9)


def test_monte_carlo_standard_error_is_that_of_the_mean():
    log_ratio = np.array([0.1, 0.5, -0.2, 0.9])
    estimate = kl_monte_carlo(lambda x: x, lambda x: 0 * x, log_ratio)
    assert_allclose(estimate, [log_ratio.mean(), stats.sem(log_ratio)], rtol=1e-12)


# Properties.


@given(seeds)
def test_never_negative_and_zero_only_for_equals(seed):
    p, q = distributions((5,), seed)
    assert kl_divergence(p, q) > 0
    assert kl_divergence(p, p) == 0


@given(seeds)
def test_additive_over_independent_factors(seed):
    (p1, q1), (p2, q2) = distributions((3,), seed), distributions((4,), seed + 1)
    joint = kl_divergence(np.outer(p1, p2).ravel(), np.outer(q1, q2).ravel())
    assert_allclose(joint, kl_divergence(p1, q1) + kl_divergence(p2, q2), rtol=1e-8, atol=1e-12)


@given(seeds)
def test_pinskers_inequality(seed):
    p, q = distributions((6,), seed)
    assert np.abs(p - q).sum() / 2 <= np.sqrt(kl_divergence(p, q) / 2) + 1e-12


@given(seeds)
def test_merging_outcomes_never_raises_it(seed):
    p, q = distributions((6,), seed)
    merged = kl_divergence(p.reshape(3, 2).sum(1), q.reshape(3, 2).sum(1))
    assert merged <= kl_divergence(p, q) + 1e-12


@given(seeds)
def test_cross_entropy_is_entropy_plus_divergence(seed):
    p, q = distributions((5,), seed)
    assert_allclose(cross_entropy(p, q), entropy(p) + kl_divergence(p, q), rtol=1e-9)


@given(seeds)
def test_jensen_shannon_is_symmetric_and_bounded(seed):
    p, q = distributions((5,), seed)
    assert_allclose(jensen_shannon_divergence(p, q), jensen_shannon_divergence(q, p), rtol=1e-12)
    assert 0 <= jensen_shannon_divergence(p, q) <= np.log(2)


@given(st.floats(-3, 3), st.floats(0.1, 3), st.floats(-3, 3), st.floats(0.1, 3), st.floats(0.2, 5))
def test_normal_does_not_depend_on_the_unit(mean_p, std_p, mean_q, std_q, scale):
    assert_allclose(
        kl_normal(scale * mean_p + 1, scale * std_p, scale * mean_q + 1, scale * std_q),
        kl_normal(mean_p, std_p, mean_q, std_q),
        rtol=1e-9,
        atol=1e-12,
    )


@given(seeds)
def test_independent_normals_add_up(seed):
    rng = np.random.default_rng(seed)
    mean_p, mean_q = rng.normal(size=(2, 3))
    std_p, std_q = rng.uniform(0.3, 2, size=(2, 3))
    assert_allclose(
        kl_multivariate_normal(mean_p, np.diag(std_p**2), mean_q, np.diag(std_q**2)),
        kl_normal(mean_p, std_p, mean_q, std_q).sum(),
        rtol=1e-9,
    )


# What the section says.


def test_it_is_no_metric():
    p, q = [0.1, 0.6, 0.3], [0.4, 0.4, 0.2]
    assert_allclose([kl_divergence(p, q), kl_divergence(q, p)], [0.2263, 0.3112], atol=5e-5)
    half, quarter, tenth = [0.5, 0.5], [0.25, 0.75], [0.1, 0.9]
    assert kl_divergence(half, tenth) > kl_divergence(half, quarter) + kl_divergence(quarter, tenth)


def test_zeros():
    assert kl_divergence([0.5, 0.5], [1, 0]) == np.inf
    assert cross_entropy([0.5, 0.5], [1, 0]) == np.inf
    assert_allclose(kl_divergence([1, 0], [0.5, 0.5]), np.log(2))
    assert_allclose(jensen_shannon_divergence([1, 0], [0, 1]), np.log(2))


def test_arguments_stay_as_they_are():
    p, q = distributions((5,), 0)
    before = p.copy(), q.copy()
    kl_divergence(p, q)
    assert np.array_equal(p, before[0])
    assert np.array_equal(q, before[1])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: kl_divergence([0.5, 0.6], [0.5, 0.5]), "p: .* sum of 1.1"),
        (lambda: kl_divergence([0.5, 0.5], [-0.5, 1.5]), "q: .* >= 0, got -0.5"),
        (lambda: kl_divergence([0.5, 0.5], [1 / 3, 1 / 3, 1 / 3]), "q: expected 2 outcomes"),
        (lambda: entropy([np.nan, 1]), "p: expected finite"),
        (lambda: kl_divergence([], []), "p: expected at least one"),
        (lambda: kl_normal(0, 0, 0, 1), "std_p: expected numbers > 0"),
        (lambda: kl_normal(0, 1, 0, -1), "std_q: expected numbers > 0"),
        (lambda: kl_normal(np.nan, 1, 0, 1), "mean_p: expected finite"),
        (
            lambda: kl_multivariate_normal([0], [[1, 2], [2, 1]], [0], [[1]]),
            "covariance_p: .*shape",
        ),
        (lambda: kl_multivariate_normal([0, 0], [[1, 2], [2, 1]], [0, 0], np.eye(2)), "definite"),
        (lambda: kl_multivariate_normal([0], np.eye(2), [0, 0], np.eye(2)), "expected 1 numbers"),
        (lambda: kl_multivariate_normal([0, 0], [[1, 1], [0, 1]], [0, 0], np.eye(2)), "symmetric"),
        (lambda: kl_monte_carlo(np.sin, np.cos, [1.0]), "samples: expected at least two"),
        (lambda: kl_monte_carlo(lambda x: x / 0, np.cos, [0.0, 0.0]), "log_p"),
        (lambda: kl_monte_carlo(lambda x: x[:1], np.cos, [1.0, 2.0, 3.0]), "log_p"),
    ],
)
def test_bad_input_is_named(call, message):
    with np.errstate(all="ignore"), pytest.raises(ValueError, match=message):
        call()


# The exercise.


def rightly(p, q):
    return kl_divergence(p, q)


def swapped(p, q):
    return kl_divergence(q, p)


def in_bits(p, q):
    return kl_divergence(p, q) / np.log(2)


def nan_at_zero(p, q):
    return np.sum(p * np.log(p / q))


def finite_beyond_the_support(p, q):
    return np.sum(p * np.log((p + 1e-12) / (q + 1e-12)))


def averaged(p, q):
    return kl_divergence(p, q) / len(p)


def without_p(p, q):
    return np.log((p + 1e-300) / (q + 1e-300)).sum()


def test_exercise_accepts_the_reference():
    assert grade_result("kl_divergence", rightly).passed


@pytest.mark.parametrize(
    "wrong", [swapped, in_bits, nan_at_zero, finite_beyond_the_support, averaged, without_p]
)
def test_exercise_rejects(wrong):
    report = grade_result("kl_divergence", wrong)
    assert report.attempted
    assert not report.passed
