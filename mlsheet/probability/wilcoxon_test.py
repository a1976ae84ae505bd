"""1.24.4 Wilcoxon Test: signed ranks of pairs, and rank sums of two groups (Mann-Whitney U)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from mlsheet.probability.hypothesis_testing import discrete_p_value, tail_probability
from mlsheet.probability.type_1_and_type_2_error import Alternative
from mlsheet.validation import FloatArray, check_array, check_count

EXACT_LIMIT = 50
"""Up to so many ranks the p-value is exact; above, it comes from the normal approximation."""


class SignedRankTest(NamedTuple):
    """The outcome of a signed-rank test.

    Parameters
    ----------
    w_plus, w_minus : float
        Sum of the ranks of the positive differences, and of the negative ones.
    p : float
        The p-value.
    """

    w_plus: float
    w_minus: float
    p: float


class RankSumTest(NamedTuple):
    """The outcome of a rank-sum test.

    Parameters
    ----------
    u1, u2 : float
        In how many pairs the first sample's value is the larger, and the second's; ties count ½.
    p : float
        The p-value.
    """

    u1: float
    u2: float
    p: float


def mid_ranks(values: ArrayLike) -> FloatArray:
    """Return the ranks 1 to n, where equal values share the mean of their ranks.

    Parameters
    ----------
    values : array_like, shape (n,)
        What to rank, the smallest first.

    Returns
    -------
    ndarray of float64, shape (n,)
        The rank of each value, a multiple of ½.

    Raises
    ------
    ValueError
        If ``values`` isn't a non-empty array of finite numbers with one axis.

    References
    ----------
    M. Hollander, D. A. Wolfe and E. Chicken, *Nonparametric Statistical Methods*, 3rd ed. (2013),
    chapter 3.

    Examples
    --------
    >>> mid_ranks([30, 10, 20, 10])
    array([4. , 1.5, 3. , 1.5])
    """
    _, group, sizes = np.unique(
        check_array(values, "values", ndim=1), return_inverse=True, return_counts=True
    )
    ranks: FloatArray = (np.cumsum(sizes) - (sizes - 1) / 2)[group]
    return ranks


def wilcoxon_signed_rank(
    x: ArrayLike, y: ArrayLike, alternative: Alternative = "two-sided"
) -> SignedRankTest:
    r"""Test whether the differences of pairs are symmetric about 0 (1.24-f6).

    .. math:: d_i = X_i - Y_i, \qquad W^+ = \sum_{i: d_i > 0} R_i

    :math:`R_i` is the rank of :math:`|d_i|` among the differences other than 0, which are dropped.

    Parameters
    ----------
    x, y : array_like, shape (n,)
        The two values of each pair.
    alternative : {"two-sided", "greater", "less"}
        How the differences ``x - y`` lie if the null hypothesis is false.

    Returns
    -------
    SignedRankTest
        The two sums of ranks and the p-value, exact up to 50 differences.

    Raises
    ------
    ValueError
        If the two aren't samples of one length, no pair differs or ``alternative`` is none of the
        three.

    References
    ----------
    F. Wilcoxon, "Individual comparisons by ranking methods", Biometrics Bulletin 1 (1945).

    Examples
    --------
    >>> wilcoxon_signed_rank([5, 7, 9, 4], [3, 8, 4, 4])
    SignedRankTest(w_plus=5.0, w_minus=1.0, p=0.5)
    """
    first, second = check_array(x, "x", ndim=1), check_array(y, "y", ndim=1)
    if first.shape != second.shape:
        raise ValueError(f"y: expected shape {first.shape}, got {second.shape}")
    d = (first - second)[first != second]
    if d.size == 0:
        raise ValueError("x, y: expected a pair whose values differ")
    ranks = mid_ranks(np.abs(d))
    w_plus = float(ranks[d > 0].sum())
    if d.size <= EXACT_LIMIT:
        p = discrete_p_value(*signed_rank_law(ranks), w_plus, alternative)
    else:
        z = (w_plus - ranks.sum() / 2) / np.sqrt((ranks**2).sum() / 4)
        p = float(tail_probability(z, _normal_survival, alternative))
    return SignedRankTest(w_plus, float(ranks.sum()) - w_plus, p)


def mann_whitney_u(
    x: ArrayLike, y: ArrayLike, alternative: Alternative = "two-sided"
) -> RankSumTest:
    r"""Test whether two independent samples come from one distribution (1.24-f7).

    .. math:: U_1 = R_1 - \frac{n_1 (n_1 + 1)}{2}, \qquad U_2 = n_1 n_2 - U_1

    :math:`R_1` is the sum of the first sample's ranks among all values.

    Parameters
    ----------
    x : array_like, shape (n1,)
        The first sample.
    y : array_like, shape (n2,)
        The second sample.
    alternative : {"two-sided", "greater", "less"}
        How ``x`` lies to ``y`` if the null hypothesis is false.

    Returns
    -------
    RankSumTest
        The two counts of pairs and the p-value, exact up to 50 values in all.

    Raises
    ------
    ValueError
        If an argument is no sample of finite numbers, all values are equal or ``alternative`` is
        none of the three.

    References
    ----------
    H. B. Mann and D. R. Whitney, "On a test of whether one of two random variables is
    stochastically larger than the other", Annals of Mathematical Statistics 18 (1947).

    Examples
    --------
    >>> mann_whitney_u([1, 2], [3, 4, 5])
    RankSumTest(u1=0.0, u2=6.0, p=0.2)
    """
    first, second = check_array(x, "x", ndim=1), check_array(y, "y", ndim=1)
    n1, n2 = first.size, second.size
    ranks = mid_ranks(np.concatenate([first, second]))
    if np.ptp(ranks) == 0:
        raise ValueError("x, y: expected values that differ, all are equal")
    rank_sum = float(ranks[:n1].sum())
    if ranks.size <= EXACT_LIMIT:
        p = discrete_p_value(*rank_sum_law(ranks, n1), rank_sum, alternative)
    else:
        z = (rank_sum - n1 * ranks.mean()) / np.sqrt(n1 * n2 / (n1 + n2) * ranks.var(ddof=1))
        p = float(tail_probability(z, _normal_survival, alternative))
    u1 = rank_sum - n1 * (n1 + 1) / 2
    return RankSumTest(u1, n1 * n2 - u1, p)


def signed_rank_law(ranks: ArrayLike) -> tuple[FloatArray, FloatArray]:
    r"""Return the null law of :math:`W^+`: each rank counts or doesn't, as a fair coin falls.

    All :math:`2^n` patterns of signs are counted without listing them, one rank at a time.

    Parameters
    ----------
    ranks : array_like, shape (n,)
        Positive multiples of ½.

    Returns
    -------
    support : ndarray of float64, shape (m,)
        The values 0, ½, 1, … up to the sum of the ranks.
    probabilities : ndarray of float64, shape (m,)
        Their probabilities.

    Raises
    ------
    ValueError
        If a rank isn't a positive multiple of ½.

    References
    ----------
    M. Hollander, D. A. Wolfe and E. Chicken, *Nonparametric Statistical Methods*, 3rd ed. (2013),
    chapter 3.

    Examples
    --------
    >>> signed_rank_law([1, 2])
    (array([0. , 0.5, 1. , 1.5, 2. , 2.5, 3. ]), array([0.25, 0.  , 0.25, 0.  , 0.25, 0.  , 0.25]))
    """
    halves = _in_halves(ranks)
    law = np.zeros(sum(halves) + 1)
    law[0] = 1
    for half in halves:
        law = (law + np.roll(law, half)) / 2  # what would wrap around is still 0
    return np.arange(law.size) / 2, law


def rank_sum_law(ranks: ArrayLike, n1: int) -> tuple[FloatArray, FloatArray]:
    r"""Return the null law of :math:`R_1`: each choice of ``n1`` of the ranks is equally likely.

    Row k counts the choices of k ranks by their sum; each rank is left out or joins a choice of
    one less.

    Parameters
    ----------
    ranks : array_like, shape (n,)
        Positive multiples of ½.
    n1 : int
        Size of the first sample, from 1 to n.

    Returns
    -------
    support : ndarray of float64, shape (m,)
        The values 0, ½, 1, … up to the sum of the ranks.
    probabilities : ndarray of float64, shape (m,)
        Their probabilities.

    Raises
    ------
    ValueError
        If a rank isn't a positive multiple of ½ or ``n1`` lies outside its range.

    References
    ----------
    H. B. Mann and D. R. Whitney, "On a test of whether one of two random variables is
    stochastically larger than the other", Annals of Mathematical Statistics 18 (1947).

    Examples
    --------
    >>> support, probabilities = rank_sum_law([1, 2, 3], n1=2)
    >>> support[probabilities > 0]
    array([3., 4., 5.])
    """
    halves = _in_halves(ranks)
    check_count(n1, "n1", maximum=len(halves))
    ways = np.zeros((n1 + 1, sum(halves) + 1))
    ways[0, 0] = 1
    for half in halves:
        ways[1:] += np.roll(ways[:-1], half, axis=1)
    return np.arange(ways.shape[1]) / 2, ways[n1] / ways[n1].sum()


def _in_halves(ranks: ArrayLike) -> list[int]:
    doubled = 2 * check_array(ranks, "ranks", ndim=1)
    if (doubled <= 0).any() or (doubled % 1).any():
        raise ValueError("ranks: expected positive multiples of 1/2")
    return [int(half) for half in doubled]


def _normal_survival(z: FloatArray) -> FloatArray:
    return ndtr(-z)
