"""The commands around subscriptions and deliveries, as the person at the terminal meets them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.notify.conftest import HttpSink
from tests.scheduler.conftest import RELEVANT_NEWS, Run

Settings = Callable[[str], Path]
CHANNEL = "json://user:CANARY@127.0.0.1:9/hook"


def test_a_subscription_is_kept_shown_paused_resumed_and_removed(run: Run) -> None:
    assert run("subscribe", "night", CHANNEL, "--send", "daily", "--at", "07:30", "--note", "the board").code == 0
    (view,) = run("subscriptions", "list", "--json").records
    assert (view["subscription"], view["channel"], view["kept_in"]) == ("night", "json", "database")
    assert "07:30" in run("subscriptions", "show", "night").out
    assert run("subscriptions", "pause", "night").code == 0
    assert run("subscriptions", "show", "night", "--json").records[0]["paused"]
    assert run("subscriptions", "resume", "night").code == 0
    assert not run("subscriptions", "show", "night", "--json").records[0]["paused"]
    assert run("subscriptions", "remove", "night").code == 0
    assert run("subscriptions", "list", "--json").out == ""


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["subscribe", "x", "telepathy://CANARY"], "telepathy://"),
        (["subscribe", "x", CHANNEL, "--time-zone", "Mars/Olympus"], "'Mars/Olympus'"),
        (["subscribe", "x", CHANNEL, "--at", "25:00"], "'25:00'"),
        (["subscribe", "x", CHANNEL, "--rule", "knees"], "'knees'"),
        (["subscribe", "x", CHANNEL, "--quiet-from", "22:00"], "quiet"),
        (["subscribe", "x", CHANNEL, "--relevance", "rather"], "'rather'"),
        (["subscribe", "operator", CHANNEL], "[operator]"),
        (["subscribe", "x", CHANNEL, "--group-minutes", "5", "--send", "daily"], "group_minutes"),
        (["subscribe", "x", CHANNEL, "--empty"], "empty = true"),
        (["subscribe", "x", CHANNEL, "--language", "tlh"], "tlh"),
        (["subscriptions", "pause", "nobody"], "'nobody'"),
        (["deliveries", "retry"], "--all-failed"),
        (["deliveries", "retry", "7"], "Delivery 7 is no delivery"),
        (["correct", "99", "--why", "wrong"], "no change 99"),
        (["correct", "1", "--why", " "], "reason"),
    ],
)
def test_what_is_asked_wrongly_is_named(run: Run, arguments: list[str], named: str) -> None:
    done = run(*arguments)
    assert named in done.sentence
    assert "CANARY" not in done.err + done.out
    assert run("subscriptions", "list", "--json").out == ""


def test_a_name_is_taken_once(run: Run, settings: Settings) -> None:
    settings(f'[[subscriptions]]\nname = "press"\nchannel = "{CHANNEL}"\n')
    assert "stemwatch.toml" in run("subscribe", "press", CHANNEL).sentence
    assert "change it there" in run("subscriptions", "pause", "press").sentence
    assert run("subscribe", "night", CHANNEL).code == 0
    assert "--replace" in run("subscribe", "night", CHANNEL).sentence
    assert run("subscribe", "night", CHANNEL, "--replace", "--send", "daily").code == 0


@pytest.mark.parametrize("form", ["toml", "json"])
def test_subscriptions_are_carried_over_with_their_channels_only_when_asked(
    run: Run, tmp_path: Path, form: str
) -> None:
    quiet = ("--quiet-from", "22:00", "--quiet-to", "07:00", "--urgent", "sentence")
    run("subscribe", "night", CHANNEL, *quiet)
    run("subscribe", "week", CHANNEL, "--send", "weekly", "--weekday", "friday", "--empty")
    json = ["--json"] if form == "json" else []
    before = run("subscriptions", "list", "--json").out
    file = tmp_path / "all"
    file.write_text(run("subscriptions", "export", *json).out, encoding="utf-8")
    assert "CANARY" not in file.read_text(encoding="utf-8")
    assert "channel" in run("subscriptions", "import", file, "--replace").sentence
    file.write_text(run("subscriptions", "export", "--with-channels", *json).out, encoding="utf-8")
    assert "CANARY" in file.read_text(encoding="utf-8")
    for name in ("night", "week"):
        run("subscriptions", "remove", name)
    assert run("subscriptions", "import", file).code == 0
    assert run("subscriptions", "list", "--json").out == before


@pytest.mark.parametrize("text", ["colour = 1", "[[subscriptions]]\nname = 1", "subscriptions = 3", "{", "\0"])
def test_a_file_that_is_not_understood_is_refused(run: Run, tmp_path: Path, text: str) -> None:
    file = tmp_path / "all.toml"
    file.write_text(text, encoding="utf-8")
    assert run("subscriptions", "import", file).sentence
    assert run("subscriptions", "import", tmp_path / "nowhere").sentence


def test_a_test_message_is_marked_as_one(run: Run, sink: HttpSink) -> None:
    run("subscribe", "night", sink.url(), "--note", "the board")
    assert run("subscriptions", "test", "night").code == 0
    (body,) = [body.decode() for _, _, body in sink.requests]
    assert "[Test]" in body or "test" in body.lower()
    assert "the board" in body
    sink.status = 404
    assert "404" in run("subscriptions", "test", "night").sentence


def test_what_was_sent_and_what_failed_is_told_tried_again_and_corrected(
    run: Run, moved: Path, sink: HttpSink
) -> None:
    run("subscribe", "night", sink.url())
    sink.status = 410
    assert run("deliver", "--json").code == 1
    failed = run("deliveries", "--failed", "--json").records
    assert [view["status"] for view in failed] == ["failed"] * RELEVANT_NEWS
    assert all("410" in view["error"] for view in failed)
    assert "Disabled" in run("subscriptions", "list", "--json").records[0]["trouble"]
    sink.status = 200
    run("subscriptions", "resume", "night")
    assert run("deliveries", "retry", failed[0]["delivery"]).code == 0
    assert run("deliveries", "retry", "--all-failed").code == 0
    assert [view["outcome"] for view in run("deliver", "--json").records] == ["sent"] * RELEVANT_NEWS
    sent = run("deliveries", "--subscription", "night", "--json").records
    assert [view["status"] for view in sent] == ["sent"] * RELEVANT_NEWS
    change = next(
        record["change"]
        for record in run("changes", "--json").records
        if record["verb"] == "added" and record["notice"] in sent[0]["notices"]
    )
    assert "Corrections owed: 1." in run("correct", change, "--why", "Wrong firm.").err
    (corrected,) = run("deliver", "--json").records
    assert corrected["outcome"] == "sent"
    assert b"Wrong firm." in sink.requests[-1][2]
    assert run("deliveries").out.count("night") == RELEVANT_NEWS + 1


def test_a_lost_key_is_told_and_other_subscriptions_are_unaffected(
    run: Run, moved: Path, sink: HttpSink, settings: Settings
) -> None:
    settings(f'[[subscriptions]]\nname = "press"\nchannel = "{sink.url()}"\n')
    run("subscribe", "night", sink.url())
    (moved / "channels.key").rename(moved / "elsewhere.key")
    done = run("deliver", "--json")
    outcomes = {record["subscription"]: record["outcome"] for record in done.records}
    assert outcomes == {"press": "sent", "night": "retry"}
    assert "--replace" in done.err
    assert "channels.key" in run("subscriptions", "list", "--json").records[1]["trouble"]
