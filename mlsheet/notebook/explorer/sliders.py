"""Sliders, and the ways in which an author writes their values."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from numbers import Integral, Real
from typing import Any, NamedTuple

import numpy as np

from mlsheet.notebook.explorer.words import grid_value


class Steps(NamedTuple):
    """The values 0, 1, …, `last` of a slider that can be played."""

    last: int


def log_range(low: float, high: float, count: int) -> list[float]:
    """Return `count` values from `low` to `high`, evenly spaced by ratio, to three digits.

    Parameters
    ----------
    low, high : float
        The ends, both positive.
    count : int
        How many values, two at least.

    Returns
    -------
    list of float
        The values, in increasing order.

    Raises
    ------
    ValueError
        If the ends are not positive, finite and in order, or `count` is less than two.

    Examples
    --------
    >>> log_range(0.01, 10, 4)
    [0.01, 0.1, 1.0, 10.0]
    """
    if not (0 < low < high < math.inf and count >= 2):
        raise ValueError(
            f"log_range expects 0 < low < high and count >= 2, got {low}, {high}, {count}"
        )
    return [float(f"{value:.3g}") for value in np.geomspace(low, high, count)]


@dataclass(frozen=True)
class Slider:
    """One parameter: `keys` name its values, `arguments` are what the drawing function gets."""

    name: str
    label: str
    keys: tuple[Any, ...]
    arguments: tuple[Any, ...]
    is_choice: bool = False
    plays: bool = False

    @property
    def texts(self) -> list[str]:
        """What the reader sees for each value."""
        return [grid_value(key) for key in self.keys]

    def position(self, value: object, where: str) -> int:
        """Return the index of `value`, which must be on the grid."""
        numbers = [float(key) for key in self.keys if isinstance(key, Real)]
        gap = min((abs(b - a) for a, b in pairwise(numbers)), default=0.0)
        for i, key in enumerate(self.keys):
            if isinstance(key, Real) and isinstance(value, Real):
                same = math.isclose(key, value, rel_tol=1e-9, abs_tol=1e-9 * gap)
            else:
                same = type(key) is type(value) and key == value
            if same:
                return i
        raise ValueError(
            f"explore: {where} puts {self.name!r} at {value!r}, which is not on its grid "
            f"({', '.join(self.texts)})"
        )

    def only(self, kept: Sequence[int]) -> "Slider":
        """Return the slider with just these positions."""
        keys, arguments = (tuple(of[i] for i in kept) for of in (self.keys, self.arguments))
        return replace(self, keys=keys, arguments=arguments)


def make_slider(name: str, label: str, values: object) -> Slider:
    """Return the slider that an author means by `values`."""
    if isinstance(values, Steps):
        if not (isinstance(values.last, Integral) and values.last >= 1):
            raise ValueError(f"explore: {name!r} needs Steps(n) with n >= 1, got {values}")
        steps = tuple(range(values.last + 1))
        return Slider(name, label, steps, steps, plays=True)
    if isinstance(values, tuple):
        numbers = _stepped(name, values)
        return Slider(name, label, numbers, numbers)
    listed = values.tolist() if isinstance(values, np.ndarray) else values
    if not isinstance(listed, list) or len(listed) < 2:
        raise ValueError(
            f"explore: {name!r} needs two values or more, as (low, high, step), a list or "
            f"Steps(n), got {values!r}"
        )
    choice = all(isinstance(v, str) for v in listed) or all(isinstance(v, bool) for v in listed)
    if not choice and not all(isinstance(v, Real) for v in listed):
        return Slider(name, label, tuple(range(len(listed))), tuple(listed), plays=True)
    if not choice and not all(map(math.isfinite, listed)):
        raise ValueError(f"explore: {name!r} holds a value that is not finite: {listed!r}")
    if len(set(listed)) < len(listed):
        raise ValueError(f"explore: {name!r} holds a value twice: {listed!r}")
    return Slider(name, label, tuple(listed), tuple(listed), is_choice=choice)


def _stepped(name: str, values: tuple[Any, ...]) -> tuple[float, ...]:
    """Return low, low + step, …, high; in integers if all three are."""
    if len(values) == 3 and all(isinstance(v, Real) and math.isfinite(v) for v in values):
        low, high, step = values
        count = round((high - low) / step) if low < high and step > 0 else 0
        if count and math.isclose(low + count * step, high, abs_tol=1e-9 * step):
            if all(isinstance(v, Integral) for v in values):
                return tuple(range(low, high + 1, step))
            return (*(round(low + i * step, 12) for i in range(count)), float(high))
    raise ValueError(
        f"explore: {name!r} expects (low, high, step), finite numbers with low < high and a "
        f"positive step that divides high - low, got {values!r}; a list is written [...]"
    )
