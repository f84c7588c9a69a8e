"""The service as its operator meets it: a process that works until it is told to stop."""

import json
import shutil
import signal
import socket
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest

from scheduler.delivering import BUSY, LOCK
from tests.notify.conftest import HttpSink
from tests.scheduler.conftest import (
    NAME,
    RELEVANT_NEWS,
    SAMPLE,
    SECOND,
    SECOND_DAY,
    Run,
    Site,
    house_of,
    process,
    until,
)

LATER = "2025-02-10T12:00Z"
"""When everything is due again."""


class Running:
    """A `stemwatch run` with everything it told so far."""

    def __init__(self) -> None:
        self.process = process("run")
        self.told = ""
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.told += line

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop; its exit code."""
        self.process.send_signal(number)
        return self.ended(8)

    def ended(self, seconds: float = 10) -> int:
        """Wait for its end, and for its last words; its exit code."""
        code = self.process.wait(timeout=seconds)
        self._reader.join(5)
        return code


Start = Callable[[], Running]


@pytest.fixture
def start(
    environ: None,
    site: Site,
    sink: HttpSink,
    settings: Callable[[str], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Start]:
    """Starts the service on the site of the second day; ends it when the test has not."""
    site.show(SAMPLE / SECOND_DAY)
    monkeypatch.setenv("STEMWATCH_MIRROR", site.url)
    monkeypatch.setenv("STEMWATCH_NOW", SECOND)
    settings(f'[[subscriptions]]\nname = "press"\nchannel = "{sink.url()}"\n')
    started: list[Running] = []

    def begin() -> Running:
        started.append(Running())
        return started[-1]

    yield begin
    for service in started:
        if service.process.poll() is None:
            service.process.kill()
        service.process.communicate()


def rows(home: Path, sql: str) -> list[tuple[object, ...]]:
    database = sqlite3.connect(home / "stemwatch.db")
    try:
        return list(database.execute(sql))
    finally:
        database.close()


def test_it_applies_the_inbox_crawls_what_is_due_tells_what_is_new_and_stops_when_told(
    filled: Path, start: Start, sink: HttpSink
) -> None:
    (filled / "inbox" / "half.bundle").write_bytes(b"half of a bundle")
    service = start()
    until(lambda: rows(filled, "SELECT count(*) FROM deliveries WHERE sent_at NOT NULL") == [(RELEVANT_NEWS,)])
    assert service.stop() == 0
    assert any(b"Chara Biologics, Inc." in body for _, _, body in sink.requests)
    assert len(sink.requests) == RELEVANT_NEWS
    assert f"{NAME}: ok" in service.told
    assert "half.bundle is corrupt" in service.told
    told = [json.loads(line) for line in service.told.splitlines()]
    assert told[-1]["said"] == "Stopped"
    assert {line["verdict"] for line in told if line.get("source") == NAME} == {"ok"}
    assert all(NAME in line["run"] for line in told if "verdict" in line)
    assert {line["outcome"] for line in told if line.get("subscription") == "press"} == {"sent"}
    assert "CANARY" not in service.told


def test_systemd_is_told_when_it_is_ready_alive_and_stopping(
    filled: Path, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(20)
        service = start()
        assert [manager.recv(100) for _ in range(2)] == [b"READY=1", b"WATCHDOG=1"]
        assert service.stop() == 0
        manager.settimeout(0)
        while (told := manager.recv(100)) == b"WATCHDOG=1":
            pass
        assert told == b"STOPPING=1"


def test_where_another_is_at_work_it_is_refused_in_one_sentence(moved: Path, start: Start) -> None:
    with house_of(moved).lock(LOCK, busy="Taken."):
        service = start()
        assert service.ended() == 1
    assert service.told == f"stemwatch: {BUSY}\n"


def test_it_stops_within_seconds_although_the_site_never_answers(filled: Path, start: Start, site: Site) -> None:
    site.behaviour = "hang"
    service = start()
    assert site.asked.wait(60)
    assert service.stop() == 0
    assert site.hung_up.wait(5), "The worker is still connected."
    assert list((filled / "work").iterdir()) == []
    assert rows(filled, "SELECT verdict FROM sources") == [("ok",)], "Our stop is held against the source."


def test_a_step_that_fails_ends_neither_the_service_nor_the_other_steps(
    moved: Path, start: Start, sink: HttpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    (moved / "work").rmdir()
    (moved / "work").write_text("in the way of every crawl", encoding="utf-8")
    monkeypatch.setenv("STEMWATCH_NOW", LATER)
    service = start()
    until(lambda: len(sink.requests) == RELEVANT_NEWS)
    until(lambda: "cannot be used" in service.told)
    (moved / "work").unlink()
    until(lambda: f"{NAME}: ok" in service.told)
    assert service.stop(signal.SIGINT) == 0
    assert "Traceback" not in service.told


BOARD = """
[[feeds]]
name = "tx_board"
url = "https://board.example.org/news.xml"
country = "US-TX"
language = "en"
"""
NEWS = b"""<rss version="2.0"><channel><item><title>Board meets</title><link>https://board.example.org/1</link>
<pubDate>Mon, 27 Jan 2025 10:00:00 GMT</pubDate></item></channel></rss>"""


@pytest.fixture
def board(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A second site to follow: its feed lies beside the first one's recorded moment."""
    moment = tmp_path / "moment"
    shutil.copytree(SAMPLE / SECOND_DAY, moment)
    (moment / "news.xml").write_bytes(NEWS)
    site.show(moment)
    headers = {"Content-Type": "application/rss+xml"}
    site.responses["/board.example.org/news.xml"] = {"status": 200, "file": "news.xml", "headers": headers}
    return moment


