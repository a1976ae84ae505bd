"""Rank against numpy, scipy and exact arithmetic."""

import itertools

import numpy as np
import pytest
import scipy.linalg
import sympy
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from mlsheet.data.files import load_digits
from mlsheet.linear_algebra.determinant import det_cofactor
from mlsheet.linear_algebra.rank import (
    column_space,
    null_space,
    rank_factorization,
    rank_svd,
    row_echelon,
)
from mlsheet.notebook.practice.grading import grade_result

SHAPES = [(2, 6, 5), (3, 4, 9), (1, 7, 3), (5, 5, 8), (4, 4, 4), (1, 1, 1)]  # rank, rows, columns
SEEDS = [0, 1, 2]
ROUNDING = 1e-9  # elimination divides by small pivots, so the default would be too tight
seeds = st.integers(0, 10_000)


def of_rank(rank, m, n, seed):
    """Return a matrix of this rank, up to rounding."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(m, rank)) @ rng.normal(size=(rank, n))


def minus_ones_above(n):
    """Ones on the diagonal and −1 above it: every pivot is 1, yet it is nearly singular."""
    return np.eye(n) - np.triu(np.ones((n, n)), 1)


# Oracles.


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("rank", "m", "n"), SHAPES)
def test_every_way_finds_the_rank(rank, m, n, seed):
    A = of_rank(rank, m, n, seed)
    reduced, pivots = row_echelon(A, ROUNDING)
    assert rank_svd(A) == np.linalg.matrix_rank(A) == rank
    assert len(pivots) == rank
    assert column_space(A).shape == (m, rank)
    assert null_space(A).shape == (n, n - rank)
    assert_allclose(reduced[:, list(pivots)], np.eye(m)[:, :rank], atol=1e-12)
    assert not reduced[rank:].any()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("rank", "m", "n"), SHAPES)
def test_bases_span_what_scipys_do(rank, m, n, seed):
    A = of_rank(rank, m, n, seed)
    for ours, theirs in [
        (column_space(A), scipy.linalg.orth(A)),
        (null_space(A), scipy.linalg.null_space(A)),
    ]:
        assert_allclose(ours @ ours.T, theirs @ theirs.T, atol=1e-12)
        assert_allclose(ours.T @ ours, np.eye(ours.shape[1]), atol=1e-12)


@given(st.lists(st.integers(-2, 2), min_size=15, max_size=15))
def test_reduced_form_is_exact(entries):
    A = np.array(entries).reshape(3, 5)
    expected, expected_pivots = sympy.Matrix(A.tolist()).rref()
    reduced, pivots = row_echelon(A)
    assert pivots == expected_pivots
    assert_allclose(reduced, np.array(expected.tolist(), dtype=float), atol=1e-12)
    assert rank_svd(A) == len(expected_pivots)


@given(st.lists(st.integers(-1, 1), min_size=12, max_size=12))
def test_rank_is_the_size_of_the_largest_minor_that_is_not_zero(entries):
    A = np.array(entries).reshape(4, 3)
    sizes = [
        k
        for k in (1, 2, 3)
        for rows in itertools.combinations(range(4), k)
        for columns in itertools.combinations(range(3), k)
        if det_cofactor(A[np.ix_(rows, columns)]) != 0
    ]
    assert rank_svd(A) == max(sizes, default=0)


def test_digits_have_three_blank_pixels():
    X = load_digits().images.reshape(-1, 64)
    assert rank_svd(X) == 61
    blank = np.flatnonzero(np.abs(null_space(X)).sum(axis=1) > 1e-9)
    assert_array_equal(blank, np.flatnonzero((X == 0).all(axis=0)))


# Properties.


@given(seeds, st.integers(1, 4), st.integers(1, 4))
def test_rank_of_a_product(seed, r, s):
    A, B = of_rank(r, 5, 7, seed), of_rank(s, 7, 6, seed + 1)
    assert rank_svd(A @ B) <= min(rank_svd(A), rank_svd(B))
    assert rank_svd(A.T @ A) == rank_svd(A @ A.T) == rank_svd(A.T) == rank_svd(A)
    assert rank_svd(A) + null_space(A).shape[1] == 7


@given(seeds, st.integers(1, 4))
def test_invertible_factors_keep_the_rank(seed, r):
    rng = np.random.default_rng(seed)
    A = of_rank(r, 5, 6, seed)
    left, right = (scipy.linalg.qr(rng.normal(size=(n, n)))[0] * 1.5 for n in (5, 6))
    assert rank_svd(left @ A @ right) == r


@given(seeds, st.integers(0, 4))
def test_factors_multiply_back(seed, r):
    A = of_rank(r, 5, 7, seed)
    C, R = rank_factorization(A, ROUNDING)
    assert C.shape == (5, r)
    assert R.shape == (r, 7)
    assert_allclose(C @ R, A, atol=1e-9)
    assert all((C[:, [k]] == A).all(axis=0).any() for k in range(r))


@given(seeds)
def test_null_vectors_are_sent_to_zero(seed):
    A = of_rank(2, 5, 4, seed)
    assert_allclose(A @ null_space(A), 0, atol=1e-12)
    basis = column_space(A)
    assert_allclose(basis @ (basis.T @ A), A, atol=1e-12)


@pytest.mark.parametrize("exponent", [-600, -50, 0, 50, 600])
def test_the_default_tolerance_has_no_unit(exponent):
    A = 2.0**exponent * (np.outer([1, 2, 0, 4], [3, 1, 1]) + np.outer([0, 1, 1, 5], [1, 0, 2]))
    assert rank_svd(A) == len(row_echelon(A)[1]) == 2


def test_the_default_tolerance_grows_with_the_longer_side():
    A = np.zeros((100, 2))
    A[0, 0], A[1, 1] = 1, 50 * np.finfo(float).eps
    for M in (A, A.T):
        assert rank_svd(M) == np.linalg.matrix_rank(M) == len(row_echelon(M)[1]) == 1


def test_the_rank_depends_on_the_tolerance():
    A = of_rank(2, 6, 5, 0)
    A = A / np.linalg.norm(A, 2) + 1e-3 * np.random.default_rng(1).normal(size=(6, 5))
    assert [rank_svd(A, tol) for tol in (None, 1e-16, 1e-2, 10.0)] == [5, 5, 2, 0]
    assert column_space(A, 1e-2).shape == (6, 2)
    assert null_space(A, 1e-2).shape == (5, 3)
    assert len(row_echelon(A, 2e-2)[1]) == 2
    assert rank_factorization(A, 2e-2)[0].shape == (6, 2)
    assert rank_svd(np.diag([1, 1e-20])) == 1
    assert rank_svd(np.diag([1e-20, 1e-20])) == 2
    assert rank_svd(np.diag([1, 1e-20]), tol=0) == 2


def test_good_pivots_prove_nothing():
    assert rank_svd(minus_ones_above(20)) == 20
    assert rank_svd(minus_ones_above(60)) == np.linalg.matrix_rank(minus_ones_above(60)) == 59
    assert len(row_echelon(minus_ones_above(60))[1]) == 60


@pytest.mark.parametrize("shape", [(3, 2), (2, 3), (1, 1)])
def test_zeros(shape):
    A = np.zeros(shape)
    assert rank_svd(A) == 0
    assert row_echelon(A)[1] == ()
    assert column_space(A).shape == (shape[0], 0)
    assert_allclose(null_space(A).T @ null_space(A), np.eye(shape[1]))
    C, R = rank_factorization(A)
    assert_array_equal(C @ R, A)


def test_the_input_stays_and_zero_has_no_sign():
    A = np.array([[0.0, -2.0, 2.0], [0.0, 1.0, -1.0]])
    before = A.copy()
    reduced, _ = row_echelon(A)
    C, _ = rank_factorization(A)
    C[:] = 7
    assert_array_equal(A, before)
    assert not np.signbit(reduced[reduced == 0]).any()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: rank_svd([1, 2]), "A: expected an array with 2 axes"),
        (lambda: rank_svd([[np.nan]]), "A: expected finite"),
        (lambda: row_echelon(np.empty((0, 3))), "A: expected at least one number"),
        (lambda: rank_svd(np.eye(2), -1), "tol: expected a number of at least 0"),
        (lambda: row_echelon(np.eye(2), -1), "tol: expected a number of at least 0"),
        (lambda: null_space(np.eye(2), np.inf), "tol: expected a number of at least 0"),
        (lambda: column_space([[np.inf]]), "A: expected finite"),
        (lambda: rank_factorization([[1, 2], [3, np.nan]]), "A: expected finite"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise.


def singular_values(A):
    return np.linalg.svd(A, compute_uv=False)


def by_relative_tolerance(A):
    s = singular_values(A)
    return (s > 1e-10 * s[0]).sum()


def above_zero(A):
    return (singular_values(A) > 0).sum()


def above_a_fixed_number(A):
    return (singular_values(A) > 1e-10).sum()


def as_if_full(A):
    return min(A.shape)


def rows_not_zero(A):
    return A.any(axis=1).sum()


def zero_counts(A):
    s = singular_values(A)
    return (s >= 1e-10 * s[0]).sum()


def eigenvalues_not_zero(A):
    k = min(A.shape)
    return (np.abs(np.linalg.eigvals(A[:k, :k])) > 1e-10).sum()


def nullity(A):
    return A.shape[1] - rank_svd(A)


@pytest.mark.parametrize("right", [rank_svd, np.linalg.matrix_rank, by_relative_tolerance])
def test_exercise_accepts(right):
    assert grade_result("rank", right).passed


@pytest.mark.parametrize(
    "wrong",
    [
        above_zero,
        above_a_fixed_number,
        as_if_full,
        rows_not_zero,
        zero_counts,
        eigenvalues_not_zero,
        nullity,
    ],
)
def test_exercise_rejects(wrong):
    report = grade_result("rank", wrong)
    assert report.attempted
    assert not report.passed
