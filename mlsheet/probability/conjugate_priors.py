r"""1.3 Common Conjugate Priors: seven updates by addition, and two ways to hold one to account.

Each update takes the numbers of the prior and the data, and returns the posterior's numbers in the
same form, so that today's posterior is tomorrow's prior.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mlsheet.validation import (
    FloatArray,
    check_array,
    check_between,
    check_positive,
    check_symmetric_matrix,
)

CONSTANCY = 1e-8


def beta_update(a: float, b: float, x: ArrayLike) -> tuple[float, float]:
    r"""Posterior of the probability p of a 1 (1.3-f1).

    .. math:: \mathrm{Beta}(a, b) \to \mathrm{Beta}(a + s, b + n - s), \quad s = \sum_i x_i

    Parameters
    ----------
    a, b : float
        The prior's numbers, above 0: imagined ones and zeros.
    x : array_like, shape (n,)
        Outcomes, each 0 or 1.

    Returns
    -------
    a : float
        The posterior's first number.
    b : float
        The posterior's second number.

    Raises
    ------
    ValueError
        If ``a`` or ``b`` isn't above 0 or an outcome isn't 0 or 1.

    References
    ----------
    C. M. Bishop, *Pattern Recognition and Machine Learning* (2006), section 2.1.

    Examples
    --------
    >>> beta_update(1, 1, [1, 0, 1])
    (3.0, 2.0)
    """
    outcomes = check_array(x, "x", ndim=1)
    if not np.isin(outcomes, (0, 1)).all():
        raise ValueError("x: expected zeros and ones alone")
    ones = float(outcomes.sum())
    imagined_ones, imagined_zeros = _above_zero(a, "a"), _above_zero(b, "b")
    return imagined_ones + ones, imagined_zeros + len(outcomes) - ones


def normal_update(
    mean: float, var: float, x: ArrayLike, *, noise_var: float
) -> tuple[float, float]:
    r"""Posterior of the mean of normal data whose variance is known (1.3-f2).

    .. math:: \frac1{\tau_n^2} = \frac1{\tau_0^2} + \frac n{\sigma^2}, \quad
        m_n = \tau_n^2 \Big(\frac{m_0}{\tau_0^2} + \frac{\sum_i x_i}{\sigma^2}\Big)

    Parameters
    ----------
    mean, var : float
        The prior's mean :math:`m_0` and variance :math:`\tau_0^2`, the latter above 0.
    x : array_like, shape (n,)
        Measurements.
    noise_var : float
        The known variance :math:`\sigma^2` of one measurement, above 0.

    Returns
    -------
    mean : float
        The posterior's mean.
    var : float
        The posterior's variance.

    Raises
    ------
    ValueError
        If a variance isn't above 0 or a number isn't finite.

    References
    ----------
    C. M. Bishop, *Pattern Recognition and Machine Learning* (2006), section 2.3.6.

    Examples
    --------
    >>> normal_update(0, 1, [3, 3, 3], noise_var=1)
    (2.25, 0.25)
    """
    values = check_array(x, "x", ndim=1)
    center = float(check_array(mean, "mean", ndim=0))
    prior, noise = 1 / _above_zero(var, "var"), 1 / _above_zero(noise_var, "noise_var")
    precision = prior + len(values) * noise
    return (prior * center + noise * float(values.sum())) / precision, 1 / precision


class NormalInverseGamma(NamedTuple):
    """A belief about a mean and a variance together: NIG(m, kappa, a, b).

    The variance is inverse-Gamma(a, b); given it, the mean is normal around ``m`` with the
    variance divided by ``kappa``.
    """

    m: float
    kappa: float
    a: float
    b: float

    def update(self, x: ArrayLike) -> "NormalInverseGamma":
        r"""Posterior of the mean and the variance of normal data, both unknown (1.3-f3).

        .. math:: \kappa_n = \kappa + n, \quad m_n = \frac{\kappa m + n \bar x}{\kappa_n}, \quad
            a_n = a + \frac n2, \quad b_n = b + \frac12 \sum_i (x_i - \bar x)^2
            + \frac{\kappa n (\bar x - m)^2}{2 \kappa_n}

        Parameters
        ----------
        x : array_like, shape (n,)
            Measurements.

        Returns
        -------
        NormalInverseGamma
            The posterior.

        Raises
        ------
        ValueError
            If ``kappa``, ``a`` or ``b`` isn't above 0 or a number isn't finite.

        References
        ----------
        A. Gelman et al., *Bayesian Data Analysis*, 3rd ed. (2013), section 3.3.

        Examples
        --------
        >>> NormalInverseGamma(m=0, kappa=1, a=1, b=1).update([3, 3, 3])
        NormalInverseGamma(m=2.25, kappa=4.0, a=2.5, b=4.375)
        """
        values = check_array(x, "x", ndim=1)
        m, kappa, a, b = self._checked()
        n, average = len(values), float(values.mean())
        within = float(((values - average) ** 2).sum())
        between = kappa * n * (average - m) ** 2 / (kappa + n)
        center = (kappa * m + n * average) / (kappa + n)
        return NormalInverseGamma(center, kappa + n, a + n / 2, b + (within + between) / 2)

    def student(self) -> tuple[float, float, float]:
        r"""Marginal of the mean: a Student t, once the unknown variance is integrated out.

        .. math:: \mu \sim t_{2a}\big(m, \; b / (a \kappa)\big)

        Returns
        -------
        dof : float
            Degrees of freedom 2a.
        location : float
            The location m.
        scale : float
            The scale, a length and not its square.

        Raises
        ------
        ValueError
            If ``kappa``, ``a`` or ``b`` isn't above 0 or a number isn't finite.

        References
        ----------
        A. Gelman et al., *Bayesian Data Analysis*, 3rd ed. (2013), section 3.3.

        Examples
        --------
        >>> NormalInverseGamma(m=60, kappa=1, a=2, b=8).student()
        (4.0, 60.0, 2.0)
        """
        m, kappa, a, b = self._checked()
        return 2 * a, m, (b / (a * kappa)) ** 0.5

    def _checked(self) -> tuple[float, float, float, float]:
        m = float(check_array(self.m, "m", ndim=0))
        kappa, a, b = (_above_zero(getattr(self, name), name) for name in ("kappa", "a", "b"))
        return m, kappa, a, b


def gamma_update(shape: float, rate: float, x: ArrayLike) -> tuple[float, float]:
    r"""Posterior of the expected count of a Poisson (1.3-f4).

    .. math:: \mathrm{Gamma}(a, b) \to \mathrm{Gamma}\Big(a + \sum_i k_i, b + n\Big)

    Parameters
    ----------
    shape, rate : float
        The prior's shape a and *rate* b, above 0: imagined events in b imagined intervals.
    x : array_like, shape (n,)
        Counts, one an interval.

    Returns
    -------
    shape : float
        The posterior's shape.
    rate : float
        The posterior's rate.

    Raises
    ------
    ValueError
        If ``shape`` or ``rate`` isn't above 0 or a count isn't a whole number from 0.

    References
    ----------
    A. Gelman et al., *Bayesian Data Analysis*, 3rd ed. (2013), section 2.6.

    Examples
    --------
    >>> gamma_update(6, 2, [4, 2, 6])
    (18.0, 5.0)
    """
    counts = _check_counts(x, "x")
    events, intervals = _above_zero(shape, "shape"), _above_zero(rate, "rate")
    return events + float(counts.sum()), intervals + len(counts)


def dirichlet_update(alpha: ArrayLike, counts: ArrayLike) -> FloatArray:
    r"""Posterior of the probabilities of K categories (1.3-f5).

    .. math:: \mathrm{Dir}(\alpha) \to \mathrm{Dir}(\alpha + c)

    Parameters
    ----------
    alpha : array_like, shape (K,)
        The prior's concentrations, above 0: imagined counts.
    counts : array_like, shape (K,)
        How often each category was seen.

    Returns
    -------
    ndarray of float64, shape (K,)
        The posterior's concentrations.

    Raises
    ------
    ValueError
        If a concentration isn't above 0, a count isn't a whole number from 0 or lengths differ.

    References
    ----------
    C. M. Bishop, *Pattern Recognition and Machine Learning* (2006), section 2.2.1.

    Examples
    --------
    >>> dirichlet_update([1, 1, 1], [6, 3, 1]).tolist()
    [7.0, 4.0, 2.0]
    """
    seen = _check_counts(counts, "counts")
    concentrations = check_array(check_positive(alpha, "alpha"), "alpha", ndim=1)
    if seen.shape != concentrations.shape:
        raise ValueError(f"counts: expected shape {concentrations.shape}, got {seen.shape}")
    return concentrations + seen


def wishart_update(
    scale: ArrayLike, dof: float, X: ArrayLike, *, mean: ArrayLike
) -> tuple[FloatArray, float]:
    r"""Posterior of the *precision* matrix of normal data whose mean is known (1.3-f6).

    .. math:: \mathcal W(V, \nu) \to \mathcal W\big((V^{-1} + S)^{-1}, \nu + n\big), \quad
        S = \sum_i (x_i - \mu)(x_i - \mu)^\top

    Nothing is inverted: :math:`(V^{-1} + S)^{-1} = (I + VS)^{-1} V`.

    Parameters
    ----------
    scale : array_like, shape (p, p)
        The prior's scale matrix V, positive definite.
    dof : float
        The prior's degrees of freedom, above p - 1.
    X : array_like, shape (n, p)
        Measurements, one a row.
    mean : array_like, shape (p,)
        Their known mean.

    Returns
    -------
    scale : ndarray of float64, shape (p, p)
        The posterior's scale matrix.
    dof : float
        The posterior's degrees of freedom.

    Raises
    ------
    ValueError
        If ``scale`` isn't positive definite, ``dof`` isn't above p - 1 or shapes don't fit.

    References
    ----------
    C. M. Bishop, *Pattern Recognition and Machine Learning* (2006), section 2.3.6.

    Examples
    --------
    >>> scale, dof = wishart_update([[0.5]], 1, [[1.0], [2.0]], mean=[0.0])
    >>> scale.round(4).tolist(), dof
    ([[0.1429]], 3.0)
    """
    V, degrees, S, n = _check_scatter(scale, dof, X, mean)
    posterior = np.linalg.solve(np.eye(len(V)) + V @ S, V)
    return (posterior + posterior.T) / 2, degrees + n


def inverse_wishart_update(
    scale: ArrayLike, dof: float, X: ArrayLike, *, mean: ArrayLike
) -> tuple[FloatArray, float]:
    r"""Posterior of the *covariance* matrix of normal data whose mean is known (1.3-f6).

    .. math:: \mathcal{IW}(\Psi, \nu) \to \mathcal{IW}(\Psi + S, \nu + n)

    Parameters
    ----------
    scale : array_like, shape (p, p)
        The prior's scale matrix :math:`\Psi`, positive definite.
    dof : float
        The prior's degrees of freedom, above p - 1.
    X : array_like, shape (n, p)
        Measurements, one a row.
    mean : array_like, shape (p,)
        Their known mean.

    Returns
    -------
    scale : ndarray of float64, shape (p, p)
        The posterior's scale matrix.
    dof : float
        The posterior's degrees of freedom.

    Raises
    ------
    ValueError
        If ``scale`` isn't positive definite, ``dof`` isn't above p - 1 or shapes don't fit.

    References
    ----------
    A. Gelman et al., *Bayesian Data Analysis*, 3rd ed. (2013), section 3.6.

    Examples
    --------
    >>> scale, dof = inverse_wishart_update([[2.0]], 1, [[1.0], [2.0]], mean=[0.0])
    >>> scale.tolist(), dof
    ([[7.0]], 3.0)
    """
    Psi, degrees, S, n = _check_scatter(scale, dof, X, mean)
    return Psi + S, degrees + n


def grid_posterior(log_prior: ArrayLike, log_likelihood: ArrayLike, grid: ArrayLike) -> FloatArray:
    r"""Posterior density of one parameter by brute force, for any prior.

    .. math:: p(\theta \mid x) = \frac{p(x \mid \theta)\, p(\theta)}
        {\int p(x \mid \theta')\, p(\theta')\, d\theta'}

    The largest logarithm is subtracted first, so that the exponentials don't underflow.

    Parameters
    ----------
    log_prior, log_likelihood : array_like, shape (m,)
        Logarithms at the points of the grid, up to a constant; ``-inf`` where one is 0.
    grid : array_like, shape (m,)
        Increasing values of the parameter, fine and wide enough to hold the posterior.

    Returns
    -------
    ndarray of float64, shape (m,)
        The density, whose integral over the grid (by trapezoids) is 1.

    Raises
    ------
    ValueError
        If shapes differ, the grid doesn't increase or the posterior is 0 on all of it.

    References
    ----------
    A. Gelman et al., *Bayesian Data Analysis*, 3rd ed. (2013), section 10.3.

    Examples
    --------
    >>> grid_posterior([0.0, 0.0, 0.0], [-np.inf, 0.0, -np.inf], [0.0, 0.5, 1.0]).tolist()
    [0.0, 2.0, 0.0]
    """
    points = check_array(grid, "grid", ndim=1)
    log_joint = np.asarray(log_prior, float) + np.asarray(log_likelihood, float)
    if log_joint.shape != points.shape:
        raise ValueError(f"log_prior: expected shape {points.shape}, got {log_joint.shape}")
    if len(points) < 2 or (np.diff(points) <= 0).any():
        raise ValueError("grid: expected two or more increasing numbers")
    if not np.isfinite(log_joint.max()):
        raise ValueError("log_prior: expected a posterior above 0 somewhere, and no NaN")
    density = np.exp(log_joint - log_joint.max())
    normalised: FloatArray = density / np.trapezoid(density, points)
    return normalised


def log_evidence(
    log_prior: ArrayLike, log_likelihood: ArrayLike, log_posterior: ArrayLike
) -> float:
    r"""Log probability of the data, by Bayes' rule read backwards (1.3-a1).

    .. math:: \log p(x) = \log p(\theta) + \log p(x \mid \theta) - \log p(\theta \mid x)

    The left side doesn't depend on :math:`\theta`. So the right side must be the same at
    every value tried; where it isn't, the last term is not the posterior.

    Parameters
    ----------
    log_prior, log_likelihood, log_posterior : array_like, shape (m,)
        Finite logarithms at the same two or more values of the parameter, constants included.

    Returns
    -------
    float
        The log evidence; the log predictive, if the data are new and the prior is what was
        believed before them.

    Raises
    ------
    ValueError
        If shapes differ, there are fewer than two values or the differences aren't constant.

    References
    ----------
    J. Besag, "A candidate's formula", Biometrika 76 (1989).

    Examples
    --------
    >>> round(np.exp(log_evidence(np.log([1, 1]), np.log([0.5, 0.2]), np.log([1, 0.4]))), 3)
    np.float64(0.5)
    """
    terms = [
        check_array(values, name, ndim=1)
        for values, name in [
            (log_prior, "log_prior"),
            (log_likelihood, "log_likelihood"),
            (log_posterior, "log_posterior"),
        ]
    ]
    if len({len(term) for term in terms}) > 1 or len(terms[0]) < 2:
        raise ValueError(
            f"log_prior: expected three arrays of one length, 2 at least, got lengths "
            f"{', '.join(str(len(term)) for term in terms)}"
        )
    evidence = terms[0] + terms[1] - terms[2]
    if np.ptp(evidence) > CONSTANCY * max(1, np.abs(terms).max()):
        raise ValueError(
            f"log_posterior: not the posterior; the log evidence varies by {np.ptp(evidence):.3g}"
        )
    return float(evidence.mean())


def _above_zero(value: float, name: str) -> float:
    return check_between(value, name, 0, strict=True)


def _check_counts(value: ArrayLike, name: str) -> FloatArray:
    counts = check_array(value, name, ndim=1)
    if (counts < 0).any() or (counts != np.floor(counts)).any():
        raise ValueError(f"{name}: expected whole numbers of at least 0")
    return counts


def _check_scatter(
    scale: ArrayLike, dof: float, X: ArrayLike, mean: ArrayLike
) -> tuple[FloatArray, float, FloatArray, int]:
    """Return the checked prior, the scatter matrix of the data about their mean, and n."""
    matrix, points = check_symmetric_matrix(scale, "scale"), check_array(X, "X", ndim=2)
    center, p = check_array(mean, "mean", ndim=1), len(matrix)
    if points.shape[1] != p or len(center) != p:
        raise ValueError(
            f"X: expected {p} columns as scale has, and as many numbers in mean, "
            f"got shapes {points.shape} and {center.shape}"
        )
    if np.linalg.eigvalsh(matrix)[0] <= 0:
        raise ValueError("scale: expected a positive definite matrix")
    degrees = check_between(dof, "dof", p - 1, strict=True)
    deviations = points - center
    return matrix, degrees, deviations.T @ deviations, len(points)
