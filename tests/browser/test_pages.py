"""Every built page, opened from disk: it works, reads well, fits a phone, and asks no other host.

What every tab is watched for (errors on the console, foreign requests) stands in conftest.py.
"""

import json
import re
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from mlsheet_book import gathered
from mlsheet_book.execute import toc_notebooks
from mlsheet_book.sections import find_sections
from tests.browser.conftest import watched_tabs

ROOT = Path(__file__).parents[2]
SECTIONS = find_sections(ROOT)
PAGES = ["book/index", *toc_notebooks(ROOT).values(), *gathered.PAGES]
SECTION_OF = {section.path.with_suffix("").as_posix(): section for section in SECTIONS}
OTHERS = [name for name in PAGES if name not in SECTION_OF]
CODE_SAMPLE = next(iter(SECTION_OF))

MOST_FRAMES_A_PAGE = 250
MOST_FRAMES = 12_000

AXE = {
    "preload": False,  # else it asks for the style sheets again, which no page from disk may
    "resultTypes": ["violations"],
}
CONTRAST = {"runOnly": ["color-contrast"]}
NO_CODE = {"exclude": [["pre > *"]]}
OPEN_FOLDS = "for (const fold of document.querySelectorAll('details')) fold.open = true"
TYPESET = "async () => { await window.MathJax?.startup?.promise; }"
UNTYPESET = """
[...document.querySelectorAll("article .math")]
  .filter((node) => !node.querySelector("mjx-container") || node.querySelector("mjx-merror"))
  .map((node) => node.textContent.trim())
"""
TOO_WIDE = """
[...document.querySelectorAll("body *")]
  .filter((node) => node.getBoundingClientRect().right > innerWidth + 1)
  .map((node) => node.tagName + "." + node.className)
  .slice(0, 5)
"""
FRAME = """
(explorer) => explorer.querySelector("svg").innerHTML +
  (explorer.querySelector(".mlsheet-numbers")?.textContent ?? "")
"""
CHANGED = f"([explorer, before]) => ({FRAME})(explorer) !== before"

POSITION = "(it) => Number(it.selectedIndex ?? it.value)"
PUT_BACK = """
(it, position) => {
  if ("selectedIndex" in it) it.selectedIndex = position;
  else it.value = position;
  it.dispatchEvent(new Event("input", { bubbles: true }));
}
"""

# Sections come first in both, so that all tests of one tab run one after the other.
every_page = pytest.mark.parametrize("tab", [*SECTION_OF, *OTHERS], indirect=True)
every_section = pytest.mark.parametrize("tab", list(SECTION_OF), indirect=True)


