"""Serve MathJax from the book itself: copy what the pages load out of the pinned package."""

import importlib.util
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.fileutil import copy_asset

PARTS = ("tex-chtml.js", "output/chtml/fonts", "input/tex/extensions")


def copy_mathjax(app: Sphinx) -> None:
    """Copy the script, its fonts and the TeX extensions that it loads when a formula needs one."""
    spec = importlib.util.find_spec("sphinx-mathjax-offline")
    if spec is None or spec.origin is None:
        raise ExtensionError("the package sphinx-mathjax-offline, which holds MathJax, is missing")
    source = Path(spec.origin).parent / "static" / "mathjax"
    target = Path(app.outdir) / "_static" / "mathjax"
    for part in PARTS:
        folder = target / part if (source / part).is_dir() else (target / part).parent
        copy_asset(source / part, folder)


def setup(app: Sphinx) -> dict[str, Any]:
    """Copy before any page is written, so that pages carry the script's checksum."""
    app.config.mathjax_path = "mathjax/tex-chtml.js"
    app.connect("builder-inited", copy_mathjax)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
