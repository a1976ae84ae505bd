"""The t-tests against scipy, regression, analysis of variance and known levels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats

from mlsheet.data.files import load_iris, load_sleep
from mlsheet.notebook.practice.grading import grade_result
from mlsheet.notebook.practice.t_test import welch
from mlsheet.probability.hypothesis_testing import simulate_rejection_rate
from mlsheet.probability.t_test import one_sample_t_test, paired_t_test, two_sample_t_test
from mlsheet.probability.z_test import z_test

SIDES = ["two-sided", "greater", "less"]


@pytest.mark.parametrize("alternative", SIDES)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_one_sample_and_paired_tests_are_scipys(seed, alternative):
    x, y = np.random.default_rng(seed).normal(0.4, 2, (2, 3, 7))
    theirs = stats.ttest_1samp(x, 0.3, axis=-1, alternative=alternative)
    ours = one_sample_t_test(x, 0.3, alternative)
    assert_allclose(ours, [theirs.statistic, theirs.df, theirs.pvalue], rtol=1e-10)
    theirs = stats.ttest_rel(x, y, axis=-1, alternative=alternative)
    ours = paired_t_test(x, y, alternative)
    assert_allclose(ours, [theirs.statistic, theirs.df, theirs.pvalue], rtol=1e-10)


@pytest.mark.parametrize("alternative", SIDES)
@pytest.mark.parametrize("equal_var", [True, False])
@pytest.mark.parametrize(("n1", "n2"), [(7, 4), (2, 9), (10, 50)])
def test_two_sample_tests_are_scipys(n1, n2, equal_var, alternative):
    rng = np.random.default_rng(n1)
    x1, x2 = rng.normal(1, 3, (5, n1)), rng.normal(0, 1, (5, n2))
    theirs = stats.ttest_ind(x1, x2, axis=-1, equal_var=equal_var, alternative=alternative)
    ours = two_sample_t_test(x1, x2, equal_var=equal_var, alternative=alternative)
    expected = [theirs.statistic, np.broadcast_to(theirs.df, 5), theirs.pvalue]
    assert_allclose(ours, expected, rtol=1e-10)


def test_numbers_of_the_text():
    drug_1, drug_2 = load_sleep()
    assert_allclose(one_sample_t_test(drug_2), [3.679916, 9, 0.00507613], rtol=1e-5)
    assert_allclose(two_sample_t_test(drug_2, drug_1), [1.860813, 18, 0.0791867], rtol=1e-5)
    unpooled = two_sample_t_test(drug_2, drug_1, equal_var=False)
    assert_allclose(unpooled, [1.860813, 17.776474, 0.0793941], rtol=1e-5)
    assert_allclose(paired_t_test(drug_2, drug_1), [4.062128, 9, 0.00283289], rtol=1e-5)


def test_pooled_variance_is_both_sums_of_squares_over_their_degrees_of_freedom():
    x1, x2 = np.array([1.0, 4.0, 4.0, 7.0]), np.array([2.0, 2.5, 6.0])
    squares = ((x1 - x1.mean()) ** 2).sum() + ((x2 - x2.mean()) ** 2).sum()
    t = (x1.mean() - x2.mean()) / np.sqrt(squares / 5 * (1 / 4 + 1 / 3))
    assert_allclose(two_sample_t_test(x1, x2).t, t, rtol=1e-12)


def test_t_squared_is_the_f_of_an_analysis_of_variance():
    iris = load_iris()
    setosa, versicolor = iris.X[iris.y == 0, 1], iris.X[iris.y == 1, 1]
    ours, theirs = two_sample_t_test(setosa, versicolor), stats.f_oneway(setosa, versicolor)
    assert_allclose([ours.t**2, ours.p], [theirs.statistic, theirs.pvalue], rtol=1e-9)


values = st.lists(st.integers(-20, 20), min_size=2, max_size=8).filter(lambda v: len(set(v)) > 1)


@given(values, values, st.floats(0.1, 10), st.floats(-5, 5), st.booleans())
def test_unit_and_origin_do_not_matter_and_the_order_flips_the_sign(x1, x2, a, b, equal_var):
    x1, x2 = np.array(x1, dtype=float), np.array(x2, dtype=float)
    t, df, p = two_sample_t_test(x1, x2, equal_var=equal_var)
    moved = two_sample_t_test(a * x1 + b, a * x2 + b, equal_var=equal_var)
    assert_allclose(moved, [t, df, p], rtol=1e-6, atol=1e-9)
    assert_allclose(two_sample_t_test(x2, x1, equal_var=equal_var), [-t, df, p], rtol=1e-9)
    n1, n2 = len(x1), len(x2)
    assert min(n1, n2) - 1 - 1e-9 <= df <= n1 + n2 - 2 + 1e-9
    assert p == pytest.approx(
        2 * two_sample_t_test(x1, x2, equal_var=equal_var, alternative="less").p
        if t < 0
        else 2 * two_sample_t_test(x1, x2, equal_var=equal_var, alternative="greater").p
    )


def test_equal_groups_make_welch_and_pooled_t_agree():
    rng = np.random.default_rng(3)
    x1, x2 = rng.normal(0, 1, 9), rng.normal(1, 5, 9)
    pooled, unpooled = two_sample_t_test(x1, x2), two_sample_t_test(x1, x2, equal_var=False)
    assert_allclose(pooled.t, unpooled.t, rtol=1e-12)
    assert unpooled.df < pooled.df


def test_the_variance_survives_a_large_offset():
    x = np.array([1.0, 2.0, 4.0])
    assert_allclose(one_sample_t_test(x + 1e9, 1e9).t, one_sample_t_test(x).t, rtol=1e-6)


def test_tiny_numbers_keep_their_degrees_of_freedom():
    x1, x2 = np.array([1.0, 2.0, 4.0]), np.array([1.0, 5.0])
    expected = two_sample_t_test(x1, x2, equal_var=False)
    assert_allclose(two_sample_t_test(1e-90 * x1, 1e-90 * x2, equal_var=False), expected)


def test_t_tends_to_z():
    x = np.random.default_rng(0).normal(0.02, 1, 10_000)
    t, z = one_sample_t_test(x), z_test(x, 0, x.std(ddof=1))
    assert_allclose(t.t, z.z, rtol=1e-12)
    assert_allclose(t.p, z.p, rtol=2e-3)
    assert abs(stats.t(10_000).isf(0.025) - 1.9602) < 5e-5


def draw(generator, reps):
    return generator.normal(0, 3, (reps, 10)), generator.normal(0, 1, (reps, 50))


@pytest.mark.parametrize(("equal_var", "level"), [(True, 0.290), (False, 0.050)])
def test_levels_with_unequal_spreads(equal_var, level):
    rate, se = simulate_rejection_rate(
        lambda groups: two_sample_t_test(*groups, equal_var=equal_var).p, draw, reps=20_000, rng=0
    )
    assert abs(rate - level) < 5 * se


def test_z_with_the_estimated_spread_rejects_too_often_at_five_values():
    exact = 2 * stats.t(4).sf(stats.norm.isf(0.025))
    assert abs(exact - 0.122) < 5e-4
    rate, se = simulate_rejection_rate(
        lambda x: 2 * stats.norm.sf(np.abs(one_sample_t_test(x).t)),
        lambda generator, reps: generator.normal(size=(reps, 5)),
        reps=40_000,
        rng=1,
    )
    assert abs(rate - exact) < 4 * se


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: one_sample_t_test([1.0]), "x: expected at least two"),
        (lambda: one_sample_t_test(1.0), "x: expected at least two"),
        (lambda: one_sample_t_test([1.0, np.nan]), "x: expected finite"),
        (lambda: one_sample_t_test([2.0, 2.0]), "t-test: expected values that vary"),
        (lambda: one_sample_t_test([0.1, 0.1, 0.1]), "t-test: expected values that vary"),
        (lambda: one_sample_t_test([1.0, 2.0], np.nan), "mu0: "),
        (lambda: one_sample_t_test([1.0, 2.0], 0, "both"), "alternative: "),
        (lambda: paired_t_test([1.0, 2.0], [1.0]), "y: expected shape"),
        (lambda: paired_t_test([1.0, 2.0], [2.0, 3.0]), "t-test: expected values that vary"),
        (lambda: two_sample_t_test([1.0], [1.0, 2.0]), "x1: expected at least two"),
        (lambda: two_sample_t_test([1.0, 2.0], [1.0]), "x2: expected at least two"),
        (lambda: two_sample_t_test([[1.0, 2.0]], [1.0, 2.0]), "x2: expected "),
        (lambda: two_sample_t_test([1.0, 1.0], [2.0, 2.0]), "t-test: expected values that vary"),
        (
            lambda: two_sample_t_test([1.0, 1.0], [2.0, 2.0], equal_var=False),
            "t-test: expected values that vary",
        ),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise.


def pooled(x1, x2):
    t, df, _ = two_sample_t_test(x1, x2)
    return t, df


def biased_variances(x1, x2):
    v1, v2 = x1.var() / len(x1), x2.var() / len(x2)
    df = (v1 + v2) ** 2 / (v1**2 / (len(x1) - 1) + v2**2 / (len(x2) - 1))
    return (x1.mean() - x2.mean()) / np.sqrt(v1 + v2), df


def with_the_pooled_degrees_of_freedom(x1, x2):
    return welch(x1, x2)[0], len(x1) + len(x2) - 2


def without_n(x1, x2):
    v1, v2 = x1.var(ddof=1), x2.var(ddof=1)
    df = (v1 + v2) ** 2 / (v1**2 / (len(x1) - 1) + v2**2 / (len(x2) - 1))
    return (x1.mean() - x2.mean()) / np.sqrt(v1 + v2), df


def absolute_difference(x1, x2):
    t, df = welch(x1, x2)
    return abs(t), df


def test_exercise_accepts_the_reference():
    assert grade_result("t_test", welch).passed


@pytest.mark.parametrize(
    "wrong",
    [
        pooled,
        biased_variances,
        with_the_pooled_degrees_of_freedom,
        without_n,
        absolute_difference,
    ],
)
def test_exercise_rejects(wrong):
    report = grade_result("t_test", wrong)
    assert report.attempted
    assert not report.passed
