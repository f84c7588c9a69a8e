"""Which crawls begin, whatever the clock does; and when a release is due."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.plan import AGAIN, AHEAD, Turn, beginning, next_due, release_due
from stemwatch.cadence import JITTER, LONGEST_PAUSE, Cadence, Standing

NOW = datetime(2025, 1, 30, 12, 0, tzinfo=UTC)
HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
EVERY = Cadence(6 * HOUR)


def turn(source: str, host: str = "", ago: timedelta | None = DAY, tried: timedelta | None = None) -> Turn:
    last = None if ago is None else NOW - ago
    standing = Standing(source=source, last_run=f"{source}-1", last_started_at=last)
    return Turn(standing=standing, cadence=EVERY, host=host or f"{source}.example.org", tried=tried)


def begun(*turns: Turn, hosts: tuple[str, ...] = (), room: int = 9) -> list[str]:
    return beginning(turns, hosts=hosts, now=NOW, room=room)


def test_what_is_longest_overdue_begins_first_and_what_is_not_due_waits() -> None:
    turns = (turn("a", ago=9 * HOUR), turn("b", ago=2 * DAY), turn("c", ago=HOUR), turn("d", ago=None))
    assert begun(*turns) == ["b", "a", "d"]
    assert begun(*turns, room=2) == ["b", "a"]
    assert begun(*turns, room=0) == []


def test_one_host_is_asked_by_one_crawl_at_a_time() -> None:
    turns = (turn("a", "fda.gov"), turn("b", "fda.gov", ago=2 * DAY), turn("c", "ftc.gov"))
    assert begun(*turns) == ["b", "c"]
    assert begun(*turns, hosts=("fda.gov",)) == ["c"]


def test_a_crawl_that_left_no_run_is_not_tried_again_at_once() -> None:
    assert begun(turn("a", tried=AGAIN / 2), turn("b", ago=None, tried=AGAIN / 2)) == []
    assert begun(turn("a", tried=AGAIN)) == ["a"]


@given(st.lists(st.tuples(st.sampled_from("hijk"), st.integers(0, 48)), max_size=12), st.integers(0, 5))
def test_never_more_than_there_is_room_for_and_never_two_of_a_host(
    wanted: list[tuple[str, int]], room: int
) -> None:
    turns = [turn(f"s{number}", host, hours * HOUR) for number, (host, hours) in enumerate(wanted)]
    chosen = beginning(turns, hosts=("h",), now=NOW, room=room)
    asked = [one.host for name in chosen for one in turns if one.standing.source == name]
    assert len(chosen) <= room
    assert len(set(asked)) == len(asked)
    assert "h" not in asked


class Watch:
    """A service that follows one source for a while, on a clock that others set."""

    def __init__(self, offset: Callable[[timedelta], timedelta]) -> None:
        self.offset = offset
        self.looks: list[timedelta] = []
        self.last: datetime | None = None

    def run(self, until: timedelta, step: timedelta = 10 * MINUTE) -> list[timedelta]:
        """The real times at which it crawled."""
        real = timedelta()
        while real < until:
            now = NOW + real + self.offset(real)
            if beginning([self._turn(real)], hosts=(), now=now, room=1):
                self.looks.append(real)
                # Applying keeps the newest start, as a run with an older one comes late.
                self.last = max(self.last or now, now)
            real += step
        return self.looks

    def _turn(self, real: timedelta) -> Turn:
        standing = Standing(source="s", last_run=str(self.last), last_started_at=self.last)
        tried = real - self.looks[-1] if self.looks else None
        return Turn(standing=standing, cadence=EVERY, host="h", tried=tried)


@given(st.integers(0, 400), st.sampled_from([-DAY, DAY, -HOUR, HOUR, -3 * DAY]), st.integers(1, 500))
def test_a_clock_that_jumps_and_jumps_back_neither_blinds_the_service_nor_makes_it_press(
    at: int, jump: timedelta, length: int
) -> None:
    begins, ends = at * 15 * MINUTE, (at + length) * 15 * MINUTE
    looks = Watch(lambda real: jump if begins <= real < ends else timedelta()).run(10 * DAY)
    pauses = [later - earlier for earlier, later in pairwise(looks)]
    # A clock that is set forward, or back to where it was, makes one look come early.
    hurried = [pause for pause in pauses if pause < EVERY.every * (1 - JITTER)]
    assert len(hurried) <= 2
    # When it has come to where it was before it was set back, the tables count once more.
    assert max(pauses) <= 2 * EVERY.every * (1 + JITTER) + AHEAD + 20 * MINUTE
    assert looks[0] == timedelta()


def test_after_a_start_on_a_clock_that_was_set_back_each_source_is_looked_at_once() -> None:
    assert begun(turn("a", ago=-DAY)) == ["a"]
    assert begun(turn("a", ago=-DAY, tried=HOUR)) == []
    assert begun(turn("a", ago=-DAY, tried=7 * HOUR)) == ["a"]


def test_a_machine_that_slept_for_a_week_looks_once_at_each_source() -> None:
    assert begun(turn("a", ago=7 * DAY), turn("b", ago=9 * DAY)) == ["b", "a"]


def test_what_a_site_asked_for_holds_on_a_clock_that_was_set_back() -> None:
    last = NOW + DAY
    standing = Standing(source="a", last_started_at=last, not_before=last + LONGEST_PAUSE, failures=1)
    asked = Turn(standing=standing, cadence=EVERY, host="h", tried=7 * HOUR)
    assert begun(asked) == []


def test_the_next_look_is_when_the_first_of_those_that_are_not_due_falls_due() -> None:
    waiting = [turn("a", ago=5 * HOUR), turn("b", ago=4 * HOUR), turn("c", ago=DAY)]
    assert next_due(waiting, NOW) == waiting[0].due_at(NOW) > NOW
    assert next_due(waiting[2:], NOW) is None


@pytest.mark.parametrize(
    ("latest", "held", "changed", "due"),
    [
        (None, 0, 0, False),
        (None, 0, 7, True),
        (date(2025, 1, 29), 7, 7, False),
        (date(2025, 1, 29), 7, 8, True),
        (date(2025, 1, 20), 7, 8, True),
        (date(2025, 1, 30), 7, 8, False),
        (date(2025, 1, 31), 7, 8, False),
    ],
    ids=["nothing", "the first", "no news", "news", "days missed", "once a day", "clock set back"],
)
def test_a_release_is_due_once_a_day_when_a_day_before_brought_changes(
    latest: date | None, held: int, changed: int, due: bool
) -> None:
    assert release_due(latest, held, changed, date(2025, 1, 30)) is due
