"""Whatever a person hands in is read, or refused in one sentence, in bounded time."""

import os
import zlib
from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stemwatch.documents import MOST_BYTES, MOST_CHARACTERS, Unreadable, read
from tests.stemwatch.documents.builders import pdf

JAPANESE = "幹細胞治療は多発性硬化症を治します。副作用はありません。"
KOREAN = "줄기세포 치료는 자폐증을 치료합니다. 부작용이 없습니다."
RUSSIAN = "Лечение стволовыми клетками навсегда лечит рассеянный склероз."
WESTERN = "Our cells cure café owners’ knees — “for good” – at €5,000. " * 3


def archive() -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as made:
        made.writestr("word/document.xml", "<p/>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "flyer is empty."),
        (b" \r\n\t ", "flyer is empty."),
        ("\ufeff  ".encode(), "flyer is empty."),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "flyer is a picture."),
        (b"\xff\xd8\xff\xe0" + bytes(50), "flyer is a picture."),
        (archive(), "flyer is an Office document or a ZIP archive."),
        (b"\x1f\x8b\x08" + bytes(50), "flyer is packed with gzip."),
        (b"{\\rtf1 text}", "flyer is a document in RTF."),
        (zlib.compress(os.urandom(9000)), "flyer holds binary data, not text."),
        (bytes(range(256)) * 9, "flyer holds binary data, not text."),
        (b"a " * (MOST_CHARACTERS // 2 + 1), "flyer has more than 2,000,000 characters of text."),
        (b"a" * (MOST_BYTES + 1), "flyer is larger than 20 MB."),
    ],
)
def test_what_gives_no_text_is_named_with_the_way_out(body: bytes, why: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(body, name="flyer")
    assert str(refused.value).startswith(why)


@pytest.mark.parametrize("media_type", ["image/png", "application/json", "video/mp4"])
def test_a_type_that_is_no_text_is_named(media_type: str) -> None:
    with pytest.raises(Unreadable, match=f"is {media_type}, which is no text"):
        read(b"words", media_type=media_type)


@pytest.mark.parametrize(
    "media_type", ["", "text/plain", "text/markdown; charset=utf-8", "application/octet-stream"]
)
def test_plain_text_keeps_its_places(media_type: str) -> None:
    text = "Cells\r\n\r\n  cure \u202eall\u202c\r of \x07it, soft\u00adly.\n"
    document = read(text.encode(), media_type=media_type)
    assert document.text == "Cells\n\n  cure \u202eall\u202c\n of  it, soft\u00adly.\n"
    assert document.media_type == "text/plain"
    assert document.notes == ("2 invisible marks in it change the order in which it is read.",)


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "cp1252"])
def test_the_charset_is_found_without_a_word_about_it(charset: str) -> None:
    assert read(WESTERN.encode(charset)).text == WESTERN


@pytest.mark.parametrize(
    ("text", "charset"), [(JAPANESE * 3, "shift_jis"), (KOREAN, "cp949"), (RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r")]
)
def test_the_charset_of_other_scripts_is_guessed_and_that_is_said(text: str, charset: str) -> None:
    document = read(text.encode(charset))
    assert document.text == text
    assert "It does not say in which charset it is written" in document.notes[0]


@pytest.mark.parametrize("charset", ["euc_jp", "iso2022_jp", "shift_jis", "gb18030", "utf-8"])
def test_the_declared_charset_is_used(charset: str) -> None:
    assert read(JAPANESE.encode(charset), media_type=f'text/plain; charset="{charset}"').text == JAPANESE
    assert read(JAPANESE.encode(charset), charset=charset).text == JAPANESE


@pytest.mark.parametrize(
    "said", ["utf-8", "latin-9000", "utf-7", "unicode_escape", "zip", "idna", "\x00", "ü" * 9]
)
def test_a_charset_that_is_wrong_or_none_is_not_believed(said: str) -> None:
    document = read(WESTERN.encode("cp1252"), charset=said)
    assert document.text == WESTERN
    assert document.notes


def test_utf_8_that_was_declared_as_something_else_is_read_as_what_it_is() -> None:
    assert read(WESTERN.encode(), charset="iso-8859-1").text == WESTERN


def test_a_few_broken_letters_do_not_garble_the_rest() -> None:
    document = read((JAPANESE * 9).encode() + b"\xff")
    assert document.text == JAPANESE * 9 + "\ufffd"
    assert document.notes == ("1 character could not be read and is shown as \ufffd.",)


def test_text_that_came_garbled_is_noted() -> None:
    assert "garbled" in read("We’ve cured them".encode().decode("cp1252").encode()).notes[0]
    assert read(WESTERN.encode()).notes == ()


def test_languages_may_be_mixed() -> None:
    mixed = "\n".join((WESTERN, JAPANESE, KOREAN, RUSSIAN, "علاج بالخلايا الجذعية"))
    assert read(mixed.encode()).text == mixed


HTML = ("<html><head><title>T</title></head><body><p>" + WESTERN + "<ul><li>a</ul></body></html>").encode()
SEEDS = [pdf(["Our cells cure everything that ails you."]), HTML, JAPANESE.encode("shift_jis"), RUSSIAN.encode()]
SPLICES = st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 40), st.binary(max_size=12)), max_size=8)


def spoiled(body: bytes, splices: list[tuple[int, int, bytes]]) -> bytes:
    for place, taken, put in splices:
        at = place % (len(body) + 1)
        body = body[:at] + put + body[at + taken :]
    return body


def outcome(body: bytes, media_type: str) -> str:
    try:
        return read(body, media_type=media_type).text
    except Unreadable as refused:
        return str(refused)


@settings(max_examples=300)
@given(
    st.sampled_from(SEEDS),
    SPLICES,
    st.sampled_from(["", "text/html", "application/pdf", "text/plain; charset=gbk"]),
)
def test_no_spoiled_document_brings_forth_anything_but_text_or_a_sentence(
    seed: bytes, splices: list[tuple[int, int, bytes]], media_type: str
) -> None:
    told = outcome(spoiled(seed, splices), media_type)
    assert told.strip()
    told.encode()


BYTES: list[Callable[[int], bytes]] = [
    os.urandom,
    bytes,
    lambda size: b"<" * size,
    lambda size: b"\xe2\x80" * (size // 2),
]


@pytest.mark.parametrize("make", BYTES)
def test_megabytes_of_anything_come_to_an_end(make: Callable[[int], bytes]) -> None:
    for kind in ("text/html", "text/plain"):
        assert outcome(make(1_500_000), kind)
