"""Random variables on finite spaces, in exact fractions."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats

from mlsheet.notebook.practice.grading import grade_result
from mlsheet.notebook.practice.random_variables import distribution
from mlsheet.probability.random_variables import RandomVariable, SampleSpace, dice, lotus

FUNCTIONS = [sum, max, min, lambda roll: abs(roll[0] - roll[1]), lambda roll: roll[0] * roll[1]]

spaces = st.lists(st.integers(1, 9), min_size=2, max_size=7).map(
    lambda weights: SampleSpace({i: Fraction(w, sum(weights)) for i, w in enumerate(weights)})
)
numbers = st.lists(st.integers(-5, 5), min_size=7, max_size=7)


def on(space, values):
    return RandomVariable(space, lambda outcome: values[outcome])


@pytest.mark.parametrize("faces", [2, 5, 6])
@pytest.mark.parametrize("fn", FUNCTIONS)
def test_moments_and_distribution_function_are_scipys(fn, faces):
    variable = RandomVariable(dice(faces), fn)
    values, masses = zip(*variable.pmf().items(), strict=True)
    law = stats.rv_discrete(values=(values, [float(p) for p in masses]))
    assert_allclose(float(variable.expectation()), law.mean(), rtol=1e-12)
    assert_allclose(float(variable.var()), law.var(), rtol=1e-10)
    for x in [-1, 0, 1, 2.5, 4, 40]:
        assert_allclose(float(variable.cdf(x)), law.cdf(x), rtol=1e-12)


def test_the_higher_of_two_dice():
    highest = RandomVariable(dice(6), max)
    assert highest.pmf() == {k: Fraction(2 * k - 1, 36) for k in range(1, 7)}
    assert highest.expectation() == Fraction(161, 36)
    assert highest.var() == Fraction(2555, 1296)
    assert sum(1 - highest.cdf(k - 1) for k in range(1, 7)) == Fraction(161, 36)


def test_three_dice_are_counted_by_brute_force():
    rolls = list(product(range(1, 5), repeat=3))
    for total, mass in RandomVariable(dice(4, 3), sum).pmf().items():
        assert mass == Fraction(sum(sum(roll) == total for roll in rolls), len(rolls))


def test_an_event_is_a_set_of_outcomes():
    even = RandomVariable(dice(6), sum).probability(lambda value: value % 2 == 0)
    assert even == Fraction(1, 2)


def test_top_and_bottom_share_a_distribution_and_are_never_equal():
    space = dice(6, 1)
    top = RandomVariable(space, lambda roll: roll[0])
    bottom = RandomVariable(space, lambda roll: 7 - roll[0])
    assert top.pmf() == bottom.pmf()
    assert (top + bottom).pmf() == {7: 1}
    assert (top - bottom).probability(lambda value: value == 0) == 0


@given(spaces, numbers, numbers, st.integers(-3, 3), st.integers(-3, 3))
def test_expectation_is_linear_even_for_dependent_variables(space, xs, ys, a, b):
    x, y = on(space, xs), on(space, ys)
    combined = x.map(lambda v: a * v) + y.map(lambda v: b * v)
    assert combined.expectation() == a * x.expectation() + b * y.expectation()
    assert (x - y).expectation() == x.expectation() - y.expectation()


@given(spaces, numbers)
def test_masses_sum_to_one_and_lotus_agrees_with_the_law_of_g_of_x(space, xs):
    x = on(space, xs)
    assert sum(x.pmf().values()) == 1
    assert list(x.pmf()) == sorted({xs[i] for i in range(len(space.probabilities))})
    squared = x.map(lambda v: v**2)
    routes = {
        squared.expectation(),
        lotus(lambda v: v**2, x.pmf()),
        lotus(lambda v: v, squared.pmf()),
        (x * x).expectation(),
    }
    assert len(routes) == 1
    assert x.var() == squared.expectation() - x.expectation() ** 2


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: SampleSpace({}), "probabilities: "),
        (lambda: SampleSpace({0: Fraction(3, 2), 1: Fraction(-1, 2)}), "probabilities: "),
        (lambda: SampleSpace({0: Fraction(1, 2)}), "probabilities: .* sum to 1"),
        (lambda: SampleSpace({0: Fraction(10**12 - 1, 10**12)}), "a sum of exactly 1, got 9999"),
        (lambda: RandomVariable(dice(6), max).cdf(float("nan")), "x: expected a number, got nan"),
        (lambda: dice(0), "faces: "),
        (lambda: dice(6, 0), "n_dice: "),
        (lambda: lotus(abs, {1: Fraction(1, 3)}), "pmf: "),
        (lambda: RandomVariable(dice(6), max) + RandomVariable(dice(5), max), "other: "),
        (lambda: RandomVariable(dice(6), max) * RandomVariable(dice(6, 1), max), "other: "),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise.


def not_collected(values, probabilities):
    order = np.argsort(values)
    return values[order], probabilities[order]


def counted(values, probabilities):
    support, counts = np.unique(values, return_counts=True)
    return support, counts / len(values)


def averaged(values, probabilities):
    support = np.unique(values)
    return support, np.array([probabilities[values == v].mean() for v in support])


def in_order_of_appearance(values, probabilities):
    support = np.array(list(dict.fromkeys(values.tolist())))
    return support, np.array([probabilities[values == v].sum() for v in support])


def accumulated(values, probabilities):
    support, masses = distribution(values, probabilities)
    return support, np.cumsum(masses)


def test_exercise_accepts_the_reference():
    assert grade_result("random_variables", distribution).passed


@pytest.mark.parametrize(
    "wrong", [not_collected, counted, averaged, in_order_of_appearance, accumulated]
)
def test_exercise_rejects(wrong):
    report = grade_result("random_variables", wrong)
    assert report.attempted
    assert not report.passed
