"""What pages know of each other: the questions of each chapter, the first words of each section.

A page opened from disk may not read another one, so the build writes both into small scripts.
"""

import json

from docutils import nodes
from sphinx.environment import BuildEnvironment

from .elements import Element, element

QUESTIONS = "mlsheet_questions"
MINUTE = "mlsheet_minute"


def note_questions(document: nodes.document, env: BuildEnvironment) -> None:
    """Remember a page's questions, and end them with the line that says how many are left."""
    cards = [node for node in document.findall(Element) if "question" in node["classes"]]
    env.metadata[env.docname][QUESTIONS] = [anchor for card in cards for anchor in card["ids"]]
    if cards and _chapter(env.docname) != "book":
        left = element("p", classes="mlsheet-left", role="status", hidden="hidden")
        left["html"]["data-chapter"] = _chapter(env.docname)
        cards[-1].parent.append(left)


def note_minute(document: nodes.document, env: BuildEnvironment) -> None:
    """Remember what a page is about: the words of its first card, or else its first paragraph."""
    cards = (node for node in document.findall(Element) if "mlsheet-minute" in node["classes"])
    about = next((card.children[-1] for card in cards), None)
    if about is None:
        about = next(iter(document.findall(nodes.paragraph)), nodes.paragraph())
    env.metadata[env.docname][MINUTE] = about.astext().replace("\n", " ")


def scripts(env: BuildEnvironment) -> dict[str, str]:
    """Return the scripts to write, by name."""
    questions: dict[str, list[str]] = {}
    minutes: dict[str, str] = {}
    for docname in sorted(env.found_docs):
        facts = env.metadata[docname]
        questions.setdefault(_chapter(docname), []).extend(facts.get(QUESTIONS, ()))
        minutes[docname] = facts[MINUTE]
    return {
        "mlsheet-questions.js": f"window.mlsheetQuestions = {json.dumps(questions, indent=1)};\n",
        "mlsheet-minutes.js": f"window.mlsheetMinutes = {json.dumps(minutes, indent=1)};\n",
    }


def _chapter(docname: str) -> str:
    """Return the folder that a page lies in: a chapter's, such as "1-probability", or "book"."""
    return docname.split("/")[-2] if "/" in docname else ""
