"""The pages that gather the whole book, from a small book with two sections."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from mlsheet_book import gathered
from mlsheet_book.facts import Facts
from mlsheet_book.gathered import all_facts
from mlsheet_book.map_picture import map_svg
from mlsheet_book.reading_path import CycleError, reading_path
from mlsheet_book.sections import Section, find_sections

EXTENSIONS = Path(__file__).parents[2] / "book" / "_ext"
CONF = """
extensions = ["myst_nb", "sphinx_external_toc", "sphinx_book_theme", "sphinx.ext.mathjax",
              "mlsheet_book"]
external_toc_path = "_toc.yml"
html_theme = "sphinx_book_theme"
html_sourcelink_suffix = ""
nb_execution_mode = "off"
myst_enable_extensions = ["dollarmath"]
mathjax_path = "mathjax.js"
exclude_patterns = ["html", "jupyter_execute"]
"""
TOC = """
format: jb-book
root: book/index
chapters:
  - file: book/1-first/index
    sections:
      - file: book/1-first/1-02-early
  - file: book/2-second/index
    sections:
      - file: book/2-second/2-01-late
  - file: book/question-bank
  - file: book/sheet-vs-precise
  - file: book/formula-ledger
  - file: book/map
"""
EARLY = r"""
# 1.2 Early

> **In one minute.** It comes early, for $a$ to be.

$$
a = b
\tag{1.2-f1}
$$

$$
c = d
\tag{1.2-s1}
$$

> **Sheet vs. precise.** *wrong* (1.2-f1)
>
> **The sheet says** that $a = c$, see [2.1 Late](../2-second/2-01-late.ipynb).
>
> **Precisely,** $a = b$.
>
> **The number:** 3, not 4.

<details class="fine-print"><summary>Fine print</summary>

- (1.2-c1) Mostly $x < y$.

</details>

<details class="question" id="q-1-2-1"><summary><b>Easy.</b> Is $a = b$?</summary>

Yes, see [2.1 Late](../2-second/2-01-late.ipynb).

</details>
"""
LATE = r"""
# 2.1 Late

> **In one minute.** It comes late.

$$
e = f
\tag{2.1-f1}
$$

<details class="question" id="q-2-1-1"><summary><b>Hard.</b> Why?</summary>

Because.

</details>
"""
EARLY_END = """
*Builds on:* nothing

*Leads to:* [2.1 Late](../2-second/2-01-late.ipynb) · 2.3 Unwritten

