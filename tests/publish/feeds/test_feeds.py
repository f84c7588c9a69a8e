"""Feeds: readers get each notice once, anew when something happens, and nothing that could run."""

import re
import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any, Literal
from xml.etree import ElementTree

import feedparser
import msgspec
import pytest

from tests.publish.site.conftest import HOSTILE_TITLE, RELEVANT_TEXT, Client, answering, site_over
from tests.store.builders import CHARA, KIMERA, NAME, SURGENEX, World, changed, letter, page

ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = ("/feeds/relevant", f"/feeds/sources/{NAME}", "/feeds/jurisdictions/US", "/feeds/search.FORM?q=arthritis")


class Item(msgspec.Struct, forbid_unknown_fields=True):
    """An item as version 1.1 of JSON Feed has it."""

    id: str
    url: str
    title: str
    content_html: str
    date_published: datetime
    date_modified: datetime
    tags: list[str]
    language: str
    external_url: str = ""


class Document(msgspec.Struct, forbid_unknown_fields=True):
    version: Literal["https://jsonfeed.org/version/1.1"]
    title: str
    home_page_url: str
    feed_url: str
    description: str
    language: str
    authors: list[dict[str, str]]
    items: list[Item]
    next_url: str = ""


def read(client: Client, path: str) -> Any:
    """An Atom feed as a reader sees it; nothing about it may look odd to the reader."""
    answer = client.get(path)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    parsed = feedparser.parse(answer.data, response_headers={"content-type": answer.headers["Content-Type"]})
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert parsed.version == "atom10"
    return parsed


def read_json(client: Client, path: str) -> Document:
    answer = client.get(path)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/feed+json")
    return msgspec.json.decode(answer.data, type=Document)


def named(path: str, form: str) -> str:
    return path.replace("FORM", form) if "FORM" in path else f"{path}.{form}"


@pytest.mark.parametrize("path", FEEDS)
def test_both_forms_tell_of_the_same_notices_the_last_that_changed_first(client: Client, path: str) -> None:
    atom, json = read(client, named(path, "atom")), read_json(client, named(path, "json"))
    assert {entry.title for entry in atom.entries} == {CHARA.title, KIMERA.title, SURGENEX.title}
    for one, other in zip(atom.entries, json.items, strict=True):
        assert (one.id, one.title, one.link) == (other.id, other.title, other.url)
        assert datetime.fromisoformat(one.updated) == other.date_modified
        assert datetime.fromisoformat(one.published) == other.date_published
    updated = [entry.updated_parsed for entry in atom.entries]
    assert updated == sorted(updated, reverse=True)


def test_an_entry_says_what_happened_why_it_is_here_and_that_it_may_be_over(client: Client) -> None:
    kimera = entry_of(read(client, "/feeds/relevant.atom"), "Kimera Labs, Inc.")
    words = re.sub(r"<[^>]+>|\s+", " ", kimera.content[0].value)
    assert "Closed out, 4 January 2025." in words
    assert "umbilical cord" in words
    assert "Why it is here" in words
    assert "may have been resolved since" in words
    assert KIMERA.url in kimera.content[0].value


def test_the_first_look_is_as_old_as_what_it_saw(tmp_path: Path) -> None:
    with World(tmp_path / "home") as world:
        world.run([KIMERA, CHARA], page(KIMERA, RELEVANT_TEXT), page(CHARA, RELEVANT_TEXT))
    with answering(site_over(tmp_path / "home")) as client:
        updated = [entry.updated for entry in read(client, "/feeds/relevant.atom").entries]
    assert updated == ["2025-01-28T00:00:00Z", "2024-01-04T00:00:00Z"]


def test_a_notice_keeps_its_id_and_is_updated_when_something_happens(letters: Path, tmp_path: Path) -> None:
    home = shutil.copytree(letters, tmp_path / "home")
    with answering(site_over(home)) as client, World(home) as world:
        before = entry_of(read(client, "/feeds/relevant.atom"), CHARA.title)
        world.days = 5
        world.run([changed(CHARA, subject="Exosomes, edited"), KIMERA, SURGENEX])
        after = entry_of(read(client, "/feeds/relevant.atom"), CHARA.title)
    assert (after.id, after.title) == (before.id, before.title)
    assert after.updated > before.updated
    assert before.id.startswith("urn:uuid:")


def test_what_only_our_reading_changed_is_no_news(letters: Path, tmp_path: Path) -> None:
    home = shutil.copytree(letters, tmp_path / "home")
    with World(home) as world, answering(site_over(home)) as client:
        before = client.get("/feeds/relevant.atom").data
        world.store.db.execute(
            "INSERT INTO changes (notice, run, verb, cause, detected_at) "
            "SELECT notice, run, 'edited', 'parser', '2026-01-01T00:00:00Z' FROM changes"
        )
        assert client.get("/feeds/relevant.atom").data == before


