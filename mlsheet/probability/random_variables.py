r"""1.16 Random Variables: functions on a finite space of outcomes, in exact fractions.

.. math:: X: \Omega \to \mathbb{R}, \quad P(X \in B) = P(\{\omega : X(\omega) \in B\})
    \quad (1.16\text{-}s1)
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import isnan
from typing import Any, TypeAlias

from mlsheet.validation import check_count, check_probabilities

Number: TypeAlias = int | Fraction


@dataclass(frozen=True)
class SampleSpace:
    """A finite set of outcomes, each with its probability.

    Parameters
    ----------
    probabilities : mapping
        The probability of each outcome, as exact fractions; they sum to 1.

    Raises
    ------
    ValueError
        If there is no outcome, a probability is negative or they don't sum to 1.

    References
    ----------
    L. Wasserman, *All of Statistics* (2004), chapter 1.

    Examples
    --------
    >>> SampleSpace({"heads": Fraction(1, 2), "tails": Fraction(1, 2)}).probabilities["heads"]
    Fraction(1, 2)
    """

    probabilities: Mapping[Hashable, Fraction]

    def __post_init__(self) -> None:
        masses = self.probabilities.values()
        check_probabilities([float(p) for p in masses], "probabilities")
        if (total := sum(masses)) != 1:
            raise ValueError(f"probabilities: expected a sum of exactly 1, got {total}")


@dataclass(frozen=True)
class RandomVariable:
    """A function that gives each outcome of a space a number.

    ``X + Y``, ``X - Y`` and ``X * Y`` are again functions on the space, taken outcome by outcome.

    Parameters
    ----------
    space : SampleSpace
        The outcomes and their probabilities.
    fn : callable
        ``fn(outcome)`` is the value at that outcome, a whole number or a fraction.

    References
    ----------
    G. Casella and R. L. Berger, *Statistical Inference*, 2nd ed. (2002), section 1.4.

    Examples
    --------
    >>> highest = RandomVariable(dice(6), max)
    >>> highest.expectation(), highest.var()
    (Fraction(161, 36), Fraction(2555, 1296))
    """

    space: SampleSpace
    fn: Callable[[Any], Number]

    def pmf(self) -> dict[Number, Fraction]:
        r"""Collect the probability of each value over the outcomes that give it.

        .. math:: p(x) = \sum_{\omega : X(\omega) = x} P(\omega)

        Returns
        -------
        dict
            The probability of each value, by increasing value.

        Examples
        --------
        >>> RandomVariable(dice(2), sum).pmf()
        {2: Fraction(1, 4), 3: Fraction(1, 2), 4: Fraction(1, 4)}
        """
        masses: dict[Number, Fraction] = {}
        for outcome, probability in self.space.probabilities.items():
            value = self.fn(outcome)
            masses[value] = masses.get(value, Fraction(0)) + probability
        return dict(sorted(masses.items()))

    def probability(self, event: Callable[[Number], bool]) -> Fraction:
        r"""Return the probability that the value lies in a set (1.16-s1).

        .. math:: P(X \in B) = P(\{\omega : X(\omega) \in B\})

        Parameters
        ----------
        event : callable
            ``event(value)`` says whether a value belongs to the set B.

        Returns
        -------
        Fraction
            The total probability of the outcomes whose value does.

        Examples
        --------
        >>> RandomVariable(dice(6), sum).probability(lambda value: value == 7)
        Fraction(1, 6)
        """
        weights = self.space.probabilities.items()
        return sum((p for outcome, p in weights if event(self.fn(outcome))), Fraction(0))

    def cdf(self, x: float) -> Fraction:
        r"""Return the distribution function :math:`F(x) = P(X \le x)`.

        Parameters
        ----------
        x : float
            Any number, a value of the variable or not.

        Returns
        -------
        Fraction
            The probability of a value of at most ``x``.

        Raises
        ------
        ValueError
            If ``x`` is NaN.

        Examples
        --------
        >>> RandomVariable(dice(6), max).cdf(4.5)
        Fraction(4, 9)
        """
        if isnan(x):
            raise ValueError("x: expected a number, got nan")
        return self.probability(lambda value: value <= x)

    def map(self, g: Callable[[Any], Number]) -> "RandomVariable":
        """Return the variable :math:`g(X)`: first X, then g.

        Parameters
        ----------
        g : callable
            A function of one value.

        Returns
        -------
        RandomVariable
            The composed function, on the same space.

        Examples
        --------
        >>> RandomVariable(dice(6, 1), sum).map(lambda x: 7 - x).expectation()
        Fraction(7, 2)
        """
        return RandomVariable(self.space, lambda outcome: g(self.fn(outcome)))

    def expectation(self) -> Fraction:
        r"""Average the values over the outcomes.

        .. math:: E[X] = \sum_\omega X(\omega) P(\omega)

        Returns
        -------
        Fraction
            The mean, in the unit of the values.

        Examples
        --------
        >>> RandomVariable(dice(6), sum).expectation()
        Fraction(7, 1)
        """
        weights = self.space.probabilities.items()
        return sum((p * self.fn(outcome) for outcome, p in weights), Fraction(0))

    def var(self) -> Fraction:
        r"""Average the squared distance from the mean, :math:`E[(X - E[X])^2]`.

        Returns
        -------
        Fraction
            The variance, in the squared unit of the values.

        Examples
        --------
        >>> RandomVariable(dice(6, 1), sum).var()
        Fraction(35, 12)
        """
        mean = self.expectation()
        return self.map(lambda value: (value - mean) ** 2).expectation()

    def __add__(self, other: "RandomVariable") -> "RandomVariable":
        return self._combined(other, lambda x, y: x + y)

    def __sub__(self, other: "RandomVariable") -> "RandomVariable":
        return self._combined(other, lambda x, y: x - y)

    def __mul__(self, other: "RandomVariable") -> "RandomVariable":
        return self._combined(other, lambda x, y: x * y)

    def _combined(
        self, other: "RandomVariable", combine: Callable[[Number, Number], Number]
    ) -> "RandomVariable":
        if self.space != other.space:
            raise ValueError("other: expected a random variable on the same space of outcomes")
        return RandomVariable(self.space, lambda w: combine(self.fn(w), other.fn(w)))


def dice(faces: int, n_dice: int = 2) -> SampleSpace:
    """Return the space of all rolls of fair dice, each roll a tuple.

    Parameters
    ----------
    faces : int
        How many faces a die has, numbered from 1.
    n_dice : int
        How many dice are rolled.

    Returns
    -------
    SampleSpace
        ``faces ** n_dice`` outcomes of equal probability.

    Raises
    ------
    ValueError
        If a count is below 1.

    References
    ----------
    L. Wasserman, *All of Statistics* (2004), chapter 1.

    Examples
    --------
    >>> len(dice(6).probabilities)
    36
    """
    check_count(faces, "faces")
    check_count(n_dice, "n_dice")
    rolls = product(range(1, faces + 1), repeat=n_dice)
    return SampleSpace(dict.fromkeys(rolls, Fraction(1, faces**n_dice)))


def lotus(g: Callable[[Any], Number], pmf: Mapping[Number, Fraction]) -> Fraction:
    r"""Compute the expectation of :math:`g(X)` from the distribution of X alone (1.16-a1).

    .. math:: E[g(X)] = \sum_x g(x)\, p(x)

    Parameters
    ----------
    g : callable
        A function of one value.
    pmf : mapping
        The probability of each value of X.

    Returns
    -------
    Fraction
        The mean of g(X).

    Raises
    ------
    ValueError
        If the probabilities are negative or don't sum to 1.

    References
    ----------
    L. Wasserman, *All of Statistics* (2004), section 3.1, "the rule of the lazy statistician".

    Examples
    --------
    >>> lotus(lambda x: x**2, {0: Fraction(1, 2), 2: Fraction(1, 2)})
    Fraction(2, 1)
    """
    check_probabilities([float(p) for p in pmf.values()], "pmf")
    return sum((g(value) * p for value, p in pmf.items()), Fraction(0))
