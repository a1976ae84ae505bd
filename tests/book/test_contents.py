"""The table of contents and the links that follow from the notebooks."""

from pathlib import Path

import yaml
from nbformat.v4 import new_markdown_cell, new_notebook

from mlsheet_book.contents import children, linked, main
from mlsheet_book.execute import text_of
from mlsheet_book.sections import Section, find_sections

RULES = Path("book/1-probability/1-12-probability-rules.ipynb")
SETS = Path("book/1-probability/1-12-2-set-rules.ipynb")
NETS = Path("book/4-deep-learning/4-01-neural-nets.ipynb")


def house(root: Path) -> Path:
    """Write three notebooks and two indexes."""
    texts = {
        RULES: "# 1.12 Rules\n\nSee 1.12.2 Set Rules.",
        SETS: "# 1.12.2 Set Rules\n\n*Leads to:* 4.1 Neural Nets \u00b7 4.10 Neural Nets",
        NETS: "# 4.1 Neural Nets\n\nNot 4.1 Neural Nets, not 1.2 Set Rules.",
        RULES.with_name("index.ipynb"): "# 1 Probability",
        NETS.with_name("index.ipynb"): "# 4 Deep Learning",
    }
    for path, text in texts.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text_of(new_notebook(cells=[new_markdown_cell(text)])))
    (root / "_toc.yml").write_text("")
    return root


def body(root: Path, path: Path) -> str:
    return "\n".join(Section(root, path).texts).partition("\n\n")[2]


def test_contents_nest_a_section_below_its_parent() -> None:
    stems = ("3-22-a", "3-23-b", "3-23-1-c", "3-23-2-d", "3-24-1-e")
    sections = [Section(Path(), Path("x", f"{stem}.ipynb")) for stem in stems]
    assert children(sections) == {
        "sections": [
            {"file": "x/3-22-a"},
            {"file": "x/3-23-b", "sections": [{"file": "x/3-23-1-c"}, {"file": "x/3-23-2-d"}]},
            {"file": "x/3-24-1-e"},
        ]
    }


def test_main_writes_contents_and_links_and_then_has_nothing_to_do(tmp_path, capsys) -> None:
    root = house(tmp_path)
    main(root)
    assert capsys.readouterr().out.splitlines() == [
        "written: _toc.yml",
        f"linked: {RULES}",
        f"linked: {SETS}",
    ]
    first, fourth = yaml.safe_load((root / "_toc.yml").read_text())["parts"][0]["chapters"]
    assert first["sections"] == [
        {
            "file": RULES.with_suffix("").as_posix(),
            "sections": [{"file": SETS.with_suffix("").as_posix()}],
        }
    ]
    assert fourth["file"] == "book/4-deep-learning/index"
    assert body(root, RULES) == "See [1.12.2 Set Rules](1-12-2-set-rules.ipynb)."
    link = "[4.1 Neural Nets](../4-deep-learning/4-01-neural-nets.ipynb)"
    assert body(root, SETS) == f"*Leads to:* {link} \u00b7 4.10 Neural Nets"
    assert body(root, NETS) == "Not 4.1 Neural Nets, not 1.2 Set Rules."
    find_sections.cache_clear()
    main(root)
    assert capsys.readouterr().out == ""


def test_what_is_a_link_stays_as_it_is(tmp_path) -> None:
    rules, sets, _ = find_sections(house(tmp_path))
    text = "[1.12.2 Set Rules](1-12-2-set-rules.ipynb#a) and [the 1.12.2 set rules](https://x.y)"
    assert linked(text, rules, [sets]) == text
    assert linked("11.12.2 Set Rules, 1.12.2 Set Rulesets", rules, [sets]).count("[") == 0
