"""A page's text is what a reader of the page sees."""

import pytest

from stemwatch.documents import Unreadable, read

PAGE = "<!doctype html><html><head><title>{}</title></head><body>{}</body></html>"


def seen(markup: str, **other: str) -> list[str]:
    return read(PAGE.format("T", markup).encode(), **other).text.split("\n")


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<h1>Cells</h1>cure<p>everything</p>", ["Cells", "cure", "everything"]),
        ("<ul><li>MS<li>ALS</ul>", ["MS", "ALS"]),
        ("a<br>b&nbsp;c &amp; d &#8217;", ["a", "b c & d ’"]),
        ("a<script>b</script><style>c</style><template>d</template><noscript>e</noscript>", ["a"]),
        ("a<!-- b --><?c d?>e", ["ae"]),
        ("a<p hidden>b</p><p aria-hidden='True'>c</p><p style='color:red; DISPLAY : none'>d</p>", ["a"]),
        ("<div style='visibility:hidden'>a</div>b", ["b"]),
        ("<div hidden>a<p>b</p></div>c", ["c"]),
        ("<nav><a>Home</a></nav><div role=navigation>Menu</div>a", ["a"]),
        ("<select><option>a</select><textarea>b</textarea><dialog>c</dialog><dialog open>d</dialog>", ["d"]),
        ("<img alt='never shown' src=x>a<svg><title>b</title><text>c</text></svg>", ["a"]),
        ("<p>soft\u00adly \u202eturned\u202c \u200bround</p>", ["softly turned round"]),
        ("<p>\x00a\x08b</p>", ["a b"]),
        ("un<b>im</b>port<i>ant</i>", ["unimportant"]),
    ],
)
def test_only_what_is_seen_is_read(markup: str, text: list[str]) -> None:
    assert seen(markup) == text


def test_menus_of_headers_and_footers_are_left_out_and_their_sentences_stay() -> None:
    menu = "<ul><li><a>Multiple sclerosis</a></li><li>Call <a>us</a></li></ul>"
    assert seen(f"<header>{menu}</header><main>{menu}</main><footer><p>FDA registered</p>{menu}</footer>") == [
        *("Call us", "Multiple sclerosis", "Call us", "FDA registered", "Call us"),
    ]


def test_a_page_is_known_by_its_first_words_whatever_it_is_called() -> None:
    for head in ("<!DOCTYPE html>", "<?xml version='1.0' encoding='utf-8'?>\n<!doctype html>", "<!-- a --><html>"):
        document = read(f"{head}<title>A &lt; B</title><p>text".encode(), name="flyer.txt")
        assert (document.title, document.text, document.media_type) == ("A < B", "text", "text/html")


def test_a_page_that_a_script_puts_together_says_so() -> None:
    with pytest.raises(Unreadable, match="shows no text: a script may put it together"):
        seen("<script>document.write('cells')</script>")


def test_a_page_nested_too_deeply_is_read_as_far_as_it_goes_and_says_so() -> None:
    document = read(PAGE.format("T", "<p>first</p>" + "<div>" * 200_000 + "last").encode())
    assert document.text == "first"
    assert "nested too deeply" in document.notes[0]


@pytest.mark.parametrize(
    "meta", ["<meta charset=shift_jis>", "<meta http-equiv=x content='text/html; charset=sjis'>"]
)
def test_the_charset_that_a_page_names_is_used(meta: str) -> None:
    assert read(f"<html>{meta}<p>幹細胞は安全です".encode("shift_jis")).text == "幹細胞は安全です"


def test_the_charset_of_the_answer_wins_over_that_of_the_page() -> None:
    body = "<html><meta charset=koi8-r><p>幹細胞は安全です".encode("euc_jp")
    assert read(body, media_type="text/html; charset=EUC-JP").text == "幹細胞は安全です"
