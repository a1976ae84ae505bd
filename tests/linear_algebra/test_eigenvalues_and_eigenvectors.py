"""Eigenvalues and eigenvectors against numpy and their own properties."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.stats import ortho_group

from mlsheet.linear_algebra.eigenvalues_and_eigenvectors import (
    eigenvalues_2x2,
    inverse_iteration,
    jacobi_eigh,
    power_iteration,
    power_steps,
    qr_algorithm,
)
from mlsheet.notebook.practice.eigenvalues_and_eigenvectors import after_steps
from mlsheet.notebook.practice.grading import grade_result

SIZES = [1, 2, 3, 5, 7]
SEEDS = [0, 1, 2]
ROTATION = [[0.0, -1.0], [1.0, 0.0]]
seeds = st.integers(0, 10_000)


def matrix(n, seed):
    return np.random.default_rng(seed).normal(size=(n, n))


def symmetric(n, seed):
    root = matrix(n, seed)
    return root + root.T


def with_spectrum(values, seed):
    values = np.asarray(values, dtype=float)
    Q = ortho_group.rvs(len(values), random_state=seed)
    return Q @ np.diag(values) @ Q.T, Q


def assert_same_values(ours, theirs, atol=1e-10):
    """Compare as sets with multiplicity: the order within a conjugate pair is rounding's."""
    left = list(theirs)
    assert len(ours) == len(left)
    for value in ours:
        nearest = int(np.argmin(np.abs(np.array(left) - value)))
        assert abs(left.pop(nearest) - value) < atol


# Oracles.


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("n", SIZES)
def test_qr_algorithm_finds_numpys_eigenvalues(n, seed):
    A = matrix(n, seed)
    assert_same_values(qr_algorithm(A), np.linalg.eigvals(A))


@pytest.mark.parametrize(
    "A",
    [
        np.roll(np.eye(5), 1, axis=0),  # all moduli equal: the shift has to break the tie
        np.roll(np.eye(4), 1, axis=0),
        np.zeros((3, 3)),
        [[1.0, 1.0], [0.0, 1.0]],
        np.kron(np.eye(3), ROTATION),
        np.diag([3.0, 3.0, -1.0]),
        [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]],
    ],
)
def test_qr_algorithm_on_awkward_matrices(A):
    assert_same_values(qr_algorithm(A), np.linalg.eigvals(A), atol=1e-7)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("n", SIZES)
def test_jacobi_is_eigh(n, seed):
    A = symmetric(n, seed)
    values, vectors = jacobi_eigh(A)
    assert_allclose(values, np.linalg.eigvalsh(A), rtol=1e-10, atol=1e-12)
    assert_allclose(vectors.T @ vectors, np.eye(n), atol=1e-12)
    assert_allclose(vectors @ np.diag(values) @ vectors.T, A, atol=1e-12)


@given(seeds)
def test_two_by_two_is_numpys(seed):
    A = matrix(2, seed)
    assert_same_values(eigenvalues_2x2(A), np.linalg.eigvals(A), atol=1e-12)


def test_two_by_two_does_not_cancel():
    exact_product = 1.0  # 1e8 * 2e-8 - 1
    small, large = eigenvalues_2x2([[1e8, 1.0], [1.0, 2e-8]]).real
    assert_allclose(small * large, exact_product, rtol=1e-12)
    naive = (1e8 + 2e-8) / 2 - np.sqrt(((1e8 + 2e-8) / 2) ** 2 - 1)
    assert abs(naive - small) > 0.1 * small


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("values", [[5.0, 2.0, -1.0], [-4.0, 3.0, 1.0, 0.5, 0.0]])
def test_power_iteration_finds_the_largest_modulus(values, seed):
    A, Q = with_spectrum(values, seed)
    found = power_iteration(A, np.ones(len(values)))
    assert_allclose(found.value, values[0], rtol=1e-9)
    assert_allclose(abs(found.vector @ Q[:, 0]), 1, rtol=1e-9)
    assert_allclose(np.linalg.norm(found.vector), 1, rtol=1e-12)
    assert found.residual < 1e-8


def test_power_iteration_on_a_matrix_that_is_not_symmetric():
    A = np.array([[2.0, 1.0], [2.0, 2.0]])
    assert_allclose(power_iteration(A, [1, 0]).value, 2 + np.sqrt(2), rtol=1e-9)


@pytest.mark.parametrize(("shift", "value"), [(4.6, 5.0), (1.8, 2.0), (-0.7, -1.0)])
def test_inverse_iteration_finds_the_nearest(shift, value):
    A, Q = with_spectrum([5.0, 2.0, -1.0], 3)
    found = inverse_iteration(A, np.ones(3), shift=shift)
    assert_allclose(found.value, value, rtol=1e-9)
    assert_allclose(abs(found.vector @ Q[:, [5.0, 2.0, -1.0].index(value)]), 1, rtol=1e-9)


# Properties.


@given(seeds)
def test_sum_is_the_trace_and_product_the_determinant(seed):
    A = matrix(4, seed)
    values = qr_algorithm(A)
    assert_allclose(values.sum(), np.trace(A), atol=1e-10)
    assert_allclose(values.prod(), np.linalg.det(A), atol=1e-9)


