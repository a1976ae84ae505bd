"""The landing page and the chapters' indexes: lists of links become cards."""

import html
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.environment import BuildEnvironment

from .elements import Element, element, with_math
from .facts import Facts
from .gathered import all_facts, path_of


def enrich_landing(document: nodes.document, env: BuildEnvironment) -> None:
    """On an index page, set each list whose items all begin with a link as cards."""
    if env.docname.rpartition("/")[2] != "index":
        return
    if env.docname == env.config.root_doc:
        for top in document.findall(nodes.section):
            top["classes"].append("mlsheet-landing")
            break
    for items in document.findall(_is_list):
        if all(_begins_with_link(item) for item in items.children):
            items["classes"].append("mlsheet-cards")
            for item in items.children:
                _set_apart(item[0])
            _add_sections(items, env)


def _add_sections(items: nodes.Element, env: BuildEnvironment) -> None:
    """Give a chapter's cards their sections' first words, and the chapter its path."""
    root, folder = Path(env.srcdir), Path(env.docname).parent
    facts = {f.section.number: f for f in all_facts(root) if f.section.path.parent == folder}
    for item, fact in zip(items.children, facts.values(), strict=False):
        item.append(_minute(fact))
    if len(facts) > 1:
        links = [_link(facts[number]) for number in path_of(root) if number in facts]
        arrows = (node for link in links for node in (nodes.Text(" → "), link))
        label = nodes.strong("", "A path")
        place = items.parent.index(items) + 1
        items.parent.insert(place, element("p", label, nodes.Text(": "), *list(arrows)[1:]))


def _minute(fact: Facts) -> Element:
    words = element("p", *with_math(html.escape(fact.minute, quote=False)))
    return element("details", element("summary", nodes.Text("In one minute")), words)


def _link(fact: Facts) -> nodes.reference:
    return nodes.reference("", fact.name, refuri=fact.section.path.with_suffix(".html").name)


def _is_list(node: nodes.Node) -> bool:
    return isinstance(node, nodes.bullet_list | nodes.enumerated_list)


def _begins_with_link(item: nodes.Node) -> bool:
    """Whether the first thing in a list's item is a link, perhaps in bold."""
    node = item
    while isinstance(node, nodes.list_item | nodes.paragraph | nodes.strong) and node.children:
        node = node.children[0]
    return isinstance(node, nodes.reference | addnodes.pending_xref)


def _set_apart(line: nodes.Node) -> None:
    """Drop the colon after a card's link, for the link is the card's title."""
    if len(line.children) > 1 and isinstance(line[1], nodes.Text):
        words = line[1].lstrip(": ")
        line[1] = nodes.Text(" " + words[:1].upper() + words[1:])
