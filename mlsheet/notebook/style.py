"""The colours of the house: one colour-blind-safe palette, for the light and the dark page.

``plt.style.use("mlsheet.notebook.style")`` applies the house style (``style.mplstyle``), which
draws with the light palette.  A figure in the book is SVG whose house colours become CSS
variables, so that it follows the page's theme; any other colour stays as it is drawn.
"""

import os

INK = "#1a1f26"
MUTED = "#66707c"
GRID = "#d5dae0"
PAPER = "#fefefe"

BLUE = "#0072b2"
ORANGE = "#c05200"
GREEN = "#007a58"
PURPLE = "#a33e7d"
SKY = "#2e9bd6"
GOLD = "#b27a00"

PALETTE = (BLUE, ORANGE, GREEN, PURPLE, SKY, GOLD)

DARK = {
    INK: "#e3e8ee",
    MUTED: "#9aa5b1",
    GRID: "#3a424c",
    PAPER: "#14181e",
    BLUE: "#5ab4f0",
    ORANGE: "#ff9a4d",
    GREEN: "#3fcfa0",
    PURPLE: "#ee8cc4",
    SKY: "#8ad0fa",
    GOLD: "#f2c14e",
}
"""Each house colour and what it becomes on the dark page."""

CSS_NAMES = {
    INK: "ink",
    MUTED: "muted",
    GRID: "grid",
    PAPER: "paper",
    BLUE: "blue",
    ORANGE: "orange",
    GREEN: "green",
    PURPLE: "purple",
    SKY: "sky",
    GOLD: "gold",
}
"""Each house colour and its CSS variable, ``--mlsheet-<name>``."""


def in_book() -> bool:
    """Whether the book's build runs this kernel: then figures and sliders become static HTML.

    Returns
    -------
    bool
        True when the environment variable ``MLSHEET_BOOK`` is ``1``.

    Examples
    --------
    >>> isinstance(in_book(), bool)
    True
    """
    return os.environ.get("MLSHEET_BOOK") == "1"
