"""One page for the source of each ``mlsheet`` module that the book shows, and the links to it."""

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError

LINK = re.compile(r'(<a class="mlsheet-module" data-module="(?P<module>[\w.]+)" href=")[^"]*(")')
KEY = "mlsheet_modules"


def note_modules(document: nodes.document, env: BuildEnvironment) -> None:
    """Remember which modules a page links to."""
    html = "".join(node.astext() for node in document.findall(nodes.raw))
    env.metadata[env.docname][KEY] = sorted({match["module"] for match in LINK.finditer(html)})


def link_modules(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Point each link to a module at the page of its source."""

    def resolved(match: re.Match[str]) -> str:
        return match[1] + app.builder.get_relative_uri(docname, _page(match["module"])) + match[3]

    for node in list(doctree.findall(nodes.raw)):
        if 'class="mlsheet-module"' in node.astext():
            html = LINK.sub(resolved, node.astext())
            node.replace_self(nodes.raw("", html, format="html"))


def code_pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield the page of each module that some section shows."""
    shown_in: dict[str, list[str]] = {}
    for docname in sorted(app.env.found_docs):
        for module in app.env.metadata[docname].get(KEY, ()):
            shown_in.setdefault(module, []).append(docname)
    for module, docnames in shown_in.items():
        code = app.builder.highlighter.highlight_block(
            _source(module), "python", linenos="inline", location=module
        )
        sections = [
            {
                "title": app.env.titles[docname].astext(),
                "url": app.builder.get_relative_uri(_page(module), docname),
            }
            for docname in docnames
        ]
        context = {"title": module, "module": module, "code": code, "sections": sections}
        yield _page(module), context, "code_page.html"


def _page(module: str) -> str:
    return f"code/{module}"


def _source(module: str) -> str:
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise ExtensionError(f"a notebook links to the module {module}, which does not exist")
    return Path(spec.origin).read_text(encoding="utf-8")
