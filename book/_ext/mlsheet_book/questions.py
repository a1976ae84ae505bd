"""The interview questions: which there are, and the line that says how many are left."""

import json
from collections.abc import Iterable

from docutils import nodes
from sphinx.environment import BuildEnvironment

from .elements import Element, element

KEY = "mlsheet_questions"


def count_questions(document: nodes.document, env: BuildEnvironment) -> None:
    """Remember a page's questions, and end their section with the line of what is left."""
    cards = [node for node in document.findall(Element) if "question" in node["classes"]]
    env.metadata[env.docname][KEY] = [anchor for card in cards for anchor in card["ids"]]
    if cards:
        left = element("p", classes="mlsheet-left", hidden="hidden", role="status")
        left["html"]["data-chapter"] = _chapter(env.docname)
        cards[-1].parent.append(left)


def questions_script(env: BuildEnvironment) -> str:
    """Return the script that tells every page the questions of each chapter."""
    chapters: dict[str, list[str]] = {}
    for docname in sorted(env.found_docs):
        questions: Iterable[str] = env.metadata[docname].get(KEY, ())
        chapters.setdefault(_chapter(docname), []).extend(questions)
    return f"window.mlsheetQuestions = {json.dumps(chapters, indent=1)};\n"


def _chapter(docname: str) -> str:
    """Return the folder that a page lies in: a chapter's number and name."""
    return docname.split("/")[-2] if "/" in docname else ""
