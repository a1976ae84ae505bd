"""1.12 Probability Math Rules: events on a finite space of outcomes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlsheet.validation import FloatArray, check_array, check_between, check_probabilities


@dataclass(frozen=True, eq=False)
class FiniteSpace:
    r"""Outcomes 1, …, n with their probabilities; an event is a boolean mask over them.

    .. math:: P(A) = \sum_{\omega \in A} p(\omega), \qquad P(A \mid B) = \frac{P(A \cap B)}{P(B)}

    With masks ``A`` and ``B``, "A and B" is ``A & B``, "A or B" is ``A | B`` and "not A" is ``~A``.

    Parameters
    ----------
    p : ndarray of float64, shape (n,)
        Probability of each outcome; they sum to 1.

    Raises
    ------
    ValueError
        If the probabilities don't form one row that sums to 1.

    References
    ----------
    G. Casella and R. L. Berger, *Statistical Inference*, 2nd ed. (2002), sections 1.2 and 1.3.

    Examples
    --------
    >>> die = FiniteSpace(np.full(6, 1 / 6))
    >>> face = np.arange(1, 7)
    >>> round(die.cond(face % 2 == 0, face > 3), 3)
    0.667
    """

    p: FloatArray

    def __post_init__(self) -> None:
        """Hold the probabilities against the axioms."""
        check_probabilities(check_array(self.p, "p", ndim=1), "p")

    def prob(self, event: ArrayLike) -> float:
        """Probability of an event.

        Parameters
        ----------
        event : array_like of bool, shape (n,)
            The outcomes that belong to it.

        Returns
        -------
        float
            Sum of their probabilities.

        Raises
        ------
        ValueError
            If the event isn't a mask over the n outcomes.

        Examples
        --------
        >>> FiniteSpace(np.array([0.2, 0.3, 0.5])).prob([True, True, False])
        0.5
        """
        return float(np.dot(self.p, self._mask(event, "event")))

    def cond(self, A: ArrayLike, B: ArrayLike) -> float:
        """Conditional probability of ``A`` given ``B``.

        Parameters
        ----------
        A, B : array_like of bool, shape (n,)
            Two events; ``B`` has a probability above 0.

        Returns
        -------
        float
            The probability of both over that of ``B``.

        Raises
        ------
        ValueError
            If an event isn't a mask over the n outcomes, or ``B`` has probability 0.

        Examples
        --------
        >>> space = FiniteSpace(np.array([0.2, 0.3, 0.5]))
        >>> space.cond([True, False, False], [True, True, False])
        0.4
        """
        given = self._mask(B, "B")
        if (total := self.prob(given)) == 0:
            raise ValueError("B: expected an event of probability > 0, got 0")
        return self.prob(self._mask(A, "A") & given) / total

    def independent(self, A: ArrayLike, B: ArrayLike, *, tol: float = 1e-9) -> bool:
        """Whether two events are independent: both have the product of their probabilities.

        Parameters
        ----------
        A, B : array_like of bool, shape (n,)
            Two events.
        tol : float
            How far the product may be off, an absolute probability.

        Returns
        -------
        bool
            True if it isn't off by more.

        Raises
        ------
        ValueError
            If an event isn't a mask over the n outcomes, or ``tol`` is negative.

        Examples
        --------
        >>> face = np.arange(1, 7)
        >>> FiniteSpace(np.full(6, 1 / 6)).independent(face % 2 == 0, face <= 2)
        True
        """
        check_between(tol, "tol", 0)
        a, b = self._mask(A, "A"), self._mask(B, "B")
        return abs(self.prob(a & b) - self.prob(a) * self.prob(b)) <= tol

    def _mask(self, event: ArrayLike, name: str) -> NDArray[np.bool_]:
        mask = np.asarray(event)
        if mask.dtype != bool or mask.shape != np.shape(self.p):
            raise ValueError(
                f"{name}: expected {len(self.p)} booleans, got {mask.dtype} of shape {mask.shape}"
            )
        return mask
