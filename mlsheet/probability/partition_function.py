"""1.12.4 Partition Function: the sum of all scores, state by state or along a chain."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import logsumexp

from mlsheet.validation import FloatArray, check_array

Factor: TypeAlias = tuple[Sequence[int], ArrayLike]
"""The variables a factor looks at, and its table with one axis for each of them."""


def log_scores(factors: Sequence[Factor]) -> FloatArray:
    r"""Return the logarithm of the product of all factors, for every state.

    .. math:: \log \prod_{C} \phi_C(x_C) = \sum_C \log \phi_C(x_C)

    Parameters
    ----------
    factors : sequence of (scope, table)
        The scope names variables, numbered from 0; the table has one axis for each, in the order
        of the scope, and holds weights of at least 0.

    Returns
    -------
    ndarray of float64, shape (k_0, ..., k_{n-1})
        One number a state, where variable i has k_i values; -inf where a factor is 0.

    Raises
    ------
    ValueError
        If a weight is negative or not finite, a table doesn't fit its scope, a scope names a
        variable twice, two tables disagree on the size of a variable, or a variable below the
        largest has no factor.

    References
    ----------
    C. M. Bishop, *Pattern Recognition and Machine Learning* (2006), section 8.3.

    Examples
    --------
    >>> np.exp(log_scores([([0], [1, 2]), ([1], [1, 3])])).round(6)
    array([[1., 3.],
           [2., 6.]])
    """
    sizes: dict[int, int] = {}
    logs = []
    for scope, table in factors:
        if len(set(scope)) < len(scope):
            raise ValueError(f"factors: expected different variables in a scope, got {scope}")
        logs.append(_log_weights(table, "table", ndim=len(scope)))
        for variable, size in zip(scope, logs[-1].shape, strict=True):
            if sizes.setdefault(variable, size) != size:
                known = sizes[variable]
                raise ValueError(f"factors: variable {variable} has {known} and {size} values")
    n = len(sizes)
    if not sizes or set(sizes) != set(range(n)):
        raise ValueError(f"factors: expected variables 0, 1, 2, …, got {sorted(sizes)}")
    total = np.zeros([sizes[variable] for variable in range(n)])
    for (scope, _), log in zip(factors, logs, strict=True):
        shape = [sizes[variable] if variable in scope else 1 for variable in range(n)]
        total += log.transpose(np.argsort(scope)).reshape(shape)
    return total


def log_partition(factors: Sequence[Factor]) -> float:
    r"""Return the logarithm of the partition function by a sum over every state (1.12-f6).

    .. math:: \log Z = \log \sum_x \prod_C \phi_C(x_C)

    The largest score is factored out of the sum, so that nothing overflows.

    Parameters
    ----------
    factors : sequence of (scope, table)
        As in `log_scores`.

    Returns
    -------
    float
        The logarithm of Z; -inf if every state has score 0.

    Raises
    ------
    ValueError
        As in `log_scores`.

    References
    ----------
    C. M. Bishop, *Pattern Recognition and Machine Learning* (2006), section 8.3.

    Examples
    --------
    >>> round(float(np.exp(log_partition([([0], [1, 2]), ([0, 1], [[3, 1], [1, 3]])]))), 6)
    12.0
    """
    return float(logsumexp(log_scores(factors)))


def log_partition_chain(unary: ArrayLike, pairwise: ArrayLike) -> float:
    r"""Return the logarithm of a chain's partition function, one link after the other (1.12.4-a2).

    .. math:: m_1(x) = \phi_1(x), \quad
        m_{i+1}(x') = \phi_{i+1}(x') \sum_x m_i(x) \, \psi(x, x'), \quad Z = \sum_x m_n(x)

    Parameters
    ----------
    unary : array_like, shape (n, k)
        Weights :math:`\phi_i(x)` of each variable's k values, at least 0.
    pairwise : array_like, shape (k, k)
        Weights :math:`\psi(x, x')` of neighbours, the left one's value first; at least 0.

    Returns
    -------
    float
        The logarithm of Z; -inf if every state has score 0.

    Raises
    ------
    ValueError
        If a weight is negative or not finite, or the shapes don't fit.

    References
    ----------
    C. M. Bishop, *Pattern Recognition and Machine Learning* (2006), section 8.4.

    Examples
    --------
    >>> round(float(np.exp(log_partition_chain([[1, 2]] * 3, [[3, 1], [1, 3]]))), 6)
    123.0
    """
    log_unary = _log_weights(unary, "unary", ndim=2)
    log_pairwise = _log_weights(pairwise, "pairwise", ndim=2)
    k = log_unary.shape[1]
    if log_pairwise.shape != (k, k):
        raise ValueError(f"pairwise: expected shape {(k, k)}, got {log_pairwise.shape}")
    message = log_unary[0]
    for own in log_unary[1:]:
        message = own + np.logaddexp.reduce(message[:, None] + log_pairwise, axis=0)
    return float(np.logaddexp.reduce(message))


def _log_weights(value: ArrayLike, name: str, *, ndim: int) -> FloatArray:
    weights = check_array(value, name, ndim=ndim)
    if (weights < 0).any():
        raise ValueError(f"{name}: expected weights >= 0, got {weights.min():g}")
    with np.errstate(divide="ignore"):
        logs: FloatArray = np.log(weights)
    return logs
