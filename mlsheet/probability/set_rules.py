"""1.12.2 Set Rules: "or" by inclusion and exclusion, "and" by a chain of conditionals."""

from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlsheet.probability.probability_rules import FiniteSpace
from mlsheet.validation import FloatArray, check_count

MOST_EVENTS = 20


def inclusion_exclusion_terms(space: FiniteSpace, events: ArrayLike) -> FloatArray:
    r"""Signed terms of inclusion–exclusion; their sum is the probability of the union (1.12.2-a1).

    .. math:: t_k = (-1)^{k+1} \sum_{|S| = k} P\Big(\bigcap_{i \in S} A_i\Big), \qquad
        P(A_1 \cup \dots \cup A_m) = t_1 + \dots + t_m

    The sums :math:`t_1 + \dots + t_k` are upper bounds for odd k and lower bounds for even k.

    Parameters
    ----------
    space : FiniteSpace
        The outcomes and their probabilities.
    events : array_like of bool, shape (m, n)
        Masks of m events over the n outcomes, 20 at most: there are ``2 ** m - 1`` intersections.

    Returns
    -------
    ndarray of float64, shape (m,)
        The term of all intersections of k events, for k = 1, …, m.

    Raises
    ------
    ValueError
        If there is no event or more than 20, or one isn't a mask over the outcomes.

    References
    ----------
    W. Feller, *An Introduction to Probability Theory and Its Applications*, vol. 1, 3rd ed. (1968),
    chapter IV.

    Examples
    --------
    >>> die = FiniteSpace(np.full(6, 1 / 6))
    >>> face = np.arange(1, 7)
    >>> inclusion_exclusion_terms(die, [face % 2 == 0, face > 3]).round(3)
    array([ 1.   , -0.333])
    """
    masks = _rows(events)
    m = check_count(len(masks), "events", maximum=MOST_EVENTS)
    terms = np.zeros(m)
    for size in range(1, m + 1):
        for chosen in combinations(masks, size):
            terms[size - 1] += space.prob(np.all(chosen, axis=0))
    terms[1::2] *= -1
    return terms


def chain_rule_factors(space: FiniteSpace, events: ArrayLike) -> FloatArray:
    r"""Conditional probabilities whose product is the probability of all events (1.12.2-a2).

    .. math:: P(A_1 \cap \dots \cap A_m) = \prod_{i=1}^m P(A_i \mid A_1 \cap \dots \cap A_{i-1})

    Parameters
    ----------
    space : FiniteSpace
        The outcomes and their probabilities.
    events : array_like of bool, shape (m, n)
        Masks of m events over the n outcomes, in the order of conditioning.

    Returns
    -------
    ndarray of float64, shape (m,)
        The probability of each event given all those before it.

    Raises
    ------
    ValueError
        If there is no event, all but the last are impossible together, or one isn't a mask.

    References
    ----------
    W. Feller, *An Introduction to Probability Theory and Its Applications*, vol. 1, 3rd ed. (1968),
    chapter V.

    Examples
    --------
    >>> die = FiniteSpace(np.full(6, 1 / 6))
    >>> face = np.arange(1, 7)
    >>> chain_rule_factors(die, [face > 3, face % 2 == 0]).round(3)
    array([0.5  , 0.667])
    """
    so_far = np.ones(len(space.p), dtype=bool)
    factors = []
    for event in _rows(events):
        factors.append(space.cond(event, so_far))
        so_far = so_far & event
    return np.array(factors)


def _rows(events: ArrayLike) -> NDArray[np.bool_]:
    rows = np.asarray(events)
    if rows.ndim != 2 or len(rows) == 0:
        raise ValueError(f"events: expected one mask a row, got shape {rows.shape}")
    return rows
