r"""K-means: k centroids, each point with its nearest one, each centroid the mean of its points.

The three formulas of the section, for clusters :math:`C_1, \dots, C_k`:

.. math::

    J = \sum_{i=1}^k \sum_{x \in C_i} \|x - \mu_i\|^2 \quad (3.23.1\text{-}f1) \qquad
    \mu_i = \frac{1}{|C_i|} \sum_{x \in C_i} x \quad (3.23.1\text{-}f2)

.. math::

    C_i = \{x : i = \min \operatorname{argmin}_j \|x - \mu_j\|^2\} \quad (3.23.1\text{-}f3)

The outer minimum in f3 is the rule for ties, without which the clusters are no partition.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlsheet.numerics import pairwise_squared_distances
from mlsheet.validation import FloatArray, as_generator, check_array, check_count


class KMeansState(NamedTuple):
    """One moment of Lloyd's algorithm: where the centroids are and who belongs to which.

    Parameters
    ----------
    centers : ndarray of float64, shape (k, d)
        The centroids.
    labels : ndarray of int, shape (n,)
        For each point the index of its nearest centroid, the lowest one in a tie.
    inertia : float
        J (3.23.1-f1) of these centroids and labels, in squared units of the data.
    """

    centers: FloatArray
    labels: NDArray[np.intp]
    inertia: float


@dataclass(frozen=True, eq=False)
class KMeans:
    """The clustering with the lowest J among several runs.

    Parameters
    ----------
    centers : ndarray of float64, shape (k, d)
        The centroids.
    labels : ndarray of int, shape (n,)
        The cluster of each point.
    inertia : float
        J (3.23.1-f1), the sum of squared distances to the centroids.
    history : tuple of float
        J at each step of the winning run, from its start to its end.
    """

    centers: FloatArray
    labels: NDArray[np.intp]
    inertia: float
    history: tuple[float, ...]

    def predict(self, X: ArrayLike) -> NDArray[np.intp]:
        """Return the index of the nearest centroid for each row of ``X``.

        Parameters
        ----------
        X : array_like, shape (m, d)
            Points, seen before or new.

        Returns
        -------
        ndarray of int, shape (m,)
            Cluster indices, the lowest one in a tie (3.23.1-f3).

        Raises
        ------
        ValueError
            If ``X`` has another number of columns than the centroids, or a non-finite number.

        Examples
        --------
        >>> k_means([[0], [1], [9], [10]], 2, rng=0).predict([[2], [8], [8]]).tolist()
        [1, 0, 0]
        """
        points = check_array(X, "X", ndim=2)
        if points.shape[1] != self.centers.shape[1]:
            expected = self.centers.shape[1]
            raise ValueError(f"X: expected {expected} columns as fitted, got {points.shape[1]}")
        labels: NDArray[np.intp] = pairwise_squared_distances(points, self.centers).argmin(axis=1)
        return labels


def k_means_plus_plus(X: ArrayLike, k: int, *, rng: np.random.Generator | int) -> FloatArray:
    r"""Choose k of the points as starting centroids, far apart but at random.

    The first is drawn uniformly, each further one with probability proportional to
    :math:`D(x)^2`, the squared distance from x to the nearest one chosen so far:

    .. math:: P(x) = D(x)^2 / \textstyle\sum_{x'} D(x')^2

    Parameters
    ----------
    X : array_like, shape (n, d)
        Points, one a row.
    k : int
        Number of centroids, 1 to n.
    rng : numpy.random.Generator or int
        Generator or seed.

    Returns
    -------
    ndarray of float64, shape (k, d)
        Rows of ``X``, in the order in which they were drawn.

    Raises
    ------
    ValueError
        If k > n, or if ``X`` has the wrong shape or a non-finite number.

    References
    ----------
    D. Arthur and S. Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007.

    Examples
    --------
    >>> k_means_plus_plus([[0.0], [0.0], [7.0]], 2, rng=0).ravel().tolist()
    [7.0, 0.0]
    """
    points = check_array(X, "X", ndim=2)
    check_count(k, "k", maximum=len(points))
    generator = as_generator(rng)
    chosen = [int(generator.integers(len(points)))]
    nearest = np.full(len(points), np.inf)  # D(x)^2
    while len(chosen) < k:
        newest = pairwise_squared_distances(points, points[chosen[-1:]])[:, 0]
        nearest = np.minimum(nearest, newest)
        nearest[chosen] = 0.0
        total = nearest.sum()
        # with every point on a center already (total 0), any point will do
        weights = nearest / total if total > 0 else None
        chosen.append(int(generator.choice(len(points), p=weights)))
    return points[chosen]


def _fill_empty(labels: NDArray[np.intp], distances: FloatArray) -> NDArray[np.intp]:
    """Give each empty cluster the point farthest from its centroid, never a cluster's only one."""
    filled, farness = labels.copy(), distances.min(axis=1)
    for i in range(distances.shape[1]):
        sizes = np.bincount(filled, minlength=distances.shape[1])
        if sizes[i] == 0:
            filled[np.where(sizes[filled] > 1, farness, -1.0).argmax()] = i
    return filled


