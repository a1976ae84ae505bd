r"""1.4 Expectation Maximization (EM): maximum likelihood where part of the data is hidden.

.. math:: \theta^{(t+1)} = \arg\max_\theta
    \mathbb{E}_{z \sim p(z|x, \theta^{(t)})}[\log p(x, z|\theta)]
"""

from collections.abc import Callable, Iterator
from typing import Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import logsumexp, softmax, xlog1py, xlogy

from mlsheet.validation import (
    FloatArray,
    check_array,
    check_between,
    check_count,
    check_positive,
    check_probabilities,
)

Parameters = TypeVar("Parameters")
Expectations = TypeVar("Expectations")

ROUNDING = 1e-9
SMALLEST_STD = 1e-3


class EMStep(NamedTuple, Generic[Parameters, Expectations]):
    """Where EM stands.

    Parameters
    ----------
    parameters : object
        The estimate.
    expectations : object
        What the E-step makes of the hidden variables, given this estimate.
    log_likelihood : float
        The log-likelihood of what was seen, in nats.
    """

    parameters: Parameters
    expectations: Expectations
    log_likelihood: float


class Mixture(NamedTuple):
    """A mixture of k normal distributions of one variable.

    Parameters
    ----------
    weights : ndarray of float64, shape (k,)
        The probability of each component.
    means, stds : ndarray of float64, shape (k,)
        Mean and standard deviation of each.
    """

    weights: FloatArray
    means: FloatArray
    stds: FloatArray


def em_steps(
    e_step: Callable[[Parameters], tuple[Expectations, float]],
    m_step: Callable[[Expectations], Parameters],
    start: Parameters,
    *,
    max_iter: int = 500,
    tol: float = 1e-8,
) -> Iterator[EMStep[Parameters, Expectations]]:
    """Alternate E-step and M-step until the log-likelihood stops rising.

    Parameters
    ----------
    e_step : callable
        From parameters to the expectations and the log-likelihood (1.4-f1).
    m_step : callable
        From expectations to the parameters that maximise Q (1.4-f2).
    start : object
        The first parameters.
    max_iter : int
        The largest number of M-steps.
    tol : float
        The relative gain at which to stop.

    Yields
    ------
    EMStep
        The start and the state after each M-step.

    Raises
    ------
    ValueError
        If a log-likelihood isn't finite or has fallen (1.4-s1): then one of the steps is wrong.

    References
    ----------
    A. P. Dempster, N. M. Laird and D. B. Rubin, "Maximum likelihood from incomplete data via the
    EM algorithm", JRSS B 39 (1977).

    Examples
    --------
    >>> steps = two_coins_steps([5, 9, 8, 4, 7], 10, [0.6, 0.5], max_iter=1)
    >>> [step.parameters.round(2).tolist() for step in steps]
    [[0.6, 0.5], [0.71, 0.58]]
    """
    parameters, before = start, -np.inf
    for _ in range(check_count(max_iter, "max_iter") + 1):
        expectations, log_likelihood = e_step(parameters)
        if not np.isfinite(log_likelihood):
            raise ValueError(f"e_step: expected a finite log-likelihood, got {log_likelihood}")
        if log_likelihood < before - ROUNDING * abs(before):
            raise ValueError(
                f"m_step: the log-likelihood fell from {before:g} to {log_likelihood:g}"
            )
        yield EMStep(parameters, expectations, log_likelihood)
        if log_likelihood - before <= tol * abs(log_likelihood):
            return
        parameters, before = m_step(expectations), log_likelihood


def mixture_e_step(x: ArrayLike, mixture: Mixture) -> tuple[FloatArray, float]:
    r"""Return how much each component is responsible for each point, and the log-likelihood.

    .. math:: r_{ik} = p(z_i = k|x_i, \theta)
        = \frac{\pi_k N(x_i; \mu_k, \sigma_k^2)}{\sum_j \pi_j N(x_i; \mu_j, \sigma_j^2)}

    Parameters
    ----------
    x : array_like, shape (n,)
        Points.
    mixture : Mixture
        The current estimate.

    Returns
    -------
    responsibilities : ndarray of float64, shape (n, k)
        Rows sum to 1.
    log_likelihood : float
        Nats, summed over the points.

    Raises
    ------
    ValueError
        If a number isn't finite, weights don't sum to 1, a std isn't above 0 or shapes differ.

    References
    ----------
    C. M. Bishop, *Pattern Recognition and Machine Learning* (2006), section 9.2.

    Examples
    --------
    >>> mixture = Mixture(np.array([0.5, 0.5]), np.array([0.0, 2.0]), np.array([1.0, 1.0]))
    >>> mixture_e_step([1.0, 5.0], mixture)[0].round(3)
    array([[0.5, 0.5],
           [0. , 1. ]])
    """
    log_joint = _log_joint(check_array(x, "x", ndim=1), mixture)
    log_density = logsumexp(log_joint, axis=1, keepdims=True)
    responsibilities: FloatArray = np.exp(log_joint - log_density)
    return responsibilities, float(log_density.sum())


