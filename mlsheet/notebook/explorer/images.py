"""Images that change: bytes of one palette, or WebP where there are too many colours."""

import gzip
import io
from base64 import b64decode, b64encode
from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_SEEN_PIXELS = 10_000
"""With fewer pixels than this each is seen, so that losses would be too."""

Pixels = NDArray[np.uint8]


class Indexed(NamedTuple):
    """Images as indices into a table of colours, as differences between rows or pixels."""

    size: tuple[int, int]
    colours: str
    between_rows: int
    along: int
    differences: bytes


def indexed(urls: Sequence[str]) -> Indexed | None:
    """Return PNG images as indices, dark to light; None if they are many-coloured or unequal."""
    images = [read_png(url) for url in urls]
    if len({image.shape for image in images}) > 1:
        return None
    palette, found = np.unique(np.stack(images).view(np.uint32), return_inverse=True)
    if len(palette) > 256:
        return None
    rgba = palette.view(np.uint8).reshape(-1, 4)
    order = np.argsort(rgba[:, :3] @ np.array([299, 587, 114]), kind="stable")
    ranks = np.argsort(order)[found].reshape(len(images), -1)
    ways = []
    for between_rows, along in product((0, 1), (0, 1)):
        rest = np.diff(ranks, axis=0, prepend=0 * ranks[:1]) if between_rows else ranks
        rest = np.diff(rest, axis=1, prepend=0 * rest[:, :1]) if along else rest
        data = (rest & 255).astype(np.uint8).tobytes()
        ways.append((len(gzip.compress(data, 6)), between_rows, along, data))
    _, between_rows, along, data = min(ways)
    height, width = images[0].shape[:2]
    colours = b64encode(rgba[order].tobytes()).decode()
    return Indexed((width, height), colours, between_rows, along, data)


def read_png(url: str) -> Pixels:
    """Return the pixels of a PNG image in a data URL."""
    png = b64decode(url.partition(",")[2])
    return np.ascontiguousarray(Image.open(io.BytesIO(png)).convert("RGBA"))


def webp(image: Pixels) -> str:
    """Return an image as a data URL of WebP, exactly if its pixels can be seen."""
    buffer = io.BytesIO()
    exact = image.shape[0] * image.shape[1] < _SEEN_PIXELS
    Image.fromarray(image).save(buffer, "WEBP", lossless=exact, quality=80)
    return "data:image/webp;base64," + b64encode(buffer.getvalue()).decode()
