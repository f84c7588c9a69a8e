"""One event, several publishers: a subscriber gets one mention that names them all, and nothing is lost."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import msgspec
import pytest

from notify.content import once
from stemwatch.views import PublicationView
from tests.notify.conftest import SmtpSink
from tests.notify.desk import Desk, subscription
from tests.notify.samples import daily, mention, seen
from tests.store.builders import changed
from tests.store.publishers import AGENCY, CHARGED, JOINED, PROSECUTOR, STATE, SUIT, Publishers, release

HOUR = timedelta(hours=1)
NOW = datetime(2025, 1, 28, 9, tzinfo=UTC)
JOINED_ID = f"{STATE}/joined"
Reader = Callable[..., Desk]


def words(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return " ".join(str(body.get_content()).split())


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Publishers]:
    with Publishers(tmp_path) as made:
        made.baseline()
        yield made


@pytest.fixture
def reader(press: Publishers, smtp_sink: SmtpSink) -> Reader:
    def make(**settings: Any) -> Desk:
        return Desk(press, subscription("group", smtp_sink.url(), **settings), now=NOW)

    return make


def as_event(desk: Desk) -> list[tuple[str, ...]]:
    """What each delivery told only as part of an event."""
    return [view.as_event for view in desk.world.store.deliveries()]


def test_a_digest_tells_the_event_once_and_names_all_publishers(
    press: Publishers, reader: Reader, smtp_sink: SmtpSink
) -> None:
    desk = reader(send="daily", at=time(8))
    for source, told in ((AGENCY, SUIT), (STATE, JOINED), (PROSECUTOR, CHARGED)):
        press.publish(source, told, at=desk.now)
        assert desk.deliver(HOUR) == []
    assert [view.outcome for view in desk.deliver(timedelta(days=1))] == ["sent"]
    (mail,) = smtp_sink.mails
    assert "1 new" in mail["Subject"]
    for row in (SUIT[0], JOINED[0], CHARGED[0]):
        assert row.title in words(mail)
        assert row.url in words(mail)
    assert words(mail).count("Also published by: ") == 2
    (view,) = press.store.deliveries()
    assert len(view.notices) == 3


def test_what_comes_together_is_one_alert_that_names_all_publishers(
    press: Publishers, reader: Reader, smtp_sink: SmtpSink
) -> None:
    desk = reader()
    press.publish(AGENCY, SUIT)
    press.publish(STATE, JOINED)
    assert [view.outcome for view in desk.deliver()] == ["sent"]
    (mail,) = smtp_sink.mails
    assert "(Agency, State)" in mail["Subject"] or "(State, Agency)" in mail["Subject"]
    assert SUIT[0].url in words(mail)
    assert JOINED[0].url in words(mail)


def test_a_later_publisher_sends_no_second_alert_and_is_kept_on_record(
    press: Publishers, reader: Reader, smtp_sink: SmtpSink
) -> None:
    desk = reader()
    press.publish(AGENCY, SUIT)
    assert desk.outcomes() == ["sent"]
    press.publish(STATE, JOINED)
    assert desk.outcomes(HOUR) == []
    assert len(smtp_sink.mails) == 1
    assert as_event(desk) == [(JOINED_ID,)]
    (told,) = press.store.dossier(JOINED_ID).told_as_event
    assert (told.subscription, told.delivery) == ("group", 1)
    press.publish(PROSECUTOR, CHARGED)
    assert desk.outcomes(HOUR) == []
    assert as_event(desk) == [(JOINED_ID, f"{PROSECUTOR}/charged")]


def test_what_is_edited_later_is_told_though_the_notice_was_told_as_part_of_an_event(
    press: Publishers, reader: Reader
) -> None:
    desk = reader()
    press.publish(AGENCY, SUIT)
    desk.deliver()
    press.publish(STATE, JOINED)
    desk.deliver(HOUR)
    press.publish(STATE, (changed(JOINED[0], title="State: action against Talvex Labs, LLC"), JOINED[1]))
    assert [view.notice for view in desk.deliver(HOUR)] == [JOINED_ID]


def test_a_later_stage_is_told(press: Publishers, reader: Reader) -> None:
    desk = reader()
    press.publish(AGENCY, SUIT)
    desk.deliver()
    judged = release("judged", "Court enters final judgment against Talvex Labs, LLC", "2024-03-04")
    press.publish(STATE, judged)
    assert desk.outcomes(HOUR) == ["sent"]


def test_a_stage_that_the_first_publisher_did_not_say_is_told(press: Publishers, reader: Reader) -> None:
    desk = reader()
    vague = "Talvex Labs, LLC offers umbilical cord stem cell therapy, an unapproved product."
    press.publish(AGENCY, release("vague", "A word on Talvex Labs, LLC", text=vague))
    assert desk.outcomes() == ["sent"]
    press.publish(STATE, JOINED)
    assert press.events().keys() == {f"{AGENCY}/vague", JOINED_ID}
    assert [view.notice for view in desk.deliver(HOUR)] == [JOINED_ID]


def test_who_was_told_nothing_of_the_event_gets_the_later_publisher(press: Publishers, reader: Reader) -> None:
    desk = reader()
    press.publish(AGENCY, SUIT)
    press.match()
    press.publish(STATE, JOINED)
    assert [view.notice for view in desk.deliver(HOUR)] == [JOINED_ID]


def test_a_message_that_was_given_up_told_nobody(press: Publishers, reader: Reader, smtp_sink: SmtpSink) -> None:
    desk = reader()
    smtp_sink.replies["RCPT"] = "550 no such user"
    press.publish(AGENCY, SUIT)
    assert desk.outcomes() == ["dead"]
    press.store.enable("group")
    smtp_sink.replies.clear()
    press.publish(STATE, JOINED)
    assert [view.notice for view in desk.deliver(HOUR)] == [JOINED_ID]


def test_what_was_told_wrongly_holds_nothing_back(press: Publishers, reader: Reader) -> None:
    desk = reader()
    press.publish(AGENCY, SUIT)
    desk.deliver()
    (first, *_) = [change.change for change in press.store.changes() if change.verb == "added"]
    press.store.correct(first, "It named another firm.", desk.now)
    press.publish(STATE, JOINED)
    assert JOINED_ID in [view.notice for view in desk.deliver(HOUR)]


def test_a_notice_that_was_closed_out_stands_by_itself() -> None:
    one = mention(key="a", event="x/a")
    two = mention(key="b", event="x/a", change_with={"number": 2})
    closed = mention("closed_out", key="c", event="x/a", change_with={"number": 3})
    merged, other = once([one, two, closed])
    assert [change.change for change in merged.changes] == [1, 2]
    assert other == closed


def test_what_a_publisher_writes_is_no_markup_and_no_link_to_a_script() -> None:
    hostile = PublicationView(
        notice="x/b",
        regulator="<b>State</b>",
        title="<script>alert(1)</script>",
        url="javascript:alert(1)",
        stage="",
        on=None,
    )
    message = daily(msgspec.structs.replace(mention(), also=(hostile,)))
    assert "Also published by: <b>State</b>: <script>alert(1)</script>" in message.text
    assert "<script" not in message.html
    assert "javascript:" not in message.html
    assert "<script>alert(1)</script>" in seen(message)
    assert "javascript:" not in message.text
