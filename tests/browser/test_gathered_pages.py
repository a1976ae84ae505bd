"""The gathered pages of the built book: nothing is missing, and the question bank can be used."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from mlsheet_book.sections import find_sections

ROOT = Path(__file__).parents[2]
SECTIONS = find_sections(ROOT)
TEXT = "\n\n".join(text for section in SECTIONS for text in section.texts)
QUESTIONS = re.findall(r'class="question" id="([^"]*)"', TEXT)
SHOWN = "details.question:not([hidden])"


@pytest.fixture
def gathered(html):
    def page(name):
        text = (html / "book" / f"{name}.html").read_text("utf-8")
        return BeautifulSoup(text, "html.parser").find("article")

    return page


@pytest.fixture
def bank(page, html):
    page.goto((html / "book/question-bank.html").as_uri())
    page.locator(".mlsheet-bank select").first.wait_for()
    return page


def ids(bank, selector=SHOWN):
    return bank.locator(selector).evaluate_all("(all) => all.map((it) => it.id)")


def test_the_ledger_counts_every_formula_and_every_checked_claim(gathered):
    tagged = re.findall(r"\\tag\{([^}]*)\}", TEXT)
    checked = [
        call.args[0].value
        for section in SECTIONS
        for _, call in section.calls_of("check", "check_order", "check_every")
    ]
    listed = [
        link.text for link in gathered("formula-ledger").select(".mlsheet-entry a.mlsheet-id")
    ]
    assert len(listed) == len(set(listed))
    assert set(listed) == {*tagged, *checked}
    checks = gathered("formula-ledger").select(".mlsheet-entry li")
    assert len(checks) >= len(checked)


def test_every_erratum_is_gathered(gathered):
    boxes = TEXT.count("**Sheet vs. precise.**")
    remarks = sum(
        len(re.findall(r"^- \(", fold, re.MULTILINE))
        for fold in re.findall(r'class="fine-print">.*?</details>', TEXT, re.DOTALL)
    )
    errata = gathered("sheet-vs-precise")
    assert len(errata.select(".mlsheet-versus")) == boxes
    assert len(errata.select("li > a.mlsheet-id, li > p > a.mlsheet-id")) == remarks


def test_every_link_of_the_gathered_pages_leads_somewhere(gathered, html):
    for name in ("question-bank", "sheet-vs-precise", "formula-ledger", "map"):
        for link in gathered(name).select("a[href]"):
            file, _, anchor = link["href"].partition("#")
            if re.match(r"https?:", file) or not file:
                continue
            target = html / "book" / file
            assert target.is_file(), link
            if anchor:
                assert f'id="{anchor}"' in target.read_text("utf-8"), link


def test_the_bank_holds_every_question_in_order(bank):
    assert ids(bank) == QUESTIONS
    assert bank.locator(".mlsheet-bank .status").inner_text() == (
        f"{len(QUESTIONS)} of {len(QUESTIONS)} questions"
    )


def test_the_bank_is_chosen_from_by_keyboard(bank):
    level, chapter = bank.get_by_label("Level"), bank.get_by_label("Chapter")
    level.focus()
    bank.keyboard.press("ArrowDown")
    assert level.input_value() == "Easy"
    easy = re.findall(r'id="([^"]*)"><summary><b>Easy', TEXT)
    assert ids(bank) == easy
    chapter.select_option(index=1)
    first = SECTIONS[0].number.split(".")[0]
    assert ids(bank) == [question for question in easy if question.startswith(f"q-{first}-")]
    shown = bank.locator(".bd-article h2:visible")
    assert [text[0] for text in shown.all_inner_texts()] == [first]


def test_shuffling_keeps_every_card_and_can_be_undone(bank):
    bank.get_by_role("button", name="Shuffle").click()
    shuffled = ids(bank)
    assert sorted(shuffled) == sorted(QUESTIONS)
    assert shuffled != QUESTIONS
    bank.get_by_role("button", name="In order").click()
    assert ids(bank) == QUESTIONS


def test_a_mark_counts_in_the_bank_and_in_the_section(bank, html):
    card = bank.locator("details.question").first
    card.locator("summary").click()
    card.get_by_role("button", name="Knew it").click()
    bank.get_by_label("Marks").select_option("left")
    assert ids(bank) == QUESTIONS[1:]
    section = SECTIONS[0].path.with_suffix(".html")
    bank.goto((html / section).as_uri())
    assert bank.locator(f"#{QUESTIONS[0]}").get_attribute("data-mark") == "known"


def test_without_scripts_the_bank_is_a_plain_list(new_page, html):
    page = new_page(java_script_enabled=False)
    page.goto((html / "book/question-bank.html").as_uri())
    assert ids(page, "details.question") == QUESTIONS
    assert page.locator(".mlsheet-bank").is_hidden()
    card = page.locator("details.question").first
    card.locator("summary").click()
    assert card.locator(".answer").is_visible()


def test_pointing_at_a_section_lights_its_lines(page, html):
    page.goto((html / "book/map.html").as_uri())
    node = page.locator(".mlsheet-map a").first
    node.focus()
    number = node.get_attribute("data-number")
    lit = page.locator(".mlsheet-map path.lit").evaluate_all(
        "(all) => all.map((it) => [it.dataset.from, it.dataset.to])"
    )
    assert lit
    assert all(number in ends for ends in lit)
