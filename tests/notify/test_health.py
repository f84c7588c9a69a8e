"""Channels that refuse are disabled, what was told wrongly is corrected, and a fault of ours stops nobody else."""

from datetime import timedelta
from typing import Any

import pytest

from notify.channels import Transport
from notify.dispatch import Dispatcher
from notify.lanes import Lanes, lane_of
from notify.outcomes import PATIENCE
from stemwatch.errors import UsageError
from tests.notify.conftest import HttpSink, SmtpSink
from tests.notify.desk import CHARA, KIMERA, SURGENEX, Desk, subscription
from tests.store.builders import NAME, World, changed

ROWS = [changed(KIMERA, key=f"k{number}", url=f"{KIMERA.url}-{number}") for number in range(PATIENCE + 2)]
DAY = timedelta(days=1)


@pytest.fixture
def desk(world: World, http_sink: HttpSink) -> Desk:
    world.run([CHARA])
    return Desk(world, subscription(channel=http_sink.url()))


def test_a_channel_that_refuses_again_and_again_is_disabled_and_owed_the_rest(
    desk: Desk, http_sink: HttpSink
) -> None:
    http_sink.status = 410
    desk.world.run([CHARA, *ROWS])
    assert desk.outcomes() == ["dead"] * PATIENCE
    assert "410" in desk.world.store.disabled()["press"].why
    http_sink.status = 200
    assert desk.outcomes(DAY) == []
    assert desk.world.store.enable("press")
    assert desk.outcomes() == ["sent", "sent"]
    assert desk.world.store.retry_failed(desk.now) == PATIENCE
    assert desk.outcomes() == ["sent"] * PATIENCE
    keys = [headers["Idempotency-Key"] for _, headers, _ in http_sink.requests]
    assert len(keys) - len(set(keys)) == PATIENCE, "A retry has the key of its first try."


def test_one_acceptance_in_between_keeps_a_channel_enabled(desk: Desk, http_sink: HttpSink) -> None:
    for number in range(PATIENCE + 1):
        http_sink.status = 200 if number == 1 else 410
        desk.world.run([CHARA, *ROWS[: number + 1]])
        desk.deliver()
    assert desk.world.store.disabled() == {}


def test_a_mail_address_that_bounced_stops(desk: Desk, smtp_sink: SmtpSink) -> None:
    desk.subscriptions = (subscription("reader", smtp_sink.url()),)
    smtp_sink.replies["RCPT"] = "550 5.1.1 no such user"
    desk.world.run([CHARA, KIMERA, SURGENEX])
    assert desk.outcomes() == ["dead"]
    assert "550" in desk.world.store.disabled()["reader"].why


def test_a_correction_reaches_exactly_those_who_accepted_the_wrong_message(
    desk: Desk, http_sink: HttpSink, smtp_sink: SmtpSink
) -> None:
    desk.subscriptions += (
        subscription("later", http_sink.url(rest="/later"), send="daily"),
        subscription("other", http_sink.url(rest="/other"), verbs=("edited",)),
    )
    desk.run([CHARA, KIMERA])
    assert desk.outcomes() == ["sent"]
    (change,) = [change.change for change in desk.world.store.changes() if change.verb == "added"]
    desk.world.store.correct(change, "Wrong firm.", desk.now)
    views = desk.deliver()
    assert [(view.subscription, view.outcome) for view in views] == [("press", "sent")]
    assert b"Wrong firm." in http_sink.requests[-1][2]
    assert desk.outcomes(2 * DAY) == [], "Who was not told yet is told nothing."
    with pytest.raises(UsageError, match="corrected before"):
        desk.world.store.correct(change, "Again.", desk.now)


def test_who_accepts_a_wrong_message_after_its_correction_is_corrected_then(
    desk: Desk, http_sink: HttpSink
) -> None:
    http_sink.status = 503
    desk.run([CHARA, KIMERA])
    assert desk.outcomes() == ["retry"]
    desk.world.store.correct(desk.world.last().change, "Wrong firm.", desk.now)
    http_sink.status = 200
    assert desk.outcomes(timedelta(minutes=2)) == ["sent"]
    assert desk.outcomes() == ["sent"]
    assert b"Wrong firm." in http_sink.requests[-1][2]


