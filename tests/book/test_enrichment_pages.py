"""A small book with every portable form, built by Sphinx, and what its pages hold."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

EXTENSIONS = Path(__file__).parents[2] / "book" / "_ext"

CONF = """
extensions = ["myst_nb", "sphinx_external_toc", "sphinx_book_theme", "sphinx.ext.mathjax",
              "mlsheet_book"]
external_toc_path = "_toc.yml"
html_theme = "sphinx_book_theme"
html_title = "A small book"
html_sourcelink_suffix = ""
nb_execution_mode = "off"
myst_enable_extensions = ["dollarmath"]
mathjax_path = "mathjax.js"
"""
TOC = """
format: jb-book
root: book/index
chapters:
  - file: book/1-first/index
    sections:
      - file: book/1-first/1-01-forms
      - file: book/1-first/1-02-other
"""
LANDING = """
# A small book

What it is for.

- [1 First](1-first/index.ipynb): the beginning.

An ordinary list:

- one
- two
"""
OPENING = "# 1.1 Forms\n\n> **In one minute.** A form is a shape of words."
DEFINITION = r"""
## Definition

$$
a = b
\tag{1.1-f1}
$$

## Interview

<details class="question" id="q-1-1-1"><summary><b>Easy.</b> Is $a = b$?</summary>

Yes, by (1.1-f1).

</details>

**Traps**

- None.
"""
ENDING = """
*Builds on:* [1 First](index.ipynb) · 1.9 Nothing at All

*Leads to:* [1.2 Other](1-02-other.ipynb) · 1.3 More

