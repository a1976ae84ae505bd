"""K-means against scikit-learn, scipy, brute force and its own properties."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.cluster.vq import kmeans2
from scipy.special import softmax
from scipy.stats import special_ortho_group
from sklearn.cluster import KMeans as SklearnKMeans
from sklearn.metrics import silhouette_samples

from mlsheet.classical_ml.k_means import (
    elbow,
    k_means,
    k_means_plus_plus,
    k_means_steps,
    silhouette,
)
from mlsheet.notebook.practice import grade_result

RECTANGLE = np.array([[0.0, 0.0], [0.0, 1.0], [4.0, 0.0], [4.0, 1.0]])
SHAPES = [(7, 3, 4), (40, 2, 3), (61, 5, 7)]

seeds = st.integers(0, 10_000)
shapes = st.tuples(st.integers(5, 30), st.integers(1, 4), st.integers(1, 5))


def cloud(n, d, seed):
    """Points in three loose groups, far from the origin and stretched."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, d)) * 1.5 + 4.0 * rng.integers(3, size=(n, 1)) + 20.0


def last(states):
    *_, final = states
    return final


# Oracles: the same start, the same end.


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize(("n", "d", "k"), SHAPES)
def test_lloyd_ends_where_sklearn_ends(n, d, k, seed):
    X = cloud(n, d, seed)
    start = k_means_plus_plus(X, k, rng=seed)
    ours = last(k_means_steps(X, start))
    theirs = SklearnKMeans(k, init=start, n_init=1, algorithm="lloyd", tol=0.0).fit(X)
    assert np.array_equal(ours.labels, theirs.labels_)
    np.testing.assert_allclose(ours.centers, theirs.cluster_centers_, rtol=1e-10)
    np.testing.assert_allclose(ours.inertia, theirs.inertia_, rtol=1e-10)


@pytest.mark.parametrize("steps", [1, 2, 3])
@pytest.mark.parametrize(("n", "d", "k"), SHAPES)
def test_each_move_is_that_of_scipy(n, d, k, steps):
    X = cloud(n, d, 5)
    start = k_means_plus_plus(X, k, rng=5)
    states = list(k_means_steps(X, start, max_iter=steps))
    centers, labels = kmeans2(X, start, iter=min(steps, len(states) - 1), minit="matrix")
    np.testing.assert_allclose(states[-1].centers, centers, rtol=1e-10)
    assert np.array_equal(states[-2].labels, labels)  # scipy's labels are those before the move


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_an_empty_cluster_is_filled_as_sklearn_fills_it(seed):
    X = cloud(23, 2, seed)
    start = np.vstack([X[:2], [[900.0, 900.0]]])
    first = next(k_means_steps(X, start))
    assert set(first.labels) == {0, 1}
    ours = last(k_means_steps(X, start))
    theirs = SklearnKMeans(3, init=start, n_init=1, algorithm="lloyd", tol=0.0).fit(X)
    assert np.array_equal(ours.labels, theirs.labels_)
    np.testing.assert_allclose(ours.centers, theirs.cluster_centers_, rtol=1e-10)


def test_two_empty_clusters_take_the_two_farthest_points_and_rob_no_singleton():
    X = np.array([[0.0], [1.0], [5.0], [90.0]])
    start = np.array([[0.0], [60.0], [500.0], [600.0]])
    first, second, *_ = k_means_steps(X, start)
    assert first.labels.tolist() == [0, 0, 0, 1]  # 90 is the farthest, but its cluster's only one
    assert second.centers.ravel().tolist() == [0.0, 90.0, 5.0, 1.0]
    assert second.inertia == 0.0


def test_the_best_of_many_runs_is_the_optimum_by_brute_force():
    X = cloud(9, 2, 3)
    partitions = (np.array((0, *rest)) for rest in product(range(3), repeat=8))
    optimum = min(
        sum(((X[p == i] - X[p == i].mean(axis=0)) ** 2).sum() for i in range(3))
        for p in partitions
        if len(set(p)) == 3
    )
    np.testing.assert_allclose(k_means(X, 3, n_init=40, rng=0).inertia, optimum, rtol=1e-12)


