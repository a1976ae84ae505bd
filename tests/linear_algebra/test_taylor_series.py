"""Taylor polynomials against sympy and numpy, Newton's method against scipy and its theory."""

import itertools
from math import factorial

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st
from numpy.polynomial import Polynomial
from numpy.testing import assert_allclose
from scipy.optimize import minimize, rosen, rosen_der, rosen_hess

from mlsheet.linear_algebra.hessian import hessian_fd
from mlsheet.linear_algebra.taylor_series import (
    newton_minimize,
    newton_steps,
    quadratic_model,
    taylor_coeffs,
    taylor_eval,
)
from mlsheet.notebook.practice.grading import grade_result
from mlsheet.notebook.practice.taylor_series import polynomial_from_derivatives

ROSEN = (rosen, rosen_der, rosen_hess)
DAMPED = ["line_search", "levenberg"]
seeds = st.integers(0, 10_000)
starts = st.floats(-3, 3)


def product_derivatives(n):  # of exp(x) cos(x)
    return [
        lambda x, k=k: 2 ** (k / 2) * np.exp(x) * np.cos(x + k * np.pi / 4) for k in range(n + 1)
    ]


def polynomial_derivatives(polynomial, n):
    return [polynomial, *(polynomial.deriv(k) for k in range(1, n + 1))]


def well(p):
    return p[0] ** 4 / 4 - p[0] ** 2 / 2


WELL = (well, lambda p: p**3 - p, lambda p: np.diag(3 * p**2 - 1))
LOG_COSH = (
    lambda p: np.logaddexp(p[0], -p[0]) - np.log(2),
    np.tanh,
    lambda p: np.diag(1 - np.tanh(p) ** 2),
)


def quadratic(n, seed):
    rng = np.random.default_rng(seed)
    root, b, x0 = rng.normal(size=(n, n)), rng.normal(size=n), rng.normal(size=n)
    A = root @ root.T + np.eye(n)
    return (lambda p: p @ A @ p / 2 - b @ p, lambda p: A @ p - b, lambda p: A), x0, A, b


# Taylor polynomials.


@pytest.mark.parametrize("n", [0, 1, 4, 9])
def test_coefficients_are_sympys(n):
    x = sympy.symbols("x")
    series = sympy.series(sympy.exp(x + 0.3) * sympy.cos(x + 0.3), x, 0, n + 1).removeO()
    exact = [float(series.coeff(x, k)) for k in range(n + 1)]
    assert_allclose(taylor_coeffs(product_derivatives(n), 0.3, n), exact, rtol=1e-12)


@given(seeds, st.integers(0, 6), st.floats(-2, 2))
def test_polynomials_are_their_own_taylor_polynomials(seed, degree, a):
    polynomial = Polynomial(np.random.default_rng(seed).normal(size=degree + 1))
    coeffs = taylor_coeffs(polynomial_derivatives(polynomial, degree), a, degree)
    x = np.linspace(-3, 3, 7)
    assert_allclose(taylor_eval(coeffs, a, x), polynomial(x), atol=1e-9)
    assert_allclose(coeffs, polynomial(Polynomial([a, 1])).coef, atol=1e-9)


