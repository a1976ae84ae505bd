"""Jacobians by differences, complex step and dual numbers, against sympy and scipy."""

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import differentiate, special

from mlsheet.linear_algebra.jacobian import (
    STEPS,
    TANGENTS,
    Dual,
    chain,
    jacobian_dual,
    jacobian_fd,
    jvp,
)
from mlsheet.notebook.practice.grading import grade_result
from mlsheet.notebook.practice.jacobian import softmax_jacobian


def polar(x):
    return [x[0] * np.cos(x[1]), x[0] * np.sin(x[1])]


def inverse_polar(y):
    return [np.sqrt(y[0] ** 2 + y[1] ** 2), np.arctan2(y[1], y[0])]


def wide(x):  # from three numbers to two
    return [np.exp(x[0]) * np.sin(x[1] * x[2]), x[0] / (2 + np.cos(x[1])) - x[2] ** 3]


def tall(x):  # from two numbers to five, one of them constant
    a, b = x
    return [a**2, np.log(1 + b**2), np.tanh(a - b), -np.sqrt(3 + a * b), 7.0]


def softmax(z):
    weights = np.exp(z)
    return weights / weights.sum()


MAPS = [(polar, 2), (inverse_polar, 2), (wide, 3), (tall, 2), (softmax, 4)]