def asked(site: Site, path: str) -> int:
    return sum(one == path for _, one, _ in site.requests)


def test_a_site_that_never_answers_holds_up_its_own_host_and_no_other(
    filled: Path, start: Start, board: Path, site: Site, settings: Callable[[str], Path], run: Run
) -> None:
    settings(f"{BOARD}[sources.us_fda_press_releases]\nevery_minutes = 60\n")
    site.behaviour, site.hangs_below = "hang", "/www.fda.gov/"
    service = start()
    until(lambda: "tx_board: ok" in service.told and asked(site, "/www.fda.gov/robots.txt") > 0)
    assert asked(site, "/www.fda.gov/robots.txt") == 1, "Two crawls ask one host."
    refused = [run("crawl", name).sentence for name in ("us_fda_press_releases", NAME)]
    assert all("Another crawl of" in sentence for sentence in refused)
    assert "Another crawl of fda.gov is under way: wait for it, or stop it." in refused
    assert service.stop() == 0


def test_settings_that_cannot_be_used_are_refused_and_the_old_ones_stand(
    moved: Path, start: Start, sink: HttpSink, settings: Callable[[str], Path]
) -> None:
    service = start()
    until(lambda: len(sink.requests) == RELEVANT_NEWS)
    settings("contact = 7\n")
    service.process.send_signal(signal.SIGHUP)
    until(lambda: "The settings stay as they were: The configuration" in service.told)
    assert service.process.poll() is None
    assert service.stop() == 0


def test_settings_that_were_changed_are_read_anew_by_the_same_process(
    moved: Path, start: Start, sink: HttpSink, settings: Callable[[str], Path]
) -> None:
    service = start()
    until(lambda: len(sink.requests) == RELEVANT_NEWS)
    others = [f'[[subscriptions]]\nname = "{name}"\nchannel = "{sink.url()}"\npaused = true\n' for name in "ab"]
    settings("".join(others))
    service.process.send_signal(signal.SIGHUP)
    until(lambda: "2 subscriptions" in service.told)
    assert service.stop() == 0
    assert service.told.count("Started") == service.told.count("Stopped") == 2
    assert "1 subscriptions" in service.told


def test_a_release_that_cannot_be_written_is_told_and_holds_up_no_alert(
    moved: Path, start: Start, sink: HttpSink, settings: Callable[[str], Path]
) -> None:
    (moved / "releases").write_text("in the way", encoding="utf-8")
    settings(f'[release]\nfolder = "releases"\n[[subscriptions]]\nname = "press"\nchannel = "{sink.url()}"\n')
    service = start()
    until(lambda: len(sink.requests) == RELEVANT_NEWS)
    until(lambda: "The release cannot be written to" in service.told)
    assert service.stop() == 0
    assert "Traceback" not in service.told


def test_a_service_that_was_killed_repeats_at_most_one_message_under_its_key(
    moved: Path, start: Start, sink: HttpSink, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    sink.behaviour = "hang"
    killed = start()
    until(lambda: len(sink.requests) == 1)
    killed.process.kill()
    killed.process.wait()
    sink.behaviour = "answer"
    sink.released.set()
    monkeypatch.setenv("STEMWATCH_NOW", LATER)
    assert len(run("deliver", "--json").records) == RELEVANT_NEWS
    keys = [headers["Idempotency-Key"] for _, headers, _ in sink.requests]
    assert len(keys) == RELEVANT_NEWS + 1
    assert len(set(keys)) == RELEVANT_NEWS
    assert keys[0] in keys[1:]
