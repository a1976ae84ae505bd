"""EM against scikit-learn, scipy's optimisers, enumeration and its own properties."""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats
from scipy.optimize import approx_fprime, minimize
from sklearn.mixture import GaussianMixture

from mlsheet.data.files import load_iris
from mlsheet.notebook.practice.expectation_maximization import em_update
from mlsheet.notebook.practice.grading import grade_result
from mlsheet.probability.expectation_maximization import (
    Mixture,
    em_steps,
    expected_complete_log_likelihood,
    mixture_e_step,
    mixture_m_step,
    mixture_steps,
    two_coins_steps,
)

seeds = st.integers(0, 10_000)
petals = load_iris().X[:, 2]


def points(n, seed):
    rng = np.random.default_rng(seed)
    return rng.normal(rng.choice([-4.0, 0.0, 5.0], n), rng.uniform(0.5, 1.5))


def mixture(k, seed):
    rng = np.random.default_rng(seed)
    return Mixture(rng.dirichlet(np.full(k, 3.0)), rng.normal(0, 3, k), rng.uniform(0.5, 2, k))


def unpacked(theta):
    log_weights, means, log_stds = theta.reshape(3, -1)
    weights = np.exp(log_weights - np.logaddexp.reduce(log_weights))
    return Mixture(weights, means, np.exp(log_stds))


def packed(of):
    return np.concatenate([np.log(of.weights), of.means, np.log(of.stds)])


def three(means, std=0.4):
    return Mixture(np.full(3, 1 / 3), np.array(means), np.full(3, std))


# Oracles.


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize(("n", "k"), [(41, 2), (67, 3)])
def test_e_step_is_bayes_rule(n, k, seed):
    x, current = points(n, seed), mixture(k, seed)
    joint = current.weights * stats.norm.pdf(x[:, None], current.means, current.stds)
    shares, log_likelihood = mixture_e_step(x, current)
    assert_allclose(shares, joint / joint.sum(axis=1, keepdims=True), rtol=1e-10)
    assert_allclose(log_likelihood, np.log(joint.sum(axis=1)).sum(), rtol=1e-12)


@pytest.mark.parametrize("start", [[2.0, 5.0], [4.0, 6.0]])
def test_fit_is_sklearns(start):
    begin = Mixture(np.array([0.5, 0.5]), np.array(start), np.array([1.0, 1.0]))
    *_, last = mixture_steps(petals, begin, tol=1e-13, max_iter=5000)
    oracle = GaussianMixture(
        2,
        reg_covar=0,
        tol=1e-13,
        max_iter=5000,
        weights_init=[0.5, 0.5],
        means_init=np.reshape(start, (2, 1)),
        precisions_init=np.ones((2, 1, 1)),
    ).fit(petals[:, None])
    assert_allclose(last.log_likelihood, oracle.score(petals[:, None]) * 150, rtol=1e-9)
    assert_allclose(last.parameters.weights, oracle.weights_, rtol=1e-6)
    assert_allclose(last.parameters.means, oracle.means_[:, 0], rtol=1e-6)
    assert_allclose(last.parameters.stds, np.sqrt(oracle.covariances_[:, 0, 0]), rtol=1e-6)
    assert_allclose(last.expectations, oracle.predict_proba(petals[:, None]), atol=1e-6)


@pytest.mark.parametrize("k", [2, 3])
def test_m_step_maximises_q(k):
    x, current = points(53, k), mixture(k, 7)
    shares, _ = mixture_e_step(x, current)
    best = minimize(
        lambda theta: -expected_complete_log_likelihood(x, shares, unpacked(theta)),
        packed(current),
        tol=1e-10,
    )
    new = mixture_m_step(x, shares)
    assert_allclose(expected_complete_log_likelihood(x, shares, new), -best.fun, rtol=1e-9)
    for ours, theirs in zip(new, unpacked(best.x), strict=True):
        assert_allclose(ours, theirs, rtol=1e-3)


