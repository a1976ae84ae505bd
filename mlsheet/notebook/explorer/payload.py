"""What changes over the frames, as few bytes: a JSON header, a stream of integers, raw pixels.

A slot is stored only over the sliders on which it depends, in one of three ways: ``numbers``,
whose wording is the same in every frame; ``choices`` from a pool of texts or outlines;
``images``. The decoder is in ``explorer.js``.
"""

import gzip
import json
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlsheet.notebook.explorer.images import indexed, read_png, webp
from mlsheet.notebook.explorer.merge import Merged, Slot
from mlsheet.notebook.explorer.paths import parse, simplify, skeleton

Integers = NDArray[np.int64]
Axes = tuple[int, ...]

TOLERANCE = 0.08
"""How far, in points, a simplified outline may be from matplotlib's."""

_SCALES = {"d": 10, "x": 10, "y": 10, "width": 10, "height": 10, "transform": 100}
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass
class _Packed:
    """The payload as it grows: numbers wait for others of the same wording."""

    header: dict[str, Any]
    numbers: dict[tuple[Axes, str, str], list[tuple[int, Integers]]] = field(default_factory=dict)
    pools: dict[tuple[Axes, str], list[tuple[int, list[str]]]] = field(default_factory=dict)
    integers: list[Integers] = field(default_factory=list)
    pixels: list[bytes] = field(default_factory=list)


def pack(merged: Merged, shape: Sequence[int]) -> bytes:
    """Return the gzipped payload of all slots over a grid of `shape`."""
    packed = _Packed({"shape": list(shape), "numbers": [], "choices": [], "images": []})
    for number, element in enumerate(merged.changing()):
        for slot in element.slots:
            axes, values = _over_its_axes(slot, shape)
            if slot.attribute == "href" and all(v.startswith("data:image/png") for v in values):
                if images := indexed(values):
                    packed.header["images"].append([axes, number, *images[:-1]])
                    packed.pixels.append(images.differences)
                    continue
                values = [webp(read_png(value)) for value in values]
            if (matrix := _as_numbers(slot.attribute, values)) is not None:
                key = (axes, slot.attribute, matrix[0])
                packed.numbers.setdefault(key, []).append((number, matrix[1]))
            else:
                packed.pools.setdefault((axes, slot.attribute), []).append((number, values))
    _write_numbers(packed)
    _write_pools(packed)
    header = json.dumps(packed.header, separators=(",", ":"), ensure_ascii=False).encode()
    stream, pixels = varints(np.concatenate([*packed.integers, []])), b"".join(packed.pixels)
    lengths = struct.pack("<II", len(header), len(stream))
    return gzip.compress(lengths + header + stream + pixels, 9, mtime=0)


def varints(values: NDArray[Any]) -> bytes:
    """Code integers zigzag, seven bits a byte, so that small ones take one byte."""
    signed = values.astype(np.int64)
    left = ((signed << 1) ^ (signed >> 63)).astype(np.uint64)
    places = np.arange(9)
    sizes = 1 + (left[:, None] >= np.uint64(1) << (7 * places[1:]).astype(np.uint64)).sum(axis=1)
    sevens = (left[:, None] >> (7 * places).astype(np.uint64)) & np.uint64(127)
    continued = np.where(places < sizes[:, None] - 1, 128, 0)
    return bytes((sevens.astype(int) | continued)[places < sizes[:, None]].astype(np.uint8))


def _over_its_axes(slot: Slot, shape: Sequence[int]) -> tuple[Axes, list[str]]:
    """Return the sliders that move this slot, and its values over these alone."""
    codes: dict[str | None, int] = {}
    grid = np.array([codes.setdefault(v, len(codes)) for v in slot.values]).reshape(shape)
    axes = tuple(a for a in range(grid.ndim) if (grid != grid.take([0], a)).any())
    rows = [range(n) if a in axes else range(1) for a, n in enumerate(shape)]
    chosen = [slot.values[np.ravel_multi_index(p, shape)] for p in product(*rows)]
    last = next(value for value in chosen if value is not None)
    values = []
    for value in chosen:  # where the element is absent anything will do: what was last
        last = last if value is None else value
        values.append(last)
    return axes, values


