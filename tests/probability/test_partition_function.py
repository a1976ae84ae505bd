"""Partition functions by enumeration, by elimination and by their derivative."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.special import logsumexp

from mlsheet.notebook.practice.grading import grade_result
from mlsheet.probability.partition_function import (
    log_partition,
    log_partition_chain,
    log_scores,
)

SIZES = (2, 3, 4, 2)
SCOPES = [(0,), (2, 0), (1, 3, 2), (3,), (3, 1)]


def random_factors(seed):
    rng = np.random.default_rng(seed)
    return [(scope, rng.gamma(1.0, size=[SIZES[v] for v in scope])) for scope in SCOPES]


def chain_factors(unary, pairwise):
    n = len(unary)
    alone = [((i,), unary[i]) for i in range(n)]
    return alone + [((i, i + 1), pairwise) for i in range(n - 1)]


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_scores_and_their_sum_by_brute_force(seed):
    factors = random_factors(seed)
    scores = np.exp(log_scores(factors))
    brute = 0.0
    for state in product(*map(range, SIZES)):
        score = np.prod([table[tuple(state[v] for v in scope)] for scope, table in factors])
        assert scores[state] == pytest.approx(score, rel=1e-12)
        brute += score
    assert log_partition(factors) == pytest.approx(np.log(brute), rel=1e-12)


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize(("n", "k"), [(1, 3), (2, 5), (7, 3)])
def test_chain_is_the_sum_over_all_states(seed, n, k):
    rng = np.random.default_rng(seed)
    unary, pairwise = rng.gamma(1.0, size=(n, k)), rng.gamma(1.0, size=(k, k))
    expected = log_partition(chain_factors(unary, pairwise))
    assert_allclose(log_partition_chain(unary, pairwise), expected, rtol=1e-12)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_chain_is_a_product_of_transfer_matrices(seed):
    rng = np.random.default_rng(seed)
    unary, pairwise = rng.gamma(1.0, size=(9, 4)), rng.gamma(1.0, size=(4, 4))
    row = unary[0]
    for own in unary[1:]:
        row = row @ pairwise * own
    assert_allclose(log_partition_chain(unary, pairwise), np.log(row.sum()), rtol=1e-12)


@given(st.integers(0, 2**32 - 1))
def test_normalised_scores_sum_to_1(seed):
    factors = random_factors(seed)
    assert np.exp(log_scores(factors) - log_partition(factors)).sum() == pytest.approx(1, rel=1e-12)


@given(st.floats(1e-3, 1e3), st.integers(0, len(SCOPES) - 1))
def test_the_scale_of_a_factor_moves_log_z_and_no_probability(scale, which):
    factors = random_factors(7)
    scaled = list(factors)
    scaled[which] = (factors[which][0], scale * factors[which][1])
    assert log_partition(scaled) == pytest.approx(log_partition(factors) + np.log(scale))
    probabilities = [log_scores(f) - log_partition(f) for f in (factors, scaled)]
    assert_allclose(*probabilities, atol=1e-10)


def test_order_of_factors_and_of_a_scope_change_nothing():
    factors = random_factors(5)
    turned = [(scope[::-1], table.T) for scope, table in factors[::-1]]
    assert_allclose(log_scores(turned), log_scores(factors), rtol=1e-12, atol=1e-13)


def test_slope_of_log_z_is_the_mean_number_of_like_neighbours():
    unary, step = [[1, 2]] * 5, 1e-5
    alike = np.eye(2)

    def log_z(coupling):
        return log_partition_chain(unary, np.exp(coupling * alike))

    states = np.array(list(product([0, 1], repeat=5)))
    count = (states[:, 1:] == states[:, :-1]).sum(axis=1)
    scores = 2.0 ** states.sum(axis=1) * np.exp(0.7 * count)
    slope = (log_z(0.7 + step) - log_z(0.7 - step)) / (2 * step)
    assert slope == pytest.approx(scores @ count / scores.sum(), abs=1e-8)


def test_independent_variables_have_a_product_of_sums():
    unary = np.random.default_rng(0).gamma(1.0, size=(800, 3))
    expected = logsumexp(np.log(unary), axis=1).sum()
    assert_allclose(log_partition_chain(unary, np.ones((3, 3))), expected, rtol=1e-12)


def test_where_no_state_is_possible_z_is_zero():
    impossible = [[0, 0], [1, 1]]
    assert log_partition_chain(impossible, np.ones((2, 2))) == -np.inf
    assert log_partition([((0,), [0, 0])]) == -np.inf


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: log_scores([]), "factors: expected variables"),
        (lambda: log_scores([((1,), [1, 2])]), "factors: expected variables 0, 1, 2, …, got"),
        (lambda: log_scores([((0,), [1, 2]), ((0,), [1, 2, 3])]), "variable 0 has 2 and 3 values"),
        (lambda: log_scores([((0, 0), np.ones((2, 2)))]), "factors: expected different variables"),
        (lambda: log_scores([((0, 1), [1, 2])]), "table: expected an array with 2 axes"),
        (lambda: log_partition([((0,), [1, -2])]), "table: expected weights >= 0"),
        (lambda: log_partition([((0,), [1, np.inf])]), "table: expected finite"),
        (lambda: log_partition_chain([1, 2], np.ones((2, 2))), "unary: "),
        (lambda: log_partition_chain([[1, -2]], np.ones((2, 2))), "unary: expected weights >= 0"),
        (lambda: log_partition_chain([[1, 2]], np.ones((3, 2))), "pairwise: expected shape"),
        (lambda: log_partition_chain([[1, 2]], [[1, 2], [3, np.nan]]), "pairwise: expected finite"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise.


def in_plain_numbers(unary, pairwise):
    row = unary[0]
    for own in unary[1:]:
        row = row @ pairwise * own
    return np.log(row.sum())


def chain_in_logs(unary, pairwise, *, link=None, axis=0, combine=np.logaddexp.reduce):
    link = np.log(pairwise) if link is None else link
    message = np.log(unary[0])
    for own in unary[1:]:
        message = np.log(own) + combine(message[:, None] + link, axis=axis)
    return combine(message)


def transposed_links(unary, pairwise):
    return chain_in_logs(unary, pairwise.T)


def best_state_only(unary, pairwise):
    return chain_in_logs(unary, pairwise, combine=np.max)


def without_links(unary, pairwise):
    return chain_in_logs(unary, pairwise, link=0 * pairwise)


def not_in_logs(unary, pairwise):
    return np.exp(chain_in_logs(unary, pairwise))


def first_person_forgotten(unary, pairwise):
    return chain_in_logs(np.vstack([np.ones_like(unary[0]), unary[1:]]), pairwise)


def test_exercise_accepts_the_reference():
    assert grade_result("partition_function", log_partition_chain).passed
    assert grade_result("partition_function", chain_in_logs).passed


@pytest.mark.parametrize(
    "wrong",
    [
        in_plain_numbers,
        transposed_links,
        best_state_only,
        without_links,
        not_in_logs,
        first_person_forgotten,
    ],
)
def test_exercise_rejects(wrong):
    report = grade_result("partition_function", wrong)
    assert report.attempted
    assert not report.passed