def k_means_steps(
    X: ArrayLike, centers: ArrayLike, *, max_iter: int = 100
) -> Iterator[KMeansState]:
    """Run Lloyd's algorithm from the given centroids, one state at a time.

    The first state holds the start itself.  Each further one has moved every centroid to the
    mean of its points (3.23.1-f2) and then given every point to its nearest centroid
    (3.23.1-f3); J (3.23.1-f1) never rises.  A cluster left without points has no mean: it first
    takes over the point farthest from its centroid.  The last state repeats itself for ever.

    Parameters
    ----------
    X : array_like, shape (n, d)
        Points, one a row.
    centers : array_like, shape (k, d)
        Starting centroids, at most n.
    max_iter : int
        The greatest number of moves.

    Yields
    ------
    KMeansState
        Centroids, labels and J; the arrays are fresh and not changed afterwards.

    Raises
    ------
    ValueError
        At the first state, if k > n, shapes don't fit or a number isn't finite.

    References
    ----------
    S. P. Lloyd, "Least squares quantization in PCM", IEEE Trans. Inf. Theory 28 (1982).

    Examples
    --------
    >>> [round(s.inertia, 1) for s in k_means_steps([[0], [1], [9], [10]], [[0], [1]])]
    [145.0, 17.6, 1.0]
    """
    points = check_array(X, "X", ndim=2)
    current = check_array(centers, "centers", ndim=2)
    k = check_count(len(current), "number of centers", maximum=len(points))
    if current.shape[1] != points.shape[1]:
        columns = f"{points.shape[1]} columns as X, got {current.shape[1]}"
        raise ValueError(f"centers: expected {columns}")
    for _ in range(check_count(max_iter, "max_iter") + 1):
        distances = pairwise_squared_distances(points, current)
        labels = distances.argmin(axis=1)  # f3, the lowest index in a tie
        inertia = float(((points - current[labels]) ** 2).sum())  # f1
        yield KMeansState(current.copy(), labels, inertia)
        members = _fill_empty(labels, distances)
        moved = np.array([points[members == i].mean(axis=0) for i in range(k)])  # f2
        if np.array_equal(moved, current):
            return
        current = moved


def k_means(
    X: ArrayLike,
    k: int,
    *,
    n_init: int = 10,
    max_iter: int = 100,
    rng: np.random.Generator | int,
) -> KMeans:
    """Cluster ``X`` into k groups: the best of several runs, each from a k-means++ start.

    Parameters
    ----------
    X : array_like, shape (n, d)
        Points, one a row.
    k : int
        Number of clusters, 1 to n.
    n_init : int
        Number of runs; the first with the lowest J wins.
    max_iter : int
        The greatest number of moves in a run.
    rng : numpy.random.Generator or int
        Generator or seed.

    Returns
    -------
    KMeans
        Centroids, labels, J and its history.

    Raises
    ------
    ValueError
        If k > n, if n_init or max_iter is below 1, or if ``X`` isn't a finite (n, d) array.

    References
    ----------
    T. Hastie, R. Tibshirani, J. Friedman, *The Elements of Statistical Learning*, 2nd ed., ch. 14.

    Examples
    --------
    >>> result = k_means([[0, 0], [0, 1], [4, 0], [4, 1]], 2, rng=0)
    >>> result.inertia, sorted(result.centers.tolist())
    (1.0, [[0.0, 0.5], [4.0, 0.5]])
    """
    generator = as_generator(rng)
    runs = [
        list(k_means_steps(X, k_means_plus_plus(X, k, rng=generator), max_iter=max_iter))
        for _ in range(check_count(n_init, "n_init"))
    ]
    best = min(runs, key=lambda states: states[-1].inertia)
    return KMeans(*best[-1], history=tuple(state.inertia for state in best))


