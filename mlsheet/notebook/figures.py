"""Figures with a caption and a text alternative, in the notebook and in the book."""

import io
from base64 import b64encode
from html import escape

from matplotlib.figure import Figure

from mlsheet.notebook.style import in_book


def show(fig: Figure, *, alt: str, caption: str) -> None:
    """Show a figure with its caption, and with a text for those who can't see it.

    In a notebook the figure is a picture; in the book it is SVG that follows the page's theme.
    The figure is closed.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        What to show.
    alt : str
        What there is to see, in one or two sentences.
    caption : str
        What it means; may hold ``$math$`` and ``**bold**``.

    Raises
    ------
    ValueError
        If `alt` or `caption` is empty or `fig` is no figure.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> show(plt.figure(), alt="An empty page.", caption="")
    Traceback (most recent call last):
    ValueError: show: caption is empty, but each figure has one
    """
    from IPython.display import display
    from matplotlib import pyplot as plt

    from mlsheet.notebook.explorer.words import plain, rich

    if not isinstance(fig, Figure):
        raise ValueError(f"show: expected a matplotlib figure, got {type(fig).__name__}")
    for name, text in [("alt", alt), ("caption", caption)]:
        if not text.strip():
            raise ValueError(f"show: {name} is empty, but each figure has one")
    picture = _svg(fig, alt) if in_book() else _png(fig, alt)
    plt.close(fig)
    words = rich(caption, mathjax=in_book())
    html = f'<figure class="mlsheet-figure">{picture}<figcaption>{words}</figcaption></figure>'
    content = {"text/html": html, "text/plain": f"Figure: {plain(caption)} {alt}"}
    display(content, raw=True)  # type: ignore[no-untyped-call]


def _svg(fig: Figure, alt: str) -> str:
    from mlsheet.notebook.explorer.svg import inline_svg

    return inline_svg(fig, alt)


def _png(fig: Figure, alt: str) -> str:
    buffer = io.BytesIO()
    fig.savefig(buffer, format="png", dpi=160)
    data = b64encode(buffer.getvalue()).decode()
    width = round(fig.get_figwidth() * 110)
    return f'<img alt="{escape(alt)}" width="{width}" src="data:image/png;base64,{data}">'
