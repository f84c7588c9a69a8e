"""Quiet hours hold, bursts gather, pauses owe nothing, digests come even when empty: when a message is sent."""

import json
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from stemwatch.rules import Rule
from stemwatch.store.keys import Keyring
from stemwatch.subscriptions import Quiet
from stemwatch.words import LABELS
from tests.notify.conftest import HttpSink
from tests.notify.desk import CHARA, KIMERA, SURGENEX, UNRELATED, Desk, subscription
from tests.store.builders import World, changed, page

MINUTE = timedelta(minutes=1)
NIGHT = Quiet(start=time(22), end=time(7))
THIRD = changed(CHARA, key="chara-2", url=CHARA.url + "-2")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def make(world: World, http_sink: HttpSink) -> Any:
    """A sender with one subscription, after the baseline."""
    world.run([CHARA])

    def made(now: str, **settings: Any) -> Desk:
        return Desk(world, subscription(channel=http_sink.url(), **settings), now=at(now))

    return made


def bodies(sink: HttpSink) -> list[str]:
    return [body.decode() for _, _, body in sink.requests]


def test_quiet_hours_hold_an_alert_and_then_release_it(make: Any, http_sink: HttpSink) -> None:
    desk = make("2025-01-28T23:10", quiet=NIGHT)
    desk.run([CHARA, KIMERA])
    assert desk.deliver() == []
    assert desk.deliver(at("2025-01-29T06:59:59") - desk.now) == []
    assert desk.outcomes(timedelta(seconds=1)) == ["sent"]


def test_quiet_hours_are_those_of_the_subscribers_zone(make: Any) -> None:
    desk = make("2025-01-28T12:00", quiet=NIGHT, time_zone="Asia/Tokyo")  # 21:00 there
    desk.run([CHARA, KIMERA])
    assert desk.outcomes() == ["sent"]
    desk.run([CHARA, KIMERA, SURGENEX])
    assert desk.outcomes(60 * MINUTE) == []
    assert desk.outcomes(9 * 60 * MINUTE) == ["sent"]


def test_a_new_try_waits_for_the_end_of_the_quiet_hours_and_counts_no_attempt(
    make: Any, http_sink: HttpSink
) -> None:
    desk = make("2025-01-28T21:59:30", quiet=NIGHT)
    http_sink.status = 503
    desk.run([CHARA, KIMERA])
    assert desk.outcomes() == ["retry"]
    http_sink.status = 200
    assert desk.outcomes(2 * MINUTE) == []
    assert desk.rows("attempts, next_try_at, lease_until") == [(1, "2025-01-29T07:00:00Z", None)]
    (view,) = desk.deliver(at("2025-01-29T07:00") - desk.now)
    assert (view.outcome, view.attempts) == ("sent", 2)


def test_a_digest_whose_hour_is_quiet_waits_for_the_end_of_the_quiet_hours(make: Any) -> None:
    desk = make("2025-01-28T12:00", send="daily", at=time(5), quiet=NIGHT)
    desk.run([CHARA, KIMERA])
    assert desk.outcomes(at("2025-01-29T06:00") - desk.now) == []
    assert desk.outcomes(60 * MINUTE) == ["sent"]


def test_what_is_urgent_passes_the_quiet_hours(make: Any, http_sink: HttpSink) -> None:
    closed = changed(CHARA, closed_out_on=at("2025-01-28T00:00").date(), closed_out_url=CHARA.url + "-closeout")
    desk = make("2025-01-28T23:10", quiet=NIGHT, urgent=("closed",), relevance=LABELS)
    desk.run([closed, UNRELATED])
    assert [view.notice for view in desk.deliver()] == [f"us_fda_warning_letters/{CHARA.key}"]
    assert desk.outcomes(at("2025-01-29T07:00") - desk.now) == ["sent"]


def test_what_meets_an_urgent_rule_passes_the_quiet_hours(make: Any) -> None:
    desk = make("2025-01-28T23:10", quiet=NIGHT, urgent="exosomes")
    desk.rules = {"exosomes": Rule(query="exosome")}
    desk.run([CHARA, KIMERA])
    assert desk.outcomes() == ["sent"]


def test_a_burst_is_one_message_with_all_of_it(make: Any, http_sink: HttpSink) -> None:
    desk = make("2025-01-28T12:00", group_minutes=10)
    desk.run([CHARA, KIMERA])
    assert desk.outcomes() == []
    desk.now += 5 * MINUTE
    desk.run([CHARA, KIMERA, SURGENEX])
    assert desk.outcomes(4 * MINUTE) == []
    assert desk.outcomes(MINUTE) == ["sent"]
    (body,) = bodies(http_sink)
    assert KIMERA.title in body
    assert SURGENEX.title in body
    assert (json.loads(body)["title"], json.loads(body)["type"]) == (
        f"2 new: {KIMERA.title} and others",
        "warning",
    )
    desk.run([CHARA, KIMERA, SURGENEX, THIRD])
    assert desk.outcomes() == []
    assert desk.outcomes(10 * MINUTE) == ["sent"]


