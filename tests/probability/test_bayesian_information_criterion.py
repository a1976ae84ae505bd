"""Information criteria against scikit-learn, numpy's fits and exact evidence."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.polynomial import Polynomial
from numpy.testing import assert_allclose
from scipy import stats
from scipy.special import betaln, xlogy
from sklearn.mixture import GaussianMixture

from mlsheet.notebook.practice.bayesian_information_criterion import bic_of_fit
from mlsheet.notebook.practice.grading import grade_result
from mlsheet.probability.bayesian_information_criterion import (
    aic,
    aicc,
    bic,
    bic_weights,
    gaussian_log_likelihood,
    score_polynomials,
)

SCORES = st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=6)


@pytest.mark.parametrize(("components", "d"), [(1, 3), (2, 2), (3, 1)])
def test_criteria_are_scikit_learns(components, d):
    X = np.random.default_rng(0).normal(size=(57, d))
    model = GaussianMixture(components, random_state=0).fit(X)
    k = components - 1 + components * d + components * d * (d + 1) // 2
    log_likelihood = model.score(X) * 57
    assert_allclose(bic(log_likelihood, k, 57), model.bic(X), rtol=1e-12)
    assert_allclose(aic(log_likelihood, k), model.aic(X), rtol=1e-12)


def test_the_example_on_which_the_two_disagree():
    assert_allclose(bic([-100, -97], [3, 5], 100), [213.8155, 217.0259], atol=1e-4)
    assert_allclose(aic([-100, -97], [3, 5]), [206, 204], rtol=1e-15)


def test_bic_is_stricter_than_aic_from_eight_observations_on():
    for n in range(1, 50):
        costs = [float(criterion) for criterion in (bic(0, 1, n), aic(0, 1))]
        assert (costs[0] > costs[1]) == (n >= 8)


def test_the_correction_for_small_samples():
    assert aicc(-40, 4, 20) == pytest.approx(88 + 40 / 15, rel=1e-14)
    assert aicc(-40, 4, 10**9) == pytest.approx(88, rel=1e-8)


@given(scores=SCORES, shift=st.floats(-1e3, 1e3))
def test_weights_sum_to_1_and_ignore_a_common_constant(scores, shift):
    weights = bic_weights(scores)
    assert weights.sum() == pytest.approx(1, rel=1e-12)
    assert_allclose(bic_weights(np.array(scores) + shift), weights, atol=1e-9)
    assert weights[np.argmin(scores)] == weights.max()


def test_half_a_difference_is_the_log_of_the_odds():
    weights = bic_weights([213.8, 217.0])
    assert weights[0] / weights[1] == pytest.approx(np.exp(1.6), rel=1e-9)


@pytest.mark.parametrize("n", [2, 7, 101])
def test_log_likelihood_is_the_sum_of_log_densities_and_the_largest(n):
    residuals = np.random.default_rng(n).normal(0, 3, n)
    best = np.sqrt(np.mean(residuals**2))
    direct = stats.norm(0, best).logpdf(residuals).sum()
    assert gaussian_log_likelihood(residuals) == pytest.approx(direct, rel=1e-12)
    for sd in (0.9 * best, 1.1 * best):
        assert stats.norm(0, sd).logpdf(residuals).sum() < gaussian_log_likelihood(residuals)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_polynomials_are_numpys(seed):
    rng = np.random.default_rng(seed)
    x = rng.uniform(20, 130, 31)
    y = x + x**2 / 90 + rng.normal(0, 5, 31)
    scores = score_polynomials(x, y, 7)
    for degree in range(8):
        residuals = y - Polynomial.fit(x, y, degree)(x)
        expected = stats.norm(0, residuals.std()).logpdf(residuals).sum()
        assert scores.log_likelihood[degree] == pytest.approx(expected, rel=1e-9)
        assert scores.k[degree] == degree + 2
    assert_allclose(scores.bic, scores.k * np.log(31) - 2 * scores.log_likelihood, rtol=1e-13)
    assert_allclose(scores.aic, 2 * scores.k - 2 * scores.log_likelihood, rtol=1e-13)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_more_degrees_fit_better_and_units_do_not_matter(seed):
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(2, 23))
    scores = score_polynomials(x, y, 6)
    assert (np.diff(scores.log_likelihood) >= -1e-9).all()
    moved = score_polynomials(1000 * x - 7, y, 6)
    assert_allclose(moved.bic, scores.bic, rtol=1e-8)
    rescaled = score_polynomials(x, 100 * y + 5, 6)
    assert_allclose(np.diff(rescaled.bic[1:]), np.diff(scores.bic[1:]), atol=1e-8)


def test_bic_finds_the_degree_ever_more_often_and_aic_does_not():
    shares = []
    for n in (20, 2000):
        rng, picks = np.random.default_rng(0), []
        x = np.linspace(-1, 1, n)
        for _ in range(100):
            scores = score_polynomials(x, 1 + x + x**2 + rng.normal(0, 0.6, n), 6)
            picks.append([scores.bic.argmin(), scores.aic.argmin()])
        shares.append((np.array(picks) == 2).mean(axis=0))
    assert shares[1][0] > 0.95 > shares[1][1]
    assert shares[1][0] > shares[0][0]


def test_difference_from_the_exact_evidence_of_a_coin_stays_bounded():
    for n in (100, 10_000, 1_000_000):
        heads = n // 2
        evidence = betaln(heads + 1, n - heads + 1)
        maximum = xlogy(heads, heads / n) + xlogy(n - heads, 1 - heads / n)
        difference = -2 * evidence - float(bic(maximum, 1, n))
        assert difference == pytest.approx(np.log(4 / (2 * np.pi)), abs=5 / n)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bic(-1.0, 1, 0), "n: "),
        (lambda: bic(np.inf, 1, 10), "log_likelihood: "),
        (lambda: bic(-1.0, -1, 10), "k: expected counts >= 0"),
        (lambda: aic(-1.0, -1), "k: expected counts >= 0"),
        (lambda: bic([-1.0, -2.0], [1, 2, 3], 10), "k: expected shape"),
        (lambda: aic([-1.0, -2.0], [1]), "k: expected shape"),
        (lambda: aicc(-1.0, 3, 4), "n: "),
        (lambda: aicc(-1.0, -3, 4), "k: "),
        (lambda: bic_weights([]), "bics: "),
        (lambda: gaussian_log_likelihood([0.0, 0.0]), "residuals: expected one that isn't 0"),
        (lambda: gaussian_log_likelihood([np.nan]), "residuals: "),
        (lambda: score_polynomials([1, 2, 3], [1, 2], 1), "y: expected shape"),
        (lambda: score_polynomials([1, 2, 3], [1, 2, 4], 2), "max_degree: "),
        (lambda: score_polynomials([1, 1, 2, 2, 2], np.arange(5), 3), "x: expected more than 3"),
        (lambda: score_polynomials(np.arange(9), np.arange(9) ** 2, 3), "y: expected noise"),
        (lambda: score_polynomials(np.arange(9), np.zeros(9), 3), "y: expected noise"),
        (lambda: score_polynomials([4, 4, 4], [1, 2, 4], 0), "x: expected more than 1"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise.


def variance_not_counted(residuals, coefficients):
    return bic_of_fit(residuals, coefficients - 1)


def aic_instead(residuals, coefficients):
    return aic(gaussian_log_likelihood(residuals), coefficients + 1)


def decimal_logarithm(residuals, coefficients):
    penalty = (coefficients + 1) * np.log10(len(residuals))
    return penalty - 2 * gaussian_log_likelihood(residuals)


def higher_is_better(residuals, coefficients):
    return -bic_of_fit(residuals, coefficients)


def unbiased_variance(residuals, coefficients):
    n = len(residuals)
    sd = np.sqrt(residuals @ residuals / (n - coefficients))
    return (coefficients + 1) * np.log(n) - 2 * stats.norm(0, sd).logpdf(residuals).sum()


def without_the_factor_2(residuals, coefficients):
    penalty = (coefficients + 1) * np.log(len(residuals))
    return penalty - gaussian_log_likelihood(residuals)


def test_exercise_accepts_the_reference():
    assert grade_result("bayesian_information_criterion", bic_of_fit).passed


@pytest.mark.parametrize(
    "wrong",
    [
        variance_not_counted,
        aic_instead,
        decimal_logarithm,
        higher_is_better,
        unbiased_variance,
        without_the_factor_2,
    ],
)
def test_exercise_rejects(wrong):
    report = grade_result("bayesian_information_criterion", wrong)
    assert report.attempted
    assert not report.passed
