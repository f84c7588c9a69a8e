"""The report on a screened text: everything is marked, nothing of a stranger's words becomes mark-up."""

import re
from base64 import b64encode
from datetime import date
from hashlib import sha256
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from publish.screening import (
    Cited,
    Coverage,
    Point,
    Screening,
    findings,
    html_report,
    markdown_report,
)
from publish.screening.segments import paragraphs
from publish.screening.wording import CATEGORIES, CAVEAT, GRADES, SIGNS, about, counted, looked_in, named
from stemwatch.claims.records import CATEGORIES as EVERY_CATEGORY
from stemwatch.claims.records import GRADES as EVERY_GRADE
from stemwatch.claims.records import Claim, Grade, Precedent
from stemwatch.wording import PRODUCTS, ROUTES
from stemwatch.words import PRODUCTS as EVERY_PRODUCT
from stemwatch.words import ROUTES as EVERY_ROUTE
from tests.publish.conftest import notice

TEXT = "Our exosomes cure multiple sclerosis.\n\nThey may help you. Nobody was ever harmed."
HOSTILE = (
    "</mark></p><script>alert(1)</script>\u202eevil\u2066 <img src=x onerror=y> [a](javascript:b) `c` **d** \x07"
)
TAGS = set(
    """html head meta title style body header main footer section h1 h2 h3 p strong bdi ul ol li a mark sup div
    span""".split()
)


def claim(text: str, start: int, end: int, grade: Grade = "asserts", **other: Any) -> Claim:
    category = other.pop("category", "disease")
    return Claim(category=category, grade=grade, quote=text[start:end], start=start, end=end, **other)


def screening(text: str, *claims: Claim, cited: tuple[Cited, ...] = (), **other: Any) -> Screening:
    points = [Point(one, cited) for one in claims]
    return Screening(**{"name": "flyer.txt", "text": text, "findings": findings(points), **other})


def cite(quote: str = "cures multiple sclerosis", **other: Any) -> Cited:
    view = notice("harbor", **{"title": "Harbor, LLC", "issued_on": date(2025, 1, 17), **other})
    return Cited(Precedent(notice=view.notice, quote=quote, start=0, end=len(quote)), view)


SAMPLE = screening(
    TEXT,
    claim(TEXT, 0, 37, disease="Multiple Sclerosis", product="exosome", route="intravenous"),
    claim(TEXT, 0, 37, category="product", product="exosome"),
    claim(TEXT, 39, 57, "suggests"),
    cited=(cite(),),
    coverage=Coverage(3277, 2, date(2026, 1, 20)),
)


def test_every_word_of_a_claim_has_its_plain_words() -> None:
    assert tuple(CATEGORIES) == EVERY_CATEGORY
    assert tuple(GRADES) == tuple(SIGNS) == EVERY_GRADE
    assert len(set(SIGNS.values())) == len(SIGNS)
    assert tuple(PRODUCTS) == EVERY_PRODUCT
    assert tuple(ROUTES) == EVERY_ROUTE


def test_claims_at_one_place_are_one_statement() -> None:
    assert [(finding.number, len(finding.points)) for finding in SAMPLE.findings] == [(1, 2), (2, 1)]
    assert counted(SAMPLE) == (
        "3 claims in 2 statements were found in 81 characters: 1 said outright, 1 hinted at."
    )
    assert about(SAMPLE.findings[0].claim) == "treatment of a disease: Multiple Sclerosis; exosomes; into a vein"


def test_a_notice_is_named_by_whom_what_and_when() -> None:
    assert named(cite().notice) == "FDA warning letter to Harbor, LLC, 17 January 2025"
    assert (
        named(cite(kind="press_release", issued_on=None).notice)
        == "FDA press release “Harbor, LLC”, 20 January 2026"
    )


def test_what_was_looked_in_is_said_and_why_nothing_was() -> None:
    assert looked_in(SAMPLE.coverage) == (
        "Precedents were looked for in 3,277 notices of 2 sources, the newest of 20 January 2026."
    )
    assert "they need notices" in looked_in(Coverage())


@pytest.mark.parametrize("report", [html_report, markdown_report])
def test_both_reports_tell_claims_precedents_and_their_limits(report: Any) -> None:
    told = re.sub(r"\\(.)", r"\1", lxml_html.fromstring(report(SAMPLE)).text_content())
    for words in (
        CAVEAT,
        counted(SAMPLE),
        looked_in(SAMPLE.coverage),
        "Said outright (1)",
        "Hinted at (1)",
        "Our exosomes cure multiple sclerosis.",
        "FDA warning letter to Harbor, LLC, 17 January 2025",
        "“cures multiple sclerosis”",
        "The matter may have been resolved since",
    ):
        assert words in told
    assert "https://www.fda.gov/warning-letters/harbor" in report(SAMPLE)


@pytest.mark.parametrize("report", [html_report, markdown_report])
def test_what_became_of_a_notice_is_told(report: Any) -> None:
    closed, gone = cite(closed_out_on=date(2025, 5, 2)), cite(absent_since=date(2025, 6, 3))
    told = report(screening(TEXT, claim(TEXT, 0, 37), cited=(closed, gone)))
    assert "closed out on 2 May 2025" in told
    assert "not listed since 3 June 2025" in told


