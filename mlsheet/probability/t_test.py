"""1.24.2 T-Test: means of one group, of pairs and of two groups, with the spread estimated."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtr

from mlsheet.probability.hypothesis_testing import tail_probability
from mlsheet.probability.type_1_and_type_2_error import Alternative
from mlsheet.validation import FloatArray, check_array


class TTestResult(NamedTuple):
    """The outcome of a t-test, or of many.

    Parameters
    ----------
    t : ndarray of float64
        The statistic, in estimated standard errors.
    df : ndarray of float64
        The degrees of freedom of its null law.
    p : ndarray of float64
        The p-value.
    """

    t: FloatArray
    df: FloatArray
    p: FloatArray


def one_sample_t_test(
    x: ArrayLike, mu0: float = 0.0, alternative: Alternative = "two-sided"
) -> TTestResult:
    r"""Test whether a population of unknown spread has the mean ``mu0``.

    .. math:: T = \frac{\bar X - \mu_0}{s / \sqrt n} \sim t_{n-1}, \qquad
        s^2 = \frac{1}{n - 1} \sum_i (X_i - \bar X)^2

    Parameters
    ----------
    x : array_like, shape (..., n)
        Independent values, one sample of at least two along the last axis.
    mu0 : float
        The population mean that the null hypothesis names.
    alternative : {"two-sided", "greater", "less"}
        On which side of ``mu0`` the alternative lies.

    Returns
    -------
    TTestResult
        Statistic, degrees of freedom and p-value, each of shape (...).

    Raises
    ------
    ValueError
        If a sample has fewer than two values, holds a non-finite one or doesn't vary, or ``mu0``
        isn't finite.

    References
    ----------
    Student, "The probable error of a mean", Biometrika 6 (1908).

    Examples
    --------
    >>> t, df, p = one_sample_t_test([1.0, 2.0, 3.0, 4.0])
    >>> print(f"t = {t:.3f}, df = {df:.0f}, p = {p:.4f}")
    t = 3.873, df = 3, p = 0.0305
    """
    mean, variance, n = _moments(x, "x")
    difference = mean - check_array(mu0, "mu0", ndim=0)
    return _t_test(difference, variance / n, np.full_like(mean, n - 1), alternative)


def paired_t_test(
    x: ArrayLike, y: ArrayLike, alternative: Alternative = "two-sided"
) -> TTestResult:
    r"""Test whether pairs differ on average: the one-sample test of their differences.

    Parameters
    ----------
    x, y : array_like, shape (..., n)
        The two values of each pair, pairs along the last axis.
    alternative : {"two-sided", "greater", "less"}
        How ``x`` differs from ``y``.

    Returns
    -------
    TTestResult
        Statistic, degrees of freedom and p-value, each of shape (...).

    Raises
    ------
    ValueError
        If the shapes differ, or the differences are fewer than two, not finite or all the same.

    References
    ----------
    Student, "The probable error of a mean", Biometrika 6 (1908).

    Examples
    --------
    >>> print(f"{paired_t_test([3.0, 5.0, 8.0], [1.0, 4.0, 5.0]).t:.3f}")
    3.464
    """
    first, second = check_array(x, "x"), check_array(y, "y")
    if first.shape != second.shape:
        raise ValueError(f"y: expected shape {first.shape} as x has, got {second.shape}")
    return one_sample_t_test(first - second, alternative=alternative)


def two_sample_t_test(
    x1: ArrayLike,
    x2: ArrayLike,
    *,
    equal_var: bool = True,
    alternative: Alternative = "two-sided",
) -> TTestResult:
    r"""Test whether two independent groups have the same mean (1.24-f4, 1.24-s1).

    The pooled test assumes equal variances:

    .. math:: T = \frac{\bar X_1 - \bar X_2}{s \sqrt{1 / n_1 + 1 / n_2}} \sim t_{n_1 + n_2 - 2},
        \qquad s^2 = \frac{(n_1 - 1) s_1^2 + (n_2 - 1) s_2^2}{n_1 + n_2 - 2}

    Welch's doesn't. With :math:`v_i = s_i^2 / n_i`,

    .. math:: T = \frac{\bar X_1 - \bar X_2}{\sqrt{v_1 + v_2}}, \qquad \text{df} \approx
        \frac{(v_1 + v_2)^2}{v_1^2 / (n_1 - 1) + v_2^2 / (n_2 - 1)}

    Parameters
    ----------
    x1 : array_like, shape (..., n1)
        The first group, at least two values along the last axis.
    x2 : array_like, shape (..., n2)
        The second group, likewise; the other axes are those of ``x1``.
    equal_var : bool
        Whether to pool the variances; otherwise the test is Welch's.
    alternative : {"two-sided", "greater", "less"}
        How the first mean differs from the second.

    Returns
    -------
    TTestResult
        Statistic, degrees of freedom and p-value, each of shape (...).

    Raises
    ------
    ValueError
        If a group has fewer than two values or a non-finite one, neither group varies, or the
        other axes differ.

    References
    ----------
    B. L. Welch, "The generalization of Student's problem when several different population
    variances are involved", Biometrika 34 (1947).

    Examples
    --------
    >>> t, df, p = two_sample_t_test([1.0, 2.0, 3.0], [3.0, 4.0, 5.0, 6.0])
    >>> print(f"t = {t:.3f}, df = {df:.0f}, p = {p:.3f}")
    t = -2.766, df = 5, p = 0.040
    """
    mean1, variance1, n1 = _moments(x1, "x1")
    mean2, variance2, n2 = _moments(x2, "x2")
    if mean1.shape != mean2.shape:
        raise ValueError(f"x2: expected {mean1.shape} samples as in x1, got {mean2.shape}")
    v1, v2 = variance1 / n1, variance2 / n2
    if equal_var:
        df = np.full_like(mean1, n1 + n2 - 2)
        pooled = ((n1 - 1) * variance1 + (n2 - 1) * variance2) / df
        return _t_test(mean1 - mean2, pooled * (1 / n1 + 1 / n2), df, alternative)
    with np.errstate(invalid="ignore"):  # two groups that don't vary: refused below
        share = v1 / (v1 + v2)
        df = 1 / (share**2 / (n1 - 1) + (1 - share) ** 2 / (n2 - 1))
    return _t_test(mean1 - mean2, v1 + v2, df, alternative)


def _moments(x: ArrayLike, name: str) -> tuple[FloatArray, FloatArray, int]:
    """Return mean, unbiased variance (exactly 0 of equal values) and size along the last axis."""
    sample = check_array(x, name)
    if sample.ndim == 0 or sample.shape[-1] < 2:
        raise ValueError(
            f"{name}: expected at least two values along the last axis, got shape {sample.shape}"
        )
    return (
        np.asarray(sample.mean(axis=-1)),
        np.asarray((sample - sample[..., :1]).var(axis=-1, ddof=1)),
        sample.shape[-1],
    )


def _t_test(
    difference: FloatArray, squared_error: FloatArray, df: FloatArray, alternative: Alternative
) -> TTestResult:
    if not (squared_error > 0).all():
        raise ValueError("t-test: expected values that vary, got the same number throughout")
    t = difference / np.sqrt(squared_error)
    p = tail_probability(t, lambda value: stdtr(df, -value), alternative)
    return TTestResult(t, df, p)
