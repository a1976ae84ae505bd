"""Signed ranks and rank sums against scipy, enumeration, and counts of pairs."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats

from mlsheet.data.files import load_sleep
from mlsheet.notebook.practice.grading import grade_result
from mlsheet.probability.wilcoxon_test import (
    mann_whitney_u,
    mid_ranks,
    rank_sum_law,
    signed_rank_law,
    wilcoxon_signed_rank,
)

SIDES = ["two-sided", "greater", "less"]
SMALL = st.integers(-4, 4)


@pytest.mark.parametrize("alternative", SIDES)
@pytest.mark.parametrize(("seed", "n"), [(0, 5), (1, 9), (2, 23), (3, 50)])
def test_signed_rank_is_scipys_exact_test(seed, n, alternative):
    x, y = np.random.default_rng(seed).normal([[0.3], [0]], 1, (2, n))
    w_plus, w_minus, p = wilcoxon_signed_rank(x, y, alternative)
    theirs = stats.wilcoxon(x, y, alternative=alternative, method="exact")
    w = min(w_plus, w_minus) if alternative == "two-sided" else w_plus
    assert_allclose([w, p], [theirs.statistic, theirs.pvalue], rtol=1e-10)


@pytest.mark.parametrize("alternative", SIDES)
@pytest.mark.parametrize("decimals", [5, 1])
def test_signed_rank_of_many_is_scipys_normal_approximation(decimals, alternative):
    x = np.random.default_rng(4).normal(0.1, 1, 77).round(decimals)
    theirs = stats.wilcoxon(x, alternative=alternative, method="asymptotic", correction=False)
    assert_allclose(wilcoxon_signed_rank(x, np.zeros(77), alternative).p, theirs.pvalue, rtol=1e-10)


@pytest.mark.parametrize("alternative", SIDES)
@pytest.mark.parametrize(("seed", "n1", "n2"), [(0, 2, 3), (1, 7, 4), (2, 1, 11), (3, 27, 23)])
def test_rank_sum_is_scipys_exact_test(seed, n1, n2, alternative):
    rng = np.random.default_rng(seed)
    x, y = rng.normal(0.4, 1, n1), rng.normal(0, 2, n2)
    theirs = stats.mannwhitneyu(x, y, alternative=alternative, method="exact")
    u1, u2, p = mann_whitney_u(x, y, alternative)
    assert_allclose([u1, u2, p], [theirs.statistic, n1 * n2 - u1, theirs.pvalue], rtol=1e-10)


@pytest.mark.parametrize("alternative", SIDES)
@pytest.mark.parametrize("decimals", [5, 0])
def test_rank_sum_of_many_is_scipys_normal_approximation(decimals, alternative):
    rng = np.random.default_rng(5)
    x, y = rng.normal(0.4, 1, 31).round(decimals), rng.normal(0, 1, 43).round(decimals)
    theirs = stats.mannwhitneyu(x, y, False, alternative, method="asymptotic")
    assert_allclose(mann_whitney_u(x, y, alternative).p, theirs.pvalue, rtol=1e-10)


def test_numbers_of_the_text():
    one, two = (np.rint(60 * hours) for hours in load_sleep())
    assert wilcoxon_signed_rank(two, one) == (45, 0, 2 / 2**9)
    assert wilcoxon_signed_rank(two, one, "greater").p == 1 / 2**9
    u1, u2, p = mann_whitney_u(two, one)
    assert (u1, u2) == (74.5, 25.5)
    assert_allclose(p, 0.0658165, rtol=1e-5)
    assert_allclose(stats.mannwhitneyu(two, one).pvalue, 0.0693276, rtol=1e-5)


@given(st.lists(st.tuples(SMALL, SMALL), min_size=1, max_size=8))
def test_signed_rank_with_ties_is_the_enumeration_of_signs(pairs):
    x, y = np.array(pairs).T
    d = (x - y)[x != y]
    if d.size == 0:
        return
    ranks = stats.rankdata(abs(d))
    sums = np.array([ranks @ signs for signs in product([0, 1], repeat=d.size)])
    observed = ranks @ (d > 0)
    upper, lower = (sums >= observed).mean(), (sums <= observed).mean()
    wanted = {"greater": upper, "less": lower, "two-sided": min(1, 2 * min(upper, lower))}
    for side in SIDES:
        w_plus, w_minus, p = wilcoxon_signed_rank(x, y, side)
        assert_allclose([w_plus, w_minus, p], [observed, ranks.sum() - observed, wanted[side]])


@given(st.lists(SMALL, min_size=1, max_size=5), st.lists(SMALL, min_size=1, max_size=5))
def test_rank_sum_with_ties_is_the_enumeration_of_labels_and_u_counts_pairs(x, y):
    values = np.array(x + y)
    if np.ptp(values) == 0:
        return
    ranks = stats.rankdata(values)
    sums = np.array([sum(choice) for choice in combinations(ranks, len(x))])
    observed = ranks[: len(x)].sum()
    upper, lower = (sums >= observed).mean(), (sums <= observed).mean()
    wanted = {"greater": upper, "less": lower, "two-sided": min(1, 2 * min(upper, lower))}
    wins = sum((a > b) + (a == b) / 2 for a in x for b in y)
    for side in SIDES:
        u1, u2, p = mann_whitney_u(x, y, side)
        assert_allclose([u1, u2, p], [wins, len(x) * len(y) - wins, wanted[side]])


@given(st.lists(st.integers(-30, 30).filter(bool), min_size=1, max_size=12))
def test_w_plus_counts_walsh_averages(d):
    d = np.array(d)
    walsh = np.add.outer(d, d)[np.triu_indices(d.size)]
    w_plus, w_minus, _ = wilcoxon_signed_rank(d, np.zeros(d.size))
    assert w_plus == (walsh > 0).sum() + (walsh == 0).sum() / 2
    assert w_plus + w_minus == d.size * (d.size + 1) / 2


@given(st.lists(SMALL, min_size=2, max_size=7), st.lists(SMALL, min_size=2, max_size=7))
def test_monotone_maps_change_nothing(x, y):
    if len({*x, *y}) > 1:
        assert mann_whitney_u(np.exp(x), np.exp(y)) == mann_whitney_u(x, y)
        u1, u2, p = mann_whitney_u(y, x)
        assert mann_whitney_u(x, y)[:2] == (u2, u1)
        assert_allclose(mann_whitney_u(x, y).p, p)


@pytest.mark.parametrize("values", [[3], [2, 2, 2], [5, -1, 5, 0, 0, 0, 9]])
def test_mid_ranks_are_scipys(values):
    assert_allclose(mid_ranks(values), stats.rankdata(values), rtol=0)


@pytest.mark.parametrize("n", [1, 6, 15])
def test_moments_of_the_signed_rank_law(n):
    support, law = signed_rank_law(np.arange(1, n + 1))
    mean = support @ law
    assert_allclose(mean, n * (n + 1) / 4)
    assert_allclose((support - mean) ** 2 @ law, n * (n + 1) * (2 * n + 1) / 24)


@pytest.mark.parametrize(("n1", "n2"), [(1, 1), (3, 5), (25, 25)])
def test_moments_of_the_rank_sum_law(n1, n2):
    support, law = rank_sum_law(np.arange(1, n1 + n2 + 1), n1)
    u = support - n1 * (n1 + 1) / 2
    assert_allclose([law.sum(), u @ law], [1, n1 * n2 / 2])
    assert_allclose((u - n1 * n2 / 2) ** 2 @ law, n1 * n2 * (n1 + n2 + 1) / 12)


def test_skewed_differences_with_median_0_are_rejected_too_often():
    d = np.random.default_rng(6).exponential(size=(1000, 40)) - np.log(2)
    rate = np.mean([wilcoxon_signed_rank(row, np.zeros(40)).p < 0.05 for row in d])
    assert abs(rate - 0.176) < 0.05  # 4 standard errors


def test_a_spread_alone_is_hardly_seen():
    x, y = np.random.default_rng(7).normal(0, [[[1]], [[5]]], (2, 1000, 50))
    rate = np.mean([mann_whitney_u(*pair).p < 0.05 for pair in zip(x, y, strict=True)])
    assert abs(rate - 0.077) < 0.034  # 4 standard errors


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: wilcoxon_signed_rank([1, 2], [1, 2, 3]), "y: "),
        (lambda: wilcoxon_signed_rank([1, np.nan], [1, 2]), "x: "),
        (lambda: wilcoxon_signed_rank([1, 2], [1, 2]), "x, y: "),
        (lambda: wilcoxon_signed_rank([1, 2], [2, 3], "both"), "alternative: "),
        (lambda: wilcoxon_signed_rank(np.arange(60), np.ones(60), "both"), "alternative: "),
        (lambda: mann_whitney_u([], [1]), "x: "),
        (lambda: mann_whitney_u([1], [[2]]), "y: "),
        (lambda: mann_whitney_u([1, 1], [1]), "x, y: "),
        (lambda: mann_whitney_u([1], [2], "both"), "alternative: "),
        (lambda: mid_ranks([]), "values: "),
        (lambda: signed_rank_law([1, 1.3]), "ranks: "),
        (lambda: signed_rank_law([0, 1]), "ranks: "),
        (lambda: rank_sum_law([1, 2], 3), "n1: "),
        (lambda: rank_sum_law([1, 2], 0), "n1: "),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise.


def with_zeros(x, y):
    ranks = mid_ranks(abs(x - y))
    return ranks[x > y].sum(), ranks[x < y].sum()


def without_mid_ranks(x, y):
    d = (x - y)[x != y]
    ranks = np.argsort(np.argsort(abs(d), kind="stable")) + 1
    return ranks[d > 0].sum(), ranks[d < 0].sum()


def ranks_of_the_signed(x, y):
    d = (x - y)[x != y]
    ranks = mid_ranks(d)
    return ranks[d > 0].sum(), ranks[d < 0].sum()


def other_way_round(x, y):
    return wilcoxon_signed_rank(y, x)[:2]


def values_for_ranks(x, y):
    d = x - y
    return d[d > 0].sum(), -d[d < 0].sum()


def smaller_one_first(x, y):
    return tuple(sorted(wilcoxon_signed_rank(x, y)[:2]))


def test_exercise_accepts_the_reference():
    assert grade_result("wilcoxon_test", lambda x, y: wilcoxon_signed_rank(x, y)[:2]).passed


@pytest.mark.parametrize(
    "wrong",
    [
        with_zeros,
        without_mid_ranks,
        ranks_of_the_signed,
        other_way_round,
        values_for_ranks,
        smaller_one_first,
    ],
)
def test_exercise_rejects(wrong):
    report = grade_result("wilcoxon_test", wrong)
    assert report.attempted
    assert not report.passed
