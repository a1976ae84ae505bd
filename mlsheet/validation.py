"""Checks at the public boundary: the one place that words an error about an argument."""

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray: TypeAlias = NDArray[np.float64]

PROBABILITY_TOLERANCE = 1e-9


def check_array(value: ArrayLike, name: str, *, ndim: int | None = None) -> FloatArray:
    """Return ``value`` as a non-empty float64 array without NaN or infinity.

    Parameters
    ----------
    value : array_like
        The argument as the caller gave it; it is never modified.
    name : str
        The argument's name, for the error message.
    ndim : int, optional
        The number of axes it must have.

    Returns
    -------
    ndarray of float64
        The same numbers, of the same shape.

    Raises
    ------
    ValueError
        If ``value`` is empty, has another number of axes or holds a non-finite number.

    Examples
    --------
    >>> check_array([[1, 2, 3]], "X", ndim=2).shape
    (1, 3)
    """
    array = np.asarray(value, dtype=np.float64)
    if ndim is not None and array.ndim != ndim:
        raise ValueError(f"{name}: expected an array with {ndim} axes, got shape {array.shape}")
    if array.size == 0:
        raise ValueError(f"{name}: expected at least one number, got shape {array.shape}")
    if not np.isfinite(array).all():
        raise ValueError(f"{name}: expected finite numbers, got NaN or infinity")
    return array


def check_square_matrix(value: ArrayLike, name: str) -> FloatArray:
    """Return ``value`` as a finite ``(n, n)`` array.

    Parameters
    ----------
    value : array_like, shape (n, n)
        The argument as the caller gave it.
    name : str
        The argument's name, for the error message.

    Returns
    -------
    ndarray of float64, shape (n, n)
        The same numbers.

    Raises
    ------
    ValueError
        If ``value`` isn't a finite square matrix.

    Examples
    --------
    >>> check_square_matrix([[1, 2], [3, 4]], "A").shape
    (2, 2)
    """
    matrix = check_array(value, name, ndim=2)
    if matrix.shape[0] != matrix.shape[1]:
        raise ValueError(f"{name}: expected a square matrix, got shape {matrix.shape}")
    return matrix


def check_symmetric_matrix(value: ArrayLike, name: str) -> FloatArray:
    """Return ``value`` as a finite symmetric ``(n, n)`` array.

    Parameters
    ----------
    value : array_like, shape (n, n)
        The argument as the caller gave it.
    name : str
        The argument's name, for the error message.

    Returns
    -------
    ndarray of float64, shape (n, n)
        The same numbers.

    Raises
    ------
    ValueError
        If ``value`` isn't a finite square matrix, or differs from its transpose by more than
        rounding.

    Examples
    --------
    >>> check_symmetric_matrix([[2, 1], [1, 2]], "A").shape
    (2, 2)
    """
    matrix = check_square_matrix(value, name)
    if not np.allclose(matrix, matrix.T, rtol=1e-10, atol=1e-12 * np.abs(matrix).max()):
        raise ValueError(f"{name}: expected a symmetric matrix")
    return matrix


def check_probabilities(value: ArrayLike, name: str, *, axis: int = -1) -> FloatArray:
    """Return ``value`` as probabilities that sum to 1 along ``axis``.

    Parameters
    ----------
    value : array_like
        Probabilities, each in [0, 1].
    name : str
        The argument's name, for the error message.
    axis : int
        The axis along which they sum to 1.

    Returns
    -------
    ndarray of float64
        The same numbers, of the same shape.

    Raises
    ------
    ValueError
        If a number is negative or not finite, or if a sum differs from 1 by more than 1e-9.

    Examples
    --------
    >>> check_probabilities([0.25, 0.75], "p").sum()
    np.float64(1.0)
    """
    probabilities = check_array(value, name)
    if probabilities.ndim == 0:
        raise ValueError(f"{name}: expected an array of probabilities, got a single number")
    if (probabilities < 0).any():
        raise ValueError(f"{name}: expected probabilities >= 0, got {probabilities.min():g}")
    sums = probabilities.sum(axis=axis)
    if (np.abs(sums - 1) > PROBABILITY_TOLERANCE).any():
        worst = float(np.ravel(sums)[np.abs(np.ravel(sums) - 1).argmax()])
        raise ValueError(f"{name}: expected probabilities that sum to 1, got a sum of {worst:g}")
    return probabilities


