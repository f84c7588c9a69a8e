"""Crawl and apply: what is known goes out, a bundle comes in once, and only the regulator's acts are changes."""

from collections import Counter
from datetime import date, timedelta

import msgspec
import pytest

from stemwatch.bundle import Bundle, UnusableBundle
from stemwatch.records import Expectations
from tests.store.builders import CHARA, KIMERA, NAME, SITE, SOURCE, SURGENEX, changed, letter, look, page
from tests.store.contract.conftest import Make
from tests.store.contract.places import Place

CLOSED = changed(CHARA, closed_out_on=date(2025, 6, 3), closed_out_url=f"{SITE}closed")
TEXT = "We inspected your firm.\nReply within fifteen days."
OLD = letter("prodx-health-720762-01082026", "ProDx Health", case_number="720762", posted_on=date(2026, 1, 20))
NEW = letter("prodx-health-720762-02102026", "PRODX HEALTH", case_number="720762", posted_on=date(2026, 2, 10))


def test_nothing_is_known_before_the_first_run(place: Place) -> None:
    known = place.store.known(NAME)
    assert (known.source, known.baselined, known.newest_on, known.notices) == (NAME, False, None, {})
    assert place.store.last_started_at() is None
    assert place.store.run("run-001") is None
    assert list(place.store.changes()) == []


def test_the_first_run_is_a_baseline_and_silent(place: Place) -> None:
    rows = [CLOSED, KIMERA]
    assert sorted(place.run(rows)) == sorted(f"baseline {row.key}" for row in rows)
    assert place.told() == []
    assert (place.view.verdict, place.view.baseline, place.view.added) == ("ok", 2, 0)


def test_it_stays_the_baseline_until_a_run_is_ok(place: Place) -> None:
    assert place.broken([CHARA]) == [f"baseline {CHARA.key}"]
    assert not place.store.known(NAME).baselined
    assert place.run([changed(CHARA, title="Chara"), KIMERA]) == [f"baseline {KIMERA.key}"]
    assert place.store.known(NAME).baselined
    assert place.told() == []


def test_new_rows_are_added_once_the_oldest_first(place: Place) -> None:
    place.run([CHARA])
    assert place.run([KIMERA, SURGENEX, CHARA]) == [f"added {SURGENEX.key}", f"added {KIMERA.key}"]
    assert place.run([CHARA, SURGENEX, KIMERA]) == []
    assert place.told() == [f"added {SURGENEX.key}", f"added {KIMERA.key}"]


def test_a_new_row_that_is_closed_out_already_is_added_and_closed_out(place: Place) -> None:
    place.run([KIMERA])
    assert place.run([KIMERA, CLOSED]) == [f"added {CHARA.key}", f"closed_out {CHARA.key}"]


@pytest.mark.parametrize(
    ("values", "verb"),
    [
        ({"subject": "HCT/P"}, "edited"),
        ({"issued_on": None}, "edited"),
        ({"closed_out_on": date(2025, 6, 3)}, "closed_out"),
        ({"responded_on": date(2025, 6, 3)}, "responded"),
    ],
)
def test_each_act_of_the_regulator_is_one_change(place: Place, values: dict[str, object], verb: str) -> None:
    place.run([CHARA, KIMERA])
    row = changed(CHARA, **values)
    assert place.run([row, KIMERA]) == [f"{verb} {CHARA.key}"]
    assert place.run([KIMERA, row]) == []
    assert (place.last().cause, place.last().detected_at) == ("source", place.now - timedelta(days=1))


def test_an_edit_names_what_was_there_before(place: Place) -> None:
    place.run([CHARA], page(CHARA, TEXT))
    place.run([changed(CHARA, subject="HCT/P")], page(CHARA, TEXT.replace("fifteen", "thirty")))
    assert place.edited() == [("subject", "Deviations/CGMP", "HCT/P"), ("text", "", "")]


def test_what_no_reader_sees_is_no_change(place: Place) -> None:
    place.run([CHARA], page(CHARA, TEXT))
    resaved = page(CHARA, TEXT.replace(" ", "\u00a0"), etag='"b"')
    assert place.run([changed(CHARA, title="Chara\u200b  Biologics, Inc.")], resaved) == []
    assert place.store.known(NAME).notices[CHARA.key].pages["notice"].etag == '"b"'