@given(seeds, st.floats(-3, 3))
def test_a_shift_moves_every_eigenvalue(seed, c):
    A = matrix(3, seed)
    assert_same_values(qr_algorithm(A + c * np.eye(3)), qr_algorithm(A) + c, atol=1e-8)


@given(seeds)
def test_a_change_of_basis_keeps_them(seed):
    A = matrix(3, seed)
    Q = ortho_group.rvs(3, random_state=seed)
    S = Q @ np.diag([1.0, 2.0, 0.5])
    assert_same_values(qr_algorithm(np.linalg.solve(S, A @ S)), qr_algorithm(A), atol=1e-7)


def test_power_iterations_error_shrinks_by_the_ratio():
    A, Q = with_spectrum([3.0, 2.4, 0.1], 0)
    tangents = []
    for state in power_steps(A, np.ones(3), max_iter=40):
        aligned = abs(state.vector @ Q[:, 0])
        tangents.append(np.sqrt(1 - min(aligned, 1.0) ** 2) / aligned)
    assert_allclose(tangents[30] / tangents[29], 2.4 / 3.0, rtol=1e-6)


def test_steps_hold_what_they_say_and_are_never_changed():
    A, v0 = symmetric(3, 1), np.array([3.0, 0.0, 4.0])
    states = list(power_steps(A, v0, max_iter=5))
    assert len(states) == 6
    assert_allclose(states[0].vector, v0 / 5)
    for before, after in itertools.pairwise(states):
        assert_allclose(after.vector, A @ before.vector / np.linalg.norm(A @ before.vector))
        assert_allclose(before.value, before.vector @ A @ before.vector)
        assert_allclose(
            before.residual, np.linalg.norm(A @ before.vector - before.value * before.vector)
        )


def test_a_vector_of_the_kernel_is_an_eigenvector():
    states = list(power_steps([[1.0, -1.0], [1.0, -1.0]], [1, 1], max_iter=5))
    assert len(states) == 1
    assert states[0].value == states[0].residual == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: qr_algorithm([[1, 2, 3], [4, 5, 6]]), "A: expected a square matrix"),
        (lambda: qr_algorithm([[np.nan]]), "A: expected finite"),
        (lambda: qr_algorithm(matrix(5, 0), max_iter=1), "max_iter: 1 steps were too few"),
        (lambda: jacobi_eigh([[1, 2], [3, 4]]), "A: expected a symmetric"),
        (lambda: jacobi_eigh(symmetric(5, 0), max_sweeps=1), "max_sweeps: 1 sweeps"),
        (lambda: eigenvalues_2x2(np.eye(3)), r"A: expected shape \(2, 2\), got \(3, 3\)"),
        (lambda: power_iteration(np.eye(2), [0, 0]), "v0: expected a vector other than zero"),
        (lambda: power_iteration(np.eye(2), [1, 0, 0]), "v0: expected 2 numbers"),
        (lambda: power_iteration(np.eye(2), [1, 0], tol=0), "tol: expected numbers > 0"),
        (lambda: power_iteration(ROTATION, [1, 0], max_iter=50), "no convergence in 50 steps"),
        (lambda: power_iteration([[1, 0], [0, -1]], [1, 1], max_iter=50), "no convergence"),
        (lambda: inverse_iteration(np.diag([1.0, 2.0]), [1, 1], shift=2.0), "shift: 2 is an eigen"),
        (lambda: list(power_steps(np.eye(2), [1, 0], max_iter=0)), "max_iter: "),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise.


def iterate(A, v0, n_steps, *, normalize=True, transpose=False, extra=0):
    v = v0 / np.linalg.norm(v0)
    for _ in range(n_steps + extra):
        v = (A.T if transpose else A) @ v
        v = v / np.linalg.norm(v) if normalize else v
    return v


def never_rescaled(A, v0, n_steps):
    v = iterate(A, v0, n_steps, normalize=False)
    return v @ A @ v, v


def rescaled_at_the_end(A, v0, n_steps):
    v = iterate(A, v0, n_steps, normalize=False)
    v = v / np.linalg.norm(v)
    return v @ A @ v, v


def growth_as_value(A, v0, n_steps):
    v = iterate(A, v0, n_steps)
    return np.linalg.norm(A @ v), v


def one_step_short(A, v0, n_steps):
    v = iterate(A, v0, n_steps, extra=-1)
    return v @ A @ v, v


def transposed(A, v0, n_steps):
    v = iterate(A, v0, n_steps, transpose=True)
    return v @ A @ v, v


def in_place(A, v0, n_steps):
    for _ in range(n_steps):
        v0[:] = A @ v0 / np.linalg.norm(A @ v0)
    return v0 @ A @ v0, v0


def test_exercise_accepts_the_reference():
    assert grade_result("eigenvalues_and_eigenvectors", after_steps).passed


@pytest.mark.parametrize(
    "wrong",
    [never_rescaled, rescaled_at_the_end, growth_as_value, one_step_short, transposed, in_place],
)
def test_exercise_rejects(wrong):
    with np.errstate(all="ignore"):
        report = grade_result("eigenvalues_and_eigenvectors", wrong)
    assert report.attempted
    assert not report.passed