def test_a_fault_of_ours_is_told_by_its_kind_and_holds_up_nobody(
    desk: Desk, http_sink: HttpSink, caplog: pytest.LogCaptureFixture
) -> None:
    class Faulty(Transport):
        def send(self, url: str, *others: Any, **more: Any) -> str:
            if "press" in url:
                raise ZeroDivisionError(url)
            return super().send(url, *others, **more)

    desk.subscriptions = (
        subscription("press", http_sink.url(rest="/press")),
        subscription("desk", http_sink.url(rest="/desk")),
    )
    desk.world.run([CHARA, KIMERA])
    desk.match()
    dispatcher = Dispatcher(desk.world.store, desk.subscriptions, {}, lambda: desk.now, tuple, Faulty())
    views = {view.subscription: view for view in dispatcher.deliver()}
    assert (views["press"].outcome, views["desk"].outcome) == ("retry", "sent")
    assert "ZeroDivisionError" in views["press"].error
    assert "raise ZeroDivisionError" in caplog.text
    assert "CANARY" not in caplog.text + views["press"].error


def test_a_missing_variable_loses_nothing(desk: Desk, http_sink: HttpSink) -> None:
    desk.subscriptions = (subscription("press", "${STEMWATCH_TEST_TOKEN}"),)
    desk.world.run([CHARA, KIMERA])
    (view,) = desk.deliver()
    assert (view.outcome, "STEMWATCH_TEST_TOKEN" in view.error) == ("retry", True)
    desk.now += timedelta(minutes=2)
    (sent,) = desk.dispatcher({"STEMWATCH_TEST_TOKEN": http_sink.url()}).deliver()
    assert sent.outcome == "sent"


def test_a_host_that_hangs_holds_up_no_other_host(world: World, http_sink: HttpSink, silent_port: int) -> None:
    world.run([CHARA])
    slow = [subscription(f"slow{number}", f"json://localhost:{silent_port}") for number in range(20)]
    desk = Desk(world, *slow, subscription("press", f"json://127.0.0.1:{http_sink.port}"))
    world.run([CHARA, KIMERA])
    desk.match()
    transport = Transport(silence=0.2, limit=0.4)
    dispatcher = Dispatcher(world.store, desk.subscriptions, {}, lambda: desk.now, tuple, transport)
    views = [(view.subscription, view.outcome) for view in dispatcher.deliver()]
    assert views[0] == ("press", "sent")
    assert [outcome for _, outcome in views[1:]] == ["retry"] * 20


def test_a_lane_is_full_at_its_bound_and_keeps_its_pace() -> None:
    lanes = Lanes(per_host=2, per_second=0.1)
    assert lanes.wait("a") == 0
    lanes.begin("a")
    assert 9 < lanes.wait("a") <= 10
    assert lanes.wait("b") == 0
    lanes.begin("a")
    assert lanes.wait("a") == float("inf")
    lanes.end("a")
    assert lanes.wait("a") < float("inf")
    lanes.end("a", failed=True)
    lanes.begin("a")
    assert lanes.wait("a") == float("inf"), "A host in trouble gets one at a time."
    lanes.end("a")
    lanes.begin("a")
    assert lanes.wait("a") < float("inf")


def test_lanes_are_those_of_hosts_and_show_none() -> None:
    one = lane_of("jsons://user:CANARY@hooks.example.org/a")
    assert one == lane_of("jsons://hooks.example.org/b")
    assert one != lane_of("jsons://hooks.example.com/a")
    assert lane_of("slack://TOKENA/TOKENB/TOKENC") == lane_of("slack://TOKEND/TOKENE/TOKENF")
    assert "example" not in one


def test_the_ledger_proves_what_was_sent_when_and_under_which_key(desk: Desk, http_sink: HttpSink) -> None:
    desk.world.run([CHARA, KIMERA])
    desk.deliver()
    (view,) = desk.world.store.deliveries(subscription="press")
    assert (view.status, view.sent_at, view.notices) == ("sent", desk.now, (f"{NAME}/{KIMERA.key}",))
    assert KIMERA.title in view.subject
    assert view.answer == "200 OK"
    assert view.key == http_sink.requests[0][1]["Idempotency-Key"]
    assert list(desk.world.store.deliveries(subscription="other")) == []
    assert list(desk.world.store.deliveries(failed=True)) == []
    with pytest.raises(UsageError, match="is sent already"):
        desk.world.store.retry(view.delivery, desk.now)
    with pytest.raises(UsageError, match="is no delivery"):
        desk.world.store.retry(99, desk.now)


def test_the_ledger_has_the_words_of_the_mail_server_but_no_address(desk: Desk, smtp_sink: SmtpSink) -> None:
    desk.subscriptions = (subscription("reader", smtp_sink.url()),)
    smtp_sink.replies["DATA"] = "250 2.0.0 queued as 4F2A for reader@example.org"
    desk.world.run([CHARA, KIMERA])
    assert desk.outcomes() == ["sent"]
    (view,) = desk.world.store.deliveries()
    assert view.answer == "250 2.0.0 queued as 4F2A for …"
