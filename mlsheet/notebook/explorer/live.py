"""The explorer of a running kernel: ordinary widgets over the full grid."""

import io
from html import escape

import ipywidgets as widgets  # type: ignore[import-untyped]

from mlsheet.notebook.explorer.frames import Explorer, Frame
from mlsheet.notebook.explorer.grid import Positions
from mlsheet.notebook.explorer.sliders import Slider
from mlsheet.notebook.explorer.words import number, rich

_WIDE = {"width": "auto", "max_width": "38rem"}


class LiveExplorer:
    """An explorer's widgets, and what they do when a reader moves them."""

    def __init__(self, explorer: Explorer) -> None:
        self.explorer = explorer
        self.grid = explorer.live_grid
        self.image = widgets.Image(format="png", layout=_WIDE)
        self.beside = widgets.HTMLMath()
        self.controls = [
            _control(slider, position)
            for slider, position in zip(self.grid.sliders, self.grid.start, strict=True)
        ]
        self._shown: Positions | None = None
        self._moving = False
        for control in self.controls:
            control.observe(self._redraw, "index")
        self.redraw()

    def box(self) -> widgets.VBox:
        """Return everything in the order of the page."""
        rows = [
            widgets.HBox([_play(control), control]) if slider.plays else control
            for slider, control in zip(self.grid.sliders, self.controls, strict=True)
        ]
        question, answer = self.explorer.question, self.explorer.answer
        return widgets.VBox(
            [
                widgets.HTMLMath(f"<p><strong>{rich(question, mathjax=False)}</strong></p>"),
                self.image,
                *rows,
                widgets.HBox([self._preset(name) for name in self.grid.presets]),
                self.beside,
                widgets.HTMLMath(
                    "<details><summary>Answer</summary>"
                    f"<p>{rich(answer, mathjax=False)}</p></details>"
                ),
            ]
        )

    def redraw(self) -> None:
        """Draw the frame at which the sliders stand, unless it is shown already."""
        positions = tuple(control.index for control in self.controls)
        if positions == self._shown:
            return
        with self.explorer.frame(self.grid, positions) as frame:
            picture = io.BytesIO()
            frame.figure.savefig(picture, format="png", dpi=144)
            self.image.value = picture.getvalue()
            self.image.tooltip = frame.words(self.grid, positions)
            self.beside.value = self._numbers(frame)
        self._shown = positions

    def _redraw(self, change: object) -> None:
        if not self._moving:
            self.redraw()

    def _preset(self, name: str) -> widgets.Button:
        button = widgets.Button(description=name)
        button.on_click(lambda _: self._move(name))
        return button

    def _move(self, preset: str) -> None:
        self._moving = True
        for axis, position in self.grid.presets[preset].items():
            self.controls[axis].index = position
        self._moving = False
        self.redraw()

    def _numbers(self, frame: Frame) -> str:
        parts = [
            f"{escape(name)} <strong>{escape(number(value))}</strong>"
            for name, value in frame.numbers.items()
        ]
        target = self.explorer.target
        if target:
            mark = "✓" if frame.reached else "○"
            parts.append(f"{mark} {rich(target.text, mathjax=False)}")
        return "<br>".join(parts)


def _control(slider: Slider, position: int) -> widgets.Widget:
    options = [(text, i) for i, text in enumerate(slider.texts)]
    kind = widgets.Dropdown if slider.is_choice else widgets.SelectionSlider
    return kind(
        options=options,
        index=position,
        description=slider.label,
        layout=_WIDE,
        style={"description_width": "initial"},
    )


def _play(control: widgets.Widget) -> widgets.Play:
    play = widgets.Play(max=len(control.options) - 1, value=control.index, interval=700)
    widgets.link((play, "value"), (control, "index"))
    return play
