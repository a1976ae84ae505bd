"""What a section's page does besides standing still, and how it looks on screens and on paper."""

import json
import re
from pathlib import Path

import pytest

PAGE = Path("book/1-probability/1-08-kl-divergence.html")
FULL_STORAGE = """
const set = Storage.prototype.setItem;
Storage.prototype.setItem = function (key, value) {
  if (key.startsWith("mlsheet")) throw new DOMException("full", "QuotaExceededError");
  set.call(this, key, value);
};
"""
KNEW, AGAIN = "Knew it", "Again"


@pytest.fixture
def section(html):
    return (html / PAGE).as_uri()


def first_card(page):
    return page.locator("details.question").first


def left(page):
    return page.locator(".mlsheet-left").inner_text()


def answer(page, mark):
    card = first_card(page)
    if card.get_attribute("open") is None:
        card.locator("summary").click()
    card.get_by_role("button", name=mark).click()


def background(page):
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


def test_a_mark_is_shown_counted_and_kept(page, section):
    page.goto(section)
    count = page.locator("details.question").count()
    assert f"{count} of {count} on this page" in left(page)
    answer(page, KNEW)
    assert f"{count - 1} of {count} on this page" in left(page)
    page.reload()
    assert first_card(page).locator(".state").inner_text() == KNEW
    assert f"{count - 1} of {count} on this page" in left(page)
    answer(page, AGAIN)
    assert first_card(page).locator(".state").inner_text() == AGAIN
    assert f"{count} of {count} on this page" in left(page)
    answer(page, AGAIN)
    assert first_card(page).locator(".state").inner_text() == ""


def test_the_chapter_is_known_when_all_its_questions_are(page, section):
    page.goto(section)
    marks = page.evaluate(
        "JSON.stringify(Object.fromEntries("
        "mlsheetQuestions['1-probability'].map((id) => [id, 'known'])))"
    )
    # Kept before the page's scripts run: what was stored just before a reload may come too late.
    page.add_init_script(f"localStorage.setItem('mlsheet-marks', {json.dumps(marks)})")
    page.reload()
    assert left(page).startswith("You knew all")


def test_marks_last_as_long_as_the_page_where_storage_is_full(page, section):
    page.add_init_script(FULL_STORAGE)
    page.goto(section)
    answer(page, KNEW)
    assert first_card(page).locator(".state").inner_text() == KNEW


def test_a_question_opens_and_is_marked_by_keyboard(page, section):
    page.goto(section)
    first_card(page).locator("summary").focus()
    page.keyboard.press("Enter")
    assert first_card(page).get_attribute("open") is not None
    first_card(page).get_by_role("button", name=KNEW).focus()
    page.keyboard.press("Space")
    assert first_card(page).locator(".state").inner_text() == KNEW


def test_formulas_are_typeset_everywhere_also_in_summaries(page, section):
    page.goto(section)
    page.evaluate("MathJax.startup.promise")
    assert page.locator("mjx-container").count() > 10
    assert page.locator("mjx-merror").count() == 0
    assert page.locator("summary mjx-container").count() > 0
    assert "$" not in page.locator("article").inner_text()


def test_every_link_on_the_page_leads_somewhere(page, section, html):
    page.goto(section)
    broken = page.evaluate(
        "[...document.querySelectorAll('article a[href^=\"#\"]')].map((a) => a.hash.slice(1))"
        ".filter((id) => id && !document.getElementById(decodeURIComponent(id)))"
    )
    assert broken == []
    for address in page.locator("article a").evaluate_all(
        "(links) => links.map((a) => a.href).filter((href) => href.startsWith('file:'))"
    ):
        assert Path(address.removeprefix("file://").partition("#")[0]).exists(), address


def test_paper_has_every_fold_open_and_no_navigation(new_page, section):
    page = new_page(color_scheme="dark")
    page.goto(section)
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".bd-article details:not([open])").count() == 0
    for hidden in (".bd-sidebar-primary", ".bd-header-article", ".prev-next-footer", ".marks"):
        assert not page.locator(hidden).first.is_visible(), hidden
    assert page.locator(".mlsheet-explorer svg").first.is_visible()
    assert background(page) in ("rgb(254, 254, 254)", "rgb(255, 255, 255)")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("details.question[open]").count() == 0


def test_a_section_prints_on_two_to_five_pages(new_page, html):
    page = new_page()
    for section in sorted((html / "book").glob("*/[0-9]*.html")):
        page.goto(section.as_uri())
        page.evaluate("MathJax.startup.promise")
        pdf = page.pdf(format="A4", prefer_css_page_size=True)
        pages = max(int(count) for count in re.findall(rb"/Count (\d+)", pdf))
        assert 2 <= pages <= 5, f"{section.stem} prints on {pages} pages"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_takes_the_systems_theme_and_its_button_changes_it(new_page, section, scheme):
    page = new_page(color_scheme=scheme)
    page.goto(section)
    before = background(page)
    assert page.locator("html").get_attribute("data-theme") == scheme
    assert before == {"light": "rgb(254, 254, 254)", "dark": "rgb(20, 24, 30)"}[scheme]
    page.get_by_role("button", name="Color mode").click()
    assert background(page) != before


def test_without_scripts_the_page_reads_and_folds(new_page, section):
    page = new_page(java_script_enabled=False)
    page.goto(section)
    assert page.locator(".mlsheet-minute").is_visible()
    assert page.locator(".mlsheet-figure svg").first.is_visible()
    assert page.locator(".mlsheet-explorer svg").first.is_visible()
    first_card(page).locator("summary").click()
    assert first_card(page).locator(".answer").is_visible()
    assert page.locator(".mlsheet-left").is_hidden()
    assert page.locator(".theme-switch-button").first.is_hidden()


@pytest.mark.parametrize("width", [360, 390, 1280])
def test_text_is_narrow_enough_to_read_and_boxes_stack_on_a_phone(new_page, section, width):
    page = new_page(viewport={"width": width, "height": 800})
    page.goto(section)
    rem = page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
    column = page.locator(".mlsheet-minute").bounding_box()["width"]
    assert column <= 46 * rem
    assert column >= (42 * rem if width == 1280 else 0.9 * width)
    for box in page.locator(".mlsheet-versus").all():
        says, precisely = (box.locator(part).bounding_box() for part in (".says", ".precisely"))
        assert (says["y"] < precisely["y"]) == (width < 600)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_search_finds_a_section_and_says_what_it_is_about(page, html):
    page.goto((html / "search.html").as_uri() + "?q=divergence")
    result = page.locator("#search-results li", has_text="1.8 KL Divergence").first
    result.locator(".context").wait_for()
    assert len(result.locator(".context").inner_text().split()) > 20


def test_the_code_page_has_numbered_lines(page, section):
    page.goto(section)
    page.locator("a.mlsheet-module").first.click()
    assert page.locator("h1").inner_text().startswith("mlsheet.")
    assert page.locator(".linenos").first.inner_text().strip() == "1"
