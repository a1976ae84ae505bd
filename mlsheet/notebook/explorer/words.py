"""How numbers and short texts are worded for the reader, in HTML or plain."""

import html
import math
import re
from numbers import Integral, Real

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number(value: object) -> str:
    """Word a number with three significant digits (integers whole, strings as they are)."""
    if isinstance(value, Integral):
        return f"{int(value):,}".replace("-", "−")
    if not isinstance(value, Real):
        return str(value)
    rounded = float(f"{float(value):.2e}")
    if rounded and not 1e-3 <= abs(rounded) < 1e6:
        mantissa, exponent = f"{rounded:.2e}".split("e")
        return f"{mantissa} × 10{str(int(exponent)).translate(_SUPERSCRIPT)}".replace("-", "−")
    decimals = 2 - math.floor(math.log10(abs(rounded))) if rounded else 0
    return f"{rounded + 0.0:,.{max(decimals, 0)}f}".replace("-", "−")


def grid_value(value: object) -> str:
    """Word a slider's value: no digits that the grid does not have."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:.6g}".replace("-", "−") if isinstance(value, float) else str(value)


def plain(text: str) -> str:
    """Return `text` without the marks of bold and of mathematics."""
    return text.replace("**", "").replace("$", "")


def rich(text: str, *, mathjax: bool = True) -> str:
    r"""Return `text` as HTML: ``**bold**`` and ``$math$``, all else escaped.

    With `mathjax` the mathematics is marked as Sphinx does; without it the dollars stay.
    """
    escaped = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", html.escape(text))
    if not mathjax:
        return escaped
    return re.sub(
        r"\$(.+?)\$",
        lambda found: rf'<span class="math notranslate nohighlight">\({found[1]}\)</span>',
        escaped,
    )
