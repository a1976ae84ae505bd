"""1.24.3 Chi-Square Test: counts in a table against what independence expects."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc

from mlsheet.validation import FloatArray, check_array


class ChiSquareTest(NamedTuple):
    """The outcome of a chi-square test, or of many.

    Parameters
    ----------
    chi2 : ndarray of float64
        The statistic.
    df : int
        The degrees of freedom of its null law.
    expected : ndarray of float64
        The expected counts; the p-value is to be trusted where they are about 5 or more.
    p : ndarray of float64
        The p-value.
    """

    chi2: FloatArray
    df: int
    expected: FloatArray
    p: FloatArray


def expected_counts(table: ArrayLike) -> FloatArray:
    r"""Return the counts that independence expects, with the margins observed (1.24-s2).

    .. math:: E_{ij} = \frac{O_{i\cdot} \, O_{\cdot j}}{N}

    Parameters
    ----------
    table : array_like, shape (..., r, c)
        Observed counts, one table along the last two axes.

    Returns
    -------
    ndarray of float64, shape (..., r, c)
        Expected counts, above 0.

    Raises
    ------
    ValueError
        If the tables don't have two rows and two columns at least, hold something other than
        counts, or have an empty row or column.

    References
    ----------
    A. Agresti, *Categorical Data Analysis*, 3rd ed. (2013), section 3.2.

    Examples
    --------
    >>> expected_counts([[3, 7], [7, 3]])
    array([[5., 5.],
           [5., 5.]])
    """
    observed = check_array(table, "table")
    if observed.ndim < 2 or min(observed.shape[-2:]) < 2:
        raise ValueError(f"table: expected 2 rows and 2 columns or more, got {observed.shape}")
    if (observed < 0).any() or (observed % 1).any():
        raise ValueError("table: expected counts (whole numbers of at least 0), not shares")
    rows, columns = (observed.sum(axis=axis, keepdims=True) for axis in (-1, -2))
    if not (rows.all() and columns.all()):
        raise ValueError("table: expected no empty row or column, for it would expect 0")
    expected: FloatArray = rows * columns / rows.sum(axis=-2, keepdims=True)
    return expected


def chi2_independence(table: ArrayLike, *, correction: bool = False) -> ChiSquareTest:
    r"""Test whether the rows and columns of a table are independent (1.24-f5).

    .. math:: \chi^2 = \sum_{i, j} \frac{(O_{ij} - E_{ij})^2}{E_{ij}}, \qquad
        \mathrm{df} = (r - 1)(c - 1)

    Under independence the statistic has about the chi-square law with df degrees of freedom, the
    better the larger the expected counts.

    Parameters
    ----------
    table : array_like, shape (..., r, c)
        Observed counts, one table along the last two axes.
    correction : bool
        Whether each difference in a 2×2 table is made smaller by ½ (Yates), so that p is larger.

    Returns
    -------
    ChiSquareTest
        Statistic and p-value, each of shape (...), degrees of freedom and expected counts.

    Raises
    ------
    ValueError
        If the tables don't have two rows and two columns at least, hold something other than
        counts, or have an empty row or column; or for a correction of larger tables.

    References
    ----------
    K. Pearson, "On the criterion that a given system of deviations … is such that it can be
    reasonably supposed to have arisen from random sampling", Philosophical Magazine 50 (1900).

    Examples
    --------
    >>> chi2, df, expected, p = chi2_independence([[3, 7], [7, 3]])
    >>> print(f"chi2 = {chi2:.1f}, df = {df}, p = {p:.4f}")
    chi2 = 3.2, df = 1, p = 0.0736
    """
    expected = expected_counts(table)
    r, c = expected.shape[-2:]
    gaps = np.abs(np.asarray(table) - expected)
    if correction:
        if (r, c) != (2, 2):
            raise ValueError(f"correction: expected a table of shape (2, 2), got {(r, c)}")
        gaps = np.maximum(gaps - 0.5, 0)
    chi2: FloatArray = (gaps**2 / expected).sum(axis=(-2, -1))
    df = (r - 1) * (c - 1)
    return ChiSquareTest(chi2, df, expected, chdtrc(df, chi2))
