"""A shown figure has its words, in the notebook and in the book."""

import struct
from base64 import b64decode
from xml.etree import ElementTree

import matplotlib.pyplot as plt
import pytest

from mlsheet.notebook.figures import show
from mlsheet.notebook.style import BLUE


@pytest.fixture
def displayed(monkeypatch):
    contents = []
    monkeypatch.setattr("IPython.display.display", lambda content, raw: contents.append(content))
    return contents


def picture():
    fig, ax = plt.subplots(figsize=(5, 3.4))
    ax.plot([0, 1], color=BLUE)
    ax.set_title("Rise & <fall>")
    return fig


def parsed(content):
    html = content["text/html"].replace("&quot;", "'")
    return ElementTree.fromstring(html.replace('">' + "<figcaption", '"/>' + "<figcaption"))


def test_a_notebook_gets_a_picture(displayed, monkeypatch):
    monkeypatch.delenv("MLSHEET_BOOK", raising=False)
    show(picture(), alt='A "line" < 2.', caption="It **rises** by $x$.")
    figure = parsed(displayed[0])
    image, caption = figure
    assert image.attrib["alt"] == "A 'line' < 2."
    data = b64decode(image.attrib["src"].removeprefix("data:image/png;base64,"))
    width, height = struct.unpack(">II", data[16:24])
    assert (width, height) == (800, 544)
    assert "".join(caption.itertext()) == "It rises by $x$."
    assert displayed[0]["text/plain"] == 'Figure: It rises by x. A "line" < 2.'


def test_the_book_gets_svg_that_follows_the_theme(displayed, monkeypatch):
    monkeypatch.setenv("MLSHEET_BOOK", "1")
    show(picture(), alt="A line.", caption="It rises by $x$.")
    html = displayed[0]["text/html"]
    assert 'role="img"' in html
    assert 'aria-label="A line."' in html
    assert f"var(--mlsheet-blue,{BLUE})" in html
    assert "Rise &amp; &lt;fall&gt;" in html
    assert r'<span class="math notranslate nohighlight">\(x\)</span>' in html
    assert displayed[0]["text/plain"] == "Figure: It rises by x. A line."


@pytest.mark.parametrize("book", ["0", "1"])
def test_the_figure_is_closed(displayed, monkeypatch, book):
    monkeypatch.setenv("MLSHEET_BOOK", book)
    fig = picture()
    show(fig, alt="A line.", caption="It rises.")
    assert not plt.fignum_exists(fig.number)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"alt": " ", "caption": "c"}, "show: alt is empty"),
        ({"alt": "a", "caption": ""}, "show: caption is empty"),
    ],
)
def test_words_are_required(words, message):
    fig = picture()
    with pytest.raises(ValueError, match=message):
        show(fig, **words)
    plt.close(fig)


def test_something_else_than_a_figure_is_an_error():
    with pytest.raises(ValueError, match="show: expected a matplotlib figure, got str"):
        show("picture", alt="a", caption="c")
