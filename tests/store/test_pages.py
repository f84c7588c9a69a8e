"""Pages read late, again, or in vain."""

from datetime import date

from stemwatch.deliveries import Owed
from tests.store.builders import CHARA, KIMERA, NAME, World, changed, look, page

CLOSED = changed(CHARA, closed_out_on=date(2025, 6, 3), closed_out_url="https://www.fda.gov/w/chara-closed")


def owe(world: World, subscription: str = "press") -> int:
    """Owe every waiting change to one subscription; returns how many deliveries are new."""
    waiting = world.store.unmatched()
    owed = [
        Owed(
            subscription=subscription,
            change=change.change,
            identity=f"change-{change.change}",
            kind="at_once",
            due_at=world.now,
        )
        for change in waiting
    ]
    return world.store.enqueue(owed, [change.change for change in waiting], world.now)


def test_a_page_read_late_lets_its_notices_changes_be_matched_again_as_late(world: World) -> None:
    world.run([KIMERA])
    world.run([KIMERA, CHARA])
    world.match()
    assert world.told() == []
    assert world.run([KIMERA, CHARA], page(CHARA, "umbilical cord blood")) == []
    (change,) = world.store.unmatched()
    assert (change.verb, change.notice, change.late) == ("added", f"{NAME}/{CHARA.key}", True)


def test_a_change_given_before_is_never_given_again(world: World) -> None:
    world.run([KIMERA])
    world.run([KIMERA, CHARA])
    assert owe(world) == 1
    world.run([KIMERA, CHARA], page(CHARA))
    assert owe(world) == 0
    assert world.store.db.table("delivered_changes").count == 1
    assert owe(world, "other") == 0


def test_a_late_match_reaches_a_subscription_that_it_missed(world: World) -> None:
    world.run([KIMERA])
    world.run([KIMERA, CHARA])
    world.match()
    world.run([KIMERA, CHARA], page(CHARA))
    assert owe(world) == 1


def test_a_page_read_in_the_run_that_added_its_notice_makes_nothing_late(world: World) -> None:
    world.run([KIMERA])
    world.run([KIMERA, CHARA], page(CHARA))
    assert [change.late for change in world.store.unmatched()] == [False]


def test_a_page_of_the_baseline_read_late_stays_silent(world: World) -> None:
    world.run([KIMERA, CHARA])
    world.run([KIMERA, CHARA], page(CHARA))
    assert world.told() == []


def test_a_page_read_again_lets_nothing_be_matched_again(world: World) -> None:
    world.run([KIMERA])
    world.run([KIMERA, CHARA], page(CHARA))
    world.match()
    world.run([KIMERA, CHARA], page(CHARA))
    assert world.told() == []


def test_a_close_out_page_opens_no_change_that_was_matched_with_the_letter_read(world: World) -> None:
    world.run([KIMERA])
    world.run([KIMERA, CHARA], page(CHARA))
    world.match()
    world.run([KIMERA, CLOSED], page(CLOSED, "Closed.", "closeout"))
    assert world.told() == [f"closed_out {CHARA.key}"]


def test_relevance_is_judged_anew_when_the_page_arrives(world: World) -> None:
    row = changed(CHARA, subject="Letter", office="Office", title="Example, Inc.")
    world.run([row])
    assert world.notice(row).relevance.label == "unrelated"
    world.run([row], page(row, "Your product, derived from human umbilical cord blood stem cells, is a drug."))
    assert world.notice(row).relevance.label == "relevant"


def test_an_untrusted_run_may_bring_a_page_that_was_never_read(world: World) -> None:
    world.run([CHARA])
    world.broken([CHARA], page(CHARA, "First words."))
    assert world.store.dossier(f"{NAME}/{CHARA.key}").pages[0].text == "First words."


def test_an_edit_seen_by_an_untrusted_run_keeps_the_old_validators(world: World) -> None:
    world.run([CHARA], page(CHARA, "Old.", etag='"1"'))
    world.broken([CHARA], page(CHARA, "New.", etag='"2"'))
    known = world.store.known(NAME).notices[CHARA.key].pages["notice"]
    assert known.etag == '"1"'


def test_a_page_that_answers_unchanged_counts_as_looked_at(world: World) -> None:
    world.run([CHARA], page(CHARA, etag='"1"'))
    world.run([CHARA], look(CHARA, "unchanged"))
    known = world.store.known(NAME).notices[CHARA.key].pages["notice"]
    assert known.looked_at == world.now
    assert known.read_at is not None
    assert known.read_at < world.now


def test_failures_are_counted_until_the_page_is_read(world: World) -> None:
    world.run([CHARA], look(CHARA, "failed", why="timed out"))
    world.run([CHARA], look(CHARA, "failed", why="500"))
    (failed,) = world.store.dossier(f"{NAME}/{CHARA.key}").pages
    assert (failed.failure, failed.read_at) == ("500", None)
    assert world.store.known(NAME).notices[CHARA.key].pages["notice"].failures == 2
    world.run([CHARA], page(CHARA))
    (read,) = world.store.dossier(f"{NAME}/{CHARA.key}").pages
    assert (read.failure, read.read_at) == ("", world.now)
    assert world.store.known(NAME).notices[CHARA.key].pages["notice"].failures == 0


def test_a_failed_look_keeps_the_words_that_were_read(world: World) -> None:
    world.run([CHARA], page(CHARA, "Words."))
    world.run([CHARA], look(CHARA, "failed", why="500"))
    assert world.store.dossier(f"{NAME}/{CHARA.key}").pages[0].text == "Words."


def test_what_a_better_run_says_for_doubtful_words_is_no_edit_and_is_matched_as_late(world: World) -> None:
    world.run([KIMERA])
    assert world.broken([KIMERA, changed(CHARA, title="", doubtful=True)]) == [f"added {CHARA.key}"]
    world.match()
    assert world.run([KIMERA, CHARA]) == []
    (change,) = world.store.unmatched()
    assert (change.title, change.late) == (CHARA.title, True)
    assert world.run([KIMERA, changed(CHARA, subject="HCT/P")]) == [f"edited {CHARA.key}"]


def test_a_page_that_leaves_a_fact_to_the_list_is_no_edit(world: World) -> None:
    world.run([KIMERA])
    doubted = changed(CHARA, title="chara", doubtful=True)
    told = page(CHARA, "Words.", fields={"title": CHARA.title, "recipient": "Dr. Example"})
    world.broken([KIMERA, doubted], told)
    assert world.run([KIMERA, CHARA], page(CHARA, "Words.", fields={"recipient": "Dr. Example"})) == []
    assert world.run([KIMERA, CHARA], page(CHARA, "Words.", fields={})) == [f"edited {CHARA.key}"]
