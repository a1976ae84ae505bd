"""Many trees of one shape, more or less, become one tree whose changing parts are slots."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from mlsheet.notebook.explorer.nodes import Node

TEXT, HTML = "#text", "#html"
"""The names of the slots that are no attribute: an element's text, all of its content."""


@dataclass
class Slot:
    """A part of an element that changes: its value in every frame, None where it is absent."""

    attribute: str
    values: list[str | None]


@dataclass
class Merged:
    """An element over all frames: what is common to them, and its slots."""

    node: Node
    children: list["Merged"] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)

    def changing(self) -> "Iterator[Merged]":
        """Yield the elements that hold slots, in document order."""
        if self.slots:
            yield self
        for child in self.children:
            yield from child.changing()

    def at(self, frame: int) -> Node:
        """Return the element as it is in one frame; changing elements are marked."""
        node = self.node
        shown = Node(node.tag, dict(node.attributes), text=node.text, raw=node.raw)
        shown.children = [child.at(frame) for child in self.children]
        if self.slots:
            shown.attributes["data-slot"] = ""
        for slot in self.slots:
            value = slot.values[frame]
            if slot.attribute == TEXT:
                shown.text = value or ""
            elif slot.attribute == HTML:
                shown.raw = value or ""
            elif value:
                shown.attributes[slot.attribute] = value
        return shown


def merge(nodes: Sequence[Node | None]) -> Merged:
    """Merge one element's versions, one for each frame; None where a frame lacks it."""
    present = [node for node in nodes if node is not None]
    merged = Merged(Node(present[0].tag))
    if len(present) < len(nodes):
        merged.slots.append(Slot("display", ["none" if node is None else "" for node in nodes]))
    for name in dict.fromkeys(name for node in present for name in node.attributes):
        values = [None if node is None else node.attributes.get(name, "") for node in nodes]
        common = _common(values)
        if common is None:
            merged.slots.append(Slot(name, values))
        else:
            merged.node.attributes[name] = common

    text = _common([node.text if node else None for node in nodes])
    raw = _common([node.raw if node else None for node in nodes])
    children = _aligned([node.children if node else None for node in nodes])
    if raw is None or children is None or (text is None and children):
        merged.slots.append(Slot(HTML, [node.inner() if node else None for node in nodes]))
        return merged
    merged.node.raw = raw
    if text is None:
        merged.slots.append(Slot(TEXT, [node.text if node else None for node in nodes]))
    else:
        merged.node.text = text
    merged.children = [merge(versions) for versions in children]
    return merged


def _common(values: Sequence[str | None]) -> str | None:
    different = {value for value in values if value is not None}
    return different.pop() if len(different) == 1 else None


def _aligned(frames: Sequence[list[Node] | None]) -> list[list[Node | None]] | None:
    """Match children over frames by (key, occurrence); None if no one order fits all frames."""
    frame_maps = [None if children is None else _by_occurrence(children) for children in frames]
    present = [frame_map for frame_map in frame_maps if frame_map is not None]
    order: list[tuple[str, int]] = []
    for keys in sorted(dict.fromkeys(map(tuple, present)), key=len, reverse=True):
        after = 0
        for key in keys:
            if key in order:
                after = order.index(key) + 1
            else:
                order.insert(after, key)
                after += 1
    rank = {key: i for i, key in enumerate(order)}
    for frame_map in present:
        ranks = [rank[key] for key in frame_map]
        if ranks != sorted(ranks):
            return None
    return [[m.get(key) if m is not None else None for m in frame_maps] for key in order]


def _by_occurrence(children: list[Node]) -> dict[tuple[str, int], Node]:
    seen: dict[str, int] = {}
    found = {}
    for child in children:
        seen[child.key] = seen.get(child.key, -1) + 1
        found[child.key, seen[child.key]] = child
    return found
