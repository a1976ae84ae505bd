"""Checks: each formula that the book prints is held against something, in front of the reader."""

import re
from collections.abc import Callable, Iterable
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike

Case = TypeVar("Case")

_ID = re.compile(r"\d+\.\d+(\.\d+)?-[fsac]\d+")


class CheckError(AssertionError):
    """A formula or claim does not hold as the book states it."""


def check(
    formula: str,
    computed: ArrayLike,
    expected: ArrayLike,
    *,
    against: str,
    rtol: float = 1e-10,
    atol: float = 0.0,
) -> None:
    """Hold computed numbers against expected ones and print one line when they agree.

    Parameters
    ----------
    formula : str
        The id of the formula or claim, such as ``"1.8-f1"``.
    computed, expected : array_like
        Numbers of the same shape. Infinities agree with infinities of the same sign.
    against : str
        What the expected numbers come from, in a few words.
    rtol, atol : float
        How far a number may be off: ``atol + rtol * abs(expected)``.

    Raises
    ------
    CheckError
        If a number is off, or is NaN; the message has the id and both values.
    ValueError
        If the id is malformed, the two have different shapes, are empty or are the same object.

    Examples
    --------
    >>> check("2.4-f1", [3.0, 1.0], [3, 1], against="trace and determinant")
    ✓ 2.4-f1  trace and determinant: 2 numbers agree to 1e-10
    """
    _check_id(formula)
    if computed is expected:
        raise ValueError(
            f"check {formula}: computed and expected are one object, which proves nothing"
        )
    ours, theirs = np.asarray(computed), np.asarray(expected)
    if ours.shape != theirs.shape or ours.size == 0:
        raise ValueError(
            f"check {formula}: expected two non-empty arrays of one shape, "
            f"got shapes {ours.shape} and {theirs.shape}"
        )
    close = np.isclose(ours, theirs, rtol=rtol, atol=atol)
    if not close.all():
        where = tuple(int(i) for i in np.argwhere(~close)[0])
        place = f" at index {where}" if where else ""
        raise CheckError(
            f"{formula} does not hold against {against}: computed {ours[where]:.12g}, "
            f"expected {theirs[where]:.12g}{place} ({(~close).sum()} of {ours.size} differ)"
        )
    tolerance = f"{max(rtol, atol):g}"
    _report(formula, against, f"{_count(ours.size, 'number')} to {tolerance}")


def check_order(formula: str, smaller: ArrayLike, larger: ArrayLike, *, against: str) -> None:
    """Assert that ``smaller <= larger`` everywhere and print one line when it holds.

    Parameters
    ----------
    formula : str
        The id of the formula or claim, such as ``"1.8-c1"``.
    smaller, larger : array_like
        Numbers of shapes that broadcast: a single bound may stand for many.
    against : str
        Which inequality this is, and over what.

    Raises
    ------
    CheckError
        If a pair is in the wrong order or has a NaN; the message has the id and both values.
    ValueError
        If the id is malformed, there is no pair, or the two are the same object.

    Examples
    --------
    >>> check_order("1.8-c1", 0.0, [0.1, 2.0], against="never negative")
    ✓ 1.8-c1  never negative: 2 pairs in order
    """
    _check_id(formula)
    if smaller is larger:
        raise ValueError(f"check {formula}: both sides are one object, which proves nothing")
    low, high = np.broadcast_arrays(smaller, larger)
    if low.size == 0:
        raise ValueError(f"check {formula}: expected at least one pair, got none")
    holds = low <= high
    if not holds.all():
        where = tuple(int(i) for i in np.argwhere(~holds)[0])
        place = f" at index {where}" if where else ""
        raise CheckError(
            f"{formula} does not hold, {against}: {low[where]:.12g} should be at most "
            f"{high[where]:.12g}{place} ({(~holds).sum()} of {low.size} in the wrong order)"
        )
    _report(formula, against, f"{_count(low.size, 'pair')} in order")


def check_every(
    formula: str, holds: Callable[[Case], bool], cases: Iterable[Case], *, against: str
) -> None:
    """Assert a statement for each case of an enumeration and print one line when it holds.

    Parameters
    ----------
    formula : str
        The id of the formula or claim, such as ``"1.21-f1"``.
    holds : callable
        Says of one case whether the statement is true.
    cases : iterable
        All cases, at least one.
    against : str
        What is enumerated.

    Raises
    ------
    CheckError
        At the first case for which the statement is false; the message has the id and the case.
    ValueError
        If the id is malformed or there is no case.

    Examples
    --------
    >>> check_every("1.12-f1", lambda n: n * n >= n, range(5), against="n from 0 to 4")
    ✓ 1.12-f1  n from 0 to 4: true in each of 5
    """
    _check_id(formula)
    enumeration = list(cases)
    if not enumeration:
        raise ValueError(f"check {formula}: expected at least one case, got none")
    for case in enumeration:
        if not holds(case):
            raise CheckError(f"{formula} does not hold, {against}: false for {case!r}")
    _report(formula, against, f"true in each of {len(enumeration):,}")


def _check_id(formula: str) -> None:
    if not _ID.fullmatch(formula):
        raise ValueError(f"check: expected an id such as '1.8-f1', got {formula!r}")


def _count(size: int, noun: str) -> str:
    agree = {"number": (" agrees", "s agree"), "pair": ("", "s")}[noun]
    return f"{size:,} {noun}{agree[size > 1]}"


def _report(formula: str, against: str, outcome: str) -> None:
    print(f"✓ {formula}  {against}: {outcome}")
