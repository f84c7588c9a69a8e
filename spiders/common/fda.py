"""Pages of www.fda.gov: how the site refuses, and what a letter's page holds."""

import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import urljoin, urlsplit

import msgspec
from lxml import etree
from lxml.html import HtmlElement

from spiders.common import fetching
from spiders.common.drupal_table import drupal_settings
from spiders.common.fetching import Response
from spiders.common.html import inline, parsed, pieces, text, text_lines, unlikely
from spiders.common.stop import Unusable
from stemwatch.records import Page
from stemwatch.text import clean_lines

COMPLIANCE = "https://www.fda.gov/inspections-compliance-enforcement-and-criminal-investigations"
LETTERS = urlsplit(COMPLIANCE).path + "/warning-letters/"

PRINTED = re.compile(r"(\d\d?)/(\d\d?)/(\d{4})")

LONGEST_PAGE = 2 << 20
"""The longest letter measured is 0.2 MB of HTML."""

# A comment that has closed the body of every letter page since 2024.
_END_OF_BODY = "QUALTRICS"
_NOTES = ("alert", "site-banner")


def refusal(response: Response) -> str:
    """FDA's own signs of a block on top of the general ones.

    It redirects to /apology_objects/..., which is itself 404 with the two words "Not found"; a real missing page
    is a whole page of the site.
    """
    location = fetching.header(response, "Location")
    if "apology" in location or "/apology_objects/" in response.url:
        return f"{response.url} was answered with FDA's apology page."
    if response.status in (404, 503) and (
        b"apology" in response.body.lower() or response.body.strip() == b"Not found"
    ):
        return f"{response.url} was answered with what stands behind FDA's apology page."
    return fetching.refusal(response)


def visible_date(cell: HtmlElement, *, required: bool = True) -> date | None:
    """The printed MM/DD/YYYY. The `datetime` attribute is UTC at odd hours and can be a day off."""
    printed = text(cell)
    if not printed and not required:
        return None
    match = PRINTED.fullmatch(printed)
    if match is None:
        raise ValueError(f"{printed[:40]!r} is no date of the form MM/DD/YYYY")
    month, day, year = map(int, match.groups())
    return date(year, month, day)


def letter_url(cell: HtmlElement, *, required: bool = True) -> str:
    """The letter's address on www.fda.gov, whatever host the link names, without query and fragment."""
    href: str = next((link.get("href") for link in cell.iter("a") if link.get("href")), "")
    path = urlsplit(urljoin(COMPLIANCE, href.strip())).path.rstrip("/") if href else ""
    if path.startswith(LETTERS) and len(path) > len(LETTERS):
        return "https://www.fda.gov" + path
    if required:
        raise ValueError(f"no letter is linked in {text(cell)[:60]!r}")
    return ""


def parse_letter(response: Response, page: Page) -> Page:
    """A warning, close-out or response letter. Unusable when the marks of a letter page are not there.

    Dates, firm and issuing office are what the list says; they are not taken from the page again.
    """
    if len(response.body) > LONGEST_PAGE:
        raise Unusable(
            "layout_changed", f"{response.url} is {len(response.body):,} bytes long, which no letter is."
        )
    document = parsed(response)
    drupal_settings(response, document)
    main, label, title = _parts(response, document)
    if doubt := unlikely(title):
        raise Unusable("layout_changed", f"{response.url} has a title unlike any firm's: {doubt}.")
    columns = main.xpath('./div[contains(@class, "inset-column")]')
    if not columns:
        raise Unusable("layout_changed", f"{response.url} has no header block.")
    return msgspec.structs.replace(
        page,
        label=label,
        kind="closeout_letter" if "CLOSEOUT" in label.upper() else "",
        fields=dict(_header(main)),
        text=clean_lines("".join(_body(columns[-1]))),
    )


def _parts(response: Response, document: HtmlElement) -> tuple[HtmlElement, str, str]:
    """The main column, the label above the title, the title."""
    main = document.find('.//*[@role="main"]')
    labels = document.xpath('//p[contains(@class, "content-type-label")]')
    titles = document.xpath('//h1[contains(@class, "content-title")]')
    if main is None or not labels or not titles:
        raise Unusable("layout_changed", f"{response.url} lacks the marks of a letter page.")
    return main, text(labels[0]), titles[0].text or ""


def _header(main: HtmlElement) -> Iterator[tuple[str, str]]:
    """The two description lists above the letter: delivery, reference, products; recipient and offices."""
    terms = {"Delivery Method:": "delivery_method", "Reference #:": "reference", "Product:": "products"}
    for term in main.xpath('.//dl[contains(@class, "lcds-description-list--grid")]/dt'):
        name = terms.get(text(term))
        if name:
            yield name, "; ".join(_values(term.getnext()))
    for name in ("recipient-name", "recipient-title"):
        items = main.xpath(f'.//*[contains(@class, "field--name-field-{name}")]//*[@class="field--item"]')
        yield name.replace("recipient-name", "recipient").replace("-", "_"), "; ".join(map(text, items))
    yield from _recipient(main)
    secondary = main.xpath('.//*[contains(@class, "field--name-field-issuing-office-paragraph")]//dd[not(.//p)]')
    yield "secondary_offices", "; ".join(filter(None, map(text, secondary)))


def _recipient(main: HtmlElement) -> Iterator[tuple[str, str]]:
    for definition in main.xpath('.//dl[dt[starts-with(normalize-space(.), "Recipient")]]'):
        plain = [dd for dd in definition.findall("dd") if not dd.xpath(".//*[@class or self::p or self::a]")]
        yield "recipient_firm", "; ".join(filter(None, map(text, plain)))
        yield "address", "; ".join(_lines(definition.xpath('.//p[contains(@class, "address")]')))
        yield "email", "; ".join(text(link) for link in definition.xpath('.//a[starts-with(@href, "mailto:")]'))


def _values(definition: HtmlElement | None) -> list[str]:
    return text_lines([definition]).split("\n") if definition is not None else []


def _lines(elements: list[HtmlElement]) -> list[str]:
    return [line for element in elements for line in text_lines([element]).split("\n")]


def _body(last_column: HtmlElement) -> Iterator[str]:
    """What follows the header block: the letter without notes of the site, up to the survey's comment."""
    yield inline(last_column.tail)
    for element in last_column.itersiblings():
        if element.tag is etree.Comment:
            if _END_OF_BODY in (element.text or ""):
                return
        elif isinstance(element.tag, str) and not _is_note(element):
            yield from pieces(element)
        yield inline(element.tail)


def _is_note(element: HtmlElement) -> bool:
    return element.get("role") == "alert" or any(note in (element.get("class") or "").split() for note in _NOTES)
