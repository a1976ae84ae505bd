"""Hessians against scipy, sympy and what they say about the neighbourhood."""

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.differentiate import hessian as scipy_hessian
from scipy.optimize import rosen, rosen_der, rosen_hess, rosen_hess_prod
from scipy.special import expit

from mlsheet.linear_algebra.hessian import classify_critical_point, hessian_fd, hvp
from mlsheet.notebook.practice.grading import grade_result
from mlsheet.notebook.practice.hessian import hessian_from_values

SEEDS = [0, 1, 2]
seeds = st.integers(0, 10_000)


def matrix(n, seed):
    return np.random.default_rng(seed).normal(size=(n, n))


# Oracles.


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("n", [2, 3, 5])
def test_hessian_of_rosenbrock_is_scipys(n, seed):
    x = np.random.default_rng(seed).normal(size=n)
    H = rosen_hess(x)
    assert_allclose(hessian_fd(rosen, x), H, atol=1e-7 * np.abs(H).max())


def test_the_hessian_of_the_book():
    assert_allclose(hessian_fd(rosen, [0.5, 0.3]), [[182, -200], [-200, 200]], rtol=1e-7)


@pytest.mark.parametrize("seed", SEEDS)
def test_hessian_is_scipy_differentiates(seed):
    x = np.random.default_rng(seed).normal(size=3)

    def f(p):
        return np.exp(p[0] * p[1]) + np.sin(p[1] - 2 * p[2]) * p[0]

    assert_allclose(hessian_fd(f, x), scipy_hessian(f, x).ddf, atol=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_hessian_is_sympys(seed):
    point = np.random.default_rng(seed).uniform(0.5, 1.5, 3)
    names = sympy.symbols("x y z")
    x, y, z = names
    formula = x**3 * y + sympy.log(1 + z**2) * sympy.cos(x) - y / z
    f = sympy.lambdify([names], formula, "numpy")
    exact = np.array(sympy.hessian(formula, names).subs(dict(zip(names, point, strict=True))))
    assert_allclose(hessian_fd(f, point), exact.astype(float), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("n", [2, 3, 7])
def test_product_with_a_vector_is_scipys(n, seed):
    x, v = np.random.default_rng(seed).normal(size=(2, n))
    product = rosen_hess_prod(x, v)
    assert_allclose(hvp(rosen_der, x, v), product, atol=1e-7 * np.abs(product).max())


def test_widths_follow_the_coordinates():
    x, v = np.array([1e5, -2e5]), np.array([0.6, 0.8])
    exact = np.array([[2 * x[1], 2 * x[0]], [2 * x[0], 0]])
    H = hessian_fd(lambda p: p[0] ** 2 * p[1], x)
    assert_allclose(H, exact, atol=1e-7 * np.abs(exact).max())
    product = hvp(lambda p: np.array([2 * p[0] * p[1], p[0] ** 2]), x, v)
    assert_allclose(product, exact @ v, rtol=1e-8)


def test_the_error_is_quadratic_in_the_width():
    exact = rosen_hess([0.5, 0.3])
    errors = [np.abs(hessian_fd(rosen, [0.5, 0.3], h=h) - exact).max() for h in (0.08, 0.04)]
    assert_allclose(errors[0] / errors[1], 4, rtol=1e-6)


# Properties.


@given(seeds, st.integers(1, 6))
def test_hessian_of_a_quadratic_form_is_its_symmetric_part(seed, n):
    A = matrix(n, seed)
    H = hessian_fd(lambda p: p @ A @ p / 2, np.zeros(n))
    assert_allclose(H, (A + A.T) / 2, atol=1e-7)
    assert_array_equal(H, H.T)


@given(seeds, st.integers(1, 6))
def test_products_are_those_of_the_hessian(seed, n):
    x, v, w = np.random.default_rng(seed).normal(size=(3, n))

    def f(p):
        return np.cos(p).prod() + np.sum(p**4)

    def grad(p):
        rest = [np.delete(np.cos(p), i).prod() for i in range(n)]
        return -np.sin(p) * rest + 4 * p**3

    assert_allclose(hvp(grad, x, v), hessian_fd(f, x) @ v, atol=1e-5)
    assert_allclose(w @ hvp(grad, x, v), v @ hvp(grad, x, w), atol=1e-6)
    assert_allclose(hvp(grad, x, -3 * v), -3 * hvp(grad, x, v), atol=1e-6)


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_the_length_of_the_vector_does_not_matter(size):
    v = np.array([1.0, -2.0])
    assert_allclose(hvp(rosen_der, [0.5, 0.3], size * v) / size, rosen_hess([0.5, 0.3]) @ v)


def test_product_with_zero_is_zero():
    assert_array_equal(hvp(rosen_der, [0.5, 0.3], [0, 0]), [0, 0])


@given(seeds)
def test_hessian_of_the_logistic_loss_is_positive_semidefinite_everywhere(seed):
    rng = np.random.default_rng(seed)
    X, y, w = rng.normal(size=(7, 3)), rng.integers(0, 2, 7), rng.normal(size=3)

    def loss(weights):
        z = X @ weights
        return np.sum(np.logaddexp(0, z) - y * z)

    p = expit(X @ w)
    exact = X.T @ np.diag(p * (1 - p)) @ X
    assert_allclose(hessian_fd(loss, w), exact, atol=1e-6)
    assert np.linalg.eigvalsh(exact).min() >= 0


def test_mixed_partials_may_differ_where_they_jump():
    def f(p):
        x, y = p
        return x * y * (x * x - y * y) / (x * x + y * y) if x or y else 0.0

    def slope(p, axis):  # central differences, much narrower than those of the outer derivative
        step = 1e-7 * np.eye(2)[axis]
        return (f(p + step) - f(p - step)) / 2e-7

    h = 1e-2 * np.eye(2)
    assert (slope(h[1], 0) - slope(-h[1], 0)) / 2e-2 == pytest.approx(-1, abs=1e-6)
    assert (slope(h[0], 1) - slope(-h[0], 1)) / 2e-2 == pytest.approx(1, abs=1e-6)
    assert_allclose(hessian_fd(f, [0, 0]), np.zeros((2, 2)), atol=1e-12)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([2, 3, 1], "minimum"),
        ([-2, -3, -1], "maximum"),
        ([2, -1e-3, 1], "saddle"),
        ([2, -1, 0], "saddle"),
        ([2, 1, 0], "degenerate"),
        ([-2, -1, 1e-9], "degenerate"),
        ([2, 1, -1e-9], "degenerate"),
        ([0, 0, 0], "degenerate"),
        ([1e-9, 2e-9, 3e-9], "minimum"),
    ],
)
def test_the_signs_of_the_eigenvalues_decide(values, kind):
    Q, _ = np.linalg.qr(matrix(3, 7))
    H = Q @ np.diag(np.asarray(values, dtype=float)) @ Q.T
    assert classify_critical_point((H + H.T) / 2) == kind


