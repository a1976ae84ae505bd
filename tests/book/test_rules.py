"""Every section keeps every rule; and every rule bites on a section that breaks it."""

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from mlsheet_book import rules
from mlsheet_book.execute import text_of
from mlsheet_book.normalise import normalise
from mlsheet_book.sections import Section, find_sections

ROOT = Path(__file__).parents[2]
SECTIONS = find_sections(ROOT)
PATH = Path("book/1-probability/1-08-kl-divergence.ipynb")
OTHER = Path("book/1-probability/1-02-other.ipynb")
MODULE = Path("mlsheet/probability/kl_divergence.py")

TITLE = "# 1.8 KL divergence\n\n> **In one minute.** What coding costs with the wrong code."
PROSE = "One word after another. " * 120
FORMULA = "$$\nD = 1 \\tag{1.8-f1}\n$$"
INTERVIEW = "\n\n".join(
    f'<details class="question" id="q-1-8-{number}"><summary><b>{level}.</b> Why?</summary>\n\n'
    "Because.\n\n</details>"
    for number, level in enumerate(("Easy", "Medium", "Hard"), start=1)
)
END = (
    "*Builds on:* 1.1 Something\n\n*Leads to:* [1.2 Other](1-02-other.ipynb)\n\n"
    "*Sources:* [A book](https://example.org)"
)
CHECK = 'check("1.8-f1", 1, 1, against="one")'
EXPLORE = (
    'explore(draw, question="Which?", answer="This.", target=Target("So", so),\n'
    '        presets={"Break it": {"a": 0}}, a=[0, 1])'
)
GRADE = 'grade("kl_divergence", kl_divergence)'


def good_section() -> NotebookNode:
    """Return the smallest notebook that keeps every rule."""

    def text(source: str) -> NotebookNode:
        return new_markdown_cell(source)

    def code(source: str, kind: str) -> NotebookNode:
        return new_code_cell(source, metadata={"tags": [kind]})

    return new_notebook(
        cells=[
            text(TITLE),
            code("import numpy as np", "setup"),
            text("## Picture\n\n" + PROSE),
            code('show(fig, alt="A curve", caption="What it shows")', "drawing"),
            text("## Definition\n\n" + FORMULA),
            text("## From scratch"),
            code("source(kl_divergence)", "source"),
            text("## Check"),
            code(CHECK, "checks"),
            text("## Play"),
            code(EXPLORE, "explorer"),
            text("## Where it breaks"),
            text(f"## Interview\n\n{INTERVIEW}\n\n**Traps**\n\n- One."),
            text("## Practice"),
            code(GRADE, "exercise"),
            code("def solution(): ...", "solution"),
            text(END),
        ]
    )


