"""What an author asks for, and one drawn frame of it."""

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from numbers import Real
from typing import Any

from matplotlib.figure import Figure

from mlsheet.notebook.explorer.grid import Grid, Positions, Target
from mlsheet.notebook.explorer.words import number, plain

Numbers = Mapping[str, Any]
Draw = Callable[..., Figure | tuple[Figure, Numbers]]


@dataclass(frozen=True)
class Explorer:
    """A question, the sliders that answer it, and the function that draws."""

    draw: Draw
    question: str
    answer: str
    target: Target | None
    live_grid: Grid
    static_grid: Grid

    @property
    def summary(self) -> str:
        """One stable line that stands for the explorer where there is only text."""
        ranges = [
            f"{s.label} {', '.join(s.texts) if s.is_choice else f'{s.texts[0]} to {s.texts[-1]}'}"
            for s in self.live_grid.sliders
        ]
        return f"Explorer: {plain(self.question)} Sliders: {'; '.join(ranges)}."

    @contextmanager
    def frame(self, grid: Grid, positions: Positions) -> "Iterator[Frame]":
        """Draw the frame at `positions`; its figure is closed afterwards."""
        from matplotlib import pyplot as plt

        where = f"explore: at {grid.worded(positions)}, {_name(self.draw)}"
        try:
            drawn = self.draw(**grid.arguments(positions))
        except Exception as error:
            error.add_note(f"{where} failed")
            raise
        figure, numbers = drawn if isinstance(drawn, tuple) and len(drawn) == 2 else (drawn, {})
        if not isinstance(figure, Figure) or not isinstance(numbers, Mapping):
            raise ValueError(
                f"{where} returned {type(drawn).__name__}; expected a matplotlib Figure "
                "or (Figure, {name: number})"
            )
        try:
            for name, value in numbers.items():
                if not isinstance(value, Real | str):
                    kind = type(value).__name__
                    raise ValueError(f"{where} returned {kind} as {name!r}, not a number or text")
                if isinstance(value, Real) and not math.isfinite(value):
                    raise ValueError(f"{where} returned {name!r} = {value}; word it, as in '∞'")
            yield Frame(figure, numbers, self._reached(numbers))
        finally:
            plt.close(figure)

    def _reached(self, numbers: Numbers) -> bool:
        return self.target is not None and bool(self.target.holds(numbers))


def _name(draw: Draw) -> str:
    return getattr(draw, "__name__", "the drawing function")


@dataclass(frozen=True)
class Frame:
    """A drawn figure, the numbers that belong to it, and whether it reaches the target."""

    figure: Figure
    numbers: Numbers
    reached: bool

    def words(self, grid: Grid, positions: Positions) -> str:
        """Say the frame in a sentence, for those who hear it."""
        titles = [axes.get_title(loc="left") or axes.get_title() for axes in self.figure.axes]
        parts = [plain(title) for title in (self.figure.get_suptitle(), *titles) if title]
        parts.append(grid.worded(positions))
        parts += [f"{plain(name)} {number(value)}" for name, value in self.numbers.items()]
        return "; ".join(parts) + ("; target reached" if self.reached else "")
