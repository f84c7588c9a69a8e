"""Slack's incoming webhooks: what is posted where, and what Slack's answers lead to."""

import json
from datetime import UTC, datetime

import pytest

from notify.channels import Transport, check, describe
from notify.errors import NotAccepted, Permanent, Temporary
from notify.frame import Frame
from notify.message import Message, alert
from stemwatch.errors import UsageError
from stemwatch.words import Verdict
from tests.notify.block_kit import flaws
from tests.notify.conftest import HttpSink
from tests.notify.samples import daily, mention, source

NOW = datetime(2025, 1, 28, 15, tzinfo=UTC)
PATH = "T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrCANARY1Q"
CHANNEL = f"slack://{PATH}"
ALERT = alert(mention(), Frame(subscription="Clinics"))


class Clock:
    """Pauses that are only noted; after one the sink takes messages again."""

    def __init__(self, sink: HttpSink) -> None:
        self.sink = sink
        self.pauses: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.sink.status = 200


def deliver(sink: HttpSink, message: Message = ALERT, channel: str = CHANNEL, mark: int = 0) -> list[float]:
    clock = Clock(sink)
    transport = Transport(silence=0.5, limit=5.0, slack=f"http://127.0.0.1:{sink.port}", pause=clock)
    transport.send(channel, message, "key", now=NOW, mark=mark)
    return clock.pauses


def refusal(sink: HttpSink, message: Message = ALERT) -> NotAccepted:
    with pytest.raises(NotAccepted) as refused:
        deliver(sink, message)
    assert "CANARY" not in refused.value.reason
    return refused.value


def large(*changed: int, verdict: Verdict = "ok") -> Message:
    """A digest of several posts; the titles of some items are longer than they were, the coverage may differ."""
    titles = (f"Firm {number}." + "x" * 400 * (number in changed) for number in range(60))
    mentions = (mention(key=f"k{number}", title=title) for number, title in enumerate(titles))
    return daily(*mentions, coverage=(source(verdict=verdict),))


@pytest.mark.parametrize("channel", [CHANNEL, f"{CHANNEL}/", f"https://hooks.slack.com/services/{PATH}"])
def test_the_blocks_go_to_the_webhooks_path_below_the_base(http_sink: HttpSink, channel: str) -> None:
    http_sink.body = b"ok"
    deliver(http_sink, channel=channel)
    [(path, headers, body)] = http_sink.requests
    assert path == f"/services/{PATH}"
    assert headers["Content-Type"] == "application/json"
    assert flaws(json.loads(body)) == []
    assert "channel" not in json.loads(body)


def test_a_room_is_asked_for_only_where_the_channel_names_one(http_sink: HttpSink) -> None:
    deliver(http_sink, channel=f"slack://Watch@{PATH}/#alerts")
    assert json.loads(http_sink.requests[0][2])["channel"] == "#alerts"


def test_a_long_digest_is_posted_in_order_and_whole(http_sink: HttpSink) -> None:
    deliver(http_sink, large())
    posts = [json.loads(body) for _, _, body in http_sink.requests]
    assert posts == list(map(json.loads, map(json.dumps, large().posts)))
    assert len(posts) > 2


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (400, "invalid_blocks"),
        (400, "invalid_payload"),
        (403, "action_prohibited"),
        (404, "no_service"),
        (404, "channel_not_found"),
        (410, "channel_is_archived"),
        (500, "no_active_hooks"),
        (200, "invalid_token"),
    ],
)
def test_what_slack_will_never_take_is_permanent_and_named(http_sink: HttpSink, status: int, word: str) -> None:
    http_sink.status, http_sink.body = status, word.encode()
    error = refusal(http_sink)
    assert isinstance(error, Permanent)
    assert error.reason == f"Slack answered {status} {word}."


def test_slacks_trouble_is_temporary_and_its_waiting_time_is_handed_on(http_sink: HttpSink) -> None:
    http_sink.status, http_sink.body = 429, b"rate_limited"
    http_sink.headers["Retry-After"] = "17"
    error = refusal(http_sink)
    assert isinstance(error, Temporary)
    assert error.retry_after == 17
    assert error.reason == "The receiver answered 429 Too Many Requests: rate_limited."
    http_sink.status, http_sink.body = 500, b"rollup_error"
    assert isinstance(refusal(http_sink), Temporary)


def test_only_a_word_of_slacks_is_told_on(http_sink: HttpSink) -> None:
    http_sink.status, http_sink.body = 502, f"<html>{PATH} \x1b[2J".encode()
    assert refusal(http_sink).reason == "The receiver answered 502 Bad Gateway."


def test_a_short_pause_between_two_parts_is_waited_for(http_sink: HttpSink) -> None:
    posts = len(large().posts)
    http_sink.refuse_at = {2: (429, {"Retry-After": "3"})}
    assert deliver(http_sink, large()) == [3]
    assert len(http_sink.requests) == posts + 1


def test_after_a_failure_within_a_message_the_next_try_goes_on_where_it_ended(http_sink: HttpSink) -> None:
    http_sink.refuse_at = {2: (503, {})}
    error = refusal(http_sink, large())
    assert type(error) is Temporary
    http_sink.requests.clear()
    deliver(http_sink, large(), mark=error.mark)
    assert [json.loads(body)["text"] for _, _, body in http_sink.requests] == [
        post["text"] for post in large().posts[2:]
    ]


@pytest.mark.parametrize("accepted", [1, 3])
def test_a_message_that_reads_otherwise_at_the_next_try_begins_anew(http_sink: HttpSink, accepted: int) -> None:
    http_sink.refuse_at = {accepted: (503, {})}
    error = refusal(http_sink, large())
    http_sink.requests.clear()
    now = large(*range(20))
    deliver(http_sink, now, mark=error.mark)
    assert len(http_sink.requests) == len(now.posts)


def test_what_was_checked_since_moves_no_item(http_sink: HttpSink) -> None:
    http_sink.refuse_at = {3: (503, {})}
    error = refusal(http_sink, large())
    http_sink.requests.clear()
    deliver(http_sink, large(verdict="empty"), mark=error.mark)
    assert len(http_sink.requests) == len(large().posts) - 3


def test_a_slack_channel_is_known_by_its_kind_alone() -> None:
    check(CHANNEL)
    assert describe(CHANNEL) == describe(f"https://hooks.slack.com/services/{PATH}") == "slack"
    with pytest.raises(UsageError, match="several targets"):
        check(f"{CHANNEL}/#a/#b")
    with pytest.raises(UsageError, match="can be subscribed here"):
        check(CHANNEL, public=True)
