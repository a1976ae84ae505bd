"""The build of a small book: pages follow their outputs, and a failed build stays failed."""

from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from mlsheet_book import execute
from mlsheet_book.build import build
from mlsheet_book.execute import text_of

ROOT = Path(__file__).parents[2]
CONTENTS = "format: jb-book\nroot: book/index\nchapters:\n"


def write(path: Path, *cells: str) -> None:
    first, *others = cells
    code = [new_code_cell(source, id=f"c{i}") for i, source in enumerate(others, start=2)]
    notebook = new_notebook(cells=[new_markdown_cell(first, id="c1"), *code])
    path.write_text(text_of(notebook))


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the root of a book of two pages, one of which stands on a module."""
    (tmp_path / "book").mkdir()
    for name in ("_config.yml", "requirements.txt", "book/_ext", "book/_static"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "toy").mkdir()
    (tmp_path / "toy/__init__.py").write_text("VALUE = 'before'")
    (tmp_path / "book/index.md").write_text("# A book")
    (tmp_path / "_toc.yml").write_text(CONTENTS + "- file: book/one\n- file: book/two\n")
    write(tmp_path / "book/one.ipynb", "# One", "import toy", "print('It is', toy.VALUE)")
    write(tmp_path / "book/two.ipynb", "# Two")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{ROOT / 'book/_ext'}")
    monkeypatch.setattr(execute, "PACKAGE", "toy")
    return tmp_path


def test_pages_follow_what_they_stand_on(book: Path, capfd: pytest.CaptureFixture[str]) -> None:
    def run() -> int:
        execute._digest.cache_clear()
        return build(book)

    one, two = (book / f"_build/html/book/{name}.html" for name in ("one", "two"))
    assert run() == 0
    assert "It is before" in one.read_text()
    assert "Open _build/html/index.html" in capfd.readouterr().out

    written = two.stat().st_mtime_ns
    (book / "toy/__init__.py").write_text("VALUE = 'after'")
    assert run() == 0
    assert "It is after" in one.read_text()
    assert two.stat().st_mtime_ns == written

    write(book / "book/two.ipynb", "# Two\n\n[nowhere](none.ipynb)")
    assert run() == 1
    assert "none.ipynb" in capfd.readouterr().err
    assert run() == 1

    (book / "_toc.yml").write_text(CONTENTS + "- file: book/one\n")
    assert run() == 0
    assert not two.exists()


def test_a_notebook_that_raises_fails_the_build(
    book: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    write(book / "book/two.ipynb", "# Two", "raise ValueError('1.8-f1')")
    assert build(book) == 1
    errors = capfd.readouterr().err
    assert "two.ipynb, cell c2" in errors
    assert "ValueError: 1.8-f1" in errors
    assert not (book / "_build/html").exists()
