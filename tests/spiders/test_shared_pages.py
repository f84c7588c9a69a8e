"""Notices that are parts of one page: firms on the red list of an import alert."""

import shutil
from pathlib import Path

import msgspec
from lxml import html

from spiders.us_fda_import_alert_57_22 import UsFdaImportAlert5722, entries
from stemwatch.reading import Known, KnownNotice
from stemwatch.records import Look
from tests.sources.replay import FIXTURES, crawl

SOURCE = UsFdaImportAlert5722.source


def red_list(lines: str) -> list[dict[str, str]]:
    return list(entries(html.fragment_fromstring(f"<div><b>Red List</b><br>{lines}</div>").getchildren()))


def test_a_notice_that_left_the_page_of_its_whole_list_is_gone(tmp_path: Path) -> None:
    moment = shutil.copytree(FIXTURES / SOURCE.name, tmp_path / "moment")
    left = KnownNotice(url=f"{SOURCE.url}#former-firm", fingerprint="0", absent=2)
    known = Known(source=SOURCE.name, baselined=True, notices={"peru/former-firm": left})
    (moment / "known.json").write_bytes(msgspec.json.encode(known))
    looks = [
        record for record in crawl(moment, SOURCE.name, tmp_path / "crawl").everything if isinstance(record, Look)
    ]
    assert [(look.key, look.outcome) for look in looks] == [("peru/former-firm", "gone")]


def test_a_list_on_one_page_is_asked_for_once(tmp_path: Path) -> None:
    report = crawl(FIXTURES / SOURCE.name, SOURCE.name, tmp_path / "crawl").report
    assert report.requests == len(("robots.txt", "the page"))


def test_firms_of_one_country_follow_one_heading() -> None:
    found = red_list("<b>PERU</b><br>One<br>Lima<br><br>Two<br>Cusco<br><br><b>CHILE</b><br>Three<br><br>")
    assert [(firm["Country"], firm["Firm"]) for firm in found] == [
        ("PERU", "One"),
        ("PERU", "Two"),
        ("CHILE", "Three"),
    ]


def test_lines_before_the_day_are_the_address_and_lines_after_it_products() -> None:
    (firm,) = red_list(
        "<b>PERU</b><br>One<br>1 Main Road<br>Lima<br>"
        "Date Published: 01/02/2025<br>Cells<br>Exosomes<br>Desc: vials<br><br>"
    )
    assert firm == {
        "Country": "PERU",
        "Firm": "One",
        "Address": "1 Main Road; Lima",
        "Date Published": "01/02/2025",
        "Products": "Cells; Exosomes",
        "Desc": "vials",
    }


def test_nothing_before_the_red_list_is_a_firm() -> None:
    page = html.fragment_fromstring("<div><b>Type:</b> DWPE<br>One<br><br><b>Red List</b><br><br></div>")
    assert list(entries(page.getchildren())) == []
