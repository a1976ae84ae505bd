r"""1.2 Probability Distributions: log densities of eight named distributions, and two samplers.

All are on the log scale, where products of many small factors stay finite, and are ``-inf``
outside of the support.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import LinAlgError, cho_solve, cholesky, solve_triangular
from scipy.special import (
    betaln,
    gammaln,
    multigammaln,
    softmax,
    xlog1py,
    xlogy,
)

from mlsheet.validation import (
    FloatArray,
    as_generator,
    check_array,
    check_between,
    check_count,
    check_positive,
    check_symmetric_matrix,
)

SIMPLEX_TOLERANCE = 1e-9


def beta_logpdf(x: ArrayLike, alpha: float, beta: float) -> FloatArray:
    r"""Log density of the Beta distribution on the open interval from 0 to 1 (1.2-f1, 1.2-f8).

    .. math:: \log f(x) = (\alpha-1)\log x + (\beta-1)\log(1-x) - \log B(\alpha, \beta)

    Parameters
    ----------
    x : array_like
        Where to evaluate, of any shape.
    alpha, beta : float
        The two shape parameters, above 0.

    Returns
    -------
    ndarray of float64, of the shape of ``x``
        The log density.

    Raises
    ------
    ValueError
        If a number isn't finite or a shape parameter isn't above 0.

    References
    ----------
    C. M. Bishop, *Pattern Recognition and Machine Learning* (2006), appendix B.

    Examples
    --------
    >>> np.exp(beta_logpdf([0.5, 2.0], 1, 1)).tolist()
    [1.0, 0.0]
    """
    values = check_array(x, "x")
    check_positive(alpha, "alpha")
    check_positive(beta, "beta")
    inside = (values > 0) & (values < 1)
    safe = np.where(inside, values, 0.5)
    log_density = (alpha - 1) * np.log(safe) + (beta - 1) * np.log1p(-safe) - betaln(alpha, beta)
    return np.where(inside, log_density, -np.inf)


def bernoulli_logpmf(k: ArrayLike, p: float) -> FloatArray:
    r"""Log probability of a Bernoulli value, 1 with probability ``p`` and else 0 (1.2-f4).

    .. math:: \log f(k) = k \log p + (1 - k) \log(1 - p)

    Parameters
    ----------
    k : array_like
        Values, of any shape.
    p : float
        Probability of a 1, from 0 to 1.

    Returns
    -------
    ndarray of float64, of the shape of ``k``
        The log probability.

    Raises
    ------
    ValueError
        If a number isn't finite or ``p`` isn't from 0 to 1.

    References
    ----------
    C. M. Bishop, *Pattern Recognition and Machine Learning* (2006), appendix B.

    Examples
    --------
    >>> np.exp(bernoulli_logpmf([0, 1, 2], 0.25)).tolist()
    [0.75, 0.25, 0.0]
    """
    values = check_array(k, "k")
    check_between(p, "p", 0, 1)
    inside = (values == 0) | (values == 1)
    safe = np.where(inside, values, 0.0)
    return np.where(inside, xlogy(safe, p) + xlog1py(1 - safe, -p), -np.inf)


def normal_logpdf(x: ArrayLike, mean: float, var: float) -> FloatArray:
    r"""Log density of the normal distribution with this mean and *variance* (1.2-f5).

    .. math:: \log f(x) = -\frac{(x - \mu)^2}{2\sigma^2} - \frac12 \log(2\pi\sigma^2)

    Parameters
    ----------
    x : array_like
        Where to evaluate, of any shape.
    mean : float
        The mean :math:`\mu`.
    var : float
        The variance :math:`\sigma^2`, above 0 (scipy takes its square root).

    Returns
    -------
    ndarray of float64, of the shape of ``x``
        The log density.

    Raises
    ------
    ValueError
        If a number isn't finite or ``var`` isn't above 0.

    References
    ----------
    C. M. Bishop, *Pattern Recognition and Machine Learning* (2006), appendix B.

    Examples
    --------
    >>> np.exp(normal_logpdf([0, 0.1], mean=0, var=0.01)).round(2).tolist()
    [3.99, 2.42]
    """
    values = check_array(x, "x")
    check_array(mean, "mean", ndim=0)
    check_positive(var, "var")
    log_density: FloatArray = -((values - mean) ** 2) / (2 * var) - np.log(2 * np.pi * var) / 2
    return log_density


def poisson_logpmf(k: ArrayLike, mean: float) -> FloatArray:
    r"""Log probability of ``k`` events where ``mean`` are expected (1.2-f6).

    .. math:: \log P(X = k) = k \log\lambda - \lambda - \log k!

    Parameters
    ----------
    k : array_like
        Counts, of any shape.
    mean : float
        The expected count :math:`\lambda`, above 0: the rate times the length of the interval.

    Returns
    -------
    ndarray of float64, of the shape of ``k``
        The log probability; ``-inf`` where ``k`` is no whole number from 0.

    Raises
    ------
    ValueError
        If a number isn't finite or ``mean`` isn't above 0.

    References
    ----------
    G. Casella and R. L. Berger, *Statistical Inference*, 2nd ed. (2002), section 3.2.

    Examples
    --------
    >>> np.exp(poisson_logpmf([0, 1, 0.5], mean=1)).round(4).tolist()
    [0.3679, 0.3679, 0.0]
    """
    values = check_array(k, "k")
    check_positive(mean, "mean")
    inside = (values >= 0) & (values == np.floor(values))
    safe = np.where(inside, values, 0.0)
    return np.where(inside, xlogy(safe, mean) - mean - gammaln(safe + 1), -np.inf)


def gamma_logpdf(x: ArrayLike, shape: float, rate: float) -> FloatArray:
    r"""Log density of the Gamma distribution with this shape and *rate* (1.2-f7).

    .. math:: \log f(x) = \alpha\log\beta + (\alpha-1)\log x - \beta x - \log\Gamma(\alpha)

    Parameters
    ----------
    x : array_like
        Where to evaluate, of any shape.
    shape : float
        The shape :math:`\alpha`, above 0.
    rate : float
        The rate :math:`\beta`, above 0: one over the scale that numpy and scipy take.

    Returns
    -------
    ndarray of float64, of the shape of ``x``
        The log density; ``-inf`` where ``x`` isn't above 0.

    Raises
    ------
    ValueError
        If a number isn't finite or a parameter isn't above 0.

    References
    ----------
    C. M. Bishop, *Pattern Recognition and Machine Learning* (2006), appendix B.

    Examples
    --------
    >>> np.exp(gamma_logpdf([1.0, -1.0], shape=3, rate=2)).round(4).tolist()
    [0.5413, 0.0]
    """
    values = check_array(x, "x")
    check_positive(shape, "shape")
    check_positive(rate, "rate")
    inside = values > 0
    safe = np.where(inside, values, 1.0)
    log_density = shape * np.log(rate) + (shape - 1) * np.log(safe) - rate * safe - gammaln(shape)
    return np.where(inside, log_density, -np.inf)


def gamma_from_moments(mean: float, var: float) -> tuple[float, float]:
    r"""Return the shape and the rate of the Gamma distribution with this mean and variance.

    .. math:: \alpha = \mu^2 / \sigma^2, \quad \beta = \mu / \sigma^2

    Parameters
    ----------
    mean : float
        The mean :math:`\mu = \alpha / \beta`, above 0.
    var : float
        The variance :math:`\sigma^2 = \alpha / \beta^2`, above 0.

    Returns
    -------
    shape : float
        The shape.
    rate : float
        The rate.

    Raises
    ------
    ValueError
        If a number isn't above 0.

    References
    ----------
    G. Casella and R. L. Berger, *Statistical Inference*, 2nd ed. (2002), section 3.3.

    Examples
    --------
    >>> gamma_from_moments(mean=6, var=12)
    (3.0, 0.5)
    """
    check_positive(mean, "mean")
    check_positive(var, "var")
    return mean**2 / var, mean / var


def dirichlet_logpdf(x: ArrayLike, alpha: ArrayLike) -> FloatArray:
    r"""Log density of the Dirichlet distribution at probability vectors (1.2-s1).

    .. math:: \log f(x) = \log\Gamma\Big(\sum_i \alpha_i\Big) - \sum_i \log\Gamma(\alpha_i)
        + \sum_i (\alpha_i - 1)\log x_i

    Parameters
    ----------
    x : array_like, shape (..., K)
        Vectors of K numbers along the last axis.
    alpha : array_like, shape (K,)
        The concentrations, above 0.

    Returns
    -------
    ndarray of float64, shape (...)
        The log density over the first K - 1 entries; ``-inf`` where a vector has an entry that
        isn't above 0, or doesn't sum to 1.

    Raises
    ------
    ValueError
        If a number isn't finite, a concentration isn't above 0 or the lengths differ.

    References
    ----------
    C. M. Bishop, *Pattern Recognition and Machine Learning* (2006), appendix B.

    Examples
    --------
    >>> np.exp(dirichlet_logpdf([0.2, 0.3, 0.5], [1, 1, 1])).round(6)
    np.float64(2.0)
    """
    concentrations = check_positive(alpha, "alpha")
    vectors = check_array(x, "x")
    if concentrations.ndim != 1 or vectors.shape[-1:] != concentrations.shape:
        raise ValueError(
            f"alpha: expected one number for each entry along the last axis of x, "
            f"got shapes {concentrations.shape} and {vectors.shape}"
        )
    inside = (vectors > 0).all(axis=-1) & (np.abs(vectors.sum(axis=-1) - 1) < SIMPLEX_TOLERANCE)
    safe = np.where(inside[..., None], vectors, 1.0)
    log_norm = gammaln(concentrations.sum()) - gammaln(concentrations).sum()
    return np.where(inside, log_norm + np.log(safe) @ (concentrations - 1), -np.inf)


def multivariate_normal_logpdf(x: ArrayLike, mean: ArrayLike, cov: ArrayLike) -> FloatArray:
    r"""Log density of the multivariate normal distribution (1.2-f9), by Cholesky.

    .. math:: \log f(x) = -\tfrac12 \|L^{-1}(x - \mu)\|^2 - \sum_i \log L_{ii}
        - \tfrac k2 \log 2\pi, \quad \Sigma = L L^\top

    Parameters
    ----------
    x : array_like, shape (..., k)
        Points, along the last axis.
    mean : array_like, shape (k,)
        The mean vector.
    cov : array_like, shape (k, k)
        The covariance matrix, positive definite.

    Returns
    -------
    ndarray of float64, shape (...)
        The log density of each point.

    Raises
    ------
    ValueError
        If a number isn't finite, shapes don't fit or ``cov`` isn't positive definite.

    References
    ----------
    C. M. Bishop, *Pattern Recognition and Machine Learning* (2006), appendix B.

    Examples
    --------
    >>> multivariate_normal_logpdf([[0, 0], [0, 1]], [0, 0], np.eye(2)).round(4).tolist()
    [-1.8379, -2.3379]
    """
    points, center = check_array(x, "x"), check_array(mean, "mean", ndim=1)
    factor = _cholesky(cov, "cov")
    k = len(center)
    if factor.shape != (k, k) or points.shape[-1:] != (k,):
        raise ValueError(
            f"mean: expected as many numbers as x has along its last axis and cov has rows, "
            f"got shapes {center.shape}, {points.shape} and {factor.shape}"
        )
    white = solve_triangular(factor, (points - center).reshape(-1, k).T, lower=True)
    squares = (white**2).sum(axis=0).reshape(points.shape[:-1])
    log_density: FloatArray = -(squares + k * np.log(2 * np.pi)) / 2 - np.log(np.diag(factor)).sum()
    return log_density


def wishart_logpdf(W: ArrayLike, scale: ArrayLike, dof: float) -> float:
    r"""Log density of the Wishart distribution at one matrix (1.2-s2).

    .. math:: \log f(W) = \tfrac{n-p-1}2 \log|W| - \tfrac12 \mathrm{tr}(V^{-1} W)
        - \tfrac{np}2 \log 2 - \tfrac n2 \log|V| - \log\Gamma_p(\tfrac n2)

    Parameters
    ----------
    W : array_like, shape (p, p)
        A symmetric matrix.
    scale : array_like, shape (p, p)
        The scale matrix V, positive definite.
    dof : float
        The degrees of freedom n, above p - 1.

    Returns
    -------
    float
        The log density; ``-inf`` where ``W`` isn't positive definite.

    Raises
    ------
    ValueError
        If shapes don't fit, ``W`` isn't symmetric, ``scale`` isn't positive definite or ``dof``
        isn't above p - 1.

    References
    ----------
    C. M. Bishop, *Pattern Recognition and Machine Learning* (2006), appendix B.

    Examples
    --------
    >>> round(np.exp(wishart_logpdf([[2.0]], [[1.0]], dof=2)), 4)  # Gamma(1, rate 1/2) at 2
    np.float64(0.1839)
    """
    matrix, factor = check_symmetric_matrix(W, "W"), _cholesky(scale, "scale")
    p = len(factor)
    if matrix.shape != factor.shape:
        raise ValueError(f"W: expected shape {factor.shape} as scale has, got {matrix.shape}")
    n = check_between(dof, "dof", p - 1, strict=True)
    eigenvalues = np.linalg.eigvalsh(matrix)
    if eigenvalues[0] <= 0:
        return -np.inf
    quadratic = np.trace(cho_solve((factor, True), matrix))
    log_norm = n * p * np.log(2) / 2 + n * np.log(np.diag(factor)).sum() + multigammaln(n / 2, p)
    return float((n - p - 1) / 2 * np.log(eigenvalues).sum() - quadratic / 2 - log_norm)


def sample_dirichlet(alpha: ArrayLike, size: int, *, rng: np.random.Generator | int) -> FloatArray:
    r"""Draw probability vectors: independent Gamma variables, divided by their sum.

    The Gamma variables are drawn as logarithms, by
    :math:`G_\alpha = G_{\alpha+1} U^{1/\alpha}`: those of a small concentration would
    underflow to 0 all together.

    Parameters
    ----------
    alpha : array_like, shape (K,)
        The concentrations, above 0.
    size : int
        How many vectors to draw.
    rng : numpy.random.Generator or int
        Generator or seed.

    Returns
    -------
    ndarray of float64, shape (size, K)
        Vectors that sum to 1, one a row.

    Raises
    ------
    ValueError
        If a concentration isn't above 0 or ``size`` is below 1.

    References
    ----------
    L. Devroye, *Non-Uniform Random Variate Generation* (1986), chapters 9 and 11.

    Examples
    --------
    >>> sample_dirichlet([2, 1, 1], 5, rng=0).sum(axis=1).round(12).tolist()
    [1.0, 1.0, 1.0, 1.0, 1.0]
    """
    concentrations = check_array(check_positive(alpha, "alpha"), "alpha", ndim=1)
    generator, shape = as_generator(rng), (check_count(size, "size"), len(concentrations))
    log_gamma = np.log(generator.gamma(concentrations + 1, size=shape))
    log_gamma += np.log1p(-generator.random(shape)) / concentrations
    vectors: FloatArray = softmax(log_gamma, axis=1)
    return vectors


def sample_wishart(
    scale: ArrayLike, dof: float, size: int, *, rng: np.random.Generator | int
) -> FloatArray:
    r"""Draw Wishart matrices by Bartlett's decomposition.

    .. math:: W = (LA)(LA)^\top, \quad V = LL^\top, \quad
        A_{ii}^2 \sim \chi^2_{n-i+1}, \quad A_{ij} \sim N(0, 1) \text{ for } i > j

    For a whole number n it is the law of :math:`\sum_{i=1}^n x_i x_i^\top` with
    :math:`x_i \sim N(0, V)`, without drawing the n vectors.

    Parameters
    ----------
    scale : array_like, shape (p, p)
        The scale matrix V, positive definite.
    dof : float
        The degrees of freedom n, above p - 1.
    size : int
        How many matrices to draw.
    rng : numpy.random.Generator or int
        Generator or seed.

    Returns
    -------
    ndarray of float64, shape (size, p, p)
        The matrices, with mean n V.

    Raises
    ------
    ValueError
        If ``scale`` isn't positive definite, ``dof`` isn't above p - 1 or ``size`` is below 1.

    References
    ----------
    R. J. Muirhead, *Aspects of Multivariate Statistical Theory* (1982), section 3.2.

    Examples
    --------
    >>> sample_wishart([[2.0, 0.0], [0.0, 1.0]], 5, 3, rng=0).shape
    (3, 2, 2)
    """
    generator, factor = as_generator(rng), _cholesky(scale, "scale")
    p = len(factor)
    n = check_between(dof, "dof", p - 1, strict=True)
    A = np.tril(generator.standard_normal((check_count(size, "size"), p, p)), -1)
    A[:, np.arange(p), np.arange(p)] = np.sqrt(generator.chisquare(n - np.arange(p), (size, p)))
    root = factor @ A
    matrices: FloatArray = root @ root.transpose(0, 2, 1)
    return matrices


def _cholesky(matrix: ArrayLike, name: str) -> FloatArray:
    try:
        factor: FloatArray = cholesky(check_symmetric_matrix(matrix, name), lower=True)
    except LinAlgError as error:
        raise ValueError(f"{name}: expected a positive definite matrix") from error
    return factor
