"""The rules on small spaces, against exact fractions."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from mlsheet.notebook.practice.grading import grade_result
from mlsheet.notebook.practice.probability_rules import given_columns
from mlsheet.probability.probability_rules import FiniteSpace

WEIGHTS = [3, 1, 0, 5, 7]
SPACE = FiniteSpace(np.array(WEIGHTS) / 16)
EVENTS = [np.array(mask) for mask in product([False, True], repeat=5)]


def exact(event):
    return Fraction(int(np.dot(WEIGHTS, event)), 16)


def test_every_event_is_that_of_exact_fractions():
    for A in EVENTS:
        assert SPACE.prob(A) == pytest.approx(float(exact(A)), abs=1e-15)
        for B in EVENTS:
            both = exact(A & B)
            assert SPACE.independent(A, B) == (both == exact(A) * exact(B))
            if exact(B):
                assert SPACE.cond(A, B) == pytest.approx(float(both / exact(B)), abs=1e-15)


def test_tolerance_is_an_absolute_probability():
    space = FiniteSpace(np.array([0.26, 0.24, 0.24, 0.26]))
    A, B = np.array([True, True, False, False]), np.array([True, False, True, False])
    for event in [B, ~B]:  # .01 above the product, and .01 below
        assert space.independent(A, event, tol=0.011)
        assert not space.independent(A, event, tol=0.009)


@given(st.integers(0, 2**32), st.integers(1, 9))
def test_the_rules_hold_on_any_space(seed, n):
    rng = np.random.default_rng(seed)
    space = FiniteSpace(rng.dirichlet(np.ones(n)))
    A, B = rng.random((2, n)) < 0.5
    assert_allclose(
        space.prob(A | B), space.prob(A) + space.prob(B) - space.prob(A & B), atol=1e-12
    )
    assert_allclose(space.prob(~A), 1 - space.prob(A), atol=1e-12)
    assert space.prob(A | B) <= space.prob(A) + space.prob(B) + 1e-12
    if B.any():
        assert_allclose(space.cond(A, B) * space.prob(B), space.prob(A & B), atol=1e-12)
        assert_allclose(space.cond(A, B) + space.cond(~A, B), 1, atol=1e-12)
    if A.any() and B.any():
        turned = space.cond(B, A) * space.prob(A) / space.prob(B)
        assert_allclose(space.cond(A, B), turned, atol=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: FiniteSpace(np.array([0.5, 0.4])), "p: expected probabilities that sum to 1"),
        (lambda: FiniteSpace(np.array([[0.5, 0.5]])), "p: expected an array with 1 axes"),
        (lambda: SPACE.prob([1, 0, 0, 1, 1]), "event: expected 5 booleans, got int"),
        (
            lambda: SPACE.prob(EVENTS[3][:4]),
            r"event: expected 5 booleans, got bool of shape \(4,\)",
        ),
        (lambda: SPACE.cond([True], EVENTS[3]), "A: expected 5 booleans"),
        (lambda: SPACE.cond(EVENTS[3], [True]), "B: expected 5 booleans"),
        (lambda: SPACE.cond(EVENTS[1], np.arange(5) == 2), "B: expected an event of probability"),
        (lambda: SPACE.independent([True], EVENTS[1]), "A: expected 5 booleans"),
        (lambda: SPACE.independent(EVENTS[1], EVENTS[1], tol=-1), "tol: "),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise.


def given_rows(joint):
    return joint / joint.sum(axis=1, keepdims=True)


def by_the_total(joint):
    return joint / joint.sum()


def by_the_largest(joint):
    return joint / joint.max(axis=0)


def the_product(joint):
    return joint * joint.sum(axis=0)


def test_exercise_accepts_the_reference():
    assert grade_result("probability_rules", given_columns).passed


@pytest.mark.parametrize("wrong", [given_rows, by_the_total, by_the_largest, the_product])
def test_exercise_rejects(wrong):
    report = grade_result("probability_rules", wrong)
    assert report.attempted
    assert not report.passed
