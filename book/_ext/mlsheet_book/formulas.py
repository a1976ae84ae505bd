"""Formula and claim ids: each has an anchor on its page, and every mention of it links there."""

import re

from docutils import nodes

from .elements import element

ID = r"\d[\d.]*-[a-z]\d+"
TAG = re.compile(rf"\s*\\tag\{{({ID})\}}")
CLAIM = re.compile(rf"\(({ID})\)")
MENTION = re.compile(rf"(?<![\w.-])({ID})(?![\w-])")
TOKEN = re.compile(r"\\[A-Za-z]+|\\.|.", re.DOTALL)
OPENING = r"{ ( [ \left \{ \langle \begin \lvert \lVert \lfloor \lceil".split()
CLOSING = r"} ) ] \right \} \rangle \end \rvert \rVert \rfloor \rceil".split()
BARS = ("|", r"\|")
BREAK_AFTER = r"= + - < > \le \ge \ne \approx \sim \propto \to \iff \Rightarrow".split()
PUNCTUATION = re.compile(r"[,.;:?!)]+")
SHORT = 20  # characters of TeX that fit on a line of any screen
APART = (nodes.reference, nodes.title, nodes.literal, nodes.FixedTextElement, nodes.math)


def anchor_formulas(document: nodes.document) -> None:
    r"""Set each formula's ``\tag`` beside it as a link to itself, out of TeX's way.

    As text it needs no room of its own on a narrow screen, and a formula broken over lines can
    have one too.
    """
    for formula in list(document.findall(nodes.math_block)):
        tex = formula.astext()
        tags = TAG.findall(tex)
        if len(tags) == 1 and not formula["nowrap"]:
            formula.clear()
            formula.append(nodes.Text(TAG.sub("", tex)))
            block = element("div", classes="mlsheet-formula")
            block["ids"].append(tags[0])
            formula.replace_self(block)
            block += [formula, id_link(tags[0])]
        else:
            formula["ids"] += tags


def break_formulas(document: nodes.document) -> None:
    """Let a long formula in the text break after a relation, a plus or a minus, as in print."""
    for formula in list(document.findall(nodes.math)):
        pieces = _pieces(formula.astext())
        if len(pieces) > 1:
            formula.replace_self([nodes.math(piece, piece) for piece in pieces])


def keep_punctuation(document: nodes.document) -> None:
    """Let no line begin with the comma or full stop that follows a formula."""
    for formula in list(document.findall(nodes.math)):
        after = formula.next_node(descend=False, siblings=True)
        mark = PUNCTUATION.match(after.astext()) if isinstance(after, nodes.Text) else None
        if mark:
            rest = nodes.Text(after[mark.end() :])
            after.parent.replace(after, rest if rest else [])
            together = nodes.inline(classes=["mlsheet-together"])
            formula.replace_self(together)
            together += [formula, nodes.Text(mark[0])]


def anchor_claims(document: nodes.document) -> None:
    """Make the first *(1.8-c2)* in italics the claim's anchor, unless a box or line has it."""
    anchors = {anchor for node in document.findall(nodes.Element) for anchor in node["ids"]}
    for words in list(document.findall(nodes.emphasis)):
        claim = CLAIM.fullmatch(words.astext())
        if claim and claim[1] not in anchors:
            anchors.add(claim[1])
            words["ids"].append(claim[1])


def keep_one_anchor(document: nodes.document) -> None:
    """Let an id be the anchor of one thing: of its formula, else of what first bears it."""
    bearers = [node for node in document.findall(nodes.Element) if node["ids"]]
    bearers.sort(key=lambda node: not _is_formula(node))
    seen: set[str] = set()
    for node in bearers:
        node["ids"] = [anchor for anchor in node["ids"] if anchor not in seen]
        seen.update(node["ids"])


def link_mentions(document: nodes.document) -> None:
    """Link every mention of an id in the prose to its anchor on the page."""
    anchors = {anchor for node in document.findall(nodes.Element) for anchor in node["ids"]}
    for text in list(document.findall(nodes.Text)):
        if text.parent is not None and not _stands_apart(text):
            pieces = MENTION.split(text)
            linked = [
                id_link(piece) if piece in anchors else nodes.Text(piece)
                for piece in pieces
                if piece
            ]
            if any(isinstance(node, nodes.reference) for node in linked):
                text.parent.replace(text, linked)


def id_link(anchor: str) -> nodes.reference:
    """Return the link to an anchor on the same page, which reads as the anchor's name."""
    return nodes.reference("", anchor, refid=anchor, internal=True, classes=["mlsheet-id"])


def _pieces(tex: str) -> list[str]:
    """Cut TeX where a line may end; the empty group keeps the space after the sign."""
    if len(tex) <= SHORT:
        return [tex]
    pieces, depth, inside_bars = [""], 0, False
    for token in TOKEN.findall(tex):
        depth += (token in OPENING) - (token in CLOSING)
        inside_bars ^= depth == 0 and token in BARS
        before = pieces[-1].strip()[-1:]
        pieces[-1] += token
        if depth == 0 and not inside_bars and token in BREAK_AFTER and before not in ("", *"^_"):
            pieces[-1] += "{}"
            pieces.append("")
    return [piece for piece in pieces if piece.strip()]


def _is_formula(node: nodes.Element) -> bool:
    return isinstance(node, nodes.math_block) or "mlsheet-formula" in node["classes"]


def _stands_apart(text: nodes.Text) -> bool:
    before = text.parent.children[: text.parent.index(text)][-1:]
    if any(isinstance(node, nodes.raw) and node.astext().startswith("<a ") for node in before):
        return True
    node = text.parent
    while node is not None:
        if isinstance(node, APART):
            return True
        node = node.parent
    return False
