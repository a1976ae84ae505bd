"""The source that a notebook shows is the package's own."""

import inspect
import re
from html import unescape

import pytest

from mlsheet.classical_ml.k_means import KMeansState
from mlsheet.notebook.sources import source
from mlsheet.probability.kl_divergence import kl_divergence


@pytest.fixture
def displayed(monkeypatch):
    contents = []
    monkeypatch.setattr("IPython.display.display", lambda content, raw: contents.append(content))
    return contents


def text_of(html):
    return unescape(re.sub(r"<[^>]+>", "", html))


def test_the_code_is_shown_without_its_docstring(displayed):
    source(kl_divergence)
    code, html = displayed[0]["text/plain"], displayed[0]["text/html"]
    assert code.startswith("def kl_divergence(")
    assert "rel_entr(" in code
    assert '"""' not in code
    shown, _, rest = html.partition("<details>")
    assert text_of(shown).strip() == code.strip()
    assert inspect.getdoc(kl_divergence).splitlines()[0] in text_of(rest)


def test_it_links_to_the_module(displayed):
    source(kl_divergence)
    assert (
        '<a class="mlsheet-module" data-module="mlsheet.probability.kl_divergence" '
        'href="../../mlsheet/probability/kl_divergence.py">'
    ) in displayed[0]["text/html"]


def test_the_book_colours_by_class_and_a_notebook_by_style(displayed, monkeypatch):
    monkeypatch.setenv("MLSHEET_BOOK", "1")
    source(kl_divergence)
    monkeypatch.setenv("MLSHEET_BOOK", "0")
    source(kl_divergence)
    book, notebook = (content["text/html"] for content in displayed)
    assert '<span class="k">def</span>' in book
    assert "style=" not in book
    assert 'style="color:' in notebook


def test_a_class_is_shown_too(displayed):
    source(KMeansState)
    assert displayed[0]["text/plain"].startswith("class KMeansState(NamedTuple):")


@pytest.mark.parametrize("obj", [len, dict, "text", pytest.raises])
def test_only_the_packages_own_code(obj):
    with pytest.raises(ValueError, match="source: expected a function or class of mlsheet"):
        source(obj)