@pytest.fixture(scope="module")
def tab(request, browser, html):
    """Return a page's name and a desktop's tab in which it is open for several tests."""
    with watched_tabs(browser) as open_tab:
        page = open_tab(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
        open_page(page, html, request.param)
        yield request.param, page


def open_page(page, html, name):
    page.goto((html / f"{name}.html").as_uri())
    page.evaluate(TYPESET)


def explorers_of(page):
    found = page.locator(".mlsheet-explorer").all()
    for explorer in found:
        explorer.scroll_into_view_if_needed()
        page.wait_for_function("(it) => 'ready' in it.dataset", arg=explorer.element_handle())
    return found


def serious(page, context, options):
    """Return what axe finds that stands in anyone's way."""
    page.evaluate(OPEN_FOLDS)
    return [
        f"{violation['id']} at {[node['target'] for node in violation['nodes']][:3]}"
        for violation in Axe().run(page, context, options).response["violations"]
        if violation["impact"] in ("serious", "critical")
    ]


@every_page
def test_every_formula_is_typeset(tab):
    _, page = tab
    assert page.locator("h1").count() == 1
    assert page.evaluate(UNTYPESET) == []


@every_page
def test_previous_and_next_follow_the_contents(tab, html):
    name, page = tab
    position = PAGES.index(name)
    around = [PAGES[position - 1]] if position else []
    around += PAGES[position + 1 : position + 2]
    links = page.locator(".prev-next-area a").evaluate_all("(all) => all.map((it) => it.href)")
    assert links == [(html / f"{neighbour}.html").as_uri() for neighbour in around]


@every_section
def test_the_notebook_can_be_downloaded(tab):
    name, page = tab
    section = SECTION_OF[name]
    links = page.locator("a[href$='.ipynb']").evaluate_all("(all) => all.map((it) => it.href)")
    files = {Path(unquote(urlsplit(link).path)) for link in links}
    assert {file.name for file in files} == {section.path.name}
    assert files.pop().read_bytes() == (ROOT / section.path).read_bytes()


@every_section
def test_every_explorer_moves_by_keyboard(tab):
    _, page = tab
    explorers = explorers_of(page)
    assert explorers
    for explorer in explorers:
        for control in explorer.locator("[data-axis]").all():
            before, position = explorer.evaluate(FRAME), control.evaluate(POSITION)
            control.focus()
            assert control.evaluate("(it) => it === document.activeElement")
            is_range = control.get_attribute("type") == "range"
            page.keyboard.press("Home" if position else "End" if is_range else "ArrowDown")
            page.wait_for_function(CHANGED, arg=[explorer.element_handle(), before], timeout=5000)
            control.evaluate(PUT_BACK, position)


@every_section
def test_every_explorer_moves_by_pointer(tab):
    _, page = tab
    for explorer in explorers_of(page):
        for slider in explorer.locator("input[type=range]").all():
            before, position = explorer.evaluate(FRAME), slider.evaluate(POSITION)
            shown = slider.get_attribute("aria-valuetext")
            slider.scroll_into_view_if_needed()
            box = slider.bounding_box()
            left = position > int(slider.get_attribute("max")) / 2
            across = box["width"] * (0.02 if left else 0.98)
            page.mouse.click(box["x"] + across, box["y"] + box["height"] / 2)
            page.wait_for_function(CHANGED, arg=[explorer.element_handle(), before], timeout=5000)
            assert slider.get_attribute("aria-valuetext") != shown
            slider.evaluate(PUT_BACK, position)


@every_section
def test_every_preset_moves_the_sliders_where_it_says(tab):
    _, page = tab
    presets = 0
    for explorer in explorers_of(page):
        for button in explorer.locator("[data-to]").all():
            button.click()
            positions = explorer.locator("[data-axis]").evaluate_all(
                "(all) => all.map((it) => Number(it.selectedIndex ?? it.value))"
            )
            wanted = json.loads(button.get_attribute("data-to"))
            assert {int(axis): to for axis, to in wanted.items()}.items() <= {*enumerate(positions)}
            presets += 1
    assert presets


@every_page
def test_nothing_serious_stands_in_anyones_way(tab):
    _, page = tab
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    assert serious(page, NO_CODE, AXE) == []


@every_page
def test_everything_can_be_read_in_the_dark_and_fits_a_phone(new_page, html, tab):
    name, _ = tab
    page = new_page(
        viewport={"width": 360, "height": 740}, color_scheme="dark", reduced_motion="reduce"
    )
    open_page(page, html, name)
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert serious(page, NO_CODE, AXE | CONTRAST) == []
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 360, page.evaluate(TOO_WIDE)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_code_can_be_read(new_page, html, theme):
    page = new_page(color_scheme=theme)
    open_page(page, html, CODE_SAMPLE)
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    assert serious(page, None, AXE | CONTRAST) == []


@every_section
def test_a_page_is_useful_without_scripts(new_page, html, tab):
    name, _ = tab
    page = new_page(java_script_enabled=False)
    page.goto((html / f"{name}.html").as_uri())
    for explorer in page.locator(".mlsheet-explorer").all():
        assert explorer.locator("svg").first.is_visible()
        assert explorer.locator(".mlsheet-question").is_visible()
        assert not explorer.locator("[data-axis]").first.is_visible()
    cards = page.locator("details.question").all()
    assert cards
    for card in cards:
        assert not card.locator(".answer").is_visible()
        card.locator("summary").click()
        assert card.locator(".answer").is_visible()
    assert page.get_by_role("heading", level=2, name="Interview").is_visible()


@every_section
def test_search_finds_the_section_from_disk(page, html, tab):
    name, _ = tab
    title = SECTION_OF[name].title
    page.goto(f"{(html / 'search.html').as_uri()}?q={quote(title)}")
    link = page.locator(f"#search-results a[href^='{name}.html']").first
    link.wait_for(timeout=10_000)
    assert title in link.inner_text().replace("’", "'")


def test_the_front_door_leads_to_the_book(page, html):
    page.goto((html / "index.html").as_uri())
    page.wait_for_url("**/book/index.html")
    links = page.locator("article a").evaluate_all("(all) => all.map((it) => it.href)")
    chapters = [name for name in PAGES if re.fullmatch(r"book/\d[^/]*/index", name)]
    assert {(html / f"{name}.html").as_uri() for name in chapters} <= {*links}


def test_frames_keep_to_their_budget(html):
    frames = {
        name: sum(
            map(int, re.findall(r'data-frames="(\d+)"', (html / f"{name}.html").read_text("utf-8")))
        )
        for name in PAGES
    }
    assert {name: count for name, count in frames.items() if count > MOST_FRAMES_A_PAGE} == {}
    assert sum(frames.values()) <= MOST_FRAMES
