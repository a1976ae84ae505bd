"""Conjugate updates against brute force, against scipy, and against themselves in parts."""

from functools import partial, reduce

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats

from mlsheet.notebook.practice.conjugate_priors import normal_posterior
from mlsheet.notebook.practice.grading import grade_result
from mlsheet.probability.conjugate_priors import (
    NormalInverseGamma,
    beta_update,
    dirichlet_update,
    gamma_update,
    grid_posterior,
    inverse_wishart_update,
    log_evidence,
    normal_update,
    wishart_update,
)

SEEDS = pytest.mark.parametrize("seed", [0, 1, 2])


def gamma(a, b):
    return stats.gamma(a, scale=1 / b)


@SEEDS
def test_one_parameter_posteriors_are_those_of_a_grid(seed):
    rng = np.random.default_rng(seed)
    flips, counts, cups = rng.random(13) < 0.3, rng.poisson(3, 7), rng.normal(62, 2, 5)
    p, rate = np.linspace(1e-4, 1 - 1e-4, 4001), np.linspace(0.01, 12, 4001)
    mean = np.linspace(50, 75, 4001)
    center, var = normal_update(60, 4, cups, noise_var=5)
    for theta, prior, log_likelihood, posterior in [
        (
            p,
            stats.beta(2.5, 4),
            stats.bernoulli.logpmf(flips[:, None], p).sum(0),
            stats.beta(*beta_update(2.5, 4, flips)),
        ),
        (
            rate,
            gamma(6, 2),
            stats.poisson.logpmf(counts[:, None], rate).sum(0),
            gamma(*gamma_update(6, 2, counts)),
        ),
        (
            mean,
            stats.norm(60, 2),
            stats.norm.logpdf(cups[:, None], mean, 5**0.5).sum(0),
            stats.norm(center, var**0.5),
        ),
    ]:
        density = grid_posterior(prior.logpdf(theta), log_likelihood, theta)
        assert_allclose(density, posterior.pdf(theta), atol=1e-5)


@SEEDS
def test_log_evidence_of_single_new_points_is_scipys_predictive(seed):
    rng = np.random.default_rng(seed)
    a, b = rng.uniform(0.5, 5, 2)
    p, rate, mean, var = (
        rng.random(3),
        rng.gamma(3, size=3),
        rng.normal(size=3),
        rng.gamma(2, size=3),
    )
    flips = np.array([1, 0, 0, 1, 1, 0, 1])
    evidence = log_evidence(
        stats.beta(a, b).logpdf(p),
        stats.binom(7, p).logpmf(4),
        stats.beta(*beta_update(a, b, flips)).logpdf(p),
    )
    assert_allclose(evidence, stats.betabinom(7, a, b).logpmf(4), rtol=1e-10)
    evidence = log_evidence(
        gamma(a, b).logpdf(rate),
        stats.poisson(rate).logpmf(4),
        gamma(*gamma_update(a, b, [4])).logpdf(rate),
    )
    assert_allclose(evidence, stats.nbinom(a, b / (b + 1)).logpmf(4), rtol=1e-10)
    posterior = normal_update(1, a, [2.5], noise_var=b)
    evidence = log_evidence(
        stats.norm(1, a**0.5).logpdf(mean),
        stats.norm(mean, b**0.5).logpdf(2.5),
        stats.norm(posterior[0], posterior[1] ** 0.5).logpdf(mean),
    )
    assert_allclose(evidence, stats.norm(1, (a + b) ** 0.5).logpdf(2.5), rtol=1e-10)
    prior = NormalInverseGamma(1, 0.7, a, b)
    evidence = log_evidence(
        stats.normal_inverse_gamma(*prior).logpdf(mean, var),
        stats.norm(mean, var**0.5).logpdf(2.5),
        stats.normal_inverse_gamma(*prior.update([2.5])).logpdf(mean, var),
    )
    scale = (b * (0.7 + 1) / (a * 0.7)) ** 0.5
    assert_allclose(evidence, stats.t(2 * a, 1, scale).logpdf(2.5), rtol=1e-10)


@SEEDS
def test_dirichlet_evidence_is_the_dirichlet_multinomial(seed):
    rng = np.random.default_rng(seed)
    alpha, counts, p = rng.uniform(0.5, 3, 4), rng.integers(0, 6, 4), rng.dirichlet(np.ones(4), 3)
    evidence = log_evidence(
        [stats.dirichlet(alpha).logpdf(row) for row in p],
        [stats.multinomial(counts.sum(), row).logpmf(counts) for row in p],
        [stats.dirichlet(dirichlet_update(alpha, counts)).logpdf(row) for row in p],
    )
    assert_allclose(evidence, stats.dirichlet_multinomial(alpha, counts.sum()).logpmf(counts))


