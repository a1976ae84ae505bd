"""Explorers: one drawing function, sliders in a live notebook and in the built page."""

from collections.abc import Iterable, Mapping
from typing import Any

from mlsheet.notebook.explorer.frames import Draw, Explorer
from mlsheet.notebook.explorer.grid import Grid, Slider, Steps, Target, log_range, make_slider
from mlsheet.notebook.style import in_book

__all__ = ["Steps", "Target", "explore", "log_range"]


def explore(
    draw: Draw,
    *,
    question: str,
    answer: str,
    start: Mapping[str, Any] | None = None,
    target: Target | None = None,
    presets: Mapping[str, Mapping[str, Any]] | None = None,
    labels: Mapping[str, str] | None = None,
    static: Mapping[str, int] | None = None,
    **sliders: object,
) -> None:
    """Show a picture that the reader moves with sliders.

    Parameters
    ----------
    draw
        Called with one value for each slider; returns a matplotlib figure, or the figure and
        a mapping of numbers (or texts) to print beside it. The same values must give the same
        picture: random numbers are seeded inside.
    question, answer, target's text
        What to look for, and what there is to see. They may hold ``$math$`` and ``**bold**``.
    start
        Where sliders stand at first; the first value where nothing is said.
    target
        What the reader should reach.
    presets
        Buttons: a name and the values to which it moves the sliders.
    labels
        What the reader sees instead of a slider's name.
    static
        How many positions a slider keeps in the built page, which holds 150 frames at most.
    **sliders
        ``(low, high, step)``, a list of numbers or of strings, `log_range`, `Steps`, or a list
        of any other objects, such as the states of an algorithm, which start, target and
        presets name by their index.

    Raises
    ------
    ValueError
        If a grid is empty or too large, a value is not on its grid, a name is no slider's, or
        `draw` returns something other than a figure and finite numbers.
    """
    full = _grid(sliders, labels or {}, start or {}, presets or {}, target)
    _check_names("static", static or {}, sliders)
    explorer = Explorer(draw, question, answer, target, full, full.coarsened(static or {}))
    _display(explorer)


def _grid(
    values: Mapping[str, object],
    labels: Mapping[str, str],
    start: Mapping[str, object],
    presets: Mapping[str, Mapping[str, object]],
    target: Target | None,
) -> Grid:
    if not values:
        raise ValueError("explore: no slider given, for instance sigma=(0.1, 2.0, 0.1)")
    _check_names("labels", labels, values)
    sliders = [make_slider(name, labels.get(name, name), given) for name, given in values.items()]
    first = dict.fromkeys(range(len(sliders)), 0) | _positions("start", start, sliders)
    goal = first | _positions("target", target.at, sliders) if target else None
    moves = {
        name: _positions(f"preset {name!r}", preset, sliders) for name, preset in presets.items()
    }
    return Grid(
        tuple(sliders), tuple(first.values()), moves, tuple(goal.values()) if goal else None
    )


def _positions(where: str, named: Mapping[str, object], sliders: list[Slider]) -> dict[int, int]:
    _check_names(where, named, [slider.name for slider in sliders])
    return {
        axis: slider.position(named[slider.name], where)
        for axis, slider in enumerate(sliders)
        if slider.name in named
    }


def _check_names(where: str, named: Iterable[str], sliders: Iterable[str]) -> None:
    for name in named:
        if name not in sliders:
            known = ", ".join(sliders)
            raise ValueError(f"explore: {where} names {name!r}, but the sliders are {known}")


def _display(explorer: Explorer) -> None:
    from IPython.display import display

    content: dict[str, Any] = {"text/plain": explorer.summary}
    if in_book():
        from mlsheet.notebook.explorer.static import static_html

        content["text/html"] = static_html(explorer)
    else:
        from mlsheet.notebook.explorer.live import LiveExplorer

        box = LiveExplorer(explorer).box()
        content["application/vnd.jupyter.widget-view+json"] = {
            "version_major": 2,
            "version_minor": 0,
            "model_id": box.model_id,
        }
    display(content, raw=True)  # type: ignore[no-untyped-call]
