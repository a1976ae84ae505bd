"""The landing page and the chapters' indexes: lists of links become cards."""

from docutils import nodes
from sphinx import addnodes
from sphinx.environment import BuildEnvironment


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
