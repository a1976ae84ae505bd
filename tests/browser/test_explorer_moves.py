"""Explorers answer to keyboard, pointer and buttons, say what they show, and do without script."""

import gzip
import random
from importlib import resources
from itertools import product

import pytest
from matplotlib import pyplot as plt

from mlsheet.notebook.explorer import Steps, Target
from mlsheet.notebook.style import BLUE
from tests.browser.explorer_page import displayed, page_of

KINDS = ["solid", "dashed"]


def draw(a, kind, step):
    figure, axes = plt.subplots()
    axes.plot([0, 1], [a, step], color=BLUE, linestyle=kind)
    axes.set(ylim=(0, 9), title=f"{a} {kind} {step}")
    return figure, {"sum": a + step, "kind": kind}


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    html = displayed(
        draw,
        a=(0, 4, 1),
        kind=KINDS,
        step=Steps(3),
        start={"a": 1},
        presets={"High and dashed": {"a": 4, "kind": "dashed"}},
        target=Target("Make the sum six or more", lambda n: n["sum"] >= 6, {"a": 4, "step": 2}),
        labels={"a": "height"},
    )["text/html"]
    other = displayed(lambda b: draw(b, "solid", b), b=[1, 2])["text/html"]
    path = tmp_path_factory.mktemp("explorers") / "page.html"
    path.write_text(page_of(html, other))
    return path.as_uri()


@pytest.fixture
def explorer(page, path):
    return opened(page, path)


def opened(page, path):
    page.goto(path)
    page.wait_for_selector("[data-ready]", state="attached")
    return page.locator(".mlsheet-explorer").first


def shown(explorer):
    explorer.page.evaluate("new Promise(requestAnimationFrame)")
    explorer.page.evaluate("new Promise(requestAnimationFrame)")
    return explorer.locator("svg").get_attribute("aria-label")


def test_keyboard(explorer):
    slider = explorer.get_by_role("slider", name="height")
    slider.focus()
    explorer.page.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "2"
    assert explorer.locator("output").first.inner_text() == "2"
    assert shown(explorer) == "2 solid 0; height 2, kind solid, step 0; sum 2; kind solid"
    assert explorer.locator("dd").first.inner_text() == "2"
    explorer.page.keyboard.press("End")
    assert shown(explorer).startswith("4 solid 0")
    explorer.page.keyboard.press("Tab")
    explorer.page.keyboard.press("ArrowDown")
    assert shown(explorer).startswith("4 dashed 0")


def test_pointer(explorer):
    slider = explorer.get_by_role("slider", name="height")
    box = slider.bounding_box()
    slider.click(position={"x": box["width"] - 4, "y": box["height"] / 2})
    assert shown(explorer).startswith("4 solid 0")


def test_every_frame_in_any_order(explorer):
    frames = list(product(range(5), range(2), range(4)))
    random.Random(0).shuffle(frames)
    for a, kind, step in frames:
        explorer.evaluate(
            """(section, positions) => {
              section.querySelectorAll("[data-axis]").forEach((input, i) => {
                if (input.tagName === "SELECT") input.selectedIndex = positions[i];
                else input.value = positions[i];
              });
              section.querySelector("select").dispatchEvent(new Event("input", { bubbles: true }));
            }""",
            [a, kind, step],
        )
        assert shown(explorer).startswith(f"{a} {KINDS[kind]} {step};")
        assert f"{a} {KINDS[kind]} {step}" in explorer.locator("svg text").all_text_contents()
        assert explorer.locator("dd").all_inner_texts() == [str(a + step), KINDS[kind]]


def test_preset_and_target(explorer):
    target = explorer.locator(".mlsheet-target")
    explorer.get_by_role("button", name="High and dashed").click()
    assert shown(explorer).startswith("4 dashed 0")
    assert explorer.get_by_role("combobox").input_value() == "dashed"
    assert target.get_attribute("data-reached") == "false"
    explorer.get_by_role("slider", name="step").fill("2")
    assert shown(explorer).endswith("target reached")
    assert target.get_attribute("data-reached") == "true"


