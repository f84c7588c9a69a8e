"""A burst of mails goes over few connections, and what the server said of each mail stays true."""

from datetime import timedelta

from tests.notify.conftest import HttpSink, SmtpSink
from tests.notify.desk import CHARA, KIMERA, Desk, subscription
from tests.store.builders import World

READERS = 12


def readers(world: World, sink: SmtpSink, rest: str = "") -> Desk:
    """A desk with an alert that it owes to many readers at one server."""
    world.run([CHARA])
    channel = sink.url(rest).replace("reader@", "reader{}@")
    desk = Desk(world, *(subscription(f"reader{n}", channel.format(n)) for n in range(READERS)))
    world.run([CHARA, KIMERA])
    return desk


def test_a_burst_goes_over_one_connection_for_each_mail_under_way_and_all_end_with_it(
    world: World, smtp_sink: SmtpSink
) -> None:
    assert readers(world, smtp_sink).outcomes() == ["sent"] * READERS
    assert sorted(to for (to,) in smtp_sink.recipients) == sorted(f"reader{n}@example.org" for n in range(READERS))
    used = set(smtp_sink.connections)
    assert len(used) <= 4, "As many as one host is sent at a time."
    assert sorted(map(str, smtp_sink.parted)) == sorted(map(str, used))


def test_a_server_that_ends_each_session_gets_every_mail_once(world: World, smtp_sink: SmtpSink) -> None:
    smtp_sink.hasty = True
    assert readers(world, smtp_sink).outcomes() == ["sent"] * READERS
    assert len({to for (to,) in smtp_sink.recipients}) == len(smtp_sink.recipients) == READERS


def test_a_refused_mail_takes_no_other_with_it(world: World, smtp_sink: SmtpSink) -> None:
    smtp_sink.refused = {"reader3@example.org": "450 4.2.1 busy", "reader7@example.org": "550 5.1.1 unknown"}
    desk = readers(world, smtp_sink)
    outcomes = {view.subscription: view.outcome for view in desk.deliver()}
    assert outcomes.pop("reader3") == "retry"
    assert outcomes.pop("reader7") == "dead"
    assert set(outcomes.values()) == {"sent"}
    smtp_sink.refused = {}
    assert desk.outcomes(timedelta(minutes=2)) == ["sent"]


def test_a_long_burst_changes_its_sessions(world: World, smtp_sink: SmtpSink) -> None:
    world.run([CHARA])
    desk = Desk(world, *(subscription(f"r{n}", smtp_sink.url()) for n in range(60)), at_a_time=1)
    world.run([CHARA, KIMERA])
    assert desk.outcomes() == ["sent"] * 60
    assert [smtp_sink.connections.count(one) for one in dict.fromkeys(smtp_sink.connections)] == [50, 10]


def test_an_answer_that_drips_for_ever_holds_up_nobody(
    world: World, http_sink: HttpSink, smtp_sink: SmtpSink
) -> None:
    http_sink.behaviour = "drip"
    world.run([CHARA])
    desk = Desk(world, subscription("slow", http_sink.url()), subscription("press", smtp_sink.url()), limit=0.2)
    world.run([CHARA, KIMERA])
    views = {view.subscription: view for view in desk.deliver()}
    assert (views["press"].outcome, views["slow"].outcome) == ("sent", "retry")
    assert views["slow"].error == "No complete answer within 0.2 s."
