"""How long each notebook runs beyond the start of its kernel, in live mode and for the book.

``python tests/benchmarks/notebooks.py`` prints a table.
"""

import asyncio
import time
from pathlib import Path
from statistics import median

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from mlsheet_book.execute import read_notebook, run_notebook
from mlsheet_book.sections import find_sections

ROOT = Path(__file__).parents[2]
STARTS = 3


def seconds(path: Path, notebook: NotebookNode, *, in_book: bool) -> float:
    """Return how long a notebook takes from kernel start to its end."""
    start = time.perf_counter()
    asyncio.run(run_notebook(path, notebook, in_book=in_book))
    return time.perf_counter() - start


def main() -> None:
    """Print the table."""
    empty = ROOT / "book" / "empty.ipynb"
    nothing = new_notebook(cells=[new_code_cell("pass")])
    starts = [seconds(empty, nothing, in_book=True) for _ in range(STARTS)]
    print(f"{'notebook':48}{'live s':>8}{'book s':>8}")
    print(f"{f'(kernel start, median of {STARTS})':48}{median(starts):8.1f}{median(starts):8.1f}")
    for section in find_sections(ROOT):
        live, book = (
            seconds(ROOT / section.path, read_notebook(ROOT / section.path), in_book=in_book)
            - median(starts)
            for in_book in (False, True)
        )
        print(f"{section.path.stem:48}{live:8.1f}{book:8.1f}", flush=True)


if __name__ == "__main__":
    main()
