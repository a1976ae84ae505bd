"""The map of the book: a column for each chapter, a line for each step between sections."""

import html
from collections.abc import Iterable, Mapping

from .reading_path import order

COLUMN, ROW, WIDTH, HEIGHT, TOP = 76, 26, 46, 19, 30


def map_svg(
    titles: Mapping[str, str],
    pages: Mapping[str, str],
    steps: Iterable[tuple[str, str]],
    chapters: Mapping[str, str],
) -> str:
    """Return the map as SVG.

    `titles` names every section by its number, `pages` has the address of each written one, a
    step leads from a section to one that builds on it, `chapters` names each chapter.
    """
    columns = {chapter: [n for n in titles if n.split(".")[0] == chapter] for chapter in chapters}
    places = {
        number: (i * COLUMN + COLUMN / 2, TOP + ROW * (j + 0.5))
        for i, members in enumerate(columns.values())
        for j, number in enumerate(sorted(members, key=order))
    }
    heads = (
        f'<text class="chapter" x="{i * COLUMN + COLUMN / 2}" y="16">{chapter}'
        f"<title>{html.escape(name)}</title></text>"
        for i, (chapter, name) in enumerate(chapters.items())
    )
    lines = (
        f'<path data-from="{earlier}" data-to="{later}" '
        f'd="{_curve(places[earlier], places[later])}"/>'
        for earlier, later in sorted(steps)
    )
    marks = (_mark(n, titles[n], pages.get(n), *place) for n, place in places.items())
    height = TOP + ROW * max(map(len, columns.values()))
    return (
        f'<svg class="mlsheet-map" viewBox="0 0 {COLUMN * len(chapters)} {height:g}" role="group" '
        'aria-label="Map of the sections; the list below says the same in words">'
        f"<g>{''.join(heads)}</g><g>{''.join(lines)}</g><g>{''.join(marks)}</g></svg>"
    )


def _curve(start: tuple[float, float], end: tuple[float, float]) -> str:
    """Return a path from one section to another; within a column it swings out to the right."""
    (x0, y0), (x1, y1) = start, end
    if x0 == x1:
        edge, out = x0 + WIDTH / 2, min(14.0, 5 + abs(y1 - y0) / 16)
        return f"M{edge} {y0}C{edge + out:g} {y0} {edge + out:g} {y1} {edge} {y1}"
    side = WIDTH / 2 if x1 > x0 else -WIDTH / 2
    middle = (x0 + x1) / 2
    return f"M{x0 + side} {y0}C{middle} {y0} {middle} {y1} {x1 - side} {y1}"


def _mark(number: str, title: str, page: str | None, x: float, y: float) -> str:
    name = html.escape(f"{number} {title}")
    box = (
        f'<rect x="{x - WIDTH / 2}" y="{y - HEIGHT / 2}" width="{WIDTH}" height="{HEIGHT}" rx="9"/>'
        f'<text x="{x}" y="{y + 4}">{number}</text><title>{name}</title>'
    )
    if page is None:
        return f'<g class="unwritten">{box}</g>'
    return f'<a href="{page}" data-number="{number}" aria-label="{name}">{box}</a>'
