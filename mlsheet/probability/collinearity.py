"""1.20 Collinearity in Regression: which coefficients the predictors leave undetermined."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import solve_triangular

from mlsheet.validation import (
    FloatArray,
    as_generator,
    check_array,
    check_between,
    check_count,
)

EPS = float(np.finfo(np.float64).eps)


class LeastSquares(NamedTuple):
    """A regression fitted by least squares.

    Parameters
    ----------
    beta : ndarray of float64, shape (p,)
        The coefficients, one a column of the design.
    cov : ndarray of float64, shape (p, p)
        Their estimated covariance.
    """

    beta: FloatArray
    cov: FloatArray


class ConditionIndices(NamedTuple):
    """How near a design is to losing rank, and which coefficients suffer.

    Parameters
    ----------
    indices : ndarray of float64, shape (p,)
        Largest singular value of the scaled columns over each of them, from 1 upwards.
    proportions : ndarray of float64, shape (p, p)
        Row k, column j: the share of coefficient j's variance that singular value k causes.
    """

    indices: FloatArray
    proportions: FloatArray


def vif(X: ArrayLike) -> FloatArray:
    r"""Return the variance inflation factor of each predictor (1.20-s1).

    .. math:: \text{VIF}_j = \frac{1}{1 - R_j^2} = (C^{-1})_{jj} = \sum_k v_{jk}^2 / \sigma_k^2

    :math:`C` is the correlation matrix; :math:`\sigma_k` and :math:`v_k` are singular values and
    right singular vectors of the standardised columns, so that :math:`C` is never formed.

    Parameters
    ----------
    X : array_like, shape (n, p)
        Predictors in any units, without a column of ones.

    Returns
    -------
    ndarray of float64, shape (p,)
        Factors from 1; infinite for a column that others determine exactly.

    Raises
    ------
    ValueError
        If ``X`` isn't a finite matrix or a column is constant.

    References
    ----------
    D. A. Belsley, E. Kuh and R. E. Welsch, *Regression Diagnostics* (1980), chapter 3.

    Examples
    --------
    >>> vif([[1, 1], [1, -1], [-1, 1], [-1, -1]]).round(3)
    array([1., 1.])
    """
    columns = check_array(X, "X", ndim=2)
    if not np.ptp(columns, axis=0).all():
        raise ValueError("X: expected columns that vary, got a constant one")
    sigma, V = _spectrum(columns - columns.mean(axis=0))
    lost = _is_lost(sigma, columns.shape)
    factors: FloatArray = (V[:, ~lost] ** 2 / sigma[~lost] ** 2).sum(axis=1)
    factors[(V[:, lost] ** 2).sum(axis=1) > EPS] = np.inf
    return factors


def condition_indices(X: ArrayLike) -> ConditionIndices:
    r"""Return Belsley's condition indices (1.20-a1) and variance proportions (1.20-a2).

    .. math:: \eta_k = \frac{\sigma_1}{\sigma_k}, \qquad
        \pi_{kj} = \frac{v_{jk}^2 / \sigma_k^2}{\sum_l v_{jl}^2 / \sigma_l^2}

    Parameters
    ----------
    X : array_like, shape (n, p)
        The design. Columns are scaled to length 1 and not centered: include a column of ones to
        see what the intercept takes part in, or center the others beforehand.

    Returns
    -------
    ConditionIndices
        The indices in increasing order and the proportions, whose columns sum to 1.

    Raises
    ------
    ValueError
        If ``X`` isn't a finite matrix or its columns are linearly dependent.

    References
    ----------
    D. A. Belsley, E. Kuh and R. E. Welsch, *Regression Diagnostics* (1980), chapter 3.

    Examples
    --------
    >>> condition_indices([[1, 1], [1, -1], [1, 1], [1, -1]]).indices.round(3)
    array([1., 1.])
    """
    sigma, V = _full_rank_spectrum(check_array(X, "X", ndim=2))
    parts = V.T**2 / sigma[:, None] ** 2
    return ConditionIndices(sigma[0] / sigma, parts / parts.sum(axis=0))


def ols(X: ArrayLike, y: ArrayLike) -> LeastSquares:
    r"""Fit a regression by least squares, through QR and not the normal equations.

    .. math:: X = QR, \quad \hat\beta = R^{-1} Q^\top y, \quad
        \widehat{\text{Cov}}(\hat\beta) = \frac{\|y - X\hat\beta\|^2}{n - p} R^{-1} R^{-\top}

    Parameters
    ----------
    X : array_like, shape (n, p)
        The design, n > p. For an intercept include a column of ones.
    y : array_like, shape (n,)
        Targets.

    Returns
    -------
    LeastSquares
        Coefficients, and their covariance for errors of equal variance.

    Raises
    ------
    ValueError
        If shapes don't fit, there are too few rows, or the columns are linearly dependent.

    References
    ----------
    T. Hastie, R. Tibshirani and J. Friedman, *The Elements of Statistical Learning*, 2nd ed.
    (2009), section 3.2.

    Examples
    --------
    >>> ols([[1, 0], [1, 1], [1, 2]], [1, 3, 5]).beta.round(6)
    array([1., 2.])
    """
    design, target = check_array(X, "X", ndim=2), check_array(y, "y", ndim=1)
    n, p = design.shape
    if len(target) != n:
        raise ValueError(f"y: expected {n} numbers as X has rows, got {len(target)}")
    if n <= p:
        raise ValueError(f"X: expected more rows than columns, got shape {design.shape}")
    _full_rank_spectrum(design)
    Q, R = np.linalg.qr(design)
    beta: FloatArray = solve_triangular(R, Q.T @ target)
    residuals = target - design @ beta
    R_inverse = solve_triangular(R, np.eye(p))
    cov: FloatArray = residuals @ residuals / (n - p) * R_inverse @ R_inverse.T
    return LeastSquares(beta, cov)


def correlated_design(n: int, p: int, rho: float, *, rng: np.random.Generator | int) -> FloatArray:
    r"""Draw predictors of which every two have the *sample* correlation ``rho``, exactly.

    Random columns are centered and made orthonormal (:math:`Q`), then mixed by the Cholesky
    factor of the wanted correlations: :math:`X = \sqrt n\, Q L^\top` with :math:`L L^\top = C`.

    Parameters
    ----------
    n, p : int
        Rows and columns, 2 <= p < n.
    rho : float
        The correlation, strictly between -1 / (p - 1) and 1.
    rng : numpy.random.Generator or int
        Generator or seed.

    Returns
    -------
    ndarray of float64, shape (n, p)
        Columns with mean 0 and variance 1 (divisor n).

    Raises
    ------
    ValueError
        If a size or the correlation is out of range.

    References
    ----------
    G. H. Golub and C. F. Van Loan, *Matrix Computations*, 4th ed. (2013), sections 4.2 and 5.2.

    Examples
    --------
    >>> float(np.corrcoef(correlated_design(20, 2, 0.9, rng=0).T)[0, 1].round(9))
    0.9
    """
    generator = as_generator(rng)
    check_count(p, "p", minimum=2)
    check_count(n, "n", minimum=p + 1)
    check_between(rho, "rho", -1 / (p - 1), 1, strict=True)
    draws = generator.standard_normal((n, p))
    Q = np.linalg.qr(draws - draws.mean(axis=0))[0]
    L = np.linalg.cholesky(np.full((p, p), rho) + (1 - rho) * np.eye(p))
    X: FloatArray = np.sqrt(n) * Q @ L.T
    return X


def _spectrum(columns: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the p singular values and right singular vectors of columns scaled to length 1."""
    p = columns.shape[1]
    R = np.linalg.qr(columns / np.linalg.norm(columns, axis=0), mode="r")
    _, sigma, Vt = np.linalg.svd(R)
    return np.pad(sigma, (0, p - len(sigma))), Vt.T


def _is_lost(sigma: FloatArray, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Say which singular values are 0 up to rounding."""
    return np.asarray(sigma <= max(shape) * EPS * sigma[0])


def _full_rank_spectrum(columns: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return `_spectrum`, for columns that are linearly independent."""
    if not columns.any(axis=0).all():
        raise ValueError("X: expected independent columns, got one of zeros")
    sigma, V = _spectrum(columns)
    lost = _is_lost(sigma, columns.shape)
    if lost.any():
        p = columns.shape[1]
        raise ValueError(f"X: expected independent columns, got rank {p - lost.sum()} of {p}")
    return sigma, V
