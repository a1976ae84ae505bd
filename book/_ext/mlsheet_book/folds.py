"""``<details>`` of the notebooks: question cards, fine print, and other folds.

Markdown hands a fold over as a raw opening tag, the parsed content, and a raw closing tag; here
they become one element, so that everything inside is typeset, linked and indexed like the rest.
"""

import re

from docutils import nodes
from sphinx.util import logging

from .elements import Element, element, span, with_math
from .formulas import ID

logger = logging.getLogger(__name__)

OPENING = re.compile(
    r"\s*<details(?P<attributes>[^>]*)>\s*<summary>(?P<summary>.*?)</summary>\s*", re.DOTALL
)
CLOSING = re.compile(r"\s*</details>\s*")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
LEVEL = re.compile(r"\s*<b>(Easy|Medium|Hard)\.</b>\s*")
ITEM_ID = re.compile(rf"\(({ID})\)\s*")
ADVICE = "put a blank line after </summary> and around </details>, within one section"


def pair_folds(document: nodes.document) -> None:
    """Turn each opening and closing ``<details>`` and what lies between into one element."""
    for parent in list(document.findall(_holds_details)):
        _pair(parent)


def _is_details(node: nodes.Node) -> bool:
    return (
        isinstance(node, nodes.raw)
        and node.get("format") == "html"
        and re.match(r"\s*</?details\b", node.astext()) is not None
    )


def _holds_details(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Element) and any(_is_details(child) for child in node.children)


def _pair(parent: nodes.Element) -> None:
    children = parent.children
    parent.children = []
    open_folds: list[Element] = []
    for child in children:
        inner = open_folds[-1] if open_folds else parent
        if not _is_details(child):
            inner += child
        elif opening := OPENING.fullmatch(child.astext()):
            fold = _fold(opening)
            fold.source, fold.line = child.source, child.line
            inner += fold
            open_folds.append(fold)
        elif CLOSING.fullmatch(child.astext()) and open_folds:
            _finish(open_folds.pop())
        else:
            logger.warning("a fold is not well formed: %s", ADVICE, location=child)
    for fold in open_folds:
        logger.warning("a fold is never closed: %s", ADVICE, location=fold)


def _fold(opening: re.Match[str]) -> Element:
    attributes = dict(ATTRIBUTE.findall(opening["attributes"]))
    kind = attributes.get("class", "")
    summary = element("summary")
    text = opening["summary"]
    fold = element("details", summary, classes=f"mlsheet-fold {kind}".strip())
    if kind == "question":
        if level := LEVEL.match(text):
            text = text[level.end() :]
            summary += span(level[1], f"mlsheet-level {level[1].lower()}")
        summary += element("span", *with_math(text), classes="ask")
    else:
        summary += with_math(text)
    if "id" in attributes:
        fold["ids"].append(attributes["id"])
    return fold


def _finish(fold: Element) -> None:
    if "fine-print" in fold["classes"]:
        for item in fold.findall(nodes.list_item):
            _anchor_item(item)
    elif "question" in fold["classes"]:
        summary, *answer = fold.children
        fold.children = []
        fold += [summary, element("div", *answer, classes="answer")]


def _anchor_item(item: nodes.list_item) -> None:
    """Turn the "(1.8-c1)" at the start of a line of fine print into its anchor."""
    text = next(iter(item.findall(nodes.Text)), nodes.Text(""))
    if match := ITEM_ID.match(text):
        item["ids"].append(match[1])
        text.parent.insert(0, span(match[1], "mlsheet-id"))
        text.parent.replace(text, nodes.Text(" " + text[match.end() :]))
