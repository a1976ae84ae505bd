"""At least one against none, by enumeration and exact fractions."""

from fractions import Fraction
from itertools import product
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats

from mlsheet.notebook.practice.grading import grade_result
from mlsheet.probability.complement_rule import at_least_one, shared_birthday, trials_needed


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_at_least_one_by_enumeration(seed):
    p = np.random.default_rng(seed).random(7)
    outcomes = np.array(list(product([0, 1], repeat=7)))
    probabilities = np.where(outcomes, p, 1 - p).prod(axis=1)
    expected = probabilities[outcomes.any(axis=1)].sum()
    assert at_least_one(p) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("n", "p"), [(1, 0.3), (14, 0.05), (5000, 1e-4)])
def test_equal_chances_are_a_binomial_tail(n, p):
    assert_allclose(at_least_one(np.full(n, p)), stats.binom(n, p).sf(0), rtol=1e-10)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=9))
def test_between_the_largest_chance_and_the_sum(p):
    value = at_least_one(p)
    assert max(p) - 1e-12 <= value <= min(sum(p), 1) * (1 + 1e-12)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=5), st.floats(0, 1))
def test_one_more_event_only_helps(p, another):
    assert at_least_one([*p, another]) >= at_least_one(p)


def test_tiny_and_certain_events():
    assert at_least_one([1e-20] * 3) == pytest.approx(3e-20, rel=1e-12)
    assert at_least_one([0.2, 1.0]) == 1
    assert at_least_one([0.0, 0.0]) == 0
    assert not np.signbit(at_least_one([0.0, 0.0]))
    assert_allclose(shared_birthday(3, 10**18), [0, 0, 1e-18, 3e-18], rtol=1e-12)


@pytest.mark.parametrize(("p", "level"), [(0.05, 0.5), (0.01, 0.95), (0.3, 0.999), (1e-9, 0.1)])
def test_trials_needed_is_the_smallest_number(p, level):
    n = trials_needed(p, level)
    assert stats.binom(n, p).sf(0) >= level > stats.binom(n - 1, p).sf(0)


@pytest.mark.parametrize(("p", "n"), [(0.1, 2), (0.5, 2), (0.05, 14), (0.3, 5), (0.9, 3)])
def test_trials_needed_where_the_level_is_met_exactly(p, n):
    assert trials_needed(p, 1 - (1 - p) ** n) == n


@pytest.mark.parametrize("days", [2, 7, 365])
def test_shared_birthday_by_exact_fractions(days):
    distinct = Fraction(1)
    computed = shared_birthday(days + 3, days)
    for people in range(days + 4):
        assert computed[people] == pytest.approx(float(1 - distinct), abs=1e-12)
        distinct *= max(Fraction(days - people, days), 0)


def test_shared_birthday_by_enumeration():
    calendars = list(product(range(5), repeat=4))
    share = np.mean([len(set(calendar)) < 4 for calendar in calendars])
    assert shared_birthday(4, 5)[4] == pytest.approx(share, rel=1e-12)


def test_the_known_numbers():
    assert_allclose(shared_birthday(23)[22:], [0.4757, 0.5073], atol=5e-5)
    assert comb(23, 2) == 253


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: at_least_one([]), "p: "),
        (lambda: at_least_one(0.5), "p: "),
        (lambda: at_least_one([0.5, 1.1]), "p: expected probabilities from 0 to 1"),
        (lambda: at_least_one([-0.1]), "p: expected probabilities from 0 to 1"),
        (lambda: trials_needed(0.0, 0.5), "p: "),
        (lambda: trials_needed(0.5, 1.0), "level: "),
        (lambda: shared_birthday(0), "n: "),
        (lambda: shared_birthday(3, 0), "days: "),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise.


def sum_of_chances(p):
    return p.sum()


def all_of_them(p):
    return p.prod()


def none_of_them(p):
    return (1 - p).prod()


def in_plain_numbers(p):
    return 1 - (1 - p).prod()


def power_of_the_mean(p):
    return -np.expm1(len(p) * np.log1p(-p.mean()))


def exactly_one(p):
    return sum(p[i] * np.delete(1 - p, i).prod() for i in range(len(p)))


def test_exercise_accepts_the_reference():
    assert grade_result("complement_rule", at_least_one).passed


@pytest.mark.parametrize(
    "wrong",
    [
        sum_of_chances,
        all_of_them,
        none_of_them,
        in_plain_numbers,
        power_of_the_mean,
        exactly_one,
    ],
)
def test_exercise_rejects(wrong):
    report = grade_result("complement_rule", wrong)
    assert report.attempted
    assert not report.passed