def elbow(
    X: ArrayLike, ks: Iterable[int], *, n_init: int = 10, rng: np.random.Generator | int
) -> FloatArray:
    """Return the lowest J found for each number of clusters: the curve with the "elbow".

    Parameters
    ----------
    X : array_like, shape (n, d)
        Points, one a row.
    ks : iterable of int
        Numbers of clusters, each 1 to n.
    n_init : int
        Number of runs for each k.
    rng : numpy.random.Generator or int
        Generator or seed.

    Returns
    -------
    ndarray of float64, shape (len(ks),)
        J (3.23.1-f1) for each k.  Its minimum, 0 at k = n, says nothing about the right k.

    Raises
    ------
    ValueError
        As `k_means` does.

    References
    ----------
    T. Hastie, R. Tibshirani, J. Friedman, *The Elements of Statistical Learning*, 2nd ed., ch. 14.

    Examples
    --------
    >>> elbow([[0], [1], [9], [10]], [1, 2, 3, 4], rng=0).tolist()
    [82.0, 1.0, 0.5, 0.0]
    """
    generator = as_generator(rng)
    return np.array([k_means(X, k, n_init=n_init, rng=generator).inertia for k in ks])


def silhouette(X: ArrayLike, labels: ArrayLike) -> FloatArray:
    r"""Return for each point how much nearer its own cluster is than the next one.

    .. math:: s(i) = \frac{b_i - a_i}{\max(a_i, b_i)} \quad (3.23\text{-}f1)

    where :math:`a_i` is the mean distance from point i to the others of its cluster and
    :math:`b_i` the mean distance to the points of the nearest other cluster; s = 0 for a
    cluster's only point.

    Parameters
    ----------
    X : array_like, shape (n, d)
        Points, one a row.
    labels : array_like, shape (n,)
        The cluster of each point; at least two different ones.

    Returns
    -------
    ndarray of float64, shape (n,)
        Numbers from -1 (in the wrong cluster) to 1; their mean rates the whole clustering.

    Raises
    ------
    ValueError
        If there is only one cluster, or ``labels`` hasn't one number for each point.

    References
    ----------
    P. J. Rousseeuw, "Silhouettes", J. Comput. Appl. Math. 20 (1987).

    Examples
    --------
    >>> silhouette([[0], [1], [3], [4]], [0, 0, 1, 1]).round(3).tolist()
    [0.714, 0.6, 0.6, 0.714]
    """
    points, names = check_array(X, "X", ndim=2), check_array(labels, "labels", ndim=1)
    if len(names) != len(points):
        raise ValueError(f"labels: expected {len(points)}, one for each point, got {len(names)}")
    distinct, cluster = np.unique(names, return_inverse=True)
    if len(distinct) < 2:
        raise ValueError("labels: expected at least two clusters, got one")
    distances = np.sqrt(pairwise_squared_distances(points, points))
    np.fill_diagonal(distances, 0.0)
    member = cluster[:, None] == np.arange(len(distinct))
    sums, sizes = distances @ member, member.sum(axis=0)
    own = sizes[cluster]
    inside = sums[member] / np.maximum(own - 1, 1)
    outside = np.where(member, np.inf, sums / sizes).min(axis=1)
    gap = np.where(own > 1, outside - inside, 0.0)
    larger = np.maximum(inside, outside)
    scores: FloatArray = np.zeros(len(points))
    np.divide(gap, larger, out=scores, where=larger > 0)
    return scores
