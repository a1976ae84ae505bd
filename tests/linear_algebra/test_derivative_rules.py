"""Differentiated formulas against sympy, the complex step and central differences."""

import math

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import differentiate, optimize

from mlsheet.linear_algebra.derivative_rules import (
    cos,
    exp,
    gradient_check,
    log,
    log_derivative,
    numeric_derivative,
    sin,
    variable,
)
from mlsheet.notebook.practice.derivative_rules import product_slope
from mlsheet.notebook.practice.grading import grade_result

x, y = variable("x"), variable("y")
NAMES = {"x": x, "y": y, "exp": exp, "log": log, "sin": sin, "cos": cos}
FORMULAS = [
    sin(x**2 + 1),
    x**5,
    x**-2,
    sin(x) + exp(x),
    sin(x) - x * y,
    2 - x,
    exp(x) / (x**2 + 1),
    3 / (2 - cos(x)),
    x**3 * exp(-2 * x),
    log(x**2 + exp(x)),
    cos(log(x) * y) ** 3,
    x**x,
    (x * y) ** y,
    -(sin(x * x) ** 2),
    1 / (1 + exp(-x)),
    exp(sin(x) - cos(x)) * log(x) / x,
]


def sympified(f):
    return sympy.sympify(str(f), locals={n: sympy.Symbol(n, positive=True) for n in ("x", "y")})


def complex_step(f, **at):
    return f.eval(**at | {"x": at["x"] + 1e-200j}).imag / 1e-200


@pytest.mark.parametrize("f", FORMULAS, ids=str)
@pytest.mark.parametrize("name", ["x", "y"])
def test_derivative_is_sympys(f, name):
    ours = sympified(f.diff(name))
    theirs = sympy.diff(sympified(f), sympy.Symbol(name, positive=True))
    assert sympy.simplify(ours - theirs) == 0


def test_power_rule_holds_for_a_symbolic_exponent():
    X, n = sympy.symbols("x n", positive=True)
    ours = sympy.sympify(str((x ** variable("n")).diff("x")), locals={"x": X, "n": n})
    assert sympy.simplify(ours - n * X ** (n - 1)) == 0


@pytest.mark.parametrize(("n", "at"), [(3, -2.0), (-3, -0.7), (0.5, 0.3), (math.pi, 2.0), (0, 1.0)])
def test_power_rule_at_a_point(n, at):
    assert_allclose((x**n).diff("x").eval(x=at), n * at ** (n - 1) if n else 0, rtol=1e-14)


numbers = st.integers(-4, 4) | st.sampled_from([0.5, -1.25, 2.5])
trees = st.recursive(
    st.just(x) | st.just(y) | numbers.map(lambda n: n + 0 * x),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda p: p[0] + p[1]),
        st.tuples(inner, inner).map(lambda p: p[0] - p[1]),
        st.tuples(inner, inner).map(lambda p: p[0] * p[1]),
        st.tuples(inner, inner).map(lambda p: p[0] / (1.5 + sin(p[1]))),
        st.tuples(inner, numbers).map(lambda p: (2 + cos(p[0])) ** p[1]),
        inner.map(lambda u: exp(sin(u))),
        inner.map(lambda u: log(2 + cos(u))),
    ),
    max_leaves=8,
)


@given(trees, st.floats(-2, 2), st.floats(-2, 2))
def test_derivative_is_the_complex_step(f, at_x, at_y):
    step = complex_step(f, x=at_x, y=at_y)
    size = 1 + np.abs(f.eval(x=at_x, y=at_y))
    assert_allclose(f.diff("x").eval(x=at_x, y=at_y), step, rtol=1e-8, atol=1e-9 * size)


@given(trees)
def test_text_is_python_for_the_same_tree(f):
    assert eval(str(f), {}, NAMES) == f  # its own text, nobody else's


@given(trees, trees, numbers)
def test_derivative_is_linear(f, g, factor):
    at = {"x": 0.3, "y": -1.1}
    both = (f + factor * g).diff("x").eval(**at)
    assert_allclose(both, f.diff("x").eval(**at) + factor * g.diff("x").eval(**at), atol=1e-9)


def test_log_derivative_of_a_product_is_the_sum():
    f, g = exp(sin(x)), x**2 + 1
    at = np.linspace(-2, 2, 7)
    assert_allclose(
        log(f * g).diff("x").eval(x=at),
        log(f).diff("x").eval(x=at) + log(g).diff("x").eval(x=at),
        rtol=1e-12,
        atol=1e-14,
    )


@pytest.mark.parametrize(
    ("f", "text"),
    [
        ((x + 1) * (x - 1), "(x + 1) * (x - 1)"),
        (x - (x - 1), "x - (x - 1)"),
        (x / (x * 2), "x / (x * 2)"),
        ((x**2) ** 3, "(x**2)**3"),
        (x * -1.5, "x * (-1.5)"),
        (x**-1, "x**(-1)"),
        (-x, "-1 * x"),
        ((x**1).diff("x"), "1"),
        ((2 * x).diff("x"), "2"),
        (sin(3 + 0 * x).diff("x"), "0"),
        (x**x, "exp(x * log(x))"),
    ],
)
def test_texts(f, text):
    assert str(f) == text


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_numeric_derivative_is_scipys(seed):
    points = np.random.default_rng(seed).normal(size=(3, 5))
    theirs = differentiate.derivative(np.sin, points).df
    assert_allclose(numeric_derivative(np.sin, points), theirs, atol=1e-9)


def test_numeric_derivative_with_a_given_step_is_the_difference_quotient():
    assert_allclose(numeric_derivative(lambda t: t**3, 2.0, h=0.1), 12 + 0.01, rtol=1e-12)
    assert_allclose(numeric_derivative(np.exp, 1.0, h=1e-5), math.e, atol=1e-10)


