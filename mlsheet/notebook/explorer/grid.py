"""Where sliders can stand: the full grid of a live kernel, the static grid of the book."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from mlsheet.notebook.explorer.sliders import Slider

MOST_FRAMES = 150
USUAL_FRAMES = 64

Positions = tuple[int, ...]
"""Where every slider stands, as an index into its values."""

Values = Mapping[str, Any]
"""A value for each of some sliders, by name."""


class Target(NamedTuple):
    """What the reader should reach: ``holds(numbers)`` is true at the slider values `at`."""

    text: str
    holds: Callable[[Mapping[str, Any]], bool]
    at: Values


@dataclass(frozen=True)
class Grid:
    """The sliders, with the positions that matter: the start, the presets', the target's."""

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

    def coarsened(self, sizes: Mapping[str, int]) -> "Grid":
        """Return the static grid, with at most `sizes` positions for the sliders named there."""
        check_names("static", sizes, self.sliders)
        kept = [self._kept(axis, sizes.get(s.name)) for axis, s in enumerate(self.sliders)]
        if math.prod(map(len, kept)) > MOST_FRAMES:
            raise ValueError(self._too_many([len(positions) for positions in kept]))
        return Grid(
            tuple(s.only(positions) for s, positions in zip(self.sliders, kept, strict=True)),
            tuple(positions.index(i) for positions, i in zip(kept, self.start, strict=True)),
            {
                name: {axis: kept[axis].index(i) for axis, i in preset.items()}
                for name, preset in self.presets.items()
            },
            self.goal and tuple(p.index(i) for p, i in zip(kept, self.goal, strict=True)),
        )

    def _needed(self, axis: int) -> set[int]:
        """Return the positions of one slider that no coarser grid may lose."""
        presets = {preset[axis] for preset in self.presets.values() if axis in preset}
        goal = {self.goal[axis]} if self.goal else set()
        return {0, self.shape[axis] - 1, self.start[axis]} | presets | goal

    def _kept(self, axis: int, size: int | None) -> list[int]:
        slider, kept = self.sliders[axis], self._needed(axis)
        if size is None:
            return list(range(self.shape[axis]))
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

    def _too_many(self, lengths: Sequence[int]) -> str:
        """Word the error of a grid too large for the page, with a grid that fits."""
        sizes = {s.name: len(s.keys) for s in self.sliders}
        thinned = {s.name: axis for axis, s in enumerate(self.sliders) if not s.is_choice}
        spare = {name: sizes[name] - len(self._needed(axis)) for name, axis in thinned.items()}
        while math.prod(sizes.values()) > USUAL_FRAMES and any(spare.values()):
            widest = max((name for name in spare if spare[name]), key=lambda name: sizes[name])
            sizes[widest] -= 1
            spare[widest] -= 1
        remedy = f"pass static={ {name: sizes[name] for name in thinned} }"
        if math.prod(sizes.values()) > MOST_FRAMES:
            remedy = "use fewer sliders, choices or presets"
        named = zip(lengths, self.sliders, strict=True)
        product = " × ".join(f"{length} ({slider.name})" for length, slider in named)
        frames = math.prod(lengths)
        return f"explore: {product} = {frames} frames, at most {MOST_FRAMES} in the book: {remedy}"


def make_grid(
    sliders: Sequence[Slider],
    start: Values,
    presets: Mapping[str, Values],
    target: Target | None,
) -> Grid:
    """Return the full grid; every value named must be on it."""
    first = dict.fromkeys(range(len(sliders)), 0) | _positions("start", start, sliders)
    goal = first | _positions("target", target.at, sliders) if target else None
    moves = {
        name: _positions(f"preset {name!r}", preset, sliders) for name, preset in presets.items()
    }
    return Grid(
        tuple(sliders), tuple(first.values()), moves, tuple(goal.values()) if goal else None
    )


def _positions(where: str, values: Values, sliders: Sequence[Slider]) -> dict[int, int]:
    check_names(where, values, sliders)
    return {
        axis: slider.position(values[slider.name], where)
        for axis, slider in enumerate(sliders)
        if slider.name in values
    }


def check_names(where: str, names: Iterable[str], sliders: Iterable[Slider]) -> None:
    """Raise a ValueError that names the first of `names` which is no slider's."""
    known = [slider.name for slider in sliders]
    for name in names:
        if name not in known:
            raise ValueError(
                f"explore: {where} names {name!r}, but the sliders are {', '.join(known)}"
            )
