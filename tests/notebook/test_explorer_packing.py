"""From figures to bytes: trees, their merging, and the integers that come back."""

import gzip
import io
import json
import struct
from base64 import b64decode, b64encode
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from matplotlib import pyplot as plt
from PIL import Image

from mlsheet.notebook.explorer import images, payload
from mlsheet.notebook.explorer.merge import merge
from mlsheet.notebook.explorer.nodes import Definitions, Node
from mlsheet.notebook.explorer.paths import compact, parse, simplify, skeleton
from mlsheet.notebook.explorer.svg import figure_tree, inline_svg


def integers(stream):
    """Decode varints, the slow and obvious way."""
    values, value, place = [], 0, 0
    for byte in stream:
        value |= (byte & 127) << place
        place += 7
        if byte < 128:
            values.append(-(value + 1) // 2 if value % 2 else value // 2)
            value = place = 0
    return values


@given(st.lists(st.integers(-(2**52), 2**52)))
def test_varints_come_back(values):
    assert integers(payload.varints(np.array(values, dtype=np.int64))) == values


def test_small_integers_take_one_byte():
    assert payload.varints(np.array([0, -1, 1, 63, -64, 64])) == bytes([0, 1, 2, 126, 127, 128, 1])


@given(
    arrays.arrays(np.int64, (5, 6), elements=st.integers(-5000, 5000)),
    st.sampled_from([1, 2, 3, 6]),
)
def test_differences_come_back(matrix, stride):
    between_rows, times, rest = payload._predicted(matrix, stride)
    for _ in range(times):
        for column in range(stride, 6):
            rest[:, column] += rest[:, column - stride]
    assert np.array_equal(rest.cumsum(axis=0) if between_rows else rest, matrix)


def node(*keys, **attributes):
    return Node("g", attributes, [Node("path", {"d": "M 0 0"}, key=key) for key in keys], key="g")


def slots(merged):
    return [
        (slot.attribute, slot.values) for element in merged.changing() for slot in element.slots
    ]


def test_equal_trees_have_no_slots():
    assert slots(merge([node("a", "b"), node("a", "b")])) == []


def test_an_attribute_that_changes_is_a_slot():
    merged = merge([node(fill="red"), node(fill="blue"), node()])
    assert slots(merged) == [("fill", ["red", "blue", ""])]
    assert merged.at(1).attributes == {"data-slot": "", "fill": "blue"}
    assert merged.at(2).attributes == {"data-slot": ""}


def test_a_missing_element_is_hidden():
    merged = merge([node("a"), node("a", "b"), node("a", "b", "b")])
    assert slots(merged) == [("display", ["none", "", ""]), ("display", ["none", "none", ""])]
    assert [child.attributes.get("display") for child in merged.at(1).children] == [
        None,
        None,
        "none",
    ]


def test_elements_without_common_order_are_markup():
    merged = merge([node("a", "b"), node("b", "a"), None])
    assert slots(merged) == [
        ("display", ["", "", "none"]),
        ("#html", ['<path d="M0 0"/><path d="M0 0"/>'] * 2 + [None]),
    ]


def test_a_text_that_changes_is_a_slot():
    texts = [Node("text", text=text) for text in ("<1>", "&")]
    merged = merge(texts)
    assert slots(merged) == [("#text", ["<1>", "&"])]
    assert merged.at(0).markup() == '<text data-slot="">&lt;1&gt;</text>'


def header(trees, shape):
    data = gzip.decompress(payload.pack(merge(trees), shape))
    length, stream = struct.unpack("<II", data[:8])
    return json.loads(data[8 : 8 + length]), integers(data[8 + length : 8 + length + stream])


def test_a_slot_is_stored_over_the_sliders_that_move_it():
    trees = [Node("use", {"x": f"{10 * a}", "href": f"#{b}"}) for a in range(3) for b in range(2)]
    found, stream = header(trees, (3, 2))
    assert found["numbers"] == [[[0], "x", [0], "~", 1, 10, 1, 0]]
    assert found["choices"] == [[[1], "href", [0], ["#0", "#1"]]]
    assert stream == [0, 100, 100, 0, 1]


def test_paths_of_one_shape_are_numbers_and_others_outlines():
    same = [Node("path", {"d": f"M 0 {y} L 1 {y} z"}) for y in range(3)]
    assert header(same, (3,))[0]["numbers"][0][:4] == [[0], "d", [0], "M1L1z1"]
    other = [Node("path", {"d": "M 0 0" + " L 1 1" * n}) for n in range(1, 4)]
    found, stream = header(other, (3,))
    assert found["choices"] == [[[0], "d", [0], ["M1L1", "M1L2", "M1L3"]]]
    assert stream == [0, 0, 10, 10, 0, 0, 10, 10, 0, 0, 0, 0, 10, 10, 0, 0, 0, 0, 0, 1, 1]


def test_what_lies_far_outside_fits_in_32_bits():
    stream = header([Node("use", {"x": x}) for x in ("1", "9" * 20)], (2,))[1]
    assert stream == [10, 2**30 - 10]


def test_packing_is_reproducible():
    trees = [Node("use", {"x": str(x)}) for x in range(9)]
    assert payload.pack(merge(trees), (9,)) == payload.pack(merge(trees), (9,))


def test_compact_paths():
    assert compact("M 57.600 -0.001 \nL 0.126 100 \nC 1 2 3 4 5 6.5 \nz\n") == (
        "M57.6 0L0.13 100C1 2 3 4 5 6.5z"
    )
    assert skeleton("MLLLzMLz") == "M1L3z1M1L1z1"


@given(arrays.arrays(float, (30, 2), elements=st.floats(0, 300)), st.integers(2, 28))
def test_simplified_lines_stay_within_the_tolerance(points, cut):
    commands = "M" + "L" * (cut - 1) + "zM" + "L" * (29 - cut)
    kept_commands, kept = simplify(commands, points, 0.5)
    assert kept_commands.count("M") == 2
    assert kept_commands.count("M") + kept_commands.count("L") == len(kept)
    second = len(kept_commands[: kept_commands.index("z")])
    for part, line in ((points[:cut], kept[:second]), (points[cut:], kept[second:])):
        assert np.array_equal(line[[0, -1]], part[[0, -1]])
        for point in part:
            assert min(distance(point, *ends) for ends in pairwise(line)) < 0.51


def distance(point, start, end):
    along = end - start
    share = np.clip((point - start) @ along / max(along @ along, 1e-12), 0, 1)
    return np.hypot(*(start + share * along - point))


def test_curves_are_not_simplified():
    commands, points = parse("M 0 0" + " C 1 0 2 0 3 0" * 9)
    assert simplify(commands, points, 1.0)[0] == commands


@given(arrays.arrays(np.uint8, (3, 4, 5), elements=st.integers(0, 9)))
def test_palette_images_come_back(levels):
    colours = np.random.default_rng(0).integers(0, 256, (10, 4), dtype=np.uint8)
    colours[:, 3] = 255
    frames = colours[levels]
    found = images.indexed([png(frame) for frame in frames])
    ranks = np.frombuffer(found.differences, np.uint8).reshape(3, 20)
    ranks = ranks.cumsum(axis=1, dtype=np.uint8) if found.along else ranks
    ranks = ranks.cumsum(axis=0, dtype=np.uint8) if found.between_rows else ranks
    table = np.frombuffer(b64decode(found.colours), np.uint8).reshape(-1, 4)
    assert found.size == (5, 4)
    assert np.array_equal(table[ranks].reshape(frames.shape), frames)


def png(pixels):
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return "data:image/png;base64," + b64encode(buffer.getvalue()).decode()


def test_many_colours_and_unequal_sizes_are_no_palette_images():
    photo = np.random.default_rng(0).integers(0, 256, (20, 20, 4), dtype=np.uint8)
    assert images.indexed([png(photo)]) is None
    assert images.indexed([png(photo[:2, :2]), png(photo[:3, :3])]) is None
    assert images.webp(photo).startswith("data:image/webp;base64,")


@pytest.fixture
def figure():
    with plt.style.context("mlsheet.notebook.style"):
        figure, axes = plt.subplots()
        yield figure, axes
    plt.close(figure)


def test_house_colours_follow_the_theme_and_others_stay(figure):
    figure, axes = figure
    axes.plot([0, 1], color="#0072b2", alpha=0.5)
    axes.plot([1, 0], color="#123456")
    markup = inline_svg(figure, 'A "line" & <more>')
    assert 'aria-label="A &quot;line&quot; &amp; &lt;more&gt;"' in markup
    assert 'opacity="0.5"' in markup or 'stroke-opacity="0.5"' in markup
    assert 'style="stroke:var(--mlsheet-blue,#0072b2)"' in markup
    assert 'stroke="#123456"' in markup
    assert 'style="fill:var(--mlsheet-paper,#fefefe)"' in markup


def test_words_are_text_and_mathematics_is_outlines(figure):
    figure, axes = figure
    axes.set_yscale("log")
    axes.set(title="plain words", xlabel=r"$\sqrt{x}$ and words", ylabel=r"5\$")
    markup = inline_svg(figure, "x")
    assert "plain words</text>" in markup
    assert "5$</text>" in markup
    assert "<tspan" not in markup
    assert "and words" not in markup


def test_ids_of_two_figures_on_a_page_differ():
    with plt.style.context("mlsheet.notebook.style"):
        one, two = (plt.subplots()[0] for _ in range(2))
        two.axes[0].plot([0, 1])
        prefixes = {inline_svg(figure, "x").split('id="')[1].split("-")[0] for figure in (one, two)}
    plt.close("all")
    assert len(prefixes) == 2


def test_equal_definitions_are_one(figure):
    figure, axes = figure
    axes.plot([0, 1], marker="o")
    definitions = Definitions("p")
    trees = [figure_tree(figure, definitions) for _ in range(3)]
    assert trees[0] == trees[1] == trees[2]
    names = list(definitions.names.values())
    assert names == [f"p-{i}" for i in range(len(names))]
    assert definitions.markup().count("<clipPath") == 1
    assert definitions.markup().count("<path") == 3


def test_gouraud_shading_becomes_a_picture(figure):
    figure, axes = figure
    axes.pcolormesh(np.arange(12.0).reshape(3, 4), shading="gouraud")
    assert "data:image/webp" in inline_svg(figure, "x")