*Sources:* [A book, eq. 3](https://example.org/book)
"""
OTHER = """
# 1.2 Other

<details class="question" id="q-1-2-1"><summary><b>Hard.</b> Why?</summary>

Because.

</details>
"""
FIGURE = '<figure class="mlsheet-figure"><svg></svg><figcaption>A line.</figcaption></figure>'
SOURCE = (
    '<div class="mlsheet-source"><a class="mlsheet-module" data-module="mlsheet.numerics" '
    'href="../../mlsheet/numerics.py">mlsheet/numerics.py</a></div>'
)


def code(source, *tags, stdout=None, html=None):
    outputs = []
    if stdout:
        outputs = [new_output("stream", name="stdout", text=text) for text in stdout]
    if html:
        outputs = [new_output("display_data", data={"text/html": html, "text/plain": "text"})]
    metadata = {"tags": list(tags)}
    return new_code_cell(source, metadata=metadata, outputs=outputs, execution_count=1)


FORMS = [
    new_markdown_cell(OPENING),
    code("import numpy", "setup", "hide-input"),
    new_markdown_cell("## Picture\n\nA line."),
    code("def draw(): ...", "drawing", "hide-input"),
    code("show(draw())", "drawing", "hide-input", html=FIGURE),
    code("source(f)", "source", "remove-input", html=SOURCE),
    new_markdown_cell(DEFINITION),
    code(
        "check(...)",
        "checks",
        stdout=["✓ 1.1-f1  brute force: 3 numbers agree to 1e-10\n", "✓ 1.1-s9  all 4 cases\n"],
    ),
    code("print(1)", stdout=["✓ looks like a check\n1\n"]),
    code("grade('f', my_f)", "exercise", stdout=["○ f: not attempted yet\n"]),
    code("grade('f', f)", "solution", "hide-cell", stdout=["✓ f: 6 properties hold\n"]),
    new_markdown_cell(ENDING),
]


def write(path, cells):
    path.parent.mkdir(parents=True, exist_ok=True)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    nbformat.write(new_notebook(cells=cells, metadata=metadata), path)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    root = tmp_path_factory.mktemp("small")
    (root / "conf.py").write_text(CONF)
    (root / "_toc.yml").write_text(TOC)
    chapter = root / "book" / "1-first"
    write(chapter / "index.ipynb", [new_markdown_cell("# 1 First")])
    write(chapter / "1-01-forms.ipynb", FORMS)
    write(chapter / "1-02-other.ipynb", [new_markdown_cell(OTHER)])
    (root / "book" / "index.md").write_text(LANDING)
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", "-n", "-W", "--keep-going"]
    environment = os.environ | {"PYTHONPATH": str(EXTENSIONS)}
    done = subprocess.run(
        [*command, root, root / "html"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return root / "html"


def soup(path):
    return BeautifulSoup(path.read_text(), "html.parser").find("article") or pytest.fail(path)


@pytest.fixture(scope="module")
def page(built):
    return soup(built / "book" / "1-first" / "1-01-forms.html")


def words(node):
    return " ".join(node.get_text(" ").split())


def test_the_title_is_followed_by_chips_and_the_first_card(page):
    title = page.h1
    assert title.select_one(".mlsheet-number").text == "1.1"
    chips = title.find_next_sibling()
    assert "mlsheet-chips" in chips["class"]
    chapter, minutes, first, second = chips.select(".mlsheet-chip")
    assert chapter.a["href"] == "index.html"
    assert words(chapter) == "1 First"
    assert words(minutes) == "1 min"
    assert first.a["href"] == "index.html"
    assert words(second) == "1.9 Nothing at All" and second.a is None
    assert "mlsheet-minute" in chips.find_next_sibling()["class"]


def test_the_end_has_chips_sources_and_the_notebook_itself(page, built):
    end = page.select_one(".mlsheet-end")
    linked, planned = end.select(".mlsheet-chip")
    assert linked.a["href"] == "1-02-other.html"
    assert words(planned) == "1.3 More"
    assert end.select_one(".sources a")["href"] == "https://example.org/book"
    download = built / "book" / "1-first" / end.select_one(".own a")["href"]
    assert json.loads(download.read_text())["cells"][0]["source"]
    assert "Builds on:" not in words(page)


def test_a_formula_a_check_and_a_mention_meet_at_one_anchor(page):
    formula = page.find(id="1.1-f1")
    assert formula.select_one("div.math")
    assert formula.a["href"] == "#1.1-f1"
    assert page.select_one(".answer a")["href"] == "#1.1-f1"
    assert page.select_one(".mlsheet-checks a")["href"] == "#1.1-f1"


def test_checks_are_a_compact_list_above_their_code(page):
    cell = page.select_one(".tag_checks")
    first, second = cell.select(".mlsheet-checks li")
    assert words(first) == "✓ 1.1-f1 brute force: 3 numbers agree to 1e-10"
    assert words(second) == "✓ 1.1-s9 all 4 cases"
    assert second.a is None
    assert cell.select_one(".cell_output").find_next_sibling("details")


def test_other_output_stays_output(page):
    assert words(page.select_one(".output.stream")) == "✓ looks like a check 1"


def test_code_that_is_not_for_reading_is_folded(page):
    assert words(page.select_one(".tag_setup details summary")) == "Set-up"
    (drawing,) = page.select(".tag_drawing")
    assert [words(code) for code in drawing.select(".cell_input")] == [
        "def draw (): ...",
        "show ( draw ())",
    ]
    assert drawing.figure.find_parent("details") is None
    assert drawing.select_one("details.code .cell_input")
    assert page.select_one(".tag_source .cell_input") is None


def test_an_exercise_sends_to_the_notebook_and_folds_its_solution(page):
    exercise = page.select_one(".tag_exercise")
    assert exercise.select_one(".mlsheet-hint a")["href"].endswith("1-01-forms.ipynb")
    assert "open" in exercise.select_one(".mlsheet-grade")["class"]
    solution = page.select_one(".tag_solution details")
    assert words(solution.summary) == "A solution"
    assert solution.select_one(".cell_input") and solution.select_one(".mlsheet-grade.passed")


def test_a_question_ends_its_section_with_what_is_left(page):
    left = page.select_one(".mlsheet-left")
    assert left["data-chapter"] == "1-first" and left.has_attr("hidden")
    assert left.find_parent("section")["id"] == "interview"


def test_every_page_knows_the_questions_of_each_chapter(built):
    script = (built / "_static" / "mlsheet-questions.js").read_text()
    questions = json.loads(script.partition("=")[2].rstrip(";\n "))
    assert questions["1-first"] == ["q-1-1-1", "q-1-2-1"]


def test_search_knows_the_first_words_of_each_section(built):
    script = (built / "_static" / "mlsheet-minutes.js").read_text()
    minutes = json.loads(script.partition("=")[2].rstrip(";\n "))
    assert minutes["book/1-first/1-01-forms"] == "A form is a shape of words."
    assert minutes["book/index"] == "What it is for."
    assert "mlsheet-minutes.js" in (built / "search.html").read_text()


def test_a_module_has_a_page_with_its_numbered_source(page, built):
    link = page.select_one("a.mlsheet-module")
    assert link["href"] == "../../code/mlsheet.numerics.html"
    code_page = soup(built / "code" / "mlsheet.numerics.html")
    assert words(code_page.h1) == "mlsheet.numerics"
    assert code_page.select_one(".linenos")
    assert code_page.select_one(".mlsheet-chip a")["href"] == "../book/1-first/1-01-forms.html"


def test_the_landing_page_sets_lists_of_links_as_cards(built):
    landing = soup(built / "book" / "index.html")
    assert "mlsheet-landing" in landing.section["class"]
    (cards,) = landing.select(".mlsheet-cards")
    assert cards.a["href"] == "1-first/index.html"
    assert words(cards) == "1 First The beginning."


def test_the_look_and_the_explorers_files_are_there_and_nothing_is_asked_of_another_host(built):
    for name in ("mlsheet.css", "mlsheet-palette.css", "mlsheet.js", "explorer.js", "explorer.css"):
        assert (built / "_static" / name).stat().st_size
    html = BeautifulSoup((built / "book" / "index.html").read_text(), "html.parser")
    assets = [tag.get("src") or "" for tag in html("script")]
    assets += [tag["href"] for tag in html("link")]
    assert not [address for address in assets if address.startswith(("http", "//"))]