@pytest.mark.parametrize("outcome", ["gone", "alive"])
def test_delisted_only_after_three_good_runs_and_a_look(place: Place, outcome: str) -> None:
    place.run([CHARA, KIMERA])
    assert [place.run([CHARA]), place.broken([CHARA], look(KIMERA, outcome)), place.run([CHARA])] == [[], [], []]
    assert place.run([CHARA]) == [], "Nobody has looked at its own address."
    assert place.store.known(NAME).notices[KIMERA.key].absent == 3
    assert place.run([CHARA], look(KIMERA, outcome)) == [f"delisted {KIMERA.key}"]
    assert place.run([CHARA], look(KIMERA, outcome)) == []
    notice = place.notice(KIMERA)
    assert (notice.status, str(notice.absent_since)) == ("delisted", "2025-01-04")


def test_presence_in_between_starts_the_count_anew(place: Place) -> None:
    place.run([CHARA, KIMERA])
    for rows in ([CHARA], [CHARA], [CHARA, KIMERA], [CHARA], [CHARA]):
        assert place.run(rows, look(KIMERA, "gone")) == []
    assert place.run([CHARA], look(KIMERA, "gone")) == [f"delisted {KIMERA.key}"]


def test_what_comes_back_is_relisted_with_what_was_edited_meanwhile(place: Place) -> None:
    place.run([CHARA, KIMERA])
    for _ in range(3):
        place.run([CHARA], look(KIMERA, "gone"))
    assert place.run([CHARA, changed(KIMERA, subject="HCT/P")]) == [f"relisted {KIMERA.key}"]
    assert place.edited() == [("subject", "Deviations/CGMP", "HCT/P")]
    assert place.notice(KIMERA).status == "listed"


def test_a_reissue_is_one_change_that_ties_both(place: Place) -> None:
    place.run([CHARA, OLD])
    assert place.run([NEW, CHARA], look(OLD, "gone")) == [f"reissued {NEW.key}"]
    assert place.last().related == f"{NAME}/{OLD.key}"
    assert place.run([NEW, CHARA], look(OLD, "gone")) == []
    assert place.run([NEW, CHARA, OLD]) == [f"relisted {OLD.key}"]


def test_a_reissue_that_the_first_good_run_shows_is_part_of_the_baseline(place: Place) -> None:
    place.broken([CHARA, OLD])
    assert place.run([NEW, CHARA], look(OLD, "gone")) == [f"baseline {NEW.key}"]
    assert place.told() == []
    assert place.notice(OLD).reissued_as == f"{NAME}/{NEW.key}"


def test_a_close_out_letter_of_its_own_closes_its_letter_and_is_no_news(place: Place) -> None:
    place.run([CHARA, OLD])
    closing = changed(NEW, key="prodx-close-out", title="ProDx Health")
    told = place.run([closing, CHARA, OLD], page(closing, "All was corrected.", kind="closeout_letter"))
    assert told == [f"closed_out {OLD.key}"]
    assert place.notice(OLD).stage == "closed"


def test_a_window_never_delists(make: Make) -> None:
    feed = msgspec.structs.replace(SOURCE, list="window", expectations=Expectations())
    place = make(feed)
    for first in range(0, 25, 5):
        place.run(
            [letter(f"item-{number}") for number in range(first, first + 20)], look(letter("item-0"), "gone")
        )
        assert place.view.verdict == "ok"
    assert {change.verb for change in place.store.changes()} == {"baseline", "added"}


@pytest.mark.parametrize("stopped", ["partial", "blocked", "layout_changed", "unreachable", "crashed", "empty"])
def test_an_untrusted_run_only_adds(place: Place, stopped: str) -> None:
    place.run([CHARA, KIMERA], page(CHARA, TEXT, etag='"1"'))
    garbled = changed(CLOSED, title="Garbled"), SURGENEX
    brought = place.broken(garbled, page(CHARA, "Garbled.", etag='"2"'), page(SURGENEX, TEXT), stopped=stopped)
    assert Counter(brought) == Counter([f"closed_out {CHARA.key}", f"added {SURGENEX.key}"])
    assert place.view.verdict == stopped
    assert place.store.known(NAME).notices[CHARA.key].pages["notice"].etag == '"1"'
    assert place.run([CLOSED, KIMERA, SURGENEX]) == []


