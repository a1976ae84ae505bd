"""Explorers: one drawing function, sliders in a live notebook and in the built page."""

from collections.abc import Mapping
from typing import Any

from mlsheet.notebook.explorer.frames import Draw, Explorer
from mlsheet.notebook.explorer.grid import Target, check_names, make_grid
from mlsheet.notebook.explorer.sliders import Steps, log_range, make_slider
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
    draw : callable
        Called with one value for each slider; returns a matplotlib figure, or the figure and
        a mapping of numbers (or texts) to show beside it. The same values must always give the
        same frame: random numbers are seeded inside.
    question, answer : str
        What to look for, and what there is to see; may hold ``$math$`` and ``**bold**``.
    start : mapping, optional
        Where sliders stand at first; by default at their first value.
    target : Target, optional
        What the reader should reach. It holds at the values it names and not at the start.
    presets : mapping, optional
        Buttons: for each its name and the values to which it moves sliders.
    labels : mapping, optional
        What the reader sees instead of a slider's name.
    static : mapping, optional
        How many positions a slider keeps in the book, which has room for 150 frames. The ends
        and the values of start, target and presets are always kept.
    **sliders : tuple, list, numpy.ndarray or Steps
        ``(low, high, step)``; a list of numbers, such as `log_range` returns; a list of strings;
        ``Steps(n)``; or a list of any other objects, such as the states of an algorithm, which
        start, target and presets name by their index.

    Raises
    ------
    ValueError
        If a grid is empty or too large, a value is not on its grid, a name is no slider's,
        `draw` returns something other than a figure and finite numbers, or the target fails.
    """
    if not sliders:
        raise ValueError("explore: no slider given, for instance sigma=(0.1, 2.0, 0.1)")
    labels = labels or {}
    every = [make_slider(name, labels.get(name, name), values) for name, values in sliders.items()]
    check_names("labels", labels, every)
    grid = make_grid(every, start or {}, presets or {}, target)
    explorer = Explorer(draw, question, answer, target, grid, grid.coarsened(static or {}))
    _display(explorer)


def _display(explorer: Explorer) -> None:
    from IPython.display import display

    content: dict[str, Any] = {"text/plain": explorer.summary}
    if in_book():
        from mlsheet.notebook.explorer.static import static_html

        content["text/html"] = static_html(explorer)
    else:
        from mlsheet.notebook.explorer.live import LiveExplorer

        content["application/vnd.jupyter.widget-view+json"] = {
            "version_major": 2,
            "version_minor": 0,
            "model_id": LiveExplorer(explorer).box().model_id,
        }
    display(content, raw=True)  # type: ignore[no-untyped-call]
