"""Each portable form, parsed from Markdown and enriched on its own."""

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from myst_parser.parsers.docutils_ import Parser

from mlsheet.notebook import style
from mlsheet_book.boxes import enrich_boxes
from mlsheet_book.cells import enrich_cells
from mlsheet_book.elements import Element, drop_empty_texts, element, with_math
from mlsheet_book.folds import pair_folds
from mlsheet_book.formulas import (
    anchor_claims,
    anchor_formulas,
    break_formulas,
    keep_one_anchor,
    link_mentions,
)
from mlsheet_book.palette import palette_css
from mlsheet_book.section_page import number_title

BOX = """\
> **Sheet vs. precise.** *{chip}* ({anchor})
>
> **The sheet says** that the sum is finite.
>
> **Precisely,** it may diverge:
>
> $$ \\sum_n 1 / n = \\infty $$
>
> **The number:** 5.19 after 100 terms.
"""

QUESTION = """\
<details class="question" id="q-1-8-1"><summary><b>Hard.</b> Is $a < b$ *or* not?</summary>

It *is*.

</details>
"""


@pytest.fixture
def warnings(caplog):
    return lambda: [record.getMessage() for record in caplog.records]


def parse(markdown):
    document = publish_doctree(
        markdown,
        parser=Parser(),
        settings_overrides={
            "myst_enable_extensions": ["dollarmath"],
            "doctitle_xform": False,
            "report_level": 5,
        },
    )
    drop_empty_texts(document)
    return document


def elements(document, tag, name=""):
    return [
        node
        for node in document.findall(Element)
        if node["tag"] == tag and (not name or name in node["classes"])
    ]


def test_the_first_card_loses_its_lead_and_keeps_its_words():
    document = parse("> **In one minute.** It *is* what it $is$.")
    enrich_boxes(document)
    (card,) = elements(document, "div", "mlsheet-minute")
    label, text = card.children
    assert label.astext() == "In one minute"
    assert text.astext() == "It is what it is."
    assert next(iter(text.findall(nodes.math)))


def test_an_ordinary_quote_stays_a_quote():
    document = parse("> **Mind** the gap.")
    enrich_boxes(document)
    assert list(document.findall(nodes.block_quote))


@pytest.mark.parametrize(("chip", "name"), [("wrong", "wrong"), ("needs a condition", "condition")])
def test_a_box_is_sorted_into_its_three_parts(chip, name):
    document = parse(BOX.format(chip=chip, anchor="3.23.1-c12"))
    enrich_boxes(document)
    (box,) = elements(document, "div", "mlsheet-versus")
    assert box["ids"] == ["3.23.1-c12"]
    (says,) = elements(box, "div", "says")
    (precisely,) = elements(box, "div", "precisely")
    (number,) = elements(box, "div", "number")
    assert [node.astext() for node in says.children] == ["The sheet says", "the sum is finite."]
    assert precisely[1].astext() == "it may diverge:"
    assert isinstance(precisely[2], nodes.math_block)
    assert number[1].astext() == "5.19 after 100 terms."
    assert elements(box, "span", name)[0].astext() == chip


@pytest.mark.parametrize(
    ("part", "instead"),
    [("*wrong*", "*odd*"), ("(1.8-c1)", ""), ("**Precisely,**", "**Rather,**")],
)
def test_a_box_that_lacks_a_part_is_reported(part, instead, warnings):
    markdown = BOX.format(chip="wrong", anchor="1.8-c1")
    assert part in markdown
    enrich_boxes(parse(markdown.replace(part, instead)))
    assert any("Sheet vs. precise" in message for message in warnings())


def test_a_question_becomes_a_card_with_level_summary_and_answer():
    document = parse(QUESTION)
    pair_folds(document)
    (card,) = elements(document, "details", "question")
    summary, answer = card.children
    assert card["ids"] == ["q-1-8-1"]
    assert elements(summary, "span", "hard")[0].astext() == "Hard"
    (formula,) = summary.findall(nodes.math)
    assert formula.astext() == "a < b"
    assert answer.astext() == "It is."
    assert list(answer.findall(nodes.emphasis))


def test_fine_print_has_an_anchor_for_each_line():
    document = parse(
        '<details class="fine-print"><summary>Fine print</summary>\n\n'
        "- (1.8-c2) The *base* matters.\n- No id.\n\n</details>\n"
    )
    pair_folds(document)
    first, second = document.findall(nodes.list_item)
    assert first["ids"] == ["1.8-c2"]
    assert first.astext() == "1.8-c2 The base matters."
    assert not second["ids"]


def test_a_fold_within_a_fold_stays_within_it():
    inner = "<details><summary>Why?</summary>\n\nBecause.\n\n</details>"
    document = parse(
        f"<details><summary>Proof</summary>\n\n{inner}\n\nDone.\n\n</details>\n\nAfter."
    )
    pair_folds(document)
    outer, nested = elements(document, "details")
    assert nested.parent is outer
    assert outer.astext().endswith("Done.")
    assert document[-1].astext() == "After."


@pytest.mark.parametrize(
    "markdown",
    [
        "<details><summary>Open</summary>\n\nNo end.",
        "No beginning.\n\n</details>",
        "<details><summary>Tight</summary>\nNo blank line.\n</details>",
        "# A\n\n<details><summary>Over</summary>\n\n## B\n\n</details>",
    ],
)
def test_a_fold_that_is_not_well_formed_is_reported(markdown, warnings):
    pair_folds(parse(markdown))
    assert any("blank line" in message for message in warnings())


