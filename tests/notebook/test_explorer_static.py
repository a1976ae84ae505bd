"""The book's explorer: what is asserted at build time, and what stands in the HTML."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from matplotlib import pyplot as plt

from mlsheet.notebook.explorer import Steps, Target, static
from mlsheet.notebook.style import BLUE
from tests.browser.explorer_page import displayed, stepped

ROOT = Path(__file__).parents[2]


def line(a=1, b=1):
    figure, axes = plt.subplots()
    axes.plot([0, 1], [a, b], color=BLUE)
    axes.set(ylim=(0, 9), title="A line")
    return figure, {"slope": b - a, "mean": (a + b) / 2}


def flat_at(numbers):
    return numbers["slope"] == 0


def test_html_of_an_explorer():
    shown = displayed(
        line,
        a=(1, 3, 1),
        b=(1, 3, 1),
        start={"a": 1, "b": 3},
        target=Target("Make it **flat**", flat_at, {"a": 2, "b": 2}),
        presets={"Up": {"a": 1, "b": 2}},
        labels={"a": "left"},
        question="What is $b - a$?",
    )
    assert list(shown) == ["text/plain", "text/html"]
    assert shown["text/plain"] == ("Explorer: What is b - a? Sliders: left 1 to 3; b 1 to 3.")
    html = shown["text/html"]
    assert html.startswith('<section class="mlsheet-explorer"')
    assert 'data-frames="9"' in html
    assert 'aria-label="A line; left 1, b 3; slope 2; mean 2.00"' in html
    assert '<dt>slope</dt><dd data-slot="">2</dd>' in html
    assert 'data-reached="false">Make it <strong>flat</strong></p>' in html
    assert 'data-to="{&quot;0&quot;: 0, &quot;1&quot;: 1}">Up</button>' in html
    assert "var(--mlsheet-blue,#0072b2)" in html
    assert not plt.get_fignums()


def test_elements_are_nested_and_ids_unique():
    class Nesting(HTMLParser):
        open, ids = [], []

        def handle_starttag(self, tag, attributes):
            self.ids += [value for name, value in attributes if name == "id"]
            if tag != "input":
                self.open.append(tag)

        def handle_startendtag(self, tag, attributes):
            self.ids += [value for name, value in attributes if name == "id"]

        def handle_endtag(self, tag):
            assert self.open.pop() == tag

    parser = Nesting()
    parser.feed(stepped(lambda step: line(step + 1), 3) + displayed(line, b=[1, 2])["text/html"])
    assert parser.open == []
    assert len(set(parser.ids)) == len(parser.ids) > 4


def test_labels_cannot_become_markup():
    evil = "<img src=x onerror=alert(1)>&\"'"

    def draw(kind):
        figure, axes = plt.subplots()
        axes.set_title(evil)
        return figure, {evil: kind}

    shown = displayed(
        draw,
        kind=[evil, "other"],
        labels={"kind": evil},
        question=evil,
        answer=evil,
        presets={evil: {"kind": "other"}},
        target=Target(evil, lambda numbers: numbers[evil] == "other", {"kind": "other"}),
    )
    assert "<img" not in shown["text/html"]
    live = displayed(draw, kind=[evil, "other"], book="0")
    assert "text/html" not in live


def nothing(a):
    return None


def half(a):
    return plt.figure(), {"half": float("nan") if a == 2 else a / 2}


def list_of_numbers(a):
    return plt.figure(), {"all": [1, 2]}


def growing(a):
    return plt.figure(), {str(i): i for i in range(a)}


def noisy(a, rng=np.random.default_rng(0)):  # noqa: B008 - the mistake on trial
    figure, axes = plt.subplots()
    axes.plot(rng.normal(size=3))
    return figure


@pytest.mark.parametrize(
    ("draw", "target", "message"),
    [
        (nothing, None, "at a 1, nothing returned NoneType; expected a matplotlib Figure"),
        (half, None, "at a 2, half returned 'half' = nan"),
        (list_of_numbers, None, "returned list as 'all', not a number or text"),
        (growing, None, r"at a 2 the numbers are \['0', '1'\], at a 1 they are \['0'\]"),
        (noisy, None, "drawing a 1 twice gave two different frames; .* same seed"),
        (
            line,
            Target("Rise", lambda n: n["slope"] > 5, {"a": 2}),
            "the target does not hold at a 2",
        ),
        (
            line,
            Target("Fall", lambda n: n["slope"] < 5, {"a": 2}),
            "the target holds at the start, a 1",
        ),
    ],
)
def test_what_the_build_refuses(draw, target, message):
    with pytest.raises(ValueError, match=message):
        displayed(draw, a=[1, 2], target=target)
    assert not plt.get_fignums()


def dense(step):
    figure, axes = plt.subplots()
    points = np.random.default_rng(step).normal(size=(2, 2000))
    axes.scatter(*points, s=np.arange(2000) / 100)
    return figure


@pytest.mark.parametrize(
    ("limit", "message"),
    [("MOST_PAYLOAD", "takes .* kB, at most"), ("MOST_TEMPLATE", "needs an SVG of .* kB, at most")],
)
def test_too_large_is_an_error_with_a_remedy(monkeypatch, limit, message):
    monkeypatch.setattr(static, limit, 100)
    with pytest.raises(ValueError, match=message + ".*rasterized=True"):
        stepped(lambda step: line(step + 1), 3)


def test_a_dense_scatter_is_too_large():
    with pytest.raises(ValueError, match="kB, at most"):
        stepped(dense, 2)


def test_states_are_given_to_the_drawing_function():
    states = [{"at": step} for step in range(4)]
    drawn = []

    def draw(state):
        drawn.append(state)
        return plt.figure(), {"at": state["at"]}

    html = displayed(draw, state=states, presets={"End": {"state": 3}})["text/html"]
    assert all(state in drawn for state in states)
    assert "mlsheet-play" in html
    assert 'max="3"' in html


def test_start_decides_the_template():
    first = displayed(line, a=[1, 2], b=[1, 2])["text/html"]
    last = displayed(line, a=[1, 2], b=[1, 2], start={"a": 2, "b": 2})["text/html"]
    assert '<dd data-slot="">1.00</dd>' in first
    assert '<dd data-slot="">2.00</dd>' in last
    assert re.findall("application/octet-stream.*", first) == re.findall(
        "application/octet-stream.*", last
    )


PROGRAM = """
import hashlib, matplotlib
matplotlib.use("agg")
from tests.browser.explorer_page import stepped
from tests.browser.fidelity_figures import FIGURES
for name in ("growing_legend", "hatches", "mathematics"):
    print(hashlib.sha256(stepped(FIGURES[name], 3).encode()).hexdigest())
"""


def test_the_same_input_gives_the_same_bytes():
    printed = [
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in "12"
    ]
    assert printed[0] == printed[1]
    assert len(printed[0].split()) == 3


def test_steps_have_a_play_button_and_choices_a_select():
    html = displayed(lambda step, kind: plt.figure(), step=Steps(2), kind=["x", "y"])["text/html"]
    assert html.count("mlsheet-play") == 1
    assert "<option selected>x</option><option>y</option>" in html
