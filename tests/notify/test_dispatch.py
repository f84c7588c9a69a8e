"""Whoever is owed a message gets it once; a channel that fails is tried again, and gives up in the open."""

import json
from datetime import date, timedelta

import pytest

from notify.channels import check
from notify.dispatch import check_channels
from notify.outcomes import BACK_OFF, JITTER, LEASE
from stemwatch.config import Subscription
from stemwatch.errors import UsageError
from stemwatch.rules import Rule
from stemwatch.words import LABELS
from tests.notify.conftest import HttpSink, SmtpSink
from tests.notify.desk import CHARA, KIMERA, SURGENEX, UNRELATED, Desk, subscription
from tests.store.builders import NAME, World, changed, page

STEM_CELLS = "Your product is an umbilical cord blood derived stem cell and exosome product."
MINUTE = timedelta(minutes=1)
UNREAD = changed(KIMERA, subject="Deviations/CGMP")
"""Known to be relevant only once its page is read."""
CLOSED = changed(KIMERA, closed_out_on=date(2025, 1, 3), closed_out_url=KIMERA.url + "-closeout")


@pytest.fixture
def press(http_sink: HttpSink) -> Subscription:
    return subscription(channel=http_sink.url())


@pytest.fixture
def desk(world: World, press: Subscription) -> Desk:
    """A sender with one subscription to what is relevant, after the baseline."""
    world.run([CHARA])
    return Desk(world, press)


def bodies(sink: HttpSink) -> list[str]:
    return [body.decode() for _, _, body in sink.requests]


def keys(sink: HttpSink) -> list[str]:
    return [headers["Idempotency-Key"] for _, headers, _ in sink.requests]


# ---- once


def test_a_baseline_is_silent(desk: Desk, http_sink: HttpSink) -> None:
    assert desk.deliver() == []
    assert (http_sink.requests, desk.rows("id")) == ([], [])


def test_one_new_relevant_letter_is_one_message_and_then_silence(desk: Desk, http_sink: HttpSink) -> None:
    desk.world.run([CHARA, KIMERA])
    (view,) = desk.deliver()
    assert (view.subscription, view.channel, view.notice) == ("press", "json", f"{NAME}/{KIMERA.key}")
    assert (view.outcome, view.attempts, view.error) == ("sent", 1, "")
    (body,) = bodies(http_sink)
    assert "Kimera Labs, Inc." in body
    assert desk.deliver() == []
    assert desk.deliver(timedelta(days=9)) == []
    assert len(http_sink.requests) == 1


def test_an_unrelated_letter_is_told_to_nobody_but_those_who_asked(world: World, http_sink: HttpSink) -> None:
    world.run([CHARA])
    everything = subscription("everything", http_sink.url(), relevance=LABELS)
    desk = Desk(world, subscription(channel=http_sink.url()), everything)
    world.run([CHARA, UNRELATED])
    assert [view.subscription for view in desk.deliver()] == ["everything"]


def test_a_letter_that_meets_three_rules_is_one_message_with_three_reasons(
    world: World, http_sink: HttpSink
) -> None:
    world.run([CHARA])
    asked = subscription(channel=http_sink.url(), rule=("exosomes", "kimera", "biologics", "hips"))
    desk = Desk(world, asked)
    desk.rules = {
        "exosomes": Rule(title="Exosomes", query="exosome*"),
        "kimera": Rule(clinics=("Kimerra Labs",)),
        "biologics": Rule(query="office:biologics"),
        "hips": Rule(query="hip"),
    }
    world.run([CHARA, KIMERA, UNRELATED])
    assert desk.outcomes() == ["sent"]
    (body,) = bodies(http_sink)
    told = " ".join(json.loads(body)["message"].split())
    assert "“Exosomes”: it is new, counts as relevant, and fits the search exosome*." in told
    assert "names Kimerra Labs (spelt “Kimera Labs” in the notice)." in told
    assert "fits the search office:biologics." in told
    assert "the search hip" not in told


def test_a_rule_that_looks_at_the_text_is_met_when_the_page_is_read(world: World, http_sink: HttpSink) -> None:
    world.run([CHARA])
    desk = Desk(world, subscription(channel=http_sink.url(), rule="cords"))
    desk.rules = {"cords": Rule(query='"umbilical cord"')}
    world.run([CHARA, KIMERA])
    assert desk.outcomes() == []
    world.run([CHARA, KIMERA], page(KIMERA, STEM_CELLS))
    assert desk.outcomes() == ["sent"]


def test_two_subscriptions_get_one_message_each(desk: Desk, http_sink: HttpSink, smtp_sink: SmtpSink) -> None:
    desk.subscriptions += (subscription("desk", smtp_sink.url()),)
    desk.world.run([CHARA, KIMERA, SURGENEX])
    assert sorted(view.subscription for view in desk.deliver()) == ["desk", "desk", "press", "press"]
    assert (len(http_sink.requests), len(smtp_sink.mails)) == (2, 2)
    assert len(set(keys(http_sink)) | {mail["Message-ID"] for mail in smtp_sink.mails}) == 4


