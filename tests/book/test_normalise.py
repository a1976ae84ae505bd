"""The normaliser: what it drops, what it keeps, and that a second run changes nothing."""

from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from mlsheet_book import normalise as module
from mlsheet_book.execute import read_notebook, text_of
from mlsheet_book.normalise import is_normalised, main, normalise

PICTURE = "iVBORw0KGgo="


def shown(**data: str) -> NotebookNode:
    """Return an output with the MIME types `data`, their slash written as two underscores."""
    bundle = {name.replace("__", "/"): value for name, value in data.items()}
    return new_output("display_data", data=bundle, metadata={"needs": "dropping"})


def stream(text: str) -> NotebookNode:
    return new_output("stream", name="stdout", text=text)


def normalised(*cells: NotebookNode) -> NotebookNode:
    notebook = new_notebook(cells=[*cells], metadata={"widgets": {}, "vscode": 1})
    normalise(notebook)
    return notebook


def test_pictures_go_and_text_stays() -> None:
    notebook = normalised(
        new_code_cell(
            outputs=[
                shown(text__plain="Figure: it", image__png=PICTURE),
                shown(text__html=f'<img alt="it" src="data:image/png;base64,{PICTURE}">'),
            ]
        )
    )
    first, second = notebook.cells[0].outputs
    assert first.data == {"text/plain": "Figure: it"}
    assert second.data == {"text/html": '<img alt="it" src="data:image/png;base64,">'}
    assert first.metadata == second.metadata == {}


def test_pieces_of_a_stream_are_joined() -> None:
    notebook = normalised(new_code_cell(outputs=[stream("a\n"), stream("b\n")]))
    assert [output.text for output in notebook.cells[0].outputs] == ["a\nb\n"]


def test_ids_counts_and_metadata_follow_from_the_position() -> None:
    notebook = normalised(
        new_markdown_cell("# A", id="x", metadata={"editable": True}),
        new_code_cell("1", id="y", execution_count=7, metadata={"collapsed": True}),
        new_code_cell("2", id="z"),
    )
    assert [cell.id for cell in notebook.cells] == ["c01", "c02", "c03"]
    assert [cell.get("execution_count") for cell in notebook.cells] == [None, 1, 2]
    assert [cell.metadata for cell in notebook.cells] == [{}, {}, {}]
    assert notebook.metadata == module.METADATA


@pytest.mark.parametrize(
    ("tags", "expected", "folded"),
    [
        (["setup"], ["setup", "hide-input"], True),
        (["hide-cell", "solution"], ["solution", "hide-cell"], True),
        (["checks"], ["checks"], False),
        (["unheard"], ["unheard"], False),
    ],
)
def test_tags_bring_their_companions(tags: list[str], expected: list[str], folded: bool) -> None:
    metadata = normalised(new_code_cell("1", metadata={"tags": tags})).cells[0].metadata
    assert metadata.tags == expected
    assert metadata.get("jupyter", {}) == ({"source_hidden": True} if folded else {})


def test_a_cell_that_shows_source_is_stored_without_it() -> None:
    cell = new_code_cell("source(f)", metadata={"tags": ["source"]}, outputs=[stream("def f")])
    assert normalised(cell).cells[0].outputs == []


@pytest.fixture
def notebook_file(tmp_path: Path) -> Path:
    """Return a notebook that was never run."""
    path = tmp_path / "n.ipynb"
    cells = [
        new_code_cell("import os\nprint('one')\nprint(os.environ['MLSHEET_BOOK'])"),
        new_code_cell("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"),
    ]
    path.write_text(text_of(new_notebook(cells=cells)))
    return path


def test_run_is_live_and_a_second_run_changes_no_byte(
    notebook_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["normalise", str(notebook_file)])
    monkeypatch.setenv("MLSHEET_BOOK", "1")
    assert main() == 0
    first = notebook_file.read_bytes()
    assert main() == 0
    assert notebook_file.read_bytes() == first
    printed, figure = (cell.outputs[0] for cell in read_notebook(notebook_file).cells)
    assert printed.text == "one\n0\n"
    assert list(figure.data) == ["text/plain"]
    assert is_normalised(notebook_file)
    monkeypatch.setattr("sys.argv", ["normalise", "--check", str(notebook_file)])
    assert main() == 0


def test_check_names_what_is_not_normalised(
    notebook_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = notebook_file.read_bytes()
    monkeypatch.setattr("sys.argv", ["normalise", "--check", str(notebook_file.parent)])
    assert main() == 1
    assert f"{notebook_file} is not normalised" in capsys.readouterr().out
    assert notebook_file.read_bytes() == before


def test_failure_names_notebook_cell_and_error_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "broken.ipynb"
    path.write_text(
        text_of(new_notebook(cells=[new_code_cell("raise ValueError('1.8-f1')", id="q")]))
    )
    before = path.read_bytes()
    monkeypatch.setattr("sys.argv", ["normalise", str(path)])
    assert main() == 1
    errors = capsys.readouterr().err
    assert f"{path}, cell q" in errors
    assert "ValueError: 1.8-f1" in errors
    assert path.read_bytes() == before
