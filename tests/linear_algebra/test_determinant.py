"""Determinants against numpy, exact arithmetic and volumes."""

import itertools

import numpy as np
import pytest
import scipy.linalg
import sympy
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.spatial import ConvexHull

from mlsheet.linear_algebra.determinant import (
    det_cofactor,
    det_lu,
    elimination_steps,
    signed_area,
    slogdet_lu,
)
from mlsheet.notebook.practice.grading import grade_result

SIZES = [1, 2, 3, 5, 7]
SEEDS = [0, 1, 2]
seeds = st.integers(0, 10_000)


def matrix(n, seed):
    return np.random.default_rng(seed).normal(size=(n, n))


# Oracles.


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("n", SIZES)
def test_every_way_gives_numpys_determinant(n, seed):
    A = matrix(n, seed)
    assert_allclose(det_lu(A), np.linalg.det(A), rtol=1e-10)
    assert_allclose(det_cofactor(A), np.linalg.det(A), rtol=1e-10)
    assert_allclose(slogdet_lu(A), np.linalg.slogdet(A), rtol=1e-10)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_pivots_are_scipys(seed):
    A = matrix(7, seed)
    *_, last = elimination_steps(A)
    permutation, _, upper = scipy.linalg.lu(A)
    assert_allclose(last.matrix, upper, rtol=1e-10, atol=1e-12)
    assert last.swap_sign == round(np.linalg.det(permutation))


@given(st.lists(st.integers(-4, 4), min_size=16, max_size=16))
def test_integer_matrices_are_exact(entries):
    A = np.array(entries).reshape(4, 4)
    exact = int(sympy.Matrix(A.tolist()).det())
    assert det_cofactor(A) == exact
    assert_allclose(det_lu(A), exact, rtol=1e-10, atol=1e-10)


def test_formula_of_a_two_by_two_matrix():
    a, b, c, d = sympy.symbols("a b c d")
    assert sympy.Matrix([[a, b], [c, d]]).det() == a * d - b * c
    for entries in itertools.product([-2, 0, 1, 3], repeat=4):
        value = entries[0] * entries[3] - entries[1] * entries[2]
        assert_allclose(det_lu(np.reshape(entries, (2, 2))), value, atol=1e-14)


@pytest.mark.parametrize("seed", SEEDS)
def test_size_is_the_volume_of_the_mapped_cube(seed):
    A = matrix(3, seed)
    cube = np.array(list(itertools.product([0, 1], repeat=3)))
    assert_allclose(abs(det_lu(A)), ConvexHull(cube @ A.T).volume, rtol=1e-10)