def write(root: Path, path: Path, notebook: NotebookNode) -> None:
    normalise(notebook)
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text_of(notebook))


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Return a root with a module, its test, its exercise, and another section."""
    files = (MODULE, "tests/probability/test_kl_divergence.py")
    for file in (*files, "mlsheet/notebook/practice/kl_divergence.py"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).touch()
    write(tmp_path, OTHER, new_notebook(cells=[new_markdown_cell("# 1.2 Other")]))
    return tmp_path


def problems(root: Path, rule: Callable[[Section], rules.Problems]) -> str:
    find_sections.cache_clear()
    return "\n".join(rule(Section(root, PATH)))


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.path.stem)
def test_section_keeps_rule(section: Section, rule: Callable[[Section], rules.Problems]) -> None:
    found = list(rule(section))
    assert not found, f"{section.path}: " + "; ".join(found)


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_good_section_passes(house: Path, rule: Callable[[Section], rules.Problems]) -> None:
    write(house, PATH, good_section())
    assert problems(house, rule) == ""


BROKEN = [
    (rules.headings, "# 1.8 KL", "# 1.9 KL", "must begin with"),
    (rules.headings, "**In one minute.**", "**Soon.**", "In one minute"),
    (rules.headings, "## Play", "## Games", "the headings are"),
    (rules.headings, "## Check", "## Definition", "the headings are"),
    (rules.cells, "import numpy as np", "x = 1\n" * 26, "26 lines"),
    (rules.formulas, CHECK, "pass", "no check for the formula 1.8-f1"),
    (rules.formulas, FORMULA, "", "belongs to no tagged formula"),
    (rules.formulas, "1.8-f1}", "1.9-f1}", "not of the form"),
    (rules.formulas, FORMULA, FORMULA + FORMULA, "tagged twice"),
    (rules.formulas, CHECK, CHECK + "\n" + CHECK.replace("f1", "c2"), "never says *(1.8-c2)*"),
    (rules.formulas, 'check("1.8-f1"', "check(name", "plain string"),
    (rules.figures, 'show(fig, alt="A curve", caption="What it shows")', "pass", "no figure"),
    (rules.figures, 'alt="A curve"', 'alt=" "', "non-empty alt"),
    (rules.figures, ', caption="What it shows"', "", "non-empty caption"),
    (rules.explorers, EXPLORE, "pass", "0 explorers"),
    (rules.explorers, EXPLORE, "\n".join([EXPLORE] * 4), "4 explorers"),
    (rules.explorers, 'question="Which?"', 'question=""', "non-empty question"),
    (rules.explorers, 'answer="This.", ', "", "non-empty answer"),
    (rules.explorers, '"Break it"', '"Extreme"', "Break it"),
    (rules.explorers, 'target=Target("So", so),', "", "target"),
    (rules.questions, 'id="q-1-8-2"', 'id="q-1-8-1"', "ids must be"),
    (rules.questions, 'id="q-1-8-1"', 'id="q-1-9-1"', "ids must be"),
    (rules.questions, "<b>Hard.</b>", "<b>Medium.</b>", "no question of the level"),
    (rules.questions, "<b>Hard.</b>", "<b>Fiendish.</b>", "unknown levels"),
    (rules.questions, "<b>Hard.</b> Why?</summary>", "Why?</summary>", "one line of the form"),
    (rules.questions, INTERVIEW, "", "fewer than 3"),
    (rules.questions, "**Traps**", "Traps", "no list of traps"),
    (rules.folds, "\n\n</details>", "", "not closed"),
    (rules.folds, "Because.\n\n</details>", "Because.\n</details>", "blank line"),
    (rules.portable, "## Play", "## Play\n\n```{note}\nno\n```", "```{"),
    (rules.portable, "## Play", "## Play\n\n{ref}`there`", "{ref}`"),
    (rules.portable, "## Play", "(label)=\n## Play", "(label)="),
    (rules.links, "(1-02-other.ipynb)", "(1-03-none.ipynb)", "leads nowhere"),
    (rules.links, "[1.2 Other]", "[1.3 Other]", "calls it 1.3"),
    (rules.named, "## Play", "## Play\n\nSee 1.2 other.", "link it now: 1.2 Other"),
    (rules.named, "1.1 Something", "1.2 Somehow", "link it now: 1.2 Somehow"),
    (rules.end, "*Leads to:*", "*Next:*", "three paragraphs"),
    (rules.end, "https://", "", "at least one link"),
    (rules.length, "What coding costs", "word " * 70, "more than 70"),
    (rules.length, PROSE, "", "words of prose"),
    (rules.length, PROSE, PROSE * 3, "words of prose"),
    (rules.names, GRADE, "pass", "no exercise"),
    (rules.names, GRADE, 'grade("entropy", entropy)', "must name the exercise"),
]


@pytest.mark.parametrize(("rule", "old", "new", "complaint"), BROKEN)
def test_broken_section_is_caught(
    house: Path,
    rule: Callable[[Section], rules.Problems],
    old: str,
    new: str,
    complaint: str,
) -> None:
    notebook = good_section()
    assert any(old in cell.source for cell in notebook.cells)
    for cell in notebook.cells:
        cell.source = cell.source.replace(old, new)
    write(house, PATH, notebook)
    assert complaint in problems(house, rule)


@pytest.mark.parametrize(
    ("tags", "complaint"),
    [
        (["checks", "hide-input"], "has the tags"),
        (["slow"], "has the tags"),
        (["exercise"], "no cell is tagged 'checks'"),
        ([], "no cell is tagged 'checks'"),
    ],
)
def test_wrong_tags_are_caught(house: Path, tags: list[str], complaint: str) -> None:
    notebook = good_section()
    notebook.cells[8].metadata.tags = tags
    write(house, PATH, notebook)
    assert complaint in problems(house, rules.tags)


def test_too_few_cells_and_a_late_setup_are_caught(house: Path) -> None:
    notebook = good_section()
    notebook.cells = [cell for cell in notebook.cells if "numpy" not in cell.source]
    notebook.cells = [cell for cell in notebook.cells if "solution" not in cell.source]
    write(house, PATH, notebook)
    assert problems(house, rules.cells) == (
        "5 code cells, not 6 to 12\nthe second cell must be the set-up, tagged 'setup'"
    )


@pytest.mark.parametrize("file", ["tests/probability/test_", "mlsheet/notebook/practice/"])
def test_module_without_its_companions_is_caught(house: Path, file: str) -> None:
    write(house, PATH, good_section())
    (house / f"{file}kl_divergence.py").unlink()
    assert f"{MODULE} has no {file}kl_divergence.py" in problems(house, rules.names)


def test_every_rule_is_shown_to_bite() -> None:
    assert {rule for rule, *_ in BROKEN} | {rules.tags} == set(rules.RULES)


def test_a_notebook_is_read_as_it_stands(house: Path) -> None:
    write(house, PATH, good_section())
    section = Section(house, PATH)
    assert section.number == "1.8"
    assert section.name == "kl_divergence"
    assert section.chapter == "probability"
    assert section.title == "KL divergence"
    nbformat.validate(section.notebook)
