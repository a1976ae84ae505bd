"""The book's explorer: every frame of the static grid drawn at build time, as one HTML element."""

import hashlib
import json
from base64 import b64encode
from html import escape
from itertools import product
from typing import NamedTuple

import numpy as np

from mlsheet.notebook.explorer.frames import Explorer
from mlsheet.notebook.explorer.grid import Grid, Positions
from mlsheet.notebook.explorer.merge import Merged, merge
from mlsheet.notebook.explorer.nodes import Definitions, Node
from mlsheet.notebook.explorer.payload import pack
from mlsheet.notebook.explorer.sliders import Slider
from mlsheet.notebook.explorer.svg import UnpackableError, figure_tree, picture_tree
from mlsheet.notebook.explorer.words import number, rich

MOST_PAYLOAD = 150_000
MOST_TEMPLATE = 120_000


def static_html(explorer: Explorer) -> str:
    """Draw all frames and return the explorer as HTML that needs no kernel."""
    grid = explorer.static_grid
    name = "e" + hashlib.sha256(_identity(explorer).encode()).hexdigest()[:8]
    definitions = Definitions(name)
    try:
        trees = _trees(explorer, definitions)
    except UnpackableError:
        definitions = Definitions(name)
        trees = _trees(explorer, None)
    merged = merge(trees)
    payload = pack(merged, grid.shape)
    start = int(np.ravel_multi_index(grid.start, grid.shape))
    picture, *beside = _template(merged, start, definitions)
    _check_sizes(explorer, len(payload), len(picture.encode()))
    return "".join(
        [
            f'<section class="mlsheet-explorer" id="{name}" data-frames="{len(trees)}" '
            f'data-payload-bytes="{len(payload)}" data-template-bytes="{len(picture.encode())}" '
            f'aria-labelledby="{name}-question">',
            f'<p class="mlsheet-question" id="{name}-question">{rich(explorer.question)}</p>',
            f'<div class="mlsheet-stage"><div class="mlsheet-main">{picture}',
            f"{_controls(grid, name)}</div>",
            f'<div class="mlsheet-beside">{"".join(beside)}</div>' if beside else "",
            "</div>",
            '<details class="mlsheet-answer"><summary>Answer</summary>'
            f"<p>{rich(explorer.answer)}</p></details>",
            '<p class="mlsheet-live" aria-live="polite"></p>',
            f'<script type="application/octet-stream">{b64encode(payload).decode()}</script>',
            "</section>",
        ]
    )


def _identity(explorer: Explorer) -> str:
    sliders = [(s.name, s.label, s.texts) for s in explorer.static_grid.sliders]
    return repr((explorer.question, explorer.answer, sliders))


def _trees(explorer: Explorer, definitions: Definitions | None) -> list[Node]:
    """Draw every frame, and see that each depends on its sliders alone and shows the same."""
    grid = explorer.static_grid
    every = list(product(*map(range, grid.shape)))
    drawn = [_drawn(explorer, positions, definitions) for positions in every]
    if _drawn(explorer, every[0], definitions) != drawn[0]:
        raise ValueError(
            f"explore: drawing {grid.worded(every[0])} twice gave two different frames; "
            "start its random numbers from the same seed inside the function"
        )
    names = drawn[0].names
    for positions, frame in zip(every, drawn, strict=True):
        if frame.names != names:
            raise ValueError(
                f"explore: at {grid.worded(positions)} the numbers are {frame.names}, "
                f"at {grid.worded(every[0])} they are {names}; every frame needs the same"
            )
        if positions == grid.goal and not frame.reached:
            raise ValueError(f"explore: the target does not hold at {grid.worded(positions)}")
        if positions == grid.start and frame.reached:
            raise ValueError(f"explore: the target holds at the start, {grid.worded(positions)}")
    return [frame.tree for frame in drawn]


class _Drawn(NamedTuple):
    tree: Node
    names: list[str]
    reached: bool


def _drawn(explorer: Explorer, positions: Positions, definitions: Definitions | None) -> _Drawn:
    """Return all of a frame that changes, as one tree: the picture, the numbers, the target."""
    with explorer.frame(explorer.static_grid, positions) as frame:
        svg = figure_tree(frame.figure, definitions) if definitions else picture_tree(frame.figure)
        svg.attributes["aria-label"] = frame.words(explorer.static_grid, positions)
    pairs = [
        Node("div", {}, [Node("dt", text=name, key="dt"), Node("dd", text=number(value), key="dd")])
        for name, value in frame.numbers.items()
    ]
    beside = [Node("dl", {"class": "mlsheet-numbers"}, pairs, key="dl")] if pairs else []
    if explorer.target:
        reached = "true" if frame.reached else "false"
        attributes = {"class": "mlsheet-target", "data-reached": reached}
        beside.append(Node("p", attributes, raw=rich(explorer.target.text), key="p"))
    return _Drawn(Node("frame", {}, [svg, *beside]), list(frame.numbers), frame.reached)


def _template(merged: Merged, frame: int, definitions: Definitions) -> list[str]:
    """Return the markup of the picture, the numbers and the target in one frame."""
    svg, *beside = merged.at(frame).children
    svg.raw = definitions.markup() + svg.raw
    return [node.markup() for node in (svg, *beside)]


def _controls(grid: Grid, name: str) -> str:
    sliders = [
        _slider(slider, f"{name}-{slider.name}", position)
        for slider, position in zip(grid.sliders, grid.start, strict=True)
    ]
    presets = [
        f'<button type="button" data-to="{escape(json.dumps(preset))}">{escape(label)}</button>'
        for label, preset in grid.presets.items()
    ]
    row = f'<div class="mlsheet-presets">{"".join(presets)}</div>' if presets else ""
    return f'<div class="mlsheet-controls" hidden>{"".join(sliders)}{row}</div>'


def _slider(slider: Slider, name: str, position: int) -> str:
    label = f'<label for="{name}">{escape(slider.label)}</label>'
    if slider.is_choice:
        options = "".join(
            f"<option{' selected' if i == position else ''}>{escape(text)}</option>"
            for i, text in enumerate(slider.texts)
        )
        control = f'<select id="{name}" autocomplete="off" data-axis>{options}</select>'
        return f'<div class="mlsheet-choice">{label}{control}</div>'
    shown = escape(slider.texts[position])
    play = '<button type="button" class="mlsheet-play">Play</button>' if slider.plays else ""
    return (
        f'<div class="mlsheet-slider">{label}'
        f'<output for="{name}" aria-live="off">{shown}</output>{play}'
        f'<input type="range" id="{name}" min="0" max="{len(slider.keys) - 1}" value="{position}" '
        f'autocomplete="off" aria-valuetext="{shown}" data-axis '
        f'data-texts="{escape(json.dumps(slider.texts, ensure_ascii=False))}"></div>'
    )


def _check_sizes(explorer: Explorer, payload: int, template: int) -> None:
    if payload > MOST_PAYLOAD:
        raise ValueError(
            f"explore: {explorer.question!r} takes {payload / 1000:.0f} kB, at most "
            f"{MOST_PAYLOAD // 1000} kB: draw fewer contours or points, fix the axes' limits, "
            "use rasterized=True for what is dense, or thin out the grid with static={...}"
        )
    if template > MOST_TEMPLATE:
        raise ValueError(
            f"explore: {explorer.question!r} needs an SVG of {template / 1000:.0f} kB, at most "
            f"{MOST_TEMPLATE // 1000} kB: draw fewer points, or use rasterized=True for them"
        )
