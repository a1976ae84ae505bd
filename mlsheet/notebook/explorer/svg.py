"""A matplotlib figure as SVG for the page: house colours become CSS variables, ids vanish.

What is left of a figure is a tree of `Node`; its markers, clips and hatches go to `Definitions`.
"""

import hashlib
import io
import re
import xml.etree.ElementTree as ET
from functools import cache
from typing import Any
from unittest.mock import patch

import matplotlib as mpl
import numpy as np
from matplotlib.backend_bases import RendererBase
from matplotlib.cbook import is_math_text
from matplotlib.figure import Figure
from matplotlib.patheffects import Normal
from matplotlib.text import Text
from PIL import Image

from mlsheet.notebook.explorer.images import Pixels, webp
from mlsheet.notebook.explorer.nodes import Definitions, Node
from mlsheet.notebook.explorer.paths import decimal
from mlsheet.notebook.style import CSS_NAMES

FONT = '"DejaVu Sans",Verdana,sans-serif'
_RC: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "mlsheet",
    "svg.image_inline": True,
    "image.composite_image": False,
}
_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")


class UnpackableError(ValueError):
    """The figure holds something that cannot be told as plain shapes (Gouraud shading)."""


def inline_svg(figure: Figure, label: str) -> str:
    """Return one figure as a themed ``<svg>`` that can stand anywhere in a page."""
    svg = matplotlib_svg(figure)
    definitions = Definitions("m" + hashlib.sha256(svg).hexdigest()[:8])
    try:
        tree = _tree(svg, definitions)
    except UnpackableError:
        tree = picture_tree(figure)
    tree.attributes["aria-label"] = label
    tree.raw = definitions.markup()
    return tree.markup()


def figure_tree(figure: Figure, definitions: Definitions) -> Node:
    """Return a figure as a normalised tree of shapes."""
    return _tree(matplotlib_svg(figure), definitions)


def picture_tree(figure: Figure) -> Node:
    """Return a figure as one picture, for what cannot be told as shapes."""
    png = io.BytesIO()
    figure.savefig(png, format="png", dpi=144)
    pixels: Pixels = np.asarray(Image.open(png).convert("RGB"))
    width, height = (decimal(72 * inches) for inches in figure.get_size_inches())
    image = Node("image", {"width": width, "height": height, "href": webp(pixels)}, key="image")
    return _root(f"0 0 {width} {height}", [image])


def matplotlib_svg(figure: Figure) -> bytes:
    """Return matplotlib's SVG, with real text except for mathematics, which becomes outlines."""
    buffer = io.BytesIO()
    with mpl.rc_context(_RC), patch.object(Text, "draw", _draw_text):
        figure.savefig(buffer, format="svg", metadata=_NO_METADATA)
    return buffer.getvalue()


_matplotlib_draw_text = Text.draw


def _draw_text(text: Text, renderer: RendererBase) -> None:
    """Draw a text, outlined if it holds mathematics: only now is that known of ticks, too."""
    if is_math_text(text.get_text()) and not text.get_path_effects():
        text.set_path_effects([Normal()])
    _matplotlib_draw_text(text, renderer)


def _root(view_box: str, children: list[Node]) -> Node:
    attributes = {
        "class": "mlsheet-svg",
        "viewBox": view_box,
        "role": "img",
        "aria-label": "",
        "font-family": FONT,
        "stroke-linejoin": "round",
    }
    return Node("svg", attributes, children, key="svg")


def _tree(svg: bytes, definitions: Definitions) -> Node:
    root = ET.fromstring(svg)
    names: dict[str, str] = {}
    for group in root.iter("{http://www.w3.org/2000/svg}defs"):
        for element in group:
            tag = _tag(element)
            if tag not in ("path", "clipPath", "pattern", "style"):
                raise UnpackableError(f"the figure defines a {tag}")
            if tag != "style":
                names[element.get("id", "")] = definitions.name(_node(element, names))
    return _root(root.get("viewBox", ""), _children(root, names))


def _tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _children(element: ET.Element, names: dict[str, str]) -> list[Node]:
    return [_node(child, names) for child in element if _tag(child) not in ("defs", "metadata")]


def _node(element: ET.Element, names: dict[str, str]) -> Node:
    attributes: dict[str, str] = {}
    for name, value in element.attrib.items():
        attributes |= _attributes(name, value)
    if attributes.get("href", "").startswith("#"):
        attributes["href"] = f"#{names[attributes['href'][1:]]}"
    for name in ("clip-path", "fill"):
        if attributes.get(name, "").startswith("url(#"):
            attributes[name] = f"url(#{names[attributes[name][5:-1]]})"
    tag = _tag(element)
    kind = re.sub(r"_\d+$", "", element.get("id", "")) if tag == "g" else ""
    text = (element.text or "").strip()
    return Node(tag, attributes, _children(element, names), text, key=f"{tag}:{kind}")


def _attributes(name: str, value: str) -> dict[str, str]:
    """Return what becomes of one attribute; references stay matplotlib's."""
    match name:
        case "id":
            return {}
        case "style" | "fill":  # a fill of its own is a hatch's
            return _style(value if name == "style" else f"fill:{value}")
        case "transform":
            return _transform(value)
        case "x" | "y" | "width" | "height":
            return {name: " ".join(decimal(float(word)) for word in value.split())}
        case _ if name.endswith("}href"):
            return {"href": value.replace("\n", "")}
    return {name: value}


def _transform(value: str) -> dict[str, str]:
    if value.startswith("rotate(-0 "):
        return {}
    exact = "scale" in value or "matrix" in value
    return {
        "transform": _NUMBER.sub(
            lambda found: f"{float(found[0]):.6g}" if exact else decimal(float(found[0])), value
        )
    }


@cache
def _style(style: str) -> dict[str, str]:
    """Turn a style into presentation attributes, which are cheaper to change one by one.

    House colours stay a style: ``var()`` is only sure to be understood there.
    """
    attributes: dict[str, str] = {}
    themed = []
    for name, value in re.findall(r"([\w-]+):\s*([^;]+)", style):
        if name in ("fill", "stroke") and value in CSS_NAMES:
            themed.append(f"{name}:var(--mlsheet-{CSS_NAMES[value]},{value})")
        elif name == "font":
            attributes |= _font(value)
        elif name != "font-family" or not value.startswith("'DejaVu Sans',"):
            attributes[name] = value
    return attributes | ({"style": ";".join(themed)} if themed else {})


def _font(shorthand: str) -> dict[str, str]:
    """Take apart the font shorthand of matplotlib before 3.10."""
    words, size, family = re.split(r"([\d.]+px) ", shorthand, maxsplit=1)
    attributes = {"font-size": size}
    for word in words.split():
        attributes["font-style" if word in ("italic", "oblique") else "font-weight"] = word
    if not family.startswith("'DejaVu Sans'"):
        attributes["font-family"] = family
    return attributes