def test_what_happened_to_one_letter_in_one_pass_is_one_message(desk: Desk, http_sink: HttpSink) -> None:
    desk.world.run([CHARA, KIMERA])
    desk.world.run([CHARA, CLOSED])
    assert desk.world.told() == [f"added {KIMERA.key}", f"closed_out {KIMERA.key}"]
    assert desk.outcomes() == ["sent"]
    (body,) = bodies(http_sink)
    assert "New warning letter" in body
    assert "Letter closed out" in body


def test_one_letter_is_one_message_however_much_else_happened_in_between(desk: Desk, http_sink: HttpSink) -> None:
    others = [changed(UNRELATED, key=f"{UNRELATED.key}-{number}") for number in range(500)]
    desk.world.run([CHARA, *others, CLOSED])
    assert desk.outcomes() == ["sent"]


def test_a_letter_that_matches_after_its_page_was_read_is_told_late_and_to_nobody_twice(
    world: World, http_sink: HttpSink
) -> None:
    world.run([CHARA])
    desk = Desk(
        world,
        subscription("everything", http_sink.url(), relevance=LABELS),
        subscription("press", http_sink.url()),
    )
    world.run([CHARA, UNREAD])
    assert [view.subscription for view in desk.deliver()] == ["everything"]
    world.run([CHARA, UNREAD], page(UNREAD, STEM_CELLS))
    assert [view.subscription for view in desk.deliver()] == ["press"]
    early, late = bodies(http_sink)
    assert ("Late match" in late, "Late match" in early) == (True, False)


def test_what_comes_with_a_change_that_was_delivered_before_is_still_told(desk: Desk, http_sink: HttpSink) -> None:
    desk.world.run([CHARA, KIMERA])
    assert desk.outcomes() == ["sent"]
    desk.world.run([CHARA, CLOSED], page(KIMERA, STEM_CELLS))
    assert desk.world.told() == [f"added {KIMERA.key}", f"closed_out {KIMERA.key}"]
    assert desk.outcomes() == ["sent"]
    assert "Letter closed out" in bodies(http_sink)[1]
    assert "New warning letter" not in bodies(http_sink)[1]
    assert desk.outcomes() == []


@pytest.mark.parametrize("cause", ["parser", "backfill", "rekey"])
def test_what_the_regulator_did_not_do_is_silent(desk: Desk, cause: str) -> None:
    desk.world.run([CHARA, KIMERA])
    desk.world.store.db.execute("UPDATE changes SET cause = ? WHERE matched_at IS NULL", [cause])
    assert desk.match() == 0
    assert desk.world.told() == []


def test_our_new_reading_of_an_old_letter_is_silent(desk: Desk) -> None:
    assert desk.world.run([changed(CHARA, subject="HCT/P")], revision=2) == [f"edited {CHARA.key}"]
    assert desk.world.last().cause == "parser"
    assert desk.deliver() == []


# ---- again


def failing(desk: Desk, sink: HttpSink, status: int, **headers: str) -> None:
    """One letter is owed, and the receiver does not take it."""
    sink.status, sink.headers = status, headers
    desk.world.run([CHARA, KIMERA])


def test_a_receiver_in_trouble_is_tried_again_after_the_stated_pauses_and_then_given_up(
    desk: Desk, http_sink: HttpSink
) -> None:
    minutes = (1, 5, 15, 60, 180, 360, 720, 720, 1440)
    failing(desk, http_sink, 503)
    assert desk.outcomes() == ["retry"]
    for attempt, pause in enumerate(minutes, start=2):
        assert desk.deliver(pause * MINUTE - timedelta(seconds=1)) == []
        (view,) = desk.deliver(pause * MINUTE * JITTER + timedelta(seconds=1))
        assert view.attempts == attempt
    assert view.outcome == "dead"
    assert sum(minutes) >= 54 * 60
    assert tuple(pause * MINUTE for pause in minutes) == BACK_OFF
    assert desk.rows("attempts, sent_at, dead_at IS NULL") == [(10, None, 0)]
    assert desk.rows("error")[0][0].startswith("Given up after 10 attempts. ")
    assert desk.deliver(timedelta(days=9)) == []
    assert (len(http_sink.requests), len(set(keys(http_sink)))) == (10, 1)


