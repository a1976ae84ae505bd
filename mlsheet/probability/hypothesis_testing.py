"""1.24 Hypothesis Testing: p-values from a null law, and how often a test rejects."""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from mlsheet.probability.type_1_and_type_2_error import Alternative, check_alternative
from mlsheet.validation import (
    FloatArray,
    as_generator,
    check_array,
    check_between,
    check_count,
    check_probabilities,
)

Data = TypeVar("Data")


class RejectionRate(NamedTuple):
    """How often a test rejected in a simulation.

    Parameters
    ----------
    rate : float
        Share of the repetitions with a p-value below alpha.
    se : float
        Standard error of that share.
    """

    rate: float
    se: float


def tail_probability(
    statistic: ArrayLike,
    survival: Callable[[FloatArray], FloatArray],
    alternative: Alternative = "two-sided",
) -> FloatArray:
    r"""Return the p-value under a continuous null law that is symmetric about 0 (1.24-f1).

    .. math:: p = P(T \ge t \mid H_0), \qquad \text{two-sided: } p = P(|T| \ge |t| \mid H_0)

    Parameters
    ----------
    statistic : array_like
        The observed statistic :math:`t`, one for each test.
    survival : callable
        The law's survival function, :math:`t \mapsto P(T \ge t \mid H_0)`.
    alternative : {"two-sided", "greater", "less"}
        On which side the alternative lies.

    Returns
    -------
    ndarray of float64
        The p-value of each statistic.

    Raises
    ------
    ValueError
        If a statistic isn't finite or ``alternative`` is none of the three.

    References
    ----------
    G. Casella and R. L. Berger, *Statistical Inference*, 2nd ed. (2002), section 8.3.4.

    Examples
    --------
    >>> from scipy.special import ndtr
    >>> print(f"{tail_probability(2.0, lambda t: ndtr(-t)):.4f}")
    0.0455
    """
    t = check_array(statistic, "statistic")
    if check_alternative(alternative) == "two-sided":
        return 2 * survival(np.abs(t))
    return survival(t if alternative == "greater" else -t)


def discrete_p_value(
    support: ArrayLike,
    probabilities: ArrayLike,
    observed: float,
    alternative: Alternative = "two-sided",
) -> float:
    r"""Return the p-value under a null law given value by value (1.24-f1).

    The observed value itself counts, for "at least as extreme" includes "as extreme". On both
    sides the p-value is twice the smaller tail, 1 at most; for a symmetric law this is
    :math:`P(|T - c| \ge |t - c|)` with :math:`c` its centre.

    Parameters
    ----------
    support : array_like, shape (m,)
        The values the statistic can take.
    probabilities : array_like, shape (m,)
        Their probabilities under the null hypothesis.
    observed : float
        The observed statistic :math:`t`.
    alternative : {"two-sided", "greater", "less"}
        On which side the alternative lies.

    Returns
    -------
    float
        The p-value.

    Raises
    ------
    ValueError
        If the probabilities don't fit the support or don't sum to 1, ``observed`` isn't finite
        or ``alternative`` is none of the three.

    References
    ----------
    G. Casella and R. L. Berger, *Statistical Inference*, 2nd ed. (2002), section 8.3.4.

    Examples
    --------
    >>> discrete_p_value([0, 1, 2], [0.25, 0.5, 0.25], observed=2, alternative="greater")
    0.25
    """
    values = check_array(support, "support", ndim=1)
    law = check_probabilities(probabilities, "probabilities")
    if law.shape != values.shape:
        raise ValueError(f"probabilities: expected shape {values.shape}, got {law.shape}")
    t = check_array(observed, "observed", ndim=0)
    upper, lower = float(law[values >= t].sum()), float(law[values <= t].sum())
    if check_alternative(alternative) == "two-sided":
        return min(1.0, 2 * min(upper, lower))
    return upper if alternative == "greater" else lower


def simulate_rejection_rate(
    test: Callable[[Data], ArrayLike],
    sample: Callable[[np.random.Generator, int], Data],
    *,
    reps: int,
    alpha: float = 0.05,
    rng: np.random.Generator | int,
) -> RejectionRate:
    r"""Repeat a test on fresh data and count how often it rejects (1.24-f2).

    Where the null hypothesis is true the rate estimates the level of the test, elsewhere its
    power. A test rejects when :math:`p < \alpha`.

    Parameters
    ----------
    test : callable
        ``test(data)`` returns the p-values of all repetitions, shape (reps,).
    sample : callable
        ``sample(generator, reps)`` draws the data of all repetitions, in the form that ``test``
        takes.
    reps : int
        How many repetitions.
    alpha : float
        The level that the test is meant to have, strictly between 0 and 1.
    rng : numpy.random.Generator or int
        Generator or seed.

    Returns
    -------
    RejectionRate
        The share of rejections and its standard error.

    Raises
    ------
    ValueError
        If ``reps`` is below 1, ``alpha`` lies outside its range, or ``test`` returns something
        other than ``reps`` numbers from 0 to 1.

    References
    ----------
    L. Wasserman, *All of Statistics* (2004), chapter 10, on level and power.

    Examples
    --------
    >>> uniform = simulate_rejection_rate(
    ...     lambda p: p, lambda generator, reps: generator.random(reps), reps=10_000, rng=0
    ... )
    >>> abs(uniform.rate - 0.05) < 4 * uniform.se
    True
    """
    check_count(reps, "reps")
    check_between(alpha, "alpha", 0, 1, strict=True)
    p = check_array(test(sample(as_generator(rng), reps)), "p-values")
    if p.shape != (reps,) or p.min() < 0 or p.max() > 1:
        raise ValueError(
            f"test: expected {reps} p-values from 0 to 1, got shape {p.shape} "
            f"and numbers from {p.min():g} to {p.max():g}"
        )
    rate = float((p < alpha).mean())
    return RejectionRate(rate, float(np.sqrt(rate * (1 - rate) / reps)))