def expected_complete_log_likelihood(
    x: ArrayLike, responsibilities: ArrayLike, mixture: Mixture
) -> float:
    r"""Return Q: the log-likelihood of points and components together, averaged (1.4-f1).

    .. math:: Q(\theta|\theta^{(t)}) = \sum_i \sum_k r_{ik} \log(\pi_k N(x_i; \mu_k, \sigma_k^2))

    Parameters
    ----------
    x : array_like, shape (n,)
        Points.
    responsibilities : array_like, shape (n, k)
        What the E-step found at :math:`\theta^{(t)}`.
    mixture : Mixture
        The parameters :math:`\theta` to judge.

    Returns
    -------
    float
        Nats.

    Raises
    ------
    ValueError
        As `mixture_e_step` does, or if the responsibilities don't fit.

    References
    ----------
    C. M. Bishop, *Pattern Recognition and Machine Learning* (2006), section 9.3.

    Examples
    --------
    >>> mixture = Mixture(np.array([0.5, 0.5]), np.array([0.0, 2.0]), np.array([1.0, 1.0]))
    >>> round(expected_complete_log_likelihood([1.0], [[0.5, 0.5]], mixture), 4)
    -2.1121
    """
    points = check_array(x, "x", ndim=1)
    shares = _shares(responsibilities, len(points))
    log_joint = _log_joint(points, mixture)
    if shares.shape != log_joint.shape:
        raise ValueError(f"responsibilities: expected shape {log_joint.shape}, got {shares.shape}")
    return float((shares * log_joint).sum())


def mixture_m_step(
    x: ArrayLike, responsibilities: ArrayLike, *, stds: ArrayLike | None = None
) -> Mixture:
    r"""Return the mixture that maximises Q: weighted moments (1.4-f2).

    .. math:: \pi_k = \frac{N_k}{n}, \quad \mu_k = \frac{1}{N_k} \sum_i r_{ik} x_i, \quad
        \sigma_k^2 = \frac{1}{N_k} \sum_i r_{ik} (x_i - \mu_k)^2, \quad N_k = \sum_i r_{ik}

    Parameters
    ----------
    x : array_like, shape (n,)
        Points, not all the same.
    responsibilities : array_like, shape (n, k)
        What the E-step found.
    stds : array_like, shape (k,), optional
        Standard deviations that are known. Otherwise they are estimated, and none falls below a
        thousandth of the standard deviation of ``x``: on a single point the likelihood has no
        maximum.

    Returns
    -------
    Mixture
        The new estimate.

    Raises
    ------
    ValueError
        If a number isn't finite, the shapes don't fit, a component has no point, or all points
        are the same and the standard deviations unknown.

    References
    ----------
    C. M. Bishop, *Pattern Recognition and Machine Learning* (2006), section 9.2.

    Examples
    --------
    >>> mixture_m_step([0.0, 2.0, 9.0], [[1, 0], [1, 0], [0, 1]]).means.tolist()
    [1.0, 9.0]
    """
    points = check_array(x, "x", ndim=1)
    shares = _shares(responsibilities, len(points))
    counts = shares.sum(axis=0)
    if (counts == 0).any():
        raise ValueError(f"responsibilities: component {counts.argmin()} has no point")
    means = shares.T @ points / counts
    if stds is None:
        variances = (shares * (points[:, None] - means) ** 2).sum(axis=0) / counts
        widths = np.maximum(np.sqrt(variances), _smallest_std(points))
    else:
        widths = check_positive(stds, "stds")
    if widths.shape != means.shape:
        raise ValueError(f"stds: expected shape {means.shape}, got {widths.shape}")
    return Mixture(counts / len(points), means, widths)


