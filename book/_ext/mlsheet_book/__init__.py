"""The book's Sphinx extension: it turns the notebooks' portable Markdown into the book's pages.

A notebook holds only what every reader of notebooks understands.  What the book adds to it
(cards, boxes, folds, chips, marks, source pages) is read from those plain forms, step by step, in
the modules beside this one.
"""

import os
from importlib import resources
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform

from . import elements
from .boxes import enrich_boxes
from .cells import enrich_cells
from .code_pages import code_pages, link_modules, note_modules
from .folds import pair_folds
from .palette import palette_css
from .questions import count_questions, questions_script
from .section_page import enrich_frame, number_title

HERE = Path(__file__).parent


class Enrich(SphinxTransform):
    """Read the portable forms of a page and build what the book shows for them."""

    default_priority = 400

    def apply(self, **_: object) -> None:
        """Run the steps; the frame comes last but one, for checks link to the anchors it sets."""
        pair_folds(self.document)
        enrich_boxes(self.document)
        enrich_frame(self.document, self.env)
        enrich_cells(self.document)
        count_questions(self.document, self.env)
        note_modules(self.document, self.env)
        number_title(self.document)


def configure(app: Sphinx, config: Config) -> None:
    """Put kernels in book mode, keep foreign scripts out, and add the book's own files."""
    os.environ["MLSHEET_BOOK"] = "1"
    config.nb_ipywidgets_js = {}
    config.nb_merge_streams = True
    config.html_show_search_summary = False
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


def write_questions(app: Sphinx, env: BuildEnvironment) -> None:
    """Write the questions' script, once every page has been read."""
    _write_static(app, "mlsheet-questions.js", questions_script(env))


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
    app.connect("env-updated", write_questions)
    app.connect("doctree-resolved", link_modules)
    app.connect("html-collect-pages", code_pages)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": False}