@given(seeds, st.integers(0, 9), st.floats(-2, 2))
def test_evaluation_is_numpys(seed, n, a):
    coeffs = np.random.default_rng(seed).normal(size=n + 1)
    x = np.random.default_rng(seed + 1).normal(size=(3, 5))
    assert_allclose(taylor_eval(coeffs, a, x), Polynomial(coeffs)(x - a), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("n", [0, 1, 2, 3, 4])
def test_half_as_far_the_error_is_two_to_the_order_plus_one_smaller(n):
    coeffs = taylor_coeffs(product_derivatives(n), 0.3, n)
    x = 0.3 + np.array([0.02, 0.01])
    errors = np.abs(taylor_eval(coeffs, 0.3, x) - np.exp(x) * np.cos(x))
    assert_allclose(errors[0] / errors[1], 2 ** (n + 1), rtol=0.03)


def test_second_order_halving_as_printed():
    coeffs = taylor_coeffs(product_derivatives(2), 0.3, 2)
    x = 0.3 + np.array([0.1, 0.05])
    errors = np.abs(taylor_eval(coeffs, 0.3, x) - np.exp(x) * np.cos(x))
    assert abs(errors[0] / errors[1] - 8.15) < 0.005


def test_partial_sums_of_the_logarithm_run_away_beyond_the_radius():
    derivatives = [np.log1p] + [
        lambda x, k=k: (-1) ** (k + 1) * factorial(k - 1) / (1 + x) ** k for k in range(1, 41)
    ]
    sums = [taylor_eval(taylor_coeffs(derivatives, 0, n), 0, 1.5) for n in (5, 10, 20, 40)]
    assert_allclose(sums, [1.75, -2.4, -97, -1.6e5], rtol=0.03)


# Quadratic models.


@given(seeds, st.integers(1, 5))
def test_the_model_of_a_quadratic_is_the_quadratic(seed, n):
    functions, x, _, _ = quadratic(n, seed)
    deltas = np.random.default_rng(seed).normal(size=(4, n))
    exact = [functions[0](x + delta) for delta in deltas]
    assert_allclose(quadratic_model(*functions, x)(deltas), exact, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_model_has_the_functions_value_gradient_and_hessian(seed):
    x = np.random.default_rng(seed).normal(size=3)
    model = quadratic_model(*ROSEN, x)
    steps = 1e-5 * np.eye(3)
    assert model(np.zeros(3)) == rosen(x)
    assert_allclose((model(steps) - model(-steps)) / 2e-5, rosen_der(x), rtol=1e-5, atol=1e-4)
    H = rosen_hess(x)
    assert_allclose(hessian_fd(model, np.zeros(3)), H, atol=1e-6 * np.abs(H).max())


# Newton's method.


@pytest.mark.parametrize("damping", ["none", *DAMPED])
@given(seed=seeds, n=st.integers(1, 5))
def test_one_step_solves_a_quadratic(damping, seed, n):
    functions, x0, A, b = quadratic(n, seed)
    _, step = newton_steps(*functions, x0, damping=damping, max_iter=1)
    assert_allclose(step.x, np.linalg.solve(A, b), rtol=1e-7, atol=1e-9)


def test_rosenbrock_in_six_steps():
    x, path = newton_minimize(*ROSEN, [-1.2, 1])
    assert len(path) == 7
    assert_allclose(x, [1, 1], atol=1e-9)
    assert_allclose(path[0], [-1.2, 1])


@pytest.mark.parametrize("damping", DAMPED)
@pytest.mark.parametrize("method", ["Newton-CG", "trust-exact"])
@pytest.mark.parametrize("x0", [[-1.2, 1], [3, -2, 0.5], [0, 0, 0, 0, 2]])
def test_damped_minimum_is_scipys(damping, method, x0):
    x, _ = newton_minimize(*ROSEN, x0, damping=damping)
    theirs = minimize(
        rosen, x0, method=method, jac=rosen_der, hess=rosen_hess, options={"maxiter": 500}
    )
    assert_allclose(x, theirs.x, atol=1e-4)


@pytest.mark.parametrize("damping", DAMPED)
@given(x0=starts)
def test_damped_steps_never_rise_and_reach_a_minimum(damping, x0):
    states = list(newton_steps(*WELL, [x0], damping=damping, max_iter=60))
    assert (np.diff([state.value for state in states]) <= 1e-15).all()
    if abs(x0) > 1e-3:
        assert_allclose(abs(states[-1].x), 1, atol=1e-6)
    x, _ = newton_minimize(*LOG_COSH, [x0], damping=damping, tol=1e-7)
    assert_allclose(x, 0, atol=1e-7)


@pytest.mark.parametrize(
    ("x0", "end"),
    [(0.1, 0), (0.447, 0), (0.46, 1), (0.448, -1), (0.5, -1), (0.57, -1), (0.58, 1), (2, 1)],
)
def test_where_undamped_newton_ends_in_the_double_well(x0, end):
    for sign in (1, -1):
        x, _ = newton_minimize(*WELL, [sign * x0])
        assert_allclose(x, sign * end, atol=1e-8)


@given(x0=st.floats(1.0001, 3))
def test_near_the_minimum_the_error_is_squared(x0):
    errors = [float(s.x[0]) - 1 for s in newton_steps(*WELL, [x0], max_iter=8)]
    for before, after in itertools.pairwise(errors):
        assert after <= 1.5 * before**2 + 1e-15


def test_undamped_newton_leaves_the_logarithm_of_cosh():
    path = [float(s.x[0]) for s in newton_steps(*LOG_COSH, [1.2], max_iter=3)]
    assert_allclose(path, [1.2, -1.533, 3.820, -516.6], rtol=1e-3)


@pytest.mark.parametrize("damping", DAMPED)
def test_damped_steps_stay_where_the_function_is_defined(damping):
    barrier = (  # its Newton step from 1.5 leads to -1.5
        lambda p: 2 * p[0] - np.log(p[0]) if p[0] > 0 else np.nan,
        lambda p: 2 - 1 / p,
        lambda p: np.diag(1 / p**2),
    )
    x, path = newton_minimize(*barrier, [1.5], damping=damping)
    assert (path > 0).all()
    assert_allclose(x, 0.5)


def test_undamped_newton_finds_the_saddle():
    def saddle(p):
        return p[0] ** 2 - p[1] ** 2

    functions = (saddle, lambda p: np.array([2, -2]) * p, lambda p: np.diag([2.0, -2.0]))
    x, path = newton_minimize(*functions, [3, 4])
    assert_allclose(x, 0, atol=1e-12)
    assert len(path) == 2


@given(seeds)
def test_new_coordinates_do_not_change_the_path(seed):
    C = np.random.default_rng(seed).normal(size=(2, 2)) + 2 * np.eye(2)
    if np.linalg.cond(C) < 100:
        inner = [s.x for s in newton_steps(*ROSEN, [-1.2, 1], max_iter=3)]
        moved = (
            lambda q: rosen(C @ q),
            lambda q: C.T @ rosen_der(C @ q),
            lambda q: C.T @ rosen_hess(C @ q) @ C,
        )
        outer = newton_steps(*moved, np.linalg.solve(C, [-1.2, 1]), max_iter=3)
        assert_allclose([C @ s.x for s in outer], inner, rtol=1e-6, atol=1e-6)


def test_states_are_fresh():
    x0 = np.array([2.0])
    first, second, *_ = newton_steps(*WELL, x0)
    first.x[:] = second.x[:] = 7
    assert x0[0] == 2


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: taylor_coeffs([np.exp], 0, 1), "n: expected a whole number from 0 to 0"),
        (lambda: taylor_coeffs([np.exp], 0, -1), "n: "),
        (lambda: taylor_coeffs([lambda x: np.inf], 0, 0), "derivatives: expected finite"),
        (lambda: taylor_eval([], 0, 1), "coeffs: "),
        (lambda: taylor_eval([[1]], 0, 1), "coeffs: expected an array with 1 axes"),
        (lambda: taylor_eval([1], 0, np.nan), "x: expected finite"),
        (lambda: taylor_eval([1], np.nan, 0), "a: expected finite"),
        (lambda: quadratic_model(*WELL, 0.5), "x: expected an array with 1 axes"),
        (lambda: quadratic_model(WELL[0], lambda p: p * np.nan, WELL[2], [1]), "grad: "),
        (lambda: quadratic_model(*WELL[:2], lambda p: p, [1]), "hess: expected an array with 2"),
        (lambda: quadratic_model(lambda p: np.nan, *WELL[1:], [1]), "f: expected finite"),
        (lambda: quadratic_model(*WELL, [1])([np.nan]), "delta: expected finite"),
        (
            lambda: quadratic_model(*WELL[:2], lambda p: np.eye(1), [1, 2]),
            "hess: expected length 2",
        ),
        (lambda: list(newton_steps(well, lambda p: p[:1], np.diag, [1, 2])), "grad: expected len"),
        (lambda: list(newton_steps(*WELL, [np.inf])), "x0: expected finite"),
        (lambda: list(newton_steps(*WELL, [1], damping="some")), "damping: expected none"),
        (lambda: list(newton_steps(*WELL, [1], max_iter=0)), "max_iter: "),
        (lambda: newton_minimize(*WELL[:2], lambda p: [[0.0]], [2]), "hess: expected an invert"),
        (lambda: newton_minimize(*WELL, [2], tol=0), "tol: "),
        (lambda: newton_minimize(*WELL, [2], max_iter=2), "max_iter: the gradient is still"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise.


def without_factorials(derivatives, a, x):
    return taylor_eval(derivatives, a, x)


def divided_by_k(derivatives, a, x):
    k = np.maximum(1, np.arange(len(derivatives)))
    return taylor_eval(derivatives / k, a, x)


def around_zero(derivatives, a, x):
    return polynomial_from_derivatives(derivatives, 0.0, x)


def without_the_last(derivatives, a, x):
    return polynomial_from_derivatives(derivatives[:-1], a, x)


def all_halved(derivatives, a, x):
    halves = np.where(np.arange(len(derivatives)) > 1, 0.5, 1)
    return taylor_eval(derivatives * halves, a, x)


def powers_of_a_minus_x(derivatives, a, x):
    return polynomial_from_derivatives(derivatives, a, 2 * a - x)


def test_exercise_accepts_the_reference():
    assert grade_result("taylor_series", polynomial_from_derivatives).passed


@pytest.mark.parametrize(
    "wrong",
    [
        without_factorials,
        divided_by_k,
        around_zero,
        without_the_last,
        all_halved,
        powers_of_a_minus_x,
    ],
)
def test_exercise_rejects(wrong):
    report = grade_result("taylor_series", wrong)
    assert report.attempted
    assert not report.passed