def test_one_message_per_item_holds_in_digests_too(make: Any, http_sink: HttpSink) -> None:
    desk = make("2025-01-28T12:00", send="daily", one_per_item=True)
    desk.run([CHARA, KIMERA, SURGENEX])
    assert desk.outcomes() == []
    assert desk.outcomes(timedelta(days=1)) == ["sent", "sent"]
    assert not [body for body in bodies(http_sink) if KIMERA.title in body and SURGENEX.title in body]


def test_a_paused_subscription_owes_nothing_and_nothing_is_made_up_for(make: Any, http_sink: HttpSink) -> None:
    desk = make("2025-01-28T12:00", send="daily", empty=True)
    desk.run([CHARA, KIMERA])
    desk.match()
    desk.subscriptions = (subscription(channel=http_sink.url(), send="daily", empty=True, paused=True),)
    assert desk.outcomes(timedelta(days=2)) == []
    desk.run([CHARA, KIMERA, SURGENEX])
    assert desk.outcomes(timedelta(days=2)) == []
    desk.subscriptions = (subscription(channel=http_sink.url(), send="daily", empty=True),)
    assert desk.outcomes() == []
    assert desk.rows("withdrawn, error") == [(1, "The subscription was paused.")]


def test_an_empty_digest_comes_when_it_is_asked_for_and_says_what_was_checked(
    make: Any, http_sink: HttpSink
) -> None:
    desk = make("2025-01-28T12:00", send="weekly", weekday="friday", empty=True)
    assert desk.outcomes() == []
    assert desk.outcomes(at("2025-01-31T07:59:59") - desk.now) == []
    assert desk.outcomes(timedelta(seconds=1)) == ["sent"]
    assert "FDA warning letters" in bodies(http_sink)[0]
    assert desk.outcomes(timedelta(days=6)) == []


def test_a_machine_asleep_for_three_days_sends_each_missed_digest_once(make: Any, http_sink: HttpSink) -> None:
    desk = make("2025-01-28T12:00", send="daily", empty=True)
    assert desk.outcomes() == []
    assert desk.outcomes(timedelta(days=3)) == ["sent"] * 3
    ends = [row[0] for row in desk.rows("ends_at")]
    assert ends == [f"2025-01-{day}T08:00:00Z" for day in (29, 30, 31)]
    assert desk.outcomes(timedelta(hours=1)) == []


def test_what_was_seen_on_each_of_three_days_without_a_sender_comes_in_the_digest_of_its_day(
    make: Any, http_sink: HttpSink
) -> None:
    desk = make("2025-01-28T12:00", send="daily")
    for rows in ([CHARA, KIMERA], [CHARA, KIMERA, SURGENEX], [CHARA, KIMERA, SURGENEX, THIRD]):
        desk.run(rows)
        desk.now += timedelta(days=1)
    assert desk.outcomes() == ["sent"] * 3
    assert [KIMERA.title in body for body in bodies(http_sink)] == [True, False, False]


def test_what_becomes_known_after_its_digest_went_out_is_in_the_next_one_marked_as_late(
    make: Any, http_sink: HttpSink
) -> None:
    desk = make("2025-01-28T12:00", send="daily")
    desk.run([CHARA, KIMERA])
    assert desk.outcomes(timedelta(days=1)) == ["sent"]
    desk.world.run([CHARA, KIMERA, SURGENEX], started_at=at("2025-01-29T07:59"), finished_at=desk.now)
    assert desk.outcomes() == []
    assert desk.outcomes(timedelta(days=1)) == ["sent"]
    early, late = bodies(http_sink)
    assert ("Late match" in early, "Late match" in late) == (False, True)


def test_the_messages_of_one_subscription_keep_their_order(world: World, http_sink: HttpSink) -> None:
    world.run([CHARA])
    desk = Desk(world, *(subscription(f"s{number}", http_sink.url(rest=f"/{number}")) for number in range(6)))
    rows = [changed(KIMERA, key=f"k{number}", url=f"{KIMERA.url}-{number}") for number in range(5)]
    world.run([CHARA, *rows])
    new = [change.notice for change in world.store.unmatched()]
    views = desk.deliver()
    assert len(views) == 30
    for number in range(6):
        assert [view.notice for view in views if view.subscription == f"s{number}"] == new


def test_a_subscription_of_the_database_is_told_like_one_of_the_file(
    world: World, http_sink: HttpSink, tmp_path: Path
) -> None:
    world.run([CHARA])
    ring = Keyring(tmp_path, {})
    world.store.keep([subscription("kept", http_sink.url(rest="/${HOME}"))], ring, world.now)
    desk = Desk(world, *world.store.kept(ring))
    world.run([CHARA, KIMERA], page(KIMERA))
    assert desk.outcomes() == ["sent"]
    assert unquote(http_sink.requests[0][0]) == "/${HOME}", "The environment is no business of a subscriber's."
