"""Everything fetched is hostile: whatever a page says, it stays words, and nobody is led astray by it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from notify.frame import Frame
from notify.message import Mention, Message, alert, digest
from stemwatch.relevance import Reason
from stemwatch.views import FieldChange
from tests.notify.samples import END, NEW_YORK, SOURCE, START, change, mention, notice, seen, source

S = Frame(subscription="s")
HOSTILE = "<script>alert(1)</script>\u202eevil\u2066\x00\r\nBcc: a@example.org \u2028 & <b>" + "x" * 20_000
TAGS = set("html head meta title style body div p h1 h2 h3 ul li a span table tbody tr td".split())
KNOWN = set("lang charset name content class style href role width cellpadding cellspacing".split())
MARKS = {"bdi", "strong", "wbr"}


def hostile(text: str) -> tuple[Message, Message]:
    edit = FieldChange(field=text, old=text, new=text)
    reason = Reason(phrase=text, field=text, why=text)
    about = notice(
        title=text,
        kind=text,
        regulator=text,
        stage=text,
        case_number=text,
        clinics=(text,),
        fields={"office": text, "subject": text, "recipient": text},
        url=f"javascript:{text}",
        closed_out_url=f"data:text/html,{text}",
    )
    changes = (
        change(about, "edited", edited=(edit,), reasons=(reason,)),
        change(about, "reissued", 2, related=f"{SOURCE}/{text}"),
    )
    bad = Mention(notice=about, changes=changes, diff=("@@", "+" + text, text), why=(text,), clinics=(text,))
    unread = source(title=text, regulator=text, reason=text, verdict="blocked")
    frame = Frame(subscription=text, note=text, zone=NEW_YORK, site="https://watch.example")
    return alert(bad, frame), digest([bad], frame, START, END, (unread,))


def believed_harmless(message: Message) -> None:
    assert len(message.subject) < 300
    assert not {unicodedata.category(mark) for mark in message.subject} & {"Cc", "Cf", "Zl", "Zp"}
    page = lxml_html.document_fromstring(message.html)
    tags = {element.tag for element in page.iter() if isinstance(element.tag, str)}
    assert tags <= TAGS | MARKS
    assert all(link.get("href").startswith(("http://", "https://")) for link in page.iter("a"))
    attributes = {name for element in page.iter() for name in element.attrib}
    assert attributes <= KNOWN
    for text in (message.text, message.html):
        assert not {unicodedata.category(mark) for mark in text.replace("\n", "")} & {"Cc", "Cf", "Zl", "Zp"}


@pytest.mark.parametrize("text", [HOSTILE, "\u202e", "", '"><img src=x onerror=y>', "{{ 7 * 7 }}{% raw %}"])
def test_hostile_words_stay_words(text: str) -> None:
    for message in hostile(text):
        believed_harmless(message)


def test_template_marks_in_a_name_are_not_carried_out() -> None:
    message = alert(mention(title="{{ 7 * 7 }}"), S)
    assert "{{ 7 * 7 }}" in message.subject
    assert "{{ 7 * 7 }}" in message.text
    assert "{{ 7 * 7 }}" in seen(message)


@given(st.text(max_size=40))
def test_any_text_stays_text(text: str) -> None:
    for message in hostile(text):
        believed_harmless(message)


def test_a_very_long_name_ends_in_the_subject_and_is_whole_in_the_body() -> None:
    message = alert(mention(title="N" * 20_000), S)
    assert len(message.subject) < 120
    assert "N…" in message.subject
    assert message.text.count("N") >= 20_000
    assert max(map(len, message.text.splitlines())) <= 200
    assert "overflow-wrap:anywhere" in message.html


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "//www.fda.gov/x", "https://", "http://[x", "https://a b", ""],
)
def test_only_web_addresses_are_links(url: str) -> None:
    message = alert(mention(url=url), S)
    assert "<a " not in message.html
    assert url in message.text


def test_a_link_shows_where_it_leads() -> None:
    assert "Read the letter at evil.example" in seen(alert(mention(url="https://www.fda.gov@evil.example/"), S))