def test_tolerance_decides_what_is_zero():
    assert classify_critical_point(np.diag([1.0, 1e-3]), tol=1e-2) == "degenerate"
    assert classify_critical_point(np.diag([1.0, 1e-9]), tol=0) == "minimum"
    assert classify_critical_point(np.zeros((2, 2)), tol=0) == "degenerate"


@given(seeds, st.integers(1, 5))
def test_the_kind_is_what_the_neighbourhood_shows(seed, n):
    H = matrix(n, seed) + matrix(n, seed).T
    around = np.random.default_rng(seed).normal(size=(2000, n))
    heights = np.einsum("ki,ij,kj->k", around, H, around)
    shown = {(True, True): "saddle", (True, False): "minimum", (False, True): "maximum"}
    if np.abs(np.linalg.eigvalsh(H)).min() > 0.3:  # else a cone may be too narrow to be hit
        kind = shown[bool((heights > 0).any()), bool((heights < 0).any())]
        assert classify_critical_point(H) == kind


@given(seeds, st.integers(1, 5))
def test_new_coordinates_keep_the_kind(seed, n):  # Sylvester's law of inertia
    H, C = matrix(n, seed) + matrix(n, seed).T, matrix(n, seed + 1)
    moved = C.T @ H @ C
    spread = np.abs(np.linalg.eigvalsh(moved))
    if spread.min() > 1e-5 * spread.max():
        assert classify_critical_point((moved + moved.T) / 2) == classify_critical_point(H)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: hessian_fd(rosen, [[0.5, 0.3]]), "x: expected an array with 1 axes"),
        (lambda: hessian_fd(rosen, [0.5, np.inf]), "x: expected finite"),
        (lambda: hessian_fd(rosen, [0.5, 0.3], h=0), "h: "),
        (lambda: hessian_fd(rosen, [0.5, 0.3], h=1e-20), "h: 1e-20 is lost in x"),
        (lambda: hessian_fd(lambda p: np.nan, [0.5, 0.3]), "f: expected finite"),
        (lambda: hvp(rosen_der, 0.5, [1]), "x: expected an array with 1 axes"),
        (lambda: hvp(rosen_der, [0.5, 0.3], [1]), "v: expected 2 numbers as x has, got 1"),
        (lambda: hvp(rosen_der, [0.5, 0.3], [1, np.nan]), "v: expected finite"),
        (lambda: hvp(rosen_der, [0.5, 0.3], [1, 0], h=-1), "h: "),
        (lambda: hvp(rosen_der, [0.5, 0.3], [1, 0], h=1e-20), "h: 1e-20 is lost in x"),
        (lambda: hvp(lambda p: p[:1], [0.5, 0.3], [1, 0]), "grad: expected 2 numbers as x has"),
        (lambda: hvp(lambda p: p * np.inf, [0.5, 0.3], [1, 0]), "grad: expected finite"),
        (lambda: classify_critical_point([[1, 2], [3, 4]]), "H: expected a symmetric"),
        (lambda: classify_critical_point([[1, 2]]), "H: expected a square"),
        (lambda: classify_critical_point(np.eye(2), tol=2), "tol: "),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise.


def without_the_four(f, x):
    return 4 * hessian_from_values(f, x)


def only_the_diagonal(f, x):
    return np.diag(np.diag(hessian_from_values(f, x)))


def forward_differences(f, x):
    n, h = len(x), 1e-4
    E = h * np.eye(n)
    return np.array([[(f(x + a + b) - f(x + a) - f(x + b) + f(x)) / h**2 for b in E] for a in E])


def too_narrow(f, x):
    return hessian_fd(f, x, h=1e-8)


def product_of_slopes(f, x):
    h = 1e-5 * np.eye(len(x))
    slope = np.array([(f(x + e) - f(x - e)) / 2e-5 for e in h])
    return np.outer(slope, slope)


def lower_triangle_only(f, x):
    return np.tril(hessian_from_values(f, x))


def test_exercise_accepts_the_reference():
    assert grade_result("hessian", hessian_from_values).passed


@pytest.mark.parametrize(
    "wrong",
    [
        without_the_four,
        only_the_diagonal,
        forward_differences,
        too_narrow,
        product_of_slopes,
        lower_triangle_only,
    ],
)
def test_exercise_rejects(wrong):
    report = grade_result("hessian", wrong)
    assert report.attempted
    assert not report.passed
    assert " at 0x" not in report.message