def test_play_runs_to_the_end_and_can_be_stopped(explorer):
    play = explorer.locator(".mlsheet-play")
    play.click()
    assert play.inner_text() == "Pause"
    assert shown(explorer).startswith("1 solid 1")
    play.click()
    assert play.inner_text() == "Play"
    play.click()
    explorer.locator(".mlsheet-play", has_text="Play").wait_for(timeout=5000)
    assert shown(explorer).startswith("1 solid 3")
    play.click()
    assert shown(explorer).startswith("1 solid 0")


def test_reduced_motion_steps_once(new_page, path):
    explorer = opened(new_page(reduced_motion="reduce"), path)
    step = explorer.get_by_role("button", name="Step", exact=True)
    step.click()
    explorer.page.wait_for_timeout(900)
    assert shown(explorer).startswith("1 solid 1")


def test_one_polite_line_after_a_pause(explorer):
    live = explorer.locator(".mlsheet-live")
    assert live.get_attribute("aria-live") == "polite"
    slider = explorer.get_by_role("slider", name="height")
    slider.fill("3")
    assert live.inner_text() == ""
    slider.fill("4")
    explorer.page.wait_for_timeout(400)
    assert live.inner_text().startswith("4 solid 0")


def test_explorers_of_a_page_are_apart(explorer):
    other = explorer.page.locator(".mlsheet-explorer").nth(1)
    other.scroll_into_view_if_needed()
    other.get_by_role("slider", name="b").fill("1")
    assert shown(other).startswith("2 solid 2")
    assert shown(explorer).startswith("1 solid 0")


def test_colours_follow_the_page(explorer):
    line = explorer.locator("svg path[style*=blue]").first
    colour = "node => getComputedStyle(node).stroke"
    assert line.evaluate(colour) == "rgb(0, 114, 178)"
    explorer.page.add_style_tag(content=":root { --mlsheet-blue: #5ab4f0 }")
    assert line.evaluate(colour) == "rgb(90, 180, 240)"


def test_paper_shows_the_default_picture(explorer):
    explorer.get_by_role("slider", name="height").fill("4")
    assert shown(explorer).startswith("4 ")
    explorer.page.emulate_media(media="print")
    explorer.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert explorer.locator("svg").get_attribute("aria-label").startswith("1 ")
    assert not explorer.locator(".mlsheet-controls").is_visible()
    explorer.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert explorer.locator("svg").get_attribute("aria-label").startswith("4 ")


def test_without_script_the_default_picture_and_no_dead_controls(new_page, path):
    page = new_page(java_script_enabled=False)
    page.goto(path)
    explorer = page.locator(".mlsheet-explorer").first
    assert explorer.locator("svg").is_visible()
    assert explorer.locator("dd").first.is_visible()
    assert explorer.locator("summary").is_visible()
    assert not explorer.locator(".mlsheet-controls").is_visible()
    assert not explorer.locator(".mlsheet-target").is_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_fits_and_can_be_touched(new_page, path, width):
    page = new_page(viewport={"width": width, "height": 800})
    explorer = opened(page, path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for control in explorer.locator("input, select, button, summary").all():
        box = control.bounding_box()
        assert box["height"] >= 44, control
        assert box["width"] >= 44, control
    beside, picture = (explorer.locator(part).bounding_box() for part in (".mlsheet-beside", "svg"))
    assert (beside["y"] < picture["y"] + 10) == (width == 1280)


def test_script_and_style_are_small():
    files = resources.files("mlsheet.notebook.explorer")
    both = b"".join(files.joinpath(name).read_bytes() for name in ("explorer.js", "explorer.css"))
    assert len(gzip.compress(both, 9, mtime=0)) <= 5000
