"""1.12.5 Complement Rule: at least one is not none."""

import numpy as np
from numpy.typing import ArrayLike

from mlsheet.validation import FloatArray, check_array, check_between, check_count


def at_least_one(p: ArrayLike) -> float:
    r"""Return the probability that at least one of several independent events happens (1.12.5-a1).

    .. math:: P\Big(\bigcup_i A_i\Big) = 1 - \prod_i (1 - p_i)

    The product is a sum of logarithms, and the difference from 1 is taken without cancellation:
    events of probability 1e-20 are not lost.

    Parameters
    ----------
    p : array_like, shape (n,)
        The probability of each event.

    Returns
    -------
    float
        The probability that one or more of them happen.

    Raises
    ------
    ValueError
        If ``p`` is empty or a number isn't from 0 to 1.

    References
    ----------
    J. K. Blitzstein and J. Hwang, *Introduction to Probability*, 2nd ed. (2019), chapter 1.

    Examples
    --------
    >>> round(at_least_one([0.05] * 14), 3)
    0.512
    """
    probabilities = check_array(p, "p", ndim=1)
    if (probabilities < 0).any() or (probabilities > 1).any():
        raise ValueError(f"p: expected probabilities from 0 to 1, got {probabilities}")
    with np.errstate(divide="ignore"):  # one certain event: log 0, hence probability 1
        return float(abs(np.expm1(np.log1p(-probabilities).sum())))


def trials_needed(p: float, level: float) -> int:
    r"""Return how many independent trials make at least one success likely enough (1.12.5-a2).

    .. math:: n = \left\lceil \frac{\log(1 - level)}{\log(1 - p)} \right\rceil

    Parameters
    ----------
    p : float
        Probability of success in each trial, strictly between 0 and 1.
    level : float
        The probability wanted for at least one success, strictly between 0 and 1.

    Returns
    -------
    int
        The smallest such number of trials.

    Raises
    ------
    ValueError
        If ``p`` or ``level`` isn't strictly between 0 and 1.

    References
    ----------
    J. K. Blitzstein and J. Hwang, *Introduction to Probability*, 2nd ed. (2019), chapter 1.

    Examples
    --------
    >>> trials_needed(0.05, 0.5)
    14
    """
    check_between(p, "p", 0, 1, strict=True)
    check_between(level, "level", 0, 1, strict=True)
    trials = np.log1p(-level) / np.log1p(-p)
    return int(np.ceil(trials * (1 - 1e-12)))  # rounding must not push a whole number up


def shared_birthday(n: int, days: int = 365) -> FloatArray:
    r"""Return the probability of a shared birthday among 0, 1, ..., n people (1.12.5-a3).

    .. math:: P_k = 1 - \prod_{i=0}^{k-1} \left(1 - \frac{i}{d}\right)

    Birthdays are independent, and each of the d days is equally likely. As in `at_least_one`,
    tiny probabilities are not lost.

    Parameters
    ----------
    n : int
        The largest number of people, at least 1.
    days : int
        Days in the year.

    Returns
    -------
    ndarray of float64, shape (n + 1,)
        The probability for each number of people from 0 to n.

    Raises
    ------
    ValueError
        If a count is below 1.

    References
    ----------
    W. Feller, *An Introduction to Probability Theory and Its Applications*, vol. 1, section II.3.

    Examples
    --------
    >>> shared_birthday(23)[[22, 23]].round(3)
    array([0.476, 0.507])
    """
    check_count(n, "n")
    check_count(days, "days")
    taken = np.minimum(np.arange(n) / days, 1)
    with np.errstate(divide="ignore"):  # no day left: log 0, hence probability 1
        return np.append(0.0, abs(np.expm1(np.log1p(-taken).cumsum())))
