"""Products, lengths and angles against numpy, scipy and scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose
from scipy.spatial import distance
from sklearn.metrics import pairwise

from mlsheet.linear_algebra.matrix_operations import (
    angle,
    cosine_similarity,
    cross,
    dot,
    matmul_naive,
    norm,
)
from mlsheet.notebook.practice.grading import grade_result

SEEDS = [0, 1, 2]
in_space = arrays(float, 3, elements=st.floats(-10, 10).map(lambda x: round(x, 3)))
triples = st.tuples(in_space, in_space, in_space)


def normal(seed, *shapes):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) for shape in shapes]


# Oracles.


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("n", [1, 2, 7])
def test_dot_is_numpys(n, seed):
    a, b = normal(seed, n, n)
    assert_allclose(dot(a, b), np.dot(a, b), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("seed", SEEDS)
def test_stacks_broadcast(seed):
    a, b, c, d = normal(seed, (5, 1, 3), (4, 3), 3, (2, 3))
    assert_allclose(dot(a, b), (a * b).sum(axis=-1), rtol=1e-12, atol=1e-14)
    assert_allclose(cross(a, b), np.cross(a, b), rtol=1e-12, atol=1e-14)
    assert_allclose(cross(c, d), np.cross(c, d), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("shape", [(1,), (7,), (4, 1), (2, 5, 3)])
def test_norm_is_numpys(shape, seed):
    (a,) = normal(seed, shape)
    assert_allclose(norm(a), np.linalg.norm(a, axis=-1), rtol=1e-13)


@pytest.mark.parametrize("scale", [1e-300, 1e-160, 1e160, 1e300])
def test_norm_neither_overflows_nor_vanishes(scale):
    assert_allclose(norm(scale * np.array([2.0, 3.0, 6.0])), 7 * scale, rtol=1e-13)


@pytest.mark.parametrize("seed", SEEDS)
def test_cosine_similarity_is_scikit_learns_and_scipys(seed):
    A, B = normal(seed, (7, 3), (4, 3))
    A[2] = B[1] = 0
    assert_allclose(
        cosine_similarity(A, B), pairwise.cosine_similarity(A, B), rtol=1e-12, atol=1e-14
    )
    assert_allclose(cosine_similarity(A, B)[0, 2], 1 - distance.cosine(A[0], B[2]), rtol=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("m", "k", "n"), [(3, 5, 2), (1, 4, 3), (4, 1, 1)])
def test_matmul_naive_is_numpys_product(m, k, n, seed):
    A, B = normal(seed, (m, k), (k, n))
    assert_allclose(matmul_naive(A, B), A @ B, rtol=1e-12, atol=1e-14)


# Angles whose value is known.


@pytest.mark.parametrize("degrees", [0, 1e-5, 30, 45, 60, 90, 120, 179.999, 180])
@pytest.mark.parametrize("lengths", [(1, 1), (0.1, 5), (3e200, 2e-200)])
def test_angle_of_vectors_drawn_at_a_known_angle(degrees, lengths):
    theta, start = np.radians(degrees), 0.7
    a, b = (
        length * np.array([np.cos(turn), np.sin(turn)])
        for length, turn in zip(lengths, [start, start + theta], strict=True)
    )
    assert_allclose(angle(a, b), theta, rtol=0, atol=1e-15 + 4 * np.spacing(theta))


@pytest.mark.parametrize("theta", [1e-3, 1e-6, 1e-9, 1e-12, 1e-15])
def test_tiny_angles_are_right(theta):
    assert_allclose(angle([1, 0], [1, np.tan(theta)]), theta, rtol=1e-12)


def test_angle_is_the_arc_cosine_where_that_is_accurate():
    A, B = normal(0, (20, 5), (20, 5))
    cosines = np.diagonal(cosine_similarity(A, B))
    assert_allclose([angle(a, b) for a, b in zip(A, B, strict=True)], np.arccos(cosines), rtol=1e-9)


@pytest.mark.parametrize("length", [1e-320, 1e-160, 1e160, 1.7e308])
def test_directions_survive_any_length(length):
    a, b = length * np.array([1.0, 1.0]), length * np.array([0.0, 1.0])
    assert_allclose(cosine_similarity([a], [b, -a]), [[np.sqrt(0.5), -1]], rtol=1e-15)
    assert_allclose([angle(a, b), angle(a, -a)], [np.pi / 4, np.pi], rtol=1e-15)


# Properties.


@given(triples)
def test_cauchy_schwarz_and_lagrange(vectors):
    a, b, _ = vectors
    bound = norm(a) * norm(b)
    assert abs(dot(a, b)) <= bound * (1 + 1e-12)
    assert_allclose(norm(cross(a, b)) ** 2 + dot(a, b) ** 2, bound**2, rtol=1e-10, atol=1e-9)


@given(triples, st.floats(-5, 5))
def test_both_products_are_bilinear(vectors, factor):
    a, b, c = vectors
    for product in dot, cross:
        left = product(factor * a + b, c)
        assert_allclose(left, factor * product(a, c) + product(b, c), rtol=1e-10, atol=1e-9)
        right = product(c, factor * a + b)
        assert_allclose(right, factor * product(c, a) + product(c, b), rtol=1e-10, atol=1e-9)


@given(triples)
def test_cross_product_is_perpendicular_antisymmetric_and_obeys_jacobi(vectors):
    a, b, c = vectors
    product = cross(a, b)
    assert_allclose([dot(product, a), dot(product, b)], 0, atol=1e-10)
    assert_allclose(cross(b, a), -product, atol=0)
    assert_allclose(cross(a, 3 * a), 0, atol=1e-12)
    jacobi = cross(a, cross(b, c)) + cross(b, cross(c, a)) + cross(c, cross(a, b))
    assert_allclose(jacobi, 0, atol=1e-9)


def test_cross_product_is_right_handed():
    assert_allclose(cross(np.eye(3), np.roll(np.eye(3), -1, axis=0)), np.roll(np.eye(3), -2, 0))


@given(arrays(float, (4, 3), elements=st.floats(-1e3, 1e3)), st.floats(1e-3, 1e3))
def test_cosine_stays_in_range_and_forgets_lengths(A, scale):
    cosines = cosine_similarity(A, A)
    assert (np.abs(cosines) <= 1).all()
    assert_allclose(np.diagonal(cosines), A.any(axis=1), atol=1e-12)
    assert_allclose(cosine_similarity(scale * A, A), cosines, atol=1e-12)


def test_arguments_stay_as_they_are():
    A, B = normal(0, (4, 3), (2, 3))
    before = A.copy(), B.copy()
    cosine_similarity(A, B)
    cross(A[:2], B)
    angle(A[0], B[0])
    assert_allclose(A, before[0], rtol=0)
    assert_allclose(B, before[1], rtol=0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: dot([1, 2], [1, 2, 3]), "b: expected vectors as long as those of a"),
        (lambda: dot(1, 2), "b: expected vectors"),
        (lambda: dot([np.nan, 1], [1, 2]), "a: expected finite"),
        (lambda: cross([1, 2], [3, 4]), "a: expected vectors of 3 entries"),
        (lambda: cross([1, 2, 3], [3, 4]), "b: expected vectors as long"),
        (lambda: norm(3), "a: expected a vector"),
        (lambda: norm([]), "a: expected at least one number"),
        (lambda: cosine_similarity([[1, 2]], [[1, 2, 3]]), "B: expected 2 columns"),
        (lambda: cosine_similarity([1, 2], [[1, 2]]), "A: expected an array with 2 axes"),
        (lambda: angle([0, 0], [1, 2]), "a: expected a vector other than zero"),
        (lambda: angle([1, 2], [0, 0]), "b: expected a vector other than zero"),
        (lambda: angle([1, 2], [1, 2, 3]), "b: expected vectors as long"),
        (lambda: angle([[1, 2]], [1, 2]), "a: expected an array with 1 axes"),
        (lambda: matmul_naive([[1, 2]], [[1, 2]]), "B: expected 2 rows"),
        (lambda: matmul_naive([[1, np.inf]], [[1], [2]]), "A: expected finite"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise.


def only_dot(A, B):
    return A @ B.T


def only_one_length(A, B):
    return A @ B.T / np.maximum(np.linalg.norm(A, axis=1), 1e-12)[:, None]


def lengths_of_columns(A, B):
    return (A / np.linalg.norm(A, axis=0)) @ (B / np.linalg.norm(B, axis=0)).T


def squared_lengths(A, B):
    return A @ B.T / np.outer((A**2).sum(1), (B**2).sum(1))


def without_the_convention(A, B):
    return A @ B.T / np.outer(np.linalg.norm(A, axis=1), np.linalg.norm(B, axis=1))


def blurred_against_zero(A, B):
    return A @ B.T / (np.outer(np.linalg.norm(A, axis=1), np.linalg.norm(B, axis=1)) + 1e-3)


def transposed(A, B):
    return cosine_similarity(B, A)


def test_exercise_accepts_the_reference():
    assert grade_result("matrix_operations", cosine_similarity).passed


@pytest.mark.parametrize(
    "wrong",
    [
        only_dot,
        only_one_length,
        lengths_of_columns,
        squared_lengths,
        without_the_convention,
        blurred_against_zero,
        transposed,
    ],
)
def test_exercise_rejects(wrong):
    report = grade_result("matrix_operations", wrong)
    assert report.attempted
    assert not report.passed