def test_q_is_the_average_over_all_assignments():
    x, current, other = points(5, 0), mixture(3, 1), mixture(3, 2)
    shares, _ = mixture_e_step(x, current)
    average = 0.0
    for z in map(list, product(range(3), repeat=5)):
        log_joint = np.log(other.weights[z]) + stats.norm.logpdf(x, other.means[z], other.stds[z])
        average += shares[range(5), z].prod() * log_joint.sum()
    assert_allclose(expected_complete_log_likelihood(x, shares, other), average, rtol=1e-11)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_fishers_identity(seed):
    x, current = points(37, seed), mixture(3, seed)
    shares, _ = mixture_e_step(x, current)
    at = packed(current)
    of_q = approx_fprime(
        at, lambda theta: expected_complete_log_likelihood(x, shares, unpacked(theta)), 1e-7
    )
    of_log_likelihood = approx_fprime(at, lambda theta: mixture_e_step(x, unpacked(theta))[1], 1e-7)
    assert_allclose(of_q, of_log_likelihood, rtol=1e-4, atol=1e-3)


def test_two_coins_are_those_of_do_and_batzoglou():
    steps = list(two_coins_steps([5, 9, 8, 4, 7], 10, [0.6, 0.5]))
    assert_allclose(steps[1].parameters, [0.71, 0.58], atol=0.005)
    assert_allclose(steps[10].parameters, [0.80, 0.52], atol=0.005)
    shares = next(two_coins_steps([2], 3, [0.6, 0.5])).expectations
    assert_allclose(shares, [[0.144 / 0.269, 0.125 / 0.269]], rtol=1e-12)


def test_two_coins_likelihood_is_binomial_but_for_the_order():
    step = next(two_coins_steps([5, 9], 10, [0.6, 0.3]))
    p = stats.binom.pmf([[5], [9]], 10, [0.6, 0.3]).mean(axis=1)
    orders = stats.binom.pmf([5, 9], 10, 0.5) * 2**10
    assert_allclose(step.log_likelihood, np.log(p / orders).sum(), rtol=1e-12)


# Reductions.


def test_one_component_is_the_maximum_likelihood_estimate():
    new = mixture_m_step(petals, np.ones((150, 1)))
    assert_allclose([*new.weights, *new.means, *new.stds], [1, petals.mean(), petals.std()])


def test_narrow_components_are_k_means():
    start = Mixture(np.array([0.5, 0.5]), np.array([2.0, 3.0]), np.full(2, 0.02))
    *_, last = mixture_steps(petals, start, known_stds=True)
    assert_allclose(last.expectations, last.expectations.round(), atol=1e-12)
    labels = last.expectations.argmax(axis=1)
    means = [petals[labels == k].mean() for k in range(2)]
    assert_allclose(last.parameters.means, means, rtol=1e-12)
    nearest = np.abs(petals[:, None] - last.parameters.means).argmin(axis=1)
    assert (nearest == labels).all()


# Properties.


@given(st.integers(1, 4), seeds, st.booleans())
def test_log_likelihood_never_falls(k, seed, known):
    x, start = points(43, seed), mixture(k, seed)
    steps = list(mixture_steps(x, start, known_stds=known, max_iter=40))
    heights = [step.log_likelihood for step in steps]
    assert all(after >= before - 1e-9 * abs(before) for before, after in pairwise(heights))
    for step in steps:
        assert_allclose(step.expectations.sum(axis=1), 1, rtol=1e-12)
        assert_allclose(step.parameters.weights.sum(), 1, rtol=1e-12)


@given(seeds, st.permutations(range(3)))
def test_labels_of_the_start_are_those_of_the_result(seed, order):
    x, start = points(43, seed), mixture(3, seed)
    *_, last = mixture_steps(x, start, max_iter=5, tol=0)
    *_, other = mixture_steps(x, Mixture(*(part[order] for part in start)), max_iter=5, tol=0)
    for ours, theirs in zip(last.parameters, other.parameters, strict=True):
        assert_allclose(ours[order], theirs, rtol=1e-9)


def test_equal_components_stay_equal():
    for step in mixture_steps(petals, three([3.0, 3.0, 3.0])):
        assert np.ptp(step.parameters.means) == 0


def test_a_start_decides_where_em_ends():
    good, stuck = (
        list(mixture_steps(petals, three(means), known_stds=True))[-1]
        for means in ([1.5, 4.3, 5.5], [1.3, 1.6, 5.0])
    )
    assert_allclose([good.log_likelihood, stuck.log_likelihood], [-231.394, -307.645], atol=2e-3)
    assert_allclose(stuck.parameters.means, [1.497, 1.497, 4.927], atol=0.005)


def test_a_component_on_one_point_keeps_a_width():
    new = mixture_m_step(petals, np.eye(2)[(petals == petals.max()).astype(int)])
    assert_allclose(new.stds[1], 1e-3 * petals.std(), rtol=1e-12)


