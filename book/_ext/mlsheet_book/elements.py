"""Plain HTML elements in the doctree, and the HTML snippets that Markdown leaves alone."""

import html
import re
from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

INLINE_MATH = re.compile(r"(?<![\\$])\$(?!\$)([^$]+?)(?<!\\)\$(?!\$)")
INLINE_TAGS = frozenset({"a", "b", "span"})


class Element(nodes.General, nodes.TextElement):
    """An HTML element by its name, whose children are docutils nodes, links among them."""


def element(tag: str, *children: nodes.Node, classes: str = "", **attributes: str) -> Element:
    """Return the HTML element `tag`; ``data_level`` stands for the attribute ``data-level``."""
    html_attributes = {name.replace("_", "-"): value for name, value in attributes.items()}
    return Element("", "", *children, tag=tag, html=html_attributes, classes=classes.split())


def span(text: str, classes: str) -> Element:
    """Return a ``<span>`` with plain text."""
    return element("span", nodes.Text(text), classes=classes)


def drop_empty_texts(document: nodes.document) -> None:
    """Take out the empty texts that the Markdown parser leaves before bold or italic words."""
    for text in list(document.findall(nodes.Text)):
        if text == "":
            text.parent.remove(text)


def with_math(source: str) -> Iterator[nodes.Node]:
    """Split a piece of HTML at its ``$…$``: the formulas become math nodes, the rest stays HTML."""
    position = 0
    for match in INLINE_MATH.finditer(source):
        if before := source[position : match.start()]:
            yield nodes.raw("", before, format="html")
        formula = html.unescape(match[1])
        yield nodes.math(formula, formula)
        position = match.end()
    if rest := source[position:]:
        yield nodes.raw("", rest, format="html")


def _visit(translator: HTML5Translator, node: Element) -> None:
    suffix = "" if node["tag"] in INLINE_TAGS else "\n"
    attributes: dict[str, Any] = node["html"]
    translator.body.append(translator.starttag(node, node["tag"], suffix, **attributes))


def _depart(translator: HTML5Translator, node: Element) -> None:
    translator.body.append(f"</{node['tag']}>" + ("" if node["tag"] in INLINE_TAGS else "\n"))


def setup(app: Sphinx) -> None:
    """Teach Sphinx the node."""
    app.add_node(Element, html=(_visit, _depart))
