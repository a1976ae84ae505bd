"""The rules of a section's notebook that a machine can test.

Each rule looks at one section and yields what is wrong, in words that name the place.
"""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

from .execute import code_cells
from .sections import STEM, TITLE, Section, find_sections

HEADINGS = (
    "Picture",
    "Definition",
    "From scratch",
    "Check",
    "Play",
    "Where it breaks",
    "Interview",
    "Practice",
)
CHECKS = frozenset({"check", "check_order", "check_every"})
COMPANIONS = {
    "setup": ("hide-input",),
    "drawing": ("hide-input",),
    "explorer": ("hide-input",),
    "source": ("remove-input", "nbval-ignore-output"),
    "checks": (),
    "exercise": (),
    "solution": ("hide-cell",),
}
"""Each kind of code cell, by its first tag, and the tags that follow from it."""

EXPLORER_TEXTS = ("question", "answer")
MINUTE_WORDS = 70
PROSE_WORDS = (450, 1100)
CELL_LINES = 25
CODE_CELLS = (6, 12)
EXPLORERS = (1, 3)
FEWEST_QUESTIONS = 3

TAG = re.compile(r"\\tag\{([^}]*)\}")
LINK = re.compile(r"!?\[(?P<label>[^\]]*)\]\((?P<target>[^)\s]+)[^)]*\)")
NUMBERED = re.compile(r"(?P<number>\d+(?:\.\d+)+) (?P<title>.+)")
QUESTION = re.compile(
    r'^<details class="question" id="(?P<id>[^"]*)"><summary>'
    r"<b>(?P<level>\w+)\.</b> \S.*</summary>$",
    re.MULTILINE,
)
MYST = re.compile(
    r"^\s*(?:`{3,}|:{3,}|~{3,})\{|\{[\w:.-]+\}`|^\+\+\+|^\([\w-]+\)=\s*$", re.MULTILINE
)
FOLD = re.compile(r"<details.*?</details>", re.DOTALL)
DISPLAY = re.compile(r"\$\$.*?\$\$", re.DOTALL)
INLINE = re.compile(r"\$[^$]+\$")
END_LINES = ("*Builds on:*", "*Leads to:*", "*Sources:*")

Problems: TypeAlias = Iterator[str]


def headings(section: Section) -> Problems:
    """Check the title and "In one minute", then the eight headings in their order."""
    title = TITLE.match(section.texts[0]) if section.texts else None
    if title is None or title["number"] != section.number:
        yield f'the first cell must begin with "# {section.number} <title>"'
    elif not re.match(r".*\n\n> \*\*In one minute\.\*\* ", section.texts[0]):
        yield 'after the title and a blank line must come "> **In one minute.** …"'
    found = re.findall(r"^##? (.+)$", "\n".join(section.texts), re.MULTILINE)[1:]
    if found != list(HEADINGS):
        yield f"the headings are {found}, not {list(HEADINGS)}"


def tags(section: Section) -> Problems:
    """Check that a code cell has no tags, or one kind and the tags that belong to it."""
    for cell in code_cells(section.notebook):
        found = list(cell.metadata.get("tags", ()))
        if found and found != [found[0], *COMPANIONS.get(found[0], ("no such kind",))]:
            yield f"cell {cell.id} has the tags {found}; allowed are {list(COMPANIONS)} alone"
    kinds = {tag for cell in code_cells(section.notebook) for tag in cell.metadata.get("tags", ())}
    for kind in sorted(COMPANIONS.keys() - kinds):
        yield f"no cell is tagged {kind!r}"


def cells(section: Section) -> Problems:
    """Check the number of code cells and their length, and that the first one sets up."""
    code = code_cells(section.notebook)
    if not CODE_CELLS[0] <= len(code) <= CODE_CELLS[1]:
        yield f"{len(code)} code cells, not {CODE_CELLS[0]} to {CODE_CELLS[1]}"
    for cell in code:
        lines = len(cell.source.splitlines())
        if lines > CELL_LINES:
            yield f"cell {cell.id} has {lines} lines, more than {CELL_LINES}"
    second = section.notebook.cells[1] if len(section.notebook.cells) > 1 else None
    if second is None or "setup" not in second.metadata.get("tags", ()):
        yield "the second cell must be the set-up, tagged 'setup'"


