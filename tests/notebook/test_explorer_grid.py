"""What an author may write for a slider, and what is said where it cannot be."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import pyplot as plt

from mlsheet.notebook.explorer import Steps, Target, log_range
from mlsheet.notebook.explorer.grid import make_grid
from mlsheet.notebook.explorer.sliders import make_slider
from mlsheet.notebook.explorer.words import grid_value, number, plain, rich
from tests.browser.explorer_page import displayed


def blank(**values):
    return plt.figure(), {"sum": float(sum(v for v in values.values() if isinstance(v, int)))}


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ((0.5, 2.0, 0.5), ["0.5", "1", "1.5", "2"]),
        ((-0.3, 0.3, 0.1), ["−0.3", "−0.2", "−0.1", "0", "0.1", "0.2", "0.3"]),
        ((1, 4, 1), ["1", "2", "3", "4"]),
        ([3, 6, 12], ["3", "6", "12"]),
        (np.array([0.25, 0.5]), ["0.25", "0.5"]),
        (["rbf", "poly"], ["rbf", "poly"]),
        ([False, True], ["off", "on"]),
        (log_range(0.1, 10, 3), ["0.1", "1", "10"]),
        (Steps(3), ["0", "1", "2", "3"]),
        ([np.zeros(2), np.ones(2)], ["0", "1"]),
    ],
)
def test_values_of_a_slider(values, texts):
    assert make_slider("a", "a", values).texts == texts


def test_arguments_of_the_drawing_function_have_the_author_s_type():
    assert make_slider("n", "n", (1, 3, 1)).arguments == (1, 2, 3)
    assert all(type(value) is float for value in make_slider("n", "n", (0.0, 1, 0.5)).arguments)
    states = [{"step": 0}, {"step": 1}]
    assert make_slider("state", "state", states).arguments == ({"step": 0}, {"step": 1})


@pytest.mark.parametrize(
    ("values", "value", "index"),
    [
        ([1e-16, 1e-15, 1.0], 1e-15, 1),
        (np.linspace(-0.3, 0.3, 7), 0.1, 4),
        (np.arange(-0.3, 0.4, 0.1), 0.0, 3),
        ((0, 4, 1), 3.0, 3),
    ],
)
def test_a_value_finds_its_place_within_rounding(values, value, index):
    assert make_slider("a", "a", values).position(value, "start") == index


@pytest.mark.parametrize("value", [0.0, 1e-14, 0.5])
def test_a_value_between_two_is_not_on_the_grid(value):
    with pytest.raises(ValueError, match=r"start puts 'a' at .* which is not on its grid"):
        make_slider("a", "a", [1e-16, 1e-15, 1.0]).position(value, "start")


TARGET = Target("Reach it", lambda numbers: numbers["sum"] > 1, {"a": 2})


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "no slider given"),
        ({"a": []}, "'a' needs two values or more, .* got \\[\\]"),
        ({"a": 3}, "'a' needs two values or more"),
        ({"a": np.array([])}, "'a' needs two values or more"),
        ({"a": (0, 1)}, r"'a' expects \(low, high, step\)"),
        ({"a": ("x", "y", "z")}, r"'a' expects \(low, high, step\).* a list is written"),
        ({"a": (1, 0, 0.1)}, "'a' expects .*low < high"),
        ({"a": (0, 1, 0.3)}, "'a' expects .* divides high - low"),
        ({"a": (0, float("inf"), 1)}, "'a' expects .*finite"),
        ({"a": [0.0, float("nan")]}, "'a' holds a value that is not finite"),
        ({"a": [1, 2, 1]}, "'a' holds a value twice"),
        ({"a": Steps(0)}, r"'a' needs Steps\(n\) with n >= 1"),
        ({"a": [1, 2], "start": {"b": 1}}, "start names 'b', but the sliders are a"),
        ({"a": [1, 2], "labels": {"b": "β"}}, "labels names 'b'"),
        ({"a": [1, 2], "static": {"b": 2}}, "static names 'b'"),
        ({"a": [1, 2], "presets": {"Break it": {"b": 2}}}, "preset 'Break it' names 'b'"),
        ({"b": [1, 2], "target": TARGET}, "target names 'a'"),
        ({"a": [1, 2], "start": {"a": 1.5}}, "start puts 'a' at 1.5, which is not on its grid"),
        ({"a": [1, 2], "presets": {"x": {"a": "2"}}}, "preset 'x' puts 'a' at '2'"),
        ({"a": [1, 3], "target": TARGET}, "target puts 'a' at 2"),
        ({"a": ["x", "y"], "static": {"a": 2}}, "static cannot thin out the choices of 'a'"),
        (
            {"a": (0, 9, 1), "static": {"a": 2}, "start": {"a": 4}},
            "leaves 'a' 2 positions, but the ends, start, presets and target need 3: 0, 4, 9",
        ),
        (
            {"a": (1, 19, 1), "b": (1, 19, 1)},
            r"19 \(a\) × 19 \(b\) = 361 frames, at most 150 .* static=\{'a': 8, 'b': 8\}",
        ),
        (
            {"a": (1, 60, 1), "b": ["x", "y", "z"]},
            r"60 \(a\) × 3 \(b\) = 180 frames.*pass static=\{'a': 21\}",
        ),
        (
            {"a": [str(i) for i in range(20)], "b": [str(i) for i in range(20)]},
            "400 frames.* use fewer sliders, choices or presets",
        ),
    ],
)
def test_bad_input_is_named(options, message):
    for book in ("0", "1"):
        with pytest.raises(ValueError, match=message):
            displayed(blank, book=book, **options)


@given(size=st.integers(2, 40), count=st.integers(2, 60), marks=st.sets(st.integers(0, 59)))
def test_the_static_grid_keeps_what_matters(size, count, marks):
    marks = {mark % count for mark in marks}
    slider = make_slider("a", "a", list(range(count)) if count > 1 else Steps(1))
    grid = make_grid([slider], {}, {str(mark): {"a": mark} for mark in marks}, None)
    needed = {0, count - 1} | marks
    size = max(size, len(needed))
    coarse = grid.coarsened({"a": size})
    assert coarse.shape == (min(size, count),)
    assert needed <= set(coarse.sliders[0].keys)
    for name, preset in coarse.presets.items():
        assert coarse.sliders[0].keys[preset[0]] == int(name)


def test_the_proposed_grid_fits():
    grid = make_grid(
        [make_slider("a", "a", (1, 30, 1)), make_slider("b", "b", Steps(29))], {}, {}, None
    )
    with pytest.raises(ValueError, match="frames") as error:
        grid.coarsened({})
    proposal = str(error.value).split("static=")[1]
    assert proposal == "{'a': 8, 'b': 8}"
    assert grid.coarsened({"a": 8, "b": 8}).shape == (8, 8)


def test_log_range():
    assert log_range(0.1, 30, 5) == [0.1, 0.416, 1.73, 7.21, 30.0]
    for ends in [(0, 1, 3), (1, 1, 3), (1, 2, 1), (1, float("inf"), 3)]:
        with pytest.raises(ValueError, match="log_range expects"):
            log_range(*ends)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (3, "3"),
        (np.int64(-12345), "−12,345"),
        (0.5, "0.500"),
        (-0.12345, "−0.123"),
        (9.999, "10.0"),
        (123456.0, "123,000"),
        (1234567.0, "1.23 × 10⁶"),
        (np.float64(2.5e-7), "2.50 × 10⁻⁷"),
        ("∞", "∞"),
    ],
)
def test_numbers_have_three_digits(value, text):
    assert number(value) == text


def test_texts_are_escaped_and_marked():
    text = 'a < b & **"c"** $x_1 < y$'
    assert rich(text) == (
        "a &lt; b &amp; <strong>&quot;c&quot;</strong> "
        r'<span class="math notranslate nohighlight">\(x_1 &lt; y\)</span>'
    )
    assert rich(text, mathjax=False).endswith("$x_1 &lt; y$")
    assert plain(text) == 'a < b & "c" x_1 < y'
    assert grid_value(-0.30000000000000004) == "−0.3"