def check_positive(value: ArrayLike, name: str) -> FloatArray:
    """Return ``value`` as an array of finite numbers above 0.

    Parameters
    ----------
    value : array_like
        The argument as the caller gave it.
    name : str
        The argument's name, for the error message.

    Returns
    -------
    ndarray of float64
        The same numbers, of the same shape.

    Raises
    ------
    ValueError
        If a number is not finite or not above 0.

    Examples
    --------
    >>> float(check_positive(2, "sigma"))
    2.0
    """
    array = check_array(value, name)
    if (array <= 0).any():
        raise ValueError(f"{name}: expected numbers > 0, got {array.min():g}")
    return array


def check_count(value: int, name: str, *, minimum: int = 1, maximum: int | None = None) -> int:
    """Return ``value`` if it is a whole number from ``minimum`` to ``maximum``.

    Parameters
    ----------
    value : int
        The argument as the caller gave it.
    name : str
        The argument's name, for the error message.
    minimum : int
        The smallest count allowed.
    maximum : int, optional
        The largest count allowed; none by default.

    Returns
    -------
    int
        The same number.

    Raises
    ------
    ValueError
        If ``value`` is no whole number or lies outside the range.

    Examples
    --------
    >>> check_count(3, "k", maximum=5)
    3
    """
    span = f"from {minimum} to {maximum}" if maximum is not None else f"of at least {minimum}"
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not whole or value < minimum or (maximum is not None and value > maximum):
        raise ValueError(f"{name}: expected a whole number {span}, got {value!r}")
    return int(value)


def check_between(
    value: float, name: str, low: float, high: float = np.inf, *, strict: bool = False
) -> float:
    """Return ``value`` if it is a finite number from ``low`` to ``high``.

    Parameters
    ----------
    value : float
        The argument as the caller gave it.
    name : str
        The argument's name, for the error message.
    low, high : float
        The smallest and the largest number allowed; no largest one by default.
    strict : bool
        Whether the two ends themselves are not allowed.

    Returns
    -------
    float
        The same number.

    Raises
    ------
    ValueError
        If ``value`` is not one finite number or lies outside the range.

    Examples
    --------
    >>> check_between(0.5, "epsilon", 0, 1)
    0.5
    """
    number = float(value) if np.ndim(value) == 0 else np.nan
    inside = low < number < high if strict else low <= number <= high
    if not (inside and np.isfinite(number)):
        if strict:
            span = f"strictly between {low:g} and {high:g}" if high < np.inf else f"above {low:g}"
        else:
            span = f"from {low:g} to {high:g}" if high < np.inf else f"of at least {low:g}"
        raise ValueError(f"{name}: expected a number {span}, got {value!r}")
    return number


def as_generator(rng: np.random.Generator | int) -> np.random.Generator:
    """Return a random generator: the one given, or a new one with the given seed.

    Parameters
    ----------
    rng : numpy.random.Generator or int
        A generator, used (and advanced) as it is, or a seed.

    Returns
    -------
    numpy.random.Generator
        The generator to draw from.

    Raises
    ------
    ValueError
        If ``rng`` is neither: a forgotten seed would make a result unrepeatable.

    Examples
    --------
    >>> as_generator(0).random() == as_generator(0).random()
    True
    """
    if isinstance(rng, np.random.Generator):
        return rng
    if isinstance(rng, (int, np.integer)) and not isinstance(rng, bool) and rng >= 0:
        return np.random.default_rng(rng)
    raise ValueError(f"rng: expected a numpy.random.Generator or a seed >= 0, got {rng!r}")