def scatter_case(seed):
    rng = np.random.default_rng(seed)
    X, root = rng.normal(size=(7, 3)), rng.normal(size=(3, 3))
    Psi = root @ root.T + np.eye(3)
    mean, dof = rng.normal(size=3), 3.5
    covariances = stats.invwishart(6, np.eye(3)).rvs(4, random_state=seed)
    log_likelihood = [stats.multivariate_normal(mean, C).logpdf(X).sum() for C in covariances]
    return X, Psi, mean, dof, covariances, log_likelihood


@SEEDS
def test_wishart_on_the_precision_and_its_inverse_on_the_covariance_agree(seed):
    X, Psi, mean, dof, covariances, log_likelihood = scatter_case(seed)
    precisions, V = np.linalg.inv(covariances), np.linalg.inv(Psi)
    V_n, dof_n = wishart_update(V, dof, X, mean=mean)
    Psi_n, dof_m = inverse_wishart_update(Psi, dof, X, mean=mean)
    assert dof_n == dof_m == 10.5
    assert_allclose(V_n, np.linalg.inv(Psi_n), rtol=1e-9, atol=1e-12)
    on_precision = log_evidence(
        [stats.wishart(dof, V).logpdf(L) for L in precisions],
        log_likelihood,
        [stats.wishart(dof_n, V_n).logpdf(L) for L in precisions],
    )
    on_covariance = log_evidence(
        [stats.invwishart(dof, Psi).logpdf(C) for C in covariances],
        log_likelihood,
        [stats.invwishart(dof_n, Psi_n).logpdf(C) for C in covariances],
    )
    assert_allclose(on_precision, on_covariance, rtol=1e-10)


def test_a_wishart_prior_on_the_covariance_is_not_conjugate():
    X, Psi, mean, dof, covariances, log_likelihood = scatter_case(0)
    V_n, dof_n = wishart_update(Psi, dof, X, mean=mean)
    with pytest.raises(ValueError, match="not the posterior; the log evidence varies by"):
        log_evidence(
            [stats.wishart(dof, Psi).logpdf(C) for C in covariances],
            log_likelihood,
            [stats.wishart(dof_n, V_n).logpdf(C) for C in covariances],
        )


def test_the_marginal_of_the_mean_is_students():
    belief = NormalInverseGamma(60, 1, 2, 5).update([61, 64, 62, 66, 62])
    assert_allclose(belief, (62.5, 6, 4.5, 16.75))
    var = np.geomspace(0.05, 5000, 20_001)
    for mean in (58.0, 62.0, 64.5):
        density = np.trapezoid(stats.normal_inverse_gamma(*belief).pdf(mean, var), var)
        assert_allclose(density, stats.t(*belief.student()).pdf(mean), rtol=1e-5)


MODELS = [
    (beta_update, (2.5, 4.0), lambda rng: rng.integers(0, 2, 9)),
    (gamma_update, (6.0, 2.0), lambda rng: rng.poisson(3, 9)),
    (partial(normal_update, noise_var=5.0), (60.0, 4.0), lambda rng: rng.normal(62, 2, 9)),
    (
        lambda *given: NormalInverseGamma(*given[:-1]).update(given[-1]),
        (60.0, 1.0, 2.0, 5.0),
        lambda rng: rng.normal(62, 2, 9),
    ),
    (
        partial(inverse_wishart_update, mean=[1.0, 2.0]),
        (np.array([[2.0, 0.5], [0.5, 1.0]]), 4.0),
        lambda rng: rng.normal(size=(9, 2)),
    ),
    (
        partial(wishart_update, mean=[1.0, 2.0]),
        (np.array([[2.0, 0.5], [0.5, 1.0]]), 4.0),
        lambda rng: rng.normal(size=(9, 2)),
    ),
]


@SEEDS
@pytest.mark.parametrize(("update", "prior", "draw"), MODELS)
def test_one_by_one_and_in_any_order_is_all_at_once(update, prior, draw, seed):
    rng = np.random.default_rng(seed)
    x = draw(rng)
    at_once = update(*prior, x)
    one_by_one = reduce(lambda belief, i: update(*belief, x[i : i + 1]), rng.permutation(9), prior)
    for ours, theirs in zip(one_by_one, at_once, strict=True):
        assert_allclose(ours, theirs, rtol=1e-12)


@given(st.floats(0.1, 50), st.floats(0.1, 50), st.lists(st.integers(0, 1), min_size=1))
def test_a_posterior_mean_lies_between_the_prior_mean_and_the_data(a, b, x):
    a_n, b_n = beta_update(a, b, x)
    low, high = sorted([a / (a + b), np.mean(x)])
    assert low - 1e-12 <= a_n / (a_n + b_n) <= high + 1e-12
    shape, rate = gamma_update(a, b, x)
    low, high = sorted([a / b, np.mean(x)])
    assert low - 1e-9 <= shape / rate <= high + 1e-9
    mean, var = normal_update(a, b, x, noise_var=3)
    low, high = sorted([a, np.mean(x)])
    assert low - 1e-9 <= mean <= high + 1e-9
    assert var < min(b, 3 / len(x))