def test_a_list_that_lost_too_much_or_reads_otherwise_throughout_is_not_believed(make: Make) -> None:
    place = make(msgspec.structs.replace(SOURCE, expectations=Expectations()))
    rows = [letter(f"firm-{number}") for number in range(40)]
    place.run(rows)
    assert (place.run(rows[:30]), place.view.verdict) == ([], "partial")
    assert (place.run([changed(row, subject="?") for row in rows]), place.view.verdict) == ([], "partial")
    assert (place.run(rows[:39]), place.view.verdict) == ([], "ok")


def test_what_a_new_revision_reads_otherwise_is_ours_and_silent(place: Place) -> None:
    place.run([CHARA], page(CHARA, TEXT))
    row = changed(CHARA, subject="HCT/P")
    assert place.run([row], page(row, "Read better."), revision=2) == [f"edited {CHARA.key}"]
    assert (place.last().cause, place.told()) == ("parser", [])
    place.run([changed(CHARA, subject="Other")], revision=2)
    assert (place.last().cause, place.told()) == ("source", [f"edited {CHARA.key}"])


def test_what_was_found_by_looking_back_is_silent_unless_it_is_news(place: Place) -> None:
    place.run([CHARA])
    history = changed(KIMERA, backfilled=True), changed(SURGENEX, backfilled=True, posted_on=date(2025, 1, 9))
    place.run([CHARA, *history])
    assert {change.notice.partition("/")[2]: change.cause for change in place.store.changes(since=1)} == {
        KIMERA.key: "backfill",
        SURGENEX.key: "source",
    }
    assert place.told() == [f"added {SURGENEX.key}"]


def test_a_bundle_is_applied_once(place: Place) -> None:
    place.run([CHARA])
    bundle = place.bundle([CHARA, KIMERA])
    assert place.apply(bundle) == [f"added {KIMERA.key}"]
    first = place.view
    for store in (place.store, place.again()):
        assert store.apply(bundle, place.now + timedelta(days=3)) == first
        assert store.run(bundle.report.run) == first
    assert len(list(place.store.changes())) == 2


def test_a_bundle_that_cannot_be_read_leaves_nothing_behind(place: Place) -> None:
    place.run([CHARA])
    reread = place.bundle([CHARA, KIMERA], reread=True)
    with pytest.raises(UnusableBundle):
        place.store.apply(reread, place.now)
    assert place.store.run(reread.report.run) is None
    torn = TornBundle(place.bundle([CHARA, SURGENEX]).path)
    with pytest.raises(UnusableBundle, match="torn"):
        place.store.apply(torn, place.now)
    assert place.store.run(torn.report.run) is None
    assert list(place.store.known(NAME).notices) == [CHARA.key]


class TornBundle(Bundle):
    """Ends in the middle."""

    def lines(self):  # type: ignore[no-untyped-def]
        yield next(super().lines())
        raise UnusableBundle("The bundle is torn.")


def test_a_late_bundle_only_adds(place: Place) -> None:
    place.run([CHARA, KIMERA])
    late = place.bundle([changed(CHARA, subject="Old words"), SURGENEX], [page(KIMERA, TEXT)])
    place.run([CLOSED, KIMERA])
    assert place.apply(late) == [f"added {SURGENEX.key}"]
    known = place.store.known(NAME).notices
    assert (known[CHARA.key].fingerprint, known[KIMERA.key].absent) == (CLOSED.fingerprint, 0)
    assert known[KIMERA.key].pages["notice"].read_at == late.report.started_at
    assert place.store.last_started_at() == late.report.started_at + timedelta(days=1)


def test_a_late_bundle_from_before_the_first_good_run_is_as_silent_as_that(place: Place) -> None:
    early = place.bundle([CHARA, KIMERA])
    place.run([CHARA])
    assert place.apply(early) == [f"baseline {KIMERA.key}"]
    assert place.told() == []


def test_the_cursor_only_grows_and_gives_what_came_after_it(place: Place) -> None:
    place.run([CHARA])
    place.run([CHARA, KIMERA])
    seen = [change.change for change in place.store.changes()]
    place.run([changed(CHARA, subject="HCT/P"), KIMERA, SURGENEX])
    later = [change.change for change in place.again().changes(since=seen[-1])]
    assert len(later) == 2
    assert seen + later == sorted({*seen, *later}) == [change.change for change in place.store.changes()]
    assert list(place.store.changes(since=later[-1])) == []
