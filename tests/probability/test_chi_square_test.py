"""The chi-square test against scipy, two proportions, and exact laws with fixed margins."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats

from mlsheet.data.files import load_sleep
from mlsheet.notebook.practice.grading import grade_result
from mlsheet.probability.chi_square_test import chi2_independence, expected_counts
from mlsheet.probability.z_test import two_proportion_z_test

COUNT = st.integers(1, 40)
TRIAL = np.array([[15, 25], [20, 30], [40, 30]])


@pytest.mark.parametrize("shape", [(2, 2), (3, 2), (2, 5), (4, 3)])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_is_scipys_test_on_each_table(shape, seed):
    tables = np.random.default_rng(seed).poisson(7, (2, *shape)) + 1
    chi2, df, expected, p = chi2_independence(tables)
    for i, table in enumerate(tables):
        theirs = stats.chi2_contingency(table, correction=False)
        assert df == theirs.dof
        assert_allclose([chi2[i], p[i]], [theirs.statistic, theirs.pvalue], rtol=1e-10)
        assert_allclose(expected[i], stats.contingency.expected_freq(table), rtol=1e-12)


@pytest.mark.parametrize("table", [[[3, 7], [7, 3]], [[5, 5], [5, 6]], [[1, 9], [11, 4]]])
def test_correction_is_scipys_default(table):
    theirs = stats.chi2_contingency(table)
    ours = chi2_independence(table, correction=True)
    assert_allclose([ours.chi2, ours.p], [theirs.statistic, theirs.pvalue], rtol=1e-10)
    assert ours.p >= chi2_independence(table).p


def test_numbers_of_the_text():
    longer = [hours > 1 for hours in load_sleep()]
    table = [[yes.sum(), 10 - yes.sum()] for yes in longer]
    assert table == [[3, 7], [7, 3]]
    assert_allclose(chi2_independence(table)[::3], [3.2, 0.0736383], rtol=1e-5)
    assert_allclose(chi2_independence(table, correction=True)[::3], [1.8, 0.1797125], rtol=1e-5)
    assert_allclose(stats.fisher_exact(table).pvalue, 0.1788954, rtol=1e-5)
    assert_allclose(chi2_independence(TRIAL)[::3], [5.324373, 0.0697955], rtol=1e-4)
    shares = TRIAL / TRIAL.sum()
    fit = shares.sum(axis=1, keepdims=True) * shares.sum(axis=0)
    assert_allclose(((shares - fit) ** 2 / fit).sum(), 5.324373 / 160, rtol=1e-4)


@given(COUNT, COUNT, COUNT, COUNT)
def test_two_by_two_is_the_squared_z_of_two_proportions(a, b, c, d):
    z, p = two_proportion_z_test(a, a + b, c, c + d)
    assert_allclose(chi2_independence([[a, b], [c, d]])[::3], [z**2, p], rtol=1e-8, atol=1e-12)


@given(st.lists(st.tuples(COUNT, COUNT, COUNT), min_size=2, max_size=5), st.integers(2, 9))
def test_order_does_not_matter_and_counts_scale(rows, times):
    table = np.array(rows)
    chi2, df, expected, _ = chi2_independence(table)
    n = table.sum()
    shares = table.sum(axis=1, keepdims=True) * table.sum(axis=0)
    assert_allclose(chi2, n * ((table**2 / shares).sum() - 1), atol=1e-9)
    assert_allclose(chi2_independence(table[::-1, [1, 2, 0]]).chi2, chi2, atol=1e-10)
    assert_allclose(chi2_independence(table.T)[:2], (chi2, df), atol=1e-10)
    assert_allclose(chi2_independence(times * table).chi2, times * chi2, atol=1e-9)
    assert_allclose(expected.sum(axis=0), table.sum(axis=0))
    assert_allclose(expected.sum(axis=1), table.sum(axis=1))


@given(st.lists(COUNT, min_size=2, max_size=4), st.lists(COUNT, min_size=2, max_size=4))
def test_independent_counts_give_0_and_p_1(rows, columns):
    chi2, df, expected, p = chi2_independence(np.outer(rows, columns))
    assert_allclose(expected, np.outer(rows, columns))
    assert_allclose([chi2, p], [0, 1], atol=1e-9)
    assert df == (len(rows) - 1) * (len(columns) - 1)


@pytest.mark.parametrize(("n", "n1", "m"), [(20, 10, 10), (31, 9, 13), (1000, 100, 5)])
def test_mean_under_fixed_margins_is_exact(n, n1, m):
    k = np.arange(max(0, n1 + m - n), min(n1, m) + 1)
    tables = np.array([[k, n1 - k], [m - k, n - n1 - m + k]]).transpose(2, 0, 1)
    mean = stats.hypergeom(n, m, n1).pmf(k) @ chi2_independence(tables).chi2
    assert_allclose(mean, n / (n - 1), rtol=1e-10)


@pytest.mark.parametrize(("m", "level"), [(5, 0.0811), (10, 0.0692), (100, 0.0508)])
def test_levels_of_the_text(m, level):
    k = np.arange(m + 1)
    tables = np.array([[k, 100 - k], [m - k, 900 - m + k]]).transpose(2, 0, 1)
    exact = stats.hypergeom(1000, m, 100).pmf(k)[chi2_independence(tables).p < 0.05].sum()
    assert_allclose(exact, level, atol=1e-4)


def test_mean_of_larger_tables_is_df():
    margins = stats.random_table(TRIAL.sum(axis=1), TRIAL.sum(axis=0))
    chi2 = chi2_independence(margins.rvs(20_000, random_state=3)).chi2
    assert abs(chi2.mean() - 2 * 160 / 159) < 5 * chi2.std() / np.sqrt(20_000)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: chi2_independence([1, 2]), "table: expected 2 rows"),
        (lambda: chi2_independence([[1, 2]]), "table: expected 2 rows"),
        (lambda: chi2_independence([[1], [2]]), "table: expected 2 rows"),
        (lambda: chi2_independence([[1, np.nan], [2, 3]]), "table: expected finite"),
        (lambda: chi2_independence([[0.25, 0.25], [0.25, 0.25]]), "table: expected counts"),
        (lambda: chi2_independence([[1, -1], [2, 3]]), "table: expected counts"),
        (lambda: chi2_independence([[0, 1], [0, 3]]), "table: expected no empty"),
        (lambda: expected_counts([[0, 0], [1, 3]]), "table: expected no empty"),
        (lambda: chi2_independence(TRIAL, correction=True), "correction: "),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise.


def divided_by_the_observed(table):
    _, df, expected, _ = chi2_independence(table)
    return ((table - expected) ** 2 / np.maximum(table, 1)).sum(), df, expected


def all_cells_equally_likely(table):
    expected = np.full(table.shape, table.mean())
    df = chi2_independence(table).df
    return ((table - expected) ** 2 / expected).sum(), df, expected


def one_less_than_the_cells(table):
    chi2, _, expected, _ = chi2_independence(table)
    return chi2, table.size - 1, expected


def of_shares(table):
    chi2, df, expected, _ = chi2_independence(table)
    return chi2 / table.sum(), df, expected / table.sum()


def without_the_square(table):
    _, df, expected, _ = chi2_independence(table)
    return (abs(table - expected) / expected).sum(), df, expected


def test_exercise_accepts_the_reference():
    assert grade_result("chi_square_test", lambda table: chi2_independence(table)[:3]).passed


@pytest.mark.parametrize(
    "wrong",
    [
        divided_by_the_observed,
        all_cells_equally_likely,
        one_less_than_the_cells,
        of_shares,
        without_the_square,
    ],
)
def test_exercise_rejects(wrong):
    report = grade_result("chi_square_test", wrong)
    assert report.attempted
    assert not report.passed
