"""1.19 Bayesian Information Criterion (BIC): fit against the number of parameters."""

from typing import NamedTuple

import numpy as np
from numpy.polynomial.legendre import legvander
from numpy.typing import ArrayLike, NDArray
from scipy.special import softmax

from mlsheet.validation import FloatArray, check_array, check_count


class PolynomialScores(NamedTuple):
    """Polynomials of degree 0, 1, ..., fitted to the same points by least squares.

    Parameters
    ----------
    k : ndarray of int, shape (m,)
        Free parameters of each: its coefficients and the variance of the noise.
    log_likelihood : ndarray of float64, shape (m,)
        The maximised log-likelihood of each.
    bic, aic : ndarray of float64, shape (m,)
        The criteria of each; lower is better.
    """

    k: NDArray[np.int64]
    log_likelihood: FloatArray
    bic: FloatArray
    aic: FloatArray


def bic(log_likelihood: ArrayLike, k: ArrayLike, n: int) -> FloatArray:
    r"""Return the Bayesian information criterion (1.19-f1); lower is better.

    .. math:: \text{BIC} = k \ln n - 2 \ln \hat L

    Parameters
    ----------
    log_likelihood : array_like
        The **maximised** log-likelihood of each model, natural logarithm.
    k : array_like
        Free parameters of each model.
    n : int
        Number of independent observations, the same for all models.

    Returns
    -------
    ndarray of float64
        One number a model.

    Raises
    ------
    ValueError
        If ``n`` is below 1, a number isn't finite, ``k`` is negative or the shapes differ.

    References
    ----------
    G. Schwarz, "Estimating the dimension of a model", Annals of Statistics 6 (1978).

    Examples
    --------
    >>> bic([-100, -97], [3, 5], 100).round(1)
    array([213.8, 217. ])
    """
    check_count(n, "n")
    fit, count = _check_models(log_likelihood, k)
    scores: FloatArray = count * np.log(n) - 2 * fit
    return scores


def aic(log_likelihood: ArrayLike, k: ArrayLike) -> FloatArray:
    r"""Return Akaike's information criterion (1.19-a1); lower is better.

    .. math:: \text{AIC} = 2k - 2 \ln \hat L

    Parameters
    ----------
    log_likelihood : array_like
        The maximised log-likelihood of each model, natural logarithm.
    k : array_like
        Free parameters of each model.

    Returns
    -------
    ndarray of float64
        One number a model.

    Raises
    ------
    ValueError
        If a number isn't finite, ``k`` is negative or the shapes differ.

    References
    ----------
    H. Akaike, "A new look at the statistical model identification", IEEE Transactions on Automatic
    Control 19 (1974).

    Examples
    --------
    >>> aic([-100, -97], [3, 5])
    array([206., 204.])
    """
    fit, count = _check_models(log_likelihood, k)
    scores: FloatArray = 2 * count - 2 * fit
    return scores


def aicc(log_likelihood: float, k: int, n: int) -> float:
    r"""Return the AIC corrected for small samples: it tends to the AIC as n grows.

    .. math:: \text{AICc} = \text{AIC} + \frac{2k(k + 1)}{n - k - 1}

    Parameters
    ----------
    log_likelihood : float
        The maximised log-likelihood, natural logarithm.
    k : int
        Free parameters.
    n : int
        Number of independent observations, at least ``k + 2``.

    Returns
    -------
    float
        The criterion; lower is better.

    Raises
    ------
    ValueError
        If ``n`` is below ``k + 2`` or ``k`` is negative.

    References
    ----------
    C. M. Hurvich and C.-L. Tsai, "Regression and time series model selection in small samples",
    Biometrika 76 (1989).

    Examples
    --------
    >>> aicc(-100, 3, 10)
    210.0
    """
    check_count(k, "k", minimum=0)
    check_count(n, "n", minimum=k + 2)
    return float(aic(log_likelihood, k) + 2 * k * (k + 1) / (n - k - 1))


def bic_weights(bics: ArrayLike) -> FloatArray:
    r"""Return approximate posterior probabilities of models that were equally likely before.

    .. math:: w_j = \frac{e^{-\text{BIC}_j / 2}}{\sum_l e^{-\text{BIC}_l / 2}}

    Parameters
    ----------
    bics : array_like, shape (m,)
        The BIC of each model.

    Returns
    -------
    ndarray of float64, shape (m,)
        Weights that sum to 1 (1.19-a3).

    Raises
    ------
    ValueError
        If ``bics`` is empty or a number isn't finite.

    References
    ----------
    T. Hastie, R. Tibshirani and J. Friedman, *The Elements of Statistical Learning*, 2nd ed.
    (2009), section 7.7.

    Examples
    --------
    >>> bic_weights([213.8, 217.0]).round(2)
    array([0.83, 0.17])
    """
    weights: FloatArray = softmax(-check_array(bics, "bics", ndim=1) / 2)
    return weights


