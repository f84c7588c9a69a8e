"""What a row and a page of FDA's warning letters say, and how the site refuses."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from scrapy.http import HtmlResponse, Response

from spiders.common import fda
from spiders.common.drupal_table import Row, read_row
from spiders.common.job import Job
from spiders.common.progress import Progress
from spiders.common.stop import Stop, Unusable
from spiders.us_fda_warning_letters import UsFdaWarningLetters
from stemwatch.bundle import BundleWriter
from stemwatch.reading import Known
from stemwatch.records import Listed, Page
from tests.spiders.conftest import AGENT, HOST, HTML, LETTERS, MISSING, NOW, SOURCE, letter, row

URL = f"{HOST}{LETTERS}firm-1-600001-01172025"
READ_AT = datetime(2025, 2, 1, tzinfo=UTC)


@pytest.fixture
def spider(tmp_path: Path) -> Iterator[UsFdaWarningLetters]:
    job = Job(run="x", source=SOURCE, started_at=NOW, known="", folder="", inbox="", user_agent=AGENT)
    with BundleWriter(tmp_path) as bundle:
        yield UsFdaWarningLetters(job, Known(source=SOURCE), bundle, Progress())


def parsed(spider: UsFdaWarningLetters, cells: list[str]) -> Listed:
    return spider.parse_row(Row(cells, spider.columns))


def read(markup: str | bytes) -> Page:
    body = markup.encode() if isinstance(markup, str) else markup
    blank = Page(key="firm-1-600001-01172025", role="notice", url=URL, read_at=READ_AT, capture="ab")
    return fda.parse_letter(HtmlResponse(URL, body=body, headers=HTML), blank)


# Rows


def test_a_row_is_parsed_once_and_one_that_says_anything_else_by_itself() -> None:
    told = read_row(UsFdaWarningLetters, tuple(row(1)))
    assert read_row(UsFdaWarningLetters, tuple(row(1))) is told
    edited = read_row(UsFdaWarningLetters, tuple(row(1, office="Center for Biologics Evaluation and Research")))
    assert edited.listed.key == told.listed.key
    assert edited.listed.fingerprint != told.listed.fingerprint


def test_a_row_that_cannot_be_read_fails_each_time() -> None:
    for _ in range(2):
        with pytest.raises(ValueError):
            read_row(UsFdaWarningLetters, tuple(row(1, posted="today")))


@pytest.mark.parametrize("attribute", ["2025-01-28T05:00:00Z", "2025-01-29T01:20:00Z", "2025-01-27T23:59:00Z", ""])
def test_a_date_is_the_printed_one_whatever_the_attribute_says(
    spider: UsFdaWarningLetters, attribute: str
) -> None:
    cells = row(1, posted=f'<time datetime="{attribute}">01/28/2025</time>\n')
    assert parsed(spider, cells).posted_on == date(2025, 1, 28)


@pytest.mark.parametrize("printed", ["", "01/28/25", "2025-01-28", "28/01/2025", "today"])
def test_a_row_without_a_date_in_the_usual_form_is_not_what_it_was(
    spider: UsFdaWarningLetters, printed: str
) -> None:
    with pytest.raises(ValueError):
        parsed(spider, row(1, posted=f'<time datetime="2025-01-28T05:00:00Z">{printed}</time>'))


@pytest.mark.parametrize(
    "href",
    [
        f"{LETTERS}firm-1-600001-01172025",
        f"{HOST}{LETTERS}firm-1-600001-01172025",
        f"http://www.fda.gov{LETTERS}firm-1-600001-01172025/",
        f"https://cacmap.fda.gov{LETTERS}firm-1-600001-01172025",
        f"//fda.gov{LETTERS}firm-1-600001-01172025?utm_source=x#main",
        f" {LETTERS}firm-1-600001-01172025 ",
    ],
)
def test_a_key_is_the_last_part_of_the_path_and_the_host_is_the_regulators(
    spider: UsFdaWarningLetters, href: str
) -> None:
    listed = parsed(spider, row(1, link=f'<a href="{href}">Firm 1, Inc.</a>'))
    assert (listed.key, listed.url) == ("firm-1-600001-01172025", URL)


@pytest.mark.parametrize(
    "link",
    ["Firm 1, Inc.", "<a>Firm</a>", f'<a href="{LETTERS}">Firm</a>', '<a href="/media/1/download">Firm</a>'],
)
def test_a_row_that_links_no_letter_is_not_what_it_was(spider: UsFdaWarningLetters, link: str) -> None:
    with pytest.raises(ValueError, match="no letter is linked"):
        parsed(spider, row(1, link=link))


@pytest.mark.parametrize(
    ("key", "case"),
    [
        ("firm-600001-01172025", "600001"),
        ("other-firm-600001-01172025", "600001"),
        ("firm-600001-01172025-0", "600001"),
        ("firm-721136-some-site", "721136"),
        ("firm-600001", "600001"),
        ("firm-and-co-01172025", ""),
        ("firm-previously-operating-as-another", ""),
        ("firm-12345-01172025", ""),
    ],
)
def test_a_case_number_is_six_digits_of_the_key_and_never_the_key(
    spider: UsFdaWarningLetters, key: str, case: str
) -> None:
    listed = parsed(spider, row(1, key=key))
    assert (listed.key, listed.case_number) == (key, case)


def test_subjects_stand_in_one_line_without_the_breaks_of_their_cell(spider: UsFdaWarningLetters) -> None:
    listed = parsed(spider, row(1, subject="CGMP/Drugs &amp; more<br />\nAdulterated<br />\n", office=" CDER \n"))
    assert listed.fields == {"office": "CDER", "subject": "CGMP/Drugs & more; Adulterated"}


def test_close_out_and_response_may_be_a_date_a_link_or_nothing(spider: UsFdaWarningLetters) -> None:
    linked = f'<a href="{LETTERS}firm-1-600001-02032025">02/04/2025</a>\n'
    listed = parsed(spider, row(1, closeout=linked, response="02/01/2025"))
    assert (listed.closed_out_on, listed.closed_out_url) == (
        date(2025, 2, 4),
        f"{HOST}{LETTERS}firm-1-600001-02032025",
    )
    assert (listed.responded_on, listed.responded_url) == (date(2025, 2, 1), "")
    neither = parsed(spider, row(1))
    assert neither.closed_out_on is neither.responded_on is None


# Pages


def test_the_header_block_is_read_into_fields() -> None:
    page = read(
        letter(
            delivery="VIA UNITED PARCEL SERVICE",
            reference="CBER-25-600001",
            products=["Biologics", "Drugs"],
            recipient="Recipient A",
            title="Head of the firm",
            address=["1 Example Road", "Unit 2", "Exampletown, CA 90001", "United States"],
            email="(b)(6)",
            secondary=["Office One ", "", "Office Two"],
        )
    )
    assert page.fields == {
        "delivery_method": "VIA UNITED PARCEL SERVICE",
        "reference": "CBER-25-600001",
        "products": "Biologics; Drugs",
        "recipient": "Recipient A",
        "recipient_title": "Head of the firm",
        "recipient_firm": "Firm 1, Inc.",
        "address": "1 Example Road; Unit 2; Exampletown, CA 90001; United States",
        "email": "(b)(6)",
        "secondary_offices": "Office One; Office Two",
    }


def test_a_header_block_that_lacks_fields_is_a_letter_too() -> None:
    fields = {name: value for name, value in read(letter()).fields.items() if value}
    assert fields == {"products": "Drugs", "recipient_firm": "Firm 1, Inc."}


def test_the_body_is_the_letter_without_what_the_site_puts_around_it() -> None:
    body = "<p><b>WARNING LETTER</b></p>\n<p>Dear Recipient A:</p><ol><li>One.</li></ol><p>Two&nbsp;(b)(4)</p>"
    page = read(letter(body=body, banner="The site will be down."))
    assert page.text.split("\n") == ["WARNING LETTER", "Dear Recipient A:", "One.", "Two (b)(4)"]


@pytest.mark.parametrize("mark", ['role="alert"', 'class="alert"', 'class="x site-banner"'])
def test_a_note_of_the_site_among_the_paragraphs_is_not_the_letter(mark: str) -> None:
    page = read(letter(body=f"<p>One.</p><div {mark}><p>The site will be down.</p></div><p>Two.</p>"))
    assert page.text.split("\n") == ["One.", "Two."]


def test_text_that_stands_between_paragraphs_belongs_to_the_letter() -> None:
    page = read(letter(body="Dear Recipient A:<br>This is <b>one</b> sentence.<p>Two.</p>\nThree."))
    assert page.text.split("\n") == ["Dear Recipient A:", "This is one sentence.", "Two.", "Three."]


@pytest.mark.parametrize(
    ("label", "kind"),
    [("WARNING LETTER", ""), ("CLOSEOUT LETTER", "closeout_letter"), ("Closeout Letter", "closeout_letter")],
)
def test_the_label_above_the_title_says_what_a_page_is(label: str, kind: str) -> None:
    page = read(letter(label=label))
    assert (page.label, page.kind) == (label, kind)


def test_the_address_is_the_one_that_was_asked_whatever_the_page_calls_itself() -> None:
    page = read(letter())
    assert (page.key, page.url) == ("firm-1-600001-01172025", URL)
    assert "cacmap" not in repr(page)


def test_saving_a_page_again_leaves_its_fingerprint() -> None:
    before = letter(body="<p>The firm’s site said so.</p>")
    after = letter(body="<div><p> The firm&#8217;s  site\n said so.</p></div>", banner="The site will be down.")
    assert read(before).fingerprint == read(after.replace("01/28/2025", "03/19/2025")).fingerprint
    assert read(before).fingerprint != read(letter(body="<p>The firm’s site says so.</p>")).fingerprint


def test_a_page_of_more_than_two_megabytes_is_refused() -> None:
    with pytest.raises(Unusable, match="bytes long") as caught:
        read(letter(body="<p>" + "long " * (fda.LONGEST_PAGE // 5) + "</p>"))
    assert caught.value.verdict == "layout_changed"


@pytest.mark.parametrize("mark", ['role="main"', "content-type-label", "content-title", "inset-column"])
def test_a_page_without_a_mark_of_a_letter_is_refused(mark: str) -> None:
    with pytest.raises(Unusable) as caught:
        read(letter().replace(mark, 'class="x"' if "=" in mark else "x"))
    assert caught.value.verdict == "layout_changed"


@pytest.mark.parametrize("title", ["=1+1", "Firm &lt;script&gt;x()&lt;/script&gt;", "F" * 500])
def test_a_page_with_a_title_unlike_any_firms_is_refused(title: str) -> None:
    with pytest.raises(Unusable, match="title") as caught:
        read(letter(company=title))
    assert caught.value.verdict == "layout_changed"


def test_a_page_without_the_settings_script_is_a_block() -> None:
    with pytest.raises(Stop) as caught:
        read(letter().replace("drupal-settings-json", "x"))
    assert caught.value.verdict == "blocked"


def test_a_page_that_came_cut_short_is_refused() -> None:
    with pytest.raises((Stop, Unusable)):
        read(letter().partition("Content current")[0])


def test_a_page_nested_too_deeply_to_be_read_is_refused_and_never_read_in_part() -> None:
    deep = "<div>" * 300 + "deep" + "</div>" * 300
    try:
        found = read(letter(body=f"<p>before</p>{deep}<p>after</p>")).text.split("\n")
    except Unusable:
        return
    assert found == ["before", "deep", "after"]


def test_bytes_that_are_no_text_are_shown_and_not_guessed_at() -> None:
    assert read(letter(body="<p>Caf\xe9</p>").encode("latin-1", "ignore")).text == "Caf\ufffd"


# Refusals


def answered(status: int, body: str = "", location: str = "", url: str = URL) -> Response:
    return Response(url, status=status, body=body.encode(), headers={"Location": location} if location else {})


@pytest.mark.parametrize(
    "refused",
    [
        answered(302, location="/apology_objects/abuse-detection-apology.html"),
        answered(404, MISSING, location=f"{HOST}/apology_objects/abuse-detection-apology.html"),
        answered(404, "Not found"),
        answered(404, "Not found\n"),
        answered(404, "<title>FDA Apology</title>"),
        answered(503, "<title>FDA Apology</title>"),
        answered(200, "sorry", url=f"{HOST}/apology_objects/excessive-requests-apology.html"),
        answered(403),
        answered(429),
    ],
    ids=lambda response: f"{response.status} {response.text if hasattr(response, 'text') else ''}".strip(),
)
def test_the_signs_of_fdas_block_are_known(refused: Response) -> None:
    assert refused.url in fda.refusal(refused)


@pytest.mark.parametrize(
    "answer",
    [
        answered(404, MISSING),
        answered(404),
        answered(503, "<h1>Down for maintenance</h1>"),
        answered(301, location=f"{LETTERS}another-600002-01172025"),
        answered(200, letter(body="<p>The firm sent an apology.</p>")),
        answered(304),
    ],
    ids=["missing page", "empty 404", "maintenance", "moved", "letter", "unchanged"],
)
def test_a_missing_page_and_other_answers_are_no_block(answer: Response) -> None:
    assert fda.refusal(answer) == ""