def test_numeric_derivative_scales_its_step():
    assert_allclose(numeric_derivative(np.log, 1e6), 1e-6, rtol=1e-8)


@pytest.mark.parametrize("h", [0.02, 0.01, 0.005])
def test_halving_the_step_quarters_the_error_of_the_linear_approximation(h):
    def error(step):
        return math.exp(1 + step) - math.e * (1 + step)

    assert abs(error(h) / error(h / 2) - 4) < h
    assert abs(error(0.01) / error(0.005) - 4.007) < 5e-4


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_gradient_of_a_linear_layer(seed):
    rng = np.random.default_rng(seed)
    W, v, target = rng.normal(size=(4, 3)), rng.normal(size=3), rng.normal(size=4)

    def loss(W):
        return 0.5 * ((W @ v - target) ** 2).sum()

    assert gradient_check(loss, lambda W: np.outer(W @ v - target, v), W) < 1e-6
    assert gradient_check(loss, lambda W: 2 * np.outer(W @ v - target, v), W) > 0.4
    assert gradient_check(loss, lambda W: np.outer(target - W @ v, v), W) > 0.4
    assert gradient_check(loss, lambda W: np.outer(W @ v, v), W) > 1e-3


def test_gradient_check_agrees_with_scipys_on_right_and_wrong_gradients():
    start = np.array([-1.2, 1.0, 0.7])
    assert gradient_check(optimize.rosen, optimize.rosen_der, start) < 1e-8
    assert optimize.check_grad(optimize.rosen, optimize.rosen_der, start) < 1e-3

    def wrong(point):
        return optimize.rosen_der(point) * [1, 1, 1.01]

    off = np.abs(wrong(start) - optimize.rosen_der(start)).max()
    relative = off / np.abs(optimize.rosen_der(start)).max()
    assert_allclose(gradient_check(optimize.rosen, wrong, start), relative, rtol=1e-4)


def test_gradient_check_of_a_constant_is_zero():
    assert gradient_check(lambda p: 1.0, np.zeros_like, [1.0, 2.0]) == 0


def test_gradient_check_is_fooled_by_a_kink():
    def relu(point):
        return float(np.maximum(point, 0).sum())

    assert gradient_check(relu, lambda p: (p > 0) * 1.0, [0.1, -0.3]) < 1e-9
    assert_allclose(gradient_check(relu, lambda p: (p > 0) * 1.0, [0.0]), 1)
    assert_allclose(numeric_derivative(lambda t: np.maximum(t, 0), 0.0), 0.5)


def test_log_derivative():
    at = np.array([0.5, 1.0, 2.0])
    slopes = log_derivative(lambda t: t**3 * np.exp(-1.5 * t), lambda t: DERIVATIVE.eval(x=t), at)
    assert_allclose(slopes, 3 / at - 1.5, atol=1e-14)


DERIVATIVE = (x**3 * exp(-1.5 * x)).diff("x")


def test_inputs_are_never_modified():
    start = np.array([1.0, 2.0])

    def grad(point):
        point *= 2
        return point

    gradient_check(lambda p: (p**2).sum(), grad, start)
    assert start.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: variable("2x"), "name: "),
        (lambda: (x + y).eval(x=1), "eval: the variable y has no value"),
        (lambda: log(x).eval(x=[1, -1]), r"eval: log\(x\) is not a finite number"),
        (lambda: (1 / x).eval(x=0), "eval: 1 / x is not"),
        (lambda: (x**0.5).eval(x=-1), "eval: "),
        (lambda: exp(x).eval(x=1e4), "eval: "),
        (lambda: numeric_derivative(np.sin, [np.nan]), "x: "),
        (lambda: numeric_derivative(np.sin, 1.0, h=0), "h: expected"),
        (lambda: numeric_derivative(np.sin, 1.0, h=1e-20), "h: 1e-20 is lost"),
        (lambda: numeric_derivative(lambda t: t / 0 if t > 1 else t, 1.0), r"f\(x \+ h\): "),
        (lambda: numeric_derivative(np.sum, [1.0, 2.0]), r"f: expected shape \(2,\) as x has"),
        (lambda: gradient_check(np.sum, lambda p: p[:1], [1.0, 2.0]), "grad: expected shape"),
        (lambda: gradient_check(np.sum, lambda p: p * np.inf, [1.0, 2.0]), "grad: "),
        (lambda: log_derivative(np.sin, np.cos, [1.0, -1.0]), "g: expected numbers > 0"),
        (lambda: log_derivative(np.sum, np.cos, [1.0, 2.0]), "g: expected shape"),
        (lambda: log_derivative(np.exp, np.sum, [1.0, 2.0]), "dg: expected shape"),
    ],
)
@pytest.mark.filterwarnings("ignore:divide by zero")
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise.


def product_of_the_slopes(values, slopes):
    return np.prod(slopes)


def sum_of_the_slopes(values, slopes):
    return np.sum(slopes)


def by_logarithms(values, slopes):
    return np.prod(values) * np.sum(slopes / values)


def without_the_other_factors(values, slopes):
    return float(values @ slopes)


def of_neighbours_only(values, slopes):
    return slopes[0] * np.prod(values[1:]) + np.prod(values[:-1]) * slopes[-1]


def test_exercise_accepts_the_reference():
    assert grade_result("derivative_rules", product_slope).passed


@pytest.mark.parametrize(
    "wrong",
    [
        product_of_the_slopes,
        sum_of_the_slopes,
        by_logarithms,
        without_the_other_factors,
        of_neighbours_only,
    ],
)
def test_exercise_rejects(wrong):
    report = grade_result("derivative_rules", wrong)
    assert report.attempted
    assert not report.passed