def mixture_steps(
    x: ArrayLike,
    start: Mixture,
    *,
    known_stds: bool = False,
    max_iter: int = 500,
    tol: float = 1e-8,
) -> Iterator[EMStep[Mixture, FloatArray]]:
    """Fit a mixture of normals by EM.

    Parameters
    ----------
    x : array_like, shape (n,)
        Points.
    start : Mixture
        The first estimate; equal components stay equal for ever.
    known_stds : bool
        Whether the standard deviations of ``start`` are known, not estimated.
    max_iter : int
        The largest number of M-steps.
    tol : float
        The relative gain at which to stop.

    Returns
    -------
    iterator of EMStep
        Mixture, responsibilities and log-likelihood, at the start and after each M-step.

    Raises
    ------
    ValueError
        As the two steps do, or if an unknown standard deviation starts below the smallest one.

    References
    ----------
    C. M. Bishop, *Pattern Recognition and Machine Learning* (2006), section 9.2.

    Examples
    --------
    >>> start = Mixture(np.array([0.5, 0.5]), np.array([1.0, 8.0]), np.array([1.0, 1.0]))
    >>> *_, last = mixture_steps([0.0, 2.0, 9.0, 11.0], start)
    >>> last.parameters.means.round(3)
    array([ 1., 10.])
    """
    stds = start.stds if known_stds else None
    if not known_stds and np.min(start.stds) < (
        least := _smallest_std(check_array(x, "x", ndim=1))
    ):
        raise ValueError(f"start: expected stds of at least {least:.3g}")
    return em_steps(
        lambda mixture: mixture_e_step(x, mixture),
        lambda responsibilities: mixture_m_step(x, responsibilities, stds=stds),
        start,
        max_iter=max_iter,
        tol=tol,
    )


def two_coins_steps(
    heads: ArrayLike,
    n_flips: int,
    start: ArrayLike,
    *,
    max_iter: int = 500,
    tol: float = 1e-8,
) -> Iterator[EMStep[FloatArray, FloatArray]]:
    r"""Find the biases of coins when nobody noted which coin was flipped in which round.

    .. math:: r_{ik} \propto p_k^{h_i} (1 - p_k)^{n - h_i}, \quad
        p_k = \frac{\sum_i r_{ik} h_i}{n \sum_i r_{ik}}

    Parameters
    ----------
    heads : array_like, shape (m,)
        Number of heads in each round, for which one coin is picked, each as probably.
    n_flips : int
        Flips in a round.
    start : array_like, shape (k,)
        First estimates of P(heads), strictly between 0 and 1.
    max_iter : int
        The largest number of M-steps.
    tol : float
        The relative gain at which to stop.

    Returns
    -------
    iterator of EMStep
        P(heads) of each coin, responsibilities (m, k) and log-likelihood of the flips.

    Raises
    ------
    ValueError
        If a number of heads or a probability lies outside its range.

    References
    ----------
    C. B. Do and S. Batzoglou, "What is the expectation maximization algorithm?", Nature
    Biotechnology 26 (2008).

    Examples
    --------
    >>> *_, last = two_coins_steps([5, 9, 8, 4, 7], 10, [0.6, 0.5])
    >>> last.parameters.round(2)
    array([0.8 , 0.52])
    """
    counts = check_array(heads, "heads", ndim=1)
    check_count(n_flips, "n_flips")
    first = check_array(start, "start", ndim=1)
    if (counts < 0).any() or (counts > n_flips).any():
        raise ValueError(f"heads: expected numbers from 0 to {n_flips}")
    for p in first:
        check_between(float(p), "start", 0, 1, strict=True)

    def e_step(p: FloatArray) -> tuple[FloatArray, float]:
        log_joint = xlogy(counts[:, None], p) + xlog1py(n_flips - counts[:, None], -p)
        log_joint -= np.log(len(p))
        return softmax(log_joint, axis=1), float(logsumexp(log_joint, axis=1).sum())

    def m_step(responsibilities: FloatArray) -> FloatArray:
        estimate: FloatArray = (
            responsibilities.T @ counts / (n_flips * responsibilities.sum(axis=0))
        )
        return estimate

    return em_steps(e_step, m_step, first, max_iter=max_iter, tol=tol)


def _log_joint(points: FloatArray, mixture: Mixture) -> FloatArray:
    """Return log p(x_i, z_i = k), shape (n, k)."""
    weights = check_positive(check_probabilities(mixture.weights, "weights"), "weights")
    means = check_array(mixture.means, "means", ndim=1)
    stds = check_positive(mixture.stds, "stds")
    if not weights.shape == means.shape == stds.shape:
        raise ValueError(
            "mixture: expected weights, means and stds of one length, got shapes "
            f"{weights.shape}, {means.shape} and {stds.shape}"
        )
    squares = ((points[:, None] - means) / stds) ** 2
    log_joint: FloatArray = np.log(weights / (stds * np.sqrt(2 * np.pi))) - squares / 2
    return log_joint


def _smallest_std(points: FloatArray) -> float:
    spread = float(points.std())
    if spread == 0:
        raise ValueError("x: expected points that are not all the same")
    return SMALLEST_STD * spread


def _shares(responsibilities: ArrayLike, n: int) -> FloatArray:
    shares = check_probabilities(responsibilities, "responsibilities")
    if shares.ndim != 2 or len(shares) != n:
        raise ValueError(f"responsibilities: expected {n} rows, got shape {shares.shape}")
    return shares
