"""Posteriors against exact fractions, counts and brute force."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from mlsheet.notebook.practice.grading import grade_result
from mlsheet.probability.bayes_rule import bayes

PREVALENCE, SENSITIVITY, FALSE_ALARM = Fraction(1, 100), Fraction(99, 100), Fraction(5, 100)


def exact_posterior(prior, likelihoods):
    joint = list(prior)
    for row in likelihoods:
        joint = [p * q for p, q in zip(joint, row, strict=True)]
    return [p / sum(joint) for p in joint]


@pytest.mark.parametrize(
    ("tests", "posterior"), [(1, Fraction(1, 6)), (2, Fraction(99, 124)), (3, Fraction(9801, 9926))]
)
def test_screening_is_exact(tests, posterior):
    rows = [[SENSITIVITY, FALSE_ALARM]] * tests
    prior = [PREVALENCE, 1 - PREVALENCE]
    assert exact_posterior(prior, rows)[0] == posterior
    computed = bayes([float(p) for p in prior], [[float(q) for q in row] for row in rows])
    assert_allclose(computed, [float(posterior), float(1 - posterior)], rtol=1e-13)


def test_even_odds_are_reached_at_a_prevalence_of_one_in_twenty_point_eight():
    assert_allclose(bayes([1 / 20.8, 19.8 / 20.8], [0.99, 0.05]), [0.5, 0.5], rtol=1e-13)


def test_monty_hall():
    assert_allclose(bayes(np.full(3, 1 / 3), [0.5, 1, 0]), [1 / 3, 2 / 3, 0], atol=1e-15)


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize(("n", "k"), [(1, 2), (3, 5), (7, 4)])
def test_posterior_is_that_of_exact_fractions(seed, n, k):
    rng = np.random.default_rng(seed)
    weights = rng.integers(1, 30, k)
    rows = rng.integers(0, 50, (n, k)) + (np.arange(k) == 0)
    prior = [Fraction(int(w), int(weights.sum())) for w in weights]
    exact = exact_posterior(prior, [[Fraction(int(v), 50) for v in row] for row in rows])
    assert_allclose(
        bayes(weights / weights.sum(), rows / 50), [float(p) for p in exact], rtol=1e-12
    )


def test_posterior_is_a_ratio_of_counts():
    # Three grades of an illness, two graded tests; each outcome as often as it is likely.
    grade, first, second = np.array(list(product(range(3), range(4), range(5)))).T
    times = (1 + grade) * (1 + first * grade) * (2 + second + grade**2)
    cases = np.array([times[grade == g].sum() for g in range(3)])
    for a, b in product(range(4), range(5)):
        rows = [
            [times[(test == result) & (grade == g)].sum() for g in range(3)] / cases
            for test, result in [(first, a), (second, b)]
        ]
        counts = [times[(first == a) & (second == b) & (grade == g)].sum() for g in range(3)]
        assert_allclose(bayes(cases / cases.sum(), rows), counts / np.sum(counts), rtol=1e-12)


@st.composite
def priors_and_rows(draw):
    shape = draw(st.tuples(st.integers(2, 4), st.integers(2, 6)))
    rows = np.random.default_rng(draw(st.integers(0, 2**32))).uniform(1e-6, 1, shape)
    return rows[0] / rows[0].sum(), rows[1:]


@given(priors_and_rows())
def test_one_after_the_other_is_all_at_once(prior_and_rows):
    prior, rows = prior_and_rows
    posterior = prior
    for row in rows:
        posterior = bayes(posterior, row)
    assert_allclose(bayes(prior, rows), posterior, rtol=1e-9)
    assert_allclose(bayes(prior, rows[::-1]), posterior, rtol=1e-9)
    assert posterior.sum() == pytest.approx(1, abs=1e-12)


def test_two_thousand_pieces_of_evidence_do_not_underflow():
    posterior = bayes([0.5, 0.5], np.tile([0.010, 0.011], (2000, 1)))
    assert_allclose(posterior, [1.1**-2000, 1], rtol=1e-9)


def test_certainty_cannot_be_moved():
    assert_allclose(bayes([0, 1], [1, 1e-9]), [0, 1])
    assert_allclose(bayes([0.5, 0.5], [1, 0]), [1, 0])


@pytest.mark.parametrize(
    ("prior", "likelihood", "message"),
    [
        ([0.5, 0.4], [1, 1], "prior: expected probabilities that sum to 1"),
        ([[0.5, 0.5]], [1, 1], "prior: expected an array with 1 axes"),
        ([0.5, 0.5], [1, 1, 1], "likelihood: expected 2 columns"),
        ([0.5, 0.5], np.ones((1, 3, 2)), "likelihood: expected 2 columns"),
        ([0.5, 0.5], [1, -0.1], "likelihood: expected numbers >= 0"),
        ([0.5, 0.5], [1, np.nan], "likelihood: expected finite numbers"),
        ([0, 1], [1, 0], "likelihood: expected evidence that is possible"),
    ],
)
def test_bad_input_is_named(prior, likelihood, message):
    with pytest.raises(ValueError, match=message):
        bayes(prior, likelihood)


# The exercise.


def without_prior(prior, likelihood):
    weights = likelihood.prod(axis=0)
    return weights / weights.sum()


def not_normalised(prior, likelihood):
    return prior * likelihood.prod(axis=0)


def only_the_last(prior, likelihood):
    return bayes(prior, likelihood[-1])


def prior_each_time(prior, likelihood):
    weights = (prior * likelihood).prod(axis=0)
    return weights / weights.sum()


def underflows(prior, likelihood):
    weights = prior * likelihood.prod(axis=0)
    return weights / weights.sum()


def test_exercise_accepts_the_reference():
    assert grade_result("bayes_rule", bayes).passed


@pytest.mark.parametrize(
    "wrong", [without_prior, not_normalised, only_the_last, prior_each_time, underflows]
)
def test_exercise_rejects(wrong):
    report = grade_result("bayes_rule", wrong)
    assert report.attempted
    assert not report.passed