*Sources:* [A book](https://example.org)
"""
LATE_END = """
*Builds on:* [1.2 Early](../1-first/1-02-early.ipynb) · 1.1 Unwritten

*Leads to:* nothing

*Sources:* [A book](https://example.org)
"""
CHECKS = [
    "✓ 1.2-f1  brute force: 3 numbers agree to 1e-10\n",
    "✓ 1.2-f1  a bound: x < y, 2 pairs in order\n",
    "✓ 1.2-s1  an oracle: 1 number agrees to 1e-10\n",
    "✓ 1.2-c1  a claim: 1 pair in order\n",
]


def write(root, name, text, end, checks):
    output = new_output("stream", name="stdout", text="".join(checks))
    cells = [
        new_markdown_cell(text.strip()),
        new_code_cell("check()", outputs=[output], execution_count=1),
        new_markdown_cell(end.strip()),
    ]
    path = root / "book" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    nbformat.write(new_notebook(cells=cells, metadata=metadata), path)


def write_book(root, early=EARLY, early_end=EARLY_END):
    find_sections.cache_clear()
    write(root, "1-first/index.ipynb", "# 1 First\n\n- [1.2 Early](1-02-early.ipynb): a.", "", [])
    write(root, "2-second/index.ipynb", "# 2 Second\n\n- [2.1 Late](2-01-late.ipynb): b.", "", [])
    write(root, "1-first/1-02-early.ipynb", early, early_end, CHECKS)
    late_checks = ["✓ 2.1-f1  an identity: 2 numbers agree to 1e-10\n"]
    write(root, "2-second/2-01-late.ipynb", LATE, LATE_END, late_checks)
    (root / "conf.py").write_text(CONF)
    (root / "_toc.yml").write_text(TOC)
    (root / "book" / "index.md").write_text("# A small book\n\nFor tests.\n")
    for page in gathered.PAGES:
        (root / f"{page}.md").write_text(f"# {page}\n\nWhat it is.\n")


def sphinx(root):
    return subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-b", "html", "-n", "-W", root, root / "html"],
        env=os.environ | {"PYTHONPATH": str(EXTENSIONS)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def book(tmp_path):
    write_book(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    root = tmp_path_factory.mktemp("gathered")
    write_book(root)
    done = sphinx(root)
    assert done.returncode == 0, done.stderr
    return root


def page(root, name):
    html = (root / "html" / f"{name}.html").read_text()
    return BeautifulSoup(html, "html.parser").find("article")


def words(node):
    return " ".join(node.get_text(" ").split())


def test_the_ledger_has_each_formula_with_its_status_and_its_checks(built):
    ledger = page(built, "book/formula-ledger")
    assert "4 formulas and claims in 2 sections, held by 5 checks" in words(ledger)
    assert "1 wrong, 1 fine print, 1 as on the sheet, 1 added" in words(ledger)
    rows = [
        (entry.a.text, entry.select_one(".mlsheet-chip").text, [words(li) for li in entry("li")])
        for entry in ledger.select(".mlsheet-entry")
    ]
    early = ["brute force: 3 numbers agree to 1e-10", "a bound: x < y, 2 pairs in order"]
    assert rows == [
        ("1.2-f1", "wrong", early),
        ("1.2-s1", "added", ["an oracle: 1 number agrees to 1e-10"]),
        ("1.2-c1", "fine print", ["a claim: 1 pair in order"]),
        ("2.1-f1", "as on the sheet", ["an identity: 2 numbers agree to 1e-10"]),
    ]
    assert "Mostly \\(x < y\\) ." in words(ledger)
    formulas = [math.text.strip("\\[]\n") for math in ledger.select("div.math")]
    assert formulas == ["a = b", "c = d", "e = f"]


BOX = """
> **Sheet vs. precise.** *wrong* (1.2-c7)
>
> **The sheet says** a.
>
> **Precisely,** it is
> b.
>
> **The number:** 1.
"""
REMARK = '<details class="fine-print"><summary>Fine print</summary>\n\n- (1.2-c7) c.\n\n</details>'


@pytest.mark.parametrize(
    ("text", "statement"),
    [
        ("So. It is .5, e.g. *one* *(1.2-c7)*: see. Not this.", "It is .5, e.g. *one*: see."),
        ("- One is true (1.2-c7).\n- Another.", "One is true."),
        (BOX, "It is\nb."),
        (REMARK, "c."),
    ],
)
def test_a_claim_stands_in_the_ledger_as_its_section_says_it(tmp_path, text, statement):
    check = "✓ 1.2-c7  a claim: 1 pair in order\n"
    write(tmp_path, "1-first/1-02-early.ipynb", f"# 1.2 Early\n\n{text}", EARLY_END, [check])
    find_sections.cache_clear()
    (fact,) = all_facts(tmp_path)
    assert [(formula.id, formula.statement) for formula in fact.formulas] == [("1.2-c7", statement)]


def test_a_claim_that_is_checked_but_never_made_is_an_error(tmp_path):
    check = "✓ 1.2-c7  a claim: 1 pair in order\n"
    write(tmp_path, "1-first/1-02-early.ipynb", "# 1.2 Early\n\nNothing.", EARLY_END, [check])
    find_sections.cache_clear()
    (fact,) = all_facts(tmp_path)
    with pytest.raises(ValueError, match=r"1\.2-c7 is checked, but the text never names it"):
        _ = fact.formulas


@pytest.mark.parametrize(
    ("words_before", "words_after", "pages"),
    [
        ("Is $a = b$?", "Does $a = b$?", ["book/question-bank"]),
        ("It comes early", "It is early", ["book/1-first/index", "book/index"]),
        ("3, not 4", "3, not 5", ["book/sheet-vs-precise"]),
        ("$$\na = b", "So:\n\n$$\na = b", []),
    ],
)
def test_only_pages_whose_gathered_text_changed_are_made_again(
    book, words_before, words_after, pages
):
    names = {*gathered.PAGES, "book/index", "book/1-first/index", "book/1-first/1-02-early"}
    app, env = SimpleNamespace(srcdir=book), SimpleNamespace(found_docs=names)
    first = gathered.outdated(app, env, set(), set(), set())
    assert first == sorted(names - {"book/1-first/1-02-early"})
    assert gathered.outdated(app, env, set(), set(), set()) == []
    write_book(book, early=EARLY.replace(words_before, words_after))
    assert gathered.outdated(app, env, set(), set(), set()) == pages


def test_every_link_to_a_formula_leads_to_its_anchor(built):
    links = page(built, "book/formula-ledger").select("a.mlsheet-id")
    assert len(links) == 4
    for link in links:
        name, _, anchor = link["href"].partition("#")
        assert page(built, f"book/{name.removesuffix('.html')}").find(id=anchor), link


def test_errata_are_boxes_and_lines_of_fine_print(built):
    errata = page(built, "book/sheet-vs-precise")
    assert "1 wrong, 1 fine print." in words(errata)
    (box,) = errata.select(".mlsheet-versus")
    assert box.select_one(".number").text.split()[-3:] == ["3,", "not", "4."]
    assert box.select_one(".says a")["href"] == "2-second/2-01-late.html"
    (line,) = errata.select("li:has(.mlsheet-id)")
    assert words(line).startswith("1.2-c1 Mostly")
    assert "2.1 Late" not in [words(heading) for heading in errata("h3")]


def test_the_question_bank_has_every_question_with_its_answer(built):
    bank = page(built, "book/question-bank")
    cards = bank.select("details.question")
    assert [card["id"] for card in cards] == ["q-1-2-1", "q-2-1-1"]
    assert [words(card.select_one(".mlsheet-level")) for card in cards] == ["Easy", "Hard"]
    assert cards[0].select_one(".answer a")["href"] == "2-second/2-01-late.html"
    assert "2 questions : 1 easy, 0 medium, 1 hard" in words(bank)


def test_the_map_says_the_same_in_lines_and_in_words(built):
    drawn = page(built, "book/map")
    steps = {(p["data-from"], p["data-to"]) for p in drawn.select("svg path")}
    assert steps == {("1.2", "2.1"), ("1.1", "2.1"), ("1.2", "2.3")}
    links = {a["data-number"]: a["href"] for a in drawn.select("svg a")}
    assert links == {"1.2": "1-first/1-02-early.html", "2.1": "2-second/2-01-late.html"}
    unwritten = [mark.find("text").text for mark in drawn.select("svg .unwritten")]
    assert unwritten == ["1.1", "2.3"]
    path = [words(item) for item in drawn.select("ol li")]
    assert path == [
        "1.2 Early builds on nothing; leads to 2.1 Late , 2.3 Unwritten.",
        "2.1 Late builds on 1.2 Early , 1.1 Unwritten; leads to nothing.",
    ]


def test_a_chapters_cards_hold_what_its_sections_say_in_a_minute(built):
    (card,) = page(built, "book/1-first/index").select(".mlsheet-cards > li")
    assert words(card.details) == r"In one minute It comes early, for \(a\) to be."


def test_a_change_in_a_section_reaches_the_gathered_pages(tmp_path):
    write_book(tmp_path)
    assert sphinx(tmp_path).returncode == 0
    write_book(tmp_path, EARLY.replace("a = b\n", "a = g\n").replace("early, for", "soon, for"))
    assert sphinx(tmp_path).returncode == 0
    assert "a = g" in page(tmp_path, "book/formula-ledger").text
    assert "It comes soon" in page(tmp_path, "book/1-first/index").text


def test_a_circle_fails_the_build_and_is_named(tmp_path):
    circle = EARLY_END.replace("nothing", "[2.1 Late](../2-second/2-01-late.ipynb)", 1)
    write_book(tmp_path, early_end=circle)
    done = sphinx(tmp_path)
    assert done.returncode != 0
    assert "sections build on each other in a circle: 1.2 → 2.1 → 1.2" in done.stderr


def test_a_dead_link_fails_the_build_and_is_named(tmp_path):
    dead = EARLY_END.replace("2-01-late.ipynb", "2-01-lost.ipynb")
    write_book(tmp_path, early_end=dead)
    done = sphinx(tmp_path)
    assert done.returncode != 0
    assert "1-02-early.ipynb: the link to ../2-second/2-01-lost.ipynb leads nowhere" in done.stderr


def test_a_section_of_no_chapter_fails_the_build_and_is_named(tmp_path):
    write_book(tmp_path, early_end=EARLY_END.replace("2.3 Unwritten", "7.3 Unwritten"))
    done = sphinx(tmp_path)
    assert done.returncode != 0
    assert "1-02-early.ipynb: there is no chapter for 7.3 Unwritten" in done.stderr


def test_facts_of_a_section(book):
    facts = Facts(Section(book, Path("book/1-first/1-02-early.ipynb")))
    assert facts.name == "1.2 Early"
    assert facts.minute == "It comes early, for $a$ to be."
    assert facts.builds_on == ()
    assert facts.leads_to == ("2.1 Late", "2.3 Unwritten")
    assert "](2-second/2-01-late.ipynb)" in facts.text


@pytest.mark.parametrize(
    ("builds_on", "path"),
    [
        ({}, []),
        ({"1.2": [], "1.10": [], "1.1": []}, ["1.1", "1.2", "1.10"]),
        ({"1.1": ["2.1"], "1.2": [], "2.1": ["1.2"]}, ["1.2", "2.1", "1.1"]),
        ({"1.1": ["4.9"], "1.2": ["1.1"]}, ["1.1", "1.2"]),
    ],
)
def test_the_reading_path_is_the_sheets_order_where_it_may(builds_on, path):
    assert reading_path(builds_on) == path


def test_a_longer_circle_is_named_without_what_leads_to_it():
    circle = {"1.1": ["1.2"], "1.2": ["1.3"], "1.3": ["1.4"], "1.4": ["1.2"], "2.1": []}
    with pytest.raises(CycleError, match=r"circle: 1\.2 → 1\.3 → 1\.4 → 1\.2$"):
        reading_path(circle)


def test_no_two_sections_of_the_map_lie_on_each_other():
    titles = {f"{chapter}.{number}": "x" for chapter in (1, 2, 5) for number in range(1, 40)}
    svg = BeautifulSoup(map_svg(titles, {}, [], {n: n for n in "12345"}), "html.parser")
    places = [(rect["x"], rect["y"]) for rect in svg("rect")]
    assert len(set(places)) == len(places) == len(titles)
