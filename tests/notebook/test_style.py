"""The house colours: one palette in both places, legible and apart for every eye."""

import itertools
import re
from importlib import resources

import matplotlib as mpl
import numpy as np
import pytest

from mlsheet.notebook import style

# Machado, Oliveira and Fernandes (2009), severity 1, for linear RGB.
DEFICIENCIES = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                   [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                     [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                   [0.004733, 0.691367, 0.303900]],
}  # fmt: skip
LIGHT = {colour: colour for colour in style.DARK}


def linear(colour):
    rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def contrast(first, second):
    low, high = sorted(linear(c) @ [0.2126, 0.7152, 0.0722] for c in (first, second))
    return (high + 0.05) / (low + 0.05)


def lab(rgb):
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    t = xyz @ np.clip(rgb, 0, 1) / [0.9505, 1, 1.089]
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("theme", [LIGHT, style.DARK], ids=["light", "dark"])
def test_text_and_data_stand_out_from_the_page(theme):
    paper = theme[style.PAPER]
    assert contrast(theme[style.INK], paper) > 12
    for colour in (style.MUTED, style.BLUE, style.ORANGE, style.GREEN, style.PURPLE):
        assert contrast(theme[colour], paper) >= 4.5, colour  # these also colour words
    for colour in style.PALETTE:
        assert contrast(theme[colour], paper) >= 3, colour


@pytest.mark.parametrize("theme", [LIGHT, style.DARK], ids=["light", "dark"])
@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_the_first_four_colours_are_apart_for_every_eye(theme, deficiency):
    seen = [lab(np.array(DEFICIENCIES[deficiency]) @ linear(theme[c])) for c in style.PALETTE[:4]]
    distances = [np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2)]
    assert min(distances) > 11


def test_the_style_sheet_has_the_palettes_colours():
    with mpl.rc_context():
        mpl.style.use("mlsheet.notebook.style")
        cycle = tuple(
            "#" + c.lstrip("#") for c in mpl.rcParams["axes.prop_cycle"].by_key()["color"]
        )
    assert cycle == style.PALETTE
    sheet = resources.files("mlsheet.notebook").joinpath("style.mplstyle").read_text("utf-8")
    colours = {"#" + found for found in re.findall(r"\b[0-9a-f]{6}\b", sheet)}
    assert colours <= style.CSS_NAMES.keys()


def test_every_colour_has_a_name_and_a_dark_form():
    assert style.CSS_NAMES.keys() == style.DARK.keys()
    assert set(style.PALETTE) < style.DARK.keys()


def test_the_mode_is_the_environments(monkeypatch):
    monkeypatch.setenv("MLSHEET_BOOK", "1")
    assert style.in_book()
    monkeypatch.delenv("MLSHEET_BOOK")
    assert not style.in_book()