def test_a_clinic_has_a_feed_of_what_names_it(client: Client) -> None:
    clinic = msgspec.json.decode(client.get("/api/v1/clinics?query=surgenex").data)["items"][0]["clinic"]
    feed = read(client, f"/feeds/clinics/{clinic}.atom")
    assert [entry.title for entry in feed.entries] == ["Surgenex, LLC"]
    assert "Surgenex" in feed.feed.title


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/feeds/sources/none.atom", HTTPStatus.NOT_FOUND),
        ("/feeds/jurisdictions/XX.json", HTTPStatus.NOT_FOUND),
        ("/feeds/clinics/c-0000000.atom", HTTPStatus.NOT_FOUND),
        ("/feeds/relevant.rss", HTTPStatus.NOT_FOUND),
        ("/feeds/search.atom", HTTPStatus.BAD_REQUEST),
        ("/feeds/search.atom?q=%22open", HTTPStatus.BAD_REQUEST),
        ("/feeds/relevant.atom?before=x", HTTPStatus.BAD_REQUEST),
    ],
)
def test_a_feed_that_cannot_be_is_refused(client: Client, path: str, status: HTTPStatus) -> None:
    assert client.get(path).status == status


def test_an_empty_feed_is_a_feed(client: Client) -> None:
    assert read(client, "/feeds/search.atom?q=nowhere").entries == []
    assert read_json(client, "/feeds/search.json?q=nowhere").items == []


def test_what_has_not_changed_is_not_sent_again(client: Client) -> None:
    answer = client.get("/feeds/relevant.atom")
    tag, day = answer.headers["ETag"], answer.headers["Last-Modified"]
    same = HTTPStatus.NOT_MODIFIED
    assert client.get("/feeds/relevant.atom", If_None_Match=tag).status == same
    assert client.get("/feeds/relevant.atom", If_Modified_Since=day).status == same
    assert client.get("/feeds/relevant.atom", If_Modified_Since="Thu, 01 Jan 2015 00:00:00 GMT").status != same
    assert client.get("/feeds/relevant.atom", If_Modified_Since="yesterday").status != same
    assert client.get("/feeds/relevant.atom", If_None_Match='W/"x"', If_Modified_Since=day).status != same


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A site with 120 relevant letters."""
    home = tmp_path_factory.mktemp("many") / "home"
    rows = [
        letter(f"clinic-{number}", f"Clinic {number}", posted_on=date(2024, 1, 1) + timedelta(days=number // 3))
        for number in range(120)
    ]
    with World(home) as world:
        world.run(rows, *[page(row, RELEVANT_TEXT) for row in rows])
    with answering(site_over(home)) as client:
        yield client


def links(document: bytes) -> dict[str, str]:
    root = ElementTree.fromstring(document)  # our own answer
    return {link.attrib["rel"]: link.attrib["href"] for link in root.iterfind(f"{ATOM}link")}


def titles(document: bytes) -> list[str]:
    return [
        entry.findtext(f"{ATOM}title") or "" for entry in ElementTree.fromstring(document).iter(f"{ATOM}entry")
    ]


def test_the_pages_of_a_feed_lead_to_every_notice_once_and_back_again(many: Client) -> None:
    pages = [many.get("/feeds/relevant.atom").data]
    while following := links(pages[-1]).get("next"):
        pages.append(many.get(following).data)
    assert [len(titles(each)) for each in pages] == [50, 50, 20]
    assert len({title for each in pages for title in titles(each)}) == 120
    assert "previous" not in links(pages[0])
    back = many.get(links(pages[2])["previous"]).data
    assert titles(back) == titles(pages[1])
    assert titles(many.get(links(back)["previous"]).data) == titles(pages[0])
    assert {links(each)["first"] for each in pages} == {"/feeds/relevant.atom"}


def test_json_leads_on_as_well(many: Client) -> None:
    first = read_json(many, "/feeds/relevant.json")
    following = read_json(many, first.next_url)
    assert {item.id for item in first.items}.isdisjoint(item.id for item in following.items)


def test_in_a_folder_of_files_a_feed_has_one_page(many: Client, tmp_path: Path) -> None:
    with World(tmp_path / "home") as world:
        rows = [letter(f"clinic-{number}", f"Clinic {number}") for number in range(60)]
        world.run(rows, *[page(row, RELEVANT_TEXT) for row in rows])
    with answering(site_over(tmp_path / "home", static=True)) as client:
        assert set(links(client.get("/feeds/relevant.atom").data)) == {"self", "alternate", "first"}


def test_hostile_words_stay_words(tmp_path: Path) -> None:
    odd = letter("odd", HOSTILE_TITLE + "\x00\x0b\ufffe ]]> &lt;", url="javascript:alert(1)", office="<img src=x>")
    with World(tmp_path / "home") as world:
        world.run([odd], page(odd, RELEVANT_TEXT + " <script>alert(2)</script> \x01"))
    site = site_over(tmp_path / "home", url="https://watch.example.org/x")
    with answering(site) as client:
        (entry,) = read(client, "/feeds/relevant.atom").entries
        (item,) = read_json(client, "/feeds/relevant.json").items
        assert entry.link == item.url == f"https://watch.example.org/x/notices/{NAME}/odd"
        assert (item.external_url, "\u202e" in item.title) == ("", False)
        for html in (entry.content[0].value, item.content_html):
            assert "<script" not in html
            assert "javascript:" not in html
        assert b"<script" not in client.get("/feeds/relevant.atom").data


def entry_of(feed: Any, title: str) -> Any:
    return next(entry for entry in feed.entries if entry.title == title)
