"""Keep in step with the notebooks what follows from them: the table of contents, and links.

    python -m mlsheet_book.contents

A new section is entered in ``_toc.yml`` at its place, and wherever another section names it in
plain text, that name becomes a link.
"""

import posixpath
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from .execute import text_of
from .gathered import PAGES
from .rules import LINK
from .sections import Section, find_sections

Entry = dict[str, Any]


def contents(root: Path) -> Entry:
    """Return what ``_toc.yml`` of the repository at `root` must hold."""
    sections = find_sections(root)
    indexes = sorted(path.relative_to(root) for path in root.glob("book/[0-9]*/index.ipynb"))
    chapters = [
        {"file": _document(index)} | children(s for s in sections if s.path.parent == index.parent)
        for index in indexes
    ]
    whole: list[Entry] = [{"file": page} for page in PAGES]
    return {
        "format": "jb-book",
        "root": "book/index",
        "parts": [
            {"caption": "Chapters", "chapters": chapters},
            {"caption": "The whole book", "chapters": whole},
        ],
    }


def children(sections: Iterable[Section]) -> Entry:
    """Nest sections below their parents, as 3.23.1 is below 3.23, where the parent exists."""
    top: list[Entry] = []
    placed: dict[str, Entry] = {}
    for section in sections:
        entry: Entry = {"file": _document(section.path)}
        parent = placed.get(section.number.rpartition(".")[0])
        (parent.setdefault("sections", []) if parent else top).append(entry)
        placed[section.number] = entry
    return {"sections": top} if top else {}


def _document(path: Path) -> str:
    return path.with_suffix("").as_posix()


def linked(text: str, section: Section, others: Iterable[Section]) -> str:
    """Return a section's Markdown with a link for each other section that it names in full."""
    for other in others:
        name = rf"(?<![\d.]){re.escape(other.number)} {re.escape(other.title)}(?!\w)"
        address = posixpath.relpath(other.path.as_posix(), section.path.parent.as_posix())
        pattern = re.compile(rf"{LINK.pattern}|(?P<name>{name})", re.IGNORECASE)
        link = f"[{other.number} {other.title}]({address})"
        text = pattern.sub(lambda match, link=link: link if match["name"] else match[0], text)
    return text


def link_sections(root: Path) -> list[Path]:
    """Link the names of sections that have a notebook, and return the notebooks changed."""
    sections, changed = find_sections(root), []
    for section in sections:
        others = [other for other in sections if other is not section and other.title]
        before = text_of(section.notebook)
        for number, cell in enumerate(section.notebook.cells):
            if cell.cell_type == "markdown":
                head, newline, rest = cell.source.partition("\n")
                title, body = (head + newline, rest) if number == 0 else ("", cell.source)
                cell.source = title + linked(body, section, others)
        after = text_of(section.notebook)
        if after != before:
            (root / section.path).write_text(after, encoding="utf-8")
            changed.append(section.path)
    return changed


def main(root: Path) -> None:
    """Write the table of contents, link the sections, and say what changed."""
    toc = root / "_toc.yml"
    text = yaml.safe_dump(contents(root), sort_keys=False)
    if toc.read_text(encoding="utf-8") != text:
        toc.write_text(text, encoding="utf-8")
        print("written: _toc.yml")
    for path in link_sections(root):
        print(f"linked: {path}")


if __name__ == "__main__":
    main(Path())
