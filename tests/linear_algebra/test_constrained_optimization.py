"""Constrained minima against scipy, closed forms and enumeration of active sets."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.optimize import LinearConstraint, linprog, minimize

from mlsheet.linear_algebra.constrained_optimization import (
    augmented_lagrangian_steps,
    kkt_residuals,
    project_ball,
    project_simplex,
    projected_gradient,
    solve_equality_qp,
)
from mlsheet.notebook.practice.constrained_optimization import nearest_allowed
from mlsheet.notebook.practice.grading import grade_result

SEEDS = [0, 1, 2]
SHAPES = [(1, 2), (2, 5), (3, 7)]  # constraints, variables
vectors = st.lists(st.floats(-5, 5), min_size=1, max_size=7).map(np.array)


def random_qp(seed, m, n):
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(n, n))
    return (
        root @ root.T + np.eye(n),
        rng.normal(size=n),
        rng.normal(size=(m, n)),
        rng.normal(size=m),
    )


def quadratic(Q, c):
    return lambda x: (float(x @ Q @ x / 2 + c @ x), Q @ x + c)


def linear(A, b):
    return lambda x: (A @ x - b, A)


def last_state(*arguments, **options):
    *_, last = augmented_lagrangian_steps(*arguments, **options)
    return last


def bone_at(*place):
    bone = np.array(place, dtype=float)
    return lambda z: (float((z - bone) @ (z - bone)), 2 * (z - bone))


def yard(z):
    """Behind the fence x + y >= 1, on a leash of length 1."""
    return np.array([1 - z.sum(), z @ z - 1]), np.array([[-1.0, -1.0], 2 * z])


# Equality constraints.


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("m", "n"), SHAPES)
def test_equality_qp_is_scipys(seed, m, n):
    Q, c, A, b = random_qp(seed, m, n)
    x, multipliers = solve_equality_qp(Q, c, A, b)
    oracle = minimize(
        lambda x: x @ Q @ x / 2 + c @ x,
        np.zeros(n),
        jac=lambda x: Q @ x + c,
        hess=lambda x: Q,
        method="trust-constr",
        constraints=LinearConstraint(A, b, b),
        options={"gtol": 1e-12, "xtol": 1e-14},
    )
    assert_allclose(x, oracle.x, rtol=1e-6, atol=1e-8)
    assert_allclose(multipliers, oracle.v[0], rtol=1e-6, atol=1e-8)
    assert_allclose(A @ x, b, atol=1e-11)
    assert_allclose(Q @ x + c + A.T @ multipliers, 0, atol=1e-11)


def test_equality_qp_takes_a_saddle_that_the_constraint_tames():
    x, multipliers = solve_equality_qp([[0, -1], [-1, 0]], [0, 0], [[1, 1]], [1])  # max xy
    assert_allclose([*x, *multipliers], [0.5, 0.5, 0.5])


@pytest.mark.parametrize("seed", SEEDS)
def test_equality_multipliers_are_prices(seed):
    Q, c, A, b = random_qp(seed, 2, 5)
    f, step = quadratic(Q, c), 1e-4
    multipliers = solve_equality_qp(Q, c, A, b)[1]
    for i, price in enumerate(multipliers):
        move = step * np.eye(2)[i]
        costs = [f(solve_equality_qp(Q, c, A, b + s * move)[0])[0] for s in (1, -1)]
        assert_allclose(-(costs[0] - costs[1]) / (2 * step), price, rtol=1e-7, atol=1e-8)


# Inequality constraints.


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("m", "n"), SHAPES)
def test_method_of_multipliers_is_slsqp_and_meets_kkt(seed, m, n):
    Q, c, A, b = random_qp(seed, m, n)
    problem = quadratic(Q, c), linear(A, b)
    found = last_state(*problem, np.zeros(n), max_iter=60)
    oracle = minimize(
        problem[0],
        np.zeros(n),
        jac=True,
        method="SLSQP",
        constraints={"type": "ineq", "fun": lambda x: b - A @ x, "jac": lambda x: -A},
        options={"ftol": 1e-15, "maxiter": 1000},
    )
    assert_allclose(found.x, oracle.x, rtol=1e-6, atol=1e-6)
    assert_allclose(max(kkt_residuals(*problem, found.x, found.multipliers)), 0, atol=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("m", "n"), SHAPES)
def test_method_of_multipliers_finds_the_active_set(seed, m, n):
    """Of all 2^m guesses which constraints hold with equality, the feasible ones with λ >= 0."""
    Q, c, A, b = random_qp(seed, m, n)
    solutions = []
    for active in itertools.product([False, True], repeat=m):
        on, multipliers = np.array(active), np.zeros(m)
        if on.any():
            x, multipliers[on] = solve_equality_qp(Q, c, A[on], b[on])
        else:
            x = np.linalg.solve(Q, -c)
        if (A @ x <= b + 1e-12).all() and (multipliers >= 0).all():
            solutions.append((x, multipliers))
    ((x, multipliers),) = solutions
    found = last_state(quadratic(Q, c), linear(A, b), np.zeros(n), max_iter=60)
    assert_allclose(found.x, x, atol=1e-6)
    assert_allclose(found.multipliers, multipliers, atol=1e-6)


@pytest.mark.parametrize(
    ("bone", "place", "multipliers"),
    [
        ((0.6, 0.6), (0.6, 0.6), (0, 0)),
        ((0, 0), (0.5, 0.5), (1, 0)),
        ((2, 2), (0.5**0.5, 0.5**0.5), (0, 8**0.5 - 1)),
        ((2, -0.5), (1, 0), (1, 1.5)),
    ],
)
def test_dog_with_neither_one_other_or_both_constraints_active(bone, place, multipliers):
    found = last_state(bone_at(*bone), yard, [0, 0], max_iter=30)
    assert_allclose(found.x, place, atol=1e-7)
    assert_allclose(found.multipliers, multipliers, atol=1e-6)


@pytest.mark.parametrize("penalty", [1.0, 10.0, 100.0])
def test_multipliers_converge_at_the_exact_rate(penalty):
    fence = linear(-np.ones((1, 2)), -np.ones(1))
    states = augmented_lagrangian_steps(bone_at(0, 0), fence, [2, 0], penalty=penalty, max_iter=4)
    errors = [1 - state.multipliers[0] for state in states]
    assert_allclose(errors, (1 + penalty) ** -np.arange(5.0), rtol=1e-5, atol=1e-10)


def test_linear_program_has_linprogs_multipliers():
    c, A = np.array([-3.0, -2.0]), np.array([[1.0, 1], [1, 0], [0, 1], [-1, 0], [0, -1]])
    b = np.array([4.0, 3.0, 3.0, 0.0, 0.0])
    oracle = linprog(c, A, b, bounds=(None, None))
    residuals = kkt_residuals(
        lambda x: (float(c @ x), c), linear(A, b), oracle.x, -oracle.ineqlin.marginals
    )
    assert_allclose(residuals, 0, atol=1e-12)


@pytest.mark.parametrize("price", [0.0, 0.3, 1.0, 2.5])
def test_weak_duality(price):
    lagrangian_minimum = minimize(lambda z: z @ z + price * (1 - z.sum()), [0, 0]).fun
    assert_allclose(lagrangian_minimum, price - price**2 / 2, atol=1e-8)
    assert lagrangian_minimum <= 0.5 + 1e-8


def test_residuals_tell_the_four_conditions_apart():
    f, g = bone_at(1), linear(np.eye(1), np.array([3.0]))
    assert kkt_residuals(f, g, [1], [0]) == (0, 0, 0, 0)
    assert kkt_residuals(f, g, [2], [0]) == (2, 0, 0, 0)
    assert kkt_residuals(f, g, [3], [-4]) == (0, 0, 4, 0)
    assert kkt_residuals(f, g, [4], [0]) == (6, 1, 0, 0)
    assert kkt_residuals(f, g, [0], [2]) == (0, 0, 0, 6)


def test_states_are_fresh():
    states = list(augmented_lagrangian_steps(bone_at(0, 0), yard, [2, 0], max_iter=3))
    assert len({id(array) for state in states for array in state}) == 8
    assert_allclose(states[0].x, [2, 0])
    assert_allclose(states[0].multipliers, 0)


# Projections.


def project_box(x):
    return np.clip(x, -1, 2)


@pytest.mark.parametrize("project", [project_ball, project_simplex, project_box])
@given(vectors, vectors)
def test_projection_is_idempotent_and_moves_nothing_apart(project, x, y):
    x, y = x[: len(y)], y[: len(x)]
    nearest = project(x)
    assert_allclose(project(nearest), nearest, atol=1e-12)
    assert np.linalg.norm(nearest - project(y)) <= np.linalg.norm(x - y) + 1e-12


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("project", "n"), [(project_ball, 3), (project_simplex, 5)])
def test_projection_is_the_nearest_feasible_point(project, n, seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n) * 2
    others = np.abs(rng.normal(size=(500, n)))
    feasible = [project(other) for other in np.concatenate([others, -others, 3 * np.eye(n)])]
    gaps = [(x - project(x)) @ (other - project(x)) for other in feasible]
    assert max(gaps) <= 1e-12  # an obtuse angle: no feasible point is nearer


@given(vectors)
def test_simplex_projection_gives_probabilities_and_keeps_the_order(x):
    p = project_simplex(x)
    assert_allclose(p.sum(), 1, rtol=1e-12)
    assert (p >= 0).all()
    assert (np.diff(p[np.argsort(x)]) >= 0).all()
    assert_allclose(project_simplex(x + 3), p, atol=1e-12)


def test_simplex_projection_of_large_numbers():
    assert_allclose(project_simplex([1e17, 1e17, 0]), [0.5, 0.5, 0])


def test_ball_keeps_what_is_inside():
    assert project_ball([0.3, -0.4]).tolist() == [0.3, -0.4]
    assert_allclose(project_ball([6, 8], radius=5), [3, 4])


@pytest.mark.parametrize("seed", SEEDS)
def test_projected_gradient_solves_what_slsqp_solves(seed):
    Q, c, _, _ = random_qp(seed, 1, 5)
    rate = 1 / np.linalg.eigvalsh(Q).max()
    path = projected_gradient(
        lambda p: Q @ p + c, project_simplex, np.ones(5), learning_rate=rate, n_steps=3000
    )
    oracle = minimize(
        quadratic(Q, c),
        np.full(5, 0.2),
        jac=True,
        method="SLSQP",
        bounds=[(0, 1)] * 5,
        constraints={"type": "eq", "fun": lambda p: p.sum() - 1},
        options={"ftol": 1e-15, "maxiter": 1000},
    )
    assert_allclose(path[-1], oracle.x, atol=1e-6)
    assert_allclose(path.sum(axis=1), 1, rtol=1e-12)
    costs = [quadratic(Q, c)(p)[0] for p in path[:50]]
    assert (np.diff(costs) <= 1e-12).all()


def test_highest_entropy_is_uniform():
    path = projected_gradient(
        lambda p: np.log(np.maximum(p, 1e-9)) + 1,
        project_simplex,
        [0.7, 0.2, 0.1],
        learning_rate=0.1,
        n_steps=300,
    )
    assert_allclose(path[-1], 1 / 3, rtol=1e-9)


# Bad input.


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: kkt_residuals(bone_at(0, 0), yard, [0, 0], [1]), r"multipliers: expected shape"),
        (lambda: kkt_residuals(bone_at(0, 0), yard, [0, np.nan], [1, 0]), "x: "),
        (
            lambda: kkt_residuals(bone_at(0, 0), lambda x: (x * np.nan, np.eye(2)), [0, 0], [0, 0]),
            "constraints: expected finite",
        ),
        (
            lambda: kkt_residuals(bone_at(0, 0), lambda x: (x, np.eye(3)), [0, 0], [0, 0]),
            r"constraints: expected g \(m,\) and a Jacobian \(m, 2\), got \(2,\) and \(3, 3\)",
        ),
        (
            lambda: kkt_residuals(lambda x: (0.0, [1.0]), yard, [0, 0], [0, 0]),
            r"objective: expected a gradient \(2,\), got \(1,\)",
        ),
        (lambda: last_state(lambda x: (np.nan, x), yard, [0, 0]), "objective: expected finite"),
        (lambda: last_state(bone_at(0, 0), yard, [np.inf, 0]), "x0: "),
        (lambda: last_state(bone_at(0, 0), yard, [0, 0], penalty=0), "penalty: "),
        (lambda: last_state(bone_at(0, 0), yard, [0, 0], max_iter=0), "max_iter: "),
        (
            lambda: last_state(
                lambda x: (float(-(x[0] ** 4)), -4 * x**3), linear(np.eye(1), np.ones(1)), [0.5]
            ),
            "objective: no inner minimum",
        ),
        (lambda: solve_equality_qp([[1, 2], [3, 4]], [0, 0], [[1, 1]], [1]), "Q: "),
        (lambda: solve_equality_qp(np.eye(2), [0, 0], [[1, 1, 1]], [1]), "A: expected 2 columns"),
        (lambda: solve_equality_qp(np.eye(2), [0], [[1, 1]], [1]), "c, b: expected 2 and 1"),
        (lambda: solve_equality_qp(np.eye(2), [0, 0], [[1, 1]], [1, 2]), "c, b: expected 2 and 1"),
        (lambda: solve_equality_qp(np.eye(2), [0, 0], [[1, 1], [2, 2]], [1, 2]), "Q, A: no unique"),
        (lambda: solve_equality_qp(-np.eye(2), [0, 0], [[1, 1]], [1]), "Q, A: no unique"),
        (lambda: project_ball([1, 1], radius=0), "radius: "),
        (lambda: project_ball([[1, 1]]), "x: "),
        (lambda: project_simplex([]), "x: "),
        (
            lambda: projected_gradient(np.sign, np.abs, [1], learning_rate=0, n_steps=1),
            "learning_rate: ",
        ),
        (lambda: projected_gradient(np.sign, np.abs, [1], learning_rate=1, n_steps=0), "n_steps: "),
        (
            lambda: projected_gradient(lambda x: x / 0, np.abs, [1], learning_rate=1, n_steps=1),
            "gradient: expected finite",
        ),
        (lambda: projected_gradient(np.sign, np.abs, 1.0, learning_rate=1, n_steps=1), "x0: "),
    ],
)
def test_bad_input_is_named(call, message):
    with np.errstate(divide="ignore"), pytest.raises(ValueError, match=message):
        call()


# The exercise.


def always_at_the_fence(bone, a, b):
    price = 2 * (a @ bone - b) / (a @ a)
    return bone - price * a / 2, price


def fence_of_length_one(bone, a, b):
    price = max(0.0, 2 * (a @ bone - b))
    return bone - price * a / 2, price


def without_the_two(bone, a, b):
    price = max(0.0, (a @ bone - b) / (a @ a))
    return bone - price * a, price


def opposite_sign(bone, a, b):
    x, price = nearest_allowed(bone, a, b)
    return x, -price


def pulled_across(bone, a, b):
    x, price = nearest_allowed(bone, a, b)
    return 2 * bone - x, price


def test_exercise_accepts_the_reference():
    assert grade_result("constrained_optimization", nearest_allowed).passed


@pytest.mark.parametrize(
    "wrong",
    [always_at_the_fence, fence_of_length_one, without_the_two, opposite_sign, pulled_across],
)
def test_exercise_rejects(wrong):
    report = grade_result("constrained_optimization", wrong)
    assert report.attempted
    assert not report.passed