def formulas(section: Section) -> Problems:
    """Check that every tagged formula is checked, and that every formula checked is tagged."""
    tagged = TAG.findall("\n".join(section.texts))
    for formula in tagged:
        if not re.fullmatch(f"{_family(section)}-[fsa]\\d+", formula):
            yield f"the tag {formula} is not of the form {section.number}-f1"
    if doubles := {formula for formula in tagged if tagged.count(formula) > 1}:
        yield f"tagged twice: {sorted(doubles)}"
    checked = set()
    for cell, call in section.calls_of(*CHECKS):
        match call.args:
            case [ast.Constant(value=str(formula)), *_]:
                checked.add(formula)
            case _:
                yield f"cell {cell}: a check's id must stand there as a plain string"
    yield from (f"no check for the formula {formula}" for formula in sorted({*tagged} - checked))
    for formula in sorted(checked - {*tagged}):
        if not re.fullmatch(f"{_family(section)}-c\\d+", formula):
            yield f"the check {formula} belongs to no tagged formula and no claim of the section"
        elif f"({formula})" not in "\n".join(section.texts):
            yield f"the claim {formula} is checked, but the text never says *({formula})*"


def _family(section: Section) -> str:
    """Return a pattern for the numbers in its ids: its own, or its parent's for what they share."""
    parent = ".".join(section.number.split(".")[:2])
    return rf"(?:{re.escape(section.number)}|{re.escape(parent)})"


def figures(section: Section) -> Problems:
    """Check that a figure is shown, and every figure with words for it."""
    shown = section.calls_of("show")
    if not shown:
        yield "no figure is shown"
    for cell, call in shown:
        for name in ("alt", "caption"):
            if not _text(call, name):
                yield f"cell {cell}: show needs a non-empty {name}"


def explorers(section: Section) -> Problems:
    """Check the explorers: their number, question, answer, target and failure preset."""
    found = section.calls_of("explore")
    if not EXPLORERS[0] <= len(found) <= EXPLORERS[1]:
        yield f"{len(found)} explorers, not {EXPLORERS[0]} to {EXPLORERS[1]}"
    for cell, call in found:
        for name in EXPLORER_TEXTS:
            if not _text(call, name):
                yield f"cell {cell}: explore needs a non-empty {name}"
    if found and not any(_keyword(call, "target") and _breaks(call) for _, call in found):
        yield 'no explorer has both a target and a preset whose name begins with "Break it"'


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def _text(call: ast.Call, name: str) -> str:
    """Return the literal text of a keyword, or its code where it is computed."""
    value = _keyword(call, name)
    if isinstance(value, ast.Constant):
        return str(value.value or "").strip()
    return ast.unparse(value) if value is not None else ""


def _breaks(call: ast.Call) -> bool:
    presets = _keyword(call, "presets")
    names = presets.keys if isinstance(presets, ast.Dict) else []
    return any(isinstance(name, ast.Constant) and _is_break(name.value) for name in names)


def _is_break(name: object) -> bool:
    return isinstance(name, str) and name.startswith("Break it")


def questions(section: Section) -> Problems:
    """Check the interview questions: their form, ids, number and levels; and the traps."""
    text = "\n".join(section.texts)
    found = list(QUESTION.finditer(text))
    if len(found) != text.count('class="question"'):
        yield (
            "a question must be one line of the form "
            '<details class="question" id="…"><summary><b>Easy.</b> …</summary>'
        )
    prefix = f"q-{section.number.replace('.', '-')}-"
    wanted = [f"{prefix}{number}" for number in range(1, len(found) + 1)]
    if [question["id"] for question in found] != wanted:
        yield f"the questions' ids must be {prefix}1, {prefix}2, … in their order"
    if len(found) < FEWEST_QUESTIONS:
        yield f"{len(found)} questions, fewer than {FEWEST_QUESTIONS}"
    levels = [question["level"] for question in found]
    if missing := {"Easy", "Medium", "Hard"} - {*levels}:
        yield f"no question of the level {sorted(missing)}"
    if strange := {*levels} - {"Easy", "Medium", "Hard"}:
        yield f"unknown levels {sorted(strange)}"
    if not re.search(r"^\*\*Traps\*\*\n\n- ", text, re.MULTILINE):
        yield 'no list of traps under a line "**Traps**"'


def folds(section: Section) -> Problems:
    """Check that folds open and close, with the blank lines that Markdown inside them needs."""
    text = "\n\n".join(section.texts)
    if text.count("<details") != text.count("</details>"):
        yield "a <details> is not closed"
    if re.search(r"</summary>[^\n]*\n(?!\n)", text) or re.search(r"[^\n]\n</details>", text):
        yield "a fold needs a blank line after its summary and before its end"


