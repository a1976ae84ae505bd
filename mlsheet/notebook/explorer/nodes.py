"""Trees of elements, and the definitions to which they refer."""

import re
from dataclasses import dataclass, field
from html import escape

from mlsheet.notebook.explorer.paths import compact

_EMPTY_TAGS = frozenset({"path", "use", "image", "rect"})


@dataclass
class Node:
    """An element: `key` says what it is among its siblings, `raw` is markup to stand verbatim."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Node"] = field(default_factory=list)
    text: str = ""
    raw: str = ""
    key: str = ""

    def inner(self) -> str:
        """Return the markup between the element's tags."""
        children = "".join(child.markup() for child in self.children)
        return self.raw + escape(self.text, quote=False) + children

    def markup(self) -> str:
        """Return the element as HTML or SVG text."""
        words = [self.tag]
        for name, value in self.attributes.items():
            words.append(f'{name}="{escape(compact(value) if name == "d" else value)}"')
        inner = self.inner()
        if not inner and self.tag in _EMPTY_TAGS:
            return f"<{' '.join(words)}/>"
        return f"<{' '.join(words)}>{inner}</{self.tag}>"


class Definitions:
    """The markers, clips and hatches of one figure or of many frames, each once."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.names: dict[str, str] = {}

    def name(self, element: Node) -> str:
        """Return the id under which `element` is defined: equal ones have the same."""
        return self.names.setdefault(element.markup(), f"{self.prefix}-{len(self.names)}")

    def markup(self) -> str:
        """Return the ``<defs>`` to which the figures refer."""
        named = (
            re.sub(r"^<\w+", rf'\g<0> id="{name}"', content, count=1)
            for content, name in self.names.items()
        )
        return f"<defs>{''.join(named)}</defs>" if self.names else ""