def symbolic(f, n):
    functions = {"exp": sympy.exp, "log": sympy.log, "sin": sympy.sin, "cos": sympy.cos}
    functions |= {"tanh": sympy.tanh, "sqrt": sympy.sqrt, "arctan2": sympy.atan2}
    names = sympy.symbols(f"x:{n}")
    with pytest.MonkeyPatch.context() as patch:
        for name, function in functions.items():
            patch.setattr(np, name, function)
        image = f(names)
    return sympy.lambdify(names, sympy.Matrix(image).jacobian(names))


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize(("f", "n"), MAPS[:-1])
def test_dual_numbers_give_sympys_jacobian(f, n, seed):
    x = np.random.default_rng(seed).uniform(0.2, 1.5, n)
    assert_allclose(jacobian_dual(f, x), symbolic(f, n)(*x), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(("f", "n"), MAPS)
def test_jacobian_is_scipys(f, n):
    x = np.random.default_rng(n).uniform(0.2, 1.0, n)

    def vectorized(points):  # scipy wants the components on the first axis of any array
        flat = points.reshape(n, -1).T
        images = np.array([f(point) for point in flat]).T
        return images.reshape(-1, *points.shape[1:])

    theirs = differentiate.jacobian(vectorized, x).df
    assert_allclose(jacobian_dual(f, x), theirs, atol=1e-8)
    assert_allclose(jacobian_fd(f, x), theirs, atol=1e-8)
    assert_allclose(jacobian_fd(f, x, method="forward"), theirs, atol=1e-6)
    if f is not inverse_polar:  # numpy has no complex arctan2
        assert_allclose(jacobian_fd(f, x, method="complex"), jacobian_dual(f, x), atol=1e-15)


@pytest.mark.parametrize("method", STEPS)
def test_shape_is_outputs_by_inputs(method):
    assert jacobian_fd(wide, [1, 2, 3], method=method).shape == (2, 3)
    assert jacobian_fd(tall, [1, 2], method=method).shape == (5, 2)
    assert jacobian_fd(lambda x: x[0] * x[1], [1, 2], method=method).shape == (1, 2)
    assert jacobian_dual(lambda x: x[0] * x[1], [1, 2]).tolist() == [[2, 1]]


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_jacobian_of_a_linear_map_is_its_matrix(seed):
    rng = np.random.default_rng(seed)
    A, b, x = rng.normal(size=(4, 3)), rng.normal(size=4), rng.normal(size=3)
    assert_allclose(jacobian_dual(lambda x: A @ x + b, x), A, rtol=1e-15)
    assert_allclose(jacobian_dual(lambda x: x @ A.T - b, x), A, rtol=1e-15)
    for method in STEPS:
        assert_allclose(jacobian_fd(lambda x: A @ x + b, x, method=method), A, atol=1e-7)


@given(st.lists(st.floats(-5, 5), min_size=2, max_size=5))
def test_jacobian_of_the_softmax(z):
    p = special.softmax(z)
    J = jacobian_dual(softmax, z)
    assert_allclose(J, np.diag(p) - np.outer(p, p), atol=1e-14)
    assert_allclose(J.sum(axis=1), 0, atol=1e-14)
    assert_allclose(J, softmax_jacobian(np.array(z)), atol=1e-14)


@given(st.floats(0.05, 4), st.floats(-3, 3))
def test_polar_map(r, theta):
    J = jacobian_dual(polar, [r, theta])
    expected = [[np.cos(theta), -r * np.sin(theta)], [np.sin(theta), r * np.cos(theta)]]
    assert_allclose(J, expected, atol=1e-15)
    assert_allclose(np.linalg.det(J), r, rtol=1e-12)
    assert_allclose(
        jacobian_dual(inverse_polar, jvp(polar, [r, theta], [0, 0])[0]) @ J, np.eye(2), atol=1e-10
    )


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_chain_rule(seed):
    x = np.random.default_rng(seed).normal(size=3)
    inner = jacobian_dual(wide, x)
    outer = jacobian_dual(tall, jvp(wide, x, x)[0])
    both = jacobian_dual(lambda x: tall(wide(x)), x)
    assert both.shape == (5, 3)
    assert_allclose(chain(outer, inner), both, rtol=1e-12, atol=1e-14)


def test_gradient_of_a_function_of_a_linear_map():
    rng = np.random.default_rng(5)
    A, x = rng.normal(size=(4, 3)), rng.normal(size=3)

    def f(y):
        return (y**2).sum() + np.sin(y[0])

    gradient = jacobian_dual(f, A @ x)[0]
    assert_allclose(jacobian_dual(lambda x: f(A @ x), x)[0], A.T @ gradient, rtol=1e-12)


def test_jvp_is_the_jacobian_times_the_vector():
    x, v = np.array([0.3, -1.0, 2.0]), np.array([1.0, 2.0, -0.5])
    value, tangent = jvp(wide, x, v)
    assert_allclose(value, wide(x), rtol=1e-15)
    assert_allclose(tangent, jacobian_fd(wide, x, method="complex") @ v, rtol=1e-13)


@pytest.mark.parametrize("ufunc", TANGENTS, ids=lambda ufunc: ufunc.__name__)
def test_each_rule_agrees_with_central_differences(ufunc):
    rng = np.random.default_rng(3)
    a, b = rng.uniform(0.3, 2.0, (2, 3))
    if ufunc is np.power:
        cases = [lambda x: ufunc(x, 2.5)]
    elif ufunc.nargs == 2:
        cases = [ufunc]
    else:
        cases = [lambda x: ufunc(x, b), lambda x: ufunc(b, x), lambda x: ufunc(x, x * b)]
    for f in cases:
        assert_allclose(jacobian_dual(f, a), jacobian_fd(f, a), atol=1e-8)


def test_sums_over_an_axis():
    x = Dual(np.ones((2, 3)), np.arange(6.0).reshape(2, 3))
    assert x.sum(axis=0).tangent.tolist() == [3, 5, 7]
    assert float(x.sum().tangent) == 15


def test_steps_and_their_errors():
    def error(method, h):
        return abs(jacobian_fd(np.exp, [1.0], method=method, h=h)[0, 0] - np.e)

    assert error("complex", 1e-200) < 1e-15
    assert 1e-11 < error("central", 1e-5) < 2e-10
    assert error("forward", 1e-8) < 1e-7
    points = np.linspace(0.5, 1.5, 21)
    J = jacobian_fd(np.exp, points, method="forward", h=1e-12)
    assert 1e-4 < np.abs(J.diagonal() - np.exp(points)).max() < 5e-3


def test_orders_of_the_methods():
    exact = jacobian_dual(polar, [2.0, 0.6])
    for method, order in [("forward", 1), ("central", 2), ("complex", 2)]:
        errors = [
            np.abs(jacobian_fd(polar, [2.0, 0.6], method=method, h=h) - exact).max()
            for h in (0.02, 0.01)
        ]
        assert errors[0] / errors[1] == pytest.approx(2**order, rel=0.02)


def test_complex_step_is_blind_to_functions_that_drop_the_imaginary_part():
    assert jacobian_fd(np.abs, [-2.0], method="complex")[0, 0] == 0
    assert jacobian_fd(np.abs, [-2.0])[0, 0] == pytest.approx(-1)


def test_steps_scale_with_x():
    assert_allclose(jacobian_fd(np.log, [1e6, 2.0]).diagonal(), [1e-6, 0.5], rtol=1e-8)


def test_inputs_are_never_modified():
    x = np.array([1.0, 2.0])
    jacobian_fd(polar, x)
    jacobian_dual(polar, x)
    assert x.tolist() == [1, 2]


def test_an_operation_without_a_rule_is_refused():
    with pytest.raises(TypeError, match="absolute"):
        jacobian_dual(np.abs, [1.0])
    with pytest.raises(TypeError, match="reduce"):
        jacobian_dual(np.multiply.reduce, [1.0])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: jacobian_fd(polar, [[1, 2]]), "x: expected an array with 1 axes"),
        (lambda: jacobian_fd(polar, [1, np.nan]), "x: "),
        (lambda: jacobian_fd(polar, [1, 2], method="backward"), "method: expected one of forward"),
        (lambda: jacobian_fd(polar, [1, 2], h=0), "h: "),
        (lambda: jacobian_fd(lambda x: x / 0.0, [1.0]), "change of f: "),
        (
            lambda: jacobian_fd(lambda x: np.outer(x, x), [1.0, 2.0]),
            "change of f: expected an array",
        ),
        (lambda: jvp(polar, [1, 2], [1, 0, 0]), r"v: expected shape \(2,\)"),
        (lambda: jvp(np.log, [0.0], [1.0]), r"f\(x\): "),
        (lambda: jvp(np.sqrt, [0.0], [1.0]), "J v: "),
        (lambda: jacobian_dual(lambda x: x**x, [2.0]), "power: expected a constant exponent"),
        (lambda: jacobian_dual(polar, []), "x: "),
        (lambda: chain(np.eye(2), np.ones((3, 2))), "J_inner: expected 2 rows"),
        (lambda: chain([1, 2], np.eye(2)), "J_outer: "),
    ],
)
@pytest.mark.filterwarnings("ignore:divide by zero", "ignore:invalid value")
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise.


def only_the_diagonal(z):
    p = special.softmax(z)
    return np.diag(p * (1 - p))


def diagonal_as_a_vector(z):
    p = special.softmax(z)
    return p * (1 - p)


def without_the_diagonal(z):
    p = special.softmax(z)
    return -np.outer(p, p)


def with_the_wrong_sign(z):
    return -softmax_jacobian(z)


def that_overflows(z):
    p = np.exp(z) / np.exp(z).sum()
    return np.diag(p) - np.outer(p, p)


def test_exercise_accepts_the_reference():
    assert grade_result("jacobian", softmax_jacobian).passed


@pytest.mark.parametrize(
    "wrong",
    [
        only_the_diagonal,
        diagonal_as_a_vector,
        without_the_diagonal,
        with_the_wrong_sign,
        that_overflows,
    ],
)
def test_exercise_rejects(wrong):
    report = grade_result("jacobian", wrong)
    assert report.attempted
    assert not report.passed
