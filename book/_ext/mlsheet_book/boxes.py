"""Blockquotes that say something about themselves: "In one minute" and "Sheet vs. precise"."""

import re

from docutils import nodes
from sphinx.util import logging

from .elements import Element, element, span
from .formulas import CLAIM, id_link

logger = logging.getLogger(__name__)

SEVERITIES = {"wrong": "wrong", "needs a condition": "condition"}

PARTS = {"The sheet says": "says", "Precisely": "precisely", "The number": "number"}


def enrich_boxes(document: nodes.document) -> None:
    """Give each blockquote that begins with a known bold phrase its own look."""
    for quote in list(document.findall(nodes.block_quote)):
        lead = _lead(quote)
        if lead == "In one minute":
            quote.replace_self(_minute(quote))
        elif lead == "Sheet vs. precise":
            quote.replace_self(_versus(quote))


def _lead(block: nodes.Element) -> str:
    """Return the bold phrase that `block` begins with, without its closing punctuation."""
    paragraph = block.children[0] if isinstance(block, nodes.block_quote) else block
    if isinstance(paragraph, nodes.paragraph) and paragraph.children:
        first = paragraph.children[0]
        if isinstance(first, nodes.strong):
            return first.astext().rstrip(".,:")
    return ""


def _drop_lead(paragraph: nodes.paragraph) -> None:
    """Take the bold phrase off, and the space or "that" that led on from it."""
    del paragraph[0]
    if paragraph.children and isinstance(paragraph[0], nodes.Text):
        paragraph[0] = nodes.Text(re.sub(r"^[\s:,]*(that\s+)?", "", paragraph[0]))


def _minute(quote: nodes.block_quote) -> Element:
    _drop_lead(quote[0])
    label = element("p", nodes.Text("In one minute"), classes="label")
    return element("div", label, *quote.children, classes="mlsheet-minute")


def _versus(quote: nodes.block_quote) -> Element:
    head, *body = quote.children
    chip = next((node.astext() for node in head.findall(nodes.emphasis)), "")
    box_id = CLAIM.search(head.astext())
    parts = _split(body)
    if chip not in SEVERITIES or box_id is None or list(parts) != list(PARTS.values()):
        logger.warning(
            'a "Sheet vs. precise" box needs *wrong* or *needs a condition*, an id such as '
            '(1.8-c1), and its three paragraphs "The sheet says", "Precisely", "The number"',
            location=quote,
        )
        return element("div", *quote.children, classes="mlsheet-versus")
    title = element(
        "p",
        span("Sheet vs. precise", "label"),
        span(chip, f"mlsheet-chip {SEVERITIES[chip]}"),
        id_link(box_id[1]),
        classes="head",
    )
    columns = element("div", parts["says"], parts["precisely"], classes="columns")
    box = element("div", title, columns, parts["number"], classes="mlsheet-versus", role="note")
    box["ids"].append(box_id[1])
    return box


def _split(body: list[nodes.Node]) -> dict[str, Element]:
    """Sort the paragraphs of a box under the bold phrases that open its three parts."""
    parts: dict[str, Element] = {}
    for node in body:
        if name := PARTS.get(_lead(node)):
            label = element("p", nodes.Text(_lead(node)), classes="label")
            parts[name] = element("div", label, classes=name)
            _drop_lead(node)
        if not parts:
            return {}
        list(parts.values())[-1].append(node)
    return parts