def test_a_formula_has_its_id_beside_it():
    document = parse("$$\na \\\\ b\n\\tag{1.8-f1}\n$$")
    anchor_formulas(document)
    (block,) = elements(document, "div", "mlsheet-formula")
    formula, link = block.children
    assert block["ids"] == ["1.8-f1"]
    assert r"\tag" not in formula.astext()
    assert link["refid"] == link.astext() == "1.8-f1"


def test_a_formula_with_several_tags_keeps_them():
    document = parse("$$\na \\tag{1.8-f1} \\\\ b \\tag{1.8-f2}\n$$")
    anchor_formulas(document)
    (formula,) = document.findall(nodes.math_block)
    assert formula["ids"] == ["1.8-f1", "1.8-f2"]
    assert formula.astext().count(r"\tag") == 2


def test_a_claim_in_the_prose_is_an_anchor_where_it_is_first_made():
    document = parse("It ends *(1.8-c2)*, *always*; see *(1.8-c2)*.")
    anchor_claims(document)
    assert [words["ids"] for words in document.findall(nodes.emphasis)] == [["1.8-c2"], [], []]


def test_an_id_that_a_box_shares_with_a_formula_is_the_formulas_anchor():
    document = parse(BOX.format(chip="wrong", anchor="1.8-f1") + "\n$$ a \\tag{1.8-f1} $$")
    enrich_boxes(document)
    anchor_formulas(document)
    keep_one_anchor(document)
    assert elements(document, "div", "mlsheet-versus")[0]["ids"] == []
    assert elements(document, "div", "mlsheet-formula")[0]["ids"] == ["1.8-f1"]


def test_mentions_link_to_what_the_page_has_and_to_nothing_else():
    document = parse(
        "# On 1.8-f1\n\n$$ a \\tag{1.8-f1} $$\n\nBy (1.8-f1), not 1.8-f11, 1.9-f1 or `1.8-f1`."
    )
    anchor_formulas(document)
    link_mentions(document)
    links = [
        link for link in document.findall(nodes.reference) if link.parent.tagname == "paragraph"
    ]
    assert [link["refid"] for link in links] == ["1.8-f1"]
    assert links[0].parent.astext() == "By (1.8-f1), not 1.8-f11, 1.9-f1 or 1.8-f1."


def test_the_number_of_a_title_stands_apart():
    document = parse("# 3.23.1 K-Means\n\nText.\n\n## 2 Steps")
    number_title(None, document, "")
    assert [node.astext() for node in document.findall(nodes.inline)] == ["3.23.1"]


def test_math_in_html_becomes_math():
    pieces = list(with_math("Costs \\$5, or <b>$x &lt; 5$</b>?"))
    assert [type(piece) for piece in pieces] == [nodes.raw, nodes.math, nodes.raw]
    assert pieces[1].astext() == "x < 5"


def test_an_element_writes_attribute_names_with_dashes():
    assert element("p", aria_hidden="true")["html"] == {"aria-hidden": "true"}


def test_the_palette_names_every_house_colour_for_both_themes():
    light, dark = palette_css().split("@media screen")
    for colour, name in style.CSS_NAMES.items():
        assert f"--mlsheet-{name}: {colour};" in light
        assert f"--mlsheet-{name}: {style.DARK[colour]};" in dark


@pytest.mark.parametrize(
    ("tex", "pieces"),
    [
        (r"a + b = c", [r"a + b = c"]),  # short
        (r"1 - \Phi((60 - 50)/5) = .0228", ["1 -{}", r"\Phi((60 - 50)/5) ={}", ".0228"]),
        (r"x = -\log p(x) + \{a \le b\}", ["x ={}", r"-\log p(x) +{}", r"\{a \le b\}"]),
        (
            r"D(p \| q) = 10^-3 |x - y| + 1",
            [r"D(p \| q) ={}", r"10^-3 |x - y| +{}", "1"],
        ),
        (
            r"\left[a = b\right] = \begin{pmatrix}1\end{pmatrix}",
            [r"\left[a = b\right] ={}", r"\begin{pmatrix}1\end{pmatrix}"],
        ),
    ],
)
def test_a_long_formula_in_the_text_breaks_where_print_would_break_it(tex, pieces):
    document = parse(f"So ${tex}$.")
    break_formulas(document)
    shown = [node.astext().strip() for node in document.findall(nodes.math)]
    assert shown == pieces


def test_checks_are_a_list_even_where_the_kernel_cut_their_stream():
    printed = "✓ 1.8-f1  an oracle: 1 number agrees\n\n✓ 1.8-f2  a bound: 2 pairs in order\n"
    output = nodes.container("", nodes.literal_block(printed, printed, classes=["output"]))
    code = nodes.container("", nodes.literal_block("check()", "check()"), classes=["cell_input"])
    cell = nodes.container("", code, output, nb_element="cell_code")
    cell["cell_metadata"] = {"tags": ["checks"]}
    document = parse("")
    document += cell
    enrich_cells(document)
    (checks,) = [node for node in document.findall(Element) if "mlsheet-checks" in node["classes"]]
    assert len(checks.children) == 2
