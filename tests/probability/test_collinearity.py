"""Collinearity against regressions by scikit-learn, inverse matrices and simulation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from sklearn.linear_model import LinearRegression

from mlsheet.data.files import load_diabetes
from mlsheet.notebook.practice.collinearity import inflation
from mlsheet.notebook.practice.grading import grade_result
from mlsheet.probability.collinearity import condition_indices, correlated_design, ols, vif


def mixed(seed, n=17, p=4):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, p)) @ rng.normal(size=(p, p)) * 10.0 ** np.arange(p) + 5


def r_squared(X, j):
    others = np.delete(X, j, axis=1)
    return LinearRegression().fit(others, X[:, j]).score(others, X[:, j])


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_vif_is_scikit_learns_r_squared_and_the_inverse_correlation(seed):
    X = mixed(seed)
    assert_allclose(vif(X), [1 / (1 - r_squared(X, j)) for j in range(4)], rtol=1e-8)
    assert_allclose(vif(X), np.diag(np.linalg.inv(np.corrcoef(X.T))), rtol=1e-8)


def test_vif_of_the_diabetes_data():
    X = load_diabetes().X
    expected = [1.22, 1.28, 1.51, 1.46, 59.20, 39.19, 15.40, 8.89, 10.08, 1.48]
    assert_allclose(vif(X), expected, atol=0.006)


@pytest.mark.parametrize("rho", [0, 0.5, 0.9, 0.99, 0.9487])
def test_vif_of_two_predictors(rho):
    X = correlated_design(23, 2, rho, rng=3)
    assert_allclose(vif(X), [1 / (1 - rho**2)] * 2, rtol=1e-9)


def test_no_pair_correlates_yet_vif_is_1000():
    rng = np.random.default_rng(20)
    parts = rng.normal(size=(2000, 10))
    X = np.column_stack([parts, parts.sum(axis=1) + 0.1 * rng.normal(size=2000)])
    pairs = np.abs(np.corrcoef(X.T) - np.eye(11)).max()
    assert pairs < 0.4
    assert abs(vif(X)[-1] / 1001 - 1) < 0.2
    assert_allclose(np.linalg.cond(X.T @ X), np.linalg.cond(X) ** 2, rtol=1e-8)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_only_the_columns_of_an_exact_dependence_are_infinite(seed):
    X = mixed(seed)
    dependent = np.column_stack([X[:, 0], X[:, 1], X[:, 0] - 2 * X[:, 1], X[:, 2], X[:, 3]])
    factors = vif(dependent)
    assert np.isinf(factors).tolist() == [True, True, True, False, False]
    assert_allclose(factors[3:], vif(X)[2:], rtol=1e-8)


def test_dummies_of_all_levels_are_an_exact_dependence():
    assert np.isinf(vif(np.eye(3)[[0, 0, 1, 1, 2, 2, 2]])).all()
    assert np.isfinite(vif(np.eye(3)[[0, 0, 1, 1, 2, 2, 2]][:, 1:])).all()


def test_too_few_rows_determine_nothing():
    assert np.isinf(vif(mixed(0, n=4, p=6))).all()


@given(st.integers(0, 99), st.floats(0.01, 100), st.floats(-50, 50), st.integers(0, 3))
def test_vif_is_at_least_1_and_free_of_units(seed, scale, shift, j):
    X = mixed(seed)
    other = X.copy()
    other[:, j] = scale * X[:, j] + shift
    assert (vif(X) >= 1 - 1e-12).all()
    assert_allclose(vif(other), vif(X), rtol=1e-6)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_ols_is_numpys_and_its_covariance_the_textbooks(seed):
    X, y = mixed(seed), np.random.default_rng(seed + 9).normal(size=17)
    beta, rss, _, _ = np.linalg.lstsq(X, y)
    fit = ols(X, y)
    assert_allclose(fit.beta, beta, rtol=1e-8)
    assert_allclose(fit.cov, rss[0] / 13 * np.linalg.inv(X.T @ X), rtol=1e-6)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_variance_of_a_coefficient_is_inflated_by_vif(seed):
    X, y = mixed(seed), np.random.default_rng(seed + 9).normal(size=17)
    design = np.column_stack([np.ones(17), X])
    fit = ols(design, y)
    s2 = ((y - design @ fit.beta) ** 2).sum() / (17 - 5)
    spread = ((X - X.mean(axis=0)) ** 2).sum(axis=0)
    assert_allclose(np.diag(fit.cov)[1:], s2 * vif(X) / spread, rtol=1e-8)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_fitted_values_survive_a_change_of_basis(seed):
    X, y = mixed(seed), np.random.default_rng(seed + 9).normal(size=17)
    M = np.random.default_rng(seed).normal(size=(4, 4))
    assert_allclose(X @ M @ ols(X @ M, y).beta, X @ ols(X, y).beta, rtol=1e-7, atol=1e-9)


def test_covariance_is_that_of_many_fits():
    X, rng = correlated_design(31, 3, 0.8, rng=0), np.random.default_rng(1)
    betas = np.array([ols(X, rng.normal(0, 2, 31)).beta for _ in range(4000)])
    expected = 4 * np.diag(np.linalg.inv(X.T @ X))
    assert (np.abs(betas.var(axis=0) / expected - 1) < 5 * np.sqrt(2 / 4000)).all()


def test_ridge_lowers_the_variance():
    X = correlated_design(31, 2, 0.95, rng=0)
    sizes = []
    for penalty in (0, 1, 10):
        A = np.linalg.solve(X.T @ X + penalty * np.eye(2), X.T)
        sizes.append(np.diag(A @ A.T)[0])
    assert sizes[0] > sizes[1] > sizes[2]


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_condition_indices_and_proportions(seed):
    X = mixed(seed)
    unit = X / np.linalg.norm(X, axis=0)
    indices, proportions = condition_indices(X)
    assert_allclose(indices[0], 1)
    assert (np.diff(indices) >= 0).all()
    assert_allclose(indices[-1], np.linalg.cond(unit), rtol=1e-8)
    assert_allclose(proportions.sum(axis=0), np.ones(4))
    values, vectors = np.linalg.eigh(unit.T @ unit)  # in increasing order
    expected = (vectors**2 / values / np.diag(np.linalg.inv(unit.T @ unit))[:, None]).T[::-1]
    assert_allclose(proportions, expected, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize(("n", "p", "rho"), [(5, 2, -0.9), (9, 3, 0.7), (40, 5, 0.99)])
def test_correlated_design_has_exactly_these_correlations(n, p, rho):
    X = correlated_design(n, p, rho, rng=2)
    assert_allclose(X.mean(axis=0), np.zeros(p), atol=1e-12)
    assert_allclose(X.T @ X / n, np.full((p, p), rho) + (1 - rho) * np.eye(p), atol=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: vif([1.0, 2.0]), "X: "),
        (lambda: vif([[1, 2], [1, 3]]), "X: expected columns that vary"),
        (lambda: vif([[1, np.nan], [2, 3]]), "X: "),
        (lambda: condition_indices([[1, 0], [1, 0]]), "X: expected independent columns, got one"),
        (lambda: condition_indices([[1, 2], [2, 4], [3, 6]]), "got rank 1 of 2"),
        (lambda: ols([[1, 2], [2, 4], [3, 6]], [1, 2, 3]), "got rank 1 of 2"),
        (lambda: ols([[1, 2], [2, 3]], [1, 2]), "X: expected more rows than columns"),
        (lambda: ols([[1], [2]], [1, 2, 3]), "y: expected 2 numbers"),
        (lambda: correlated_design(5, 1, 0.5, rng=0), "p: "),
        (lambda: correlated_design(3, 3, 0.5, rng=0), "n: "),
        (lambda: correlated_design(9, 3, -0.5, rng=0), "rho: "),
        (lambda: correlated_design(9, 3, 1.0, rng=0), "rho: "),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise.


def without_intercept(X, j):
    others = np.delete(X, j, axis=1)
    residuals = X[:, j] - others @ np.linalg.lstsq(others, X[:, j])[0]
    return ((X[:, j] - X[:, j].mean()) ** 2).sum() / (residuals @ residuals)


def tolerance(X, j):
    return 1 / inflation(X, j)


def from_the_largest_pair(X, j):
    r = np.delete(np.corrcoef(X.T)[j], j)
    return 1 / (1 - np.abs(r).max() ** 2)


def inverse_covariance(X, j):
    return np.linalg.inv(np.cov(X.T))[j, j]


def r_not_squared(X, j):
    return 1 / (1 - np.sqrt(1 - 1 / inflation(X, j)))


def always_the_first(X, j):
    return inflation(X, 0)


def test_exercise_accepts_the_reference():
    assert grade_result("collinearity", inflation).passed


@pytest.mark.parametrize(
    "wrong",
    [
        without_intercept,
        tolerance,
        from_the_largest_pair,
        inverse_covariance,
        r_not_squared,
        always_the_first,
    ],
)
def test_exercise_rejects(wrong):
    report = grade_result("collinearity", wrong)
    assert report.attempted
    assert not report.passed