@given(seeds, st.integers(3, 9))
def test_a_map_multiplies_the_signed_area(seed, corners):
    A, rng = matrix(2, seed), np.random.default_rng(seed)
    polygon = rng.normal(size=(corners, 2))
    expected = det_lu(A) * signed_area(polygon)
    assert_allclose(signed_area(polygon @ A.T), expected, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_area_of_a_hull(seed):
    points = np.random.default_rng(seed).normal(size=(23, 2))
    hull = ConvexHull(points)
    corners = points[hull.vertices]  # counter-clockwise
    assert_allclose(signed_area(corners), hull.volume, rtol=1e-12)
    assert_allclose(signed_area(corners[::-1]), -hull.volume, rtol=1e-12)
    assert_allclose(signed_area(corners + 1e6), hull.volume, rtol=1e-8)


@pytest.mark.parametrize("seed", SEEDS)
def test_it_is_the_product_of_the_eigenvalues(seed):
    A = matrix(5, seed)
    assert_allclose(np.prod(np.linalg.eigvals(A)), det_lu(A), rtol=1e-10)


# Properties.


@given(seeds)
def test_rules(seed):
    A, B = matrix(5, seed), matrix(5, seed + 1)
    assert_allclose(det_lu(A @ B), det_lu(A) * det_lu(B), rtol=1e-8, atol=1e-10)
    assert_allclose(det_lu(A.T), det_lu(A), rtol=1e-8, atol=1e-10)
    assert_allclose(det_lu(-3 * A), (-3) ** 5 * det_lu(A), rtol=1e-10)
    assert_allclose(det_lu(A[[0, 3, 2, 1, 4]]), -det_lu(A), rtol=1e-8, atol=1e-10)
    assert_allclose(det_lu(np.triu(A)), A.diagonal().prod(), rtol=1e-12)


@given(seeds)
def test_each_step_keeps_the_determinant(seed):
    A = matrix(5, seed)
    expected = np.linalg.det(A)
    for step, state in enumerate(elimination_steps(A)):
        assert_allclose(state.swap_sign * np.linalg.det(state.matrix), expected, rtol=1e-8)
        assert not np.tril(state.matrix[:, :step], -1).any()
    assert step == 4


@given(st.permutations(range(5)))
def test_sign_of_a_permutation(order):
    inversions = sum(a > b for a, b in itertools.combinations(order, 2))
    assert det_lu(np.eye(5)[list(order)]) == (-1) ** inversions


@pytest.mark.parametrize(
    "A",
    [
        [[1, 2], [2, 4]],
        np.zeros((3, 3)),
        [[0, 1, 2], [0, 3, 4], [0, 5, 7]],
        [[1, 1, 0], [1, 1, 1], [2, 2, 5]],
        np.diag([1e200, 1e200, 0]),
    ],
)
def test_singular_matrices(A):
    assert det_lu(A) == 0
    assert det_cofactor(A) == 0
    assert slogdet_lu(A) == (0, -np.inf)


def test_logarithms_do_not_underflow():
    assert det_lu(0.1 * np.eye(400)) == 0
    assert_allclose(slogdet_lu(-0.1 * np.eye(401)), (-1, 401 * np.log(0.1)), rtol=1e-12)
    assert det_lu(10 * np.eye(400)) == np.inf
    assert_allclose(slogdet_lu(10 * np.eye(400)), (1, 400 * np.log(10)), rtol=1e-12)


def test_a_tiny_pivot_is_avoided():
    assert_allclose(det_lu([[1e-20, 1], [1, 1]]), -1, rtol=1e-12)


def test_size_says_nothing_about_the_condition():
    assert_allclose(det_lu(0.1 * np.eye(100)), 1e-100, rtol=1e-10)
    assert_allclose(np.linalg.cond(0.1 * np.eye(100)), 1)
    assert det_lu([[1, 1e4], [0, 1]]) == 1
    assert_allclose(np.linalg.cond([[1, 1e4], [0, 1]]), 1e8, rtol=1e-6)


def test_states_are_fresh_and_the_input_stays():
    A = matrix(4, 0)
    before = A.copy()
    states = list(elimination_steps(A))
    assert_array_equal(A, before)
    assert_array_equal(states[0].matrix, before)
    assert len({id(state.matrix) for state in states}) == 4


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: det_lu([[1, 2, 3], [4, 5, 6]]), "A: expected a square matrix"),
        (lambda: slogdet_lu([[np.nan]]), "A: expected finite"),
        (lambda: list(elimination_steps([1, 2])), "A: expected an array with 2 axes"),
        (lambda: det_cofactor(np.eye(9)), "A: expected at most 8 rows, got 9"),
        (lambda: signed_area([[0, 0], [1, 1]]), r"polygon: expected shape \(k, 2\)"),
        (lambda: signed_area(np.eye(3)), r"polygon: expected shape \(k, 2\)"),
        (lambda: signed_area([[0, 0], [1, np.inf], [2, 2]]), "polygon: expected finite"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise.


def eliminate(A, *, swaps=True, flips=True):
    U, sign = A.copy(), 1
    for k in range(len(U)):
        p = k + np.abs(U[k:, k]).argmax() if swaps else k
        if p != k:
            U[[k, p]] = U[[p, k]]
            sign = -sign if flips else sign
        if swaps and U[k, k] == 0:
            continue
        U[k + 1 :] -= np.outer(U[k + 1 :, k] / U[k, k], U[k])
    return sign, U


def by_elimination(A):
    sign, U = eliminate(A)
    return sign * np.prod(np.diag(U))


def without_swaps(A):
    return np.prod(np.diag(eliminate(A, swaps=False)[1]))


def without_their_sign(A):
    return np.prod(np.diag(eliminate(A, flips=False)[1]))


def without_elimination(A):
    return np.prod(np.diag(A))


def size_only(A):
    return abs(np.linalg.det(A))


def sum_of_pivots(A):
    sign, U = eliminate(A)
    return sign * np.trace(U)


def in_place(A):
    A[:] = eliminate(A)[1]
    return np.prod(np.diag(A))


@pytest.mark.parametrize("right", [det_lu, by_elimination, np.linalg.det])
def test_exercise_accepts(right):
    assert grade_result("determinant", right).passed


@pytest.mark.parametrize(
    "wrong",
    [without_swaps, without_their_sign, without_elimination, size_only, sum_of_pivots, in_place],
)
def test_exercise_rejects(wrong):
    with np.errstate(all="ignore"):
        report = grade_result("determinant", wrong)
    assert report.attempted
    assert not report.passed
