"""From an address to a source that replays its own recording: drafted in a copy of the house, over loopback."""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from spiders.common.first_look import first_look
from stemwatch.records import Listed, Page, decode
from tests.scheduler.conftest import NAME, ROOT, Run, Site
from tests.spiders.listing import SOURCE, Answer, crawl

HOST = "https://agency.example"
PACKAGES = ("stemwatch", "spiders", "notify", "publish", "scheduler")
HARNESS = ("replay.py", "bless.py")
KEYS = ("a", "b", "c", "d")
DRAFT = """
import json, sys
from scheduler.drafting import new_source
from scheduler.house import open_house

for name, url in json.loads(sys.argv[1]):
    new_source(open_house(), name, url)
"""
HTML = {"Content-Type": "text/html; charset=UTF-8"}
JSON = {"Content-Type": "application/json"}


def feed() -> str:
    item = (
        "<item><title>Notice {0}</title><link>{1}/n/{0}</link><pubDate>Tue, 28 Jan 2025 23:30:00 +0000</pubDate>"
        "<media:credit xmlns:media='http://search.yahoo.com/mrss/'>Desk</media:credit></item>"
    )
    items = "".join(item.format(key, HOST) for key in KEYS)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><language>fr-CA</language>{items}</channel></rss>'


def posts(filler: str = "") -> list[dict[str, Any]]:
    return [
        {"id": number, "date": f"2025-01-0{number}T10:00:00", "link": f"{HOST}/n/{key}", "filler": filler,
         "title": {"rendered": f"Notice &#8211; {key}"}}
        for number, key in enumerate(KEYS, start=1)
    ]  # fmt: skip


def rows() -> str:
    row = '<li class="row"><time>January {0}, 2025</time><h3><a href="/n/{1}">Notice {1}</a></h3></li>'
    listed = "".join(row.format(number, key) for number, key in enumerate(KEYS, start=1))
    menu = "".join(f'<li><a href="/{word}">About {word}</a></li>' for word in KEYS[:2])
    head = f'<!DOCTYPE html><html lang="es"><body><ul>{menu}</ul><main><h1>News</h1>'
    return f"{head}<ul>{listed}</ul></main></body></html>"


def page(key: str) -> str:
    return f"<!DOCTYPE html><html><body><h1>Notice {key}</h1><main><p>Words of {key}.</p></main></body></html>"


LISTS = {
    "ca_agency_feed": ("/feed.xml", {"Content-Type": "text/xml"}, feed()),
    "ph_agency_posts": ("/posts.json", JSON, json.dumps({"data": {"posts": posts()}})),
    "es_agency_news": ("/news", HTML, rows()),
    "us_agency_dump": ("/dump.json", JSON, json.dumps(posts("x" * 300_000))),
}


def recorded(folder: Path) -> Path:
    """A site with four lists and the pages they lead to."""
    folder.mkdir()
    pages = [(f"/n/{key}", HTML, page(key)) for key in KEYS]
    responses = []
    for number, (path, headers, body) in enumerate([*LISTS.values(), *pages]):
        (folder / str(number)).write_text(body, encoding="utf-8")
        responses.append({"url": HOST + path, "status": 200, "headers": headers, "file": str(number)})
    (folder / "moment.json").write_text(json.dumps({"responses": responses}), encoding="utf-8")
    return folder


@dataclass(frozen=True)
class Copy:
    """A copy of the house, whose spiders may be added to."""

    root: Path
    site: Site

    def run(self, *command: str) -> str:
        """What a command of this house printed."""
        done = subprocess.run(
            [sys.executable, *command],
            cwd=self.root,
            env={"PATH": os.environ["PATH"], "STEMWATCH_MIRROR": self.site.url},
            text=True,
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    def file(self, name: str) -> str:
        return (self.root / "spiders" / f"{name}.py").read_text(encoding="utf-8")

    def expected(self, name: str) -> list[Any]:
        golden = self.root / "tests" / "sources" / name / "expected.jsonl"
        return [decode(complete(json.loads(line))) for line in golden.read_text(encoding="utf-8").splitlines()]


def complete(record: dict[str, Any]) -> bytes:
    """A record with the fields that a golden file leaves out."""
    more = {"capture": "", "read_at": "2025-01-01T00:00:00Z"} if record["type"] == "page" else {}
    return json.dumps({**more, **record}).encode()


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    root = tmp_path_factory.mktemp("house")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, root / package, ignore=shutil.ignore_patterns("sample"))
    (root / "tests" / "sources").mkdir(parents=True)
    for name in HARNESS:
        shutil.copy(ROOT / "tests" / "sources" / name, root / "tests" / "sources" / name)
    site = Site(recorded(tmp_path_factory.mktemp("site") / "moment"))
    threading.Thread(target=site.server.serve_forever, args=(0.01,), daemon=True).start()
    yield Copy(root, site)
    site.server.shutdown()
    site.server.server_close()


