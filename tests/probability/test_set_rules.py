"""Unions and intersections against counting."""

from itertools import permutations
from math import comb, factorial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from mlsheet.notebook.practice.grading import grade_result
from mlsheet.notebook.practice.set_rules import union
from mlsheet.probability.probability_rules import FiniteSpace
from mlsheet.probability.set_rules import chain_rule_factors, inclusion_exclusion_terms

DIE = FiniteSpace(np.full(6, 1 / 6))


@st.composite
def spaces_and_events(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    n, m = draw(st.integers(1, 9)), draw(st.integers(1, 6))
    return FiniteSpace(rng.dirichlet(np.ones(n))), rng.random((m, n)) < rng.random()


@given(spaces_and_events())
def test_terms_sum_to_the_union_and_bound_it_on_the_way(space_and_events):
    space, events = space_and_events
    exact = space.prob(events.any(axis=0))
    sums = inclusion_exclusion_terms(space, events).cumsum()
    assert_allclose(sums[-1], exact, atol=1e-12)
    assert (sums[::2] >= exact - 1e-12).all()
    assert (sums[1::2] <= exact + 1e-12).all()


@given(spaces_and_events())
def test_factors_multiply_to_the_intersection(space_and_events):
    space, events = space_and_events
    if events[:-1].all(axis=0).any():
        factors = chain_rule_factors(space, events)
        assert_allclose(factors.prod(), space.prob(events.all(axis=0)), atol=1e-12)
        assert factors[0] == pytest.approx(space.prob(events[0]))


@pytest.mark.parametrize("n", [1, 4, 6])
def test_hats_are_counted_by_permutations(n):
    orders = np.array(list(permutations(range(n))))
    space = FiniteSpace(np.full(len(orders), 1 / len(orders)))
    own_hat = (orders == np.arange(n)).T
    terms = inclusion_exclusion_terms(space, own_hat)
    assert_allclose(terms, [(-1) ** (k + 1) / factorial(k) for k in range(1, n + 1)], rtol=1e-12)
    assert terms.sum() == pytest.approx((orders == np.arange(n)).any(axis=1).mean())


def test_terms_of_fair_coins_are_binomial_coefficients():
    m = 7
    flips = (np.arange(2**m) >> np.arange(m)[:, None]) & 1 == 1
    terms = inclusion_exclusion_terms(FiniteSpace(np.full(2**m, 2.0**-m)), flips)
    assert_allclose(np.abs(terms), [comb(m, k) / 2**k for k in range(1, m + 1)], rtol=1e-12)
    assert terms.sum() == pytest.approx(1 - 2.0**-m)


def test_two_aces():
    deck = np.array([(a, b) for a in range(52) for b in range(52) if a != b])
    space = FiniteSpace(np.full(len(deck), 1 / len(deck)))
    assert_allclose(chain_rule_factors(space, (deck < 4).T), [4 / 52, 3 / 51], rtol=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: inclusion_exclusion_terms(DIE, np.zeros((0, 6), bool)), "events: "),
        (lambda: inclusion_exclusion_terms(DIE, np.zeros((21, 6), bool)), "events: "),
        (lambda: inclusion_exclusion_terms(DIE, np.ones((2, 5), bool)), "event: expected 6"),
        (lambda: inclusion_exclusion_terms(DIE, np.ones(6, bool)), r"events: .*shape \(6,\)"),
        (lambda: inclusion_exclusion_terms(DIE, True), r"events: .*shape \(\)"),
        (lambda: chain_rule_factors(DIE, np.zeros((0, 6), bool)), "events: expected one mask"),
        (lambda: chain_rule_factors(DIE, np.ones(6, bool)), "events: expected one mask a row"),
        (lambda: chain_rule_factors(DIE, np.ones((2, 6))), "A: expected 6 booleans, got float"),
        (lambda: chain_rule_factors(DIE, np.zeros((2, 6), bool)), "B: expected an event of prob"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise.


def added_up(p, events):
    return (events @ p).sum()


def as_if_independent(p, events):
    return 1 - (1 - events @ p).prod()


def pairs_only(p, events):
    m = len(events)
    both = [p @ (events[i] & events[j]) for i in range(m) for j in range(i)]
    return (events @ p).sum() - sum(both)


def counted(p, events):
    return events.any(axis=0).mean()


def all_of_them(p, events):
    return p @ events.all(axis=0)


def test_exercise_accepts_the_reference_and_inclusion_exclusion():
    assert grade_result("set_rules", union).passed
    assert grade_result(
        "set_rules", lambda p, events: inclusion_exclusion_terms(FiniteSpace(p), events).sum()
    ).passed


@pytest.mark.parametrize("wrong", [added_up, as_if_independent, pairs_only, counted, all_of_them])
def test_exercise_rejects(wrong):
    report = grade_result("set_rules", wrong)
    assert report.attempted
    assert not report.passed
