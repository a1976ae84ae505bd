"""Outlines of SVG paths as matplotlib writes them: absolute M, L, Q, C and z."""

import re

import numpy as np
from numpy.typing import NDArray

PAIRS = {"M": 1, "L": 1, "Q": 2, "C": 3, "z": 0}
"""Each command and how many points it takes."""

Points = NDArray[np.float64]


def parse(path: str) -> tuple[str, Points]:
    """Return the commands, one letter each, and the points as rows of two."""
    tokens = path.split()
    commands = "".join(token for token in tokens if token in PAIRS)
    numbers = np.array([token for token in tokens if token not in PAIRS], dtype=float)
    return commands, numbers.reshape(-1, 2)


def skeleton(commands: str) -> str:
    """Return the commands with runs counted: ``MLLLz`` becomes ``M1L3z1``."""
    return re.sub(r"(.)\1*", lambda run: f"{run[1]}{len(run[0])}", commands)


def compact(path: str) -> str:
    """Return the same path in fewer characters."""
    commands, points = parse(path)
    words = [decimal(number) for number in points.ravel()]
    out, at = [], 0
    for command in commands:
        after = at + 2 * PAIRS[command]
        out.append(command + " ".join(words[at:after]))
        at = after
    return "".join(out)


def decimal(number: float) -> str:
    """Word a number with at most two decimals: a hundredth of a point is never seen."""
    return f"{round(number, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def simplify(commands: str, points: Points, tolerance: float) -> tuple[str, Points]:
    """Drop points of long polylines that lie within `tolerance` of the line without them."""
    if len(points) <= 8 or "Q" in commands or "C" in commands:
        return commands, points
    kept_commands, kept_points, at = [], [], 0
    for part in re.findall("ML*z*", commands):
        run = points[at : at + part.count("L") + 1]
        at += len(run)
        kept = run[_corners(run, tolerance)]
        kept_points.append(kept)
        kept_commands.append("M" + "L" * (len(kept) - 1) + "z" * part.count("z"))
    return "".join(kept_commands), np.concatenate(kept_points)


def _corners(points: Points, tolerance: float) -> NDArray[np.bool_]:
    """Mark the points that the Ramer-Douglas-Peucker algorithm keeps."""
    kept = np.zeros(len(points), dtype=bool)
    kept[[0, -1]] = True
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        chord = points[last] - points[first]
        offsets = points[first + 1 : last] - points[first]
        along = np.clip(offsets @ chord / max(chord @ chord, 1e-12), 0, 1)
        distances = np.hypot(*(offsets - along[:, None] * chord).T)
        farthest = int(distances.argmax())
        if distances[farthest] > tolerance:
            middle = first + 1 + farthest
            kept[middle] = True
            spans += [(first, middle), (middle, last)]
    return kept