@pytest.fixture(scope="module")
def told(copy: Copy) -> str:
    """What the command said of the dump; the other lists were drafted after it, and every replay accepted."""
    said = copy.run("-m", "scheduler.cli", "new-source", "us_agency_dump", f"{HOST}/dump.json")
    others = [[name, HOST + path] for name, (path, _, _) in LISTS.items() if name != "us_agency_dump"]
    copy.run("-c", DRAFT, json.dumps(others))
    copy.run("-m", "tests.sources.bless", *LISTS)
    return said


@pytest.mark.parametrize(
    ("name", "base", "language"),
    [
        ("ca_agency_feed", "FeedSpider", "fr"),
        ("ph_agency_posts", "JsonListSpider", "en"),
        ("es_agency_news", "HtmlListSpider", "es"),
        ("us_agency_dump", "DumpSpider", "en"),
    ],
)
def test_a_draft_has_the_base_of_its_list_and_replays_what_was_recorded(
    copy: Copy, told: str, name: str, base: str, language: str
) -> None:
    assert f"({base}):" in copy.file(name)
    assert f'language="{language}"' in copy.file(name)
    records = copy.expected(name)
    listed = {record.url: record for record in records if isinstance(record, Listed)}
    assert set(listed) == {f"{HOST}/n/{key}" for key in KEYS}
    assert all(record.posted_on and record.title.startswith("Notice") for record in listed.values())
    assert {record.text[:8] for record in records if isinstance(record, Page)} == {"Words of"}


def test_a_draft_says_what_is_left_to_do(copy: Copy, told: str) -> None:
    assert "make bless SOURCE=us_agency_dump" in told
    for name in LISTS:
        assert "replace the regulator's sentences by your own" in copy.file(name)


def test_fields_that_a_draft_does_not_read_are_named_in_it(copy: Copy, told: str) -> None:
    assert 'ignored = (\n        "filler",\n    )' in copy.file("us_agency_dump")
    assert "Nobody reads: filler." in told


def test_drafts_are_as_the_house_formats_its_code(copy: Copy, told: str) -> None:
    files = [str(copy.root / "spiders" / f"{name}.py") for name in LISTS]
    checked = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--config", str(ROOT / "pyproject.toml"), *files],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout


def test_a_recording_made_anew_keeps_what_is_expected(copy: Copy, told: str) -> None:
    folder = copy.root / "tests" / "sources" / "es_agency_news"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert "4 notices and 3 pages" in copy.run("-m", "scheduler.cli", "record", "es_agency_news")
    after = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(after) == set(before)
    assert after["expected.jsonl"] == before["expected.jsonl"]


def test_a_list_whose_pages_refuse_us_is_drafted_without_them() -> None:
    rows = [{"title": f"Notice {key}", "url": f"https://agency.example/{key}"} for key in KEYS]
    looked = crawl(
        first_look(SOURCE),
        lambda url: Answer(json.dumps(rows)) if url == SOURCE.url else Answer(status=403),
    )
    assert looked.report.stopped is None
    assert len(looked.asked) == 2


@pytest.mark.parametrize(
    ("name", "url", "sentence"),
    [
        (NAME, HOST, f"There is already a source {NAME}: `stemwatch record {NAME}` records it anew."),
        (
            "Agency",
            HOST,
            "'Agency' names no source: it takes <country>_<agency>_<list>, as us_ftc_press_releases.",
        ),
        (
            "xx_agency_list",
            "ftp://a.example",
            "'ftp://a.example' is no address of a list: it begins with https://.",
        ),
    ],
)
def test_a_name_or_address_that_cannot_be_is_refused(run: Run, name: str, url: str, sentence: str) -> None:
    done = run("new-source", name, url)
    assert (done.code, done.sentence) == (2, sentence)


def test_an_address_that_is_no_list_leaves_nothing_behind(
    run: Run, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEMWATCH_MIRROR", site.url)
    done = run("new-source", "xx_agency_list", f"{HOST}/nowhere")
    assert done.code == 1
    assert "404" in done.sentence
    assert not (ROOT / "spiders" / "xx_agency_list.py").exists()
    assert not (ROOT / "tests" / "sources" / "xx_agency_list").exists()
