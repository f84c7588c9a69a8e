"""Crawl, apply, match and deliver with a store of dicts in the database's place: the same messages arrive."""

import json
from base64 import b64encode
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from notify.audience import Audience
from notify.dispatch import Dispatcher
from notify.matching import Matcher
from scheduler.crawling import Options
from scheduler.house import House
from scheduler.jobs import crawl_and_apply
from scheduler.workers import Workers
from stemwatch.flow import FlowStore
from stemwatch.subscriptions import Subscription
from tests.notify.conftest import HttpSink
from tests.notify.desk import subscription
from tests.scheduler.conftest import FIRST, NAME, RELEVANT_NEWS, SAMPLE, SECOND, house_of
from tests.store.memory import MemoryStore, Shelf

HOUR = timedelta(hours=1)


def channel(sink: HttpSink, name: str) -> str:
    return f"stemwatch+http://127.0.0.1:{sink.port}/{name}#key=whsec_{b64encode(bytes(32)).decode()}"


def flow(home: Path, store: FlowStore, sink: HttpSink) -> list[dict[str, Any]]:
    """Two recorded days of one source, and every morning after; what was posted."""
    told = [
        subscription("press", channel(sink, "press")),
        subscription("desk", channel(sink, "desk"), send="daily", empty=True),
    ]
    begun = len(sink.requests)
    with Workers() as workers:
        for now in (FIRST, SECOND):
            house = house_of(home, now)
            options = Options(replay=SAMPLE / now[:10])
            view = crawl_and_apply(house, store, NAME, options, lambda progress: None, workers)
            assert store.run(view.run) == view
            for later in (0 * HOUR, 24 * HOUR):
                deliver(house, store, told, later)
    return sorted((plain(body) for _, _, body in sink.requests[begun:]), key=str)


def deliver(house: House, store: FlowStore, told: list[Subscription], later: timedelta) -> None:
    clock = partial(house.clock.now().__add__, later)
    Matcher(store, Audience(told, {}, {}), clock).match()
    assert {view.outcome for view in Dispatcher(store, told, {}, clock, lambda: ()).deliver()} <= {"sent"}


def plain(body: bytes) -> dict[str, Any]:
    """The message without clinics, which are no part of what the flow asks of a store."""
    message: dict[str, Any] = json.loads(body)
    for mention in message["mentions"]:
        mention["clinics"] = []
        for part in (mention["notice"], *mention["changes"]):
            part["clinics"] = []
    return message


def test_the_same_messages_arrive(tmp_path: Path, sink: HttpSink) -> None:
    house = house_of(tmp_path / "database")
    with house.store() as store:
        expected = flow(house.home, store, sink)
    memory = MemoryStore(Shelf(), house.sources)
    assert flow(tmp_path / "dicts", memory, sink) == expected
    assert len([message for message in expected if message["subscription"] == "press"]) == RELEVANT_NEWS
    digests = [message for message in expected if message["subscription"] == "desk"]
    assert {bool(message["mentions"]) for message in digests} == {True, False}
    assert not list((tmp_path / "dicts").glob("*.db"))
