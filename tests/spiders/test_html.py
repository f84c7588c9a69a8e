"""Mark-up as a reader sees it, and words that no regulator prints."""

import csv
import importlib.util
from html import escape

import pytest
from lxml import etree, html

from bench.replica import FOLDER
from spiders.common.html import fragment, harmful, text, text_lines, unlikely
from tests.spiders.conftest import LETTERS

LISTING = FOLDER / "data-dev" / "fda_listing.csv"
needs_data = pytest.mark.skipif(
    not LISTING.exists(), reason=f"needs the stand-in for the regulators' sites at {FOLDER}"
)


def lines(markup: str) -> list[str]:
    return text_lines(fragment([markup])).split("\n")


@pytest.mark.parametrize(
    ("markup", "read"),
    [
        ("<p>One.</p><p>Two.</p>", ["One.", "Two."]),
        ("<p>One.\n  goes on</p>Two.", ["One. goes on", "Two."]),
        ("Two causes:<ul><li>dust</li><li>mould</li></ul>so", ["Two causes:", "dust", "mould", "so"]),
        ("<table><tr><th>Lot</th><td>7</td></tr><tr><td>Use</td></tr></table>", ["Lot", "7", "Use"]),
        ("<h2>Findings</h2>1. None", ["Findings", "1. None"]),
        ("one<br>two<br />three", ["one", "two", "three"]),
        ("un<b>im</b>port<em>an<i>t</i></em>", ["unimportant"]),
        ("<a href='/x'>Firm</a><sup>2</sup> said", ["Firm2 said"]),
        ("one\xa0\xa0two&nbsp;three", ["one two three"]),
        ("shy\xadly and zero\u200bwidth", ["shyly and zerowidth"]),
        ("Smith &amp; Co&#8217;s", ["Smith & Co’s"]),
        ("before<script>run()</script>after", ["before after"]),
        ("<style>p {}</style>after", ["after"]),
        ("one<!-- two -->three", ["onethree"]),
        ("<p>one<?php two ?> three</p>", ["one three"]),
    ],
)
def test_text_stands_in_lines_as_a_reader_sees_it(markup: str, read: list[str]) -> None:
    assert lines(markup) == read


@pytest.mark.parametrize("tag", ["noscript", "svg", "template", "iframe"])
def test_what_stands_deeper_inside_a_hidden_element_is_hidden_too(tag: str) -> None:
    assert lines(f"<p>seen</p><{tag}><p>not <b>seen</b> at all</p> ever</{tag}><p>seen again</p>") == [
        "seen",
        "seen again",
    ]


def test_a_comment_does_not_turn_the_source_s_line_breaks_into_paragraphs() -> None:
    assert lines("<p>one<!-- a note -->\n two\n three</p>") == ["one two three"]


def test_one_element_is_one_line_and_none_is_empty() -> None:
    assert text(fragment(["<p>One</p><p>Two</p>"])[0]) == "One Two"
    assert text(None) == ""


def test_what_follows_an_element_is_not_its_text() -> None:
    first, second = fragment(["<b>one</b>", "two"])
    first.tail = "between"
    assert (text(first), text(second)) == ("one", "two")


def test_ten_thousand_levels_are_read_without_a_crash() -> None:
    root = innermost = html.Element("div")
    for _ in range(10_000):
        innermost = etree.SubElement(innermost, "div")
    innermost.text = "deep"
    etree.SubElement(root, "p").text = "after"
    assert text_lines([root]).split("\n") == ["deep", "after"]


def test_a_fragment_has_one_element_for_each_cell() -> None:
    cells = ["", "one", "<b>two", "<section>three</section>", "</p>four", "<td>five</td>", "\x00six\x1b"]
    assert [text(cell) for cell in fragment(cells)] == ["", "one", "two", "three", "four", "five", "six"]
    assert fragment([]) == []


@pytest.mark.parametrize("cell", ["</section><section>", "</div>", "</body>", "<script>", "<!--", "<textarea>"])
def test_a_cell_that_breaks_out_takes_no_other_with_it(cell: str) -> None:
    with pytest.raises(ValueError, match="breaks out"):
        fragment(["one", cell, "three"])


@pytest.mark.parametrize(
    "raw",
    [
        "Robert'); DROP TABLE letters;-- Inc.",
        "Firm\x1b[31m Inc.",
        "Firm \u202egninraW",
        "Firm \ud83d Inc.",
        "Firm <IMG src=x>",
        "=1+1",
        " @SUM(1)",
        "F" * 401,
    ],
)
def test_words_that_no_regulator_prints_are_named(raw: str) -> None:
    assert unlikely(raw)
    assert unlikely(raw).isprintable()


@pytest.mark.parametrize(
    "raw",
    [
        "Firm, Inc. dba O'Neil's (\"Neil\")",
        "1-800-Firm",
        "Firm #1 @ Main & Co.",
        'Firm; a "unit"',
        "Größe – Ünion’s 株式会社",
        "<a href='/x'>Firm</a><br />\n",
        "",
    ],
)
def test_unusual_names_of_firms_are_believed(raw: str) -> None:
    assert unlikely(raw) == ""


def hostile() -> dict[str, str]:
    """The names that the stand-in puts into lists and pages to do harm."""
    spec = importlib.util.spec_from_file_location("stand_in_faults", FOLDER / "faults.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return dict(module.HOSTILE)


@pytest.mark.replica
@needs_data
@pytest.mark.parametrize("kind", ["printed", "linked"])
def test_every_hostile_name_of_the_stand_in_is_caught(kind: str) -> None:
    cells = {"printed": "{}", "linked": f'<a href="{LETTERS}firm-600001-01172025">{{}}</a>'}
    names = hostile()
    assert len(names) >= 10
    assert [name for name, words in names.items() if not unlikely(cells[kind].format(words))] == []


@pytest.mark.replica
@needs_data
def test_no_real_firm_or_subject_is_doubted() -> None:
    with LISTING.open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    assert len(listed) > 3000
    cells = [f'<a href="{LETTERS}{row["slug"]}">{escape(row["company"])}</a>' for row in listed]
    cells += [value for row in listed for value in (row["company"], row["subject"], row["subject"] + "<br />\n")]
    cells += [row["office"] for row in listed]
    assert [raw for raw in cells if unlikely(raw)] == []


@pytest.mark.parametrize(
    "raw",
    [
        "<script>alert(1)</script>",
        '=HYPERLINK("https://x")',
        "@SUM(1+1)|cmd",
        "Robert'); DROP TABLE x",
        "a\u202eb",
        "\x07",
    ],
)
def test_no_field_of_any_length_hides_or_runs_something(raw: str) -> None:
    assert harmful(raw)


@pytest.mark.parametrize(
    "raw",
    [
        "-- none --",
        "+ a second lot (B)",
        "<p>Lots (A); and (B)</p>",
        "Cells 'as sold' (frozen); " * 900,
        "-80 °C vials",
    ],
)
def test_what_regulators_write_in_long_fields_is_not_doubted(raw: str) -> None:
    assert not harmful(raw)