def test_inertia_is_the_size_weighted_sum_of_variances():
    X = cloud(31, 3, 4)
    result = k_means(X, 4, rng=0)
    groups = [X[result.labels == i] for i in range(4)]
    weighted = sum(len(group) * group.var(axis=0).sum() for group in groups)
    np.testing.assert_allclose(result.inertia, weighted, rtol=1e-12)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_silhouette_is_that_of_sklearn(seed):
    X = cloud(17, 3, seed)
    labels = np.array([7, 7, 2, *np.random.default_rng(seed).integers(3, 6, 14)])  # 2: a singleton
    np.testing.assert_allclose(silhouette(X, labels), silhouette_samples(X, labels), atol=1e-12)


# The rectangle: the optimum is 1, a bad start stays at 16 for ever.


def test_a_bad_start_on_the_rectangle_stays_at_sixteen():
    bad = list(k_means_steps(RECTANGLE, [[2.0, 0.0], [2.0, 1.0]]))
    assert [state.inertia for state in bad] == [16.0]
    slow = [state.inertia for state in k_means_steps(RECTANGLE, [[0.0, 0.0], [0.0, 1.0]])]
    assert slow == [32.0, 16.0]


def test_a_good_start_and_restarts_find_one():
    good = last(k_means_steps(RECTANGLE, [[0.0, 0.0], [4.0, 1.0]]))
    assert good.inertia == 1.0
    assert good.centers.tolist() == [[0.0, 0.5], [4.0, 0.5]]
    assert k_means(RECTANGLE, 2, rng=0).inertia == 1.0


def test_max_iter_counts_the_moves():
    X = cloud(61, 5, 1)
    start = X[:7]
    assert len(list(k_means_steps(X, start, max_iter=2))) == 3


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_mixture_of_shrinking_round_gaussians_moves_as_lloyd_does(seed):
    X = cloud(19, 2, seed)
    first, second, *_ = k_means_steps(X, k_means_plus_plus(X, 3, rng=seed))
    squares = ((X[:, None] - first.centers) ** 2).sum(axis=2)
    responsibilities = softmax(-squares / (2 * 1e-3**2), axis=1)  # equal weights, sigma = .001
    means = responsibilities.T @ X / responsibilities.sum(axis=0)[:, None]
    np.testing.assert_allclose(means, second.centers, rtol=1e-10)


# Properties.


@given(seeds, shapes)
def test_inertia_never_rises_and_the_end_is_a_fixed_point(seed, shape):
    n, d, k = shape
    X = cloud(n, d, seed)
    start = np.random.default_rng(seed).normal(size=(k, d)) * 5 + 20
    states = list(k_means_steps(X, start))
    inertias = np.array([state.inertia for state in states])
    assert (np.diff(inertias) <= 1e-9 * inertias[0]).all()
    for i in range(k):
        np.testing.assert_allclose(
            states[-1].centers[i], X[states[-1].labels == i].mean(axis=0), rtol=1e-12
        )
    assert len(list(k_means_steps(X, states[-1].centers))) == 1


