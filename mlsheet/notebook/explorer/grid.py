"""The values that sliders take: the full grid of a live kernel, the static grid of the book."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from numbers import Integral, Real
from typing import Any, NamedTuple

import numpy as np

from mlsheet.notebook.explorer.words import grid_value

MOST_FRAMES = 150
USUAL_FRAMES = 64

Positions = tuple[int, ...]
"""Where every slider stands, as an index into its values."""


class Steps(NamedTuple):
    """The values 0, 1, …, `last` of a slider that can be played."""

    last: int


class Target(NamedTuple):
    """What the reader should reach: `holds(numbers)` is true at the slider values `at`."""

    text: str
    holds: Callable[[Mapping[str, Any]], bool]
    at: Mapping[str, Any]


def log_range(low: float, high: float, count: int) -> list[float]:
    """Return `count` values from `low` to `high`, evenly spaced by ratio, to 3 digits.

    Examples
    --------
    >>> log_range(0.01, 10, 4)
    [0.01, 0.1, 1.0, 10.0]
    """
    if not (0 < low < high and math.isfinite(high) and count >= 2):
        raise ValueError(
            f"log_range expects 0 < low < high and count >= 2, got {low}, {high}, {count}"
        )
    ratio = high / low
    return [float(f"{low * ratio ** (i / (count - 1)):.3g}") for i in range(count)]


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
        for i, key in enumerate(self.keys):
            if isinstance(key, Real) and isinstance(value, Real):
                same = math.isclose(key, value, rel_tol=1e-9, abs_tol=1e-12)
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
        return replace(
            self,
            keys=tuple(self.keys[i] for i in kept),
            arguments=tuple(self.arguments[i] for i in kept),
        )


def make_slider(name: str, label: str, values: object) -> Slider:
    """Read the ways in which an author may write a slider's values."""
    if isinstance(values, Steps):
        if not isinstance(values.last, Integral) or values.last < 1:
            raise ValueError(f"explore: {name!r} needs Steps(n) with n >= 1, got {values}")
        steps = tuple(range(values.last + 1))
        return Slider(name, label, steps, steps, plays=True)
    if isinstance(values, tuple):
        numbers = _stepped(name, values)
        return Slider(name, label, numbers, numbers)
    listed = values.tolist() if isinstance(values, np.ndarray) else values
    if not isinstance(listed, list):
        raise ValueError(f"explore: {name!r} needs a tuple, a list or Steps, got {values!r}")
    if len(listed) < 2:
        raise ValueError(f"explore: {name!r} needs at least two values, got {listed!r}")
    choice = all(isinstance(v, str) for v in listed) or all(isinstance(v, bool) for v in listed)
    if not choice and not all(isinstance(v, Real) for v in listed):
        return Slider(name, label, tuple(range(len(listed))), tuple(listed), plays=True)
    if not choice and not all(map(math.isfinite, listed)):
        raise ValueError(f"explore: {name!r} holds a value that is not finite: {listed!r}")
    if len(set(listed)) < len(listed):
        raise ValueError(f"explore: {name!r} holds a value twice: {listed!r}")
    return Slider(name, label, tuple(listed), tuple(listed), is_choice=choice)


def _stepped(name: str, values: tuple[Any, ...]) -> tuple[float, ...]:
    expected = f"explore: {name!r} expects (low, high, step) with low < high and step > 0"
    if len(values) != 3 or not all(isinstance(v, Real) and math.isfinite(v) for v in values):
        raise ValueError(f"{expected}, all finite numbers, got {values!r}; for a list use [...]")
    low, high, step = values
    if not (low < high and step > 0):
        raise ValueError(f"{expected}, got {values!r}")
    count = round((high - low) / step)
    if not math.isclose(low + count * step, high, rel_tol=1e-9, abs_tol=1e-9 * step):
        raise ValueError(f"{expected} that divides high - low, got {values!r}")
    if all(isinstance(v, Integral) for v in values):
        return tuple(range(low, high + 1, step))
    return (*(round(low + i * step, 12) for i in range(count)), float(high))