def _as_numbers(attribute: str, values: list[str]) -> tuple[str, Integers] | None:
    """Return the wording and a row of integers for each value, if all are worded alike."""
    scale = _SCALES.get(attribute)
    if scale is None or "matrix" in values[0] or "scale" in values[0]:
        return None
    if attribute == "d":
        parsed = [parse(value) for value in values]
        if len({commands for commands, _ in parsed}) > 1:
            return None
        matrix = _integers(np.array([points.ravel() for _, points in parsed]), scale)
        separate = [_outline(value) for value in dict.fromkeys(values)]
        if sum(_cost(line) + 16 for _, line in separate) < _cost(_predicted(matrix, 2)[2]):
            return None
        return skeleton(parsed[0][0]), matrix
    wordings = {_NUMBER.sub("~", value) for value in values}
    wording = wordings.pop()
    if wordings or "~" not in wording:
        return None
    rows = np.array([[float(word) for word in _NUMBER.findall(value)] for value in values])
    return wording, _integers(rows, scale)


def _integers(numbers: NDArray[np.float64], scale: int) -> Integers:
    """Round to integers that JavaScript's 32 bits can hold: far outside is far outside."""
    return np.clip(np.rint(numbers * scale), -(2**30), 2**30).astype(np.int64)


def _outline(path: str) -> tuple[str, Integers]:
    """Return a path of its own as wording and differences from point to point."""
    commands, points = simplify(*parse(path), TOLERANCE)
    rounded = _integers(points, _SCALES["d"])
    return skeleton(commands), np.diff(rounded, axis=0, prepend=[[0, 0]]).ravel()


def _cost(integers: Integers) -> float:
    """Estimate the bits that these integers will take."""
    return float(np.log2(1 + 2 * np.abs(integers)).sum() + 0.3 * np.count_nonzero(integers))


def _predicted(matrix: Integers, stride: int) -> tuple[int, int, Integers]:
    """Return the cheapest differences: between rows or not, along a row 0, 1 or 2 times."""
    ways = []
    for between_rows, times in product((0, 1), (0, 1, 2)):
        rest = np.diff(matrix, axis=0, prepend=0 * matrix[:1]) if between_rows else matrix.copy()
        for _ in range(times):
            rest[:, stride:] -= rest[:, :-stride].copy()
        ways.append((between_rows, times, rest))
    return min(ways, key=lambda way: _cost(way[2]))


def _write_numbers(packed: _Packed) -> None:
    for (axes, attribute, wording), slots in packed.numbers.items():
        width = slots[0][1].shape[1]
        matrix = np.hstack([rows for _, rows in slots])
        between_rows, times, rest = _predicted(matrix, 2 if attribute == "d" else width)
        nodes = [number for number, _ in slots]
        scale = _SCALES[attribute]
        packed.header["numbers"].append(
            [axes, attribute, nodes, wording, width, scale, between_rows, times]
        )
        packed.integers.append((rest.T if between_rows else rest).ravel())


def _write_pools(packed: _Packed) -> None:
    for (axes, attribute), slots in packed.pools.items():
        pool = {value: i for i, value in enumerate(dict.fromkeys(v for _, vs in slots for v in vs))}
        texts = list(pool)
        if attribute == "d":
            outlines = [_outline(text) for text in texts]
            texts = [wording for wording, _ in outlines]
            packed.integers += [line for _, line in outlines]
        packed.header["choices"].append([axes, attribute, [number for number, _ in slots], texts])
        for _, values in slots:
            packed.integers.append(np.diff([pool[value] for value in values], prepend=0))