def test_a_text_without_claims_says_what_that_does_not_mean() -> None:
    told = html_report(screening("Hello."))
    assert "No claims were found in 6 characters." in told
    assert "That nothing was found does not mean that a text is lawful." in told


def test_every_link_within_the_page_has_its_end() -> None:
    page = lxml_html.fromstring(html_report(SAMPLE))
    ends = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(ends) == len(set(ends))
    within = [link.get("href")[1:] for link in page.iter("a") if link.get("href").startswith("#")]
    assert len(within) == 4
    assert set(within) <= set(ends)


def test_the_page_allows_its_own_style_and_nothing_else() -> None:
    page = lxml_html.fromstring(html_report(SAMPLE))
    policy = page.find(".//meta[@http-equiv]").get("content")
    digest = b64encode(sha256(page.findtext(".//style").encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert not re.search(r"url\(|@import", page.findtext(".//style"))


def test_words_of_strangers_stay_words() -> None:
    view = {"title": HOSTILE, "regulator": HOSTILE, "kind": HOSTILE, "url": f"javascript:{HOSTILE}"}
    text = f"{HOSTILE}\n{HOSTILE}"
    bad = screening(
        text,
        claim(text, 3, 30, disease=HOSTILE),
        claim(text, 10, len(text)),
        cited=(cite(HOSTILE, **view),),
        name=HOSTILE,
        title=HOSTILE,
        notes=(HOSTILE,),
    )
    page = html_report(bad)
    root = lxml_html.fromstring(page)
    assert {element.tag for element in root.iter() if isinstance(element.tag, str)} <= TAGS
    assert all(link.get("href").startswith("#") for link in root.iter("a"))
    assert not re.search(r"[\u202a-\u202e\u2066-\u2069\x00-\x08]", page)
    markdown = markdown_report(bad)
    assert not re.search(r"[\u202a-\u202e\u2066-\u2069\x00-\x08]", markdown)
    assert not re.search(r"(?<!\\)(?:<[^h]|\]\((?!<https?:)|`)", markdown)


@pytest.mark.parametrize(
    "words", ["# a", "- a", "1. a", "> a", "    a", "a\n===", "| a | b |", "<b>", "&amp;", "![a](b)"]
)
def test_no_line_of_a_text_becomes_markup_of_markdown(words: str) -> None:
    (line,) = markdown_report(screening(words.split("\n")[0])).partition("## The text\n\n")[2].split("\n")[:1]
    assert not re.match(r"[#>|\-+*=!<]|\d+\.\s|\s{4}", line)
    assert not re.search(r"(?<!\\)[&<\[!]", line)


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, list[Claim]]:
    text = draw(st.text(st.sampled_from("ab \n<"), min_size=1, max_size=40))
    places = st.integers(0, len(text))
    spans = draw(st.lists(st.tuples(places, places, st.sampled_from(EVERY_GRADE)), max_size=8))
    return text, [claim(text, min(a, b), max(a, b), grade) for a, b, grade in spans if a != b]


@given(marked())
def test_every_character_is_shown_once_and_marked_by_the_gravest_claim(made: tuple[str, list[Claim]]) -> None:
    text, claims = made
    found = screening(text, *claims).findings
    lines = paragraphs(text, found)
    grades = [
        min((EVERY_GRADE.index(one.grade) for one in claims if one.start <= place < one.end), default=None)
        for place in range(len(text))
    ]
    expected = [
        (letter, None if grade is None else EVERY_GRADE[grade])
        for letter, grade in zip(text, grades, strict=True)
        if not letter.isspace()
    ]
    shown = [(letter, piece.grade) for line in lines for piece in line for letter in piece.text]
    assert [pair for pair in shown if not pair[0].isspace()] == expected
    ends = [finding.number for line in lines for piece in line for finding in piece.ends]
    assert sorted(ends) == [finding.number for finding in found]
    assert "\n" not in "".join(piece.text for line in lines for piece in line)


# ---- colours


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_words_stand_out_from_every_background_by_day_by_night_and_in_print() -> None:
    style = lxml_html.fromstring(html_report(SAMPLE)).findtext(".//style")
    schemes = [dict(re.findall(r"--(\w+): (#\w+)", part)) for part in re.findall(r":root \{([^}]*)\}", style)]
    assert len(schemes) == 3
    for scheme in schemes:
        for ground in ("page", "card"):
            assert all(contrast(scheme[ink], scheme[ground]) >= 4.5 for ink in ("ink", "soft", "link"))
            assert contrast(scheme["edge"], scheme[ground]) >= 3
        assert all(contrast(scheme["ink"], scheme[grade]) >= 4.5 for grade in EVERY_GRADE)


def test_grades_differ_by_more_than_colour() -> None:
    style = lxml_html.fromstring(html_report(SAMPLE)).findtext(".//style")
    lines = [re.search(rf"\.{grade} {{[^}}]*border-bottom: ([^v]+)var", style) for grade in EVERY_GRADE]
    assert len({line and line.group(1) for line in lines}) == len(EVERY_GRADE)
    assert all(one != other for one, other in pairwise(SIGNS.values()))
