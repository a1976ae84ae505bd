"""1.12.1 Independence in Probability: a joint table against the product of its marginals."""

from functools import reduce

import numpy as np
from numpy.typing import ArrayLike

from mlsheet.validation import FloatArray, check_array, check_between, check_probabilities


def product_of_marginals(joint: ArrayLike) -> FloatArray:
    r"""Joint table that the same variables would have if they were independent (1.12-f1).

    .. math:: q(x_1, \dots, x_d) = p_1(x_1) \cdots p_d(x_d)

    Parameters
    ----------
    joint : array_like, shape (k_1, …, k_d)
        Probability of each combination of values, one axis a variable; it sums to 1.

    Returns
    -------
    ndarray of float64, shape (k_1, …, k_d)
        Product of the marginals, of the same shape.

    Raises
    ------
    ValueError
        If a number is negative or not finite, or they don't sum to 1.

    References
    ----------
    G. Casella and R. L. Berger, *Statistical Inference*, 2nd ed. (2002), section 4.2.

    Examples
    --------
    >>> product_of_marginals([[0.5, 0.0], [0.25, 0.25]])
    array([[0.375, 0.125],
           [0.375, 0.125]])
    """
    table = np.atleast_1d(check_array(joint, "joint"))
    check_probabilities(table.ravel(), "joint")
    axes = set(range(table.ndim))
    marginals = [table.sum(axis=tuple(axes - {axis})) for axis in range(table.ndim)]
    product: FloatArray = reduce(np.multiply.outer, marginals)
    return product


def is_independent(joint: ArrayLike, *, tol: float = 1e-9) -> bool:
    r"""Whether the variables of a joint table are mutually independent.

    They are if and only if the table is the product of its marginals, in **every** cell.

    Parameters
    ----------
    joint : array_like, shape (k_1, …, k_d)
        Probability of each combination of values, one axis a variable; it sums to 1.
    tol : float
        How far a cell may be off, an absolute probability.

    Returns
    -------
    bool
        True if no cell differs from the product by more than ``tol``.

    Raises
    ------
    ValueError
        If the table is no distribution or ``tol`` is negative.

    References
    ----------
    G. Casella and R. L. Berger, *Statistical Inference*, 2nd ed. (2002), section 4.2.

    Examples
    --------
    >>> is_independent([[0.12, 0.18], [0.28, 0.42]])
    True
    >>> is_independent([[0.5, 0.0], [0.0, 0.5]])
    False
    """
    check_between(tol, "tol", 0)
    gap = np.abs(check_array(joint, "joint") - product_of_marginals(joint))
    return bool(gap.max() <= tol)
