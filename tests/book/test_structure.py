"""The repository as a whole: table of contents, chapters, names, forms and paths."""

import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest
import yaml

from mlsheet_book.contents import contents
from mlsheet_book.normalise import find_notebooks, is_normalised
from mlsheet_book.rules import LINK, TAG
from mlsheet_book.sections import Section, find_sections

ROOT = Path(__file__).parents[2]
SECTIONS = find_sections(ROOT)
NOTEBOOKS = find_notebooks([ROOT / "book"])
INDEXES = sorted(ROOT.glob("book/[0-9]*/index.ipynb"))
CHAPTERS = ("1-probability", "2-linear-algebra", "3-classical-ml")
CHAPTERS += ("4-deep-learning", "5-reinforcement-learning")


def test_contents_follow_from_the_notebooks() -> None:
    assert yaml.safe_load((ROOT / "_toc.yml").read_text()) == contents(ROOT), "run `make notebooks`"


def test_a_formula_is_tagged_once_in_the_book() -> None:
    tags = Counter(
        tag for section in SECTIONS for text in section.texts for tag in TAG.findall(text)
    )
    assert [tag for tag, times in tags.items() if times > 1] == []


def test_every_chapter_has_its_index() -> None:
    assert tuple(path.parent.name for path in INDEXES) == CHAPTERS


@pytest.mark.parametrize("index", INDEXES, ids=lambda path: path.parent.name)
def test_index_links_the_chapters_sections_in_order(index: Path) -> None:
    text = "\n".join(Section(ROOT, index.relative_to(ROOT)).texts)
    linked = [(label, target) for label, target in LINK.findall(text)]
    assert linked == [
        (f"{section.number} {section.title}", section.path.name)
        for section in SECTIONS
        if section.path.parent.name == index.parent.name
    ]


def test_every_notebook_is_a_section_or_an_index() -> None:
    sections = {ROOT / section.path for section in SECTIONS}
    assert set(NOTEBOOKS) == sections | set(INDEXES)
    for section in SECTIONS:
        chapter = section.path.parent.name.partition("-")[0]
        first, second, *rest = section.number.split(".")
        stem = "-".join([first, second.zfill(2), *rest])
        assert (first, section.path.stem.startswith(f"{stem}-")) == (chapter, True), section.path


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_notebook_is_normalised(path: Path) -> None:
    assert is_normalised(path), f"{path.relative_to(ROOT)}: run `make notebooks`"


def test_every_module_has_its_tests() -> None:
    """A section's module may come before its notebook; it never comes without tests."""
    for chapter in CHAPTERS:
        name = chapter.partition("-")[2].replace("-", "_")
        modules = {path.stem for path in (ROOT / "mlsheet" / name).glob("[a-z]*.py")}
        tests = {path.stem for path in (ROOT / "tests" / name).glob("test_*.py")}
        assert {f"test_{module}" for module in modules} == tests


def test_every_exercise_has_its_notebook() -> None:
    graded = {
        argument.value
        for section in SECTIONS
        for _, call in section.calls_of("grade")
        for argument in call.args[:1]
    }
    support = {"__init__", "grading"}
    practice = {path.stem for path in (ROOT / "mlsheet/notebook/practice").glob("*.py")}
    assert practice - support == graded


def repository_files() -> list[Path]:
    """Return the text files of the repository, the uncommitted ones too."""
    command = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    names = subprocess.check_output(command, cwd=ROOT, text=True).split("\0")
    files = [ROOT / name for name in names if name]
    return [file for file in files if file.is_file() and b"\0" not in file.read_bytes()]


FOLDERS = ("root", "home", "tmp", "Users", "work")
MACHINE = re.compile(f"/({'|'.join(FOLDERS)})/")


def test_no_file_names_a_path_of_one_machine() -> None:
    stray = [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for file in repository_files()
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if MACHINE.search(line)
    ]
    assert not stray, stray


@pytest.mark.parametrize("folder", FOLDERS)
def test_machine_paths_are_recognised(folder: str) -> None:
    assert MACHINE.search("written to " + "/".join(["", folder, "ada"]))
