"""A page that holds explorers and nothing else, as the book would show them."""

import os
from importlib import resources
from unittest import mock

from matplotlib import pyplot as plt

from mlsheet.notebook.explorer import Steps, explore


def displayed(draw, *, book="1", **options):
    """Return what `explore` displays, by MIME type, with text where the test gives none."""
    shown = []
    options = {"question": "What moves?", "answer": "All of it."} | options
    with (
        mock.patch.dict(os.environ, MLSHEET_BOOK=book),
        mock.patch("IPython.display.display", lambda content, raw: shown.append(content)),
        plt.style.context("mlsheet.notebook.style"),
    ):
        explore(draw, **options)
    return shown[0]


def stepped(draw, steps):
    """Return the HTML of the explorer of a drawing function of one integer."""
    return displayed(draw, step=Steps(steps - 1))["text/html"]


def page_of(*explorers):
    """Return a whole page."""
    files = resources.files("mlsheet.notebook.explorer")
    css, js = (files.joinpath(name).read_text() for name in ("explorer.css", "explorer.js"))
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Explorers</title>'
        f"<style>{css}</style><main><h1>Explorers</h1>{''.join(explorers)}</main>"
        f"<script>{js}</script></html>"
    )
