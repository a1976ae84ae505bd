"""The book's Sphinx extension: it turns the notebooks' portable Markdown into the book's pages.

A notebook holds only what every reader of notebooks understands.  What the book adds to it
(cards, boxes, folds, chips, marks, source pages) is read from those plain forms, step by step, in
the modules beside this one.
"""

import os
from importlib import resources
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform

from . import elements
from .boxes import enrich_boxes
from .cells import enrich_cells
from .code_pages import code_pages, link_modules, note_modules
from .folds import pair_folds
from .formulas import (
    anchor_claims,
    anchor_formulas,
    break_formulas,
    keep_one_anchor,
    keep_punctuation,
    link_mentions,
)
from .gathered import PAGES, append_gathered, check_graph, outdated
from .landing import enrich_landing
from .page_data import note_minute, note_questions, scripts
from .palette import palette_css
from .section_page import enrich_frame, number_title

HERE = Path(__file__).parent


class Enrich(SphinxTransform):
    """Read the portable forms of a page and build what the book shows for them."""

    default_priority = 400

    def apply(self, **_: object) -> None:
        """Run the steps; mentions of ids are linked once all anchors are set."""
        elements.drop_empty_texts(self.document)
        pair_folds(self.document)
        enrich_boxes(self.document)
        anchor_formulas(self.document)
        break_formulas(self.document)
        keep_punctuation(self.document)
        anchor_claims(self.document)
        keep_one_anchor(self.document)
        enrich_frame(self.document, self.env)
        enrich_cells(self.document)
        link_mentions(self.document)
        note_questions(self.document, self.env)
        note_minute(self.document, self.env)
        note_modules(self.document, self.env)
        enrich_landing(self.document, self.env)


def configure(app: Sphinx, config: Config) -> None:
    """Put kernels in book mode, keep foreign scripts out, and add the book's own files."""
    os.environ["MLSHEET_BOOK"] = "1"
    config.nb_ipywidgets_js = {}
    config.nb_merge_streams = True
    config.html_show_search_summary = False
    config.html_context.setdefault("default_mode", "auto")
    config.templates_path.insert(0, str(HERE / "templates"))
    explorer = resources.files("mlsheet.notebook") / "explorer"
    config.html_static_path.append(str(HERE.parents[1] / "_static"))
    config.html_static_path += [str(explorer / name) for name in ("explorer.js", "explorer.css")]
    for css in ("mlsheet-palette.css", "explorer.css", "mlsheet.css"):
        app.add_css_file(css, priority=900)
    for script in ("mlsheet-questions.js", "explorer.js", "mlsheet.js"):
        app.add_js_file(script, defer="defer", priority=900)


def write_palette(app: Sphinx) -> None:
    """Write the colours' stylesheet."""
    _write_static(app, "mlsheet-palette.css", palette_css())


def write_scripts(app: Sphinx, env: BuildEnvironment) -> None:
    """Write what pages know of each other, once every page has been read."""
    for name, text in scripts(env).items():
        _write_static(app, name, text)


def add_scripts(app: Sphinx, pagename: str, *_: object) -> None:
    """Give the search page the first words of each section, and gathered pages their script."""
    if pagename == "search":
        app.add_js_file("mlsheet-minutes.js", defer="defer", priority=899)
    elif pagename in PAGES:
        app.add_js_file("gathered.js", defer="defer", priority=901)


def name_toggles(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Give the sidebar's toggles, which show an arrow alone, a name to be read aloud."""
    toctree = context["generate_toctree_html"]

    def named(*args: object, **options: object) -> str:
        return str(toctree(*args, **options)).replace(
            "<summary>", '<summary aria-label="Show sections">'
        )

    context["generate_toctree_html"] = named


def _write_static(app: Sphinx, name: str, text: str) -> None:
    folder = Path(app.outdir) / "_static"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the steps to Sphinx."""
    elements.setup(app)
    app.add_transform(Enrich)
    app.connect("config-inited", configure)
    app.connect("builder-inited", write_palette)
    app.connect("builder-inited", check_graph)
    app.connect("env-get-outdated", outdated)
    app.connect("source-read", append_gathered)
    app.connect("env-updated", write_scripts)
    app.connect("html-page-context", add_scripts)
    app.connect("doctree-resolved", number_title)
    app.connect("doctree-resolved", link_modules)
    app.connect("html-page-context", name_toggles, priority=900)
    app.connect("html-collect-pages", code_pages)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": False}
