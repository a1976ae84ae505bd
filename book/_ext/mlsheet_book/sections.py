"""The sections of the book, as their notebooks and their files' names tell them."""

import ast
import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from nbformat import NotebookNode

from .execute import code_cells, read_notebook

STEM = re.compile(r"(?P<number>\d+(?:-\d+)+)-(?P<name>[a-z][a-z0-9-]*)")
TITLE = re.compile(r"# (?P<number>[\d.]+) (?P<title>.+)")


@dataclass(frozen=True)
class Section:
    """One section: its notebook, and where it stands in the repository at `root`."""

    root: Path
    path: Path

    @cached_property
    def notebook(self) -> NotebookNode:
        """The notebook itself."""
        return read_notebook(self.root / self.path)

    @cached_property
    def number(self) -> str:
        """The section's number, such as 3.23.1, from its file's name."""
        match = STEM.fullmatch(self.path.stem)
        return ".".join(str(int(part)) for part in match["number"].split("-")) if match else ""

    @cached_property
    def name(self) -> str:
        """The name shared by notebook, module, test and exercise, such as k_means."""
        match = STEM.fullmatch(self.path.stem)
        return match["name"].replace("-", "_") if match else ""

    @cached_property
    def chapter(self) -> str:
        """The package of the section's chapter, such as classical_ml."""
        return self.path.parent.name.partition("-")[2].replace("-", "_")

    @cached_property
    def title(self) -> str:
        """The words of the section's heading."""
        match = TITLE.match(self.texts[0]) if self.texts else None
        return match["title"].strip() if match else ""

    @cached_property
    def texts(self) -> list[str]:
        """The Markdown cells."""
        return [cell.source for cell in self.notebook.cells if cell.cell_type == "markdown"]

    @cached_property
    def calls(self) -> list[tuple[str, str, ast.Call]]:
        """Each call of a plain name in the code: its cell, its name and itself."""
        return [
            (cell.id, node.func.id, node)
            for cell in code_cells(self.notebook)
            for node in ast.walk(ast.parse(cell.source))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        ]

    def calls_of(self, *names: str) -> list[tuple[str, ast.Call]]:
        """Return the calls of the functions `names`, each with its cell."""
        return [(cell, call) for cell, name, call in self.calls if name in names]


@cache
def find_sections(root: Path) -> list[Section]:
    """Return the sections below `root`, in the order of their numbers."""
    paths = (path.relative_to(root) for path in root.glob("book/[0-9]*/[0-9]*.ipynb"))
    sections = [Section(root, path) for path in paths]
    return sorted(sections, key=lambda section: [int(part) for part in section.number.split(".")])
