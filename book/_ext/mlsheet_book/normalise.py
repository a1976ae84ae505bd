"""Bring notebooks into the one form that the repository holds: run, with text outputs only.

    python -m mlsheet_book.normalise [--check] [notebook or folder ...]

A notebook is run in live mode, top to bottom, in a fresh kernel.  Pictures and widgets are dropped
(the book draws them anew), and with them whatever differs between two runs or two editors: so a
second run changes no byte.  ``--check`` runs nothing and names the notebooks not in this form.
"""

import argparse
import re
import sys
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from .execute import read_notebook, run_notebooks, text_of
from .rules import COMPANIONS

METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
PICTURES = frozenset(
    {
        "image/png",
        "image/jpeg",
        "image/svg+xml",
        "application/vnd.jupyter.widget-view+json",
    }
)
IMAGE_DATA = re.compile(r'src="data:image/[^"]*"')
NO_IMAGE_DATA = 'src="data:image/png;base64,"'

FOLDED = frozenset({"setup", "drawing", "explorer", "solution"})
"""The kinds whose code an editor folds, too."""


def normalise(notebook: NotebookNode) -> None:
    """Bring an executed notebook into the repository's form, in place."""
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    notebook.metadata = nbformat.from_dict(METADATA)
    count = 0
    for number, cell in enumerate(notebook.cells, start=1):
        cell.id = f"c{number:02}"
        tags = cell.metadata.get("tags", [])
        cell.metadata = NotebookNode()
        if cell.cell_type == "code":
            count += 1
            _normalise_code(cell, tags, count)


def _normalise_code(cell: NotebookNode, tags: list[str], count: int) -> None:
    kind = next((tag for tag in tags if tag in COMPANIONS), None)
    if kind in FOLDED:
        cell.metadata.jupyter = NotebookNode(source_hidden=True)
    if kind is not None:
        cell.metadata.tags = list(dict.fromkeys([kind, *COMPANIONS[kind], *tags]))
    elif tags:
        cell.metadata.tags = tags
    cell.execution_count = count
    ignored = "nbval-ignore-output" in cell.metadata.get("tags", ())
    cell.outputs = [] if ignored else _merged(cell.outputs)
    for output in cell.outputs:
        if output.output_type == "execute_result":
            output.execution_count = count
        if "data" in output:
            output.metadata = NotebookNode()
            output.data = NotebookNode(
                {mime: data for mime, data in output.data.items() if mime not in PICTURES}
            )
            if "text/html" in output.data:
                output.data["text/html"] = IMAGE_DATA.sub(NO_IMAGE_DATA, output.data["text/html"])


def _merged(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Join pieces of one stream: where a kernel cuts them is chance."""
    merged: list[NotebookNode] = []
    for output in outputs:
        last = merged[-1] if merged else None
        if last is not None and output.output_type == "stream" and output.name == last.get("name"):
            last.text += output.text
        else:
            merged.append(output)
    return merged


def is_normalised(path: Path) -> bool:
    """Whether a notebook's file is in the repository's form, as far as can be told unrun."""
    notebook = read_notebook(path)
    normalise(notebook)
    return path.read_text(encoding="utf-8") == text_of(notebook)


def find_notebooks(paths: list[Path]) -> list[Path]:
    """Return the notebooks among files and below folders, without an editor's checkpoints."""
    found = (sorted(path.rglob("*.ipynb")) if path.is_dir() else [path] for path in paths)
    return [path for group in found for path in group if ".ipynb_checkpoints" not in path.parts]


def _store(path: Path, notebook: NotebookNode, _seconds: float) -> None:
    normalise(notebook)
    path.write_text(text_of(notebook), encoding="utf-8")


def main() -> int:
    """Run the command line, and return the exit code."""
    parser = argparse.ArgumentParser(description="Run notebooks and store their text outputs.")
    parser.add_argument("paths", nargs="*", type=Path, default=[Path("book")])
    parser.add_argument("--check", action="store_true", help="run nothing, name what is not so")
    options = parser.parse_args()
    notebooks = find_notebooks(options.paths)
    if options.check:
        stray = [path for path in notebooks if not is_normalised(path)]
        for path in stray:
            print(f"{path} is not normalised: run `make notebooks`")
        return bool(stray)
    errors = run_notebooks(notebooks, in_book=False, keep=_store)
    print(*errors, sep="\n\n", file=sys.stderr)
    return bool(errors)


if __name__ == "__main__":
    sys.exit(main())
