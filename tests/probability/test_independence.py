"""Joint tables against outer products, all events and enumerated dice."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.stats.contingency import expected_freq

from mlsheet.notebook.practice.grading import grade_result
from mlsheet.probability.independence import is_independent, product_of_marginals

DAY = np.array([[99, 1], [495, 9405]]) / 10_000
XOR = np.zeros((2, 2, 2))
for first, second in product(range(2), range(2)):
    XOR[first, second, first ^ second] = 1 / 4


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("shape", [(2, 2), (3, 5), (7, 4), (2, 3, 4), (5,)])
def test_product_is_scipys_expected_table(seed, shape):
    joint = np.random.default_rng(seed).random(shape)
    joint /= joint.sum()
    assert_allclose(product_of_marginals(joint), expected_freq(joint), rtol=1e-12)


@given(st.integers(0, 2**32), st.integers(2, 4), st.integers(2, 5))
def test_a_product_is_independent_until_mass_moves_between_cells(seed, m, n):
    rng = np.random.default_rng(seed)
    p, q = rng.uniform(1, 2, m), rng.uniform(1, 2, n)
    joint = np.outer(p / p.sum(), q / q.sum())
    assert is_independent(joint)
    assert is_independent(joint.T[::-1])
    moved = joint.copy()
    moved[:2, :2] += 0.01 * joint.min() * np.array([[1, -1], [-1, 1]])
    assert_allclose(product_of_marginals(moved), joint, rtol=1e-12)
    assert not is_independent(moved)


def test_independence_of_variables_is_that_of_all_their_events():
    def holds_for_all_events(joint):
        m, n = joint.shape
        return all(
            np.isclose(joint[np.ix_(A, B)].sum(), joint[list(A)].sum() * joint[:, list(B)].sum())
            for A in subsets(m)
            for B in subsets(n)
        )

    def subsets(k):
        return [[i for i in range(k) if bits >> i & 1] for bits in range(2**k)]

    one_cell = np.array([[1, 1, 1], [1, 2, 0], [1, 0, 2]]) / 9
    independent = np.outer([0.2, 0.3, 0.5], [0.1, 0.2, 0.3, 0.4])
    for joint in [DAY, one_cell, independent, np.array([[0, 1], [1, 0], [0, 1]]) / 3]:
        assert is_independent(joint) == holds_for_all_events(joint)
    assert is_independent(independent)
    assert not is_independent(one_cell)


def test_one_cell_of_the_product_proves_nothing():
    joint = np.array([[1, 1, 1], [1, 2, 0], [1, 0, 2]]) / 9
    gap = joint - product_of_marginals(joint)
    assert_allclose(gap[0], 0, atol=1e-15)
    assert gap[1, 1] == pytest.approx(1 / 9)


def test_xor_is_pairwise_but_not_mutually_independent():
    assert all(is_independent(XOR.sum(axis=axis)) for axis in range(3))
    assert not is_independent(XOR)
    assert_allclose(product_of_marginals(XOR), 1 / 8, rtol=1e-12)


@pytest.mark.parametrize("share", [0.01, 0.3, 0.5])
@pytest.mark.parametrize(("ill", "healthy"), [(0.99, 0.05), (0.4, 0.7), (0.3, 0.3)])
def test_two_tests_are_independent_given_the_illness_only(share, ill, healthy):
    table = [share * np.outer([ill, 1 - ill], [ill, 1 - ill])]
    table += [(1 - share) * np.outer([healthy, 1 - healthy], [healthy, 1 - healthy])]
    assert all(is_independent(part / part.sum()) for part in table)
    joint = table[0] + table[1]
    gap = (joint - product_of_marginals(joint))[0, 0]
    assert gap == pytest.approx(share * (1 - share) * (ill - healthy) ** 2, abs=1e-15)
    assert is_independent(joint) == (ill == healthy)


def test_a_single_variable_is_independent():
    assert is_independent([0.2, 0.3, 0.5])
    assert is_independent(1.0)


def test_tolerance_is_an_absolute_probability():
    joint = np.array([[0.26, 0.24], [0.24, 0.26]])
    assert is_independent(joint, tol=0.011)
    assert not is_independent(joint, tol=0.009)
    lacking = 1 / 9 + 0.01 * np.outer([2, -1, -1], [-2, 1, 1])  # one cell lacks .04, none has more
    assert is_independent(lacking, tol=0.041)
    assert not is_independent(lacking, tol=0.039)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: product_of_marginals([[0.5, 0.4]]), "joint: expected probabilities that sum"),
        (lambda: product_of_marginals([[1.5, -0.5]]), "joint: expected probabilities >= 0"),
        (lambda: is_independent([[0.5, np.nan]]), "joint: expected finite"),
        (lambda: is_independent([]), "joint: expected at least one"),
        (lambda: is_independent(0.4), "joint: expected probabilities that sum"),
        (lambda: is_independent([[1.0]], tol=-1), "tol: "),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise.


def first_cell_only(joint):
    return bool(np.isclose(joint[0, 0], joint[0].sum() * joint[:, 0].sum()))


def zero_covariance(joint):
    x, y = np.arange(joint.shape[0]), np.arange(joint.shape[1])
    return bool(np.isclose(x @ joint @ y, (x @ joint).sum() * (joint @ y).sum()))


def uniform(joint):
    return bool(np.allclose(joint, 1 / joint.size))


def equal_rows(joint):
    return bool(np.allclose(joint, joint[0]))


def conditioned_on_impossible_values(joint):
    rows = joint / joint.sum(axis=1, keepdims=True)
    return bool(np.allclose(rows, rows[0]))


def test_exercise_accepts_the_reference():
    assert grade_result("independence", is_independent).passed


@pytest.mark.parametrize(
    "wrong",
    [first_cell_only, zero_covariance, uniform, equal_rows, conditioned_on_impossible_values],
)
def test_exercise_rejects(wrong):
    report = grade_result("independence", wrong)
    assert report.attempted
    assert not report.passed
