"""What frames a section: the chips under its title and the links at its end."""

import math
import re

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from .elements import Element, element, span

NUMBER = re.compile(r"(\d+(?:\.\d+)*)\s+(.+)")
SEPARATOR = re.compile(r"\s+·\s+")
WORDS_A_MINUTE = 180
LINKS = ("Builds on", "Leads to", "Sources")


def enrich_frame(document: nodes.document, env: BuildEnvironment) -> None:
    """Put the chips under the title, and the links and the notebook itself at the end."""
    links = {
        name: line for line in document.findall(nodes.paragraph) if (name := _links_name(line))
    }
    top = next(iter(document.findall(nodes.section)), None)
    if top is None or len(links) < len(LINKS):
        return
    for line in links.values():
        line.parent.remove(line)
    top.insert(1, _chips(document, env, _entries(links["Builds on"])))
    leads = element("p", span("Leads to", "label"), *_entries(links["Leads to"]), classes="leads")
    sources = links["Sources"]
    sources["classes"].append("sources")
    sources[0] = span("Sources", "label")
    own = element("p", _download(env, "Download this notebook"), classes="own")
    top.append(element("div", leads, sources, own, classes="mlsheet-end"))
    for cell in document.findall(nodes.container):
        if "tag_exercise" in cell["classes"]:
            cell.insert(0, _invitation(env))


def number_title(_app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Set the number of a title such as "3.23.1 K-Means" apart from its words.

    On the page alone: in the sidebar and in the search index a title is plain text.
    """
    for title in doctree.findall(nodes.title):
        first = title[0]
        if isinstance(first, nodes.Text) and (match := NUMBER.fullmatch(first)):
            number = nodes.inline("", match[1], classes=["mlsheet-number"])
            title.replace(first, [number, nodes.Text(" " + match[2])])
        break


def _links_name(line: nodes.paragraph) -> str:
    """Return which line of links a paragraph is: it opens with, say, *Leads to:*."""
    first = line.children[0] if line.children else None
    name = first.astext().rstrip(":") if isinstance(first, nodes.emphasis) else ""
    return name if name in LINKS else ""


def _entries(line: nodes.paragraph) -> list[Element]:
    """Return the entries of a line of links, separated by " · ", as chips."""
    chips: list[list[nodes.Node]] = [[]]
    for node in line.children[1:]:
        if isinstance(node, nodes.Text):
            first, *others = SEPARATOR.split(node.replace("\n", " "))
            chips[-1].append(nodes.Text(first))
            chips += [[nodes.Text(text)] for text in others]
        else:
            chips[-1].append(node)
    return [
        element("span", *chip, classes="mlsheet-chip")
        for chip in chips
        if any(node.astext().strip() for node in chip)
    ]


def _chips(document: nodes.document, env: BuildEnvironment, builds_on: list[Element]) -> Element:
    chips = [span(f"{_minutes(document)} min", "mlsheet-chip plain")]
    chapter = env.docname.rpartition("/")[0] + "/index"
    if chapter in env.found_docs:
        name = addnodes.pending_xref(
            "",
            nodes.inline("", ""),
            refdoc=env.docname,
            refdomain="std",
            reftype="doc",
            refexplicit=False,
            refwarn=True,
            reftarget="/" + chapter,
        )
        chips.insert(0, element("span", name, classes="mlsheet-chip chapter"))
    if builds_on:
        chips += [span("Builds on", "label"), *builds_on]
    return element("p", *chips, classes="mlsheet-chips")


def _minutes(document: nodes.document) -> int:
    """Return how long the prose takes to read, and a minute for each explorer."""
    words = sum(len(line.astext().split()) for line in document.findall(nodes.paragraph))
    explorers = sum("tag_explorer" in cell["classes"] for cell in document.findall(nodes.container))
    return math.ceil(words / WORDS_A_MINUTE) + explorers


def _download(env: BuildEnvironment, text: str) -> Element:
    """Return the link to the notebook as its authors wrote it, which Sphinx keeps in _sources."""
    source = "../" * env.docname.count("/") + f"_sources/{env.docname}.ipynb"
    return element("a", nodes.Text(text), href=source, download="download")


def _invitation(env: BuildEnvironment) -> Element:
    link = _download(env, "download this notebook")
    text = "A page cannot grade you: ", " and run this cell."
    return element("p", nodes.Text(text[0]), link, nodes.Text(text[1]), classes="mlsheet-hint")