def test_the_posterior_narrows_like_one_over_the_square_root_of_n():
    widths = [stats.beta(*beta_update(8, 2, [0, 1] * n)).std() for n in (500, 50_000)]
    assert_allclose(widths[0] / widths[1], 10, rtol=0.02)


def test_a_grid_far_below_the_smallest_float_still_integrates_to_one():
    grid = np.linspace(0, 1, 11)
    density = grid_posterior(np.full(11, -2000.0), -50_000 * (grid - 0.5) ** 2, grid)
    assert_allclose(np.trapezoid(density, grid), 1)


EYE = np.eye(2)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: beta_update(0, 1, [1]), "^a: expected a number above 0"),
        (lambda: beta_update(1, [2, 3], [1]), "^b: expected a number above 0"),
        (lambda: beta_update(1, 1, [1, 2]), "x: expected zeros and ones"),
        (lambda: beta_update(1, 1, []), "x: "),
        (lambda: normal_update(np.nan, 1, [1], noise_var=1), "mean: "),
        (lambda: normal_update(0, 0, [1], noise_var=1), "^var: "),
        (lambda: normal_update(0, 1, [1], noise_var=-1), "noise_var: "),
        (lambda: normal_update(0, 1, [1, 2], noise_var=[1, 1]), "noise_var: "),
        (lambda: normal_update(0, 1, [np.inf], noise_var=1), "x: "),
        (lambda: NormalInverseGamma(0, 0, 1, 1).update([1]), "kappa: "),
        (lambda: NormalInverseGamma(np.nan, 1, 1, 1).update([1]), "^m: "),
        (lambda: NormalInverseGamma(0, 1, 1, 1).update([[1]]), "x: "),
        (lambda: NormalInverseGamma(0, 1, -1, 1).student(), "^a: "),
        (lambda: gamma_update(0, 1, [1]), "^shape: "),
        (lambda: gamma_update(1, 0, [1]), "^rate: "),
        (lambda: gamma_update(1, 1, [0.5]), "x: expected whole numbers"),
        (lambda: gamma_update(1, 1, [-1]), "x: expected whole numbers"),
        (lambda: dirichlet_update([1, 0], [1, 1]), "alpha: "),
        (lambda: dirichlet_update([[1, 1]], [1, 1]), "alpha: "),
        (lambda: dirichlet_update([1, 1], [1, 1, 1]), "counts: expected shape"),
        (lambda: wishart_update(EYE, 1, [[0, 0]], mean=[0, 0]), "dof: "),
        (lambda: wishart_update(-EYE, 3, [[0, 0]], mean=[0, 0]), "scale: expected a positive"),
        (lambda: inverse_wishart_update(EYE, 3, [[0, 0, 0]], mean=[0, 0]), "X: expected 2 col"),
        (lambda: inverse_wishart_update(EYE, 3, [[0, 0]], mean=[0]), "X: expected 2 columns"),
        (lambda: grid_posterior([0, 0], [0, 0], [0, 1, 2]), "log_prior: expected shape"),
        (lambda: grid_posterior([0, 0], [0, 0], [1, 0]), "grid: expected two or more"),
        (lambda: grid_posterior([0.0], [0.0], [1]), "grid: expected two or more"),
        (lambda: grid_posterior([-np.inf] * 2, [0, 0], [0, 1]), "log_prior: expected a post"),
        (lambda: log_evidence([0, 0], [0, 0], [0]), "log_prior: expected three arrays"),
        (lambda: log_evidence([0], [0], [0]), "log_prior: expected three arrays"),
        (lambda: log_evidence([0, 0], [0, 1], [0, 0]), "log_posterior: not the posterior"),
        (lambda: log_evidence([0, 0], [0, np.nan], [0, 0]), "log_likelihood: "),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise.


def variances_added(mean, var, x, noise_var):
    return normal_posterior(mean, var, x, noise_var)[0], var + noise_var / len(x)


def one_measurement(mean, var, x, noise_var):
    return normal_posterior(mean, var, x[:1] * 0 + x.mean(), noise_var)


def precision_returned(mean, var, x, noise_var):
    return normal_posterior(mean, var, x, noise_var)[0], 1 / var + len(x) / noise_var


def weights_swapped(mean, var, x, noise_var):
    w = (1 / var) / (1 / var + len(x) / noise_var)
    return (1 - w) * mean + w * x.mean(), normal_posterior(mean, var, x, noise_var)[1]


def standard_deviations_for_variances(mean, var, x, noise_var):
    return normal_posterior(mean, var**2, x, noise_var**2)


def test_exercise_accepts_the_reference():
    assert grade_result("conjugate_priors", normal_posterior).passed


@pytest.mark.parametrize(
    "wrong",
    [
        variances_added,
        one_measurement,
        precision_returned,
        weights_swapped,
        standard_deviations_for_variances,
    ],
)
def test_exercise_rejects(wrong):
    report = grade_result("conjugate_priors", wrong)
    assert report.attempted
    assert not report.passed