def test_a_message_that_gets_through_at_last_is_sent_once_under_its_first_key(
    desk: Desk, http_sink: HttpSink
) -> None:
    failing(desk, http_sink, 503)
    assert desk.outcomes() == ["retry"]
    http_sink.status = 200
    assert desk.outcomes(2 * MINUTE) == ["sent"]
    assert desk.outcomes(timedelta(days=1)) == []
    assert len(http_sink.requests) == 2
    assert len(set(keys(http_sink))) == 1
    assert desk.rows("sent_at NOT NULL, dead_at") == [(1, None)]


def test_what_a_sender_had_in_hand_when_it_died_is_sent_by_the_next_under_the_same_key(
    desk: Desk, smtp_sink: SmtpSink
) -> None:
    desk.subscriptions = (subscription("press", smtp_sink.url()),)
    desk.world.run([CHARA, KIMERA])
    desk.match()
    (died,) = desk.world.store.claim(now=desk.now, lease_until=desk.now + LEASE)
    assert desk.outcomes(LEASE - MINUTE) == []
    assert desk.outcomes(MINUTE) == ["sent"]
    assert smtp_sink.mails[0]["Message-ID"].startswith(f"<{died.key}@")


@pytest.mark.parametrize(("asked", "minutes"), [("7200", 120), ("30", 1), ("nonsense", 1)])
def test_a_receiver_that_names_a_time_is_not_asked_sooner(
    desk: Desk, http_sink: HttpSink, asked: str, minutes: int
) -> None:
    failing(desk, http_sink, 429, **{"Retry-After": asked})
    assert desk.outcomes() == ["retry"]
    assert desk.outcomes(minutes * MINUTE - timedelta(seconds=1)) == []
    assert desk.outcomes(MINUTE * JITTER + timedelta(seconds=1)) == ["retry"]


def test_a_failing_channel_is_tried_once_a_pass_and_holds_up_nobody(
    desk: Desk, http_sink: HttpSink, smtp_sink: SmtpSink
) -> None:
    desk.subscriptions += (subscription("desk", smtp_sink.url()),)
    http_sink.status = 503
    second = changed(CHARA, key="chara-2", url=CHARA.url + "-2")
    desk.world.run([CHARA, KIMERA, SURGENEX, second])
    new = [change.notice for change in desk.world.store.unmatched()]
    views = desk.deliver()
    assert [view.notice for view in views if view.subscription == "desk"] == new
    assert len(new) == 3
    assert [view.outcome for view in views if view.subscription == "press"] == ["retry"]
    http_sink.status = 200
    assert desk.outcomes(2 * MINUTE) == ["sent", "sent", "sent"]


# ---- never


@pytest.mark.parametrize("status", [400, 401, 404, 410])
def test_a_receiver_that_refuses_for_good_is_not_asked_again(desk: Desk, http_sink: HttpSink, status: int) -> None:
    failing(desk, http_sink, status)
    (view,) = desk.deliver()
    assert (view.outcome, view.attempts, str(status) in view.error) == ("dead", 1, True)
    assert desk.rows("sent_at, dead_at NOT NULL, error") == [(None, 1, view.error)]
    assert desk.outcomes(timedelta(days=9)) == []


def test_what_is_owed_to_a_subscription_that_was_removed_is_dead_and_says_why(desk: Desk) -> None:
    desk.world.run([CHARA, KIMERA])
    desk.match()
    desk.subscriptions = ()
    (view,) = desk.deliver()
    assert (view.outcome, view.channel) == ("dead", "-")
    assert view.error == "No subscription of this name is configured any more."


def test_a_channel_that_apprise_does_not_know_is_dead_and_holds_up_nobody(desk: Desk, http_sink: HttpSink) -> None:
    desk.subscriptions = (subscription("lost", "telepathy://CANARY-token"), *desk.subscriptions)
    desk.world.run([CHARA, KIMERA])
    views = {view.subscription: view for view in desk.deliver()}
    assert (views["lost"].outcome, views["press"].outcome) == ("dead", "sent")
    assert "telepathy://" in views["lost"].error
    assert not any("CANARY" in view.error + view.channel for view in views.values())


def test_a_sender_that_is_told_to_stop_leaves_the_rest_for_the_next(desk: Desk, http_sink: HttpSink) -> None:
    desk.world.run([CHARA, KIMERA, SURGENEX])
    desk.match()
    assert len(list(desk.dispatcher().deliver(lambda: bool(http_sink.requests)))) == 1
    assert desk.outcomes() == ["sent"]


def test_channels_are_checked_by_name_of_their_subscription(http_sink: HttpSink) -> None:
    check(http_sink.url())
    good, bad = subscription("press", http_sink.url()), subscription("desk", "json://${STEMWATCH_TEST_TOKEN}")
    check_channels([good], {})
    check_channels([bad], {"STEMWATCH_TEST_TOKEN": "127.0.0.1"})
    with pytest.raises(UsageError, match="STEMWATCH_TEST_TOKEN") as refused:
        check_channels([good, bad], {})
    assert "'desk'" in str(refused.value)