def test_a_wrong_step_is_found_out():
    def e_step(theta):
        return theta, -((theta - 1) ** 2)

    with pytest.raises(ValueError, match="m_step: the log-likelihood fell from -1 to -4"):
        list(em_steps(e_step, lambda theta: theta - 1, 0.0))
    with pytest.raises(ValueError, match=r"m_step: the log-likelihood fell from -1 to -1\.00002"):
        list(em_steps(e_step, lambda theta: theta - 1e-5, 0.0))
    with pytest.raises(ValueError, match="e_step: expected a finite log-likelihood, got nan"):
        list(em_steps(lambda theta: (theta, np.nan), lambda theta: theta, 0.0))


def test_max_iter_counts_m_steps():
    assert len(list(mixture_steps(petals, three([1.0, 2.0, 3.0]), max_iter=3))) == 4


FAIR = three([1.0, 2.0, 3.0])
HALF = np.full((2, 2), 0.5)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mixture_e_step([np.nan], FAIR), "x: "),
        (lambda: mixture_e_step([1.0], FAIR._replace(weights=np.ones(3))), "weights: "),
        (lambda: mixture_e_step([1.0], FAIR._replace(weights=np.eye(3)[0])), "weights: "),
        (lambda: mixture_e_step([1.0], FAIR._replace(means=np.array([np.inf]))), "means: "),
        (lambda: mixture_e_step([1.0], FAIR._replace(stds=np.zeros(3))), "stds: "),
        (lambda: mixture_e_step([1.0], FAIR._replace(stds=np.ones(2))), "mixture: "),
        (lambda: mixture_m_step([1.0], HALF), "responsibilities: expected 1 rows"),
        (lambda: mixture_m_step([1.0, 2.0], HALF / 2), "responsibilities: expected prob"),
        (lambda: mixture_m_step([1.0, 2.0], [[1, 0], [1, 0]]), "component 1 has no point"),
        (lambda: mixture_m_step([1.0, 2.0], HALF, stds=[1.0, 0.0]), "stds: "),
        (lambda: mixture_m_step([1.0, 2.0], HALF, stds=[1.0]), "stds: expected shape"),
        (lambda: mixture_m_step([2.0, 2.0], HALF), "x: expected points that are not all"),
        (lambda: mixture_steps(petals, three([1.0, 2.0, 3.0], 1e-5)), "start: expected stds"),
        (
            lambda: expected_complete_log_likelihood([1.0, 2.0], HALF, FAIR),
            "responsibilities: expected shape",
        ),
        (lambda: list(mixture_steps(petals, FAIR, max_iter=0)), "max_iter: "),
        (lambda: two_coins_steps([11], 10, [0.5]), "heads: "),
        (lambda: two_coins_steps([-1], 10, [0.5]), "heads: "),
        (lambda: two_coins_steps([1], 0, [0.5]), "n_flips: "),
        (lambda: two_coins_steps([1], 10, [0.5, 1.0]), "start: "),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise.


def _densities(x, means, std):
    return np.exp(-(((x[:, None] - means) / std) ** 2) / 2)


def _moments(x, shares):
    return shares.mean(axis=0), shares.T @ x / shares.sum(axis=0)


def hard_assignments(x, weights, means, std):
    nearest = np.abs(x[:, None] - means).argmin(axis=1)
    return _moments(x, np.eye(len(means))[nearest])


def without_the_weights(x, weights, means, std):
    joint = _densities(x, means, std)
    return _moments(x, joint / joint.sum(axis=1, keepdims=True))


def normalised_over_points(x, weights, means, std):
    joint = weights * _densities(x, means, std)
    return _moments(x, joint / joint.sum(axis=0))


def divided_by_n(x, weights, means, std):
    joint = weights * _densities(x, means, std)
    shares = joint / joint.sum(axis=1, keepdims=True)
    return shares.mean(axis=0), shares.T @ x / len(x)


def underflowing(x, weights, means, std):
    joint = weights * _densities(x, means, std)
    return _moments(x, joint / joint.sum(axis=1, keepdims=True))


def test_exercise_accepts_the_reference():
    assert grade_result("expectation_maximization", em_update).passed


@pytest.mark.parametrize(
    "wrong",
    [
        hard_assignments,
        without_the_weights,
        normalised_over_points,
        divided_by_n,
        underflowing,
    ],
)
def test_exercise_rejects(wrong):
    report = grade_result("expectation_maximization", wrong)
    assert report.attempted
    assert not report.passed