@given(seeds, shapes)
def test_moving_and_turning_the_data_moves_and_turns_the_result(seed, shape):
    n, _, k = shape
    X, turn = cloud(n, 3, seed), special_ortho_group(3, seed=seed).rvs()
    start, shift = k_means_plus_plus(X, k, rng=seed), np.array([3.0, -70.0, 11.0])
    one, other = (
        last(k_means_steps(X, start)),
        last(k_means_steps(X @ turn + shift, start @ turn + shift)),
    )
    assert np.array_equal(one.labels, other.labels)
    np.testing.assert_allclose(one.centers @ turn + shift, other.centers, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(one.inertia, other.inertia, rtol=1e-9, atol=1e-18)


@given(seeds, shapes)
def test_duplicated_data_double_the_inertia_alone(seed, shape):
    n, d, k = shape
    X = cloud(n, d, seed)
    start = k_means_plus_plus(X, k, rng=seed)
    one, two = last(k_means_steps(X, start)), last(k_means_steps(np.vstack([X, X]), start))
    assert np.array_equal(np.tile(one.labels, 2), two.labels)
    np.testing.assert_allclose(one.centers, two.centers, rtol=1e-10)
    np.testing.assert_allclose(2 * one.inertia, two.inertia, rtol=1e-10, atol=1e-18)


@given(seeds, shapes)
def test_the_order_of_the_points_does_not_matter(seed, shape):
    n, d, k = shape
    X, order = cloud(n, d, seed), np.random.default_rng(seed).permutation(n)
    start = k_means_plus_plus(X, k, rng=seed)
    one, other = last(k_means_steps(X, start)), last(k_means_steps(X[order], start))
    assert np.array_equal(one.labels[order], other.labels)
    np.testing.assert_allclose(one.centers, other.centers, rtol=1e-10)


@given(seeds)
def test_as_many_clusters_as_points_cost_nothing(seed):
    X = cloud(7, 3, seed)
    result = k_means(X, 7, n_init=1, rng=seed)
    assert result.inertia == 0.0
    assert sorted(result.labels) == list(range(7))


def test_more_clusters_never_cost_more():
    assert (np.diff(elbow(cloud(40, 2, 0), range(1, 12), rng=0)) < 0).all()


@given(seeds)
def test_new_points_go_to_the_nearest_center(seed):
    X, fresh = cloud(30, 2, seed), cloud(11, 2, seed + 1)
    result = k_means(X, 3, n_init=2, rng=seed)
    distances = np.linalg.norm(fresh[:, None] - result.centers, axis=2)
    assert np.array_equal(result.predict(fresh), distances.argmin(axis=1))
    assert np.array_equal(result.predict(X), result.labels)
    assert result.history[-1] == result.inertia


def test_a_tie_goes_to_the_lowest_index():
    X = [[0.0], [1.0], [2.0]]
    assert next(k_means_steps(X, [[0.0], [2.0]])).labels.tolist() == [0, 0, 1]
    assert next(k_means_steps(X, [[2.0], [0.0]])).labels.tolist() == [1, 0, 0]


def test_fewer_distinct_points_than_clusters_end_at_zero():
    result = k_means([[5.0, 5.0]] * 4 + [[6.0, 6.0]], 4, rng=0)
    assert result.inertia == 0.0
    assert np.isfinite(result.centers).all()


def test_nothing_given_or_yielded_is_changed_later():
    X, start = cloud(20, 2, 0), cloud(20, 2, 0)[:3]
    before = X.copy(), start.copy()
    states = list(k_means_steps(X, start))
    states[0].centers[:] = np.nan
    assert np.array_equal(X, before[0])
    assert np.array_equal(start, before[1])
    assert np.isfinite(states[1].centers).all()


# Sampling: k-means++ draws in proportion to the squared distance.


def test_k_means_plus_plus_draws_by_the_squared_distance():
    X, draws = np.array([[0.0], [1.0], [3.0], [7.0]]), 20_000
    rng = np.random.default_rng(0)
    pairs = np.array([k_means_plus_plus(X, 2, rng=rng).ravel() for _ in range(draws)])
    exact = (X - X.T) ** 2
    exact /= 4 * exact.sum(axis=1, keepdims=True)  # P(first) = 1/4, then D^2
    for (i, first), (j, second) in product(enumerate(X.ravel()), repeat=2):
        share = ((pairs[:, 0] == first) & (pairs[:, 1] == second)).mean()
        error = np.sqrt(exact[i, j] * (1 - exact[i, j]) / draws)
        assert abs(share - exact[i, j]) <= 5 * error, (first, second)


def test_the_third_center_minds_the_nearest_of_the_two():
    X, draws = np.array([[0.0], [2.0], [9.0], [10.0]]), 20_000
    rng = np.random.default_rng(1)
    triples = np.array([k_means_plus_plus(X, 3, rng=rng).ravel() for _ in range(draws)])
    third = triples[(triples[:, 0] == 0.0) & (triples[:, 1] == 10.0), 2]
    exact = 4 / (4 + 1)  # D^2 of 2 is 4, that of 9 is 1
    error = np.sqrt(exact * (1 - exact) / len(third))
    assert abs((third == 2.0).mean() - exact) <= 5 * error


@given(seeds, shapes)
def test_starts_are_distinct_points_of_the_data(seed, shape):
    n, d, k = shape
    X = cloud(n, d, seed)
    start = k_means_plus_plus(X, k, rng=seed)
    assert len({tuple(row) for row in start}) == k
    assert {tuple(row) for row in start} <= {tuple(row) for row in X}


# Bad input: one row per message.


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: k_means([[0.0], [1.0]], 3, rng=0),
            "k: expected a whole number from 1 to 2, got 3",
        ),
        (
            lambda: k_means([[0.0], [1.0]], 0, rng=0),
            "k: expected a whole number from 1 to 2, got 0",
        ),
        (lambda: k_means([[0.0], [np.nan]], 1, rng=0), "X: expected finite numbers"),
        (lambda: k_means([0.0, 1.0], 1, rng=0), "X: expected an array with 2 axes"),
        (lambda: k_means(np.empty((0, 2)), 1, rng=0), "X: expected at least one number"),
        (lambda: k_means(RECTANGLE, 2, n_init=0, rng=0), "n_init: expected a whole number"),
        (lambda: k_means(RECTANGLE, 2, max_iter=0, rng=0), "max_iter: expected a whole number"),
        (lambda: k_means(RECTANGLE, 2, rng=None), "rng: expected a numpy.random.Generator"),
        (
            lambda: list(k_means_steps(RECTANGLE, [[0.0], [1.0]])),
            "centers: expected 2 columns as X, got 1",
        ),
        (
            lambda: list(k_means_steps(RECTANGLE, np.eye(5, 2))),
            "number of centers: expected a whole number from 1 to 4, got 5",
        ),
        (
            lambda: k_means(RECTANGLE, 2, rng=0).predict([[1.0, 2.0, 3.0]]),
            "X: expected 2 columns as fitted, got 3",
        ),
        (lambda: silhouette(RECTANGLE, [0, 0, 0, 0]), "labels: expected at least two clusters"),
        (lambda: silhouette(RECTANGLE, [0, 1]), "labels: expected 4, one for each point, got 2"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise: it takes what is right and sees what is wrong.


def means(X, labels, k):
    return np.array([X[labels == i].mean(axis=0) for i in range(k)])


def squares(X, centers):
    return ((X[:, None] - centers) ** 2).sum(axis=2)


def right(X, centers):
    return means(X, squares(X, centers).argmin(axis=1), len(centers))


def farthest(X, centers):
    return means(X, squares(X, centers).argmax(axis=1), len(centers))


def medians(X, centers):
    labels = squares(X, centers).argmin(axis=1)
    return np.array([np.median(X[labels == i], axis=0) for i in range(len(centers))])


def last_of_a_tie(X, centers):
    labels = len(centers) - 1 - squares(X, centers)[:, ::-1].argmin(axis=1)
    return means(X, labels, len(centers))


def both_of_a_tie(X, centers):
    near = squares(X, centers)
    members = near <= near.min(axis=1, keepdims=True)
    return np.array([X[members[:, i]].mean(axis=0) for i in range(len(centers))])


def one_after_another(X, centers):
    moved = centers.copy()
    for i in range(len(moved)):
        labels = squares(X, moved).argmin(axis=1)
        moved[i] = X[labels == i].mean(axis=0)
    return moved


def in_place(X, centers):
    centers[:] = right(X, centers)
    return centers


def sorted_centers(X, centers):
    return right(X, centers)[::-1]


def labels_only(X, centers):
    return squares(X, centers).argmin(axis=1)


def divided_by_n(X, centers):
    labels = squares(X, centers).argmin(axis=1)
    return np.array([X[labels == i].sum(axis=0) / len(X) for i in range(len(centers))])


def reference(X, centers):
    return list(k_means_steps(X, centers, max_iter=1))[-1].centers


@pytest.mark.parametrize("solution", [reference, right])
def test_the_exercise_accepts_a_solution(solution):
    report = grade_result("k_means", solution)
    assert report.passed, report.message


@pytest.mark.parametrize(
    "wrong",
    [
        farthest,
        medians,
        last_of_a_tie,
        both_of_a_tie,
        one_after_another,
        in_place,
        sorted_centers,
        labels_only,
        divided_by_n,
    ],
)
def test_the_exercise_rejects_what_is_wrong(wrong):
    report = grade_result("k_means", wrong)
    assert report.attempted
    assert not report.passed


def test_the_exercise_names_the_tie():
    assert "equally near to two centers" in grade_result("k_means", last_of_a_tie).message
