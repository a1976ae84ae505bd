"""The explorer of a running kernel: its widgets move, draw and say what the page would."""

import pytest
from matplotlib import pyplot as plt

from mlsheet.notebook.explorer import Steps, Target
from mlsheet.notebook.explorer.frames import Explorer
from mlsheet.notebook.explorer.grid import make_grid
from mlsheet.notebook.explorer.live import LiveExplorer
from mlsheet.notebook.explorer.sliders import make_slider
from tests.browser.explorer_page import displayed

DRAWN = []


def draw(a, kind):
    DRAWN.append((a, kind))
    figure, axes = plt.subplots()
    axes.plot([0, a], linestyle={"solid": "-", "dashed": ":"}[kind])
    axes.set_title(kind)
    return figure, {"a²": a**2}


VALUES = {"a": (0, 200, 1), "kind": ["solid", "dashed"]}


@pytest.fixture
def live():
    sliders = [make_slider(name, name, values) for name, values in VALUES.items()]
    target = Target("Reach **nine**", lambda numbers: numbers["a²"] == 9, {"a": 3})
    presets = {"Both": {"a": 3, "kind": "dashed"}}
    grid = make_grid(sliders, {"a": 1}, presets, target)
    explorer = Explorer(draw, "What is $a$?", "It is.", target, grid, grid.coarsened({"a": 7}))
    DRAWN.clear()
    return LiveExplorer(explorer)


def test_a_move_draws_once_and_shows_it(live):
    before = bytes(live.image.value)
    assert before.startswith(b"\x89PNG")
    assert "a² <strong>1</strong>" in live.beside.value
    assert "○ Reach <strong>nine</strong>" in live.beside.value
    live.controls[0].index = 3
    assert bytes(live.image.value) != before
    assert "✓ Reach" in live.beside.value
    assert live.image.tooltip == "solid; a 3, kind solid; a² 9; target reached"
    assert DRAWN == [(1, "solid"), (3, "solid")]
    assert not plt.get_fignums()


def test_a_preset_moves_all_sliders_and_draws_once(live):
    _, _, _, _, presets, _, _ = live.box().children
    presets.children[0].click()
    assert [control.index for control in live.controls] == [3, 1]
    assert DRAWN == [(1, "solid"), (3, "dashed")]


def test_the_full_grid_is_live(live):
    assert len(live.controls[0].options) == 201


def test_steps_are_played():
    sliders = [make_slider("step", "step", Steps(4))]
    grid = make_grid(sliders, {}, {}, None)
    live = LiveExplorer(Explorer(lambda step: plt.figure(), "?", "!", None, grid, grid))
    play, control = live.box().children[2].children
    play.value = 3
    assert control.index == 3


def test_what_a_notebook_stores():
    shown = [displayed(draw, book="0", static={"a": 7}, **VALUES) for _ in range(2)]
    assert list(shown[0]) == ["text/plain", "application/vnd.jupyter.widget-view+json"]
    assert shown[0]["text/plain"] == shown[1]["text/plain"]
    assert shown[0]["text/plain"] == (
        "Explorer: What moves? Sliders: a 0 to 200; kind solid, dashed."
    )


def test_an_error_in_the_drawing_function_is_seen():
    with pytest.raises(ZeroDivisionError) as error:
        displayed(lambda a: 1 / a, a=[0, 1], book="0")
    assert error.value.__notes__ == ["explore: at a 0, <lambda> failed"]
