"""What the gathered pages take from the notebooks: formulas, errata, questions and links."""

import html
import posixpath
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from .cells import CHECK_LINE
from .execute import code_cells
from .rules import DISPLAY, LINK, NUMBERED, QUESTION, TAG, end_lines
from .sections import Section

MINUTE = re.compile(r"^> \*\*In one minute\.\*\* (?P<text>.+)$", re.MULTILINE)
BOX = re.compile(
    r"^> \*\*Sheet vs\. precise\.\*\* \*(?P<status>[\w ]+)\* \((?P<id>[^)]+)\)\n(?:>.*\n?)+",
    re.MULTILINE,
)
FINE_PRINT = re.compile(r'<details class="fine-print">.*?</details>', re.DOTALL)
REMARK = re.compile(r"^- \((?P<id>[\d.]+-\w+)\) (?P<text>.+)$", re.MULTILINE)
AS_ON_THE_SHEET, ADDED = "as on the sheet", "added"


@dataclass(frozen=True)
class Formula:
    """A formula or claim: what it says as Markdown, how the sheet fares, and what holds it."""

    id: str
    statement: str
    status: str
    checks: tuple[str, ...]


@dataclass(frozen=True)
class Erratum:
    """What the sheet says otherwise: a box or a line of fine print, as Markdown."""

    id: str
    status: str
    text: str

    @property
    def precisely(self) -> str:
        """What is right: a box's second paragraph, or all of a remark."""
        for paragraph in re.sub(r"^> ?", "", self.text, flags=re.MULTILINE).split("\n\n"):
            if paragraph.startswith("**Precisely,** "):
                right = paragraph.removeprefix("**Precisely,** ").strip()
                return right[0].upper() + right[1:]
        return self.text


@dataclass(frozen=True)
class Question:
    """An interview question with its answer, as Markdown."""

    id: str
    level: str
    text: str


@dataclass(frozen=True)
class Facts:
    """What one section tells the pages that gather the whole book."""

    section: Section

    @property
    def name(self) -> str:
        """The section's number and title."""
        return f"{self.section.number} {self.section.title}"

    @property
    def minute(self) -> str:
        """The answer to "what is it?", in one paragraph."""
        match = MINUTE.search(self.section.texts[0])
        return match["text"] if match else ""

    @cached_property
    def text(self) -> str:
        """The Markdown of the section, its links as seen from the book's folder."""
        folder = self.section.path.parent.name

        def moved(link: re.Match[str]) -> str:
            target = link["target"]
            if re.match(r"https?://|mailto:|#", target):
                return link[0]
            return link[0].replace(f"]({target}", f"]({posixpath.normpath(f'{folder}/{target}')}")

        return LINK.sub(moved, "\n\n".join(self.section.texts))

    @cached_property
    def formulas(self) -> tuple[Formula, ...]:
        """Each tagged formula in its order, then each claim that a program checks."""
        errata = {erratum.id: erratum.status for erratum in reversed(self.errata)}
        checks = self._checks()
        tex = {
            formula: TAG.sub("", block.strip("$")).strip()
            for block in DISPLAY.findall(self.text)
            for formula in TAG.findall(block)
        }
        return tuple(
            Formula(
                formula,
                f"$$\n{tex[formula]}\n$$" if formula in tex else self._claim(formula),
                errata.get(formula, ADDED if re.search(r"-[sa]\d", formula) else AS_ON_THE_SHEET),
                tuple(checks[formula]),
            )
            for formula in {**tex, **checks}
        )

    def _claim(self, claim: str) -> str:
        """Return what the section claims: what is precise, or else the sentence that has the id."""
        for erratum in self.errata:
            if erratum.id == claim:
                return erratum.precisely
        paragraphs = re.split(r"\n\n(?:- )?|\n- ", self.text)
        paragraph = next((text for text in paragraphs if f"({claim})" in text), None)
        if paragraph is None:
            raise ValueError(
                f"{self.section.path}: {claim} is checked, but the text never names it"
            )
        sentences = re.split(r"(?<=[.!?])\s+(?=[A-Z$]|\*\*)", paragraph)
        sentence = next(text for text in sentences if f"({claim})" in text)
        return re.sub(rf"\s*\*?\({re.escape(claim)}\)\*?", "", sentence)

    def _checks(self) -> dict[str, list[str]]:
        """Return the lines that the checks printed, by the formula's id."""
        found: dict[str, list[str]] = defaultdict(list)
        for cell in code_cells(self.section.notebook):
            for output in cell.outputs:
                for line in output.get("text", "").splitlines():
                    if match := CHECK_LINE.fullmatch(line):
                        found[match["id"]].append(match["against"])
        return found

    @cached_property
    def errata(self) -> tuple[Erratum, ...]:
        """The boxes, then the fine print."""
        boxes = [Erratum(box["id"], box["status"], box[0]) for box in BOX.finditer(self.text)]
        remarks = [
            Erratum(remark["id"], "fine print", remark["text"])
            for fold in FINE_PRINT.findall(self.text)
            for remark in REMARK.finditer(fold)
        ]
        return (*boxes, *remarks)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The interview questions, each from its opening tag to its closing one."""
        found = []
        for opening in QUESTION.finditer(self.text):
            end = self.text.index("</details>", opening.end())
            text = self.text[opening.start() : end] + "</details>"
            found.append(Question(opening["id"], opening["level"], text))
        return tuple(found)

    @cached_property
    def builds_on(self) -> tuple[str, ...]:
        """The names of the sections that this one builds on, such as "1.2 Distributions"."""
        return self._named(0)

    @cached_property
    def leads_to(self) -> tuple[str, ...]:
        """The names of the sections that this one leads to."""
        return self._named(1)

    def _named(self, line: int) -> tuple[str, ...]:
        lines = end_lines(self.section)
        entries = lines[line].split(" · ") if lines else []
        names = (LINK.sub(r"\g<label>", entry).strip() for entry in entries)
        return tuple(name for name in names if NUMBERED.fullmatch(name))

    @property
    def source(self) -> str:
        """The notebook's path from the book's folder."""
        return self.section.path.relative_to("book").as_posix()

    def link(self) -> str:
        """Return a Markdown link to the section."""
        return f"[{self.name}]({self.source})"

    def anchor(self, anchor: str) -> str:
        """Return an HTML link to a formula or claim on the section's page."""
        page = self.source.removesuffix(".ipynb")
        return f'<a class="mlsheet-id" href="{page}.html#{anchor}">{html.escape(anchor)}</a>'


def number_of(name: str) -> str:
    """Return the number in a section's name."""
    match = NUMBERED.fullmatch(name)
    return match["number"] if match else ""