@dataclass(frozen=True)
class Grid:
    """All sliders with the positions that matter: the start, the presets' and the target's."""

    sliders: tuple[Slider, ...]
    start: Positions
    presets: Mapping[str, Mapping[int, int]]
    goal: Positions | None

    @property
    def shape(self) -> Positions:
        """The number of values of each slider."""
        return tuple(len(slider.keys) for slider in self.sliders)

    def arguments(self, positions: Positions) -> dict[str, Any]:
        """Return what the drawing function gets at `positions`."""
        return {s.name: s.arguments[i] for s, i in zip(self.sliders, positions, strict=True)}

    def worded(self, positions: Positions) -> str:
        """Return `positions` for the reader, for instance ``a 0.5, b 2``."""
        pairs = zip(self.sliders, positions, strict=True)
        return ", ".join(f"{slider.label} {slider.texts[i]}" for slider, i in pairs)

    def must_keep(self, axis: int) -> set[int]:
        """Return the positions of one slider that no coarser grid may lose."""
        presets = {preset[axis] for preset in self.presets.values() if axis in preset}
        ends = {0, self.shape[axis] - 1, self.start[axis]}
        return ends | presets | ({self.goal[axis]} if self.goal else set())

    def coarsened(self, sizes: Mapping[str, int]) -> "Grid":
        """Return the static grid, with at most `sizes` positions for the sliders named there."""
        kept = [range(n) for n in self.shape]
        positions = [
            self._kept(axis, sizes[slider.name]) if slider.name in sizes else list(kept[axis])
            for axis, slider in enumerate(self.sliders)
        ]
        grid = Grid(
            tuple(s.only(p) for s, p in zip(self.sliders, positions, strict=True)),
            tuple(p.index(i) for p, i in zip(positions, self.start, strict=True)),
            {
                name: {axis: positions[axis].index(i) for axis, i in preset.items()}
                for name, preset in self.presets.items()
            },
            self.goal and tuple(p.index(i) for p, i in zip(positions, self.goal, strict=True)),
        )
        if math.prod(grid.shape) > MOST_FRAMES:
            raise ValueError(self._too_many(grid))
        return grid

    def _kept(self, axis: int, size: int) -> list[int]:
        slider, kept = self.sliders[axis], self.must_keep(axis)
        if slider.is_choice:
            raise ValueError(f"explore: static cannot thin out the choices of {slider.name!r}")
        if size < len(kept):
            needed = ", ".join(slider.texts[i] for i in sorted(kept))
            raise ValueError(
                f"explore: static leaves {slider.name!r} {size} positions, but the ends, start, "
                f"presets and target need {len(kept)}: {needed}"
            )
        while len(kept) < min(size, self.shape[axis]):
            low, high = max(pairwise(sorted(kept)), key=lambda gap: gap[1] - gap[0])
            kept.add((low + high) // 2)
        return sorted(kept)

    def _too_many(self, grid: "Grid") -> str:
        sizes = dict(zip([s.name for s in self.sliders], self.shape, strict=True))
        least = {
            s.name: sizes[s.name] if s.is_choice else len(self.must_keep(axis))
            for axis, s in enumerate(self.sliders)
        }
        while math.prod(sizes.values()) > USUAL_FRAMES:
            shrinkable = [name for name in sizes if sizes[name] > least[name]]
            if not shrinkable:
                break
            sizes[max(shrinkable, key=lambda name: sizes[name])] -= 1
        proposal = {s.name: sizes[s.name] for s in self.sliders if not s.is_choice}
        named = " × ".join(f"{n} ({s.name})" for n, s in zip(grid.shape, grid.sliders, strict=True))
        remedy = (
            f"pass static={proposal}"
            if math.prod(sizes.values()) <= MOST_FRAMES
            else "use fewer sliders, choices or presets"
        )
        frames = math.prod(grid.shape)
        return f"explore: {named} = {frames} frames, at most {MOST_FRAMES} in the book: {remedy}"
