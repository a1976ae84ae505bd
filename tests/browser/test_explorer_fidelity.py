"""What the page shows after any moves is what matplotlib draws, for figures of many kinds."""

import io
import random
import re
from base64 import b64encode

import numpy as np
import pytest
from matplotlib import pyplot as plt
from PIL import Image
from scipy import ndimage

from mlsheet.notebook.explorer.svg import matplotlib_svg
from tests.browser.explorer_page import page_of, stepped
from tests.browser.fidelity_figures import FIGURES, STEPS

WIDTH, HEIGHT = 500, 340
TOLERANCE = 24
"""How far, of 255, a channel may be from the other picture's range in the pixels around it."""

KEEP = """([step, width]) => new Promise((done) => {
  const input = document.querySelector("[data-axis]");
  input.value = step;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  requestAnimationFrame(() => requestAnimationFrame(() => {
    const shown = document.querySelector(".mlsheet-svg").cloneNode(true);
    shown.style.width = width + "px";
    document.body.append(shown);
    done();
  }));
})"""


def pictures(page, order):
    """Return what all svg elements of the page's body show, keyed by step."""
    page.add_style_tag(
        content="body{margin:0} main{height:0;overflow:hidden} svg,img{display:block}"
    )
    page.wait_for_timeout(50)
    shot = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
    tiles = np.asarray(shot)[: HEIGHT * len(order), :WIDTH].astype(int)
    return dict(zip(order, tiles.reshape(len(order), HEIGHT, WIDTH, 3), strict=True))


def expected_markup(name, step):
    """Return what matplotlib draws: its SVG, or its PNG where a browser misreads its SVG."""
    with plt.style.context("mlsheet.notebook.style"):
        figure = FIGURES[name](step)
        if name == "gouraud_shading":
            png = io.BytesIO()
            figure.savefig(png, dpi=144)
            url = f"data:image/png;base64,{b64encode(png.getvalue()).decode()}"
            markup = f'<img width="{WIDTH}" height="{HEIGHT}" src="{url}">'
        else:
            svg = matplotlib_svg(figure).decode()
            size = r'width="[\d.]+pt" height="[\d.]+pt"'
            markup = re.sub(size, f'width="{WIDTH}"', svg[svg.index("<svg") :], count=1)
    plt.close(figure)
    return markup


def difference(one, other):
    """Return the share of pixels that differ, whichever way one looks.

    Lines are rounded to a tenth of a point, which at an edge may change a pixel by one of the
    browser's four levels of antialiasing; so a pixel is held against its neighbours too.
    """
    differ = np.zeros(one.shape, dtype=bool)
    for here, there in ((one, other), (other, one)):
        low = ndimage.minimum_filter(there, size=(3, 3, 1))
        high = ndimage.maximum_filter(there, size=(3, 3, 1))
        differ |= (here < low - TOLERANCE) | (here > high + TOLERANCE)
    return differ.any(axis=2).mean()


def test_a_missing_grid_line_is_a_difference():
    blank = np.full((HEIGHT, WIDTH, 3), 254)
    ruled = blank.copy()
    ruled[100:102] = [213, 218, 224]
    assert difference(blank, ruled) > 0.002


@pytest.mark.parametrize("name", FIGURES)
def test_every_frame_is_matplotlibs(page, name, tmp_path):
    draw = FIGURES[name]
    order = random.Random(name).sample(range(STEPS), STEPS)
    (tmp_path / "shown.html").write_text(page_of(stepped(draw, STEPS)))
    page.goto((tmp_path / "shown.html").as_uri())
    page.wait_for_selector("[data-ready]", state="attached")
    for step in order:
        page.evaluate(KEEP, [step, WIDTH])
    shown = pictures(page, order)

    every = "".join(expected_markup(name, step) for step in range(STEPS))
    (tmp_path / "expected.html").write_text("<!doctype html>" + every)
    page.goto((tmp_path / "expected.html").as_uri())
    expected = pictures(page, range(STEPS))

    for step in order:
        apart = difference(shown[step], expected[step])
        assert apart <= 0.002, f"{name}, step {step}: {apart:.2%} of pixels differ"