def portable(section: Section) -> Problems:
    """Check that the Markdown is plain: no directives, no roles."""
    for cell in section.notebook.cells:
        if cell.cell_type == "markdown" and (match := MYST.search(cell.source)):
            yield f"cell {cell.id} holds {match[0].strip()!r}, which only the book would understand"


def links(section: Section) -> Problems:
    """Check that every relative link leads to a file, and that its number is that file's."""
    for text in section.texts:
        for label, target in LINK.findall(text):
            if re.match(r"https?://|mailto:|#", target):
                continue
            file = (section.root / section.path).parent / target.partition("#")[0]
            if not file.exists():
                yield f"the link to {target} leads nowhere"
            elif (said := NUMBERED.fullmatch(label)) and STEM.fullmatch(file.stem):
                number = Section(section.root, Path(target)).number
                if said["number"] != number:
                    yield f"the link to {target} calls it {said['number']}"


def named(section: Section) -> Problems:
    """Check that no section whose notebook exists is named without a link."""
    others = find_sections(section.root)
    text = "\n\n".join(section.texts)
    plain = LINK.sub("", text.partition("\n")[2])
    for other in others:
        name = rf"(?<![\d.]){re.escape(other.number)} {re.escape(other.title)}"
        if other.title and re.search(name, plain, re.IGNORECASE):
            yield f"link it now: {other.number} {other.title} has a notebook, {other.path.name}"
    numbers = {other.number for other in others}
    for line in end_lines(section)[:2]:
        for entry in line.split(" · "):
            match = NUMBERED.fullmatch(entry.strip())
            if match and match["number"] in numbers:
                yield f"link it now: {match[0]} has a notebook"


def end(section: Section) -> Problems:
    """Check the three lines of the last cell, and that a source can be followed."""
    lines = end_lines(section)
    if len(lines) != len(END_LINES):
        yield f"the last cell must be three paragraphs, {', '.join(END_LINES)}"
    elif not re.search(r"\]\(https?://", lines[-1]):
        yield "the sources need at least one link"


def end_lines(section: Section) -> list[str]:
    """Return what the last cell's three lines say, or nothing if they aren't there."""
    paragraphs = section.texts[-1].strip().split("\n\n") if section.texts else []
    opened = [line for line, start in zip(paragraphs, END_LINES, strict=False) if start in line]
    if len(paragraphs) != len(END_LINES) or len(opened) != len(END_LINES):
        return []
    lines = zip(paragraphs, END_LINES, strict=True)
    return [line.removeprefix(start).strip().replace("\n", " ") for line, start in lines]


def length(section: Section) -> Problems:
    """Check the length of "In one minute", and of the prose outside folds and formulas."""
    minute = re.search(r"> \*\*In one minute\.\*\*((?:.*\n?)*)", section.texts[0])
    if minute and _words(minute[1]) > MINUTE_WORDS:
        yield f"In one minute takes {_words(minute[1])} words, more than {MINUTE_WORDS}"
    prose = _words(FOLD.sub(" ", "\n\n".join(section.texts[:-1])))
    if not PROSE_WORDS[0] <= prose <= PROSE_WORDS[1]:
        yield f"{prose} words of prose, not {PROSE_WORDS[0]} to {PROSE_WORDS[1]}"


def _words(text: str) -> int:
    """Count words; a formula in the text counts as one, a displayed formula as none."""
    text = INLINE.sub("x", DISPLAY.sub(" ", LINK.sub(r"\g<label>", text)))
    return len(re.findall(r"\w[\w'’-]*", re.sub(r"<[^>]+>", " ", text)))


def names(section: Section) -> Problems:
    """Check the one name: notebook, module, test and exercise."""
    module = Path("mlsheet", section.chapter, f"{section.name}.py")
    test = Path("tests", section.chapter, f"test_{section.name}.py")
    exercise = Path("mlsheet/notebook/practice", f"{section.name}.py")
    for file in (test, exercise):
        if (section.root / module).exists() and not (section.root / file).exists():
            yield f"{module} has no {file}"
    graded = [call.args[:1] for _, call in section.calls_of("grade")]
    if not graded:
        yield "no exercise is graded"
    for arguments in graded:
        match arguments:
            case [ast.Constant(value=str(name))] if name == section.name:
                continue
            case _:
                yield f'grade must name the exercise of the section: grade("{section.name}", …)'


RULES: tuple[Callable[[Section], Problems], ...] = (
    headings,
    tags,
    cells,
    formulas,
    figures,
    explorers,
    questions,
    folds,
    portable,
    links,
    named,
    end,
    length,
    names,
)
