"""1.24.1 Z-Test: a mean against a value, with the spread known; two proportions."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from mlsheet.probability.hypothesis_testing import tail_probability
from mlsheet.probability.type_1_and_type_2_error import Alternative
from mlsheet.validation import FloatArray, check_array, check_between, check_count


class ZTestResult(NamedTuple):
    """The outcome of a z-test, or of many.

    Parameters
    ----------
    z : ndarray of float64
        The statistic, in standard errors.
    p : ndarray of float64
        The p-value.
    """

    z: FloatArray
    p: FloatArray


def z_test(
    x: ArrayLike, mu0: float, sigma: float, alternative: Alternative = "two-sided"
) -> ZTestResult:
    r"""Test whether a population has the mean ``mu0``, its spread being known (1.24-f3).

    .. math:: Z = \frac{\bar X - \mu_0}{\sigma / \sqrt n}

    Under the null hypothesis it is standard normal, exactly for normal data and nearly so for
    large samples. Each sample along the last axis is one test.

    Parameters
    ----------
    x : array_like, shape (..., n)
        Independent values, one sample along the last axis.
    mu0 : float
        The population mean that the null hypothesis names, in the unit of ``x``.
    sigma : float
        Standard deviation of the population, in the same unit, above 0.
    alternative : {"two-sided", "greater", "less"}
        On which side of ``mu0`` the alternative lies.

    Returns
    -------
    ZTestResult
        Statistic and p-value, each of shape (...).

    Raises
    ------
    ValueError
        If ``x`` is a single number, empty or not finite, ``mu0`` isn't one finite number,
        ``sigma`` isn't one above 0 or ``alternative`` is none of the three.

    References
    ----------
    G. Casella and R. L. Berger, *Statistical Inference*, 2nd ed. (2002), section 8.2.

    Examples
    --------
    >>> z, p = z_test([1.0, 3.0, 2.0, 4.0], mu0=0, sigma=2.5)
    >>> print(f"z = {z:.2f}, p = {p:.4f}")
    z = 2.00, p = 0.0455
    """
    sample = check_array(x, "x")
    if sample.ndim == 0:
        raise ValueError("x: expected a sample along the last axis, got a single number")
    difference = sample.mean(axis=-1) - check_array(mu0, "mu0", ndim=0)
    spread = check_between(sigma, "sigma", 0, strict=True)
    z: FloatArray = difference / (spread / np.sqrt(sample.shape[-1]))
    return ZTestResult(z, tail_probability(z, _normal_survival, alternative))


def two_proportion_z_test(
    k1: int, n1: int, k2: int, n2: int, alternative: Alternative = "two-sided"
) -> ZTestResult:
    r"""Test whether two groups succeed with the same probability.

    .. math:: Z = \frac{k_1 / n_1 - k_2 / n_2}{\sqrt{\hat p (1 - \hat p) (1 / n_1 + 1 / n_2)}},
        \qquad \hat p = \frac{k_1 + k_2}{n_1 + n_2}

    Under the null hypothesis both groups share one proportion, so the spread is taken from the
    two together. The normal law is an approximation for large groups.

    Parameters
    ----------
    k1, n1, k2, n2 : int
        Number of successes in the first group and its size, then those of the second.
    alternative : {"two-sided", "greater", "less"}
        How the first proportion differs from the second.

    Returns
    -------
    ZTestResult
        Statistic and p-value.

    Raises
    ------
    ValueError
        If a number isn't a count or exceeds its group's size, all trials have one outcome, or
        ``alternative`` is none of the three.

    References
    ----------
    G. Casella and R. L. Berger, *Statistical Inference*, 2nd ed. (2002), chapter 10.

    Examples
    --------
    >>> z, p = two_proportion_z_test(240, 1000, 200, 1000)
    >>> print(f"z = {z:.2f}, p = {p:.3f}")
    z = 2.16, p = 0.031
    """
    check_count(k1, "k1", minimum=0, maximum=check_count(n1, "n1"))
    check_count(k2, "k2", minimum=0, maximum=check_count(n2, "n2"))
    pooled = (k1 + k2) / (n1 + n2)
    if pooled in (0, 1):
        raise ValueError(f"k1, k2: expected both outcomes to occur, got {k1 + k2} of {n1 + n2}")
    standard_error = np.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
    z = np.float64(k1 / n1 - k2 / n2) / standard_error
    return ZTestResult(z, tail_probability(z, _normal_survival, alternative))


def _normal_survival(z: FloatArray) -> FloatArray:
    return ndtr(-z)
