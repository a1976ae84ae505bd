"""Error rates against confusion matrices, power against quadrature, simulation, statsmodels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats
from sklearn.metrics import confusion_matrix

from mlsheet.notebook.practice.grading import grade_result
from mlsheet.probability.type_1_and_type_2_error import (
    error_rates,
    false_discovery_share,
    sample_size,
    z_power,
)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_rates_are_those_of_scikit_learns_confusion_matrix(seed):
    rng = np.random.default_rng(seed)
    effect, reject = rng.random(37) < 0.3, rng.random(37) < 0.4
    tn, fp, fn, tp = confusion_matrix(effect, reject).ravel()
    expected = [fp / (fp + tn), fn / (fn + tp), tp / (fn + tp), fp / (fp + tp)]
    assert_allclose(error_rates(effect, reject), expected, rtol=1e-14)


def test_a_share_of_an_empty_group_is_nan():
    none = error_rates([False, False, False], [False, False, True])
    assert_allclose(none, [1 / 3, np.nan, np.nan, 1])
    assert np.isnan(error_rates([True, False], [False, False]).fdr)
    assert np.isnan(error_rates([True, True], [True, False]).alpha)


def test_power_is_the_one_that_statsmodels_gives():
    """``NormalIndPower(ddof=0).power(0.5, 25, 0.05, ratio=0)``."""
    assert abs(z_power(0.5, 25, 0.05) - 0.705418) < 5e-7


@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
def test_power_is_the_mass_of_the_shifted_normal_in_the_rejection_region(alternative):
    d, n, alpha = np.array([[0.5], [-0.3], [1.2]]), np.array([3, 25]), 0.01
    law = stats.norm(loc=d * np.sqrt(n))
    tail = alpha / 2 if alternative == "two-sided" else alpha
    upper, lower = law.sf(stats.norm.isf(tail)), law.cdf(stats.norm.ppf(tail))
    expected = {"two-sided": upper + lower, "greater": upper, "less": lower}[alternative]
    assert_allclose(z_power(d, n, alpha, alternative), expected, rtol=1e-10)


def test_power_keeps_its_digits_in_the_far_tail():
    assert_allclose(z_power(-1, 100, 1e-9, "greater"), stats.norm.sf(10 + stats.norm.isf(1e-9)))
    assert 0 < z_power(-1, 100, 1e-9, "greater") < 1e-50


@pytest.mark.parametrize(("d", "n", "alpha"), [(0, 25, 0.05), (0.5, 25, 0.05), (-0.4, 7, 0.2)])
def test_simulated_tests_reject_as_often_as_the_power_says(d, n, alpha):
    reps = 200_000
    z = np.sqrt(n) * np.random.default_rng(3).normal(d, 1 / np.sqrt(n), reps)
    rate = (np.abs(z) > stats.norm.isf(alpha / 2)).mean()
    power = z_power(d, n, alpha)
    assert abs(rate - power) < 4 * np.sqrt(power * (1 - power) / reps)


@given(st.floats(0.01, 2), st.integers(1, 200), st.floats(0.001, 0.3))
def test_power_rises_with_effect_sample_and_size_from_alpha(d, n, alpha):
    power = z_power(d, n, alpha)
    assert_allclose(z_power(0, n, alpha), alpha, rtol=1e-10)
    assert_allclose(z_power(-d, n, alpha), power, rtol=1e-12)
    assert power > alpha  # alpha + beta < 1
    for more in [z_power(1.1 * d, n, alpha), z_power(d, n + 1, alpha), z_power(d, n, 1.1 * alpha)]:
        assert more >= power
    assert z_power(d, n, alpha, "greater") >= power


@given(st.floats(0.02, 3), st.floats(0.001, 0.3), st.floats(0.05, 0.99), st.sampled_from([1, -1]))
def test_sample_size_is_the_smallest_that_suffices(d, alpha, power, sign):
    n = sample_size(sign * d, alpha, power)
    assert z_power(d, n, alpha) >= power
    assert n == 1 or z_power(d, n - 1, alpha) < power


def test_sample_sizes_of_the_text():
    assert sample_size(0.5, 0.05, 0.8) == 32
    beta = 1 - z_power(0.5, 25)
    assert sample_size(0.5, 0.05, 1 - beta / 2) == 37


@pytest.mark.parametrize(("share", "alpha", "power"), [(0.1, 0.05, 0.8), (0.6, 0.2, 0.3)])
def test_share_of_false_discoveries_is_that_of_many_tests(share, alpha, power):
    rng, n = np.random.default_rng(0), 400_000
    effect = rng.random(n) < share
    rates = error_rates(effect, rng.random(n) < np.where(effect, power, alpha))
    expected = false_discovery_share(share, alpha, power)
    rejected = n * (share * power + (1 - share) * alpha)
    assert abs(rates.fdr - expected) < 4 * np.sqrt(expected * (1 - expected) / rejected)
    assert abs(rates.alpha - alpha) < 4 * np.sqrt(alpha * (1 - alpha) / (n * (1 - share)))
    assert abs(rates.power - power) < 4 * np.sqrt(power * (1 - power) / (n * share))


def test_share_of_false_discoveries_at_its_ends():
    assert false_discovery_share(0.1, 0.05, 0.8) == pytest.approx(0.36)
    assert false_discovery_share(0, 0.05, 0.8) == 1
    assert false_discovery_share(1, 0.05, 0.8) == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: error_rates([], []), "effect: expected a non-empty array of bool"),
        (lambda: error_rates([1, 0], [True, False]), "effect: expected a non-empty array of bool"),
        (lambda: error_rates([True], [[True]]), "reject: expected a non-empty array of bool"),
        (lambda: error_rates([True], [True, False]), "reject: expected shape"),
        (lambda: z_power(np.nan, 5), "d: "),
        (lambda: z_power(0.5, 0), "n: "),
        (lambda: z_power(0.5, 5, 0), "alpha: expected numbers > 0"),
        (lambda: z_power(0.5, 5, 1), "alpha: expected numbers < 1"),
        (lambda: z_power(0.5, 5, 0.05, "both"), "alternative: "),
        (lambda: sample_size(0), r"\|d\|: "),
        (lambda: sample_size(np.array([0.5, 1.0])), r"\|d\|: "),
        (lambda: sample_size(0.5, alpha=0), "alpha: "),
        (lambda: sample_size(0.5, power=1), "power: "),
        (lambda: false_discovery_share(1.1, 0.05, 0.8), "share: "),
        (lambda: false_discovery_share(0.1, 0, 0.8), "alpha: "),
        (lambda: false_discovery_share(0.1, 0.05, 0), "power: "),
        (lambda: false_discovery_share(0.1, 0.05, 1.2), "power: "),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise.


def of_all_tests(effect, reject):
    alpha, beta = (~effect & reject).mean(), (effect & ~reject).mean()
    return alpha, beta, 1 - beta, (~effect & reject).sum() / reject.sum()


def errors_swapped(effect, reject):
    alpha, beta, _, fdr = error_rates(effect, reject)
    return beta, alpha, 1 - alpha, fdr


def false_among_rejected(effect, reject):
    _, beta, power, fdr = error_rates(effect, reject)
    return fdr, beta, power, fdr


def fdr_is_alpha(effect, reject):
    alpha, beta, power, _ = error_rates(effect, reject)
    return alpha, beta, power, alpha


def missed_among_accepted(effect, reject):
    alpha, _, power, fdr = error_rates(effect, reject)
    return alpha, effect[~reject].sum() / max((~reject).sum(), 1), power, fdr


def test_exercise_accepts_the_reference():
    assert grade_result("type_1_and_type_2_error", error_rates).passed


@pytest.mark.parametrize(
    "wrong",
    [of_all_tests, errors_swapped, false_among_rejected, fdr_is_alpha, missed_among_accepted],
)
def test_exercise_rejects(wrong):
    report = grade_result("type_1_and_type_2_error", wrong)
    assert report.attempted
    assert not report.passed
