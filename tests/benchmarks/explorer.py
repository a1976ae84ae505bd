"""How fast and how large explorers are: ``python tests/benchmarks/explorer.py`` prints a table.

Each of the seven reference pictures has 100 frames.  The times of the browser are those from an
input event to the painted picture, in headless Chromium, over 100 moves of a random slider.
"""

import gzip
import re
import shutil
import sys
import tempfile
import time
from dataclasses import replace
from importlib import resources
from pathlib import Path
from unittest import mock

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[2]))  # also run as a script

from mlsheet.notebook.explorer import static
from mlsheet.notebook.explorer.frames import Explorer
from mlsheet.notebook.explorer.grid import make_grid
from mlsheet.notebook.explorer.live import LiveExplorer
from mlsheet.notebook.explorer.sliders import make_slider
from tests.benchmarks.reference_pictures import PICTURES
from tests.browser.conftest import BROWSERS, FLAGS, NO_BROWSER
from tests.browser.explorer_page import page_of

MOVES = 100

MEASURE = """async (moves) => {
  let seed = 1;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const inputs = [...document.querySelectorAll("[data-axis]")], times = [];
  for (let i = 0; i < moves; i++) {
    const input = inputs[Math.floor(random() * inputs.length)], before = input.value;
    await new Promise((done) => setTimeout(done, 20 + 17 * random()));
    while (input.value === before) input.value = Math.floor(random() * (+input.max + 1));
    const started = performance.now();
    input.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((done) => requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = done;  // comes after the frame's paint
      port2.postMessage(0);
    }));
    times.push(performance.now() - started);
  }
  return times;
}"""


def clock(where, name, spent):
    """Replace a function by itself with a clock."""
    function = getattr(where, name)

    def timed(*args, **kwargs):
        started = time.perf_counter()
        result = function(*args, **kwargs)
        spent[name] = spent.get(name, 0) + time.perf_counter() - started
        return result

    return mock.patch.object(where, name, timed)


def measure_build(explorer):
    """Return the HTML, and the milliseconds a frame takes to draw, to become SVG, to be packed."""
    spent = {}
    drawn = replace(explorer, draw=lambda **values: timed_draw(explorer.draw, values, spent))
    with (
        clock(static, "figure_tree", spent),
        clock(static, "merge", spent),
        clock(static, "pack", spent),
    ):
        html = static.static_html(drawn)
    frames = int(re.search(r'data-frames="(\d+)"', html)[1])
    steps = (spent["draw"], spent["figure_tree"], spent["merge"] + spent["pack"])
    return html, [1000 * seconds / frames for seconds in steps]


def timed_draw(draw, values, spent):
    started = time.perf_counter()
    result = draw(**values)
    spent["draw"] = spent.get("draw", 0) + time.perf_counter() - started
    return result


def measure_live(explorer):
    """Return the median milliseconds from a widget's move to its new picture."""
    shown = LiveExplorer(explorer)
    rng = np.random.default_rng(0)
    times = []
    for _ in range(10):
        control = shown.controls[rng.integers(len(shown.controls))]
        index = (control.index + 1 + rng.integers(len(control.options) - 1)) % len(control.options)
        started = time.perf_counter()
        control.index = int(index)
        times.append(1000 * (time.perf_counter() - started))
    return np.median(times)


def measure_page(browser, html, folder):
    """Return the median and the 95th percentile of milliseconds from an event to its paint."""
    path = Path(folder) / "explorer.html"
    path.write_text(page_of(html))
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(path.as_uri())
    page.wait_for_selector("[data-ready]", state="attached")
    page.wait_for_timeout(300)
    times = page.evaluate(MEASURE, MOVES)
    page.close()
    return np.percentile(times, [50, 95])


def main():
    """Print the table."""
    mpl.use("agg")
    plt.style.use("mlsheet.notebook.style")
    heads = "ms a frame: draw  svg  pack | kB: payload template | event to paint: p50  p95 | live"
    print(f"{'100 frames of':18}{heads}")
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        sys.exit(NO_BROWSER)
    with (
        sync_playwright() as playwright,
        tempfile.TemporaryDirectory() as folder,
        playwright.chromium.launch(executable_path=executable, args=FLAGS) as browser,
    ):
        for name, (draw, values) in PICTURES.items():
            sliders = [make_slider(slider, slider, of) for slider, of in values.items()]
            grid = make_grid(sliders, {}, {}, None)
            explorer = Explorer(draw, name, "", None, grid, grid.coarsened({}))
            html, build = measure_build(explorer)
            sizes = [int(size) / 1000 for size in re.findall(r'-bytes="(\d+)"', html)]
            painted = measure_page(browser, html, folder)
            live = measure_live(explorer)
            print(
                f"{name:18}{build[0]:16.0f}{build[1]:5.0f}{build[2]:6.0f} |"
                f"{sizes[0]:12.1f}{sizes[1]:9.1f} |{painted[0]:20.1f}{painted[1]:5.1f} |{live:5.0f}"
            )
    files = resources.files("mlsheet.notebook.explorer")
    both = b"".join((files / name).read_bytes() for name in ("explorer.js", "explorer.css"))
    print(f"JavaScript and CSS together: {len(gzip.compress(both, 9)) / 1000:.1f} kB gzip")


if __name__ == "__main__":
    main()
