"""Singular values against numpy, scikit-learn and their own properties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.linalg import svdvals
from scipy.stats import ortho_group
from sklearn.decomposition import TruncatedSVD

from mlsheet.linear_algebra.singular_values import (
    condition_number,
    low_rank,
    pseudo_inverse,
    svd_eig,
    svd_jacobi,
)
from mlsheet.notebook.practice.grading import grade_result
from mlsheet.notebook.practice.singular_values import low_rank_and_error

SHAPES = [(1, 1), (7, 3), (3, 7), (5, 1), (1, 4), (6, 5)]
SEEDS = [0, 1, 2]
LAUCHLI = [[1.0, 1.0], [1e-9, 0.0], [0.0, 1e-9]]
seeds = st.integers(0, 10_000)


def matrix(shape, seed):
    return np.random.default_rng(seed).normal(size=shape)


def assert_decomposes(A, U, s, Vt, atol=1e-12):
    r = min(np.shape(A))
    assert (U.shape, s.shape, Vt.shape) == ((len(A), r), (r,), (r, np.shape(A)[1]))
    assert_allclose((U * s) @ Vt, A, atol=atol)
    assert_allclose(U.T @ U, np.eye(r), atol=atol)
    assert_allclose(Vt @ Vt.T, np.eye(r), atol=atol)
    assert (np.diff(s) <= 0).all()
    assert (s >= 0).all()


# Oracles.


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("shape", SHAPES)
def test_jacobi_is_numpys_svd(shape, seed):
    A = matrix(shape, seed)
    U, s, Vt = svd_jacobi(A)
    assert_decomposes(A, U, s, Vt)
    assert_allclose(s, np.linalg.svd(A, compute_uv=False), rtol=1e-10)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("shape", SHAPES)
def test_eigenvalues_of_the_gram_matrix_agree_where_nothing_is_small(shape, seed):
    A = matrix(shape, seed)
    U, s, Vt = svd_eig(A)
    assert_decomposes(A, U, s, Vt, atol=1e-8)
    assert_allclose(s, svdvals(A), rtol=1e-8)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("k", [1, 2, 4])
def test_low_rank_is_scikit_learns_truncated_svd(k, seed):
    A = matrix((11, 6), seed)
    model = TruncatedSVD(k, algorithm="arpack", random_state=0)
    theirs = model.fit_transform(A) @ model.components_
    assert_allclose(low_rank(A, k), theirs, atol=1e-10)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("shape", SHAPES)
def test_pseudo_inverse_and_condition_are_numpys(shape, seed):
    A = matrix(shape, seed)
    assert_allclose(pseudo_inverse(A), np.linalg.pinv(A), atol=1e-12)
    assert_allclose(condition_number(A), np.linalg.cond(A), rtol=1e-10)


def test_a_known_matrix():
    U, s, Vt = svd_jacobi([[3, 0], [4, 5]])
    assert_allclose(s, np.sqrt([45, 5]), rtol=1e-14)
    assert_allclose(np.abs(Vt), np.sqrt(0.5), rtol=1e-14)
    assert_allclose(np.abs(U), np.sqrt([[0.1, 0.9], [0.9, 0.1]]), rtol=1e-14)


@given(st.floats(-4, 4))
def test_a_shear_stretches_by_the_larger_root(k):
    s = svd_jacobi([[1, k], [0, 1]])[1]
    assert_allclose(s, [np.hypot(1, k / 2) + abs(k) / 2, np.hypot(1, k / 2) - abs(k) / 2])


# Small and missing singular values.


def test_jacobi_keeps_the_digits_that_the_gram_matrix_loses():
    assert_allclose(svd_jacobi(LAUCHLI)[1], [np.sqrt(2), 1e-9], rtol=1e-12)
    assert abs(svd_eig(LAUCHLI)[1][1] - 1e-9) > 0.9e-9


def test_jacobi_keeps_them_for_columns_of_very_different_length():
    A = matrix((7, 4), 3) * [1.0, 1e-6, 1e-12, 1e-18]
    U, s, Vt = svd_jacobi(A)
    assert_decomposes(A, U, s, Vt)
    assert_allclose(
        s.prod(), np.sqrt(np.linalg.det(matrix((7, 4), 3).T @ matrix((7, 4), 3))) * 1e-36
    )


@pytest.mark.parametrize(
    "A",
    [
        np.zeros((3, 2)),
        np.zeros((2, 4)),
        [[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]],
        [[0.0, 0.0, 1.0], [0.0, 0.0, 0.0]],
        np.ones((4, 5)),
        np.eye(3),
        matrix((6, 2), 0) @ matrix((2, 5), 1),
    ],
)
def test_rank_deficient_matrices_have_orthonormal_factors_too(A):
    assert_decomposes(A, *svd_jacobi(A))


@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_neither_underflow_nor_overflow(scale):
    A = matrix((4, 3), 0)
    assert_allclose(svd_jacobi(scale * A)[1], scale * svdvals(A), rtol=1e-12)


# Properties.


@given(seeds)
def test_turning_before_and_after_changes_nothing(seed):
    A = matrix((5, 3), seed)
    left, right = (ortho_group.rvs(n, random_state=seed) for n in (5, 3))
    assert_allclose(svd_jacobi(left @ A @ right)[1], svd_jacobi(A)[1], rtol=1e-9)


@given(seeds)
def test_norms_and_determinant(seed):
    A = matrix((4, 4), seed)
    s = svd_jacobi(A)[1]
    assert_allclose(s[0], np.linalg.norm(A, 2), rtol=1e-12)
    assert_allclose((s**2).sum(), np.linalg.norm(A) ** 2, rtol=1e-12)
    assert_allclose(s.prod(), abs(np.linalg.det(A)), rtol=1e-9)


@given(seeds, st.floats(1e-6, 10))
def test_weyl_a_change_of_the_matrix_bounds_that_of_the_values(seed, size):
    A, E = matrix((5, 4), seed), size * matrix((5, 4), seed + 1)
    change = np.abs(svd_jacobi(A + E)[1] - svd_jacobi(A)[1]).max()
    assert change <= np.linalg.norm(E, 2) * (1 + 1e-12) + 1e-12


@given(seeds, st.integers(0, 4))
def test_eckart_young_error_and_no_other_matrix_of_that_rank_is_nearer(seed, k):
    A = matrix((8, 5), seed)
    s, rest = svdvals(A), A - low_rank(A, k)
    assert np.linalg.matrix_rank(low_rank(A, k)) == k
    assert_allclose(np.linalg.norm(rest, 2), s[k], rtol=1e-10)
    assert_allclose(np.linalg.norm(rest), np.sqrt((s[k:] ** 2).sum()), rtol=1e-10)
    onto = np.linalg.qr(matrix((8, k), seed + 1))[0]
    other = A - onto @ (onto.T @ A)
    assert np.linalg.norm(other, 2) >= s[k] - 1e-12
    assert np.linalg.norm(other) >= np.linalg.norm(rest) - 1e-12


def test_all_ranks_end_at_the_matrix_itself():
    A = matrix((3, 5), 0)
    assert_allclose(low_rank(A, 3), A, atol=1e-12)


@pytest.mark.parametrize("shape", [(7, 3), (3, 7)])
def test_pseudo_inverse_solves_least_squares_with_the_shortest_vector(shape):
    A, b = matrix(shape, 0) @ np.diag([1.0] * (shape[1] - 1) + [0.0]), matrix(shape[0], 1)
    assert_allclose(pseudo_inverse(A) @ b, np.linalg.lstsq(A, b)[0], atol=1e-10)


def test_pseudo_inverse_drops_what_is_small():
    assert_allclose(pseudo_inverse(np.diag([4.0, 1e-3]), rcond=1e-2), np.diag([0.25, 0.0]))
    assert_allclose(pseudo_inverse(np.diag([4.0, 0.03]), rcond=1e-2), np.diag([0.25, 0.0]))
    assert_allclose(pseudo_inverse(np.zeros((2, 3))), np.zeros((3, 2)))


def test_condition_of_a_singular_matrix_is_infinite():
    assert condition_number([[1, 0], [0, 0]]) == np.inf
    assert condition_number(np.zeros((2, 3))) == np.inf


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: svd_jacobi([1.0, 2.0]), "A: expected an array with 2 axes"),
        (lambda: svd_jacobi([[np.nan]]), "A: expected finite"),
        (lambda: svd_jacobi(np.ones((3, 0))), "A: expected at least one number"),
        (lambda: svd_jacobi(np.eye(2), max_sweeps=0), "max_sweeps: expected a whole number"),
        (lambda: svd_jacobi(matrix((5, 5), 0), max_sweeps=1), "max_sweeps: 1 sweeps were too few"),
        (lambda: svd_eig([[np.inf]]), "A: expected finite"),
        (lambda: svd_eig(1e200 * np.eye(2)), "A.T @ A: expected finite"),
        (lambda: low_rank(np.eye(3), 4), "k: expected a whole number from 0 to 3"),
        (lambda: low_rank(np.eye(3), -1), "k: expected a whole number from 0 to 3"),
        (lambda: low_rank([1.0], 1), "A: expected an array with 2 axes"),
        (lambda: pseudo_inverse([1.0]), "A: expected an array with 2 axes"),
        (lambda: pseudo_inverse(np.eye(2), rcond=-1), "rcond: expected a number of at least 0"),
        (lambda: condition_number([1.0]), "A: expected an array with 2 axes"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise.


def right_factor_transposed(A, k):
    U, s, Vt = np.linalg.svd(A, full_matrices=False)
    approximation = (U[:, :k] * s[:k]) @ Vt[:, :k].T
    return approximation, np.linalg.norm(A - approximation) / np.linalg.norm(A)


def smallest_kept(A, k):
    U, s, Vt = np.linalg.svd(A, full_matrices=False)
    approximation = (U[:, -k:] * s[-k:]) @ Vt[-k:]
    return approximation, np.linalg.norm(A - approximation) / np.linalg.norm(A)


def squared_error(A, k):
    approximation, error = low_rank_and_error(A, k)
    return approximation, error**2


def absolute_error(A, k):
    approximation, error = low_rank_and_error(A, k)
    return approximation, error * np.linalg.norm(A)


def spectral_error(A, k):
    s = np.linalg.svd(A, compute_uv=False)
    return low_rank(A, k), s[k] / s[0]


def one_too_many(A, k):
    return low_rank_and_error(A, k + 1)


def factors_on_the_wrong_axis(A, k):
    U, s, Vt = np.linalg.svd(A, full_matrices=False)
    approximation = U[:k].T @ np.diag(s[:k]) @ Vt[:k]
    return approximation, np.linalg.norm(A - approximation) / np.linalg.norm(A)


def test_exercise_accepts_the_reference():
    assert grade_result("singular_values", low_rank_and_error).passed


@pytest.mark.parametrize(
    "wrong",
    [
        right_factor_transposed,
        smallest_kept,
        squared_error,
        absolute_error,
        spectral_error,
        one_too_many,
        factors_on_the_wrong_axis,
    ],
)
def test_exercise_rejects(wrong):
    report = grade_result("singular_values", wrong)
    assert report.attempted
    assert not report.passed
