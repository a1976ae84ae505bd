"""1.1 Type 1 and Type 2 Error: the error rates of a test, its power, and the sample it needs."""

from typing import Literal, NamedTuple, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from mlsheet.validation import FloatArray, check_array, check_between, check_positive

Alternative: TypeAlias = Literal["two-sided", "greater", "less"]


class ErrorRates(NamedTuple):
    """How often many tests were wrong.

    Parameters
    ----------
    alpha : float
        Share of rejections among the tests without an effect (type 1 errors).
    beta : float
        Share of non-rejections among the tests with an effect (type 2 errors).
    power : float
        Share of rejections among the tests with an effect, ``1 - beta``.
    fdr : float
        Share of the rejections that are false.
    """

    alpha: float
    beta: float
    power: float
    fdr: float


def error_rates(effect: ArrayLike, reject: ArrayLike) -> ErrorRates:
    r"""Count the errors of many tests (1.1-f1, 1.1-f2).

    .. math:: \alpha = P(\text{reject} \mid H_0), \qquad \beta = P(\text{not reject} \mid H_1)

    Parameters
    ----------
    effect : array_like of bool, shape (n,)
        Whether there truly is an effect (the null hypothesis is false).
    reject : array_like of bool, shape (n,)
        Whether the test rejected the null hypothesis.

    Returns
    -------
    ErrorRates
        The four shares; one whose group is empty is NaN.

    Raises
    ------
    ValueError
        If an argument isn't a non-empty array of bool with one axis, or the lengths differ.

    References
    ----------
    G. Casella and R. L. Berger, *Statistical Inference*, 2nd ed. (2002), section 8.3.

    Examples
    --------
    >>> error_rates([True, True, False, False], [True, False, False, True])
    ErrorRates(alpha=0.5, beta=0.5, power=0.5, fdr=0.5)
    """
    truth, verdict = _check_flags(effect, "effect"), _check_flags(reject, "reject")
    if truth.shape != verdict.shape:
        raise ValueError(f"reject: expected shape {truth.shape}, got {verdict.shape}")
    return ErrorRates(
        alpha=_share(verdict, among=~truth),
        beta=_share(~verdict, among=truth),
        power=_share(verdict, among=truth),
        fdr=_share(~truth, among=verdict),
    )


def z_power(
    d: ArrayLike,
    n: ArrayLike,
    alpha: ArrayLike = 0.05,
    alternative: Alternative = "two-sided",
) -> FloatArray:
    r"""Return the power of the one-sample z-test (1.1-s1).

    .. math:: 1 - \beta = \Phi(-z_{1-\alpha/2} - d\sqrt n) + \Phi(d\sqrt n - z_{1-\alpha/2})

    Parameters
    ----------
    d : array_like
        The effect :math:`(\mu_1 - \mu_0) / \sigma`, in standard deviations.
    n : array_like
        Number of observations, above 0; broadcasts with ``d``.
    alpha : array_like
        Size of the test, strictly between 0 and 1; broadcasts, too.
    alternative : {"two-sided", "greater", "less"}
        Which means the test looks out for.

    Returns
    -------
    ndarray of float64
        Probability to reject, in the common shape of the arguments.

    Raises
    ------
    ValueError
        If an argument lies outside its range.

    References
    ----------
    L. Wasserman, *All of Statistics* (2004), section 10.1, on the Wald test.

    Examples
    --------
    >>> print(f"{z_power(d=0.5, n=25):.6f}")
    0.705418
    """
    size = check_positive(alpha, "alpha")
    if (size >= 1).any():
        raise ValueError(f"alpha: expected numbers < 1, got {size.max():g}")
    shift = check_array(d, "d") * np.sqrt(check_positive(n, "n"))
    if check_alternative(alternative) == "two-sided":
        power: FloatArray = ndtr(ndtri(size / 2) - shift) + ndtr(ndtri(size / 2) + shift)
    else:
        power = ndtr(ndtri(size) + (shift if alternative == "greater" else -shift))
    return power


def sample_size(d: float, alpha: float = 0.05, power: float = 0.8) -> int:
    r"""Return the smallest sample with which the two-sided z-test has the power wanted.

    Power rises with n, so n is found by doubling and then halving the interval. Without the far
    tail it is :math:`n = ((z_{1-\alpha/2} + z_{1-\beta}) / d)^2`, rounded up.

    Parameters
    ----------
    d : float
        The effect in standard deviations, not 0.
    alpha : float
        Size of the test, strictly between 0 and 1.
    power : float
        Power wanted, strictly between 0 and 1.

    Returns
    -------
    int
        Number of observations.

    Raises
    ------
    ValueError
        If ``d`` is 0 or not finite, or a probability isn't strictly between 0 and 1.

    References
    ----------
    G. Casella and R. L. Berger, *Statistical Inference*, 2nd ed. (2002), section 8.3.

    Examples
    --------
    >>> sample_size(d=0.5)
    32
    """
    check_between(abs(d), "|d|", 0, strict=True)
    check_between(power, "power", 0, 1, strict=True)
    high = 1
    while z_power(d, high, alpha) < power:
        high *= 2
    low = high // 2  # too small, or 0
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if z_power(d, middle, alpha) < power else (low, middle)
    return high


def false_discovery_share(share: float, alpha: float, power: float) -> float:
    r"""Return the share of rejections that are false when only some effects are real (1.1-a1).

    .. math:: P(H_0 \mid \text{reject})
        = \frac{\alpha\,(1 - \pi)}{\alpha\,(1 - \pi) + (1 - \beta)\,\pi}

    Parameters
    ----------
    share : float
        Share :math:`\pi` of the tests with a real effect, from 0 to 1.
    alpha : float
        Size of each test, strictly between 0 and 1.
    power : float
        Power :math:`1 - \beta` of each test, strictly above 0, at most 1.

    Returns
    -------
    float
        Probability that a rejected null hypothesis is true.

    Raises
    ------
    ValueError
        If an argument lies outside its range.

    References
    ----------
    J. P. A. Ioannidis, "Why most published research findings are false", PLoS Medicine 2 (2005).

    Examples
    --------
    >>> round(false_discovery_share(share=0.1, alpha=0.05, power=0.8), 2)
    0.36
    """
    check_between(share, "share", 0, 1)
    check_between(alpha, "alpha", 0, 1, strict=True)
    check_positive(check_between(power, "power", 0, 1), "power")
    false, true = alpha * (1 - share), power * share
    return false / (false + true)


def check_alternative(alternative: Alternative) -> Alternative:
    """Return ``alternative`` if it is one of the three.

    Parameters
    ----------
    alternative : {"two-sided", "greater", "less"}
        On which side of the null hypothesis the alternative lies.

    Returns
    -------
    str
        The same.

    Raises
    ------
    ValueError
        If it is another.

    Examples
    --------
    >>> check_alternative("greater")
    'greater'
    """
    if alternative not in get_args(Alternative):
        raise ValueError(
            f"alternative: expected 'two-sided', 'greater' or 'less', got {alternative!r}"
        )
    return alternative


def _check_flags(value: ArrayLike, name: str) -> NDArray[np.bool_]:
    flags = np.asarray(value)
    if flags.ndim != 1 or flags.size == 0 or flags.dtype != np.bool_:
        raise ValueError(
            f"{name}: expected a non-empty array of bool with 1 axis, "
            f"got {flags.dtype} of shape {flags.shape}"
        )
    return flags


def _share(flags: NDArray[np.bool_], *, among: NDArray[np.bool_]) -> float:
    return float(flags[among].mean()) if among.any() else float("nan")
