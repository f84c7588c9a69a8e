"""What FDA does to a letter, and the one change that each act is told as."""

from bench.replica import Replica
from bench.watching import SOURCE, Watcher
from stemwatch.views import ChangeView

LETTER = "foshan-biours-biosciences-co-ltd-611319-03102021"
DAY = "2021-03-16"
LATER = "2021-03-23"


def move(watcher: Watcher, replica: Replica, day: str) -> None:
    replica.move(day)
    watcher.set(day)


def settled(watcher: Watcher, replica: Replica) -> int:
    """Come to DAY with everything told and read; returns the cursor after it."""
    move(watcher, replica, DAY)
    assert watcher.crawl(details=1000).verdict == "ok"
    return max(change.change for change in watcher.changes())


def told(watcher: Watcher, since: int) -> list[tuple[str, str]]:
    return [(change.verb, change.notice.split("/")[1]) for change in watcher.changes(since)]


def only(watcher: Watcher, since: int) -> ChangeView:
    (change,) = watcher.changes(since)
    return change


def test_a_posted_letter_is_added_once_and_told_once(watcher: Watcher, replica: Replica) -> None:
    move(watcher, replica, DAY)
    watcher.crawl()
    assert ("added", LETTER) in told(watcher, 0)
    watcher.deliver()
    before = len(told(watcher, 0))
    watcher.crawl()
    assert len(told(watcher, 0)) == before
    assert watcher.deliver() == []


def test_a_close_out_is_one_change_of_its_letter_and_its_page_is_kept(watcher: Watcher, replica: Replica) -> None:
    since = settled(watcher, replica)
    replica.edit("close_out", LETTER, date=DAY)
    run = watcher.crawl()
    assert told(watcher, since) == [("closed_out", LETTER)]
    assert (run.verdict, run.added) == ("ok", 0)
    with watcher.house.store() as store:
        dossier = store.dossier(f"{SOURCE}/{LETTER}")
    assert [page.label for page in dossier.pages] == ["WARNING LETTER", "CLOSEOUT LETTER"]
    assert watcher.crawl(recheck=True).edited == 0


def test_an_edited_text_is_one_edit_that_shows_the_words(watcher: Watcher, replica: Replica) -> None:
    since = settled(watcher, replica)
    replica.edit("edit_text", LETTER, append="<p>The firm has asked for a hearing.</p>")
    assert watcher.crawl().edited == 0, "a page read this week is not asked again without need"
    watcher.crawl(recheck=True)
    change = only(watcher, since)
    assert (change.verb, [edit.field for edit in change.edited]) == ("edited", ["text"])
    with watcher.house.store() as store:
        history = store.dossier(change.notice).history
    assert "+The firm has asked for a hearing." in history[-1].diff


def test_a_new_heading_is_one_edit_that_names_both_values(watcher: Watcher, replica: Replica) -> None:
    since = settled(watcher, replica)
    replica.edit("retitle", LETTER, company="Foshan Biours Biosciences, Incorporated")
    watcher.crawl()
    change = only(watcher, since)
    assert change.verb == "edited"
    assert "Foshan Biours Biosciences, Incorporated" in [
        edit.new for edit in change.edited if edit.field == "title"
    ]
    watcher.crawl(recheck=True)
    assert len(watcher.changes(since)) == 1


def test_a_repost_is_an_edit_of_the_posted_date(watcher: Watcher, replica: Replica) -> None:
    since = settled(watcher, replica)
    move(watcher, replica, LATER)
    watcher.crawl(details=1000)
    since = max(since, *(change.change for change in watcher.changes()))
    replica.edit("repost", LETTER, date=LATER)
    watcher.crawl(recheck=True)
    change = only(watcher, since)
    assert change.verb == "edited"
    assert [(edit.field, edit.old, edit.new) for edit in change.edited] == [("posted_on", DAY, LATER)]


def test_a_reissue_is_one_change_that_ties_both_letters(watcher: Watcher, replica: Replica) -> None:
    since = settled(watcher, replica)
    replica.edit("reissue", LETTER, issued="2021-03-12", date=DAY)
    watcher.crawl()
    change = only(watcher, since)
    assert (change.verb, change.related) == ("reissued", f"{SOURCE}/{LETTER}")
    for _ in range(4):
        watcher.crawl()
    assert len(watcher.changes(since)) == 1
    with watcher.house.store() as store:
        old = store.dossier(f"{SOURCE}/{LETTER}").notice
    assert (old.status, old.reissued_as) == ("reissued", change.notice)


def test_a_removed_letter_is_delisted_after_three_healthy_runs_and_listed_again(
    watcher: Watcher, replica: Replica
) -> None:
    since = settled(watcher, replica)
    replica.edit("remove", LETTER)
    assert [watcher.crawl().delisted for _ in range(4)] == [0, 0, 1, 0]
    replica.edit("restore", LETTER)
    assert watcher.crawl().relisted == 1
    assert told(watcher, since) == [("delisted", LETTER), ("relisted", LETTER)]


def test_a_letter_that_left_the_list_but_not_the_site_is_delisted_too(watcher: Watcher, replica: Replica) -> None:
    since = settled(watcher, replica)
    replica.edit("remove", LETTER, keep_page=True)
    for _ in range(4):
        watcher.crawl()
    assert told(watcher, since) == [("delisted", LETTER)]


def test_saving_pages_again_banners_and_another_order_are_no_changes(watcher: Watcher, replica: Replica) -> None:
    since = settled(watcher, replica)
    replica.edit("resave", LETTER)
    replica.edit("banner", match="www.fda.gov", text="The site will be down on Sunday.")
    replica.edit("reorder", source="fda", order="shuffle")
    run = watcher.crawl(recheck=True)
    assert run.verdict == "ok"
    assert watcher.changes(since) == []
