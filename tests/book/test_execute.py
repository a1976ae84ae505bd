"""Which notebooks are run for the book: those whose code or whose ground changed, no others."""

from collections.abc import Callable
from pathlib import Path

import pytest
from jupyter_cache import get_cache
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from mlsheet_book import execute
from mlsheet_book.execute import Ground, NotebookError, execute_stale, text_of

PACKAGE = {
    "__init__.py": "",
    "low.py": "VALUE = 1",
    "middle.py": "def f():\n    from toy.low import VALUE\n    return VALUE",
    "apart.py": "VALUE = 2",
    "notebook/__init__.py": "from toy.notebook.tool import tool",
    "notebook/tool.py": "tool = 1",
    "notebook/style.mplstyle": "lines.linewidth: 2",
    "notebook/practice/__init__.py": "",
    "notebook/practice/middle.py": "from toy.apart import VALUE",
}
SHOW_MODE = (
    "import os\nprint('mode', os.environ['MLSHEET_BOOK'], os.environ['MPLBACKEND'] == 'agg')"
)


def notebook(*sources: str) -> NotebookNode:
    cells = [new_code_cell(source, id=f"c{i}") for i, source in enumerate(sources, start=2)]
    return new_notebook(cells=[new_markdown_cell("# A title", id="c1"), *cells])


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the root of a small book: two notebooks on a toy package, and a page without code."""
    for name, text in PACKAGE.items():
        (tmp_path / "toy" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "toy" / name).write_text(text)
    (tmp_path / "requirements.txt").write_text("numpy==2.4.6")
    files = "\n".join(f"  - file: {name}" for name in ("one", "two", "plain"))
    (tmp_path / "_toc.yml").write_text(f"format: jb-book\nroot: index\nchapters:\n{files}\n")
    (tmp_path / "index.md").write_text("# A book")
    write(tmp_path, "one", "from toy.middle import f", SHOW_MODE)
    write(tmp_path, "two", "from toy import apart", "print(apart.VALUE)")
    write(tmp_path, "plain")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.setattr(execute, "PACKAGE", "toy")
    return tmp_path


def write(root: Path, name: str, *sources: str) -> None:
    (root / f"{name}.ipynb").write_text(text_of(notebook(*sources)))


def modules(root: Path, *sources: str) -> set[str]:
    return Ground(root).modules(Path("a.ipynb"), notebook(*sources))


@pytest.fixture
def run(book: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """Return a function that brings the book up to date and returns which notebooks it ran."""
    ran: list[str] = []

    async def note(path: Path, found: NotebookNode, *, in_book: bool) -> None:
        ran.append(path.stem)
        assert in_book

    monkeypatch.setattr(execute, "run_notebook", note)

    def bring_up_to_date() -> list[str]:
        ran.clear()
        execute._digest.cache_clear()
        assert execute_stale(book) == []
        return sorted(ran)

    return bring_up_to_date


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import numpy", set()),
        ("import toy.low", {"toy", "toy.low"}),
        ("from toy import low", {"toy", "toy.low"}),
        ("from toy.middle import f", {"toy", "toy.low", "toy.middle"}),
        ("from toy.notebook import tool", {"toy", "toy.notebook", "toy.notebook.tool"}),
        (
            "grade('middle', f)",
            {"toy", "toy.notebook", "toy.notebook.tool", "toy.notebook.practice", "toy.apart"}
            | {"toy.notebook.practice.middle"},
        ),
    ],
)
def test_a_notebook_stands_on_what_it_imports_transitively(
    book: Path, source: str, expected: set[str]
) -> None:
    assert modules(book, source) == expected


def test_a_cell_that_is_no_python_is_named(book: Path) -> None:
    with pytest.raises(NotebookError, match=r"a\.ipynb, cell c2: .*line 1"):
        modules(book, "x = = 1")


def test_nothing_is_run_twice(run: Callable[[], list[str]]) -> None:
    assert run() == ["one", "plain", "two"]
    assert run() == []


@pytest.mark.parametrize(
    ("file", "stale"),
    [
        ("toy/low.py", ["one"]),
        ("toy/middle.py", ["one"]),
        ("toy/apart.py", ["two"]),
        ("toy/__init__.py", ["one", "two"]),
        ("toy/notebook/style.mplstyle", []),
        ("requirements.txt", ["one", "plain", "two"]),
    ],
)
def test_an_edit_makes_stale_what_stands_on_it(
    book: Path, run: Callable[[], list[str]], file: str, stale: list[str]
) -> None:
    run()
    (book / file).write_text((book / file).read_text() + "\n# edited\n")
    assert run() == stale


def test_data_files_are_ground_too(book: Path, run: Callable[[], list[str]]) -> None:
    write(book, "one", "from toy.notebook import tool")
    run()
    (book / "toy/notebook/style.mplstyle").write_text("lines.linewidth: 3")
    assert run() == ["one"]


def test_prose_leaves_outputs_alone_but_code_and_tags_do_not(
    book: Path, run: Callable[[], list[str]]
) -> None:
    run()
    edited = notebook("from toy import apart", "print(apart.VALUE)")
    edited.cells[0].source = "# Another title"
    (book / "two.ipynb").write_text(text_of(edited))
    assert run() == []
    edited.cells[1].metadata.tags = ["setup"]
    (book / "two.ipynb").write_text(text_of(edited))
    assert run() == ["two"]
    write(book, "two", "print(3)")
    assert run() == ["two"]


def test_old_records_are_dropped(book: Path, run: Callable[[], list[str]]) -> None:
    run()
    write(book, "two", "print(3)")
    run()
    records = get_cache(book / "_build" / ".jupyter_cache").list_cache_records()
    assert sorted(Path(record.uri).stem for record in records) == ["one", "plain", "two"]


def test_a_page_is_read_again_exactly_when_its_notebook_was_run(
    book: Path, run: Callable[[], list[str]]
) -> None:
    run()
    doctrees = [book / "_build/.doctrees" / f"{name}.doctree" for name in ("one", "two")]
    doctrees[0].parent.mkdir(parents=True)
    for doctree in doctrees:
        doctree.touch()
    (book / "toy/low.py").write_text("VALUE = 3")
    run()
    assert [doctree.exists() for doctree in doctrees] == [False, True]


def test_outputs_are_those_of_the_book_and_failures_are_named(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(book, "two", "1", "assert False, '1.8-f1 does not hold'")
    (error,) = execute_stale(book)
    assert str(error).startswith(f"{book / 'two.ipynb'}, cell c3: ")
    assert "AssertionError: 1.8-f1 does not hold" in str(error)
    records = get_cache(book / "_build" / ".jupyter_cache")
    _, merged = records.merge_match_into_notebook(execute.read_notebook(book / "one.ipynb"))
    assert merged.cells[2].outputs[0].text == "mode 1 False\n"
    (again,) = execute_stale(book)
    assert str(again) == str(error)
    assert "[1/1]" in capsys.readouterr().out
