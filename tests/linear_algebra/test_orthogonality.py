"""Orthonormal bases against numpy and scipy, and the loss of orthogonality."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.linalg import hilbert, orth

from mlsheet.linear_algebra.orthogonality import (
    METHODS,
    gram_schmidt,
    householder_qr,
    is_orthogonal,
    is_orthonormal,
    orthogonality_loss,
    project,
)
from mlsheet.notebook.practice.grading import grade_result
from mlsheet.notebook.practice.orthogonality import thermometers

SEEDS = [0, 1, 2]
SHAPES = [(1, 1), (3, 1), (4, 4), (7, 3), (6, 5)]
seeds = st.integers(0, 10_000)


def matrix(shape, seed):
    return np.random.default_rng(seed).normal(size=shape)


def dependent(seed):
    """Return a (7, 5) matrix of rank 3 and a copy of the three columns it is made of."""
    rng = np.random.default_rng(seed)
    B = rng.normal(size=(7, 3))
    return np.column_stack([B, B @ rng.normal(size=(3, 2))])[:, [0, 3, 1, 4, 2]], B


# Oracles.


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("shape", SHAPES)
def test_gram_schmidt_is_numpys_qr_with_a_positive_diagonal(shape, seed, method):
    A = matrix(shape, seed)
    Q, R = np.linalg.qr(A)
    assert_allclose(gram_schmidt(A, method=method), Q * np.sign(np.diag(R)), atol=1e-11)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("shape", SHAPES)
def test_householder_is_numpys_qr_up_to_signs(shape, seed):
    A = matrix(shape, seed)
    Q, R = householder_qr(A)
    theirs = np.linalg.qr(A)
    signs = np.sign(np.diag(R)) * np.sign(np.diag(theirs.R))
    assert_allclose(Q * signs, theirs.Q, atol=1e-12)
    assert_allclose(signs[:, None] * R, theirs.R, atol=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_dependent_columns_are_dropped_and_the_span_is_scipys(seed):
    A, B = dependent(seed)
    Q, theirs = gram_schmidt(A), orth(A)
    assert Q.shape == theirs.shape == (7, 3)
    assert_allclose(Q @ Q.T, theirs @ theirs.T, atol=1e-11)
    assert_allclose(Q @ (Q.T @ B), B, atol=1e-11)


def test_zero_columns_have_no_direction():
    assert gram_schmidt(np.zeros((3, 2))).shape == (3, 0)
    assert_allclose(gram_schmidt([[0, 3], [0, 4]], tol=0), [[0.6], [0.8]], rtol=1e-15)


def test_tolerance_says_what_counts_as_dependent():
    A = [[1.0, 1.0], [0.0, 1e-3]]
    assert gram_schmidt(A, tol=1e-4).shape == (2, 2)
    assert gram_schmidt(A, tol=1e-2).shape == (2, 1)


def test_lengths_of_columns_do_not_matter():
    A = matrix((5, 3), 0)
    assert_allclose(gram_schmidt(A * [1e-20, 1, 1e20]), gram_schmidt(A), atol=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_projection_is_least_squares(seed):
    A, x = matrix((7, 3), seed), matrix(7, seed + 100)
    coefficients = np.linalg.lstsq(A, x)[0]
    assert_allclose(project(x, gram_schmidt(A)), A @ coefficients, rtol=1e-10, atol=1e-12)


# Properties.


@given(seeds, st.sampled_from(SHAPES))
def test_householder_factors(seed, shape):
    A = matrix(shape, seed) * 10.0 ** np.arange(shape[1])
    Q, R = householder_qr(A)
    assert is_orthonormal(Q, tol=1e-14 * shape[0])
    assert_allclose(Q @ R, A, atol=1e-13 * np.abs(A).max())
    assert_allclose(R, np.triu(R), atol=0)


@pytest.mark.parametrize(
    "A",
    [
        np.eye(4, 3),
        np.zeros((3, 2)),
        [[0.0, 1.0], [0.0, 2.0], [1.0, 3.0]],
        [[1.0, 2.0], [1e-20, 1.0]],
        [[-1.0, 2.0], [1e-9, 1.0]],
    ],
)
def test_householder_on_awkward_matrices(A):
    Q, R = householder_qr(A)
    assert is_orthonormal(Q, tol=1e-14)
    assert_allclose(Q @ R, A, atol=1e-14)


@given(seeds, st.integers(1, 6))
def test_orthogonal_matrices_keep_lengths_and_angles(seed, n):
    Q, x, y = gram_schmidt(matrix((n, n), seed)), matrix(n, seed + 1), matrix(n, seed + 2)
    assert_allclose(np.linalg.norm(Q @ x), np.linalg.norm(x), rtol=1e-12)
    assert_allclose((Q @ x) @ (Q @ y), x @ y, atol=1e-12)
    assert_allclose(Q @ Q.T, np.eye(n), atol=1e-12)
    assert_allclose(np.abs(np.linalg.eigvals(Q)), 1, rtol=1e-10)
    assert_allclose(abs(np.linalg.det(Q)), 1, rtol=1e-10)


@given(seeds)
def test_projection_is_idempotent_symmetric_and_leaves_a_right_angle(seed):
    Q, x, y = gram_schmidt(matrix((6, 2), seed)), matrix(6, seed + 1), matrix(6, seed + 2)
    shadow = project(x, Q)
    assert_allclose(project(shadow, Q), shadow, atol=1e-13)
    assert_allclose(project(x, Q) @ y, x @ project(y, Q), atol=1e-13)
    assert_allclose(Q.T @ (x - shadow), 0, atol=1e-13)


@given(seeds)
def test_each_prefix_of_the_basis_spans_the_same_prefix_of_columns(seed):
    A = matrix((6, 4), seed)
    Q = gram_schmidt(A)
    for k in range(1, 5):
        assert_allclose(gram_schmidt(A[:, :k]), Q[:, :k], atol=1e-14)
    assert_allclose(np.tril(Q.T @ A, -1), 0, atol=1e-12)
    assert (np.diag(Q.T @ A) > 0).all()


# Rounding.


def test_loss_on_the_hilbert_matrix():
    H = hilbert(10)
    losses = [orthogonality_loss(gram_schmidt(H, method=m, tol=0)) for m in METHODS]
    assert losses[0] > 1
    assert 1e-6 < losses[1] < 1e-2
    assert losses[2] < 1e-14
    assert orthogonality_loss(householder_qr(H)[0]) < 1e-14


def test_nearly_parallel_columns_are_60_degrees_apart_after_classical_gram_schmidt():
    A = thermometers(1e-8)
    Q = gram_schmidt(A, method="classical")
    assert_allclose(Q[:, 1] @ Q[:, 2], 0.5, rtol=1e-10)
    Q = gram_schmidt(A, method="modified")
    assert abs(Q[:, 1] @ Q[:, 2]) < 1e-15
    assert 1e-9 < np.abs(Q[:, 0] @ Q[:, 1:]).max() < 1e-7
    assert is_orthonormal(gram_schmidt(A), tol=1e-15)


@pytest.mark.parametrize("deviation", [1e-2, 1e-4, 1e-6, 1e-10])
def test_loss_grows_with_the_condition_or_its_square(deviation):
    A, eps = thermometers(deviation), np.finfo(float).eps
    condition = np.linalg.cond(A)
    assert orthogonality_loss(gram_schmidt(A, method="modified")) < 10 * condition * eps
    classical = orthogonality_loss(gram_schmidt(A, method="classical"))
    assert classical < 10 * condition**2 * eps
    if deviation < 1e-3:
        assert classical > 100 * condition * eps


def test_is_orthogonal_looks_at_the_angle_only():
    assert is_orthogonal([1e-9, 0], [0, 1e9])
    assert not is_orthogonal([1e-9, 1e-9], [1e-9, 0])
    assert is_orthogonal([1e8, 1e-4], [0, 1e8])
    assert not is_orthogonal([1e8, 1e-4], [0, 1e8], tol=1e-13)
    assert is_orthogonal([0, 0], [1, 2])
    for length in (1e-200, 1e200):
        assert is_orthogonal([length, 0], [0, length])
        assert not is_orthogonal([length, 0], [length, length])


def test_orthonormal_asks_for_length_one_too():
    assert is_orthogonal([1, 0], [0, 2])
    assert not is_orthonormal(np.diag([1, 2]))
    assert not is_orthonormal([[1, 1], [0, 0]])
    assert is_orthonormal(np.eye(4, 2))
    assert orthogonality_loss([[1, 1], [0, 0]]) == pytest.approx(np.sqrt(2))


def test_arguments_stay_as_they_are():
    A = matrix((5, 3), 0)
    before = A.copy()
    for method in METHODS:
        gram_schmidt(A, method=method)
    householder_qr(A)
    assert_allclose(A, before, rtol=0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: is_orthogonal([1, 2], [1, 2, 3]), "v: expected 2 numbers"),
        (lambda: is_orthogonal([1, 2], [1, np.nan]), "v: expected finite"),
        (lambda: is_orthogonal([1, 2], [1, 2], tol=-1), "tol: expected a number"),
        (lambda: orthogonality_loss([1, 2]), "Q: expected an array with 2 axes"),
        (lambda: is_orthonormal(np.eye(2), tol=np.nan), "tol: expected a number"),
        (lambda: gram_schmidt([1, 2]), "A: expected an array with 2 axes"),
        (lambda: gram_schmidt(np.eye(2), tol=-1), "tol: expected a number"),
        (lambda: gram_schmidt(np.eye(2), method="best"), "method: expected one of classical"),
        (lambda: householder_qr([[1, 2, 3], [4, 5, 6]]), "A: expected at least as many rows"),
        (lambda: householder_qr([[np.inf]]), "A: expected finite"),
        (lambda: project([1, 2, 3], np.eye(2)), "x: expected 2 numbers"),
        (lambda: project([1, 2], [[1, 1], [0, 1]]), "Q: expected orthonormal columns"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise.


def classical(A):
    return gram_schmidt(A, method="classical")


def modified(A):
    return gram_schmidt(A, method="modified")


def not_normalised(A):
    Q = gram_schmidt(A)
    return Q * np.linalg.norm(A, axis=0)


def only_normalised(A):
    return A / np.linalg.norm(A, axis=0)


def only_against_the_column_before(A):
    Q = A / np.linalg.norm(A, axis=0)
    for k in range(1, A.shape[1]):
        v = A[:, k] - (Q[:, k - 1] @ A[:, k]) * Q[:, k - 1]
        Q[:, k] = v / np.linalg.norm(v)
    return Q


def of_rows(A):
    return gram_schmidt(A.T).T


def test_exercise_accepts_the_reference():
    assert grade_result("orthogonality", gram_schmidt).passed
    assert grade_result("orthogonality", modified).passed


@pytest.mark.parametrize(
    "wrong",
    [classical, not_normalised, only_normalised, only_against_the_column_before, of_rows],
)
def test_exercise_rejects(wrong):
    report = grade_result("orthogonality", wrong)
    assert report.attempted
    assert not report.passed