def gaussian_log_likelihood(residuals: ArrayLike) -> float:
    r"""Return the maximised log-likelihood of normal noise, given a fit's residuals.

    .. math:: \ln \hat L = -\frac n2 \left(\ln \frac{2 \pi \, \text{RSS}}{n} + 1\right),
        \quad \text{RSS} = \sum_i r_i^2

    The variance of the noise is estimated, too: it is RSS / n and counts as a parameter.

    Parameters
    ----------
    residuals : array_like, shape (n,)
        Observed values less fitted ones, not all 0.

    Returns
    -------
    float
        The log-likelihood, natural logarithm.

    Raises
    ------
    ValueError
        If ``residuals`` is empty, a number isn't finite or all are 0.

    References
    ----------
    T. Hastie, R. Tibshirani and J. Friedman, *The Elements of Statistical Learning*, 2nd ed.
    (2009), section 7.7.

    Examples
    --------
    >>> round(gaussian_log_likelihood([1.0, -1.0, 1.0, -1.0]), 3)
    -5.676
    """
    values = check_array(residuals, "residuals", ndim=1)
    n, rss = len(values), float(values @ values)
    if rss == 0:
        raise ValueError("residuals: expected one that isn't 0; a perfect fit has no finite score")
    return float(-n / 2 * (np.log(2 * np.pi * rss / n) + 1))


def score_polynomials(x: ArrayLike, y: ArrayLike, max_degree: int) -> PolynomialScores:
    """Fit polynomials of degree 0 to ``max_degree`` by least squares and score each.

    One QR decomposition of Legendre polynomials serves all degrees: the fit of degree d is the
    projection of y on the first d + 1 columns of Q.

    Parameters
    ----------
    x, y : array_like, shape (n,)
        The points; x has more different values than the largest degree.
    max_degree : int
        The largest degree; there must be at least ``max_degree + 2`` points.

    Returns
    -------
    PolynomialScores
        Parameters, log-likelihoods and criteria for each degree.

    Raises
    ------
    ValueError
        If the shapes differ, the points are too few, or they lie on a polynomial up to rounding.

    References
    ----------
    T. Hastie, R. Tibshirani and J. Friedman, *The Elements of Statistical Learning*, 2nd ed.
    (2009), section 7.7.

    Examples
    --------
    >>> x = np.arange(20.0)
    >>> scores = score_polynomials(x, x**2 + np.cos(9 * x), max_degree=4)
    >>> int(scores.bic.argmin())
    2
    """
    points, values = check_array(x, "x", ndim=1), check_array(y, "y", ndim=1)
    n = len(points)
    if values.shape != points.shape:
        raise ValueError(f"y: expected shape {points.shape}, got {values.shape}")
    check_count(max_degree, "max_degree", minimum=0, maximum=n - 2)
    if len(np.unique(points)) <= max(max_degree, 1):
        raise ValueError(f"x: expected more than {max(max_degree, 1)} different values")
    scaled = 2 * (points - points.min()) / np.ptp(points) - 1
    Q = np.linalg.qr(legvander(scaled, max_degree)).Q
    fits = np.cumsum(Q * (Q.T @ values), axis=1)  # one column a degree
    residuals = (values[:, None] - fits).T
    if np.linalg.norm(residuals[-1]) <= 1e-13 * np.linalg.norm(values):
        raise ValueError("y: expected noise, got points that lie on one of the polynomials")
    log_likelihood = np.array([gaussian_log_likelihood(r) for r in residuals])
    k = np.arange(max_degree + 1) + 2
    return PolynomialScores(k, log_likelihood, bic(log_likelihood, k, n), aic(log_likelihood, k))


def _check_models(log_likelihood: ArrayLike, k: ArrayLike) -> tuple[FloatArray, FloatArray]:
    fit, count = check_array(log_likelihood, "log_likelihood"), check_array(k, "k")
    if count.shape != fit.shape:
        raise ValueError(f"k: expected shape {fit.shape}, got {count.shape}")
    if (count < 0).any():
        raise ValueError(f"k: expected counts >= 0, got {count.min():g}")
    return fit, count
