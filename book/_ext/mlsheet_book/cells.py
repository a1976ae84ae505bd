"""Code cells by their tags: what is folded and under which words, and the list of checks."""

import re

from docutils import nodes

from .elements import Element, element, span
from .formulas import ID

FOLDED_INPUTS = {"setup": "Set-up", "drawing": "Code", "explorer": "Code", "checks": "Code"}
RESULT_FIRST = frozenset({"drawing", "explorer", "checks"})
CHECK_LINE = re.compile(rf"✓ (?P<id>{ID})  (?P<against>.+)")
GRADE_LINE = re.compile(r"(?P<mark>[○✗✓]) (?P<text>\w+: .+)", re.DOTALL)
GRADES = {"○": "open", "✗": "failed", "✓": "passed"}


def enrich_cells(document: nodes.document) -> None:
    """Fold the code that is not for reading, and set printed checks and grades as such."""
    for cell in list(document.findall(_is_cell)):
        _join_next(cell)
    for cell in list(document.findall(_is_cell)):
        for stream in list(cell.findall(nodes.literal_block)):
            if "output" in stream["classes"]:
                _enrich_stream(stream)
        _fold_cell(cell)


def _is_cell(node: nodes.Node) -> bool:
    return isinstance(node, nodes.container) and node.get("nb_element") == "cell_code"


def _tags(cell: nodes.container) -> set[str]:
    return set(cell["cell_metadata"].get("tags", ()))


def _join_next(cell: nodes.container) -> None:
    """Move code that shows nothing itself, a drawing function, to the cell that draws with it."""
    following = cell.next_node(descend=False, siblings=True)
    drawing = {"drawing", "explorer"}
    if (
        drawing & _tags(cell)
        and "cell_input" in cell[-1]["classes"]
        and following is not None
        and _is_cell(following)
        and drawing & _tags(following)
    ):
        following.insert(0, cell.children)
        cell.parent.remove(cell)


def _fold_cell(cell: nodes.container) -> None:
    tags = _tags(cell)
    cell.attributes.pop("hide_mode", None)
    if "solution" in tags:
        children = cell.children
        cell.children = []
        cell += _folded("A solution", children, "solution")
    elif tag := next((tag for tag in FOLDED_INPUTS if tag in tags), None):
        output = [node for node in cell.children if "cell_output" in node["classes"]]
        code = [node for node in cell.children if node not in output]
        fold = _folded(FOLDED_INPUTS[tag], code, "code")
        cell.children = []
        cell += [*output, fold] if tag in RESULT_FIRST else [fold, *output]


def _folded(summary: str, children: list[nodes.Node], kind: str) -> Element:
    head = element("summary", nodes.Text(summary))
    return element("details", head, *children, classes=f"mlsheet-fold {kind}")


def _enrich_stream(stream: nodes.literal_block) -> None:
    text = stream.astext().strip()
    lines = filter(None, text.splitlines())  # where a kernel cut the stream a line may be empty
    checks = [CHECK_LINE.fullmatch(line) for line in lines]
    if checks and all(checks):
        items = [_check(check["id"], check["against"]) for check in checks if check]
        stream.parent.replace(stream, element("ul", *items, classes="mlsheet-checks"))
    elif grade := GRADE_LINE.fullmatch(text):
        mark = element("span", nodes.Text(grade["mark"]), classes="sign", aria_hidden="true")
        line = element("p", mark, nodes.Text(grade["text"]), classes="mlsheet-grade")
        line["classes"].append(GRADES[grade["mark"]])
        stream.parent.replace(stream, line)


def _check(check_id: str, against: str) -> Element:
    tick = element("span", nodes.Text("✓"), classes="sign", aria_hidden="true")
    return element("li", tick, span(check_id, "mlsheet-id"), span(against, "against"))
