"""A daily digest: one mail for each day on which something happened, after the day has ended, with all of it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from tests.notify.conftest import SmtpSink
from tests.notify.desk import CHARA, KIMERA, SURGENEX, Desk, subscription
from tests.store.builders import World, changed, page

SECOND = timedelta(seconds=1)
CLOSED = changed(KIMERA, closed_out_on=date(2025, 1, 3), closed_out_url=KIMERA.url + "-closeout")

Morning = Callable[..., Desk]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def words(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


@pytest.fixture
def morning(world: World, smtp_sink: SmtpSink) -> Morning:
    """A sender with one daily digest at 08:00, after the baseline."""
    world.run([CHARA])

    def make(now: str, **settings: Any) -> Desk:
        daily = subscription("morning", smtp_sink.url(), send="daily", at=time(8), **settings)
        return Desk(world, daily, now=at(now))

    return make


def test_a_days_changes_come_in_one_mail_once_the_day_has_ended(morning: Morning, smtp_sink: SmtpSink) -> None:
    desk = morning("2025-01-28T09:00")
    desk.run([CHARA, KIMERA])
    assert desk.deliver() == []
    desk.run([CHARA, KIMERA, SURGENEX])
    assert desk.deliver(timedelta(hours=14)) == []
    assert desk.deliver(at("2025-01-29T08:00") - SECOND - desk.now) == []
    (view,) = desk.deliver(SECOND)
    assert (view.subscription, view.notice, view.outcome) == ("morning", None, "sent")
    (mail,) = smtp_sink.mails
    assert mail["Subject"] == "Stemwatch daily: 2 new, 29 January 2025"
    assert KIMERA.title in words(mail)
    assert SURGENEX.title in words(mail)
    assert desk.deliver(timedelta(days=3)) == []


def test_every_day_has_one_row_however_often_it_is_matched(morning: Morning) -> None:
    desk = morning("2025-01-28T09:00")
    for rows in ([CHARA, KIMERA], [CHARA, KIMERA, SURGENEX], [CHARA, CLOSED, SURGENEX]):
        desk.run(rows)
        assert desk.deliver(timedelta(hours=5)) == []
    assert desk.rows("kind, starts_at, ends_at, next_try_at") == [
        ("daily", "2025-01-28T08:00:00Z", "2025-01-29T08:00:00Z", "2025-01-29T08:00:00Z")
    ]


def test_a_day_on_which_nothing_happened_brings_no_mail(morning: Morning, smtp_sink: SmtpSink) -> None:
    desk = morning("2025-01-28T09:00")
    for _ in range(3):
        desk.run([CHARA])
        assert desk.deliver(timedelta(days=1)) == []
    assert (smtp_sink.mails, desk.rows("id")) == ([], [])


def test_what_is_seen_at_the_very_end_of_a_day_belongs_to_the_next(morning: Morning, smtp_sink: SmtpSink) -> None:
    desk = morning("2025-01-29T07:59:59")
    desk.run([CHARA, KIMERA])
    desk.match()
    desk.now += SECOND
    desk.run([CHARA, KIMERA, SURGENEX])
    assert [view.outcome for view in desk.deliver()] == ["sent"]
    assert [view.outcome for view in desk.deliver(timedelta(days=1))] == ["sent"]
    first, second = map(words, smtp_sink.mails)
    assert (KIMERA.title in first, SURGENEX.title in first) == (True, False)
    assert (KIMERA.title in second, SURGENEX.title in second) == (False, True)


def test_a_machine_that_slept_sends_the_missed_mail_and_not_twice(morning: Morning, smtp_sink: SmtpSink) -> None:
    desk = morning("2025-01-28T09:00")
    desk.run([CHARA, KIMERA])
    desk.match()
    assert desk.outcomes(timedelta(days=5)) == ["sent"]
    assert smtp_sink.mails[0]["Subject"].endswith("29 January 2025")
    assert desk.outcomes(timedelta(days=5)) == []


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2025-01-28T12:59", "2025-01-28T13:00"),
        ("2025-01-28T13:00", "2025-01-29T13:00"),
        ("2025-03-08T13:00", "2025-03-09T12:00"),  # the clock goes forward: a day of 23 hours
        ("2025-03-09T11:59", "2025-03-09T12:00"),
        ("2025-03-09T12:00", "2025-03-10T12:00"),
        ("2025-11-01T12:00", "2025-11-02T13:00"),  # and back: a day of 25 hours
        ("2025-11-02T12:59", "2025-11-02T13:00"),
    ],
)
def test_a_day_ends_at_the_hour_of_the_subscriptions_zone(
    morning: Morning, smtp_sink: SmtpSink, now: str, due: str
) -> None:
    desk = morning(now, time_zone="America/New_York")
    desk.run([CHARA, KIMERA])
    assert desk.outcomes() == []
    assert desk.rows("ends_at") == [(f"{due}:00Z",)]
    assert desk.outcomes(at(due) - SECOND - desk.now) == []
    assert desk.outcomes(SECOND) == ["sent"]
    assert "08:00 (America/New_York)" in " ".join(words(smtp_sink.mails[0]).split())


def test_two_subscriptions_of_different_zones_have_days_of_their_own(
    morning: Morning, smtp_sink: SmtpSink
) -> None:
    desk = morning("2025-01-28T03:00", time_zone="Asia/Tokyo")
    west = subscription("west", smtp_sink.url(), send="daily", at=time(8), time_zone="America/New_York")
    desk.subscriptions += (west,)
    desk.run([CHARA, KIMERA])
    desk.match()
    assert desk.rows("subscription, ends_at") == [
        ("morning", "2025-01-28T23:00:00Z"),
        ("west", "2025-01-28T13:00:00Z"),
    ]


def test_a_digest_holds_each_letter_once_with_everything_that_happened_to_it(
    morning: Morning, smtp_sink: SmtpSink
) -> None:
    desk = morning("2025-01-28T09:00")
    desk.run([CHARA, KIMERA])
    desk.match()
    desk.run([CHARA, KIMERA], page(KIMERA))  # its page is read, and it is matched again
    desk.match()
    desk.run([CHARA, CLOSED])
    desk.match()
    desk.deliver(timedelta(days=1))
    (mail,) = smtp_sink.mails
    assert mail["Subject"].startswith("Stemwatch daily: 1 new, 1 closed out")
    assert words(mail).splitlines().count(KIMERA.url) == 1
    assert "Letter closed out" in words(mail)


def test_a_digest_says_what_was_checked_and_what_could_not_be(morning: Morning, smtp_sink: SmtpSink) -> None:
    desk = morning("2025-01-28T09:00")
    desk.run([CHARA, KIMERA])
    desk.match()
    desk.world.broken([CHARA, KIMERA], started_at=desk.now, finished_at=desk.now)
    desk.deliver(timedelta(days=1))
    text = " ".join(words(smtp_sink.mails[0]).split())
    assert "FDA: FDA warning letters: refused our visit (Apology page.). Last good check: 28 January 2025" in text
    assert "1 of 1 sources not read whole" in smtp_sink.mails[0]["Subject"]


def test_a_digest_that_was_not_accepted_is_tried_again_as_it_was(morning: Morning, smtp_sink: SmtpSink) -> None:
    desk = morning("2025-01-28T09:00")
    desk.run([CHARA, KIMERA])
    desk.match()
    smtp_sink.replies["DATA"] = "451 4.3.0 try later"
    assert desk.outcomes(timedelta(days=1)) == ["retry"]
    desk.run([CHARA, CLOSED, SURGENEX])
    smtp_sink.replies.clear()
    assert desk.outcomes(timedelta(minutes=2)) == ["sent"]
    (mail,) = smtp_sink.mails
    assert SURGENEX.title not in words(mail)
    assert desk.outcomes(timedelta(days=1)) == ["sent"]
    assert SURGENEX.title in words(smtp_sink.mails[1])


def test_a_letter_told_at_once_to_one_is_in_the_digest_of_another(morning: Morning, smtp_sink: SmtpSink) -> None:
    desk = morning("2025-01-28T09:00")
    desk.subscriptions += (subscription("desk", smtp_sink.url()),)
    desk.run([CHARA, KIMERA])
    assert [view.subscription for view in desk.deliver()] == ["desk"]
    assert [view.subscription for view in desk.deliver(timedelta(days=1))] == ["morning"]
