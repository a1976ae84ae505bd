"""The pages that gather the whole book: made from the notebooks when the book is built.

Each has a short hand-written beginning in a Markdown file of its own; what follows is written
here, as portable Markdown, and appended when Sphinx reads the file.
"""

import hashlib
import html
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError

from .facts import ADDED, AS_ON_THE_SHEET, Facts, number_of
from .map_picture import map_svg
from .reading_path import CycleError, reading_path
from .rules import links as misled_links
from .sections import Section, find_sections

CHIPS = {
    "wrong": "wrong",
    "needs a condition": "condition",
    "fine print": "plain",
    AS_ON_THE_SHEET: "plain",
    ADDED: "plain",
}
KEY = "mlsheet_gathered"


def all_facts(root: Path) -> list[Facts]:
    """Return what each section of the book tells, in the sheet's order."""
    return [Facts(section) for section in find_sections(root)]


def chapter_titles(root: Path) -> dict[str, str]:
    """Return each chapter's number and the heading of its index."""
    indexes = sorted(path.relative_to(root) for path in root.glob("book/[0-9]*/index.ipynb"))
    heads = (Section(root, path).texts[0].partition("\n")[0] for path in indexes)
    return {
        path.parent.name[0]: head.lstrip("# ") for path, head in zip(indexes, heads, strict=True)
    }


def ledger(root: Path) -> str:
    """Return every formula: what it says, where it stands, how it is checked, its status."""
    facts = all_facts(root)
    formulas = [formula for fact in facts for formula in fact.formulas]
    checks = sum(len(formula.checks) for formula in formulas)
    counts = Counter(formula.status for formula in formulas)
    numbers = ", ".join(f"{counts[status]} {status}" for status in CHIPS if counts[status])
    lines = [
        f"**{len(formulas)} formulas and claims** in {len(facts)} sections, held by "
        f"**{checks} checks**: {numbers}."
    ]
    for heading, fact in _by_chapter(root, facts):
        lines += [heading, f"### {fact.link()}"]
        for formula in fact.formulas:
            checked = "".join(f"<li>{html.escape(check)}</li>" for check in formula.checks)
            lines += [
                '<div class="mlsheet-entry">',
                formula.statement,
                f"<div>{fact.anchor(formula.id)} {_chip(formula.status)}<ul>{checked}</ul></div>",
                "</div>",
            ]
    return "\n\n".join(lines)


def errata(root: Path) -> str:
    """Return every place where the sheet is wrong, lacks a condition or wants fine print."""
    facts = [fact for fact in all_facts(root) if fact.errata]
    counts = Counter(erratum.status for fact in facts for erratum in fact.errata)
    lines = [
        ", ".join(f"**{counts[status]}** {status}" for status in CHIPS if counts[status]) + "."
    ]
    for heading, fact in _by_chapter(root, facts):
        lines += [heading, f"### {fact.link()}"]
        boxes = [erratum.text for erratum in fact.errata if erratum.status != "fine print"]
        remarks = [
            f"- {fact.anchor(erratum.id)} {erratum.text}"
            for erratum in fact.errata
            if erratum.status == "fine print"
        ]
        lines += [*boxes, "\n".join(remarks)]
    return "\n\n".join(lines)


def question_bank(root: Path) -> str:
    """Return every interview question with its folded answer."""
    facts = all_facts(root)
    levels = Counter(question.level for fact in facts for question in fact.questions)
    counts = ", ".join(f"{levels[level]} {level.lower()}" for level in ("Easy", "Medium", "Hard"))
    lines = [f"**{levels.total()} questions**: {counts}.", '<div class="mlsheet-bank"></div>']
    for heading, fact in _by_chapter(root, facts):
        lines += [heading, f"### {fact.link()}"]
        lines += [question.text for question in fact.questions]
    return "\n\n".join(lines)


def book_map(root: Path) -> str:
    """Return how the sections build on each other: a picture, and a reading path in words."""
    facts = {fact.section.number: fact for fact in all_facts(root)}
    names = {
        number_of(name): name.partition(" ")[2]
        for fact in facts.values()
        for name in (*fact.builds_on, *fact.leads_to)
    }
    titles = names | {number: fact.section.title for number, fact in facts.items()}
    earlier = {n: [number_of(name) for name in fact.builds_on] for n, fact in facts.items()}
    later = {n: [number_of(name) for name in fact.leads_to] for n, fact in facts.items()}
    steps = {(a, n) for n in facts for a in earlier[n]} | {(n, b) for n in facts for b in later[n]}
    pages = {n: fact.source.removesuffix(".ipynb") + ".html" for n, fact in facts.items()}
    picture = map_svg(titles, pages, steps, chapter_titles(root))

    def named(numbers: list[str]) -> str:
        known = (facts[n].link() if n in facts else f"{n} {titles[n]}" for n in numbers)
        return ", ".join(known) or "nothing"

    lines = [picture, "## A reading path"]
    lines += [
        "\n".join(
            f"1. {facts[n].link()} builds on {named(earlier[n])}; leads to {named(later[n])}."
            for n in path_of(root)
        )
    ]
    return "\n\n".join(lines)


def path_of(root: Path) -> list[str]:
    """Return the reading path over the sections that are written."""
    facts = all_facts(root)
    return reading_path({f.section.number: [number_of(n) for n in f.builds_on] for f in facts})


PAGES: dict[str, Callable[[Path], str]] = {
    "book/question-bank": question_bank,
    "book/sheet-vs-precise": errata,
    "book/formula-ledger": ledger,
    "book/map": book_map,
}


def _by_chapter(root: Path, facts: list[Facts]) -> Iterator[tuple[str, Facts]]:
    """Yield each section with the heading that comes before it: its chapter's, or none."""
    titles = chapter_titles(root)
    for chapter, members in groupby(facts, lambda fact: fact.section.number.partition(".")[0]):
        heading = f"## {titles[chapter]}"
        for fact in members:
            yield heading, fact
            heading = ""


def _chip(status: str) -> str:
    return f'<span class="mlsheet-chip {CHIPS[status]}">{status}</span>'


def check_graph(app: Sphinx) -> None:
    """Stop the build when a link leads nowhere or sections build on each other in a circle."""
    root = Path(app.srcdir)
    chapters = chapter_titles(root)
    for fact in all_facts(root):
        for problem in misled_links(fact.section):
            raise ExtensionError(f"{fact.section.path}: {problem}")
        for name in (*fact.builds_on, *fact.leads_to):
            if name.partition(".")[0] not in chapters:
                raise ExtensionError(f"{fact.section.path}: there is no chapter for {name}")
    try:
        path_of(root)
    except CycleError as error:
        raise ExtensionError(str(error)) from error


def append_gathered(app: Sphinx, docname: str, content: list[str]) -> None:
    """Let a page's hand-written beginning be followed by what is gathered."""
    if docname in PAGES:
        content[0] += "\n\n" + PAGES[docname](Path(app.srcdir))


def outdated(
    app: Sphinx, env: BuildEnvironment, _added: set[str], _changed: set[str], _removed: set[str]
) -> list[str]:
    """Name the gathered pages, and the indexes, for which what they gather has changed."""
    root = Path(app.srcdir)
    told = "\n".join([*path_of(root), *(f"{fact.name} {fact.minute}" for fact in all_facts(root))])
    texts = {name: told for name in env.found_docs if name.endswith("/index")}
    texts |= {name: PAGES[name](root) for name in PAGES.keys() & env.found_docs}
    digests = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}
    earlier = getattr(env, KEY, {})
    setattr(env, KEY, digests)
    return sorted(name for name in digests if earlier.get(name) != digests[name])
